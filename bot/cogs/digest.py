"""What people asked in a week: for an admin at once, and every week in a channel."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands
from discord.ext import tasks

from bot.aside import open_aside, update
from bot.cogs.knowledge import AdminCog, Curation, subcommand
from bot.digesting import Digesting
from bot.render.digest import digest_embed
from knowledge.digest import week_before

LOOKS_EVERY = 10.0
"""Minutes between two looks whether a digest is due."""


class Digests(AdminCog):
    """Tells the digest, and looks now and then whether one is due in the channel."""

    def __init__(self, *, group: app_commands.Group, curation: Curation, client: discord.Client) -> None:
        super().__init__(group=group, curation=curation)
        self._client = client

    def subcommands(self) -> Iterable[app_commands.Command[Any, ..., None]]:
        """/knowledge digest."""
        yield subcommand(self.digest)

    async def cog_load(self) -> None:
        """Begin to look, where there is a channel to post in."""
        await super().cog_load()
        if self.curation.digesting is not None:
            self.look.start(self.curation.digesting)

    async def cog_unload(self) -> None:
        """Look no more: this client is closed, the next one goes on."""
        self.look.cancel()

    async def digest(self, interaction: discord.Interaction[Any]) -> None:
        """What people asked in the last seven days, what is missing, and what grows old."""
        await open_aside(interaction)
        curator, days = self.curation.curator, self.curation.stale_days
        period = week_before(datetime.now(UTC))
        found = await self.curation.converting.run(
            lambda: curator.digest(period, stale_days=days), limited=False
        )
        await update(interaction, embeds=[digest_embed(found, public=False)])

    @tasks.loop(minutes=LOOKS_EVERY)
    async def look(self, digesting: Digesting) -> None:
        """Post what is due; it raises nothing, and a restart begins with a look."""
        await self._client.wait_until_ready()
        await digesting.post_if_due(self._client)
