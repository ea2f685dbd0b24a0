"""Serving: keeps a client connected until a signal ends it."""

import asyncio
import logging
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord.backoff import ExponentialBackoff

from bot.client import CareerBot
from bot.desk import Advisor, Desk
from bot.errors import CannotStart, Unreachable
from bot.offload import Offload

if TYPE_CHECKING:
    from bot.wiring import Application

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
TOKEN_REFUSED = 4004


def serve_discord(application: "Application") -> None:
    """Run the bot with the token of the settings, until it is told to stop."""
    settings = application.settings
    if settings.discord_token is None:
        raise CannotStart("There is no token; please set DISCORD_TOKEN.")
    with Offload() as offload:
        asyncio.run(
            serve(
                token=settings.discord_token.get_secret_value(),
                advisor=application.advisor,
                offload=offload,
                data=settings.data_dir,
            )
        )


async def serve(*, token: str, advisor: Advisor, offload: Offload, data: Path) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises CannotStart, or whatever warming the advisor raised."""
    desk = Desk(advisor=advisor, offload=offload)
    running = asyncio.create_task(_keep_connected(token, desk, data))
    with _stopping(running):
        try:
            await running
        except asyncio.CancelledError:
            this = asyncio.current_task()
            if this is not None and this.cancelling():
                raise
            log.info("Stopped")


async def _keep_connected(token: str, desk: Desk, data: Path) -> None:
    backoff = ExponentialBackoff[Any]()
    while True:
        try:
            # A client that was closed cannot be started again, so every attempt gets a new one.
            async with CareerBot(desk=desk, data=data) as bot:
                await _both(_connect(bot, token), bot.warm_up())
            return
        except Unreachable as error:
            pause = min(backoff.delay(), LONGEST_PAUSE)
            log.warning("Discord is out of reach (%s); next attempt in %.1f s", error, pause)
            await asyncio.sleep(pause)


async def _connect(bot: CareerBot, token: str) -> None:
    """Stay connected; tell apart what another attempt may mend from what it cannot."""
    try:
        await bot.start(token)
    except discord.LoginFailure as error:
        raise CannotStart("Discord refused the token; please check DISCORD_TOKEN.") from error
    except discord.ConnectionClosed as error:
        if error.code == TOKEN_REFUSED:
            raise CannotStart("Discord no longer accepts the token; please check DISCORD_TOKEN.") from error
        raise Unreachable(str(error)) from error
    except (
        OSError,
        TimeoutError,
        aiohttp.ClientError,
        discord.DiscordServerError,
        discord.GatewayNotFound,
    ) as error:
        raise Unreachable(str(error) or type(error).__name__) from error


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
def _stopping(task: asyncio.Task[None]) -> Iterator[None]:
    """Let SIGTERM and SIGINT cancel the task, where the platform allows it."""
    loop = asyncio.get_running_loop()
    kinds = (signal.SIGTERM, signal.SIGINT)
    for kind in kinds:
        with suppress(NotImplementedError):
            loop.add_signal_handler(kind, task.cancel)
    try:
        yield
    finally:
        for kind in kinds:
            with suppress(NotImplementedError):
                loop.remove_signal_handler(kind)
