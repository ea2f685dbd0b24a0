"""What the client's cogs work with, made once; a client that has to be replaced leaves it as it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import discord
from discord.ext import commands

from bot.about import About, read_about
from bot.cogs.about import AboutMe
from bot.cogs.answers import Answers
from bot.cogs.ask import Ask
from bot.cogs.privacy import Privacy
from bot.cogs.skills import Skills
from bot.conversations import Conversations
from bot.cooldowns import Cooldowns
from bot.desk import Desk
from bot.exchange import Exchanges
from bot.metrics import Metrics
from bot.offload import Offload
from bot.records import Records
from bot.wiring import Application
from index.library import Library
from knowledge.skills.comparing import Search
from knowledge.skills.lookup import Lookup


@dataclass(frozen=True, kw_only=True)
class Service:
    """The collaborators of one running bot; `private`: whether /ask shows answers to who asks alone."""

    exchanges: Exchanges
    library: Library
    about: Callable[[], About | None]
    skills: Lookup
    search: Search
    private: bool = True
    _ended: list[bool] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        """Where questions are answered."""
        return self.exchanges.desk

    async def end_what_was_left(self, client: discord.Client, *, age: float) -> None:
        """Once: what this process answers itself is not left behind, though the client was replaced."""
        if not self._ended:
            await self.exchanges.end_what_was_left(client, age=age)
            self._ended.append(True)

    def cogs(self, client: discord.Client) -> Iterator[commands.Cog]:
        """One for each subject."""
        exchanges = self.exchanges
        yield Ask(client=client, exchanges=exchanges, private=self.private)
        yield Answers(exchanges=exchanges, library=self.library)
        yield Skills(exchanges=exchanges, lookup=self.skills, search=self.search, private=self.private)
        yield AboutMe(desk=exchanges.desk, about=self.about)
        yield Privacy(records=exchanges.records, conversations=exchanges.conversations)


def _learn_generation(application: Application, metrics: Metrics) -> None:
    """Have at hand what is offered while somebody types, and count what answers now."""
    application.skills.current()
    if snapshot := application.library.current():
        manifest = snapshot.manifest
        metrics.generation(manifest.generation, datetime.fromisoformat(manifest.created))


def make_service(
    application: Application, *, answering: Offload, reading: Offload, writing: Offload
) -> Service:
    """The service of an application; `answering` computes, `reading` looks things up, `writing` stores."""
    settings = application.settings
    metrics = Metrics()
    return Service(
        exchanges=Exchanges(
            desk=Desk(
                advisor=application.advisor,
                offload=answering,
                reading=reading,
                metrics=metrics,
                learned=lambda: _learn_generation(application, metrics),
            ),
            records=Records(
                journal=application.journal, offload=writing, keep_declined=settings.keep_declined
            ),
            conversations=Conversations(),
            cooldowns=Cooldowns(
                per_person=settings.questions_per_minute, per_channel=settings.channel_questions_per_minute
            ),
            metrics=metrics,
        ),
        library=application.library,
        about=lambda: read_about(application),
        skills=application.skills,
        search=application.advisor.search,
        private=settings.private,
    )
