"""What speaks for and against a ranking's answering its question. Pure."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.passages import Passage
from index.search import Candidate
from knowledge.asking.vocabulary import stem, stems
from knowledge.background import Background, searchable

FEW = 50
"""Passages up to which a generation is so small that nothing in it is near by chance."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about how well a ranking fits its question; every number but `crowd` is in [0, 1].

    `meaning` is the best passage's best cosine, `body` the cosine of that passage as a whole, `lead` how far
    it stands above the fourth. `covered` is the share of the question's topic words, each weighed by how
    telling it is, that the best passage holds; `unknown` counts those no document holds, in thirds.
    `near_miss` is
    the cosine with the nearest question that the best passage's document is known not to answer. `named`
    tells that all the question wants is skills to be named, and that documents name some. `crowd` is the
    power of ten by which a generation's passages exceed `FEW`: of many, one is always near.
    """

    meaning: float
    body: float
    lead: float
    covered: float
    unknown: float
    near_miss: float = 0.0
    named: bool = False
    crowd: float = 0.0
    asked_for: bool = True


def weigh(
    candidates: Sequence[Candidate],
    passages: Mapping[str, Passage],
    topic_words: Sequence[str],
    background: Background,
) -> Evidence:
    """The evidence in a ranking, best first; near misses and skills are not looked at."""
    best = candidates[0]
    fourth = candidates[min(3, len(candidates) - 1)]
    weights = {word: background.vocabulary.telling(word) for word in topic_words}
    held = _stems(searchable(passages[best.passage]))
    return Evidence(
        meaning=clip(best.meaning),
        body=clip(best.similarities[0]),
        lead=clip(best.meaning - fourth.meaning),
        covered=_share(weights, {word for word in topic_words if _holds(held, word)}),
        unknown=min(sum(not background.vocabulary.knows(word) for word in topic_words), 3) / 3,
        crowd=max(math.log10(max(background.vocabulary.passages, 1) / FEW), 0.0),
        asked_for=bool(passages[best.passage].attributes.get("questions")),
    )


def clip(value: float) -> float:
    """The value brought between 0 and 1."""
    return min(max(value, 0.0), 1.0)


def _share(weights: Mapping[str, float], chosen: set[str]) -> float:
    total = sum(weights.values())
    return sum(weights[word] for word in chosen) / total if total > 0 else 0.0


@lru_cache(maxsize=20_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def _holds(held: frozenset[str], word: str) -> bool:
    parts = [part for part in re.split(r"[.'/-]", word) if part]
    return stem(word) in held or all(stem(part) in held for part in parts)
