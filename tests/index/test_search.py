from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.folder.library import FolderLibrary
from index.library import BadVector, Library, Snapshot
from index.passages import Passage
from index.search import MEANING_WEIGHT, POOL, Candidate, search
from tests.fakes import NumpyLibrary
from tests.index.samples import TEXTS, contents, embed, passage, publish

MAKERS: dict[str, Callable[[Path], Library]] = {
    "numpy": lambda folder: NumpyLibrary(),
    "folder": lambda folder: FolderLibrary(folder),
}


@pytest.fixture(params=MAKERS)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    return MAKERS[request.param](tmp_path)


def opened(library: Library, *passages: Passage) -> Snapshot:
    publish(library, contents(passages=passages) if passages else contents())
    snapshot = library.current()
    assert snapshot is not None
    return snapshot


def ask(snapshot: Snapshot, text: str, limit: int = 10) -> list[Candidate]:
    return search(snapshot, embed(text), text, limit)


def test_the_weight_of_meaning_is_a_share() -> None:
    assert 0 < MEANING_WEIGHT < 1
    assert POOL > 0


def test_a_passage_found_by_words_and_meaning_comes_first(library: Library) -> None:
    best, *rest = ask(opened(library), "queues between services")
    assert best.passage == "guide#1"
    assert (best.meaning_rank, best.words_rank) == (1, 1)
    assert 0 < best.words <= 1
    assert all(candidate.score <= best.score for candidate in rest)


def test_a_ranking_goes_from_high_to_low_scores_between_minus_one_and_one(library: Library) -> None:
    scores = [candidate.score for candidate in ask(opened(library), "databases and services")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 + 1e-6 for score in scores)


def test_the_same_question_gets_the_same_ranking(library: Library) -> None:
    snapshot = opened(library)
    assert ask(snapshot, "databases") == ask(snapshot, "databases")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_ties_are_broken_by_name_wherever_the_passages_stand(
    library: Library, order: tuple[int, ...]
) -> None:
    twins = [passage(number, "Databases keep rows") for number in order]
    found = ask(opened(library, *twins), "databases")
    assert [candidate.passage for candidate in found] == ["guide#0", "guide#1", "guide#2"]
    assert len({candidate.score for candidate in found}) == 1


def test_words_break_what_would_be_a_tie_of_meanings(library: Library) -> None:
    passages = [
        passage(0, "Caches expire", cues=["the same"]),
        passage(1, "Kafka streams", cues=["the same"]),
    ]
    found = search(opened(library, *passages), embed("the same"), "kafka", 10)
    assert [candidate.passage for candidate in found] == ["guide#1", "guide#0"]
    assert [candidate.words_rank for candidate in found] == [1, None]


def test_a_passage_that_only_shares_words_is_found_beyond_the_nearest(library: Library) -> None:
    near = [passage(number, "Filler", cues=["the same thing"]) for number in range(POOL + 5)]
    odd = passage(POOL + 5, "Kubernetes runs containers", cues=["utterly different"])
    found = search(opened(library, *near, odd), embed("the same thing"), "kubernetes", POOL + 10)
    by_words = next(candidate for candidate in found if candidate.passage == odd.id)
    assert by_words.meaning_rank is None
    assert by_words.words_rank == 1
    assert len(found) == POOL + 1


def test_without_words_meaning_alone_ranks(library: Library) -> None:
    found = search(opened(library), embed("queues carry messages"), "", 10)
    assert found[0].passage == "guide#1"
    assert all(candidate.words == 0 and candidate.words_rank is None for candidate in found)


def test_a_passage_counts_by_its_best_cue_and_tells_all_of_them(library: Library) -> None:
    stored = passage(0, "Text", cues=["nothing near", "which databases are used", "other"])
    (found,) = ask(opened(library, stored), "which databases are used")
    assert found.meaning == pytest.approx(1, abs=1e-5)
    assert len(found.similarities) == 3
    assert found.meaning == max(found.similarities) == found.similarities[1]


@pytest.mark.parametrize(("limit", "expected"), [(-1, 0), (0, 0), (1, 1), (3, 3), (100, len(TEXTS))])
def test_a_ranking_is_no_longer_than_asked_for(library: Library, limit: int, expected: int) -> None:
    assert len(ask(opened(library), "databases", limit)) == expected


def test_a_shorter_ranking_is_the_beginning_of_a_longer_one(library: Library) -> None:
    snapshot = opened(library)
    assert ask(snapshot, "databases services", 2) == ask(snapshot, "databases services", 4)[:2]


def test_a_generation_without_passages_finds_nothing() -> None:
    library = NumpyLibrary()
    publish(library, contents(passages=[], records=[]))
    snapshot = library.current()
    assert snapshot is not None
    assert search(snapshot, embed("databases"), "databases", 10) == []


def test_a_vector_of_another_length_is_refused(library: Library) -> None:
    with pytest.raises(BadVector):
        search(opened(library), embed("databases")[:10], "databases", 10)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return opened(FolderLibrary(tmp_path_factory.mktemp("stored")))


@settings(max_examples=60, deadline=None)
@given(text=st.text() | st.text(st.sampled_from("\"*():^-+ANDORNEAR ~\\'%;\x00")))
def test_any_characters_are_safe_to_search_for(stored: Snapshot, text: str) -> None:
    found = search(stored, embed(text), text, 10)
    assert len(found) == len({candidate.passage for candidate in found})
    assert found == search(stored, embed(text), text, 10)
