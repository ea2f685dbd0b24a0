"""Which skills a question names, and of which kind it wants examples. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.asking.vocabulary import carries_topic, stem, words
from knowledge.skills.entries import Skill

_FILLER = (
    r"(?:(?!(?:do|does|did|is|are|was|about|can|could|should|would|happens|to|of|has|have|makes?|how|why|when|"
    r"where|explain|in|on|for|with)\b)[\w+#-]+\W+)"
)
_OPENING = (
    r"(?:which|what|what's|whats|name|list|any|all|every|some|examples? of|kinds? of|types? of|sorts? of)"
)
_WISH = r"(?:learn|know|use|uses|using|need|pick|choose|study)"
_WANTS_A_WAY = re.compile(r"^\W*(?:(?:and|so|ok|but)\W+)*(?:how(?! (?:many|much))|why|when)\b", re.IGNORECASE)
_DETAIL = (
    r"(?!\W+(?:work|problem|task|job|design|develop|model|schema|quer|manag|skill|performance|side|failure|"
    r"timeout|endpoint|change|migration|layer|access|engineer|develop|admin|rule|logic|question))"
)
_PLAIN = frozenset(map(stem, (
    "vs", "versus", "compare", "learn", "study", "master", "pick", "choose", "choice", "skill", "language",
    "framework", "database", "cache", "queue", "tool", "technology", "tech", "stack", "popular", "relevant",
    "require", "requirement", "common", "career", "role", "article", "source", "document", "people",
)))  # fmt: skip
"""Stems that may stand beside a skill in a question about nothing else."""

_AFTER = r"\W+(?:[\w+#-]+\W+){0,2}?(?:should|worth|to know|to learn|to use|used|named|mentioned|matter)\b"


@dataclass(frozen=True, slots=True)
class SkillsAsked:
    """Skills a question names, the kind it wants examples of, and whether it names little else."""

    named: tuple[Skill, ...] = ()
    kind: str | None = None
    alone: bool = False


def kind_wanted(text: str, kinds: Mapping[str, Sequence[str]]) -> str | None:
    """The kind of skill a question wants named: "which databases should I learn" → database."""
    if _WANTS_A_WAY.match(text):
        return None
    return next((kind for kind, names in kinds.items() if _wants(tuple(names)).search(text)), None)


def kinds_called(text: str, kinds: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The kinds of skills a text speaks of by name: "New Relic is a monitoring service" → monitoring."""
    return frozenset(kind for kind, names in kinds.items() if _called(tuple(names)).search(text))


@lru_cache(maxsize=64)
def _called(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b{_any_of(names)}", re.IGNORECASE)


def _any_of(names: Sequence[str]) -> str:
    longest_first = sorted(names, key=len, reverse=True)
    alternatives = "|".join(re.escape(name).replace(r"\ ", r"[\s-]") for name in longest_first)
    return rf"(?:{alternatives})s?\b"


@lru_cache(maxsize=64)
def _wants(names: tuple[str, ...]) -> re.Pattern[str]:
    kind = _any_of(names)
    return re.compile(
        rf"\b{_OPENING}\W+{_FILLER}{{0,3}}?{kind}{_DETAIL}"
        rf"|\b{_WISH}\W+(?:a |an |any |some |the |other )*{_FILLER}?{kind}{_DETAIL}"
        rf"|^\W*(?:(?:and|also|the|ok|so|what about|how about)\W+)*{_FILLER}?{kind}\W*$"
        rf"|^\W*{_FILLER}?{kind}{_AFTER}",
        re.IGNORECASE,
    )


def names_little_else(text: str, spans: Sequence[tuple[int, int]], usual: frozenset[str]) -> bool:
    """Whether a question is about nothing but the skills at these places.

    `usual` holds stems that stand in every question here, such as those of the documents' titles.
    """
    rest = text
    for start, end in sorted(spans, reverse=True):
        rest = f"{rest[:start]} {rest[end:]}"
    return all(stem(word) in usual | _PLAIN for word in words(rest) if carries_topic(word))
