"""Small documents for tests: built block by block, or written as files and read back."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.library import Library, Manifest
from knowledge.advisor import Advisor
from knowledge.corpus.reading import read_corpus
from knowledge.entities import Block, BlockKind, Document, Origin, Section
from knowledge.reindexing import Reindexer, ReindexReport
from knowledge.splitting import Measure
from tests.fakes import HashingEmbedder

Piece = tuple[BlockKind, Sequence[str]]
"""A block: its kind and its items; paragraphs, tables and code have a single one."""


class RoomyEmbedder(HashingEmbedder):
    """Hashes so wide that hardly any two words meet, and reads long passages whole."""

    dimension = 1_024
    window = 1_000
    fingerprint = "hashing-1024"


def count_words(text: str) -> int:
    return len(text.split()) + 2


def measure(window: int = 40) -> Measure:
    return Measure(count_words, window)


def prose(*texts: str) -> list[Piece]:
    return [("paragraph", [text]) for text in texts]


def document(
    *sections: tuple[Sequence[str], Sequence[Piece]],
    title: str = "Guide",
    topics: Mapping[str, Sequence[str]] | None = None,
    name: str = "guide",
) -> Document:
    """A document in canonical form from (headings, blocks) pairs; `topics` by innermost heading."""
    text = ""
    found = []
    for headings, pieces in sections:
        start = len(text)
        text += f"{headings[-1]}\n\n" if headings else ""
        blocks = []
        for kind, items in pieces:
            block, text = _append(text, kind, items)
            blocks.append(block)
        told = tuple((topics or {}).get(headings[-1] if headings else "", ()))
        found.append(Section(tuple(headings), start, len(text), tuple(blocks), empty=not blocks, topics=told))
    return Document(name, title, text, tuple(found), Origin(), f"digest of {name}", f"{name}.md")


def _append(text: str, kind: BlockKind, items: Sequence[str]) -> tuple[Block, str]:
    start = len(text)
    if kind not in ("list", "steps"):
        text += items[0]
        return Block(kind, start, len(text)), f"{text}\n\n"
    spans = []
    for number, item in enumerate(items, 1):
        text += "\n" if number > 1 else ""
        text += f"{number}. " if kind == "steps" else "- "
        spans.append((len(text), len(text) + len(item)))
        text += item
    return Block(kind, start, len(text), tuple(spans)), f"{text}\n\n"


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """The folder, holding exactly these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def texts_of(folder: Path) -> dict[str, str]:
    return {read.id: read.text for read in read_corpus([folder]).documents}


def reindexer(library: Library, embedder: HashingEmbedder) -> Reindexer:
    return Reindexer(library=library, embedder=embedder, size_limit=100_000, keep=3)


def reindex(library: Library, folder: Path, embedder: HashingEmbedder | None = None) -> ReindexReport:
    return reindexer(library, embedder or RoomyEmbedder()).run([folder], who="a test")


def advisor(library: Library, embedder: HashingEmbedder | None = None) -> Advisor:
    return Advisor(library=library, embedder=embedder or RoomyEmbedder())


def current(library: Library) -> Manifest:
    snapshot = library.current()
    assert snapshot is not None
    return snapshot.manifest


def bare_words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
