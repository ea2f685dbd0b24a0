"""What admins see of what people asked in vain; a hidden wording is not here to be shown: pure."""

from collections.abc import Sequence

import discord

from bot.controls import Action, Control
from bot.render.buttons import add_button
from bot.render.knowledge import FIELD, count, when_text
from bot.render.pages import ANSWERED, UNSURE
from bot.render.text import fit, flat, line
from bot.render.turning import menu, numbered, sheets, turn, within
from knowledge.gaps import Gap
from knowledge.meanings import MOST
from knowledge.wordings import ENOUGH

NONE = (
    "Nothing waits: nobody asked in vain, or all of it is marked. I keep what was asked in vain for 90 days, "
    "and not at all where that is turned off."
)
LEFT_OUT = (
    "{what} not sorted in yet: I take up the newest first, a few at a time, and {most:,} at most. "
    "Open this again in a minute."
)
BESIDE = "↳ "
"""Stands before what is near to the gap above it."""
HIDDEN = (
    f"The wording stays hidden until {ENOUGH} different people asked the same, or one of them tells the "
    "admins. One that names what nobody else named stays hidden even then."
)
ANSWERED_NOW = "{what} is answered now: a page that was written for it is published."
STILL_NOT = (
    "{what} is marked as answered, because a page that was written for it is published; but I still don't "
    "answer it. Put the question into the page as a heading and reindex. It comes back when it is asked in "
    "vain again."
)
SETTLED = "{what} is marked as answered, because a page that was written for it is published."
MARKED = "Marked as answered: {what}. It comes back when somebody asks in vain again."
DISMISSED = "Dismissed: {what}. It stays dismissed, whoever asks."
REOPENED = "Open again: {what}."


def gaps_embed(gaps: Sequence[Gap], page: int, left_out: int = 0) -> discord.Embed:
    """What waits for an admin, what most people asked first, a sheet of it.

    `left_out` is how many questions and ratings are in none of them yet.
    """
    embed = discord.Embed(title=f"{count(len(gaps), 'gap')} in what I know", color=ANSWERED)
    rows = [_row(gap) for gap in gaps]
    spread = sheets(rows)
    number = within(page, len(spread))
    shown = [rows[at] for at in spread[number]] or [NONE]
    if left_out:
        said = "1 question or rating is" if left_out == 1 else f"{left_out:,} questions and ratings are"
        shown.append(f"-# {LEFT_OUT.format(what=said, most=MOST)}")
    embed.description = "\n".join(shown)
    if said := numbered(number, len(spread)):
        embed.set_footer(text=said)
    return embed


def gaps_buttons(gaps: Sequence[Gap], page: int) -> discord.ui.View:
    """To open one, and to turn the sheets."""
    view = discord.ui.View(timeout=None)
    spread = sheets([_row(gap) for gap in gaps])
    number = within(page, len(spread))
    options = [
        (title_of(gaps[at]), gaps[at].key, count(gaps[at].people, "person", "people"))
        for at in spread[number]
    ]
    menu(view, Control(Action.GAP), "Open one", options, row=0)
    turn(view, Action.GAPS, "", number, len(spread), row=1)
    return view


def gap_embed(gap: Gap) -> discord.Embed:
    """One of them: how many asked it and how, why it was declined, and when."""
    embed = discord.Embed(title=line(title_of(gap), 250), color=UNSURE)
    others = [f"- {line(question, 300)}" for question in gap.questions[1:]]
    said = ["Asked like this too:", *others] if others else []
    if gap.questions:
        said.append(f"-# {line(gap.subject, 300)}")
    embed.description = fit("\n".join(said) if said else HIDDEN if gap.hidden else "", 3000, str) or None
    embed.add_field(name="Asked by", value=count(gap.people, "person", "people"))
    embed.add_field(name="First", value=when_text(gap.first, "D"))
    embed.add_field(name="Last", value=when_text(gap.last, "R"))
    reasons = [f"- {line(reason, 150)}: {number:,}" for reason, number in gap.reasons.items()]
    embed.add_field(name="Because", value=fit("\n".join(reasons) or "–", FIELD, str), inline=False)
    if gap.again:
        value = f"It was marked as answered; since then {count(gap.again, 'person', 'people')} asked in vain."
        embed.add_field(name="Asked again", value=value, inline=False)
    return embed


def gap_buttons(gap: Gap) -> discord.ui.View:
    """What can be done about it."""
    view = discord.ui.View(timeout=None)
    primary = discord.ButtonStyle.primary
    add_button(view, Control(Action.DRAFT, gap.key), "Draft a page", row=0, style=primary)
    add_button(view, Control(Action.ANSWERED, gap.key), "Mark answered", row=0)
    add_button(view, Control(Action.DISMISS, gap.key), "Dismiss", row=0)
    return view


def list_buttons(back: str = "") -> discord.ui.View:
    """To those that are left, and to take back what was just said of the one with this key."""
    view = discord.ui.View(timeout=None)
    add_button(view, Control(Action.GAPS, "", "0"), "All gaps", row=0)
    if back:
        add_button(view, Control(Action.REOPEN, back), "Take back", row=0)
    return view


def title_of(gap: Gap) -> str:
    """What a gap is called: the most typical wording that may be seen, or what can be said without one."""
    if gap.questions:
        return flat(gap.questions[0])
    return f"Words hidden: {gap.subject}" if gap.hidden else gap.subject


def template(gap: Gap | None) -> str:
    """A text to begin a page with: the question as a heading, and room to write.

    The title is the admin's own: the log knows a page by it for good, and a question goes with its asker.
    """
    return f"## {flat(gap.questions[0])}\n\n" if gap and gap.questions else ""


def settled_text(gap: Gap, answered: bool | None) -> str:
    """That a page written for it answers now; None: nobody may see what to ask."""
    what = what_text(gap, 150)
    said = SETTLED if answered is None else ANSWERED_NOW if answered else STILL_NOT
    return said.format(what=what)


def what_text(gap: Gap, room: int = 250) -> str:
    """A gap inside a sentence."""
    if gap.questions:
        return f"“{line(title_of(gap), room)}”"
    return f"What was asked ({line(gap.subject, room)})" if gap.hidden else line(gap.subject, room)


def _row(gap: Gap) -> str:
    shown = line(title_of(gap), 200)
    marks = [
        count(gap.people, "person", "people"),
        *([line(next(iter(gap.reasons), ""), 100)] if gap.questions and gap.reasons else []),
        f"last {when_text(gap.last, 'R')}",
        *([f"{gap.around:,} with what is below"] if gap.around > gap.people else []),
        *([f"asked again by {gap.again:,}"] if gap.again else []),
    ]
    return f"{BESIDE if gap.beside else ''}**{shown}**\n-# {' · '.join(marks)}"
