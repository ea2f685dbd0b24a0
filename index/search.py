"""Words and meaning joined into one ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.embedding import Vectors
from index.library import Snapshot

MEANING_WEIGHT = 0.8
"""Share of the similarity of vectors in a score; the rest is BM25.

Facts held by the first one to three passages, mean over 149 questions (`python -m tests.measure.ranking`):
words alone .71; vectors of whole passages .74, with sentences .78, with section questions as well .84; with
words at .9 .852, .8 .854, .7 .845, .6 .829; words divided by the best at most .847; reciprocal ranks .78,
words at .3 .81. MaxSim over token vectors of the first dozen .871, better on 12 questions, worse on 7: not
used, since that may be chance and costs 147 kB a passage, five times all its cues, and a wider Embedder.
"""

HALFWAY = 4.0
"""BM25 that counts half. Dividing by the best of a ranking instead lets words that stand everywhere decide
where a question has no others."""

POOL = 30
"""Passages taken from each of the two searches before they are joined."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One passage in a ranking and how it came there.

    `score` orders one ranking; `meaning` is the cosine of the best cue, comparable between questions;
    `words` is BM25 brought between 0 and 1, 0 where no word is shared. Ranks count from 1 and are
    None where that search did not find the passage. `similarities` holds the cosine of every cue, in order.
    """

    passage: str
    score: float
    meaning: float
    words: float
    meaning_rank: int | None
    words_rank: int | None
    similarities: tuple[float, ...]


def search(
    snapshot: Snapshot, vector: Vectors, telling: str, limit: int, also: Sequence[str] = ()
) -> list[Candidate]:
    """Passages for a question, best first, at most `limit`; same question and generation, same ranking.

    `vector` is the embedded question, shape (dimension,). `telling` holds those of its words that may decide:
    in a small corpus "should" and "which" are rare, and BM25 would take them for the subject. Passages named
    in `also` are in the ranking wherever they stand, beyond `limit` too.
    """
    near = {hit.passage: rank for rank, hit in enumerate(snapshot.nearest(vector, POOL), 1)}
    matches = snapshot.matching(telling, POOL)
    words = {hit.passage: (rank, hit.score / (hit.score + HALFWAY)) for rank, hit in enumerate(matches, 1)}
    pool = list(dict.fromkeys([*near, *words, *also]))
    scored = [
        _candidate(passage, similarities, near, words)
        for passage, similarities in zip(pool, snapshot.similarities(vector, pool), strict=True)
    ]
    scored.sort(key=lambda candidate: (-candidate.score, candidate.passage))
    kept = max(limit, 0)
    return scored[:kept] + [candidate for candidate in scored[kept:] if candidate.passage in also]


def _candidate(
    passage: str,
    similarities: tuple[float, ...],
    near: Mapping[str, int],
    words: Mapping[str, tuple[int, float]],
) -> Candidate:
    meaning = max(similarities)
    words_rank, words_score = words.get(passage, (None, 0.0))
    return Candidate(
        passage=passage,
        score=MEANING_WEIGHT * max(meaning, 0.0) + (1 - MEANING_WEIGHT) * words_score,
        meaning=meaning,
        words=words_score,
        meaning_rank=near.get(passage),
        words_rank=words_rank,
        similarities=similarities,
    )
