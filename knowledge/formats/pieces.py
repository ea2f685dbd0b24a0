"""What every format is read into: a flat run of headings, paragraphs, lists, tables and code."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 is the outermost, `number` was printed before it and is no part of `text`."""

    text: str
    level: int
    line: int
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Prose on one line."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list on one line; `number` is its printed number, None where it is bulleted."""

    text: str
    line: int
    depth: int = 0
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with its nested items in reading order; the first item has depth 0."""

    items: tuple[Item, ...]
    line: int

    @property
    def text(self) -> str:
        """What stands in it, on one line."""
        return "; ".join(item.text for item in self.items)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the header row first."""

    rows: tuple[tuple[str, ...], ...]
    line: int

    @property
    def text(self) -> str:
        """One line a row, cells separated by bars."""
        return "\n".join(" | ".join(row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Code:
    """Code or preformatted text, line breaks kept."""

    text: str
    line: int


Piece = Heading | Paragraph | Listing | Table | Code


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as its format reads it, before anything is cleaned.

    `stated` is what it says about itself (title, author, date, site, link). `flat` means that the format
    shows no heading levels: all are 1 until they are worked out.
    `around` says what stood around the article, and was left out because of the marks around it.
    """

    pieces: tuple[Piece, ...]
    stated: Mapping[str, str] = field(default_factory=dict)
    flat: bool = False
    around: str = ""
