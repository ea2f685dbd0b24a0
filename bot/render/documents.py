"""What admins see of documents that are added, held and removed: pure, within the platform's limits."""

from collections.abc import Collection, Mapping, Sequence

import discord
from discord import ButtonStyle

from bot.controls import Action, Control
from bot.render.buttons import add_button
from bot.render.complaints import complaint_rows, counts_text
from bot.render.knowledge import FIELD, count, when_text, who_text
from bot.render.pages import ANSWERED, UNSURE
from bot.render.text import block, escape, fit, flat, line, parted, plain
from bot.render.turning import handle, menu, numbered, sheets, turn, within
from knowledge.documents.entries import Held, Place, Removed, Upload

LOOKED_THROUGH = 40_000
"""Characters of a cleaned text that are shown page by page; all of it comes as a file."""
OF_A_PAGE = 2600
SHOWN = 4000
CHOICE = 100
CHOICES = 25
COMPLAINTS = 8

PLACES: Mapping[Place, str] = {
    "shipped": "comes with me",
    "added": "added by an admin",
    "folder": "from a folder of this machine",
    "gone": "its file is gone; it answers until the next publish",
}
WAITS = "it answers nothing before it is added, reindexed and published"
ADDED = "Added: {titles}. It answers as soon as a reindex that has it is published."
DROPPED = "Discarded: {title}. Nothing was kept of it."
REMOVED = (
    "Removed: {title}. It stops answering at the next publish. /knowledge restore brings it back{until}."
)
RESTORED = "Back among my documents: {title}. It answers as soon as a reindex that has it is published."


def upload_embed(upload: Upload, page: int) -> discord.Embed:
    """What was made of a file, before it counts: a page of the cleaned text, and what is wrong with it."""
    embed = discord.Embed(title=f"Not added yet: {_titles(upload)}", color=UNSURE)
    pages = upload_pages(upload)
    number = within(page, len(pages))
    headings = {name for found in upload.documents for part in found.sections for name in part.headings}
    embed.description = fit(_with_headings(pages[number], headings), SHOWN, str)
    counted = [count(upload.passages, "passage"), count(upload.words, "word")]
    if len(upload.documents) > 1:
        counted.insert(0, count(len(upload.documents), "document"))
    about = f"{' · '.join(counted)}\nfrom {line(upload.name, 120)}, by {who_text(upload.who)}"
    embed.add_field(name="What it is", value=fit(about, FIELD, str), inline=False)
    if len(upload.documents) == 1:
        origin = upload.documents[0].origin
        credit = f"{line(origin.author or 'author not stated', 300)}, {origin.date or 'date not stated'}"
        embed.add_field(name="Credited to", value=credit, inline=False)
    if upload.replaces:
        said = f"**{line(upload.replaces, 200)}**, which then no longer answers."
        embed.add_field(name="Takes the place of", value=said, inline=False)
    if upload.complaints:
        name = counts_text(upload.complaints)
        value = complaint_rows(upload.complaints, COMPLAINTS, FIELD)
        embed.add_field(name=name, value=value, inline=False)
    more = "the first part; all of it as a file" if len(upload.text) > LOOKED_THROUGH else ""
    embed.set_footer(text=numbered(number, len(pages), more, WAITS))
    return embed


def upload_pages(upload: Upload) -> list[str]:
    """The cleaned text in pieces that fit a message."""
    return parted(upload.text[:LOOKED_THROUGH], OF_A_PAGE)


def upload_buttons(upload: Upload, page: int, gap: str = "") -> discord.ui.View:
    """To read on, and to decide; `gap` is the key of what it was written for."""
    view = discord.ui.View(timeout=None)
    of = len(upload_pages(upload))
    turn(view, Action.UPLOAD, upload.key, within(page, of), of, row=0, before=f"{gap}~")
    add_button(view, Control(Action.ACCEPT, upload.key, gap), "Add", row=1, style=ButtonStyle.success)
    add_button(view, Control(Action.DROP, upload.key), "Discard", row=1)
    add_button(view, Control(Action.UPLOAD, upload.key, "file"), "As a file", row=1)
    return view


def reindex_button() -> discord.ui.View:
    """To have what was changed proposed at once."""
    view = discord.ui.View(timeout=None)
    add_button(view, Control(Action.REINDEX), "Reindex now", row=0, style=ButtonStyle.primary)
    return view


def added_text(upload: Upload) -> str:
    """That it was added, and what has to happen yet."""
    return ADDED.format(titles=_titles(upload))


def dropped_text(title: str) -> str:
    """That it was thrown away."""
    return DROPPED.format(title=line(title, 150))


def sources_embed(held: Sequence[Held], removed: int, page: int) -> discord.Embed:
    """All documents, a sheet of them."""
    embed = discord.Embed(title=count(len(held), "document"), color=ANSWERED)
    rows = [_held_row(one) for one in held]
    spread = sheets(rows)
    number = within(page, len(spread))
    embed.description = "\n".join(rows[at] for at in spread[number]) or "There are none yet."
    gone = f"{removed} removed, see /knowledge restore" if removed else ""
    if said := numbered(number, len(spread), gone):
        embed.set_footer(text=said)
    return embed


def sources_buttons(held: Sequence[Held], page: int) -> discord.ui.View:
    """To open one document, and to turn the sheets."""
    view = discord.ui.View(timeout=None)
    spread = sheets([_held_row(one) for one in held])
    number = within(page, len(spread))
    options = [(held[at].title, handle(held[at].id), held[at].id) for at in spread[number]]
    menu(view, Control(Action.DOCUMENT), "Open a document", options, row=0)
    turn(view, Action.SOURCES, "", number, len(spread), row=1)
    return view


def document_embed(held: Held) -> discord.Embed:
    """One document, and what is wrong with it."""
    embed = discord.Embed(title=line(held.title, 200), color=ANSWERED)
    rows = [f"Id: {line(held.id, 200)}", _facts(held)]
    embed.description = "\n".join(rows)
    if held.complaints:
        value = complaint_rows(held.complaints, COMPLAINTS, FIELD)
        embed.add_field(name=counts_text(held.complaints), value=value, inline=False)
        embed.set_footer(text="/knowledge lint tells what to do about each complaint")
    return embed


def document_buttons(held: Held) -> discord.ui.View:
    """To take its text along, and to remove it."""
    view = discord.ui.View(timeout=None)
    add_button(view, Control(Action.FILE, handle(held.id)), "Download", row=0)
    if held.place != "gone":
        add_button(view, Control(Action.REMOVE, handle(held.id)), "Remove …", row=0)
    return view


def remove_embed(held: Held) -> discord.Embed:
    """What would be removed, before somebody says yes."""
    embed = discord.Embed(title=f"Remove {line(held.title, 180)}?", color=UNSURE)
    embed.description = (
        f"Id: {line(held.id, 200)}\n{_facts(held)}\n\n"
        "It stops answering at the next publish; until then nothing changes for anybody."
    )
    return embed


def remove_buttons(held: Held) -> discord.ui.View:
    """Yes or no."""
    view = discord.ui.View(timeout=None)
    control = Control(Action.REMOVE, handle(held.id), "yes")
    add_button(view, control, "Remove", row=0, style=ButtonStyle.danger)
    add_button(view, Control(Action.LEAVE), "Leave it", row=0)
    return view


def removed_text(removed: Removed) -> str:
    """That it was taken out, and how it comes back."""
    until = f" until {when_text(removed.until, 'D')}" if removed.until else ""
    return REMOVED.format(title=line(removed.title, 150), until=until)


def restored_text(title: str) -> str:
    """That it is back."""
    return RESTORED.format(title=line(title, 150))


def choices(found: Sequence[tuple[str, str]], typed: str) -> list[tuple[str, str]]:
    """What to offer of documents (title, id) while somebody types: names and values that fit."""
    wanted = flat(typed).casefold()
    matching = [
        (title, name)
        for title, name in found
        if wanted in flat(title).casefold() or wanted in name.casefold()
    ]
    return [(plain(f"{title} ({name})", CHOICE), choice_value(name)) for title, name in matching[:CHOICES]]


def choice_value(name: str) -> str:
    """The id of a document, or what stands for it where Discord has no room for it."""
    return name if name == plain(name, CHOICE) else handle(name)


def _with_headings(text: str, headings: Collection[str]) -> str:
    """A piece of a cleaned text as a block quote, where headings are lines like others, in bold."""
    rows = text.splitlines()
    return "\n".join(f"> **{escape(row)}**" if row in headings else block(row) or ">" for row in rows)


def _held_row(held: Held) -> str:
    marks = [] if held.indexed else ["not indexed yet"]
    complaints = counts_text(held.complaints)
    facts = [
        line(held.id, 80),
        count(held.passages, "passage"),
        count(held.words, "word"),
        held.changed or "no date",
        PLACES[held.place],
        *marks,
    ]
    row = f"**{line(held.title, 120)}**" + (f" – {complaints}" if complaints else "")
    return f"{row}\n-# {' · '.join(facts)}"


def _facts(held: Held) -> str:
    changed = f"last changed {held.changed}" if held.changed else "no date known"
    indexed = "" if held.indexed else "\nNot indexed yet: it answers nothing before a reindex is published."
    return (
        f"{count(held.passages, 'passage')} · {count(held.words, 'word')} · {changed}\n"
        f"{PLACES[held.place].capitalize()}.{indexed}"
    )


def _titles(upload: Upload) -> str:
    titles = [line(document.title, 120) for document in upload.documents[:1]]
    more = f" and {len(upload.documents) - 1:,} more" if len(upload.documents) > 1 else ""
    return f"{titles[0] if titles else line(upload.name, 120)}{more}"
