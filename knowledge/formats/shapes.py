"""What a few bare lines are by their looks: prose, one paragraph a line, or a list without marks."""

import re
from collections.abc import Iterator

from knowledge.formats.pieces import Item, Listing, Paragraph, Piece

_SENTENCE_END = re.compile(r"[.!?:;,。！？：；…]['\"”’)\]]*$")
_BEHIND = re.compile(r"[^\w.!?:;,。！？：；…'\"”’)\]]+$")
_LABELLED = re.compile(r"[^\W_](?:[^:.!?\s]* ?){1,4}(?::| [-–—]) \S")
_LONG = 120
_SHORT = 45


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def ends_sentence(text: str) -> bool:
    """True where the text ends with punctuation, closing quotes and emoji aside."""
    return _SENTENCE_END.search(_BEHIND.sub("", text[-20:])) is not None


def bare_lines(text: str, line: int, *, wrapped: bool = True) -> Iterator[Piece]:
    """The pieces that lines without a blank one between them make; `line` is the number of the first.

    Where a format does not say that such lines are `wrapped` prose, very long ones are a paragraph each.
    """
    numbered = [(one_line(part), line + place) for place, part in enumerate(text.split("\n"))]
    lines = [(part, number) for part, number in numbered if part]
    if is_bare_list([part for part, _ in lines]):
        yield Listing(tuple(Item(part, number) for part, number in lines), lines[0][1])
    elif not wrapped and any(len(part) > _LONG for part, _ in lines):
        # Nobody wraps lines that late: each is a paragraph.
        yield from (Paragraph(part, number) for part, number in lines)
    elif lines:
        yield Paragraph(" ".join(part for part, _ in lines), lines[0][1])


def is_bare_list(lines: list[str]) -> bool:
    """True for lines that each begin with a label, or for three and more short ones that are no sentences."""
    if len(lines) > 1 and all(_LABELLED.match(line) for line in lines):
        return True
    return len(lines) > 2 and all(
        len(line) <= _SHORT and not ends_sentence(line) and not line[0].islower() for line in lines
    )
