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
    assert refusal is not None
    [moment] = re.findall(r"<t:(\d+):R>", refusal.sentence)
    assert int(moment) == int(time() + PERIOD) + 1
    time.pass_by(PERIOD + 1)
    assert cooldowns.refusal(person=1, channel=None) is None


def test_persons_do_not_wait_for_each_other(cooldowns: Cooldowns) -> None:
    for _ in range(4):
        cooldowns.refusal(person=1, channel=None)
    assert cooldowns.refusal(person=2, channel=None) is None


def test_channel_is_refused_where_everybody_reads_and_not_in_private(cooldowns: Cooldowns) -> None:
    assert [cooldowns.refusal(person=person, channel=9) for person in range(4)] == [None] * 4
    refusal = cooldowns.refusal(person=5, channel=9)
    assert refusal is not None
    assert "in this channel" in refusal.sentence
    assert cooldowns.refusal(person=6, channel=None) is None
    assert cooldowns.refusal(person=7, channel=8) is None


def test_who_was_told_a_moment_ago_is_known(cooldowns: Cooldowns, time: Time) -> None:
    refused = [cooldowns.refusal(person=1, channel=None) for _ in range(5)][3:]
    assert [refusal.again for refusal in refused if refusal] == [False, True]
    time.pass_by(PERIOD + 1)
    refused = [cooldowns.refusal(person=1, channel=None) for _ in range(4)][3:]
    assert [refusal.again for refusal in refused if refusal] == [False]
