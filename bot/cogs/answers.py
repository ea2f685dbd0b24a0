"""What can be done with an answer: the buttons and menus under it, however old it is."""

import logging
from collections.abc import Mapping
from typing import Any

import discord
from cachetools import TTLCache
from discord.ext import commands

from bot.aside import add, may_post, open_aside, open_in_place, place_in, refuse, seen_by_others, update
from bot.controls import OUTDATED, Action, Control
from bot.delivery import ByInteraction
from bot.exchange import Asked, Exchanges
from bot.metrics import Outcome
from bot.render.buttons import answer_buttons, context_buttons, shared_buttons, tell_button
from bot.render.forms import follow_up_form, tell_form
from bot.render.notices import context_embed
from bot.render.pages import pages, quotes_of
from bot.render.text import line
from index.library import Library, UnknownGeneration
from knowledge.context import read_context
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
HELPED = "Thank you, noted. What you asked is not stored with it."
DID_NOT_HELP = (
    "Thank you, noted. What you asked is not stored with it. "
    "You can let the admins see it, so that they can add what is missing:"
)
NOT_HERE = "You can't write in this channel, so I don't for you either."
TOLD = (
    "Noted for the admins:\n> {question}\n"
    "It is stored with your id; /privacy show tells, /privacy delete removes it."
)
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
            case Action.PAGE | Action.LEAF:
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

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A modal was sent back, perhaps to another process than showed it."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: dict[str, Any] = dict(interaction.data or {})
        control = Control.parse(data["custom_id"])
        if control is None:
            await refuse(interaction, OUTDATED)
            return
        if control.action is Action.FOLLOW_UP:
            await self.ask(interaction, _typed(data), follows=control.key)
        elif control.action is Action.TELL:
            await self.tell(interaction, control.key, _typed(data))

    async def ask(
        self, interaction: discord.Interaction[Any], text: str, *, follows: str | None = None
    ) -> None:
        """Answer a question of a button, a menu or a modal; `follows` is the key of the answer before it."""
        private = seen_by_others(interaction)
        person = interaction.user.id
        conversations = self._exchanges.conversations
        place = place_in(interaction.channel, person, private=private)
        turns = conversations.up_to(follows, person) if follows else ()
        asked = Asked(
            text,
            person,
            "follow_up" if follows else "related",
            private=private,
            place=place,
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
        own, leaf = interaction.user.id == asker, control.action is Action.LEAF
        if own:
            await open_in_place(interaction)
        else:
            await open_aside(interaction)
        reply = await self._exchanges.records.find(control.key)
        if reply is None:
            await (add(interaction, GONE) if own else update(interaction, content=GONE))
            return
        shown = pages(reply, titled=leaf)
        page = shown[min(number, len(shown) - 1)]
        said = interaction.message.content if own and interaction.message else ""
        if own and not leaf:
            private = bool(interaction.message and interaction.message.flags.ephemeral)
            view = answer_buttons(reply, page, key=control.key, asker=asker, private=private)
        else:
            view = shared_buttons(reply, page, key=control.key, asker=interaction.user.id)
        await update(interaction, content=said or None, embeds=list(page.embeds), view=view)

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
        await interaction.response.send_modal(follow_up_form(control.key))

    async def _share(self, interaction: discord.Interaction[Any], control: Control) -> None:
        """Post the answer where everybody sees it, with the name of who shared it."""
        place = (control.key, control.extra, interaction.channel_id)
        if not may_post(interaction):
            await refuse(interaction, NOT_HERE)
            return
        if place in self._shared:
            await refuse(interaction, SHARED)
            return
        person, channel = interaction.user.id, interaction.channel_id
        if too_many := self._exchanges.cooldowns.refusal(person=person, channel=channel):
            await refuse(interaction, too_many.sentence)
            return
        self._shared[place] = True
        delivery = ByInteraction(interaction, private=False, resent=self._exchanges.metrics.resent)
        outcome = await self._exchanges.carry(delivery, lambda: self._post(interaction, control, delivery))
        if outcome != "answered":
            self._shared.pop(place, None)

    async def _post(
        self, interaction: discord.Interaction[Any], control: Control, delivery: ByInteraction
    ) -> Outcome:
        await delivery.acknowledge()
        reply = await self._exchanges.records.find(control.key)
        if reply is None:
            await delivery.tell(GONE)
            return "failed"
        shown = pages(reply, titled=True)
        page = shown[min(int(control.extra), len(shown) - 1)]
        view = shared_buttons(reply, page, key=control.key, asker=interaction.user.id)
        await delivery.show(page, view, f"Shared by {interaction.user.mention}")
        return "answered"

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
        question = self._exchanges.conversations.question(control.key, interaction.user.id)
        if question:
            await self.tell(interaction, control.key, question)
        else:
            await interaction.response.send_modal(tell_form(control.key))


def _reason(reply: Reply) -> str:
    """Why a question is told: what the refusal says, or that the answer did not help."""
    refusals = (part.refusal.value for part in reply.parts if isinstance(part, NoAnswer))
    return next(refusals, NOT_HELPFUL)


def _typed(data: Mapping[str, Any]) -> str:
    """What somebody wrote into the only field of a modal."""
    fields = (field for row in data["components"] for field in row.get("components", [row.get("component")]))
    return str(next(field["value"] for field in fields))
