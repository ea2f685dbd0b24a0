"""The program as its own process, with the real model: killed while an admin reindexes, and started again."""

from pathlib import Path

import pytest

from tests.measure import handbooks
from tests.wire.discord_server import DiscordServer
from tests.wire.payloads import ADA
from tests.wire.processes import QUESTION, START, environment, program
from tests.wire.world import Asked

pytestmark = pytest.mark.model

PASSAGES = 40
"""Enough to be embedded for some seconds."""


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """An environment with a small index."""
    return environment(tmp_path)


def content_of(asked: Asked) -> str:
    return str(asked.seen.get("content"))


async def test_killed_reindex_loses_nothing_and_its_message_says_so(
    server: DiscordServer, surroundings: dict[str, str]
) -> None:
    place = server.world.add_guild("Guild", "admins")["channels"][0]
    data = Path(surroundings["ADVISOR_DATA_DIR"])
    async with program(surroundings, server) as process:
        await server.saw_status("online", seconds=START)
        handbooks.write(Path(surroundings["ADVISOR_SOURCES"], "handbooks"), handbooks.bulk(PASSAGES))
        before = (data / "CURRENT").read_text()
        work = await server.under("knowledge", "reindex", place, ADA)
        await server.until(lambda: work.ended and "mbedding: " in content_of(work), seconds=START)
        process.kill()
        await process.wait()
    assert (data / "CURRENT").read_text() == before
    async with program(surroundings, server):
        await server.until(lambda: not work.custom_ids and "mbedding" not in content_of(work), seconds=START)
        await server.saw_status("online", times=2, seconds=START)
        asked = await server.slash("ask", place, question=QUESTION)
        await server.ended(asked, seconds=START)
        again = await server.under("knowledge", "reindex", place, ADA)
        await server.until(lambda: again.ended and bool(again.seen.get("embeds")), seconds=START)
    assert "restart" in content_of(work)
    assert any(label.startswith("Publish") for label in again.custom_ids)
    assert "keeps them awake" in asked.seen["embeds"][0]["description"]
    assert (data / "CURRENT").read_text() == before
