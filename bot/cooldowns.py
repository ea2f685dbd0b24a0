"""How often questions are taken: per person, and per channel where everybody reads the answers."""

import time
from collections.abc import Callable
from typing import Literal

from cachetools import TTLCache
from discord.app_commands import Cooldown

PERIOD = 60.0
"""Seconds over which questions are counted."""
MOST = 50_000


class Cooldowns:
    """Counts questions in memory; who asks too many is told when to go on."""

    def __init__(self, *, per_person: int, per_channel: int, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._limits: dict[str, int] = {"person": per_person, "channel": per_channel}
        self._counts: TTLCache[tuple[str, int], Cooldown] = TTLCache(MOST, PERIOD * 2, timer=clock)

    def refusal(self, *, person: int, channel: int | None) -> str | None:
        """Count a question; the sentence for one too many, with the time from which on more are taken.

        `channel` is None where only the person sees the answer.
        """
        if wait := self._count("person", person):
            return f"That is a lot of questions; please ask the next one {self._stamp(wait)}."
        if channel is not None and (wait := self._count("channel", channel)):
            return (
                "There were many questions in this channel; I go on here "
                f"{self._stamp(wait)}. With /ask only you see the answer, and that works now."
            )
        return None

    def _count(self, kind: Literal["person", "channel"], identifier: int) -> float | None:
        """Seconds to wait, or None where the question is within the limit."""
        key = (kind, identifier)
        cooldown = self._counts.get(key) or Cooldown(self._limits[kind], PERIOD)
        self._counts[key] = cooldown
        return cooldown.update_rate_limit(self._clock())

    def _stamp(self, wait: float) -> str:
        return f"<t:{int(self._clock() + wait) + 1}:R>"
