"""The whole program behind the loopback Discord, with an embedder that needs no model and can be held up."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import pytest

from bot.service import Service, make_service
from bot.serving import serve
from bot.settings import Settings
from bot.threads import threads
from bot.wiring import Application
from index.embedding import Progress, Vectors
from tests.knowledge.documents import RoomyEmbedder
from tests.wire.discord_server import DiscordServer
from tests.wire.payloads import BOB
from tests.wire.running import TOKEN, Line, make_bot

PAUSE = 0.1
"""Seconds between two edits of a message that tells how far a work is."""


class HeldUp(RoomyEmbedder):
    """Embeds what says "slowly" only once the gate is open, sentence by sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.reached = threading.Event()

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Shape (len(texts), dimension)."""
        if any("slowly" in text for text in texts):
            self.reached.set()
            steps = cycle(range(1, len(texts) + 1))
            while not self.gate.wait(0.01):
                if progress:
                    progress(next(steps), len(texts))
        return super().embed(texts, progress)


@dataclass
class Curated:
    """A program with documents of its own, and what a test holds up."""

    application: Application
    documents: Path
    embedder: HeldUp = field(default_factory=HeldUp)

    @property
    def generation(self) -> int | None:
        """What answers now."""
        snapshot = self.application.library.current()
        return snapshot.manifest.generation if snapshot else None

    def add(self, name: str, text: str) -> None:
        """Write a document."""
        (self.documents / f"{name}.md").write_text(text, encoding="utf-8")

    def hold(self) -> None:
        """From now on, what is embedded slowly waits."""
        self.embedder.gate.clear()

    def go_on(self) -> None:
        """Let it go on."""
        self.embedder.gate.set()

    async def held(self) -> None:
        """Wait until something is held up."""
        assert await asyncio.to_thread(self.embedder.reached.wait, 20)

    def publish(self) -> int:
        """Publish the documents as they are, before anybody connects."""
        curator = self.application.curator
        proposal = curator.propose(who="a test")
        return curator.publish(proposal.key, who="a test", reason="a test").generation


def article(subject: str, what: str) -> str:
    """A document of two sections."""
    return (
        f"# {subject}\n\n## What {subject} is for\n\n{subject} is for {what}. Nobody waits for it.\n\n"
        f"## When {subject} is used\n\n{subject} is used on Monday before nine, in {what}.\n"
    )


@contextmanager
def curated(home: Path, monkeypatch: pytest.MonkeyPatch, **settings: object) -> Iterator[Curated]:
    """A program with two documents, none of them published yet; Bob is an admin besides the owner."""
    for name, known in Settings.model_fields.items():
        monkeypatch.delenv(str(known.validation_alias or f"ADVISOR_{name}".upper()), raising=False)
    monkeypatch.chdir(home)
    documents = home / "articles"
    documents.mkdir(exist_ok=True)
    embedder = HeldUp()
    monkeypatch.setattr(Application, "transformer", embedder)
    monkeypatch.setattr(Application, "languages", None)
    given = {
        "data_dir": home / "data",
        "sources": (documents,),
        "shipped_articles": False,
        "admins": (int(str(BOB["id"])),),
        "questions_per_minute": 1000,
        "channel_questions_per_minute": 100_000,
    }
    application = Application(Settings.model_validate(given | settings))
    made = Curated(application, documents, embedder)
    made.add("espresso", article("Espresso", "long nights"))
    made.add("standup", article("Standup", "short mornings"))
    try:
        yield made
    finally:
        made.go_on()
        application.journal.close()


@contextmanager
def _service(application: Application) -> Iterator[Service]:
    with threads() as pools:
        service = make_service(application, pools)
        assert service.curation is not None
        service.curation.jobs._pause = PAUSE
        yield service


@asynccontextmanager
async def connected(
    program: Curated, server: DiscordServer, *, grace: float = 10.0, times: int = 1
) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, from the moment it takes questions; `times` counts how often it did so on this server."""
    application = program.application
    data = application.settings.data_dir
    with _service(application) as made:
        task = asyncio.create_task(serve(lambda: make_bot(made, data, Line()), token=TOKEN, grace=grace))
        try:
            await server.saw_status("online", times, seconds=60)
            yield task
        finally:
            program.go_on()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await made.exchanges.records.close()
    assert (server.rest.violations, server.rest.unknown) == ([], [])
