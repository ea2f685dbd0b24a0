"""Every week has one digest in the channel, through restarts, side by side and whatever Discord does."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from simcord import Env

from bot.digesting import FORBIDDEN, GONE, UNREACHED, UNREAD, Digesting
from bot.offload import Offload
from bot.render.digest import digest_embed
from knowledge.digest import Digest, Period, Stale
from knowledge.gaps import Gap
from knowledge.journal.entries import ByGeneration, Noted
from knowledge.journal.errors import JournalError
from knowledge.journal.journal import Journal
from tests.bot.test_jobs import refusing
from tests.knowledge.journals import Clock
from tests.limits import message_violations

CHANNEL = 70
ME = 9
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WEEK = timedelta(days=7)


def digest(period: Period, **changed: Any) -> Digest:
    values: dict[str, Any] = {
        "asked": 3, "answered": 2, "partly": 0, "declined": 1, "failed": 0, "disagreed": 0,
        "gaps": (), "more_gaps": 0, "new_gaps": 0, "stale": (), "undated": 0, "ratings": (), "changes": (),
    }  # fmt: skip
    return Digest(period=period, **(values | changed))


class Channel:
    """A channel that keeps what arrives; `fault` strikes before it, `late` after it."""

    def __init__(self) -> None:
        self.posts: list[Any] = []
        self.fault: BaseException | None = None
        self.late: BaseException | None = None
        self.is_readable = True

    async def send(self, *, embed: discord.Embed, nonce: int, **fields: Any) -> None:
        assert message_violations({"embeds": [embed.to_dict()], "allowed_mentions": {"parse": []}}) == []
        if self.fault:
            raise self.fault
        self.posts.append(SimpleNamespace(author=SimpleNamespace(id=ME), embeds=[embed]))
        if self.late:
            raise self.late

    async def history(self, *, limit: int) -> AsyncIterator[Any]:
        if not self.is_readable:
            raise refusing(403, 50001)
        for post in self.posts[-limit:]:
            yield post


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def client(channel: Channel) -> Any:
    return SimpleNamespace(user=SimpleNamespace(id=ME), get_partial_messageable=lambda id_: channel)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.time = MONDAY
    return clock


Make = Callable[[], Digesting]


@pytest.fixture
def start(tmp_path: Path, clock: Clock) -> Iterator[Make]:
    """Another process of the bot with the same data."""
    with ExitStack() as stack:

        def make() -> Digesting:
            journal = Journal(tmp_path / "journal.db", now=clock)
            stack.callback(journal.close)
            pool = stack.enter_context(Offload())
            return Digesting(channel=CHANNEL, journal=journal, read=digest, offload=pool, now=clock)

        yield make


async def test_each_week_is_posted_once_through_restarts(
    start: Make, client: Any, channel: Channel, clock: Clock
) -> None:
    assert await start().post_if_due(client)
    assert not await start().post_if_due(client)
    clock.pass_by(WEEK - timedelta(hours=2))
    assert not await start().post_if_due(client)
    clock.pass_by(timedelta(hours=2))
    assert await start().post_if_due(client)
    marks = [post.embeds[0].footer.text for post in channel.posts]
    assert marks == [
        "from 2026-02-23 up to 2026-03-02, UTC, that day not included",
        "from 2026-03-02 up to 2026-03-09, UTC, that day not included",
    ]


async def test_what_was_missed_while_the_bot_was_away_is_told_together(
    start: Make, client: Any, channel: Channel, clock: Clock
) -> None:
    await start().post_if_due(client)
    clock.pass_by(2 * WEEK + timedelta(days=3))
    assert await start().post_if_due(client)
    assert channel.posts[-1].embeds[0].footer.text.startswith("from 2026-03-02 up to 2026-03-16")


async def test_several_processes_post_it_once(start: Make, client: Any, channel: Channel) -> None:
    posted = await asyncio.gather(*(start().post_if_due(client) for _ in range(5)))
    assert sorted(posted) == [False] * 4 + [True]
    assert len(channel.posts) == 1


@pytest.mark.parametrize("arrived", [True, False])
async def test_process_that_was_killed_while_posting_leaves_neither_none_nor_two(
    start: Make, client: Any, channel: Channel, clock: Clock, arrived: bool
) -> None:
    setattr(channel, "late" if arrived else "fault", asyncio.CancelledError())
    with pytest.raises(asyncio.CancelledError):
        await start().post_if_due(client)
    channel.late = channel.fault = None
    assert not await start().post_if_due(client)
    clock.pass_by(timedelta(minutes=20))
    assert await start().post_if_due(client)
    assert len(channel.posts) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (refusing(404, 10003), GONE),
        (refusing(403, 50001), FORBIDDEN),
        (refusing(403, 50013), FORBIDDEN),
        (refusing(400, 50035), UNREACHED),
    ],
)
async def test_what_is_in_the_way_is_logged_once_told_in_the_status_and_tried_again(
    start: Make, client: Any, channel: Channel, caplog: pytest.LogCaptureFixture, fault: Exception, said: str
) -> None:
    digesting = start()
    channel.fault = fault
    assert not await digesting.post_if_due(client)
    assert not await digesting.post_if_due(client)
    assert str(await digesting.standing()) == said.format(channel=CHANNEL)
    assert len([record for record in caplog.records if record.levelname == "WARNING"]) == 1
    channel.fault = None
    assert await digesting.post_if_due(client)
    assert str(await digesting.standing()).startswith(f"To <#{CHANNEL}>, last posted <t:")


async def test_channel_that_cannot_be_read_back_is_posted_in(
    start: Make, client: Any, channel: Channel
) -> None:
    channel.is_readable = False
    assert await start().post_if_due(client)
    assert len(channel.posts) == 1


async def test_digest_that_cannot_be_put_together_is_tried_again(
    start: Make, client: Any, channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    digesting = start()

    def fails(period: Period) -> Digest:
        raise JournalError("no disk")

    digesting._read = fails
    assert not await digesting.post_if_due(client)
    assert str(await digesting.standing()) == UNREAD
    digesting._read = digest
    assert await digesting.post_if_due(client)
    assert len(channel.posts) == 1


async def test_real_channel_gets_the_digest_without_a_ping(env: Env, start: Make, cold_bot: Any) -> None:
    channel = env.create_guild().create_text_channel("news")
    digesting = start()
    digesting.channel = channel.id
    assert await digesting.post_if_due(cold_bot)
    place = cold_bot.get_partial_messageable(channel.id)
    [message] = [message async for message in place.history()]
    assert message.embeds[0].title == "What people asked"


# --- what it says ------------------------------------------------------------------------------------------

PERIOD = Period("2026-02-23T00:00:00.000+00:00", "2026-03-02T00:00:00.000+00:00")
AT = "2026-02-25T08:00:00.000+00:00"
WORST = "@everyone **Запрос** \U0001f9ea <#1> " * 30


def full(text: str, number: int) -> Digest:
    gap = Gap("k", 4, (f"my boss {text}",), False, "nothing, near «Queues»", {"nothing": 4}, AT, AT, "open")
    rated = ByGeneration(3, 30, 4, 100, 80, 20, AT, AT)
    return digest(
        PERIOD,
        asked=120, answered=80, partly=10, declined=20, failed=10, disagreed=2,
        gaps=(gap,) * 5, more_gaps=number, new_gaps=3,
        stale=tuple(Stale("d", text, "2019", 2000) for _ in range(number)), undated=4,
        ratings=(rated,) * number,
        changes=(Noted(1, AT, "123456789", "published", 3, text, ""),) * number,
    )  # fmt: skip


def test_channel_reads_no_wording_and_no_person() -> None:
    shown = str(digest_embed(full("Zebediah", 2), public=True).to_dict())
    assert "boss" not in shown
    assert "123456789" not in shown
    assert "4 people: nothing, near «Queues»" in shown
    own = str(digest_embed(full("Zebediah", 2), public=False).to_dict())
    assert "boss" in own
    assert "<@123456789>" in own


def test_channel_reads_of_no_gap_that_fewer_than_three_people_asked() -> None:
    told = full("Zebediah", 2)
    few = tuple(replace(gap, people=people, subject=f"s{people}") for people, gap in enumerate(told.gaps))
    shown = digest_embed(replace(told, gaps=few), public=True).to_dict()["fields"][0]
    assert shown == {
        "name": "Open gaps: 7, 3 of them new",
        "value": "- 3 people: s3\n- 4 people: s4\n-# 5 more: /knowledge gaps lists them",
        "inline": False,
    }
    own = digest_embed(replace(told, gaps=few), public=False).to_dict()["fields"][0]["value"]
    assert own.endswith("-# 2 more: /knowledge gaps lists them")


@pytest.mark.parametrize("public", [True, False])
def test_digest_of_a_busy_week_fits_and_acts_nowhere(public: bool) -> None:
    embed = digest_embed(full(WORST, 60), public=public)
    assert message_violations({"embeds": [embed.to_dict()], "allowed_mentions": {"parse": []}}) == []
    assert "@everyone" not in str(embed.to_dict()).replace("\\\\@everyone", "")


def test_quiet_week_says_so() -> None:
    embed = digest_embed(digest(PERIOD, asked=0, answered=0, declined=0), public=True)
    assert embed.description == "Nobody asked anything."
    assert [field.name for field in embed.fields] == []
