"""Whether the bot lives, whether it can answer, and what it counted, told over HTTP."""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol, Self

import discord
from aiohttp import web

from bot.errors import for_operator
from bot.metrics import CONTENT_TYPE, Metrics, watch_loop

log = logging.getLogger(__name__)

KEPT: Final = 15.0
"""Seconds for which the outcome of a self-query holds, so that probes cannot become a load."""

PATIENCE: Final = 5.0
"""Seconds a probe waits for the self-query."""

MISSED: Final = 2
"""Heartbeats that may go unacknowledged."""

Check = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One connection to the gateway; seconds since its last acknowledgment, between two, and for the last."""

    shard: int
    connected: bool
    age: float = 0.0
    interval: float = math.inf
    latency: float = math.inf


class Connection(Protocol):
    """What is asked about the way to Discord."""

    def is_ready(self) -> bool:
        """Whether it got through once and has not been closed since."""

    def heartbeats(self) -> Sequence[Heartbeat]:
        """One for every shard that should be there."""


class ShardedConnection:
    """The gateway state of a discord.py client."""

    def __init__(self, client: discord.AutoShardedClient) -> None:
        self._client = client

    def is_ready(self) -> bool:
        """Whether the client is ready and has not been closed."""
        return self._client.is_ready() and not self._client.is_closed()

    def heartbeats(self) -> Sequence[Heartbeat]:
        """One for every shard this process should run."""
        shards = self._client.shards
        expected = self._client.shard_ids or range(self._client.shard_count or len(shards))
        return [self._heartbeat(number, shards.get(number)) for number in expected]

    def _heartbeat(self, number: int, shard: discord.ShardInfo | None) -> Heartbeat:
        if shard is None or shard.is_closed():
            return Heartbeat(number, connected=False)
        # discord.py tells the latency in public, but neither the time of the acknowledgment nor the session.
        socket = shard._parent.ws
        keeper = socket._keep_alive
        if keeper is None or socket.session_id is None:
            return Heartbeat(number, connected=False)
        return Heartbeat(
            number,
            connected=True,
            age=time.perf_counter() - keeper._last_ack,
            interval=keeper.interval or math.inf,
            latency=keeper.latency,
        )


class SelfQuery:
    """Asks the index now and then: one query at a time, its outcome kept for a while."""

    def __init__(self, check: Check, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._check = check
        self._clock = clock
        self._running: asyncio.Task[str] | None = None
        self._reason = ""
        self._known_until = -math.inf

    async def reason(self) -> str:
        """Why the index does not answer; empty if it does."""
        if self._clock() < self._known_until:
            return self._reason
        if self._running is None:
            self._running = asyncio.create_task(self._ask())
        # Work in a thread goes on though its task was cancelled; left alone, it keeps a second from starting.
        done, _ = await asyncio.wait([self._running], timeout=PATIENCE)
        return self._reason if done else f"no answer within {PATIENCE:.0f} s"

    async def close(self) -> None:
        """Wait for nothing more."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])

    async def _ask(self) -> str:
        try:
            await self._check()
            self._reason = ""
        except Exception as error:  # noqa: BLE001  # whatever keeps the index from answering is the outcome
            self._reason = for_operator(error)
        finally:
            self._known_until = self._clock() + KEPT
            self._running = None
        return self._reason


class Health:
    """A server of three pages; the bot does without it where its port is taken."""

    def __init__(self, *, host: str, port: int, metrics: Metrics, check: Check) -> None:
        self._address = (host, port)
        self._metrics = metrics
        self._query = SelfQuery(check)
        self._connection: Connection | None = None
        self._runner: web.AppRunner | None = None
        self._sampling: asyncio.Task[None] | None = None

    def watch(self, connection: Connection | None) -> None:
        """Tell about this connection from now on; every new client is a new one."""
        self._connection = connection

    async def __aenter__(self) -> Self:
        if not self._address[1]:
            return self
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, *self._address).start()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            log.warning(
                "Health and metrics are not told (%s); ADVISOR_HEALTH_PORT sets another port.", reason
            )
            await self._runner.cleanup()
            self._runner = None
        else:
            self._sampling = asyncio.create_task(watch_loop(self._metrics))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sampling is not None:
            self._sampling.cancel()
            await asyncio.wait([self._sampling])
        if self._runner is not None:
            await self._runner.cleanup()
        await self._query.close()

    def _application(self) -> web.Application:
        application = web.Application()
        application.add_routes(
            [
                web.get("/health/live", self._live),
                web.get("/health/ready", self._ready),
                web.get("/metrics", self._told),
            ]
        )
        application.on_response_prepare.append(_plain_headers)
        return application

    async def _live(self, _: web.Request) -> web.Response:
        return web.json_response({"live": True})

    async def _ready(self, _: web.Request) -> web.Response:
        reasons = {
            "gateway": gateway_reason(self._connection),
            "heartbeat": heartbeat_reason(self._connection),
            "index": await self._query.reason(),
        }
        ready = not any(reasons.values())
        checks = {name: {"ok": not reason, "reason": reason or None} for name, reason in reasons.items()}
        return web.json_response({"ready": ready, "checks": checks}, status=200 if ready else 503)

    async def _told(self, _: web.Request) -> web.Response:
        beats = self._connection.heartbeats() if self._connection else ()
        slowest = max((beat.latency for beat in beats), default=math.inf)
        self._metrics.gateway_latency(slowest if math.isfinite(slowest) else math.nan)
        return web.Response(body=self._metrics.render(), headers={"Content-Type": CONTENT_TYPE})


def gateway_reason(connection: Connection | None) -> str:
    """Why no events come in; empty if they do, on every shard."""
    if connection is None:
        return "not connected yet"
    if not connection.is_ready():
        return "not connected"
    beats = connection.heartbeats()
    lost = [str(beat.shard) for beat in beats if not beat.connected]
    if not beats:
        return "no shard yet"
    return f"not connected: shard {', '.join(lost)}" if lost else ""


def heartbeat_reason(connection: Connection | None) -> str:
    """Which shard's heartbeat Discord has not acknowledged for too long; empty if none."""
    beats = [beat for beat in (connection.heartbeats() if connection else ()) if beat.connected]
    if not beats:
        return "no heartbeat"
    late = [beat for beat in beats if beat.age > MISSED * beat.interval]
    return "; ".join(f"shard {beat.shard}: none for {beat.age:.0f} s" for beat in late)


async def _plain_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.pop("Server", None)
    response.headers["Cache-Control"] = "no-store"
