"""Stopping: what is under way ends visibly, what comes meanwhile is told so, and nobody waits for ever."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from discord.ext import commands

import bot.client
from tests.bot.fakes import FakeAdvisor
from tests.wire.discord_server import DiscordServer
from tests.wire.running import Line, ready, running


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Answers wait for it; opened in the end, so that no thread is left behind."""
    gate = threading.Event()
    yield gate
    gate.set()


def stop(kind: signal.Signals = signal.SIGTERM) -> None:
    os.kill(os.getpid(), kind)


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
async def test_signal_closes_the_connection_and_ends_without_an_error(
    server: DiscordServer, tmp_path: Path, kind: signal.Signals
) -> None:
    async with ready(server, FakeAdvisor(), tmp_path) as task:
        stop(kind)
        await asyncio.wait_for(task, 10)
        assert await server.closed() == 1000


async def test_answer_under_way_is_finished_before_the_connection_closes(
    server: DiscordServer, tmp_path: Path, gate: threading.Event
) -> None:
    advisor = FakeAdvisor()
    advisor.waits_for(gate)
    async with ready(server, advisor, tmp_path) as task:
        asked = await server.slash("ask", question="Which skills?")
        said = await server.say("Which databases?")
        await advisor.was_asked()
        stop()
        await asyncio.sleep(0.1)
        assert server.gateway.left == []
        gate.set()
        await asyncio.wait_for(task, 10)
    for one in (asked, said):
        assert one.seen["embeds"]


async def test_question_that_comes_while_stopping_is_told_so(
    server: DiscordServer, tmp_path: Path, gate: threading.Event
) -> None:
    advisor = FakeAdvisor()
    advisor.waits_for(gate)
    guild = server.world.add_guild("Guild", "careers")
    async with ready(server, advisor, tmp_path) as task:
        first = await server.slash("ask", question="Which skills?")
        await advisor.was_asked()
        stop()
        await asyncio.sleep(0.1)
        late = [
            await server.slash("ask", question="Which databases?"),
            await server.say("Which tools?"),
            await server.say("Which tools?", guild["channels"][0]),
        ]
        await server.ended(*late)
        gate.set()
        await asyncio.wait_for(task, 10)
    assert advisor.asked == ["Which skills?"]
    assert first.ended
    for one in late:
        assert "restart" in one.seen["content"]


async def test_answer_that_takes_longer_than_the_grace_ends_in_a_sentence(
    server: DiscordServer, tmp_path: Path, gate: threading.Event
) -> None:
    advisor = FakeAdvisor()
    advisor.waits_for(gate)
    async with ready(server, advisor, tmp_path, Line(grace=0.2)) as task:
        asked = await server.slash("ask", question="Which skills?")
        said = await server.say("Which databases?")
        await advisor.was_asked()
        stop()
        await asyncio.wait_for(task, 5)
    for one in (asked, said):
        assert "restart" in one.seen["content"]


async def test_question_asked_before_the_model_is_loaded_is_told_when_stopping_comes_first(
    server: DiscordServer, tmp_path: Path, gate: threading.Event
) -> None:
    advisor = FakeAdvisor()
    advisor.warms_after(gate)
    async with running(advisor, tmp_path, Line(grace=0.1)) as task:
        await server.until(lambda: bool(server.gateway.sessions))
        asked = await server.slash("ask", question="Which skills?")
        await server.acknowledged(asked)
        stop()
        await asyncio.wait_for(task, 5)
    assert "restart" in asked.seen["content"]


async def test_second_signal_closes_at_once(
    server: DiscordServer, tmp_path: Path, gate: threading.Event
) -> None:
    advisor = FakeAdvisor()
    advisor.waits_for(gate)
    async with ready(server, advisor, tmp_path, Line(grace=60.0)) as task:
        await server.slash("ask", question="Which skills?")
        await advisor.was_asked()
        stop()
        await asyncio.sleep(0.05)
        stop()
        await asyncio.wait_for(task, 5)


@pytest.mark.parametrize("hang", [False, True])
async def test_dead_gateway_does_not_hold_up_stopping(
    server: DiscordServer, tmp_path: Path, hang: bool
) -> None:
    async with ready(server, FakeAdvisor(), tmp_path) as task:
        await server.fall_mute(hang=hang)
        stop()
        await asyncio.wait_for(task, 5)


async def test_goodbye_that_never_ends_is_cut_short(
    server: DiscordServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def never(_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(bot.client, "FAREWELL", 0.1)
    async with ready(server, FakeAdvisor(), tmp_path) as task:
        monkeypatch.setattr(commands.AutoShardedBot, "close", never)
        stop()
        await asyncio.wait_for(task, 5)
    assert "did not confirm" in caplog.text
