"""What answering needs to know of a whole generation, read once for each."""

import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from index.embedding import Embedder, Vectors
from index.garbage import kept_for_good
from index.library import Manifest, Snapshot
from index.passages import Passage, Record
from knowledge.asking.roles import kinds_of_role
from knowledge.asking.vocabulary import (
    IsWord,
    Vocabulary,
    build_vocabulary,
    stem,
    stems,
    words,
)
from knowledge.entities import Origin, Source
from knowledge.skills.asking import SkillsAsked
from knowledge.skills.catalogue import Catalogue, catalogue_of
from knowledge.skills.namings import NamedIn, Namings, read_namings
from knowledge.suggesting import openings

_USUAL = frozenset(
    map(stem, ("engineer", "engineering", "developer", "dev", "programmer", "job", "position"))
)

KEPT = 2
"""Generations whose background is kept: the one that answers, and the one it is compared with."""

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
class Unanswered:
    """Near misses of some documents, and their vectors, shape (n, dimension)."""

    documents: frozenset[str]
    questions: tuple[str, ...]
    vectors: Vectors

    def nearest(self, vector: Vectors, below: float) -> tuple[float, str]:
        """The greatest cosine with a question, of those below a limit, and the near miss it belongs to."""
        # NumPy's matrix product starts threads for this size, which wait for each other on a busy machine.
        similarities = np.einsum("ij,j->i", self.vectors, vector)
        others = np.where(similarities < below, similarities, 0.0)
        best = int(np.argmax(others))
        return float(others[best]), self.questions[best]


@dataclass(frozen=True, slots=True)
class Background:
    """A generation's documents, words, empty sections, roles, and what is known of its limits.

    `floor` is the probability of being answerable below which a question is declined; None where the
    generation was never calibrated.
    """

    generation: int
    records: Mapping[str, Record]
    vocabulary: Vocabulary
    is_word: IsWord
    roles: frozenset[str]
    empty_sections: tuple[EmptySection, ...]
    openers: tuple[str, ...]
    headings: tuple[frozenset[str], ...] = ()
    catalogue: Catalogue | None = None
    namings: Namings = field(default_factory=Namings)
    unanswered: tuple[Unanswered, ...] = ()
    voices: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = ()
    floor: float | None = None

    def near_miss(self, vector: Vectors, document: str, below: float) -> tuple[float, str | None]:
        """How near a question is to one that a document is known not to answer, and that one."""
        found = [near.nearest(vector, below) for near in self.unanswered if document in near.documents]
        return max(found, default=(0.0, None))

    @property
    def usual(self) -> frozenset[str]:
        """Stems that say nothing here: the roles in the titles, and what people call any role."""
        return self.roles | _USUAL

    def skills_asked(self, text: str) -> SkillsAsked:
        """The skills, and the kind of skills, a question is about."""
        return self.catalogue.asked(text, self.usual) if self.catalogue else SkillsAsked()

    def unnamed(self, text: str, *, sure: bool) -> str | None:
        """The first technology a question names, as the catalogue spells it, that no document does.

        Unless `sure` that technologies are meant, one has to be written with a capital: to react is no React.
        """
        names = self.catalogue.elsewhere(text) if self.catalogue else []
        names = [
            name
            for name in names
            if not self.vocabulary.knows(name.lower()) or self._is_only_a_word_here(name, text)
        ]
        return next((name for name in names if sure or re.search(rf"\b{re.escape(name)}", text)), None)

    def _is_only_a_word_here(self, name: str, text: str) -> bool:
        """Whether a question writes a name as a name, and the documents only have the word it is made of."""
        written = re.compile(rf"(?<!^)(?<![.!?\n]\s)(?<!\w){re.escape(name)}(?!\w)")
        return bool(written.search(text)) and not any(
            written.search(record.text) for record in self.records.values()
        )

    def told_by(self, text: str) -> frozenset[str]:
        """The documents whose author or site a question names; empty where it names none."""
        return frozenset().union(*(documents for said, documents in self.voices if said.search(text)))

    def without_voices(self, text: str) -> str:
        """A question without the authors and sites it names."""
        for said, _ in self.voices:
            text = said.sub("it", text)
        return text

    def naming(self, skills: SkillsAsked) -> list[NamedIn]:
        """The parts of documents that answer by naming skills; empty where a question asks for more."""
        if skills.kind:
            return self.namings.examples(skills.kind)
        return self.namings.naming(skills.named) if skills.alone else []

    def source(self, passage: Passage) -> Source:
        """Where a passage comes from, as shown under a quote."""
        return source_of(self.records[passage.document], passage.headings)


def read_background(snapshot: Snapshot, embedder: Embedder, catalogue: Catalogue | None = None) -> Background:
    """Walks every passage once; embeds only the empty headings and the near misses."""
    catalogue = catalogue_of(snapshot.manifest, catalogue) if catalogue else None
    records = {record.id: record for record in snapshot.records()}
    passages = [passage for document in records for passage in snapshot.passages_of(document)]
    vocabulary = build_vocabulary(searchable(passage) for passage in passages)
    return Background(
        generation=snapshot.manifest.generation,
        records=records,
        vocabulary=vocabulary,
        is_word=_single_token(embedder),
        roles=kinds_of_role(str(record.attributes.get("title", "")) for record in records.values()),
        empty_sections=_empty_sections(records, embedder),
        openers=tuple(islice(openings(snapshot), OPENERS)),
        headings=_headings(passages, records.values()),
        catalogue=catalogue,
        namings=read_namings(passages, catalogue) if catalogue else Namings(),
        unanswered=_unanswered(snapshot.manifest.facts.get("near_misses", ()), embedder),
        voices=_voices(records, vocabulary),
        floor=_floor(snapshot.manifest),
    )


@dataclass(slots=True)
class _Kept:
    """A background, once it is read, and the generation it was last asked for."""

    manifest: Manifest
    background: Background | None = None
    reading: threading.Lock = field(default_factory=threading.Lock)

    def serves(self, manifest: Manifest) -> bool:
        """Whether it differs in nothing but what is taken from the manifest at hand."""
        facts, others = self.manifest.facts, manifest.facts
        return self.manifest is manifest or (
            self.manifest.same_files(manifest)
            and all(facts.get(name) == others.get(name) for name in ("near_misses", "skills"))
        )


class Backgrounds:
    """Those of the last generations asked for. Safe to share between threads.

    One is read when a generation is built and serves on when it answers, under another number: with many
    passages, people would have to wait for it.
    """

    def __init__(self, embedder: Embedder, catalogue: Catalogue | None = None) -> None:
        self._embedder = embedder
        self._catalogue = catalogue
        self._choosing = threading.Lock()
        self._kept: list[_Kept] = []

    def of(self, snapshot: Snapshot) -> Background:
        """What answering needs to know of a generation; waits for nobody who reads another one's."""
        manifest = snapshot.manifest
        kept = self._choose(manifest)
        with kept.reading:
            found = kept.background
            if found is None:
                with kept_for_good():
                    found = read_background(snapshot, self._embedder, self._catalogue)
            elif kept.manifest != manifest:
                found = replace(found, generation=manifest.generation, floor=_floor(manifest))
            kept.background, kept.manifest = found, manifest
            return found

    def _choose(self, manifest: Manifest) -> _Kept:
        with self._choosing:
            kept = next((kept for kept in self._kept if kept.serves(manifest)), None) or _Kept(manifest)
            others = [other for other in self._kept if other is not kept]
            self._kept = [*others[-(KEPT - 1) :], kept]
            return kept


def _floor(manifest: Manifest) -> float | None:
    floor: float | None = manifest.facts.get("calibration", {}).get("floor")
    return floor


def searchable(passage: Passage) -> str:
    """Everything a passage may share words with a question in: headings, text, the questions it answers."""
    return "\n".join((passage.words, *passage.attributes.get("questions", ())))


def listed_questions(snapshot: Snapshot) -> tuple[str, ...]:
    """Every question a generation's passages are listed to answer, once each, in order."""
    passages = (passage for record in snapshot.records() for passage in snapshot.passages_of(record.id))
    return tuple(dict.fromkeys(text for passage in passages for text in passage.attributes["questions"]))


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
    promises = [_promised_by(record, entry) for record, entry in found]
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


def _promised_by(record: Record, entry: Mapping[str, Any]) -> tuple[str, ...]:
    """What an empty heading seems to promise: what its author lists, else what stands above it helps."""
    heading = str(entry["headings"][-1])
    if entry["topics"]:
        return (heading, *entry["topics"])
    return (heading, f"{record.attributes['title']}: {heading}")


def _voices(
    records: Mapping[str, Record], vocabulary: Vocabulary
) -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
    """Who can be asked for by name: authors and sites, each with their documents.

    Not those whose whole name is a word of the documents: a hill is seldom Mrs. Hill.
    """
    documents: dict[str, set[str]] = {}
    for record in records.values():
        for name in filter(None, (record.attributes["author"], record.attributes["site"])):
            documents.setdefault(str(name), set()).add(record.id)
    return tuple(
        (re.compile(rf"\b{re.escape(name)}\b(?:['’]s)?", re.IGNORECASE), frozenset(found))
        for name, found in documents.items()
        if _is_a_name(words(name), vocabulary)
    )


def _is_a_name(parts: Sequence[str], vocabulary: Vocabulary) -> bool:
    return len(parts) > 1 or (len(parts) == 1 and len(parts[0]) > 2 and not vocabulary.knows(parts[0]))


def _unanswered(facts: Sequence[Mapping[str, Any]], embedder: Embedder) -> tuple[Unanswered, ...]:
    return tuple(
        Unanswered(
            frozenset(entry["documents"]), tuple(entry["questions"]), embedder.embed(entry["questions"])
        )
        for entry in facts
        if entry["questions"]
    )


def _single_token(embedder: Embedder) -> IsWord:
    """A word the encoder's tokenizer keeps in one piece is a real one; slips fall apart."""
    special = embedder.count_tokens("")

    @lru_cache(maxsize=10_000)
    def is_word(word: str) -> bool:
        return embedder.count_tokens(word) - special == 1

    return is_word
