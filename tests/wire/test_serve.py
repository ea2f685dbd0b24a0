"""Starting up: what a simulated Discord cannot show, with real time and real sockets."""

import asyncio
import base64
import logging
import re
import threading
from pathlib import Path

import pytest
from discord.http import Route
from pydantic import SecretStr

import bot.serving
from bot.errors import CannotStart
from tests.bot.fakes import FakeAdvisor
from tests.wire.discord_server import DiscordServer
from tests.wire.running import Line, running
from tests.wire.wires import Fault

ME = "GET /users/@me"
COMMANDS = "PUT /applications/100/commands"
GATEWAY = "GET /gateway/bot"

# The library hands credentials on in a way that aiohttp will drop in its next major version.
AS_THE_LIBRARY_DOES = pytest.mark.filterwarnings(
    "ignore:The 'proxy_auth' parameter:DeprecationWarning",
    "ignore:BasicAuth is deprecated:DeprecationWarning",
)


async def test_question_is_acknowledged_before_the_work_and_answered_after_it(
    server: DiscordServer, tmp_path: Path
) -> None:
    advisor = FakeAdvisor()
    gate = threading.Event()
    advisor.waits_for(gate)
    async with running(advisor, tmp_path):
        await server.saw_status("online")
        asked = await server.slash("ask", question="Which skills?")
        try:
            await server.acknowledged(asked)
            await advisor.was_asked()
            assert not asked.ended
        finally:
            gate.set()
        await server.ended(asked)


async def test_bot_shows_that_it_is_warming_up_and_then_that_it_is_ready(
    server: DiscordServer, tmp_path: Path
) -> None:
    gate = threading.Event()
    advisor = FakeAdvisor()
    advisor.warms_after(gate)
    async with running(advisor, tmp_path):
        try:
            await server.saw_status("idle")
            await server.until(lambda: bool(server.gateway.sessions))
            asked = await server.slash("ask", question="Which skills?")
            assert await server.acknowledged(asked) < server.rest.deadline
            assert [shown["status"] for shown in server.gateway.presences] == ["idle"]
        finally:
            gate.set()
        await server.saw_status("online")
        await server.ended(asked)


@pytest.mark.parametrize("request_", [ME, GATEWAY])
@pytest.mark.parametrize(
    ("status", "sentence"), [(401, "DISCORD_TOKEN"), (403, "refuses this machine"), (404, "ADVISOR_API_BASE")]
)
async def test_refusal_that_will_not_pass_ends_in_one_sentence(
    server: DiscordServer, tmp_path: Path, request_: str, status: int, sentence: str
) -> None:
    server.fail(request_, status)
    async with running(FakeAdvisor(), tmp_path) as task:
        with pytest.raises(CannotStart, match=sentence):
            await asyncio.wait_for(task, 10)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (4004, "DISCORD_TOKEN"),
        (4010, "ADVISOR_SHARD_IDS"),
        (4011, "ADVISOR_SHARD_COUNT"),
        (4012, "4012"),
        (4013, "4013"),
        (4014, "intents"),
    ],
)
async def test_gateway_that_will_not_have_the_bot_ends_in_one_sentence(
    server: DiscordServer, tmp_path: Path, code: int, sentence: str
) -> None:
    server.gateway.codes.append(code)
    async with running(FakeAdvisor(), tmp_path) as task:
        with pytest.raises(CannotStart, match=sentence):
            await asyncio.wait_for(task, 10)


async def test_web_page_in_place_of_discord_ends_in_one_sentence(
    server: DiscordServer, tmp_path: Path
) -> None:
    server.headers["Content-Type"] = "text/html"
    async with running(FakeAdvisor(), tmp_path) as task:
        with pytest.raises(CannotStart, match="not Discord"):
            await asyncio.wait_for(task, 10)


@pytest.mark.parametrize("request_", [ME, GATEWAY])
@pytest.mark.parametrize(
    "fault",
    [
        Fault("", 2, status=503),
        Fault("", status=500),
        Fault("", status=429, retry_after=0.05),
        Fault("", status=429, retry_after=0.05, everywhere=True),
        Fault("", cut="before"),
        Fault("", cut="after"),
    ],
    ids=["503", "500", "429", "429 global", "cut before", "cut after"],
)
async def test_start_up_that_finds_discord_out_of_order_tries_again(
    server: DiscordServer, tmp_path: Path, request_: str, fault: Fault
) -> None:
    fault = Fault(**{**vars(fault), "route": request_})
    server.faults.append(fault)
    async with running(FakeAdvisor(), tmp_path):
        await server.saw_status("online")
    assert fault.met == fault.times
    assert len(server.bodies(request_)) > fault.times


async def test_start_up_that_the_edge_bans_waits_as_long_as_it_is_told(
    server: DiscordServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "bot.serving")
    server.limit(ME, 1.0, by_edge=False)
    async with running(FakeAdvisor(), tmp_path):
        await server.saw_status("online")
    first, second = [seen.at for seen in server.requests if seen.name == ME]
    assert second - first >= 1.0
    assert "429" in caplog.text


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:1", "http://nobody.invalid"], ids=["refused", "no such name"]
)
async def test_start_up_that_finds_nobody_tries_again(
    server: DiscordServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    unreached = asyncio.Event()
    warning = bot.serving.log.warning

    def reachable_again(*args: object) -> None:
        warning(*args)
        monkeypatch.setattr(Route, "BASE", server.address)
        unreached.set()

    monkeypatch.setattr(Route, "BASE", base)
    monkeypatch.setattr(bot.serving.log, "warning", reachable_again)
    async with running(FakeAdvisor(), tmp_path):
        await server.saw_status("online")
    assert unreached.is_set()


async def test_used_up_session_starts_are_waited_for_before_the_gateway_is_called(
    server: DiscordServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.sessions_left[:] = [0]
    server.sessions_reset = 1.2
    async with running(FakeAdvisor(), tmp_path):
        await server.saw_status("online")
    first, second = [seen.at for seen in server.requests if seen.name == GATEWAY]
    assert second - first >= 1.2
    assert server.gateway.identified == 1
    assert "no new session" in caplog.text


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503},
        {"status": 500},
        {"cut": "before"},
        {"delay": 60.0},
        {"status": 429, "retry_after": 60.0},
    ],
)
async def test_bot_answers_though_its_commands_cannot_be_told_yet(
    server: DiscordServer, tmp_path: Path, fault: dict[str, object]
) -> None:
    server.faults.append(Fault(COMMANDS, 100, **fault))  # type: ignore[arg-type]  # each fits its field
    async with running(FakeAdvisor(), tmp_path):
        await server.saw_status("online")
        await server.ended(await server.slash("ask", question="Which skills?"))


async def test_commands_that_were_not_taken_are_told_later(server: DiscordServer, tmp_path: Path) -> None:
    server.fail(COMMANDS, 503, 503)
    async with running(FakeAdvisor(), tmp_path):
        await server.until(lambda: bool(server.world.commands))
    assert len(server.bodies(COMMANDS)) == 3


async def test_commands_that_discord_refuses_are_not_told_again(
    server: DiscordServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail(COMMANDS, 400)
    async with running(FakeAdvisor(), tmp_path):
        await server.saw_status("online")
        await server.ended(await server.slash("ask", question="Which skills?"))
    assert len(server.bodies(COMMANDS)) == 1
    assert "did not take the commands" in caplog.text


async def test_commands_are_told_again_only_when_they_changed(server: DiscordServer, tmp_path: Path) -> None:
    for start in range(1, 4):
        async with running(FakeAdvisor(), tmp_path):
            await server.saw_status("online", times=start)
            await server.until(lambda: (tmp_path / "commands.sha256").exists())
        if start == 2:
            (tmp_path / "commands.sha256").write_text("others")
    assert len(server.bodies(COMMANDS)) == 2
    assert server.gateway.identified == 3


async def test_gateway_of_the_settings_is_called_in_place_of_the_advised_one(
    server: DiscordServer, tmp_path: Path
) -> None:
    line = Line(gateway=f"{server.address.replace('http', 'ws')}/gateway/ours")
    async with running(FakeAdvisor(), tmp_path, line):
        await server.saw_status("online")
    assert server.gateway.called == ["/gateway/ours"]


async def test_only_the_shards_of_this_process_are_started(server: DiscordServer, tmp_path: Path) -> None:
    async with running(FakeAdvisor(), tmp_path, Line(shard_count=4, shard_ids=(2,))):
        await server.saw_status("online")
        assert [session.shard for session in server.gateway.sessions.values()] == [[2, 4]]


@AS_THE_LIBRARY_DOES
async def test_proxy_carries_requests_and_gateway_and_its_password_is_told_to_nobody_else(
    server: DiscordServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # The server stands in for the proxy: nobody else could find a host of that name.
    monkeypatch.setattr(Route, "BASE", "http://discord.invalid")
    caplog.set_level(logging.DEBUG)
    proxy = SecretStr(server.address.replace("http://", "http://user:p%40ss-word@"))
    line = Line(gateway="ws://discord.invalid/gateway", proxy=proxy)
    async with running(FakeAdvisor(), tmp_path, line):
        await server.saw_status("online")
        await server.ended(await server.slash("ask", question="Which skills?"))
    expected = f"Basic {base64.b64encode(b'user:p@ss-word').decode()}"
    assert {seen.proxied for seen in server.requests} == {expected}
    assert not re.search("p@ss-word|p%40ss-word|" + expected.removeprefix("Basic "), caplog.text)


@AS_THE_LIBRARY_DOES
async def test_proxy_that_cannot_be_reached_is_named_without_its_password(
    server: DiscordServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    line = Line(proxy=SecretStr("http://user:pass-word@127.0.0.1:1"))
    async with running(FakeAdvisor(), tmp_path, line):
        async with asyncio.timeout(10):
            while "out of reach" not in caplog.text:  # noqa: ASYNC110  # a log has no event to wait for
                await asyncio.sleep(0.01)
    assert "127.0.0.1" in caplog.text
    assert "pass-word" not in caplog.text


async def test_model_that_cannot_be_warmed_ends_the_bot_with_its_error(
    server: DiscordServer, tmp_path: Path
) -> None:
    advisor = FakeAdvisor()
    advisor.fails_to_warm_with(FileNotFoundError("the model"))
    async with running(advisor, tmp_path) as task:
        with pytest.raises(FileNotFoundError, match="the model"):
            await asyncio.wait_for(task, 10)
