"""A bot with a fake advisor, connected to the loopback Discord."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.client import CareerBot
from bot.desk import Desk
from bot.offload import Offload
from bot.serving import serve
from tests.bot.fakes import FakeAdvisor

TOKEN = "t"  # noqa: S105  # opens nothing
ASK_FIRST = 0.0
"""Seconds to wait for servers; two of them would pass in every test."""


@dataclass(frozen=True, slots=True)
class Line:
    """How the bot is run."""

    grace: float = 10.0
    gateway: str | None = None
    shard_count: int | None = None
    shard_ids: tuple[int, ...] = ()
    heartbeat_timeout: float = 60.0


def make_bot(advisor: FakeAdvisor, offload: Offload, data: Path, line: Line) -> CareerBot:
    desk = Desk(advisor=advisor, offload=offload)
    bot = CareerBot(desk=desk, data=data, shard_count=line.shard_count, shard_ids=line.shard_ids)
    bot._connection.guild_ready_timeout = ASK_FIRST
    bot._connection.heartbeat_timeout = line.heartbeat_timeout
    return bot


@asynccontextmanager
async def running(
    advisor: FakeAdvisor, offload: Offload, data: Path, line: Line | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, until the test is done with it or it ends by itself."""
    line = line or Line()
    made = serve(
        lambda: make_bot(advisor, offload, data, line), token=TOKEN, gateway=line.gateway, grace=line.grace
    )
    task = asyncio.create_task(made)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
