"""The recorded values: read strictly, compared to the question, and about the questions that ship."""

import tomllib
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from knowledge.entities import Question
from knowledge.recorded import (
    BadRecord,
    Counts,
    askable,
    count,
    count_kinds,
    digest,
    losses,
    missed,
    parse,
    read_recorded,
)
from knowledge.suite import Case, load, score

DEMANDED = Counts(asked=10, right_long=6, right_short=4, refusals_made=3, wrongly_declined=1, forbidden=0)
TABLE = "\n".join(f"{name} = {number}" for name, number in asdict(DEMANDED).items())
SOUND = (
    f'questions = "d"\n[with_languages]\n{TABLE}\nkinds = {{}}\n[without_languages]\n{TABLE}\nkinds = {{}}\n'
)
ANSWERABLE = Case(
    "1", "fact", Question("?"), (("redis",),), decline=False, kept_aside=False, forbidden=("free",)
)
DUE = Case("2", "off-topic", Question("?"), (), decline=True, kept_aside=False, reason="off-topic")


def test_shipped_values_are_about_the_shipped_questions() -> None:
    """Fails when the question set has changed: python -m tests.measure.record records anew."""
    cases, recorded = load(), read_recorded()
    assert recorded.questions == digest(cases)
    for languages in (True, False):
        expected = recorded.of(languages=languages)
        assert expected.demanded.asked == len(askable(cases, languages=languages))
        assert sum(counts.asked for counts in expected.kinds.values()) == expected.demanded.asked


def test_digest_changes_with_what_is_asked_and_expected_but_not_with_the_order() -> None:
    assert digest([ANSWERABLE, DUE]) == digest([DUE, ANSWERABLE])
    others = [replace(DUE, question=Question("!")), replace(DUE, reason="near"), ANSWERABLE]
    assert len({digest([DUE]), *(digest([case]) for case in others)}) == 4


def test_counting_parts_right_answers_from_due_refusals_and_late_answers() -> None:
    outcomes = [
        score(ANSWERABLE, "redis", abstained=False),
        score(ANSWERABLE, f"{'.' * 700} redis", abstained=False),
        score(ANSWERABLE, f"{'.' * 2000} redis", abstained=False),
        score(ANSWERABLE, "redis for free", abstained=False),
        score(ANSWERABLE, "", abstained=True),
        score(DUE, "", abstained=True),
        score(DUE, "redis", abstained=False),
    ]
    assert count(outcomes) == Counts(7, 2, 1, 1, 1, 1)
    assert count_kinds(outcomes) == {"fact": Counts(5, 2, 1, 0, 1, 1), "off-topic": Counts(2, 0, 0, 1, 0, 0)}


@pytest.mark.parametrize(
    ("change", "worse"),
    [
        ({}, []),
        ({"right_long": 7, "right_short": 5, "refusals_made": 4, "wrongly_declined": 0}, []),
        ({"right_long": 5}, ["right within 2,000 characters 5, at least 6 (1 too few)"]),
        ({"right_short": 1}, ["right within 600 characters 1, at least 4 (3 too few)"]),
        ({"refusals_made": 2}, ["due refusals made 2, at least 3 (1 too few)"]),
        ({"wrongly_declined": 3}, ["answerable declined 3, at most 1 (2 too many)"]),
        ({"forbidden": 1}, ["answers that say what they must not 1, at most 0 (1 too many)"]),
    ],
)
def test_a_count_worse_than_demanded_is_told_with_by_how_much(
    change: dict[str, int], worse: list[str]
) -> None:
    assert missed(replace(DEMANDED, **change), DEMANDED) == worse


def test_losses_are_told_most_first_and_only_of_kinds_that_were_asked() -> None:
    recorded = {
        name: Counts(9, right, 0, 0, 0, 0) for name, right in (("a", 5), ("b", 5), ("c", 5), ("d", 5))
    }
    now = {"a": Counts(9, 4, 0, 0, 0, 0), "b": Counts(9, 2, 0, 0, 0, 0), "c": Counts(9, 3, 0, 2, 0, 0)}
    assert losses(now, recorded) == [("b", 3), ("a", 1)]


def test_values_are_read_for_both_ways_of_installing() -> None:
    recorded = parse(SOUND.replace("right_long = 6", "right_long = 7", 1))
    assert recorded.of(languages=True).demanded == replace(DEMANDED, right_long=7)
    assert recorded.of(languages=False).demanded == DEMANDED


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "'questions' must be the digest of the question set."),
        ("questions = 5", "'questions' must be the digest of the question set."),
        ('questions = "d"', "there is no table [with_languages]."),
        ('questions = "d"\nwith_languages = 5', "there is no table [with_languages]."),
        (SOUND.replace("kinds = {}", "", 1), "there is no table [with_languages.kinds]."),
        (SOUND.replace("[without_languages]", "[other]"), "there is no table [without_languages]."),
        (SOUND.replace("asked = 10", "asked = 1.5", 1), "[with_languages] asked must be a whole number."),
        (SOUND.replace("asked = 10", "asked = true", 1), "[with_languages] asked must be a whole number."),
        (SOUND.replace("asked = 10", "asked = -1", 1), "[with_languages] asked must be a whole number."),
        (SOUND.replace("asked = 10\n", "", 1), "[with_languages] must hold asked, "),
        (SOUND.replace("kinds = {}", "extra = 1\nkinds = {}", 1), "[with_languages] must hold asked, "),
        (SOUND.replace("{}", "{fact = 1}", 1), "there is no table [with_languages.kinds.fact]."),
        (SOUND.replace("{}", "{fact = {}}", 1), "[with_languages.kinds.fact] must hold asked, "),
    ],
)
def test_values_that_cannot_be_used_are_told_with_where(text: str, problem: str) -> None:
    with pytest.raises(BadRecord) as told:
        parse(text)
    assert str(told.value).startswith(f"The recorded values cannot be used: {problem}")


def test_values_that_are_no_toml_are_told_with_the_line() -> None:
    with pytest.raises(
        BadRecord, match=r"^The recorded values cannot be used: .+ \(at line 2, .+\)\.$"
    ) as told:
        parse('questions = "d"\n= 3\n')
    assert isinstance(told.value.__cause__, tomllib.TOMLDecodeError)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_is_missing_or_no_text_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "recorded.toml").write_bytes(content)
    monkeypatch.setattr("knowledge.recorded.files", lambda _: tmp_path)
    with pytest.raises(BadRecord, match="cannot be read as UTF-8 text"):
        read_recorded()
