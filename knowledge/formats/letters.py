"""What stands around the words of a letter: its header, its greetings, what it quotes, its signature."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import parseaddr, parsedate_to_datetime
from itertools import islice

from knowledge.corpus.bylines import parse_date
from knowledge.formats.shapes import one_line

_KEYS = {
    "title": "title",
    "subject": "title",
    "author": "author",
    "from": "author",
    "by": "author",
    "date": "date",
    "sent": "date",
    "published": "date",
    "updated": "date",
    "site": "site",
    "link": "link",
    "url": "link",
}
_UNUSED = (
    r"to|cc|bcc|reply-to|message-id|in-reply-to|references|mime-version|content-[\w-]+|x-[\w-]+|list-[\w-]+"
    r"|received|importance|priority|attachments?|tags?|keywords|categor(?:y|ies)|language|version|status|slug"
    r"|layout|draft|summary"
)
_FIELD = re.compile(rf"({'|'.join(_KEYS)}|{_UNUSED})[ \t]*:[ \t]*(.*)", re.IGNORECASE)
_REPLY = re.compile(r"^(?:(?:re|fwd?|aw|wg)(?:\[\d+\])?:\s*)+", re.IGNORECASE)
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^.!?:]{0,60}[,!.]?", re.IGNORECASE
)
_CLOSING = re.compile(
    r"(?:(?:with )?(?:best|kind|kindest|warm|many)(?: (?:regards|wishes|greetings|thanks))?|regards|cheers"
    r"|sincerely|all the best|yours(?: (?:sincerely|faithfully|truly))?|thanks(?: (?:again|in advance))?"
    r"|thank you)[,.!]?",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(r"(?:on|am) .{4,120} (?:wrote|schrieb.*):", re.IGNORECASE)
_FORWARDED = re.compile(r"-{2,}\s*(?:original|forwarded) message\s*-{2,}|_{10,}", re.IGNORECASE)
_MOST_BELOW = 8


@dataclass(slots=True)
class Letter:
    """The words of a text, line by line as they stood, what its header states, and what was left out."""

    text: str
    stated: dict[str, str] = field(default_factory=dict)
    left_out: list[tuple[int, str]] = field(default_factory=list)


def read_letter(text: str, *, first_line: int = 1) -> Letter:
    """A text without the header above it; where that is one of a mail, without greetings and quotes too."""
    lines = text.split("\n")
    start = next((place for place, line in enumerate(lines) if line.strip()), 0)
    fields, end = _header(lines, start)
    known = {key.casefold() for key, _ in fields}
    if len(fields) < 2 or not known & {"title", "subject", "author", "from"}:
        return Letter(text)
    letter = Letter("", dict(_stated(fields)))
    body = lines[end:]
    if known & {"subject", "from"} and known & {"to", "date", "sent"}:
        body = list(_words(body, letter, first_line + end))
    letter.text = "\n".join([*[""] * end, *body])
    return letter


def _header(lines: list[str], start: int) -> tuple[list[tuple[str, str]], int]:
    """The fields that lines begin with, and the place of the first line below them."""
    fields: list[tuple[str, str]] = []
    place = start
    while place < len(lines) and lines[place].strip():
        if found := _FIELD.fullmatch(lines[place].strip()):
            fields.append((found[1], found[2].strip()))
        elif fields and lines[place][0] in " \t":
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {lines[place].strip()}")
        else:
            return [], start
        place += 1
    return fields, place


def _stated(fields: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, value in fields:
        key = _KEYS.get(name.casefold())
        found = _value(key, value) if key else None
        if key and found:
            yield key, found


def _value(key: str, value: str) -> str | None:
    if key == "date":
        return parse_date(value) or _mailed(value)
    if key == "author":
        name, address = parseaddr(value)
        return one_line(name or (value if "@" not in value else address)).strip("\"'") or None
    return one_line(_REPLY.sub("", value)) or None


def _mailed(value: str) -> str | None:
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, TypeError):
        return None


def _words(lines: list[str], letter: Letter, number: int) -> Iterator[str]:
    """The lines that the writer wrote, a blank one for every other."""
    last = _end(lines)
    spoken = False
    for place, line in enumerate(lines):
        bare = line.strip()
        frame = (
            place >= last
            or bare.startswith(">")
            or _INTRODUCES.fullmatch(bare)
            or (not spoken and _GREETING.fullmatch(bare))
        )
        if bare and frame:
            letter.left_out.append((number + place, bare))
        spoken = spoken or bool(bare)
        yield line if not frame else _question(bare) if _is_answered(lines[place + 1 : last]) else ""


def _is_answered(below: list[str]) -> bool:
    """Whether the writer says something below a line, before they quote on."""
    following = next((line for line in below if line.strip()), ">")
    return not following.lstrip().startswith(">")


def _question(quoted: str) -> str:
    """A question on one line that is answered below it is kept: it heads its answer."""
    asked = quoted.removeprefix(">").strip()
    return asked if quoted.startswith("> ") and asked.endswith("?") else ""


def _end(lines: list[str]) -> int:
    """The place of the signature, of the closing words or of a letter below this one."""
    for place, line in enumerate(lines):
        bare = line.strip()
        if _FORWARDED.fullmatch(bare) or line.rstrip("\r") == "-- ":
            return place
        if bare == "--" or _CLOSING.fullmatch(bare):
            below = (later for later in lines[place + 1 :] if later.strip() and not later.startswith(">"))
            if len([*islice(below, _MOST_BELOW + 1)]) <= _MOST_BELOW:
                return place
    return len(lines)
