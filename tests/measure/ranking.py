"""Ways of ranking, compared on recorded questions: python -m tests.measure.ranking [--shipped-only].

Judged by the text of the first one, two and three passages: how many of a question's facts it holds, and
whether it holds them all. Choose by the tuned part; the part kept aside and the two small foreign collections
are there to see whether a choice carries over. Only answerable questions are asked, and none is declined.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory

from bot.settings import read_settings
from bot.wiring import Application
from index.library import Snapshot
from index.passages import Passage
from index.search import HALFWAY, MEANING_WEIGHT, POOL
from knowledge.asking.conversation import Asked, understand
from knowledge.asking.vocabulary import plain_english
from knowledge.background import Background, read_background
from knowledge.finding import CANDIDATES, find, telling_words
from knowledge.suite import Case, load, parse, score, tally
from tests.measure.tables import aligned, number
from tests.measure.tokens import TokenVectors, closeness

DEPTH = 3
TIMED = 30
RRF = 60  # the constant of the paper that proposed it
FOREIGN = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Looked:
    """One question held against every passage: cosines by cue, BM25 where a word is shared, ours as it is."""

    text: str
    cosines: Mapping[str, tuple[float, ...]]
    words: Mapping[str, float]
    shipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """Indexed documents with the answerable questions about them, each looked up."""

    name: str
    passages: Mapping[str, Passage]
    cases: Sequence[Case]
    looked: Sequence[Sequence[Looked]]


Scores = Mapping[str, float]
Way = Callable[[Looked, Mapping[str, Passage]], Sequence[str]]


# --- ways --------------------------------------------------------------------------------------------------


def best(scores: Scores) -> list[str]:
    """Passages by score, best first, ties by name."""
    return sorted(scores, key=lambda passage: (-scores[passage], passage))


def by_cues(
    looked: Looked, passages: Mapping[str, Passage], *, sentences: bool = True, questions: bool = True
) -> dict[str, float]:
    """Cosine of each passage's best cue among the kinds wanted; the whole passage is always one."""
    found = {}
    for name, cosines in looked.cosines.items():
        asked = len(passages[name].attributes.get("questions", ()))
        last = len(cosines) - asked
        wanted = [cosines[0], *(cosines[1:last] if sentences else ()), *(cosines[last:] if questions else ())]
        found[name] = max(wanted)
    return found


def saturating(words: Scores) -> dict[str, float]:
    """BM25 between 0 and 1, half at HALFWAY."""
    return {name: value / (value + HALFWAY) for name, value in words.items()}


def by_the_best(words: Scores) -> dict[str, float]:
    """BM25 divided by the best of this question."""
    return {name: value / max(words.values()) for name, value in words.items()}


def weighted(meaning: Scores, words: Scores, share: float) -> dict[str, float]:
    """A sum of both, `share` of it meaning."""
    return {
        name: share * max(value, 0.0) + (1 - share) * words.get(name, 0.0) for name, value in meaning.items()
    }


def by_ranks(meaning: Scores, words: Scores, share: float) -> dict[str, float]:
    """Reciprocal ranks added up, those of the words at a share of those of the meaning."""
    ranks: dict[str, float] = {name: 1 / (RRF + rank) for rank, name in enumerate(best(meaning)[:POOL], 1)}
    for rank, name in enumerate(best(words), 1):
        ranks[name] = ranks.get(name, 0.0) + share / (RRF + rank)
    return ranks


def reranked(
    looked: Looked, passages: Mapping[str, Passage], *, tokens: TokenVectors, mix: float, share: float
) -> list[str]:
    """The weighted sum, its first dozen ordered anew with MaxSim."""
    scores = weighted(by_cues(looked, passages), saturating(looked.words), share)
    first = best(scores)[:CANDIDATES]
    asked = tokens.of(looked.text)
    mixed = {
        name: (1 - mix) * scores[name] + mix * closeness(asked, tokens.of(passages[name].words))
        for name in first
    }
    return best(mixed)


def ways(tokens: TokenVectors) -> dict[str, Way]:
    """Every way there is, by name; the first is what people get."""
    shares = (1.0, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6)
    found: dict[str, Way] = {
        "as shipped (index.search)": lambda looked, _: looked.shipped,
        "words alone": lambda looked, _: best(looked.words),
        "meaning: whole passages": lambda looked, all_: best(
            by_cues(looked, all_, sentences=False, questions=False)
        ),
        "  and sentences": lambda looked, all_: best(by_cues(looked, all_, questions=False)),
        "  and questions, no sentences": lambda looked, all_: best(by_cues(looked, all_, sentences=False)),
        "  and both": lambda looked, all_: best(by_cues(looked, all_)),
    }
    for share in shares[1:]:
        found[f"sum, {share:.2f} meaning"] = partial(_sum, share=share, scale=saturating)
    for share in shares[1:]:
        found[f"sum, {share:.2f} meaning, words by best"] = partial(_sum, share=share, scale=by_the_best)
    for share in (1.0, 0.3):
        found[f"reciprocal ranks, words at {share:.1f}"] = partial(_ranks, share=share)
    for mix in (0.2, 0.4):
        name = f"sum, {MEANING_WEIGHT:.2f} meaning, MaxSim at {mix:.1f}"
        found[name] = partial(reranked, tokens=tokens, mix=mix, share=MEANING_WEIGHT)
    return found


def _sum(
    looked: Looked, passages: Mapping[str, Passage], *, share: float, scale: Callable[[Scores], Scores]
) -> list[str]:
    return best(weighted(by_cues(looked, passages), scale(looked.words), share))


def _ranks(looked: Looked, passages: Mapping[str, Passage], *, share: float) -> list[str]:
    return best(by_ranks(by_cues(looked, passages), looked.words, share))


# --- looking up --------------------------------------------------------------------------------------------


def collections(folder: Path, *, shipped_only: bool) -> Iterator[Collection]:
    """The shipped articles in their two parts, then each foreign collection, indexed in a folder."""
    application = Application(read_settings(data_dir=folder / "shipped", sources=(), shipped_articles=True))
    shipped = collection("shipped", application, load())
    for name, aside in (("tuned", False), ("kept aside", True)):
        chosen = [place for place, case in enumerate(shipped.cases) if case.kept_aside is aside]
        cases = [shipped.cases[place] for place in chosen]
        yield Collection(name, shipped.passages, cases, [shipped.looked[place] for place in chosen])
    for corpus in () if shipped_only else sorted(FOREIGN.glob("*/questions.jsonl")):
        name = corpus.parent.name
        settings = read_settings(
            data_dir=folder / name, sources=(corpus.parent / "sources",), shipped_articles=False
        )
        yield collection(name, Application(settings), parse(corpus.read_text(encoding="utf-8")))


def collection(name: str, application: Application, cases: Sequence[Case]) -> Collection:
    """Index what an application reads and look every answerable question up."""
    application.ready(who="ranking")
    snapshot = application.library.current()
    assert snapshot is not None
    background = read_background(snapshot, application.embedder)
    passages = {
        passage.id: passage for record in snapshot.records() for passage in snapshot.passages_of(record.id)
    }
    answerable = [case for case in cases if not case.decline]
    looked = [
        [
            look_up(asked, application, snapshot, background, list(passages))
            for asked in understand(case.question)
        ]
        for case in answerable
    ]
    return Collection(name, passages, answerable, looked)


def look_up(
    asked: Asked,
    application: Application,
    snapshot: Snapshot,
    background: Background,
    passages: Sequence[str],
) -> Looked:
    """One question as `knowledge.finding` reads it, against everything."""
    found = find(snapshot, application.transformer, asked, background)
    about = asked.about and plain_english(asked.about, background.vocabulary, background.is_word)
    text = f"{about} {found.text}" if about else found.text
    cosines = snapshot.similarities(found.vector, passages)
    return Looked(
        text=text,
        cosines=dict(zip(passages, cosines, strict=True)),
        words={hit.passage: hit.score for hit in snapshot.matching(telling_words(text), POOL)},
        shipped=tuple(candidate.passage for candidate in found.candidates),
    )


# --- judging -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one way did on one collection: by depth, and for each question over all depths."""

    recall: tuple[float, ...]
    right: tuple[float, ...]
    each: tuple[float, ...]


def judge(way: Way, asked: Collection) -> Verdict:
    """Score the text of the first passages, to every depth."""
    ranked = [[way(looked, asked.passages)[:DEPTH] for looked in several] for several in asked.looked]
    recall, right, each = [], [], [0.0] * len(asked.cases)
    for depth in range(1, DEPTH + 1):
        texts = [
            "\n\n".join(asked.passages[name].text for names in several for name in names[:depth])
            for several in ranked
        ]
        outcomes = [score(case, text, False) for case, text in zip(asked.cases, texts, strict=True)]
        told = tally(outcomes)
        recall.append(told.recall or 0.0)
        right.append(told.fully_right or 0.0)
        for place, outcome in enumerate(outcomes):
            each[place] += outcome.found / outcome.total
    return Verdict(tuple(recall), tuple(right), tuple(each))


def row_of(name: str, verdict: Verdict, shipped: Verdict) -> tuple[str, ...]:
    """Shares by depth, and on how many questions it holds more or less than what is shipped."""
    pairs = list(zip(verdict.each, shipped.each, strict=True))
    more = sum(ours > theirs + 1e-9 for ours, theirs in pairs)
    less = sum(ours < theirs - 1e-9 for ours, theirs in pairs)
    shares = [f"{share:.3f}" for share in (*verdict.recall, fmean(verdict.recall), *verdict.right)]
    return (name, *shares, f"+{more} −{less}")


HEADINGS = (
    "",
    *(f"facts@{depth}" for depth in range(1, DEPTH + 1)),
    "mean",
    *(f"right@{depth}" for depth in range(1, DEPTH + 1)),
    "vs shipped",
)


def cost_of_tokens(asked: Collection, tokens: TokenVectors) -> str:
    """What MaxSim adds to a question, step by step, and to a passage."""
    steps = [_timed(several[0], asked.passages, tokens) for several in asked.looked[:TIMED]]
    question, passages, comparing = (median(times) for times in zip(*steps, strict=True))
    size = fmean(tokens.of(passage.words).nbytes for passage in asked.passages.values())
    return (
        f"MaxSim over {CANDIDATES} passages: {number(comparing)} ms a question, all token vectors at hand.\n"
        f"Where not: {number(question)} ms for the question's, in a second pass, {number(passages)} ms for\n"
        f"the passages'; kept, these are {size / 1000:.0f} kB a passage."
    )


def _timed(looked: Looked, passages: Mapping[str, Passage], tokens: TokenVectors) -> tuple[float, ...]:
    texts = [passages[name].words for name in looked.shipped]
    times = [time.perf_counter()]
    [question] = tokens.fresh([looked.text])
    times.append(time.perf_counter())
    rows = tokens.fresh(texts)
    times.append(time.perf_counter())
    for row in rows:
        closeness(question, row)
    times.append(time.perf_counter())
    return tuple(1000 * (after - before) for before, after in pairwise(times))


# --- running -----------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure.ranking", description=__doc__)
    parser.add_argument("--shipped-only", action="store_true", help="leave out the two foreign collections")
    asked = parser.parse_args(arguments)
    tokens = TokenVectors()
    with TemporaryDirectory() as folder:
        for place, found in enumerate(collections(Path(folder), shipped_only=asked.shipped_only)):
            verdicts = {name: judge(way, found) for name, way in ways(tokens).items()}
            shipped = next(iter(verdicts.values()))
            rows = [row_of(name, verdict, shipped) for name, verdict in verdicts.items()]
            title = f"{found.name}: {len(found.cases)} questions, {len(found.passages)} passages"
            print(f"{title}\n{aligned([HEADINGS, *rows])}\n", flush=True)
            if place == 0:
                print(f"{cost_of_tokens(found, tokens)}\n", flush=True)


if __name__ == "__main__":
    main()
