"""Where a text names a skill: exact tokens, the longest name first, ordinary words only as names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from knowledge.skills.entries import Entries, Skill, key

ABSTRACT = frozenset({"practice", "soft", "concept"})
"""Kinds of skills that are no thing one could install, buy or write in."""

_SPACE = r"(?:[ \u00a0\n\u2010\u2011-])?"
_GAPS = {" ": _SPACE, "-": _SPACE, ".": r"[. ]?", "/": r" ?[/&-]? ?"}

# What stands around an ordinary word that is also a name.
_OPENING = re.compile(r"(?:^|\n|[.!?…:]['\"”’)]*\s|[“\"‘])\s*(?:[-•*]\s+|\d+[.)]\s+)?$")
_CLOSED = re.compile(r"\s*(?:$|[,.;:!?)/\n]|(?:and|or|vs)\b)")
_LABEL = re.compile(
    r"\b(?:languages?|frameworks?|tools?|clouds?|platforms?|services?)\s*:\s*$", re.IGNORECASE
)
_THING = re.compile(
    r"(?:\s+(?:is|are|was)\b[^.!?\n]{0,60}?)?[\s-]+(?:languages?|frameworks?|library|developers?|programmers?"
    r"|programming|apps?|applications?|based|written|apis?|endpoints?|messages?|channels?)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\s+(?:19|20)\d\d\b")
_API = re.compile(r"[\s-]+(?:apis?|endpoints?)\b", re.IGNORECASE)
_STUDIED = re.compile(
    r"\b(?:learn(?:ing)?|know|need|us(?:e|es|ing)|master|study|(?:written|write|coding|programming|proficient"
    r"|experienced?) in|(?:experience|familiar|familiarity) with|knowledge of)\s+$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*(?:[,/+&]|,?\s*\b(?:and|or|vs\.?|versus)\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A skill named in a text at `text[start:end]`."""

    skill: Skill
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Sight:
    """A spelling of a skill in a text, which may or may not be a mention."""

    skill: Skill
    match: re.Match[str]

    def is_among(self, spellings: Iterable[str]) -> bool:
        found = key(self.match.group())
        return any(key(spelling) in (found, found.removesuffix("s")) for spelling in spellings)


class Finder:
    """Finds skills in texts."""

    def __init__(self, entries: Entries) -> None:
        spoken = {spelling: skill for skill in entries.skills for spelling in (skill.name, *skill.aliases)}
        decoys = {decoy for skill in entries.skills for decoy in skill.decoys}
        decoys.update(name for names in entries.others.values() for name in names)
        self._spoken = {key(spelling): skill for spelling, skill in spoken.items()}
        self._decoys = frozenset(map(key, decoys))
        self._matcher = _matcher({*spoken, *decoys})

    def find(self, text: str) -> list[Mention]:
        """The skills a text names, in order; the longest name wins where several begin."""
        sights = [
            _Sight(skill, match)
            for match in self._matcher.finditer(text)
            if (skill := self._named(match.group()))
        ]
        sure = [_stands_alone(sight) for sight in sights]
        _lean_on_neighbours(text, sights, sure)
        return [
            Mention(sight.skill, sight.match.start(), sight.match.end())
            for sight, counts in zip(sights, sure, strict=True)
            if counts
        ]

    def _named(self, found: str) -> Skill | None:
        spelled = key(found)
        if spelled in self._decoys:
            return None
        return self._spoken.get(spelled) or self._spoken.get(spelled.removesuffix("s"))


def _matcher(spellings: Iterable[str]) -> re.Pattern[str]:
    # Grouped by first letter: at each word only the names that begin like it are tried.
    ordered = sorted(spellings, key=lambda spelling: (_first(spelling), -len(spelling), spelling))
    names = "|".join(
        f"(?={re.escape(letter)})(?:{'|'.join(map(_form, group))})"
        for letter, group in groupby(ordered, key=_first)
    )
    # A link is one token, whatever its parts spell.
    return re.compile(
        rf"(?:https?://|www\.)\S+|(?<![\w@])(?<!\w[.#-])(?:{names})(?![\w#+]|\.\w)", re.IGNORECASE
    )


def _first(spelling: str) -> str:
    return spelling[0].lower()


def _form(spelling: str) -> str:
    pattern = re.escape(spelling[0]) + "".join(_GAPS.get(char) or re.escape(char) for char in spelling[1:])
    return pattern + ("s?" if spelling[-1].isalpha() and spelling[-1] != "s" else "")


def _stands_alone(sight: _Sight) -> bool:
    """Whether this names the skill by itself, whatever stands next to it in a list."""
    skill, found, text = sight.skill, sight.match.group(), sight.match.string
    start, end = sight.match.span()
    if sight.is_among(skill.exact):
        return found in skill.exact or _API.match(text, end) is not None
    if not sight.is_among(skill.proper):
        return True
    before = text[max(0, start - 40) : start]
    if _THING.match(text, end) or _LABEL.search(before):
        return True
    if found not in skill.proper:
        return bool(_STUDIED.search(before) and _CLOSED.match(text, end))
    if _YEAR.match(text, end):
        return False
    return found.isupper() or not _OPENING.search(before) or _fills_an_item(sight)


def _fills_an_item(sight: _Sight) -> bool:
    text = sight.match.string
    end = text.find("\n", sight.match.end())
    line = text[text.rfind("\n", 0, sight.match.start()) + 1 : end if end >= 0 else None].strip()
    return line != sight.match.group() and line.strip(" -•*\u00a0") == sight.match.group()


def _lean_on_neighbours(text: str, sights: list[_Sight], sure: list[bool]) -> None:
    """In "python, go or flask" each ordinary word counts because of the one next to it."""
    forward = [(place, place - 1) for place in range(1, len(sights))]
    backward = [(place, place + 1) for place in range(len(sights) - 2, -1, -1)]
    for place, other in (*forward, *backward):
        if not sure[place] and sure[other] and sights[other].skill.kind not in ABSTRACT:
            first, second = sorted((sights[place].match.span(), sights[other].match.span()))
            listed = _LISTED.fullmatch(text, first[1], second[0]) is not None
            sure[place] = listed and _may_lean(sights[place])


def _may_lean(sight: _Sight) -> bool:
    if sight.match.group() in sight.skill.proper:
        return True
    # "Learn SQL and go further" is no list of languages.
    return not sight.is_among(sight.skill.exact) and bool(
        _CLOSED.match(sight.match.string, sight.match.end())
    )
