"""Records how well the question set is answered, for `python -m bot check` to hold later versions to.

python -m tests.measure.record [--dry-run]

Asks every question twice, with and without the optional dependencies for other languages, prints what changed
and writes knowledge/recorded.toml.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.checking import replay
from bot.progress import progress_bar
from bot.settings import read_settings
from bot.wiring import Application
from knowledge.recorded import (
    AT_MOST,
    LABELS,
    BadRecord,
    Counts,
    Expected,
    Recorded,
    askable,
    count,
    count_kinds,
    digest,
    parse,
)
from knowledge.suite import Case, Outcome, load

FILE = Path(__file__).resolve().parents[2] / "knowledge" / "recorded.toml"
MARGIN = 2
"""Questions that may go otherwise on another machine, whose vectors differ by 1e-7."""

HEADER = f"""\
# How well the question set is answered. Written by: python -m tests.measure.record
#
# [with_languages] and [without_languages] are what `check` demands, to the question, where the optional
# dependencies for other languages are installed and where they are not (questions in them are left out):
# at least so many right answers and due refusals, at most so many answerable questions declined. They are
# {MARGIN} questions worse than measured: vectors differ by 1e-7 between machines, so a question on the edge
# may go otherwise. Nothing further is allowed for. No answer may ever say what it must not.
# The kinds are as measured and demand nothing; they tell where something was lost.
"""


class EnglishOnly(Application):
    """The application as it is without the optional dependencies."""

    @cached_property
    def languages(self) -> None:
        """Never there."""
        return


def measure(cases: Sequence[Case]) -> Recorded:
    """Ask every question, with other languages and without, of the shipped articles freshly indexed."""
    with TemporaryDirectory() as data:
        settings = read_settings(data_dir=Path(data), sources=(), shipped_articles=True, model=None)
        full, english = Application(settings), EnglishOnly(settings)
        if full.languages is None:
            sys.exit("Recording takes the optional dependencies for other languages: make install")
        full.ready(who="recording")
        return Recorded(
            digest(cases),
            _expected(full, askable(cases, languages=True)),
            _expected(english, askable(cases, languages=False)),
        )


def _expected(application: Application, cases: Sequence[Case]) -> Expected:
    with progress_bar("Asking the recorded questions") as progress:
        return expected(replay(application, cases, progress))


def expected(outcomes: Sequence[Outcome]) -> Expected:
    """What to demand after these outcomes."""
    counts = count(outcomes)
    eased = {
        name: number + MARGIN if name in AT_MOST else max(0, number - MARGIN)
        for name, number in asdict(counts).items()
    }
    demanded = replace(Counts(**eased), asked=counts.asked, forbidden=0)
    return Expected(demanded, count_kinds(outcomes))


# --- writing -----------------------------------------------------------------------------------------------


def written(recorded: Recorded) -> str:
    """The text of the file."""
    tables = {
        "with_languages": recorded.with_languages,
        "without_languages": recorded.without_languages,
    }
    return "\n".join([HEADER, f'questions = "{recorded.questions}"\n', *map(_table, tables, tables.values())])


def _table(name: str, expected: Expected) -> str:
    kinds = [f"{kind} = {{ {', '.join(_pairs(counts))} }}" for kind, counts in expected.kinds.items()]
    return "\n".join([f"[{name}]", *_pairs(expected.demanded), "", f"[{name}.kinds]", *kinds, ""])


def _pairs(counts: Counts) -> list[str]:
    return [f"{name} = {number}" for name, number in asdict(counts).items()]


# --- comparing ---------------------------------------------------------------------------------------------


def changes(old: Recorded | None, new: Recorded) -> list[str]:
    """What differs, a line for all questions and one for each kind; what got worse is marked."""
    lines = [] if old is None or old.questions == new.questions else ["The question set is another one."]
    for title, languages in (("With other languages", True), ("Without", False)):
        after, before = new.of(languages=languages), old.of(languages=languages) if old else None
        found = _differences("demanded of all", before.demanded if before else None, after.demanded)
        for kind, counts in after.kinds.items():
            found += _differences(f"measured, {kind}", before.kinds.get(kind) if before else None, counts)
        lines += [f"{title}, {after.demanded.asked} asked:", *(found or ["  nothing changed"])]
    return lines


def _differences(what: str, old: Counts | None, new: Counts) -> list[str]:
    before: Mapping[str, int] = asdict(old) if old else {}
    found = [
        _difference(name, before.get(name), number)
        for name, number in asdict(new).items()
        if before.get(name) != number
    ]
    return [f"  {what}: {'; '.join(found)}"] if found else []


def _difference(name: str, old: int | None, new: int) -> str:
    label = LABELS.get(name, name)
    if old is None:
        return f"{label} {new}"
    worse = name in LABELS and (new > old) == (name in AT_MOST)
    return f"{label} {old} → {new}{' WORSE' if worse else ''}"


# --- running -----------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, compare, write."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.measure.record",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would change and write nothing")
    asked = parser.parse_args(arguments)
    new = measure(load())
    text = written(new)
    # Before anything is written: what cannot be read again is no record.
    assert parse(text) == new
    print("\n".join(changes(_earlier(), new)))
    if not asked.dry_run:
        FILE.write_text(text, encoding="utf-8")
        print(f"Written: {FILE.relative_to(FILE.parents[1])}")
    said = sum(counts.forbidden for counts in new.with_languages.kinds.values())
    if said:
        sys.exit(f"{said} answers say what they must not, which check never lets pass.")


def _earlier() -> Recorded | None:
    try:
        return parse(FILE.read_text(encoding="utf-8"))
    except (OSError, BadRecord):
        return None


if __name__ == "__main__":
    main()
