"""What all commands, buttons and forms under /knowledge share: the group, and the check before each of them.

Another subject is another cog: it derives from `AdminCog`, tells its subcommands, names the actions of its
buttons, menus and forms, and is made in `bot/service.py`.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.about import About
from bot.admins import GROUP, Admins, Policy
from bot.checking import Checks
from bot.controls import Action, Control
from bot.digesting import Digesting
from bot.jobs import Jobs
from bot.offload import Offload
from bot.render.knowledge import busy_text
from index.library import Busy, Library
from knowledge.curating import Curator
from knowledge.journal.entries import ByGeneration
from knowledge.watching import Watch

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Curation:
    """What admins work with. `reading` looks up, `deciding` does one thing after the other.

    `converting` looks at files, which takes as long as it takes; none is larger than `upload_limit` bytes.
    """

    curator: Curator
    admins: Admins
    jobs: Jobs
    reading: Offload
    deciding: Offload
    library: Library
    about: Callable[[], About | None]
    check: Callable[[Watch], Checks]
    ratings: Callable[[], Sequence[ByGeneration]]
    fits: Callable[[int], bool] = lambda _: True
    told: Callable[[], Sequence[str]] = tuple
    converting: Offload = field(default_factory=lambda: Offload(waiting=20))
    upload_limit: int = 5_000_000
    stale_days: int = 365
    digesting: Digesting | None = None

    def answering(self) -> int | None:
        """The generation that answers now. Raises index.library.LibraryError."""
        current = self.library.current()
        return current.manifest.generation if current else None

    def occupied(self, error: Busy) -> str:
        """Why nothing can be decided while somebody else is at work, here or in another process."""
        running = self.jobs.running
        return f"Nothing was changed. {running.occupied() if running else busy_text(error)}"


def knowledge_group(policy: Policy) -> app_commands.Group:
    """The command whose subcommands the cogs add; hidden, as far as Discord can, from who may not use it."""
    everyone = bool(policy.home and (policy.users or policy.roles))
    return app_commands.Group(
        name=GROUP,
        description="Run my knowledge base: what I read, and what answers.",
        # In the home server, who is named by id need not manage the server to see it.
        default_permissions=None if everyone else discord.Permissions(manage_guild=True),
        guild_only=True,
        allowed_contexts=None if policy.home else app_commands.AppCommandContext(guild=True),
        allowed_installs=None if policy.home else app_commands.AppInstallationType(guild=True, user=False),
    )


def subcommand(
    method: Callable[..., Coroutine[Any, Any, None]], name: str = ""
) -> app_commands.Command[Any, ..., None]:
    """A cog's method as a command of a group; what it does stands in the first line of its docstring."""
    said = (method.__doc__ or "").partition("\n")[0]
    return app_commands.Command(name=name or method.__name__, description=said, callback=method)


class AdminCog(commands.Cog):
    """Subcommands, buttons, menus and forms for admins alone.

    Commands and what is offered while typing into them are checked by the command tree, the rest here.
    """

    actions: ClassVar[frozenset[Action]] = frozenset()

    def __init__(self, *, group: app_commands.Group, curation: Curation) -> None:
        self.group = group
        self.curation = curation

    def subcommands(self) -> Iterable[app_commands.Command[Any, ..., None]]:
        """The commands this cog adds to the group."""
        return ()

    async def pressed(self, interaction: discord.Interaction[Any], control: Control, chosen: str) -> None:
        """An admin pressed one of this cog's buttons, or chose something from a menu."""

    async def submitted(
        self, interaction: discord.Interaction[Any], control: Control, fields: Mapping[str, str]
    ) -> None:
        """An admin sent back one of this cog's forms; `fields` are the texts by their custom ids."""

    async def cog_load(self) -> None:
        """Add the commands to the group, bound to this cog."""
        for command in self.subcommands():
            self.group.add_command(command)

    @commands.Cog.listener()
    async def on_control(self, interaction: discord.Interaction[Any], control: Control, chosen: str) -> None:
        """A button was pressed or a menu used, perhaps by somebody who is no admin any more."""
        if control.action in self.actions and await self._admits(interaction, control):
            await self.pressed(interaction, control, chosen)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A form was sent back, perhaps to another process than showed it."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: dict[str, Any] = dict(interaction.data or {})
        control = Control.parse(data["custom_id"])
        if control and control.action in self.actions and await self._admits(interaction, control):
            await self.submitted(interaction, control, fields_of(data))

    async def _admits(self, interaction: discord.Interaction[Any], control: Control) -> bool:
        return await self.curation.admins.admits(interaction, f"{GROUP}: {control.action}")


def fields_of(data: Mapping[str, Any]) -> dict[str, str]:
    """What somebody wrote into a form, by the fields' custom ids."""
    fields = (field for row in data["components"] for field in row.get("components", [row.get("component")]))
    return {field["custom_id"]: str(field["value"]) for field in fields if field and "value" in field}
