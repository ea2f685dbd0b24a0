"""Where a plain text breaks its lines: at a column, or only where its author meant to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.formats.shapes import ends_sentence

# Nobody wraps lines that late: each is a paragraph.
_LONGEST = 120
_DANGLING = re.compile(
    r"(?:,|\b(?:an?|and|as|at|but|by|for|from|in|into|is|of|on|or|than|that|the|their|to|with|your))$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wrapping:
    """The column at which lines are wrapped, None where they are not."""

    width: int | None

    def goes_on(self, line: str, following: str) -> bool:
        """True where the line that follows is the rest of what this one began."""
        if len(line) > _LONGEST:
            return False
        if following[0].islower() or _DANGLING.search(line):
            return True
        if self.width is None or len(line) < 0.6 * self.width:
            return False
        # A sentence that ends where the next word would have fitted ends its paragraph.
        fits = len(line) + 1 + len(following.split()[0]) <= self.width
        return not (fits and ends_sentence(line))


def find_wrapping(breaks: Iterable[tuple[str, str]]) -> Wrapping:
    """How a text is wrapped, by its pairs of lines without a blank one between them.

    In wrapped prose many lines begin in the middle of a sentence; lines that were meant do not.
    """
    pairs = [(line, following) for line, following in breaks if len(line) <= _LONGEST]
    within = sum(following[0].islower() for _, following in pairs)
    if not within or within * 3 < len(pairs):
        return Wrapping(None)
    # A few lines stick out: a link, a later addition.
    lengths = sorted(len(line) for line, _ in pairs)
    return Wrapping(lengths[-1 - len(lengths) // 11])
