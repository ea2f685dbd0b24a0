"""A bot in a simulated Discord, with an advisor whose answers the test chooses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from simcord import Env

from bot.client import CareerBot
from bot.desk import Desk
from bot.offload import Offload
from tests.bot.fakes import FakeAdvisor


@pytest.fixture
def advisor() -> FakeAdvisor:
    return FakeAdvisor()


@pytest.fixture
def offload() -> Iterator[Offload]:
    with Offload(workers=1, waiting=2, seconds=5.0) as pool:
        yield pool


@pytest.fixture
def desk(advisor: FakeAdvisor, offload: Offload) -> Desk:
    return Desk(advisor=advisor, offload=offload)


@pytest.fixture
def cold_bot(desk: Desk, tmp_path: Path) -> CareerBot:
    """Logs in, but has not warmed its advisor."""
    return CareerBot(desk=desk, data=tmp_path / "data", shard_count=1)


@pytest.fixture
def simcord_bot(cold_bot: CareerBot) -> CareerBot:
    return cold_bot


@pytest.fixture
async def env(simcord_env: Env, cold_bot: CareerBot) -> Env:
    """Discord with the bot ready in it."""
    await cold_bot.warm_up()
    return simcord_env
