"""What every Library does when generations are built, published, taken back and pruned."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.library import BadVector, Busy, Contents, Library, LibraryError, UnknownGeneration
from tests.index.engines import ENGINES, ask_everything, names, stored
from tests.index.samples import (
    answered_version,
    contents,
    publish,
    versioned,
)


@pytest.fixture(params=ENGINES)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    return ENGINES[request.param](tmp_path)


def test_a_new_library_has_no_current_generation(library: Library) -> None:
    assert library.current() is None
    assert library.generations() == []


def test_a_candidate_answers_but_is_not_current_before_it_is_published(library: Library) -> None:
    publish(library, versioned(1))
    with library.writing("a test"):
        candidate = library.build(versioned(2))
        assert names(candidate.snapshot.matching("version", 1)) == ["guide#0"]
        assert candidate.snapshot.passages(["guide#0"])[0].text == "version 2 passage 0"
        assert answered_version(library) == 1
        assert [manifest.generation for manifest in library.generations()] == [1]
        assert candidate.publish().generation == 2
    assert answered_version(library) == 2
    assert [manifest.generation for manifest in library.generations()] == [2, 1]


def test_a_discarded_candidate_leaves_nothing(library: Library) -> None:
    publish(library, versioned(1))
    with library.writing("a test"):
        library.build(versioned(2)).discard()
        assert library.build(versioned(3)).publish().generation == 2
    assert answered_version(library) == 3


def test_two_candidates_published_after_each_other_get_their_own_numbers(library: Library) -> None:
    with library.writing("a test"):
        first, second = library.build(versioned(1)), library.build(versioned(2))
        assert second.publish().generation == 1
        assert first.publish().generation == 2
    assert answered_version(library) == 1


def test_facts_found_since_a_candidate_was_built_join_its_manifest(library: Library) -> None:
    """And are there for whoever opens the library next."""
    with library.writing("a test"):
        candidate = library.build(contents(facts={"splitter": 2, "floor": None}))
        published = candidate.publish({"floor": 0.5, "tried": {"names": ["ä", "b"]}})
    expected = {"splitter": 2, "floor": 0.5, "tried": {"names": ["ä", "b"]}}
    current = library.current()
    assert current is not None
    assert published.facts == current.manifest.facts == library.generations()[0].facts == expected


@pytest.mark.parametrize("facts", [None, {}])
def test_without_further_facts_a_manifest_keeps_those_it_was_built_with(
    library: Library, facts: dict[str, object] | None
) -> None:
    with library.writing("a test"):
        candidate = library.build(contents(facts={"splitter": 2}))
        assert candidate.snapshot.manifest.facts == {"splitter": 2}
        assert candidate.publish(facts).facts == {"splitter": 2}


def test_facts_of_one_candidate_do_not_reach_another(library: Library) -> None:
    shared: dict[str, object] = {"splitter": 2}
    with library.writing("a test"):
        first, second = (library.build(contents(facts=shared)) for _ in range(2))
        first.publish({"floor": 0.5})
        assert second.publish().facts == {"splitter": 2}
    assert shared == {"splitter": 2}
    assert [manifest.facts for manifest in library.generations()] == [
        {"splitter": 2},
        {"splitter": 2, "floor": 0.5},
    ]


def test_a_snapshot_in_flight_survives_publish_and_prune(library: Library) -> None:
    old = stored(library, versioned(1, size=300))
    before = ask_everything(old, 3)
    for version in (2, 3, 4):
        publish(library, versioned(version))
    assert library.prune(keep=1) == [1, 2, 3]
    assert answered_version(library) == 4
    assert ask_everything(old, 3) == before
    assert old.passages(["guide#299"])[0].text == "version 1 passage 299"


@pytest.mark.parametrize(
    ("broken", "error", "says"),
    [
        (lambda c: c | {"vectors": c["vectors"][:-1]}, BadVector, "4 cues"),
        (lambda c: c | {"vectors": c["vectors"][0]}, BadVector, "4 cues"),
        (lambda c: c | {"vectors": c["vectors"] * np.float32("nan")}, BadVector, "not a number"),
        (lambda c: c | {"records": []}, LibraryError, "document that is not there"),
        (lambda c: c | {"records": c["records"] * 2}, LibraryError, "Two documents"),
        (
            lambda c: c | {"passages": c["passages"] * 2, "vectors": np.tile(c["vectors"], (2, 1))},
            LibraryError,
            "Two passages",
        ),
    ],
)
def test_contents_that_do_not_fit_together_are_refused(
    library: Library, broken: Callable[..., dict], error: type[LibraryError], says: str
) -> None:
    publish(library, versioned(1))
    what = contents()
    parts = {"records": what.records, "passages": what.passages, "vectors": what.vectors}
    with library.writing("a test"), pytest.raises(error, match=says):
        library.build(Contents(**broken(parts), fingerprint="x"))
    assert answered_version(library) == 1


def test_building_and_publishing_need_the_right_to_write(library: Library) -> None:
    with pytest.raises(RuntimeError, match="writing"):
        library.build(contents())
    with library.writing("a test"):
        candidate = library.build(contents())
    with pytest.raises(RuntimeError, match="writing"):
        candidate.publish()
    assert library.current() is None


def test_a_second_writer_is_told_who_writes_and_the_right_comes_back(library: Library) -> None:
    told: list[str] = []

    def write_too() -> None:
        with pytest.raises(Busy) as busy, library.writing("somebody else"):
            pass
        told.append(str(busy.value))

    with library.writing("Ada's reindex"):
        other = threading.Thread(target=write_too)
        other.start()
        other.join()
    assert "Ada's reindex" in told[0]
    assert "since" in told[0]
    with library.writing("somebody else"):
        pass


def test_an_error_while_writing_gives_the_right_back(library: Library) -> None:
    with pytest.raises(ZeroDivisionError), library.writing("a test"):
        raise ZeroDivisionError
    assert publish(library).generation == 1


# --- going back and tidying ---------------------------------------------------------------------------------


def test_rollback_answers_from_the_generation_below_and_can_be_undone(library: Library) -> None:
    for version in (1, 2, 3):
        publish(library, versioned(version))
    with library.writing("a test"):
        assert library.rollback().generation == 2
    assert answered_version(library) == 2
    assert library.rollback().generation == 1
    assert answered_version(library) == 1
    assert library.rollback(3).generation == 3
    assert answered_version(library) == 3
    assert [manifest.generation for manifest in library.generations()] == [3, 2, 1]


@pytest.mark.parametrize("number", [None, 0, 7, -1])
def test_rollback_to_what_is_not_kept_raises_and_changes_nothing(
    library: Library, number: int | None
) -> None:
    with pytest.raises(UnknownGeneration):
        library.rollback(number)
    publish(library, versioned(1))
    with pytest.raises(UnknownGeneration):
        library.rollback(number)
    assert answered_version(library) == 1


def test_publishing_after_a_rollback_takes_a_number_above_all_others(library: Library) -> None:
    for version in (1, 2, 3):
        publish(library, versioned(version))
    library.rollback(1)
    assert publish(library, versioned(4)).generation == 4
    assert answered_version(library) == 4
    assert library.rollback().generation == 3


def test_prune_keeps_the_newest_and_the_current(library: Library) -> None:
    for version in range(1, 7):
        publish(library, versioned(version))
    library.rollback(2)
    assert library.prune() == [1, 3]
    assert [manifest.generation for manifest in library.generations()] == [6, 5, 4, 2]
    assert answered_version(library) == 2
    with library.writing("a test"):
        assert library.prune(keep=1) == [4, 5]
    assert library.prune(keep=10) == []
    with pytest.raises(UnknownGeneration):
        library.rollback(4)


def test_prune_refuses_to_keep_nothing(library: Library) -> None:
    with pytest.raises(ValueError, match="kept"):
        library.prune(keep=0)


def test_prune_inside_writing_leaves_a_candidate_alone(library: Library) -> None:
    for version in range(1, 5):
        publish(library, versioned(version))
    with library.writing("a test"):
        candidate = library.build(versioned(5))
        assert library.prune(keep=1) == [1, 2, 3]
        assert candidate.publish().generation == 5
    assert answered_version(library) == 5
