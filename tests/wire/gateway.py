"""The gateway of the loopback Discord: sessions with replay, heartbeats, and all that goes wrong there."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from tests.wire import payloads
from tests.wire.payloads import Payload
from tests.wire.wires import cut


@dataclass
class Session:
    """What one identify began; its events are kept for whoever resumes it."""

    id: str
    shard: list[int]
    events: list[tuple[int, str]] = field(default_factory=list)
    line: "Line | None" = None

    def is_for(self, guild: str | None) -> bool:
        number, of = self.shard
        return (int(guild) >> 22) % of == number if guild else number == 0


@dataclass
class Line:
    """One connection; a mute one says nothing any more, one that hangs not even goodbye."""

    request: web.Request
    socket: web.WebSocketResponse
    mute: bool = False
    hangs: bool = False

    async def send(
        self, op: int, data: Any = None, *, sequence: int | None = None, event: str | None = None
    ) -> None:
        await self.write(json.dumps({"op": op, "d": data, "s": sequence, "t": event}))

    async def write(self, frame: str) -> None:
        if not (self.mute or self.socket.closed):
            await self.socket.send_str(frame)


@dataclass
class Gateway:
    """Set the attributes to make it misbehave."""

    address: Callable[[], str]
    guilds: Callable[[], list[Payload]]
    changed: Callable[[], None]
    heartbeat: float = 45.0
    called: list[str] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    presences: list[dict[str, Any]] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    identified: int = 0
    resumed: int = 0
    heartbeats: int = 0
    left: list[int | None] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.called.append(request.path)
        line = Line(request, web.WebSocketResponse(autoclose=False))
        await line.socket.prepare(request)
        await line.send(10, {"heartbeat_interval": round(self.heartbeat * 1000)})
        async for message in line.socket:
            if message.type is not WSMsgType.TEXT:
                break
            await self._receive(line, message.json())
            self.changed()
        for session in self.sessions.values():
            if session.line is line:
                session.line = None
        if line.hangs:
            await asyncio.Event().wait()
        await line.socket.close()
        self.left.append(line.socket.close_code)
        self.changed()
        return line.socket

    async def dispatch(self, event: str, data: Any, *, guild: str | None = None) -> bool:
        """Send the event to the session it is for; whether that one is connected. It is kept for resuming."""
        sent = False
        for session in list(self.sessions.values()):
            if session.is_for(guild):
                sent = await self._dispatch(session, event, data) or sent
        return sent

    async def drop(self) -> None:
        """Cut the connections without a word."""
        for line in self._lines():
            cut(line.request)

    async def fall_mute(self, *, hang: bool) -> None:
        """Say nothing more on the present connections, no heartbeat's echo; with `hang` no goodbye either."""
        for line in self._lines():
            line.mute, line.hangs = True, hang

    async def ask_to_reconnect(self) -> None:
        for line in self._lines():
            await line.send(7)

    async def invalidate(self, *, resumable: bool) -> None:
        lines = self._lines()
        if not resumable:
            self.sessions.clear()
        for line in lines:
            await line.send(9, resumable)

    async def close(self, code: int) -> None:
        for line in self._lines():
            await line.socket.close(code=code)

    def _lines(self) -> list[Line]:
        return [session.line for session in self.sessions.values() if session.line]

    async def _receive(self, line: Line, event: dict[str, Any]) -> None:
        match event["op"]:
            case 1:
                self.heartbeats += 1
                await line.send(11)
            case 2:
                await self._identify(line, event["d"])
            case 3:
                self.presences.append(event["d"])
            case 6:
                await self._resume(line, event["d"])

    async def _identify(self, line: Line, data: dict[str, Any]) -> None:
        self.identified += 1
        if self.codes:
            await line.socket.close(code=self.codes.pop(0))
            return
        if "presence" in data:
            self.presences.append(data["presence"])
        shard = data.get("shard") or [0, 1]
        self.sessions = {key: known for key, known in self.sessions.items() if known.shard != shard}
        session = Session(f"session-{next(self._numbers)}", shard, line=line)
        self.sessions[session.id] = session
        guilds = [guild for guild in self.guilds() if session.is_for(guild["id"])]
        await self._dispatch(session, "READY", payloads.ready(session.id, shard, self.address(), guilds))
        for guild in guilds:
            await self._dispatch(session, "GUILD_CREATE", guild)

    async def _resume(self, line: Line, data: dict[str, Any]) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None:
            await line.send(9, False)
            return
        self.resumed += 1
        session.line = line
        for sequence, frame in session.events:
            if sequence > (data["seq"] or 0):
                await line.write(frame)
        await self._dispatch(session, "RESUMED", {})

    async def _dispatch(self, session: Session, event: str, data: Any) -> bool:
        sequence = len(session.events) + 1
        frame = json.dumps({"op": 0, "d": data, "s": sequence, "t": event})
        session.events.append((sequence, frame))
        if session.line is None:
            return False
        try:
            await session.line.write(frame)
        except ConnectionError:
            return False
        return True
