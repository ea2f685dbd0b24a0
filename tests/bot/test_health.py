"""Health: what a probe is told in each state of the gateway and the index, and that it harms nothing."""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp
import discord
import pytest
from discord.gateway import DiscordWebSocket, KeepAliveHandler
from discord.shard import Shard

from bot import health as module
from bot.health import (
    Check,
    Health,
    Heartbeat,
    SelfQuery,
    ShardedConnection,
    gateway_reason,
    heartbeat_reason,
)
from bot.metrics import CONTENT_TYPE, Metrics
from index.library import Damaged

BEATING = Heartbeat(0, connected=True, age=1.0, interval=40.0, latency=0.08)
LATE = Heartbeat(1, connected=True, age=81.0, interval=40.0, latency=0.2)
LOST = Heartbeat(1, connected=False)


@dataclass
class Line:
    """A connection whose state the test chooses."""

    beats: Sequence[Heartbeat] = (BEATING,)
    ready: bool = True

    def is_ready(self) -> bool:
        return self.ready

    def heartbeats(self) -> Sequence[Heartbeat]:
        return self.beats


async def well() -> None:
    """An index that answers."""


def failing(error: Exception) -> Check:
    async def check() -> None:
        raise error

    return check


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Page:
    status: int
    headers: dict[str, str]
    text: str
    json: Any = None


@dataclass
class Site:
    """A running Health and a way to ask it."""

    health: Health
    port: int
    metrics: Metrics = field(default_factory=Metrics)

    async def ask(self, path: str, method: str = "GET") -> Page:
        async with (
            aiohttp.ClientSession(f"http://127.0.0.1:{self.port}") as session,
            session.request(method, path) as reply,
        ):
            content = await reply.json() if reply.content_type == "application/json" else None
            return Page(reply.status, dict(reply.headers), await reply.text(), content)


@asynccontextmanager
async def serving(connection: Line | None = None, check: Check = well) -> AsyncIterator[Site]:
    metrics, port = Metrics(), free_port()
    async with Health(host="127.0.0.1", port=port, metrics=metrics, check=check) as health:
        health.watch(connection)
        yield Site(health, port, metrics)


async def test_bot_that_is_still_starting_lives_and_is_not_ready() -> None:
    async with serving() as site:
        live, ready = await site.ask("/health/live"), await site.ask("/health/ready")
    assert (live.status, ready.status) == (200, 503)
    assert ready.json == {
        "ready": False,
        "checks": {
            "gateway": {"ok": False, "reason": "not connected yet"},
            "heartbeat": {"ok": False, "reason": "no heartbeat"},
            "index": {"ok": True, "reason": None},
        },
    }


async def test_bot_that_answers_is_ready() -> None:
    async with serving(Line()) as site:
        page = await site.ask("/health/ready")
    assert page.status == 200
    assert page.json["ready"] is True
    assert all(check == {"ok": True, "reason": None} for check in page.json["checks"].values())


async def test_new_connection_takes_the_place_of_the_old_one() -> None:
    async with serving(Line(ready=False)) as site:
        before = await site.ask("/health/ready")
        site.health.watch(Line())
        after = await site.ask("/health/ready")
    assert (before.status, after.status) == (503, 200)


@pytest.mark.parametrize(
    ("connection", "gateway", "heartbeat"),
    [
        (None, "not connected yet", "no heartbeat"),
        (Line(beats=()), "no shard yet", "no heartbeat"),
        (Line(ready=False), "not connected", ""),
        (Line(beats=(BEATING, LOST)), "not connected: shard 1", ""),
        (Line(beats=(LOST,)), "not connected: shard 1", "no heartbeat"),
        (Line(beats=(BEATING, LATE)), "", "shard 1: none for 81 s"),
        (Line(beats=(Heartbeat(0, connected=True, age=79.0, interval=40.0),)), "", ""),
    ],
)
def test_reason_names_the_shard(connection: Line | None, gateway: str, heartbeat: str) -> None:
    assert gateway_reason(connection) == gateway
    assert heartbeat_reason(connection) == heartbeat


async def test_index_that_fails_is_told_in_the_words_written_for_operators() -> None:
    async with serving(Line(), failing(Damaged("Generation 3 is damaged."))) as site:
        page = await site.ask("/health/ready")
    assert page.status == 503
    assert page.json["checks"]["index"] == {"ok": False, "reason": "Generation 3 is damaged."}
    assert page.json["checks"]["gateway"]["ok"]


async def test_unforeseen_error_is_told_by_a_code_and_not_by_its_text() -> None:
    async with serving(Line(), failing(ValueError("somebody's question"))) as site:
        page = await site.ask("/health/ready")
    assert page.status == 503
    assert "somebody" not in page.text


async def test_self_query_is_repeated_only_when_its_outcome_is_old() -> None:
    now, asked = [0.0], []

    async def check() -> None:
        asked.append(now[0])
        if len(asked) == 1:
            raise Damaged("Damaged.")

    query = SelfQuery(check, clock=lambda: now[0])
    reasons = []
    for now[0] in (0.0, 14.9, 15.1, 20.0):
        reasons.append(await query.reason())
    assert asked == [0.0, 15.1]
    assert reasons == ["Damaged.", "Damaged.", "", ""]


async def test_many_probes_at_once_share_one_self_query() -> None:
    asked = []

    async def check() -> None:
        asked.append(1)
        await asyncio.sleep(0.05)

    async with serving(Line(), check) as site:
        pages = await asyncio.gather(*(site.ask("/health/ready") for _ in range(20)))
    assert {page.status for page in pages} == {200}
    assert len(asked) == 1


async def test_index_that_does_not_answer_in_time_is_not_asked_a_second_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    gate, asked = asyncio.Event(), []

    async def check() -> None:
        asked.append(1)
        await gate.wait()

    query = SelfQuery(check)
    assert [await query.reason(), await query.reason()] == ["no answer within 0 s"] * 2
    gate.set()
    assert await query.reason() == ""
    assert len(asked) == 1


async def test_probe_that_hangs_up_does_not_end_the_self_query() -> None:
    gate = asyncio.Event()
    query = SelfQuery(gate.wait)  # type: ignore[arg-type]  # what it returns is not looked at
    probe = asyncio.create_task(query.reason())
    await asyncio.sleep(0)
    probe.cancel()
    gate.set()
    assert await query.reason() == ""


async def test_stopping_does_not_wait_for_a_self_query() -> None:
    async def check() -> None:
        await asyncio.sleep(60)

    async with asyncio.timeout(3), serving(Line(), check) as site:
        probe = asyncio.create_task(site.ask("/health/ready"))
        await asyncio.sleep(0.1)
    probe.cancel()


async def test_metrics_are_told_with_the_latency_of_the_slowest_shard() -> None:
    async with serving(Line(beats=(BEATING, LATE))) as site:
        site.metrics.asked("slash")
        page = await site.ask("/metrics")
    assert page.status == 200
    assert page.headers["Content-Type"] == CONTENT_TYPE
    assert 'advisor_questions_total{entry="slash"} 1.0' in page.text
    assert "advisor_gateway_latency_seconds 0.2" in page.text


@pytest.mark.parametrize("line", [None, Line(beats=(LOST,))])
async def test_latency_that_is_not_known_is_not_a_number(line: Line | None) -> None:
    async with serving(line) as site:
        assert "advisor_gateway_latency_seconds NaN" in (await site.ask("/metrics")).text


async def test_lag_of_the_loop_is_sampled_while_it_serves() -> None:
    async with serving() as site:
        await asyncio.sleep(0.15)
        text = (await site.ask("/metrics")).text
    assert "advisor_loop_lag_seconds_count 0.0" not in text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/health", 404),
        ("GET", "/metrics/", 404),
        ("POST", "/health/live", 405),
        ("DELETE", "/health/ready", 405),
        ("PUT", "/metrics", 405),
        ("HEAD", "/health/live", 200),
    ],
)
async def test_nothing_else_is_served(method: str, path: str, status: int) -> None:
    async with serving() as site:
        assert (await site.ask(path, method)).status == status


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics", "/elsewhere"])
async def test_no_page_tells_versions_or_may_be_kept(path: str) -> None:
    async with serving() as site:
        page = await site.ask(path)
    assert "Server" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"


async def test_port_that_is_taken_is_one_warning_and_no_obstacle(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as site, Health(host="127.0.0.1", port=site.port, metrics=Metrics(), check=well):
        assert (await site.ask("/health/live")).status == 200
    [warning] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert "ADVISOR_HEALTH_PORT" in warning.getMessage()
    assert str(site.port) in warning.getMessage()
    assert warning.exc_info is None


async def test_port_zero_serves_nothing(caplog: pytest.LogCaptureFixture) -> None:
    before = asyncio.all_tasks()
    async with Health(host="127.0.0.1", port=0, metrics=Metrics(), check=well) as health:
        health.watch(Line())
        assert asyncio.all_tasks() == before
    assert not caplog.records


async def test_port_is_free_again_afterwards() -> None:
    async with serving() as site:
        pass
    async with Health(host="127.0.0.1", port=site.port, metrics=Metrics(), check=well):
        assert (await site.ask("/health/live")).status == 200
    with pytest.raises(aiohttp.ClientConnectionError):
        await site.ask("/health/live")


class Socket:
    """As much of aiohttp's as discord.py looks at when it is not reading."""

    closed = False

    async def close(self, *, code: int) -> None:
        self.closed = True


def shard_of(
    client: discord.AutoShardedClient, number: int, *, session: str | None = "s"
) -> DiscordWebSocket:
    """A real shard whose gateway has just said hello."""
    loop = asyncio.get_running_loop()
    gateway = DiscordWebSocket(cast(aiohttp.ClientWebSocketResponse, Socket()), loop=loop)
    gateway._max_heartbeat_timeout = 60.0
    gateway.shard_id = number
    gateway.session_id = session
    gateway._keep_alive = KeepAliveHandler(ws=gateway, interval=40.0, shard_id=number)
    client._reconnect = True
    shards: dict[int, Shard] = vars(client)["_AutoShardedClient__shards"]
    shards[number] = Shard(gateway, client, lambda _: None)
    return gateway


@pytest.fixture
async def client() -> AsyncIterator[discord.AutoShardedClient]:
    async with discord.AutoShardedClient(intents=discord.Intents(guilds=True), shard_count=2) as client:
        yield client


async def test_client_that_has_not_connected_has_lost_every_shard(client: discord.AutoShardedClient) -> None:
    line = ShardedConnection(client)
    assert not line.is_ready()
    assert line.heartbeats() == [Heartbeat(0, connected=False), Heartbeat(1, connected=False)]


async def test_client_that_does_not_know_how_many_shards_it_needs_has_none() -> None:
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True))
    assert ShardedConnection(client).heartbeats() == []


async def test_client_of_some_shards_is_asked_for_those() -> None:
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True), shard_count=8, shard_ids=[4, 6])
    assert [beat.shard for beat in ShardedConnection(client).heartbeats()] == [4, 6]


async def test_heartbeats_of_a_connected_client_are_read(client: discord.AutoShardedClient) -> None:
    first, second = shard_of(client, 0), shard_of(client, 1)
    assert first._keep_alive is not None
    assert second._keep_alive is not None
    first._keep_alive._last_send = time.perf_counter() - 0.5
    first._keep_alive.ack()
    second._keep_alive._last_ack = time.perf_counter() - 81
    one, two = ShardedConnection(client).heartbeats()
    assert (one.connected, one.interval) == (True, 40.0)
    assert one.age < 5
    assert one.latency == pytest.approx(0.5, abs=0.2)
    assert two.age == pytest.approx(81, abs=5)
    assert heartbeat_reason(ShardedConnection(client)) == "shard 1: none for 81 s"


async def test_shard_that_is_closed_identifying_or_gone_is_not_connected(
    client: discord.AutoShardedClient,
) -> None:
    closed, _ = shard_of(client, 0), shard_of(client, 1, session=None)
    vars(closed.socket)["closed"] = True
    assert not any(beat.connected for beat in ShardedConnection(client).heartbeats())
    open_again = shard_of(client, 0)
    assert [beat.connected for beat in ShardedConnection(client).heartbeats()] == [True, False]
    open_again._keep_alive = None
    assert not any(beat.connected for beat in ShardedConnection(client).heartbeats())


async def test_client_is_ready_until_it_is_closed(client: discord.AutoShardedClient) -> None:
    client._handle_ready()
    line = ShardedConnection(client)
    assert line.is_ready()
    await client.close()
    assert not line.is_ready()
