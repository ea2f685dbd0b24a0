"""Plain text into pieces, by the looks of its lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from knowledge.formats.pieces import Heading, Item, Listing, Piece
from knowledge.formats.shapes import bare_lines, ends_sentence, is_bare_list, one_line

_BULLET = re.compile(r"(?:[•‣◦▪▫●○∙·⁃*+–-]|o(?= {2}))\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
_LONGEST_HEADING = 80
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank: its indentation, its mark if it is a list item, and its place."""

    text: str
    line: int
    indent: int
    marked: bool = False
    number: int | None = None
    after_blank: bool = True


def read_plain(text: str, *, first_line: int = 1) -> tuple[Piece, ...]:
    """The pieces of a plain text whose first line is `first_line` of its file."""
    return tuple(_pieces(_with_numbered_headings(_joined(_lines(text, first_line)))))


def heading_like(text: str) -> bool:
    """True for a short line that does not begin like the middle of a sentence nor end like one."""
    if len(text) > _LONGEST_HEADING or len(text.split()) > _MOST_WORDS or not any(map(str.isalnum, text)):
        return False
    if text.endswith("?"):
        return not re.search(r"[.!?]\s", text)
    return not text[0].islower() and not ends_sentence(text)


def _lines(text: str, first_line: int) -> Iterator[_Line]:
    after_blank = True
    for number, raw in enumerate(text.split("\n"), start=first_line):
        line = raw.expandtabs(4)
        if line.strip():
            yield _line(line, number, after_blank)
        after_blank = not line.strip()


def _line(raw: str, line: int, after_blank: bool) -> _Line:
    indent = len(raw) - len(raw.lstrip())
    bare = raw.strip()
    while mark := _BULLET.match(bare):
        bare = bare[mark.end() :]
    text = one_line(bare)
    if bare != raw.strip():
        return _Line(text, line, indent, marked=True, after_blank=after_blank)
    if mark := _NUMBER.match(text):
        return _Line(
            text[mark.end() :], line, indent, marked=True, number=int(mark[1]), after_blank=after_blank
        )
    return _Line(text, line, indent, after_blank=after_blank)


def _joined(lines: Iterator[_Line]) -> list[_Line]:
    """The lines, with the later lines of a wrapped list item joined to its first."""
    joined: list[_Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last and last.marked and not line.marked and _goes_on(last, line):
            joined[-1] = replace(last, text=f"{last.text} {line.text}")
        else:
            joined.append(line)
    return joined


def _goes_on(item: _Line, line: _Line) -> bool:
    if line.after_blank:
        return line.indent >= item.indent + 2
    return line.indent > 0 or line.text[0].islower()


def _with_numbered_headings(lines: list[_Line]) -> Iterator[_Line | Heading]:
    """The lines, where a short numbered one that stands alone above prose is a heading."""
    for place, line in enumerate(lines):
        before = lines[place - 1] if place else None
        after = lines[place + 1] if place + 1 < len(lines) else None
        alone = (before is None or before.number is None) and after is not None and not after.marked
        if line.number is not None and line.after_blank and alone and heading_like(line.text):
            yield Heading(line.text, 1, line.line, line.number)
        else:
            yield line


def _pieces(lines: Iterator[_Line | Heading]) -> Iterator[Piece]:
    block = 0

    def run(line: _Line | Heading) -> tuple[str, int]:
        nonlocal block
        if isinstance(line, Heading):
            return "heading", line.line
        if line.marked:
            return "list", 0
        block += line.after_blank
        return "bare", block

    for (kind, _), group in groupby(lines, key=run):
        members = list(group)
        if kind == "heading":
            yield from (member for member in members if isinstance(member, Heading))
            continue
        found = [member for member in members if isinstance(member, _Line)]
        yield from _lists(found) if kind == "list" else _bare(found)


def _lists(lines: list[_Line]) -> Iterator[Piece]:
    """The lists that marked lines make: nested by indentation, parted where bullets and numbers change."""
    indents: list[int] = []
    items: list[Item] = []
    for line in lines:
        while indents and line.indent < indents[-1]:
            indents.pop()
        if not indents or line.indent > indents[-1]:
            indents.append(line.indent)
        depth = len(indents) - 1
        if items and depth == 0 and (line.number is None) != (items[0].number is None):
            yield Listing(tuple(items), items[0].line)
            items = []
        items.append(Item(line.text, line.line, depth if items else 0, line.number))
    yield Listing(tuple(items), items[0].line)


def _bare(lines: list[_Line]) -> Iterator[Piece]:
    texts = [line.text for line in lines]
    if len(set(texts)) == 1:  # a title printed several times is one
        texts, lines = texts[:1], lines[:1]
    if heading_like(texts[0]) and (len(texts) == 1 or _heads(texts)):
        yield Heading(texts[0], 1, lines[0].line)
        texts, lines = texts[1:], lines[1:]
    if texts:
        yield from bare_lines("\n".join(texts), lines[0].line, wrapped=False)


def _heads(texts: list[str]) -> bool:
    """True where the first of several lines stands above prose, rather than being its first wrapped line."""
    rest = texts[1:]
    return not is_bare_list(texts) and len(rest[0]) >= 1.5 * len(texts[0]) and not rest[0][0].islower()
