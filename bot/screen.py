"""Text on a screen: wrapped at its width, the documents' words set apart from the bot's own.

Only the look differs: a pipe or a file gets the text as it is.
"""

import re
from textwrap import wrap
from typing import TextIO

NARROWEST = 20
"""Columns that are filled even where the terminal claims to have fewer."""

QUOTED, CREDIT, OWN = "green", "dim", ""
"""Styles of the documents' words, of the line naming a document, and of what the bot says itself."""

# A quote's mark, then an indent and a list item's marker; the words that wrap come after them.
_BEFORE = re.compile(r"((?:> ?)?)( *(?:[-·—→] )?(?:\d+[.:] )?)")


def show(text: str, out: TextIO) -> None:
    """Write a text and a line end; wrapped and coloured where somebody is looking (NO_COLOR is obeyed)."""
    if out.isatty():
        _paint(text, out)
    else:
        out.write(f"{text}\n")
    out.flush()


def _paint(text: str, out: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=out, highlight=False, markup=False, emoji=False)
    for line in text.split("\n"):
        style = "" if console.no_color else _style(line)
        for row in _rows(line, max(NARROWEST, console.width)):
            console.print(Text(row, style), no_wrap=True, overflow="ignore", crop=False)


def _style(line: str) -> str:
    if line.startswith(">"):
        return QUOTED
    return CREDIT if line.startswith("— ") else OWN


def _rows(line: str, width: int) -> list[str]:
    """The line in rows no wider than that, each with its quote mark and under its list item."""
    before = _BEFORE.match(line)
    mark, lead = before.groups() if before else ("", "")
    # A word longer than a row, as addresses are, stays whole: terminals break it and copying it works.
    rows = wrap(
        line,
        width,
        subsequent_indent=mark + " " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return rows or [""]
