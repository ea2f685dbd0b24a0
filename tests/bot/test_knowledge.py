"""Admins see what a reindex would change, decide, go back, and read who did what; nobody else can."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord import Env

import knowledge.publishing
from bot.admins import Policy, Refusal
from bot.client import CareerBot
from bot.cogs.knowledge import AdminCog, Curation
from bot.cogs.knowledge_proposals import GONE
from bot.controls import Action
from bot.exchange import WORK_INTERRUPTED, Exchanges
from bot.jobs import RESTARTED
from bot.render.knowledge import report_buttons, report_embed
from bot.service import Service
from bot.wiring import Application
from index.folder.library import FolderLibrary
from knowledge.gate.changes import Objection
from knowledge.journal.journal import Journal
from knowledge.proposals import Proposal
from knowledge.reindexing import ReindexReport
from tests.bot.curations import (
    BOTH,
    CACHES,
    QUEUES,
    Scene,
    curation_of,
    documents,
    make_application,
)
from tests.bot.curations import scene as set_scene
from tests.bot.test_jobs import Interaction, Work, started, until
from tests.knowledge.documents import current

CHANGED = {**BOTH, "queues.md": QUEUES.replace("RabbitMQ", "Kafka")}


@pytest.fixture
def application(tmp_path: Path, journal: Journal) -> Application:
    return make_application(tmp_path, journal, blocked_by="error")


@pytest.fixture
def library(application: Application) -> FolderLibrary:
    return application.library


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


async def published(scene: Scene) -> Any:
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    await scene.ada.click(shown.response, label="Publish")
    return shown


def fields(message: Any) -> dict[str, str]:
    return {field.name: field.value for embed in message.embeds for field in embed.fields}


def labels(message: Any) -> list[str]:
    return [
        item.get("label") or item["placeholder"] for row in message.components for item in row["components"]
    ]


def menu(message: Any) -> str:
    [found] = [item for row in message.components for item in row["components"] if "options" in item]
    return str(found["custom_id"])


# --- who ---------------------------------------------------------------------------------------------------


async def test_what_admins_press_is_taken_only_by_cogs_that_check(service: Service) -> None:
    bot = CareerBot(service=service, data=Path("data"), shard_count=1)
    cogs = [cog for cog in service.cogs(bot) if isinstance(cog, AdminCog)]
    covered = [action for cog in cogs for action in cog.actions]
    first = list(Action).index(Action.STOP)
    assert len(covered) == len(set(covered))
    assert set(covered) <= set(list(Action)[first:])
    assert {Action.STOP, Action.PUBLISH, Action.OVERRIDE, Action.DISCARD, Action.ROLLBACK} <= set(covered)


async def test_who_merely_manages_a_server_is_refused_everywhere(
    scene: Scene, env: Env, cold_bot: CareerBot, journal: Journal
) -> None:
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    refused = await scene.eve.slash(scene.channel, "knowledge status")
    assert refused.ephemeral
    assert refused.response.content == Refusal.NOT_YOU
    assert await scene.eve.autocomplete(scene.channel, "knowledge rollback", "generation", "") == []
    # Discord shows the buttons to Ada alone; these are Eve's presses all the same.
    proposal = cold_bot._service.curation.curator.proposal()
    posted = await cold_bot.get_channel(scene.channel.id).send("x", view=report_buttons(proposal))
    pressed = await scene.eve.click(posted, label="Publish")
    assert pressed.response.content == Refusal.NOT_YOU
    chosen = await scene.eve.select(posted, ["UNCHANGED"]) if "options" in str(posted.components) else None
    assert chosen is None or chosen.response.content == Refusal.NOT_YOU
    deeds = [(noted.who, noted.deed, noted.about) for noted in journal.log()]
    assert deeds[:3] == [
        (str(scene.eve.id), "refused", "knowledge: publish"),
        (str(scene.eve.id), "refused", "knowledge rollback"),
        (str(scene.eve.id), "refused", "knowledge status"),
    ]
    assert "Publish" in labels(shown.response)


async def test_admin_who_is_none_any_more_cannot_press_old_buttons(
    scene: Scene, curation: Curation, library: FolderLibrary
) -> None:
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    curation.admins.policy = Policy()
    pressed = await scene.ada.click(shown.response, label="Publish")
    assert pressed.response.content == Refusal.NOT_YOU
    assert library.current() is None


async def test_commands_are_told_to_the_home_server_alone_and_taken_back_from_the_former(
    scene: Scene, env: Env, service: Service, curation: Curation, tmp_path: Path
) -> None:
    other = env.create_guild()
    elsewhere = other.create_text_channel("careers")
    stranger = other.add_member(env.create_user("mallory"))

    async def restarted(home: int | None) -> None:
        curation.admins.policy = replace(curation.admins.policy, home=home)
        await env.restart_bot(CareerBot(service=service, data=tmp_path / "data", shard_count=1))
        await env.settle()

    def has(who: Any, where: Any) -> bool:
        return "knowledge status" in who.available_commands(where)

    assert has(scene.ada, scene.channel)
    await restarted(scene.guild.id)
    assert has(scene.ada, scene.channel)
    assert not has(stranger, elsewhere)
    assert (await scene.ada.slash(scene.channel, "knowledge status")).response.embeds
    await restarted(other.id)
    assert not has(scene.ada, scene.channel)
    assert has(stranger, elsewhere)
    refused = await stranger.slash(elsewhere, "knowledge status")
    assert refused.response.content == Refusal.NOT_YOU
    before = len(env.http_requests)
    await restarted(other.id)
    synced = [one for one in env.http_requests[before:] if one.path.endswith("/commands")]
    assert synced == []


async def test_home_server_that_the_bot_joins_later_is_offered_the_commands(
    scene: Scene, env: Env, service: Service, curation: Curation, tmp_path: Path
) -> None:
    curation.admins.policy = replace(curation.admins.policy, home=scene.guild.id)
    bot = CareerBot(service=service, data=tmp_path / "data", shard_count=1)
    await env.restart_bot(bot)
    await env.settle()

    async def told_by(server: int) -> int:
        before = len(env.http_requests)
        bot.dispatch("guild_join", discord.Object(server))
        await env.settle()
        return sum(one.path.endswith("/commands") for one in env.http_requests[before:])

    assert await told_by(7) == 0
    assert await told_by(scene.guild.id) == 1
    assert "knowledge status" in scene.ada.available_commands(scene.channel)


async def test_role_and_manager_of_the_home_server_may(scene: Scene, env: Env, curation: Curation) -> None:
    role = scene.guild.create_role("librarians")
    cyd = scene.guild.add_member(env.create_user("cyd"), roles=[role, *_staff(scene)])
    curation.admins.policy = Policy(roles=frozenset({role.id}))
    assert (await cyd.slash(scene.channel, "knowledge status")).response.embeds
    assert (await scene.eve.slash(scene.channel, "knowledge status")).response.content == Refusal.NOT_YOU
    curation.admins.policy = Policy(home=scene.guild.id)
    assert (await scene.eve.slash(scene.channel, "knowledge status")).response.embeds


def _staff(scene: Scene) -> list[Any]:
    return [role for name, role in scene.guild.roles.items() if name == "staff"]


# --- reindex, publish, discard -----------------------------------------------------------------------------


async def test_first_reindex_is_reported_to_the_admin_alone_and_published_by_a_press(
    scene: Scene, library: FolderLibrary, journal: Journal
) -> None:
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    assert shown.ephemeral
    [embed] = shown.response.embeds
    assert embed.title == "What would change"
    assert "2 added" in fields(shown.response)["Documents"]
    assert library.current() is None
    await scene.ada.click(shown.response, label="Publish")
    assert current(library).generation == 1
    assert shown.response.content == f"Published as generation 1 by {scene.ada.mention}."
    assert shown.response.components == []
    assert [noted.deed for noted in journal.log()] == ["published", "proposed"]


async def test_questions_of_a_group_are_opened_down_to_before_and_after(scene: Scene, tmp_path: Path) -> None:
    await published(scene)
    documents(tmp_path, CHANGED)
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    asked = fields(shown.response)["2 questions asked before and after"]
    assert "**1** as before" in asked
    assert "**1** answered with other quotes" in asked
    assert "What carries messages" in asked
    group = await scene.ada.select(shown.response, ["SOURCE_CHANGED"], custom_id=menu(shown.response))
    assert group.ephemeral
    assert group.response.embeds[0].title == "1 question answered with other quotes"
    change = await scene.ada.select(group.response, ["0"], custom_id=menu(group.response))
    head, before, after = change.response.embeds
    assert "What carries messages" in head.description
    assert before.author.name.startswith("Before · generation 1")
    assert "RabbitMQ" in before.description
    assert after.author.name.startswith("After")
    assert "Kafka" in after.description


async def test_proposal_is_decided_after_a_restart(
    scene: Scene, env: Env, service: Service, library: FolderLibrary, tmp_path: Path
) -> None:
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    await env.restart_bot(CareerBot(service=service, data=tmp_path / "data", shard_count=1))
    status = await scene.bob.slash(scene.channel, "knowledge status")
    opened = await scene.bob.click(status.response, label="Open what waits")
    assert opened.response.embeds[0].title == "What would change"
    await scene.ada.click(shown.response, label="Publish")
    assert current(library).generation == 1


async def test_of_two_who_decide_one_wins_and_the_other_is_told_who(
    scene: Scene, library: FolderLibrary
) -> None:
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    status = await scene.bob.slash(scene.channel, "knowledge status")
    opened = await scene.bob.click(status.response, label="Open what waits")
    await scene.ada.click(shown.response, label="Publish")
    await scene.bob.click(opened.response, label="Publish")
    assert [manifest.generation for manifest in library.generations()] == [1]
    assert shown.response.content == f"Published as generation 1 by {scene.ada.mention}."
    assert opened.response.content.startswith(
        f"This was published as generation 1 already, by {scene.ada.mention}"
    )
    assert opened.response.components == []


async def test_discarded_proposal_changes_nothing_and_is_gone(scene: Scene, library: FolderLibrary) -> None:
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    status = await scene.bob.slash(scene.channel, "knowledge status")
    await scene.ada.click(shown.response, label="Discard")
    assert shown.response.content.startswith("Discarded by")
    assert library.current() is None
    opened = await scene.bob.click(status.response, label="Open what waits")
    assert opened.response.content == GONE


async def test_what_is_objected_to_is_published_only_for_a_reason_that_is_logged(
    scene: Scene, library: FolderLibrary, journal: Journal, tmp_path: Path
) -> None:
    documents(tmp_path, {**BOTH, "empty.md": ""})
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    assert "empty.md" in fields(shown.response)["Objections"]
    assert labels(shown.response) == ["Publish all the same …", "Discard"]
    form = await scene.ada.click(shown.response, label="Publish all the same …")
    assert library.current() is None
    await scene.ada.submit_modal(form, {"reason": "The page follows."})
    assert current(library).generation == 1
    assert shown.response.content.startswith("Published as generation 1")
    overrode = next(noted for noted in journal.log() if noted.deed == "overrode")
    assert (overrode.who, overrode.reason) == (str(scene.ada.id), "The page follows.")


async def test_form_of_who_is_no_admin_any_more_publishes_nothing(
    scene: Scene, curation: Curation, library: FolderLibrary, tmp_path: Path
) -> None:
    documents(tmp_path, {**BOTH, "empty.md": ""})
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    form = await scene.ada.click(shown.response, label="Publish all the same …")
    curation.admins.policy = Policy()
    refused = await scene.ada.submit_modal(form, {"reason": "The page follows."})
    assert refused.response.content == Refusal.NOT_YOU
    assert library.current() is None


def test_what_cannot_be_overridden_shows_no_way_to_publish() -> None:
    report = ReindexReport(("a",), (), (), (), (), 1, 0.1, None, published=False)
    objection = Objection("removed-answers", "Removed, and still there: b.", overridable=False)
    proposal = Proposal("k", "1", "2026-11-01T00:00:00+00:00", None, report, objections=(objection,))
    assert [item.item.label for item in report_buttons(proposal).children] == ["Discard"]
    assert "⛔ Removed" in str(report_embed(proposal, private=True).to_dict())


async def test_proposal_that_another_generation_overtook_is_not_published(
    scene: Scene, library: FolderLibrary, curation: Curation, tmp_path: Path
) -> None:
    await published(scene)
    documents(tmp_path, CHANGED)
    second = await scene.ada.slash(scene.channel, "knowledge reindex")
    await scene.ada.click(second.response, label="Publish")
    documents(tmp_path, BOTH)
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    curation.curator.rollback(1, who="terminal")
    await scene.ada.click(shown.response, label="Publish")
    assert shown.response.content.startswith("Not published: another generation answers now")
    assert current(library).generation == 1


async def test_question_that_somebody_deletes_is_gone_from_what_was_tried(
    scene: Scene, journal: Journal, tmp_path: Path
) -> None:
    await published(scene)
    told = "What carries messages between services at Zebediah's?"
    journal.tell(person="1", question=told, reason="x", generation=1, passages=[], key="k")
    documents(tmp_path, CHANGED)
    shown = await scene.ada.slash(scene.channel, "knowledge reindex", dry_run=True)
    group = await scene.ada.select(shown.response, ["SOURCE_CHANGED"], custom_id=menu(shown.response))
    assert "Zebediah" in group.response.embeds[0].description
    journal.forget("1")
    group = await scene.ada.select(shown.response, ["SOURCE_CHANGED"], custom_id=menu(shown.response))
    assert "Zebediah" not in group.response.embeds[0].description
    assert "(deleted by who asked it)" in group.response.embeds[0].description


async def test_overtaken_proposal_says_so_and_can_only_be_discarded(
    scene: Scene, curation: Curation, tmp_path: Path
) -> None:
    await published(scene)
    documents(tmp_path, CHANGED)
    await published(scene)
    documents(tmp_path, BOTH)
    await scene.ada.slash(scene.channel, "knowledge reindex")
    status = await scene.ada.slash(scene.channel, "knowledge status")
    assert "Outdated" not in fields(status.response)["Waits for a decision"]
    curation.curator.rollback(1, who="terminal")
    status = await scene.ada.slash(scene.channel, "knowledge status")
    assert "Outdated" in fields(status.response)["Waits for a decision"]
    opened = await scene.ada.click(status.response, label="Open what waits")
    assert "Outdated: generation 1 answers now" in opened.response.embeds[0].footer.text
    assert "Publish" not in labels(opened.response)
    assert "Discard" in labels(opened.response)


async def test_decision_while_somebody_else_is_at_work_changes_nothing_and_says_so(
    scene: Scene, curation: Curation, library: FolderLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knowledge.publishing, "PATIENCE", 0.0)
    await published(scene)
    documents(tmp_path, CHANGED)
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    other = FolderLibrary(tmp_path / "data")
    with other.writing(str(scene.bob.id)):
        again = await scene.ada.slash(scene.channel, "knowledge reindex")
        changed = f"My knowledge base is being changed by <@{scene.bob.id}> since <t:"
        assert again.response.content.startswith(changed)
        for label in ("Publish", "Discard"):
            pressed = await scene.ada.click(shown.response, label=label)
            said = pressed.followups[0].content
            assert said.startswith("Nothing was changed. ")
            assert changed in said
            assert "Publish" in labels(shown.response)
    await scene.ada.click(shown.response, label="Publish")
    assert current(library).generation == 2


async def test_small_change_is_published_alone_but_not_once_it_was_cancelled(
    scene: Scene, curation: Curation, library: FolderLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await published(scene)
    monkeypatch.setattr(curation.curator, "_publish_alone", True)
    documents(tmp_path, {**BOTH, "trees.md": "# Trees\n\nOaks grow slowly.\n"})
    propose = curation.curator.propose

    def cancelled_late(**given: Any) -> Proposal:
        proposal = propose(**given)
        curation.jobs.running.stop(scene.bob.id)
        return proposal

    monkeypatch.setattr(curation.curator, "propose", cancelled_late)
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    assert "Publish" in labels(shown.response)
    assert current(library).generation == 1
    monkeypatch.setattr(curation.curator, "propose", propose)
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    assert shown.response.content == "Small and safe, so it was published as generation 2 right away."
    assert current(library).generation == 2
    log = await scene.ada.slash(scene.channel, "knowledge log")
    newest = log.response.embeds[0].description.split("\n")[0]
    assert newest.endswith(f"<@{scene.ada.id}> **published** generation 2 (small and safe, so by itself)")


async def test_dry_run_keeps_nothing_and_its_questions_can_be_opened(
    scene: Scene, curation: Curation, tmp_path: Path
) -> None:
    await published(scene)
    documents(tmp_path, CHANGED)
    shown = await scene.ada.slash(scene.channel, "knowledge reindex", dry_run=True)
    assert "tried only" in shown.response.embeds[0].title
    assert labels(shown.response) == ["Open the questions of a group"]
    assert curation.curator.proposal() is None
    group = await scene.ada.select(shown.response, ["SOURCE_CHANGED"], custom_id=menu(shown.response))
    assert group.response.embeds


async def test_reindex_of_the_same_documents_says_that_nothing_changed(scene: Scene) -> None:
    await published(scene)
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    assert shown.response.embeds[0].title == "Nothing changed"
    assert "Publish" not in labels(shown.response)


async def test_reindex_without_a_document_says_so(scene: Scene, tmp_path: Path) -> None:
    documents(tmp_path, {})
    shown = await scene.ada.slash(scene.channel, "knowledge reindex")
    assert shown.response.content == "I found no document to learn from, so nothing has changed."


async def test_question_somebody_told_is_no_example_where_others_read_along(
    scene: Scene, curation: Curation, journal: Journal, tmp_path: Path
) -> None:
    await published(scene)
    told = "What carries messages between services at Zebediah's?"
    journal.tell(person="1", question=told, reason="x", generation=1, passages=[], key="k")
    documents(tmp_path, CHANGED)
    proposal = curation.curator.propose(who="1")
    assert any(change.origin == "told" for change in proposal.changes)
    assert "Zebediah" not in str(report_embed(proposal, private=False).to_dict())


# --- long work ---------------------------------------------------------------------------------------------


async def test_work_under_way_is_seen_and_cancelled_by_another_admin(
    scene: Scene, curation: Curation
) -> None:
    work, interaction = Work(), Interaction()
    running = await started(curation.jobs, work, interaction)
    status = await scene.bob.slash(scene.channel, "knowledge status")
    assert "Embedding: 0 of 4" in fields(status.response)["Under way"]
    refused = await scene.bob.slash(scene.channel, "knowledge check")
    assert refused.response.content.startswith("One at a time: The reindex")
    await scene.bob.click(status.response, label="Cancel what runs")
    await work.goes(1)
    await running
    assert interaction.said[-1] == f"The reindex was cancelled by {scene.bob.mention}. Nothing was published."
    again = await scene.bob.click(status.response, label="Cancel what runs")
    assert again.response.content == "That is not running any more."


async def test_bot_that_is_told_to_stop_stops_the_work_too(
    scene: Scene, curation: Curation, cold_bot: CareerBot
) -> None:
    work, interaction = Work(), Interaction()
    running = await started(curation.jobs, work, interaction)
    stopping = asyncio.create_task(cold_bot.drain(5.0))
    await until(lambda: bool(curation.jobs.running and curation.jobs.running.is_stopping))
    await work.goes(1)
    await asyncio.gather(stopping, running)
    assert interaction.said[-1] == RESTARTED.format(title="The reindex")


async def test_work_that_a_killed_process_left_is_not_left_running(
    scene: Scene, env: Env, cold_bot: CareerBot, service: Service, journal: Journal, tmp_path: Path
) -> None:
    post = await cold_bot.get_channel(scene.channel.id).send("**The reindex**, embedding", embed=None)
    await service.exchanges.records.begin(post)
    service = replace(service, _ended=[])
    await env.restart_bot(CareerBot(service=service, data=tmp_path / "data", shard_count=1))
    await env.settle()
    assert scene.channel.last_message.id == post.id
    assert scene.channel.last_message.content == WORK_INTERRUPTED
    assert journal.unanswered_messages() == []


# --- generations -------------------------------------------------------------------------------------------


async def test_rollback_names_what_comes_back_and_is_confirmed(
    scene: Scene, library: FolderLibrary, journal: Journal, tmp_path: Path
) -> None:
    await published(scene)
    documents(tmp_path, {"caches.md": CACHES, "trees.md": "# Trees\n\nOaks grow slowly.\n"})
    await published(scene)
    offered = await scene.ada.autocomplete(scene.channel, "knowledge rollback", "generation", "")
    assert [choice["value"] for choice in offered] == [1]
    asked = await scene.ada.slash(scene.channel, "knowledge rollback", generation=1)
    [embed] = asked.response.embeds
    assert embed.title == "Go back to generation 1?"
    assert fields(asked.response)["Would come back: 1 document"] == "queues"
    assert fields(asked.response)["Would go: 1 document"] == "trees"
    since = fields(asked.response)["Done since"]
    assert "**published** generation 2" in since
    assert "generation 1" not in since
    assert "the next reindex reads those again" in embed.description
    assert current(library).generation == 2
    await scene.ada.click(asked.response, label="Go back to 1")
    assert current(library).generation == 1
    assert asked.response.content.startswith("Generation 1 answers again")
    assert journal.log()[0].deed == "rolled back"


async def test_rollback_that_was_overtaken_changes_nothing(
    scene: Scene, library: FolderLibrary, curation: Curation, tmp_path: Path
) -> None:
    await published(scene)
    documents(tmp_path, CHANGED)
    await published(scene)
    asked = await scene.ada.slash(scene.channel, "knowledge rollback", generation=1)
    curation.curator.rollback(1, who="terminal")
    await scene.ada.click(asked.response, label="Go back to 1")
    assert asked.response.content.startswith("Nothing was changed: meanwhile generation 1 answers.")


@pytest.mark.parametrize(("generation", "said"), [(1, "answers already"), (7, "is not kept. Kept are: 1.")])
async def test_rollback_to_what_cannot_be_is_told(scene: Scene, generation: int, said: str) -> None:
    await published(scene)
    asked = await scene.ada.slash(scene.channel, "knowledge rollback", generation=generation)
    assert said in asked.response.content


async def test_generation_of_another_model_is_not_offered_for_going_back(
    scene: Scene, application: Application, library: FolderLibrary, tmp_path: Path
) -> None:
    await published(scene)
    documents(tmp_path, CHANGED)
    application.transformer.fingerprint = "another model"
    await published(scene)
    asked = await scene.ada.slash(scene.channel, "knowledge rollback", generation=1)
    assert asked.response.content.startswith("Another model or version of me made that one")
    assert labels(asked.response) == []
    assert current(library).generation == 2


async def test_check_finds_files_that_were_altered_while_they_answer(
    scene: Scene, library: FolderLibrary, tmp_path: Path
) -> None:
    await published(scene)
    assert current(library).generation == 1
    with (tmp_path / "data" / "generations" / "000001" / "vectors.faiss").open("ab") as file:
        file.write(b"x")
    shown = await scene.ada.slash(scene.channel, "knowledge check")
    assert shown.response.embeds[0].title == "The index is not sound"
    assert shown.response.embeds[0].description.startswith("Files of generation 1 were altered or removed")


async def test_generations_are_listed_with_their_ratings(scene: Scene, journal: Journal) -> None:
    await published(scene)
    shown = await scene.ada.slash(scene.channel, "knowledge generations")
    said = shown.response.embeds[0].description
    assert said.startswith("→ **1**")
    assert f"published by <@{scene.ada.id}>; nobody asked or rated yet" in said


async def test_check_tells_how_it_went(scene: Scene) -> None:
    await published(scene)
    shown = await scene.ada.slash(scene.channel, "knowledge check")
    assert shown.ephemeral
    assert shown.response.embeds[0].title == "The index is sound"
    assert "none asked" in shown.response.embeds[0].description


async def test_log_is_read_page_by_page(scene: Scene, journal: Journal) -> None:
    for number in range(30):
        journal.note("added", who="terminal", generation=None, about=f"n{number}.")
    shown = await scene.ada.slash(scene.channel, "knowledge log")
    assert "n29." in shown.response.embeds[0].description
    await scene.ada.click(shown.response, label="Older")
    assert "n17." in shown.response.embeds[0].description
    assert "n29." not in shown.response.embeds[0].description
