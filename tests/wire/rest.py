"""The REST side of the loopback Discord: interactions with their deadlines, webhooks, channels."""

import json
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.limits import choice_violations, message_violations, modal_violations
from tests.wire import payloads
from tests.wire.payloads import ME, Payload
from tests.wire.wires import refusal, reply
from tests.wire.world import THINKING, UPDATES, Asked, World

EPHEMERAL = 1 << 6
Handler = Callable[..., Awaitable[web.Response]]


class Refused(Exception):
    """Discord's answer to a request that it does not carry out."""

    def __init__(self, status: int, code: int, message: str, problems: Iterable[str] = ()) -> None:
        super().__init__(message)
        extra = {"errors": {"_errors": [{"code": "INVALID", "message": text} for text in problems]}}
        self.response = refusal(status, code, message, **(extra if problems else {}))


@dataclass
class Rest:
    """Carries out requests; `tell` sends what follows from them over the gateway."""

    world: World
    tell: Callable[[str, Any, str | None], Awaitable[bool]]
    gateway: Callable[[], Payload]
    deadline: float = 3.0
    token_life: float = 900.0
    violations: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    async def respond(self, method: str, path: str, body: Any) -> web.Response:
        for pattern, name in _ROUTES:
            found = re.fullmatch(pattern, f"{method} {path}")
            if found:
                try:
                    handler: Handler = getattr(self, name)
                    return await handler(body, **found.groupdict())
                except Refused as refused:
                    return refused.response
        self.unknown.append(f"{method} {path}")
        return refusal(404, 0, "404: Not Found")

    # --- logging in -----------------------------------------------------------------------------------------

    async def me(self, _: Any) -> web.Response:
        return reply(ME)

    async def application(self, _: Any) -> web.Response:
        return reply(payloads.application())

    async def gateway_bot(self, _: Any) -> web.Response:
        return reply(self.gateway())

    async def commands(self, body: list[Payload], app: str) -> web.Response:
        extra = {"application_id": app, "version": "1", "default_member_permissions": None}
        known = [{"description": "", **command, **extra} for command in body]
        self.world.commands = [{**command, "id": str(400 + place)} for place, command in enumerate(known)]
        return reply(self.world.commands)

    # --- interactions ---------------------------------------------------------------------------------------

    async def callback(self, body: Payload, id: str, token: str) -> web.Response:  # noqa: A002  # as in the path
        asked = self.world.asked.get(id)
        after = time.monotonic() - asked.at if asked else 0.0
        if asked is None or asked.token != token or after > self.deadline:
            if asked is not None:
                asked.late = after
            raise Refused(404, 10062, "Unknown interaction")
        if asked.acked is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        self._check_response(body)
        asked.acked, asked.response = after, body
        return reply(await self._carry_out(asked, body["type"], body.get("data") or {}))

    def _check_response(self, body: Payload) -> None:
        kind, data = body["type"], body.get("data") or {}
        if kind in (4, 7):
            self._refuse(message_violations(data, edit=kind == 7))
        elif kind == 8:
            self._refuse(choice_violations(data.get("choices") or []))
        elif kind == 9:
            self._refuse(modal_violations(data))

    async def _carry_out(self, asked: Asked, kind: int, data: Payload) -> Payload:
        result: Payload = {"interaction": {"id": asked.id, "type": 2}}
        private = data.get("flags", 0) & EPHEMERAL
        if kind == THINKING:
            result["interaction"] |= {
                "response_message_loading": True,
                "response_message_ephemeral": bool(private),
            }
        elif kind in UPDATES and asked.source:
            asked.original = asked.source["id"]
            if kind == 7:
                result["resource"] = {
                    "type": kind,
                    "message": self._show_edit(asked, asked.source["id"], data),
                }
        elif kind == 4:
            result["resource"] = {"type": kind, "message": await self._show_original(asked, data)}
        elif kind in (8, 9):
            asked.shown.append(data)
        return result

    # --- what follows an interaction ------------------------------------------------------------------------

    async def follow_up(self, body: Payload, token: str) -> web.Response:
        asked = self._of(token)
        self._refuse(message_violations(body))
        if self._is_thinking(asked):
            # The first one takes the place of "thinking", and is as private as that was.
            return reply(await self._show_original(asked, body))
        made = self.world.post(asked.where["id"], ME, body)
        asked.shown.append(dict(made))
        await self._echo(asked, made)
        return reply(made)

    async def edit_original(self, body: Payload, token: str) -> web.Response:
        asked = self._of(token)
        if self._is_thinking(asked):
            self._refuse(message_violations(body))
            return reply(await self._show_original(asked, body))
        self._refuse(message_violations(body, edit=True))
        return reply(self._show_edit(asked, self._known(asked.original), body))

    async def edit_follow_up(self, body: Payload, token: str, message: str) -> web.Response:
        asked = self._of(token)
        self._refuse(message_violations(body, edit=True))
        return reply(self._show_edit(asked, self._known(message), body))

    async def get_original(self, _: Any, token: str) -> web.Response:
        return reply(self.world.messages[self._known(self._of(token).original)])

    async def delete_original(self, _: Any, token: str) -> web.Response:
        asked = self._of(token)
        if not self._is_thinking(asked):
            del self.world.messages[self._known(asked.original)]
        # Remembered, so that it counts as unknown from now on and not as thinking.
        asked.original = "deleted"
        return web.Response(status=204)

    async def delete_follow_up(self, _: Any, token: str, message: str) -> web.Response:
        self._of(token)
        del self.world.messages[self._known(message)]
        return web.Response(status=204)

    def _of(self, token: str) -> Asked:
        asked = self.world.by_token(token)
        if asked is None or asked.acked is None:
            raise Refused(404, 10015, "Unknown Webhook")
        if time.monotonic() - asked.at > self.token_life:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return asked

    def _is_thinking(self, asked: Asked) -> bool:
        return (asked.response or {}).get("type") == THINKING and asked.original is None

    def _known(self, message: str | None) -> str:
        if message is None or message not in self.world.messages:
            raise Refused(404, 10008, "Unknown Message")
        return message

    async def _show_original(self, asked: Asked, data: Payload) -> Payload:
        first = (asked.response or {}).get("data") or {}
        made = self.world.post(asked.where["id"], ME, {**data, "flags": first.get("flags", 0)})
        asked.original = made["id"]
        asked.shown.append(dict(made))
        await self._echo(asked, made)
        return made

    def _show_edit(self, asked: Asked, message: str, data: Payload) -> Payload:
        changed = self.world.edit(message, data)
        asked.shown.append(dict(changed))
        return changed

    async def _echo(self, asked: Asked, made: Payload) -> None:
        if not made["flags"] & EPHEMERAL:
            await self._tell("MESSAGE_CREATE", made, asked.where)

    # --- channels -------------------------------------------------------------------------------------------

    async def post(self, body: Payload, channel: str) -> web.Response:
        where = self._writable(channel, embeds=bool(body.get("embeds")))
        self._refuse(message_violations(body))
        reference = body.get("message_reference") or {}
        if reference:
            self._check_reference(reference, where)
        nonce = body.get("nonce") if body.get("enforce_nonce") else None
        if nonce in self.world.nonces:
            return reply(self.world.messages[self.world.nonces[nonce]])
        made = self.world.post(channel, ME, body, type=19 if reference else 0)
        if nonce is not None:
            self.world.nonces[nonce] = made["id"]
        asked = self.world.answered(body, where)
        if asked is not None:
            asked.shown.append(dict(made))
        await self._tell("MESSAGE_CREATE", made, where)
        return reply(made)

    async def edit(self, body: Payload, channel: str, message: str) -> web.Response:
        self._writable(channel, embeds=bool(body.get("embeds")))
        self._refuse(message_violations(body, edit=True))
        changed = self.world.edit(self._known(message), body)
        for asked in self.world.asked.values():
            if asked.shown and asked.shown[-1].get("id") == message:
                asked.shown.append(dict(changed))
        return reply(changed)

    async def get(self, _: Any, channel: str, message: str) -> web.Response:
        self._channel(channel)
        return reply(self.world.messages[self._known(message)])

    async def delete(self, _: Any, channel: str, message: str) -> web.Response:
        self._channel(channel)
        del self.world.messages[self._known(message)]
        return web.Response(status=204)

    async def get_channel(self, _: Any, channel: str) -> web.Response:
        return reply(self._channel(channel))

    async def typing(self, _: Any, channel: str) -> web.Response:
        self._writable(channel)
        return web.Response(status=204)

    async def react(self, _: Any, channel: str, message: str) -> web.Response:
        self._channel(channel)
        self._known(message)
        return web.Response(status=204)

    async def private(self, body: Payload) -> web.Response:
        people = {who["id"]: who for who in (payloads.ADA, payloads.BOB)}
        return reply(self.world.private_channel(people[str(body["recipient_id"])]))

    def _channel(self, id_: str) -> Payload:
        if id_ not in self.world.channels:
            raise Refused(404, 10003, "Unknown Channel")
        return self.world.channels[id_]

    def _writable(self, id_: str, *, embeds: bool = False) -> Payload:
        where = self._channel(id_)
        allowed = self.world.permissions(where)
        if not allowed & payloads.VIEW:
            raise Refused(403, 50001, "Missing Access")
        sending = payloads.SEND_IN_THREADS if where["type"] == payloads.THREAD else payloads.SEND
        if not allowed & sending or (embeds and not allowed & payloads.EMBED):
            raise Refused(403, 50013, "Missing Permissions")
        return where

    def _check_reference(self, reference: Payload, where: Payload) -> None:
        if not self.world.permissions(where) & payloads.HISTORY:
            raise Refused(400, 160002, "Cannot reply without permission to read message history")
        known = str(reference["message_id"]) in self.world.messages
        if not known and reference.get("fail_if_not_exists", True):
            raise Refused(400, 50035, "Invalid Form Body", ["message_reference: Unknown message"])

    def _refuse(self, problems: list[str]) -> None:
        if problems:
            self.violations.extend(problems)
            code = 50006 if problems == ["message: is empty"] else 50035
            raise Refused(400, code, "Invalid Form Body", problems)

    async def _tell(self, event: str, data: Payload, where: Payload) -> None:
        guild = where.get("guild_id")
        await self.tell(event, {**data, "guild_id": guild} if guild else data, guild)


async def read(request: web.Request) -> Any:
    """What a request carries; of a form its JSON part."""
    if not request.can_read_body:
        return None
    if request.content_type == "application/json":
        return await request.json()
    form = await request.post()
    files = {name: value.filename for name, value in form.items() if isinstance(value, web.FileField)}
    return {**json.loads(str(form["payload_json"])), "files": files}


_HOOK = r"/webhooks/\d+/(?P<token>[^/]+)"
_CHANNEL = r"/channels/(?P<channel>\d+)"
_MESSAGE = rf"{_CHANNEL}/messages/(?P<message>\d+)"
_ROUTES = (
    (r"GET /users/@me", "me"),
    (r"GET /oauth2/applications/@me", "application"),
    (r"GET /gateway/bot", "gateway_bot"),
    (r"PUT /applications/(?P<app>\d+)/commands", "commands"),
    (r"POST /users/@me/channels", "private"),
    (r"POST /interactions/(?P<id>\d+)/(?P<token>[^/]+)/callback", "callback"),
    (rf"POST {_HOOK}", "follow_up"),
    (rf"GET {_HOOK}/messages/@original", "get_original"),
    (rf"PATCH {_HOOK}/messages/@original", "edit_original"),
    (rf"DELETE {_HOOK}/messages/@original", "delete_original"),
    (rf"PATCH {_HOOK}/messages/(?P<message>\d+)", "edit_follow_up"),
    (rf"DELETE {_HOOK}/messages/(?P<message>\d+)", "delete_follow_up"),
    (rf"POST {_CHANNEL}/messages", "post"),
    (rf"GET {_MESSAGE}", "get"),
    (rf"PATCH {_MESSAGE}", "edit"),
    (rf"DELETE {_MESSAGE}", "delete"),
    (rf"PUT {_MESSAGE}/reactions/[^/]+/@me", "react"),
    (rf"POST {_CHANNEL}/typing", "typing"),
    (rf"GET {_CHANNEL}", "get_channel"),
)
