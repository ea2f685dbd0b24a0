"""Adds, replaces, removes or restores a document over and over, killed one change of the data folder later.

Each line printed tells what is read after the kill, and after the next attempt.
"""

import json
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.index.kill_at_every_step import die_before_change
from tests.knowledge.adding import Desk, said


def prepare(desk: Desk, deed: str) -> str:
    """What there is before; the key of an upload that waits."""
    if deed == "remove both versions":
        desk.add("pay.md", "# Pay\n\nOlder.")
    if deed != "add":
        desk.add("pay.md", "# Pay\n\nOld.")
    if deed == "restore":
        desk.own.remove("pay")
    return desk.own.offer("pay.md", b"# Pay\n\nNew.", who="ann").key if deed in ("add", "replace") else ""


def do(desk: Desk, deed: str, key: str) -> None:
    match deed:
        case "offer":
            desk.own.offer("pay.md", b"# Pay\n\nNew.", who="ann")
        case "add" | "replace":
            desk.own.accept(key)
        case "remove" | "remove both versions":
            desk.own.remove("pay")
        case "restore":
            desk.own.restore("pay")


def attempt(data: Path, deed: str, step: int) -> dict[str, Any]:
    desk = Desk(data)
    key = prepare(desk, deed)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            die_before_change(step, data)
            do(Desk(data), deed, key)
            status = 0
        finally:
            os._exit(status)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    after = Desk(data).texts().get("pay")
    desk = Desk(data)
    again = said(lambda: do(desk, deed, key)).partition(":")[0]
    desk.now = datetime.now(UTC) + timedelta(days=3)
    desk.add("other.md", "# Other\n\nText.")
    uploads = data / "uploads"
    return {
        "code": code,
        "after": after,
        "again": again,
        "next": Desk(data).texts().get("pay"),
        "read": sorted({document.id for document in desk.read().documents}),
        "complaints": [found.message for found in desk.read().complaints],
        "left": [path.name for path in uploads.iterdir() if not path.name.startswith(".")],
    }


def main() -> None:
    folder, deed = Path(sys.argv[1]), sys.argv[2]
    for step in range(1_000):
        report = attempt(folder / str(step), deed, step)
        print(json.dumps(report), flush=True)
        if report["code"] != -signal.SIGKILL:
            return


if __name__ == "__main__":
    main()
