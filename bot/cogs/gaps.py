"""What people asked in vain, in Discord: to be answered by a page, marked or dismissed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.aside import add, open_aside, open_in_place, refuse, update
from bot.cogs.knowledge import AdminCog, Curation, subcommand
from bot.controls import Action, Control
from bot.delivery import FAILURES, NO_MENTIONS
from bot.render.forms import page_form
from bot.render.gaps import (
    DISMISSED,
    MARKED,
    REOPENED,
    gap_buttons,
    gap_embed,
    gaps_buttons,
    gaps_embed,
    list_buttons,
    settled_text,
    template,
    what_text,
)
from bot.render.turning import page_of
from index.library import Manifest
from knowledge.entities import Question, Reply
from knowledge.gaps import Gap, UnknownGap
from knowledge.journal.entries import State

log = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE = 1.5
"""Seconds to look a gap up before a form opens, for which Discord gives three; later it opens empty."""

LEARNS_EVERY = 1.0
"""Minutes between two looks at what was asked in vain since."""

TOLD = 5
"""Gaps of which it is told one by one that they are closed."""
MORE = "{number:,} more are marked as answered, because pages that were written for them are published."

NOTHING_LEFT = "Nothing is left of that: who asked it had it deleted, or asked it too long ago."


class Gaps(AdminCog):
    """Lists gaps and has admins close them; of each only what may be seen ever reaches this class."""

    actions = frozenset(
        {Action.GAPS, Action.GAP, Action.DRAFT, Action.ANSWERED, Action.DISMISS, Action.REOPEN}
    )

    def __init__(
        self,
        *,
        group: app_commands.Group,
        curation: Curation,
        answer: Callable[[Question], Awaitable[Reply]],
    ) -> None:
        super().__init__(group=group, curation=curation)
        self._answer = answer

    async def cog_load(self) -> None:
        """Begin to look at what is asked in vain."""
        await super().cog_load()
        self.learn.start()

    async def cog_unload(self) -> None:
        """Look no more: this client is closed, the next one goes on."""
        self.learn.cancel()

    def subcommands(self) -> Iterable[app_commands.Command[Any, ..., None]]:
        """/knowledge gaps."""
        yield subcommand(self.gaps)

    async def gaps(self, interaction: discord.Interaction[Any]) -> None:
        """What people asked and nobody could answer, what most asked first."""
        await open_aside(interaction)
        said = await self._settled(interaction)
        await self._list(interaction, 0, said)

    async def pressed(self, interaction: discord.Interaction[Any], control: Control, chosen: str) -> None:
        """Open one, or close it."""
        match control.action:
            case Action.GAPS:
                await open_in_place(interaction)
                await self._list(interaction, page_of(control.extra))
            case Action.GAP:
                await self._open(interaction, chosen)
            case Action.DRAFT:
                await self._draft(interaction, control.key)
            case Action.ANSWERED:
                await self._mark(interaction, control.key, "answered", MARKED)
            case Action.DISMISS:
                await self._mark(interaction, control.key, "dismissed", DISMISSED)
            case Action.REOPEN:
                await self._mark(interaction, control.key, "open", REOPENED)

    @commands.Cog.listener()
    async def on_published(self, interaction: discord.Interaction[Any], manifest: Manifest) -> None:
        """Somebody published: pages that were written for gaps may answer now."""
        if said := await self._settled(interaction):
            await self._tell(interaction, said)

    @tasks.loop(minutes=LEARNS_EVERY)
    async def learn(self) -> None:
        """Look at what was asked since, so that nobody waits for that when they open the list."""
        try:
            await self._look_up(self.curation.curator.learn_gaps)
        except Exception as error:  # noqa: BLE001  # the next time is another chance
            log.warning("What was asked in vain could not be looked at: %s", type(error).__name__)

    @staticmethod
    async def _tell(interaction: discord.Interaction[Any], said: str) -> None:
        """Tell who published it, in a private message where the interaction is over by now."""
        try:
            await add(interaction, said)
        except FAILURES:
            try:
                await interaction.user.send(said, allowed_mentions=NO_MENTIONS)
            except FAILURES as error:
                log.warning("That gaps are answered could not be told: %s", type(error).__name__)

    async def _list(self, interaction: discord.Interaction[Any], page: int, said: str = "") -> None:
        curator = self.curation.curator
        gaps, left_out = await self._look_up(lambda: (curator.gaps(), curator.gaps_left_out()))
        await update(
            interaction,
            content=said or None,
            embeds=[gaps_embed(gaps, page, left_out)],
            view=gaps_buttons(gaps, page),
        )

    async def _open(self, interaction: discord.Interaction[Any], key: str) -> None:
        await open_aside(interaction)
        gap = await self._look_up(lambda: self.curation.curator.gap(key))
        if gap is None:
            await update(interaction, content=NOTHING_LEFT)
        else:
            await update(interaction, embeds=[gap_embed(gap)], view=gap_buttons(gap))

    async def _draft(self, interaction: discord.Interaction[Any], key: str) -> None:
        """A form with the question in it, as far as that is known in time; it comes back to `Adding`."""
        looking = asyncio.ensure_future(self._look_up(lambda: self.curation.curator.gap(key)))
        await asyncio.wait([looking], timeout=PATIENCE)
        gap = None
        if looking.done():
            gap = looking.result()
            if gap is None:
                await refuse(interaction, NOTHING_LEFT)
                return
        else:
            looking.add_done_callback(_unseen)
        await interaction.response.send_modal(page_form(key, text=template(gap)))

    async def _mark(self, interaction: discord.Interaction[Any], key: str, state: State, said: str) -> None:
        await open_in_place(interaction)
        who = str(interaction.user.id)
        try:
            gap = await self._look_up(lambda: self.curation.curator.mark(key, state, who=who))
        except UnknownGap:
            await update(interaction, content=NOTHING_LEFT)
            return
        await update(
            interaction,
            content=said.format(what=what_text(gap)),
            view=list_buttons(gap.key if state != "open" else ""),
        )

    async def _settled(self, interaction: discord.Interaction[Any]) -> str:
        """What became of gaps for which a page was written; asked again where the wording may be seen."""
        who = str(interaction.user.id)
        settled = await self._look_up(lambda: self.curation.curator.settle_drafts(who=who))
        said = [settled_text(gap, await self._answers(gap)) for gap in settled[:TOLD]]
        said += [MORE.format(number=len(settled) - TOLD)] if len(settled) > TOLD else []
        return "\n".join(said)

    async def _answers(self, gap: Gap) -> bool | None:
        """Whether it is answered now; None where nobody may see what to ask, or nobody can say."""
        if not gap.questions:
            return None
        try:
            reply = await self._answer(Question(gap.questions[0]))
        except Exception as error:  # noqa: BLE001  # it is marked already, which has to be told
            log.warning("Whether a gap is answered now is not known: %s", type(error).__name__)
            return None
        return not reply.abstained

    async def _look_up(self, work: Callable[[], T]) -> T:
        """Grouping by meaning takes a moment, and longer the first time."""
        return await self.curation.converting.run(work, limited=False)


def _unseen(done: "asyncio.Future[Gap | None]") -> None:
    """Nobody waits for it any more."""
    if not done.cancelled() and (error := done.exception()):
        log.warning("A gap could not be looked up: %s", type(error).__name__)
