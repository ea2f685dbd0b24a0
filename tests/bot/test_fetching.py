"""Attachments are fetched over a real connection: as large as Discord said, and from nowhere else."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web

from bot import fetching
from bot.fetching import NotFetched, fetch, is_kept_by_discord

DATA = b"# Topics\n\nA topic keeps every event.\n"
ADDRESS = "https://cdn.discordapp.com"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Keeper:
    """A server that keeps one file, and counts who asks for it and for what else."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.respond: Handler = self.hand_over
        self.port = 0

    async def hand_over(self, request: web.Request) -> web.StreamResponse:
        return web.Response(body=DATA)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        return await self.respond(request)

    def fetch(self, size: int = len(DATA)) -> Awaitable[bytes]:
        client = SimpleNamespace(http=SimpleNamespace(proxy=None, proxy_auth=None))
        file = SimpleNamespace(url=f"http://127.0.0.1:{self.port}/attachments/1/2/a.md", size=size)
        given: Any = (client, file)
        return fetch(*given)


@pytest.fixture
async def keeper() -> AsyncIterator[Keeper]:
    keeper = Keeper()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", keeper.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [(_, keeper.port)] = runner.addresses
    yield keeper
    await runner.cleanup()


async def test_file_is_what_was_attached(keeper: Keeper) -> None:
    assert await keeper.fetch() == DATA


async def test_file_that_is_elsewhere_is_not_followed(keeper: Keeper) -> None:
    async def elsewhere(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("/secret")

    keeper.respond = elsewhere
    with pytest.raises(NotFetched, match=r"^status 302$"):
        await keeper.fetch()
    assert keeper.asked == ["/attachments/1/2/a.md"]


@pytest.mark.parametrize("status", [204, 206, 403, 404, 410])
async def test_file_that_is_not_there_is_asked_for_once(keeper: Keeper, status: int) -> None:
    async def refuses(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status)

    keeper.respond = refuses
    with pytest.raises(NotFetched, match=f"^status {status}$"):
        await keeper.fetch()
    assert len(keeper.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_file_is_asked_for_again_where_that_may_help(keeper: Keeper, status: int) -> None:
    async def refuses_once(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status) if len(keeper.asked) == 1 else web.Response(body=DATA)

    keeper.respond = refuses_once
    assert await keeper.fetch() == DATA
    assert len(keeper.asked) == 2


async def test_no_more_is_taken_than_was_told(keeper: Keeper) -> None:
    sent: list[int] = []

    async def floods(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1000):
            await response.write(bytes(100_000))
            sent.append(100_000)
        return response

    keeper.respond = floods
    with pytest.raises(NotFetched, match=r"^more than the 37 bytes that were told$"):
        await keeper.fetch()
    assert sum(sent) < 50_000_000


async def test_part_of_a_file_is_not_taken_for_it(keeper: Keeper) -> None:
    with pytest.raises(NotFetched, match=r"^37 of the 40 bytes that were told$"):
        await keeper.fetch(size=40)


async def test_packed_file_is_not_unpacked(keeper: Keeper) -> None:
    async def packs(request: web.Request) -> web.StreamResponse:
        assert request.headers["Accept-Encoding"] == "identity"
        response = web.Response(body=b"x" * 1_000_000)
        response.enable_compression(web.ContentCoding.gzip)
        return response

    keeper.respond = packs
    with pytest.raises(NotFetched):
        await keeper.fetch()


async def test_file_that_does_not_come_is_given_up(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    async def drips(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for byte in DATA:
            await response.write(bytes([byte]))
            await asyncio.sleep(0.1)
        return response

    keeper.respond = drips
    monkeypatch.setattr(fetching, "FETCHING", 0.4)
    with pytest.raises(NotFetched, match=r"^TimeoutError$"):
        await keeper.fetch()


async def test_server_that_is_not_there_is_told(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper.port = 9
    monkeypatch.setattr(fetching, "FETCHING", 0.5)
    with pytest.raises(NotFetched) as told:
        await keeper.fetch()
    assert "127.0.0.1" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        (f"{ADDRESS}/attachments/1/2/a.md?ex=1&hm=2", True),
        ("https://media.discordapp.net/attachments/1/2/a.md", True),
        ("http://cdn.discordapp.com/attachments/1/2/a.md", False),
        ("https://cdn.discordapp.com.example.org/a.md", False),
        ("https://cdn.discordapp.com@example.org/a.md", False),
        ("https://example.org/cdn.discordapp.com/a.md", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_address_of_discord_is_told_from_others(url: str, kept: bool) -> None:
    assert is_kept_by_discord(url) == kept
