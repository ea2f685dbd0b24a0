"""What a sentence states that another could deny: figures, times, places, what must and what may be."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from knowledge.asking.vocabulary import stem

_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty"
)
_NUMBERS: Mapping[str, int] = {
    **{word: number for number, word in enumerate(_TO_TWENTY.split())},
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_NUMBER = rf"(?:\d[\d,]*(?:\.\d+)?|{'|'.join(_NUMBERS)})"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr"
    r"|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?"
_DIGIT = re.compile(r"\d")
_CLOCK = r"(?<![\d.])\d{1,2}[.:][0-5]\d(?!\.?\d| ?(?:[cmk]?m|k?g|l|%)\b)"

# A measure as it is printed or as its stem, what it is counted in, and how many of those it is.
_MEASURES: Mapping[str, tuple[str, float]] = {
    **dict.fromkeys(("mm", "millimet", "millimetr"), ("meter", 0.001)),
    **dict.fromkeys(("cm", "centimet", "centimetr"), ("meter", 0.01)),
    **dict.fromkeys(("m", "meter", "metr"), ("meter", 1)),
    **dict.fromkeys(("km", "kilomet", "kilometr"), ("meter", 1000)),
    **dict.fromkeys(("min", "minut"), ("minute", 1)),
    **dict.fromkeys(("h", "hour"), ("minute", 60)),
    **dict.fromkeys(("g", "gram"), ("gram", 1)),
    **dict.fromkeys(("kg", "kilo", "kilogram"), ("gram", 1000)),
    "month": ("month", 1),
    "year": ("month", 12),
    "day": ("day", 1),
    "week": ("day", 7),
    "°c": ("degree", 1),
}
_UNITS = frozenset(name for name, _ in _MEASURES.values())
_NOT_COUNTED_TEXT = (
    "a am an and are as at be by can for from has have if in into is it its less may more most must not"
    " o of on one or other others out per pm so than that the their them then these they this those"
    " times to up was were when which who will with you your"
)
_NOT_COUNTED = frozenset(_NOT_COUNTED_TEXT.split())


@dataclass(frozen=True, slots=True)
class Figure:
    """Something stated: what sort of thing, its values, and where in the sentence it stands.

    What is counted, "12 spectators", is what the sentence is about, and stands behind the end.
    """

    kind: str
    values: frozenset[str]
    start: int
    end: int

    @property
    def counted(self) -> str:
        """The stem of what was counted, "" for a measure."""
        return self.kind.removeprefix("count ") if self.kind.startswith("count ") else ""


def figures(sentence: str) -> list[Figure]:
    """What a sentence states, in order; no two overlap."""
    found: list[Figure] = []
    for pattern, read in _readers(sentence):
        for match in pattern.finditer(sentence):
            if any(known.start < match.end() and match.start() < known.end for known in found):
                continue
            if stated := read(match):
                figure = Figure(stated[0], frozenset(stated[1]), *match.span())
                named = figure.counted and figure.counted not in _UNITS
                found.append(replace(figure, end=match.start("unit")) if named else figure)
    return sorted(found, key=lambda figure: figure.start)


def states(text: str) -> bool:
    """Whether a text may state anything: most of what is written does not, and needs no closer look."""
    return bool(_readers(text))


Stated = tuple[str, tuple[str, ...]]


def _date(match: re.Match[str]) -> Stated:
    day, month = match["d1"] or match["d2"], match["m1"] or match["m2"]
    return "date", (f"{int(day)} {month[:3].casefold()}",)


def _money(match: re.Match[str]) -> Stated:
    pence = match["pence"]
    amount = _value(pence) / 100 if pence else _value(match["before"] or match["after"])
    return "money", (f"{amount:g}",)


def _percent(match: re.Match[str]) -> Stated:
    return "percent", (f"{_value(match[1]):g}",)


def _hours(match: re.Match[str]) -> Stated | None:
    start, end = _at(match[1]), _at(match[2])
    return ("hours", (f"{start} to {end}",)) if start and end else None


def _clock(match: re.Match[str]) -> Stated | None:
    printed = str(next(group for group in match.groups() if group))
    time = _at(printed, afternoon=re.match(r" ?p\.?m", match.string[match.end() :]) is not None)
    return ("time", (time,)) if time else None


def _at(printed: str, *, afternoon: bool = False) -> str | None:
    hour, _, minute = printed.replace(".", ":").partition(":")
    on = int(hour) + 12 * (afternoon and int(hour) < 12)
    return f"{on}:{minute or '00'}" if on <= 24 else None


def _name(kind: str) -> Callable[[re.Match[str]], Stated]:
    return lambda match: (kind, (match[0].casefold()[:3],))


def _year(match: re.Match[str]) -> Stated:
    return "year", (match[0],)


def _ordinal(match: re.Match[str]) -> Stated:
    return f"ordinal {stem(match[2].casefold())}", (match[1].casefold(),)


def _count(match: re.Match[str]) -> Stated | None:
    word = match["unit"].casefold()
    unit = word if word in _MEASURES else stem(word)
    if word in _NOT_COUNTED or word in _NUMBERS:
        return None
    if match["low"].casefold() == "one" and unit not in _MEASURES:
        return None  # "one reason", "no one asks"
    name, factor = _MEASURES.get(unit, (unit, 1))
    numbers = [_value(number) for number in (match["low"], match["high"]) if number]
    return f"count {name}", tuple(f"{round(number * factor, 4):g}" for number in numbers)


def _value(printed: str) -> float:
    word = printed.casefold()
    return float(_NUMBERS[word]) if word in _NUMBERS else float(word.replace(",", ""))


def _said(kind: str, value: str) -> Callable[[re.Match[str]], Stated]:
    return lambda match: (kind, (value,))


_SIDES: Mapping[str, Mapping[str, str]] = {
    "must": {
        "no": r"(?:is |are |be )?(?:not|n['’]t) (?:be )?"
        r"(?:required|necessary|needed|mandatory|compulsory|obligatory)"
        r"|no need|need(?:s|ed)? not|needn['’]t|(?:do|does)(?: not|n['’]t) (?:need|have) to"
        r"|optional|voluntary|without obligation",
        "yes": r"required|mandatory|compulsory|obligatory|necessary|must(?! not|n['’]t)"
        r"|(?:has|have) to|needs? to",
    },
    "may": {
        "no": r"(?:is |are |be )?(?:not|never|n['’]t) (?:be )?(?:allowed|permitted|accepted|welcome)"
        r"|(?:may|must) (?:not|never)|mustn['’]t|forbidden|prohibited|banned",
        "yes": r"allowed|permitted|welcome|may(?! not| never)",
    },
    "place": {
        "away": r"(?:fully |entirely |always )?remote(?:ly)?|from home|home office",
        "there": r"on[- ]site|in (?:the|our) office|in person|at the office",
    },
    "state": {"shut": r"(?:is |are |stays? )?closed|shut", "open": r"(?:is |are |stays? )open(?! to)"},
    "price": {
        "free": r"free of charge|(?:is|are) free|for free|costs? nothing",
        "paid": r"for a fee|is charged",
    },
    "included": {"no": r"(?:not|n['’]t) included|excluded", "yes": r"(?:is|are) included"},
}


_Reader = tuple[re.Pattern[str], Callable[[re.Match[str]], Stated | None]]


def _with_digits() -> Iterator[_Reader]:
    yield (
        re.compile(
            rf"\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? (?P<m1>{_MONTH})"
            rf"|\b(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.:]?\d)"
        ),
        _date,
    )
    yield (
        re.compile(
            r"[£€$] ?(?P<before>\d[\d,]*(?:\.\d+)?)"
            r"|\b(?P<after>\d[\d,]*(?:\.\d+)?) ?(?:euros?|pounds?|dollars?|€|£|\$)"
            r"|\b(?P<pence>\d+)(?:p\b| cents?\b)"
        ),
        _money,
    )
    hour = rf"(?:{_CLOCK}|\d{{1,2}}(?![\d.,:]\d| ?[€%]))"
    yield (
        re.compile(
            rf"(?:\b(?:from|between) |: |, |^)({hour})(?: ?[ap]\.?m\.?)?"
            rf"(?: to | and | until | till | ?[–-] ?)({hour})"
            r"(?= ?(?:[ap]\.?m\b|o['’]clock)|[,.;)]| (?:and|on|or|in)\b|$)"
        ),
        _hours,
    )
    yield (
        re.compile(
            rf"\b({_CLOCK})|\b(\d{{1,2}})(?= ?(?:[ap]\.?m\b|o['’]clock))"
            r"|\b(?:at|until|till|before|after) (\d{1,2})(?=(?: (?:and|or|in|on) |[,.;)–]|$))"
        ),
        _clock,
    )
    yield re.compile(r"\b(?:1[89]|20)\d\d\b(?![.,]\d| ?[a-z]?m\b)"), _year


def _with_names() -> Iterator[_Reader]:
    yield re.compile(rf"\b(?:{_WEEKDAY})\b"), _name("weekday")
    yield re.compile(rf"\b{_MONTH}"), _name("month")


def _with_numbers() -> Iterator[_Reader]:
    yield re.compile(rf"\b({_NUMBER}) ?(?:%|percent\b|per cent\b)", re.IGNORECASE), _percent
    yield (
        re.compile(
            r"\b(first|second|third|fourth|fifth|last) (day|week|month|quarter|half|year|weekend)\b",
            re.IGNORECASE,
        ),
        _ordinal,
    )
    yield (
        re.compile(
            rf"(?<![\d.,:/])\b(?P<low>{_NUMBER})(?: ?(?:to|or|and|-|–) ?(?P<high>{_NUMBER}))?"
            r"[ -]?(?P<unit>°C|[a-z]+)\b",
            re.IGNORECASE,
        ),
        _count,
    )


def _with_sides() -> Iterator[_Reader]:
    for kind, sides in _SIDES.items():
        for value, form in sides.items():
            yield re.compile(rf"\b(?:{form})\b", re.IGNORECASE), _said(kind, value)


_WORD = re.compile(r"[a-z]+")
_NUMBER_WORDS = frozenset((*_NUMBERS, "first", "second", "third", "fourth", "fifth", "last"))
_NAMES_TEXT = (
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays"
    " fridays saturdays sundays january february march april may june july august september october"
    " november december jan feb mar apr jun jul aug sep sept oct nov dec"
)
_NAMES = frozenset(_NAMES_TEXT.split())
_SIDE_WORDS_TEXT = (
    "accepted allowed banned charged closed compulsory excluded fee forbidden free has have home"
    " included mandatory may must mustn necessary need needed needn needs nothing obligation obligatory"
    " office open optional permitted person prohibited remote remotely required shut site voluntary"
    " welcome"
)
_SIDE_WORDS = frozenset(_SIDE_WORDS_TEXT.split())
_DIGIT_READERS = tuple(_with_digits())
_NAME_READERS = tuple(_with_names())
_NUMBER_READERS = tuple(_with_numbers())
_SIDE_READERS = tuple(_with_sides())


def _readers(text: str) -> list[_Reader]:
    """Those that may find something, by the words that each of them needs."""
    words = frozenset(_WORD.findall(text.lower()))
    digits = _DIGIT.search(text) is not None
    readers: list[_Reader] = [*_DIGIT_READERS] if digits else []
    if not _NAMES.isdisjoint(words):
        readers += _NAME_READERS
    if digits or not _NUMBER_WORDS.isdisjoint(words):
        readers += _NUMBER_READERS
    if not _SIDE_WORDS.isdisjoint(words):
        readers += _SIDE_READERS
    return readers
