"""Which parts of a passage belong together: its sentences and list items, and its lists. Pure."""

import re
from collections.abc import Sequence

from index.passages import Passage, Record

Span = tuple[int, int]

_MARKER = re.compile(r"[ \t]*(?:-|\d+\.)[ \t]+")


def parts_of(passage: Passage) -> list[Span]:
    """The sentences and list items of a passage, in order."""
    return [(start, end) for start, end in passage.attributes.get("parts", ())]


def run(parts: Sequence[Span], one: int, other: int) -> list[Span]:
    """The parts from the one with this place to the one with the other, whichever comes first."""
    low, high = sorted((one, other))
    return [part for part in parts if part[1] > low and part[0] <= high]


def stretch(record: Record, parts: Sequence[Span]) -> Span:
    """From the first of these parts to the last, with the marker where it begins with a list item."""
    return _line(record.text, parts[0][0]) if _is_item(record.text, parts[0]) else parts[0][0], parts[-1][1]


def lists_of(record: Record, passage: Passage) -> list[list[Span]]:
    """The lists of a passage, each as the spans of its items."""
    found: list[list[Span]] = []
    for part in parts_of(passage):
        if _is_item(record.text, part):
            between = record.text[found[-1][-1][1] : _line(record.text, part[0])] if found else ""
            if between == "\n":
                found[-1].append(part)
            else:
                found.append([part])
    return found


def list_at(record: Record, passage: Passage, place: int) -> list[Span]:
    """The items of the list that has this place in `Record.text`; none where it stands in no list."""
    lists = lists_of(record, passage)
    return next((items for items in lists if any(start <= place < end for start, end in items)), [])


def units_of(record: Record, passage: Passage) -> list[list[Span]]:
    """What is read in one go, in order: each sentence, and each list with the sentence that leads into it."""
    lists = {items[0]: items for items in lists_of(record, passage)}
    units: list[list[Span]] = []
    for part in parts_of(passage):
        if part in lists:
            leads = bool(units) and record.text[: units[-1][-1][1]].endswith(":")
            units.append([*(units.pop() if leads else ()), *lists[part]])
        elif not _is_item(record.text, part):
            units.append([part])
    return units


def fitting(record: Record, parts: Sequence[Span], most: int) -> list[Span]:
    """As many of these parts, from the first on, as fit into so many characters; at least the first."""
    begin = stretch(record, parts[:1])[0]
    return [part for place, part in enumerate(parts) if not place or part[1] - begin <= most]


def _is_item(text: str, part: Span) -> bool:
    return _MARKER.fullmatch(text, _line(text, part[0]), part[0]) is not None


def _line(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1
