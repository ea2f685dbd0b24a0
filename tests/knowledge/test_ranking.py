"""Candidates scored again: by the nearest cue, the whole passage, listed questions, and words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passages import Passage
from index.search import Candidate
from knowledge.ranking import ASKED, WHOLE, WORDS, rank


def passage(name: str, questions: int = 0) -> Passage:
    attributes = {"questions": [f"Question {n}?" for n in range(questions)], "parts": [], "kind": "paragraph"}
    return Passage(name, "guide", 0, (), "Text.", 0, 5, "Text.", (), attributes)


def candidate(name: str, *similarities: float, words: float = 0.0) -> Candidate:
    return Candidate(name, 0.0, max(similarities), words, 1, None, similarities)


def score(*similarities: float, words: float = 0.0, questions: int = 0) -> float:
    one = candidate("a", *similarities, words=words)
    return rank([one], {"a": passage("a", questions)})[0].score


@pytest.mark.parametrize(
    ("similarities", "expected"),
    [
        ((0.5,), 0.5),
        ((0.2, 0.8), 0.7 * 0.8 + 0.3 * 0.2),
        ((-0.4, 0.8), 0.7 * 0.8),
        ((0.8, 0.2), 0.8),
        ((-0.4, -0.2), 0.0),
    ],
)
def test_the_best_cue_counts_most_and_the_whole_passage_some(
    similarities: tuple[float, ...], expected: float
) -> None:
    assert score(*similarities) == pytest.approx((1 - WORDS) * expected)


@pytest.mark.parametrize("words", [0.0, 0.4, 1.0])
def test_shared_words_add_their_share(words: float) -> None:
    assert score(0.5, words=words) == pytest.approx((1 - WORDS) * 0.5 + WORDS * words)


def test_one_listed_question_that_happens_to_be_near_is_no_proof() -> None:
    near = (0.2, 0.9, 0.5, 0.3, 0.1)
    assert score(*near, questions=ASKED) == pytest.approx((1 - WORDS) * (0.9 + 0.5 + 0.3 + 0.2) / 4)
    assert score(*near, questions=ASKED - 1) == pytest.approx((1 - WORDS) * ((1 - WHOLE) * 0.9 + WHOLE * 0.2))


def test_equally_good_candidates_are_ordered_by_name_and_keep_all_else() -> None:
    given_order = [candidate(name, 0.5) for name in "cab"]
    ranked = rank(given_order, {name: passage(name) for name in "abc"})
    assert [found.passage for found in ranked] == ["a", "b", "c"]
    assert [found.similarities for found in ranked] == [(0.5,)] * 3


def test_nothing_ranks_as_nothing() -> None:
    assert rank([], {}) == []


cosine = st.floats(-1, 1)
pools = st.lists(
    st.tuples(st.lists(cosine, min_size=1, max_size=9), st.floats(0, 1), st.integers(0, 9)), max_size=8
)


@given(pools)
def test_ranking_loses_nobody_and_scores_between_none_and_all(
    pool: list[tuple[list[float], float, int]],
) -> None:
    passages = {str(n): passage(str(n), questions) for n, (_, _, questions) in enumerate(pool)}
    candidates = [candidate(str(n), *near, words=words) for n, (near, words, _) in enumerate(pool)]
    ranked = rank(candidates, passages)
    assert sorted(found.passage for found in ranked) == sorted(passages)
    assert [found.score for found in ranked] == sorted((found.score for found in ranked), reverse=True)
    assert all(-1e-9 <= found.score <= 1 + 1e-9 for found in ranked)
    assert rank(candidates[::-1], passages) == ranked


@given(st.lists(cosine, min_size=1, max_size=9), st.floats(0, 1), st.integers(0, 9), st.integers(0, 8))
def test_a_nearer_cue_never_lowers_a_score(
    near: list[float], words: float, questions: int, place: int
) -> None:
    place %= len(near)
    nearer = [*near[:place], 1.0, *near[place + 1 :]]
    assert score(*nearer, words=words, questions=questions) >= score(*near, words=words, questions=questions)
