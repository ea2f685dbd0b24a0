"""Looking a skill up: what it is, who names it and in which words, all from one generation."""

import re
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from index.garbage import kept_for_good
from index.library import Library, Snapshot
from index.passages import Passage, Record
from knowledge.asking.vocabulary import carries_topic, words
from knowledge.entities import Quote
from knowledge.skills.cards import (
    Card,
    Evidence,
    Found,
    NotNamed,
    Unclear,
    make_card,
    quote_at,
    read_evidence,
)
from knowledge.skills.catalogue import Catalogue, catalogue_of
from knowledge.skills.entries import Kind, Skill, key
from knowledge.skills.kinds import SPOKEN
from knowledge.skills.names import CHOICES, Ambiguous, Known, Unknown
from knowledge.skills.offering import Offer, Offers

_KINDS: tuple[Kind, ...] = get_args(Kind)
_LONGEST = 60
_CANDIDATES = 30


@dataclass(frozen=True, slots=True)
class Counted:
    """A skill, and how many documents of a generation name it."""

    skill: Skill
    documents: int


@dataclass(frozen=True, slots=True)
class OfKind:
    """The skills of one kind that a generation names, the most named first."""

    kind: Kind
    skills: tuple[Counted, ...]


class GenerationSkills:
    """The skills of one generation; cards are made when first asked for."""

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue) -> None:
        self.snapshot = snapshot
        self.evidence: Evidence = read_evidence(snapshot, catalogue)
        self.offers = Offers(self.evidence)
        self._cards: dict[str, Card] = {}

    def find(self, query: str) -> Found:
        """What the documents say about the skill somebody typed."""
        number = self.evidence.generation
        match self.evidence.catalogue.resolve(query):
            case Known(skill):
                return self.card(skill) or NotNamed(
                    query, skill, None, skill.kind, self._nearest(skill.kind, ()), (), number
                )
            case Ambiguous(choices):
                return Unclear(query, choices, number)
            case Unknown(near, called, kind):
                said = self._standing_as_words(query, called)
                return NotNamed(query, None, called, kind, self._nearest(kind, near), said, number)

    def card(self, skill: Skill) -> Card | None:
        """The card of a skill; None where no document names it."""
        if skill.name not in self.evidence.skills:
            return None
        if skill.name not in self._cards:
            self._cards[skill.name] = make_card(skill, self.evidence)
        return self._cards[skill.name]

    @cached_property
    def kinds(self) -> tuple[OfKind, ...]:
        """Every kind of which a skill is named, with its skills; one taken for two kinds is in both."""
        found = {kind: self._counted(kind) for kind in _KINDS}
        return tuple(OfKind(kind, skills) for kind, skills in found.items() if skills)

    def _counted(self, kind: str) -> tuple[Counted, ...]:
        counts = self.evidence.documents
        return tuple(
            Counted(skill, counts[name])
            for name, skill in self.evidence.skills.items()
            if kind in skill.kinds
        )

    def _nearest(self, kind: str | None, near: tuple[Skill, ...]) -> tuple[Skill, ...]:
        """Skills that are named: those alike in kind, where that says something, or in spelling."""
        named = self.evidence.skills
        alike = [skill for skill in named.values() if skill.kind == kind and self.evidence.is_concrete(skill)]
        return tuple(alike or [skill for skill in near if skill.name in named])[:CHOICES]

    def _standing_as_words(self, query: str, called: str | None) -> tuple[Quote, ...]:
        """Where documents have what was typed, though not as a skill: to say they do not would be false."""
        text = " ".join((called or query).split())
        told = words(text)
        if not 1 < len(text) <= _LONGEST or not any(map(carries_topic, told)):
            return ()
        # A technology is written as one: "make" is no Make.
        whole = re.compile(rf"(?<![\w.]){re.escape(text)}(?![\w+#])", 0 if called else re.IGNORECASE)
        hits = self.snapshot.matching(text, _CANDIDATES)
        quotes: dict[str, Quote] = {}
        for passage in self.snapshot.passages([hit.passage for hit in hits]):
            if found := whole.search(passage.text):
                record = self.evidence.records[passage.document]
                quotes.setdefault(record.id, _quote(record, passage, found))
        return tuple(quotes.values())


def _quote(record: Record, passage: Passage, found: re.Match[str]) -> Quote:
    return quote_at(record, passage, passage.start + found.start())


class Lookup:
    """Looks skills up in whatever generation is current. Safe to share between threads."""

    def __init__(self, *, catalogue: Catalogue, library: Library) -> None:
        self._catalogue = catalogue
        self._library = library
        self._lock = threading.Lock()
        self._known: GenerationSkills | None = None

    def current(self) -> GenerationSkills | None:
        """The skills of the generation that answers now, read once for each; None without an index."""
        snapshot = self._library.current()
        if snapshot is None:
            return None
        with self._lock:
            # A number alone may come again, where the data folder was deleted and built afresh.
            if self._known is None or self._known.snapshot.manifest != snapshot.manifest:
                with kept_for_good():
                    self._known = GenerationSkills(snapshot, catalogue_of(snapshot.manifest, self._catalogue))
            return self._known

    def card(self, query: str) -> Found:
        """What the documents say about the skill somebody typed."""
        if known := self.current():
            return known.find(query)
        match self._catalogue.resolve(query):
            case Known(skill):
                return NotNamed(query, skill, None, skill.kind, (), (), None)
            case Ambiguous(choices):
                return Unclear(query, choices, None)
            case Unknown(_, called, kind):
                return NotNamed(query, None, called, kind, (), (), None)

    def offers(self, typed: str) -> tuple[Offer, ...]:
        """What to offer while somebody types a skill's name, likeliest first; popular ones before that."""
        known = self.current()
        return known.offers.matching(typed) if known else ()

    def offers_at_hand(self, typed: str) -> tuple[Offer, ...]:
        """The same for the generation read last, without a look at any file; empty before the first."""
        known = self._known
        return known.offers.matching(typed) if known else ()

    def kinds(self) -> tuple[OfKind, ...]:
        """Every kind of which the present generation names a skill, with its skills."""
        known = self.current()
        return known.kinds if known else ()

    def kind(self, typed: str) -> OfKind | None:
        """The kind somebody typed, as they may call it; None where it is none of those that are named."""
        known = self.current()
        if known is None:
            return None
        kinds = {key(name): found for found in known.kinds for name in (found.kind, SPOKEN[found.kind])}
        told = [key(typed), *(key(word) for word in words(typed)[:1])]
        for spelled in told:
            if found := kinds.get(spelled) or kinds.get(spelled.removesuffix("s")):
                return found
        called = known.evidence.catalogue.kinds_called(typed)
        return next((found for found in known.kinds if found.kind in called), None)
