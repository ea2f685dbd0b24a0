"""Whether the passages found answer a question, and why not where they do not. Pure."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.background import Background, EmptySection, searchable
from knowledge.entities import Refusal
from knowledge.finding import Evidence, Found
from knowledge.roles import other_role
from knowledge.vocabulary import words

WEIGHTS = {"meaning": 4.0, "body": 0.35, "lead": 4.39, "covered": 1.27, "unknown": -4.16}
BIAS = -1.94
"""Logistic regression over `Evidence`, fitted by `python -m tests.measure.calibrate` on the questions not
kept aside; that program prints the error on those that are."""

FLOOR = 0.45
"""Probability of being answerable below which a question is declined."""

EMPTY_MARGIN = 0.03
"""How much nearer than every passage an empty heading must be to be the reason for declining."""

EMPTY_FLOOR = 0.45
"""Cosine at which a question is about an empty heading."""

_COUNT = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?)"
_MONEY = re.compile(
    r"\b(?:salar\w*|wages?|earn\w*|income|compensation|money|payroll|pay (?:like|range|scale|grade)|"
    r"(?:get|gets|be|well|much) paid|the pay|costs?|price\w*|cheap\w*|expensive|lpa|bucks|dollars?|euros?)\b"
    r"|[$€£₹]",
    re.IGNORECASE,
)
_DURATION = re.compile(r"\bhow (?:long|many (?:years|months|weeks|days|hours|minutes))\b", re.IGNORECASE)
_TIME = re.compile(
    rf"(?:\d|\b{_COUNT})[\s-]*(?:ms|milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\b(?:how many|how much|how old|how far|how often|what (?:exact )?percent(?:age)?|"
    r"number of|average)\b",
    re.IGNORECASE,
)
_MONEY_AMOUNT = re.compile(
    r"[$€£₹]\s?\d|\d\s?(?:[$€£₹]|usd|eur|dollars?|euros?|pounds?|per hour)", re.IGNORECASE
)
_NUMBER = re.compile(rf"(?<![\d.])\d+(?![.\d])|\b(?:{_COUNT}|once|twice|daily|often)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Answer it, or decline for a reason. `odds` is the estimated probability of being answerable.

    `empty` is the heading with nothing under it; `mentioned` tells that the role asked about is named.
    """

    refusal: Refusal | None
    odds: float
    empty: EmptySection | None = None
    mentioned: bool = False


def judge(found: Found, background: Background) -> Verdict:
    """Decide from the evidence whether to answer."""
    odds = answerable(found.evidence)
    empty = _promised(found, background)
    if empty is not None:
        return Verdict(Refusal.EMPTY_SECTION, odds, empty=empty)
    if role := other_role(found.text, background.roles):
        mentioned = all(background.vocabulary.knows(word) for word in words(role))
        return Verdict(Refusal.ONLY_NEAR, odds, mentioned=mentioned)
    if _MONEY.search(found.text) and not _any_holds(found, _MONEY_AMOUNT):
        return Verdict(_weak(found), odds)
    if _DURATION.search(found.text) and not _any_holds(found, _TIME):
        return Verdict(_weak(found), odds)
    if _AMOUNT.search(found.text) and (_counted_unknown(found) or not _any_holds(found, _NUMBER)):
        return Verdict(_weak(found), odds)
    if odds < FLOOR:
        return Verdict(_weak(found), odds)
    return Verdict(None, odds)


def answerable(evidence: Evidence) -> float:
    """Estimated probability that passages with this evidence answer their question."""
    total = BIAS + sum(weight * getattr(evidence, name) for name, weight in WEIGHTS.items())
    return 1 / (1 + math.exp(-total))


def _promised(found: Found, background: Background) -> EmptySection | None:
    """The empty section that is nearer to the question than everything with content."""
    best = max(background.empty_sections, key=lambda section: section.similarity(found.vector), default=None)
    if best is None or (near := best.similarity(found.vector)) < EMPTY_FLOOR:
        return None
    return best if near > found.evidence.meaning + EMPTY_MARGIN else None


def _weak(found: Found) -> Refusal:
    """Something shares the question's subject, or nothing does."""
    near = found.evidence.meaning >= 0.4 or (found.evidence.covered >= 0.5 and found.evidence.meaning >= 0.3)
    return Refusal.ONLY_NEAR if near else Refusal.NOTHING


def _any_holds(found: Found, holds: re.Pattern[str]) -> bool:
    top = found.candidates[:3]
    return any(holds.search(searchable(found.passages[candidate.passage])) for candidate in top)


def _counted_unknown(found: Found) -> bool:
    """Whether what is to be counted ("how many vacation days") is a word no document holds."""
    after = _AMOUNT.split(found.text, maxsplit=1)[-1]
    return any(word in found.unknown_words for word in _first(words(after), 4))


def _first(items: Iterable[str], count: int) -> list[str]:
    return [item for item, _ in zip(items, range(count), strict=False)]
