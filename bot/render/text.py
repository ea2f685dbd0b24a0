"""Text from documents and people made fit to be shown: escaped, counted as Discord counts, cut at words."""

import re
from bisect import bisect_right
from collections.abc import Callable

# "://" is split so that an address is readable but not clickable; "#" covers headings and small print.
_LIVE = re.compile(r"[\\*_~`|<>\[\]@#]|:(?=//)")
# Control characters, halves of characters, and marks that turn the direction of the line around.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """The text with a backslash before everything Discord would act on."""
    return _LIVE.sub(r"\\\g<0>", _UNSEEN.sub("", text))


def size(text: str) -> int:
    """Length in UTF-16 units, the larger of the two ways in which Discord counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def flat(text: str) -> str:
    """The text on one line, without what nobody can see."""
    return " ".join(_UNSEEN.sub("", text).split())


def plain(text: str, room: int) -> str:
    """One line of at most `room` units for places where Discord reads no markdown: labels, footers."""
    return fit(flat(text), room, str)


def line(text: str, room: int) -> str:
    """One escaped line of at most `room` units."""
    return fit(flat(text), room, escape)


def block(text: str) -> str:
    """The text as a block quote, line by line."""
    return "\n".join(f"> {escape(row)}" for row in text.splitlines())


def fit(text: str, room: int, dress: Callable[[str], str]) -> str:
    """All of the text, or as many whole words as fit and "…"; a word that is too long alone is cut."""
    if size(dress(text)) <= room:
        return dress(text)
    for pattern in (r"\S+", r"."):
        ends = [match.end() for match in re.finditer(pattern, text, re.DOTALL)]
        kept = bisect_right(ends, room, key=lambda end: size(dress(f"{text[:end]} …")))
        if kept:
            return dress(f"{text[: ends[kept - 1]]} …")
    return dress("…")


_BREAKS = (r"\n(?=- |\d+\. )", r"\n", r"(?<=[.!?])\s+", r"\s+", r"")
"""Where a text may be parted: before a list item, a line, a sentence, a word; anywhere if it must be."""


def parted(text: str, room: int) -> list[str]:
    """The text in pieces of which each, as a block quote, takes at most `room` units.

    A list is parted between its items, prose between sentences; a word is cut only if it fits no message.
    """
    pieces: list[str] = []
    rest = text.strip()
    # A text is never shorter than its characters: the long ones need no measuring.
    while len(rest) > room or size(block(rest)) > room:
        end = _last_break(rest, room)
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip("\n ")
    return [*pieces, rest] if rest or not pieces else pieces


def _last_break(text: str, room: int) -> int:
    # No text gets shorter by being quoted: what is beyond the room need not be looked at.
    near = text[: room + 1]
    for pattern in _BREAKS:
        ends = [match.start() for match in re.finditer(pattern, near) if match.start()]
        kept = bisect_right(ends, room, key=lambda end: size(block(text[:end])))
        if kept:
            return ends[kept - 1]
    return 1
