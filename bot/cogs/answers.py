"""What can be done with an answer: the buttons and menus under it, however old it is."""

import logging
from typing import Any

import discord
from cachetools import TTLCache
from discord.ext import commands
from knowledge.context import read_context

from bot.aside import add, open_aside, open_in_place, refuse, say_error, seen_by_others, update
from bot.controls import Action, Control
from bot.delivery import ByInteraction
from bot.errors import explain
from bot.exchange import Asked, Exchanges
from bot.render.buttons import answer_buttons, context_buttons, shared_buttons, tell_button
from bot.render.notices import context_embed
from bot.render.pages import pages, quotes_of
from bot.render.text import line
from index.library import Library, UnknownGeneration
from knowledge.entities import NoAnswer, Reply

log = logging.getLogger(__name__)

GONE = "I no longer keep this answer. Please ask again."
GONE_GENERATION = (
    "The version of my documents that this answer quotes ({number}) is no longer kept. "
    "Please ask again to be answered from the present one."
)
FORGOTTEN = "I no longer remember what we said before, so I took this as a new question."
NOT_YOURS = "Only {person} can go on with this answer. With /ask you start your own."
SHARED = "I have shared this answer here already."
HELPED = "Thank you, noted. What you asked is not stored."
DID_NOT_HELP = (
    "Thank you, noted. What you asked is not stored. "
    "If the admins may see it, so that they can add what is missing:"
)
TOLD = "The admins can now read:\n> {question}\nIt is stored with your id. /privacy shows it and deletes it."
TOLD_BEFORE = "You told the admins this question already."
NOT_HELPFUL = "not helpful"
SHARED_FOR = 900.0


class Answers(commands.Cog):
    """Acts on presses; each is acknowledged first, and what it needs is found by its custom id."""

    def __init__(self, *, exchanges: Exchanges, library: Library) -> None:
        self._exchanges = exchanges
        self._library = library
        self._shared: TTLCache[tuple[str, str, int | None], bool] = TTLCache(5000, SHARED_FOR)

    @commands.Cog.listener()
    async def on_control(self, interaction: discord.Interaction[Any], control: Control, chosen: str) -> None:
        """A button was pressed or a menu used."""
        match control.action:
            case Action.PAGE:
                await self._turn(interaction, control)
            case Action.CONTEXT | Action.QUOTE:
                await self._show_context(interaction, control)
            case Action.FOLLOW_UP:
                await self._follow_up(interaction, control)
            case Action.SHARE:
                await self._share(interaction, control)
            case Action.HELPFUL | Action.UNHELPFUL:
                await self._rate(interaction, control)
            case Action.RELATED | Action.TOPIC:
                await self.ask(interaction, chosen or control.extra)
            case Action.TELL:
                await self._tell(interaction, control)

    async def ask(
        self, interaction: discord.Interaction[Any], text: str, *, follows: str | None = None
    ) -> None:
        """Answer a question of a button, a menu or a modal; `follows` is the key of the answer before it."""
        private = seen_by_others(interaction)
        person = interaction.user.id
        turns = self._exchanges.conversations.up_to(follows, person) if follows else ()
        asked = Asked(
            text,
            person,
            "follow_up" if follows else "related",
            private=private,
            history=turns or (),
            note=FORGOTTEN if turns is None else "",
        )
        delivery = ByInteraction(interaction, private=private, resent=self._exchanges.metrics.resent)
        await self._exchanges.run(asked, delivery)

    async def tell(self, interaction: discord.Interaction[Any], key: str, question: str) -> None:
        """Store a question for the admins, and show the person what was stored."""
        await open_aside(interaction)
        reply = await self._exchanges.records.find(key)
        if reply is None:
            await update(interaction, content=GONE)
            return
        person = interaction.user.id
        new = await self._exchanges.records.tell(person, question, reply, key, reason=_reason(reply))
        await update(interaction, content=TOLD.format(question=line(question, 1000)) if new else TOLD_BEFORE)

    async def _turn(self, interaction: discord.Interaction[Any], control: Control) -> None:
        """To another page: in place for who asked, as a copy of their own for anybody else."""
        number, asker = (int(part) for part in control.extra.split("."))
        own = interaction.user.id == asker
        if own:
            await open_in_place(interaction)
        else:
            await open_aside(interaction)
        reply = await self._exchanges.records.find(control.key)
        if reply is None:
            await (add(interaction, GONE) if own else update(interaction, content=GONE))
            return
        shown = pages(reply)
        page = shown[min(number, len(shown) - 1)]
        private = bool(interaction.message and interaction.message.flags.ephemeral)
        if own:
            view = answer_buttons(reply, page, key=control.key, asker=asker, private=private)
        else:
            view = shared_buttons(page, key=control.key, asker=interaction.user.id)
        await update(interaction, embeds=list(page.embeds), view=view)

    async def _show_context(self, interaction: discord.Interaction[Any], control: Control) -> None:
        """A quote with what stands around it; further quotes in the same message."""
        if control.action is Action.QUOTE:
            await open_in_place(interaction)
        else:
            await open_aside(interaction)
        reply = await self._exchanges.records.find(control.key)
        quotes = quotes_of(reply) if reply else []
        if reply is None or not quotes:
            await update(interaction, content=GONE)
            return
        number = min(int(control.extra), len(quotes) - 1)
        try:
            context = await self._exchanges.desk.read(
                lambda: read_context(self._library, quotes[number], reply.generation)
            )
        except UnknownGeneration:
            await update(interaction, content=GONE_GENERATION.format(number=reply.generation))
            return
        view = context_buttons(control.key, quote=number, of=len(quotes))
        await update(interaction, embeds=[context_embed(context, number, len(quotes))], view=view)

    async def _follow_up(self, interaction: discord.Interaction[Any], control: Control) -> None:
        if interaction.user.id != int(control.extra):
            await refuse(interaction, NOT_YOURS.format(person=f"<@{control.extra}>"))
            return
        await interaction.response.send_modal(FollowUp(self, control.key))

    async def _share(self, interaction: discord.Interaction[Any], control: Control) -> None:
        """Post the answer where everybody sees it, with the name of who shared it."""
        place = (control.key, control.extra, interaction.channel_id)
        refusal = SHARED if place in self._shared else None
        refusal = refusal or self._exchanges.cooldowns.refusal(
            person=interaction.user.id, channel=interaction.channel_id
        )
        if refusal:
            await refuse(interaction, refusal)
            return
        self._shared[place] = True
        delivery = ByInteraction(interaction, private=False, resent=self._exchanges.metrics.resent)
        await delivery.acknowledge()
        try:
            reply = await self._exchanges.records.find(control.key)
            if reply is None:
                await delivery.tell(GONE)
                return
            shown = pages(reply, titled=True)
            page = shown[min(int(control.extra), len(shown) - 1)]
            view = shared_buttons(page, key=control.key, asker=interaction.user.id)
            await delivery.show(page, view, note=f"Shared by {interaction.user.mention}")
        except Exception as error:
            self._shared.pop(place, None)
            await delivery.tell(explain(error))
            raise

    async def _rate(self, interaction: discord.Interaction[Any], control: Control) -> None:
        await open_aside(interaction)
        helpful = control.action is Action.HELPFUL
        records = self._exchanges.records
        if not await records.rate(interaction.user.id, control.key, helpful=helpful):
            await update(interaction, content=GONE)
            return
        self._exchanges.metrics.feedback(helpful=helpful)
        if helpful:
            await update(interaction, content=HELPED)
        else:
            await update(
                interaction, content=DID_NOT_HELP, view=tell_button(control.key, interaction.user.id)
            )

    async def _tell(self, interaction: discord.Interaction[Any], control: Control) -> None:
        """Store what was asked, as far as it is remembered; else let the person write it."""
        turns = self._exchanges.conversations.up_to(control.key, interaction.user.id)
        if turns:
            await self.tell(interaction, control.key, turns[-1].user)
        else:
            await interaction.response.send_modal(TellAdmins(self, control.key))


class FollowUp(discord.ui.Modal, title="Follow up"):
    """Takes a question that goes on with an answer."""

    question: discord.ui.TextInput["FollowUp"] = discord.ui.TextInput(
        label="Your question", placeholder="and which of these comes first?", min_length=3, max_length=300
    )

    def __init__(self, answers: Answers, key: str) -> None:
        super().__init__(timeout=900)
        self._answers = answers
        self._key = key

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Ask it."""
        await self._answers.ask(interaction, self.question.value, follows=self._key)

    async def on_error(  # type: ignore[override]  # a modal gets no item, as the library's own Modal
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        """Say so to the person alone."""
        await say_error(interaction, error)


class TellAdmins(discord.ui.Modal, title="Tell the admins"):
    """Takes a question for the admins that the bot no longer remembers."""

    question: discord.ui.TextInput["TellAdmins"] = discord.ui.TextInput(
        label="What did you want to know?",
        placeholder="It is stored with your id; /privacy deletes it.",
        min_length=3,
        max_length=1000,
        style=discord.TextStyle.paragraph,
    )

    def __init__(self, answers: Answers, key: str) -> None:
        super().__init__(timeout=900)
        self._answers = answers
        self._key = key

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Store it."""
        await self._answers.tell(interaction, self._key, self.question.value)

    async def on_error(  # type: ignore[override]  # a modal gets no item, as the library's own Modal
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        """Say so to the person alone."""
        await say_error(interaction, error)


def _reason(reply: Reply) -> str:
    """Why a question is told: what the refusal says, or that the answer did not help."""
    refusals = (part.refusal.value for part in reply.parts if isinstance(part, NoAnswer))
    return next(refusals, NOT_HELPFUL)
