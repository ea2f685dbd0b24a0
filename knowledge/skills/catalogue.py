"""The catalogue: resolves names, finds skills in texts, says which documents name one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from index.passages import Passage
from knowledge.skills.entries import Entries, Skill, parse
from knowledge.skills.mentions import Finder, Mention
from knowledge.skills.names import Resolution, Resolver
from knowledge.splitting import sentences

_ITEM = re.compile(r"\s*(?:- |\d+\. )")


@dataclass(frozen=True, slots=True)
class Naming:
    """The sentence or list item of a document that names a skill, as offsets into `Record.text`."""

    document: str
    passage: str
    start: int
    end: int


class Catalogue:
    """Every skill the articles name. Safe to share between threads. Raises BadCatalogue."""

    def __init__(self, entries: Entries) -> None:
        self.skills = entries.skills
        self._finder = Finder(entries)
        self._resolver = Resolver(entries)

    def resolve(self, query: str) -> Resolution:
        """The skill somebody means by what they typed, if that is clear."""
        return self._resolver.resolve(query)

    def find(self, text: str) -> list[Mention]:
        """The skills a text names, in order."""
        return self._finder.find(text)

    def who_names(self, skill: Skill, passages: Iterable[Passage]) -> list[Naming]:
        """Where each document first names a skill, in the order of the passages given."""
        first: dict[str, Naming] = {}
        for passage in passages:
            if passage.document in first:
                continue
            mention = next((found for found in self.find(passage.text) if found.skill == skill), None)
            if mention:
                start, end = _said(passage.text, mention)
                first[passage.document] = Naming(
                    passage.document, passage.id, passage.start + start, passage.start + end
                )
        return list(first.values())


def load_catalogue() -> Catalogue:
    """The catalogue that is shipped."""
    return Catalogue(parse(files("knowledge.skills").joinpath("skills.toml").read_text("utf-8")))


def _said(text: str, mention: Mention) -> tuple[int, int]:
    """The list item or the sentence around a mention."""
    start = text.rfind("\n", 0, mention.start) + 1
    end = text.find("\n", mention.end)
    line = (start, end if end >= 0 else len(text))
    if marker := _ITEM.match(text, *line):
        return marker.end(), line[1]
    return next((span for span in sentences(text, line) if span[0] <= mention.start < span[1]), line)
