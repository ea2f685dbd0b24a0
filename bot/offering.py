"""What is offered while somebody types: from memory, where reading it takes longer than Discord waits."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from bot.offload import Offload

log = logging.getLogger(__name__)

T = TypeVar("T")

FRESH = 30.0
"""Seconds for which nothing is read anew."""
PATIENCE = 1.5
"""Seconds to wait for what is read; after three Discord shows nothing, and who types is looked up before."""


class Offers(Generic[T]):
    """A list, read once at a time however fast somebody types; meanwhile the last one is offered."""

    def __init__(
        self,
        read: Callable[[], list[T]],
        offload: Offload,
        *,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._offload = offload
        self._patience = patience
        self._clock = clock
        self._found: list[T] = []
        self._due = clock()
        self._reading: asyncio.Future[list[T]] | None = None

    async def now(self) -> list[T]:
        """As it is known in time; a late one is for the next key. Never raises."""
        if self._reading is None and self._clock() >= self._due:
            self._reading = asyncio.ensure_future(self._offload.run(self._read, limited=False))
            self._reading.add_done_callback(self._remember)
        if self._reading is not None:
            await asyncio.wait([self._reading], timeout=self._patience)
        return self._found

    def forget(self) -> None:
        """It has changed, so that what was read, or is being read, counts no more."""
        self._found, self._due, self._reading = [], self._clock(), None

    def _remember(self, done: "asyncio.Future[list[T]]") -> None:
        error = None if done.cancelled() else done.exception()
        if error:
            log.warning("What could be offered was not read: %s", type(error).__name__)
        if done is not self._reading:
            return
        self._reading = None
        if not done.cancelled() and error is None:
            self._found, self._due = done.result(), self._clock() + FRESH
