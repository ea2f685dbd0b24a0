"""Modals. They are sent back with a custom id that says what for, to whichever process is running then."""

import discord

from bot.controls import Action, Control
from bot.render.text import fit


def follow_up_form(key: str) -> discord.ui.Modal:
    """Takes a question that goes on with an answer."""
    field: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        label="Your question",
        placeholder="and which of these comes first?",
        custom_id="question",
        min_length=3,
        max_length=300,
    )
    return _form("Follow up", Control(Action.FOLLOW_UP, key), field)


def tell_form(key: str) -> discord.ui.Modal:
    """Takes a question for the admins that the bot does not have from the person themselves."""
    field: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        label="What did you want to know?",
        placeholder="It is stored with your id; /privacy delete removes it.",
        custom_id="question",
        min_length=3,
        max_length=1000,
        style=discord.TextStyle.paragraph,
    )
    return _form("Tell the admins", Control(Action.TELL, key), field)


def reason_form(key: str) -> discord.ui.Modal:
    """Takes the reason for publishing although something speaks against it."""
    field: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        label="Why publish all the same?",
        placeholder="It is kept in the log, with your name.",
        custom_id="reason",
        min_length=5,
        max_length=500,
        style=discord.TextStyle.paragraph,
    )
    return _form("Publish all the same", Control(Action.OVERRIDE, key), field)


def page_form(
    gap: str = "", *, title: str = "", text: str = "", author: str = "", date: str = "", link: str = ""
) -> discord.ui.Modal:
    """Takes a page for the knowledge base; `gap` is the key of what it is written for."""
    short, long = discord.TextStyle.short, discord.TextStyle.paragraph
    fields: list[discord.ui.TextInput[discord.ui.Modal]] = [
        discord.ui.TextInput(
            label="Title",
            custom_id="title",
            style=short,
            min_length=1,
            max_length=200,
            default=fit(title, 200, str) or None,
            placeholder="What the page is about, in your words",
        ),
        discord.ui.TextInput(
            label="Text, as it shall be quoted",
            custom_id="text",
            style=long,
            min_length=20,
            max_length=4000,
            default=fit(text, 3000, str) or None,
            placeholder="## A heading\n\nA paragraph that answers it, or a list:\n- an item",
        ),
        _stated("Link", link, "https://…, where the original can be read", 300),
        _stated("Author", author, "Who wrote it", 200),
        _stated("Date", date, "2026-03-01", 40),
    ]
    return _form("Draft a page" if gap else "Add a page", Control(Action.TYPED, gap), *fields)


def _stated(label: str, said: str, placeholder: str, most: int) -> discord.ui.TextInput[discord.ui.Modal]:
    """What need not be stated."""
    return discord.ui.TextInput(
        label=label,
        custom_id=label.lower(),
        placeholder=placeholder,
        default=fit(said, most, str) or None,
        max_length=most,
        required=False,
    )


def _form(title: str, control: Control, *fields: discord.ui.TextInput[discord.ui.Modal]) -> discord.ui.Modal:
    form = discord.ui.Modal(title=title, custom_id=str(control))
    for field in fields:
        form.add_item(field)
    # The library need not wait for it: it comes back as an interaction like any other.
    form.stop()
    return form
