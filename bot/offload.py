"""Runs the synchronous core off the event loop: few threads, a short queue, a time limit."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")


class Overloaded(Exception):
    """Every thread is taken and the queue is full."""


class TooSlow(Exception):
    """The work did not finish within its time limit."""


class Offload:
    """The one place where blocking work leaves the event loop.

    One worker by default: the model computes on one thread, so a second question only gains by waiting.
    """

    def __init__(self, *, workers: int = 1, waiting: int = 16, seconds: float = 30.0) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="advisor")
        self._places = BoundedSemaphore(workers + waiting)
        self._seconds = seconds

    async def run(self, work: Callable[[], T], *, limited: bool = True) -> T:
        """Run the work in a thread. Raises Overloaded at once, or TooSlow after the limit."""
        if not self._places.acquire(blocking=False):
            raise Overloaded
        try:
            future = self._pool.submit(work)
        except RuntimeError:
            self._places.release()
            raise
        # A thread cannot be stopped: late work keeps its place until it is over.
        future.add_done_callback(lambda _: self._places.release())
        try:
            async with asyncio.timeout(self._seconds if limited else None) as limit:
                return await asyncio.wrap_future(future)
        except TimeoutError as error:
            if limit.expired():
                raise TooSlow from error
            raise

    def close(self) -> None:
        """Start nothing more; what runs is left to end by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
