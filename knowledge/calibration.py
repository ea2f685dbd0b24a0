"""The floor below which a generation declines, found on what it answers and on near misses. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from index.embedding import Embedder
from index.library import Snapshot
from knowledge.asking.conversation import Asked
from knowledge.background import Background, listed_questions
from knowledge.declining import ASKED_FOR, FLOOR, UNASKED, answerable
from knowledge.finding import find

FLOORS = (0.425, 0.45, 0.475, 0.5, 0.525, 0.55, 0.575)
"""Floors that are tried. Listed questions are worded better than what people type, and a near miss that
counts as unknown is harder than a new one, so that a floor found on them alone would be too high: it stays
near those that were best for people's questions."""

FEWEST = 30
"""Listed questions, and near misses, from which a floor is fitted at all."""

MOST = 500
"""Of each kind tried, evenly chosen: enough for errors of one percent."""

ITSELF = 0.999
"""Cosine from which a text is the question itself."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A floor and its error on one generation.

    `wrongly_declined` is the share of listed questions it would decline, each asked as if it were not listed;
    `wrongly_answered` the share of near misses it would answer, each asked as if it were not known as one.
    """

    floor: float
    listed: int
    wrongly_declined: float
    near_misses: int
    wrongly_answered: float


def version() -> str:
    """Changes whenever the same generation could get another floor."""
    return hashlib.sha256(repr((ASKED_FOR, UNASKED, FLOOR, FLOORS)).encode()).hexdigest()[:16]


def calibrate(snapshot: Snapshot, background: Background, embedder: Embedder) -> Calibration:
    """Try every floor on a generation. With too little to try it on, the packaged one stays."""
    known = [question for near in background.unanswered for question in near.questions]
    listed, missed = (
        _odds(questions, snapshot, background, embedder) for questions in (listed_questions(snapshot), known)
    )
    enough = min(len(listed), len(missed)) >= FEWEST
    tried = [_tried(floor, listed, missed) for floor in (FLOORS if enough else (FLOOR,))]
    return min(tried, key=lambda found: found.wrongly_declined + found.wrongly_answered)


def _odds(
    questions: Sequence[str], snapshot: Snapshot, background: Background, embedder: Embedder
) -> list[float]:
    chosen = questions[:: max(1, -(-len(questions) // MOST))]
    found = (find(snapshot, embedder, Asked(text), background, below=ITSELF) for text in chosen)
    return [answerable(one.evidence) for one in found]


def _tried(floor: float, listed: Sequence[float], missed: Sequence[float]) -> Calibration:
    return Calibration(
        floor=floor,
        listed=len(listed),
        wrongly_declined=_share([odds < floor for odds in listed]),
        near_misses=len(missed),
        wrongly_answered=_share([odds >= floor for odds in missed]),
    )


def _share(holds: Sequence[bool]) -> float:
    return round(sum(holds) / len(holds), 4) if holds else 0.0
