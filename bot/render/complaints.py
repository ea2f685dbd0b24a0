"""What admins see of a lint: how much of what, file by file, and what to do about it: pure."""

from collections.abc import Iterable, Mapping, Sequence

import discord

from bot.controls import Action, Control
from bot.render.buttons import add_button
from bot.render.knowledge import count
from bot.render.pages import ANSWERED, UNSURE
from bot.render.text import fit, line
from bot.render.turning import handle, menu, numbered, sheets, turn, within
from knowledge.entities import Complaint, Severity
from knowledge.linting.reports import FileReport, LintReport

TITLE = 200
NOTHING = "Nothing to complain about."
COLORS: Mapping[Severity | None, discord.Color] = {
    "error": discord.Color(0xB3261E),
    "warning": UNSURE,
    "note": ANSWERED,
    None: ANSWERED,
}
_SIGNS: Mapping[Severity, str] = {"error": "⛔", "warning": "⚠️", "note": "-"}


def counts_text(complaints: Iterable[Complaint]) -> str:
    """How many there are of each severity: "1 error, 3 notes"; or ""."""
    found = [complaint.severity for complaint in complaints]
    kinds: tuple[Severity, ...] = ("error", "warning", "note")
    return ", ".join(count(found.count(kind), kind) for kind in kinds if kind in found)


def lint_embed(report: LintReport, page: int) -> discord.Embed:
    """Which files have something wrong with them, the gravest first, a sheet of them."""
    head = counts_text(report.complaints) or NOTHING.rstrip(".")
    embed = discord.Embed(
        title=f"{head} in {count(report.documents, 'document')}", color=COLORS[report.worst]
    )
    rows = _file_rows(report)
    spread = sheets(rows)
    number = within(page, len(spread))
    embed.description = "\n".join(rows[at] for at in spread[number]) or None
    if said := numbered(number, len(spread)):
        embed.set_footer(text=said)
    return embed


def lint_buttons(report: LintReport, key: str, page: int) -> discord.ui.View:
    """To open a file's complaints, to turn the sheets, and to take all of it along."""
    view = discord.ui.View(timeout=None)
    files = report.by_document()
    spread = sheets(_file_rows(report))
    number = within(page, len(spread))
    options = [(files[at].path, handle(files[at].path), _counts_of(files[at])) for at in spread[number]]
    menu(view, Control(Action.COMPLAINTS, key), "Open a file's complaints", options, row=0)
    turn(view, Action.LINT, key, number, len(spread), row=1)
    if files:
        add_button(view, Control(Action.LINT, key, "file"), "As a file", row=2)
    return view


def file_embed(found: FileReport, page: int) -> discord.Embed:
    """What is wrong with one file, and what its author can do about it."""
    embed = discord.Embed(title=line(found.path, TITLE), color=COLORS[found.worst])
    rows = _complaint_rows(found)
    spread = sheets(rows)
    number = within(page, len(spread))
    embed.description = "\n".join(rows[at] for at in spread[number])
    if said := numbered(number, len(spread), _counts_of(found)):
        embed.set_footer(text=said)
    return embed


def file_buttons(found: FileReport, key: str, page: int) -> discord.ui.View:
    """To turn the sheets of one file's complaints."""
    view = discord.ui.View(timeout=None)
    of = len(sheets(_complaint_rows(found)))
    turn(view, Action.COMPLAINTS, key, within(page, of), of, row=0, before=f"{handle(found.path)}.")
    return view


def complaint_rows(complaints: Sequence[Complaint], most: int, room: int) -> str:
    """The gravest of some complaints in a line each, and how many more there are."""
    ranked = sorted(complaints, key=lambda one: (list(_SIGNS).index(one.severity), one.line or 0))
    rows: list[str] = []
    for complaint in ranked[:most]:
        row = f"{_SIGNS[complaint.severity]} {_place(complaint)}{line(complaint.message, 220)}"
        if sum(len(kept) + 1 for kept in rows) + len(row) > room - 30:
            break
        rows.append(row)
    if len(rows) < len(complaints):
        rows.append(f"-# and {len(complaints) - len(rows):,} more")
    return fit("\n".join(rows), room, str)


def _file_rows(report: LintReport) -> list[str]:
    return [_file_row(found) for found in report.by_document()]


def _file_row(found: FileReport) -> str:
    row = f"**{line(found.path, 120)}** – {_counts_of(found)}"
    if found.complaints:
        first = min(found.complaints, key=lambda one: list(_SIGNS).index(one.severity))
        row += f"\n-# {_place(first)}{line(first.message, 160)}"
    return row


def _counts_of(found: FileReport) -> str:
    return counts_text((*found.complaints, *found.left_out))


def _complaint_rows(found: FileReport) -> list[str]:
    """One row for each complaint; a hint stands under the first it is for."""
    rows: list[str] = []
    hints: set[str] = set()
    for complaint in found.complaints:
        row = f"{_SIGNS[complaint.severity]} {_place(complaint)}{line(complaint.message, 600)}"
        if complaint.hint not in hints:
            row += f"\n-# → {line(complaint.hint, 300)}"
        hints.add(complaint.hint)
        rows.append(row)
    if found.left_out:
        rows.append(f"-# left out: {line(found.left_out_text, 600)}")
    return rows or [NOTHING]


def _place(complaint: Complaint) -> str:
    if not complaint.line:
        return ""
    more = f", {complaint.times} times" if complaint.times > 1 else ""
    return f"line {complaint.line}{more}: "
