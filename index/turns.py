"""A lock that goes to whoever has waited longest."""

import threading
from collections import deque
from types import TracebackType


class Turns:
    """Takes turns, where an ordinary lock goes to whoever asks first after it was released.

    That is the thread that had it, when it works in a loop: questions would wait for all of a reindex.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()

    def __enter__(self) -> None:
        turn = threading.Lock()
        turn.acquire()
        with self._lock:
            self._waiting.append(turn)
            if len(self._waiting) == 1:
                return
        turn.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._waiting.popleft()
            if self._waiting:
                self._waiting[0].release()
