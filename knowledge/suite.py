"""The question set and its scoring: what a right answer must contain, judged on the text a person reads."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from knowledge.entities import Question, Turn

SHORT, LONG = 600, 2000
"""Characters read: what is seen at a glance, and the most one Discord message holds."""

REASONS = frozenset({"off-topic", "absent", "near", "empty-section", "hostile"})
_FIELDS = frozenset(
    {"id", "kind", "question", "history", "facts", "decline", "reason", "forbidden", "kept_aside"}
)


class BadCase(Exception):
    """A line of the question set cannot be used; the message names the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question, and the facts a right answer contains: each a choice of words, any of which will do.

    A word ending in "*" stands for every word that begins so. `decline` marks what must be refused.
    `kept_aside` marks the third that nobody tunes on.
    """

    id: str
    kind: str
    question: Question
    facts: tuple[tuple[str, ...], ...]
    decline: bool
    kept_aside: bool
    reason: str | None = None
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one answer did. `found` counts facts in the whole text, the others in its first characters."""

    id: str
    kind: str
    kept_aside: bool
    due: bool
    declined: bool
    total: int
    found: int
    found_short: int
    found_long: int
    missing: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()

    @property
    def fully_right(self) -> bool:
        """Every fact said, or a due refusal made; nothing forbidden."""
        return self._right(self.found)

    @property
    def right_short(self) -> bool:
        """The same for who reads the first 600 characters."""
        return self._right(self.found_short)

    @property
    def right_long(self) -> bool:
        """The same for who reads the first 2,000 characters."""
        return self._right(self.found_long)

    def _right(self, found: int) -> bool:
        return self.declined == self.due and found == self.total and not self.forbidden


@dataclass(frozen=True, slots=True)
class Tally:
    """Outcomes added up. A share of nothing is None."""

    answerable: int
    due: int
    recall: float | None  # mean over questions, so that long lists do not outweigh short ones
    recall_short: float | None
    recall_long: float | None
    fully_right: float | None  # of the answerable
    right_short: float | None
    right_long: float | None
    refusals_made: float | None  # of the due refusals
    refusals_right: float | None  # of all refusals
    wrongly_declined: float | None  # of the answerable
    forbidden: int  # answers that said what they must not


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the set: its tally, and the same by kind."""

    overall: Tally
    kinds: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Summary:
    """The part used for tuning and the part kept aside, and both together."""

    everything: Part
    tuned: Part
    kept_aside: Part


# --- reading -----------------------------------------------------------------------------------------------


def load() -> list[Case]:
    """The packaged question set. Raises BadCase."""
    return parse(files("knowledge").joinpath("questions.jsonl").read_text(encoding="utf-8"))


def parse(text: str) -> list[Case]:
    """One case a line; blank lines are skipped. Raises BadCase."""
    cases: dict[str, Case] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            case = _case(line)
        except ValueError as error:
            raise BadCase(f"question set, line {number}: {error}") from error
        if case.id in cases:
            raise BadCase(f"question set, line {number}: the id {case.id!r} is used twice")
        cases[case.id] = case
    return list(cases.values())


def _case(line: str) -> Case:
    try:
        raw = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg})") from error
    if not isinstance(raw, dict):
        raise ValueError("not a JSON object")
    if unknown := raw.keys() - _FIELDS:
        raise ValueError(f"unknown field {min(unknown)!r}")
    case = Case(
        id=_string(raw, "id"),
        kind=_string(raw, "kind"),
        question=Question(_string(raw, "question"), _history(raw.get("history", []))),
        facts=tuple(_strings(fact, "facts") for fact in _list(raw.get("facts", []), "facts")),
        decline=_flag(raw, "decline"),
        kept_aside=_flag(raw, "kept_aside"),
        reason=_string(raw, "reason") if "reason" in raw else None,
        forbidden=_strings(raw["forbidden"], "forbidden") if "forbidden" in raw else (),
    )
    if case.decline == bool(case.facts):
        raise ValueError("a question has facts, or is to be declined: one of the two")
    if case.decline != (case.reason in REASONS):
        raise ValueError(f"a reason ({', '.join(sorted(REASONS))}) belongs to what is to be declined")
    return case


def _history(value: object) -> tuple[Turn, ...]:
    turns = _list(value, "history")
    if not all(isinstance(turn, dict) for turn in turns):
        raise ValueError("'history' must hold objects with 'user' and 'bot'")
    return tuple(Turn(_string(turn, "user"), _string(turn, "bot")) for turn in turns)


def _string(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name!r} must be text")
    return value


def _flag(raw: Mapping[str, Any], name: str) -> bool:
    value = raw.get(name)
    if not isinstance(value, bool):
        raise ValueError(f"{name!r} must be true or false")
    return value


def _list(value: object, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{name!r} must be a list")
    return value


def _strings(value: object, name: str) -> tuple[str, ...]:
    words = _list(value, name)
    if not words or not all(isinstance(word, str) and normalise(word.removesuffix("*")) for word in words):
        raise ValueError(f"{name!r} must hold words")
    return tuple(words)


# --- scoring -----------------------------------------------------------------------------------------------

_TYPOGRAPHY = str.maketrans({**dict.fromkeys("‘’‚‛′´", "'"), **dict.fromkeys("“”„‟«»″", '"')})
_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\[([^\]\n]*)\]\(<?[a-z]+:[^)\n]*\)"), r"\1"),  # a link is read by its text
    (re.compile(r"^[ \t]*(?:>+|-?#{1,6}(?=\s))[ \t]*", re.MULTILINE), " "),
    (re.compile(r"\\(?=[^\w\s])"), ""),
    (re.compile(r"\*+|`+|~~|\|\|"), ""),
    (re.compile(r"(?<!\w)_+|_+(?!\w)"), ""),
    (re.compile(r"[-‐‑‒–—―−\u00ad]"), " "),
    (re.compile(r"\s*/\s*"), "/"),
    (re.compile(r"\s+(?=%)"), ""),
    (re.compile(r"\s+"), " "),
)


def normalise(text: str) -> str:
    """Text as it is compared: no case, no markdown, plain quotes, a hyphen is a space."""
    # Quotes go first: NFKC takes an acute accent or a double prime apart.
    text = unicodedata.normalize("NFKC", text.translate(_TYPOGRAPHY)).casefold()
    for pattern, replacement in _MARKS:
        text = pattern.sub(replacement, text)
    return text.strip()


@lru_cache(maxsize=4096)
def _pattern(alternative: str) -> re.Pattern[str]:
    stem = alternative.endswith("*")
    word = normalise(alternative.removesuffix("*"))
    # "." and "#" belong to a name: js is not in node.js, c is not c#.
    before = r"(?<!\w)(?<!\w\.)" if word[0].isalnum() else ""
    after = r"(?!\w|#|\+\+|\.\w)"
    if stem:
        after = r"\w*"
    elif word[-1].isalpha():
        after = "s?" + after
    elif not word[-1].isalnum():
        after = ""
    return re.compile(before + re.escape(word) + after)


def contains(normalised: str, alternative: str) -> bool:
    """Whether a normalised text has these words as words; a plural s is allowed, and "stem*"."""
    return _pattern(alternative).search(normalised) is not None


def score(case: Case, answer_text: str, abstained: bool) -> Outcome:
    """Judge one answer: all text the person sees, and whether it was a refusal."""
    whole, short, long = (normalise(answer_text[:end]) for end in (None, SHORT, LONG))

    def found(text: str) -> tuple[bool, ...]:
        # A refusal says nothing, whatever topics it offers instead.
        return tuple(not abstained and any(contains(text, word) for word in fact) for fact in case.facts)

    said = found(whole)
    return Outcome(
        id=case.id,
        kind=case.kind,
        kept_aside=case.kept_aside,
        due=case.decline,
        declined=abstained,
        total=len(case.facts),
        found=sum(said),
        found_short=sum(found(short)),
        found_long=sum(found(long)),
        missing=tuple(fact[0] for fact, there in zip(case.facts, said, strict=True) if not there),
        forbidden=tuple(phrase for phrase in case.forbidden if contains(whole, phrase)),
    )


def summarise(outcomes: Iterable[Outcome]) -> Summary:
    """Add outcomes up: all of them, the tuned part and the part kept aside, each by kind."""
    all_of_them = list(outcomes)
    return Summary(
        everything=_part(all_of_them),
        tuned=_part([outcome for outcome in all_of_them if not outcome.kept_aside]),
        kept_aside=_part([outcome for outcome in all_of_them if outcome.kept_aside]),
    )


def _part(outcomes: Sequence[Outcome]) -> Part:
    kinds = dict.fromkeys(outcome.kind for outcome in outcomes)
    return Part(
        tally(outcomes),
        {kind: tally([outcome for outcome in outcomes if outcome.kind == kind]) for kind in kinds},
    )


def tally(outcomes: Sequence[Outcome]) -> Tally:
    """Counts and shares over some outcomes."""
    answerable = [outcome for outcome in outcomes if not outcome.due]
    due = [outcome for outcome in outcomes if outcome.due]
    refusals = [outcome for outcome in outcomes if outcome.declined]
    return Tally(
        answerable=len(answerable),
        due=len(due),
        recall=_mean(outcome.found / outcome.total for outcome in answerable),
        recall_short=_mean(outcome.found_short / outcome.total for outcome in answerable),
        recall_long=_mean(outcome.found_long / outcome.total for outcome in answerable),
        fully_right=_mean(outcome.fully_right for outcome in answerable),
        right_short=_mean(outcome.right_short for outcome in answerable),
        right_long=_mean(outcome.right_long for outcome in answerable),
        refusals_made=_mean(outcome.declined for outcome in due),
        refusals_right=_mean(outcome.due for outcome in refusals),
        wrongly_declined=_mean(outcome.declined for outcome in answerable),
        forbidden=sum(bool(outcome.forbidden) for outcome in outcomes),
    )


def _mean(values: Iterable[float]) -> float | None:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else None
