"""Which of the first lines of a source is its title."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from knowledge.corpus.complaints import Finding
from knowledge.formats.pieces import Code, Heading, Piece

# "Married" and "marriage" tell of the same thing.
_STEM = 5
_LITTLE = re.compile(
    r"an?|and|are|at|by|do(?:es)?|for|from|how|in(?:to)?|is|it|of|on|or|the|to|what|who|why|with|your"
)


def settle_title(
    pieces: Sequence[Piece], known: str | None, *, flat: bool, byline: int | None = None
) -> tuple[str | None, tuple[Piece, ...], list[Finding]]:
    """The title, the pieces without it and without what stands before it, and the lines left out.

    `known` is a title from outside the text; it wins. With heading levels the first of level 1 is the title,
    without (`flat`) the leading line whose words are commonest in the text; it stands above the line of a
    `byline`.
    """
    place = _leading(pieces, known, byline) if flat else _top(pieces, known)
    if place is None:
        return known, tuple(pieces), []
    title = known or pieces[place].text
    if not flat:
        return title, (*pieces[:place], *pieces[place + 1 :]), []
    names = {_key(title), _key(pieces[place].text)}
    dropped = [piece for piece in pieces[:place] if _key(piece.text) not in names]
    rest = [*pieces[place + 1 :]]
    while rest and isinstance(rest[0], Heading):
        same = _key(rest[0].text) in names
        if not same and not (byline and rest[0].line < byline):
            break
        dropped += [] if same else [rest[0]]  # a second title, above the byline
        rest.pop(0)
    return title, tuple(rest), [Finding("leading-line", piece.line, piece.text) for piece in dropped]


def _top(pieces: Sequence[Piece], known: str | None) -> int | None:
    """The place of the first heading, if it is the title: of level 1, and alone in that or named like it."""
    headings = [place for place, piece in enumerate(pieces) if isinstance(piece, Heading)]
    tops = [place for place in headings if _level(pieces[place]) == 1]
    if not tops or tops[0] != headings[0]:
        return None
    named = known is None or _key(pieces[tops[0]].text) == _key(known)
    return tops[0] if named or len(tops) == 1 else None


def _level(piece: Piece) -> int:
    return piece.level if isinstance(piece, Heading) else 0


def _leading(pieces: Sequence[Piece], known: str | None, byline: int | None) -> int | None:
    """The place of the leading line that is the title."""
    leading = _leading_headings(pieces)
    above = [place for place in leading if byline and pieces[place].line < byline]
    leading = above or leading
    if not leading:
        return None
    if known:
        named = [place for place in leading if _key(pieces[place].text) == _key(known)]
        # Otherwise the last may head the first section; what stands above it would be an empty one.
        return named[0] if named else leading[-2] if len(leading) > 1 else None
    names = Counter(_key(pieces[place].text) for place in leading)
    counts = Counter(
        word for piece in pieces if not isinstance(piece, Heading | Code) for word in _words(piece.text)
    )
    scores = [
        (
            names[_key(pieces[place].text)],
            # Right above the byline stands the title, or what explains it.
            (1 + _weight(pieces[place].text, counts)) * (2 if above and place == leading[-1] else 1),
            -place,
        )
        for place in leading
    ]
    return -max(scores)[2]


def _leading_headings(pieces: Sequence[Piece]) -> list[int]:
    leading: list[int] = []
    for place, piece in enumerate(pieces):
        if not isinstance(piece, Heading) or piece.number is not None or piece.level > 1:
            break
        leading.append(place)
    # A question right above the first prose is its heading, if there is another line to be the title.
    if len(leading) > 1 and pieces[leading[-1]].text.endswith("?"):
        repeated = any(_key(pieces[leading[-1]].text) == _key(pieces[place].text) for place in leading[:-1])
        return leading if repeated else leading[:-1]
    return leading


def _weight(line: str, counts: Counter[str]) -> float:
    """How common the words of a line are in the text, on average."""
    words = list(_words(line))
    return sum(counts[word] for word in words) / len(words) if words else 0.0


def _words(text: str) -> Iterator[str]:
    for word in re.findall(r"\w+", text.casefold()):
        if not _LITTLE.fullmatch(word):
            yield word.removesuffix("s")[:_STEM]


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
