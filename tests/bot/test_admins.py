"""Only those who run the knowledge base may, wherever they try and whatever they hold elsewhere."""

from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord import TeamMemberRole, TeamMembershipState

from bot.admins import FRESH, Admins, Person, Policy, Refusal, judge, owners_of
from tests.bot.conftest import Time

OWNER, LISTED, HOLDER, MANAGER, STRANGER = 1, 2, 3, 4, 5
HOME, ELSEWHERE, ROLE = 100, 200, 50
OPEN = Policy(frozenset({LISTED}), frozenset({ROLE}))
AT_HOME = Policy(frozenset({LISTED}), frozenset({ROLE}), HOME)


@pytest.mark.parametrize(
    ("policy", "person", "refusal"),
    [
        (AT_HOME, Person(OWNER, HOME), None),
        (AT_HOME, Person(LISTED, HOME), None),
        (AT_HOME, Person(HOLDER, HOME, frozenset({ROLE, 7})), None),
        (AT_HOME, Person(MANAGER, HOME, manages=True), None),
        (AT_HOME, Person(STRANGER, HOME, frozenset({7})), Refusal.NOT_YOU),
        (AT_HOME, Person(OWNER, ELSEWHERE), Refusal.NOT_HERE),
        (AT_HOME, Person(LISTED, ELSEWHERE, frozenset({ROLE}), manages=True), Refusal.NOT_HERE),
        (AT_HOME, Person(OWNER, None), None),
        (AT_HOME, Person(MANAGER, None), Refusal.NOT_PRIVATELY),
        (OPEN, Person(OWNER, ELSEWHERE), None),
        (OPEN, Person(HOLDER, ELSEWHERE, frozenset({ROLE})), None),
        (OPEN, Person(MANAGER, ELSEWHERE, manages=True), Refusal.NOT_YOU),
        (OPEN, Person(LISTED, None), None),
        (OPEN, Person(STRANGER, None), Refusal.NOT_PRIVATELY),
        (Policy(), Person(MANAGER, None, manages=True), Refusal.NOT_PRIVATELY),
    ],
)
def test_who_may_depends_on_person_and_place(policy: Policy, person: Person, refusal: Refusal | None) -> None:
    assert judge(policy, {OWNER}, person) is refusal


def application(owner: int = OWNER, *members: tuple[int, TeamMemberRole, TeamMembershipState]) -> Any:
    team = None
    if members:
        people = [SimpleNamespace(id=who, role=role, membership_state=state) for who, role, state in members]
        team = SimpleNamespace(owner_id=owner, members=people)
    return SimpleNamespace(owner=SimpleNamespace(id=owner), team=team)


def test_owner_is_a_person_or_those_of_a_team_who_may_change_it() -> None:
    joined, invited = TeamMembershipState.accepted, TeamMembershipState.invited
    assert owners_of(application(OWNER)) == {OWNER}
    team = application(
        OWNER,
        (2, TeamMemberRole.admin, joined),
        (3, TeamMemberRole.developer, joined),
        (4, TeamMemberRole.read_only, joined),
        (5, TeamMemberRole.admin, invited),
    )
    assert owners_of(team) == {OWNER, 2, 3}


class Client:
    """Says who owns the bot, and how often it was asked."""

    application: Any = None

    def __init__(self, owner: int) -> None:
        self.owner = owner
        self.asked = 0
        self.is_down = False

    async def application_info(self) -> Any:
        self.asked += 1
        if self.is_down:
            raise OSError("unreachable")
        return application(self.owner)


class Answered:
    """The response of an interaction."""

    def __init__(self) -> None:
        self.said: list[Any] = []

    async def send_message(self, content: str, *, ephemeral: bool, allowed_mentions: Any) -> None:
        self.said.append((content, ephemeral))

    async def autocomplete(self, choices: list[Any]) -> None:
        self.said.append(choices)


def interaction(
    who: int, client: Client | None = None, *, typing: bool = False, manages: bool = False
) -> Any:
    kind = discord.InteractionType
    return SimpleNamespace(
        client=client or Client(OWNER),
        user=SimpleNamespace(id=who),
        guild_id=ELSEWHERE,
        permissions=discord.Permissions(manage_guild=manages),
        context=discord.app_commands.AppCommandContext(guild=True),
        type=kind.autocomplete if typing else kind.application_command,
        response=Answered(),
    )


async def test_refusal_is_one_private_sentence_and_noted_once_in_a_while(
    time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    noted = []

    async def note(who: str, what: str) -> None:
        noted.append((who, what))

    admins = Admins(policy=OPEN, note=note, clock=time)
    pressed = interaction(STRANGER, manages=True)
    assert not await admins.admits(pressed, "knowledge reindex")
    assert pressed.response.said == [(Refusal.NOT_YOU, True)]
    typed = interaction(STRANGER, typing=True)
    assert not await admins.admits(typed, "knowledge reindex")
    assert typed.response.said == [[]]
    assert noted == [(str(STRANGER), "knowledge reindex")]
    assert caplog.messages == [f"Refused: knowledge reindex by {STRANGER}"] * 2
    assert not await admins.admits(interaction(STRANGER), "publish")
    assert len(noted) == 2


async def test_owner_who_gave_the_bot_away_is_refused_after_a_while(time: Time) -> None:
    client = Client(OWNER)
    admins = Admins(policy=Policy(), clock=time)
    for _ in range(3):
        assert await admins.admits(interaction(OWNER, client), "status")
    assert client.asked == 1
    client.owner = 9
    time.pass_by(FRESH)
    assert not await admins.admits(interaction(OWNER, client), "status")
    assert await admins.admits(interaction(9, client), "status")


async def test_owner_stays_known_while_discord_does_not_say(time: Time) -> None:
    client = Client(OWNER)
    admins = Admins(policy=OPEN, clock=time)
    assert await admins.admits(interaction(OWNER, client), "status")
    client.is_down = True
    time.pass_by(FRESH)
    assert await admins.admits(interaction(OWNER, client), "status")
    assert await admins.admits(interaction(LISTED, client), "status")
    assert client.asked == 2


async def test_owner_known_since_logging_in_is_not_asked_for(time: Time) -> None:
    client = Client(OWNER)
    client.application = application(OWNER)
    assert await Admins(policy=Policy(), clock=time).admits(interaction(OWNER, client), "status")
    assert client.asked == 0


async def test_owner_known_since_logging_in_long_ago_is_asked_for(time: Time) -> None:
    client = Client(9)
    client.application = application(OWNER)
    admins = Admins(policy=Policy(), clock=time)
    time.pass_by(FRESH)
    assert not await admins.admits(interaction(OWNER, client), "status")
    assert await admins.admits(interaction(9, client), "status")
    assert client.asked == 1
