"""Two skills side by side, or what each document says of one topic: evidence only, never a verdict."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product, zip_longest
from typing import Literal, Protocol

from index.library import Snapshot
from index.passages import Passage, Record
from knowledge.asking.vocabulary import carries_topic, stem, stems, words
from knowledge.background import source_of
from knowledge.entities import Quote, Source
from knowledge.skills.cards import LONGEST_QUOTE, Card, Evidence, Found, NotNamed, quote_at
from knowledge.skills.lookup import GenerationSkills, Lookup
from knowledge.skills.mentions import ABSTRACT
from knowledge.skills.sightings import Sighting
from knowledge.skills.stretches import Span, fitting, list_at, parts_of, run, stretch, units_of

MOST_QUOTES = 3
"""How many quotes of one document are shown for a topic."""

LONGEST_LIST = 600
"""Characters up to which a list under a heading is quoted whole."""

_HITS = 40
_LONGEST = 200
_FEW_WORDS = 6
_BETWEEN = re.compile(
    r"\s+(?:vs\.?|versus|and|or|with|against|to|than|und|oder|et|ou)\s+|\s*[,;|&+]\s+|\s+[/–-]\s+",
    re.IGNORECASE,
)
_OPENING = re.compile(r"^(?:compare|comparing|difference between|what about)\s+", re.IGNORECASE)
_COMPARES = re.compile(
    r"\b(?:than|versus|vs|compared|in contrast|unlike|whereas|while|instead of|prefer\w*|replac\w+|over|"
    r"differ\w*)\b",
    re.IGNORECASE,
)
_BEFORE = 30


class Hit(Protocol):
    """A passage that a search found."""

    @property
    def passage(self) -> str:
        """The id of the passage."""


Search = Callable[[str, int], Sequence[Hit]]
"""Ranks passages for a text, best first, at most so many."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two skills and what documents say of both.

    `together` quotes where both stand in one sentence or list item, or else the shortest part of a list or
    section that holds both; `compared` are those sentences that compare. `unsaid` tells in whole sentences
    how near they come at most, and what no document says.
    """

    first: Found
    second: Found
    together: tuple[Quote, ...]
    compared: tuple[Quote, ...]
    one_of: tuple[tuple[str, ...], ...]
    unsaid: tuple[str, ...]
    generation: int | None

    def elsewhere(self, card: Card) -> tuple[Quote, ...]:
        """What documents say of one of them in words that are not quoted for both."""
        return tuple(
            quote
            for quote in card.said
            if not any(
                both.source.document == quote.source.document and both.start <= quote.start < both.end
                for both in self.together
            )
        )


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Where two skills stand apart, yet in one list or section; quoted where that is short."""

    place: Literal["list", "section"]
    quote: Quote | None
    source: Source

    @property
    def nearer(self) -> tuple[bool, bool, int]:
        """Lower where they are nearer."""
        return self.place != "list", self.quote is None, len(self.quote.text) if self.quote else 0


@dataclass(frozen=True, slots=True)
class Telling:
    """What one document says of a topic; `more` sentences and list items under its headings are left out."""

    source: Source
    quotes: tuple[Quote, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class AcrossDocuments:
    """What each document says of one topic, and which say nothing of it.

    `empty` are headings about it with nothing under them.
    """

    topic: str
    telling: tuple[Telling, ...]
    silent: tuple[Source, ...]
    empty: tuple[Source, ...]
    generation: int | None


def compare(lookup: Lookup, first: str, second: str) -> Comparison:
    """Two skills side by side, as one generation has them."""
    known = lookup.current()
    if known is None:
        return Comparison(lookup.card(first), lookup.card(second), (), (), (), (), None)
    evidence = known.evidence
    one, other = known.find(first), known.find(second)
    if not (isinstance(one, Card) and isinstance(other, Card)) or one == other:
        return Comparison(one, other, (), (), (), (), evidence.generation)
    together = _together(one, other, evidence)
    compared = tuple(quote for quote in together if _compares(one, other, quote, evidence))
    apart = () if together else tuple(_apart(one, other, evidence))
    unsaid = tuple(_unsaid(one, other, apart, bool(compared), bool(together)))
    together = together or tuple(meeting.quote for meeting in apart if meeting.quote)
    one_of = tuple(group.skills for group in one.groups if group.choice and other.skill.name in group.skills)
    return Comparison(one, other, together, compared, one_of, unsaid, evidence.generation)


def _together(one: Card, other: Card, evidence: Evidence) -> tuple[Quote, ...]:
    quotes = {
        (sighting.document, quote.start): quote
        for sighting in evidence.sightings.of(one.skill.name)
        if other.skill.name in evidence.named_in(quote := evidence.quote(sighting))
    }
    return tuple(quotes.values())


def _apart(one: Card, other: Card, evidence: Evidence) -> Iterator[_Meeting]:
    """The nearest both come in each document that has them in one list or section."""
    found: dict[str, _Meeting] = {}
    for first, second in product(*(evidence.sightings.of(card.skill.name) for card in (one, other))):
        if meeting := _meeting(first, second, evidence):
            known = found.get(first.document)
            if known is None or meeting.nearer < known.nearer:
                found[first.document] = meeting
    yield from found.values()


def _meeting(first: Sighting, second: Sighting, evidence: Evidence) -> _Meeting | None:
    passage, beside = evidence.passages[first.passage], evidence.passages[second.passage]
    if (passage.document, passage.headings) != (beside.document, beside.headings):
        return None
    record = evidence.records[passage.document]
    source = source_of(record, passage.headings)
    if passage != beside:
        return _Meeting("section", None, source)
    parts = run(parts_of(passage), first.start, second.start)
    listed = parts and {*parts} <= {*list_at(record, passage, first.start)}
    start, end = stretch(record, parts) if parts else (passage.start, passage.end)
    quote = Quote(record.text[start:end], passage.id, start, end, source)
    return _Meeting("list" if listed else "section", quote if end - start <= LONGEST_QUOTE else None, source)


def _compares(one: Card, other: Card, quote: Quote, evidence: Evidence) -> bool:
    """Whether a word of comparing leads from one to the other: "better performance" beside both is none."""
    places = [
        (sighting.start - quote.start, sighting.end - quote.start)
        for card in (one, other)
        for sighting in evidence.sightings.of(card.skill.name)
        if sighting.document == quote.source.document and quote.start <= sighting.start < quote.end
    ]
    first, last = min(places), max(places)
    return _COMPARES.search(quote.text, max(0, first[0] - _BEFORE), last[0]) is not None


def _unsaid(one: Card, other: Card, apart: Sequence[_Meeting], compared: bool, met: bool) -> Iterator[str]:
    """What nobody says; where one compares them, its words have to speak for themselves."""
    both = f"{one.skill.name} and {other.skill.name}"
    lists = [meeting.source for meeting in apart if meeting.place == "list"]
    sections = [meeting.source for meeting in apart if meeting.place == "section"]
    if lists:
        yield f"No document names {both} in one sentence or list item; {_titles(lists)} in one list."
    elif sections:
        yield f"No document names {both} in one sentence or list; {_titles(sections)} in one section."
    elif not met:
        yield f"No document names {both} in one section."
    # Nobody would ask whether patience is better than communication.
    if not compared and ABSTRACT.isdisjoint((*one.skill.kinds, *other.skill.kinds)):
        yield "No document compares them, or says which is better."


def _titles(sources: Sequence[Source]) -> str:
    """The documents that name both, each once."""
    titles = list(dict.fromkeys(f"«{source.title}»" for source in sources))
    return f"{' and '.join(titles)} {'names' if len(titles) == 1 else 'name'} both"


def two_of(text: str, known: GenerationSkills) -> tuple[str, str] | None:
    """The two skills somebody typed in one line; None where it reads like a single topic."""
    text = _OPENING.sub("", " ".join(text[:_LONGEST].split()))
    if isinstance(known.find(text), Card):
        return None
    parts = [part.strip() for part in _BETWEEN.split(text, maxsplit=1) if part.strip()]
    if len(parts) == 2:
        return (parts[0], parts[1]) if any(_is_a_skill(part, known) for part in parts) else None
    split = text.split()
    for place in range(1, len(split) if len(split) <= _FEW_WORDS else 0):
        left, right = " ".join(split[:place]), " ".join(split[place:])
        if _is_a_skill(left, known) and _is_a_skill(right, known):
            return left, right
    return None


def _is_a_skill(typed: str, known: GenerationSkills) -> bool:
    found = known.find(typed)
    return isinstance(found, Card) or (isinstance(found, NotNamed) and found.kind is not None)


def across_documents(lookup: Lookup, topic: str, search: Search) -> AcrossDocuments:
    """What each document says of a topic: of a skill, where it names it; else the parts with its words."""
    known = lookup.current()
    if known is None:
        return AcrossDocuments(topic, (), (), (), None)
    records = known.evidence.records
    found = known.find(topic)
    if isinstance(found, Card):
        told = {
            quote.source.document: Telling(source_of(records[quote.source.document], ()), (quote,))
            for quote in found.said
        }
    else:
        told = dict(_told(topic, known.snapshot, search, records))
    return AcrossDocuments(
        topic=topic,
        telling=tuple(told[name] for name in records if name in told),
        silent=tuple(source_of(record, ()) for name, record in records.items() if name not in told),
        empty=tuple(_empty(_stems(topic), records.values())),
        generation=known.evidence.generation,
    )


def _told(
    topic: str, snapshot: Snapshot, search: Search, records: Mapping[str, Record]
) -> Iterator[tuple[str, Telling]]:
    topic = topic[:_LONGEST]
    wanted = _stems(topic)
    if not wanted:
        return
    in_words: dict[str, list[Quote]] = {}
    for passage in _passages(search(topic, _HITS), snapshot):
        in_words.setdefault(passage.document, []).extend(_about(wanted, passage, records[passage.document]))
    for name, record in records.items():
        chapter = [
            passage for passage in snapshot.passages_of(name) if wanted <= stems(" ".join(passage.headings))
        ]
        headed, more = _headed(chapter, record)
        apart = [quote for quote in in_words.get(name, ()) if quote.passage not in {p.id for p in chapter}]
        if quotes := [*headed, *apart][:MOST_QUOTES]:
            yield name, Telling(source_of(record, ()), tuple(quotes), more)


def _headed(chapter: Sequence[Passage], record: Record) -> tuple[list[Quote], int]:
    """What stands under a heading, begun in each of its sections; and how many parts are left out."""
    sections: dict[tuple[str, ...], list[tuple[Passage, list[Span]]]] = {}
    for passage in chapter:
        for unit in units_of(record, passage):
            sections.setdefault(passage.headings, []).append((passage, unit))
    in_turn = zip_longest(*sections.values())
    first = [found for turn in in_turn for found in turn if found][:MOST_QUOTES]
    first.sort(key=lambda found: found[1][0])
    quotes, shown = [], 0
    for passage, unit in first:
        fits = fitting(record, unit, LONGEST_LIST)
        start, end = stretch(record, fits)
        quotes.append(
            Quote(record.text[start:end], passage.id, start, end, source_of(record, passage.headings))
        )
        shown += len(fits)
    return quotes, sum(len(unit) for found in sections.values() for _, unit in found) - shown


def _stems(topic: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(topic[:_LONGEST]) if carries_topic(word))


def _empty(wanted: frozenset[str], records: Iterable[Record]) -> Iterator[Source]:
    for record in records:
        for entry in record.attributes["empty"]:
            if wanted and wanted <= stems(entry["headings"][-1]):
                yield source_of(record, tuple(entry["headings"]))


def _passages(hits: Iterable[Hit], snapshot: Snapshot) -> Iterator[Passage]:
    for hit in hits:
        # Where a reindex came between, a passage may be gone.
        with suppress(KeyError):
            yield from snapshot.passages([hit.passage])


def _about(wanted: frozenset[str], passage: Passage, record: Record) -> list[Quote]:
    """The parts of a passage that have all words of a topic."""
    quotes = [quote_at(record, passage, start) for start, _ in passage.attributes["parts"]]
    return [quote for quote in quotes if wanted <= stems(quote.text)]
