"""Bytes of a PDF or a Word file into an HTML page."""

import re

from knowledge.formats.converting.docx import read_docx
from knowledge.formats.converting.layout import lay_out
from knowledge.formats.converting.lines import without_running_heads
from knowledge.formats.converting.page import page
from knowledge.formats.converting.pdf import read_pdf
from knowledge.formats.converting.refused import Refused
from knowledge.formats.converting.tags import as_html


def convert(data: bytes, form: str, pages: int, length: int) -> str:
    """The page that a file of this format makes, of `length` characters at most. Raises Refused."""
    try:
        html = _from_pdf(data, pages) if form == ".pdf" else _from_docx(data)
    except (Refused, MemoryError, RecursionError):
        raise
    except Exception as error:  # on damaged files parsers fail in ways that nobody has listed
        raise Refused("damaged") from error
    if len(html) > length:
        raise Refused("too-long")
    return html


def _from_docx(data: bytes) -> str:
    body, stated = read_docx(data)
    return page([body], stated)


def _from_pdf(data: bytes, pages: int) -> str:
    printed = read_pdf(data, pages)
    lines = without_running_heads(printed.pages)
    stated = {name.casefold(): value for name, value in printed.properties.items()}
    date = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", stated.get("creationdate", ""))
    return page(
        as_html(lay_out(lines, printed.outline), lines),
        {
            "title": stated.get("title"),
            "author": stated.get("author"),
            "date": "-".join(date.groups()) if date else None,
        },
    )
