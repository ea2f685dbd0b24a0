"""What a few bare lines are by their looks: prose, one paragraph a line, or a list without marks."""

import re
from collections.abc import Iterator

from knowledge.formats.pieces import Item, Listing, Paragraph, Piece
from knowledge.formats.visible import visible

_SENTENCE_END = re.compile(r"[.!?:;,。！？：；…]['\"”’)\]]*$")
_BEHIND = re.compile(r"[^\w.!?:;,。！？：；…'\"”’)\]]+$")
_LABELLED = re.compile(r"[^\W_][^:.!?\s]*(?: [^:.!?\s]+){0,3}(?::| [-–—]) \S")
_LONG_LABELLED = re.compile(r"[^\W_a-z][^:.!?\s]*(?: [^:.!?\s]+){0,5}(?::| [-–—]) \S")
_SHORT = 45
LONGEST_HEADING = 80
_MOST_WORDS = 12


def one_line(text: str) -> str:
    """What can be seen of a text, with every run of white space as one space."""
    return " ".join(visible(text).split())


def ends_sentence(text: str) -> bool:
    """True where the text ends with punctuation, closing quotes and emoji aside."""
    return _SENTENCE_END.search(_BEHIND.sub("", text[-20:])) is not None


def heading_like(text: str) -> bool:
    """True for a short line that does not begin like the middle of a sentence nor end like one."""
    if len(text) > LONGEST_HEADING or len(text.split()) > _MOST_WORDS or not any(map(str.isalnum, text)):
        return False
    if text.endswith("?"):
        return not re.search(r"[.!?]\s", text)
    return not text[0].islower() and not ends_sentence(text)


def bare_lines(text: str, line: int) -> Iterator[Piece]:
    """The pieces that lines without a blank one between them make; `line` is the number of the first."""
    numbered = [(one_line(part), line + place) for place, part in enumerate(text.split("\n"))]
    lines = [(part, number) for part, number in numbered if part]
    if is_bare_list([part for part, _ in lines]):
        yield Listing(tuple(Item(part, number) for part, number in lines), lines[0][1])
    elif lines:
        yield Paragraph(" ".join(part for part, _ in lines), lines[0][1])


def is_bare_list(lines: list[str]) -> bool:
    """True for lines that each begin with a label, or for three and more short ones that are no sentences."""
    if len(lines) > 1 and all(_LABELLED.match(line) for line in lines):
        return True
    return len(lines) > 2 and (
        all(_LONG_LABELLED.match(line) for line in lines)
        or all(len(line) <= _SHORT and not ends_sentence(line) and not line[0].islower() for line in lines)
    )
