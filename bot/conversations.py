"""What was said before, for follow-up questions: in memory only, bounded, and forgotten after a while."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache

from knowledge.entities import Question, Turn

REMEMBERED = 6
"""Turns of one conversation that are remembered."""
AGE = 1800.0
"""Seconds after which an answer can no longer be followed up."""
MOST = 5000
"""Answers that can be followed up at the same time."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one person talks to the bot, and whether anybody else reads it there.

    The private and the public conversation of a person in one channel are two: what was asked in private
    never shows through a public answer.
    """

    channel: int
    person: int
    private: bool


@dataclass(frozen=True, slots=True)
class _Said:
    person: int
    turns: tuple[Turn, ...]
    own: bool


class Conversations:
    """The turns that led to each recent answer. An answer can only be followed up by who got it."""

    def __init__(self, *, age: float = AGE, timer: Callable[[], float] = time.monotonic) -> None:
        self._said: TTLCache[str, _Said] = TTLCache(MOST, age, timer=timer)
        self._last: TTLCache[Place, str] = TTLCache(MOST, age, timer=timer)
        self._messages: TTLCache[int, str] = TTLCache(MOST, age, timer=timer)
        self._forgotten: TTLCache[int, int] = TTLCache(MOST, age, timer=timer)

    def remember(
        self, key: str, question: Question, answer: str, *, person: int, place: Place | None, own: bool = True
    ) -> None:
        """An answer was given; it can be followed up by its key, and by what comes next in `place`.

        `own` is false where the person asked for an answer to somebody else's words.
        """
        turns = (*question.history, Turn(question.text, answer))[-REMEMBERED:]
        self._said[key] = _Said(person, turns, own)
        if place is not None:
            self._last[place] = key

    def shown_as(self, message: int, key: str) -> None:
        """The answer stands in this message, and a reply to it follows it up."""
        self._messages[message] = key

    def up_to(self, key: str, person: int) -> tuple[Turn, ...] | None:
        """The turns up to and with an answer, oldest first; None where they are forgotten or another's."""
        said = self._said.get(key)
        return said.turns if said and said.person == person else None

    def at(self, place: Place) -> tuple[Turn, ...]:
        """What was said in a place last."""
        key = self._last.get(place)
        return (self.up_to(key, place.person) if key else None) or ()

    def in_reply_to(self, message: int, person: int) -> tuple[Turn, ...] | None:
        """The turns up to the answer in a message; None where that is no answer, forgotten or another's."""
        key = self._messages.get(message)
        return self.up_to(key, person) if key else None

    def question(self, key: str, person: int) -> str | None:
        """What a person asked, in their own words; None where it is forgotten, or was another's."""
        said = self._said.get(key)
        return said.turns[-1].user if said and said.person == person and said.own else None

    def forgotten(self, person: int) -> int:
        """How often a person had everything forgotten lately."""
        return self._forgotten.get(person, 0)

    def of_person(self, person: int) -> list[Turn]:
        """Everything that is still remembered of what a person said, each turn once."""
        turns = (turn for _, said in self._of(person) for turn in said.turns)
        return list(dict.fromkeys(turns))

    def forget(self, person: int) -> int:
        """Forget all of a person's conversations; returns how many answers they had."""
        self._forgotten[person] = self.forgotten(person) + 1
        keys = [key for key, _ in self._of(person)]
        for key in keys:
            self._said.pop(key, None)
        for place in [place for place in self._last if place.person == person]:
            self._last.pop(place, None)
        return len(keys)

    def _of(self, person: int) -> list[tuple[str, _Said]]:
        """What may expire while it is looked through is looked up once."""
        found = ((key, self._said.get(key)) for key in list(self._said))
        return [(key, said) for key, said in found if said and said.person == person]
