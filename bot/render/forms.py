"""Modals. They are sent back with a custom id that says what for, to whichever process is running then."""

import discord

from bot.controls import Action, Control


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


def _form(title: str, control: Control, field: discord.ui.TextInput[discord.ui.Modal]) -> discord.ui.Modal:
    form = discord.ui.Modal(title=title, custom_id=str(control))
    form.add_item(field)
    # The library need not wait for it: it comes back as an interaction like any other.
    form.stop()
    return form
