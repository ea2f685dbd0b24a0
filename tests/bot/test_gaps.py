"""Admins see what nobody could answer, in no words that are still somebody's, and close it with a page."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from simcord import Env

from bot.admins import Policy, Refusal
from bot.client import CareerBot
from bot.cogs import gaps as module
from bot.cogs.digest import Digests
from bot.cogs.gaps import NOTHING_LEFT, Gaps
from bot.cogs.knowledge import Curation, knowledge_group
from bot.controls import Action, Control
from bot.digesting import Digesting
from bot.exchange import Exchanges
from bot.render.gaps import NONE, gaps_embed
from bot.service import Service
from bot.wiring import Application
from knowledge import meanings
from knowledge.entities import Refusal as Declined
from knowledge.entities import Reply
from knowledge.gaps import Gap
from knowledge.journal.entries import Tally
from knowledge.journal.journal import Journal
from tests.bot.curations import BOTH, Scene, curation_of, documents, make_application
from tests.bot.curations import scene as set_scene
from tests.bot.fakes import FakeAdvisor, answer
from tests.bot.test_jobs import refusing
from tests.bot.test_knowledge import fields, menu

ASKED = "How do I negotiate my salary?"
SINCE = "2026-03-01T00:00:00+00:00"
HIDDEN = "Does Zebediah pay for relocation?"


@pytest.fixture
def application(tmp_path: Path, journal: Journal) -> Application:
    return make_application(tmp_path, journal)


@pytest.fixture
def curation(application: Application, exchanges: Exchanges) -> Iterator[Curation]:
    with curation_of(application, exchanges.records) as curation:
        yield curation


@pytest.fixture
def service(service: Service, curation: Curation) -> Service:
    return replace(service, curation=curation)


@pytest.fixture
async def scene(env: Env, curation: Curation, tmp_path: Path) -> Scene:
    documents(tmp_path, BOTH)
    return set_scene(env, curation)


def ask(journal: Journal, question: str, *people: str) -> None:
    for person in people:
        journal.decline(
            person=person, question=question, reason=Declined.NOTHING.value, near="", generation=1
        )


def prefilled(form: Any) -> dict[str, str]:
    """What stands in a form already."""
    parts = [
        part for row in form.modal["components"] for part in row.get("components", [row.get("component")])
    ]
    return {part["custom_id"]: part["value"] for part in parts if part.get("value")}


async def open_first(scene: Scene, shown: Any) -> Any:
    options = [option for row in shown.response.components for option in row["components"][0]["options"]]
    return await scene.ada.select(shown.response, [options[0]["value"]], custom_id=menu(shown.response))


async def publish(scene: Scene) -> Any:
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    return await scene.ada.click(shown.response, label="Publish")


async def test_gaps_are_listed_by_how_many_people_asked(scene: Scene, journal: Journal) -> None:
    ask(journal, HIDDEN, "1")
    ask(journal, ASKED, "1", "2", "3")
    shown = await scene.ada.slash(scene.channel, "knowledge gaps")
    assert shown.ephemeral
    [embed] = shown.response.embeds
    assert embed.title == "2 gaps in what I know"
    first, second = embed.description.split("\n**")
    assert first.startswith(f"**{ASKED}**\n-# 3 people · nothing about this in the knowledge base · last <t:")
    assert second.startswith("Words hidden: nothing about this in the knowledge base")


async def test_hidden_wording_reaches_discord_the_log_and_the_audit_nowhere(
    scene: Scene, journal: Journal, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level("DEBUG", logger="bot")
    ask(journal, HIDDEN, "1", "2")
    opened = await open_first(scene, await scene.ada.slash(scene.channel, "knowledge gaps"))
    assert "wording stays hidden" in opened.response.embeds[0].description
    form = await scene.ada.click(opened.response, label="Draft a page")
    sent = await scene.ada.submit_modal(
        form, {"title": "Moving", "text": "# Moving\n\nMost employers help with a move.\n"}
    )
    await scene.ada.click(sent.response, label="Add")
    await publish(scene)
    shown = [form.modal, opened.response.embeds, sent.response.embeds, journal.log()]
    assert "zebediah" not in f"{shown}{caplog.text}".casefold()
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file() and "journal" not in path.name]
    assert [path.name for path in kept if b"ebediah" in path.read_bytes()] == []


async def test_page_is_drafted_published_and_closes_its_gap(
    scene: Scene, journal: Journal, advisor: FakeAdvisor, application: Application
) -> None:
    await publish(scene)
    ask(journal, ASKED, "1", "2", "3")
    opened = await open_first(scene, await scene.ada.slash(scene.channel, "knowledge gaps"))
    assert opened.response.embeds[0].title == ASKED
    assert fields(opened.response)["Asked by"] == "3 people"
    form = await scene.ada.click(opened.response, label="Draft a page")
    assert prefilled(form) == {"text": f"## {ASKED}\n\n"}
    text = f"## {ASKED}\n\nName a number first, and say what it rests on.\n"
    sent = await scene.ada.submit_modal(form, {"title": "Negotiating", "text": text})
    await scene.ada.click(sent.response, label="Add")
    report = await scene.ada.click(sent.response, label="Reindex now")
    assert [gap.state for gap in application.gaps.every()] == ["open"]
    advisor.answers_with(lambda question: Reply((answer("Name a number."),), 2))
    published = await scene.ada.click(report.response, label="Publish")
    assert [gap.state for gap in application.gaps.every()] == ["answered"]
    assert advisor.asked[-1] == ASKED
    [said] = published.followups
    assert said.ephemeral
    assert said.content == f"“{ASKED}” is answered now: a page that was written for it is published."
    assert "marked" in [noted.deed for noted in journal.log()]


async def drafted(scene: Scene) -> Any:
    """A page for the first gap, added and not yet read."""
    opened = await open_first(scene, await scene.ada.slash(scene.channel, "knowledge gaps"))
    form = await scene.ada.click(opened.response, label="Draft a page")
    text = f"## {ASKED}\n\nName a number first, and say what it rests on.\n"
    sent = await scene.ada.submit_modal(form, {"title": "Negotiating", "text": text})
    await scene.ada.click(sent.response, label="Add")
    return sent


async def test_gap_is_closed_by_a_page_that_is_published_by_itself(
    scene: Scene,
    journal: Journal,
    advisor: FakeAdvisor,
    application: Application,
    curation: Curation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await publish(scene)
    monkeypatch.setattr(curation.curator, "_publish_alone", True)
    ask(journal, ASKED, "1", "2", "3")
    sent = await drafted(scene)
    advisor.answers_with(lambda question: Reply((answer("Name a number."),), 2))
    report = await scene.ada.click(sent.response, label="Reindex now")
    assert report.response.content == "Small and safe, so it was published as generation 2 right away."
    assert [gap.state for gap in application.gaps.every()] == ["answered"]
    assert [said.content for said in report.followups] == [
        f"“{ASKED}” is answered now: a page that was written for it is published."
    ]


async def test_gap_that_was_closed_is_told_though_nobody_can_say_whether_it_is_answered(
    scene: Scene, journal: Journal, advisor: FakeAdvisor
) -> None:
    await publish(scene)
    ask(journal, ASKED, "1", "2", "3")
    sent = await drafted(scene)
    report = await scene.ada.click(sent.response, label="Reindex now")

    def fails(question: object) -> Reply:
        raise RuntimeError

    advisor.answers_with(fails)
    published = await scene.ada.click(report.response, label="Publish")
    assert [said.content for said in published.followups] == [
        f"“{ASKED}” is marked as answered, because a page that was written for it is published."
    ]


async def test_gap_that_was_closed_is_told_privately_where_the_interaction_is_over(
    scene: Scene, journal: Journal, advisor: FakeAdvisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(scene)
    ask(journal, ASKED, "1", "2", "3")
    sent = await drafted(scene)
    report = await scene.ada.click(sent.response, label="Reindex now")

    async def is_over(interaction: object, sentence: str) -> None:
        raise refusing(401, 50027)

    monkeypatch.setattr(module, "add", is_over)
    advisor.answers_with(lambda question: Reply((answer("Name a number."),), 2))
    published = await scene.ada.click(report.response, label="Publish")
    assert published.followups == []
    said = scene.ada.user.dm_channel.last_message
    assert said.content.startswith(f"“{ASKED}” is answered now")


async def test_gap_comes_back_when_it_is_asked_in_vain_again(
    scene: Scene, journal: Journal, application: Application
) -> None:
    ask(journal, ASKED, "1", "2", "3")
    opened = await open_first(scene, await scene.ada.slash(scene.channel, "knowledge gaps"))
    await scene.ada.click(opened.response, label="Mark answered")
    assert opened.response.content == (
        f"Marked as answered: “{ASKED}”. It comes back when somebody asks in vain again."
    )
    await scene.ada.click(opened.response, label="All gaps")
    assert opened.response.embeds[0].description == NONE
    ask(journal, ASKED, "4")
    shown = await scene.ada.slash(scene.channel, "knowledge gaps")
    assert "asked again by 1" in shown.response.embeds[0].description


async def test_dismissed_gap_stays_dismissed(scene: Scene, journal: Journal) -> None:
    ask(journal, ASKED, "1", "2", "3")
    opened = await open_first(scene, await scene.ada.slash(scene.channel, "knowledge gaps"))
    await scene.ada.click(opened.response, label="Dismiss")
    ask(journal, ASKED, "4")
    shown = await scene.ada.slash(scene.channel, "knowledge gaps")
    assert shown.response.embeds[0].description == NONE
    await scene.ada.click(opened.response, label="Take back")
    assert opened.response.content == f"Open again: “{ASKED}”."
    shown = await scene.ada.slash(scene.channel, "knowledge gaps")
    assert "4 people" in shown.response.embeds[0].description


async def test_nothing_of_a_question_is_left_once_who_asked_it_is_gone(
    scene: Scene, journal: Journal, tmp_path: Path
) -> None:
    told = "Does Zebediah owe me a raise?"
    journal.tell(person="7", question=told, reason="nothing", generation=1, passages=(), key=None)
    ask(journal, told, "1", "2")
    opened = await open_first(scene, await scene.ada.slash(scene.channel, "knowledge gaps"))
    form = await scene.ada.click(opened.response, label="Draft a page")
    assert "Zebediah" in prefilled(form)["text"]
    text = "## Asking for more\n\nName a number first, and say what it rests on.\n"
    sent = await scene.ada.submit_modal(form, {"title": "Raises", "text": text})
    await scene.ada.click(sent.response, label="Add")
    await publish(scene)
    for person in ("7", "1", "2"):
        journal.forget(person)
    journal.close()
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert [path.name for path in kept if b"ebediah" in path.read_bytes()] == []


async def test_questions_are_looked_at_before_anybody_opens_the_list(
    scene: Scene, journal: Journal, application: Application, cold_bot: CareerBot
) -> None:
    ask(journal, ASKED, "1")
    assert application.gaps.left_out() == 1
    cog = cold_bot.get_cog("Gaps")
    assert isinstance(cog, Gaps)
    await cog.learn()
    assert application.gaps.left_out() == 0


async def test_what_is_not_looked_at_yet_is_told(
    scene: Scene, journal: Journal, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(journal, ASKED, "1", "2")
    monkeypatch.setattr(meanings, "MOST", 1)
    shown = await scene.ada.slash(scene.channel, "knowledge gaps")
    assert "-# 1 question or rating is not sorted in yet: " in shown.response.embeds[0].description


async def test_what_is_near_but_may_be_another_question_stands_below() -> None:
    found = Gap("k.1", 2, (ASKED,), False, "nothing", {"nothing": 2}, SINCE, SINCE, "open", around=3)
    few = replace(found, key="k.2", people=1, questions=(), hidden=True, beside="k.1", around=1)
    rows = (gaps_embed([found, few], 0).description or "").splitlines()
    assert rows[0] == f"**{ASKED}**"
    assert rows[1].startswith("-# 2 people · nothing · last <t:")
    assert rows[1].endswith(" · 3 with what is below")
    assert rows[2] == "↳ **Words hidden: nothing**"


async def test_gap_whose_people_had_it_deleted_is_gone(scene: Scene, journal: Journal) -> None:
    ask(journal, ASKED, "1", "2", "3")
    shown = await scene.ada.slash(scene.channel, "knowledge gaps")
    opened = await open_first(scene, shown)
    for person in "123":
        journal.forget(person)
    assert (await open_first(scene, shown)).response.content == NOTHING_LEFT
    assert (await scene.ada.click(opened.response, label="Draft a page")).response.content == NOTHING_LEFT
    await scene.ada.click(opened.response, label="Mark answered")
    assert opened.response.content == NOTHING_LEFT


async def test_gap_that_takes_long_to_look_up_opens_an_empty_form(
    journal: Journal, curation: Curation, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without the simulated Discord, in which no time passes.
    ask(journal, ASKED, "1", "2", "3")
    [gap], find = application.gaps.open(), application.gaps.find
    monkeypatch.setattr(application.gaps, "find", lambda key: threading.Event().wait(0.3) or find(key))
    shown: list[discord.ui.Modal] = []

    async def send_modal(form: discord.ui.Modal) -> None:
        shown.append(form)

    interaction = cast("Any", SimpleNamespace(response=SimpleNamespace(send_modal=send_modal)))
    cog = Gaps(group=knowledge_group(Policy()), curation=curation, answer=cast("Any", None))
    for patience in (5.0, 0.01):
        monkeypatch.setattr(module, "PATIENCE", patience)
        await cog.pressed(interaction, Control(Action.DRAFT, gap.key), "")
    assert [ASKED in str(form.to_dict()) for form in shown] == [True, False]


async def test_who_is_no_admin_any_more_sees_no_gap(
    scene: Scene, journal: Journal, curation: Curation, application: Application
) -> None:
    ask(journal, ASKED, "1", "2", "3")
    opened = await open_first(scene, await scene.ada.slash(scene.channel, "knowledge gaps"))
    curation.admins.policy = Policy()
    for label in ("Draft a page", "Mark answered", "Dismiss"):
        pressed = await scene.ada.click(opened.response, label=label)
        assert pressed.response.content == Refusal.NOT_YOU
    assert [gap.state for gap in application.gaps.every()] == ["open"]


# --- the digest --------------------------------------------------------------------------------------------


async def test_digest_is_told_to_an_admin_with_what_may_be_seen(scene: Scene, journal: Journal) -> None:
    day = datetime.now(UTC).date().isoformat()
    journal.count([Tally(day, 1, "ask", asked=4, answered=3, declined=1)])
    ask(journal, ASKED, "1", "2", "3")
    ask(journal, HIDDEN, "1")
    await publish(scene)
    shown = await scene.ada.slash(scene.channel, "knowledge digest")
    assert shown.ephemeral
    [embed] = shown.response.embeds
    assert embed.description == "**4 questions**: 3 answered, 1 declined."
    told = fields(shown.response)
    assert told["Open gaps: 2, 2 of them new"].startswith(f"- 3 people: {ASKED}\n- 1 person: Words hidden: ")
    assert "Zebediah" not in str(embed.to_dict())
    assert "generation 1 published <t:" in told["What was published"]


async def test_digest_is_posted_by_itself_and_the_status_tells(
    scene: Scene, journal: Journal, curation: Curation, application: Application, cold_bot: CareerBot
) -> None:
    news = scene.guild.create_text_channel("news")
    ask(journal, ASKED, "1", "2", "3")
    curator = application.curator
    digesting = Digesting(
        channel=news.id,
        journal=journal,
        read=lambda period: curator.digest(period, stale_days=365),
        offload=curation.converting,
    )
    vars(curation)["digesting"] = digesting
    status = await scene.ada.slash(scene.channel, "knowledge status")
    assert fields(status.response)["Weekly digest"] == f"To <#{news.id}>, nothing posted yet."
    digests = cold_bot.get_cog("Digests")
    assert isinstance(digests, Digests)
    digests.look.start(digesting)
    place = cold_bot.get_partial_messageable(news.id)
    async with asyncio.timeout(5):
        while not (posted := [message async for message in place.history()]):  # noqa: ASYNC110  # no event
            await asyncio.sleep(0.01)
    assert posted[0].embeds[0].title == "What people asked"
    assert ASKED not in str(posted[0].embeds[0].to_dict())
    status = await scene.ada.slash(scene.channel, "knowledge status")
    assert "last posted <t:" in fields(status.response)["Weekly digest"]
    await cold_bot.remove_cog("Digests")
    await asyncio.sleep(0)
    assert not digests.look.is_running()
