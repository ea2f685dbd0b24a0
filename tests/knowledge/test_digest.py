"""Every week is told once, whole days of it, and nobody is named who asked."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.digest_text import digest_json, digest_text, gap_line
from bot.render.digest import digest_embed
from index.library import Contents, Snapshot
from index.passages import Cue, Passage, Record
from knowledge.digest import Digest, Period, due, read_digest, week_before
from knowledge.gaps import Gaps
from knowledge.journal.entries import Digested, Tally
from knowledge.journal.journal import Journal
from tests.fakes import HashingEmbedder, NumpyLibrary
from tests.knowledge.journals import ANNA, BERT, Clock, a_reply, decline, tell
from tests.knowledge.test_gaps import Angles

WEEK = Period("2026-02-23T00:00:00.000+00:00", "2026-03-02T00:00:00.000+00:00")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()  # Sunday, 2026-03-01, noon


@pytest.fixture
def journal(tmp_path: Path, clock: Clock) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.db", now=clock)
    yield journal
    journal.close()


def dated(**documents: str | None) -> Snapshot:
    """An index of documents with these dates."""
    library, embedder = NumpyLibrary(), HashingEmbedder()
    nothing = {"author": None, "site": None, "link": None, "restates": False}
    records = [
        Record(name, name, "Text.", {**nothing, "title": name.title(), "date": date})
        for name, date in documents.items()
    ]
    passages = [
        Passage(f"{name}#1", name, 0, (), "Text.", 0, 5, "text", (Cue("Text.", 0, 5),)) for name in documents
    ]
    vectors = embedder.embed(["Text."] * len(passages))
    with library.writing("test"):
        library.build(Contents(records, passages, vectors, embedder.fingerprint)).publish()
    snapshot = library.current()
    assert snapshot is not None
    return snapshot


def read(journal: Journal, snapshot: Snapshot | None = None, stale_days: int = 365) -> Digest:
    return read_digest(journal, Gaps(journal, HashingEmbedder()), snapshot, WEEK, stale_days=stale_days)


# --- when --------------------------------------------------------------------------------------------------


def posted(until: str) -> Digested:
    return Digested("2026-01-01T00:00:00.000+00:00", until, until)


@pytest.mark.parametrize(
    ("last", "now", "since", "until"),
    [
        (None, MONDAY, "2026-02-23", "2026-03-02"),
        (None, MONDAY + timedelta(days=6, hours=20), "2026-02-23", "2026-03-02"),
        ("2026-02-23", MONDAY, "2026-02-23", "2026-03-02"),
        ("2026-02-23", MONDAY - timedelta(seconds=1), None, None),
        ("2026-03-02", MONDAY, None, None),
        ("2026-03-02", MONDAY + timedelta(days=6, hours=23), None, None),
        ("2026-03-02", MONDAY + timedelta(days=7), "2026-03-02", "2026-03-09"),
        # Away for three weeks: all of it; for half a year: the last four weeks.
        ("2026-02-09", MONDAY, "2026-02-09", "2026-03-02"),
        ("2025-09-01", MONDAY, "2026-02-02", "2026-03-02"),
    ],
)
def test_a_digest_is_due_about_what_none_told_yet(
    last: str | None, now: datetime, since: str | None, until: str | None
) -> None:
    found = due(posted(f"{last}T00:00:00.000+00:00") if last else None, now)
    assert (found and found.since[:10], found and found.until[:10]) == (since, until)


def test_whoever_posts_each_digest_that_is_due_tells_every_day_once() -> None:
    now, last, told = MONDAY, None, []
    for _ in range(24 * 60):
        if period := due(last, now):
            told.append(period)
            last = Digested(period.since, period.until, now.isoformat())
        now += timedelta(hours=1)
    assert len(told) == 9
    assert all(one.until == other.since for one, other in pairwise(told))


def test_another_day_and_hour_can_be_chosen() -> None:
    friday = datetime(2026, 3, 6, 17, tzinfo=UTC)
    assert due(None, friday, weekday=4, hour=17) == Period(
        "2026-02-27T00:00:00.000+00:00", "2026-03-06T00:00:00.000+00:00"
    )
    assert (
        due(posted("2026-02-27T00:00:00.000+00:00"), friday - timedelta(hours=1), weekday=4, hour=17) is None
    )


def test_the_week_up_to_now_can_be_read_at_any_time(clock: Clock) -> None:
    assert week_before(clock()) == WEEK


# --- what --------------------------------------------------------------------------------------------------


def test_only_whole_days_of_the_period_are_counted(journal: Journal) -> None:
    days = ("2026-02-22", "2026-02-23", "2026-03-01", "2026-03-02")
    journal.count(
        Tally(day, 7, "slash", asked=10, answered=4, partly=2, declined=3, failed=1, disagreed=1)
        for day in days
    )
    found = read(journal)
    ends = (found.asked, found.answered, found.partly, found.declined, found.failed, found.disagreed)
    assert ends == (20, 8, 4, 6, 2, 2)
    assert [one.asked for one in found.ratings] == [20]


def test_open_gaps_are_told_and_counted_hidden_ones_by_their_subject(journal: Journal, clock: Clock) -> None:
    for number in range(7):
        decline(journal, ANNA, f"secret{number} word{number} thing{number}", near=f"Guide › Part {number}")
        clock.pass_by(timedelta(seconds=1))
    tell(journal, BERT, "What does it pay?")
    found = read(journal)
    assert (len(found.gaps), found.more_gaps, found.new_gaps) == (5, 3, 8)
    text = digest_text(found)
    assert "secret" not in text + json.dumps(digest_json(found))
    assert "near «Guide › Part 6»" in text
    assert "1 person: “What does it pay?”" in text
    assert "Open gaps: 8, of which 8 new" in text
    assert "… and 3 more" in text
    assert ANNA not in text


def test_what_began_after_the_period_is_not_told_as_new(journal: Journal, clock: Clock) -> None:
    decline(journal, ANNA, "What does it pay?", near="Guide › Pay")
    clock.pass_by(timedelta(days=1))
    decline(journal, ANNA, "secret words", near="Guide › Other")
    found = read(journal)
    assert (len(found.gaps), found.new_gaps) == (2, 1)


def test_of_gaps_near_to_each_other_the_first_is_told_with_the_people_of_all(journal: Journal) -> None:
    for person, question in ((ANNA, "pay 0"), (BERT, "pay 1"), ("3", "raise 66"), ("3", "visa 180")):
        decline(journal, person, question)
    found = read_digest(journal, Gaps(journal, Angles()), None, WEEK, stale_days=365)
    assert [(gap.people, gap.around) for gap in found.gaps] == [(2, 3), (1, 1)]
    assert found.more_gaps == 1
    for text in (digest_text(found), str(digest_embed(found, public=False).to_dict())):
        assert "2 people, 3 with what is near: " in text
    assert "with what is near" not in str(digest_embed(found, public=True).to_dict())


def test_documents_older_than_wanted_are_told_the_oldest_first(journal: Journal) -> None:
    snapshot = dated(
        old="2023-04-14",
        older="2020",
        fresh="2025-12-01",
        lately="2025",
        month="2025-02",
        none=None,
        odd="in May",
    )
    found = read(journal, snapshot)
    assert [(one.document, one.date) for one in found.stale] == [
        ("older", "2020"),
        ("old", "2023-04-14"),
        ("month", "2025-02"),
    ]
    assert found.undated == 2
    assert read(journal, snapshot, stale_days=10_000).stale == ()
    assert "«Older», 2020" in digest_text(found)
    assert "Without a date: 2 documents" in digest_text(found)


def test_what_was_published_in_the_period_is_told(journal: Journal, clock: Clock) -> None:
    clock.pass_by(timedelta(days=-30))
    journal.note("published", who=ANNA, generation=1)
    clock.pass_by(timedelta(days=30))
    for number in range(150):
        journal.note("added", who=ANNA, generation=None, about=f"{number}.md")
        if number == 3:
            journal.note("published", who=ANNA, generation=2)
    journal.note("rolled back", who="terminal", generation=1)
    clock.pass_by(timedelta(days=1))
    journal.note("published", who=ANNA, generation=3)
    found = read(journal)
    assert [(noted.deed, noted.generation) for noted in found.changes] == [
        ("rolled back", 1),
        ("published", 2),
    ]
    assert "2026-03-01 12:00 terminal rolled back generation 1" in digest_text(found)


def test_generations_of_the_period_are_compared(journal: Journal) -> None:
    for generation in (7, 8):
        key = journal.keep(a_reply("", generation))
        journal.rate(person=ANNA, key=key, helpful=generation == 8)
    text = digest_text(read(journal))
    assert "Generation 8: answered none yet; helpful 1 of 1; too few to tell" in text
    assert "Generation 8 after 7." in text
    # What answered before answers again: nothing came after anything.
    journal.note("rolled back", who=ANNA, generation=7)
    found = read(journal)
    assert found.comparable is None
    assert "after 7" not in digest_text(found) + str(digest_embed(found, public=False).to_dict())


def test_a_week_without_anything_is_quiet(journal: Journal) -> None:
    found = read(journal)
    assert found.is_quiet
    assert "Nothing waits to be answered." in digest_text(found)
    journal.count([Tally("2026-03-01", 7, "slash", asked=1)])
    assert not read(journal).is_quiet


def test_a_gap_that_came_back_says_so(journal: Journal, clock: Clock) -> None:
    gaps = Gaps(journal, HashingEmbedder())
    decline(journal, ANNA, "What does it pay?")
    gaps.mark(gaps.open()[0].key, "answered", who=BERT)
    clock.pass_by(timedelta(seconds=1))
    decline(journal, BERT, "What does it pay?")
    reason = "nothing about this in the knowledge base"
    assert gap_line(gaps.open()[0]) == f"2 people: {reason}; 1 since it was marked answered"
