"""How a complaint names a document and a place in it."""

from knowledge.entities import Document


def named(document: Document) -> str:
    """A document by the name its author knows: its title and its file."""
    return f"“{document.title}” ({document.path})"


def in_document(document: Document, offset: int, *, same: bool) -> str:
    """A place as seen from a document: "of garden/soil.md, line 12" or "above, line 12"."""
    line = document.line_at(offset)
    place = f", line {line}" if line else ""
    return f"of the same document{place}" if same else f"of {document.path}{place}"
