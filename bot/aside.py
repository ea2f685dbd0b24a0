"""A word with one person alone, by an interaction: acknowledged at once, said when it is known."""

import logging
from typing import Any

import discord

from bot.conversations import Place
from bot.delivery import ACKNOWLEDGED, FAILURES, NO_MENTIONS, acknowledging, persistently
from bot.errors import explain

log = logging.getLogger(__name__)


def seen_by_others(interaction: discord.Interaction[Any]) -> bool:
    """Whether others could read an answer that is not private: everywhere but in a talk with the bot.

    In such a talk nothing is hidden: hidden messages are gone when the person comes back to it. A private
    talk of two people, to which one of them brought the bot, is a direct message too, but no such talk.
    """
    return not interaction.context.dm_channel


def may_post(interaction: discord.Interaction[Any]) -> bool:
    """Whether the person may write where they are; the bot says nothing there for those who may not."""
    if interaction.guild_id is None:
        return True
    allowed = interaction.permissions
    threaded = isinstance(interaction.channel, discord.Thread)
    return allowed.send_messages_in_threads if threaded else allowed.send_messages


def place_in(channel: object, person: int, *, private: bool) -> Place | None:
    """Where what is said next goes on with this: a thread or a private talk, no busy channel."""
    if isinstance(channel, discord.Thread | discord.DMChannel):
        return Place(channel.id, person, private)
    return None


async def open_aside(interaction: discord.Interaction[Any]) -> None:
    """Acknowledge, so that there is time to find what to say."""
    hidden = seen_by_others(interaction)
    await acknowledging(lambda: interaction.response.defer(ephemeral=hidden, thinking=True))


async def open_in_place(interaction: discord.Interaction[Any]) -> None:
    """Acknowledge a press that changes the message under which it was made."""
    await acknowledging(interaction.response.defer)


async def update(interaction: discord.Interaction[Any], **fields: Any) -> None:
    """Say it: content, embeds and view as given, nothing else stays."""
    fields = {"content": None, "embeds": [], "view": None, **fields}
    await persistently(lambda: interaction.edit_original_response(**fields, allowed_mentions=NO_MENTIONS))


async def refuse(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Say at once that this can't be done."""
    await acknowledging(
        lambda: interaction.response.send_message(
            sentence, ephemeral=seen_by_others(interaction), allowed_mentions=NO_MENTIONS
        )
    )


async def add(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Say something beside a message that stays as it is."""
    await interaction.followup.send(
        sentence, ephemeral=seen_by_others(interaction), allowed_mentions=NO_MENTIONS
    )


async def say_error(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """One sentence about what went wrong; never raises."""
    sentence = explain(error)
    try:
        if not interaction.response.is_done():
            try:
                await interaction.response.send_message(
                    sentence, ephemeral=seen_by_others(interaction), allowed_mentions=NO_MENTIONS
                )
                return
            except discord.HTTPException as failure:
                # It was acknowledged, and only the response to that was lost.
                if failure.code != ACKNOWLEDGED:
                    raise
        await add(interaction, sentence)
    except FAILURES as failure:
        log.warning("Discord did not take the explanation either: %s", type(failure).__name__)
