"""The buttons and menus under a message: pure, five rows at most, every one with a text label."""

from collections.abc import Sequence
from itertools import zip_longest

import discord
from discord import ButtonStyle

from bot.controls import Action, Control, Pressed
from bot.render.pages import Page, quotes_of
from bot.render.text import flat, plain
from knowledge.entities import NoAnswer, Refusal, Reply

LABEL = 80
OPTION = 100
TOPICS = 3
CHOICES = 5
OPTIONS = 25
RELATED = 10
OPEN_TO_ADMINS = frozenset({Refusal.NOTHING, Refusal.EMPTY_SECTION, Refusal.ONLY_NEAR})
"""Refusals that admins can do something about."""


def answer_buttons(reply: Reply, page: Page, *, key: str, asker: int, private: bool) -> discord.ui.View:
    """What can be done with one page of a reply; `private` where only the asker sees it."""
    view = discord.ui.View(timeout=None)
    if reply.abstained:
        for topic in _topics(reply):
            add_button(view, Control(Action.TOPIC, extra=topic), plain(topic, LABEL), row=0)
        for skill in _skills(reply)[:CHOICES]:
            add_button(view, Control(Action.SKILL, extra=skill), plain(skill, LABEL), row=1)
    else:
        _context(view, reply, page, key)
        add_button(view, Control(Action.FOLLOW_UP, key, str(asker)), "Follow up", row=0)
        if private:
            add_button(view, Control(Action.SHARE, key, str(page.number)), "Share", row=0)
        add_button(view, Control(Action.HELPFUL, key), "Helpful", emoji="👍", row=1)
        add_button(view, Control(Action.UNHELPFUL, key), "Not helpful", emoji="👎", row=1)
        if skills := _skills(reply):
            view.add_item(skill_menu(skills, "Related skills", row=2))
        else:
            _related(view, reply, row=2)
    _turn(view, page, key, asker)
    if any(isinstance(part, NoAnswer) and part.refusal in OPEN_TO_ADMINS for part in reply.parts):
        add_button(view, Control(Action.TELL, key, str(asker)), "Tell the admins", emoji="✉️", row=4)
    return view


def shared_buttons(reply: Reply, page: Page, *, key: str, asker: int) -> discord.ui.View:
    """What everybody can do with an answer that somebody shared."""
    view = discord.ui.View(timeout=None)
    _context(view, reply, page, key)
    _turn(view, page, key, asker, action=Action.LEAF)
    return view


def context_buttons(key: str, *, quote: int, of: int) -> discord.ui.View:
    """From quote to quote of one reply, each in its context."""
    view = discord.ui.View(timeout=None)
    if quote > 0:
        add_button(view, Control(Action.QUOTE, key, str(quote - 1)), f"‹ Quote {quote}", row=0)
    if quote + 1 < of:
        add_button(view, Control(Action.QUOTE, key, str(quote + 1)), f"Quote {quote + 2} ›", row=0)
    return view


def topic_buttons(topics: Sequence[str]) -> discord.ui.View:
    """Questions to press instead of typing."""
    view = discord.ui.View(timeout=None)
    for topic in _fitting(topics)[:TOPICS]:
        add_button(view, Control(Action.TOPIC, extra=topic), plain(topic, LABEL), row=0)
    return view


def tell_button(key: str, asker: int) -> discord.ui.View:
    """For somebody whom an answer did not help."""
    view = discord.ui.View(timeout=None)
    add_button(view, Control(Action.TELL, key, str(asker)), "Tell the admins what I asked", emoji="✉️", row=0)
    return view


def erase_button(person: int) -> discord.ui.View:
    """The second step of deleting everything somebody left."""
    view = discord.ui.View(timeout=None)
    control = Control(Action.ERASE, extra=str(person))
    add_button(view, control, "Delete everything", style=ButtonStyle.danger, row=0)
    return view


def skill_menu(skills: Sequence[str], placeholder: str, *, row: int, said: Sequence[str] = ()) -> Pressed:
    """Skills to look up by choosing; `said` is what stands under each."""
    options = [
        discord.SelectOption(label=skill, description=plain(about, OPTION) if about else None)
        for skill, about in zip_longest(skills[:OPTIONS], said[:OPTIONS])
    ]
    menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=str(Control(Action.SKILL)), placeholder=placeholder, options=options, row=row
    )
    return Pressed(menu)


def kind_menu(kinds: Sequence[str], said: Sequence[str]) -> discord.ui.View:
    """Kinds of skills to browse; `said` is what each is called."""
    view = discord.ui.View(timeout=None)
    options = [
        discord.SelectOption(label=plain(name, OPTION), value=kind)
        for kind, name in zip(kinds, said, strict=True)
    ]
    menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=str(Control(Action.KIND, "", "0")),
        placeholder="Show all of a kind",
        options=options[:OPTIONS],
    )
    view.add_item(Pressed(menu))
    return view


def kind_buttons(kind: str, *, page: int, of: int) -> discord.ui.View:
    """From page to page of the skills of one kind."""
    view = discord.ui.View(timeout=None)
    if page > 0:
        add_button(view, Control(Action.KIND, kind, str(page - 1)), f"‹ Page {page}", row=1)
    if page + 1 < of:
        add_button(view, Control(Action.KIND, kind, str(page + 1)), f"Page {page + 2} of {of} ›", row=1)
    return view


def _skills(reply: Reply) -> list[str]:
    """Names of skills that go with a reply, as far as a button or a menu holds them."""
    names = dict.fromkeys(flat(name) for part in reply.parts for name in part.skills)
    fitting = (name for name in names if name and plain(name, LABEL) == name)
    return [name for name in fitting if Control(Action.SKILL, extra=name).fits]


def _topics(reply: Reply) -> list[str]:
    topics = (topic for part in reply.parts for topic in part.related)
    return _fitting(tuple(dict.fromkeys(topics)))[:TOPICS]


def _fitting(topics: Sequence[str]) -> list[str]:
    """Questions short enough to be asked by a button, which carries them in its custom id."""
    flattened = filter(None, map(flat, topics))
    return [topic for topic in dict.fromkeys(flattened) if Control(Action.TOPIC, extra=topic).fits]


def _related(view: discord.ui.View, reply: Reply, *, row: int) -> None:
    """A menu of questions that do have answers."""
    questions = dict.fromkeys(flat(topic) for part in reply.parts for topic in part.related)
    fitting = [question for question in questions if question and plain(question, OPTION) == question]
    if not fitting:
        return
    menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=str(Control(Action.RELATED)),
        placeholder="Related questions",
        options=[discord.SelectOption(label=question) for question in fitting[:RELATED]],
        row=row,
    )
    view.add_item(Pressed(menu))


def _context(view: discord.ui.View, reply: Reply, page: Page, key: str) -> None:
    if quotes_of(reply):
        add_button(view, Control(Action.CONTEXT, key, str(page.quote)), "Show in context", row=0)


def _turn(view: discord.ui.View, page: Page, key: str, asker: int, *, action: Action = Action.PAGE) -> None:
    """To the page before and the page after."""
    if page.number > 0:
        control = Control(action, key, f"{page.number - 1}.{asker}")
        add_button(view, control, f"‹ Page {page.number}", row=3)
    if page.number + 1 < page.of:
        control = Control(action, key, f"{page.number + 1}.{asker}")
        label = f"Page {page.number + 2} of {page.of} ›"
        add_button(view, control, label, row=3, style=ButtonStyle.primary)


def add_button(
    view: discord.ui.View,
    control: Control,
    label: str,
    *,
    row: int,
    emoji: str | None = None,
    style: ButtonStyle = ButtonStyle.secondary,
) -> None:
    """Add a button; pressing it becomes its control."""
    button: discord.ui.Button[discord.ui.View] = discord.ui.Button(
        style=style, label=label, emoji=emoji, custom_id=str(control), row=row
    )
    view.add_item(Pressed(button))
