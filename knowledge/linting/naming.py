"""How a complaint names a document and a place in it."""

from knowledge.corpus.complaints import complain
from knowledge.entities import Complaint, Document

_LONGEST_QUOTE = 160


def named(document: Document) -> str:
    """A document by the name its author knows: its title and its file."""
    return f"“{document.title}” ({document.path})"


def in_document(document: Document, offset: int, *, same: bool) -> str:
    """A place as seen from a document: "of garden/soil.md, line 12" or "above, line 12"."""
    line = document.line_at(offset)
    place = f", line {line}" if line else ""
    return f"of the same document{place}" if same else f"of {document.path}{place}"


def may_contradict(
    this: Document, span: tuple[int, int], that: Document, other: tuple[int, int]
) -> Complaint:
    """A complaint about a place of one document that may contradict a place of another, or of the same."""
    place = in_document(that, other[0], same=this is that)
    message = f"“{_quoted(this, span)}” may contradict “{_quoted(that, other)}” {place}."
    return complain("contradiction", this.path, message, this.line_at(span[0]))


def _quoted(document: Document, span: tuple[int, int]) -> str:
    text = " ".join(document.text[span[0] : span[1]].split())
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE].rstrip()}…"
