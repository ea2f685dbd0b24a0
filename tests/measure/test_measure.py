"""The measurement: the baseline's chunks and threshold, and what is printed of the part kept aside."""

from dataclasses import replace

import pytest

from knowledge.entities import Question
from knowledge.suite import Case, score
from tests.measure.baseline import CHUNK, OVERLAP, Found, best_threshold, split
from tests.measure.quality import HEADINGS, Run, failures, plain_table, rows_of, written


def a_case(name: str, *, decline: bool = False, kept_aside: bool = False) -> Case:
    facts = () if decline else (("redis",),)
    return Case(name, "fact", Question(f"wording of {name}"), facts, decline, kept_aside)


def a_run(cases: list[Case], text: str, *, abstained: bool = False) -> Run:
    return Run("ours", [text] * len(cases), [score(case, text, abstained) for case in cases])


@pytest.mark.parametrize("length", [0, 1, CHUNK, CHUNK + 1, 2 * CHUNK - OVERLAP, 4321])
def test_chunks_are_short_and_lose_nothing(length: int) -> None:
    text = "".join(chr(0x100 + place % 977) for place in range(length))
    chunks = split(text)
    assert all(len(chunk) <= CHUNK for chunk in chunks)
    assert chunks[0] + "".join(chunk[OVERLAP:] for chunk in chunks[1:]) == text
    assert length == 0 or all(len(chunk) > OVERLAP for chunk in chunks[1:])


def test_the_threshold_parts_the_tuned_cases_and_does_not_see_the_others() -> None:
    cases = [a_case("a"), a_case("b", decline=True), a_case("c", kept_aside=True)]
    found = [Found("redis", 0.6), Found("redis", 0.3), Found("redis", 0.1)]
    assert best_threshold(cases, found) == 0.6
    assert best_threshold([*cases, a_case("d")], [*found, Found("redis", 0.4)]) == 0.4


def test_the_threshold_keeps_a_question_that_only_a_refusal_would_spoil() -> None:
    assert best_threshold([a_case("a"), a_case("b")], [Found("redis", 0.6), Found("redis", 0.2)]) == 0


def test_failures_tell_the_wording_of_the_part_kept_aside_only_on_demand() -> None:
    cases = [a_case("a"), a_case("b", kept_aside=True)]
    run = a_run(cases, "mysql")
    assert failures(cases, run, kept_aside=False) == ["ours  a  0/1, lacks redis  | wording of a"]
    assert len(failures(cases, run, kept_aside=True)) == 2
    assert "wording of b" not in written(cases, [run], kept_aside=False)
    assert "wording of b" in written(cases, [run], kept_aside=True)


@pytest.mark.parametrize(
    ("case", "text", "abstained", "told"),
    [
        (a_case("a", decline=True), "redis", False, "answered, should decline"),
        (a_case("a"), "no idea", True, "declined, should answer"),
        (a_case("a"), " " * 2000 + "redis", False, "right only after 2,000 characters"),
        (replace(a_case("a"), forbidden=("meow",)), "redis, meow", False, "said meow"),
    ],
)
def test_failures_say_what_went_wrong(case: Case, text: str, abstained: bool, told: str) -> None:
    [line] = failures([case], a_run([case], text, abstained=abstained), kept_aside=False)
    assert told in line


def test_the_table_sets_answerers_side_by_side_for_each_part_and_kind() -> None:
    cases = [a_case("a"), a_case("b", decline=True), a_case("c", kept_aside=True)]
    ours = a_run(cases, "redis")
    rows = rows_of([ours, replace(ours, name="baseline")])
    assert [row[0] for row in rows] == [
        "tuned, all: ours",
        "tuned, all: baseline",
        "kept aside, all: ours",
        "kept aside, all: baseline",
        "tuned, fact: ours",
        "tuned, fact: baseline",
        "kept aside, fact: ours",
        "kept aside, fact: baseline",
    ]
    told = dict(zip(HEADINGS, rows[0], strict=False))
    assert (told["asked"], told["fact recall"], told["due refusals"], told["made"]) == (
        "2",
        "1.00",
        "1",
        "0.00",
    )
    assert dict(zip(HEADINGS, rows[2], strict=False))["made"] == "–"
    lines = plain_table(rows).splitlines()
    assert len({line.rindex(" ") for line in lines[1:]}) == 1
