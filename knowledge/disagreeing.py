"""Whether the documents an answer quotes state different things. Pure.

Only what can be told from words alone: another figure with the same unit, or one that asks for what the other
leaves open. Documents can disagree in more ways than this sees, so that a count of such answers is a least.
"""

import re
from itertools import combinations

from knowledge.asking.vocabulary import carries_topic, stem, words
from knowledge.entities import Answer, Quote, Reply

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: str(number) for number, word in enumerate(_WORDS, start=1)}
_FIGURE = re.compile(
    rf"\b(?P<from>\d+(?:[.,]\d+)?|{'|'.join(_NUMBERS)})\+?"
    rf"(?:\s?(?:-|–|to|or)\s?(?P<to>\d+(?:[.,]\d+)?|{'|'.join(_NUMBERS)})\+?)?"
    r"[\s-]?(?P<unit>%|percent\b|years?\b|months?\b|weeks?\b|days?\b|hours?\b|minutes?\b)",
    re.IGNORECASE,
)
_DEMANDED = re.compile(r"\b(?:required?|requires|mandatory|must|compulsory)\b", re.IGNORECASE)
_LEFT_OPEN = re.compile(
    r"\b(?:optional|not (?:required|mandatory|necessary)|need not|unnecessary)\b", re.IGNORECASE
)


def disagrees(reply: Reply) -> bool:
    """Whether two documents quoted for the same question state different things."""
    return any(
        _differ(one, other)
        for part in reply.parts
        if isinstance(part, Answer)
        for one, other in combinations(part.quotes, 2)
        if one.source.document != other.source.document
    )


def _differ(one: Quote, other: Quote) -> bool:
    return _subjects(one.text) & _subjects(other.text) != set() and (
        _figures_differ(one.text, other.text) or _opposed(one.text, other.text)
    )


def _subjects(text: str) -> set[str]:
    """What a quote is about, its figures and what is required apart."""
    rest = _FIGURE.sub(" ", text)
    rest = _LEFT_OPEN.sub(" ", _DEMANDED.sub(" ", rest))
    return {stem(word) for word in words(rest) if carries_topic(word)}


def _figures_differ(one: str, other: str) -> bool:
    """Whether both state something in the same unit, and nowhere the same figure."""
    ours, theirs = _figures(one), _figures(other)
    return any(not ours[unit] & theirs[unit] for unit in ours.keys() & theirs.keys())


def _figures(text: str) -> dict[str, set[str]]:
    figures: dict[str, set[str]] = {}
    for found in _FIGURE.finditer(text):
        unit = found["unit"].lower().removesuffix("s").replace("percent", "%")
        stated = (found["from"], found["to"])
        figures.setdefault(unit, set()).update(_NUMBERS.get(n.lower(), n) for n in stated if n)
    return figures


def _opposed(one: str, other: str) -> bool:
    """Whether one asks for what the other leaves open."""
    return (_demands(one) and bool(_LEFT_OPEN.search(other))) or (
        _demands(other) and bool(_LEFT_OPEN.search(one))
    )


def _demands(text: str) -> bool:
    # "Not required" holds the word, too.
    return bool(_DEMANDED.search(text)) and not _LEFT_OPEN.search(text)
