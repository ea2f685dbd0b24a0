"""What answering the question set has come to before, so that it does not quietly become worse."""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from importlib.resources import files
from typing import Any

from knowledge.suite import Case, Outcome

LABELS = {
    "right_long": "right within 2,000 characters",
    "right_short": "right within 600 characters",
    "refusals_made": "due refusals made",
    "wrongly_declined": "answerable declined",
    "forbidden": "answers that say what they must not",
}
AT_MOST = frozenset({"wrongly_declined", "forbidden"})
"""Counts that must not rise; the others must not fall."""


class BadRecord(Exception):
    """The recorded values cannot be used; the message says where they are wrong."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Questions, never shares. Right are answerable ones only."""

    asked: int
    right_long: int
    right_short: int
    refusals_made: int
    wrongly_declined: int
    forbidden: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What is demanded of all questions together; by kind only what was measured, to tell where it fell."""

    demanded: Counts
    kinds: Mapping[str, Counts]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recorded values, and the digest of the questions they are about."""

    questions: str
    with_languages: Expected
    without_languages: Expected

    def of(self, *, languages: bool) -> Expected:
        """What is expected where questions in other languages can be read, or cannot."""
        return self.with_languages if languages else self.without_languages


def askable(cases: Iterable[Case], *, languages: bool) -> list[Case]:
    """The questions that can be asked; those in other languages take optional dependencies."""
    return [case for case in cases if languages or case.kind != "language"]


def digest(cases: Sequence[Case]) -> str:
    """Changes with what is asked or expected, not with the order or layout of the file."""
    lines = sorted(json.dumps(asdict(case), sort_keys=True) for case in cases)
    return sha256("\n".join(lines).encode()).hexdigest()


def count(outcomes: Iterable[Outcome]) -> Counts:
    """Add outcomes up."""
    everything = list(outcomes)
    answerable = [outcome for outcome in everything if not outcome.due]
    return Counts(
        asked=len(everything),
        right_long=sum(outcome.right_long for outcome in answerable),
        right_short=sum(outcome.right_short for outcome in answerable),
        refusals_made=sum(outcome.due and outcome.declined for outcome in everything),
        wrongly_declined=sum(outcome.declined for outcome in answerable),
        forbidden=sum(bool(outcome.forbidden) for outcome in everything),
    )


def count_kinds(outcomes: Sequence[Outcome]) -> dict[str, Counts]:
    """Add outcomes up kind by kind."""
    kinds = dict.fromkeys(outcome.kind for outcome in outcomes)
    return {kind: count(outcome for outcome in outcomes if outcome.kind == kind) for kind in kinds}


def missed(counts: Counts, demanded: Counts) -> list[str]:
    """A phrase for each count that is worse than demanded, with by how much."""
    found = []
    for name, label in LABELS.items():
        now, before = getattr(counts, name), getattr(demanded, name)
        if name in AT_MOST and now > before:
            found.append(f"{label} {now}, at most {before} ({now - before} too many)")
        elif name not in AT_MOST and now < before:
            found.append(f"{label} {now}, at least {before} ({before - now} too few)")
    return found


def losses(kinds: Mapping[str, Counts], recorded: Mapping[str, Counts]) -> list[tuple[str, int]]:
    """Kinds with fewer right answers and due refusals than recorded, and how many fewer; most first."""
    lost = [(kind, _good(before) - _good(kinds[kind])) for kind, before in recorded.items() if kind in kinds]
    return sorted(((kind, number) for kind, number in lost if number > 0), key=lambda found: -found[1])


def _good(counts: Counts) -> int:
    return counts.right_long + counts.refusals_made


# --- reading -----------------------------------------------------------------------------------------------


def read_recorded() -> Recorded:
    """The packaged values. Raises BadRecord."""
    try:
        return parse(files("knowledge").joinpath("recorded.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadRecord("The recorded values cannot be read as UTF-8 text.") from error


def parse(text: str) -> Recorded:
    """Recorded values as written by `tests.measure.record`. Raises BadRecord."""
    try:
        raw = tomllib.loads(text)
        questions = raw.get("questions")
        if not isinstance(questions, str):
            raise ValueError("'questions' must be the digest of the question set")
        with_languages, without = (_expected(raw, name) for name in ("with_languages", "without_languages"))
    except ValueError as error:
        raise BadRecord(f"The recorded values cannot be used: {error}.") from error
    return Recorded(questions, with_languages, without)


def _expected(raw: Mapping[str, Any], name: str) -> Expected:
    table = dict(_table(raw.get(name), name))
    kinds = _table(table.pop("kinds", None), f"{name}.kinds")
    return Expected(
        _counts(table, name), {kind: _counts(value, f"{name}.kinds.{kind}") for kind, value in kinds.items()}
    )


def _counts(value: object, where: str) -> Counts:
    table = _table(value, where)
    names = {field.name for field in fields(Counts)}
    if table.keys() != names:
        raise ValueError(f"[{where}] must hold {', '.join(sorted(names))} and nothing else")
    wrong = [name for name, number in table.items() if type(number) is not int or number < 0]
    if wrong:
        raise ValueError(f"[{where}] {min(wrong)} must be a whole number")
    return Counts(**table)


def _table(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"there is no table [{where}]")
    return value
