"""The floor of a generation: tried on what it is listed to answer and on what it is known not to."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest

from index.library import Snapshot
from knowledge import calibration
from knowledge.asking.conversation import Asked
from knowledge.background import read_background
from knowledge.calibration import FEWEST, FLOORS, ITSELF, MOST, Calibration, calibrate
from knowledge.declining import FLOOR, answerable
from knowledge.finding import find
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import RoomyEmbedder, reindex, write

THINGS = ("queue", "cache", "table", "index", "server", "client", "message", "socket", "thread", "proxy")
PARTS = ("name", "owner", "limit", "timeout", "version", "history")
ASKED = [f"What is the {part} of a {thing}?" for thing, part in product(THINGS, PARTS)]
FAR = [f"Who paints {word} walls near {word}town number {n}?" for n, word in enumerate("abcdefghij" * 6)]


def toml(questions: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{question}"' for question in questions) + "]"


def generation(folder: Path, listed: Sequence[str], missed: Sequence[str], *more: str) -> Snapshot:
    """One section, so that every question is asked of the same passages, and near misses beside it."""
    text = "# Guide\n\n## Things\n\n" + " ".join(
        f"The {part} of a {thing} is known." for thing, part in product(THINGS, PARTS)
    )
    files = {
        "guide.md": "\n\n".join((text, *more)),
        "sources.toml": f'[[source]]\nfile = "guide.md"\n[source.topics]\n"Things" = {toml(listed)}\n',
        "near_misses.toml": f"[[group]]\nquestions = {toml(missed)}\n",
    }
    library = NumpyLibrary()
    reindex(library, write(folder, files))
    snapshot = library.current()
    assert snapshot is not None
    return snapshot


def calibrated(snapshot: Snapshot) -> Calibration:
    embedder = RoomyEmbedder()
    return calibrate(snapshot, read_background(snapshot, embedder), embedder)


def odds(snapshot: Snapshot, text: str, below: float) -> float:
    embedder = RoomyEmbedder()
    background = read_background(snapshot, embedder)
    return answerable(find(snapshot, embedder, Asked(text), background, below=below).evidence)


# --- which floor -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "missed"),
    [(0, 0), (FEWEST, 0), (0, FEWEST), (FEWEST - 1, FEWEST), (FEWEST, FEWEST - 1)],
)
def test_with_too_few_questions_the_packaged_floor_stays(tmp_path: Path, listed: int, missed: int) -> None:
    found = calibrated(generation(tmp_path, ASKED[:listed], FAR[:missed]))
    assert (found.floor, found.listed, found.near_misses) == (FLOOR, listed, missed)


def test_with_nothing_to_try_nothing_goes_wrong(tmp_path: Path) -> None:
    assert calibrated(generation(tmp_path, [], [])) == Calibration(FLOOR, 0, 0.0, 0, 0.0)


PAIRS = list(product(THINGS, PARTS))


def padded(words: str, number: int) -> str:
    """None to five words more, so that questions are more or less near."""
    return " ".join(words.split()[: number % 6])


@pytest.mark.parametrize(
    ("listed", "missed"),
    [
        (
            [f"{padded('Which heavy sunny wooden red', n)} {p} of a {t}?" for n, (t, p) in enumerate(PAIRS)],
            [f"{part} of a {thing} known" for thing, part in PAIRS[::2]],
        ),
        (
            ASKED,
            [
                f"What is the {padded('other red loud sunny', n)} {p} of a {t}"
                for n, (t, p) in enumerate(PAIRS)
            ],
        ),
    ],
)
def test_the_floor_found_has_the_least_error_of_those_tried(
    tmp_path: Path, listed: list[str], missed: list[str]
) -> None:
    listed, missed = listed[:FEWEST], missed[:FEWEST]
    snapshot = generation(tmp_path, listed, missed)
    of_listed, of_missed = ([odds(snapshot, text, ITSELF) for text in texts] for texts in (listed, missed))

    def errors(floor: float) -> tuple[float, float]:
        declined = sum(value < floor for value in of_listed) / len(of_listed)
        return declined, sum(value >= floor for value in of_missed) / len(of_missed)

    found = calibrated(snapshot)
    assert found.floor in FLOORS
    assert len({errors(floor) for floor in FLOORS}) > 1  # else there was nothing to choose between
    assert (found.wrongly_declined, found.wrongly_answered) == pytest.approx(errors(found.floor), abs=1e-4)
    assert sum(errors(found.floor)) == pytest.approx(min(sum(errors(floor)) for floor in FLOORS))


def test_of_floors_that_do_equally_well_the_lowest_is_taken(tmp_path: Path) -> None:
    twins = [text.replace("What is the", "Which is the") for text in ASKED[:FEWEST]]
    found = calibrated(generation(tmp_path, [*ASKED[:FEWEST], *twins], FAR))
    assert (found.wrongly_declined, found.wrongly_answered) == (0.0, 0.0)
    assert found.floor == FLOORS[0]


# --- how each is asked -------------------------------------------------------------------------------------

STRANGE = "Zebra giraffe elephant?"


def test_a_listed_question_is_asked_as_if_it_were_not_listed(tmp_path: Path) -> None:
    """Asked as itself each would be answered, and the floor would say nothing about other wordings."""
    snapshot = generation(tmp_path, [STRANGE], FAR[:2])
    assert odds(snapshot, STRANGE, 2.0) > FLOOR
    assert calibrated(snapshot).wrongly_declined == 1.0


def test_a_near_miss_is_asked_as_if_it_were_not_known(tmp_path: Path) -> None:
    near = "What is the version of a thread?"
    snapshot = generation(tmp_path, ASKED[:20], [near, STRANGE])
    assert odds(snapshot, near, 2.0) < FLOOR <= odds(snapshot, near, ITSELF)
    assert calibrated(snapshot).wrongly_answered == 0.5


@pytest.mark.parametrize(
    ("questions", "tried"), [(0, 0), (9, 9), (10, 10), (11, 6), (20, 10), (21, 7), (40, 10)]
)
def test_of_many_questions_an_even_choice_is_tried(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, questions: int, tried: int
) -> None:
    assert MOST >= 100
    monkeypatch.setattr(calibration, "MOST", 10)
    found = calibrated(generation(tmp_path, ASKED[:questions], FAR[:questions]))
    assert (found.listed, found.near_misses) == (tried, tried)


def test_the_same_generation_is_calibrated_the_same(tmp_path: Path) -> None:
    snapshot = generation(tmp_path, ASKED, FAR)
    assert calibrated(snapshot) == calibrated(snapshot)
