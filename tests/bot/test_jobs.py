"""A long work is followed in one message, can be cancelled, and its end is always told."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.errors import SENTENCES
from bot.jobs import LIFE, RESTARTED, Job, Jobs, Told, duration
from bot.offload import Offload
from bot.records import Records
from index.library import Busy
from knowledge.journal.journal import Journal
from knowledge.watching import Watch
from tests.bot.conftest import Time

CHANNEL = 70


def refusing(status: int, code: int) -> discord.HTTPException:
    response = SimpleNamespace(status=status, reason="no")
    kind = discord.Forbidden if status == 403 else discord.HTTPException
    return kind(response, {"code": code, "message": "no"})


class Post(discord.Message):
    """A message the bot wrote in a channel or privately."""

    def __init__(self, place: "Place", fields: dict[str, Any]) -> None:
        self.id = 900 + len(place.posts)
        self.channel = SimpleNamespace(id=place.id)
        self.author = SimpleNamespace(bot=True)
        self.shown = [fields]
        self.is_deleted = False

    async def edit(self, **fields: Any) -> None:
        if self.is_deleted:
            raise refusing(404, 10008)
        self.shown.append(fields)


class Place:
    """Where the bot may write, or not."""

    def __init__(self, id_: int, *, closed: bool = False) -> None:
        self.id = id_
        self.mention = f"<@{id_}>"
        self.closed = closed
        self.posts: list[Post] = []

    async def send(self, *, nonce: int, **fields: Any) -> Post:
        if self.closed:
            raise refusing(403, 50013)
        self.posts.append(Post(self, fields))
        return self.posts[-1]


class Interaction:
    """A command of an admin in a server; its token can die, and Discord can fail."""

    def __init__(self, *, closed: bool = False) -> None:
        self.id, self.application_id, self.token = 1, 2, "token"
        self.user = Place(7)
        self.guild_id, self.channel_id = 5, CHANNEL
        self.channel = Place(CHANNEL, closed=closed)
        self.client = SimpleNamespace(get_partial_messageable=lambda id_: self.channel)
        self.context = discord.app_commands.AppCommandContext(guild=True)
        self.response = SimpleNamespace(is_done=lambda: self.is_open, send_message=self._say)
        self.is_open = True
        self.shown: list[dict[str, Any]] = []
        self.failures: list[discord.HTTPException] = []
        self.dead: discord.HTTPException | None = None

    async def edit_original_response(self, **fields: Any) -> None:
        if self.dead:
            raise self.dead
        if self.failures:
            raise self.failures.pop(0)
        self.shown.append(fields)

    async def _say(self, content: str, **_: Any) -> None:
        self.shown.append({"content": content})

    @property
    def said(self) -> list[str]:
        return [fields["content"] for fields in self.shown]


class Work:
    """A work that a test lets go on step by step."""

    def __init__(self) -> None:
        self.steps = threading.Semaphore(0)
        self.seen = threading.Semaphore(0)

    def __call__(self, watch: Watch) -> str:
        for done in range(4):
            watch("embedding", done, 4)
            self.seen.release()
            if not self.steps.acquire(timeout=5):
                raise TimeoutError
        return "done"

    async def goes(self, steps: int = 4) -> None:
        self.steps.release(steps)
        await asyncio.sleep(0)

    async def reached(self) -> None:
        while not self.seen.acquire(blocking=False):  # noqa: ASYNC110  # a thread releases it
            await asyncio.sleep(0.005)


def show(result: str, private: bool) -> Told:
    return Told(f"{result}, {'for you alone' if private else 'for all'}")


@pytest.fixture
async def jobs(journal: Journal, writing: Offload, time: Time) -> AsyncIterator[Jobs]:
    with Offload(workers=1, waiting=0) as pool:
        yield Jobs(offload=pool, records=Records(journal=journal, offload=writing), clock=time, pause=0.01)


@pytest.fixture
async def work() -> AsyncIterator[Work]:
    work = Work()
    yield work
    work.steps.release(100)


async def started(jobs: Jobs, work: Work, interaction: Any) -> asyncio.Task[None]:
    running = asyncio.create_task(jobs.run(interaction, "The reindex", work, show))
    await work.reached()
    await until(lambda: bool(interaction.shown))
    return running


async def until(met: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not met():  # noqa: ASYNC110  # what is waited for sets no event
            await asyncio.sleep(0.005)


def test_progress_tells_phase_count_rate_and_about_how_long(time: Time) -> None:
    job = Job("The reindex", 7, time)
    assert "Reading the documents" in job.progress()
    job.watch("embedding", 0, 1000)
    time.pass_by(10)
    job.watch("embedding", 250, 1000)
    assert job.progress().endswith("Embedding: 250 of 1,000 (25 %), 25 a second, about 30 s left for this")
    job.watch("embedding", 200_000, 1_000_000)
    assert ", 20,000 a second, about 40 s left for this" in job.progress()
    job.watch("embedding", 7, 1000)
    assert ", 0.7 a second, about 24 min left for this" in job.progress()
    job.watch("asking", 10, 1000)
    assert job.progress().endswith("Asking the known questions: 10 of 1,000 (1 %)")


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 s"), (89, "89 s"), (90, "2 min"), (3000, "50 min"), (9000, "2.5 h")]
)
def test_duration_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert duration(seconds) == said


async def test_message_follows_the_work_and_ends_with_its_result(
    jobs: Jobs, work: Work, journal: Journal
) -> None:
    interaction = Interaction()
    running = await started(jobs, work, interaction)
    assert "0 of 4" in interaction.said[0]
    edits = len(interaction.shown)
    await asyncio.sleep(0.1)
    assert len(interaction.shown) == edits  # nothing changed, nothing was edited
    assert [pending.interaction for pending in journal.unfinished()] == ["work:1"]
    await work.goes()
    await running
    assert interaction.shown[-1]["content"] == "done, for you alone"
    assert interaction.shown[-1]["view"] is None
    assert jobs.running is None
    assert journal.unfinished() == []


async def test_second_work_is_told_what_runs_and_by_whom(jobs: Jobs, work: Work) -> None:
    running = await started(jobs, work, Interaction())
    other = Interaction()
    other.is_open = False
    await jobs.run(other, "The check", work, show)
    [said] = other.said
    assert said.startswith("One at a time: The reindex has been running since <t:")
    assert "by <@7> (embedding)" in said
    await work.goes()
    await running


async def test_cancelled_work_stops_and_says_by_whom(jobs: Jobs, work: Work) -> None:
    interaction = Interaction()
    running = await started(jobs, work, interaction)
    assert jobs.running
    assert not jobs.cancel("another", 8)
    assert jobs.cancel(jobs.running.key, 8)
    await until(lambda: "stopping" in interaction.said[-1])
    await work.goes(1)
    await running
    assert interaction.said[-1] == "The reindex was cancelled by <@8>. Nothing was published."
    await jobs.run(again := Interaction(), "The reindex", lambda watch: "again", show)
    assert again.said[-1] == "again, for you alone"


@pytest.mark.parametrize("dead", [refusing(401, 50027), refusing(404, 10015), None])
async def test_work_that_outlives_the_interaction_goes_on_in_the_channel(
    jobs: Jobs, work: Work, journal: Journal, time: Time, dead: discord.HTTPException | None
) -> None:
    interaction = Interaction()
    running = await started(jobs, work, interaction)
    if dead is None:
        time.pass_by(LIFE)
    interaction.dead = dead
    await work.goes(1)
    await until(lambda: bool(interaction.channel.posts))
    [post] = interaction.channel.posts
    await until(lambda: [waiting.channel for waiting in journal.unanswered_messages()] == [f"own:{CHANNEL}"])
    assert post.shown[0]["content"].startswith("<@7>, this took longer")
    await work.goes(3)
    await running
    assert post.shown[-1]["content"] == "done, for all"
    assert journal.unanswered_messages() == []
    assert journal.unfinished() == []


async def test_end_reaches_the_admin_privately_where_the_bot_may_not_write(
    jobs: Jobs, work: Work, time: Time
) -> None:
    interaction = Interaction(closed=True)
    running = await started(jobs, work, interaction)
    time.pass_by(LIFE)
    await work.goes()
    await running
    assert interaction.user.posts[-1].shown[-1]["content"] == "done, for you alone"


async def test_end_is_told_anew_where_somebody_deleted_the_message(
    jobs: Jobs, work: Work, time: Time
) -> None:
    interaction = Interaction()
    running = await started(jobs, work, interaction)
    time.pass_by(LIFE)
    await work.goes(1)
    await until(lambda: bool(interaction.channel.posts))
    interaction.channel.posts[0].is_deleted = True
    await work.goes(3)
    await running
    assert interaction.channel.posts[-1].shown[-1]["content"].endswith("done, for all")


async def test_end_that_discord_did_not_take_is_told_again(jobs: Jobs, work: Work) -> None:
    interaction = Interaction()
    running = await started(jobs, work, interaction)
    interaction.failures = [refusing(503, 0)] * 3
    await work.goes()
    await running
    assert interaction.said[-1] == "done, for you alone"


async def test_what_goes_wrong_is_told_in_a_sentence(jobs: Jobs) -> None:
    def fail(_: Watch) -> str:
        raise Busy("The index is being changed by somebody in /secret.")

    interaction = Interaction()
    await jobs.run(interaction, "The reindex", fail, show)
    assert interaction.said[-1] == SENTENCES[Busy]
    assert jobs.running is None


async def test_stopping_the_bot_stops_the_work_and_says_so(jobs: Jobs, work: Work) -> None:
    interaction = Interaction()
    running = await started(jobs, work, interaction)
    draining = asyncio.create_task(jobs.drain(5.0))
    await until(lambda: bool(jobs.running and jobs.running.is_stopping))
    await work.goes(1)
    await draining
    await running
    assert interaction.said[-1] == RESTARTED.format(title="The reindex")
    await jobs.run(late := Interaction(), "The check", work, show)
    assert late.said == ["I am being restarted. Please ask again in a minute."]


async def test_work_that_does_not_stop_in_time_is_told_of_all_the_same(jobs: Jobs, work: Work) -> None:
    interaction = Interaction()
    running = await started(jobs, work, interaction)
    await jobs.drain(0.05)
    await asyncio.gather(running, return_exceptions=True)
    assert interaction.said[-1].startswith("I was restarted while The reindex was under way.")
