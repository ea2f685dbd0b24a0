"""How often questions are taken: per person, and per channel where everybody reads the answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cachetools import TTLCache
from discord.app_commands import Cooldown

PERIOD = 60.0
"""Seconds over which questions are counted."""
MOST = 50_000


@dataclass(frozen=True, slots=True)
class TooMany:
    """Why a question is not taken now; `again` where that was said a moment ago already."""

    sentence: str
    again: bool


class Cooldowns:
    """Counts questions in memory; who asks too many is told when to go on."""

    def __init__(self, *, per_person: int, per_channel: int, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._limits: dict[str, int] = {"person": per_person, "channel": per_channel}
        self._lately: TTLCache[tuple[str, int], bool] = TTLCache(MOST, PERIOD, timer=clock)
        self._counts: TTLCache[tuple[str, int], Cooldown] = TTLCache(MOST, PERIOD * 2, timer=clock)

    def refusal(self, *, person: int, channel: int | None) -> TooMany | None:
        """Count a question; for one too many a sentence with the time from which on more are taken.

        `channel` is None where only the person sees the answer.
        """
        if wait := self._count("person", person):
            sentence = f"That is a lot of questions; please ask the next one {self._stamp(wait)}."
            return self._told("person", person, sentence)
        if channel is not None and (wait := self._count("channel", channel)):
            sentence = (
                f"There were many questions in this channel; I go on here {self._stamp(wait)}. "
                "With /ask and “private” you need not wait."
            )
            return self._told("channel", channel, sentence)
        return None

    def _told(self, kind: str, identifier: int, sentence: str) -> TooMany:
        again = (kind, identifier) in self._lately
        self._lately[kind, identifier] = True
        return TooMany(sentence, again)

    def _count(self, kind: Literal["person", "channel"], identifier: int) -> float | None:
        """Seconds to wait, or None where the question is within the limit."""
        key = (kind, identifier)
        cooldown = self._counts.get(key) or Cooldown(self._limits[kind], PERIOD)
        self._counts[key] = cooldown
        return cooldown.update_rate_limit(self._clock())

    def _stamp(self, wait: float) -> str:
        return f"<t:{int(self._clock() + wait) + 1}:R>"
