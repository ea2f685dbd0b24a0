"""What one cleaned document lacks, and what in it is too long to be quoted."""

from collections.abc import Iterator

from knowledge.corpus.complaints import Finding, complain, gather
from knowledge.entities import Complaint, Document

LONGEST_ITEM = 60
"""Words up to which an item of a list is one."""

LONGEST_PARAGRAPH = 250
"""Words up to which a paragraph is read as one."""


def lint_one(document: Document) -> Iterator[Complaint]:
    """The complaints about a document that need no other."""
    yield from _origin(document)
    yield from gather(_too_long(document), document.path)


def _origin(document: Document) -> Iterator[Complaint]:
    """A restatement says what its source states: more would have to be made up."""
    origin = document.origin
    if origin.restates or (origin.author and origin.date):
        return
    line = document.lines[0][1] if "#" in document.id and document.lines else None
    if not origin.author and not origin.date:
        yield complain("no-origin", document.path, _says(document, "neither who wrote it nor when"), line)
    elif not origin.author:
        yield complain("no-author", document.path, _says(document, "not who wrote it"), line)
    else:
        yield complain("no-date", document.path, _says(document, "not when it was written"), line)


def _says(document: Document, what: str) -> str:
    return f"“{document.title}” says {what}."


def _too_long(document: Document) -> Iterator[Finding]:
    for section in document.sections:
        for block in section.blocks:
            if block.kind == "paragraph":
                yield from _long(document, "long-paragraph", (block.start, block.end), LONGEST_PARAGRAPH)
            for item in block.items:
                yield from _long(document, "long-item", item, LONGEST_ITEM)


def _long(document: Document, rule: str, span: tuple[int, int], most: int) -> Iterator[Finding]:
    text = document.text[span[0] : span[1]]
    # No word is shorter than its letter and the space behind it.
    if len(text) > 2 * most and (words := len(text.split())) > most:
        yield Finding(rule, document.line_at(span[0]), f"{words} words, “{text[:40].rstrip()}…”")
