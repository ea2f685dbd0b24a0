"""Ratings are told with their counts, and compared only where they tell something."""

import pytest

from knowledge.journal.entries import ByGeneration
from knowledge.ratings import FEW, answered, change, compared, helpful, share


def rated(generation: int, good: int, bad: int, asked: int = 0, well: int = 0) -> ByGeneration:
    return ByGeneration(generation, good, bad, asked, well, asked - well, "2026-03-01", "2026-03-02")


@pytest.mark.parametrize(
    ("part", "of", "low", "high"),
    # As any textbook's calculator gives them.
    [(10, 20, 0.299, 0.701), (0, 20, 0.0, 0.161), (20, 20, 0.839, 1.0), (850, 1000, 0.827, 0.871)],
)
def test_a_share_lies_in_wilsons_interval(part: int, of: int, low: float, high: float) -> None:
    found = share(part, of)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


@pytest.mark.parametrize(
    ("part", "of", "said"),
    [
        (0, 0, "none yet"),
        (3, FEW - 1, "3 of 19; too few to tell"),
        (34, 40, "34 of 40 (85%, likely 71–93%)"),
        (40, 40, "40 of 40 (100%, likely 91–100%)"),
    ],
)
def test_a_share_says_how_sure_it_is(part: int, of: int, said: str) -> None:
    assert str(share(part, of)) == said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ((10, 40), (30, 40), "more"),
        ((30, 40), (10, 40), "less"),
        ((20, 40), (24, 40), "not to be told"),
        ((0, 19), (400, 400), "too few"),
        ((400, 400), (0, 0), "too few"),
    ],
)
def test_a_change_is_told_only_where_the_intervals_lie_apart(
    before: tuple[int, int], after: tuple[int, int], said: str
) -> None:
    assert change(share(*before), share(*after)) == said


def test_two_generations_are_compared_in_words() -> None:
    before, after = rated(7, 5, 5, asked=100, well=50), rated(8, 9, 1, asked=100, well=80)
    assert (answered(after).part, helpful(after).of) == (80, 10)
    assert compared(before, after) == (
        "Answered: 50 of 100 (50%, likely 40–60%) before, 80 of 100 (80%, likely 71–87%) since"
        " – more than before. "
        "Helpful: 5 of 10; too few to tell before, 9 of 10; too few to tell since – too few to compare. "
        "Other people may have asked other things."
    )
    assert not compared(before, before).endswith("other things.")
