"""Speed and memory, ours beside a plain script, in one run: python -m tests.measure.speed [--quick].

Whole processes wherever that is what a person waits for, in turns (plain, ours, plain, ours), since machines
are shared; medians. The plain side is `tests.measure.plain_script`. No network; ends by itself.
"""

import argparse
import json
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.resources import as_file, files
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from knowledge.suite import load as load_cases
from tests.measure.programs import Program, Usage, run_once
from tests.measure.tables import aligned, load, number, this_machine

SIDES = ("plain", "ours")
ONE_THREAD = "plain on one thread"
COLD_STARTS = 3
QUESTIONS = 200
TURN = 10
"""Questions one side answers before the other is asked."""


@dataclass(frozen=True, slots=True)
class Line:
    """One measured thing on both sides; `plain` is None where the plain script has nothing like it."""

    what: str
    unit: str
    ours: float
    plain: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours divided by the plain script's."""
        return None if not self.plain else self.ours / self.plain


@dataclass(frozen=True, slots=True)
class Place:
    """Where both sides keep what they built, and what they read."""

    folder: Path
    articles: Path

    def program(self, side: str) -> list[str]:
        """Module and arguments that answer one JSON line with another."""
        if side == "ours":
            return ["bot", "ask", "--jsonl"]
        return ["tests.measure.plain_script", str(self.articles), str(self.folder)]

    def forget(self) -> None:
        """Remove all that either side built."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        (self.folder / "plain.faiss").unlink(missing_ok=True)


# --- what is measured --------------------------------------------------------------------------------------


def first_answers(place: Place, question: str, rounds: int) -> dict[str, tuple[list[float], list[Usage]]]:
    """Seconds from starting a process to its first whole answer, and what the process took, in turns."""
    found: dict[str, tuple[list[float], list[Usage]]] = {side: ([], []) for side in SIDES}
    for _ in range(rounds):
        for side in SIDES:
            with Program(place.program(side), folder=place.folder) as program:
                program.ask(question)
                found[side][0].append(time.perf_counter() - program.started)
                found[side][1].append(program.close())
    return found


def starting(place: Place, question: str) -> Iterator[Line]:
    """The very first start, then starts with an index in place."""
    place.forget()
    first = first_answers(place, question, 1)
    later = first_answers(place, question, COLD_STARTS)
    yield _both("first start ever, to the first answer", "s", {side: first[side][0] for side in SIDES})
    yield _both("start with an index, to the first answer", "s", {side: later[side][0] for side in SIDES})
    peaks = {side: [usage.peak / 1e6 for usage in first[side][1]] for side in SIDES}
    yield _both("peak memory while building the index", "MB", peaks)


def asking(place: Place, questions: Sequence[str]) -> Iterator[Line]:
    """All sides running, warm, asked the same questions in turns; the plain one also held to one thread."""
    with ExitStack() as running:
        programs = {
            side: running.enter_context(
                Program(place.program(side), folder=place.folder, threads=1 if side == ONE_THREAD else None)
            )
            for side in (*SIDES, ONE_THREAD)
        }
        took = _in_turns(programs, questions)
        peaks = {side: [program.close().peak / 1e6] for side, program in programs.items()}
    yield _both(f"question, p50 of {len(took['ours'])}", "ms", took)
    yield Line("question, p95", "ms", percentile(took["ours"], 0.95), percentile(took["plain"], 0.95))
    single = took[ONE_THREAD]
    yield Line("question, p50, the plain one on one thread", "ms", median(took["ours"]), median(single))
    yield Line("question, p95, the same", "ms", percentile(took["ours"], 0.95), percentile(single, 0.95))
    yield _both("peak memory while answering", "MB", peaks)


def _in_turns(programs: Mapping[str, Program], questions: Sequence[str]) -> dict[str, list[float]]:
    """Milliseconds for every question but the first few, which warm up."""
    took: dict[str, list[float]] = {side: [] for side in programs}
    for place, turn in enumerate(turns(questions, TURN)):
        for side, program in programs.items():
            time.sleep(0.05)  # threads of the side before spin a little until they sleep
            seconds = [program.ask(question) for question in turn]
            took[side] += [1000 * second for second in seconds] if place else []
    return took


def reindexing(place: Place) -> Iterator[Line]:
    """The first reindex and ones that find nothing changed; the plain script builds anew every time."""
    place.forget()
    command = ["bot", "reindex", "--json"]
    report, first, _ = run_once(command, folder=place.folder)
    again = [run_once(command, folder=place.folder) for _ in range(COLD_STARTS)]
    if any(found["published"] for found, _, _ in again):
        raise RuntimeError("A reindex of unchanged documents published a generation.")
    unchanged = median(found["seconds"] for found, _, _ in again)
    whole = median(seconds for _, seconds, _ in again)
    yield Line("first reindex, without starting Python", "s", report["seconds"])
    yield Line("unchanged reindex, the same", "s", unchanged)
    yield Line("  first / unchanged (20 or more is wanted)", "times", report["seconds"] / unchanged)
    yield Line("first reindex, whole process", "s", first)
    yield Line("unchanged reindex, whole process", "s", whole)
    yield Line("  first / unchanged", "times", first / whole)


def embedding(place: Place, rounds: int) -> Iterator[Line]:
    """Texts embedded for each second of processor time, all threads counted."""
    found: dict[str, list[Mapping[str, Any]]] = {side: [] for side in SIDES}
    for turn in range(rounds):
        for side in SIDES:
            cues = ["--cues"] if side == "ours" and turn == rounds - 1 else []
            found[side].append(
                run_once(["tests.measure.embedding_trial", side, *cues], folder=place.folder)[0]
            )
    speeds = {
        side: [one["chunks"]["texts"] / one["chunks"]["seconds"] for one in found[side]] for side in SIDES
    }
    yield _both("the same 500-character chunks embedded", "per CPU s", speeds)
    last = found["ours"][-1]
    plain_speed = median(speeds["plain"])
    passages, cues = last["passages"], last["cues"]
    yield Line("passages, ours with all their cues", "per CPU s", passages / cues["seconds"], plain_speed)
    yield Line("cues (sentences, questions, wholes)", "per CPU s", cues["texts"] / cues["seconds"])
    yield Line("cues a passage", "", cues["texts"] / passages)


def searching(place: Place, *, quick: bool) -> Iterator[Line]:
    """Search among made-up passages, as shipped at each size, and as a graph at the largest."""
    sizes = ["1000", "10000"] if quick else ["1000", "10000", "100000"]
    with Program(["tests.measure.scale", "--graph", "--sizes", *sizes], folder=place.folder) as program:
        for _ in range(len(sizes) + 1):
            yield from scale_lines(program.read())
        program.close()


def scale_lines(found: Mapping[str, Any]) -> Iterator[Line]:
    """Build time, search time and recall at one size."""
    ours, plain = found["ours"], found["plain"]
    label = f"{found['passages']:,} passages, {found['kind']}"
    yield Line(f"{label}: build", "s", ours["build"], plain["build"])
    yield Line(f"{label}: search, p50", "ms", median(ours["ms"]), median(plain["ms"]))
    yield Line(f"{label}: recall@10", "", found["recall"], 1.0)


# --- numbers and words -------------------------------------------------------------------------------------


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not below this share of them."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]


def turns(questions: Sequence[str], length: int) -> Iterator[Sequence[str]]:
    """The questions in stretches of a length, the last one maybe shorter."""
    for start in range(0, len(questions), length):
        yield questions[start : start + length]


def spread(questions: Sequence[str], count: int) -> list[str]:
    """At most so many of them, from everywhere in the set, so that every kind is there."""
    step = max(1.0, len(questions) / count)
    return [questions[int(place * step)] for place in range(min(count, len(questions)))]


def _both(what: str, unit: str, values: Mapping[str, Sequence[float]]) -> Line:
    return Line(what, unit, median(values["ours"]), median(values["plain"]))


def rows_of(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """The table: one row a line, ratios last."""
    rows: list[tuple[str, ...]] = [("", "unit", "ours", "plain", "ours/plain")]
    for line in lines:
        plain = "–" if line.plain is None else number(line.plain)
        ratio = "–" if line.ratio is None else f"{line.ratio:.2f}"
        rows.append((line.what, line.unit, number(line.ours), plain, ratio))
    return rows


GROUPS = {
    "Starting": "Seconds from starting the process to holding the whole first answer.",
    "Answering": "Both running and warm; from sending a question to holding its answer, ten by ten in turns.",
    "Embedding": "Texts for each second of processor time, all threads counted; loading the model is not.",
    "Reindexing": "The shipped articles; the plain script has nothing like it and builds anew.",
    "Searching": "Made-up passages; ours with catalogue, verified and published, beside a bare flat index,\n"
    "both on one thread. Ours becomes a graph above a size only; the last lines show one whatever the size.",
}
"""What is measured, and what its numbers mean."""


# --- running -----------------------------------------------------------------------------------------------


def measure(place: Place, *, quick: bool) -> Iterator[tuple[str, Iterator[Line]]]:
    """Everything, group by group."""
    questions = spread([case.question.text for case in load_cases()], QUESTIONS + TURN)
    yield "Starting", starting(place, "which databases should I know?")
    yield "Answering", asking(place, questions)
    yield "Embedding", embedding(place, 1 if quick else 2)
    yield "Reindexing", reindexing(place)
    yield "Searching", searching(place, quick=quick)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print, with the machine named."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure.speed", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out 100,000 passages and second rounds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every line as an object too")
    asked = parser.parse_args(arguments)
    started, before = time.perf_counter(), load()
    print(this_machine())
    written: list[dict[str, object]] = []
    source = files("knowledge").joinpath("sources")
    with TemporaryDirectory() as folder, as_file(source) as articles:
        for title, measured in measure(Place(Path(folder), articles), quick=asked.quick):
            lines = list(measured)
            print(f"\n{title}. {GROUPS[title]}\n{aligned(rows_of(lines))}", flush=True)
            written += [{"group": title, **asdict(line), "ratio": line.ratio} for line in lines]
    if asked.json:
        asked.json.write_text("".join(f"{json.dumps(line)}\n" for line in written), encoding="utf-8")
    print(f"\nTook {time.perf_counter() - started:.0f} s; load {before} before and {load()} after.")


if __name__ == "__main__":
    main()
