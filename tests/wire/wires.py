"""Faults on the way: what a request meets before or after it has taken effect."""

import asyncio
import json
import socket
import struct
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from aiohttp import web

VIA = {"Via": "1.1 google"}


@dataclass
class Fault:
    """What the next `times` requests to the route meet; `*` stands for any part of its path."""

    route: str
    times: int = 1
    status: int = 0
    delay: float = 0.0
    retry_after: float = 0.0
    everywhere: bool = False
    by_edge: bool = True
    cut: Literal["", "before", "after"] = ""
    met: int = 0

    def strikes(self, name: str) -> bool:
        """Whether it meets this request; counts it then."""
        if self.met >= self.times or not fnmatchcase(name, self.route):
            return False
        self.met += 1
        return True

    def response(self) -> web.Response | None:
        if self.status == 429:
            return limited(self.retry_after, everywhere=self.everywhere, by_edge=self.by_edge)
        return refusal(self.status, 0, "no") if self.status else None


def limited(seconds: float, *, everywhere: bool = False, by_edge: bool = True) -> web.Response:
    """Too many requests; without the mark of the edge it is a ban."""
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere}
    scope = {"X-RateLimit-Global": "true"} if everywhere else {}
    headers = {
        "Retry-After": str(max(1, round(seconds))),
        "X-RateLimit-Scope": "global" if everywhere else "user",
        **scope,
        **(VIA if by_edge else {}),
    }
    return reply(body, status=429, headers=headers)


def refusal(status: int, code: int, message: str, **extra: Any) -> web.Response:
    return reply({"message": message, "code": code, **extra}, status=status)


def reply(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # The client recognises JSON by exactly this header, without a charset.
    kind = {"Content-Type": "application/json"}
    return web.Response(body=json.dumps(data).encode(), status=status, headers=kind | (headers or {}))


def cut(request: web.Request) -> None:
    """Reset the connection, as a machine that has lost its state does."""
    transport = request.transport
    if not isinstance(transport, asyncio.Transport):
        return
    wire = transport.get_extra_info("socket")
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
