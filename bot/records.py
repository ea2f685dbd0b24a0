"""The journal as seen from the event loop, and the replies behind buttons: in memory, else read back."""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import discord
from cachetools import LRUCache

from bot.delivery import OWN
from bot.offload import Offload, Overloaded, TooSlow
from bot.tallies import Ended, Tallies
from knowledge.entities import Reply
from knowledge.journal.entries import Pending, PendingMessage, Receipt
from knowledge.journal.errors import JournalError
from knowledge.journal.journal import Journal

log = logging.getLogger(__name__)

T = TypeVar("T")

Waiting = discord.Interaction[Any] | discord.Message
"""What a person waits for an answer to."""

WORK = "work:"
"""Stands before an interaction in which something long is under way that an admin started."""
AT_HAND = 2000
COUNTS_WAIT = 30.0
"""Seconds of counts that a killed process loses at most."""


@dataclass(frozen=True, slots=True)
class Declined:
    """A question that was not answered, why, and the heading it came nearest to, if that is known."""

    question: str
    reason: str
    near: str = ""


class Records:
    """Keeps what outlives an answer. A journal that fails never costs an answer, only what comes later."""

    def __init__(self, *, journal: Journal, offload: Offload, keep_declined: bool = True) -> None:
        self._journal = journal
        self._offload = offload
        self.keep_declined = keep_declined
        self._recent: LRUCache[str, Reply] = LRUCache(AT_HAND)
        self._tallies = Tallies()
        self._until_counted: asyncio.TimerHandle | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._forgotten: Counter[int] = Counter()

    async def keep(self, reply: Reply) -> str:
        """The key under which the reply is found from now on."""
        key = await self._unless_it_fails(lambda: self._journal.keep(reply))
        key = key or secrets.token_urlsafe(8)
        self._recent[key] = reply.without_questions()
        return key

    async def find(self, key: str) -> Reply | None:
        """The reply kept under a key; None where it is no longer kept. Raises JournalError."""
        if reply := self._recent.get(key):
            return reply
        reply = await self._offload.run(lambda: self._journal.kept(key))
        if reply:
            self._recent[key] = reply
        return reply

    async def begin(self, waiting: Waiting, *, work: bool = False) -> None:
        """Note what waits for its end, should the process not live to give it one.

        `work` is not an answer but something long that an admin started.
        """
        if isinstance(waiting, discord.Message):
            message, channel = str(waiting.id), str(waiting.channel.id)
            if waiting.author.bot:  # the bot's own, in which something is told that is not over yet
                channel = f"{OWN}{channel}"
            await self._unless_it_fails(lambda: self._journal.begin_message(message=message, channel=channel))
            return
        identifier = f"{WORK}{waiting.id}" if work else str(waiting.id)
        given = (identifier, str(waiting.application_id), waiting.token)
        await self._unless_it_fails(
            lambda: self._journal.begin(interaction=given[0], application=given[1], token=given[2])
        )

    async def end(self, waiting: Waiting | Pending | PendingMessage, *, work: bool = False) -> None:
        """Forget what ended."""
        match waiting:
            case discord.Message():
                forget = partial(self._journal.end_message, str(waiting.id))
            case PendingMessage():
                forget = partial(self._journal.end_message, waiting.message)
            case Pending():
                forget = partial(self._journal.end, waiting.interaction)
            case _:
                forget = partial(self._journal.end, f"{WORK}{waiting.id}" if work else str(waiting.id))
        await self._unless_it_fails(forget)

    async def unfinished(self) -> list[Pending | PendingMessage]:
        """What an earlier process left without an end, as long as it can be given one."""
        return [
            *(await self._unless_it_fails(self._journal.unfinished) or []),
            *(await self._unless_it_fails(self._journal.unanswered_messages) or []),
        ]

    async def rate(self, person: int, key: str, *, helpful: bool) -> bool:
        """Note whether an answer helped; False where it is no longer kept. Raises JournalError."""
        return await self._offload.run(
            lambda: self._journal.rate(person=str(person), key=key, helpful=helpful)
        )

    async def tell(self, person: int, question: str, reply: Reply, key: str, *, reason: str) -> bool:
        """Store a question for the admins; False where it was stored before. Raises JournalError."""
        quoted = [quote.passage for part in reply.parts for quote in getattr(part, "quotes", ())]
        return await self._offload.run(
            lambda: self._journal.tell(
                person=str(person),
                question=question,
                reason=reason,
                generation=reply.generation,
                passages=quoted,
                key=key,
            )
        )

    def ended(self, ended: Ended) -> None:
        """Count how a question ended. Nothing is waited for: counts are written together, a little later."""
        self._tallies.add(ended)
        if self._until_counted is None:
            loop = asyncio.get_running_loop()
            self._until_counted = loop.call_later(COUNTS_WAIT, lambda: self._start(self._write_counts()))

    def declined(self, person: int, questions: Sequence[Declined], generation: int) -> None:
        """Keep questions that were not answered, where that is wanted. Nothing is waited for."""
        if self.keep_declined and questions:
            before = self._forgotten[person]
            self._start(self._write_declined(person, questions, generation, before))

    async def of_person(self, person: int) -> dict[str, list[dict[str, Any]]]:
        """Everything a person left, by table. Raises JournalError."""
        return await self._offload.run(lambda: self._journal.of_person(str(person)))

    async def forget(self, person: int) -> Receipt:
        """Delete everything a person left. Raises JournalError."""
        # What is written from now on would come after.
        self._forgotten[person] += 1
        return await self._offload.run(lambda: self._journal.forget(str(person)))

    async def close(self) -> None:
        """Write what waits to be written, bring everything into one file and close it."""
        if self._until_counted is not None:
            self._until_counted.cancel()
        await asyncio.gather(*self._under_way, self._write_counts(), return_exceptions=True)
        await self._unless_it_fails(self._journal.checkpoint)
        await self._unless_it_fails(self._journal.close)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _write_counts(self) -> None:
        self._until_counted = None
        if not (tallies := self._tallies.take()):
            return
        try:
            await self._offload.run(lambda: self._journal.count(tallies))
        except TooSlow:
            # It is still being written, and would be counted twice.
            log.warning("The journal: it takes long to write counts.")
        except (JournalError, Overloaded) as error:
            log.warning("The journal: %s", error or type(error).__name__)
            self._tallies.put_back(tallies)

    async def _write_declined(
        self, person: int, questions: Sequence[Declined], generation: int, forgotten: int
    ) -> None:
        if self._forgotten[person] != forgotten:
            return
        await self._unless_it_fails(lambda: self._decline(person, questions, generation))

    def _decline(self, person: int, questions: Sequence[Declined], generation: int) -> None:
        for one in questions:
            self._journal.decline(
                person=str(person),
                question=one.question,
                reason=one.reason,
                near=one.near,
                generation=generation,
            )

    async def _unless_it_fails(self, work: Callable[[], T]) -> T | None:
        try:
            return await self._offload.run(work)
        except (JournalError, Overloaded, TooSlow) as error:
            log.warning("The journal: %s", error or type(error).__name__)
            return None
