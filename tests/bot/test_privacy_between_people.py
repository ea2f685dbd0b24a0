"""What one person says reaches nobody else, and is gone when they say so."""

import asyncio
import threading
from typing import Any

import discord
import pytest
from simcord import Env

from bot.aside import may_post, seen_by_others
from bot.client import CareerBot
from bot.cogs.answers import NOT_HERE
from bot.conversations import AGE
from bot.service import Service
from knowledge.entities import Question, Reply
from knowledge.journal.journal import Journal
from tests.bot.conftest import Time
from tests.bot.fakes import FakeAdvisor, answer
from tests.bot.test_answers import place

CONFIDED = "Will my boss Zebediah notice?"


def interaction(bot: CareerBot, context: int, kind: int) -> discord.Interaction[Any]:
    """A command given in a channel of some kind: 1 is a talk of two, 3 a group."""
    user = {"id": "1", "username": "ada", "discriminator": "0", "avatar": None, "global_name": None}
    channel = {"id": "55", "type": kind, "recipients": [], "owner_id": "1", "name": "x", "icon": None}
    data: Any = {
        "id": "123",
        "application_id": "9",
        "token": "t",
        "type": 2,
        "version": 1,
        "channel": channel,
        "channel_id": "55",
        "user": user,
        "data": {"id": "5", "name": "ask", "type": 1},
        "context": context,
        "authorizing_integration_owners": {"1": "1"},
        "entitlements": [],
        "locale": "en-US",
        "app_permissions": "0",
        "attachment_size_limit": 1,
    }
    return discord.Interaction(data=data, state=bot._connection)


@pytest.mark.parametrize(("context", "kind", "seen"), [(1, 1, False), (2, 1, True), (2, 3, True)])
async def test_only_a_talk_with_the_bot_itself_is_read_by_nobody_else(
    env: Env, cold_bot: CareerBot, context: int, kind: int, seen: bool
) -> None:
    given = interaction(cold_bot, context, kind)
    assert seen_by_others(given) is seen
    assert may_post(given)


async def test_deleting_while_an_answer_is_under_way_forgets_that_one_too(
    env: Env, advisor: FakeAdvisor, service: Service
) -> None:
    ada = env.create_user("ada")
    await ada.send_dm(CONFIDED)
    gate = threading.Event()
    advisor.waits_for(gate)
    asking = asyncio.create_task(ada.send_dm("and why?"))
    async with asyncio.timeout(5):
        while len(advisor.asked) < 2:  # noqa: ASYNC110  # asked in a thread
            await asyncio.sleep(0.01)
    service.exchanges.conversations.forget(ada.id)
    gate.set()
    await asking
    assert service.exchanges.conversations.of_person(ada.id) == []


async def test_no_cache_holds_what_was_asked(
    env: Env, advisor: FakeAdvisor, service: Service, time: Time
) -> None:
    channel, ada = place(env)
    advisor.answers_with(lambda asked: Reply((answer("SQL.", question=asked.text),), 1))
    await ada.slash(channel, "ask", question=CONFIDED)
    asked = await ada.slash(channel, "privacy delete")
    await ada.click(asked.response, label="Delete everything")
    cached = [*service.desk._replies.items(), *service.exchanges.records._recent.items()]
    assert len(cached) == 2
    assert "Zebediah" not in repr(cached)
    time.pass_by(AGE)
    assert "Zebediah" not in repr(vars(service.exchanges.conversations))


async def test_words_of_another_are_not_stored_by_who_wanted_them_answered(
    env: Env, journal: Journal
) -> None:
    channel, ada, bob = place(env, "ada", "bob")
    written = await bob.send(channel, CONFIDED)
    shown = await ada.context_menu(channel, "Answer this", written)
    rated = await ada.click(shown.response, label="Not helpful")
    told = await ada.click(rated.response, label="Tell the admins what I asked")
    assert told.modal is not None
    assert journal.told() == []


async def test_nobody_has_the_bot_write_where_they_may_not(env: Env, advisor: FakeAdvisor) -> None:
    guild = env.create_guild()
    ada = guild.add_member(env.create_user("ada"))
    silent = discord.PermissionOverwrite(send_messages=False)
    channel = guild.create_text_channel("news", overwrites={guild.default_role: silent})
    shown = await ada.slash(channel, "ask", question="Which skills?", private=False)
    assert shown.ephemeral
    shared = await ada.click(shown.response, label="Share")
    assert shared.ephemeral
    assert shared.response.content == NOT_HERE
    assert advisor.questions == [Question("Which skills?")]
