"""Where a generation's documents name which skill: found when it is built, kept with its passages."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from index.library import Snapshot
from index.passages import Passage
from knowledge.entities import Block, Document, Section
from knowledge.skills.alternatives import leads_into_choice, listings
from knowledge.skills.catalogue import Catalogue
from knowledge.skills.mentions import Mention

VERSION = 3
"""Bump when other sightings would be found in the same document."""

_LEARNING = re.compile(
    r"\b(?:learn\w*|stud(?:y|ies|ying)|becom\w+|master(?:ing)?|practi[cs]e|curriculum|syllabus|beginners?|"
    r"road ?map|courses?|train(?:ing)?|skills?|get(?:ting)? started)\b",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"\b(?:learning (?:path|order|plan|journey|steps)|study plan|curriculum|syllabus|road ?map|"
    r"what to learn (?:first|next)|in (?:this|which|what) order to learn)\b",
    re.IGNORECASE,
)

Span = tuple[int, int]

_Group = tuple[tuple[str, ...], bool]
_ALONE: _Group = ((), False)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One skill named at one place of one document, `Record.text[start:end]`.

    `group` holds the skills, itself among them, that are listed with it as one of a kind; () where there is
    no such list. `choice` tells that any one of them will do. `step` is its place in an ordered list of
    `steps` things to learn, from 1.
    """

    skill: str
    document: str
    passage: str
    start: int
    end: int
    group: tuple[str, ...] = ()
    step: int | None = None
    steps: int | None = None
    choice: bool = False


@dataclass(frozen=True)
class Sightings:
    """Every sighting of one generation, document by document in reading order."""

    all: tuple[Sighting, ...] = ()

    def of(self, skill: str) -> tuple[Sighting, ...]:
        """Where a skill is named, by its canonical name."""
        return self._by_skill.get(skill, ())

    @cached_property
    def skills(self) -> tuple[str, ...]:
        """The skills named, those in most documents first, then those named most often."""

        def common(skill: str) -> tuple[int, int]:
            found = self._by_skill[skill]
            return len({sighting.document for sighting in found}), len(found)

        return tuple(sorted(self._by_skill, key=common, reverse=True))

    def together(self, skill: str) -> dict[str, int]:
        """The other skills named in passages that name this one, by the number of such passages."""
        passages = dict.fromkeys(sighting.passage for sighting in self.of(skill))
        counted = Counter(name for passage in passages for name in self._by_passage[passage] if name != skill)
        return dict(counted.most_common())

    @cached_property
    def _by_skill(self) -> Mapping[str, tuple[Sighting, ...]]:
        found: dict[str, list[Sighting]] = {}
        for sighting in self.all:
            found.setdefault(sighting.skill, []).append(sighting)
        return {skill: tuple(sightings) for skill, sightings in found.items()}

    @cached_property
    def _by_passage(self) -> Mapping[str, Mapping[str, None]]:
        found: dict[str, dict[str, None]] = {}
        for sighting in self.all:
            found.setdefault(sighting.passage, {})[sighting.skill] = None
        return found


def read_sightings(snapshot: Snapshot) -> Sightings:
    """All that was found when a generation was built; nothing where it was built without a catalogue."""
    return Sightings(
        tuple(
            Sighting(
                skill=entry["name"],
                document=passage.document,
                passage=passage.id,
                start=entry["at"][0],
                end=entry["at"][1],
                group=tuple(entry["group"]),
                step=entry["step"],
                steps=entry["steps"],
                choice=entry.get("choice", False),
            )
            for record in snapshot.records()
            for passage in snapshot.passages_of(record.id)
            for entry in passage.attributes.get("skills", ())
        )
    )


def with_sightings(document: Document, passages: Sequence[Passage], catalogue: Catalogue) -> list[Passage]:
    """The passages of a document, each with the skills it names as an attribute that the index keeps."""
    found = {passage.id: _absolute(passage, catalogue.find(passage.text)) for passage in passages}
    whole = [mention for passage in passages for mention in found[passage.id]]
    groups = dict(_groups(document, passages, found, whole))
    steps = dict(_steps(document, whole))
    return [
        replace(
            passage,
            attributes={
                **passage.attributes,
                "skills": [
                    _entry(mention, groups.get(mention.start, _ALONE), steps.get(mention.start))
                    for mention in found[passage.id]
                ],
            },
        )
        for passage in passages
    ]


def _entry(mention: Mention, group: _Group, step: tuple[int, int] | None) -> dict[str, Any]:
    names, choice = group
    return {
        "name": mention.skill.name,
        "at": [mention.start, mention.end],
        "group": list(names),
        "choice": choice,
        "step": step[0] if step else None,
        "steps": step[1] if step else None,
    }


def _absolute(passage: Passage, mentions: Sequence[Mention]) -> list[Mention]:
    return [
        Mention(mention.skill, passage.start + mention.start, passage.start + mention.end)
        for mention in mentions
    ]


def _groups(
    document: Document,
    passages: Sequence[Passage],
    found: Mapping[str, Sequence[Mention]],
    whole: Sequence[Mention],
) -> Iterator[tuple[int, _Group]]:
    """The listing each mention is part of, by where it starts; in a sentence, or in the list of a section."""
    for passage in passages:
        for start, end in passage.attributes["parts"]:
            inside = [
                Mention(mention.skill, mention.start - start, mention.end - start)
                for mention in found[passage.id]
                if start <= mention.start < end
            ]
            for listing in listings(document.text[start:end], inside):
                yield from _shared(listing.members, listing.choice, start)
    for section in document.sections:
        for before, block in pairwise(section.blocks):
            if block.items and leads_into_choice(document.text[before.start : before.end]):
                starts = {start for start, _ in block.items}
                yield from _shared([mention for mention in whole if mention.start in starts], True)


def _shared(members: Sequence[Mention], choice: bool, offset: int = 0) -> Iterator[tuple[int, _Group]]:
    names = tuple(dict.fromkeys(member.skill.name for member in members))
    if len(names) > 1:
        for member in members:
            yield offset + member.start, (names, choice)


def _steps(document: Document, whole: Sequence[Mention]) -> Iterator[tuple[int, tuple[int, int]]]:
    for section in document.sections:
        for block in section.blocks:
            if _is_learnt(document.text, section, block):
                numbered = _numbered(document.text, block)
                last = numbered[-1][0]
                for mention in whole:
                    for number, (start, end) in numbered:
                        if start <= mention.start < end:
                            yield mention.start, (number, last)


def _numbered(text: str, block: Block) -> list[tuple[int, Span]]:
    """The items of a list with their numbers; what is nested below a step belongs to that step."""
    number = 0
    numbered = []
    for span in block.items:
        line = text.rfind("\n", 0, span[0]) + 1
        if number == 0 or not text[line].isspace():
            number += 1
        numbered.append((number, span))
    return numbered


def _is_learnt(text: str, section: Section, block: Block) -> bool:
    """Whether a list tells what to learn one after the other: a runbook's steps teach nobody Docker."""
    if block.kind == "list":
        return bool(section.headings) and _ORDERED.search(section.headings[-1]) is not None
    told = "\n".join((*section.headings, text[block.start : block.end]))
    return block.kind == "steps" and _LEARNING.search(told) is not None
