"""What buttons and menus under a message carry: their custom ids, read back after any restart."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import discord

from bot.aside import refuse
from bot.render.text import size

FORM = r"advisor:(?P<action>[a-z]+):(?P<key>[^:]*):(?P<extra>.*)"
OUTDATED = "This button belongs to another version of me. Please ask again."
LONGEST = 100
"""Units of a custom id."""


class Action(StrEnum):
    """What pressing does."""

    PAGE = "page"
    LEAF = "leaf"
    """A page of an answer that somebody shared, or of another person's copy."""
    CONTEXT = "context"
    QUOTE = "quote"
    FOLLOW_UP = "follow"
    SHARE = "share"
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    RELATED = "related"
    TOPIC = "topic"
    SKILL = "skill"
    KIND = "kind"
    TELL = "tell"
    ERASE = "erase"
    STOP = "stop"
    """From here on for admins alone: see bot/cogs/knowledge.py."""
    PROPOSAL = "proposal"
    PUBLISH = "publish"
    OVERRIDE = "override"
    DISCARD = "discard"
    GROUP = "group"
    CHANGE = "change"
    ROLLBACK = "rollback"
    LEAVE = "leave"
    LOG = "log"
    REINDEX = "reindex"
    UPLOAD = "upload"
    """A page of what was uploaded."""
    ACCEPT = "accept"
    DROP = "drop"
    TYPED = "typed"
    """A page that somebody wrote in a form."""
    SOURCES = "sources"
    DOCUMENT = "document"
    REMOVE = "remove"
    FILE = "file"
    LINT = "lint"
    COMPLAINTS = "complaints"
    GAPS = "gaps"
    GAP = "gap"
    DRAFT = "draft"
    ANSWERED = "answered"
    DISMISS = "dismiss"
    REOPEN = "reopen"


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
    def parse(cls, custom_id: str) -> Self | None:
        """The control a custom id was made from; None where that was another version of the program."""
        match = re.fullmatch(FORM, custom_id)
        if match is None or match["action"] not in set(Action):
            return None
        return cls(Action(match["action"]), match["key"], match["extra"])


class Pressed(
    discord.ui.DynamicItem[discord.ui.Item[Any]],
    template=FORM,
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
        control = Control.parse(self.custom_id)
        if control is None:
            await refuse(interaction, OUTDATED)
            return
        chosen = self.item.values[0] if isinstance(self.item, discord.ui.Select) else ""
        interaction.client.dispatch("control", interaction, control, chosen)
