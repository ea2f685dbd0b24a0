"""The journal as seen from the event loop, and the replies behind buttons: in memory, else read back."""

import logging
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import discord
from cachetools import LRUCache

from bot.offload import Offload, Overloaded, TooSlow
from knowledge.entities import Reply
from knowledge.journal.entries import Pending, PendingMessage, Receipt
from knowledge.journal.errors import JournalError
from knowledge.journal.journal import Journal

log = logging.getLogger(__name__)

T = TypeVar("T")

Waiting = discord.Interaction[Any] | discord.Message
"""What a person waits for an answer to."""

AT_HAND = 2000


class Records:
    """Keeps what outlives an answer. A journal that fails never costs an answer, only what comes later."""

    def __init__(self, *, journal: Journal, offload: Offload) -> None:
        self._journal = journal
        self._offload = offload
        self._recent: LRUCache[str, Reply] = LRUCache(AT_HAND)

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

    async def begin(self, waiting: Waiting) -> None:
        """Note what waits for its end, should the process not live to give it one."""
        if isinstance(waiting, discord.Message):
            message, channel = str(waiting.id), str(waiting.channel.id)
            await self._unless_it_fails(lambda: self._journal.begin_message(message=message, channel=channel))
            return
        given = (str(waiting.id), str(waiting.application_id), waiting.token)
        await self._unless_it_fails(
            lambda: self._journal.begin(interaction=given[0], application=given[1], token=given[2])
        )

    async def end(self, waiting: Waiting | Pending | PendingMessage) -> None:
        """Forget what ended."""
        match waiting:
            case discord.Message():
                work = partial(self._journal.end_message, str(waiting.id))
            case PendingMessage():
                work = partial(self._journal.end_message, waiting.message)
            case Pending():
                work = partial(self._journal.end, waiting.interaction)
            case _:
                work = partial(self._journal.end, str(waiting.id))
        await self._unless_it_fails(work)

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

    async def of_person(self, person: int) -> dict[str, list[dict[str, Any]]]:
        """Everything a person left, by table. Raises JournalError."""
        return await self._offload.run(lambda: self._journal.of_person(str(person)))

    async def forget(self, person: int) -> Receipt:
        """Delete everything a person left. Raises JournalError."""
        return await self._offload.run(lambda: self._journal.forget(str(person)))

    async def close(self) -> None:
        """Bring everything into one file and close it."""
        await self._unless_it_fails(self._journal.checkpoint)
        await self._unless_it_fails(self._journal.close)

    async def _unless_it_fails(self, work: Callable[[], T]) -> T | None:
        try:
            return await self._offload.run(work)
        except (JournalError, Overloaded, TooSlow) as error:
            log.warning("The journal: %s", error or type(error).__name__)
            return None
