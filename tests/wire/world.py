"""What the loopback Discord knows: places, messages, what people did and what became visible to them."""

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.wire import payloads
from tests.wire.payloads import Payload

UPDATES = frozenset({6, 7})
"""Responses that leave or change the message whose button was pressed."""

THINKING = 5


@dataclass
class Asked:
    """One thing a person did, and what they have seen of it since."""

    id: str
    where: Payload
    who: Payload
    token: str = ""
    source: Payload | None = None
    at: float = field(default_factory=time.monotonic)
    acked: float | None = None
    late: float | None = None
    response: Payload | None = None
    original: str | None = None
    shown: list[Payload] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        """Whether they have seen anything: an answer, a sentence, a dialog, choices."""
        return bool(self.shown)

    @property
    def seen(self) -> Payload:
        """What they see now."""
        return self.shown[-1]

    @property
    def custom_ids(self) -> dict[str, str]:
        """The buttons and lists they see now: label or placeholder, and what is sent when it is used."""
        parts = [part for row in self.seen.get("components") or [] for part in row.get("components", [])]
        return {
            str(part.get("label") or part.get("placeholder") or part["custom_id"]): part["custom_id"]
            for part in parts
            if "custom_id" in part
        }


@dataclass
class World:
    """Guilds, channels, messages and what was asked."""

    guilds: dict[str, Payload] = field(default_factory=dict)
    channels: dict[str, Payload] = field(default_factory=dict)
    messages: dict[str, Payload] = field(default_factory=dict)
    nonces: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)
    commands: list[Payload] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1000))

    def number(self) -> str:
        return str(next(self._numbers))

    def add_guild(self, name: str, *channels: str) -> Payload:
        id_ = self.number()
        made = [payloads.channel(self.number(), channel, id_) for channel in channels]
        self.channels |= {channel["id"]: channel for channel in made}
        self.guilds[id_] = payloads.guild(id_, name, made)
        return self.guilds[id_]

    def add_channel(
        self, guild: Payload, name: str, *, denied: int = 0, parent: str | None = None
    ) -> Payload:
        made = payloads.channel(self.number(), name, guild["id"], denied=denied, parent=parent)
        guild["channels" if parent is None else "threads"].append(made)
        self.channels[made["id"]] = made
        return made

    def private_channel(self, who: Payload) -> Payload:
        for channel in self.channels.values():
            if channel["type"] == payloads.DM and channel["recipients"] == [who]:
                return channel
        made = payloads.private_channel(self.number(), who)
        self.channels[made["id"]] = made
        return made

    def permissions(self, where: Payload) -> int:
        """What the bot may do there."""
        if where["type"] == payloads.DM:
            return payloads.EVERYTHING
        source = self.channels.get(where["parent_id"]) if where["parent_id"] else None
        overwrites = (source or where)["permission_overwrites"]
        denied = sum(int(overwrite["deny"]) for overwrite in overwrites)
        return payloads.EVERYTHING & ~denied

    def by_token(self, token: str) -> Asked | None:
        return next((asked for asked in self.asked.values() if asked.token == token), None)

    def post(self, where: str, author: Payload, body: Payload, **extra: Any) -> Payload:
        made = payloads.message(self.number(), where, author, body, **extra)
        self.messages[made["id"]] = made
        return made

    def edit(self, id_: str, body: Payload) -> Payload:
        """Change what the body names, as an edit does."""
        kept = {name: value for name, value in body.items() if name in ("content", "embeds", "components")}
        self.messages[id_] |= {
            name: value or ("" if name == "content" else []) for name, value in kept.items()
        }
        self.messages[id_]["edited_timestamp"] = payloads.now()
        return self.messages[id_]

    def answered(self, body: Payload, where: Payload) -> Asked | None:
        """The question a message belongs to: the one it replies to, else the oldest open one there.

        A private message may also answer what could not be answered where it was asked.
        """
        reference = (body.get("message_reference") or {}).get("message_id")
        if reference is not None and str(reference) in self.asked:
            return self.asked[str(reference)]
        open_ = [
            asked for asked in self.asked.values() if not asked.ended and (not asked.token or asked.late)
        ]
        here = [asked for asked in open_ if asked.where["id"] == where["id"]]
        theirs = [asked for asked in open_ if [asked.who] == where.get("recipients")]
        return next(iter([*here, *theirs]), None)
