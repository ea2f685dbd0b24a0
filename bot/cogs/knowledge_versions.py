"""What answers, what is kept and what was done: status, generations, rollback, check, log."""

from collections.abc import Iterable
from typing import Any

import discord
from cachetools import TTLCache
from discord import app_commands
from discord.ext import commands

from bot.aside import add, open_aside, open_in_place, refuse, update
from bot.cogs.knowledge import AdminCog, Curation, subcommand
from bot.controls import Action, Control
from bot.errors import SENTENCES
from bot.jobs import NOT_RUNNING, Told
from bot.offload import Overloaded, TooSlow
from bot.render.knowledge_versions import (
    OF_A_LOG,
    REFUSED,
    check_embed,
    generations_embed,
    log_buttons,
    log_embed,
    rollback_buttons,
    rollback_embed,
    status_buttons,
    status_embed,
)
from index.library import Busy, LibraryError, Manifest, UnknownGeneration
from knowledge.journal.entries import ByGeneration, Noted
from knowledge.publishing import Outdated, Unfit

STOPPING = "The work is told to stop; its message says when it did."
LEFT = "Nothing was changed."
BACK = "Generation {number} answers again, by {who}. Generation {before} is kept."
MEANWHILE = (
    "Nothing was changed: meanwhile generation {number} answers. Please look again: /knowledge rollback."
)
NOT_KEPT = "Generation {number} is not kept. Kept are: {kept}."
ANSWERS_NOW = "Generation {number} answers already."
NOTHING = "Nothing answers yet, so there is nothing to go back to."
RECENT = 200
OFFERED_FOR = 10.0
"""Seconds for which the kept generations are at hand: all their files are checked to know them."""


class Knowledge(AdminCog):
    """Offers the group, and shows what is; going back is its only deed."""

    actions = frozenset({Action.STOP, Action.ROLLBACK, Action.LEAVE, Action.LOG})

    def __init__(self, *, group: app_commands.Group, curation: Curation, client: discord.Client) -> None:
        super().__init__(group=group, curation=curation)
        self._client = client
        self._offered: TTLCache[int, tuple[list[Manifest], Manifest | None]] = TTLCache(1, OFFERED_FOR)

    async def cog_load(self) -> None:
        """Offer the group where it belongs, together with what other cogs add to it."""
        await super().cog_load()
        home = self.curation.admins.policy.home
        if isinstance(self._client, commands.Bot | commands.AutoShardedBot):
            self._client.tree.add_command(self.group, guild=discord.Object(home) if home else None)

    def subcommands(self) -> Iterable[app_commands.Command[Any, ..., None]]:
        """/knowledge status, generations, rollback, check and log."""
        yield subcommand(self.status)
        yield subcommand(self.generations)
        yield subcommand(self.check)
        yield subcommand(self.log)
        rollback = subcommand(self.rollback)
        rollback.autocomplete("generation")(self.offer)
        yield rollback

    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """What answers now, what waits for a decision, and what is under way."""
        await open_aside(interaction)
        about = await self.curation.reading.run(self.curation.about)
        waiting = await self.curation.reading.run(self.curation.curator.proposal)
        running = self.curation.jobs.running
        overtaken = waiting is not None and waiting.base != (about.generation if about else None)
        embed = status_embed(about, waiting, running, overtaken=overtaken)
        view = status_buttons(waiting, running)
        if self.curation.digesting is not None:
            standing = await self.curation.digesting.standing()
            embed.add_field(name="Weekly digest", value=str(standing), inline=False)
        await update(interaction, embeds=[embed], view=view)

    async def generations(self, interaction: discord.Interaction[Any]) -> None:
        """The kept generations, and how people rated the answers of each."""
        await open_aside(interaction)
        kept, current = await self.curation.reading.run(self._kept)
        ratings = await self.curation.reading.run(self._ratings)
        number = current.generation if current else None
        await update(interaction, embeds=[generations_embed(kept, number, ratings)])

    @app_commands.describe(generation="The one that shall answer again")
    async def rollback(self, interaction: discord.Interaction[Any], generation: int) -> None:
        """Answer from an earlier generation again, exactly as it did."""
        await open_aside(interaction)
        kept, current = await self.curation.reading.run(self._kept)
        target = next((manifest for manifest in kept if manifest.generation == generation), None)
        if current is None:
            await update(interaction, content=NOTHING)
        elif target is None:
            numbers = ", ".join(str(manifest.generation) for manifest in kept)
            await update(interaction, content=NOT_KEPT.format(number=generation, kept=numbers))
        elif target.generation == current.generation:
            await update(interaction, content=ANSWERS_NOW.format(number=generation))
        elif not await self.curation.reading.run(lambda: self.curation.fits(generation)):
            await update(interaction, content=SENTENCES[Unfit])
        else:
            between = await self.curation.reading.run(lambda: self._since(target))
            embed = rollback_embed(target, current, between)
            view = rollback_buttons(target.generation, current.generation)
            await update(interaction, embeds=[embed], view=view)

    async def offer(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[int]]:
        """The kept generations, but for the one that answers."""
        found = self._offered.get(0)
        if found is None:
            try:
                found = self._offered[0] = await self.curation.reading.run(self._kept)
            except (LibraryError, Overloaded, TooSlow):
                return []
        kept, current = found
        numbers = [one for one in kept if current is None or one.generation != current.generation]
        return [
            app_commands.Choice(name=_choice(one), value=one.generation)
            for one in numbers
            if typed.strip() in str(one.generation)
        ][:25]

    async def check(self, interaction: discord.Interaction[Any]) -> None:
        """Verify the index and ask the recorded questions, beside the figures of the last time."""
        await self.curation.jobs.run(
            interaction,
            "The check",
            self.curation.check,
            lambda checks, private: Told(embeds=(check_embed(checks),)),
        )

    @app_commands.describe(refused="Show instead who was not allowed to do something")
    async def log(self, interaction: discord.Interaction[Any], refused: bool = False) -> None:
        """Who published, rolled back, added or removed what, and when."""
        await open_aside(interaction)
        await self._show_log(interaction, None, refused=refused)

    async def pressed(self, interaction: discord.Interaction[Any], control: Control, chosen: str) -> None:
        """Stop what runs, go back or not, turn the log's pages."""
        match control.action:
            case Action.STOP:
                stopped = self.curation.jobs.cancel(control.key, interaction.user.id)
                await refuse(interaction, STOPPING if stopped else NOT_RUNNING)
            case Action.LEAVE:
                await open_in_place(interaction)
                await update(interaction, content=LEFT)
            case Action.ROLLBACK:
                await self._go_back(interaction, int(control.extra), int(control.key))
            case Action.LOG:
                await open_in_place(interaction)
                await self._show_log(interaction, int(control.extra), refused=control.key == REFUSED)

    async def _go_back(self, interaction: discord.Interaction[Any], target: int, seen: int) -> None:
        await open_in_place(interaction)
        who = str(interaction.user.id)
        try:
            manifest = await self.curation.deciding.run(
                lambda: self.curation.curator.rollback(target, who=who, seen=seen)
            )
        except UnknownGeneration:
            kept, _ = await self.curation.reading.run(self._kept)
            numbers = ", ".join(str(manifest.generation) for manifest in kept)
            await update(interaction, content=NOT_KEPT.format(number=target, kept=numbers))
            return
        except Busy as error:
            await add(interaction, self.curation.occupied(error))
            return
        except Unfit:
            await update(interaction, content=SENTENCES[Unfit])
            return
        except Outdated:
            now = await self.curation.reading.run(self.curation.answering)
            await update(interaction, content=MEANWHILE.format(number=now) if now else NOTHING)
            return
        said = BACK.format(number=manifest.generation, who=interaction.user.mention, before=seen)
        await update(interaction, content=said)

    def _kept(self) -> tuple[list[Manifest], Manifest | None]:
        snapshot = self.curation.library.current()
        return self.curation.library.generations(), snapshot.manifest if snapshot else None

    def _ratings(self) -> dict[int, ByGeneration]:
        return {found.generation: found for found in self.curation.ratings()}

    def _since(self, target: Manifest) -> list[Noted]:
        """What was done to the knowledge base since a generation was published, newest first."""
        found = [one for one in self.curation.curator.log(RECENT) if one.at > target.created]
        ended = (one.deed == "published" and one.generation == target.generation for one in found)
        since = found[: next((at for at, end in enumerate(ended) if end), len(found))]
        return [one for one in since if one.deed not in ("refused", "proposed")]

    async def _show_log(
        self, interaction: discord.Interaction[Any], before: int | None, *, refused: bool
    ) -> None:
        curator = self.curation.curator
        noted = await self.curation.reading.run(lambda: curator.log(OF_A_LOG, before, refused=refused))
        view = log_buttons(noted, refused=refused)
        await update(interaction, embeds=[log_embed(noted, refused=refused)], view=view)


def _choice(manifest: Manifest) -> str:
    documents = len(manifest.documents)
    made = manifest.created[:16].replace("T", " ")
    return f"{manifest.generation}: made {made} UTC, {documents} document{'' if documents == 1 else 's'}"
