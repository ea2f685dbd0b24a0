"""Pieces laid out as the text of a document, with the place of everything in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.corpus.complaints import Finding
from knowledge.corpus.fillers import is_filler
from knowledge.entities import Block, BlockKind, Section
from knowledge.formats.pieces import Code, Heading, Item, Listing, Paragraph, Piece, Table

_KINDS: dict[type[Piece], BlockKind] = {Paragraph: "paragraph", Table: "table", Code: "code"}
_STEPS = re.compile(r"\b(?:steps?|step-by-step|road ?map|checklist|instructions)\b", re.IGNORECASE)
_HOW_TO = re.compile(r"^how (?:to|do (?:you|i))\b", re.IGNORECASE)
_NO_IMPERATIVE = re.compile(
    r"(?:(?:an?|the|this|that|these|those|you|your|they|their|it|its|we|our|i|my|he|she|one|some|any|no|if|when)\b"
    r"|\S+(?:ing|tion|ment|ity|ness|ance|ence|ies)\b|\S+:)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The text of a document, its sections, and what was found wanting in them.

    `lines` are pairs of a place in the text and the line of the file that it comes from.
    """

    text: str
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    lines: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class _Open:
    """A section being written."""

    headings: tuple[str, ...]
    line: int
    start: int
    end: int
    blocks: list[Block] = field(default_factory=list)
    placeholder: str | None = None
    last: str = ""


def lay_out(pieces: Sequence[Piece]) -> Layout:
    """The canonical text of these pieces (see Document) and their places in it."""
    writer = _Writer()
    for piece in pieces:
        writer.add(piece)
    return writer.close()


class _Writer:
    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._path: list[Heading] = []
        self._sections: list[_Open] = [_Open((), 1, 0, 0)]
        self._findings: list[Finding] = []
        self._lines: list[tuple[int, int]] = []

    def add(self, piece: Piece) -> None:
        if isinstance(piece, Heading):
            self._open(piece)
        elif _is_placeholder(piece):
            section = self._sections[-1]
            section.placeholder = section.placeholder or piece.text
            self._findings.append(Finding("placeholder-text", piece.line, piece.text))
        else:
            self._block(piece)

    def close(self) -> Layout:
        opened = [part for part in self._sections if part.headings or part.blocks]
        sections: list[Section] = []
        speaks: tuple[str, ...] | None = None  # the path of the nearest section from here that says something
        for part in reversed(opened):
            if part.blocks:
                speaks = part.headings
            empty = speaks is None or speaks[: len(part.headings)] != part.headings
            sections.append(self._closed(part, empty=empty))
        findings, lines = tuple(self._findings), tuple(self._lines)
        return Layout("".join(self._parts), tuple(reversed(sections)), findings, lines)

    def _closed(self, part: _Open, *, empty: bool) -> Section:
        if empty:
            self._findings.append(Finding("empty-section", part.line, part.headings[-1]))
        return Section(
            headings=part.headings,
            start=part.start,
            end=part.end,
            blocks=tuple(part.blocks),
            empty=empty,
            placeholder=part.placeholder,
        )

    def _open(self, heading: Heading) -> None:
        while self._path and self._path[-1].level >= heading.level:
            self._path.pop()
        self._path.append(heading)
        start = self._gap()
        self._lines.append((start, heading.line))
        self._write(heading.text)
        self._sections.append(_Open(tuple(h.text for h in self._path), heading.line, start, self._length))

    def _block(self, piece: Paragraph | Listing | Table | Code) -> None:
        section = self._sections[-1]
        start = self._gap()
        if isinstance(piece, Listing):
            ordered = _is_ordered(piece, section)
            items = tuple(self._item(item, place) for place, item in enumerate(piece.items))
            block = Block("steps" if ordered else "list", start, self._length, items)
        else:
            self._lines += _lines(piece, start)
            self._write(piece.text)
            block = Block(_KINDS[type(piece)], start, self._length)
        if not section.headings and not section.blocks:
            section.start = start
        section.blocks.append(block)
        section.end = self._length
        section.last = piece.text

    def _item(self, item: Item, place: int) -> tuple[int, int]:
        mark = "- " if item.number is None else f"{item.number}. "
        self._write(("\n" if place else "") + "  " * item.depth + mark)
        start = self._length
        self._lines.append((start, item.line))
        self._write(item.text)
        return start, self._length

    def _gap(self) -> int:
        """Leave a blank line and return where the next block starts."""
        if self._parts:
            self._write("\n\n")
        return self._length

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _lines(piece: Paragraph | Table | Code, start: int) -> Iterator[tuple[int, int]]:
    """Where a block begins; of a table, where each row does: below the first stands a rule."""
    yield start, piece.line
    if isinstance(piece, Table):
        for place, row in enumerate(piece.rows[:-1], 1):
            start += len(" | ".join(row)) + 1
            yield start, piece.line + 1 + place


def _is_placeholder(piece: Piece) -> bool:
    if isinstance(piece, Listing):
        return all(is_filler(item.text) for item in piece.items)
    return isinstance(piece, Paragraph) and is_filler(piece.text)


def _is_ordered(listing: Listing, section: _Open) -> bool:
    """True where the order of the items matters: they are numbered, or called steps by what stands above."""
    if listing.items[0].number is not None:
        return True
    heading = section.headings[-1] if section.headings else ""
    if _STEPS.search(heading) or (section.last.endswith(":") and _STEPS.search(section.last)):
        return True
    return bool(_HOW_TO.match(heading)) and not any(_NO_IMPERATIVE.match(item.text) for item in listing.items)
