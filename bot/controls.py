"""What buttons and menus under a message carry: their custom ids, read back after any restart."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import discord

from bot.render.text import size

LONGEST = 100
"""Units of a custom id."""


class Action(StrEnum):
    """What pressing does."""

    PAGE = "page"
    CONTEXT = "context"
    QUOTE = "quote"
    FOLLOW_UP = "follow"
    SHARE = "share"
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    RELATED = "related"
    TOPIC = "topic"
    TELL = "tell"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Control:
    """An action, the key of the reply it is about, and what else it needs; all of it fits a custom id."""

    action: Action
    key: str = ""
    extra: str = ""

    def __str__(self) -> str:
        return f"advisor:{self.action}:{self.key}:{self.extra}"

    @property
    def fits(self) -> bool:
        """Whether Discord takes it as a custom id."""
        return size(str(self)) <= LONGEST

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The control a custom id was made from. Raises ValueError for an action of another version."""
        return cls(Action(match["action"]), match["key"], match["extra"])


class Pressed(
    discord.ui.DynamicItem[discord.ui.Item[Any]],
    template=r"advisor:(?P<action>[a-z]+):(?P<key>[^:]*):(?P<extra>.*)",
):
    """A button or menu with one of our custom ids. Pressing it becomes the event `control` of the client.

    Events reach the cogs, which have what is needed to act; an error in one is explained to the person.
    """

    def __init__(self, item: discord.ui.Item[Any]) -> None:
        super().__init__(item)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Called by discord.py for a press on any message, however old."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press on."""
        match = self.template.fullmatch(self.custom_id)
        if match is None:
            raise ValueError("a custom id that is none of ours")
        chosen = self.item.values[0] if isinstance(self.item, discord.ui.Select) else ""
        interaction.client.dispatch("control", interaction, Control.read(match), chosen)
