"""Everything a person left is shown to them, given to them, and gone when they say so."""

import json
from pathlib import Path

import pytest
from simcord import Env
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from bot.client import CareerBot
from bot.cogs.privacy import NOT_YOURS
from bot.render.buttons import erase_button
from bot.service import Service
from knowledge.entities import Reply
from knowledge.journal.journal import Journal
from tests.bot.fakes import FakeAdvisor, no_answer

CONFIDED = "Will my boss Zebediah notice that I leave?"


@pytest.fixture
async def left(env: Env, advisor: FakeAdvisor) -> tuple[ChannelHandle, MemberActor, MemberActor]:
    """Ada told the admins and rated an answer; Bob rated one too."""
    guild = env.create_guild()
    channel = guild.create_text_channel("careers")
    ada, bob = (guild.add_member(env.create_user(name)) for name in ("ada", "bob"))
    shown = await ada.slash(channel, "ask", question="Which skills?")
    await ada.click(shown.response, label="Helpful")
    shown = await bob.slash(channel, "ask", question="Which days?")
    await bob.click(shown.response, label="Not helpful")
    advisor.answers_with(lambda _: Reply((no_answer(),), 1))
    shown = await ada.slash(channel, "ask", question=CONFIDED)
    await ada.click(shown.response, label="Tell the admins")
    return channel, ada, bob


Left = tuple[ChannelHandle, MemberActor, MemberActor]


async def test_what_is_kept_is_shown_to_its_person_alone(left: Left) -> None:
    channel, ada, bob = left
    shown = await ada.slash(channel, "privacy show")
    assert shown.ephemeral
    [embed] = shown.response.embeds
    assert "half an hour" in embed.description
    assert embed.fields[0].value == (
        "- 1 rating of an answer\n- 1 question told to the admins\n- 1 question I could not answer\n"
        "- 2 turns of our talk, in memory"
    )
    assert "Zebediah" in embed.fields[1].value
    other = (await bob.slash(channel, "privacy show")).response.embeds[0]
    assert "Zebediah" not in str(other.to_dict())
    assert "questions told" not in other.fields[0].value


async def test_what_is_kept_is_exported_as_a_file(left: Left) -> None:
    channel, ada, _ = left
    exported = await ada.slash(channel, "privacy export")
    assert exported.ephemeral
    [file] = exported.response.attachments
    kept = json.loads(await file.read())
    assert kept["person"] == str(ada.id)
    assert [row["question"] for row in kept["stored"]["told"]] == [CONFIDED]
    assert [turn["you"] for turn in kept["remembered"]] == ["Which skills?", CONFIDED]


async def test_what_is_kept_is_deleted_after_a_second_press_with_a_receipt(
    left: Left, journal: Journal, service: Service, tmp_path: Path
) -> None:
    channel, ada, bob = left
    asked = await ada.slash(channel, "privacy delete")
    assert len(journal.told()) == 1
    await ada.click(asked.response, label="Delete everything")
    [embed] = asked.response.embeds
    assert embed.title == "Deleted"
    assert "1 rating of an answer" in embed.description
    assert "1 question told to the admins" in embed.description
    assert "2 answers you could have followed up" in embed.description
    assert journal.told() == []
    assert journal.of_person(str(ada.id)) == {}
    assert len(journal.of_person(str(bob.id))["feedback"]) == 1
    assert service.exchanges.conversations.of_person(ada.id) == []
    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("journal.db*"))
    assert b"Zebediah" not in stored


async def test_nobody_deletes_for_another(left: Left, journal: Journal, cold_bot: CareerBot) -> None:
    channel, ada, bob = left
    # Discord shows the button to Ada alone; this is Bob's press all the same.
    posted = await cold_bot.get_channel(channel.id).send("x", view=erase_button(ada.id))
    refused = await bob.click(posted, label="Delete everything")
    assert refused.ephemeral
    assert refused.response.content == NOT_YOURS
    assert len(journal.of_person(str(ada.id))["feedback"]) == 1
