"""Who wrote a source and when, as its first lines say it."""

import re
from datetime import date, datetime

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"\b(?:(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})|(?P<mdy>{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
    rf"|(?P<dmy>\d{{1,2}}(?:st|nd|rd|th)?\.? {_MONTH},? \d{{4}}))",
    re.IGNORECASE,
)
_TIME = r"(?:[T,]?\s*(?:at\s+)?\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]\.?m\b\.?)?(?:\s*[A-Z]{2,4}\b)?)?"
_MADE = r"(?:written|created|posted|published|compiled|edited|prepared|reported)"
_BY = re.compile(
    # What was written may be said before: "Leaflet of the tax office, written by …"
    rf"^(?:{_MADE}\s+)?by:?\s+|^(?:author|{_MADE} by):\s*|^[^,.:;!?]{{1,50}},\s+{_MADE}\s+by\s+",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"^(?:(?:this page was\s+)?(?:first\s+|last\s+)?(?:published|posted|updated|modified|changed|edited"
    r"|reviewed|written|created)|date|as|edition|version|status|stand)\b(?:\s+(?:on|of))?:?\s*",
    re.IGNORECASE,
)
_JOIN = re.compile(
    r"[\s,;|·•—–(-]*(?:\b(?:at|on|as of|(?:edition|version)(?: of)?|dated"
    r"|(?:last )?(?:updated|modified|edited|changed)(?: on)?)\b:?)?"
    r"[\s,;|·•—–(-]*$",
    re.IGNORECASE,
)
_READING_TIME = re.compile(
    r"[\s,;|·•—–-]+(?:about |~ ?)?\d{1,3}[ -]min(?:ute)?s?\.?(?: to)? read\W*$", re.IGNORECASE
)
# "By Ann Other, head gardener"; a clause begins otherwise.
_OFFICE = re.compile(
    r",\s+(?!(?:and|as|in|on|when|where|which|who|with|that)\b)[^\W\d_][\w'’-]*(?:\s+[\w'’-]+){0,4}$"
)
_PERSON = re.compile(r"@?[^\W\d_][\w.'’-]*(?:\s+(?:[^\W\d_][\w.'’-]*)){0,4}")
_LONGEST = 120


def read_byline(line: str) -> tuple[str | None, str | None] | None:
    """Author and ISO date of a line that says nothing else; None where it is no such line."""
    if len(line) > _LONGEST:
        return None
    line = _READING_TIME.sub("", line)
    found = _DATE.search(line)
    day = parse_date(found[0]) if found else None
    if found and not re.fullmatch(_TIME + r"[\s.|·)]*", line[found.end() :]):
        return None
    before = _JOIN.sub("", line[: found.start()]) if found else line.strip()
    if by := _BY.match(line):
        return _by(before[by.end() :].strip(), day)
    if found and (not before or _WHEN.fullmatch(before + " ")):
        return None, day
    return None


def _by(name: str, day: str | None) -> tuple[str | None, str | None] | None:
    bare = _OFFICE.sub("", name)
    person = _PERSON.fullmatch(bare)
    # "By default" and "By hand" are prose: without a date a name is written like one, with an office in full.
    written = all(word[0].isupper() for word in bare.split()) and (bare == name or " " in bare)
    named = person and (day or written)
    return (bare.removeprefix("the "), day) if named else None


def parse_date(text: str) -> str | None:
    """The ISO date a text begins with, None where it is no date that exists."""
    found = _DATE.match(text.strip())
    if not found:
        return None
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)|[.,]", "", found[0], flags=re.IGNORECASE)
    parts = plain.split()
    if found["iso"]:
        return _iso(plain, "%Y-%m-%d")
    month, day = (parts[0], parts[1]) if found["mdy"] else (parts[1], parts[0])
    return _iso(f"{month[:3]} {day} {parts[2]}", "%b %d %Y")


def _iso(text: str, layout: str) -> str | None:
    try:
        return datetime.strptime(text, layout).replace(tzinfo=None).date().isoformat()  # noqa: DTZ007 - a day
    except ValueError:
        return None


def as_date(value: object) -> str | None:
    """A value of YAML, TOML or JSON as an ISO date, None where it is none."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return parse_date(value) if isinstance(value, str) else None
