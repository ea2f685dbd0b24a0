"""Nobody floods the bot or a channel; who waits is told until when."""

import re

import pytest

from bot.cooldowns import PERIOD, Cooldowns
from tests.bot.conftest import Time


@pytest.fixture
def cooldowns(time: Time) -> Cooldowns:
    return Cooldowns(per_person=3, per_channel=4, clock=time)


def test_person_is_refused_after_the_limit_with_the_moment_to_go_on(cooldowns: Cooldowns, time: Time) -> None:
    assert [cooldowns.refusal(person=1, channel=None) for _ in range(3)] == [None] * 3
    refusal = cooldowns.refusal(person=1, channel=None)
    [moment] = re.findall(r"<t:(\d+):R>", refusal or "")
    assert int(moment) == int(time() + PERIOD) + 1
    time.pass_by(PERIOD + 1)
    assert cooldowns.refusal(person=1, channel=None) is None


def test_persons_do_not_wait_for_each_other(cooldowns: Cooldowns) -> None:
    for _ in range(4):
        cooldowns.refusal(person=1, channel=None)
    assert cooldowns.refusal(person=2, channel=None) is None


def test_channel_is_refused_where_everybody_reads_and_not_in_private(cooldowns: Cooldowns) -> None:
    assert [cooldowns.refusal(person=person, channel=9) for person in range(4)] == [None] * 4
    assert "in this channel" in (cooldowns.refusal(person=5, channel=9) or "")
    assert cooldowns.refusal(person=6, channel=None) is None
    assert cooldowns.refusal(person=7, channel=8) is None
