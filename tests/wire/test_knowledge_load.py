"""A small collection is reindexed in the bot while people ask; the large one is measured, not tested."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.service import Service, make_service
from bot.serving import serve
from bot.settings import Settings
from bot.threads import threads
from bot.wiring import Application
from tests.knowledge.documents import RoomyEmbedder
from tests.measure.loaded_bot import Watched
from tests.measure.reindexing_load import (
    Crowd,
    Run,
    collection,
    first_state,
    mixed_questions,
    problems,
    reindexed,
)
from tests.measure.truth import answers
from tests.wire.discord_server import DiscordServer
from tests.wire.running import TOKEN, Line, make_bot

PASSAGES, PEOPLE = 200, 8


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    """The whole program with an embedder that needs no model."""
    for name, field in Settings.model_fields.items():
        monkeypatch.delenv(str(field.validation_alias or f"ADVISOR_{name}".upper()), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Application, "transformer", RoomyEmbedder())
    monkeypatch.setattr(Application, "languages", None)
    made = Application(
        Settings(
            data_dir=tmp_path / "data",
            shipped_articles=False,
            questions_per_minute=1000,
            channel_questions_per_minute=100_000,
        )
    )
    yield made
    made.journal.close()


@contextmanager
def service(application: Application) -> Iterator[Service]:
    with threads() as pools:
        yield make_service(application, pools)


@asynccontextmanager
async def serving(application: Application, server: DiscordServer) -> AsyncIterator[None]:
    data = application.settings.data_dir
    with service(application) as made:
        task = asyncio.create_task(serve(lambda: make_bot(made, data, Line()), token=TOKEN))
        try:
            await server.saw_status("online", seconds=60)
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await made.exchanges.records.close()


async def test_answers_are_of_one_published_generation_while_documents_come_change_and_go(
    application: Application, server: DiscordServer, tmp_path: Path
) -> None:
    place = await asyncio.to_thread(collection, tmp_path / "documents", PASSAGES)
    server.world.add_guild("Guild", "careers")
    watched = Watched(application)

    async def tell(do: str, **given: Any) -> Any:
        return await asyncio.to_thread(partial(watched.do, do, **given))

    run = Run([], [await first_state(tell, place)])
    crowd = Crowd(server, mixed_questions(application.settings.data_dir), PEOPLE)
    async with serving(application, server):
        await reindexed(tell, place, crowd, run, before=0.5)
    found, _ = answers(run.asked, application.journal.kept)
    assert problems(run, application.journal) == []
    assert all(one.acked is not None and one.seen.get("embeds") for one in run.asked)
    assert {one.reply.generation for one in found} == {edition.generation for edition in run.editions}
    assert (server.rest.violations, server.rest.unknown) == ([], [])
