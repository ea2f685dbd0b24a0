"""The Discord client: tells its commands, says when it is ready, explains errors, ends in good order."""

import asyncio
import hashlib
import json
import logging
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import aiohttp
import discord
from discord import app_commands
from discord.backoff import ExponentialBackoff
from discord.ext import commands
from pydantic import SecretStr

from bot.admins import GROUP
from bot.aside import say_error
from bot.controls import Pressed
from bot.delivery import ByMessage, Undelivered
from bot.errors import Restarting, explain
from bot.service import Service

log = logging.getLogger(__name__)

FAREWELL = 5.0
"""Seconds that a gateway gets to confirm a goodbye."""

LEFT_BEHIND = 60.0
"""Seconds after which no other process can still be answering a question."""

LONGEST_PAUSE = 600.0
"""Seconds between two attempts to tell Discord about the commands."""


class Tree(app_commands.CommandTree[commands.AutoShardedBot]):
    """The commands; an error in any of them becomes one private sentence."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """While the bot is stopping, say so instead of starting what would be cut off."""
        client = interaction.client
        if not isinstance(client, CareerBot):
            return True
        if not client.is_stopping:
            return await client.admits(interaction)
        if interaction.type is not discord.InteractionType.autocomplete:
            await say_error(interaction, Restarting())
        return False

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell only the person who asked."""
        await say_error(interaction, error)


class CareerBot(commands.AutoShardedBot):
    """One client for any number of servers.

    A commands bot because cogs need one, though it has no prefix commands; sharded automatically because that
    is the same code for one server and for more than a single connection may carry. Without privileged
    intents: mentions and private messages carry their text anyway.
    """

    def __init__(
        self,
        *,
        service: Service,
        data: Path,
        shard_count: int | None = None,
        shard_ids: Sequence[int] = (),
        proxy: SecretStr | None = None,
        http_trace: aiohttp.TraceConfig | None = None,
    ) -> None:
        address, credentials = _parts(proxy)
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
            proxy=address,
            proxy_auth=credentials,
            http_trace=http_trace or aiohttp.TraceConfig(),
        )
        self.shard_ids = list(shard_ids) or None
        self._service = service
        self._synced = data / "commands.sha256"
        self._syncing: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self.is_stopping = False

    async def setup_hook(self) -> None:
        """Add the cogs; tell Discord about the commands meanwhile, for what it knows works until then."""
        for cog in self._service.cogs(self):
            await self.add_cog(cog)
        self.add_dynamic_items(Pressed)
        self._syncing = asyncio.create_task(self._sync())
        # Other processes of the same bot may be answering what looks left behind.
        age = LEFT_BEHIND if self.shard_ids else 0.0
        self._ending = asyncio.create_task(self._service.end_what_was_left(self, age=age))

    async def warm_up(self) -> None:
        """Warm the advisor, then say so."""
        await self._service.desk.warm()
        await self._announce()

    async def admits(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether a command may be used by who uses it, or types into it."""
        data: dict[str, Any] = dict(interaction.data or {})
        if data.get("name") != GROUP:
            return True
        which = next((str(option.get("name")) for option in data.get("options", ())), "")
        return await self._service.admits(interaction, f"{GROUP} {which}")

    async def drain(self, seconds: float) -> None:
        """Take no new questions, and give those that are being answered so many seconds."""
        self.is_stopping = True
        await self._service.drain(seconds)

    async def close(self) -> None:
        """Leave Discord; without its consent where the gateway does not respond."""
        for task in (self._syncing, self._ending):
            if task is not None:
                task.cancel()
        try:
            async with asyncio.timeout(FAREWELL):
                await super().close()
        except TimeoutError:
            log.warning("The gateway did not confirm the goodbye")
            await self.http.close()

    async def on_ready(self) -> None:
        """Connected, possibly again."""
        await self._announce()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Offer the admins' commands where the home server comes only now, or comes back without them."""
        if guild.id != self._service.home or (self._syncing is not None and not self._syncing.done()):
            return
        synced = _known(_read(self._synced))
        synced.pop(guild.id, None)
        _write(self._synced, _as_text(synced))
        self._syncing = asyncio.create_task(self._sync())

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs: there are no prefix commands to look for."""

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Explain a failure to the person whose press or message caused it; log it where there is none."""
        error = sys.exc_info()[1]
        match args:
            case _ if error is None:
                return
            case [discord.Interaction() as interaction, *_]:
                await say_error(interaction, error)
            case [discord.Message() as message, *_]:
                with suppress(Undelivered):
                    await ByMessage(message).tell(explain(error))
            case _:
                explain(error)

    async def _announce(self) -> None:
        if not (self._service.desk.is_warm and self.is_ready()):
            return
        # Set as well as sent: a later reconnect introduces itself with these.
        self.status = discord.Status.online
        self.activity = discord.CustomActivity("Ask me with /ask")
        with suppress(OSError, aiohttp.ClientError, discord.ConnectionClosed):
            await self.change_presence(status=self.status, activity=self.activity)
        log.info("Ready: %s, in %s servers", self.user, len(self.guilds))

    def _digest(self, guild: int | None) -> str:
        """Changes with anything Discord would be told, and with the application it is told about."""
        commands_there = self.tree.get_commands(guild=_place(guild))
        told = [command.to_dict(self.tree) for command in commands_there]
        content = json.dumps([self.application_id, told], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    async def _sync(self) -> None:
        """Tell Discord what changed, place by place: first the servers that have no commands any more."""
        synced = _known(_read(self._synced))
        home = self._service.home
        for guild in [*(synced.keys() - {None, home}), None, *([home] if home else [])]:
            digest = self._digest(guild)
            if synced.get(guild) == digest:
                continue
            if await self._tell_commands(guild):
                synced[guild] = digest
            if guild not in (None, home):
                # Also where Discord refused for good: the bot has left, and its commands with it.
                del synced[guild]
            _write(self._synced, _as_text(synced))

    async def _tell_commands(self, guild: int | None) -> bool:
        """Until Discord took them; False where it never will."""
        backoff = ExponentialBackoff[Any]()
        while True:
            try:
                await self.tree.sync(guild=_place(guild))
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                log.warning("Discord did not take the commands; those it knows go on working: %s", error)
                if not may_pass(error):
                    if guild and guild == self._service.home:
                        log.warning("Is the bot in the server that ADVISOR_HOME_GUILD names?")
                    return False
                await asyncio.sleep(min(backoff.delay(), LONGEST_PAUSE))
            else:
                log.info("Told Discord about the commands")
                return True


def _place(guild: int | None) -> discord.Object | None:
    return discord.Object(guild) if guild else None


def _known(text: str) -> dict[int | None, str]:
    """What Discord was told where: a line each, a server's id (0: everywhere) and a digest."""
    rows = (row.split(" ", 1) for row in text.splitlines() if re.fullmatch(r"\d+ [0-9a-f]{64}", row))
    return {int(guild) or None: digest for guild, digest in rows}


def _as_text(synced: Mapping[int | None, str]) -> str:
    return "\n".join(f"{guild or 0} {digest}" for guild, digest in synced.items())


def may_pass(error: Exception) -> bool:
    """Whether the same request to Discord may succeed later."""
    return not isinstance(error, discord.HTTPException) or error.status == 429 or error.status >= 500


def _parts(proxy: SecretStr | None) -> tuple[str | None, aiohttp.BasicAuth | None]:
    """Address and credentials apart, because aiohttp's errors tell addresses."""
    if proxy is None:
        return None, None
    parts = urlsplit(proxy.get_secret_value())
    address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    if parts.username is None:
        return address, None
    credentials = (unquote(parts.username), unquote(parts.password or ""))
    return address, aiohttp.BasicAuth(*credentials, encoding="utf-8")


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
