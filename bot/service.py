"""What the client's cogs work with, made once; a client that has to be replaced leaves it as it is."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import discord
from discord.ext import commands

from bot.about import About, read_about
from bot.admins import Admins, Policy
from bot.checking import check_all
from bot.cogs.about import AboutMe
from bot.cogs.answers import Answers
from bot.cogs.ask import Ask
from bot.cogs.complaints import Complaints
from bot.cogs.digest import Digests
from bot.cogs.documents import Adding
from bot.cogs.gaps import Gaps
from bot.cogs.knowledge import Curation, knowledge_group
from bot.cogs.knowledge_proposals import Proposals
from bot.cogs.knowledge_versions import Knowledge
from bot.cogs.privacy import Privacy
from bot.cogs.skills import Skills
from bot.cogs.sources import Sources
from bot.conversations import Conversations
from bot.cooldowns import Cooldowns
from bot.desk import Desk
from bot.digesting import Digesting
from bot.exchange import Exchanges
from bot.jobs import Jobs
from bot.metrics import Metrics
from bot.offload import Offload
from bot.records import Records
from bot.threads import Threads
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
    curation: Curation | None = None
    _ended: list[bool] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        """Where questions are answered."""
        return self.exchanges.desk

    @property
    def home(self) -> int | None:
        """The server that alone has the commands for admins."""
        return self.curation.admins.policy.home if self.curation else None

    async def admits(self, interaction: discord.Interaction[Any], what: str) -> bool:
        """Whether somebody may do what is for admins alone."""
        return self.curation is not None and await self.curation.admins.admits(interaction, what)

    async def drain(self, seconds: float) -> None:
        """Take nothing new, and give what is under way so many seconds."""
        works = [self.exchanges.drain(seconds)]
        if self.curation:
            works.append(self.curation.jobs.drain(seconds))
        await asyncio.gather(*works)

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
        if self.curation:
            yield from self._for_admins(client, self.curation)

    def _for_admins(self, client: discord.Client, curation: Curation) -> Iterator[commands.Cog]:
        """Each adds its own commands to one group; the first one offers the group."""
        group = knowledge_group(curation.admins.policy)
        yield Knowledge(group=group, curation=curation, client=client)
        proposals = Proposals(group=group, curation=curation)
        yield proposals
        yield Adding(group=group, curation=curation, reindex=proposals.reindex)
        yield Sources(group=group, curation=curation)
        yield Complaints(group=group, curation=curation)
        yield Gaps(group=group, curation=curation, answer=self.desk.answer)
        yield Digests(group=group, curation=curation, client=client)


def _learn_generation(application: Application, metrics: Metrics) -> None:
    """Have at hand what is offered while somebody types, and count what answers now."""
    application.skills.current()
    if snapshot := application.library.current():
        manifest = snapshot.manifest
        metrics.generation(manifest.generation, datetime.fromisoformat(manifest.created))


def make_curation(application: Application, records: Records, threads: Threads) -> Curation:
    """What admins work with."""
    settings = application.settings
    curator = application.curator

    async def note(who: str, what: str) -> None:
        await threads.deciding.run(lambda: curator.refused(who=who, about=what))

    policy = Policy(frozenset(settings.admins), frozenset(settings.admin_roles), settings.home_guild)
    return Curation(
        curator=curator,
        admins=Admins(policy=policy, note=note),
        jobs=Jobs(offload=threads.working, records=records),
        reading=threads.reading,
        deciding=threads.deciding,
        library=application.library,
        about=lambda: read_about(application),
        check=lambda watch: check_all(application, watch),
        ratings=application.journal.ratings,
        told=application.told,
        fits=lambda number: application.reindexer.fits(application.library.at(number)),
        converting=threads.converting,
        upload_limit=settings.upload_limit,
        stale_days=settings.stale_days,
        digesting=_digesting(application, threads.converting),
    )


def _digesting(application: Application, offload: Offload) -> Digesting | None:
    """Posts the weekly digest, where there is a channel for it."""
    channel, days = application.settings.digest_channel, application.settings.stale_days
    if channel is None:
        return None
    curator = application.curator
    return Digesting(
        channel=channel,
        journal=application.journal,
        read=lambda period: curator.digest(period, stale_days=days),
        offload=offload,
    )


def make_service(application: Application, threads: Threads) -> Service:
    """The service of an application."""
    settings = application.settings
    metrics = Metrics()
    records = Records(
        journal=application.journal, offload=threads.writing, keep_declined=settings.keep_declined
    )
    return Service(
        exchanges=Exchanges(
            desk=Desk(
                advisor=application.advisor,
                offload=threads.answering,
                reading=threads.reading,
                metrics=metrics,
                learned=lambda: _learn_generation(application, metrics),
            ),
            records=records,
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
        curation=make_curation(application, records, threads),
    )
