"""Skills that an admin or an author adds: a skills.toml beside the documents, front matter, the registry."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from knowledge.formats.shapes import one_line
from knowledge.skills.entries import KINDS, LISTS, Entries, Kind, Skill, key

_LONGEST = 80
_ENTRY = re.compile(r"^[ \t]*\[\[\s*skill\s*\]\]", re.MULTILINE)
_NO_LIST = "“{}” of the skill “{}” is not a list of texts."


@dataclass(frozen=True, slots=True)
class Stated:
    """A skill as it was written down, checked by itself but not against the others, and where it stands.

    Without a kind it can only add to a skill that is known.
    """

    name: str
    kind: Kind | None = None
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    path: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with an entry, and in which line; `about` names the field."""

    message: str
    line: int | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """The entries of a catalogue with those stated, and what could not be used of these."""

    entries: Entries
    flaws: tuple[tuple[Stated, str], ...]


# --- reading -----------------------------------------------------------------------------------------------


def read_own(text: str) -> tuple[list[Stated], list[Flaw]]:
    """The skills of a skills.toml; what is wrong with one costs the others nothing."""
    stated: list[Stated] = []
    flaws: list[Flaw] = []
    for part, first_line in _readable(text, flaws):
        for name in part.keys() - {"skill"}:
            message = f"“{name}” does not count here; only [[skill]] does."
            flaws.append(Flaw(message, _line_of(text, name)))
        entries = part.get("skill", [])
        if not isinstance(entries, list):
            flaws.append(Flaw("“skill” is not a list of [[skill]].", _line_of(text, "skill")))
            continue
        starts = [found for found in _ENTRY.finditer(text) if _line(text, found.end()) >= first_line]
        for place, entry in enumerate(entries):
            # Entries written as an inline list have no line of their own.
            placed = len(starts) >= len(entries)
            start = starts[place].end() if placed else 0
            end = starts[place + 1].start() if placed and place + 1 < len(starts) else len(text)
            one, wrong = read_entry(entry)
            line = _line(text, start) if placed else None
            if one:
                stated.append(replace(one, line=line))
            flaws += [replace(flaw, line=_line_of(text, flaw.about, start, end) or line) for flaw in wrong]
    return stated, sorted(flaws, key=lambda flaw: flaw.line or 0)


def read_entry(values: object) -> tuple[Stated | None, list[Flaw]]:
    """The skill that these fields describe, None where they describe none, and which could not be used."""
    if not isinstance(values, Mapping):
        return None, [Flaw("A skill is neither a name nor a table.")]
    name = _spelling(values.get("name"))
    if name is None:
        return None, [Flaw("A skill has no name, or one that is too long.", about="name")]
    kind: Any = values.get("kind")
    if kind is not None and not _is_kind(kind):
        known = ", ".join(sorted(KINDS))
        return None, [Flaw(f"The skill “{name}” has an unknown kind; the kinds are {known}.", about="kind")]
    flaws = []
    lists = {}
    for item, value in values.items():
        if item in LISTS:
            read = _texts(item, value)
            if read is None:
                flaws.append(Flaw(_NO_LIST.format(item, name), about=item))
            elif read:
                lists[item] = read
        elif item not in ("name", "kind"):
            flaws.append(Flaw(f"The skill “{name}” has an unknown field “{item}”.", about=str(item)))
    if unknown := [other for other in lists.get("also", ()) if other not in KINDS]:
        flaws.append(Flaw(f"The skill “{name}” has the unknown kind “{unknown[0]}”.", about="also"))
        lists["also"] = tuple(other for other in lists["also"] if other in KINDS)
    return Stated(name, kind, lists), flaws


def _readable(text: str, flaws: list[Flaw]) -> list[tuple[dict[str, Any], int]]:
    """The tables of the file, or of each of its entries that is valid TOML, with their first lines."""
    try:
        return [(tomllib.loads(text), 1)]
    except (ValueError, RecursionError):
        pass
    starts = [0, *(found.start() for found in _ENTRY.finditer(text)), len(text)]
    tables = []
    for start, end in pairwise(starts):
        before = text.count("\n", 0, start)
        try:
            tables.append((tomllib.loads("\n" * before + text[start:end]), before + 1))
        except (ValueError, RecursionError) as error:
            line = re.search(r"line (\d+)", str(error))
            flaws.append(Flaw(f"Not valid TOML: {error}.", int(line[1]) if line else _line(text, end)))
    return tables


def _is_kind(value: object) -> bool:
    return isinstance(value, str) and value in KINDS


def _texts(item: str, value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        return None
    longest = 3 * _LONGEST if item == "senses" else _LONGEST
    read = [_spelling(text, longest) for text in value]
    return None if None in read else tuple(text for text in read if text)


def _spelling(value: object, longest: int = _LONGEST) -> str | None:
    text = one_line(value) if isinstance(value, str) else ""
    return text if key(text) and len(text) <= longest else None


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _line_of(text: str, item: str, start: int = 0, end: int | None = None) -> int | None:
    named = re.compile(rf"^\s*[\"'\[]*\s*{re.escape(item)}\b", re.MULTILINE)
    found = named.search(text, start, len(text) if end is None else end) if item else None
    return _line(text, found.end()) if found else None


# --- as a generation keeps them ----------------------------------------------------------------------------


def as_facts(stated: Iterable[Stated]) -> list[dict[str, Any]]:
    """Skills as JSON that a manifest keeps."""
    return [
        {"name": one.name, "kind": one.kind, **{item: [*texts] for item, texts in one.lists.items()}}
        for one in stated
    ]


def from_facts(facts: Sequence[Mapping[str, Any]]) -> list[Stated]:
    """Skills as a manifest kept them."""
    return [found for entry in facts if (found := read_entry(entry)[0])]


# --- joining them to a catalogue ---------------------------------------------------------------------------


def merge(entries: Entries, stated: Sequence[Stated]) -> Merged:
    """A catalogue with more skills, and with more names for those it has; what does not fit is left out."""
    merging = _Merging(entries)
    for one in stated:
        merging.add(one)
    for one in stated:
        merging.relate(one)
    return Merged(merging.entries(), tuple(merging.flaws))


class _Merging:
    def __init__(self, entries: Entries) -> None:
        self._shipped = entries
        self._skills = {skill.name: skill for skill in entries.skills}
        self._owners: dict[str, str] = {}
        for skill in entries.skills:
            for spelling in (skill.name, *skill.aliases, *skill.typed):
                self._owners.setdefault(key(spelling), skill.name)
        self._own: set[str] = set()
        self.flaws: list[tuple[Stated, str]] = []

    def add(self, stated: Stated) -> None:
        """Take one skill in: as a new one, or joined to the one that has its name."""
        known = self._skills.get(self._owners.get(key(stated.name), ""))
        if known is None and stated.kind is None:
            self._refuse(stated, f"The skill “{stated.name}” has no kind.")
            return
        if known is None:
            known = Skill(name=stated.name, kind=stated.kind or "concept")
            self._claim(stated.name, known)
        elif stated.kind not in (None, "concept", *known.kinds):
            self._refuse(
                stated,
                f"“{known.name}” is already known as {known.kind}; give {stated.kind} in “also” instead.",
            )
        self._skills[known.name] = known
        self._join(stated, known)

    def relate(self, stated: Stated) -> None:
        """Add the skills it is related to, once all are known."""
        skill = self._skills.get(self._owners.get(key(stated.name), ""))
        if skill is None:
            return
        for name in stated.lists.get("related", ()):
            other = self._owners.get(key(name))
            if other is None:
                self._refuse(stated, f"The skill “{skill.name}” is related to “{name}”, which is not known.")
            elif other not in (skill.name, *skill.related):
                skill = replace(skill, related=(*skill.related, other))
        self._skills[skill.name] = skill

    def entries(self) -> Entries:
        """The joined catalogue: what was stated is no longer listed as something else."""
        return replace(
            self._shipped,
            skills=tuple(
                replace(skill, decoys=self._without_own(skill.decoys)) for skill in self._skills.values()
            ),
            others={kind: self._without_own(names) for kind, names in self._shipped.others.items()},
            words=self._without_own(self._shipped.words),
        )

    def _join(self, stated: Stated, skill: Skill) -> None:
        lists = stated.lists
        spellings = self._free(stated, skill, lists.get("aliases", ()))
        skill = replace(skill, aliases=(*skill.aliases, *spellings))
        if stated.name == skill.name and key(skill.name) in self._own:
            spellings.append(skill.name)
        ruled = {key(text) for text in (*lists.get("exact", ()), *lists.get("proper", ()), *skill.exact)}
        short = [text for text in spellings if _is_short(text) and key(text) not in ruled]
        skill = replace(skill, typed=(*skill.typed, *self._free(stated, skill, lists.get("typed", ()))))
        self._skills[skill.name] = replace(
            skill,
            also=_joined(skill.also, lists.get("also", ()), without=(skill.kind,)),
            exact=_joined(skill.exact, [*self._rules(stated, skill, "exact"), *short]),
            proper=_joined(skill.proper, self._rules(stated, skill, "proper")),
            decoys=_joined(skill.decoys, self._strange(stated, skill)),
            senses=_joined(skill.senses, lists.get("senses", ())),
        )

    def _free(self, stated: Stated, skill: Skill, spellings: Sequence[str]) -> list[str]:
        """The spellings that no other skill has; those it has already are passed over."""
        has = {spelling.casefold() for spelling in (skill.name, *skill.aliases, *skill.typed)}
        free = []
        for spelling in spellings:
            owner = self._owners.get(key(spelling), skill.name)
            if owner != skill.name:
                self._refuse(stated, f"“{spelling}” of the skill “{skill.name}” is taken by “{owner}”.")
            elif spelling.casefold() not in has:
                has.add(spelling.casefold())
                self._claim(spelling, skill)
                free.append(spelling)
        return free

    def _rules(self, stated: Stated, skill: Skill, item: str) -> list[str]:
        spelled = {key(spelling) for spelling in (skill.name, *skill.aliases)}
        kept = []
        for spelling in stated.lists.get(item, ()):
            if key(spelling) in spelled:
                kept.append(spelling)
            else:
                self._refuse(
                    stated,
                    f"The skill “{skill.name}” has a rule for “{spelling}”, which is none of its names.",
                )
        return kept

    def _strange(self, stated: Stated, skill: Skill) -> list[str]:
        kept = []
        for decoy in stated.lists.get("decoys", ()):
            if owner := self._owners.get(key(decoy)):
                self._refuse(stated, f"The decoy “{decoy}” of “{skill.name}” is a name of “{owner}”.")
            else:
                kept.append(decoy)
        return kept

    def _claim(self, spelling: str, skill: Skill) -> None:
        self._owners[key(spelling)] = skill.name
        self._own.add(key(spelling))

    def _without_own(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in names if key(name) not in self._own)

    def _refuse(self, stated: Stated, message: str) -> None:
        self.flaws.append((stated, message))


def _is_short(spelling: str) -> bool:
    """Whether a text may hold a name as an ordinary word: IT is meant where it is written so."""
    return len(key(spelling)) <= 2 or (len(key(spelling)) == 3 and spelling.isupper())


def _joined(known: tuple[str, ...], more: Iterable[str], without: Sequence[str] = ()) -> tuple[Any, ...]:
    return tuple(text for text in dict.fromkeys((*known, *more)) if text not in without)
