"""An admin reindexes from Discord, over the real wire: seen through whatever happens, and nothing lost."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.measure.load import person
from tests.wire.curated import PAUSE, Curated, article, connected, curated
from tests.wire.discord_server import DiscordServer
from tests.wire.payloads import ADA, BOB, Payload
from tests.wire.world import Asked

EDIT = "PATCH /webhooks/*"
POST = "POST /channels/*/messages"
SLOW = "\n## Later\n\nEverything else is done slowly, after lunch.\n"
LONG = 30.0


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Curated]:
    """Two documents answer, and a third is there."""
    with curated(tmp_path, monkeypatch) as made:
        made.publish()
        made.add("lunch", article("Lunch", "hungry people") + SLOW)
        yield made


@pytest.fixture
def place(server: DiscordServer) -> Payload:
    """A channel of a server."""
    channel: Payload = server.world.add_guild("Guild", "admins")["channels"][0]
    return channel


def text_of(asked: Asked) -> str:
    """All that somebody sees of it now."""
    seen = asked.seen
    embeds = "\n".join(f"{one.get('title')}\n{one.get('description')}" for one in seen.get("embeds") or ())
    return f"{seen.get('content')}\n{embeds}"


async def shows(server: DiscordServer, asked: Asked, words: str) -> None:
    """Wait until somebody sees these words."""
    await server.until(lambda: asked.ended and words in text_of(asked), seconds=LONG)


async def reindex(server: DiscordServer, place: Payload, who: Payload = ADA) -> Asked:
    """Have the documents read again, and wait for the outcome."""
    asked = await server.under("knowledge", "reindex", place, who)
    await server.until(lambda: asked.ended and bool(asked.seen.get("embeds")), seconds=LONG)
    return asked


# --- as it should go ---------------------------------------------------------------------------------------


async def test_reindex_is_acknowledged_at_once_and_published_while_twenty_ask(
    program: Curated, server: DiscordServer, place: Payload
) -> None:
    async with connected(program, server):
        program.hold()
        work = await server.under("knowledge", "reindex", place)
        await server.acknowledged(work)
        await program.held()
        asked = [
            await server.slash("ask", place, person(number), question=f"What is Espresso for, {number}?")
            for number in range(20)
        ]
        await server.ended(*asked, seconds=LONG)
        # How far it is is told now and then, on a busy machine perhaps after all have been answered.
        await server.until(lambda: "embedding" in text_of(work).lower(), seconds=LONG)
        program.go_on()
        await server.until(lambda: bool(work.seen.get("embeds")), seconds=LONG)
        pressed = await server.press(work, "Publish")
        await shows(server, pressed, "Published as generation 2")
        late = await server.slash("ask", place, person(30), question="What is Lunch for?")
        await server.ended(late)
    assert all(one.seen["embeds"] for one in asked)
    assert "hungry people" in text_of(late)


async def test_progress_is_told_now_and_then_and_not_for_every_step(
    program: Curated, server: DiscordServer, place: Payload
) -> None:
    async with connected(program, server):
        program.hold()
        work = await server.under("knowledge", "reindex", place)
        await program.held()
        seconds = 10 * PAUSE
        await asyncio.sleep(seconds)
        edits = sum(seen.name.startswith("PATCH /webhooks/") for seen in server.requests)
        program.go_on()
        await server.until(lambda: bool(work.seen.get("embeds")), seconds=LONG)
    # The work told how far it is every ten milliseconds.
    assert 1 <= edits <= 2 + seconds / PAUSE


async def test_another_admin_is_told_who_is_at_work_and_may_cancel_it(
    program: Curated, server: DiscordServer, place: Payload
) -> None:
    async with connected(program, server):
        program.hold()
        work = await server.under("knowledge", "reindex", place)
        await program.held()
        second = await server.under("knowledge", "reindex", place, BOB)
        await server.ended(second)
        await server.until(lambda: "Cancel" in work.custom_ids, seconds=LONG)
        await server.press(work, "Cancel", who=BOB)
        await shows(server, work, "cancelled")
        program.go_on()
        again = await reindex(server, place, BOB)
    assert f"<@{ADA['id']}>" in text_of(second)
    assert f"<@{BOB['id']}>" in text_of(work)
    assert not work.custom_ids
    assert program.generation == 1
    assert "Publish" in again.custom_ids


# --- as it should not --------------------------------------------------------------------------------------


async def test_work_that_outlives_its_interaction_is_told_in_the_channel_and_published_there(
    program: Curated, server: DiscordServer, place: Payload
) -> None:
    async with connected(program, server):
        program.hold()
        work = await server.under("knowledge", "reindex", place)
        await program.held()
        await server.until(lambda: work.ended, seconds=LONG)
        server.rest.token_life = 0.0
        await server.until(lambda: bool(_posts(server, place)), seconds=LONG)
        assert f"<@{ADA['id']}>" in _posts(server, place)[0]["content"]
        server.rest.token_life = 900.0
        program.go_on()
        await server.until(lambda: bool(_posts(server, place)[-1]["embeds"]), seconds=LONG)
        [post] = _posts(server, place)
        report = Asked("0", place, ADA, shown=[post])
        pressed = await server.press(report, "Publish", who=BOB)
        await shows(server, pressed, "Published as generation 2")
    assert program.generation == 2


async def test_second_of_two_who_publish_at_the_same_moment_is_told_who_was_first(
    program: Curated, server: DiscordServer, place: Payload
) -> None:
    async with connected(program, server):
        work = await reindex(server, place)
        both = await asyncio.gather(
            server.press(work, "Publish", who=ADA), server.press(work, "Publish", who=BOB)
        )
        for one in both:
            await server.until(lambda one=one: one.ended, seconds=LONG)  # type: ignore[misc]  # bound now
    first, second = sorted((text_of(one).splitlines()[0] for one in both), key=len)
    winner = next(who["id"] for who in (ADA, BOB) if str(who["id"]) in first)
    assert first == f"Published as generation 2 by <@{winner}>."
    assert second.startswith(f"This was published as generation 2 already, by <@{winner}>")
    assert program.generation == 2
    noted = [one.deed for one in program.application.curator.log() if one.deed == "published"]
    assert len(noted) == 2  # that before the test, and one of these


async def test_stranger_who_presses_what_is_for_admins_changes_nothing(
    program: Curated, server: DiscordServer, place: Payload
) -> None:
    stranger = person(7)
    async with connected(program, server):
        work = await reindex(server, place)
        pressed = [await server.press(work, label, who=stranger) for label in ("Publish", "Discard")]
        command = await server.under("knowledge", "reindex", place, stranger)
        await server.ended(*pressed, command)
    assert all("Only those who run my knowledge base" in text_of(one) for one in (*pressed, command))
    assert program.generation == 1
    assert program.application.curator.proposal() is not None
    refused = program.application.curator.log(refused=True)
    assert refused
    assert {one.who for one in refused} == {stranger["id"]}


def failing(server: DiscordServer) -> None:
    server.fail(EDIT, 500, 502, 503)


def limited(server: DiscordServer) -> None:
    server.limit(EDIT, 0.3)
    server.limit(EDIT, 0.3, everywhere=True)


def cut_off(server: DiscordServer) -> None:
    server.cut(EDIT, effect=False)
    server.cut(EDIT, effect=True)


@pytest.mark.parametrize("fault", [failing, limited, cut_off], ids=lambda fault: fault.__name__)
async def test_report_is_seen_although_discord_fails_while_it_is_told(
    program: Curated, server: DiscordServer, place: Payload, fault: Callable[[DiscordServer], None]
) -> None:
    async with connected(program, server):
        program.hold()
        work = await server.under("knowledge", "reindex", place)
        await program.held()
        await server.until(lambda: work.ended, seconds=LONG)
        fault(server)
        program.go_on()
        await server.until(lambda: bool(work.seen.get("embeds")), seconds=LONG)
        pressed = await server.press(work, "Publish")
        await shows(server, pressed, "Published as generation 2")
    assert all(one.met == one.times for one in server.faults)


# --- stopping ----------------------------------------------------------------------------------------------


async def test_reindex_that_stopping_interrupts_is_told_so_and_nothing_is_lost(
    program: Curated, server: DiscordServer, place: Payload
) -> None:
    async with connected(program, server) as task:
        program.hold()
        work = await server.under("knowledge", "reindex", place)
        await program.held()
        await server.until(lambda: work.ended, seconds=LONG)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.1)
        program.go_on()
        await asyncio.wait_for(task, LONG)
    assert "restarted" in text_of(work)
    assert not work.custom_ids
    assert program.generation == 1
    async with connected(program, server, times=2):
        asked = await server.slash("ask", place, person(1), question="What is Espresso for?")
        await server.ended(asked)
        again = await reindex(server, place)
    assert "long nights" in text_of(asked)
    assert "Publish" in again.custom_ids


async def test_proposal_that_waits_outlives_a_restart(
    program: Curated, server: DiscordServer, place: Payload
) -> None:
    async with connected(program, server):
        work = await reindex(server, place)
    async with connected(program, server, times=2):
        pressed = await server.press(work, "Publish", who=BOB)
        await shows(server, pressed, "Published as generation 2")
    assert program.generation == 2


def _posts(server: DiscordServer, place: Payload) -> list[Payload]:
    """What the bot wrote into the channel by itself."""
    return [
        message
        for message in server.world.messages.values()
        if message["channel_id"] == place["id"] and message["author"]["id"] == "100" and not message["flags"]
    ]
