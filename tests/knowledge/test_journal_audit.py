"""Who did what to the knowledge base is known for good, and shown to whoever did it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.journal.curation import LONGEST_NOTE, REFUSED_FOR
from knowledge.journal.entries import Noted
from knowledge.journal.journal import Journal
from tests.knowledge.journals import ANNA, BERT, Clock

NOON = "2026-03-01T12:00:00.000+00:00"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(tmp_path: Path, clock: Clock) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.db", now=clock)
    yield journal
    journal.close()


def test_a_deed_is_noted_with_who_when_and_which_generation(journal: Journal) -> None:
    journal.note("overrode", who=ANNA, generation=8, about="4 documents", reason="they are outdated")
    assert journal.log() == [Noted(1, NOON, ANNA, "overrode", 8, "4 documents", "they are outdated")]


def test_the_log_is_read_page_by_page_newest_first(journal: Journal) -> None:
    for number in range(5):
        journal.note("added", who="terminal", generation=None, about=f"{number}.md")
    first = journal.log(2)
    assert [one.about for one in first] == ["4.md", "3.md"]
    assert [one.about for one in journal.log(2, before=first[-1].id)] == ["2.md", "1.md"]
    assert journal.log(2, before=1) == []


def test_long_reasons_are_cut_and_odd_characters_dropped(journal: Journal) -> None:
    journal.note("discarded", who=ANNA, generation=1, about="a\ud83db", reason="é" * 5_000)
    [noted] = journal.log()
    assert (noted.about, noted.reason) == ("ab", "é" * LONGEST_NOTE)


def test_deeds_stay_when_their_author_is_forgotten_and_are_shown_to_them_alone(journal: Journal) -> None:
    journal.note("published", who=ANNA, generation=8)
    journal.note("rolled back", who=BERT, generation=7)
    shown = journal.of_person(ANNA)
    assert [(row["deed"], row["generation"]) for row in shown["audit"]] == [("published", 8)]
    receipt = journal.forget(ANNA)
    assert (receipt.rows["declined"], receipt.stays) == (0, {"audit": 1})
    assert journal.of_person(ANNA) == shown
    assert [one.who for one in journal.log()] == [BERT, ANNA]


def test_who_was_refused_is_known_ninety_days(journal: Journal, clock: Clock) -> None:
    journal.note("refused", who=ANNA, generation=None, about="rollback")
    journal.note("published", who=BERT, generation=2)
    clock.pass_by(REFUSED_FOR - timedelta(seconds=1))
    journal.note("proposed", who=BERT, generation=2)
    assert [one.deed for one in journal.log()] == ["proposed", "published", "refused"]
    clock.pass_by(timedelta(seconds=1))
    journal.note("discarded", who=BERT, generation=2)
    assert [one.deed for one in journal.log()] == ["discarded", "proposed", "published"]
