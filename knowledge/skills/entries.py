"""What skills.toml holds, and what is wrong with it."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Kind = Literal[
    "language", "framework", "database", "api", "messaging", "cache", "container", "cloud", "ci",
    "version-control", "monitoring", "third-party", "practice", "soft", "concept",
]  # fmt: skip

KINDS: frozenset[str] = frozenset(get_args(Kind))
LISTS = ("also", "aliases", "typed", "exact", "proper", "decoys", "related", "senses")
"""The fields of a skill that hold several texts."""


class BadCatalogue(Exception):
    """The catalogue cannot be used; the message names the entry and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Skill:
    """One entry of skills.toml, where the fields are explained."""

    name: str
    kind: Kind
    also: tuple[Kind, ...] = ()
    aliases: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    proper: tuple[str, ...] = ()
    decoys: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    senses: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What it is, and what else it is taken for."""
        return (self.kind, *self.also)


@dataclass(frozen=True, slots=True)
class Entries:
    """The whole file: skills in the order they are offered, other names by kind, ordinary words, and what
    the kinds are called."""

    skills: tuple[Skill, ...]
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def key(text: str) -> str:
    """What stays the same however a name is spaced, hyphenated, dotted or capitalised."""
    plain = unicodedata.normalize("NFKC", text.replace("♯", "#")).casefold()
    return re.sub(r"[^\w#+]|_", "", plain)


def parse(text: str) -> Entries:
    """The entries written in TOML, each checked by itself. Raises BadCatalogue."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadCatalogue(f"The skill catalogue is not valid TOML: {error}.") from error
    if unknown := table.keys() - {"skill", "others", "words", "kinds"}:
        raise BadCatalogue(f"The skill catalogue has an unknown part “{min(unknown)}”.")
    skills = table.get("skill", [])
    if not isinstance(skills, list) or not all(isinstance(entry, dict) for entry in skills):
        raise BadCatalogue("The skill catalogue must list its skills as [[skill]].")
    read = tuple(_skill(entry, number) for number, entry in enumerate(skills, 1))
    _check_related(read)
    return Entries(
        skills=read,
        others=_by_kind(table, "others"),
        words=_strings(table, "words", "the skill catalogue"),
        kinds=_by_kind(table, "kinds"),
    )


def _skill(entry: Mapping[str, Any], number: int) -> Skill:
    name = entry.get("name")
    if not isinstance(name, str) or not key(name):
        raise BadCatalogue(f"Skill number {number} has no name.")
    if unknown := entry.keys() - {"name", "kind", *LISTS}:
        raise BadCatalogue(f"The skill “{name}” has an unknown field “{min(unknown)}”.")
    lists = {item: _strings(entry, item, f"the skill “{name}”") for item in LISTS}
    kind: Any = entry.get("kind")
    for given in (kind, *lists["also"]):
        if given not in KINDS:
            raise BadCatalogue(f"The skill “{name}” has the unknown kind “{given}”.")
    spelled = {key(spelling) for spelling in (name, *lists["aliases"])}
    for spelling in (*lists["exact"], *lists["proper"]):
        if key(spelling) not in spelled:
            raise BadCatalogue(f"The skill “{name}” has a rule for “{spelling}”, which is none of its names.")
    return Skill(name=name, kind=kind, **lists)  # type: ignore[arg-type]  # the kinds were checked


def _check_related(skills: Sequence[Skill]) -> None:
    names = {skill.name for skill in skills}
    for skill in skills:
        for other in skill.related:
            if other not in names - {skill.name}:
                raise BadCatalogue(
                    f"The skill “{skill.name}” is related to “{other}”, which is no other skill."
                )


def _strings(table: Mapping[str, Any], item: str, owner: str) -> tuple[str, ...]:
    values = table.get(item, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and key(value) for value in values):
        raise BadCatalogue(f"“{item}” of {owner} must be a list of names.")
    return tuple(values)


def _by_kind(whole: Mapping[str, Any], part: str) -> dict[str, tuple[str, ...]]:
    table = whole.get(part, {})
    if not isinstance(table, dict):
        raise BadCatalogue(f"The part “{part}” of the skill catalogue must be a table.")
    if unknown := table.keys() - KINDS:
        raise BadCatalogue(f"The part “{part}” of the skill catalogue has the unknown kind “{min(unknown)}”.")
    return {kind: _strings(table, kind, f"the part “{part}”") for kind in table}
