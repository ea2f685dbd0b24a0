"""The only right to write, held by at most one process and released by the kernel if that one dies."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.folder.files import write_whole
from index.library import Busy


class WritingLock:
    """A file lock that can say who holds it."""

    def __init__(self, folder: Path) -> None:
        # Thread-local, so a second thread of the same process waits like a second process would.
        self._lock = FileLock(folder / "index.lock", thread_local=True)
        # Beside the lock and not in it: what is in a locked file cannot be replaced in one step.
        self._holder = folder / "index.lock.json"

    @property
    def held(self) -> bool:
        """True where this thread holds the right to write."""
        return self._lock.is_locked

    @contextmanager
    def hold(self, who: str, wait: float) -> Iterator[None]:
        """Take the lock, or raise Busy after `wait` seconds."""
        try:
            self._lock.acquire(timeout=wait)
        except Timeout:
            raise Busy(self._describe()) from None
        try:
            if self._lock.lock_counter == 1:
                self._introduce(who)
            yield
        finally:
            self._lock.release()

    def _introduce(self, who: str) -> None:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        write_whole(self._holder, json.dumps({"who": who, "since": since, "process": os.getpid()}))

    def _describe(self) -> str:
        try:
            holder = json.loads(self._holder.read_bytes())
            return (
                f"The index is being changed by {holder['who']} since {holder['since']} "
                f"(process {holder['process']}); try again when that is done."
            )
        except (OSError, ValueError, KeyError, TypeError):
            return "The index is being changed by another process; try again when that is done."
