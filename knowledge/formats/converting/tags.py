"""Pieces into HTML: words that a line divided are made whole, lists stand within lists."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from knowledge.formats.converting.layout import Piece
from knowledge.formats.converting.lines import Line

_DIVIDED = re.compile(r"(\w+)[-\u00ad\u2010]$")
_LONGEST_WORD = 60


def as_html(pieces: Sequence[Piece], lines: Sequence[Line]) -> Iterator[str]:
    """The pieces as tags."""
    words = _words_of(lines)
    opened: list[str] = []
    for piece in pieces:
        yield from _opened(piece, opened)
        if piece.depth is not None:
            yield f"<li>{_said(_joined(piece, words))}"
        elif piece.rows:
            rows = ("".join(f"<td>{_said(cell)}</td>" for cell in row) for row in piece.rows)
            yield f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
        elif piece.code:
            yield f"<pre><code>{_said(chr(10).join(_indented(piece)))}</code></pre>"
        else:
            tag = f"h{piece.level}" if piece.level else "p"
            yield f"<{tag}>{_said(_joined(piece, words))}</{tag}>"
    yield from (f"</li></{tag}>" for tag in reversed(opened))


def _opened(piece: Piece, opened: list[str]) -> Iterator[str]:
    """The ends of lists above a piece, and the beginnings of those it stands in."""
    depth = -1 if piece.depth is None else piece.depth
    while len(opened) > depth + 1:
        yield f"</li></{opened.pop()}>"
    if piece.depth is None:
        return
    tag = "ul" if piece.number is None else "ol"
    if len(opened) == depth + 1:
        if opened[-1] == tag:
            yield "</li>"
        else:
            yield f"</li></{opened.pop()}>"
    while len(opened) < depth + 1:
        start = f' start="{piece.number}"' if piece.number not in (None, 1) else ""
        yield f"<{tag}{start}>"
        opened.append(tag)


def _said(text: str) -> str:
    return escape(text, quote=False)


def _indented(piece: Piece) -> Iterator[str]:
    edge = min(line.left for line in piece.lines)
    for line in piece.lines:
        yield " " * min(40, round((line.left - edge) / (0.6 * line.size))) + line.text


def _words_of(lines: Sequence[Line]) -> Counter[str]:
    """How often each word is printed within a line, to tell a divided word from one with a hyphen."""
    return Counter(
        word for line in lines for word in re.findall(r"\w+(?:-\w+)*(?!\w|-$)", line.text.casefold())
    )


def _joined(piece: Piece, words: Counter[str]) -> str:
    parts = [piece.lines[0].text]
    for line in piece.lines[1:]:
        parts[-1], between = _seam(parts[-1], line.text, words)
        parts += [between, line.text]
    return "".join(parts).rstrip("\u00ad")


def _seam(text: str, following: str, words: Counter[str]) -> tuple[str, str]:
    """A line as it goes on, and what stands between it and the next.

    A word that a hyphen divides is made whole, unless the hyphen is its own.
    """
    divided = _DIVIDED.search(text[-_LONGEST_WORD:])
    rest = re.match(r"\w+", following)
    if not divided or not rest:
        return text, " "
    whole, kept = f"{divided[1]}{rest[0]}".casefold(), f"{divided[1]}-{rest[0]}".casefold()
    own = words[kept] > words[whole] or not rest[0][0].islower()
    return text[:-1], "-" if own else ""
