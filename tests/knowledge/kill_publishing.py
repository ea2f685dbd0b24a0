"""Proposes or publishes over and over, each time killing the process a few changes of the data folder later.

Each line printed tells what answered and what waited after the kill, and how the next attempts went.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from index.library import LibraryError
from knowledge.publishing import NotDecidable
from tests.index.kill_at_every_step import die_before_change
from tests.knowledge.publishers import ASKS_TEA, WHO, Base, page

STRIDE = {"propose": 4, "publish": 1, "discard": 1}


def version(number: int) -> dict[str, str]:
    return {"tea.md": page("Tea", f"Tea is poured into cup number {number}.", ASKS_TEA)}


def waiting(base: Base) -> str | None:
    """The text that would answer if what waits were published; nothing is published."""
    found = base.publisher.proposal()
    if found is None:
        return None
    changed = next(change.after for change in found.changes if change.after)
    return changed.parts[0].quotes[0].text  # type: ignore[union-attr]  # all of these are answers


def do(base: Base, operation: str, key: str) -> str:
    match operation:
        case "propose":
            base.propose(version(3))
        case "publish":
            base.publisher.publish(key, who=WHO)
        case "discard":
            base.publisher.discard(key, who=WHO)
        case _:
            raise ValueError(operation)
    return "done"


def tried(base: Base, operation: str, key: str) -> str:
    try:
        return do(base, operation, key)
    except (NotDecidable, LibraryError) as error:
        return type(error).__name__


def attempt(folder: Path, operation: str, step: int) -> dict[str, Any]:
    base = Base(folder)
    base.publish(version(1))
    key = base.propose(version(2)).key
    child = os.fork()
    if child == 0:
        status = 1
        try:
            fresh = base.again()
            die_before_change(step, base.data)
            do(fresh, operation, key)
            status = 0
        finally:
            os._exit(status)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    report = {"code": code, "answers": [base.answer(ASKS_TEA), base.again().answer(ASKS_TEA)]}
    report["waits"] = waiting(base.again())
    found = base.again().publisher.proposal()
    report["decided"] = tried(base.again(), "publish", found.key) if found else None
    report["then"] = base.again().answer(ASKS_TEA)
    base.publish(version(4))
    return report | {"next": base.again().answer(ASKS_TEA), "left": base.left}


def main() -> None:
    folder, operation = Path(sys.argv[1]), sys.argv[2]
    for step in range(0, 2_000, STRIDE[operation]):
        report = attempt(folder / str(step), operation, step)
        print(json.dumps(report), flush=True)
        if report["code"] != -signal.SIGKILL:
            return


if __name__ == "__main__":
    main()
