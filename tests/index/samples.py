"""Small generations to store: their texts, passages and vectors."""

from collections.abc import Mapping, Sequence

import numpy as np

from index.library import Candidate, Contents, Library, Manifest
from index.passages import Cue, Passage, Record
from tests.fakes import HashingEmbedder

TEXTS = (
    "Databases keep rows in tables",
    "Queues carry messages between services",
    "Caches answer before databases do",
    "Tests prove that services work",
)


def passage(number: int, text: str, *, document: str = "guide", cues: Sequence[str] | None = None) -> Passage:
    return Passage(
        id=f"{document}#{number}",
        document=document,
        ordinal=number,
        headings=("Guide", f"Part {number}"),
        text=text,
        start=number * 100,
        end=number * 100 + len(text),
        words=text,
        cues=tuple(Cue(cue, 0, len(cue)) for cue in (cues if cues is not None else (text,))),
        attributes={"title": "Guide", "tags": ["a", "ü"]},
    )


def contents(
    texts: Sequence[str] = TEXTS,
    *,
    passages: Sequence[Passage] | None = None,
    records: Sequence[Record] | None = None,
    facts: Mapping[str, object] | None = None,
) -> Contents:
    embedder = HashingEmbedder()
    if passages is None:
        passages = [passage(number, text) for number, text in enumerate(texts)]
    if records is None:
        names = dict.fromkeys(item.document for item in passages)
        records = [Record(name, f"digest of {name}", "\n\n".join(texts), {"title": name}) for name in names]
    return Contents(
        records=records,
        passages=passages,
        vectors=embedder.embed([cue.text for item in passages for cue in item.cues]),
        fingerprint=embedder.fingerprint,
        facts=facts or {},
    )


def versioned(version: int, size: int = 4) -> Contents:
    """Contents that say which version they are."""
    return contents([f"version {version} passage {number}" for number in range(size)])


def build(library: Library, stored: Contents | None = None) -> Candidate:
    with library.writing("a test"):
        return library.build(stored or contents())


def publish(library: Library, stored: Contents | None = None) -> Manifest:
    with library.writing("a test"):
        return library.build(stored or contents()).publish()


def embed(text: str) -> np.ndarray:
    return HashingEmbedder().embed([text])[0]


def answered_version(library: Library) -> int:
    """Which `versioned` contents answer."""
    snapshot = library.current()
    assert snapshot is not None
    (hit,) = snapshot.nearest(embed("passage"), 1)
    (found,) = snapshot.passages([hit.passage])
    return int(found.text.split()[1])
