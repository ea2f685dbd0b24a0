"""Reading a generation that is kept and not, or no longer, the current one."""

import gc
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.folder import library as module
from index.folder.library import FolderLibrary
from index.folder.snapshot import FolderSnapshot
from index.library import Damaged, Library, NewerFormat, Snapshot, UnknownGeneration
from tests.index.engines import ENGINES, ask_everything, stored
from tests.index.samples import answered_version, embed, publish, versioned
from tests.index.spoiling import DAMAGES, FILES, flip_a_bit, folder_of


@pytest.fixture(params=ENGINES)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    return ENGINES[request.param](tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> FolderLibrary:
    """Five published generations."""
    made = FolderLibrary(tmp_path)
    for version in range(1, 6):
        publish(made, versioned(version))
    return made


def version_of(snapshot: Snapshot) -> int:
    (found,) = snapshot.passages([snapshot.nearest(embed("passage"), 1)[0].passage])
    return int(found.text.split()[1])


def open_catalogues(root: Path) -> list[int]:
    gc.collect()
    handles = [path.resolve() for path in Path("/proc/self/fd").iterdir()]
    return sorted(int(p.parent.name) for p in handles if p.name == "catalogue.db" and p.is_relative_to(root))


# --- every engine ------------------------------------------------------------------------------------------


def test_a_kept_generation_answers_as_it_did_and_what_is_current_stays(library: Library) -> None:
    before = ask_everything(stored(library, versioned(1)), 3)
    for version in (2, 3):
        publish(library, versioned(version))
    assert ask_everything(library.at(1), 3) == before
    assert [version_of(library.at(number)) for number in (1, 2, 3)] == [1, 2, 3]
    assert [library.at(number).manifest.generation for number in (1, 2, 3)] == [1, 2, 3]
    assert answered_version(library) == 3


def test_the_current_generation_is_returned_as_it_is(library: Library) -> None:
    current = stored(library)
    assert library.at(1) is current


def test_a_kept_generation_is_opened_once(library: Library) -> None:
    for version in (1, 2):
        publish(library, versioned(version))
    assert library.at(1) is library.at(1)


def test_after_a_rollback_the_newer_generation_can_still_be_read(library: Library) -> None:
    for version in (1, 2):
        publish(library, versioned(version))
    with library.writing("a test"):
        library.rollback(1)
    assert version_of(library.at(2)) == 2
    assert answered_version(library) == 1


@pytest.mark.parametrize("number", [-1, 0, 2, 10**30])
def test_a_generation_that_never_was_is_unknown(library: Library, number: int) -> None:
    with pytest.raises(UnknownGeneration):
        library.at(number)
    publish(library)
    with pytest.raises(UnknownGeneration, match=f"no generation {number}"):
        library.at(number)


def test_a_pruned_generation_is_unknown_and_still_serves_who_holds_it(library: Library) -> None:
    for version in (1, 2, 3):
        publish(library, versioned(version))
    held = library.at(1)
    assert library.prune(keep=1) == [1, 2]
    for number in (1, 2):
        with pytest.raises(UnknownGeneration):
            library.at(number)
    assert version_of(held) == 1


def test_a_candidate_that_is_not_published_is_unknown(library: Library) -> None:
    publish(library)
    with library.writing("a test"):
        candidate = library.build(versioned(2))
        with pytest.raises(UnknownGeneration):
            library.at(2)
        candidate.discard()


# --- a folder ----------------------------------------------------------------------------------------------


def test_few_generations_are_held_open(folder: FolderLibrary, tmp_path: Path) -> None:
    assert answered_version(folder) == 5
    for number in (1, 2, 3, 1, 4):
        assert version_of(folder.at(number)) == number
    assert open_catalogues(tmp_path) == [1, 4, 5]


def test_one_that_is_dropped_stays_open_for_who_holds_it(folder: FolderLibrary, tmp_path: Path) -> None:
    held = folder.at(1)
    for number in (2, 3, 4):
        folder.at(number)
    assert version_of(held) == 1
    del held
    assert 1 not in open_catalogues(tmp_path)


def test_threads_reading_more_generations_than_are_held_always_get_whole_answers(
    folder: FolderLibrary,
) -> None:
    start = threading.Barrier(8)

    def read(thread: int) -> list[tuple[int, int]]:
        start.wait()
        asked = [1 + (thread + turn) % 5 for turn in range(20)]
        return [(number, version_of(folder.at(number))) for number in asked]

    with ThreadPoolExecutor(8) as pool:
        seen = [pair for pairs in pool.map(read, range(8)) for pair in pairs]
    assert all(number == version for number, version in seen)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_generation_is_not_read(
    folder: FolderLibrary, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    damage(folder_of(tmp_path, 2) / name)
    gone = name == "manifest.json" and not (folder_of(tmp_path, 2) / name).exists()
    with pytest.raises(UnknownGeneration if gone else Damaged, match=r"[Gg]eneration 2\b.*[^.]\.$"):
        folder.at(2)
    assert answered_version(folder) == 5


def test_one_damaged_since_it_was_opened_is_not_read_again(folder: FolderLibrary, tmp_path: Path) -> None:
    assert version_of(folder.at(2)) == 2
    flip_a_bit(folder_of(tmp_path, 2) / "catalogue.db")
    with pytest.raises(Damaged):
        folder.at(2)


def test_a_damaged_current_generation_is_not_read_from_the_one_that_stands_in(
    folder: FolderLibrary, tmp_path: Path
) -> None:
    flip_a_bit(folder_of(tmp_path, 5) / "vectors.faiss")
    assert answered_version(folder) == 4
    with pytest.raises(Damaged):
        folder.at(5)


def test_one_that_is_pruned_while_it_is_opened_is_unknown(
    folder: FolderLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(path: Path, number: int, *_: object) -> FolderSnapshot:
        shutil.rmtree(path)
        raise Damaged("manifest.json cannot be read")

    assert answered_version(folder) == 5
    monkeypatch.setattr(module, "open_generation", opened)
    with pytest.raises(UnknownGeneration):
        folder.at(2)


def test_one_of_a_newer_version_is_refused(folder: FolderLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered_version(folder) == 5
    monkeypatch.setattr("index.folder.manifest.FORMAT", 0)
    with pytest.raises(NewerFormat):
        folder.at(2)


def test_a_rebuilt_folder_whose_numbers_start_again_is_read_again(tmp_path: Path) -> None:
    kept, fresh = FolderLibrary(tmp_path / "data"), FolderLibrary(tmp_path / "fresh")
    for version in (1, 2):
        publish(kept, versioned(version))
        publish(fresh, versioned(version + 10))
    assert version_of(kept.at(1)) == 1
    (tmp_path / "data").rename(tmp_path / "old")
    (tmp_path / "fresh").rename(tmp_path / "data")
    assert version_of(kept.at(1)) == 11


@pytest.mark.parametrize("opened", [False, True])
def test_a_numbered_folder_that_was_never_published_is_unknown(
    folder: FolderLibrary, tmp_path: Path, opened: bool
) -> None:
    """A process killed between its last two steps leaves one."""
    if opened:
        folder.at(2)
    (folder_of(tmp_path, 2) / "published").unlink()
    with pytest.raises(UnknownGeneration):
        folder.at(2)
