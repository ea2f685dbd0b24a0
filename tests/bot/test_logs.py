"""The log: how lines look, how far down it goes, and that no secret and nobody's words are in it."""

import asyncio
import json
import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

import aiohttp
import discord
import pytest
from aiohttp import web
from discord.http import Route
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from simcord import Env

from bot.client import CareerBot
from bot.logs import GONE, Redaction, configure
from knowledge.entities import Reply
from tests.bot.fakes import FakeAdvisor, answer

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t"  # noqa: S105  # of nobody
HOOK = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OmFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6"
PASSWORD = "pr0xy-p4ss"  # noqa: S105  # of nobody
PROXY = f"http://advisor:{PASSWORD}@proxy.example:3128"
SECRETS = (TOKEN, HOOK, PASSWORD)

log = logging.getLogger("bot.test")


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    named = [logging.getLogger(name) for name in ("bot", "knowledge", "index", "discord")]
    handlers, levels = list(root.handlers), [each.level for each in (root, *named)]
    yield
    for handler in [each for each in root.handlers if each not in handlers]:
        root.removeHandler(handler)
    for each, level in zip((root, *named), levels, strict=True):
        each.setLevel(level)


def test_text_line_has_time_level_place_and_message(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO")
    log.info("Ready: %s", "advisor")
    line = capsys.readouterr().err
    assert line.endswith(" INFO bot.test: Ready: advisor\n")
    assert datetime.fromisoformat(line.split(" INFO")[0].replace(",", "."))


def test_json_line_has_the_same_and_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "json")
    try:
        raise ValueError("no such thing")
    except ValueError:
        log.exception("Incident %s", "ab12", extra={"shard": 3})
    [line] = capsys.readouterr().err.splitlines()
    found: dict[str, Any] = json.loads(line)
    assert datetime.fromisoformat(found.pop("time")).utcoffset() is not None
    assert found.pop("exception").endswith("ValueError: no such thing")
    assert found == {"level": "ERROR", "logger": "bot.test", "message": "Incident ab12", "shard": "3"}


@pytest.mark.parametrize("form", ["text", "json"])
def test_configuring_again_writes_no_line_twice(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure("DEBUG", "text")
    configure("WARNING", form)
    log.warning("Once")
    log.info("Never")
    written = capsys.readouterr().err
    assert written.count("Once") == 1
    assert "Never" not in written


@pytest.mark.parametrize(
    ("level", "name", "least"),
    [
        ("DEBUG", "bot.client", logging.DEBUG),
        ("DEBUG", "knowledge.advisor", logging.DEBUG),
        ("DEBUG", "index.folder", logging.DEBUG),
        ("DEBUG", "discord", logging.INFO),
        ("DEBUG", "discord.gateway", logging.INFO),
        ("DEBUG", "discord.http", logging.INFO),
        ("DEBUG", "aiohttp.client", logging.INFO),
        ("DEBUG", "anything.else", logging.INFO),
        ("INFO", "bot.client", logging.INFO),
        ("ERROR", "bot.client", logging.ERROR),
        ("ERROR", "discord.gateway", logging.ERROR),
    ],
)
def test_only_our_own_modules_go_below_info(level: str, name: str, least: int) -> None:
    configure(level)
    assert logging.getLogger(name).getEffectiveLevel() == least


@pytest.mark.parametrize(
    "line",
    [
        f"logging in with {TOKEN}",
        f"POST https://discord.com/api/v10/interactions/1234/{HOOK}/callback responded with 500",
        f"PATCH https://discord.com/api/v10/webhooks/1234/{HOOK}/messages/@original?wait=true",
        "DELETE /webhooks/1234/an-older-kind_of-token",
        f"token={HOOK}",
        f"{{'Authorization': 'Bot {TOKEN}'}}",
        "<CIMultiDictProxy('User-Agent': 'x', 'Authorization': 'Bot an.odd.token')>",
        "authorization: Bearer an.odd.token",
        '{\\"Authorization\\": \\"Bot an.odd.token\\"}',
        "((b'Authorization', b'Bot an.odd.token'), (b'Accept', b'*/*'))",
        "Proxy-Authorization: Basic YWR2aXNvcjphbi5vZGQudG9rZW4=",
        f"Cannot connect to proxy {PROXY}",
        f"ClientProxyConnectionError: wss://advisor:{PASSWORD}@proxy.example",
        "Cannot connect to https://advisor:an.odd.token@with-an-at@proxy.example",
        f"BasicAuth(login='advisor', password='{PASSWORD}', encoding='latin1')",
        "{'op': 2, 'd': {'token': 'an.odd.token', 'intents': 513}}",
        'sent {"op": 6, "d": {"token":"an.odd.token"}}',
    ],
)
def test_secret_is_struck_out_wherever_it_is_known_to_show_up(line: str) -> None:
    redacted = Redaction().redact(line)
    assert GONE in redacted
    for secret in (*SECRETS, "an.odd.token", "an-older-kind", "YWR2aXNvcj", "with-an-at"):
        assert secret not in redacted


@pytest.mark.parametrize(
    "line",
    [
        "Ready: Advisor#0001, in 12 servers",
        "GET https://discord.com/api/v10/gateway/bot has returned 200",
        "Rate limited. POST https://discord.com/api/v10/channels/12/messages responded with 429.",
        "POST:/webhooks/{webhook_id}/{webhook_token}",
        "Generation 3, made 2026-01-02T03:04:05 UTC, answers now.",
        "bot.client.CareerBot._keep_connected",
        "Shard ID 0 has connected to Gateway (Session ID: 0123456789abcdef0123456789abcdef).",
        "a@b.example wrote to https://discord.com/developers",
    ],
)
def test_ordinary_line_stays_as_it_is(line: str) -> None:
    assert Redaction(["short"]).redact(f"{line} short") == f"{line} short"


def test_what_other_handlers_get_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    configure("INFO", secrets=[SecretStr(TOKEN)])
    log.warning("With %s", TOKEN, exc_info=KeyError("reason"))
    [record] = caplog.records
    assert record.args == (TOKEN,)
    assert record.exc_info is not None


@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_token_of_the_settings_is_struck_out_whatever_stands_around_it(before: str, after: str) -> None:
    secret = "not at all like a token"  # noqa: S105  # of nobody
    assert secret not in Redaction([secret]).redact(f"{before}{secret}{after}")


def test_arguments_that_do_not_fit_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO")
    record = log.makeRecord(log.name, logging.INFO, "", 0, "%s and %s", ("a person's words",), None)
    # Not through the logger: pytest's own handlers would raise.
    logging.getLogger().handlers[-1].handle(record)
    written = capsys.readouterr().err
    assert "%s and %s" in written
    assert "a person's words" not in written


async def refuse(request: web.Request) -> web.Response:
    """As Discord does: an error that repeats what it was asked for, or a connection cut short."""
    if request.method == "DELETE":
        assert request.transport is not None
        request.transport.abort()
    status = {"POST": 404, "PATCH": 403, "DELETE": 500}.get(request.method, 401)
    return web.json_response({"code": 10015, "message": f"Not for {request.path_qs}"}, status=status)


@pytest.fixture
async def discord_address(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    address = f"http://{host}:{port}"
    monkeypatch.setattr(Route, "BASE", address)
    yield address
    await runner.cleanup()


async def failures(address: str) -> list[BaseException]:
    """What discord.py and aiohttp really raise, with secrets in them."""
    async with aiohttp.ClientSession() as session:
        hook = discord.Webhook.partial(1234, HOOK, session=session)
        client = discord.Client(intents=discord.Intents(guilds=True))
        attempts = [
            hook.send("words of a person"),
            hook.edit_message(1, content="words of a person"),
            hook.delete_message(1),
            client.login(TOKEN),
            session.get(
                f"{address}/webhooks/1/{HOOK}", raise_for_status=True, headers={"Authorization": TOKEN}
            ),
            session.ws_connect(f"{address}/?token={HOOK}"),
            session.get(f"http://127.0.0.1:1/webhooks/1/{HOOK}"),
            session.get(f"{address}/webhooks/1/{HOOK}", proxy=f"http://advisor:{PASSWORD}@127.0.0.1:1"),
            session.get(f"nowhere:///webhooks/1/{HOOK}"),
        ]
        found = await asyncio.gather(*attempts, return_exceptions=True)
        await client.close()
    return [each for each in found if isinstance(each, BaseException)]


@pytest.mark.parametrize("form", ["text", "json"])
async def test_no_secret_gets_out_with_an_error_or_its_traceback(
    form: str, discord_address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("DEBUG", form, secrets=[SecretStr(TOKEN), None, SecretStr(PROXY)])
    errors = await failures(discord_address)
    assert len(errors) == 9
    for error in errors:
        try:
            raise RuntimeError(f"for {PROXY}: {error!r}") from error
        except RuntimeError as outer:
            log.exception("Not sent: %s", error, extra={"error": error, "request": vars(error)})
            log.warning("Not sent", exc_info=outer, stack_info=True)
    written = capsys.readouterr().err
    assert any(HOOK in "".join(traceback.format_exception(error)) for error in errors)
    assert written.count("Traceback") >= 2 * len(errors)
    assert GONE in written
    assert [secret for secret in SECRETS if secret in written] == []
    assert "words of a person" not in written
    if form == "json":
        assert all(json.loads(line)["level"] for line in written.splitlines())


@pytest.mark.parametrize("form", ["text", "json"])
async def test_neither_question_nor_answer_gets_into_the_log(
    form: str, env: Env, cold_bot: CareerBot, advisor: FakeAdvisor, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("DEBUG", form)
    advisor.answers_with(lambda _: Reply((answer("Wombats dig. wombat"),), 1))
    guild = env.create_guild()
    channel, ada = guild.create_text_channel("careers"), guild.add_member(env.create_user("ada"))
    await ada.slash(channel, "ask", question="What about quokkas?")
    assert cold_bot.user is not None
    await ada.send(channel, f"{cold_bot.user.mention} And quokkas?")
    advisor.fails_with(RuntimeError("something unforeseen"))
    await ada.slash(channel, "ask", question="What about quokkas again?")
    await ada.send(channel, f"{cold_bot.user.mention} And quokkas again?")
    written = capsys.readouterr().err
    assert written.count("Incident") == 2
    # Looked at, so that simcord lets them pass if the bot did.
    assert len(env.errors) <= 2
    assert "something unforeseen" in written
    assert "quokka" not in written
    assert "wombat" not in written


@pytest.mark.parametrize("form", ["text", "json"])
def test_stack_is_cleaned_like_the_rest(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", form)
    log.handle(log.makeRecord(log.name, logging.INFO, "", 0, "Here", (), None, sinfo=f"asked with {HOOK}"))
    written = capsys.readouterr().err
    assert f"asked with {GONE}" in written
    assert HOOK not in written
