"""Whether the passages found answer a question, and why not where they do not. Pure."""

import math
import re
from dataclasses import dataclass, field

from knowledge.asking.kinds import compares_unmet, is_a_task, kinds_asked, weighs
from knowledge.asking.roles import other_role
from knowledge.asking.vocabulary import stem, stems, words
from knowledge.background import Background, EmptySection, searchable
from knowledge.entities import Refusal
from knowledge.evidence import Evidence
from knowledge.finding import Found


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over `features`."""

    meaning: float
    body: float
    lead: float
    covered: float
    unknown: float
    near_miss: float
    outdone: float
    named: float
    crowd: float
    bias: float


# Both are fitted by `python -m tests.measure.calibrate` on recorded questions that are not kept aside, over
# the shipped articles and over documents that list nothing; it prints the error on the others.
ASKED_FOR = Weights(
    meaning=5.04,
    body=0.45,
    lead=3.21,
    covered=2.01,
    unknown=-2.53,
    near_miss=-7.31,
    outdone=-6.27,
    named=3.75,
    crowd=0.0,
    bias=-0.81,
)
"""For a best passage that lists questions it answers: those are near to a question that is answered."""
UNASKED = Weights(
    meaning=3.63,
    body=1.12,
    lead=6.12,
    covered=1.88,
    unknown=-2.19,
    near_miss=0.0,
    outdone=0.0,
    named=2.67,
    crowd=-2.20,
    bias=-1.71,
)
"""For one that lists none, as in most documents people bring: text is never as near to a question."""

FLOOR = 0.5
"""Probability of being answerable below which a question is declined, in a generation without calibration."""

LEAST = 0.4
"""Cosine below which a passage that shares no telling word with the question is no answer to it.

Of the recorded questions that are not kept aside, 26 with due refusals lie there and one other.
"""

CLOSE = 0.8
"""Share of the best score from which a passage may hold what is asked for instead of the best one."""

APART = 0.35
"""Cosine up to which two questions have so little to do with each other that it says nothing."""

EMPTY_MARGIN = 0.03
"""How much nearer than every passage an empty heading must be to be the reason for declining."""

EMPTY_FLOOR = 0.45
"""Cosine at which a question is about an empty heading."""

_LEADS_ON = re.compile(
    r"\b(?:become|becoming|next|later|after|afterwards|move|switch|progress\w*|grow|lead|path|possible)\b",
    re.IGNORECASE,
)
_HOW_TO_BECOME = re.compile(r"\bhow (?:do|can|could|should|would|to|does)\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"\b(?:how (?:many|much|often)|number of|average)\b(?P<what>.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Answer it, or decline for a reason. `odds` is the estimated probability of being answerable.

    `empty` is a heading with nothing under it, nearer than any passage; `mentioned` tells that the role asked
    about is named, `exhausted` that all there is was said before. `because` is the rule that decided, for
    those who run the bot.
    """

    refusal: Refusal | None
    odds: float
    empty: EmptySection | None = None
    mentioned: bool = False
    exhausted: bool = False
    # Two verdicts that decide the same are the same, by whichever rule.
    because: str = field(default="", compare=False)


def judge(found: Found, background: Background) -> Verdict:
    """Decide from the evidence whether to answer."""
    odds = answerable(found.evidence)
    if is_a_task(found.text):
        return Verdict(Refusal.NOTHING, odds, because="it asks for something to be done")
    objection = _objection(found, odds, background)
    holds = objection is None
    empty = _promised(found, background, ahead=EMPTY_MARGIN)
    if empty and (empty.promises or not holds) and not (holds and _delivers(found)):
        return Verdict(Refusal.EMPTY_SECTION, odds, empty=empty, because=_nearer(empty, objection))
    if role := _other_role(found, background, holds=holds):
        mentioned = all(background.vocabulary.knows(word) for word in words(role))
        return Verdict(
            Refusal.ONLY_NEAR, odds, mentioned=mentioned, because=f"it is about another role: {role}"
        )
    if objection is None:
        return Verdict(None, odds, empty=empty, because="the odds reach the floor and no rule objects")
    if empty := _promised(found, background, ahead=-EMPTY_MARGIN):
        because = f"an empty heading is about as near as any passage, and {objection}"
        return Verdict(Refusal.EMPTY_SECTION, odds, empty=empty, because=because)
    return Verdict(_weak(found), odds, because=objection)


def _delivers(found: Found) -> bool:
    """Whether the best passage holds what is asked for, an amount or a place, whatever heading is empty."""
    kinds = kinds_asked(found.text)
    best = searchable(found.passages[found.candidates[0].passage])
    return bool(kinds) and all(kind.holds.search(best) for kind in kinds)


def _objection(found: Found, odds: float, background: Background) -> str | None:
    """The first rule that speaks against answering; None where none does."""
    if odds < floor_of(background):
        return "the odds are below the floor"
    if found.unnamed and not found.skills.named:
        return f"no document names {found.unnamed}"
    if _is_far(found):
        return "the best passage is far: it shares no telling word and too little meaning"
    return _lack(found)


def _nearer(empty: EmptySection, objection: str | None) -> str:
    """Why an empty heading that is nearer than every passage decides."""
    reason = "its author lists this under it" if empty.promises else objection
    return f"an empty heading is nearer than every passage, and {reason}"


def _other_role(found: Found, background: Background, *, holds: bool) -> str | None:
    """The role a question is about where it is not the documents' own, unless a passage answers with it.

    "Can I become a systems architect later?" is about the documents' role, though it names another.
    """
    role = other_role(found.text, background.roles) or other_role(found.asked.role or "", background.roles)
    if role is None:
        return None
    if not _LEADS_ON.search(found.text) or _HOW_TO_BECOME.search(found.text):
        return role
    best = stems(found.passages[found.candidates[0].passage].text)
    return None if holds and all(stem(word) in best for word in words(role)) else role


def floor_of(background: Background) -> float:
    """Probability of being answerable from which a generation answers."""
    return FLOOR if background.floor is None else background.floor


def answerable(evidence: Evidence) -> float:
    """Estimated probability that passages with this evidence answer their question."""
    total = weights_for(evidence).bias + sum(contributions(evidence).values())
    return 1 / (1 + math.exp(-total))


def weights_for(evidence: Evidence) -> Weights:
    """The weights that fit the best passage."""
    return ASKED_FOR if evidence.asked_for else UNASKED


def contributions(evidence: Evidence) -> dict[str, float]:
    """What each feature adds to the log-odds of being answerable; the bias comes on top."""
    weights = weights_for(evidence)
    return {name: getattr(weights, name) * value for name, value in features(evidence).items()}


def features(evidence: Evidence) -> dict[str, float]:
    """What the weights are applied to, by name.

    Of `near_miss` only what exceeds `APART` counts; `outdone` is how much nearer it is than any cue.
    """
    return {
        "meaning": evidence.meaning,
        "body": evidence.body,
        "lead": evidence.lead,
        "covered": evidence.covered,
        "unknown": evidence.unknown,
        "near_miss": max(evidence.near_miss - APART, 0.0),
        "outdone": max(evidence.near_miss - evidence.meaning, 0.0),
        "named": float(evidence.named),
        "crowd": evidence.crowd,
    }


def _is_far(found: Found) -> bool:
    """Whether the best passage shares neither a telling word nor much meaning with the question.

    Much of what a follow-up means is borrowed from the question before it.
    """
    evidence = found.evidence
    if evidence.covered or evidence.named:
        return False
    return evidence.meaning < LEAST or bool(found.asked.about and evidence.unknown)


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


def _lack(found: Found) -> str | None:
    """What is asked for (an amount, a place, a comparison …) that none of the best passages holds."""
    close = CLOSE * found.candidates[0].score
    near = [candidate for candidate in found.candidates[:3] if candidate.score >= close]
    texts = [searchable(found.passages[candidate.passage]) for candidate in near]
    for kind in kinds_asked(found.text):
        if not any(kind.holds.search(text) for text in texts):
            return f"{kind.name} is asked for, and none of the best passages holds any"
    if _counts_unknown(found):
        return "it asks for the number of something no document names"
    if found.named and not weighs(found.text):
        return None
    unmet = compares_unmet(found.text, texts)
    return "it compares what none of the best passages compares" if unmet else None


def _counts_unknown(found: Found) -> bool:
    """Whether what is to be counted ("how many vacation days") is a word no document holds."""
    counted = _HOW_MANY.search(found.text)
    return counted is not None and any(
        word in found.unknown_words for word in words(counted.group("what"))[:4]
    )
