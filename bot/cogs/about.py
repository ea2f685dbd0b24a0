"""What the bot is and can do: /help and /about."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.about import About
from bot.aside import open_aside, update
from bot.desk import Desk
from bot.render.buttons import topic_buttons
from bot.render.notices import about_embed, help_embed


class AboutMe(commands.Cog):
    """Explains the bot to who is new, and its knowledge base to who wants to know."""

    def __init__(self, *, desk: Desk, about: Callable[[], About | None]) -> None:
        self._desk = desk
        self._about = about

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """What you can ask me, and how."""
        await open_aside(interaction)
        await update(interaction, embeds=[help_embed()], view=topic_buttons(self._desk.offer("")))

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def about(self, interaction: discord.Interaction[Any]) -> None:
        """Which documents I read, how well I do, and what I keep of you."""
        await open_aside(interaction)
        about = await self._desk.read(self._about)
        await update(interaction, embeds=[about_embed(about, datetime.now(UTC))])
