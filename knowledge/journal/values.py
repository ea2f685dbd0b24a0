"""How values stand in the journal's columns."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any


def stamp(moment: datetime) -> str:
    """A moment as stored: ISO 8601 in UTC, so that texts compare as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def listed(passages: Sequence[str]) -> str:
    """Ids of passages as one text."""
    return json.dumps(list(passages))


def unlisted(passages: str) -> tuple[str, ...]:
    """The ids of passages in such a text."""
    return tuple(json.loads(passages))


def readable(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON values: its lists as lists, its truths as truths."""
    decode: dict[str, Callable[[Any], Any]] = {"passages": json.loads, "helpful": bool, "meaning": _base64}
    return {name: decode[name](value) if name in decode else value for name, value in row.items()}


def _base64(value: bytes | None) -> str | None:
    return b64encode(value).decode() if value else None
