"""From the documents as they are now to a generation that answers: reindex, look, publish or discard."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import discord
from cachetools import TTLCache
from discord import app_commands

from bot.aside import add, open_aside, open_in_place, update
from bot.cogs.knowledge import AdminCog, Curation, subcommand
from bot.controls import Action, Control
from bot.jobs import Told
from bot.render.forms import reason_form
from bot.render.knowledge import (
    change_embeds,
    decided_text,
    group_buttons,
    group_embed,
    pages_of,
    report_buttons,
    report_embed,
)
from index.library import Busy, LibraryError, Manifest
from knowledge.gate.changes import Group
from knowledge.proposals import Proposal, aloud, silent
from knowledge.publishing import NoProposal, NotDecidable, Objected, Outdated
from knowledge.watching import Cancelled, Watch

log = logging.getLogger(__name__)

GONE = (
    "I no longer have this: it was decided, or replaced by another; what was only tried is kept for half an "
    "hour. /knowledge status tells what waits."
)
PUBLISHED = "Published as generation {number} by {who}."
BY_ITSELF = "Small and safe, so it was published as generation {number} right away."
DISCARDED = "Discarded by {who}. Everything is answered as before."
OUTDATED = (
    "Not published: another generation answers now than this was compared with, or I was updated since. "
    "Please reindex again to see what would change."
)
OBJECTED = "Not published: something speaks against it. Please look at it again: /knowledge status."

TRIED = 8
TRIED_FOR = 1800.0
"""Dry runs whose questions can still be opened, and for how many seconds."""


class Proposals(AdminCog):
    """Builds what the documents say now, shows what would change, and has an admin decide."""

    actions = frozenset(
        {
            Action.PROPOSAL,
            Action.GROUP,
            Action.CHANGE,
            Action.PUBLISH,
            Action.OVERRIDE,
            Action.DISCARD,
        }
    )

    def __init__(self, *, group: app_commands.Group, curation: Curation) -> None:
        super().__init__(group=group, curation=curation)
        self._tried: TTLCache[str, Proposal] = TTLCache(TRIED, TRIED_FOR)

    def subcommands(self) -> Iterable[app_commands.Command[Any, ..., None]]:
        """/knowledge reindex."""
        yield subcommand(self.reindex)

    @app_commands.describe(dry_run="Only tell what would change, and keep nothing to publish")
    async def reindex(self, interaction: discord.Interaction[Any], dry_run: bool = False) -> None:
        """Read the documents again and see what would change before it answers."""
        await self.propose(interaction, lambda watch, who: self._propose(watch, who, keep=not dry_run))

    async def propose(
        self,
        interaction: discord.Interaction[Any],
        work: Callable[[Watch, str], tuple[Proposal, Manifest | None]],
        title: str = "The reindex",
    ) -> None:
        """Have something proposed by long work, and show it for a decision."""
        who = str(interaction.user.id)
        published: list[Manifest] = []

        def look(watch: Watch) -> tuple[Proposal, Manifest | None]:
            proposal, manifest = work(watch, who)
            published.extend([manifest] if manifest else [])
            return proposal, manifest

        await self.curation.jobs.run(interaction, title, look, self._show)
        for manifest in published:
            interaction.client.dispatch("published", interaction, manifest)

    async def pressed(self, interaction: discord.Interaction[Any], control: Control, chosen: str) -> None:
        """Look closer, or decide."""
        key = control.key
        match control.action:
            case Action.PROPOSAL:
                await self._open(interaction, key)
            case Action.GROUP:
                await self._open_group(interaction, key, chosen or control.extra, beside=bool(chosen))
            case Action.CHANGE:
                await self._open_change(interaction, key, control.extra, int(chosen))
            case Action.PUBLISH:
                await self._publish(interaction, key)
            case Action.OVERRIDE:
                await interaction.response.send_modal(reason_form(key))
            case Action.DISCARD:
                await self._discard(interaction, key)

    async def submitted(
        self, interaction: discord.Interaction[Any], control: Control, fields: Mapping[str, str]
    ) -> None:
        """A reason was given to publish all the same."""
        await self._publish(interaction, control.key, fields.get("reason", ""))

    def _propose(self, watch: Watch, who: str, *, keep: bool) -> tuple[Proposal, Manifest | None]:
        curator = self.curation.curator
        proposal = curator.propose(who=who, watch=watch, keep=keep)
        if not keep:
            # People may delete what they told before an admin opens it.
            self._tried[proposal.key] = silent(proposal)
        try:
            # Who pressed Cancel meanwhile does not want it published; it waits like any other.
            watch("asking", 0, 0)
            return proposal, curator.publish_if_safe(proposal, who=who)
        except (Cancelled, NotDecidable, LibraryError) as error:
            log.info("Not published right away: %s", error or type(error).__name__)
            return proposal, None

    @staticmethod
    def _show(proposed: tuple[Proposal, Manifest | None], private: bool) -> Told:
        proposal, published = proposed
        embed = report_embed(proposal, private=private)
        if published is None:
            return Told(embeds=(embed,), view=report_buttons(proposal))
        return Told(BY_ITSELF.format(number=published.generation), (embed.remove_footer(),))

    async def _find(self, key: str) -> Proposal | None:
        if tried := self._tried.get(key):
            return aloud(tried, await self.curation.reading.run(self.curation.told))
        proposal = await self.curation.reading.run(self.curation.curator.proposal)
        return proposal if proposal and proposal.key == key else None

    async def _open(self, interaction: discord.Interaction[Any], key: str) -> None:
        """The proposal once more, for this admin alone."""
        await open_aside(interaction)
        proposal = await self._find(key)
        if proposal is None:
            await update(interaction, content=GONE)
            return
        now = await self.curation.reading.run(self.curation.answering)
        overtaken = now if proposal.staged and now != proposal.base else None
        embed = report_embed(proposal, private=True, overtaken=overtaken)
        view = report_buttons(proposal, overtaken=overtaken is not None)
        await update(interaction, embeds=[embed], view=view)

    async def _open_group(
        self, interaction: discord.Interaction[Any], key: str, which: str, *, beside: bool
    ) -> None:
        await (open_aside(interaction) if beside else open_in_place(interaction))
        proposal = await self._find(key)
        if proposal is None:
            await update(interaction, content=GONE)
            return
        name, _, number = which.partition(".")
        group = Group[name]
        found = proposal.group(group)
        page = min(int(number or 0), pages_of(found) - 1)
        embed = group_embed(found, group, page)
        await update(interaction, embeds=[embed], view=group_buttons(key, found, group, page))

    async def _open_change(
        self, interaction: discord.Interaction[Any], key: str, name: str, number: int
    ) -> None:
        await open_aside(interaction)
        proposal = await self._find(key)
        found = proposal.group(Group[name]) if proposal else ()
        if number >= len(found):
            await update(interaction, content=GONE)
            return
        await update(interaction, embeds=change_embeds(found[number]))

    async def _publish(self, interaction: discord.Interaction[Any], key: str, reason: str = "") -> None:
        """Of two who press at once, one publishes and the other is told who did."""
        await open_in_place(interaction)
        curator, who = self.curation.curator, str(interaction.user.id)
        try:
            manifest = await self.curation.deciding.run(lambda: curator.publish(key, who=who, reason=reason))
        except NoProposal as error:
            await self._settle(interaction, decided_text(error.decided, str(error)))
        except Busy as error:
            await add(interaction, self.curation.occupied(error))
        except Outdated:
            await self._settle(interaction, OUTDATED)
        except Objected:
            await add(interaction, OBJECTED)
        else:
            said = PUBLISHED.format(number=manifest.generation, who=interaction.user.mention)
            await self._settle(interaction, said)
            interaction.client.dispatch("published", interaction, manifest)

    async def _discard(self, interaction: discord.Interaction[Any], key: str) -> None:
        await open_in_place(interaction)
        curator, who = self.curation.curator, str(interaction.user.id)
        try:
            await self.curation.deciding.run(lambda: curator.discard(key, who=who))
        except NoProposal as error:
            await self._settle(interaction, decided_text(error.decided, str(error)))
        except Busy as error:
            await add(interaction, self.curation.occupied(error))
        else:
            await self._settle(interaction, DISCARDED.format(who=interaction.user.mention))

    @staticmethod
    async def _settle(interaction: discord.Interaction[Any], sentence: str) -> None:
        """The report stays, with what became of it in place of its buttons."""
        shown = interaction.message.embeds if interaction.message else []
        await update(interaction, content=sentence, embeds=[embed.remove_footer() for embed in shown])
