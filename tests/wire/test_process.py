"""The program as its own process, with the real model, against the loopback Discord."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.wire.discord_server import DiscordServer
from tests.wire.processes import ARTICLE, QUESTION, START, TOKEN, ended, environment, program
from tests.wire.world import Asked

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with a small index, built once."""
    return environment(tmp_path_factory.mktemp("home"))


def add_article(surroundings: dict[str, str]) -> None:
    article = Path(surroundings["ADVISOR_SOURCES"], "tea.md")
    article.write_text(ARTICLE.replace("spresso", "xcellent tea"))


async def test_wrong_token_ends_with_status_one_and_one_sentence(
    server: DiscordServer, surroundings: dict[str, str]
) -> None:
    server.fail("GET /users/@me", 401)
    async with program(surroundings | {"ADVISOR_LOG_LEVEL": "WARNING"}, server) as process:
        status, errors = await ended(process, START)
    assert status == 1
    assert errors.splitlines()[-1] == "Error: Discord refused the token; please check DISCORD_TOKEN."
    assert "Traceback" not in errors
    assert not any(part in errors for part in TOKEN.split("."))


async def test_first_question_of_a_cold_start_is_acknowledged_in_time_and_a_signal_ends_it_well(
    server: DiscordServer, surroundings: dict[str, str]
) -> None:
    guild = server.world.add_guild("Guild", "careers")
    async with program(surroundings, server) as process:
        await server.until(lambda: bool(server.gateway.sessions), seconds=START)
        shown = [presence["status"] for presence in server.gateway.presences]
        said = await server.say(QUESTION, guild["channels"][0])
        asked = []
        # While the model is loaded, again and again: loading must not hold up the loop.
        for _ in range(8):
            asked.append(await server.slash("ask", question=QUESTION, where=guild["channels"][0]))
            await server.acknowledged(asked[-1])
            await asyncio.sleep(0.3)
        times = [one.acked for one in asked if one.acked is not None]
        await server.saw_status("online", seconds=START)
        await server.ended(*asked, said, seconds=60)
        again = [await server.slash("ask", question=f"{QUESTION} {number}") for number in range(3)]
        process.send_signal(signal.SIGTERM)
        status, errors = await ended(process)
    assert shown == ["idle"]
    assert max(times) < server.rest.deadline
    assert (status, server.gateway.left) == (0, [1000])
    assert all(one.ended for one in again)
    assert server.rest.violations == []
    assert "Traceback" not in errors
    assert not [part for part in (QUESTION, *TOKEN.split(".")) if part in errors]
    print(
        f"\nacknowledged after {times[0] * 1000:.0f} ms, while warming up at most {max(times) * 1000:.0f} ms"
    )


async def test_no_question_is_lost_while_another_process_reindexes(
    server: DiscordServer, surroundings: dict[str, str]
) -> None:
    guild = server.world.add_guild("Guild", "careers")
    asked: list[Asked] = []
    async with program(surroundings, server) as bot:
        await server.saw_status("online", seconds=START)
        await asyncio.to_thread(add_article, surroundings)
        async with program(surroundings, server, "reindex") as reindexing:
            while reindexing.returncode is None or len(asked) < 20:
                question = f"{QUESTION} {len(asked)}"
                said = await server.say(question, guild["channels"][0])
                slash = await server.slash("ask", guild["channels"][0], question=question)
                asked += [said, slash]
                await asyncio.sleep(0.25)
        await server.ended(*asked, seconds=30)
        bot.send_signal(signal.SIGTERM)
        status, _ = await ended(bot)
    assert (status, reindexing.returncode) == (0, 0)
    assert all(one.acked is not None for one in asked if one.token)
    assert all(one.seen["embeds"] for one in asked)


async def test_question_left_by_a_killed_bot_is_told_so_by_the_next(
    server: DiscordServer, surroundings: dict[str, str]
) -> None:
    async with program(surroundings, server) as process:
        await server.saw_status("online", seconds=START)
        server.slow("PATCH /webhooks/*", 600.0)
        asked = [await server.slash("ask", question=f"{QUESTION} {number}") for number in range(5)]
        await server.until(lambda: server.faults[0].met == len(asked))
        process.kill()
        await process.wait()
    server.faults.clear()
    async with program(surroundings, server):
        await server.ended(*asked, seconds=START)
