"""Who may run the knowledge base from Discord: decided afresh at every command, press, menu and form."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import aiohttp
import discord
from cachetools import TTLCache
from discord import TeamMemberRole, TeamMembershipState

from bot.aside import refuse
from bot.delivery import FAILURES
from bot.offload import Overloaded, TooSlow
from knowledge.journal.errors import JournalError

log = logging.getLogger(__name__)

GROUP = "knowledge"
"""The command whose subcommands are for admins alone."""

FRESH = 600.0
"""Seconds for which the owner and the team are taken for known; who was removed waits no longer than that."""

PATIENCE = 1.0
"""Seconds to wait for Discord to say who owns the bot, while somebody waits for a response."""

NOTED_ONCE_IN = 3600.0
"""Seconds in which the same refusal of the same person is noted once."""

_RUNNING = frozenset({TeamMemberRole.admin, TeamMemberRole.developer})


class Refusal(StrEnum):
    """Why somebody may not, in a sentence for them."""

    NOT_HERE = "My knowledge base is run from another server."
    NOT_PRIVATELY = "I can't tell here whether you run my knowledge base. Please use /knowledge in a server."
    NOT_YOU = "Only those who run my knowledge base may do that."


@dataclass(frozen=True, slots=True)
class Policy:
    """Who besides the owner and the team may: these people, these roles, and who manages the home server."""

    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    home: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What an interaction says of who is behind it; `guild` is None in a private talk."""

    id: int
    guild: int | None
    roles: frozenset[int] = frozenset()
    manages: bool = False


def judge(policy: Policy, owners: Collection[int], person: Person) -> Refusal | None:
    """Why the person may not; None where they may.

    Without a home server, managing a server counts for nothing: anybody can add the bot to one of their own.
    """
    if policy.home is not None and person.guild not in (None, policy.home):
        return Refusal.NOT_HERE
    if person.id in owners or person.id in policy.users:
        return None
    if person.guild is None:
        return Refusal.NOT_PRIVATELY
    if policy.roles & person.roles or (person.manages and person.guild == policy.home):
        return None
    return Refusal.NOT_YOU


def person_of(interaction: discord.Interaction[Any]) -> Person:
    """Who is behind an interaction, as Discord says itself."""
    user = interaction.user
    roles = frozenset(role.id for role in user.roles) if isinstance(user, discord.Member) else frozenset()
    # The role that everybody has bears the server's own id, and would make everybody an admin.
    roles -= {interaction.guild_id or 0}
    manages = interaction.guild_id is not None and interaction.permissions.manage_guild
    return Person(user.id, interaction.guild_id, roles, manages)


def owners_of(application: discord.AppInfo) -> frozenset[int]:
    """Who owns the bot: a person, or a team without those who may only look."""
    team = application.team
    if team is None:
        return frozenset({application.owner.id})
    accepted = (one for one in team.members if one.membership_state is TeamMembershipState.accepted)
    members = {member.id for member in accepted if member.role in _RUNNING}
    return frozenset(members | ({team.owner_id} if team.owner_id else set()))


async def _to_nobody(who: str, what: str) -> None:
    """Where there is no audit."""


class Admins:
    """Lets through who may and tells the others; a refusal is logged and noted without what it was about."""

    def __init__(
        self,
        *,
        policy: Policy,
        note: Callable[[str, str], Awaitable[None]] = _to_nobody,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.policy = policy
        self._note = note
        self._clock = clock
        self._owners: frozenset[int] = frozenset()
        self._looked_up: float | None = None
        self._made = clock()
        self._noted: TTLCache[tuple[int, str], bool] = TTLCache(1000, NOTED_ONCE_IN, timer=clock)

    async def admits(self, interaction: discord.Interaction[Any], what: str) -> bool:
        """Whether the person may do it; who may not is told, whatever they pressed, typed or sent."""
        person = person_of(interaction)
        refusal = await self._judge(person, interaction.client)
        if refusal is None:
            return True
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            await refuse(interaction, refusal)
        await self._remember(person, what)
        return False

    async def _judge(self, person: Person, client: discord.Client) -> Refusal | None:
        """Ask Discord for the owners only where they decide, and not for every keystroke."""
        refusal = judge(self.policy, self._owners, person)
        if refusal is Refusal.NOT_HERE or (refusal is None and person.id not in self._owners):
            return refusal
        await self._learn_owners(client)
        return judge(self.policy, self._owners, person)

    async def _learn_owners(self, client: discord.Client) -> None:
        now = self._clock()
        if self._looked_up is not None and now - self._looked_up < FRESH:
            return
        if self._looked_up is None and client.application is not None:
            # What the client was told when it logged in, perhaps long ago.
            self._owners = owners_of(client.application)
            if now - self._made < FRESH:
                self._looked_up = self._made
                return
        # Noted before asking: while Discord does not respond, not everybody shall wait for it.
        self._looked_up = now
        try:
            async with asyncio.timeout(PATIENCE):
                self._owners = owners_of(await client.application_info())
        except (*FAILURES, aiohttp.ClientError) as error:
            log.warning("Who owns the bot could not be learnt: %s", type(error).__name__)

    async def _remember(self, person: Person, what: str) -> None:
        log.warning("Refused: %s by %s", what, person.id)
        if (person.id, what) in self._noted:
            return
        self._noted[person.id, what] = True
        try:
            await self._note(str(person.id), what)
        except (JournalError, Overloaded, TooSlow) as error:
            log.warning("A refusal could not be noted: %s", error or type(error).__name__)
