"""Asking: the /ask command, a mention in a channel, a direct message."""

import contextlib
import re

import discord
from discord import app_commands
from discord.ext import commands

from bot.desk import Desk
from bot.render import as_embeds
from knowledge.entities import Question

HELP = (
    "Hello, I answer questions about backend engineering careers in the words of my sources. "
    "Write your question after my name, for example: what does a backend engineer do all day? "
    "With /ask only you see the answer."
)

_REFERENCE = re.compile(r"<(?:@[!&]?|#|a?:\w+:)\d+>")
_SPOKEN = (discord.MessageType.default, discord.MessageType.reply)


def question_in(content: str) -> str:
    """What a message asks, without mentions, channel links and custom emoji."""
    return " ".join(_REFERENCE.sub(" ", content).split())


class Ask(commands.Cog):
    """Takes a question from Discord to the desk, and the reply back."""

    def __init__(self, *, client: discord.Client, desk: Desk) -> None:
        self._client = client
        self._desk = desk

    @app_commands.command()
    @app_commands.describe(question="For example: which skills does a backend engineer need?")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def ask(self, interaction: discord.Interaction, question: app_commands.Range[str, 3, 300]) -> None:
        """Ask about backend engineering careers; the answer quotes its sources."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        reply = await self._desk.answer(Question(question))
        await interaction.followup.send(
            embeds=as_embeds(reply), ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
        )

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer people who mention the bot or write to it privately."""
        if not self._is_for_us(message):
            return
        text = question_in(message.content)
        if not text:
            await answer_message(message, content=HELP)
            return
        # The typing sign is a courtesy; its failure must not cost the answer.
        with contextlib.suppress(discord.HTTPException):
            await message.channel.typing()
        reply = await self._desk.answer(Question(text))
        await answer_message(message, embeds=as_embeds(reply))

    def _is_for_us(self, message: discord.Message) -> bool:
        if message.author.bot or message.type not in _SPOKEN:
            return False
        return message.guild is None or self._client.user in message.mentions


async def answer_message(
    message: discord.Message, *, content: str | None = None, embeds: list[discord.Embed] | None = None
) -> None:
    """Answer under the person's message; in the channel if they have deleted it meanwhile. Pings nobody."""
    await message.channel.send(
        content,
        embeds=embeds or [],
        reference=message.to_reference(fail_if_not_exists=False),
        allowed_mentions=discord.AllowedMentions.none(),
    )
