"""What a simulated Discord cannot show: real time, real sockets, real signals."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import pytest

import bot.client
import bot.serving
from bot.client import CareerBot
from bot.desk import Desk
from bot.errors import CannotStart
from bot.offload import Offload
from bot.serving import serve
from tests.bot.fakes import FakeAdvisor
from tests.wire.discord_server import DiscordServer, serving

TOKEN = "t"  # noqa: S105  # opens nothing
ME = "GET /users/@me"
COMMANDS = "PUT /applications/100/commands"
CALLBACK = "POST /interactions/300/t/callback"
ANSWER = "POST /webhooks/100/t"


class PromptBot(CareerBot):
    """Does not wait two seconds for servers to arrive; there are none."""

    def __init__(self, *, desk: Desk, data: Path) -> None:
        super().__init__(desk=desk, data=data)
        self._connection.guild_ready_timeout = 0.0


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordServer]:
    async with serving() as running:
        monkeypatch.setattr(discord.http.Route, "BASE", running.address)
        monkeypatch.setattr(bot.serving, "LONGEST_PAUSE", 0.01)
        monkeypatch.setattr(bot.client, "LONGEST_PAUSE", 0.01)
        yield running


@pytest.fixture
def offload() -> Iterator[Offload]:
    with Offload() as pool:
        yield pool


@asynccontextmanager
async def running(advisor: FakeAdvisor, offload: Offload, data: Path) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, until the test is done with it or it ends by itself."""
    desk = Desk(advisor=advisor, offload=offload)
    task = asyncio.create_task(serve(lambda: PromptBot(desk=desk, data=data), token=TOKEN))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_question_is_acknowledged_before_the_work_and_answered_after_it(
    server: DiscordServer, offload: Offload, tmp_path: Path
) -> None:
    advisor = FakeAdvisor()
    gate = threading.Event()
    advisor.waits_for(gate)
    async with running(advisor, offload, tmp_path):
        await server.saw_status("online")
        await server.ask("Which skills?")
        try:
            assert (await server.saw(CALLBACK))["type"] == 5
            await advisor.was_asked()
            assert server.bodies(ANSWER) == []
        finally:
            gate.set()
        sent = await server.saw(ANSWER)
    assert "> You asked: Which skills?" in sent["embeds"][0]["description"]
    assert sent["allowed_mentions"] == {"parse": []}


async def test_bot_shows_that_it_is_warming_up_and_then_that_it_is_ready(
    server: DiscordServer, offload: Offload, tmp_path: Path
) -> None:
    gate = threading.Event()
    advisor = FakeAdvisor()
    advisor.warms_after(gate)
    async with running(advisor, offload, tmp_path):
        try:
            await server.saw_status("idle")
            await server.identified.wait()
            await server.ask("Which skills?")
            assert "warming up" in (await server.saw(ANSWER))["content"]
            assert [shown["status"] for shown in server.presences] == ["idle"]
        finally:
            gate.set()
        await server.saw_status("online")


async def test_wrong_token_ends_in_one_sentence(
    server: DiscordServer, offload: Offload, tmp_path: Path
) -> None:
    server.failures[ME] = [401]
    async with running(FakeAdvisor(), offload, tmp_path) as task:
        with pytest.raises(CannotStart, match="DISCORD_TOKEN"):
            await asyncio.wait_for(task, 10)


@pytest.mark.parametrize("request_", [ME, COMMANDS, "GET /gateway/bot"])
async def test_start_up_that_finds_discord_out_of_order_tries_again(
    server: DiscordServer, offload: Offload, tmp_path: Path, request_: str
) -> None:
    server.failures[request_] = [503, 503]
    async with running(FakeAdvisor(), offload, tmp_path):
        await server.saw_status("online")
        await server.saw(request_, times=3)


async def test_start_up_that_is_refused_the_connection_tries_again(
    server: DiscordServer, offload: Offload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = asyncio.Event()
    warning = bot.serving.log.warning

    def reachable_again(*args: object) -> None:
        warning(*args)
        monkeypatch.setattr(discord.http.Route, "BASE", server.address)
        refused.set()

    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:1")
    monkeypatch.setattr(bot.serving.log, "warning", reachable_again)
    async with running(FakeAdvisor(), offload, tmp_path):
        await server.saw_status("online")
    assert refused.is_set()


async def test_model_that_cannot_be_warmed_ends_the_bot_with_its_error(
    server: DiscordServer, offload: Offload, tmp_path: Path
) -> None:
    advisor = FakeAdvisor()
    advisor.fails_to_warm_with(FileNotFoundError("the model"))
    async with running(advisor, offload, tmp_path) as task:
        with pytest.raises(FileNotFoundError, match="the model"):
            await asyncio.wait_for(task, 10)


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
async def test_signal_closes_the_connection_and_ends_without_an_error(
    server: DiscordServer, offload: Offload, tmp_path: Path, kind: signal.Signals
) -> None:
    async with running(FakeAdvisor(), offload, tmp_path) as task:
        await server.saw_status("online")
        os.kill(os.getpid(), kind)
        await asyncio.wait_for(task, 10)
        assert await asyncio.wait_for(server.closed(), 10) == 1000
