"""A bot with a fake advisor, connected to the loopback Discord."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.client import CareerBot
from bot.conversations import Conversations
from bot.cooldowns import Cooldowns
from bot.desk import Desk
from bot.exchange import Exchanges
from bot.metrics import Metrics
from bot.offload import Offload
from bot.records import Records
from bot.service import Service
from bot.serving import serve
from knowledge.journal.journal import Journal
from knowledge.skills.catalogue import load_catalogue
from knowledge.skills.lookup import Lookup
from tests.bot.fakes import FakeAdvisor
from tests.fakes import NumpyLibrary
from tests.wire.discord_server import DiscordServer

TOKEN = "t"  # noqa: S105  # opens nothing
WAIT_FOR_SERVERS = 0.1
"""Seconds without a further server until the bot is ready; two of them would pass in every test."""


@dataclass(frozen=True, slots=True)
class Line:
    """How the bot is run."""

    grace: float = 10.0
    gateway: str | None = None
    shard_count: int | None = None
    shard_ids: tuple[int, ...] = ()
    heartbeat_timeout: float = 60.0
    proxy: SecretStr | None = None


@contextmanager
def service(advisor: FakeAdvisor, data: Path) -> Iterator[Service]:
    """The service of a bot; nobody asks too much."""
    journal = Journal(data / "journal.db")
    metrics = Metrics()
    with Offload() as answering, Offload(waiting=2000) as writing:
        exchanges = Exchanges(
            desk=Desk(advisor=advisor, offload=answering, metrics=metrics),
            records=Records(journal=journal, offload=writing),
            conversations=Conversations(),
            cooldowns=Cooldowns(per_person=1000, per_channel=1000),
            metrics=metrics,
        )
        yield Service(
            exchanges=exchanges,
            library=NumpyLibrary(),
            about=lambda: None,
            skills=Lookup(catalogue=load_catalogue(), library=NumpyLibrary()),
            search=lambda text, limit: [],
        )
    journal.close()


class PromptBot(CareerBot):
    """Introduces itself again at once, where the real one keeps five seconds between two sessions."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        pass


def make_bot(service: Service, data: Path, line: Line) -> CareerBot:
    bot = PromptBot(
        service=service,
        data=data,
        shard_count=line.shard_count,
        shard_ids=line.shard_ids,
        proxy=line.proxy,
    )
    bot._connection.guild_ready_timeout = WAIT_FOR_SERVERS
    bot._connection.heartbeat_timeout = line.heartbeat_timeout
    return bot


@asynccontextmanager
async def running(
    advisor: FakeAdvisor, data: Path, line: Line | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, until the test is done with it or it ends by itself."""
    line = line or Line()
    with service(advisor, data) as made:
        task = asyncio.create_task(
            serve(lambda: make_bot(made, data, line), token=TOKEN, gateway=line.gateway, grace=line.grace)
        )
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def ready(
    server: DiscordServer, advisor: FakeAdvisor, data: Path, line: Line | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, from the moment it takes questions; it may send nothing that Discord refuses or lacks."""
    async with running(advisor, data, line) as task:
        await server.saw_status("online")
        yield task
    assert (server.rest.violations, server.rest.unknown) == ([], [])
