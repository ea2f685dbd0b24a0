"""How questions ended is counted by day, and generations are rated so that they can be compared."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.journal import file
from knowledge.journal.entries import ByGeneration, Digested, Tally
from knowledge.journal.errors import JournalError
from knowledge.journal.journal import Journal
from tests.knowledge.journals import ANNA, BERT, Clock, a_reply, decline

NOON = "2026-03-01T12:00:00.000+00:00"
MORNING = "2026-03-01T00:00:00.000+00:00"
WEEK = {"since": "2026-02-22T09:00:00+00:00", "until": "2026-03-01T09:00:00+00:00"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path, clock: Clock) -> Iterator[Journal]:
    journal = Journal(path, now=clock)
    yield journal
    journal.close()


def test_counts_are_added_up_by_day_generation_and_way(journal: Journal) -> None:
    one = Tally("2026-03-01", 7, "slash", asked=2, answered=1, declined=1)
    other = Tally("2026-03-02", 7, "slash", asked=1, failed=1)
    journal.count([one, other])
    journal.count([one, Tally("2026-03-01", 7, "mention", asked=1, partly=1, disagreed=1)])
    assert journal.counted("2026-03-01", "2026-03-01") == [
        Tally("2026-03-01", 7, "mention", asked=1, partly=1, disagreed=1),
        Tally("2026-03-01", 7, "slash", asked=4, answered=2, declined=2),
    ]
    assert journal.counted("2026-03-02", "2026-03-09") == [other]


def test_two_writers_at_once_lose_no_count(journal: Journal, path: Path) -> None:
    second = Journal(path)
    with ThreadPoolExecutor(4) as pool:
        for number in range(100):
            pool.submit((journal, second)[number % 2].count, [Tally("2026-03-01", 7, "slash", asked=1)])
    assert [tally.asked for tally in journal.counted("", "9999")] == [100]
    second.close()


def test_ratings_and_ends_are_told_by_generation(journal: Journal, clock: Clock) -> None:
    for number, helpful in ((7, True), (7, False), (8, True)):
        key = journal.keep(a_reply("", number))
        journal.rate(person=ANNA, key=key, helpful=helpful)
        clock.pass_by(timedelta(days=1))
    journal.count(
        [
            Tally("2026-03-01", 7, "slash", asked=9, answered=4, partly=2, declined=2, failed=1),
            Tally("2026-03-01", 0, "slash", asked=1, failed=1),
        ]
    )
    assert journal.ratings() == [
        ByGeneration(8, 1, 0, 0, 0, 0, "2026-03-03T12:00:00.000+00:00", "2026-03-03T12:00:00.000+00:00"),
        ByGeneration(7, 1, 1, 9, 6, 2, MORNING, "2026-03-02T12:00:00.000+00:00"),
    ]
    assert [one.generation for one in journal.ratings(since="2026-03-03T00:00:00")] == [8]
    assert journal.ratings(until=NOON) == [ByGeneration(7, 0, 0, 9, 6, 2, MORNING, MORNING)]


def test_a_full_disk_keeps_what_was_counted_before(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "_SETTINGS", (*file._SETTINGS, "max_page_count = 40"))
    journal = Journal(path, now=clock)
    journal.count([Tally("2026-03-01", 7, "slash", asked=1)])

    def fill() -> None:
        for number in range(200):
            decline(journal, str(number), f"Question {number}? " * 20)
            journal.note("added", who=BERT, generation=None, about="x" * 500)

    with pytest.raises(JournalError, match="no room is left"):
        fill()
    assert [tally.asked for tally in journal.counted("", "9999")] == [1]
    assert journal.log(1)[0].about == "x" * 500
    journal.close()


# --- digests -----------------------------------------------------------------------------------------------


def test_a_digest_is_posted_once_whoever_else_would(journal: Journal, path: Path, clock: Clock) -> None:
    other = Journal(path, now=clock)
    assert journal.begin_digest(**WEEK)
    assert not other.begin_digest(**WEEK)
    assert other.last_digest() is None
    journal.end_digest(until=WEEK["until"], posted=True)
    clock.pass_by(timedelta(days=1))
    assert not other.begin_digest(**WEEK)
    assert other.last_digest() == Digested(WEEK["since"], WEEK["until"], NOON)
    other.close()


def test_a_digest_nobody_came_to_post_is_begun_again(journal: Journal, path: Path, clock: Clock) -> None:
    assert journal.begin_digest(**WEEK)
    journal.close()  # the process is killed
    again = Journal(path, now=clock)
    clock.pass_by(timedelta(minutes=15) - timedelta(seconds=1))
    assert not again.begin_digest(**WEEK)
    clock.pass_by(timedelta(seconds=1))
    assert again.begin_digest(**WEEK)
    again.close()


def test_a_digest_that_could_not_be_posted_is_begun_again_at_once(journal: Journal) -> None:
    assert journal.begin_digest(**WEEK)
    journal.end_digest(until=WEEK["until"], posted=False)
    assert journal.last_digest() is None
    assert journal.begin_digest(**WEEK)
