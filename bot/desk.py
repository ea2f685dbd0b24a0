"""Where questions arrive: the advisor behind a thread, from the moment it is warm."""

import asyncio
from typing import Protocol

from bot.offload import Offload
from knowledge.entities import Question, Reply


class Advisor(Protocol):
    """The synchronous core: the same object answers in Discord and in the terminal."""

    def answer(self, question: Question) -> Reply:
        """The answer, or an honest refusal, for each question in the text."""

    def warm(self) -> None:
        """Load what the first answer would otherwise wait for."""


class WarmingUp(Exception):
    """The advisor is still loading its model."""


class Desk:
    """Takes questions to the advisor without holding up the event loop."""

    def __init__(self, *, advisor: Advisor, offload: Offload) -> None:
        self._advisor = advisor
        self._offload = offload
        self._warming: asyncio.Task[None] | None = None
        self._warm = False

    @property
    def is_warm(self) -> bool:
        """Whether questions are answered yet."""
        return self._warm

    async def warm(self) -> None:
        """Warm the advisor; however many wait for it, and even if they give up, it happens once."""
        if self._warming is None:
            self._warming = asyncio.create_task(self._offload.run(self._advisor.warm, limited=False))
        await asyncio.shield(self._warming)
        self._warm = True

    async def answer(self, question: Question) -> Reply:
        """The advisor's reply. Raises WarmingUp, Overloaded or TooSlow."""
        if not self._warm:
            raise WarmingUp
        return await self._offload.run(lambda: self._advisor.answer(question))
