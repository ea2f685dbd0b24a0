"""The comparison of rankings: each way's arithmetic, and how one is judged against what is shipped."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from index.embedding import Vectors
from index.passages import Passage
from knowledge.entities import Question
from knowledge.suite import Case
from tests.measure.ranking import (
    HEADINGS,
    Collection,
    Looked,
    best,
    by_cues,
    by_ranks,
    by_the_best,
    judge,
    reranked,
    row_of,
    saturating,
    weighted,
)
from tests.measure.tokens import closeness


def a_passage(name: str, text: str, questions: Sequence[str] = ()) -> Passage:
    return Passage(name, "d", 0, (), text, 0, len(text), text, (), {"questions": list(questions)})


PASSAGES = {"a": a_passage("a", "redis", ["what is redis"]), "b": a_passage("b", "mysql")}
LOOKED = Looked("which?", {"a": (0.1, 0.2, 0.9), "b": (0.5, 0.4)}, {"b": 4.0, "a": 1.0}, ("b", "a"))


class FakeTokens:
    """One token a text, along the axis of its first letter."""

    def of(self, text: str) -> Vectors:
        return np.eye(26, dtype=np.float32)[[ord(text[0]) - ord("a")]]


@pytest.mark.parametrize(
    ("wanted", "scores"),
    [
        ({}, {"a": 0.9, "b": 0.5}),
        ({"questions": False}, {"a": 0.2, "b": 0.5}),
        ({"sentences": False}, {"a": 0.9, "b": 0.5}),
        ({"sentences": False, "questions": False}, {"a": 0.1, "b": 0.5}),
    ],
)
def test_a_passage_counts_by_its_best_cue_of_the_kinds_wanted(
    wanted: Mapping[str, bool], scores: Mapping[str, float]
) -> None:
    assert by_cues(LOOKED, PASSAGES, **wanted) == scores


def test_equal_scores_are_ordered_by_name() -> None:
    assert best({"b": 1.0, "a": 1.0, "c": 2.0}) == ["c", "a", "b"]


def test_words_are_scaled_by_the_best_or_saturate() -> None:
    assert by_the_best({"a": 1.0, "b": 4.0}) == {"a": 0.25, "b": 1.0}
    assert saturating({"a": 0.0, "b": 4.0}) == {"a": 0.0, "b": 0.5}
    assert by_the_best({}) == {}


def test_a_sum_takes_no_word_for_none_and_no_negative_cosine() -> None:
    assert weighted({"a": 0.5, "b": -1.0}, {"b": 1.0}, 0.8) == pytest.approx({"a": 0.4, "b": 0.2})


def test_reciprocal_ranks_add_up_and_words_may_weigh_less() -> None:
    meaning, words = {"a": 0.9, "b": 0.1}, {"b": 5.0}
    assert by_ranks(meaning, words, 1.0) == pytest.approx({"a": 1 / 61, "b": 1 / 62 + 1 / 61})
    assert best(by_ranks(meaning, words, 0.0)) == ["a", "b"]


def test_token_vectors_reorder_only_as_far_as_they_are_mixed_in() -> None:
    looked = Looked("m", {"a": (0.5, 0.5, 0.5), "b": (0.4, 0.4)}, {}, ())
    assert reranked(looked, PASSAGES, tokens=FakeTokens(), mix=0.0, share=1.0) == ["a", "b"]  # type: ignore[arg-type]
    assert reranked(looked, PASSAGES, tokens=FakeTokens(), mix=0.4, share=1.0) == ["b", "a"]  # type: ignore[arg-type]


def test_closeness_averages_the_nearest_over_the_questions_tokens() -> None:
    question = np.array([[1, 0], [0, 1]], dtype=np.float32)
    passage = np.array([[1, 0], [0.6, 0.8], [1, 0]], dtype=np.float32)
    assert closeness(question, passage) == pytest.approx(0.9)
    assert closeness(question, passage[:0]) == 0


def test_a_way_is_judged_by_the_text_of_the_first_passages_and_beside_what_is_shipped() -> None:
    case = Case("x", "fact", Question("which?"), (("redis",), ("mysql",)), False, False)
    other = Case("y", "fact", Question("which?"), (("mysql",),), False, False)
    asked = Collection("made up", PASSAGES, [case, other], [[LOOKED], [LOOKED]])
    verdict = judge(lambda _, __: ["a", "b"], asked)
    assert verdict.recall == (0.25, 1.0, 1.0)
    assert verdict.right == (0.0, 1.0, 1.0)
    shipped = judge(lambda looked, _: looked.shipped, asked)
    row = row_of("a first", verdict, shipped)
    assert len(row) == len(HEADINGS)
    assert dict(zip(HEADINGS, row, strict=True))["vs shipped"] == "+0 −1"
    assert row_of("shipped", shipped, verdict)[-1] == "+1 −0"
