"""Where questions arrive: the advisor behind a thread, from the moment it is warm."""

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol, TypeVar

from cachetools import TTLCache

from bot.metrics import Metrics
from bot.offload import Offload, Overloaded, TooSlow
from knowledge.entities import Question, Reply
from knowledge.suggesting import Suggestions

T = TypeVar("T")

TOGETHER = 16
"""Questions answered as one batch: their texts are embedded at once, and the first does not wait for long."""
WAITING = 1000
"""Questions that may wait at the same time."""
SECONDS = 30.0
"""How long somebody waits for an answer before being told that it takes too long."""
REPEATED = 2000
REMEMBERED = 1800.0
"""Replies kept in memory in case the same question comes again, and for how many seconds."""


class Advisor(Protocol):
    """The synchronous core: the same object answers in Discord and in the terminal."""

    def answer_all(self, questions: Sequence[Question]) -> Sequence[Reply | Exception]:
        """The reply to each question, or what went wrong with it, all from one generation."""

    def generation(self) -> int | None:
        """The number of the generation that answers now."""

    def suggestions(self) -> Suggestions:
        """What can be asked of the generation that answers now."""

    def check(self) -> None:
        """Ask itself a question. Raises where no answer comes."""

    def warm(self) -> None:
        """Load what the first answer would otherwise wait for."""


class Desk:
    """Takes questions to the advisor without holding up the event loop, those that wait together.

    `learned` is called, in a thread, when another generation answers.

    The same question asked while it is being answered is answered once; asked again later, with the same
    history and of the same generation, its reply is remembered.
    """

    def __init__(
        self,
        *,
        advisor: Advisor,
        offload: Offload,
        metrics: Metrics | None = None,
        reading: Offload | None = None,
        learned: Callable[[], None] = lambda: None,
        seconds: float = SECONDS,
        waiting: int = WAITING,
    ) -> None:
        self._advisor = advisor
        self._offload = offload
        self._metrics = metrics or Metrics()
        self._reading = reading or offload
        self._learned = learned
        self._seconds = seconds
        self._most = waiting
        self._asked: dict[Question, asyncio.Future[Reply]] = {}
        self._queue: deque[Question] = deque()
        self._working: asyncio.Task[None] | None = None
        self._replies: TTLCache[tuple[int | None, str], Reply] = TTLCache(REPEATED, REMEMBERED)
        self._suggestions: tuple[int | None, Suggestions] | None = None
        self._warming: asyncio.Task[None] | None = None
        self._warm = False

    @property
    def is_warm(self) -> bool:
        """Whether questions are answered yet."""
        return self._warm

    async def warm(self) -> None:
        """Warm the advisor; however many wait for it, and even if they give up, it happens once."""
        if self._warm:
            return
        if self._warming is None:
            self._warming = asyncio.create_task(self._offload.run(self._warm_up, limited=False))
        warming = self._warming
        try:
            await asyncio.shield(warming)
        finally:
            # What failed once may succeed for the next who asks.
            if warming.done() and self._warming is warming:
                self._warming = None
        self._warm = True

    async def answer(self, question: Question) -> Reply:
        """The advisor's reply, once it is warm. Raises Overloaded or TooSlow, or what the advisor raised."""
        answered = self._asked.get(question)
        if answered is None:
            if len(self._asked) >= self._most:
                raise Overloaded
            answered = asyncio.get_running_loop().create_future()
            # Where everybody has given up waiting, nobody is left to look at a failure.
            answered.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._asked[question] = answered
            self._queue.append(question)
            self._metrics.waiting(len(self._asked))
            if self._working is None or self._working.done():
                self._working = asyncio.create_task(self._work())
        try:
            async with asyncio.timeout(self._seconds) as limit:
                return await asyncio.shield(answered)
        except TimeoutError as error:
            if limit.expired():
                raise TooSlow from error
            raise

    def offer(self, typed: str) -> list[str]:
        """Questions that have answers and resemble what somebody types; from memory, at most 25."""
        return self._suggestions[1].offer(typed) if self._suggestions else []

    async def check(self) -> None:
        """Have the advisor ask itself a question. Raises where no answer comes."""
        await self._offload.run(self._advisor.check)

    async def read(self, work: Callable[[], T]) -> T:
        """Something else to be read from the index, off the event loop and beside the questions."""
        return await self._reading.run(work)

    async def _work(self) -> None:
        """Answer batch after batch until nobody waits."""
        while self._queue:
            batch = [self._queue.popleft() for _ in range(min(TOGETHER, len(self._queue)))]
            outcomes: Sequence[Reply | Exception]
            try:
                await self.warm()
                outcomes = await self._offload.run(partial(self._answer, batch), limited=False)
            except Exception as error:  # noqa: BLE001  # every asker is told; the next batch has its own chance
                outcomes = [error] * len(batch)
            for question, outcome in zip(batch, outcomes, strict=True):
                self._settle(self._asked.pop(question), outcome)
            self._metrics.waiting(len(self._asked))
            if not self._queue:
                await self._learn()

    async def _learn(self) -> None:
        """Learn what a new generation offers; the next question is a chance to make up for a failure."""
        with suppress(Exception):
            await self._offload.run(self._look_around, limited=False)

    def _answer(self, batch: Sequence[Question]) -> list[Reply | Exception]:
        """Runs in a thread, one batch at a time."""
        generation = self._advisor.generation()
        known = {question: self._replies.get((generation, _digest(question))) for question in batch}
        fresh = [question for question, reply in known.items() if reply is None]
        outcomes: dict[Question, Reply | Exception] = {
            question: reply for question, reply in known.items() if reply is not None
        }
        for _ in outcomes:
            self._metrics.cache_hit()
        if fresh:
            self._metrics.answered_together(len(fresh))
            for question, outcome in zip(fresh, self._advisor.answer_all(fresh), strict=True):
                outcomes[question] = outcome
                if isinstance(outcome, Reply):
                    self._replies[outcome.generation, _digest(question)] = outcome.without_questions()
        return [outcomes[question] for question in batch]

    def _warm_up(self) -> None:
        self._advisor.warm()
        self._look_around()

    def _look_around(self) -> None:
        """Learn what can be asked, where the generation that answers is new here."""
        generation = self._advisor.generation()
        if generation is not None and (self._suggestions is None or self._suggestions[0] != generation):
            self._suggestions = (generation, self._advisor.suggestions())
            self._learned()

    @staticmethod
    def _settle(answered: asyncio.Future[Reply], outcome: Reply | Exception) -> None:
        if answered.done():
            return
        if isinstance(outcome, Reply):
            answered.set_result(outcome)
        else:
            answered.set_exception(outcome)


def _digest(question: Question) -> str:
    """Tells questions with their histories apart without holding what was said."""
    return hashlib.sha256(repr(question).encode("utf-8", "surrogatepass")).hexdigest()
