"""Looking skills up: /skill, /skills, /compare, and the menus that lead from one skill to another."""

from collections.abc import Callable
from typing import Any, get_args

import discord
from discord import app_commands
from discord.ext import commands

from bot.aside import may_post, open_aside, open_in_place, place_in, seen_by_others, update
from bot.controls import Action, Control
from bot.delivery import ByInteraction
from bot.exchange import Asked, Exchanges
from bot.render.buttons import kind_buttons, kind_menu, skill_menu
from bot.render.skills import OF_A_PAGE, kind_embed, kinds_embed
from knowledge.entities import Reply
from knowledge.skills.comparing import Search, across_documents, compare, two_of
from knowledge.skills.entries import Kind
from knowledge.skills.kinds import PLURALS
from knowledge.skills.lookup import Lookup, OfKind
from knowledge.skills.replies import card_reply, comparison_reply, topic_reply

KINDS: tuple[Kind, ...] = get_args(Kind)
Name = app_commands.Range[str, 1, 100]


class Skills(commands.Cog):
    """Shows who names which skill, always in the documents' words."""

    def __init__(self, *, exchanges: Exchanges, lookup: Lookup, search: Search, private: bool = True) -> None:
        self._exchanges = exchanges
        self._lookup = lookup
        self._search = search
        self._private = private

    @app_commands.command()
    @app_commands.describe(name="For example: postgres", private="Whether only you see it")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def skill(
        self, interaction: discord.Interaction[Any], name: Name, private: bool | None = None
    ) -> None:
        """What a skill is, which documents name it and in which words."""
        await self._show(interaction, name, lambda: card_reply(self._lookup.card(name)), private=private)

    @app_commands.command()
    @app_commands.describe(
        first="A skill, or a topic across the documents",
        second="Another skill; without it: what each document says of the first",
        private="Whether only you see it",
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def compare(
        self,
        interaction: discord.Interaction[Any],
        first: Name,
        second: Name | None = None,
        private: bool | None = None,
    ) -> None:
        """Two skills, or one topic across the documents, side by side: evidence only, no verdict."""
        text = f"{first} and {second}" if second else first
        await self._show(interaction, text, lambda: self._compared(first, second), private=private)

    @app_commands.command()
    @app_commands.describe(kind="Of which kind; without it: how many there are of each")
    @app_commands.choices(kind=[app_commands.Choice(name=PLURALS[kind], value=kind) for kind in KINDS])
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def skills(
        self, interaction: discord.Interaction[Any], kind: app_commands.Choice[str] | None = None
    ) -> None:
        """The skills the documents name, by kind."""
        await open_aside(interaction)
        if kind is None:
            kinds = await self._exchanges.desk.read(self._lookup.kinds)
            names = [found.kind for found in kinds]
            view = kind_menu(names, [PLURALS[name] for name in names]) if names else None
            await update(interaction, embeds=[kinds_embed(kinds)], view=view)
        else:
            await self._browse(interaction, kind.value, 0)

    @skill.autocomplete("name")
    @compare.autocomplete("first")
    @compare.autocomplete("second")
    async def offer(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Skills the documents name, from memory; anything else can be sent all the same."""
        return [
            app_commands.Choice(name=offer.label, value=offer.name)
            for offer in self._lookup.offers_at_hand(typed)
        ]

    @commands.Cog.listener()
    async def on_control(self, interaction: discord.Interaction[Any], control: Control, chosen: str) -> None:
        """From one skill to another, or to another page of a kind."""
        if control.action is Action.SKILL:
            name = chosen or control.extra
            await self._show(interaction, name, lambda: card_reply(self._lookup.card(name)), private=True)
        elif control.action is Action.KIND:
            # A kind chosen from all of them is shown beside the overview.
            await (open_aside(interaction) if chosen else open_in_place(interaction))
            await self._browse(interaction, control.key or chosen, int(control.extra))

    def _compared(self, first: str, second: str | None) -> Reply:
        known = self._lookup.current()
        pair = two_of(first, known) if known and second is None else None
        if pair:
            first, second = pair
        if second is None:
            return topic_reply(across_documents(self._lookup, first, self._search))
        return comparison_reply(compare(self._lookup, first, second))

    async def _show(
        self,
        interaction: discord.Interaction[Any],
        text: str,
        find: Callable[[], Reply],
        *,
        private: bool | None,
    ) -> None:
        others = seen_by_others(interaction)
        alone = others and (self._private if private is None else private)
        alone = alone or not may_post(interaction)
        person = interaction.user.id
        asked = Asked(
            text,
            person,
            "skill",
            private=alone,
            channel=interaction.channel_id if others and not alone else None,
            place=place_in(interaction.channel, person, private=alone),
        )
        delivery = ByInteraction(interaction, private=alone, resent=self._exchanges.metrics.resent)
        await self._exchanges.run(asked, delivery, lambda: self._exchanges.desk.read(find))

    async def _browse(self, interaction: discord.Interaction[Any], kind: str, page: int) -> None:
        found = await self._exchanges.desk.read(lambda: self._lookup.kind(kind))
        found = found or OfKind(next(known for known in KINDS if known == kind), ())
        of = max(1, -(-len(found.skills) // OF_A_PAGE))
        page = min(page, of - 1)
        shown = found.skills[page * OF_A_PAGE : (page + 1) * OF_A_PAGE]
        view = kind_buttons(kind, page=page, of=of)
        if shown:
            view.add_item(skill_menu([counted.skill.name for counted in shown], "Look one up", row=0))
        await update(interaction, embeds=[kind_embed(found, page, of)], view=view)
