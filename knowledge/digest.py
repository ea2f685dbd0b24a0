"""What happened in a week: what was asked, what is missing, what grows old. Nobody is named who asked."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from index.library import Snapshot
from knowledge.gaps import Gap, Gaps
from knowledge.journal.entries import ByGeneration, Digested, Noted, Tally
from knowledge.journal.journal import Journal
from knowledge.journal.values import stamp

WEEKDAY, HOUR = 0, 9
"""When a digest is due: Mondays from nine o'clock, UTC."""

MOST_GAPS = 5
"""Gaps that are told; how many more there are is counted."""

_LONGEST = timedelta(days=28)
_PAGE = 100
_CHANGES = ("published", "rolled back")


@dataclass(frozen=True, slots=True)
class Period:
    """From one midnight up to, not with, another: ISO 8601, UTC."""

    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Stale:
    """A document whose stated date is long ago; `days` before the end of the period."""

    document: str
    title: str
    date: str
    days: int


@dataclass(frozen=True, slots=True)
class Digest:
    """A period in numbers, for admins: what somebody told them was told to nobody else.

    `gaps` are the first of those that are near to each other, `more_gaps` are open beside them; `new_gaps` of
    all began in the period. `ratings` are those of the period, by generation, the latest first; `undated`
    counts documents that state no date.
    """

    period: Period
    asked: int
    answered: int
    partly: int
    declined: int
    failed: int
    disagreed: int
    gaps: tuple[Gap, ...]
    more_gaps: int
    new_gaps: int
    stale: tuple[Stale, ...]
    undated: int
    ratings: tuple[ByGeneration, ...]
    changes: tuple[Noted, ...]

    @property
    def comparable(self) -> tuple[ByGeneration, ByGeneration] | None:
        """The last two generations that answered, the earlier first, where one came after the other.

        After a return to an earlier one nobody can say which answered when.
        """
        if len(self.ratings) < 2 or any(noted.deed == "rolled back" for noted in self.changes):
            return None
        after, before, *_ = self.ratings
        return before, after

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happened that anybody would want to read of."""
        return not (
            self.asked
            or self.gaps
            or self.changes
            or any(one.helpful or one.unhelpful for one in self.ratings)
        )


def due(last: Digested | None, now: datetime, *, weekday: int = WEEKDAY, hour: int = HOUR) -> Period | None:
    """The period a digest is due about; None where the last one is recent enough.

    It begins where the last one ended, so that none is left out and none told twice, but for a bot that was
    away for more than four weeks.
    """
    now = now.astimezone(UTC)
    day = now.date() - timedelta(days=(now.weekday() - weekday) % 7)
    if now < datetime.combine(day, time(hour), UTC):
        day -= timedelta(days=7)
    until = datetime.combine(day, time(), UTC)
    since = until - timedelta(days=7)
    if last is not None:
        since = max(datetime.fromisoformat(last.until), until - _LONGEST)
    return Period(stamp(since), stamp(until)) if since < until else None


def week_before(now: datetime) -> Period:
    """The seven days up to now, today included, for whoever wants to know before a digest is due."""
    until = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    return Period(stamp(until - timedelta(days=7)), stamp(until))


def read_digest(
    journal: Journal, gaps: Gaps, snapshot: Snapshot | None, period: Period, *, stale_days: int
) -> Digest:
    """What happened in a period, and what is open and stale at its end. Raises JournalError."""
    days = [
        tally for tally in journal.counted(period.since[:10], period.until[:10]) if _within(tally, period)
    ]
    found = gaps.open(limit=1_000_000)
    told = [gap for gap in found if not gap.beside][:MOST_GAPS]
    dates = (
        {}
        if snapshot is None
        else {
            record.id: (str(record.attributes["title"]), record.attributes["date"])
            for record in snapshot.records()
        }
    )
    until = datetime.fromisoformat(period.until).date()
    return Digest(
        period=period,
        asked=sum(tally.asked for tally in days),
        answered=sum(tally.answered for tally in days),
        partly=sum(tally.partly for tally in days),
        declined=sum(tally.declined for tally in days),
        failed=sum(tally.failed for tally in days),
        disagreed=sum(tally.disagreed for tally in days),
        gaps=tuple(told),
        more_gaps=len(found) - len(told),
        new_gaps=sum(period.since <= gap.first < period.until for gap in found),
        stale=tuple(sorted(_stale(dates, until, stale_days), key=lambda one: -one.days)),
        undated=sum(_stated(stated) is None for _, stated in dates.values()),
        ratings=tuple(journal.ratings(period.since, period.until)),
        changes=tuple(_changes(journal, period)),
    )


def _within(tally: Tally, period: Period) -> bool:
    return period.since[:10] <= tally.day < period.until[:10]


def _stale(dates: dict[str, tuple[str, object]], until: date, days: int) -> Iterator[Stale]:
    for document, (title, stated) in dates.items():
        when = _stated(stated)
        if when and (age := (until - when).days) > days:
            yield Stale(document, title, str(stated), age)


def _stated(stated: object) -> date | None:
    """The last day a stated date can mean: "2024" and "2024-05" are not taken for older than they are."""
    parts = str(stated or "").strip()[:10].split("-")
    try:
        year, *rest = (int(part) for part in parts)
        month = rest[0] if rest else 12
        return date(year, month, rest[1] if len(rest) > 1 else monthrange(year, month)[1])
    except ValueError:
        return None


def _changes(journal: Journal, period: Period) -> Iterator[Noted]:
    """What was published or rolled back, the latest first."""
    before = None
    while page := journal.log(_PAGE, before, refused=False):
        yield from (
            noted for noted in page if noted.deed in _CHANGES and period.since <= noted.at < period.until
        )
        before = page[-1].id
        if page[-1].at < period.since:
            return
