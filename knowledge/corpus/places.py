"""The lines of a page on which the words stand that were read from it."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from html import unescape

_TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_SOUGHT = (12, 6, 3)
_NEAR = 50_000
_MOST_MISSED = 100


class Places:
    """Finds the lines of a page written with tags."""

    def __init__(self, page: str) -> None:
        bare = _TAG.sub(lambda tag: " " + "\n" * tag[0].count("\n"), page)
        self._starts: list[int] = []  # of the lines in _words
        parts: list[str] = []
        length = 0
        for line in bare.split("\n"):
            self._starts.append(length)
            said = "".join(f" {word}" for word in _words(line))
            parts.append(said)
            length += len(said)
        self._words = "".join(parts) + " "
        self._missed = 0

    def line(self, text: str) -> int | None:
        """The first line on which this stands, or begins."""
        return self._found(self._find(_words(text[:200]), 0))

    def in_order(self, texts: Iterable[str]) -> list[int | None]:
        """The lines on which these begin, which stand on the page one after the other."""
        lines: list[int | None] = []
        after = 0
        for text in texts:
            words = _words(text)
            place = self._find(words, after)
            lines.append(self._found(place))
            if place is not None:
                after = place + sum(len(word) + 1 for word in words)
        return lines

    def _find(self, words: list[str], after: int) -> int | None:
        """Where these words stand, or the first of them."""
        if not words:
            return None
        # To look through all of a long page for every block would take as long as the page is squared.
        end = after + _NEAR if self._missed > _MOST_MISSED else len(self._words)
        for count in _SOUGHT:
            if count == _SOUGHT[0] or count < len(words):
                place = self._words.find(f" {' '.join(words[:count])} ", after, end)
                if place >= 0:
                    return place
        self._missed += 1
        return None

    def _found(self, place: int | None) -> int | None:
        return None if place is None else bisect_right(self._starts, place)


def _words(text: str) -> list[str]:
    return _WORD.findall(unescape(text).casefold())
