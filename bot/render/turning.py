"""What lists that go over several messages share: sheets, buttons to turn them, menus, handles: pure."""

import hashlib
from collections.abc import Sequence

import discord

from bot.controls import Action, Control, Pressed
from bot.render.buttons import LABEL, OPTION, OPTIONS, add_button
from bot.render.text import plain, size

OF_A_SHEET = 10
ROOM = 3800
"""Units of a sheet; an embed's description holds 4,096."""


def handle(name: str) -> str:
    """Stands for a name of any length and script in a custom id or a menu."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def sheets(rows: Sequence[str], *, most: int = OF_A_SHEET, room: int = ROOM) -> list[range]:
    """Which rows go together on a sheet; there is at least one sheet, if only an empty one."""
    found: list[range] = []
    first, left = 0, room
    for number, row in enumerate(rows):
        left -= size(row) + 1
        if number > first and (left < 0 or number - first == most):
            found.append(range(first, number))
            first, left = number, room - size(row) - 1
    return [*found, range(first, len(rows))]


def within(number: int, of: int) -> int:
    """The page asked for, or the last one there still is."""
    return max(0, min(number, of - 1))


def page_of(text: str) -> int:
    """The page that a custom id names; the first where it names none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def turn(
    view: discord.ui.View, action: Action, key: str, page: int, of: int, *, row: int, before: str = ""
) -> None:
    """To the page before and the page after; `before` stands before the number in what the buttons carry."""
    if page > 0:
        add_button(view, Control(action, key, f"{before}{page - 1}"), f"‹ Page {page}", row=row)
    if page + 1 < of:
        control = Control(action, key, f"{before}{page + 1}")
        add_button(view, control, f"Page {page + 2} of {of} ›", row=row)


def menu(
    view: discord.ui.View,
    control: Control,
    placeholder: str,
    options: Sequence[tuple[str, str, str]],
    *,
    row: int,
) -> None:
    """Things to open by choosing: what each is called, what stands for it, and what is said below it."""
    if not options:
        return
    listed = [
        discord.SelectOption(
            label=plain(label, OPTION) or "…", value=value, description=plain(said, OPTION) or None
        )
        for label, value, said in options[:OPTIONS]
    ]
    chooser: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=str(control), placeholder=plain(placeholder, LABEL), options=listed, row=row
    )
    view.add_item(Pressed(chooser))


def numbered(page: int, of: int, *said: str) -> str:
    """What stands below a sheet."""
    return " · ".join([*([f"page {page + 1} of {of}"] if of > 1 else []), *filter(None, said)])


def cut_into(text: str, limit: int, most: int) -> tuple[list[bytes], bool]:
    """A text as files of at most `limit` bytes, cut between lines if possible; False if more is left."""
    data = text.encode("utf-8", "replace")
    parts: list[bytes] = []
    start = 0
    while start < len(data) and len(parts) < most:
        end = min(len(data), start + limit)
        if end < len(data):
            line_end = data.rfind(b"\n", start, end) + 1
            end = line_end if line_end > start else _whole(data, start, end)
        parts.append(data[start:end])
        start = end
    return parts or [b""], start >= len(data)


def _whole(data: bytes, start: int, end: int) -> int:
    """Where a character begins, so that none is torn apart."""
    while end > start + 1 and data[end] & 0xC0 == 0x80:
        end -= 1
    return end
