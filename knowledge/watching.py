"""Following a long work from outside, and stopping it."""

from collections.abc import Callable
from typing import Literal

Phase = Literal["reading", "embedding", "calibrating", "checking", "asking"]

Watch = Callable[[Phase, int, int], None]
"""Called now and then with (phase, done, total); 0 of 0 where nothing can be counted.

What it raises stops the work, and nothing is published.
"""


class Cancelled(Exception):
    """Somebody asked to stop; nothing was published."""


def unwatched(_: Phase, done: int, total: int) -> None:
    """For work that nobody follows."""
