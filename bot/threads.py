"""Who works off the event loop: a pool for each sort of work, so that none has to wait for another sort."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bot.offload import Offload

LOOKING_UP = 200
WRITING = 2000
WRITING_SECONDS = 5.0
"""What may wait for the disk, and for how long anything waits for it."""
DECIDING = 50
DECIDING_SECONDS = 60.0
"""What admins decide, one thing after the other."""
CONVERTERS, CONVERTING = 3, 20
"""Files that are looked at side by side, and how many may wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threads:
    """`answering` computes, `reading` looks things up, `writing` stores what people told.

    Of what admins do, `working` does what takes minutes, one thing at a time; `deciding` what comes in order;
    `converting` looks at files and groups questions.
    """

    answering: Offload
    reading: Offload
    writing: Offload
    working: Offload
    deciding: Offload
    converting: Offload


@contextmanager
def threads() -> Iterator[Threads]:
    """All of them, until the bot is stopped; what runs then is left to end by itself."""
    with ExitStack() as stack:
        yield Threads(
            answering=stack.enter_context(Offload()),
            reading=stack.enter_context(Offload(waiting=LOOKING_UP)),
            writing=stack.enter_context(Offload(waiting=WRITING, seconds=WRITING_SECONDS)),
            working=stack.enter_context(Offload(waiting=0)),
            deciding=stack.enter_context(Offload(waiting=DECIDING, seconds=DECIDING_SECONDS)),
            converting=stack.enter_context(Offload(workers=CONVERTERS, waiting=CONVERTING)),
        )
