"""One question against one generation: the ranking, and what speaks for and against it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.embedding import Embedder, Vectors
from index.library import Snapshot
from index.passages import Passage
from index.search import Candidate, search
from knowledge.asking.conversation import Asked
from knowledge.asking.vocabulary import carries_topic, plain_english, stem, stems, words
from knowledge.background import Background, searchable

CANDIDATES = 12
"""Passages a composed answer may choose from."""

FOLLOW_UP_SHARE = 0.5
"""Weight of a follow-up's own words; the rest is the earlier question it continues, with it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about how well a ranking fits its question; every value lies between 0 and 1.

    `meaning` is the best passage's best cosine, `body` the cosine of that passage as a whole, `lead` how far
    it stands above the fourth. `covered` is the share of the question's telling words that one of the first
    five passages holds, `unknown` the share of its topic words that no document holds, of at most three.
    """

    meaning: float
    body: float
    lead: float
    covered: float
    unknown: float
    asked_for: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A ranking with its passages and evidence. `text` is the question as it was looked for."""

    asked: Asked
    text: str
    vector: Vectors
    candidates: tuple[Candidate, ...]
    passages: Mapping[str, Passage]
    evidence: Evidence
    unknown_words: tuple[str, ...]


def find(snapshot: Snapshot, embedder: Embedder, asked: Asked, background: Background) -> Found:
    """Rank the generation's passages for one question and weigh the evidence."""
    text = plain_english(asked.text, background.vocabulary, background.is_word)
    about = asked.about and plain_english(asked.about, background.vocabulary, background.is_word)
    vector = _vector(embedder, text, about)
    candidates = search(snapshot, vector, telling_words(f"{text} {about or ''}"), CANDIDATES)
    passages = {passage.id: passage for passage in snapshot.passages([c.passage for c in candidates])}
    topic_words = list(dict.fromkeys(word for word in words(text) if carries_topic(word)))
    unknown = tuple(word for word in topic_words if not background.vocabulary.knows(word))
    return Found(
        asked=asked,
        text=text,
        vector=vector,
        candidates=tuple(candidates),
        passages=passages,
        evidence=_evidence(candidates, passages, topic_words, unknown, background),
        unknown_words=unknown,
    )


def telling_words(text: str) -> str:
    """The words of a text that may decide what it is about."""
    return " ".join(word for word in words(text) if carries_topic(word))


def _vector(embedder: Embedder, text: str, about: str | None) -> Vectors:
    if about is None:
        single: Vectors = embedder.embed([text])[0]
        return single
    own, whole = embedder.embed([text, f"{about} {text}"])
    mixed = FOLLOW_UP_SHARE * own + (1 - FOLLOW_UP_SHARE) * whole
    unit: Vectors = (mixed / max(float(np.linalg.norm(mixed)), 1e-12)).astype(np.float32)
    return unit


def _evidence(
    candidates: list[Candidate],
    passages: Mapping[str, Passage],
    topic_words: list[str],
    unknown: tuple[str, ...],
    background: Background,
) -> Evidence:
    best = candidates[0]
    fourth = candidates[min(3, len(candidates) - 1)]
    covered = max(
        _covered(topic_words, passages[candidate.passage], background) for candidate in candidates[:5]
    )
    return Evidence(
        meaning=_share(best.meaning),
        body=_share(best.similarities[0]),
        lead=_share(best.meaning - fourth.meaning),
        covered=covered,
        unknown=min(len(unknown), 3) / 3,
        asked_for=bool(passages[best.passage].attributes.get("questions")),
    )


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _covered(topic_words: list[str], passage: Passage, background: Background) -> float:
    """Share of the words, each weighed by how telling it is, that a passage holds."""
    held = _stems(searchable(passage))
    weights = {word: background.vocabulary.telling(word) for word in topic_words}
    total = sum(weights.values())
    if total <= 0:
        return 0.0
    return sum(weight for word, weight in weights.items() if _holds(held, word)) / total


@lru_cache(maxsize=20_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def _holds(held: frozenset[str], word: str) -> bool:
    parts = [part for part in re.split(r"[.'/-]", word) if part]
    return stem(word) in held or all(stem(part) in held for part in parts)
