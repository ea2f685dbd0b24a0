"""What is offered while somebody types the name of a skill. Pure, and all from memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.skills.cards import Evidence
from knowledge.skills.entries import Skill, key
from knowledge.skills.kinds import introduced
from knowledge.skills.names import Ambiguous, Known, Unknown

TYPED = 4096
"""Beginnings whose offers are kept."""

MOST = 25
"""As many as Discord takes."""

_LONGEST_LABEL = 100
_LONGEST_TYPED = 50
_SHORTEST_SLIP = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """A skill that is named: `name` is what a choice stands for, `label` what is shown."""

    name: str
    label: str


class Offers:
    """The skills one generation names, ready to be offered."""

    def __init__(self, evidence: Evidence) -> None:
        self._resolve = evidence.catalogue.resolve
        # Many people begin in the same way.
        self._matching = lru_cache(maxsize=TYPED)(self._match)
        self._offers = {
            name: Offer(name, introduced(skill)[:_LONGEST_LABEL]) for name, skill in evidence.skills.items()
        }
        self._spelled = [
            (key(spelling), name, place)
            for name, skill in evidence.skills.items()
            for place, spelling in enumerate((skill.name, *skill.aliases, *skill.typed))
        ]
        self._begun = [
            (begun, name, bool(place), bool(word))
            for name, skill in evidence.skills.items()
            for place, spelling in enumerate((skill.name, *skill.aliases, *skill.typed))
            for word, begun in enumerate(_beginnings(spelling))
        ]
        self._cut: dict[int, list[str]] = {}  # by length, made when first needed

    def matching(self, typed: str) -> tuple[Offer, ...]:
        """At most 25, likeliest first: names before other names, beginnings before slips, then most named."""
        return self._matching(typed[:_LONGEST_TYPED])

    def _match(self, typed: str) -> tuple[Offer, ...]:
        spelled = key(typed)
        if not spelled:
            # Nothing typed is no wish; what has no letters is none that could be met.
            return () if typed.strip() else tuple(self._offers.values())[:MOST]
        found = dict.fromkeys(self._in_order(typed, spelled))
        return tuple(self._offers[name] for name in found if name in self._offers)[:MOST]

    def _in_order(self, typed: str, spelled: str) -> Iterator[str]:
        yield from (name for spelling, name, _ in self._spelled if spelling == spelled)
        begun = [entry for entry in self._begun if entry[0].startswith(spelled)]
        yield from (entry[1] for entry in sorted(begun, key=lambda entry: entry[2:]))
        meant = self._meant(typed)
        yield from (skill.name for skill in meant)
        if len(spelled) >= _SHORTEST_SLIP:
            yield from self._mistyped(spelled)

    def _meant(self, typed: str) -> tuple[Skill, ...]:
        match self._resolve(typed[:_LONGEST_TYPED]):
            case Known(skill):
                return (skill,)
            case Ambiguous(choices):
                return choices
            case Unknown(nearest):
                return nearest

    def _mistyped(self, spelled: str) -> Iterator[str]:
        """Names whose beginning could have been meant by what is typed so far."""
        allowed = 1 if len(spelled) < 7 else 2
        size = len(spelled)
        if size not in self._cut:
            self._cut[size] = [begun[:size] for begun, *_ in self._begun]
        near = process.extract(
            spelled, self._cut[size], scorer=OSA.distance, score_cutoff=allowed, limit=MOST
        )
        for other, _, place in near:
            if other[0] == spelled[0] or sorted(other) == sorted(spelled):
                yield self._begun[place][1]


def _beginnings(spelling: str) -> Iterator[str]:
    """A name from each of its words on, as `key` spells it."""
    for word in re.finditer(r"(?<![\w#+])\w", spelling):
        yield key(spelling[word.start() :])
