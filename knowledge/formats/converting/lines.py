"""Printed lines of a page: what every step from a PDF to its text works on."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

_NUMBER = re.compile(
    r"(?:page|seite|p\.)?\s*[-–—|·(\[]*\s*(?:\d{1,4}|[ivxlc]{1,7})\s*[-–—|·)\]]*(?:\s*(?:of|/|von)\s*\d+)?",
    re.IGNORECASE,
)
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*(?:\d+|[ivxlc]+)$")
_CONTENTS = re.compile(r"(?:table of )?contents|inhalt(?:sverzeichnis)?", re.IGNORECASE)
BULLETS = "•‣⁃◦▪▫–—*●○■□➢➤✓✔·-\uf0b7\uf0a7\uf0d8\uf076\uf0fc"
_MARK = re.compile(rf"[{re.escape(BULLETS)}]|\(?\d{{1,3}}[.)]")
_FIGURE = re.compile(r"[-−]?\d{1,9}(?:[.,]\d{1,9})?%?")
_EDGE = 0.1
_LINES_AT_EDGE = 3
_WIDE = 1.0
_HANGING = 4.0
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word as printed, and where it begins and ends on its line."""

    left: float
    right: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; lengths are in points, and `base`, where its letters stand, grows down the page."""

    words: tuple[Word, ...]
    base: float
    size: float
    bold: bool = False
    mono: bool = False
    page: int = 0

    @property
    def text(self) -> str:
        """All words."""
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.words[0].left

    @property
    def cells(self) -> tuple[Word, ...]:
        """Its words, those as one that no wide gap separates."""
        found = [self.words[0]]
        for word in self.words[1:]:
            last = found[-1]
            if word.left - last.right > _WIDE * self.size:
                found.append(word)
            else:
                found[-1] = Word(last.left, word.right, f"{last.text} {word.text}")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page in the order they were written."""

    height: float
    lines: tuple[Line, ...]


def without_running_heads(pages: Sequence[Page]) -> list[Line]:
    """All lines, but not the numbers of pages and what stands at the edge of many of them."""
    edges = [_at_edge(page) for page in pages]
    seen = Counter(key for lines in edges for key in {_key(line) for line in lines})
    # Left and right pages often have heads of their own.
    often = {key for key, times in seen.items() if times >= max(min(3, len(pages)), 2, 0.3 * len(pages))}
    kept: list[Line] = []
    for page, edge in zip(pages, edges, strict=True):
        dropped = {id(line) for line in edge if _key(line) in often or _NUMBER.fullmatch(line.text)}
        left = [line for line in page.lines if id(line) not in dropped]
        kept += _with_marks(_title_first(left))
    return list(_without_contents(_without_scales(kept)))


def _title_first(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of a page; what was written before its largest but stands below it comes last: a chart."""
    if not lines:
        return lines
    place = max(range(len(lines)), key=lambda at: (lines[at].size, -at))
    title, above = lines[place], lines[:place]
    if any(line.base <= title.base or line.size == title.size for line in above):
        return lines
    return [*lines[place:], *above]


def _with_marks(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of a page with the bullets and numbers that were written apart from their items."""
    levels: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        levels[round(line.base)].append(line)
    marked: dict[int, Line] = {}
    for mark in (line for line in lines if len(line.words) == 1 and _MARK.fullmatch(line.text)):
        level = (line for base in (-1, 0, 1) for line in levels[round(mark.base) + base])
        items = [line for line in level if line is not mark and _marks(mark, line)]
        if items:
            marked.setdefault(id(min(items, key=lambda line: line.left)), mark)
    used = {id(mark) for mark in marked.values()}
    for line in lines:
        if id(line) in marked:
            yield replace(line, words=(*marked[id(line)].words, *line.words))
        elif id(line) not in used:
            yield line


def _marks(mark: Line, line: Line) -> bool:
    """Whether a mark stands before the words of a line."""
    apart = line.left - mark.words[0].right
    return abs(line.base - mark.base) < 0.3 * line.size and 0 <= apart < _HANGING * line.size


def _without_scales(lines: Sequence[Line]) -> list[Line]:
    """All lines but the figures along the axis of a chart: several in a row, all as far apart."""
    kept: list[Line] = []
    for figured, group in groupby(lines, key=lambda line: bool(_FIGURE.fullmatch(line.text))):
        run = list(group)
        if not (figured and len(run) >= _TICKS and _is_even([_value(line.text) for line in run])):
            kept += run
    return kept


def _value(figure: str) -> float:
    return float(figure.replace("−", "-").replace(",", ".").rstrip("%"))


def _is_even(values: Sequence[float]) -> bool:
    steps = [after - before for before, after in pairwise(values)]
    return bool(steps[0]) and all(abs(step - steps[0]) < 0.01 * abs(steps[0]) for step in steps)


def _without_contents(lines: Sequence[Line]) -> Iterator[Line]:
    """All lines but those of a table of contents, with its heading."""
    listed = [_LEADERS.search(line.text) is not None for line in lines] + [False]
    for place, line in enumerate(lines):
        heading = listed[place + 1] and not listed[place] and _CONTENTS.fullmatch(line.text)
        if not listed[place] and not heading:
            yield line


def _at_edge(page: Page) -> list[Line]:
    """The outermost lines of a page, as far as they stand in its margins."""
    in_order = sorted(page.lines, key=lambda line: line.base)
    top = [line for line in in_order[:_LINES_AT_EDGE] if line.base < _EDGE * page.height]
    bottom = [line for line in in_order[-_LINES_AT_EDGE:] if line.base > (1 - _EDGE) * page.height]
    return [*top, *bottom]


def _key(line: Line) -> str:
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", line.text.casefold())
