"""Words as numbers, so that texts can be compared fast."""

import re

_WORD = re.compile(r"[^\W_]+")


class Vocabulary:
    """Gives every word a number; the same word always gets the same."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def ids(self, text: str) -> list[int]:
        """The numbers of a text's words, in order."""
        known = self._ids
        return [known.setdefault(word, len(known)) for word in _WORD.findall(text.casefold())]
