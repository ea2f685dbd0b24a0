"""What a wiki prints between the words of its pages, once they are copied as text."""

import re

_EDIT = r"\[\s*edit(?:\s*(?:\|\s*edit)?\s*source)?\s*\]"
_PASTED = re.compile(rf"{_EDIT}|\[citation needed\]|^jump to navigation\b", re.IGNORECASE | re.MULTILINE)
_MARKS = re.compile(
    rf"[ \t]*{_EDIT}|[ \t]*\[(?:hide|show|citation needed|clarification needed|who\?|when\?)\]"
    r"|(?<=\S)\[(?:\d{1,3}|[a-z]|note \d{1,3})\]",
    re.IGNORECASE,
)


def without_wiki_marks(text: str) -> str:
    """The text without "[edit]", "[1]" and the like, if it was copied from a wiki; else as it is."""
    return _MARKS.sub("", text) if _PASTED.search(text) else text
