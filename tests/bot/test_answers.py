"""What a person can do with an answer, button by button, also after the bot was restarted."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord import Env
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from bot.client import CareerBot
from bot.cogs.answers import FORGOTTEN, GONE, HELPED, SHARED, TOLD_BEFORE
from bot.controls import OUTDATED
from bot.conversations import AGE
from bot.exchange import INTERRUPTED
from bot.service import Service
from knowledge.entities import Origin, Question, Quote, Reply, Source
from knowledge.journal.journal import Journal
from tests.bot.conftest import Time
from tests.bot.fakes import FakeAdvisor, answer, no_answer
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import reindex, write

QUESTION = "Which skills does it take?"


def place(env: Env, *names: str) -> tuple[ChannelHandle, ...]:
    guild = env.create_guild()
    people = [guild.add_member(env.create_user(name)) for name in names or ("ada",)]
    return guild.create_text_channel("careers"), *people


def labels_of(message: Any) -> list[str]:
    return [
        item.get("label") or item["placeholder"] for row in message.components for item in row["components"]
    ]


def long_answer() -> Reply:
    return Reply((answer(*[f"{number} {'Backends serve data. ' * 40}" for number in range(3)]),), 1)


def quotes_in(library: NumpyLibrary, folder: Path, *texts: str) -> list[Quote]:
    """Quotes of a document that holds these paragraphs, in its first generation."""
    reindex(library, write(folder, {"guide.md": "# The guide\n\n" + "\n\n".join(texts) + "\n"}))
    snapshot = library.current()
    [record] = snapshot.records()
    [passage] = snapshot.passages_of(record.id)
    where = Source(record.id, "The guide", (), Origin())
    return [
        Quote(text, passage.id, record.text.index(text), record.text.index(text) + len(text), where)
        for text in texts
    ]


async def restarted(env: Env, service: Service, tmp_path: Path) -> CareerBot:
    """Another client after a restart, which remembers nothing but what is stored."""
    service.exchanges.records._recent.clear()
    service.exchanges.conversations._said.clear()
    bot = CareerBot(service=service, data=tmp_path / "data", shard_count=1)
    await env.restart_bot(bot)
    return bot


async def test_library_keeps_no_view_of_any_answer(env: Env, cold_bot: CareerBot) -> None:
    channel, ada = place(env)
    for number in range(3):
        shown = await ada.slash(channel, "ask", question=f"{QUESTION} {number}")
        await ada.click(shown.response, label="Helpful")
        await ada.send(channel, f"{cold_bot.user.mention} {QUESTION} {number}")
    store = cold_bot._connection._view_store
    assert not store._views
    assert not store._synced_message_views


# --- pages -------------------------------------------------------------------------------------------------


async def test_page_is_turned_in_place(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    advisor.answers_with(lambda _: long_answer())
    shown = await ada.slash(channel, "ask", question=QUESTION)
    first = shown.response.embeds[0].description
    await ada.click(shown.response, label="Page 2 of 3 ›")
    assert shown.response.embeds[0].description != first
    assert shown.response.embeds[0].footer.text.endswith("page 2 of 3")
    await ada.click(shown.response, label="‹ Page 1")
    assert shown.response.embeds[0].description == first


async def test_page_is_turned_after_a_restart(
    env: Env, advisor: FakeAdvisor, service: Service, tmp_path: Path
) -> None:
    channel, ada = place(env)
    advisor.answers_with(lambda _: long_answer())
    shown = await ada.slash(channel, "ask", question=QUESTION)
    await restarted(env, service, tmp_path)
    await ada.click(shown.response, label="Page 2 of 3 ›")
    assert shown.response.embeds[0].footer.text.endswith("page 2 of 3")


async def test_another_person_turns_pages_in_a_copy_of_their_own(
    env: Env, cold_bot: CareerBot, advisor: FakeAdvisor
) -> None:
    channel, ada, bob = place(env, "ada", "bob")
    advisor.answers_with(lambda _: long_answer())
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    public = channel.last_message
    turned = await bob.click(public, label="Page 2 of 3 ›")
    assert turned.ephemeral
    assert turned.response.embeds[0].footer.text.endswith("page 2 of 3")
    assert channel.last_message.embeds[0].footer.text.endswith("page 1 of 3")
    await bob.click(turned.response, label="Page 3 of 3 ›")
    assert turned.response.embeds[0].footer.text.endswith("page 3 of 3")


async def test_buttons_of_an_answer_that_is_no_longer_kept_say_so(
    env: Env, advisor: FakeAdvisor, service: Service, journal: Journal, tmp_path: Path
) -> None:
    channel, ada = place(env)
    advisor.answers_with(lambda _: long_answer())
    shown = await ada.slash(channel, "ask", question=QUESTION)
    journal.close()
    (tmp_path / "data" / "journal.db").unlink()
    await restarted(env, service, tmp_path)
    turned = await ada.click(shown.response, label="Page 2 of 3 ›")
    assert turned.followups[0].content == GONE
    for label in ("Show in context", "Helpful"):
        assert (await ada.click(shown.response, label=label)).response.content == GONE


async def test_question_that_an_earlier_process_did_not_live_to_answer_is_told_so(
    env: Env, journal: Journal, service: Service, tmp_path: Path
) -> None:
    channel, ada = place(env)
    shown = await ada.slash(channel, "ask", question=QUESTION)
    assert journal.unfinished() == []
    [token] = {entry.path.split("/")[3] for entry in env.http_requests if "@original" in entry.path}
    journal.begin(interaction="1", application=str(env.bot.application_id), token=token)
    await restarted(env, replace(service, _ended=[]), tmp_path)
    await env.settle()
    assert shown.response.content == INTERRUPTED
    assert journal.unfinished() == []


async def test_shared_answer_stays_shared_while_its_pages_are_turned(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    advisor.answers_with(lambda _: long_answer())
    shown = await ada.slash(channel, "ask", question=QUESTION)
    shared = await ada.click(shown.response, label="Share")
    await ada.click(shared.response, label="Page 2 of 3 ›")
    assert shared.response.content == f"Shared by {ada.mention}"
    assert shared.response.embeds[0].title == "Skills (continued)"
    assert labels_of(shared.response) == ["Show in context", "‹ Page 1", "Page 3 of 3 ›"]


async def test_copy_of_another_offers_nothing_that_is_not_theirs(
    env: Env, cold_bot: CareerBot, advisor: FakeAdvisor
) -> None:
    channel, ada, bob = place(env, "ada", "bob")
    advisor.answers_with(lambda _: long_answer())
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    turned = await bob.click(channel.last_message, label="Page 2 of 3 ›")
    await bob.click(turned.response, label="Page 3 of 3 ›")
    assert labels_of(turned.response) == ["Show in context", "‹ Page 2"]


async def test_button_of_another_version_says_so(env: Env, cold_bot: CareerBot) -> None:
    channel, ada = place(env)
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Old", custom_id="advisor:vote:k:1"))
    posted = await cold_bot.get_channel(channel.id).send("x", view=view)
    view.stop()
    pressed = await ada.click(posted, label="Old")
    assert pressed.response.content == OUTDATED


async def test_answer_without_a_quote_has_no_context_to_show(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    advisor.answers_with(lambda _: Reply((answer(),), 1))
    shown = await ada.slash(channel, "ask", question=QUESTION)
    assert "Show in context" not in labels_of(shown.response)


async def test_pages_can_be_turned_where_the_answer_had_to_be_sent_privately(
    env: Env, cold_bot: CareerBot, advisor: FakeAdvisor
) -> None:
    guild = env.create_guild()
    user = env.create_user("ada")
    ada = guild.add_member(user)
    silent, speaking = (discord.PermissionOverwrite(send_messages=may) for may in (False, True))
    channel = guild.create_text_channel("careers", overwrites={guild.default_role: silent, ada: speaking})
    advisor.answers_with(lambda _: long_answer())
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    posted = user.dm_channel.last_message
    await user.click(posted, label="Page 2 of 3 ›")
    assert user.dm_channel.last_message.embeds[0].footer.text.endswith("page 2 of 3")


# --- context -----------------------------------------------------------------------------------------------


async def test_quote_is_shown_between_what_stands_around_it(
    env: Env, advisor: FakeAdvisor, library: NumpyLibrary, tmp_path: Path
) -> None:
    channel, ada = place(env)
    _, second, _ = quotes_in(library, tmp_path / "guide", "First thing.", "Second thing.", "Third thing.")
    advisor.answers_with(lambda _: Reply((replace(answer(), quotes=(second,)),), 1))
    shown = await ada.slash(channel, "ask", question=QUESTION)
    context = await ada.click(shown.response, label="Show in context")
    assert context.ephemeral
    [embed] = context.response.embeds
    assert embed.description == "First thing.\n\n> Second thing.\n\nThird thing."


async def test_context_goes_from_quote_to_quote(
    env: Env, advisor: FakeAdvisor, library: NumpyLibrary, tmp_path: Path
) -> None:
    channel, ada = place(env)
    quotes = quotes_in(library, tmp_path / "guide", "First thing.", "Second thing.")
    advisor.answers_with(lambda _: Reply((replace(answer(), quotes=tuple(quotes)),), 1))
    shown = await ada.slash(channel, "ask", question=QUESTION)
    context = await ada.click(shown.response, label="Show in context")
    await ada.click(context.response, label="Quote 2 ›")
    assert "> Second thing." in context.response.embeds[0].description
    assert context.response.embeds[0].footer.text == "Quote 2 of 2"


async def test_context_of_a_version_that_is_gone_says_so(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    shown = await ada.slash(channel, "ask", question=QUESTION)
    context = await ada.click(shown.response, label="Show in context")
    assert "(1) is no longer kept" in context.response.content


async def test_follow_up_written_before_a_restart_and_sent_after_it_is_answered(
    env: Env, advisor: FakeAdvisor, service: Service, tmp_path: Path
) -> None:
    channel, ada = place(env)
    shown = await ada.slash(channel, "ask", question=QUESTION)
    modal = await ada.click(shown.response, label="Follow up")
    await restarted(env, service, tmp_path)
    second = await ada.submit_modal(modal, {field_of(modal): "and why?"})
    assert "You asked: and why?" in second.response.embeds[0].description


async def test_private_talk_goes_on_after_a_follow_up_by_the_button(env: Env, advisor: FakeAdvisor) -> None:
    ada = env.create_user("ada")
    await ada.send_dm(QUESTION)
    modal = await ada.click(ada.dm_channel.last_message, label="Follow up")
    await ada.submit_modal(modal, {field_of(modal): "and why?"})
    await ada.send_dm("and then?")
    assert [turn.user for turn in advisor.questions[-1].history] == [QUESTION, "and why?"]


# --- following up ------------------------------------------------------------------------------------------


async def follow_up(ada: MemberActor, shown: object, text: str) -> object:
    modal = await ada.click(shown, label="Follow up")
    return await ada.submit_modal(modal, {field_of(modal): text})


def field_of(modal: object) -> str:
    [row] = modal.modal["components"]
    return row["components"][0]["custom_id"]


async def test_follow_up_knows_what_was_said_before(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    first = await ada.slash(channel, "ask", question=QUESTION)
    second = await follow_up(ada, first.response, "and why?")
    await follow_up(ada, second.response, "and then?")
    told = [[turn.user for turn in question.history] for question in advisor.questions]
    assert told == [[], [QUESTION], [QUESTION, "and why?"]]
    assert second.ephemeral


async def test_follow_ups_of_two_answers_do_not_mix(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    first = await ada.slash(channel, "ask", question="What is SQL?")
    await ada.slash(channel, "ask", question="What is Git?")
    await follow_up(ada, first.response, "and why?")
    assert [turn.user for turn in advisor.questions[-1].history] == ["What is SQL?"]


async def test_follow_up_of_a_forgotten_talk_is_answered_as_a_new_question(
    env: Env, advisor: FakeAdvisor, time: Time
) -> None:
    channel, ada = place(env)
    first = await ada.slash(channel, "ask", question=QUESTION)
    time.pass_by(AGE + 1)
    second = await follow_up(ada, first.response, "and why?")
    assert advisor.questions[-1] == Question("and why?")
    assert second.response.content == FORGOTTEN
    assert "and why?" in second.response.embeds[0].description


async def test_only_who_asked_can_follow_up(env: Env, cold_bot: CareerBot, advisor: FakeAdvisor) -> None:
    channel, ada, bob = place(env, "ada", "bob")
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    refused = await bob.click(channel.last_message, label="Follow up")
    assert refused.modal is None
    assert refused.ephemeral
    assert "Only <@" in refused.response.content


async def test_reply_to_an_answer_goes_on_with_it_and_a_new_mention_does_not(
    env: Env, cold_bot: CareerBot, advisor: FakeAdvisor
) -> None:
    channel, ada, bob = place(env, "ada", "bob")
    await ada.send(channel, f"{cold_bot.user.mention} {QUESTION}")
    answered = channel.last_message
    await ada.send(channel, f"{cold_bot.user.mention} and why?", reply_to=answered)
    await ada.send(channel, f"{cold_bot.user.mention} and then?")
    await bob.send(channel, f"{cold_bot.user.mention} and me?", reply_to=answered)
    assert [len(question.history) for question in advisor.questions] == [0, 1, 0, 0]


async def test_private_talk_goes_on_by_itself(env: Env, advisor: FakeAdvisor, time: Time) -> None:
    ada, bob = env.create_user("ada"), env.create_user("bob")
    await ada.send_dm(QUESTION)
    await ada.send_dm("and why?")
    await bob.send_dm("and me?")
    time.pass_by(AGE + 1)
    await ada.send_dm("and now?")
    assert [len(question.history) for question in advisor.questions] == [0, 1, 0, 0]


async def test_what_was_asked_privately_in_a_thread_does_not_show_in_a_public_answer(
    env: Env, cold_bot: CareerBot, advisor: FakeAdvisor
) -> None:
    channel, ada, bob = place(env, "ada", "bob")
    await cold_bot.get_channel(channel.id).create_thread(
        name="about careers", type=discord.ChannelType.public_thread
    )
    [thread] = channel.threads
    await ada.slash(thread, "ask", question=QUESTION)
    await ada.send(thread, f"{cold_bot.user.mention} and why?")
    await ada.send(thread, f"{cold_bot.user.mention} and then?")
    await bob.send(thread, f"{cold_bot.user.mention} and me?")
    told = [[turn.user for turn in question.history] for question in advisor.questions]
    assert told == [[], [], ["and why?"], []]


# --- related, topics ---------------------------------------------------------------------------------------


async def test_related_question_is_answered_beside_the_answer(env: Env, advisor: FakeAdvisor) -> None:
    channel, ada = place(env)
    shown = await ada.slash(channel, "ask", question=QUESTION)
    related = await ada.select(shown.response, ["What does a day look like?"])
    assert related.ephemeral
    assert "You asked: What does a day look like?" in related.response.embeds[0].description


async def test_topic_under_a_refusal_is_answered_by_a_press_after_a_restart_too(
    env: Env, advisor: FakeAdvisor, service: Service, tmp_path: Path
) -> None:
    channel, ada = place(env)
    advisor.answers_with(lambda _: Reply((no_answer(),), 1))
    shown = await ada.slash(channel, "ask", question=QUESTION)
    advisor.answers_with(lambda question: Reply((answer(f"You asked: {question.text}"),), 1))
    await restarted(env, service, tmp_path)
    pressed = await ada.click(shown.response, label="Which skills?")
    assert "You asked: Which skills?" in pressed.response.embeds[0].description


# --- sharing -----------------------------------------------------------------------------------------------


async def test_shared_answer_stands_in_the_channel_with_what_it_answers_and_who_shared_it(
    env: Env,
) -> None:
    channel, ada = place(env)
    shown = await ada.slash(channel, "ask", question=QUESTION)
    shared = await ada.click(shown.response, label="Share")
    assert not shared.ephemeral
    assert shared.response.content == f"Shared by {ada.mention}"
    assert shared.response.embeds[0].title == "Skills"
    sent = [entry.json for entry in env.http_requests if entry.method == "PATCH"][-1]
    assert sent["allowed_mentions"]["parse"] == []


async def test_answer_is_shared_in_a_channel_once(env: Env) -> None:
    channel, ada = place(env)
    shown = await ada.slash(channel, "ask", question=QUESTION)
    await ada.click(shown.response, label="Share")
    again = await ada.click(shown.response, label="Share")
    assert again.ephemeral
    assert again.response.content == SHARED


@pytest.mark.parametrize("fails", [False, True])
async def test_answer_that_could_not_be_shared_can_be_shared_later(
    env: Env, service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fails: bool
) -> None:
    channel, ada = place(env)
    shown = await ada.slash(channel, "ask", question=QUESTION)

    async def find(_: str) -> None:
        if fails:
            raise RuntimeError("broken")

    with monkeypatch.context() as patched:
        patched.setattr(service.exchanges.records, "find", find)
        await ada.click(shown.response, label="Share")
    assert sum("Incident" in record.getMessage() for record in caplog.records) == int(fails)
    shared = await ada.click(shown.response, label="Share")
    assert shared.response.content == f"Shared by {ada.mention}"


# --- feedback, telling the admins --------------------------------------------------------------------------


async def test_rating_is_stored_without_the_question(env: Env, journal: Journal) -> None:
    channel, ada = place(env)
    shown = await ada.slash(channel, "ask", question=QUESTION)
    rated = await ada.click(shown.response, label="Helpful")
    assert rated.ephemeral
    assert rated.response.content == HELPED
    [stored] = journal.feedback()
    assert stored.helpful
    assert (stored.generation, stored.passages) == (1, ("p1",))
    assert journal.told() == []


async def test_answer_that_did_not_help_can_be_told_to_the_admins(env: Env, journal: Journal) -> None:
    channel, ada = place(env)
    shown = await ada.slash(channel, "ask", question=QUESTION)
    rated = await ada.click(shown.response, label="Not helpful")
    assert [stored.helpful for stored in journal.feedback()] == [False]
    told = await ada.click(rated.response, label="Tell the admins what I asked")
    assert QUESTION in told.response.content
    assert [stored.question for stored in journal.told()] == [QUESTION]


async def test_declined_question_is_stored_only_when_its_asker_says_so(
    env: Env, advisor: FakeAdvisor, journal: Journal
) -> None:
    channel, ada = place(env)
    advisor.answers_with(lambda _: Reply((no_answer(),), 1))
    shown = await ada.slash(channel, "ask", question="Who won *it*?")
    assert journal.told() == []
    told = await ada.click(shown.response, label="Tell the admins")
    assert told.ephemeral
    assert r"> Who won \*it\*?" in told.response.content
    [stored] = journal.told()
    assert stored.question == "Who won *it*?"
    assert stored.reason == "nothing about this in the knowledge base"
    again = await ada.click(shown.response, label="Tell the admins")
    assert again.response.content == TOLD_BEFORE
    assert len(journal.told()) == 1


async def test_question_that_is_no_longer_remembered_is_asked_for_before_it_is_stored(
    env: Env, advisor: FakeAdvisor, journal: Journal, service: Service, tmp_path: Path
) -> None:
    channel, ada = place(env)
    advisor.answers_with(lambda _: Reply((no_answer(),), 1))
    shown = await ada.slash(channel, "ask", question="Who won?")
    await restarted(env, service, tmp_path)
    modal = await ada.click(shown.response, label="Tell the admins")
    assert journal.told() == []
    await ada.submit_modal(modal, {field_of(modal): "Who won the cup?"})
    assert [stored.question for stored in journal.told()] == ["Who won the cup?"]


async def test_journal_that_cannot_be_written_costs_no_answer_and_says_so_at_the_button(
    env: Env, tmp_path: Path, journal: Journal
) -> None:
    channel, ada = place(env)
    journal.close()
    for file in (tmp_path / "data").glob("journal.db*"):
        file.unlink()
    (tmp_path / "data" / "journal.db").mkdir()
    shown = await ada.slash(channel, "ask", question=QUESTION)
    assert "You asked" in shown.response.embeds[0].description
    rated = await ada.click(shown.response, label="Helpful")
    assert "I can't reach my notes" in rated.response.content
    assert env.errors


async def test_unforeseen_error_at_a_button_is_one_private_sentence(
    env: Env, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, ada = place(env)
    shown = await ada.slash(channel, "ask", question=QUESTION)

    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(service.exchanges.records, "find", fail)
    context = await ada.click(shown.response, label="Show in context")
    assert "give an admin this code" in context.response.content
    assert "secret" not in context.response.content
    assert env.errors
