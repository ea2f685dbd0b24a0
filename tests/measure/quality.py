"""Answer quality on the question set, ours beside a plain baseline, measured in the same run.

python -m tests.measure.quality [--answerer ours|baseline|both] [--failures] [--kept-aside] [--json FILE]
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from knowledge.entities import Question
from knowledge.suite import Case, Outcome, Part, Summary, Tally, load, score, summarise
from tests.measure.baseline import Baseline, best_threshold, shipped_texts

Answerer = Callable[[Question], tuple[str, bool]]
"""All the text a member would see, and whether it is a refusal."""

Row = tuple[str, ...]
HEADINGS = (
    "",
    "asked",
    "fact recall",
    "at 600",
    "at 2000",
    "fully right",
    "at 600",
    "at 2000",
    "wrongly declined",
    "due refusals",
    "made",
    "refusals right",
    "forbidden",
)


@dataclass(frozen=True, slots=True)
class Run:
    """What one answerer said to every question, and how it did."""

    name: str
    texts: Sequence[str]
    outcomes: Sequence[Outcome]
    note: str = ""


def our_answerer(data: Path) -> Answerer:
    """Our advisor as it is wired for people, freshly indexed in `data` from the shipped articles alone."""
    # Late: the baseline can be measured without the application.
    from bot.console import reply_text
    from bot.settings import read_settings
    from bot.wiring import Application

    application = Application(read_settings(data_dir=data, sources=(), shipped_articles=True))
    application.ready(who="eval")

    def answer(question: Question) -> tuple[str, bool]:
        reply = application.advisor.answer(question)
        return reply_text(reply), reply.abstained

    return answer


def measure_ours(cases: Sequence[Case]) -> Run:
    """Ask our advisor every question."""
    with TemporaryDirectory() as data:
        answer = our_answerer(Path(data))
        replies = [answer(case.question) for case in cases]
    outcomes = [score(case, *reply) for case, reply in zip(cases, replies, strict=True)]
    return Run("ours", [text for text, _ in replies], outcomes)


def measure_baseline(cases: Sequence[Case]) -> Run:
    """Ask the baseline every question, then let it abstain below its best threshold."""
    baseline = Baseline.build(shipped_texts())
    found = [baseline.find(case.question) for case in cases]
    threshold = best_threshold(cases, found)
    outcomes = [
        score(case, result.text, result.similarity < threshold)
        for case, result in zip(cases, found, strict=True)
    ]
    note = f"baseline: abstains below a similarity of {threshold:.3f}, the best on the tuned part"
    return Run("baseline", [result.text for result in found], outcomes, note)


MEASURES: Mapping[str, Callable[[Sequence[Case]], Run]] = {"ours": measure_ours, "baseline": measure_baseline}


# --- printing ----------------------------------------------------------------------------------------------


def rows_of(runs: Sequence[Run]) -> list[Row]:
    """The whole table: both parts, then the kinds of each, each answerer's line under the other's."""
    summaries = [(run.name, summarise(run.outcomes)) for run in runs]
    parts: list[tuple[str, Callable[[Summary], Part]]] = [
        ("tuned", lambda summary: summary.tuned),
        ("kept aside", lambda summary: summary.kept_aside),
    ]
    rows = [
        _row(f"{part}, all: {name}", pick(summary).overall)
        for part, pick in parts
        for name, summary in summaries
    ]
    for part, pick in parts:
        kinds = dict.fromkeys(kind for _, summary in summaries for kind in pick(summary).kinds)
        rows += [
            _row(f"{part}, {kind}: {name}", pick(summary).kinds[kind])
            for kind in kinds
            for name, summary in summaries
        ]
    return rows


def _row(label: str, tally: Tally) -> Row:
    return (
        label,
        str(tally.answerable + tally.due),
        *map(_share, (tally.recall, tally.recall_short, tally.recall_long)),
        *map(_share, (tally.fully_right, tally.right_short, tally.right_long, tally.wrongly_declined)),
        str(tally.due),
        *map(_share, (tally.refusals_made, tally.refusals_right)),
        str(tally.forbidden),
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def plain_table(rows: Iterable[Row]) -> str:
    """Aligned columns without any drawing, for pipes and logs."""
    everything = [HEADINGS, *rows]
    widths = [max(map(len, column)) for column in zip(*everything, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in everything
    )


def rich_table(rows: Iterable[Row]) -> Table:
    """The same for a terminal."""
    table = Table(header_style="bold")
    for place, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="right" if place else "left", no_wrap=not place)
    for row in rows:
        table.add_row(*row)
    return table


def failures(cases: Sequence[Case], run: Run, *, kept_aside: bool) -> list[str]:
    """A line for each wrong answer, the question with it; the part kept aside only on demand."""
    return [
        f"{run.name}  {case.id}  {_what(outcome)}  | {case.question.text}"
        for case, outcome in zip(cases, run.outcomes, strict=True)
        if not outcome.right_long and (kept_aside or not case.kept_aside)
    ]


def _what(outcome: Outcome) -> str:
    if outcome.forbidden:
        return f"said {', '.join(outcome.forbidden)}"
    if outcome.due:
        return "answered, should decline"
    if outcome.declined:
        return "declined, should answer"
    if not outcome.missing:
        return "right only after 2,000 characters"
    return f"{outcome.found}/{outcome.total}, lacks {', '.join(outcome.missing)}"


def written(cases: Sequence[Case], runs: Sequence[Run], *, kept_aside: bool) -> str:
    """Every outcome as a line of JSON; of the part kept aside without its wording, unless demanded."""
    lines: list[dict[str, object]] = []
    for run in runs:
        for case, text, outcome in zip(cases, run.texts, run.outcomes, strict=True):
            line: dict[str, object] = {"answerer": run.name, **asdict(outcome), "right": outcome.right_long}
            if kept_aside or not case.kept_aside:
                line |= {"question": case.question.text, "answer": text}
            else:
                del line["missing"], line["forbidden"]
            lines.append(line)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


# --- running -----------------------------------------------------------------------------------------------


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure.quality", description=__doc__)
    parser.add_argument("--answerer", choices=[*MEASURES, "both"], default="both")
    parser.add_argument("--failures", action="store_true", help="list wrong answers of the tuned part")
    parser.add_argument("--kept-aside", action="store_true", help="list those of the part kept aside too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every outcome, one object a line")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    asked = options(arguments)
    cases = load()
    names = list(MEASURES) if asked.answerer == "both" else [asked.answerer]
    runs = [MEASURES[name](cases) for name in names]
    console = Console()
    rows = rows_of(runs)
    if console.is_terminal:
        console.print(rich_table(rows))
    else:
        sys.stdout.write(plain_table(rows) + "\n")
    notes = [run.note for run in runs if run.note]
    if asked.failures or asked.kept_aside:
        notes += [line for run in runs for line in failures(cases, run, kept_aside=asked.kept_aside)]
    sys.stdout.write("".join(f"{note}\n" for note in notes))
    if asked.json:
        asked.json.write_text(written(cases, runs, kept_aside=asked.kept_aside), encoding="utf-8")


if __name__ == "__main__":
    main()
