"""Documents that are added, held and removed, as text for a person and as JSON for scripts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bot.console import complaint_text, count_text, moment_text
from knowledge.documents.entries import Held, Place, Removed, Upload
from knowledge.entities import Document, Severity

SHOWN = 1_200
"""Characters of a cleaned text that are shown before it is added."""
LISTED = 20
"""Documents of a file, and complaints about it, that are told before it is added."""

_PLACES: dict[Place, str] = {
    "shipped": "shipped",
    "added": "added",
    "folder": "in a folder",
    "gone": "gone, answers until the next reindex",
}
_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


def upload_text(upload: Upload) -> str:
    """What a file became, before it counts."""
    size = f"{count_text(upload.words, 'word')}, {count_text(upload.passages, 'passage')}"
    lines = [f"{upload.name}: {size}"]
    lines += _first(list(map(_titled, upload.documents)), "document")
    if upload.replaces:
        lines.append(f"It replaces {upload.replaces}.")
    lines += _first(list(map(complaint_text, upload.complaints)), "complaint")
    start = upload.text[:SHOWN].rstrip()
    left = len(upload.text) - len(start)
    lines += ["", start, *([f"… and {left:,} more characters"] if left else []), ""]
    return "\n".join(lines)


def added_text(ids: Sequence[str]) -> str:
    """That documents were added."""
    named = ", ".join(ids) if len(ids) <= LISTED else count_text(len(ids), "document")
    return f"{named}: {'counts' if len(ids) == 1 else 'count'} from the next reindex on."


def _titled(document: Document) -> str:
    """A document with what it is credited to, as answers do it: this is where a wrong date is seen."""
    origin = document.origin
    credit = f"{origin.author or 'author not stated'}, {origin.date or 'date not stated'}"
    return f"  {document.title} ({document.id}); {credit}"


def _first(rows: Sequence[str], noun: str) -> list[str]:
    """Some rows, and how many more there are."""
    left = len(rows) - LISTED
    return [*rows[:LISTED], *([f"  and {count_text(left, f'more {noun}')}"] if left > 0 else [])]


def upload_json(upload: Upload, ids: Sequence[str]) -> dict[str, Any]:
    """The same as plain JSON values, once it was added."""
    return {
        "file": upload.name,
        "ids": list(ids),
        "passages": upload.passages,
        "words": upload.words,
        "replaces": upload.replaces,
        "complaints": [asdict(complaint) for complaint in upload.complaints],
    }


def sources_text(held: Sequence[Held], removed: Sequence[Removed]) -> str:
    """All documents, then those that can be restored."""
    lines = [_held(each) for each in held]
    if removed:
        lines += ["Removed:", *(f"  {_removed(each)}" for each in removed)]
    return "\n".join(lines) or "No document yet."


def held_json(held: Held) -> dict[str, Any]:
    """A document that is read or still answers."""
    counts = Counter(complaint.severity for complaint in held.complaints)
    return {
        "id": held.id,
        "title": held.title,
        "passages": held.passages,
        "words": held.words,
        "changed": held.changed,
        "place": held.place,
        "indexed": held.indexed,
        "complaints": {severity: counts[severity] for severity in _SEVERITIES},
        "removed": None,
        "until": None,
    }


def removed_json(removed: Removed) -> dict[str, Any]:
    """A document that can be restored, with the same keys."""
    return {
        "id": removed.id,
        "title": removed.title,
        "passages": None,
        "words": None,
        "changed": None,
        "place": removed.place,
        "indexed": None,
        "complaints": None,
        "removed": removed.at,
        "until": removed.until,
    }


def removed_text(removed: Removed) -> str:
    """That a document was taken out, and for how long it can be brought back."""
    until = f" until {removed.until[:10]}" if removed.until else ""
    name = f"{removed.id} ({removed.title})"
    return f"{name} counts no more from the next reindex on; restore brings it back{until}."


def _held(held: Held) -> str:
    counts = Counter(complaint.severity for complaint in held.complaints)
    told = ", ".join(count_text(counts[severity], severity) for severity in _SEVERITIES if counts[severity])
    parts = (
        f"{held.title} ({held.id})",
        f"{count_text(held.passages, 'passage')}, {count_text(held.words, 'word')}",
        _PLACES[held.place],
        f"changed {held.changed}" if held.changed else "",
        "" if held.indexed else "not indexed yet",
        told,
    )
    return "; ".join(part for part in parts if part)


def _removed(removed: Removed) -> str:
    until = f", kept until {removed.until[:10]}" if removed.until else ""
    return f"{removed.title} ({removed.id}), removed {moment_text(removed.at)}{until}"
