"""Counts of how questions ended, gathered in memory until they are written together."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from knowledge.journal.entries import Tally

End = Literal["answered", "partly", "declined", "failed"]
"""How a question ended, for the count."""

_Place = tuple[str, int, str]
# In the order of `Tally`.
_ENDS = ("asked", *get_args(End), "disagreed")


@dataclass(frozen=True, slots=True)
class Ended:
    """How one question ended; the generation is 0 where it is not known."""

    entry: str
    end: End
    generation: int = 0
    disagreed: bool = False


class Tallies:
    """What was counted and is not written yet. Never more than a few numbers a day and generation."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._counts: dict[_Place, Counter[str]] = {}

    def __bool__(self) -> bool:
        return bool(self._counts)

    def add(self, ended: Ended) -> None:
        """Count one question."""
        place = (self._now().astimezone(UTC).date().isoformat(), ended.generation, ended.entry)
        counted = ["asked", ended.end, *(["disagreed"] if ended.disagreed else [])]
        self._counts.setdefault(place, Counter()).update(counted)

    def take(self) -> list[Tally]:
        """All that was counted, which is then counted no more."""
        taken = [
            Tally(day, generation, entry, *(counts[end] for end in _ENDS))
            for (day, generation, entry), counts in self._counts.items()
        ]
        self._counts = {}
        return taken

    def put_back(self, tallies: Iterable[Tally]) -> None:
        """Take back what could not be written."""
        for tally in tallies:
            counts = {end: getattr(tally, end) for end in _ENDS}
            self._counts.setdefault((tally.day, tally.generation, tally.entry), Counter()).update(counts)
