"""Reindexes over and over, each time killing the process a few changes of the data folder later.

Each line printed tells what answered after the kill, and what the next run did.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from index.embedding import EmbeddingCache
from index.folder.library import FolderLibrary
from knowledge.advisor import NothingIndexed
from knowledge.entities import Answer, Question
from knowledge.reindexing import Reindexer, ReindexReport
from tests.index.kill_at_every_step import die_before_change
from tests.knowledge.documents import RoomyEmbedder, advisor, write

STRIDE = 4  # every change would be thorough and slow; the library's own test is


def run(data: Path, documents: Path) -> ReindexReport:
    cache = EmbeddingCache(data / "embeddings.db", RoomyEmbedder())
    reindexer = Reindexer(library=FolderLibrary(data), embedder=cache, size_limit=100_000, keep=1)
    return reindexer.run([documents], who="a test")


def answered(library: FolderLibrary) -> str | None:
    try:
        (part,) = advisor(library).answer(Question("Which version of the guide is it?")).parts
    except NothingIndexed:
        return None
    return part.quotes[0].text if isinstance(part, Answer) else "declined"


def guide(folder: Path, version: int) -> Path:
    return write(folder, {"guide.md": f"# Guide\n\nWhich version of the guide is it? Version {version}.\n"})


def attempt(folder: Path, step: int, first: bool) -> dict[str, Any]:
    data, documents = folder / "data", guide(folder / "documents", 1)
    if not first:
        run(data, documents)
    running = FolderLibrary(data)
    running.current()
    guide(documents, 2)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            die_before_change(step, data)
            run(data, documents)
            status = 0
        finally:
            os._exit(status)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    after = [answered(running), answered(FolderLibrary(data))]
    guide(documents, 3)
    report = run(data, documents)
    return {
        "code": code,
        "after": after,
        "published": report.published,
        "next": [answered(running), answered(FolderLibrary(data))],
        "left": [path.name for path in (data / "generations").iterdir() if path.name.startswith(".")],
    }


def main() -> None:
    folder, first = Path(sys.argv[1]), sys.argv[2] == "first"
    for step in range(0, 1_000, STRIDE):
        report = attempt(folder / str(step), step, first)
        print(json.dumps(report), flush=True)
        if report["code"] != -signal.SIGKILL:
            return


if __name__ == "__main__":
    main()
