"""The Discord client: announces its commands, says when it is ready, explains errors."""

import hashlib
import json
import logging
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.ask import Ask, answer_message
from bot.desk import Desk
from bot.errors import explain

log = logging.getLogger(__name__)


class Tree(app_commands.CommandTree[commands.AutoShardedBot]):
    """The commands; an error in any of them becomes one private sentence."""

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell only the person who asked."""
        sentence = explain(error)
        try:
            if interaction.response.is_done():
                await interaction.followup.send(sentence, ephemeral=True)
            else:
                await interaction.response.send_message(sentence, ephemeral=True)
        except (discord.HTTPException, aiohttp.ClientError) as failure:
            log.warning("Discord did not take the explanation either: %s", failure)


class CareerBot(commands.AutoShardedBot):
    """One client for any number of servers.

    A commands bot because cogs need one, though it has no prefix commands; sharded automatically because that
    is the same code for one server and for more than a single connection may carry. Without privileged
    intents: mentions and private messages carry their text anyway.
    """

    def __init__(self, *, desk: Desk, data: Path, shard_count: int | None = None) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True, messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            status=discord.Status.idle,
            activity=discord.CustomActivity("Warming up"),
            shard_count=shard_count,
        )
        self._desk = desk
        self._synced = data / "commands.sha256"

    async def setup_hook(self) -> None:
        """Add the cogs, and tell Discord about the commands if it knows others."""
        await self.add_cog(Ask(client=self, desk=self._desk))
        await self._sync()

    async def warm_up(self) -> None:
        """Warm the advisor, then say so."""
        await self._desk.warm()
        await self._announce()

    async def on_ready(self) -> None:
        """Connected, possibly again."""
        await self._announce()

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs: there are no prefix commands to look for."""

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Explain a failure under the message that caused it; log it where there is none."""
        error = sys.exc_info()[1]
        if error is None:
            return
        sentence = explain(error)
        if not (args and isinstance(args[0], discord.Message)):
            return
        try:
            await answer_message(args[0], content=sentence)
        except (discord.HTTPException, aiohttp.ClientError) as failure:
            log.warning("Discord did not take the explanation either: %s", failure)

    async def _announce(self) -> None:
        if not (self._desk.is_warm and self.is_ready()):
            return
        # Set as well as sent: a later reconnect introduces itself with these.
        self.status = discord.Status.online
        self.activity = discord.CustomActivity("Ask me with /ask")
        with suppress(OSError, aiohttp.ClientError, discord.ConnectionClosed):
            await self.change_presence(status=self.status, activity=self.activity)
        log.info("Ready: %s, in %s servers", self.user, len(self.guilds))

    def _digest(self) -> str:
        """Changes with anything Discord would be told, and with the application it is told about."""
        told = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        content = json.dumps([self.application_id, told], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    async def _sync(self) -> None:
        digest = self._digest()
        if _read(self._synced) == digest:
            return
        await self.tree.sync()
        _write(self._synced, digest)
        log.info("Told Discord about the commands")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _write(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        log.warning("The commands will be announced again at the next start: %s", error)
