"""An HTML page around what was converted, with what the file states about itself."""

import re
from collections.abc import Iterable, Mapping
from html import escape

_PROGRAMS = re.compile(
    r"(?:microsoft (?:word|powerpoint|office)|powerpoint|word|libreoffice|openoffice|google docs)\b.*"
    r"|(?:untitled|document|dokument|presentation|title|template)\s*\d*|.*\.(?:docx?|pdf|rtf|odt|indd|tex|pptx?|html?)"
    r"|\(?(?:unspecified|anonymous|unknown|none|null|n/a)\)?",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:user|admin|administrator|root|owner|author|python-docx|microsoft office user|\w+ office user"
    r"|\(?(?:unspecified|anonymous|unknown|none|null|n/a)\)?)\d*",
    re.IGNORECASE,
)


def page(body: Iterable[str], stated: Mapping[str, str | None]) -> str:
    """The page; of `stated` it says title, author and date, if a person may have written them."""
    title = _said(stated.get("title"), _PROGRAMS)
    author = _said(stated.get("author"), _NOBODY)
    date = _said(stated.get("date"), None)
    head = [f"<title>{escape(title)}</title>"] if title else []
    head += [
        f'<meta name="{name}" content="{escape(value)}">'
        for name, value in (("author", author), ("date", date))
        if value
    ]
    return f"<html><head>{''.join(head)}</head><body>\n{chr(10).join(body)}\n</body></html>"


def _said(value: str | None, idle: re.Pattern[str] | None) -> str:
    text = " ".join((value or "").split())[:300]
    return "" if idle and idle.fullmatch(text) else text
