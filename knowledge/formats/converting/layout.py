"""Printed lines into pieces: headings by their size, lists by their marks, tables by their columns."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from knowledge.formats.converting.lines import BULLETS, Line

_NUMBER = re.compile(r"\(?(\d{1,3})[.)]")
_CHAPTER = re.compile(r"\d+(?:\.\d+)*\.?\s")
_ENDS = re.compile(r"[.!?:;…。！？][\"'”’)\]]*$")
_LARGER = 1.12
_LONGEST_HEADING = 120
_APART = 1.25
_LEADING = 1.35
_INDENT = 0.8
_LONG = 40


@dataclass(slots=True)
class Piece:
    """A heading (`level`), a table (`rows`), code, an item of a list (`depth`) or a paragraph.

    `left` is where the text of an item begins, `mark` its bullet or number.
    """

    lines: list[Line]
    level: int = 0
    depth: int | None = None
    number: int | None = None
    mark: float = 0.0
    code: bool = False
    rows: list[tuple[str, ...]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Body:
    """How the running text is printed: the size of its letters and the distance of its lines."""

    size: float
    leading: float


def lay_out(lines: Sequence[Line], outline: Sequence[tuple[int, str]] = ()) -> list[Piece]:
    """The pieces that lines make up."""
    body = _body(lines)
    headed = _headings(lines, body, {_key(title) for _, title in outline})
    in_table = _tabled(lines, headed, body)
    pieces: list[Piece] = []
    for place, line in enumerate(lines):
        before = pieces[-1] if pieces else None
        if headed[place]:
            if before and before.level and _is_same_heading(before.lines[-1], line):
                before.lines.append(line)
            else:
                pieces.append(Piece([line], level=1))
        elif in_table[place]:
            _add_row(pieces, line, begins=place == 0 or in_table[place - 1] != in_table[place])
        elif line.mono and not line.bold:
            if before and before.code:
                before.lines.append(line)
            else:
                pieces.append(Piece([line], code=True))
        elif (item := _item(line, before)) is not None:
            pieces.append(item)
        elif before and _goes_on(before, line, body):
            before.lines.append(line)
        else:
            pieces.append(Piece([line]))
    _settle_levels(pieces, outline)
    _settle_depths(pieces)
    for piece in pieces:
        if piece.rows:
            _settle_columns(piece)
    return pieces


def _body(lines: Sequence[Line]) -> _Body:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    steps = Counter(
        round(after.base - before.base)
        for before, after in pairwise(lines)
        if before.size == after.size == size and before.page == after.page and after.base > before.base + 1
    )
    step = steps.most_common(1)[0][0] if steps else 0.0
    return _Body(size, step if size <= step <= 2.5 * size else _LEADING * size)


def _headings(lines: Sequence[Line], body: _Body, outline: set[str]) -> list[bool]:
    """Which lines are headings: in the outline, larger than the text, or bold and standing apart."""
    found = []
    for place, line in enumerate(lines):
        above = lines[place - 1] if place else None
        below = lines[place + 1] if place + 1 < len(lines) else None
        text = line.text
        short = len(text) <= _LONGEST_HEADING and any(map(str.isalpha, text))
        marked = text[0] in BULLETS or len(line.cells) > 2
        bold = (
            line.bold
            and line.size >= body.size
            and not _ENDS.search(text)
            and _stands_apart(above, line, body)
            and not (
                below and below.bold and below.size == line.size and not _stands_apart(line, below, body)
            )
        )
        larger = line.size >= _LARGER * body.size
        found.append(short and not marked and (_key(text) in outline or larger or bold))
    return found


def _stands_apart(above: Line | None, line: Line, body: _Body) -> bool:
    if above is None or above.page != line.page or line.base < above.base:
        return True
    distance = line.base - above.base
    return distance > 1.15 * body.leading or above.size > line.size or (above.bold and distance > 0)


def _is_same_heading(last: Line, line: Line) -> bool:
    """Whether a line goes on with a heading printed on two lines."""
    if last.page != line.page or last.size != line.size or last.bold != line.bold:
        return False
    return 0 < line.base - last.base < 1.5 * line.size and not _CHAPTER.match(line.text)


def _tabled(lines: Sequence[Line], headed: Sequence[bool], body: _Body) -> list[int]:
    """For each line the number of the table it is a row of, 0 where it is of none."""
    found = [0] * len(lines)
    tables = 0
    for place in range(1, len(lines)):
        above, line = lines[place - 1], lines[place]
        if headed[place] or headed[place - 1] or not _is_next_row(above, line, body):
            continue
        if not found[place - 1]:
            tables += 1
            found[place - 1] = tables
        found[place] = found[place - 1]
    return found


def _is_next_row(above: Line, line: Line, body: _Body) -> bool:
    first, second = above.cells, line.cells
    if min(len(first), len(second)) < 2 or above.page != line.page:
        return False
    if not 0 < line.base - above.base < 3 * body.leading:
        return False
    if any(cells[0].text in BULLETS or _is_number(cells[0].text) for cells in (first, second)):
        return False
    return any(abs(cell.left - other.left) < line.size for cell in second[1:] for other in first[1:])


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text) or re.fullmatch(r"\d{1,2}", text))


def _add_row(pieces: list[Piece], line: Line, *, begins: bool) -> None:
    if begins:
        pieces.append(Piece([line], rows=[()]))
    else:
        pieces[-1].lines.append(line)


def _item(line: Line, before: Piece | None) -> Piece | None:
    """The item of a list that begins on this line, if one does."""
    if len(line.words) < 2:
        return None
    mark, *rest = line.words
    alone = replace(line, words=tuple(rest))
    if mark.text in BULLETS:
        # The first item of a list within a list may stand beside the bullet of what it lies in.
        return _item(alone, before) or Piece([alone], depth=0, mark=mark.left)
    if mark.text == "o" and rest[0].left - mark.right > 0.5 * line.size:  # Word's second bullet
        return Piece([alone], depth=0, mark=mark.left)
    marked = _NUMBER.fullmatch(mark.text)
    bare = re.fullmatch(r"(\d{1,2})", mark.text) if line.cells[0] == mark else None
    found = marked or bare
    if found is None:
        return None
    # A year or a sum that happens to begin a line is no number of an item.
    number = int(found[1])
    follows = before is not None and before.number is not None and number == before.number + 1
    if not (follows or number == 1 or (marked and _is_paused(before))):
        return None
    return Piece([alone], depth=0, number=number, mark=mark.left)


def _is_paused(before: Piece | None) -> bool:
    return before is None or bool(before.level) or bool(_ENDS.search(before.lines[-1].text))


def _goes_on(before: Piece, line: Line, body: _Body) -> bool:
    """Whether a line belongs to the paragraph or the item above it."""
    last, first = before.lines[-1], before.lines[0]
    if before.level or before.rows or before.code or abs(last.size - line.size) > 0.15 * line.size:
        return False
    ended = bool(_ENDS.search(last.text))
    if last.page != line.page or line.base <= last.base:
        # Over the end of a page, or of a column, only a sentence that is not finished goes on.
        return not ended and (line.text[:1].islower() or len(last.text) > _LONG)
    if line.base - last.base > _APART * max(body.leading, 1.2 * line.size):
        return False
    if before.depth is not None:
        return line.left > before.mark + _INDENT * line.size or (not ended and line.text[:1].islower())
    # The first line of the next paragraph may be indented.
    return not (ended and line.left > last.left + _INDENT * line.size and last.left <= first.left)


def _settle_levels(pieces: Sequence[Piece], outline: Sequence[tuple[int, str]]) -> None:
    """Levels by the outline, where there is one; else by size, and bold ones of one size below."""
    headings = [piece for piece in pieces if piece.level]
    named = {_key(title): level for level, title in reversed(outline)}
    found = [named.get(_key(_bare(piece))) for piece in headings]
    listed = [level for level in found if level is not None]
    if listed:
        start = next(place for place, level in enumerate(found) if level is not None)
        for place, (piece, level) in enumerate(zip(headings, found, strict=True)):
            # Below the title stand its authors, also in large letters.
            above = place < start
            piece.level = (
                (place == 0) if above else (max(listed) + 1 if level is None else level) + 1 + bool(start)
            )
    else:
        kinds = sorted({_print(piece) for piece in headings}, reverse=True)
        for piece in headings:
            piece.level = kinds.index(_print(piece)) + 1
        _free_title(pieces, headings)
    _shift(headings)


def _free_title(pieces: Sequence[Piece], headings: Sequence[Piece]) -> None:
    """A first heading right above another of its kind is the title of all."""
    if len(headings) < 2 or headings[0].level != headings[1].level:
        return
    place = pieces.index(headings[0])
    if place == 0 and pieces[1] is headings[1]:
        for piece in headings[1:]:
            piece.level += 1


def _shift(headings: Sequence[Piece]) -> None:
    """Level 1 is the title's alone: where the first heading is none, all stand below it."""
    levels = [piece.level for piece in headings if piece.level]
    down = bool(levels) and (levels.count(1) > 1 or levels[0] != 1)
    for piece in headings:
        if piece.level:
            piece.level = min(piece.level + down, 6)


def _settle_depths(pieces: Sequence[Piece]) -> None:
    """Deeper items stand further right than the one above them."""
    marks: list[float] = []
    for piece in pieces:
        if piece.depth is None:
            marks = []
            continue
        size = piece.lines[0].size
        while marks and piece.mark < marks[-1] - 0.5 * size:
            marks.pop()
        if not marks or piece.mark > marks[-1] + _INDENT * size:
            marks.append(piece.mark)
        piece.depth = len(marks) - 1


def _settle_columns(piece: Piece) -> None:
    """Rows with a cell for every column; a row without its first cell goes on with the one above it."""
    starts = sorted(cell.left for line in piece.lines for cell in line.cells)
    columns = starts[:1]
    for before, left in pairwise(starts):
        if left - before > piece.lines[0].size:
            columns.append(left)
    rows: list[list[str]] = []
    for line in piece.lines:
        row = [""] * len(columns)
        for cell in line.cells:
            place = min(range(len(columns)), key=lambda n: abs(columns[n] - cell.left))
            row[place] = f"{row[place]} {cell.text}".strip()
        if rows and not row[0]:
            rows[-1] = [f"{above} {said}".strip() for above, said in zip(rows[-1], row, strict=True)]
        else:
            rows.append(row)
    piece.rows = [tuple(row) for row in rows]


def _print(piece: Piece) -> tuple[float, bool]:
    return piece.lines[0].size, piece.lines[0].bold


def _bare(piece: Piece) -> str:
    return " ".join(line.text for line in piece.lines)


def _key(text: str) -> str:
    return re.sub(r"^[\d.\W]+|\W+", "", text.casefold())
