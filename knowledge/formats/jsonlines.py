"""JSON lines: one document a line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.formats.shapes import one_line

_LONGEST_ID = 200
_STATED = ("title", "author", "date", "site", "link")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line that holds a document; `stated` are its other fields that are text."""

    id: str
    text: str
    stated: dict[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class BadLine:
    """One line that does not, and why."""

    reason: str
    line: int


def read_jsonlines(text: str) -> Iterator[Entry | BadLine]:
    """Every line that is not blank, in order."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _read(line, number)


def _read(line: str, number: int) -> Entry | BadLine:
    try:
        value = json.loads(line)
    except ValueError:
        return BadLine("not valid JSON", number)
    except RecursionError:
        return BadLine("nested too deep", number)
    if not isinstance(value, dict):
        return BadLine("not an object", number)
    name, text = value.get("id"), value.get("text")
    if isinstance(name, bool) or not isinstance(name, str | int) or not one_line(str(name)):
        return BadLine("no id", number)
    if len(str(name)) > _LONGEST_ID:
        return BadLine(f"an id of more than {_LONGEST_ID} characters", number)
    if not isinstance(text, str):
        return BadLine("no text", number)
    stated = {key: one_line(value[key]) for key in _STATED if isinstance(value.get(key), str)}
    return Entry(one_line(str(name)), text, stated, number)
