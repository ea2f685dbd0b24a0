"""Every Library there is. A new engine joins the contract by one line in `ENGINES`."""

from collections.abc import Callable
from pathlib import Path

from index.folder.library import FolderLibrary
from index.library import Contents, Library, Snapshot
from index.passages import Hit
from tests.fakes import NumpyLibrary
from tests.index.samples import (
    embed,
    publish,
)

ENGINES: dict[str, Callable[[Path], Library]] = {
    "folder": FolderLibrary,
    "folder with a graph": lambda folder: FolderLibrary(folder, flat_limit=0),
    "numpy": lambda _: NumpyLibrary(),
}


def stored(library: Library, what: Contents | None = None) -> Snapshot:
    publish(library, what)
    snapshot = library.current()
    assert snapshot is not None
    return snapshot


def names(hits: list[Hit]) -> list[str]:
    return [hit.passage for hit in hits]


def ask_everything(snapshot: Snapshot, number: int) -> tuple[object, ...]:
    hits = snapshot.nearest(embed(f"number {number}"), 5)
    return (
        hits,
        snapshot.matching(f"{number}", 5),
        snapshot.similarities(embed("text"), names(hits)),
        snapshot.passages(names(hits)),
        snapshot.passages_of("guide")[:3],
        snapshot.records(),
    )
