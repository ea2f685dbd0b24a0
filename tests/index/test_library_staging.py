"""What every Library does with a generation that waits for somebody's decision."""

from pathlib import Path

import pytest

from index.folder.library import FolderLibrary
from index.library import Damaged, Library
from tests.index.engines import ENGINES
from tests.index.samples import answered_version, publish, versioned


@pytest.fixture(params=ENGINES)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    return ENGINES[request.param](tmp_path)


def staged(library: Library, version: int, **facts: object) -> None:
    with library.writing("a test"):
        candidate = library.build(versioned(version))
        candidate.note(facts)
        candidate.stage()


def test_nothing_is_staged_at_first(library: Library) -> None:
    assert library.staged() is None


def test_what_is_staged_can_be_asked_and_does_not_answer(library: Library) -> None:
    publish(library, versioned(1))
    staged(library, 2, floor=0.5)
    candidate = library.staged()
    assert candidate is not None
    assert candidate.snapshot.passages(["guide#0"])[0].text == "version 2 passage 0"
    assert candidate.snapshot.manifest.facts == {"floor": 0.5}
    assert answered_version(library) == 1
    assert [manifest.generation for manifest in library.generations()] == [1]


def test_a_candidate_goes_on_answering_once_it_got_facts_and_was_staged(library: Library) -> None:
    with library.writing("a test"):
        candidate = library.build(versioned(1))
        candidate.note({"floor": 0.5})
        candidate.stage()
        assert candidate.snapshot.manifest.facts == {"floor": 0.5}
        assert candidate.snapshot.passages(["guide#0"])[0].text == "version 1 passage 0"
        candidate.publish()
    assert answered_version(library) == 1
    assert library.staged() is None


def test_what_is_staged_survives_other_writers_and_gets_its_number_when_published(library: Library) -> None:
    staged(library, 9, floor=0.5)
    publish(library, versioned(1))
    with library.writing("a clean-up"):
        library.prune(keep=1)
        candidate = library.staged()
        assert candidate is not None
        manifest = candidate.publish({"suite": 7})
    assert manifest.generation == 2
    assert manifest.facts == {"floor": 0.5, "suite": 7}
    assert answered_version(library) == 9
    assert library.staged() is None


def test_what_is_staged_replaces_what_was(library: Library) -> None:
    staged(library, 1)
    staged(library, 2)
    candidate = library.staged()
    assert candidate is not None
    assert candidate.snapshot.passages(["guide#0"])[0].text == "version 2 passage 0"


def test_what_was_staged_can_be_discarded(library: Library) -> None:
    publish(library, versioned(1))
    staged(library, 2)
    with library.writing("a test"):
        candidate = library.staged()
        assert candidate is not None
        candidate.discard()
    assert library.staged() is None
    assert answered_version(library) == 1


def test_staging_publishing_and_discarding_need_the_right_to_write(library: Library) -> None:
    with library.writing("a test"):
        candidate = library.build(versioned(1))
    with pytest.raises(RuntimeError):
        candidate.stage()
    staged(library, 2)
    waiting = library.staged()
    assert waiting is not None
    with pytest.raises(RuntimeError):
        waiting.publish()
    with pytest.raises(RuntimeError):
        waiting.discard()
    assert library.staged() is not None


def test_another_process_finds_what_is_staged(tmp_path: Path) -> None:
    staged(FolderLibrary(tmp_path), 1)
    assert FolderLibrary(tmp_path).staged() is not None


def test_a_damaged_staged_generation_is_told_and_can_be_replaced(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    publish(library, versioned(1))
    staged(library, 2)
    (tmp_path / "generations" / "staged" / "vectors.faiss").write_bytes(b"no")
    with pytest.raises(Damaged, match="waits for a decision is damaged"):
        library.staged()
    staged(library, 3)
    assert library.staged() is not None
    assert answered_version(library) == 1
