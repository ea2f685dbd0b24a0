"""A bot in a simulated Discord, with an advisor whose answers the test chooses."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from simcord import Env

from bot.about import About
from bot.client import CareerBot
from bot.conversations import Conversations
from bot.cooldowns import Cooldowns
from bot.desk import Desk
from bot.exchange import Exchanges
from bot.metrics import Metrics
from bot.offload import Offload
from bot.records import Records
from bot.service import Service
from index.passages import Hit
from knowledge.journal.journal import Journal
from knowledge.skills.catalogue import load_catalogue
from knowledge.skills.lookup import Lookup
from tests.bot.fakes import FakeAdvisor, source
from tests.fakes import NumpyLibrary


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def advisor() -> FakeAdvisor:
    return FakeAdvisor()


@pytest.fixture
def offload() -> Iterator[Offload]:
    with Offload(workers=1, waiting=2, seconds=5.0) as pool:
        yield pool


@pytest.fixture
def writing() -> Iterator[Offload]:
    with Offload(workers=1, waiting=1000, seconds=5.0) as pool:
        yield pool


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def desk(advisor: FakeAdvisor, offload: Offload, metrics: Metrics) -> Desk:
    return Desk(advisor=advisor, offload=offload, metrics=metrics, seconds=5.0, waiting=3)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "data" / "journal.db")
    yield journal
    journal.close()


@pytest.fixture
def library() -> NumpyLibrary:
    return NumpyLibrary()


@pytest.fixture
def exchanges(
    desk: Desk, journal: Journal, writing: Offload, metrics: Metrics, time: Time, tmp_path: Path
) -> Exchanges:
    (tmp_path / "data").mkdir(exist_ok=True)
    return Exchanges(
        desk=desk,
        records=Records(journal=journal, offload=writing),
        conversations=Conversations(timer=time),
        cooldowns=Cooldowns(per_person=5, per_channel=8, clock=time),
        metrics=metrics,
    )


@pytest.fixture
def about() -> About:
    return About(3, datetime(2026, 11, 1, tzinfo=UTC).isoformat(), 97, (source(),), "all-MiniLM-L6-v2", None)


@pytest.fixture
def lookup(library: NumpyLibrary) -> Lookup:
    return Lookup(catalogue=load_catalogue(), library=library)


@pytest.fixture
def service(exchanges: Exchanges, library: NumpyLibrary, about: About, lookup: Lookup) -> Service:
    def search(text: str, limit: int) -> list[Hit]:
        snapshot = library.current()
        return snapshot.matching(text, limit) if snapshot else []

    return Service(exchanges=exchanges, library=library, about=lambda: about, skills=lookup, search=search)


@pytest.fixture
def cold_bot(service: Service, tmp_path: Path) -> CareerBot:
    """Logs in, but has not warmed its advisor."""
    return CareerBot(service=service, data=tmp_path / "data", shard_count=1)


@pytest.fixture
def simcord_bot(cold_bot: CareerBot) -> CareerBot:
    return cold_bot


@pytest.fixture
async def env(simcord_env: Env, cold_bot: CareerBot) -> Env:
    """Discord with the bot ready in it."""
    await cold_bot.warm_up()
    return simcord_env
