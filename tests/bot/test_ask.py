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
from bot.cogs.ask import NO_TEXT, question_in
from bot.desk import Desk
from bot.exchange import INTERRUPTED, WARMING_UP
from bot.metrics import Metrics
from bot.offload import TooSlow
from bot.render.notices import SHORT_HELP
from bot.service import Service
from index.library import Damaged
from knowledge.entities import Question, Reply
from knowledge.journal.journal import Journal
from tests.bot.fakes import LISTED, FakeAdvisor, answer, no_answer

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


@pytest.mark.parametrize("private", [True, False])
async def test_who_asks_chooses_whether_others_see_the_answer(env: Env, private: bool) -> None:
    channel, ada = place(env)
    result = await ada.slash(channel, "ask", question=QUESTION, private=private)
    assert result.ephemeral is private


async def test_public_question_that_fails_is_told_privately_and_leaves_nothing_in_the_channel(
    env: Env, advisor: FakeAdvisor
) -> None:
    guild = env.create_guild()
    user = env.create_user("ada")
    channel, ada = guild.create_text_channel("careers"), guild.add_member(user)
    advisor.fails_with(RuntimeError("secret"))
    result = await ada.slash(channel, "ask", question=QUESTION, private=False)
    assert result.response is None
    assert channel.history() == []
    # The simulation takes no further message once the first is deleted; Discord does.
    [told] = result.followups or [user.dm_channel.last_message]
    assert "give an admin this code" in told.content


async def test_questions_that_have_answers_are_offered_while_somebody_types(env: Env) -> None:
    channel, ada = place(env)
    offered = await ada.autocomplete(channel, "ask", "question", "databas")
    assert [choice["value"] for choice in offered] == ["databas", LISTED[2]]
    assert [choice["value"] for choice in await ada.autocomplete(channel, "ask", "question", "")] == [
        *LISTED[:2]
    ]


async def test_message_of_somebody_is_answered_to_who_wants_to_know(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    asked = await ada.send(channel, QUESTION)
    result = await ada.context_menu(channel, "Answer this", asked)
    assert result.ephemeral
    assert f"> You asked: {QUESTION}" in result.response.embeds[0].description
    assert advisor.asked == [QUESTION]


async def test_message_without_text_has_nothing_to_answer(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    asked = await ada.send(channel, "<:wave:3>")
    result = await ada.context_menu(channel, "Answer this", asked)
    assert result.ephemeral
    assert result.response.content == NO_TEXT
    assert advisor.asked == []


async def test_person_who_asks_too_much_is_told_when_to_go_on(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    for number in range(5):
        await ada.slash(channel, "ask", question=f"{QUESTION} {number}")
    refused = await ada.slash(channel, "ask", question=QUESTION)
    assert refused.ephemeral
    assert re.search(r"<t:\d+:R>", refused.response.content)
    assert len(advisor.asked) == 5


async def test_flood_of_mentions_gets_one_refusal_and_then_a_sign(env: Env, cold_bot: CareerBot) -> None:
    channel, ada = place(env)
    for number in range(9):
        await ada.send(channel, f"{cold_bot.user.mention} {QUESTION} {number}")
    for _ in range(9):
        await ada.send(channel, cold_bot.user.mention)
    answers = [message for message in channel.history() if message.author.id == cold_bot.user.id]
    assert len(answers) == 6
    assert sum("please ask the next one" in message.content for message in answers) == 1
    assert channel.last_message.reactions


async def test_mention_of_an_earlier_process_is_told_that_it_was_interrupted(
    env: Env, cold_bot: CareerBot, journal: Journal, service: Service
) -> None:
    channel, ada = place(env)
    asked = await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    assert journal.unanswered_messages() == []
    journal.begin_message(message=str(asked.id), channel=str(channel.id))
    await service.exchanges.end_what_was_left(cold_bot)
    assert channel.last_message.content == INTERRUPTED
    assert channel.last_message.reference.message_id == asked.id
    assert journal.unanswered_messages() == []


async def test_answer_that_reached_nobody_is_left_for_the_next_process(
    env: Env, cold_bot: CareerBot, journal: Journal
) -> None:
    channel, ada = place(env)
    env.inject_error("POST", "/channels/*/messages", status=403, code=50013, message="no", times=None)
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    assert len(journal.unanswered_messages()) == 1


async def test_question_while_the_bot_stops_is_told_so(
    env: Env, cold_bot: CareerBot, advisor: FakeAdvisor
) -> None:
    channel, ada = place(env)
    await cold_bot.drain(1.0)
    result = await ada.slash(channel, "ask", question=QUESTION)
    assert "being restarted" in result.response.content
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    assert "being restarted" in channel.last_message.content
    assert advisor.asked == []


async def test_answer_under_way_is_finished_before_the_bot_stops(
    env: Env, cold_bot: CareerBot, service: Service, advisor: FakeAdvisor
) -> None:
    channel, ada = place(env)
    gate = threading.Event()
    advisor.waits_for(gate)
    asking = asyncio.create_task(ada.slash(channel, "ask", question=QUESTION))
    await advisor.was_asked()
    threading.Timer(0.2, gate.set).start()
    await cold_bot.drain(5.0)
    assert "You asked" in (await asking).response.embeds[0].description


async def test_answer_that_is_not_finished_in_time_is_called_off_in_words(
    env: Env, cold_bot: CareerBot, advisor: FakeAdvisor
) -> None:
    channel, ada = place(env)
    gate = threading.Event()
    advisor.waits_for(gate)
    asking = asyncio.create_task(ada.slash(channel, "ask", question=QUESTION))
    await advisor.was_asked()
    await cold_bot.drain(0.1)
    gate.set()
    result = await asking
    assert "being restarted" in result.response.content


@pytest.mark.parametrize("text", ["", "  ", "<@1> <#2> <:wave:3>"])
async def test_mention_without_a_question_gets_help(
    env: Env, cold_bot: CareerBot, advisor: FakeAdvisor, text: str
) -> None:
    channel, ada = place(env)
    await ada.send(channel, f"{cold_bot.user.mention}{text}")
    assert channel.last_message.content == SHORT_HELP
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


@pytest.mark.parametrize("allowed", [True, False])
async def test_answer_is_plain_text_where_embeds_are_not_allowed(
    env: Env, cold_bot: CareerBot, allowed: bool
) -> None:
    guild = env.create_guild()
    rights = discord.PermissionOverwrite(embed_links=allowed)
    channel = guild.create_text_channel("careers", overwrites={guild.default_role: rights})
    ada = guild.add_member(env.create_user("ada"))
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    posted = channel.last_message
    assert bool(posted.embeds) is allowed
    text = posted.embeds[0].description if allowed else posted.content
    assert f"> You asked: {QUESTION}" in text


async def test_answer_is_given_privately_with_the_reason_where_the_bot_may_not_write(
    env: Env, cold_bot: CareerBot
) -> None:
    guild = env.create_guild()
    user = env.create_user("ada")
    ada = guild.add_member(user)
    silent, speaking = (discord.PermissionOverwrite(send_messages=may) for may in (False, True))
    channel = guild.create_text_channel("careers", overwrites={guild.default_role: silent, ada: speaking})
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    assert len(channel.history()) == 1
    told = user.dm_channel.last_message
    assert "I lack there: Send Messages" in told.content
    assert "You asked" in told.embeds[0].description


async def test_answer_that_reaches_nobody_is_logged_and_counted(
    env: Env, cold_bot: CareerBot, caplog: pytest.LogCaptureFixture, metrics: Metrics
) -> None:
    channel, ada = place(env)
    env.inject_error("POST", "/channels/*/messages", status=403, code=50013, message="no", times=None)
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    assert "without a visible end" in caplog.text
    assert (
        'advisor_questions_ended_total{entry="mention",outcome="undelivered"} 1.0'
        in metrics.render().decode()
    )


async def test_question_before_the_bot_is_warm_is_told_so_and_answered_when_it_is(
    simcord_env: Env, cold_bot: CareerBot, advisor: FakeAdvisor
) -> None:
    channel, ada = place(simcord_env)
    gate = threading.Event()
    advisor.warms_after(gate)
    threading.Timer(0.3, gate.set).start()
    result = await ada.slash(channel, "ask", question=QUESTION)
    told = [
        entry.json.get("content")
        for entry in simcord_env.http_requests
        if entry.method == "PATCH" and "@original" in entry.path
    ]
    assert told == [WARMING_UP, None]
    assert "You asked" in result.response.embeds[0].description


async def test_mention_before_the_bot_is_warm_gets_one_message_that_becomes_the_answer(
    simcord_env: Env, cold_bot: CareerBot, advisor: FakeAdvisor
) -> None:
    channel, ada = place(simcord_env)
    gate = threading.Event()
    advisor.warms_after(gate)
    threading.Timer(0.3, gate.set).start()
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    assert len(channel.history()) == 2
    assert channel.last_message.content == ""
    assert "You asked" in channel.last_message.embeds[0].description


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


async def test_question_that_finds_no_place_is_asked_to_come_back(
    env: Env, desk: Desk, advisor: FakeAdvisor
) -> None:
    channel, ada = place(env)
    gate = threading.Event()
    advisor.waits_for(gate)
    waiting = [asyncio.create_task(desk.answer(Question(f"{QUESTION} {number}"))) for number in range(3)]
    await asyncio.sleep(0)
    result = await ada.slash(channel, "ask", question=QUESTION)
    gate.set()
    await asyncio.gather(*waiting)
    assert "Many people are asking" in result.response.content
    assert result.response.ephemeral


async def test_refusal_and_several_questions_are_shown(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    advisor.answers_with(lambda _: Reply((answer("SQL."), no_answer()), 1))
    result = await ada.slash(channel, "ask", question=QUESTION)
    first, second = result.response.embeds
    assert (first.title, second.title) == ("1. Skills", "2. Not answered")
    assert second.description == "My sources say nothing about this."


async def test_commands_are_announced_once_and_again_only_when_they_changed(
    service: Service, tmp_path: Path
) -> None:
    announced = []
    for extra in (False, False, True, True):
        bot = CareerBot(service=service, data=tmp_path, shard_count=1)
        if extra:
            bot.tree.command(name="extra", description="-")(nothing)
        env = Env(bot)
        await env.start()
        announced.append(len(posted(env, "/commands")))
        await env.shutdown()
    assert announced == [1, 0, 1, 0]


async def nothing(interaction: discord.Interaction) -> None: ...


async def test_folder_that_cannot_be_written_only_costs_another_announcement(
    service: Service, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    env = Env(CareerBot(service=service, data=tmp_path / "taken", shard_count=1))
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
