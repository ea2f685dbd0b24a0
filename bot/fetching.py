"""A file that somebody attached: from where Discord keeps it, as large as Discord said, and no more."""

import asyncio
import logging
from urllib.parse import urlsplit

import aiohttp
import discord

from bot.delivery import persistently

log = logging.getLogger(__name__)

CDN = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
"""Where Discord keeps attachments; nothing is fetched from anywhere else."""
FETCHING = 60.0
"""Seconds that Discord gets to hand over a file."""
AT_ONCE = 65_536

_PLAIN = {"Accept-Encoding": "identity"}


class NotFetched(Exception):
    """Discord did not hand the file over; the message says how, without the address."""


def is_kept_by_discord(url: str, hosts: frozenset[str] = CDN) -> bool:
    """Whether an address is one of Discord's own, by a connection that nobody reads."""
    parts = urlsplit(url)
    return parts.scheme == "https" and parts.hostname in hosts


async def fetch(client: discord.Client, file: discord.Attachment) -> bytes:
    """What is in a file. Raises NotFetched.

    The library would follow wherever it is sent, and take as many bytes as come.
    """
    try:
        async with asyncio.timeout(FETCHING):
            return await persistently(lambda: _fetch_once(client, file), seconds=FETCHING)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise NotFetched(type(error).__name__) from error


async def _fetch_once(client: discord.Client, file: discord.Attachment) -> bytes:
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.get(
            file.url,
            allow_redirects=False,
            headers=_PLAIN,
            proxy=client.http.proxy,
            proxy_auth=client.http.proxy_auth,
        ) as response,
    ):
        if response.status >= 500 or response.status == 429:
            response.raise_for_status()
        if response.status != 200:
            raise NotFetched(f"status {response.status}")
        return await _read(response, file.size)


async def _read(response: aiohttp.ClientResponse, size: int) -> bytes:
    data = bytearray()
    async for chunk in response.content.iter_chunked(AT_ONCE):
        data += chunk
        if len(data) > size:
            raise NotFetched(f"more than the {size:,} bytes that were told")
    if len(data) < size:
        raise NotFetched(f"{len(data):,} of the {size:,} bytes that were told")
    return bytes(data)
