"""Questions and answers marked "Q:" and "A:" as headings and what stands under them."""

import re
from collections.abc import Iterable, Iterator

from knowledge.formats.pieces import Heading, Paragraph, Piece

_NUMBER = r"\s*\d{0,3}\s*[:.)]\s+"
_ASKED = re.compile(rf"(?:Q|Question){_NUMBER}(?=\S)")
_ANSWERED = re.compile(rf"(?:A|Answer){_NUMBER}(?=\S)")


def is_asked(line: str) -> bool:
    """True for a line that begins with "Q:" or the like."""
    return _ASKED.match(line) is not None


def is_answered(line: str) -> bool:
    """True for a line that begins with "A:" or the like."""
    return _ANSWERED.match(line) is not None


def has_questions(text: str) -> bool:
    """True where a text marks questions, and either answers or more questions."""
    lines = [line.strip(" *_#") for line in text.split("\n")]
    asked = sum(map(is_asked, lines))
    return asked > 1 or (asked == 1 and any(map(is_answered, lines)))


def with_questions(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces with every marked question as a heading, one level below the last other heading."""
    level = 1
    for piece in pieces:
        if not isinstance(piece, Heading | Paragraph):
            yield piece
        elif mark := _ASKED.match(piece.text):
            question, answer = _parted(piece.text[mark.end() :])
            yield Heading(question, level + 1, piece.line)
            if answer:
                yield Paragraph(_ANSWERED.sub("", answer, count=1), piece.line)
        elif mark := _ANSWERED.match(piece.text):
            yield Paragraph(piece.text[mark.end() :], piece.line)
        else:
            level = piece.level if isinstance(piece, Heading) else level
            yield piece


def _parted(text: str) -> tuple[str, str]:
    """The question and the answer that stands behind it, if one does."""
    question, mark, answer = text.partition("? ")
    return (text, "") if not mark or answer.endswith("?") else (f"{question}?", answer)
