"""Authors and dates are read from lines that say nothing else."""

from datetime import UTC, date, datetime

import pytest

from knowledge.corpus.bylines import as_date, parse_date, read_byline


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By huyennt, at: April 14, 2025, 10:08 a.m.", ("huyennt", "2025-04-14")),
        ("by Jane Doe on 2024-05-06", ("Jane Doe", "2024-05-06")),
        ("Written by Jane Doe | May 6 2024", ("Jane Doe", "2024-05-06")),
        ("Author: Jane Doe", ("Jane Doe", None)),
        ("By: Jane O’Doe-Smith", ("Jane O’Doe-Smith", None)),
        ("Posted by Jane Doe · 6 Sept. 2024", ("Jane Doe", "2024-09-06")),
        ("Published on 6th May 2024 at 10:00 UTC", (None, "2024-05-06")),
        ("Date: 2024-05-06T10:00", (None, "2024-05-06")),
        ("May 6, 2024", (None, "2024-05-06")),
        ("By Jane Doe · 19 June 2024 · 3 min read", ("Jane Doe", "2024-06-19")),
        ("By Jane Doe, registrar", ("Jane Doe", None)),
        ("By Jane Doe, senior engineer at Works", ("Jane Doe", None)),
        ("Published by the Town Office, edition of 1 July 2023", ("Town Office", "2023-07-01")),
        ("Leaflet of the tax office, written by Jane Doe, as of 2 May 2022", ("Jane Doe", "2022-05-02")),
        ("Version of 14 May 2023", (None, "2023-05-14")),
        ("Last updated on 14 May 2023", (None, "2023-05-14")),
        ("By-law of 3 December 2019, explained by the office", None),
        ("Notes from the soil day, 5 March 2023, led by Jane Doe", None),
        ("By Monday, done by hand", None),
        ("By default", None),
        ("By Jane Doe, who knows it all", None),
        ("By 2025, most systems use queues.", None),
        ("Released on May 6, 2024", None),
        ("May 6, 2024 was the day it broke", None),
        ("By hand, February 31, 2024", None),
        ("By " + "A" * 130, None),
    ],
)
def test_line_is_read_as_byline_or_left(line: str, byline: tuple[str | None, str | None] | None) -> None:
    assert read_byline(line) == byline


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        (date(2024, 5, 6), "2024-05-06"),
        (datetime(2024, 5, 6, 7, tzinfo=UTC), "2024-05-06"),
        ("2024-05-06T10:00:00Z", "2024-05-06"),
        ("6 May 2024", "2024-05-06"),
        ("2024-13-06", None),
        ("February 31, 2024", None),
        ("05/06/2024", None),
        (20240506, None),
    ],
)
def test_value_is_a_day_that_exists_or_none(value: object, iso: str | None) -> None:
    assert as_date(value) == iso


def test_text_that_only_contains_a_date_is_none() -> None:
    assert parse_date("on 2024-05-06") is None
