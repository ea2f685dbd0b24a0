"""What somebody means by a skill's name as they typed it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge.skills.entries import BadCatalogue, Entries, Skill, key

How = Literal["exact", "alias", "normalised", "fuzzy"]

CHOICES = 5
"""How many skills are offered at most where a name is unclear or unknown."""

_LONGEST = 100
_FEW_WORDS = 4
_ABSTRACT = frozenset({"practice", "soft", "concept"})
_GENERIC: Mapping[str, frozenset[str]] = {
    "language": frozenset({"language", "lang", "programming", "code", "coding"}),
    "framework": frozenset({"framework"}),
    "database": frozenset({"database", "db", "server"}),
    "api": frozenset({"api", "apis", "protocol"}),
    "messaging": frozenset({"queue", "queues", "message", "broker"}),
    "cache": frozenset({"cache"}),
    "container": frozenset({"container", "containers"}),
    "cloud": frozenset({"cloud", "platform"}),
    "ci": frozenset({"pipeline", "pipelines"}),
}


_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Known:
    """The skill that was meant, and how it was recognised."""

    skill: Skill
    how: How


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Not clear enough to decide; one or more skills that may have been meant, likeliest first."""

    choices: tuple[Skill, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Not in the catalogue; the nearest skills that are, if any is near."""

    nearest: tuple[Skill, ...]


Resolution = Known | Ambiguous | Unknown


class Resolver:
    """Tells which skill a typed name means. Raises BadCatalogue where two skills share one."""

    def __init__(self, entries: Entries) -> None:
        self._skills = entries.skills
        self._names, self._aliases = _spellings(entries.skills)
        self._spelled = self._aliases | self._names
        self._keys = {key(spelling): skill for spelling, skill in self._spelled.items()}
        strangers = {key(name): kind for kind, names in entries.others.items() for name in names}
        words = [*entries.words, *(decoy for skill in entries.skills for decoy in skill.decoys)]
        self._others: dict[str, str | None] = {**dict.fromkeys(map(key, words)), **strangers}
        # Short and vague forms are near to many words: "login" to "logan".
        vague = {key(spelling) for skill in entries.skills for spelling in skill.typed}
        self._pool = [*(spelled for spelled in self._keys if spelled not in vague), *strangers]
        if both := self._others.keys() & self._keys.keys():
            raise BadCatalogue(f"“{self._keys[min(both)].name}” is both a skill and listed as none.")

    def resolve(self, query: str) -> Resolution:
        """The skill somebody means by what they typed, if that is clear."""
        typed = " ".join(query[:_LONGEST].split()).strip(" \"'“”‘’`.,;:!?()").casefold()
        spelled = key(typed)
        if skill := self._names.get(typed):
            return Known(skill, "exact")
        if skill := self._aliases.get(typed):
            return Known(skill, "alias")
        if skill := self._normalised(typed, spelled):
            return Known(skill, "normalised")
        other = spelled if spelled in self._others else spelled.rstrip("0123456789")
        if not spelled or other in self._others:
            return Unknown(self._instead(other))
        if skill := self._trimmed(typed):
            return Known(skill, "normalised")
        return self._fuzzy(spelled) or self._partly(typed) or Unknown(self._near(spelled))

    def _normalised(self, typed: str, spelled: str) -> Skill | None:
        if len(spelled) <= 3 and "#" not in spelled and spelled != typed:
            return None  # "g o" is not Go
        return self._keys.get(spelled)

    def _trimmed(self, typed: str) -> Skill | None:
        """The skill that is left without a plural, a version, or words that only say what kind it is."""
        for shorter in (typed.removesuffix("s"), re.sub(r"[ -]?v?\d[\d.]*$", "", typed)):
            if len(shorter) > 1 and (skill := self._normalised(shorter, key(shorter))):
                return skill
        words = typed.split()
        for cut in range(len(words) - 1, 0, -1):
            skill = self._keys.get(key(" ".join(words[:cut])))
            if skill and all(_says_the_kind(word, skill) for word in words[cut:]):
                return skill
        return None

    def _fuzzy(self, spelled: str) -> Resolution | None:
        """The skill that was mistyped, with a margin to the next; None where nothing is that near."""
        slips: dict[Skill | None, int] = {}
        for other, distance, _ in process.extract(
            spelled, self._pool, scorer=OSA.distance, score_cutoff=3, limit=None
        ):
            if _is_slip(spelled, other, distance):
                slips.setdefault(self._keys.get(other), distance)
        if not slips:
            return None
        best = min(slips.values())
        near = [skill for skill, distance in slips.items() if distance <= best + (best > 1)]
        choices = tuple(skill for skill in near if skill)[:CHOICES]
        if slips.get(None) == best and all(slips[skill] > best for skill in choices):
            return Unknown(choices)
        return Known(choices[0], "fuzzy") if len(near) == 1 else Ambiguous(choices)

    def _partly(self, typed: str) -> Resolution | None:
        """Skills whose names contain what was typed as whole words, or that are named within it."""
        within = re.compile(rf"(?<!\w){re.escape(typed.removesuffix('s'))}s?(?!\w)")
        containing = [skill for spelling, skill in self._spelled.items() if within.search(spelling)]
        choices = [*(containing if len(typed) > 2 else ()), *self._named_within(typed.split())]
        return Ambiguous(tuple(dict.fromkeys(choices))[:CHOICES]) if choices else None

    def _named_within(self, words: list[str]) -> Iterator[Skill]:
        if len(words) > _FEW_WORDS:
            return
        start = 0
        while start < len(words):
            for end in range(len(words), start, -1):
                if skill := self._keys.get(key(" ".join(words[start:end]))):
                    yield skill
                    start = end - 1
                    break
            start += 1

    def _instead(self, spelled: str) -> tuple[Skill, ...]:
        """Skills of the kind of something that no article names."""
        kind = self._others.get(spelled)
        alike = tuple(skill for skill in self._skills if skill.kind == kind and kind not in _ABSTRACT)
        return alike[:CHOICES] or self._near(spelled)

    def _near(self, spelled: str) -> tuple[Skill, ...]:
        found = process.extract(spelled, self._keys.keys(), scorer=fuzz.ratio, score_cutoff=65, limit=CHOICES)
        return tuple(dict.fromkeys(self._keys[other] for other, _, _ in found))


def _spellings(skills: Iterable[Skill]) -> tuple[dict[str, Skill], dict[str, Skill]]:
    """Skills by name and by alias, in lower case."""
    names: dict[str, Skill] = {}
    aliases: dict[str, Skill] = {}
    owners: dict[str, Skill] = {}
    for skill in skills:
        for place, spelling in enumerate((skill.name, *skill.aliases, *skill.typed)):
            owner, folded = owners.setdefault(key(spelling), skill), spelling.casefold()
            if owner is not skill:
                raise BadCatalogue(f"“{spelling}” of the skill “{skill.name}” is taken by “{owner.name}”.")
            if folded in names or folded in aliases:
                raise BadCatalogue(f"The skill “{skill.name}” lists “{spelling}” twice.")
            (aliases if place else names)[folded] = skill
    return names, aliases


def _says_the_kind(word: str, skill: Skill) -> bool:
    return any(word in _GENERIC.get(kind, ()) for kind in skill.kinds)


def _is_slip(typed: str, spelling: str, distance: int) -> bool:
    """Whether one could be a mistyping of the other: short names have too many neighbours to allow much."""
    same_start = typed[0] == spelling[0]
    swapped = sorted(typed) == sorted(spelling)
    if len(spelling) <= 4:
        doubled = _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", spelling)
        return distance == 1 and (swapped or doubled) and len(spelling) > 2 and same_start
    size = min(len(spelling), len(typed))
    if (
        size >= 5
        and len(spelling) >= 6
        and (typed == spelling[1:] or (swapped and distance == 2 and same_start))
    ):
        return True  # a letter missing in front; one letter that wandered, as in "phyton"
    if distance > (3 if size >= 13 else 2 if size >= 8 else 1):
        return False
    return same_start or (distance == 1 and (size >= 8 or (swapped and typed[1] == spelling[0])))
