"""Asking: the /ask command, "Answer this" on a message, a mention in a channel, a direct message."""

import re
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.aside import may_post, place_in, refuse, seen_by_others
from bot.conversations import Place
from bot.delivery import ByInteraction, ByMessage
from bot.exchange import Asked, Exchanges
from bot.metrics import Entry
from bot.render.notices import SHORT_HELP
from bot.render.text import size
from knowledge.entities import Turn

LEAST = 3
OFFERED = 100
"""Characters of a question, and those of one that can be offered."""
NO_TEXT = "I found no text in that message; I can only answer what is written."

_REFERENCE = re.compile(r"<(?:@[!&]?|#|a?:\w+:|/[^:>]+:)\d+>")
_SPOKEN = (discord.MessageType.default, discord.MessageType.reply)


def question_in(content: str) -> str:
    """What a message asks, without mentions, channel links, command links and custom emoji."""
    return " ".join(_REFERENCE.sub(" ", content).split())


class Ask(commands.Cog):
    """Takes a question from Discord, whichever way it comes, and has it answered."""

    def __init__(self, *, client: discord.Client, exchanges: Exchanges, private: bool = True) -> None:
        self._client = client
        self._exchanges = exchanges
        self._private = private
        self._answer_this = app_commands.ContextMenu(
            name="Answer this",
            callback=self.answer_this,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
        )

    async def cog_load(self) -> None:
        """Offer the command of the message menu, which belongs to no class by itself."""
        if isinstance(self._client, commands.Bot | commands.AutoShardedBot):
            self._client.tree.add_command(self._answer_this)

    @app_commands.command()
    @app_commands.describe(
        question="For example: which skills does a backend engineer need?",
        private="Whether only you see the answer",
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 3, 300],
        private: bool | None = None,
    ) -> None:
        """Ask about backend engineering careers; the answer quotes its sources."""
        await self._answer(interaction, question, "slash", private=private)

    @ask.autocomplete("question")
    async def offer(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Questions that have answers, from memory; what was typed can be sent all the same."""
        offered = self._exchanges.desk.offer(typed)
        # First what was typed: who just presses Enter means that.
        own = " ".join(typed.split())
        if len(own) >= LEAST and size(own) <= OFFERED:
            offered = list(dict.fromkeys([own, *offered]))[:25]
        return [app_commands.Choice(name=question, value=question) for question in offered]

    async def answer_this(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Answer what somebody wrote, to the person who wants to know."""
        text = question_in(message.content)
        if text:
            await self._answer(interaction, text, "message_command", private=None)
        else:
            await refuse(interaction, NO_TEXT)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer people who mention the bot or write to it privately."""
        if not self._is_for_us(message):
            return
        text = question_in(message.content)
        delivery = ByMessage(message, resent=self._exchanges.metrics.resent)
        channel = message.channel.id if message.guild else None
        if not text:
            too_many = self._exchanges.cooldowns.refusal(person=message.author.id, channel=channel)
            await delivery.refuse(SHORT_HELP, again=bool(too_many))
            return
        place = place_in(message.channel, message.author.id, private=False)
        asked = Asked(
            text,
            message.author.id,
            "mention" if message.guild else "private",
            private=False,
            channel=channel,
            place=place,
            history=self._history(message, place),
        )
        await self._exchanges.run(asked, delivery)

    async def _answer(
        self, interaction: discord.Interaction[Any], text: str, entry: Entry, *, private: bool | None
    ) -> None:
        alone = seen_by_others(interaction) and (self._private if private is None else private)
        # Who may not write in a channel gets the answer all the same, but does not bring it there.
        alone = alone or not may_post(interaction)
        place = place_in(interaction.channel, interaction.user.id, private=alone)
        public = seen_by_others(interaction) and not alone
        asked = Asked(
            text,
            interaction.user.id,
            entry,
            private=alone,
            channel=interaction.channel_id if public else None,
            place=place,
            history=self._exchanges.conversations.at(place) if place and entry == "slash" else (),
        )
        delivery = ByInteraction(interaction, private=alone, resent=self._exchanges.metrics.resent)
        await self._exchanges.run(asked, delivery)

    def _history(self, message: discord.Message, place: Place | None) -> tuple[Turn, ...]:
        """What the message goes on with: the answer it replies to, else what was said here last."""
        conversations = self._exchanges.conversations
        replied = message.reference.message_id if message.reference else None
        if replied and (turns := conversations.in_reply_to(replied, message.author.id)):
            return turns
        return conversations.at(place) if place else ()

    def _is_for_us(self, message: discord.Message) -> bool:
        if message.author.bot or message.type not in _SPOKEN:
            return False
        return message.guild is None or self._client.user in message.mentions
