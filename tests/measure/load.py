"""How the bot bears a crowd: python -m tests.measure.load [--only cold crowd …] [--json FILE].

The bot runs as its own process with its own model; Discord is the loopback one, in a thread of this process,
so that its clock runs on whatever the bot does. No network; ends by itself.
"""

import argparse
import asyncio
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib.resources import as_file, files
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Self

from index.folder.library import FolderLibrary
from tests.measure.programs import LONGEST as LONGEST_PROGRAM
from tests.measure.programs import Program, ProgramFailed, run_once
from tests.measure.speed import percentile
from tests.measure.tables import aligned, load, number, this_machine
from tests.measure.traffic import changed_articles, listed, questions
from tests.wire.discord_server import DiscordServer, serving
from tests.wire.payloads import Payload
from tests.wire.world import Asked

LONGEST = 600.0
START = 120.0
ANSWERED = 60.0
"""Seconds this program, a start of the bot and a crowd of questions may take at most."""

COLD_STARTS = 3
CROWD = 400
ALIKE = 10
"""People who ask the same question."""
RATE, STREAM = 20, 20.0
"""Questions a second, and for how many seconds."""

ACKNOWLEDGED, FIRST, GAP = 2000.0, 1000.0, 100.0
"""Milliseconds: acknowledgments of a crowd, that of the first question, and gaps of the event loop."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing, and below what it should stay."""

    what: str
    unit: str
    value: float
    below: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether it is as it should be; None where nothing is demanded."""
        return None if self.below is None else self.value < self.below


class LoadedBot(Program):
    """The running bot, which can be asked about itself."""

    def __init__(self, server: DiscordServer, folder: Path, *, longest: float = LONGEST_PROGRAM) -> None:
        super().__init__(["tests.measure.loaded_bot", server.address], folder=folder, longest=longest)

    async def tell(self, do: str, **given: Any) -> Any:
        """Have it do something, and wait for the outcome."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **given}).encode() + b"\n")
        self._process.stdin.flush()
        assert self._process.stdout is not None
        line = await asyncio.to_thread(self._process.stdout.readline)
        if not line:
            raise ProgramFailed(self._tail())
        return json.loads(line)

    async def ready(self, server: DiscordServer) -> Self:
        """Wait until it takes questions."""
        await server.saw_status("online", seconds=START)
        return self


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with the bot's data, and a source of questions nobody has asked before."""

    folder: Path
    questions: Iterator[str]

    def some(self, count: int) -> list[str]:
        return list(islice(self.questions, count))

    def changed_articles(self, word: str) -> Path:
        """The shipped articles and what they are known to answer, of which nothing was embedded before."""
        with as_file(files("knowledge").joinpath("sources")) as articles:
            return changed_articles(articles, self.folder / word, word)


# --- asking ------------------------------------------------------------------------------------------------


def is_answered(asked: Asked) -> bool:
    """Whether a person sees an answer, a refusal for good reasons included, and not an excuse."""
    return asked.ended and bool(asked.seen.get("embeds"))


def person(number: int) -> Payload:
    """Somebody."""
    id_ = str(100_000 + number)
    return {"id": id_, "username": f"person{number}", "discriminator": "0", "avatar": None}


async def ask_all(server: DiscordServer, texts: Sequence[str]) -> list[Asked]:
    """Everybody asks at once."""
    [channel, *_] = server.world.channels.values()
    asking = (server.slash("ask", channel, person(place), question=text) for place, text in enumerate(texts))
    return list(await asyncio.gather(*asking))


async def crowd(server: DiscordServer, what: str, texts: Sequence[str]) -> list[Figure]:
    """What a crowd sees that asks all this at once."""
    started = time.monotonic()
    asked = await ask_all(server, texts)
    await seen_by(server, asked)
    seconds = time.monotonic() - started
    return [*crowd_figures(what, asked), Figure("  until the last is answered", "s", seconds)]


async def seen_by(server: DiscordServer, asked: Sequence[Asked]) -> None:
    """Wait until everybody sees something, and tell what it is where it is no answer."""
    with suppress(TimeoutError):
        await server.until(lambda: all(one.ended for one in asked), seconds=ANSWERED)
    unanswered = (one for one in asked if not is_answered(one))
    excuses = Counter(one.seen.get("content") if one.ended else "nothing" for one in unanswered)
    for excuse, count in excuses.items():
        print(f"{count} saw: {excuse}")


def crowd_figures(what: str, asked: Sequence[Asked]) -> Iterator[Figure]:
    """How long acknowledgments took, and how many got none, or no answer."""
    took = [1000 * one.acked for one in asked if one.acked is not None]
    yield Figure(f"{what}: acknowledged, median", "ms", median(took) if took else 0.0)
    yield Figure("  p99", "ms", percentile(took, 0.99) if took else 0.0)
    yield Figure("  the last", "ms", max(took, default=0.0), ACKNOWLEDGED)
    yield Figure("  not acknowledged in time", "", len(asked) - len(took), 1)
    yield Figure("  answered", "", sum(map(is_answered, asked)))
    yield Figure("  not answered", "", sum(not is_answered(one) for one in asked), 1)


async def stream(
    server: DiscordServer, what: str, texts: Iterator[str], *, meanwhile: Awaitable[Any]
) -> list[Figure]:
    """Ask steadily until something else is done."""
    asked: list[Asked] = []
    [channel, *_] = server.world.channels.values()
    working = asyncio.ensure_future(meanwhile)
    started = time.monotonic()
    while not working.done():
        asked.append(await server.slash("ask", channel, person(len(asked)), question=next(texts)))
        await asyncio.sleep(max(0.0, started + len(asked) / RATE - time.monotonic()))
    await seen_by(server, asked)
    return list(stream_figures(what, asked, answer_times(server)))


def stream_figures(what: str, asked: Sequence[Asked], answered: Mapping[str, float]) -> Iterator[Figure]:
    """How long acknowledgments and answers took."""
    acked = [1000 * one.acked for one in asked if one.acked is not None]
    took = [answered[one.token] - one.at for one in asked if one.token in answered]
    yield Figure(f"{what}: questions", "", len(asked))
    yield Figure("  acknowledged, p99", "ms", percentile(acked, 0.99))
    yield Figure("  the last", "ms", max(acked), ACKNOWLEDGED)
    yield Figure("  not acknowledged in time", "", len(asked) - len(acked), 1)
    yield Figure("  not answered", "", sum(not is_answered(one) for one in asked), 1)
    yield Figure("  answered, p50", "s", median(took))
    yield Figure("  p99", "s", percentile(took, 0.99))


def answer_times(server: DiscordServer) -> dict[str, float]:
    """When the last edit of each interaction's response came, by its token."""
    edits = (seen for seen in server.requests if seen.name.startswith("PATCH /webhooks/"))
    return {seen.name.split("/")[3]: seen.at for seen in edits}


def gap_figures(what: str, gaps: Sequence[float]) -> list[Figure]:
    """By how much the event loop was late, at any moment."""
    late = [1000 * gap for gap in gaps] or [0.0]
    return [
        Figure(f"{what}: gap of the loop, p50", "ms", percentile(late, 0.5)),
        Figure("  p99", "ms", percentile(late, 0.99), GAP),
        Figure("  the longest", "ms", max(late)),
    ]


# --- what is measured --------------------------------------------------------------------------------------


@contextmanager
def discord() -> Iterator[DiscordServer]:
    """A loopback Discord with one channel."""
    with serving() as server:
        server.world.add_guild("Guild", "careers")
        yield server


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the start of the process to READY, and from the first question on; the loop's gaps."""

    ready: float
    acked: float
    answered: float
    gaps: Sequence[float]


async def start(place: Place, text: str) -> Start:
    """Start the bot, and ask the moment it is connected."""
    with discord() as server, LoadedBot(server, place.folder) as bot:
        await server.until(lambda: bool(server.gateway.sessions), seconds=START)
        connected = time.perf_counter() - bot.started
        [asked] = await ask_all(server, [text])
        await server.until(lambda: is_answered(asked), seconds=START)
        answered = time.monotonic() - asked.at
        gaps = await bot.tell("gaps")
        bot.close()
    return Start(connected, asked.acked or asked.late or START, answered, gaps)


async def cold(place: Place) -> AsyncIterator[Figure]:
    """The first question after a start, sent the moment the bot is connected."""
    starts = [await start(place, text) for text in place.some(COLD_STARTS)]
    acked = [1000 * one.acked for one in starts]
    yield Figure("start of the process until READY, best", "s", min(one.ready for one in starts))
    yield Figure("first question: acknowledged, best", "ms", min(acked), FIRST)
    yield Figure("  worst", "ms", max(acked), FIRST)
    yield Figure("  answered, best", "s", min(one.answered for one in starts))
    yield Figure("  worst", "s", max(one.answered for one in starts))
    every = [gap for one in starts for gap in one.gaps]
    for figure in gap_figures("while the model is loaded", every):
        yield figure


async def crowded(place: Place) -> AsyncIterator[Figure]:
    """A crowd with different questions, one that shares questions, and one whose questions are known."""
    with discord() as server, LoadedBot(server, place.folder) as bot:
        await bot.ready(server)
        idle = await bot.tell("memory")
        await bot.tell("gaps")
        different = place.some(CROWD)
        shared = place.some(CROWD // ALIKE)
        gaps: list[float] = []
        for what, texts in (
            (f"{CROWD} different questions", different),
            (f"{len(shared)} questions, by {ALIKE} people each", shared * ALIKE),
            (f"the first {CROWD} again", different),
        ):
            for figure in await crowd(server, what, texts):
                yield figure
            gaps += await bot.tell("gaps")
        for figure in gap_figures("meanwhile", gaps):
            yield figure
        busy = await bot.tell("memory")
        yield Figure("memory, idle and warm", "MB", idle["now"])
        yield Figure("  at most until now", "MB", busy["peak"])
        yield Figure("requests Discord would refuse", "", len(server.rest.violations), 1)
        bot.close()


async def streamed(place: Place) -> AsyncIterator[Figure]:
    """A steady stream of different questions."""
    with discord() as server, LoadedBot(server, place.folder) as bot:
        await bot.ready(server)
        await bot.tell("gaps")
        for figure in await stream(server, "stream", place.questions, meanwhile=asyncio.sleep(STREAM)):
            yield figure
        for figure in gap_figures("  meanwhile", await bot.tell("gaps")):
            yield figure
        bot.close()


async def reindexed_inside(place: Place) -> AsyncIterator[Figure]:
    """The same during a reindex of changed documents in a thread of the bot."""
    with discord() as server, LoadedBot(server, place.folder) as bot:
        await bot.ready(server)
        folder = place.changed_articles("indeed")
        working = asyncio.ensure_future(bot.tell("reindex", folder=str(folder)))
        for figure in await stream(server, "reindex inside", place.questions, meanwhile=working):
            yield figure
        found = await working
        assert found["published"]
        yield Figure("  the reindex took", "s", found["seconds"])
        for figure in gap_figures("  meanwhile", found["gaps"]):
            yield figure
        bot.close()


async def reindexed_outside(place: Place) -> AsyncIterator[Figure]:
    """The same during such a reindex in another process."""
    with discord() as server, LoadedBot(server, place.folder) as bot:
        await bot.ready(server)
        command = ["bot", "reindex", "--json", "--only", "--sources", str(place.changed_articles("today"))]
        await bot.tell("gaps")
        working = asyncio.ensure_future(asyncio.to_thread(run_once, command, folder=place.folder))
        for figure in await stream(server, "reindex outside", place.questions, meanwhile=working):
            yield figure
        report, seconds, _ = await working
        assert report["published"]
        yield Figure("  the reindex took", "s", seconds)
        for figure in gap_figures("  meanwhile", await bot.tell("gaps")):
            yield figure
        bot.close()


MEASURED: dict[str, Callable[[Place], AsyncIterator[Figure]]] = {
    "cold": cold,
    "crowd": crowded,
    "stream": streamed,
    "inside": reindexed_inside,
    "outside": reindexed_outside,
}


# --- running -----------------------------------------------------------------------------------------------


def rows_of(figures: Sequence[Figure]) -> list[tuple[str, ...]]:
    """The table: one row a figure, what is demanded beside it."""
    words = {True: "yes", False: "NO", None: ""}
    rows: list[tuple[str, ...]] = [("", "", "measured", "demanded", "met")]
    for figure in figures:
        demanded = "" if figure.below is None else f"< {number(figure.below)}"
        rows.append((figure.what, figure.unit, number(figure.value), demanded, words[figure.met]))
    return rows


def prepare(folder: Path) -> Place:
    """A data folder of our own, copied from the one that is set, else built."""
    data = folder / "data"
    given = os.environ.get("ADVISOR_DATA_DIR")
    if given and (Path(given) / "CURRENT").is_file():
        shutil.copytree(given, data, ignore=shutil.ignore_patterns("journal.db*", "documents", "*.lock*"))
    else:
        run_once(["bot", "reindex", "--json"], folder=folder)
    snapshot = FolderLibrary(data).current()
    assert snapshot is not None
    return Place(folder, questions(listed(snapshot)))


async def measure(place: Place, parts: Sequence[str]) -> list[Figure]:
    """Measure and print part by part."""
    found: list[Figure] = []
    async with asyncio.timeout(LONGEST):
        for part in parts:
            figures = [figure async for figure in MEASURED[part](place)]
            print(f"\n{MEASURED[part].__doc__}\n{aligned(rows_of(figures))}", flush=True)
            found += figures
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print, with the machine named."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure.load", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=[*MEASURED], default=[*MEASURED], help="leave out the others"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure as an object too")
    asked = parser.parse_args(arguments)
    started, before = time.perf_counter(), load()
    print(this_machine())
    with TemporaryDirectory() as folder:
        found = asyncio.run(measure(prepare(Path(folder)), asked.only))
    if asked.json:
        lines = (json.dumps(asdict(figure) | {"met": figure.met}) for figure in found)
        asked.json.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"\nTook {time.perf_counter() - started:.0f} s; load {before} before and {load()} after.")


if __name__ == "__main__":
    main()
