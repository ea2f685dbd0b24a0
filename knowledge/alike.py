"""Which questions mean the same: grouped by how near their vectors are. Pure, but for a lazy import.

Both distances were chosen on every second group of `tests/knowledge/data/paraphrases.toml` with the packaged
model; `python -m tests.measure.alike` prints how many pairs are right, and how many are found, on the others.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors
from knowledge.asking.vocabulary import words

APART = 0.55
"""Mean cosine distance up to which questions are one group."""

REACH = 0.5
"""Cosine from which two questions of a group are so near that either could be shown for the other."""

BESIDE = 0.65
"""Distance between the middles of groups up to which they are shown beside each other, and nothing more."""

TOGETHER = 1000
"""Questions that are compared each with each at once: more would hold up other threads, and take memory."""

_TIGHTER, _THE_SAME = 0.05, 0.95
_EVERYWHERE = re.compile(
    r"\b(?:back[- ]?end|software)\b|\b(?:engineers?|developers?|devs?|programmers?|people|jobs?|work)\b",
    re.IGNORECASE,
)


def bare(question: str) -> str:
    """The question without what nearly every question here is about, which makes strangers look alike."""
    rest = " ".join(_EVERYWHERE.sub(" ", question).split())
    return rest if len(words(rest)) > 1 else question


def groups(vectors: Vectors, apart: float | None = None) -> list[list[int]]:
    """The rows of unit-length vectors that mean the same, each row in one group, in order of first rows."""
    apart = APART if apart is None else apart
    found = [
        group
        for component in _within_reach(vectors, list(range(len(vectors))), 1 - apart)
        for group in _grouped(vectors, component, apart, 1 - apart)
    ]
    return sorted((sorted(group) for group in found), key=lambda group: group[0])


def _within_reach(vectors: Vectors, rows: Sequence[int], least: float) -> list[list[int]]:
    """Rows that are connected by pairs at least so alike.

    No group of average linkage reaches beyond: where a mean is near enough, some pair is.
    """
    components, unseen = [], np.array(rows, dtype=np.int64)
    while unseen.size:
        component, frontier, unseen = [unseen[:1]], unseen[:1], unseen[1:]
        while frontier.size and unseen.size:
            near = np.zeros(unseen.size, dtype=bool)
            for start in range(0, frontier.size, TOGETHER):
                part = vectors[frontier[start : start + TOGETHER]]
                near |= (part @ vectors[unseen].T >= least).any(axis=0)
            frontier, unseen = unseen[near], unseen[~near]
            component.append(frontier)
        components.append([int(row) for row in np.concatenate(component)])
    return components


def middle(vectors: Vectors) -> Vectors:
    """The unit-length vector that all of these are nearest to."""
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)


def _grouped(vectors: Vectors, rows: list[int], apart: float, least: float) -> list[list[int]]:
    if len(rows) < 2:
        return [rows]
    if len(rows) > TOGETHER and least < _THE_SAME:
        # So many hang together that they are taken apart where they hang together least.
        tighter = least + _TIGHTER
        parts = _within_reach(vectors, rows, tighter)
        return [group for part in parts for group in _grouped(vectors, part, apart, tighter)]
    if len(rows) > TOGETHER:
        return [rows]
    found: dict[int, list[int]] = {}
    for row, label in zip(rows, _linked(vectors[rows], apart), strict=True):
        found.setdefault(int(label), []).append(row)
    return list(found.values())


def _linked(vectors: Vectors, apart: float) -> NDArray[np.int64]:
    from sklearn.cluster import AgglomerativeClustering

    clustering = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=apart
    )
    return np.asarray(clustering.fit_predict(vectors), dtype=np.int64)
