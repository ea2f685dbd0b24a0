"""Serving: keeps a client connected until a signal ends it."""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import yarl
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client import CareerBot, may_pass
from bot.errors import CannotStart, Unreachable
from bot.health import Health, ShardedConnection
from bot.service import make_service
from bot.threads import threads

if TYPE_CHECKING:
    from bot.wiring import Application

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0

GIVE_WAY = 0.001
"""Seconds after which a thread that computes lets the event loop go on; five times as long without this."""

LAST_WORDS = 5.0
"""Seconds to tell those whose answers are not finished in time."""

TOKEN = "Discord refused the token; please check DISCORD_TOKEN."  # noqa: S105  # a sentence

REFUSED_BY_GATEWAY: Mapping[int, str] = {
    4004: "Discord no longer accepts the token; please check DISCORD_TOKEN.",
    4010: "Discord knows no such shard (4010); please check ADVISOR_SHARD_IDS and ADVISOR_SHARD_COUNT.",
    4011: "The bot is in too many servers for so few shards (4011); please check ADVISOR_SHARD_COUNT.",
    4012: "The gateway no longer speaks this version (4012); please update the bot or check ADVISOR_GATEWAY.",
    4013: "The gateway does not know the intents the bot asks for (4013); please update the bot.",
    4014: "Discord does not grant the intents the bot asks for (4014); please look for them in its portal.",
}

REFUSED_BY_REST: Mapping[int, str] = {
    401: TOKEN,
    403: "Discord, or a proxy before it, refuses this machine (403); please check its address and the proxy.",
}

MakeBot = Callable[[], CareerBot]


def serve_discord(application: "Application") -> None:
    """Run the bot with the token of the settings, until it is told to stop."""
    token = application.settings.discord_token
    if token is None:
        raise CannotStart("There is no token; please set DISCORD_TOKEN.")
    # The library has no option for it: every route is built on this attribute of the class.
    Route.BASE = application.settings.api_base
    sys.setswitchinterval(GIVE_WAY)
    asyncio.run(_serve_application(application, token.get_secret_value()))


async def _serve_application(application: "Application", token: str) -> None:
    settings = application.settings
    with threads() as pools:
        service = make_service(application, pools)
        metrics = service.exchanges.metrics
        health = Health(
            host=settings.health_host, port=settings.health_port, metrics=metrics, check=service.desk.check
        )

        def make_bot() -> CareerBot:
            bot = CareerBot(
                service=service,
                data=settings.data_dir,
                shard_count=settings.shard_count,
                shard_ids=settings.shard_ids,
                proxy=settings.proxy,
                http_trace=metrics.http_trace(),
            )
            health.watch(ShardedConnection(bot))
            return bot

        async with health:
            try:
                await serve(make_bot, token=token, gateway=settings.gateway, grace=settings.grace)
            finally:
                await service.exchanges.records.close()


async def serve(make_bot: MakeBot, *, token: str, gateway: str | None = None, grace: float = 10.0) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises CannotStart, or whatever warming the advisor raised."""
    service = _Service(make_bot, lambda bot: _connect(bot, token, gateway), grace)
    await service.run()


class _Service:
    """One client after another, until told to stop."""

    def __init__(
        self, make_bot: MakeBot, connect: Callable[[CareerBot], Coroutine[Any, Any, None]], grace: float
    ) -> None:
        self._make_bot = make_bot
        self._connect = connect
        self._grace = grace
        self._bot: CareerBot | None = None
        self._draining: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Stay connected; return when a signal has ended it."""
        running = asyncio.create_task(self._keep_connected())
        with _on_signals(lambda: self._stop(running)):
            try:
                await running
            except asyncio.CancelledError:
                this = asyncio.current_task()
                if this is not None and this.cancelling():
                    raise
                log.info("Stopped")
            finally:
                if self._draining is not None:
                    self._draining.cancel()

    def _stop(self, running: asyncio.Task[None]) -> None:
        """First let the answers under way end; told once more, close at once."""
        if self._draining is None:
            self._draining = asyncio.create_task(self._drain(running))
        else:
            running.cancel()

    async def _drain(self, running: asyncio.Task[None]) -> None:
        try:
            if self._bot is not None:
                async with asyncio.timeout(self._grace + LAST_WORDS):
                    await self._bot.drain(self._grace)
        except TimeoutError:
            log.warning("Some answers were not finished within %g s", self._grace)
        finally:
            running.cancel()

    async def _keep_connected(self) -> None:
        backoff = ExponentialBackoff[Any]()
        while True:
            try:
                # A client that was closed cannot be started again, so every attempt gets a new one.
                async with self._make_bot() as self._bot:
                    await _both(self._connect(self._bot), self._bot.warm_up())
                return
            except Unreachable as error:
                pause = max(min(backoff.delay(), LONGEST_PAUSE), _retry_after(error))
                log.warning("Discord is out of reach (%s); next attempt in %.1f s", error, pause)
                await asyncio.sleep(pause)


async def _connect(bot: CareerBot, token: str, gateway: str | None) -> None:
    """Stay connected; tell apart what another attempt may mend from what it cannot."""
    try:
        await _log_in(bot, token)
        await _find_gateway(bot, gateway)
        await bot.connect()
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise _judged(error) from error


async def _log_in(bot: CareerBot, token: str) -> None:
    try:
        await bot.login(token)
    except (KeyError, TypeError) as error:
        if bot.user is not None:
            raise
        # A web page, for example, says 200 too.
        raise CannotStart("What responds there is not Discord; please check ADVISOR_API_BASE.") from error


async def _find_gateway(bot: CareerBot, gateway: str | None) -> None:
    """Learn where to connect, once Discord allows it: it resets the token of who insists."""
    while True:
        advised, address, limit = await bot.http.get_bot_gateway()
        count = bot.shard_count or advised
        if limit["remaining"] >= len(bot.shard_ids or range(count)):
            break
        pause = max(limit["reset_after"] / 1000, 1.0)
        log.warning("Discord allows no new session for another %.0f s", pause)
        await asyncio.sleep(pause)
    bot.shard_count = count
    # The library has no option for it, and returns here whenever it cannot resume.
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway or address)


def _judged(error: Exception) -> Exception:
    """What the failure means for whoever runs the bot; itself where it means nothing to them."""
    match error:
        case discord.GatewayNotFound(__cause__=discord.HTTPException() as cause):
            return _judged(cause)
        case discord.LoginFailure():
            return CannotStart(TOKEN)
        case discord.PrivilegedIntentsRequired():
            return CannotStart(REFUSED_BY_GATEWAY[4014])
        case discord.ConnectionClosed(code=code) if code in REFUSED_BY_GATEWAY:
            return CannotStart(REFUSED_BY_GATEWAY[code])
        case discord.HTTPException(status=status) if not may_pass(error):
            unknown = f"Discord refused the connection ({status}); please check ADVISOR_API_BASE."
            return CannotStart(REFUSED_BY_REST.get(status, unknown))
        case discord.HTTPException() | discord.GatewayNotFound() | discord.ConnectionClosed():
            return Unreachable(str(error))
        case OSError() | aiohttp.ClientError():
            return Unreachable(str(error) or type(error).__name__)
        case _:
            return error


def _retry_after(error: Unreachable) -> float:
    """Seconds that Discord asked for."""
    cause = error.__cause__
    if isinstance(cause, discord.GatewayNotFound):
        cause = cause.__cause__
    if not isinstance(cause, discord.HTTPException):
        return 0.0
    try:
        return float(cause.response.headers.get("Retry-After", 0.0))
    except ValueError:
        return 0.0


async def _both(*works: Coroutine[Any, Any, None]) -> None:
    """Run side by side until all are done or one fails; the first failure is raised, the rest cancelled."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def _on_signals(call: Callable[[], None]) -> Iterator[None]:
    """Call on SIGTERM and SIGINT, where the platform allows it."""
    loop = asyncio.get_running_loop()
    kinds = (signal.SIGTERM, signal.SIGINT)
    for kind in kinds:
        with suppress(NotImplementedError):
            loop.add_signal_handler(kind, call)
    try:
        yield
    finally:
        for kind in kinds:
            with suppress(NotImplementedError):
                loop.remove_signal_handler(kind)
