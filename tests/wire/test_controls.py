"""Every control that an answer shows does something visible, in a channel and in private."""

from pathlib import Path

import pytest

from tests.bot.fakes import LISTED, FakeAdvisor
from tests.wire.discord_server import DiscordServer
from tests.wire.running import ready
from tests.wire.world import Asked


async def use(server: DiscordServer, asked: Asked, label: str) -> Asked:
    """Press the button, or choose the first option of the list."""
    parts = [part for row in asked.seen["components"] for part in row["components"]]
    part = next(part for part in parts if part.get("custom_id") == asked.custom_ids[label])
    if part["type"] == 2:
        return await server.press(asked, label)
    return await server.choose(asked, label, part["options"][0]["value"])


@pytest.mark.parametrize("private", [True, False])
async def test_every_control_of_an_answer_ends_visibly(
    server: DiscordServer, tmp_path: Path, private: bool
) -> None:
    channel = None if private else server.world.add_guild("Guild", "careers")["channels"][0]
    async with ready(server, FakeAdvisor(), tmp_path):
        asked = await server.slash("ask", channel, question=LISTED[0])
        await server.ended(asked)
        assert len(asked.custom_ids) >= 4
        for label in asked.custom_ids:
            used = await use(server, asked, label)
            await server.ended(used)
            if "title" in used.seen:
                submitted = await server.submit(used, "And which databases?")
                await server.ended(submitted)


async def test_autocomplete_offers_what_can_be_asked(server: DiscordServer, tmp_path: Path) -> None:
    async with ready(server, FakeAdvisor(), tmp_path):
        asked = await server.complete("ask", "question", "wh")
        await server.ended(asked)
    assert asked.seen["choices"]


async def test_message_command_answers_what_the_message_asks(server: DiscordServer, tmp_path: Path) -> None:
    channel = server.world.add_guild("Guild", "careers")["channels"][0]
    async with ready(server, FakeAdvisor(), tmp_path):
        said = await server.say(LISTED[0], channel, mention=False)
        asked = await server.use_on("Answer this", server.world.messages[said.id], channel)
        await server.ended(asked)
    assert asked.seen["embeds"]
    assert not said.ended
