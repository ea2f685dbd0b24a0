"""A Discord on loopback: real HTTP and WebSocket, in a thread of its own.

Its clock runs while the bot's event loop is blocked, so a blocked bot cannot hide. A test says what people do
and which faults the bot meets; what the bot sends is checked against Discord's limits and kept.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web

from tests.wire import payloads
from tests.wire.gateway import Gateway
from tests.wire.payloads import ADA, ME, Payload
from tests.wire.rest import Rest, read
from tests.wire.wires import Fault, cut, reply
from tests.wire.world import Asked, World

T = TypeVar("T")

PREFIX = "/api/v10"
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One request of the bot."""

    name: str
    body: Any
    at: float
    proxied: str | None = None


@dataclass
class DiscordServer:
    """What tests use: places, people, faults, and waiting for what the bot does about them."""

    address: str = ""
    requests: list[Seen] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    shards: int = 1
    sessions_left: list[int] = field(default_factory=list)
    sessions_reset: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._condition = asyncio.Condition()
        self._stopped = asyncio.Event()
        self.gateway = Gateway(
            address=lambda: self._websocket,
            guilds=lambda: list(self.world.guilds.values()),
            changed=self._notify,
        )
        self.rest = Rest(
            world=self.world,
            tell=lambda event, data, guild: self.gateway.dispatch(event, data, guild=guild),
            gateway=self._gateway_bot,
        )

    # --- what people do -------------------------------------------------------------------------------------

    async def slash(
        self, name: str, where: Payload | None = None, who: Payload = ADA, **options: Any
    ) -> Asked:
        """Somebody uses a slash command; without a place in a private conversation."""
        values = [{"name": key, "value": value, "type": _type(value)} for key, value in options.items()]
        return await self._interact(2, {"name": name, "type": 1, "options": values}, where, who)

    async def under(self, group: str, name: str, where: Payload, who: Payload = ADA, **options: Any) -> Asked:
        """Somebody uses a command of a group of commands."""
        values = [{"name": key, "value": value, "type": _type(value)} for key, value in options.items()]
        command = {"name": name, "type": 1, "options": values}
        return await self._interact(2, {"name": group, "type": 1, "options": [command]}, where, who)

    async def complete(
        self, name: str, option: str, typed: str, where: Payload | None = None, who: Payload = ADA
    ) -> Asked:
        """Somebody types into an option; what is offered becomes visible."""
        values = [{"name": option, "value": typed, "type": 3, "focused": True}]
        return await self._interact(4, {"name": name, "type": 1, "options": values}, where, who)

    async def use_on(self, name: str, message: Payload, where: Payload, who: Payload = ADA) -> Asked:
        """Somebody chooses a message command in the menu of a message."""
        resolved = {"messages": {message["id"]: message}}
        data = {"name": name, "type": 3, "target_id": message["id"], "resolved": resolved}
        return await self._interact(2, data, where, who)

    async def press(self, asked: Asked, label: str, who: Payload | None = None) -> Asked:
        """Somebody presses a button of what `asked` shows now."""
        data = {"component_type": 2, "custom_id": asked.custom_ids[label]}
        return await self._interact(3, data, asked.where, who or asked.who, source=asked.seen)

    async def choose(self, asked: Asked, placeholder: str, *values: str, who: Payload | None = None) -> Asked:
        """Somebody chooses from a list of what `asked` shows now."""
        data = {"component_type": 3, "custom_id": asked.custom_ids[placeholder], "values": list(values)}
        return await self._interact(3, data, asked.where, who or asked.who, source=asked.seen)

    async def submit(self, asked: Asked, *texts: str) -> Asked:
        """Somebody fills in the dialog that `asked` shows, its inputs in order."""
        given = iter(texts)
        rows = [_filled(row, given) for row in asked.seen["components"]]
        data = {"custom_id": asked.seen["custom_id"], "components": rows}
        return await self._interact(5, data, asked.where, asked.who, source=asked.source)

    async def say(
        self, text: str, where: Payload | None = None, who: Payload = ADA, *, mention: bool = True
    ) -> Asked:
        """Somebody writes a message: in a channel, by default with a mention of the bot, or privately."""
        return await self._on_server(self._say(text, where, who, mention))

    async def delete(self, asked: Asked) -> None:
        """Somebody deletes the message they asked in."""
        del self.world.messages[asked.id]
        guild = asked.where.get("guild_id")
        data = {"id": asked.id, "channel_id": asked.where["id"], **({"guild_id": guild} if guild else {})}
        await self._on_server(self.gateway.dispatch("MESSAGE_DELETE", data, guild=guild))

    async def remove_channel(self, where: Payload) -> None:
        """Somebody deletes a channel."""
        del self.world.channels[where["id"]]
        await self._on_server(self.gateway.dispatch("CHANNEL_DELETE", where, guild=where["guild_id"]))

    # --- what goes wrong ------------------------------------------------------------------------------------

    def fail(self, route: str, *statuses: int) -> None:
        """The next requests to the route (`POST /interactions/*/callback`) get these statuses, in order."""
        self.faults.extend(Fault(route, status=status) for status in statuses)

    def limit(
        self, route: str, seconds: float, *, times: int = 1, everywhere: bool = False, by_edge: bool = True
    ) -> None:
        """The next requests are too many."""
        given = {"status": 429, "retry_after": seconds, "everywhere": everywhere, "by_edge": by_edge}
        self.faults.append(Fault(route, times, **given))  # type: ignore[arg-type]  # each fits its field

    def cut(self, route: str, *, effect: bool, times: int = 1) -> None:
        """The next requests lose their connection, before or after they took effect."""
        self.faults.append(Fault(route, times, cut="after" if effect else "before"))

    def slow(self, route: str, seconds: float, *, times: int = 1_000_000) -> None:
        """Requests to the route take so long."""
        self.faults.append(Fault(route, times, delay=seconds))

    async def drop(self) -> None:
        """The gateway's connections break without a word."""
        await self._on_server(self.gateway.drop())

    async def fall_mute(self, *, hang: bool = False) -> None:
        """The gateway says nothing more on the present connections; with `hang` not even goodbye."""
        await self._on_server(self.gateway.fall_mute(hang=hang))

    async def ask_to_reconnect(self) -> None:
        """The gateway asks to reconnect and resume."""
        await self._on_server(self.gateway.ask_to_reconnect())

    async def invalidate(self, *, resumable: bool) -> None:
        """The gateway declares the session invalid."""
        await self._on_server(self.gateway.invalidate(resumable=resumable))

    async def close_gateway(self, code: int) -> None:
        """The gateway closes the connections with a code."""
        await self._on_server(self.gateway.close(code))

    # --- what the bot does ----------------------------------------------------------------------------------

    def bodies(self, name: str) -> list[Any]:
        """What the requests of that name, "METHOD path", carried."""
        return [seen.body for seen in self.requests if seen.name == name]

    async def saw(self, name: str, times: int = 1) -> Any:
        """Wait until the request has come so often; returns what it carried the last time."""
        await self.until(lambda: len(self.bodies(name)) >= times)
        return self.bodies(name)[-1]

    async def saw_status(self, status: str, times: int = 1, *, seconds: float = PATIENCE) -> None:
        """Wait until the client has shown that status so often."""
        shown = self.gateway.presences
        await self.until(lambda: [one["status"] for one in shown].count(status) >= times, seconds=seconds)

    async def acknowledged(self, asked: Asked) -> float:
        """Wait for the acknowledgement; returns the seconds it took."""
        await self.until(lambda: asked.acked is not None)
        assert asked.acked is not None
        return asked.acked

    async def ended(self, *asked: Asked, seconds: float = PATIENCE) -> None:
        """Wait until whoever asked has seen something."""
        await self.until(lambda: all(one.ended for one in asked), seconds=seconds)

    async def until(self, met: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
        """Wait until it is so. Raises TimeoutError."""
        await self._on_server(self._until(met, seconds))

    async def closed(self) -> int | None:
        """Wait until the client has left the gateway; returns the code it gave."""
        await self.until(lambda: bool(self.gateway.left))
        return self.gateway.left[-1]

    # --- inside ---------------------------------------------------------------------------------------------

    async def _on_server(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _until(self, met: Callable[[], bool], seconds: float) -> None:
        async with asyncio.timeout(seconds), self._condition:
            await self._condition.wait_for(met)

    def _notify(self) -> None:
        async def notify() -> None:
            async with self._condition:
                self._condition.notify_all()

        self._notifying = self._loop.create_task(notify())

    @property
    def _websocket(self) -> str:
        return f"{self.address.replace('http', 'ws', 1)}/gateway"

    def _gateway_bot(self) -> Payload:
        left = self.sessions_left.pop(0) if self.sessions_left else 999
        reset = round(self.sessions_reset * 1000)
        return payloads.gateway(self._websocket, shards=self.shards, remaining=left, reset_after=reset)

    async def _interact(
        self, kind: int, data: Payload, where: Payload | None, who: Payload, source: Payload | None = None
    ) -> Asked:
        return await self._on_server(self._dispatch_interaction(kind, data, where, who, source))

    async def _dispatch_interaction(
        self, kind: int, data: Payload, where: Payload | None, who: Payload, source: Payload | None
    ) -> Asked:
        place = where or self.world.private_channel(who)
        asked = Asked(self.world.number(), place, who, f"token-{self.world.number()}", source)
        self.world.asked[asked.id] = asked
        allowed = self.world.permissions(place)
        command = {"id": "400"} if "name" in data else {}
        event = payloads.interaction(asked.id, asked.token, kind, command | data, place, who, allowed)
        if source is not None:
            event["message"] = source
        await self.gateway.dispatch("INTERACTION_CREATE", event, guild=place.get("guild_id"))
        return asked

    async def _say(self, text: str, where: Payload | None, who: Payload, mention: bool) -> Asked:
        place = where or self.world.private_channel(who)
        guild = place.get("guild_id")
        named = guild is not None and mention
        content = f"<@{ME['id']}> {text}".strip() if named else text
        made = self.world.post(place["id"], who, {"content": content}, mentions=[ME] if named else [])
        if guild is not None:
            made |= {"guild_id": guild, "member": {**payloads.member(who), "user": None}}
            del made["member"]["user"]
        asked = self.world.asked[made["id"]] = Asked(made["id"], place, who)
        await self.gateway.dispatch("MESSAGE_CREATE", made, guild=guild)
        return asked

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(PREFIX)
        if path.startswith("/gateway") and path != "/gateway/bot":
            return await self.gateway.handle(request)
        name = f"{request.method} {path}"
        body = await read(request)
        self.requests.append(Seen(name, body, time.monotonic(), request.headers.get("Proxy-Authorization")))
        self._notify()
        try:
            return await self._struck(request, name, lambda: self.rest.respond(request.method, path, body))
        finally:
            self._notify()

    async def _struck(
        self, request: web.Request, name: str, effect: Callable[[], Awaitable[web.Response]]
    ) -> web.Response:
        """The response, or what the first fault on the way makes of it."""
        fault = next((fault for fault in self.faults if fault.strikes(name)), Fault(name))
        if fault.delay:
            await asyncio.sleep(fault.delay)
        refused = fault.response()
        if refused is not None:
            return refused
        response = reply({}) if fault.cut == "before" else await effect()
        if fault.cut:
            cut(request)
        response.headers.update(self.headers)
        return response

    async def _serve(self, started: threading.Event) -> None:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"
        started.set()
        await self._stopped.wait()
        await runner.cleanup()
        # Transports close in the next rounds of the loop.
        await asyncio.sleep(0.02)

    def _run(self, started: threading.Event) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(started))

    def stop(self) -> None:
        """Close every connection."""
        self._loop.call_soon_threadsafe(self._stopped.set)


@contextmanager
def serving() -> Iterator[DiscordServer]:
    """A server on a free port of this machine."""
    server = DiscordServer()
    started = threading.Event()
    thread = threading.Thread(target=server._run, args=[started], daemon=True)
    thread.start()
    assert started.wait(PATIENCE)
    try:
        yield server
    finally:
        server.stop()
        thread.join(PATIENCE)


def _type(value: object) -> int:
    if isinstance(value, bool):
        return 5
    return 4 if isinstance(value, int) else 3


def _filled(row: Payload, given: Iterator[str]) -> Payload:
    """A row of a dialog as it comes back; inputs for which nothing is given stay empty."""

    def fill(part: Payload) -> Payload:
        return {"type": part["type"], "custom_id": part["custom_id"], "value": next(given, "")}

    if "component" in row:
        return {"type": row["type"], "component": fill(row["component"])}
    return {"type": row["type"], "components": [fill(part) for part in row["components"]]}
