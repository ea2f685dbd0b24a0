"""The loopback Discord keeps the rules that the bot's tests rely on."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.wire import payloads
from tests.wire.discord_server import DiscordServer
from tests.wire.payloads import Payload
from tests.wire.world import Asked

QUIET: Payload = {"parse": []}
HELLO = {"content": "Hello", "allowed_mentions": QUIET}
THINKING = {"type": 5, "data": {"flags": 64}}


class Client:
    """Sends requests as a bot would; returns the status with what came."""

    def __init__(self, server: DiscordServer, session: aiohttp.ClientSession) -> None:
        self._server = server
        self._session = session

    async def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Payload]:
        async with self._session.request(
            method, f"{self._server.address}/api/v10{path}", json=body
        ) as response:
            return response.status, await response.json() if response.status != 204 else {}

    async def respond(self, asked: Asked, body: Payload) -> tuple[int, Payload]:
        return await self("POST", f"/interactions/{asked.id}/{asked.token}/callback", body)

    async def original(self, method: str, asked: Asked, body: Payload | None = None) -> tuple[int, Payload]:
        return await self(method, f"/webhooks/100/{asked.token}/messages/@original", body)

    async def follow_up(self, asked: Asked, body: Payload) -> tuple[int, Payload]:
        return await self("POST", f"/webhooks/100/{asked.token}", body)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(server: DiscordServer, session: aiohttp.ClientSession) -> Client:
    return Client(server, session)


async def test_acknowledgement_in_time_is_taken_once(server: DiscordServer, client: Client) -> None:
    asked = await server.slash("ask", question="Why?")
    assert (await client.respond(asked, THINKING))[0] == 200
    assert asked.acked is not None
    status, error = await client.respond(asked, THINKING)
    assert (status, error["code"]) == (400, 40060)
    assert not asked.ended


async def test_late_acknowledgement_is_refused_also_while_the_askers_loop_was_blocked(
    server: DiscordServer, client: Client
) -> None:
    server.rest.deadline = 0.2
    asked = await server.slash("ask", question="Why?")
    time.sleep(0.3)  # noqa: ASYNC251  # a blocked loop is what must not hide
    status, error = await client.respond(asked, THINKING)
    assert (status, error["code"]) == (404, 10062)
    assert asked.acked is None
    assert (await client.follow_up(asked, HELLO))[1]["code"] == 10015


async def test_first_follow_up_takes_the_place_of_thinking_and_stays_private(
    server: DiscordServer, client: Client
) -> None:
    asked = await server.slash("ask", question="Why?")
    await client.respond(asked, THINKING)
    _, first = await client.follow_up(asked, HELLO)
    _, second = await client.follow_up(asked, HELLO)
    assert (first["flags"], second["flags"]) == (64, 0)
    assert asked.original == first["id"]
    assert (await client.original("PATCH", asked, {"content": "More", "allowed_mentions": QUIET}))[0] == 200
    assert [shown["content"] for shown in asked.shown] == ["Hello", "Hello", "More"]


async def test_token_ends_after_its_time(server: DiscordServer, client: Client) -> None:
    asked = await server.slash("ask", question="Why?")
    await client.respond(asked, THINKING)
    server.rest.token_life = 0.0
    status, error = await client.follow_up(asked, HELLO)
    assert (status, error["code"]) == (401, 50027)


async def test_deleted_response_is_unknown(server: DiscordServer, client: Client) -> None:
    asked = await server.slash("ask", question="Why?")
    await client.respond(asked, {"type": 4, "data": HELLO})
    assert (await client.original("DELETE", asked))[0] == 204
    assert (await client.original("PATCH", asked, HELLO))[1]["code"] == 10008


async def test_button_changes_the_message_it_belongs_to(server: DiscordServer, client: Client) -> None:
    button = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
    asked = await server.slash("ask", question="Why?")
    await client.respond(
        asked, {"type": 4, "data": HELLO | {"components": [{"type": 1, "components": [button]}]}}
    )
    pressed = await server.press(asked, "Go")
    assert (
        await client.respond(pressed, {"type": 7, "data": {"content": "Gone", "allowed_mentions": QUIET}})
    )[0] == 200
    assert (await client.original("GET", asked))[1]["content"] == "Gone"
    assert pressed.seen["id"] == asked.original


async def test_dialog_comes_back_filled_in(server: DiscordServer, client: Client) -> None:
    box = {"type": 4, "custom_id": "text", "label": "Question", "style": 1}
    dialog = {"title": "Ask", "custom_id": "dialog", "components": [{"type": 1, "components": [box]}]}
    asked = await server.slash("ask", question="Why?")
    await client.respond(asked, {"type": 9, "data": dialog})
    assert asked.ended
    submitted = await server.submit(asked, "Because")
    assert (await client.respond(submitted, {"type": 4, "data": HELLO}))[0] == 200


async def test_too_many_choices_are_refused(server: DiscordServer, client: Client) -> None:
    asked = await server.complete("ask", "question", "wh")
    choices = [{"name": str(number), "value": str(number)} for number in range(26)]
    assert (await client.respond(asked, {"type": 8, "data": {"choices": choices}}))[1]["code"] == 50035
    assert (await client.respond(asked, {"type": 8, "data": {"choices": choices[:25]}}))[0] == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"content": "x" * 2001, "allowed_mentions": QUIET}, 50035),
        ({"content": "x"}, 50035),
        ({"content": "", "allowed_mentions": QUIET}, 50006),
    ],
)
async def test_message_beyond_a_limit_is_refused_and_noted(
    server: DiscordServer, client: Client, body: Payload, code: int
) -> None:
    channel = server.world.add_guild("Guild", "careers")["channels"][0]
    status, error = await client("POST", f"/channels/{channel['id']}/messages", body)
    assert (status, error["code"]) == (400, code)
    assert len(server.rest.violations) == 1


@pytest.mark.parametrize(
    ("denied", "body", "code"),
    [
        (payloads.VIEW, {}, 50001),
        (payloads.SEND, {}, 50013),
        (payloads.EMBED, {}, None),
        (payloads.EMBED, {"embeds": [{"description": "x"}]}, 50013),
        (payloads.HISTORY, {"message_reference": {"message_id": "1"}}, 160002),
        (0, {"message_reference": {"message_id": "1"}}, 50035),
        (0, {"message_reference": {"message_id": "1", "fail_if_not_exists": False}}, None),
    ],
)
async def test_what_is_not_permitted_in_a_channel_is_refused(
    server: DiscordServer, client: Client, denied: int, body: Payload, code: int | None
) -> None:
    channel = server.world.add_channel(server.world.add_guild("Guild"), "careers", denied=denied)
    _, said = await client("POST", f"/channels/{channel['id']}/messages", HELLO | body)
    assert said.get("code") == code


async def test_message_sent_twice_with_one_nonce_appears_once(server: DiscordServer, client: Client) -> None:
    asked = await server.say("Why?")
    body = HELLO | {"nonce": "7", "enforce_nonce": True}
    sent = [await client("POST", f"/channels/{asked.where['id']}/messages", body) for _ in range(2)]
    assert sent[0][1]["id"] == sent[1][1]["id"]
    assert len(asked.shown) == 1


async def test_private_word_counts_as_the_end_of_a_question_in_a_channel(
    server: DiscordServer, client: Client
) -> None:
    channel = server.world.add_guild("Guild", "careers")["channels"][0]
    asked, other = await server.say("Why?", channel), await server.say("Why?", channel, payloads.BOB)
    _, private = await client("POST", "/users/@me/channels", {"recipient_id": 200})
    await client("POST", f"/channels/{private['id']}/messages", HELLO)
    assert asked.ended
    assert not other.ended


async def test_faults_come_in_order_and_end(server: DiscordServer, client: Client) -> None:
    server.fail("GET /users/*", 500, 503)
    server.limit("GET /users/*", 0.5, everywhere=True)
    server.slow("GET /users/*", 0.1, times=1)
    statuses = [(await client("GET", "/users/@me"))[0] for _ in range(3)]
    started = time.monotonic()
    assert (await client("GET", "/users/@me"))[0] == 200
    assert time.monotonic() - started >= 0.1
    assert statuses == [500, 503, 429]


@pytest.mark.parametrize("effect", [True, False])
async def test_cut_request_may_have_taken_effect(server: DiscordServer, client: Client, effect: bool) -> None:
    asked = await server.say("Why?")
    server.cut("POST /channels/*/messages", effect=effect)
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await client("POST", f"/channels/{asked.where['id']}/messages", HELLO)
    assert asked.ended is effect


async def connect(server: DiscordServer, session: aiohttp.ClientSession, op: int, data: Payload) -> Any:
    socket = await session.ws_connect(f"{server.address}/gateway")
    assert (await socket.receive_json())["op"] == 10
    await socket.send_json({"op": op, "d": data})
    return socket


async def test_resumed_session_gets_what_it_missed(
    server: DiscordServer, session: aiohttp.ClientSession
) -> None:
    socket = await connect(server, session, 2, {"shard": [0, 1]})
    ready = await socket.receive_json()
    await server.drop()
    assert (await socket.receive()).type in (aiohttp.WSMsgType.ERROR, aiohttp.WSMsgType.CLOSED)
    await server.until(lambda: bool(server.gateway.left))
    await server.say("Why?")
    again = await connect(server, session, 6, {"session_id": ready["d"]["session_id"], "seq": ready["s"]})
    assert [(await again.receive_json())["t"] for _ in range(2)] == ["MESSAGE_CREATE", "RESUMED"]
    await again.close()


async def test_invalidated_session_cannot_be_resumed(
    server: DiscordServer, session: aiohttp.ClientSession
) -> None:
    socket = await connect(server, session, 2, {"shard": [0, 1]})
    ready = await socket.receive_json()
    await server.invalidate(resumable=False)
    assert await socket.receive_json() == {"op": 9, "d": False, "s": None, "t": None}
    again = await connect(server, session, 6, {"session_id": ready["d"]["session_id"], "seq": ready["s"]})
    assert (await again.receive_json())["op"] == 9
    await asyncio.gather(socket.close(), again.close())
