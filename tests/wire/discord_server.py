"""As much of Discord as a client needs to log in, over real HTTP and WebSocket on loopback."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

ME = {"id": "100", "username": "advisor", "discriminator": "0", "avatar": None, "bot": True}
ADA = {"id": "200", "username": "ada", "discriminator": "0", "avatar": None}


@dataclass
class DiscordServer:
    """Remembers requests as "METHOD path"; `failures` maps one to statuses it answers with first."""

    failures: dict[str, list[int]] = field(default_factory=dict)
    requests: list[tuple[str, Any]] = field(default_factory=list)
    presences: list[dict[str, Any]] = field(default_factory=list)
    identified: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    address: str = ""
    _socket: web.WebSocketResponse | None = None
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def ask(self, question: str) -> None:
        """A person invokes /ask in a private conversation."""
        options = [{"name": "question", "type": 3, "value": question}]
        data = {"id": "400", "name": "ask", "type": 1, "options": options}
        await self._send(
            0,
            {
                "id": "300",
                "application_id": ME["id"],
                "type": 2,
                "token": "t",
                "version": 1,
                "data": data,
                "channel_id": "500",
                "channel": {"id": "500", "type": 1, "recipients": [ADA], "last_message_id": None},
                "user": ADA,
                "locale": "en-US",
                "entitlements": [],
                "authorizing_integration_owners": {},
                "context": 1,
                "attachment_size_limit": 1,
                "app_permissions": "0",
            },
            "INTERACTION_CREATE",
        )

    async def saw(self, request: str, times: int = 1) -> Any:
        """Wait until the request has come so often; returns what it carried the last time."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: len(self.bodies(request)) >= times)
        return self.bodies(request)[-1]

    async def saw_status(self, status: str) -> None:
        """Wait until the client has shown that status."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: status in [shown["status"] for shown in self.presences])

    async def closed(self) -> int | None:
        """Wait until the client has left the gateway; returns the code it gave."""
        assert self._socket is not None
        await self.left.wait()
        return self._socket.close_code

    def bodies(self, request: str) -> list[Any]:
        return [body for seen, body in self.requests if seen == request]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/gateway":
            return await self._gateway(request)
        name = f"{request.method} {request.path}"
        body = await request.json() if request.can_read_body else None
        async with self._changed:
            self.requests.append((name, body))
            self._changed.notify_all()
        if self.failures.get(name):
            return _json({"message": "no", "code": 0}, status=self.failures[name].pop(0))
        return self._respond(request.path, body)

    def _respond(self, path: str, body: Any) -> web.Response:
        if path.endswith("/callback"):
            return _json({"interaction": {"id": "300", "type": 2, "response_message_loading": True}})
        if path == "/users/@me":
            return _json(ME)
        if path == "/oauth2/applications/@me":
            return _json(_application())
        if path == "/gateway/bot":
            limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
            gateway = f"{self.address.replace('http', 'ws')}/gateway"
            return _json({"url": gateway, "shards": 1, "session_start_limit": limit})
        if path.endswith("/commands"):
            extra = {"application_id": ME["id"], "version": "1", "default_member_permissions": None}
            return _json([{**command, "id": "400", **extra} for command in body])
        return _json(_message(body))

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        self._socket = socket = web.WebSocketResponse()
        await socket.prepare(request)
        await self._send(10, {"heartbeat_interval": 45_000})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            await self._receive(message.json())
        self.left.set()
        return socket

    async def _receive(self, event: dict[str, Any]) -> None:
        if event["op"] == 1:
            await self._send(11, None)
        if event["op"] in (2, 3):
            presence = event["d"].get("presence", event["d"])
            async with self._changed:
                self.presences.append(presence)
                self._changed.notify_all()
        if event["op"] == 2:
            ready = {
                "v": 10,
                "user": ME,
                "guilds": [],
                "session_id": "s",
                "resume_gateway_url": self.address.replace("http", "ws"),
                "shard": [0, 1],
                "application": {"id": ME["id"], "flags": 0},
            }
            await self._send(0, ready, "READY")
            self.identified.set()

    async def _send(self, op: int, data: Any, event: str | None = None) -> None:
        assert self._socket is not None
        await self._socket.send_json({"op": op, "d": data, "s": 1 if op == 0 else None, "t": event})


@asynccontextmanager
async def serving() -> AsyncIterator[DiscordServer]:
    """A server on a free port of this machine."""
    server = DiscordServer()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.address = f"http://{host}:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()


def _json(data: Any, status: int = 200) -> web.Response:
    # The client recognises JSON by exactly this header, without a charset.
    return web.Response(
        body=json.dumps(data).encode(), status=status, headers={"Content-Type": "application/json"}
    )


def _application() -> dict[str, Any]:
    return {
        "id": ME["id"],
        "name": "advisor",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "",
        "owner": ADA,
        "team": None,
        "flags": 0,
        "summary": "",
    }


def _message(body: Any) -> dict[str, Any]:
    return {
        "id": "600",
        "channel_id": "500",
        "author": ME,
        "content": (body or {}).get("content") or "",
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": (body or {}).get("embeds") or [],
        "pinned": False,
        "type": 0,
        "flags": 64,
    }
