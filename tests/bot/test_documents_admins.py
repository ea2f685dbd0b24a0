"""Who runs nothing reaches nothing; who does goes on after a restart, with names and texts of any length."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord import Env

from bot.admins import Refusal
from bot.client import CareerBot
from bot.cogs.complaints import Complaints
from bot.cogs.digest import Digests
from bot.cogs.documents import Adding
from bot.cogs.gaps import Gaps
from bot.cogs.knowledge import Curation
from bot.cogs.sources import Sources
from bot.controls import Action, Control
from bot.exchange import Exchanges
from bot.render.buttons import add_button
from bot.service import Service
from bot.wiring import Application
from knowledge.journal.journal import Journal
from tests.bot.curations import BOTH, Scene, curation_of, documents, make_application
from tests.bot.curations import scene as set_scene
from tests.bot.test_documents import TOPIC, from_simcord, upload
from tests.bot.test_knowledge import fields, labels, menu

COGS = (Adding, Sources, Complaints, Gaps, Digests)
ACTIONS = sorted(action for cog in COGS for action in cog.actions)
COMMANDS: dict[str, dict[str, Any]] = {
    "add": {"file": ("topics.md", TOPIC.encode())},
    "sources": {},
    "download": {"document": "queues"},
    "remove": {"document": "queues"},
    "restore": {"document": "queues"},
    "lint": {},
    "gaps": {},
    "digest": {},
}
SCRIPTS = ["Ж", "日", "क्षि", "ﷺ", "\U0001f469\u200d\U0001f52c", "e\u0301", "שׁ", "*_~`|<@&1>[x](https://a.b)#"]


@pytest.fixture
def application(tmp_path: Path, journal: Journal) -> Application:
    return make_application(tmp_path, journal, upload_limit=400_000)


@pytest.fixture
def curation(application: Application, exchanges: Exchanges) -> Iterator[Curation]:
    with curation_of(application, exchanges.records) as curation:
        yield curation


@pytest.fixture
def service(service: Service, curation: Curation) -> Service:
    return replace(service, curation=curation)


@pytest.fixture
async def scene(env: Env, curation: Curation, cold_bot: CareerBot, tmp_path: Path) -> Scene:
    documents(tmp_path, BOTH)
    adding = cold_bot.get_cog("Adding")
    assert isinstance(adding, Adding)
    adding.cdn, adding.fetch = frozenset({"cdn.simcord.invalid"}), from_simcord
    return set_scene(env, curation)


# --- who may -----------------------------------------------------------------------------------------------


async def test_presses_of_others_are_refused_whatever_they_press(
    scene: Scene, cold_bot: CareerBot, application: Application, tmp_path: Path
) -> None:
    key = application.curator.offer("t.md", TOPIC.encode(), stated={}, who="1").key
    before = sorted((tmp_path / "data").rglob("*.md"))
    view = discord.ui.View(timeout=None)
    for at, action in enumerate(ACTIONS):
        add_button(view, Control(action, key, "yes"), action, row=at // 5)
    posted = await cold_bot.get_channel(scene.channel.id).send("x", view=view)
    for action in ACTIONS:
        pressed = await scene.eve.click(posted, label=action)
        assert pressed.ephemeral
        assert pressed.response.content == Refusal.NOT_YOU, action
    assert sorted((tmp_path / "data").rglob("*.md")) == before


@pytest.mark.parametrize("command", COMMANDS)
async def test_commands_of_others_are_refused(scene: Scene, application: Application, command: str) -> None:
    shown = await scene.eve.slash(scene.channel, f"knowledge {command}", **COMMANDS[command])
    assert shown.ephemeral
    assert shown.response.content == Refusal.NOT_YOU
    assert not (application.settings.data_dir / "uploads").exists()


@pytest.mark.parametrize("command", ["remove", "download", "restore"])
async def test_others_are_offered_nothing(scene: Scene, command: str) -> None:
    assert await scene.eve.autocomplete(scene.channel, f"knowledge {command}", "document", "q") == []


def test_every_action_of_these_is_for_admins_alone() -> None:
    assert set(ACTIONS) <= set(Action)
    assert len(ACTIONS) == len(set(ACTIONS))


# --- after a restart ---------------------------------------------------------------------------------------


async def test_preview_of_before_a_restart_can_be_read_and_decided(
    scene: Scene, curation: Curation, journal: Journal, tmp_path: Path
) -> None:
    long = "# Long\n\n" + "\n\n".join(f"Paragraph {at} tells of queues and of caches." for at in range(200))
    shown = await upload(scene, "long.md", long)
    other = await upload(scene)
    vars(curation)["curator"] = make_application(tmp_path, journal).curator
    await scene.ada.click(shown.response, label=labels(shown.response)[0])
    assert shown.response.embeds[0].footer.text.startswith("page 2 of ")
    await scene.ada.click(shown.response, label="Add")
    assert shown.response.content.startswith("Added: Long.")
    await scene.ada.click(other.response, label="Discard")
    assert other.response.content.startswith("Discarded: Topics.")
    assert [held.id for held in curation.curator.sources()] == ["caches", "long", "queues"]


# --- names and texts of any length -------------------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS)
async def test_title_of_300_characters_in_any_script_is_shown_removed_and_restored(
    scene: Scene, script: str, application: Application
) -> None:
    title = (script * 300)[:300]
    row = json.dumps({"id": title[:200], "title": title, "text": f"{script} tells of topics."})
    shown = await upload(scene, "rows.jsonl", row)
    assert shown.response.embeds[0].title.startswith("Not added yet: ")
    await scene.ada.click(shown.response, label="Add")
    report = await scene.ada.click(shown.response, label="Reindex now")
    await scene.ada.click(report.response, label="Publish")
    listed = await scene.ada.slash(scene.channel, "knowledge sources")
    values = [
        option["value"] for row in listed.response.components for option in row["components"][0]["options"]
    ]
    opened = [
        await scene.ada.select(listed.response, [value], custom_id=menu(listed.response)) for value in values
    ]
    assert len({one.response.embeds[0].title for one in opened}) == 3
    [choice] = await scene.ada.autocomplete(scene.channel, "knowledge remove", "document", title[:100])
    asked = await scene.ada.slash(scene.channel, "knowledge remove", document=choice["value"])
    await scene.ada.click(asked.response, label="Remove")
    assert asked.response.content.startswith("Removed: ")
    [choice] = await scene.ada.autocomplete(scene.channel, "knowledge restore", "document", "")
    back = await scene.ada.slash(scene.channel, "knowledge restore", document=choice["value"])
    assert back.response.content.startswith("Back among my documents: ")
    given = await scene.ada.slash(scene.channel, "knowledge download", document=choice["value"])
    assert given.response.attachments


@pytest.mark.parametrize("letter", ["word ", "日", "\U0001f9ea", "@everyone ", "- x\n", "# x\n"])
async def test_page_of_4000_characters_is_taken_or_given_back(scene: Scene, letter: str) -> None:
    form = await scene.ada.slash(scene.channel, "knowledge add")
    text = (letter * 4000)[: 2000 if ord(letter[0]) > 0xFFFF else 4000]
    sent = await scene.ada.submit_modal(form, {"title": "*T* @here", "text": text})
    if sent.response.embeds:
        assert sent.response.embeds[0].title == "Not added yet: \\*T\\* \\@here"
        assert "What it is" in fields(sent.response)
    else:
        assert sent.response.content.startswith("Not taken: ")
        assert await sent.followups[0].attachments[0].read() == text.encode()
