"""What the bot keeps of a person: to see, to take along, to delete."""

import io
import json
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.aside import open_aside, open_in_place, refuse, update
from bot.controls import Action, Control
from bot.conversations import Conversations
from bot.delivery import persistently
from bot.records import Records
from bot.render.buttons import erase_button
from bot.render.notices import kept_embed, receipt_embed

NOT_YOURS = "Only the person themselves can delete this."
SURE = (
    "This deletes your ratings, what you told the admins, the questions I could not answer, and what I "
    "remember of our talk. It can't be undone. What somebody did to my documents stays in the admins' log."
)
EXPORTED = "Everything I keep of you, as a file."


class Privacy(commands.Cog):
    """Answers with everything that is kept of who asks, and of nobody else."""

    privacy = app_commands.Group(
        name="privacy",
        description="What I keep of you: see it, take it along, delete it.",
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
    )

    def __init__(self, *, records: Records, conversations: Conversations) -> None:
        self._records = records
        self._conversations = conversations

    @privacy.command()
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """What I keep of you, and for how long."""
        await open_aside(interaction)
        rows = await self._records.of_person(interaction.user.id)
        remembered = len(self._conversations.of_person(interaction.user.id))
        await update(interaction, embeds=[kept_embed(rows, remembered, declined=self._records.keep_declined)])

    @privacy.command()
    async def export(self, interaction: discord.Interaction[Any]) -> None:
        """All of it as a file."""
        await open_aside(interaction)
        turns = self._conversations.of_person(interaction.user.id)
        kept = {
            "person": str(interaction.user.id),
            "stored": await self._records.of_person(interaction.user.id),
            "remembered": [{"you": turn.user, "bot": turn.bot} for turn in turns],
        }
        text = json.dumps(kept, ensure_ascii=False, indent=2)
        await persistently(lambda: self._give(interaction, text.encode("utf-8", "replace")))

    @staticmethod
    async def _give(interaction: discord.Interaction[Any], content: bytes) -> None:
        # A file is read up by being sent: each attempt needs its own.
        file = discord.File(io.BytesIO(content), "what-the-bot-keeps.json", description=EXPORTED)
        await interaction.edit_original_response(content=EXPORTED, attachments=[file])

    @privacy.command()
    async def delete(self, interaction: discord.Interaction[Any]) -> None:
        """Delete all of it; you get a receipt."""
        await open_aside(interaction)
        await update(interaction, content=SURE, view=erase_button(interaction.user.id))

    @commands.Cog.listener()
    async def on_control(self, interaction: discord.Interaction[Any], control: Control, chosen: str) -> None:
        """The second step of deleting."""
        if control.action is not Action.ERASE:
            return
        person = interaction.user.id
        if control.extra != str(person):
            await refuse(interaction, NOT_YOURS)
            return
        await open_in_place(interaction)
        # First, so that nothing is kept of a question that is being answered meanwhile.
        forgotten = self._conversations.forget(person)
        receipt = await self._records.forget(person)
        await update(interaction, embeds=[receipt_embed(receipt, forgotten)])
