"""A word with one person alone, by an interaction: acknowledged at once, said when it is known."""

import logging
from typing import Any

import aiohttp
import discord

from bot.delivery import NO_MENTIONS, persistently
from bot.errors import explain

log = logging.getLogger(__name__)


def seen_by_others(interaction: discord.Interaction[Any]) -> bool:
    """Whether others could read an answer that is not private: everywhere but in a talk with the bot.

    In such a talk nothing is hidden: hidden messages are gone when the person comes back to it.
    """
    return not (isinstance(interaction.channel, discord.DMChannel) or interaction.context.dm_channel)


async def open_aside(interaction: discord.Interaction[Any]) -> None:
    """Acknowledge, so that there is time to find what to say."""
    hidden = seen_by_others(interaction)
    await persistently(lambda: interaction.response.defer(ephemeral=hidden, thinking=True), seconds=3)


async def open_in_place(interaction: discord.Interaction[Any]) -> None:
    """Acknowledge a press that changes the message under which it was made."""
    await persistently(interaction.response.defer, seconds=3)


async def update(interaction: discord.Interaction[Any], **fields: Any) -> None:
    """Say it: content, embeds and view as given, nothing else stays."""
    fields = {"content": None, "embeds": [], "view": None, **fields}
    await persistently(lambda: interaction.edit_original_response(**fields, allowed_mentions=NO_MENTIONS))


async def refuse(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Say at once that this can't be done."""
    await persistently(
        lambda: interaction.response.send_message(
            sentence, ephemeral=seen_by_others(interaction), allowed_mentions=NO_MENTIONS
        ),
        seconds=3,
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
        if interaction.response.is_done():
            await add(interaction, sentence)
        else:
            await refuse(interaction, sentence)
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as failure:
        log.warning("Discord did not take the explanation either: %s", type(failure).__name__)
