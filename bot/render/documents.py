"""What admins see of documents that are added, held and removed: pure, within the platform's limits."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

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
from knowledge.entities import Origin

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
}


class Standing(StrEnum):
    """How what is read stands to what answers now."""

    NOW = ""
    OLDER = "its earlier text answers until the next publish"
    NOT_YET = "it answers nothing before the next publish"
    REMOVED = "it was removed, and answers until the next publish"
    GONE = "its file is gone, and it answers until the next publish"


WAITS = "It answers nothing before it is added, reindexed and published."
ADDED = "Added: {titles}. It answers as soon as a reindex that has it is published{gap}."
FOR_GAP = ", and the gap it was written for is closed then"
DROPPED = "Discarded: {title}. Nothing was kept of it."
REMOVED = (
    "Removed: {title}. It stops answering at the next publish. /knowledge restore brings it back{until}."
)
REMOVED_UNUSED = "Removed: {title}. It answered nothing yet. /knowledge restore brings it back{until}."
ALREADY = "{title} is not among my documents any more: {standing}. /knowledge restore lists what was removed."
STOPS = "It stops answering at the next publish; until then nothing changes for anybody."
NEVER_BEGAN = "It answers nothing yet, so nothing changes for anybody."
STILL = "Back among my documents: {title}. What answers now still has it, so nothing needs to be published."
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
        embed.add_field(name="Credited to", value=_credit(upload.documents[0].origin), inline=False)
    if upload.replaces:
        said = f"**{line(upload.replaces, 200)}** as it is now, whose text then answers no more."
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


def added_text(upload: Upload, gap: str = "") -> str:
    """That it was added, and what has to happen yet; `gap` is the key of what it was written for."""
    return ADDED.format(titles=_titles(upload), gap=FOR_GAP if gap else "")


def standing_of(held: Held, answering: Collection[str], removed: Collection[str]) -> Standing:
    """How a document stands, by the ids of what answers now and of what was removed."""
    if held.place == "gone":
        return Standing.REMOVED if held.id in removed else Standing.GONE
    if held.indexed:
        return Standing.NOW
    return Standing.OLDER if held.id in answering else Standing.NOT_YET


def dropped_text(title: str) -> str:
    """That it was thrown away."""
    return DROPPED.format(title=line(title, 150))


Standings = Mapping[str, Standing]
"""How documents stand, by their ids."""


def sources_embed(held: Sequence[Held], standings: Standings, removed: int, page: int) -> discord.Embed:
    """All documents, a sheet of them."""
    embed = discord.Embed(title=count(len(held), "document"), color=ANSWERED)
    rows = [_held_row(one, standings) for one in held]
    spread = sheets(rows)
    number = within(page, len(spread))
    embed.description = "\n".join(rows[at] for at in spread[number]) or "There are none yet."
    gone = f"{removed} removed, see /knowledge restore" if removed else ""
    if said := numbered(number, len(spread), gone):
        embed.set_footer(text=said)
    return embed


def sources_buttons(held: Sequence[Held], standings: Standings, page: int) -> discord.ui.View:
    """To open one document, and to turn the sheets."""
    view = discord.ui.View(timeout=None)
    spread = sheets([_held_row(one, standings) for one in held])
    number = within(page, len(spread))
    options = [(held[at].title, handle(held[at].id), held[at].id) for at in spread[number]]
    menu(view, Control(Action.DOCUMENT), "Open a document", options, row=0)
    turn(view, Action.SOURCES, "", number, len(spread), row=1)
    return view


def document_embed(held: Held, standing: Standing) -> discord.Embed:
    """One document, and what is wrong with it."""
    embed = discord.Embed(title=line(held.title, 200), color=ANSWERED)
    rows = [f"Id: {line(held.id, 200)}", _facts(held, standing)]
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


def remove_embed(held: Held, standing: Standing) -> discord.Embed:
    """What would be removed, before somebody says yes."""
    embed = discord.Embed(title=f"Remove {line(held.title, 180)}?", color=UNSURE)
    said = NEVER_BEGAN if standing is Standing.NOT_YET else STOPS
    embed.description = f"Id: {line(held.id, 200)}\n{_facts(held, Standing.NOW)}\n\n{said}"
    return embed


def remove_buttons(held: Held) -> discord.ui.View:
    """Yes or no."""
    view = discord.ui.View(timeout=None)
    control = Control(Action.REMOVE, handle(held.id), "yes")
    add_button(view, control, "Remove", row=0, style=ButtonStyle.danger)
    add_button(view, Control(Action.LEAVE), "Leave it", row=0)
    return view


def removed_text(removed: Removed, standing: Standing) -> str:
    """That it was taken out, and how it comes back."""
    until = f" until {when_text(removed.until, 'D')}" if removed.until else ""
    said = REMOVED_UNUSED if standing is Standing.NOT_YET else REMOVED
    return said.format(title=line(removed.title, 150), until=until)


def already_text(held: Held, standing: Standing) -> str:
    """That there is nothing to remove."""
    return ALREADY.format(title=line(held.title, 150), standing=standing)


def restored_text(title: str, standing: Standing) -> str:
    """That it is back."""
    return (STILL if standing is Standing.NOW else RESTORED).format(title=line(title, 150))


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
    return "\n".join(f"> **{escape(row)}**" if row in headings else block(row) or "> " for row in rows)


def _held_row(held: Held, standings: Standings) -> str:
    complaints = counts_text(held.complaints)
    facts = [
        line(held.id, 80),
        count(held.passages, "passage"),
        count(held.words, "word"),
        *([f"changed {held.changed}"] if held.changed else []),
        *([PLACES[held.place]] if held.place in PLACES else []),
        *filter(None, [standings.get(held.id, Standing.NOW)]),
    ]
    row = f"**{line(held.title, 120)}**" + (f" – {complaints}" if complaints else "")
    return f"{row}\n-# {' · '.join(facts)}"


def _facts(held: Held, standing: Standing) -> str:
    sizes = [count(held.passages, "passage"), count(held.words, "word")]
    changed = [f"last changed {held.changed}"] if held.changed else []
    said = [_sentence(PLACES.get(held.place, "")), _sentence(standing)]
    return "\n".join([" · ".join([*sizes, *changed]), *filter(None, said)])


def _sentence(said: str) -> str:
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _credit(origin: Origin) -> str:
    """Whom and what answers will name: here a wrong date is seen before it counts."""
    said = f"{line(origin.author or 'author not stated', 300)}, {line(origin.date or 'date not stated', 100)}"
    return f"{said}\n{line(origin.link, 300)}" if origin.link else said


def _titles(upload: Upload) -> str:
    titles = [line(document.title, 120) for document in upload.documents[:1]]
    more = f" and {len(upload.documents) - 1:,} more" if len(upload.documents) > 1 else ""
    return f"{titles[0] if titles else line(upload.name, 120)}{more}"
