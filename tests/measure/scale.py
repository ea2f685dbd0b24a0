"""Search among made-up passages: python -m tests.measure.scale [--sizes 1000 10000] [--graph].

Vectors are drawn around centres, some fifty to each, and these around topics, since texts are no even cloud
either; questions are fresh draws around the same centres. Ours is a folder library with its catalogue, asked
through `nearest`; beside it a bare flat FAISS index, both on one thread. Recall is counted against an exact
product in numpy. Prints one JSON object a size.
"""

import argparse
import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import faiss
import numpy as np

from index.embedding import Vectors
from index.folder.library import FolderLibrary
from index.folder.snapshot import FolderSnapshot
from index.folder.vectors import FLAT_LIMIT
from index.library import Contents
from index.passages import Cue, Passage, Record

DIMENSION, TOP, QUESTIONS = 384, 10, 100
Found = TypeVar("Found")
SPREAD = 2.0
"""Length of what is added to a centre of length one: the best hits then have a cosine near 0.3, below that of
real texts, which makes it harder for a graph rather than easier."""

ROUNDS = 2


def made_up(count: int, *, seed: int = 0) -> tuple[Vectors, Vectors]:
    """Unit vectors of passages and of questions about them; the same for the same seed."""
    draw = np.random.default_rng(seed)

    def anywhere(number: int) -> Vectors:
        return _unit(draw.standard_normal((number, DIMENSION), dtype=np.float32))

    def near(centres: Vectors, number: int, spread: float) -> Vectors:
        return _unit(centres[draw.integers(len(centres), size=number)] + spread * anywhere(number))

    topics = anywhere(max(1, count // 2_500))
    centres = near(topics, max(1, count // 50), 1.0)
    return near(centres, count, SPREAD), near(centres, QUESTIONS, SPREAD)


def _unit(rows: Vectors) -> Vectors:
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def exact(vectors: Vectors, questions: Vectors) -> list[set[int]]:
    """The true nearest rows for every question."""
    return [set(np.argpartition(-row, TOP - 1)[:TOP].tolist()) for row in questions @ vectors.T]


def recall(found: list[set[int]], true: list[set[int]]) -> float:
    """Share of the true nearest that were found."""
    shares = [
        len(some & all_of_them) / len(all_of_them) for some, all_of_them in zip(found, true, strict=True)
    ]
    return sum(shares) / len(shares)


def contents_of(vectors: Vectors) -> Contents:
    """One document with a passage of a few words for every vector."""
    passages = []
    for row in range(len(vectors)):
        text = f"passage {row} of kind {row % 97}"
        cues = (Cue(text, 0, 0),)
        passages.append(Passage(str(row), "made-up", row, (), text, 0, len(text), text, cues))
    return Contents([Record("made-up", "0", "")], passages, vectors, fingerprint="made-up")


def publish(folder: Path, vectors: Vectors, *, flat_limit: int) -> tuple[FolderSnapshot, float]:
    """Our library with these vectors, and the seconds it took to write, verify and publish."""
    contents = contents_of(vectors)
    library = FolderLibrary(folder, flat_limit=flat_limit)
    started = time.perf_counter()
    with library.writing("the benchmark"):
        library.build(contents).publish()
    seconds = time.perf_counter() - started
    snapshot = library.current()
    assert snapshot is not None
    return snapshot, seconds


def measure(count: int, *, flat_limit: int = FLAT_LIMIT) -> dict[str, object]:
    """Build times, search times of both in turns, and the recall of ours."""
    vectors, questions = made_up(count)
    true = exact(vectors, questions)
    started = time.perf_counter()
    plain = faiss.IndexFlatIP(DIMENSION)
    plain.add(vectors)
    plain_seconds = time.perf_counter() - started
    with TemporaryDirectory() as folder:
        snapshot, seconds = publish(Path(folder), vectors, flat_limit=flat_limit)
        found, ours, theirs = _in_turns(snapshot, plain, questions)
        snapshot.close()
    return {
        "passages": count,
        "kind": "graph" if count > flat_limit else "flat",
        "recall": recall(found, true),
        "ours": {"build": seconds, "ms": ours},
        "plain": {"build": plain_seconds, "ms": theirs},
    }


def _in_turns(
    snapshot: FolderSnapshot, plain: Any, questions: Vectors
) -> tuple[list[set[int]], list[float], list[float]]:
    found, ours, theirs = [], [], []
    for turn in np.array_split(questions, ROUNDS):
        # As ours does: with FAISS's default, one question on two busy cores takes many times as long.
        faiss.omp_set_num_threads(1)
        plain.search(turn[:1], TOP)
        theirs += [_timed(partial(plain.search, question[np.newaxis], TOP))[1] for question in turn]
        snapshot.nearest(turn[0], TOP)
        for question in turn:
            hits, took = _timed(partial(snapshot.nearest, question, TOP))
            ours.append(took)
            found.append({int(hit.passage) for hit in hits})
    return found, ours, theirs


def _timed(work: Callable[[], Found]) -> tuple[Found, float]:
    started = time.perf_counter()
    found = work()
    return found, 1000 * (time.perf_counter() - started)


def main() -> None:
    """Measure the sizes asked for; `--graph` adds the largest once more, as a graph whatever its size."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure.scale")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--graph", action="store_true")
    asked = parser.parse_args()
    for size in asked.sizes:
        print(json.dumps(measure(size)), flush=True)
    if asked.graph:
        print(json.dumps(measure(max(asked.sizes), flat_limit=0)), flush=True)


if __name__ == "__main__":
    main()
