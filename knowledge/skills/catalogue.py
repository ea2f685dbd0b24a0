"""The catalogue: resolves names, finds skills in texts, says which documents name one."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from index.library import Manifest
from index.passages import Passage
from knowledge.asking.vocabulary import carries_topic, words
from knowledge.skills.asking import SkillsAsked, kind_wanted, kinds_called, names_little_else
from knowledge.skills.entries import Entries, Skill, key, parse
from knowledge.skills.mentions import ABSTRACT, Finder, Mention
from knowledge.skills.names import Resolution, Resolver
from knowledge.skills.own import from_facts, merge
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
    """Every skill the articles name. Safe to share between threads. Raises BadCatalogue.

    `digest` changes with anything in it.
    """

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self.skills = entries.skills
        self.digest = hashlib.sha256(repr(entries).encode()).hexdigest()[:16]
        self._kinds = entries.kinds
        self._generic = frozenset(
            key(form) for names in entries.kinds.values() for name in names for form in (name, f"{name}s")
        )
        self._finder = Finder(entries)
        self._others = {
            key(name): name for names in entries.others.values() for name in names if _is_telling(name)
        }
        longest_first = sorted(self._others.values(), key=len, reverse=True)
        self._foreign = re.compile(
            rf"(?<![\w.])(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?![\w+#])", re.IGNORECASE
        )
        self._names = {
            key(name): name
            for skill in entries.skills
            for name in (*skill.proper, *skill.exact)
            if _is_telling(name)
        }
        self._ordinary = re.compile(
            rf"\b(?:{'|'.join(map(re.escape, self._names.values())) or '(?!)'})\b", re.IGNORECASE
        )
        self._resolver = Resolver(entries)

    def resolve(self, query: str) -> Resolution:
        """The skill somebody means by what they typed, if that is clear."""
        return self._resolver.resolve(query)

    def find(self, text: str) -> list[Mention]:
        """The skills a text names, in order."""
        return self._finder.find(text)

    def asked(self, text: str, usual: frozenset[str] = frozenset()) -> SkillsAsked:
        """The concrete skills a question names, and the kind it wants examples of.

        `usual` holds stems that stand in every question here, such as those of the documents' titles.
        """
        spelled = self._spelled(text)
        mentions = self.concrete(spelled)
        spans = [(found.start, found.end) for found in mentions]
        return SkillsAsked(
            named=tuple(dict.fromkeys(found.skill for found in mentions)),
            kind=kind_wanted(text, self._kinds),
            alone=bool(mentions) and names_little_else(spelled, spans, usual),
        )

    def elsewhere(self, text: str) -> list[str]:
        """The technologies known by name only, and described nowhere here, that a text names."""
        return list(dict.fromkeys(self._others[key(found.group())] for found in self._foreign.finditer(text)))

    def _spelled(self, text: str) -> str:
        """A question with names that are ordinary words spelled as names: nobody asks about springs here."""
        # Never at the start of a sentence, where every word has a capital.
        text = "about " + self._ordinary.sub(lambda found: self._names[key(found.group())], text)
        kinds = {mention.skill.kind for mention in self.find(text)}
        for skill in self.skills:
            for name in skill.exact if skill.kind in kinds else ():
                text = re.sub(rf"\b{re.escape(name)}\b", name, text, flags=re.IGNORECASE)
        return text

    def kinds_called(self, text: str) -> frozenset[str]:
        """The kinds of skills a text speaks of by name."""
        return kinds_called(text, self._kinds)

    def concrete(self, text: str) -> list[Mention]:
        """The skills a text names that are a certain language, database, tool …: neither habits nor kinds."""
        return [
            found
            for found in self.find(text)
            if ABSTRACT.isdisjoint(found.skill.kinds) and key(found.skill.name) not in self._generic
        ]

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


def catalogue_of(manifest: Manifest, shipped: Catalogue) -> Catalogue:
    """The catalogue of a generation: the one that is shipped, and the skills stated beside its documents."""
    return with_own(shipped, manifest.facts.get("skills", ()))


def with_own(shipped: Catalogue, facts: Sequence[Mapping[str, Any]]) -> Catalogue:
    """The shipped catalogue with skills as a manifest keeps them; the same object for the same skills."""
    return _with_own(shipped, json.dumps(facts, sort_keys=True)) if facts else shipped


@lru_cache(maxsize=8)
def _with_own(shipped: Catalogue, facts: str) -> Catalogue:
    return Catalogue(merge(shipped.entries, from_facts(json.loads(facts))).entries)


def _is_telling(name: str) -> bool:
    return all(carries_topic(word) for word in words(name))


def _said(text: str, mention: Mention) -> tuple[int, int]:
    """The list item or the sentence around a mention."""
    start = text.rfind("\n", 0, mention.start) + 1
    end = text.find("\n", mention.end)
    line = (start, end if end >= 0 else len(text))
    if marker := _ITEM.match(text, *line):
        return marker.end(), line[1]
    return next((span for span in sentences(text, line) if span[0] <= mention.start < span[1]), line)
