"""Which skills of a sentence are listed as one of a kind, and which are a choice: "one of A, B". Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.skills.entries import Skill
from knowledge.skills.mentions import ABSTRACT, Mention

_SEPARATOR = r"(?:\s*,\s*(?:(?:and/or|and|or)\b\s*)?|\s*[/|]\s*|\s+(?:and/or|and|or)\s+|\s*&\s*)"
_WORD = r"(?!(?:and|or|but|which|who|that|is|are)\b)[\w+#][\w+#.'’-]*"
_FOREIGN = rf"{_WORD}(?:\s+{_WORD}){{0,2}}"
_ARTICLE = r"(?:(?:an?|the)\s+)?"
_TAIL = r"(?:\s+(?:languages?|frameworks?|databases?|services?|providers?|clouds?|apis?|v?\d[\w.]*))?"

# Names that are not in the catalogue may stand in the middle of a list, at its start and at its end.
_JOINT = re.compile(rf"{_TAIL}{_SEPARATOR}(?:{_FOREIGN}{_SEPARATOR}){{0,3}}{_ARTICLE}", re.IGNORECASE)
_LEADING = rf"(?:{_FOREIGN}{_SEPARATOR}){{0,3}}{_ARTICLE}$"
_REST = rf"^{_TAIL}(?:\s*[,/]\s*{_FOREIGN}){{0,3}}?"
_LONGEST = 120

_ONE_OF = (
    r"\b(?:(?:any |at least )?one(?: or (?:more|several|both))? of|any of|either(?: of)?|"
    r"(?:a|your) choice of|(?:choose|pick|choice) (?:from|between|among))"
)
_SOME = r"\b(?:one or (?:more|several)|at least one|any one|one|any|either)\b"
_CHOICE = re.compile(
    rf"(?:{_ONE_OF}(?: the following| these)?:?\s+|{_SOME}[^.!?:;()\n]{{1,50}}[:(]\s*){_LEADING}",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    rf"(?:{_ONE_OF}|\b(?:one or (?:more|several)|at least one|any one)\b)[^.!?:\n]{{0,60}}:\s*$",
    re.IGNORECASE,
)
_THINGS = (
    r"(?:languages?|frameworks?|tools?|databases?|systems?|services?|platforms?|technolog(?:y|ies)|brokers?|"
    r"queues?|caches?|stores?|clouds?|providers?|stacks?|librar(?:y|ies)|things?|something|anything|skills?|"
    r"apis?|protocols?|products?|options?|servers?)"
)
_EXAMPLES = re.compile(
    rf"(?:\bsuch as|\be\.?g\.?|\bfor (?:example|instance)|\b{_THINGS},? like)[,:]?\s+{_LEADING}",
    re.IGNORECASE,
)
_OR_ELSE = re.compile(rf"{_REST}\s*,?\s+or\s+{_FOREIGN}\s*(?:[.,;:!?)\n]|$)", re.IGNORECASE)
_OPEN_END = re.compile(rf"{_REST}\s*,?\s*(?:etc\b|and (?:so on|so forth|the like)\b|…|\.\.\.)", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:no|not|never|without|neither|nor|n't|n’t)(?:\s+\w+)?\s+$", re.IGNORECASE)


@dataclass(slots=True)
class _List:
    """Mentions that stand in one list, and what stands between them: "or", "and", "/" or ","."""

    members: list[Mention]
    joints: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Listing:
    """Skills listed as one of a kind: `choice` where any one will do, else they are examples."""

    members: tuple[Mention, ...]
    choice: bool


def listings(text: str, mentions: Sequence[Mention]) -> list[Listing]:
    """The choices and examples of a sentence or list item, each with two skills or more."""
    found = []
    for one in _lists(text, mentions):
        if _is_listing(text, one):
            found.append(Listing(tuple(one.members), _is_choice(text, one)))
        else:
            found += [
                Listing(tuple(part.members), interchangeable([member.skill for member in part.members]))
                for part in _slashed(one)
                if _are_alike(part.members)
            ]
    return [listing for listing in found if len({member.skill for member in listing.members}) > 1]


def leads_into_choice(text: str) -> bool:
    """Whether a paragraph announces the list below it as one of which any item will do."""
    return _LEAD_IN.search(text[-_LONGEST:]) is not None


def _lists(text: str, mentions: Sequence[Mention]) -> Iterator[_List]:
    current: _List | None = None
    for mention in mentions:
        if current is not None:
            joint = _joint(text[current.members[-1].end : mention.start])
            # "Python or Java, MySQL or Redis" are two lists.
            if joint and (not {"or", "and"} & set(current.joints) or joint in ("/", current.joints[-1])):
                current.members.append(mention)
                current.joints.append(joint)
                continue
            yield current
        current = _List([mention])
    if current is not None:
        yield current


def _joint(between: str) -> str | None:
    if len(between) > _LONGEST or not _JOINT.fullmatch(between):
        return None
    if re.search(r"\bor\b", between, re.IGNORECASE):
        return "or"
    if re.search(r"\band\b|&", between, re.IGNORECASE):
        return "and"
    return "," if "," in between else "/"


def _around(text: str, found: _List) -> tuple[str, str]:
    start, end = found.members[0].start, found.members[-1].end
    return text[max(0, start - 2 * _LONGEST) : start], text[end : end + _LONGEST]


def _says_or(found: _List, after: str) -> bool:
    return "or" in found.joints or ("and" not in found.joints and _OR_ELSE.match(after) is not None)


def _is_choice(text: str, found: _List) -> bool:
    """Whether a listing asks for any one of its members: "e.g. A, B" and "A, B, etc." only name some."""
    before, after = _around(text, found)
    asked = _CHOICE.search(before) is not None
    either = _says_or(found, after) or "/" in found.joints
    return asked or (either and interchangeable([member.skill for member in found.members]))


def _is_listing(text: str, found: _List) -> bool:
    before, after = _around(text, found)
    if _DENIED.search(before):
        return False
    if _CHOICE.search(before):
        return True
    if _says_or(found, after):
        # "Refactor a schema or add an index" tells what is done, not what may be learnt instead.
        return _are_things(found.members)
    exemplary = _EXAMPLES.search(before) or _OPEN_END.match(after) or _is_bracketed(before, after, found)
    return exemplary is not None and _are_alike(found.members)


def _is_bracketed(before: str, after: str, found: _List) -> re.Match[str] | None:
    """In "databases (MySQL, Redis)" they are what the word before the bracket may be."""
    if "and" in found.joints or not before.endswith("("):
        return None
    return re.match(r"\s*\)", after)


def _slashed(found: _List) -> Iterator[_List]:
    part = _List([found.members[0]])
    for member, joint in zip(found.members[1:], found.joints, strict=True):
        if joint == "/":
            part.members.append(member)
        else:
            yield part
            part = _List([member])
    yield part


def _are_things(members: Sequence[Mention]) -> bool:
    return all(ABSTRACT.isdisjoint(member.skill.kinds) for member in members)


def _are_alike(members: Sequence[Mention]) -> bool:
    """Whether they are examples of one thing, as Kafka and SQL named together are not."""
    return bool(_shared_kinds([member.skill for member in members])) and _are_things(members)


def interchangeable(skills: Sequence[Skill]) -> bool:
    """Whether one could stand for another: things of one kind. Third parties do all sorts of jobs."""
    kinds = frozenset(kind for skill in skills for kind in skill.kinds)
    return ABSTRACT.isdisjoint(kinds) and bool(_shared_kinds(skills) - {"third-party"})


def _shared_kinds(skills: Sequence[Skill]) -> frozenset[str]:
    first, *others = (frozenset[str](skill.kinds) for skill in skills)
    return first.intersection(*others)
