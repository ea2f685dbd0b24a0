"""Admins add, look at, take along, remove and restore documents; nothing answers before it is published."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord import Env

from bot.admins import Policy, Refusal
from bot.client import CareerBot
from bot.cogs import documents as module
from bot.cogs.complaints import CLEAN
from bot.cogs.documents import CUT, NOT_DISCORDS, NOT_FETCHED, PARTS, Adding
from bot.cogs.knowledge import Curation
from bot.exchange import Exchanges
from bot.fetching import NotFetched
from bot.render.documents import upload_buttons
from bot.render.turning import cut_into, handle
from bot.service import Service
from bot.wiring import Application
from knowledge.documents.errors import NotKept
from knowledge.journal.journal import Journal
from tests.bot.curations import BOTH, Scene, curation_of, documents, make_application
from tests.bot.curations import scene as set_scene
from tests.bot.test_knowledge import fields, labels, menu
from tests.knowledge.office import docx

TOPIC = "# Topics\n\nA topic such as Kafka's keeps every event for those who come later.\n"
LIMIT = 20_000


@pytest.fixture
def application(tmp_path: Path, journal: Journal) -> Application:
    return make_application(tmp_path, journal, upload_limit=LIMIT)


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


async def from_simcord(client: discord.Client, file: discord.Attachment) -> bytes:
    """There is no server behind the simulated Discord's addresses: see test_fetching.py."""
    return await file.read()


async def upload(scene: Scene, name: str = "topics.md", data: str | bytes = TOPIC, **stated: str) -> Any:
    file = (name, data.encode() if isinstance(data, str) else data)
    return await scene.ada.slash(scene.channel, "knowledge add", file=file, **stated)


async def publish(scene: Scene) -> None:
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    await scene.ada.click(shown.response, label="Publish")


def ids(application: Application) -> set[str]:
    snapshot = application.library.current()
    return set(snapshot.manifest.documents) if snapshot else set()


# --- adding ------------------------------------------------------------------------------------------------


async def test_upload_is_shown_as_it_would_be_read_and_counts_when_it_is_published(
    scene: Scene, application: Application, journal: Journal
) -> None:
    await publish(scene)
    link = "https://example.org/topics"
    shown = await upload(scene, author="Ann <@1>", title="All about *topics*", link=link)
    assert shown.ephemeral
    [embed] = shown.response.embeds
    assert embed.title == "Not added yet: All about \\*topics\\*"
    assert "> A topic such as Kafka's keeps every event" in embed.description
    assert "1 passage · 1" in fields(shown.response)["What it is"]
    credit = "Ann \\<\\@1\\>, date not stated\nhttps\\://example.org/topics"
    assert fields(shown.response)["Credited to"] == credit
    assert labels(shown.response) == ["Add", "Discard", "As a file"]
    assert ids(application) == {"queues", "caches"}
    await scene.ada.click(shown.response, label="Add")
    assert shown.response.content.startswith("Added: All about \\*topics\\*.")
    assert labels(shown.response) == ["Reindex now"]
    assert ids(application) == {"queues", "caches"}
    report = await scene.ada.click(shown.response, label="Reindex now")
    assert "**added** topics" in fields(report.response)["Documents"]
    await scene.ada.click(report.response, label="Publish")
    assert ids(application) == {"queues", "caches", "topics"}
    assert [(noted.deed, noted.about) for noted in journal.log() if noted.deed == "added"] == [
        ("added", "topics")
    ]


async def test_discarded_upload_leaves_nothing(scene: Scene, application: Application) -> None:
    shown = await upload(scene)
    await scene.ada.click(shown.response, label="Discard")
    assert shown.response.content == "Discarded: Topics. Nothing was kept of it."
    assert [held.id for held in application.documents.sources(None)] == ["caches", "queues"]


async def test_upload_that_was_decided_already_says_so_to_who_is_late(
    scene: Scene, cold_bot: CareerBot, curation: Curation, journal: Journal
) -> None:
    shown = await upload(scene)
    key = next(iter(shown.response.components))["components"][0]["custom_id"].split(":")[2]
    view = upload_buttons(curation.curator.upload(key), 0)
    posted = await cold_bot.get_channel(scene.channel.id).send("x", view=view)
    await scene.ada.click(shown.response, label="Add")
    late = await scene.bob.click(posted, label="Add")
    assert late.response.content == (
        "This upload was added or dropped already, or has waited for more than a day."
    )
    assert [noted.deed for noted in journal.log()].count("added") == 1


async def test_of_two_who_add_under_one_name_the_second_keeps_what_they_see(
    scene: Scene, application: Application
) -> None:
    shown = await upload(scene)
    other = await scene.bob.slash(
        scene.channel, "knowledge add", file=("Topics.txt", b"# Topics\n\nA topic of Bob's.\n")
    )
    await scene.ada.click(shown.response, label="Add")
    await scene.bob.click(other.response, label="Add")
    assert other.response.content == (
        "Somebody else added or removed “topics” meanwhile; please add the file again."
    )
    [embed] = other.response.embeds
    assert "> A topic of Bob's." in embed.description
    assert "**topics**" in fields(other.response)["Takes the place of"]
    assert "Kafka" in application.curator.text("topics")


async def test_upload_that_is_too_large_is_not_fetched(scene: Scene, curation: Curation) -> None:
    shown = await upload(scene, "big @everyone.md", "x" * (LIMIT + 1))
    assert shown.response.content == (
        "big \\@everyone.md has 20,001 bytes; the limit is 20,000 (ADVISOR_UPLOAD_LIMIT). I did not fetch it."
    )


async def test_upload_that_discord_does_not_keep_is_not_fetched(scene: Scene, cold_bot: CareerBot) -> None:
    cold_bot.get_cog("Adding").cdn = frozenset({"cdn.discordapp.com"})
    shown = await upload(scene)
    assert shown.response.content == NOT_DISCORDS


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.md", "  \n", "Not taken: It is empty."),
        ("tool.md", b"MZ\x90\x00" + bytes(200), "Not taken: "),
        ("same.md", BOTH["queues.md"], "Not taken: It says the same as “Queues” (queues)"),
    ],
)
async def test_upload_that_is_not_taken_is_told_why(
    scene: Scene, name: str, data: str | bytes, said: str
) -> None:
    shown = await upload(scene, name, data)
    assert shown.response.content.startswith(said)
    assert shown.response.embeds == []


async def test_word_file_is_converted_and_shown(scene: Scene) -> None:
    shown = await upload(scene, "handbook.docx", docx("<w:p><w:r><w:t>Queues carry work.</w:t></w:r></w:p>"))
    assert "Queues carry work." in shown.response.embeds[0].description


async def test_upload_that_replaces_a_document_says_so(scene: Scene) -> None:
    first = await upload(scene)
    await scene.ada.click(first.response, label="Add")
    shown = await upload(scene, data=TOPIC.replace("Kafka", "NATS"))
    assert "**topics**" in fields(shown.response)["Takes the place of"]


async def test_long_text_is_read_page_by_page_and_comes_whole_as_a_file(scene: Scene) -> None:
    paragraphs = [f"Paragraph {number} tells of queues and of caches." for number in range(200)]
    shown = await upload(scene, "long.md", "# Long\n\n" + "\n\n".join(paragraphs))
    assert "page 1 of" in shown.response.embeds[0].footer.text
    first = shown.response.embeds[0].description
    await scene.ada.click(shown.response, label=labels(shown.response)[0])
    assert "page 2 of" in shown.response.embeds[0].footer.text
    assert shown.response.embeds[0].description != first
    given = await scene.ada.click(shown.response, label="As a file")
    [file] = given.response.attachments
    assert "Paragraph 199 tells" in (await file.read()).decode()


async def test_page_is_written_in_a_form(scene: Scene, application: Application) -> None:
    form = await scene.ada.slash(scene.channel, "knowledge add")
    sent = await scene.ada.submit_modal(
        form,
        {
            "title": "日本語: Topics/../x",
            "text": TOPIC,
            "link": "https://example.org/a",
            "author": "Ann",
            "date": "2026-03-01",
        },
    )
    assert sent.ephemeral
    assert sent.response.embeds[0].title == "Not added yet: 日本語: Topics/../x"
    await scene.ada.click(sent.response, label="Add")
    await publish(scene)
    [record] = [one for one in application.library.current().records() if one.id not in ("queues", "caches")]
    assert record.attributes["title"] == "日本語: Topics/../x"


async def test_headings_stand_out_in_what_is_shown(scene: Scene) -> None:
    shown = await upload(scene, data="# Guide\n\nAn opening line.\n\n## Part *one*\n\nQueues carry work.\n")
    assert "> **Part one**\n> \n> Queues" in shown.response.embeds[0].description


async def test_what_a_command_says_stands_in_the_form(scene: Scene) -> None:
    form = await scene.ada.slash(scene.channel, "knowledge add", title="T", author="Ann", link="https://a.b")
    assert "'Ann'" in str(form.modal)
    assert "'https://a.b'" in str(form.modal)


async def test_wrong_link_of_a_form_is_told_and_the_text_is_not_lost(scene: Scene) -> None:
    form = await scene.ada.slash(scene.channel, "knowledge add")
    sent = await scene.ada.submit_modal(form, {"title": "T", "text": TOPIC, "link": "javascript:x"})
    assert sent.response.content == "Not taken: A link has to begin with https\\:// or http\\://."
    [given] = sent.followups
    assert await given.attachments[0].read() == TOPIC.encode()


# --- looking -----------------------------------------------------------------------------------------------


async def test_sources_are_listed_opened_and_taken_along(scene: Scene) -> None:
    await publish(scene)
    shown = await scene.ada.slash(scene.channel, "knowledge sources")
    assert shown.ephemeral
    [embed] = shown.response.embeds
    assert embed.title == "2 documents"
    assert "**Caches**" in embed.description
    assert "1 passage · 11 words" in embed.description
    [option, _] = [
        option for row in shown.response.components for option in row["components"][0].get("options", ())
    ]
    opened = await scene.ada.select(shown.response, [option["value"]], custom_id=menu(shown.response))
    assert opened.response.embeds[0].title == "Caches"
    given = await scene.ada.click(opened.response, label="Download")
    [file] = given.response.attachments
    assert file.filename == "caches.txt"
    assert "A cache such as Redis" in (await file.read()).decode()


async def test_download_finds_a_document_by_title_and_by_id(scene: Scene) -> None:
    for named in ("queues", "QUEUES"):
        shown = await scene.ada.slash(scene.channel, "knowledge download", document=named)
        [file] = shown.response.attachments
        assert "RabbitMQ" in (await file.read()).decode()
    shown = await scene.ada.slash(scene.channel, "knowledge download", document="nothing @here")
    assert shown.response.content.startswith("I have no document “nothing \\@here”.")


# --- removing ----------------------------------------------------------------------------------------------


async def test_removed_document_answers_until_the_next_publish_and_comes_back(
    scene: Scene, application: Application, journal: Journal
) -> None:
    await publish(scene)
    offered = await scene.ada.autocomplete(scene.channel, "knowledge remove", "document", "que")
    assert [choice["value"] for choice in offered] == ["queues"]
    asked = await scene.ada.slash(scene.channel, "knowledge remove", document="queues")
    assert asked.response.embeds[0].title == "Remove Queues?"
    assert "1 passage" in asked.response.embeds[0].description
    await scene.ada.click(asked.response, label="Remove")
    assert asked.response.content.startswith("Removed: Queues. It stops answering at the next publish")
    assert ids(application) == {"queues", "caches"}
    report = await scene.ada.click(asked.response, label="Reindex now")
    await scene.ada.click(report.response, label=labels(report.response)[-2])
    assert ids(application) == {"caches"}
    offered = await scene.ada.autocomplete(scene.channel, "knowledge restore", "document", "")
    assert [choice["value"] for choice in offered] == ["queues"]
    back = await scene.ada.slash(scene.channel, "knowledge restore", document="queues")
    assert back.response.content.startswith("Back among my documents: Queues.")
    await publish(scene)
    assert ids(application) == {"queues", "caches"}
    deeds = [noted.deed for noted in journal.log()]
    assert deeds.count("removed") == deeds.count("restored") == 1


async def test_document_that_is_removed_and_answers_still_is_told_as_that(scene: Scene) -> None:
    await publish(scene)
    first = await scene.ada.slash(scene.channel, "knowledge remove", document="queues")
    second = await scene.bob.slash(scene.channel, "knowledge remove", document="queues")
    await scene.ada.click(first.response, label="Remove")
    listed = await scene.ada.slash(scene.channel, "knowledge sources")
    assert "it was removed, and answers until the next publish" in listed.response.embeds[0].description
    already = (
        "Queues is not among my documents any more: it was removed, and answers until the next publish. "
        "/knowledge restore lists what was removed."
    )
    await scene.bob.click(second.response, label="Remove")
    assert second.response.content == already
    again = await scene.bob.slash(scene.channel, "knowledge remove", document="queues")
    assert again.response.content == already
    assert labels(again.response) == ["Reindex now"]


async def test_document_that_comes_back_before_a_publish_answered_all_along(scene: Scene) -> None:
    await publish(scene)
    asked = await scene.ada.slash(scene.channel, "knowledge remove", document="queues")
    await scene.ada.click(asked.response, label="Remove")
    back = await scene.ada.slash(scene.channel, "knowledge restore", document="queues")
    assert back.response.content == (
        "Back among my documents: Queues. What answers now still has it, so nothing needs to be published."
    )
    assert labels(back.response) == []


async def test_document_that_never_answered_stops_nothing_by_going(scene: Scene) -> None:
    await publish(scene)
    shown = await upload(scene)
    await scene.ada.click(shown.response, label="Add")
    asked = await scene.ada.slash(scene.channel, "knowledge remove", document="topics")
    assert "It answers nothing yet, so nothing changes" in asked.response.embeds[0].description
    await scene.ada.click(asked.response, label="Remove")
    assert asked.response.content.startswith("Removed: Topics. It answered nothing yet.")
    assert labels(asked.response) == []


async def test_newer_text_of_a_document_waits_while_the_earlier_one_answers(scene: Scene) -> None:
    first = await upload(scene)
    await scene.ada.click(first.response, label="Add")
    await publish(scene)
    newer = await upload(scene, data=TOPIC.replace("Kafka", "NATS"))
    await scene.ada.click(newer.response, label="Add")
    listed = await scene.ada.slash(scene.channel, "knowledge sources")
    assert "its earlier text answers until the next publish" in listed.response.embeds[0].description


async def test_removal_can_be_left(scene: Scene, application: Application) -> None:
    asked = await scene.ada.slash(scene.channel, "knowledge remove", document="queues")
    await scene.ada.click(asked.response, label="Leave it")
    assert application.documents.removed() == []


async def test_what_was_not_removed_cannot_be_restored(scene: Scene) -> None:
    shown = await scene.ada.slash(scene.channel, "knowledge restore", document="queues")
    assert shown.response.content.startswith("No document “queues” was removed.")


async def test_document_that_is_removed_twice_is_told(scene: Scene) -> None:
    first = await scene.ada.slash(scene.channel, "knowledge remove", document="queues")
    second = await scene.bob.slash(scene.channel, "knowledge remove", document="queues")
    await scene.ada.click(first.response, label="Remove")
    await scene.bob.click(second.response, label="Remove")
    assert second.response.content.startswith("I have no document “")


async def test_removal_from_the_list_asks_first(scene: Scene, application: Application) -> None:
    shown = await scene.ada.slash(scene.channel, "knowledge sources")
    opened = await scene.ada.select(shown.response, [handle("caches")], custom_id=menu(shown.response))
    asked = await scene.ada.click(opened.response, label="Remove …")
    assert asked.response.embeds[0].title == "Remove Caches?"
    assert application.documents.removed() == []


async def test_disk_that_takes_nothing_is_told_and_nothing_is_changed(
    scene: Scene, application: Application
) -> None:
    folder = application.settings.data_dir / "uploads"
    folder.write_text("in the way")
    shown = await upload(scene)
    assert shown.response.content.startswith("Not taken: The data folder could not be changed")
    assert str(application.settings.data_dir) not in shown.response.content


# --- while things fail -------------------------------------------------------------------------------------


async def test_file_that_discord_does_not_hand_over_is_told(scene: Scene, cold_bot: CareerBot) -> None:
    async def refuses(client: discord.Client, file: discord.Attachment) -> bytes:
        raise NotFetched("status 404")

    cold_bot.get_cog("Adding").fetch = refuses
    assert (await upload(scene)).response.content == NOT_FETCHED


@pytest.mark.parametrize(("limit", "number", "said"), [(400, 3, PARTS), (60, 10, CUT)])
async def test_text_larger_than_a_file_may_be_comes_in_parts(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, limit: int, number: int, said: str
) -> None:
    lines = [f"Paragraph {at} tells of queues." for at in range(30)]
    shown = await upload(scene, "long.md", "# Long\n\n" + "\n\n".join(lines))
    whole = cut_into
    monkeypatch.setattr(module, "cut_into", lambda text, _, most: whole(text, limit, most))
    given = await scene.ada.click(shown.response, label="As a file")
    assert given.response.content.endswith(said.format(number=number))
    names = [file.filename for file in given.response.attachments]
    assert names == [f"long-{at}.txt" for at in range(1, number + 1)]


async def test_offers_that_take_too_long_or_fail_are_none(
    scene: Scene, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(snapshot: object) -> list[object]:
        raise NotKept("no")

    monkeypatch.setattr(application.documents, "sources", fails)
    assert await scene.ada.autocomplete(scene.channel, "knowledge remove", "document", "q") == []


# --- lint --------------------------------------------------------------------------------------------------


async def test_lint_tells_file_by_file_what_to_do(scene: Scene, tmp_path: Path) -> None:
    documents(tmp_path, {**BOTH, "bad.md": "# Bad\n\n## Empty\n\n## Also\n\nIt is cafÃ© time here.\n"})
    shown = await scene.ada.slash(scene.channel, "knowledge lint")
    assert shown.ephemeral
    [embed] = shown.response.embeds
    assert "in 3 documents" in embed.title
    assert "**documents/bad.md**" in embed.description
    options = [
        option for row in shown.response.components for option in row["components"][0].get("options", ())
    ]
    value = next(option["value"] for option in options if option["label"] == "documents/bad.md")
    opened = await scene.ada.select(shown.response, [value], custom_id=menu(shown.response))
    assert "line 7" in opened.response.embeds[0].description
    assert "-# → " in opened.response.embeds[0].description
    given = await scene.ada.click(shown.response, label="As a file")
    [file] = given.response.attachments
    assert "documents/bad.md:7: warning" in (await file.read()).decode()


async def test_lint_of_before_a_restart_is_looked_up_anew(
    scene: Scene, cold_bot: CareerBot, tmp_path: Path
) -> None:
    documents(tmp_path, {**BOTH, "bad.md": "# Bad\n\n## Empty\n\n## Also\n\nIt is cafÃ© time here.\n"})
    shown = await scene.ada.slash(scene.channel, "knowledge lint")
    cold_bot.get_cog("Complaints")._reports.clear()
    given = await scene.ada.click(shown.response, label="As a file")
    assert given.response.attachments
    cold_bot.get_cog("Complaints")._reports.clear()
    documents(tmp_path, {"queues.md": BOTH["queues.md"]})
    gone = [option for row in shown.response.components for option in row["components"][0].get("options", ())]
    opened = await scene.ada.select(shown.response, [gone[0]["value"]], custom_id=menu(shown.response))
    assert opened.response.content == CLEAN


# --- who ---------------------------------------------------------------------------------------------------


async def test_admin_who_is_none_any_more_adds_and_removes_nothing(
    scene: Scene, curation: Curation, application: Application
) -> None:
    shown = await upload(scene)
    asked = await scene.ada.slash(scene.channel, "knowledge remove", document="queues")
    form = await scene.ada.slash(scene.channel, "knowledge add")
    curation.admins.policy = Policy()
    pressed = [
        await scene.ada.click(shown.response, label="Add"),
        await scene.ada.click(asked.response, label="Remove"),
        await scene.ada.submit_modal(form, {"title": "T", "text": TOPIC}),
        await scene.ada.slash(scene.channel, "knowledge lint"),
    ]
    assert {one.response.content for one in pressed} == {Refusal.NOT_YOU}
    assert [held.id for held in application.documents.sources(None)] == ["caches", "queues"]
