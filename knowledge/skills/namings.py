"""Which sentence or list item of a generation names which skill, and how many documents agree. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.passages import Passage
from knowledge.skills.catalogue import Catalogue
from knowledge.skills.entries import Skill


@dataclass(frozen=True, slots=True)
class NamedIn:
    """A sentence or list item, by its place among the parts of its passage, and the skills it names.

    `kinds` are those it speaks of by name, as in "Databases: …".
    """

    document: str
    passage: str
    place: int
    skills: tuple[Skill, ...]
    kinds: frozenset[str] = frozenset()

    def of_kind(self, kind: str) -> list[Skill]:
        """Those of its skills that are, or are taken for, this kind."""
        return [skill for skill in self.skills if kind in skill.kinds]


@dataclass(frozen=True, slots=True)
class Namings:
    """Every part that names a concrete skill, in reading order."""

    parts: tuple[NamedIn, ...] = ()

    def naming(self, skills: Iterable[Skill]) -> list[NamedIn]:
        """The parts that name any of these skills."""
        wanted = set(skills)
        return [part for part in self.parts if wanted & set(part.skills)]

    def examples(self, kind: str) -> list[NamedIn]:
        """The part of each document that names most skills of a kind, the longest first.

        A single name in passing is no answer to "which". Where there is nothing else, it has to be called by
        its kind.
        """
        listing = [part for part in self.parts if len(part.of_kind(kind)) > 1]
        return self._most(kind, listing or [part for part in self.parts if kind in part.kinds])

    def _most(self, kind: str, parts: Iterable[NamedIn]) -> list[NamedIn]:
        best: dict[str, NamedIn] = {}
        for part in parts:
            known = best.get(part.document)
            if part.of_kind(kind) and (known is None or len(part.of_kind(kind)) > len(known.of_kind(kind))):
                best[part.document] = part
        return sorted(best.values(), key=lambda part: -len(part.of_kind(kind)))

    def counted(self, parts: Iterable[NamedIn], kind: str) -> dict[Skill, int]:
        """The skills of a kind that parts name, each with the number of documents that name it anywhere."""
        skills = dict.fromkeys(skill for part in parts for skill in part.of_kind(kind))
        return {skill: self.documents(skill) for skill in skills}

    def documents(self, skill: Skill) -> int:
        """How many documents name a skill."""
        return len({part.document for part in self.naming([skill])})


def read_namings(passages: Iterable[Passage], catalogue: Catalogue) -> Namings:
    """Look through every sentence and list item once."""
    return Namings(tuple(part for passage in passages for part in _parts(passage, catalogue)))


def _parts(passage: Passage, catalogue: Catalogue) -> Iterator[NamedIn]:
    parts = passage.attributes["parts"]
    found: dict[int, dict[Skill, None]] = {}
    for mention in catalogue.concrete(passage.text):
        at = passage.start + mention.start
        place = next((place for place, (start, end) in enumerate(parts) if start <= at < end), None)
        if place is not None:
            found.setdefault(place, {})[mention.skill] = None
    for place, skills in sorted(found.items()):
        start, end = parts[place]
        said = passage.text[start - passage.start : end - passage.start]
        yield NamedIn(passage.document, passage.id, place, tuple(skills), catalogue.kinds_called(said))
