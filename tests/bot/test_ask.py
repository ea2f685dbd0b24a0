"""Asking in Discord, as a person does it."""

import asyncio
import logging
import re
import threading
from pathlib import Path

import discord
import pytest
from simcord import Env, SetupError
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from bot.client import CareerBot
from bot.cogs.ask import HELP, question_in
from bot.desk import Desk
from bot.offload import Offload, TooSlow
from index.library import Damaged
from knowledge.entities import Question, Reply
from tests.bot.fakes import FakeAdvisor, answer, no_answer

QUESTION = "Which skills does it take?"


def posted(env: Env, part: str) -> list[str]:
    """Requests of the bot to paths containing `part`, in order."""
    return [f"{entry.method} {entry.path}" for entry in env.http_requests if part in entry.path]


def place(env: Env) -> tuple[ChannelHandle, MemberActor]:
    """A channel, and a member to ask in it."""
    guild = env.create_guild()
    return guild.create_text_channel("careers"), guild.add_member(env.create_user("ada"))


async def test_slash_ask_shows_the_answer_only_to_the_person_who_asked(env: Env) -> None:
    channel, ada = place(env)
    result = await ada.slash(channel, "ask", question=QUESTION)
    assert result.followups == []
    assert result.response.ephemeral
    assert f"> You asked: {QUESTION}" in result.response.embeds[0].description


async def test_slash_ask_works_in_a_private_conversation(env: Env) -> None:
    result = await env.create_user("ada").slash("ask", question=QUESTION)
    assert "You asked" in result.response.embeds[0].description


async def test_slash_ask_acknowledges_before_it_asks(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    before: list[list[str]] = []

    def look(_: Question) -> Reply:
        before.append(posted(env, "/callback"))
        return Reply((answer("SQL."),), 1)

    advisor.answers_with(look)
    await ada.slash(channel, "ask", question=QUESTION)
    assert len(before[0]) == 1


@pytest.mark.parametrize("question", ["ab", "x" * 301])
async def test_slash_ask_offers_no_room_for_questions_too_short_or_too_long(env: Env, question: str) -> None:
    channel, ada = place(env)
    with pytest.raises(SetupError):
        await ada.slash(channel, "ask", question=question)


async def test_mention_is_answered_under_the_question_without_a_ping(
    env: Env, cold_bot: CareerBot, advisor: FakeAdvisor
) -> None:
    channel, ada = place(env)
    asked = await ada.send(channel, f"<@{cold_bot.user.id}> {QUESTION}")
    reply = channel.last_message
    assert advisor.asked == [QUESTION]
    assert reply.reference.message_id == asked.id
    assert f"> You asked: {QUESTION}" in reply.embeds[0].description
    sent = next(entry for entry in reversed(env.http_requests) if entry.path.endswith("/messages"))
    assert sent.json["allowed_mentions"]["parse"] == []
    assert not sent.json["allowed_mentions"].get("replied_user")


async def test_mention_shows_that_the_bot_is_typing(env: Env, cold_bot: CareerBot) -> None:
    channel, ada = place(env)
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    assert posted(env, "/typing")


async def test_mention_is_answered_though_the_typing_sign_fails(env: Env, cold_bot: CareerBot) -> None:
    channel, ada = place(env)
    env.inject_error("POST", "/channels/*/typing", status=500)
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    assert "You asked" in channel.last_message.embeds[0].description


async def test_mention_and_slash_and_private_message_give_the_same_answer(
    env: Env, cold_bot: CareerBot
) -> None:
    channel, ada = place(env)
    slash = await ada.slash(channel, "ask", question=QUESTION)
    await ada.send(channel, f"{QUESTION} {cold_bot.user.mention}")
    user = env.create_user("bob")
    await user.send_dm(QUESTION)
    shown = slash.response.embeds[0].to_dict()
    assert channel.last_message.embeds[0].to_dict() == shown
    assert user.dm_channel.last_message.embeds[0].to_dict() == shown


@pytest.mark.parametrize("text", ["", "  ", "<@1> <#2> <:wave:3>"])
async def test_mention_without_a_question_gets_help(
    env: Env, cold_bot: CareerBot, advisor: FakeAdvisor, text: str
) -> None:
    channel, ada = place(env)
    await ada.send(channel, f"{cold_bot.user.mention}{text}")
    assert channel.last_message.content == HELP
    assert advisor.asked == []


async def test_message_without_a_mention_is_left_alone(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    await ada.send(channel, f"@everyone {QUESTION}")
    assert len(channel.history()) == 1
    assert advisor.asked == []


async def test_other_bots_are_left_alone(env: Env, cold_bot: CareerBot, advisor: FakeAdvisor) -> None:
    guild = env.create_guild()
    channel = guild.create_text_channel("careers")
    robot = guild.add_member(env.create_user("robot", bot=True))
    await robot.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    assert len(channel.history()) == 1
    assert advisor.asked == []


async def test_slash_ask_hides_what_broke_and_gives_a_code_to_find_it(
    env: Env, advisor: FakeAdvisor, caplog: pytest.LogCaptureFixture
) -> None:
    channel, ada = place(env)
    advisor.fails_with(RuntimeError("secret"))
    result = await ada.slash(channel, "ask", question=QUESTION)
    told = result.response
    assert told.ephemeral
    assert "secret" not in told.content
    [code] = re.findall(r"`(\w+)`", told.content)
    [record] = [record for record in caplog.records if code in record.getMessage()]
    assert record.exc_info[1].args == ("secret",)
    assert env.errors


async def test_mention_hides_what_broke_and_gives_a_code_to_find_it(
    env: Env, cold_bot: CareerBot, advisor: FakeAdvisor, caplog: pytest.LogCaptureFixture
) -> None:
    channel, ada = place(env)
    advisor.fails_with(RuntimeError("secret"))
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    told = channel.last_message.content
    assert "secret" not in told
    [code] = re.findall(r"`(\w+)`", told)
    assert code in caplog.text
    assert env.errors


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Damaged("generation 3 is cut short"), "I can't read my knowledge base"),
        (TooSlow("generation 3"), "That took longer"),
    ],
)
async def test_known_error_is_one_sentence_without_a_code(
    env: Env, advisor: FakeAdvisor, error: Exception, told: str
) -> None:
    channel, ada = place(env)
    advisor.fails_with(error)
    result = await ada.slash(channel, "ask", question=QUESTION)
    assert result.response.content.startswith(told)
    assert result.response.ephemeral
    assert "generation" not in result.response.content
    assert "`" not in result.response.content
    assert env.errors


async def test_missing_permission_to_embed_is_explained_in_words(env: Env, cold_bot: CareerBot) -> None:
    channel, ada = place(env)
    env.inject_error("POST", "/channels/*/messages", status=403, code=50013, message="Missing Permissions")
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    assert "Embed Links" in channel.last_message.content
    assert env.errors


async def test_error_that_cannot_be_told_either_is_only_logged(
    env: Env, cold_bot: CareerBot, caplog: pytest.LogCaptureFixture
) -> None:
    channel, ada = place(env)
    env.inject_error("POST", "/channels/*/messages", status=403, code=50013, message="no", times=None)
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    assert "did not take the explanation either" in caplog.text
    assert env.errors


async def test_question_before_the_bot_is_warm_is_told_to_wait(
    simcord_env: Env, cold_bot: CareerBot, advisor: FakeAdvisor
) -> None:
    channel, ada = place(simcord_env)
    result = await ada.slash(channel, "ask", question=QUESTION)
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    assert "still warming up" in result.response.content
    assert result.response.ephemeral
    assert "still warming up" in channel.last_message.content
    assert advisor.asked == []
    assert simcord_env.errors


async def test_bot_says_it_is_ready_only_when_warm(
    simcord_env: Env, cold_bot: CareerBot, advisor: FakeAdvisor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert cold_bot.status is discord.Status.idle
    assert "Ready" not in caplog.text
    await cold_bot.warm_up()
    assert advisor.warmed == 1
    assert cold_bot.status is discord.Status.online
    assert "Ready" in caplog.text


async def test_slow_answer_arrives_late_but_arrives(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    gate = threading.Event()
    advisor.waits_for(gate)
    threading.Timer(0.2, gate.set).start()
    result = await ada.slash(channel, "ask", question=QUESTION)
    assert "You asked" in result.response.embeds[0].description


async def test_question_that_finds_no_place_is_asked_to_come_back(env: Env, offload: Offload) -> None:
    channel, ada = place(env)
    gate = threading.Event()
    taken = [asyncio.create_task(offload.run(lambda: gate.wait(5), limited=False)) for _ in range(3)]
    await asyncio.sleep(0)
    result = await ada.slash(channel, "ask", question=QUESTION)
    gate.set()
    await asyncio.gather(*taken)
    assert "Many people are asking" in result.response.content
    assert result.response.ephemeral
    assert env.errors


async def test_refusal_and_several_questions_are_shown(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    advisor.answers_with(lambda _: Reply((answer("SQL."), no_answer()), 1))
    result = await ada.slash(channel, "ask", question=QUESTION)
    first, second = result.response.embeds
    assert (first.title, second.title) == ("1. Skills", "2. Not answered")
    assert second.description == "My sources say nothing about this."


async def test_commands_are_announced_once_and_again_only_when_they_changed(
    desk: Desk, tmp_path: Path
) -> None:
    announced = []
    for extra in (False, False, True, True):
        bot = CareerBot(desk=desk, data=tmp_path, shard_count=1)
        if extra:
            bot.tree.command(name="extra", description="-")(nothing)
        env = Env(bot)
        await env.start()
        announced.append(len(posted(env, "/commands")))
        await env.shutdown()
    assert announced == [1, 0, 1, 0]


async def nothing(interaction: discord.Interaction) -> None: ...


async def test_folder_that_cannot_be_written_only_costs_another_announcement(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    env = Env(CareerBot(desk=desk, data=tmp_path / "data", shard_count=1))
    await env.start()
    assert posted(env, "/commands")
    await env.shutdown()


def test_client_asks_for_no_privileged_intent_and_pings_nobody(cold_bot: CareerBot) -> None:
    intents = cold_bot.intents
    assert [intents.message_content, intents.members, intents.presences] == [False] * 3
    assert cold_bot.allowed_mentions.to_dict() == {"parse": []}


@pytest.mark.parametrize(
    ("content", "asked"),
    [
        ("<@1> what is Go?", "what is Go?"),
        ("what is <@!1> Go <@&2>\n in <#3> <a:dance:4>?", "what is Go in ?"),
        ("List<String> or a < b > c?", "List<String> or a < b > c?"),
    ],
)
def test_question_in_a_message_is_what_remains_without_mentions(content: str, asked: str) -> None:
    assert question_in(content) == asked
