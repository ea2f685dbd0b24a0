"""Keeping searches for garbage short: no other thread runs during one, and the event loop has to wait."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_works = 0


@contextmanager
def unsearched() -> Iterator[None]:
    """No search meanwhile, for work that makes very many objects and hardly any garbage.

    A search walks all that was made, again and again while it grows.
    """
    _begin()
    try:
        yield
    finally:
        _end()


@contextmanager
def kept_for_good() -> Iterator[None]:
    """The same, and what was made is left out of every later search; it still goes when nobody holds it.

    The libraries behind a model come with half a million objects, and so do 20,000 passages: to walk them all
    takes a third of a second.
    """
    # What is garbage already would be kept for good as well, and whatever it holds.
    gc.collect()
    with unsearched():
        try:
            yield
        finally:
            gc.freeze()


def _begin() -> None:
    global _works
    with _lock:
        _works += 1
        gc.disable()


def _end() -> None:
    global _works
    with _lock:
        _works -= 1
        if not _works:
            gc.enable()
