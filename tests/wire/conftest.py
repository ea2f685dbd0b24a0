"""A loopback Discord that the bot of this process takes for the real one."""

from collections.abc import Iterator

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

import bot.client
import bot.serving
from tests.wire.discord_server import DiscordServer, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DiscordServer]:
    with serving() as running:
        monkeypatch.setattr(Route, "BASE", running.address)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
        monkeypatch.setattr(bot.serving, "LONGEST_PAUSE", 0.01)
        monkeypatch.setattr(bot.client, "LONGEST_PAUSE", 0.01)
        yield running
