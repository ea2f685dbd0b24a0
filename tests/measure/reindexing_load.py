"""A large collection is reindexed while people ask: python -m tests.measure.reindexing_load [--passages N].

The bot runs as its own process with its own model, as under tests.measure.load. The collection is made up;
the embeddings of its bulk are too, and lie ready, so that the model embeds only what is added or changed.
Ends with status 1 where a promise is broken; a time that was hoped for is none.
"""

import argparse
import asyncio
import hashlib
import json
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain, count, pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from index.embedding import Embedder, EmbeddingCache, Progress, Vectors
from index.folder.library import FolderLibrary
from index.multilingual import Multilingual, is_installed
from index.passages import Passage, Record
from index.transformer import PACKAGED_WEIGHTS_SHA256, Transformer, packaged_model
from knowledge.asking.landscape import topics_of
from knowledge.corpus.reading import packaged_articles, read_corpus
from knowledge.journal.journal import Journal
from knowledge.linting.near_duplicates import near_duplicates
from knowledge.reindexing import as_record
from knowledge.splitting import Measure, split
from tests.measure import handbooks
from tests.measure.load import (
    ACKNOWLEDGED,
    Figure,
    LoadedBot,
    answer_times,
    discord,
    gap_figures,
    is_answered,
    person,
    prepare,
    rows_of,
    seen_by,
)
from tests.measure.speed import percentile
from tests.measure.tables import aligned, load, this_machine
from tests.measure.traffic import listed, questions
from tests.measure.truth import Edition, answers, untrue
from tests.wire.discord_server import DiscordServer
from tests.wire.world import Asked

PASSAGES, PEOPLE = 20_000, 100
LONGEST = 2400.0
BEFORE = 10.0
"""Seconds for which people ask before anything else happens."""
PATIENCE = 60.0
LOOK = 0.02
"""Seconds between two looks of somebody who waits for an answer, and of the one who watches the memory."""
NEVER_TWICE = 2.0
LINTED = 3.0

Tell = Callable[..., Awaitable[Any]]
"""Has the bot do something, and waits for the outcome."""


class Cheap:
    """Made-up unit vectors, the same ones for the same text, under the name of another embedder."""

    def __init__(self, embedder: Embedder) -> None:
        self.fingerprint, self.dimension, self.window = (
            embedder.fingerprint,
            embedder.dimension,
            embedder.window,
        )
        self.count_tokens = embedder.count_tokens

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Shape (len(texts), dimension)."""
        rows = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
            rows[row] = np.random.default_rng(seed).standard_normal(self.dimension, dtype=np.float32)
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


@dataclass(frozen=True, slots=True)
class Collection:
    """Folders of documents: the bulk, and one state of the living handbooks after another."""

    bulk: Path
    states: Sequence[Path]

    def folders(self, state: int) -> list[str]:
        """What is read in a state, besides the shipped articles."""
        return [str(self.bulk), str(self.states[state])]

    def texts(self, state: int) -> dict[str, str]:
        """What each document says in a state."""
        read = read_corpus([packaged_articles(), self.bulk, self.states[state]])
        return {document.id: document.text for document in read.documents}


def collection(folder: Path, passages: int) -> Collection:
    """Four states: six handbooks; two more, and two changed; one less; one changed again."""
    every = range(handbooks.LIVING)
    first, less = [*every][:-2], [number for number in every if number != 2]
    changed = {0: "as of late", 1: "or nearly so"}
    states = (
        handbooks.living(first),
        handbooks.living(every, changed=changed),
        handbooks.living(less, changed=changed),
        handbooks.living(less, changed=changed | {3: "as a rule"}),
    )
    return Collection(
        handbooks.write(folder / "bulk", handbooks.bulk(passages)),
        [handbooks.write(folder / f"state-{place}" / "living", files) for place, files in enumerate(states)],
    )


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """Documents and their passages, as a generation of them would have them."""

    known: Sequence[Record]
    passages: Mapping[str, list[Passage]]

    def records(self) -> list[Record]:
        """All documents."""
        return [*self.known]

    def passages_of(self, document: str) -> list[Passage]:
        """All passages of one."""
        return self.passages[document]


def fill_cache(path: Path, bulk: Path, embedder: Embedder, other: Embedder | None = None) -> None:
    """Have made-up vectors for all of the bulk at hand, also of what reads other languages."""
    measure = Measure(embedder.count_tokens, embedder.window)
    documents = read_corpus([bulk]).documents
    passages = {document.id: split(document, measure) for document in documents}
    cache = EmbeddingCache(path, Cheap(embedder))
    for some in passages.values():
        cache.embed([cue.text for passage in some for cue in passage.cues])
    if other:
        unbuilt: Any = Unbuilt([as_record(document) for document in documents], passages)
        EmbeddingCache(path, Cheap(other)).embed([topic.text for topic in topics_of(unbuilt)])


# --- people and what is watched of the bot -----------------------------------------------------------------


@dataclass
class Crowd:
    """People who ask, wait for the answer and ask on."""

    server: DiscordServer
    questions: Iterator[str]
    people: int
    asked: list[Asked] = field(default_factory=list)
    leaving: bool = False

    async def stay(self) -> None:
        """Ask until everybody may leave."""
        numbers = count()
        await asyncio.gather(*(self._ask_on(numbers) for _ in range(self.people)))

    async def _ask_on(self, numbers: Iterator[int]) -> None:
        [channel, *_] = self.server.world.channels.values()
        while not self.leaving:
            # Somebody else each time: one person may ask only so often.
            who = person(next(numbers))
            asked = await self.server.slash("ask", channel, who, question=next(self.questions))
            self.asked.append(asked)
            patience = time.monotonic() + PATIENCE
            while not asked.ended and time.monotonic() < patience:  # noqa: ASYNC110  # an event each would wake all
                await asyncio.sleep(LOOK)


class Memory:
    """Watches the resident size of a process from outside, where the system tells it."""

    def __init__(self, process: int) -> None:
        self._sizes = Path(f"/proc/{process}/statm")
        self._seen: list[tuple[float, float]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(LOOK) and self._sizes.is_file():
            pages = int(self._sizes.read_text().split()[1])
            self._seen.append((time.monotonic(), pages * 4096 / 1e6))

    def most(self, since: float = 0.0, until: float = float("inf")) -> float:
        """Megabytes at most in some time."""
        return max((size for at, size in self._seen if since <= at < until), default=0.0)


@dataclass
class Run:
    """What happened: who asked what, which generations answered, how long the phases took."""

    asked: Sequence[Asked] = ()
    editions: list[Edition] = field(default_factory=list)
    proposals: list[dict[str, Any]] = field(default_factory=list)
    quiet: dict[str, Any] = field(default_factory=dict)
    unchanged: dict[str, Any] = field(default_factory=dict)
    gaps: Sequence[float] = ()
    gaps_before: Sequence[float] = ()


async def reindexed(tell: Tell, place: Collection, crowd: Crowd, run: Run, *, before: float = BEFORE) -> None:
    """Propose and publish two states, one after the other, while people ask."""
    asking = asyncio.ensure_future(crowd.stay())
    run.asked = crowd.asked
    await tell("gaps")
    try:
        await asyncio.sleep(before)
        run.gaps_before = await tell("gaps")
        for state in (1, 2):
            texts = await asyncio.to_thread(place.texts, state)
            proposed = await tell("propose", folders=place.folders(state))
            run.proposals.append(proposed)
            published = await tell("publish", key=proposed["key"])
            run.editions.append(Edition(published["generation"], texts, published["done"]))
            say(f"published generation {published['generation']}; {len(run.asked):,} questions until now")
            await asyncio.sleep(before / 2)
        run.gaps = await tell("gaps")
    finally:
        crowd.leaving = True
        await asking
    await seen_by(crowd.server, crowd.asked)


def say(what: str) -> None:
    """Tell whoever waits how far it is."""
    print(f"{time.strftime('%X')} {what}", file=sys.stderr, flush=True)


async def first_state(tell: Tell, place: Collection) -> Edition:
    """Publish the state from which all starts."""
    proposed = await tell("propose", folders=place.folders(0))
    published = await tell("publish", key=proposed["key"])
    return Edition(published["generation"], place.texts(0), 0.0)


def problems(run: Run, journal: Journal) -> list[str]:
    """Everything untrue that people saw."""
    found, unknown = answers(run.asked, journal.kept)
    told = [problem for _, problem in unknown]
    return told + [problem for one in found for problem in untrue(one, run.editions)]


def telling(run: Run, journal: Journal) -> Iterator[Figure]:
    """How many answers there are that could have been stale or mixed."""
    found, _ = answers(run.asked, journal.kept)
    yield Figure("  answers with quotes", "", len(found))
    for edition in run.editions:
        of_it = [one for one in found if one.reply.generation == edition.generation]
        living = sum("living" in quote for one in of_it for quote in _quoted(one.reply))
        yield Figure(f"  … of generation {edition.generation}", "", len(of_it))
        yield Figure("    quotes of handbooks that come, change or go", "", living)


def _quoted(reply: Any) -> list[str]:
    return [
        quote.source.document
        for part in reply.parts
        for quote in (part.quotes if hasattr(part, "quotes") else ())
    ]


# --- figures -----------------------------------------------------------------------------------------------


def people_figures(run: Run, server: DiscordServer) -> Iterator[Figure]:
    """What people saw, and after how long."""
    acked = [1000 * one.acked for one in run.asked if one.acked is not None]
    answered = answer_times(server)
    took = [answered[one.token] - one.at for one in run.asked if one.token in answered]
    yield Figure("questions", "", len(run.asked))
    yield Figure("  not acknowledged in time", "", len(run.asked) - len(acked), 1)
    yield Figure("  not answered", "", sum(not is_answered(one) for one in run.asked), 1)
    yield Figure("  acknowledged, p99", "ms", percentile(acked, 0.99))
    yield Figure("  the last", "ms", max(acked), ACKNOWLEDGED)
    yield Figure("  answered, p50", "s", median(took))
    yield Figure("  p99", "s", percentile(took, 0.99))
    yield Figure("  the last", "s", max(took))


def phase_figures(what: str, proposed: dict[str, Any], memory: Memory) -> Iterator[Figure]:
    """How long each phase took, and how large the process was in it."""
    phases = proposed["phases"]
    yield Figure(f"{what}: passages", "", proposed["passages"])
    for (phase, began), (_, ended) in pairwise(phases):
        yield Figure(f"  {phase}", "s", ended - began)
        yield Figure("    memory at most", "MB", memory.most(began, ended))
    yield Figure("  in all", "s", phases[-1][1] - phases[0][1])


def broken(figures: Sequence[Figure]) -> list[Figure]:
    """Promises that were not kept."""
    return [figure for figure in figures if figure.met is False and figure.unit not in ("s", "ms")]


# --- running -----------------------------------------------------------------------------------------------


async def measured(folder: Path, passages: int, people: int) -> list[Figure]:
    """Build the collection, then change it twice while people ask, and once while nobody does."""
    base = prepare(folder)
    place = collection(folder, passages)
    model = Transformer(packaged_model(), weights_sha256=PACKAGED_WEIGHTS_SHA256)
    other = Multilingual() if is_installed() else None
    await asyncio.to_thread(fill_cache, folder / "data" / "embeddings.db", place.bulk, model, other)
    say("the made-up vectors are ready")
    figures = list(linted(place))
    run = Run()
    with discord() as server, LoadedBot(server, base.folder, longest=LONGEST) as bot:
        await bot.ready(server)
        run.editions.append(await first_state(bot.tell, place))
        bot.close()
    say("the first state is published")
    texts = mixed_questions(folder / "data")
    with (
        discord() as server,
        LoadedBot(server, base.folder, longest=LONGEST) as bot,
        Memory(bot.number) as memory,
    ):
        await bot.ready(server)
        await asyncio.sleep(2)
        idle = await bot.tell("memory")
        await reindexed(bot.tell, place, Crowd(server, texts, people), run)
        say("everybody has left")
        run.quiet = await bot.tell("propose", folders=place.folders(3))
        await bot.tell("publish", key=run.quiet["key"])
        run.unchanged = await bot.tell("propose", folders=place.folders(3))
        most = await bot.tell("memory")
        figures += people_figures(run, server)
        figures += gap_figures("before the reindex", run.gaps_before)
        figures += gap_figures("during the reindex", run.gaps)
        bot.close()
    journal = Journal(folder / "data" / "journal.db")
    wrong = problems(run, journal)
    print("\n".join(f"An answer {problem}." for problem in sorted(set(wrong))))
    figures.append(Figure("answers that are stale, mixed or untrue", "", len(wrong), 1))
    figures += telling(run, journal)
    figures += memory_figures(idle, most)
    for what, proposed in zip(("two added, two changed", "one removed"), run.proposals, strict=True):
        figures += phase_figures(f"reindex while {people} ask, {what}", proposed, memory)
    figures += phase_figures("reindex while nobody asks, one changed", run.quiet, memory)
    figures.append(Figure("  questions asked of both", "", run.quiet["questions"]))
    figures += phase_figures("reindex with nothing changed", run.unchanged, memory)
    return figures


def memory_figures(idle: dict[str, float], most: dict[str, float]) -> Iterator[Figure]:
    """What the process takes, and how many times as much as when it was idle."""
    yield Figure("memory, idle and warm", "MB", idle["now"])
    yield Figure("  at most", "MB", most["peak"])
    yield Figure("  times idle", "", most["peak"] / idle["now"], NEVER_TWICE)


def linted(place: Collection) -> Iterator[Figure]:
    """How long it takes to look for what stands twice."""
    read = read_corpus([place.bulk, place.states[0]])
    started = time.perf_counter()
    list(near_duplicates(read.documents))
    yield Figure("near-duplicates among all documents", "s", time.perf_counter() - started, LINTED)


def mixed_questions(data: Path) -> Iterator[str]:
    """What people ask: as ever, and every other time about a handbook that comes, changes or goes."""
    snapshot = FolderLibrary(data).current()
    assert snapshot is not None
    living = handbooks.asked(range(handbooks.LIVING))
    usual = [text for text in listed(snapshot) if text not in set(living)]
    kinds = [questions(known) for known in (usual, living) if known]
    return chain.from_iterable(zip(*kinds, strict=True))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print, with the machine named."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure.reindexing_load", description=__doc__)
    parser.add_argument("--passages", type=int, default=PASSAGES, help="how large the collection is")
    parser.add_argument("--people", type=int, default=PEOPLE, help="how many ask at the same time")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure as an object too")
    asked = parser.parse_args(arguments)
    started, before = time.perf_counter(), load()
    print(this_machine())
    with TemporaryDirectory() as folder:
        figures = asyncio.run(measured(Path(folder), asked.passages, asked.people))
    print(aligned(rows_of(figures)))
    if asked.json:
        lines = (json.dumps(asdict(figure) | {"met": figure.met}) for figure in figures)
        asked.json.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"\nTook {time.perf_counter() - started:.0f} s; load {before} before and {load()} after.")
    sys.exit(1 if broken(figures) else 0)


if __name__ == "__main__":
    main()
