"""The packaged questions that no shipped article answers: well formed, and none listed as answered."""

import tomllib
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest

NEAR_MISSES: dict[str, Any] = tomllib.loads(
    (files("knowledge") / "sources" / "near_misses.toml").read_text("utf-8")
)
GROUPS: list[dict[str, Any]] = NEAR_MISSES["group"]
NEAR: list[str] = [question for group in GROUPS for question in group["questions"]]


def same(question: str) -> str:
    """What two questions share that differ in case, spaces or the mark at the end only."""
    return " ".join(question.lower().split()).rstrip("?!. ")


def listed() -> set[str]:
    """The questions that the registry says the articles answer."""
    registry = tomllib.loads((files("knowledge") / "sources" / "sources.toml").read_text("utf-8"))
    topics = [source["topics"].values() for source in registry["source"]]
    return {same(question) for source in topics for questions in source for question in questions}


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: str(group["about"]))
def test_group_says_what_it_is_about_and_holds_enough(group: dict[str, Any]) -> None:
    assert set(group) == {"about", "questions"}
    assert group["about"].strip()
    assert len(group["questions"]) >= 10


def test_file_holds_as_many_questions_as_calibration_needs() -> None:
    assert set(NEAR_MISSES) == {"group"}
    assert 1300 <= len(NEAR) <= 1600


def test_no_question_is_asked_twice() -> None:
    counts = Counter(same(question) for question in NEAR)
    assert [question for question, count in counts.items() if count > 1] == []


def test_no_near_miss_is_listed_as_answered() -> None:
    answered = listed()
    assert len(answered) > 100  # else the registry was read wrongly and the comparison holds for nothing
    assert [question for question in NEAR if same(question) in answered] == []


def test_questions_are_short_and_trimmed() -> None:
    wrong = [question for question in NEAR if not 0 < len(question) <= 150]
    assert wrong == []
    assert [question for question in NEAR if question != " ".join(question.split())] == []
