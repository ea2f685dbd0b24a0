"""Recording: what is demanded follows from what was measured, and changes are shown."""

from dataclasses import fields, replace

import pytest

from knowledge.entities import Question
from knowledge.recorded import Counts, Expected, Recorded, parse, read_recorded
from knowledge.suite import Case, score
from tests.measure.record import MARGIN, changes, expected, written

OLD = Recorded(
    "digest",
    with_languages=Expected(Counts(9, 5, 4, 2, 1, 0), {"fact": Counts(6, 6, 5, 0, 0, 0)}),
    without_languages=Expected(Counts(8, 5, 4, 2, 1, 0), {"follow-up": Counts(6, 6, 5, 0, 0, 0)}),
)


def test_what_is_written_reads_the_same() -> None:
    assert parse(written(OLD)) == OLD


def test_demanded_is_what_was_measured_with_the_margin_and_never_allows_what_is_forbidden() -> None:
    case = Case(
        "1", "fact", Question("?"), (("redis",),), decline=False, kept_aside=False, forbidden=("free",)
    )
    right, late = score(case, "redis", abstained=False), score(case, f"{'.' * 700} redis", abstained=False)
    outcomes = [
        *[right] * 5,
        late,
        score(case, "redis, free", abstained=False),
        score(case, "", abstained=True),
    ]
    found = expected(outcomes)
    assert found.demanded == Counts(8, 6 - MARGIN, 5 - MARGIN, 0, 1 + MARGIN, 0)
    assert found.kinds == {"fact": Counts(8, 6, 5, 0, 1, 1)}


@pytest.mark.parametrize("languages", [True, False])
def test_shipped_values_are_as_measured_but_for_the_margin(languages: bool) -> None:
    """A value lowered by hand no longer fits those of the kinds."""
    recorded = read_recorded().of(languages=languages)
    measured = {
        field.name: sum(getattr(counts, field.name) for counts in recorded.kinds.values())
        for field in fields(Counts)
    }
    assert recorded.demanded == Counts(
        asked=measured["asked"],
        right_long=measured["right_long"] - MARGIN,
        right_short=measured["right_short"] - MARGIN,
        refusals_made=measured["refusals_made"] - MARGIN,
        wrongly_declined=measured["wrongly_declined"] + MARGIN,
        forbidden=0,
    )


def test_changes_name_each_value_and_mark_what_got_worse() -> None:
    with_languages = replace(
        OLD.with_languages,
        demanded=Counts(9, 6, 3, 2, 2, 0),
        kinds={"fact": Counts(6, 6, 5, 0, 0, 0), "day": Counts(1, 1, 1, 0, 0, 0)},
    )
    assert changes(OLD, replace(OLD, questions="other", with_languages=with_languages)) == [
        "The question set is another one.",
        "With other languages, 9 asked:",
        "  demanded of all: right within 2,000 characters 5 → 6; right within 600 characters 4 → 3 WORSE; "
        "answerable declined 1 → 2 WORSE",
        "  measured, day: asked 1; right within 2,000 characters 1; right within 600 characters 1; "
        "due refusals made 0; answerable declined 0; answers that say what they must not 0",
        "Without, 8 asked:",
        "  nothing changed",
    ]


def test_the_first_record_is_shown_whole() -> None:
    lines = changes(None, OLD)
    assert [line.partition(": asked ")[0] for line in lines] == [
        "With other languages, 9 asked:",
        "  demanded of all",
        "  measured, fact",
        "Without, 8 asked:",
        "  demanded of all",
        "  measured, follow-up",
    ]
