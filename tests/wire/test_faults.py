"""Ten faults, twenty questions around each: every one of them must end visibly.

Half are asked with /ask and half with a mention, half before the fault and half after it. Seen from outside:
whoever asked has been shown something, in its place or in a private message.
"""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.offload import TooSlow
from knowledge.entities import Question, Reply
from tests.bot.fakes import FakeAdvisor, answer
from tests.wire.discord_server import DiscordServer
from tests.wire.payloads import Payload
from tests.wire.running import Line, ready
from tests.wire.world import Asked

ACK = "POST /interactions/*/callback"
EDIT = "PATCH /webhooks/*"
POST = "POST /channels/*/messages"

SHORT = Line(heartbeat_timeout=1.0)


class Asking:
    """Puts questions by both ways and remembers them."""

    def __init__(self, server: DiscordServer, where: Payload) -> None:
        self._server = server
        self._where = where
        self.asked: list[Asked] = []

    async def __call__(self, count: int, pause: float = 0.02) -> None:
        for number in range(count):
            text = f"Which skills does job {len(self.asked)} take?"
            if number % 2:
                self.asked.append(await self._server.slash("ask", self._where, question=text))
            else:
                self.asked.append(await self._server.say(text, self._where))
            await asyncio.sleep(pause)


def slowly(question: Question) -> Reply:
    """Long enough for a fault to find questions under way."""
    time.sleep(0.02)
    return Reply((answer(f"You asked: {question.text}"),), 1)


def failing_acknowledgement(server: DiscordServer) -> None:
    server.fail(ACK, 500)


def failing_acknowledgements_past_the_deadline(server: DiscordServer) -> None:
    server.fail(ACK, 500, 500, 502, 503, 500, 500)


def failing_answers(server: DiscordServer) -> None:
    server.fail(EDIT, 500, 503, 502)
    server.fail(POST, 500, 503, 502)


def limited_route(server: DiscordServer) -> None:
    server.limit(ACK, 0.3)
    server.limit(EDIT, 0.3)
    server.limit(POST, 0.3)


def limited_everywhere(server: DiscordServer) -> None:
    server.limit(POST, 0.5, everywhere=True)
    server.limit(EDIT, 0.5, everywhere=True)


def reset_posts(server: DiscordServer) -> None:
    for route in (POST, EDIT, ACK):
        server.cut(route, effect=False)
        server.cut(route, effect=True)


def slow_rest(server: DiscordServer) -> None:
    server.slow("*", 0.4, times=40)


async def dropped(server: DiscordServer) -> None:
    await server.drop()


async def told_to_reconnect(server: DiscordServer) -> None:
    await server.ask_to_reconnect()


async def invalid_but_resumable(server: DiscordServer) -> None:
    await server.invalidate(resumable=True)


REST = [
    failing_acknowledgement,
    failing_acknowledgements_past_the_deadline,
    failing_answers,
    limited_route,
    limited_everywhere,
    reset_posts,
    slow_rest,
]
GATEWAY = [dropped, told_to_reconnect, invalid_but_resumable]


def lost(asked: list[Asked]) -> list[str]:
    """Questions nobody was shown anything for, and what became of them."""
    return [
        f"{'slash' if one.token else 'mention'} {place}: acknowledged {one.acked}, late {one.late}"
        for place, one in enumerate(asked)
        if not one.ended
    ]


async def ended(server: DiscordServer, asked: list[Asked], seconds: float = 25.0) -> None:
    try:
        await server.ended(*asked, seconds=seconds)
    except TimeoutError:
        pytest.fail(f"Without a visible end: {lost(asked)}")


@pytest.fixture
def asking(server: DiscordServer) -> Asking:
    return Asking(server, server.world.add_guild("Guild", "careers")["channels"][0])


@pytest.mark.parametrize("fault", REST, ids=lambda fault: fault.__name__)
async def test_no_question_is_lost_when_rest_fails(
    server: DiscordServer, asking: Asking, tmp_path: Path, fault: Callable[[DiscordServer], None]
) -> None:
    async with ready(server, FakeAdvisor(slowly), tmp_path):
        await asking(10)
        fault(server)
        await asking(10)
        await ended(server, asking.asked)
    assert all(fault.met == fault.times or fault.delay for fault in server.faults)


@pytest.mark.parametrize("fault", GATEWAY, ids=lambda fault: fault.__name__)
async def test_no_question_is_lost_when_the_gateway_fails(
    server: DiscordServer, asking: Asking, tmp_path: Path, fault: Callable[[DiscordServer], Awaitable[None]]
) -> None:
    async with ready(server, FakeAdvisor(slowly), tmp_path):
        await asking(10)
        await fault(server)
        await asking(10)
        await ended(server, asking.asked)
    assert server.gateway.resumed == 1


async def test_questions_of_a_lost_session_are_answered_and_later_ones_too(
    server: DiscordServer, asking: Asking, tmp_path: Path
) -> None:
    async with ready(server, FakeAdvisor(slowly), tmp_path):
        await asking(10)
        await server.invalidate(resumable=False)
        # What Discord sends between two sessions reaches nobody.
        await server.until(lambda: server.gateway.identified == 2, seconds=20)
        await asking(10)
        await ended(server, asking.asked)


async def test_no_question_is_lost_when_heartbeats_stay_unacknowledged(
    server: DiscordServer, asking: Asking, tmp_path: Path
) -> None:
    server.gateway.heartbeat = 0.2
    async with ready(server, FakeAdvisor(slowly), tmp_path, SHORT):
        await asking(10)
        await server.fall_mute()
        await asking(10)
        await server.until(lambda: server.gateway.resumed == 1, seconds=15)
        await ended(server, asking.asked)


async def test_no_question_is_lost_when_the_bot_is_restarted_while_answering(
    server: DiscordServer, asking: Asking, tmp_path: Path
) -> None:
    gate = threading.Event()
    advisor = FakeAdvisor(slowly)
    advisor.waits_for(gate)
    try:
        async with ready(server, advisor, tmp_path, Line(grace=0.1)) as task:
            await asking(10)
            await advisor.was_asked()
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(task, 15)
    finally:
        gate.set()
    async with ready(server, FakeAdvisor(slowly), tmp_path):
        await server.saw_status("online", times=2)
        await asking(10)
        await ended(server, asking.asked)


async def test_no_question_is_lost_when_answering_fails_as_during_a_reindex(
    server: DiscordServer, asking: Asking, tmp_path: Path
) -> None:
    numbers = iter(range(1000))

    def now_and_then(question: Question) -> Reply:
        if next(numbers) % 3 == 0:
            raise TooSlow
        return slowly(question)

    advisor = FakeAdvisor(now_and_then)
    async with ready(server, advisor, tmp_path):
        await asking(10)
        advisor.number = 2
        await asking(10)
        await ended(server, asking.asked)
