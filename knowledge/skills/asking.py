"""Which skills a question names, and of which kind it wants examples. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.asking.vocabulary import carries_topic, stem, words
from knowledge.skills.entries import Skill

_FILLER = (
    r"(?:(?!(?:do|does|did|is|are|was|about|can|could|should|would|happens|to|of|has|have|makes?|how|why|when|"
    r"where|in|on|for|with)\b)[\w+#-]+\W+)"
)
_OPENING = (
    r"(?:which|what|what's|whats|name|list|any|all|every|some|examples? of|kinds? of|types? of|sorts? of)"
)
_WISH = r"(?:learn|know|use|uses|using|need|pick|choose|study)"
_DETAIL = (
    r"(?!\W+(?:work|problem|task|job|design|develop|model|schema|quer|manag|skill|performance|side|failure|"
    r"timeout|endpoint|change|migration|layer|access|engineer|develop|admin|rule|logic|question))"
)
_PLAIN = frozenset(
    [
        "learn",
        "learning",
        "choice",
        "skill",
        "skills",
        "language",
        "languages",
        "framework",
        "frameworks",
        "database",
        "databases",
        "tool",
        "tools",
        "technology",
        "technologies",
        "tech",
        "stack",
        "popular",
        "relevant",
        "required",
        "requirement",
        "common",
        "career",
        "role",
        "roles",
        "article",
        "articles",
        "source",
        "sources",
        "document",
        "documents",
        "people",
        "study",
        "master",
        "pick",
        "choose",
    ]
)
_AFTER = r"\W+(?:[\w+#-]+\W+){0,2}?(?:should|worth|to know|to learn|to use|used|named|mentioned|matter)\b"


@dataclass(frozen=True, slots=True)
class SkillsAsked:
    """Skills a question names, the kind it wants examples of, and whether it names little else."""

    named: tuple[Skill, ...] = ()
    kind: str | None = None
    alone: bool = False


def kind_wanted(text: str, kinds: Mapping[str, Sequence[str]]) -> str | None:
    """The kind of skill a question wants named: "which databases should I learn" → database."""
    return next((kind for kind, names in kinds.items() if _wants(tuple(names)).search(text)), None)


@lru_cache(maxsize=64)
def _wants(names: tuple[str, ...]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(name).replace(r"\ ", r"[\s-]") for name in sorted(names, key=len)[::-1])
    kind = rf"(?:{alternatives})s?\b"
    return re.compile(
        rf"\b{_OPENING}\W+{_FILLER}{{0,3}}?{kind}{_DETAIL}"
        rf"|\b{_WISH}\W+(?:a |an |any |some |the |about |other )*{_FILLER}?{kind}{_DETAIL}"
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
    return all(stem(word) in usual or word in _PLAIN for word in words(rest) if carries_topic(word))
