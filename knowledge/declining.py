"""Whether the passages found answer a question, and why not where they do not. Pure."""

import math
import re
from dataclasses import dataclass

from knowledge.asking.kinds import compares_unmet, is_a_task, kinds_asked
from knowledge.asking.roles import other_role
from knowledge.asking.vocabulary import words
from knowledge.background import Background, EmptySection, searchable
from knowledge.entities import Refusal
from knowledge.finding import Evidence, Found


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over `Evidence`."""

    meaning: float
    body: float
    lead: float
    covered: float
    unknown: float
    bias: float


# Both are fitted by `python -m tests.measure.calibrate` on the recorded questions that are not kept aside,
# over the shipped articles with their questions and without; it prints the error on those kept aside.
ASKED_FOR = Weights(meaning=4.0, body=0.35, lead=4.39, covered=1.27, unknown=-4.16, bias=-1.94)
"""For a best passage that lists questions it answers: those are near to a question that is answered."""
UNASKED = Weights(meaning=6.12, body=-2.15, lead=3.79, covered=1.56, unknown=-3.08, bias=-1.35)
"""For one that lists none, as in most documents people bring: text is never as near to a question."""

FLOOR = 0.45
"""Probability of being answerable below which a question is declined."""

EMPTY_MARGIN = 0.03
"""How much nearer than every passage an empty heading must be to be the reason for declining."""

EMPTY_FLOOR = 0.45
"""Cosine at which a question is about an empty heading."""

_HOW_MANY = re.compile(r"\b(?:how (?:many|much|often)|number of|average)\b(?P<what>.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Answer it, or decline for a reason. `odds` is the estimated probability of being answerable.

    `empty` is a heading with nothing under it, nearer than any passage; `mentioned` tells that the role asked
    about is named.
    """

    refusal: Refusal | None
    odds: float
    empty: EmptySection | None = None
    mentioned: bool = False


def judge(found: Found, background: Background) -> Verdict:
    """Decide from the evidence whether to answer."""
    odds = answerable(found.evidence)
    if is_a_task(found.text):
        return Verdict(Refusal.NOTHING, odds)
    holds = odds >= FLOOR and not _lacks_what_is_asked(found)
    empty = _promised(found, background, ahead=EMPTY_MARGIN)
    if empty and (empty.promises or not holds):
        return Verdict(Refusal.EMPTY_SECTION, odds, empty=empty)
    if role := other_role(found.text, background.roles):
        mentioned = all(background.vocabulary.knows(word) for word in words(role))
        return Verdict(Refusal.ONLY_NEAR, odds, mentioned=mentioned)
    if holds:
        return Verdict(None, odds, empty=empty)
    if empty := _promised(found, background, ahead=-EMPTY_MARGIN):
        return Verdict(Refusal.EMPTY_SECTION, odds, empty=empty)
    return Verdict(_weak(found), odds)


def answerable(evidence: Evidence) -> float:
    """Estimated probability that passages with this evidence answer their question."""
    weights = ASKED_FOR if evidence.asked_for else UNASKED
    total = weights.bias
    for name in ("meaning", "body", "lead", "covered", "unknown"):
        total += getattr(weights, name) * getattr(evidence, name)
    return 1 / (1 + math.exp(-total))


def _promised(found: Found, background: Background, *, ahead: float) -> EmptySection | None:
    """The empty section that is so far nearer to the question than everything with content."""
    best = max(background.empty_sections, key=lambda section: section.similarity(found.vector), default=None)
    if best is None or (near := best.similarity(found.vector)) < EMPTY_FLOOR:
        return None
    return best if near > found.evidence.meaning + ahead else None


def _weak(found: Found) -> Refusal:
    """Something shares the question's subject, or nothing does."""
    near = found.evidence.meaning >= 0.4 or (found.evidence.covered >= 0.5 and found.evidence.meaning >= 0.3)
    return Refusal.ONLY_NEAR if near else Refusal.NOTHING


def _lacks_what_is_asked(found: Found) -> bool:
    """Whether an amount, a place, a comparison … is asked for that none of the best passages holds."""
    texts = [searchable(found.passages[candidate.passage]) for candidate in found.candidates[:3]]
    if any(not any(kind.holds.search(text) for text in texts) for kind in kinds_asked(found.text)):
        return True
    return _counts_unknown(found) or compares_unmet(found.text, texts)


def _counts_unknown(found: Found) -> bool:
    """Whether what is to be counted ("how many vacation days") is a word no document holds."""
    counted = _HOW_MANY.search(found.text)
    return counted is not None and any(
        word in found.unknown_words for word in words(counted.group("what"))[:4]
    )
