"""Runs one operation over and over, each time killing it one change of the folder later.

Each line printed tells what answered after the kill, and whether the next writer managed.
"""

import itertools
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from index.folder.library import FolderLibrary
from tests.index.samples import answered_version, publish, versioned

CHANGES = {
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.truncate",
    "sqlite3.connect",
    "shutil.rmtree",
}


def die_before_change(number: int, root: Path) -> None:
    """Have the kernel kill this process just before it changes the folder for the nth time."""
    left = itertools.count(number, -1)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        ours = writes and str(root) in str(arguments[0])
        if (ours or event in CHANGES) and next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def stage(library: FolderLibrary, version: int) -> None:
    with library.writing("a test"):
        library.build(versioned(version)).stage()


def run(operation: str, root: Path) -> None:
    library = FolderLibrary(root)
    match operation:
        case "publish":
            publish(library, versioned(9))
        case "discard":
            with library.writing("a test"):
                library.build(versioned(9)).discard()
        case "stage":
            stage(library, 8)
            stage(library, 9)
        case "publish what is staged":
            with library.writing("a test"):
                candidate = library.staged()
                assert candidate is not None
                candidate.publish()
        case "rollback":
            library.rollback()
        case "prune":
            library.prune(keep=1)
        case _:
            raise ValueError(operation)


def attempt(operation: str, root: Path, step: int, generations: int) -> dict[str, Any]:
    library = FolderLibrary(root)
    for version in range(1, generations + 1):
        publish(library, versioned(version))
    if operation == "publish what is staged":
        stage(library, 9)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            die_before_change(step, root)
            run(operation, root)
            status = 0
        finally:
            os._exit(status)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    fresh = FolderLibrary(root)
    report = {
        "code": code,
        "answers": [None if each.current() is None else answered_version(each) for each in (library, fresh)],
        "kept": [manifest.generation for manifest in fresh.generations()],
    }
    number = publish(fresh, versioned(100)).generation
    return report | {
        "number": number,
        "next": answered_version(library),
        "left": [path.name for path in (root / "generations").iterdir() if path.name.startswith(".")],
    }


def main() -> None:
    os.fsync = lambda _: None  # a killed process loses nothing it has written; only a power cut would
    folder, operation, generations = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    for step in itertools.count():
        report = attempt(operation, folder / str(step), step, generations)
        print(json.dumps(report), flush=True)
        if report["code"] != -signal.SIGKILL:
            return


if __name__ == "__main__":
    main()
