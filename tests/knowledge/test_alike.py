"""Questions that mean the same are one group, however many there are."""

import time
import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from index.embedding import Vectors
from index.transformer import PACKAGED_WEIGHTS_SHA256, Transformer, packaged_model
from knowledge import alike
from knowledge.alike import APART, bare, groups
from tests.measure.alike import Found, measure, measure_typed

PARAPHRASES = Path(__file__).with_name("data") / "paraphrases.toml"


def around(centers: int, each: int, noise: float, seed: int = 0) -> Vectors:
    """Unit vectors about so many centers, center after center."""
    random = np.random.default_rng(seed)
    points = np.repeat(random.normal(size=(centers, 64)), each, axis=0)
    points = points + noise * random.normal(size=points.shape)
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Can backend engineers work part-time?", "Can part-time?"),
        ("Is Kotlin good for the back-end?", "Is Kotlin good for the ?"),
        ("Backend jobs?", "Backend jobs?"),
        ("", ""),
    ],
)
def test_what_every_question_is_about_does_not_count(question: str, rest: str) -> None:
    assert bare(question) == rest


@pytest.mark.parametrize(("centers", "each"), [(1, 1), (1, 5), (7, 1), (20, 6)])
def test_every_row_is_in_one_group_with_those_near_it(centers: int, each: int) -> None:
    found = groups(around(centers, each, 0.3))
    assert found == [list(range(start, start + each)) for start in range(0, centers * each, each)]


def test_groups_are_those_of_average_linkage_over_everything() -> None:
    from sklearn.cluster import AgglomerativeClustering

    vectors = around(40, 5, 1.1, seed=3)
    labels = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=APART
    ).fit_predict(vectors)
    whole = {label: [int(row) for row in np.flatnonzero(labels == label)] for label in labels}
    assert len(whole) > 40
    assert groups(vectors) == sorted(whole.values())


def test_very_many_that_hang_together_are_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = around(12, 10, 0.3)
    together = np.concatenate([vectors, (vectors + vectors.mean(axis=0) * 4)])
    together = np.asarray(together / np.linalg.norm(together, axis=1, keepdims=True), dtype=np.float32)
    monkeypatch.setattr(alike, "TOGETHER", 15)
    found = groups(together)
    assert sorted(row for group in found for row in group) == list(range(240))
    assert all(len({row // 10 % 12 for row in group}) == 1 for group in found)
    same = np.ones((40, 8), dtype=np.float32) / np.float32(8**0.5)
    assert groups(same) == [list(range(40))]


def test_five_thousand_are_grouped_in_seconds() -> None:
    vectors = around(1000, 5, 0.3)
    started = time.thread_time()
    assert sum(len(group) == 5 for group in groups(vectors)) > 950
    assert time.thread_time() - started < 10


def test_paraphrases_are_a_group_each_and_none_stands_twice() -> None:
    written = tomllib.loads(PARAPHRASES.read_text("utf-8"))["groups"]
    questions = sorted(question for group in written for question in group)
    assert len(written) >= 40
    assert min(len(group) for group in written) >= 3
    assert all(one != other for one, other in pairwise(questions))


@pytest.mark.model
def test_paraphrases_kept_aside_are_grouped_with_few_strangers() -> None:
    embedder = Transformer(packaged_model(), weights_sha256=PACKAGED_WEIGHTS_SHA256)
    found = measure(embedder, kept_aside=True)
    assert found.precision >= 0.95
    assert found.recall >= 0.40
    assert found.shown_wrongly == 0
    assert found.shown >= 18


@pytest.mark.model
def test_questions_as_people_type_them_stand_beside_more_of_their_own_than_in_one_group() -> None:
    embedder = Transformer(packaged_model(), weights_sha256=PACKAGED_WEIGHTS_SHA256)
    grouped, beside = (measure_typed(embedder, beside=each) for each in (False, True))
    assert (grouped.precision >= 0.95, grouped.shown_wrongly) == (True, 0)
    assert beside.precision >= 0.75
    assert beside.recall >= grouped.recall + 0.1


def test_pairs_are_counted_as_they_were_written() -> None:
    found = Found(right=3, wrong=1, missed=2, shown=4, shown_wrongly=0)
    assert (found.precision, found.recall) == (0.75, 0.6)
