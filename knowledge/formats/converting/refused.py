"""Why a file is not converted."""

from typing import Literal, get_args

Reason = Literal[
    "encrypted", "macros", "no-text", "too-many-pages", "expands", "damaged", "stopped", "too-long"
]
REASONS: frozenset[str] = frozenset(get_args(Reason))


class Refused(Exception):
    """A file cannot, or must not, be converted."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
