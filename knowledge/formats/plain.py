"""Plain text into pieces, by the looks of its lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from knowledge.formats.pieces import Heading, Item, Listing, Paragraph, Piece
from knowledge.formats.questions import has_questions, is_answered, is_asked, with_questions
from knowledge.formats.shapes import LONGEST_HEADING, ends_sentence, heading_like, is_bare_list, one_line
from knowledge.formats.wrapping import Wrapping, find_wrapping

_BULLET = re.compile(r"(?:[•‣◦▪▫●○∙·⁃*+–-]|\(?[a-h]\)|o(?= {2}))\s+(?=\S)")
_NUMBER = re.compile(r"\(?(\d{1,3})[.)]\s+(?=\S)")
_RULE = re.compile(r"([=~_*#+–—-])(?:\s*\1){2,}")
# "METHOD:", "Core Skills:"; any other words before a colon lead in to what follows.
_LABEL = re.compile(r"([A-Z0-9]{2}[A-Z0-9 &/-]+|[A-Z]\w+(?: (?:[A-Z]\w+|&|and|of)){1,3}):")
_QUOTED = re.compile(r"^\s*(?:>\s?)+(?=[^\W\d]|[\"'“‘]|$)")
_WIKI_HEADING = re.compile(r"(={2,6}) *(\S.*?) *\1")
_MOST_TITLE_LINES = 2


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank: its indentation, its mark if it is a list item, and its place.

    `tail` is its last printed line, where several were joined.
    """

    text: str
    line: int
    indent: int
    marked: bool = False
    number: int | None = None
    after_blank: bool = True
    tail: str = ""


def read_plain(text: str, *, first_line: int = 1) -> tuple[Piece, ...]:
    """The pieces of a plain text whose first line is `first_line` of its file."""
    asks = has_questions(text)
    lines = list(_lines(text, first_line, asks=asks))
    bare = [line for line in lines if isinstance(line, _Line)]
    wrapping = find_wrapping((a.tail, b.tail) for a, b in pairwise(bare) if not (b.marked or b.after_blank))
    numbered = _with_numbered_headings(_joined(lines, wrapping))
    pieces = _pieces(numbered, wrapping)
    return tuple(with_questions(pieces) if asks else pieces)


def _lines(text: str, first_line: int, *, asks: bool) -> Iterator[_Line | Heading]:
    """The lines that say something; those underlined or between equals signs are headings."""
    raw = [_QUOTED.sub("", line.expandtabs(4).rstrip()) for line in text.split("\n")]
    strokes: list[str] = []
    after_blank = True
    skipped = False
    for place, line in enumerate(raw):
        below = raw[place + 1].strip() if place + 1 < len(raw) else ""
        bare = line.strip()
        number = first_line + place
        if not bare or (_RULE.fullmatch(bare) and not skipped):
            after_blank = True
        elif skipped:
            skipped = False
        elif wiki := _WIKI_HEADING.fullmatch(bare):
            yield Heading(one_line(wiki[2]), len(wiki[1]) - 1, number)
            after_blank = True
        elif after_blank and _is_underline(bare, below):
            stroke = below[0]
            strokes += [stroke] if stroke not in strokes else []
            yield Heading(one_line(bare), 1 + strokes.index(stroke), number)
            after_blank = True
            skipped = True
        else:
            parted = asks and (is_asked(bare) or is_answered(bare))
            yield _line(line, number, after_blank or parted)
            after_blank = False


def _is_underline(text: str, below: str) -> bool:
    return (
        bool(_RULE.fullmatch(below))
        and len(text) <= LONGEST_HEADING
        and 2 * len(below) >= len(text)
        and not ends_sentence(text)
        and not _BULLET.match(text)
    )


def _line(raw: str, line: int, after_blank: bool) -> _Line:
    indent = len(raw) - len(raw.lstrip())
    bare = tail = raw.strip()
    while mark := _BULLET.match(bare):
        bare = bare[mark.end() :]
    text = one_line(bare)
    number = None if bare != tail else _NUMBER.match(text)
    return _Line(
        text[number.end() :] if number else text,
        line,
        indent,
        marked=bare != tail or number is not None,
        number=int(number[1]) if number else None,
        after_blank=after_blank,
        tail=tail,
    )


def _joined(lines: Sequence[_Line | Heading], wrapping: Wrapping) -> list[_Line | Heading]:
    """The lines, with the later lines of a wrapped list item joined to its first."""
    joined: list[_Line | Heading] = []
    for line in lines:
        last = joined[-1] if joined else None
        if isinstance(line, _Line) and isinstance(last, _Line):
            if _only_looks_marked(last, line):
                line = replace(line, text=one_line(line.tail), marked=False, number=None)
            if last.marked and not line.marked and _goes_on(last, line, wrapping):
                joined[-1] = replace(last, text=f"{last.text} {line.text}", tail=line.tail)
                continue
        joined.append(line)
    return joined


def _only_looks_marked(last: _Line, line: _Line) -> bool:
    """True for a number in prose that happens to stand first in its line."""
    begins = line.number is None or line.number < 2 or line.after_blank
    return not begins and (not last.marked or line.indent > last.indent) and not ends_sentence(last.text)


def _goes_on(item: _Line, line: _Line, wrapping: Wrapping) -> bool:
    if line.after_blank:
        return line.indent >= item.indent + 2
    if line.indent > 0:
        return True
    return line.text[0].islower() or (wrapping.width is not None and wrapping.goes_on(item.tail, line.text))


def _with_numbered_headings(lines: Sequence[_Line | Heading]) -> Iterator[_Line | Heading]:
    """The lines, where a short numbered one that stands alone above prose is a heading."""
    for place, line in enumerate(lines):
        before = lines[place - 1] if place else None
        after = lines[place + 1] if place + 1 < len(lines) else None
        alone = (before is None or before.number is None) and isinstance(after, _Line) and not after.marked
        if (
            isinstance(line, _Line)
            and line.number is not None
            and line.after_blank
            and alone
            and heading_like(line.text)
        ):
            yield Heading(line.text, 1, line.line, line.number)
        else:
            yield line


def _pieces(lines: Iterator[_Line | Heading], wrapping: Wrapping) -> Iterator[Piece]:
    block = 0

    def run(line: _Line | Heading) -> tuple[str, int]:
        nonlocal block
        if isinstance(line, Heading):
            return "heading", line.line
        if line.marked:
            return "list", 0
        block += line.after_blank
        return "bare", block

    first = True
    for (kind, _), group in groupby(lines, key=run):
        members = list(group)
        found = [member for member in members if isinstance(member, _Line)]
        if kind == "heading":
            yield from (member for member in members if isinstance(member, Heading))
        elif kind == "list":
            yield from _lists(found)
        elif first and _are_titles(found := _once(found)):
            yield from (Heading(line.text, 1, line.line) for line in found)
        else:
            yield from _bare(found, wrapping)
        first = False


def _once(lines: Sequence[_Line]) -> list[_Line]:
    """The lines without those that repeat the one above: a title printed several times is one."""
    return [lines[0], *(line for above, line in pairwise(lines) if line.text != above.text)]


def _are_titles(lines: Sequence[_Line]) -> bool:
    """True for the first lines of a text where they are a title and what is printed around it."""
    texts = [line.text for line in lines]
    if any(text[0].islower() for text in texts[1:]):
        return False
    return len(texts) <= _MOST_TITLE_LINES and not is_bare_list(texts) and all(map(heading_like, texts))


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


def _bare(lines: list[_Line], wrapping: Wrapping) -> Iterator[Piece]:
    if len({line.text for line in lines}) == 1:
        lines = lines[:1]
    texts = [line.text for line in lines]
    label = _LABEL.fullmatch(texts[0])
    if (label or heading_like(texts[0])) and (len(texts) == 1 or _heads(texts)):
        yield Heading(label[1] if label else texts[0], 1, lines[0].line)
        texts, lines = texts[1:], lines[1:]
    if is_bare_list(texts):
        yield Listing(tuple(Item(line.text, line.line) for line in lines), lines[0].line)
    elif lines:
        yield from _paragraphs(lines, wrapping)


def _paragraphs(lines: Sequence[_Line], wrapping: Wrapping) -> Iterator[Piece]:
    begun = [lines[0]]
    for before, line in pairwise(lines):
        if wrapping.goes_on(before.tail, line.text):
            begun[-1] = replace(begun[-1], text=f"{begun[-1].text} {line.text}")
        else:
            begun.append(line)
    yield from (Paragraph(line.text, line.line) for line in begun)


def _heads(texts: list[str]) -> bool:
    """True where the first of several lines stands above prose, rather than being its first wrapped line."""
    rest = texts[1:]
    return not is_bare_list(texts) and len(rest[0]) >= 1.5 * len(texts[0]) and not rest[0][0].islower()
