"""What answering needs to know of a whole generation, read once for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.embedding import Embedder, Vectors
from index.library import Snapshot
from index.passages import Passage, Record
from knowledge.asking.roles import kinds_of_role
from knowledge.asking.vocabulary import IsWord, Vocabulary, build_vocabulary, stems
from knowledge.entities import Origin, Source

OPENERS = 3
"""Questions offered where nothing nearer is known."""


@dataclass(frozen=True, slots=True)
class EmptySection:
    """A heading with nothing under it, and the vectors of what it seems to promise, shape (n, dimension).

    `promises` tells whether its author listed questions it should answer; a bare heading may well be answered
    elsewhere.
    """

    source: Source
    placeholder: str | None
    vectors: Vectors
    promises: bool = True

    def similarity(self, vector: Vectors) -> float:
        """Cosine between a question and the nearest thing the heading promises."""
        return float(np.max(self.vectors @ vector))


@dataclass(frozen=True, slots=True)
class Background:
    """A generation's documents, words, empty sections and roles."""

    generation: int
    records: Mapping[str, Record]
    vocabulary: Vocabulary
    is_word: IsWord
    roles: frozenset[str]
    empty_sections: tuple[EmptySection, ...]
    openers: tuple[str, ...]
    headings: tuple[frozenset[str], ...] = ()

    def source(self, passage: Passage) -> Source:
        """Where a passage comes from, as shown under a quote."""
        return source_of(self.records[passage.document], passage.headings)


def read_background(snapshot: Snapshot, embedder: Embedder) -> Background:
    """Walks every passage once; embeds only the empty headings."""
    records = {record.id: record for record in snapshot.records()}
    passages = [passage for document in records for passage in snapshot.passages_of(document)]
    return Background(
        generation=snapshot.manifest.generation,
        records=records,
        vocabulary=build_vocabulary(searchable(passage) for passage in passages),
        is_word=_single_token(embedder),
        roles=kinds_of_role(str(record.attributes.get("title", "")) for record in records.values()),
        empty_sections=_empty_sections(records, embedder),
        openers=_openers(passages),
        headings=_headings(passages, records.values()),
    )


def searchable(passage: Passage) -> str:
    """Everything a passage may share words with a question in: headings, text, the questions it answers."""
    return "\n".join((passage.words, *passage.attributes.get("questions", ())))


def topics_of(snapshot: Snapshot) -> tuple[str, ...]:
    """Every question a generation knows it answers, or has an empty heading for; once each, in order.

    A passage without questions stands in with its heading and first line.
    """
    topics: list[str] = []
    for record in snapshot.records():
        for passage in snapshot.passages_of(record.id):
            title = passage.headings[-1] if passage.headings else str(record.attributes["title"])
            topics += passage.attributes["questions"] or [f"{title}: {passage.text.splitlines()[0]}"]
        topics += [topic for entry in record.attributes["empty"] for topic in entry["topics"]]
    return tuple(dict.fromkeys(topics))


def source_of(record: Record, headings: tuple[str, ...]) -> Source:
    """A record's title and origin as shown under a quote from one of its sections."""
    known = record.attributes
    return Source(
        document=record.id,
        title=known["title"],
        headings=headings,
        origin=Origin(known["author"], known["date"], known["site"], known["link"], known["restates"]),
    )


def _empty_sections(records: Mapping[str, Record], embedder: Embedder) -> tuple[EmptySection, ...]:
    found = [(record, entry) for record in records.values() for entry in record.attributes["empty"]]
    promises = [(f"{entry['headings'][-1]}", *entry["topics"]) for _, entry in found]
    vectors = embedder.embed([text for texts in promises for text in texts])
    sections = []
    row = 0
    for (record, entry), texts in zip(found, promises, strict=True):
        source = source_of(record, tuple(entry["headings"]))
        vectors_of_it = vectors[row : row + len(texts)]
        sections.append(EmptySection(source, entry["placeholder"], vectors_of_it, bool(entry["topics"])))
        row += len(texts)
    return tuple(sections)


def _headings(passages: list[Passage], records: Iterable[Record]) -> tuple[frozenset[str], ...]:
    """The stems of every heading something stands under, and of the empty ones."""
    paths = [passage.headings for passage in passages]
    paths += [tuple(entry["headings"]) for record in records for entry in record.attributes["empty"]]
    headings = dict.fromkeys(heading for path in paths for heading in path)
    return tuple(frozenset(stems(heading)) for heading in headings)


def _openers(passages: list[Passage]) -> tuple[str, ...]:
    """Questions from far apart in the documents, so that they show what can be asked."""
    questions = [
        passage.attributes["questions"][0] for passage in passages if passage.attributes["questions"]
    ]
    step = max(1, len(questions) // OPENERS)
    return tuple(dict.fromkeys(questions[::step]))[:OPENERS]


def _single_token(embedder: Embedder) -> IsWord:
    """A word the encoder's tokenizer keeps in one piece is a real one; slips fall apart."""
    special = embedder.count_tokens("")

    @lru_cache(maxsize=10_000)
    def is_word(word: str) -> bool:
        return embedder.count_tokens(word) - special == 1

    return is_word
