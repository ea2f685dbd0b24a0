"""Files that are cut short, altered, missing or not ours; a disk that is full or read-only."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from index.folder import catalogue, files, manifest, snapshot
from index.folder.files import read_sealed, write_sealed
from index.folder.library import FolderLibrary
from index.folder.manifest import read_checked
from index.library import Damaged, NewerFormat, UnknownGeneration
from tests.index.samples import answered_version, contents, publish, versioned
from tests.index.spoiling import (
    DAMAGES,
    FILES,
    cut_in_half,
    empty,
    flip_a_bit,
    folder_of,
    replace_by_a_folder,
    said,
)


@pytest.fixture
def library(tmp_path: Path) -> FolderLibrary:
    """Three published generations."""
    library = FolderLibrary(tmp_path)
    for version in (1, 2, 3):
        publish(library, versioned(version))
    return library


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_generation_is_reported_once_and_the_one_below_answers(
    library: FolderLibrary,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    name: str,
    damage: Callable[[Path], None],
) -> None:
    damage(folder_of(tmp_path, 3) / name)
    for _ in range(3):
        assert answered_version(library) == 2
    (sentence,) = said(caplog)
    assert sentence.startswith("generation 3 is damaged: ")
    assert sentence.endswith("generation 2 answers instead.")
    assert "\n" not in sentence
    assert [kept.generation for kept in library.generations()] == [2, 1]


def test_several_damaged_generations_are_reported_in_one_sentence(
    library: FolderLibrary, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    empty(folder_of(tmp_path, 3) / "catalogue.db")
    empty(folder_of(tmp_path, 2) / "vectors.faiss")
    assert answered_version(library) == 1
    assert said(caplog) == [
        "generation 3 is damaged: catalogue.db was altered; "
        "generation 2 is damaged: vectors.faiss was altered; generation 1 answers instead."
    ]


def test_where_everything_is_damaged_nothing_answers_until_the_next_publish(
    library: FolderLibrary, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for number in (1, 2, 3):
        empty(folder_of(tmp_path, number) / "manifest.json")
    assert library.current() is None
    assert library.current() is None
    (sentence,) = said(caplog)
    assert sentence.endswith("nothing answers until the next reindex.")
    assert publish(library, versioned(4)).generation == 4
    assert answered_version(library) == 4


def test_a_damaged_generation_that_was_rolled_back_to_is_replaced_by_one_below_it(
    library: FolderLibrary, tmp_path: Path
) -> None:
    library.rollback(2)
    empty(folder_of(tmp_path, 2) / "catalogue.db")
    assert answered_version(FolderLibrary(tmp_path)) == 1
    shutil.rmtree(folder_of(tmp_path, 1))
    assert answered_version(FolderLibrary(tmp_path)) == 3


def test_a_generation_that_vanished_is_replaced_by_the_one_below(
    library: FolderLibrary, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(folder_of(tmp_path, 3))
    assert answered_version(library) == 2
    assert said(caplog) == [
        "generation 3 is damaged: manifest.json cannot be read; generation 2 answers instead."
    ]
    assert publish(library, versioned(4)).generation == 4


def test_no_flipped_bit_in_a_manifest_goes_unnoticed(library: FolderLibrary, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 3)
    sound = (folder / "manifest.json").read_bytes()
    read_checked(folder, 3)
    for offset in range(len(sound)):
        flip_a_bit(folder / "manifest.json", offset)
        with pytest.raises(Damaged):
            read_checked(folder, 3)
        (folder / "manifest.json").write_bytes(sound)


def test_a_generation_under_another_number_is_damaged(library: FolderLibrary, tmp_path: Path) -> None:
    shutil.rmtree(folder_of(tmp_path, 3))
    shutil.copytree(folder_of(tmp_path, 1), folder_of(tmp_path, 3))
    assert answered_version(library) == 2


def test_files_of_two_generations_do_not_pass_for_one(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    publish(library, versioned(1))
    publish(library, versioned(2, size=3))
    old, new = folder_of(tmp_path, 1), folder_of(tmp_path, 2)
    shutil.copy(old / "vectors.faiss", new)
    mixed = manifest.read_manifest(new)
    sums = {**mixed.checksums, "vectors.faiss": files.digest(new / "vectors.faiss")}
    write_sealed(new / "manifest.json", read_sealed(new / "manifest.json") | {"checksums": sums})
    with pytest.raises(Damaged, match="belong together"):
        snapshot.open_generation(new, 2)


@pytest.mark.parametrize("name", ["catalogue.db", "vectors.faiss"])
def test_files_with_a_right_checksum_that_cannot_be_read_are_damaged(
    library: FolderLibrary, tmp_path: Path, name: str
) -> None:
    folder = folder_of(tmp_path, 3)
    (folder / name).write_bytes(b"no such format")
    stored = read_sealed(folder / "manifest.json")
    stored["checksums"][name] = files.digest(folder / name)
    write_sealed(folder / "manifest.json", stored)
    assert answered_version(library) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        Path.unlink,
        empty,
        lambda path: path.write_text("three\n"),
        lambda path: path.write_bytes(b"\xff\xfe\x00"),
        lambda path: path.write_text("99\n"),
        lambda path: path.write_text("9" * 30),
        replace_by_a_folder,
    ],
)
def test_where_current_names_nothing_the_newest_generation_answers(
    library: FolderLibrary,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    spoil: Callable[[Path], None],
) -> None:
    spoil(tmp_path / "CURRENT")
    assert answered_version(library) == 3
    assert answered_version(library) == 3
    (sentence,) = said(caplog)
    assert sentence.endswith("generation 3 answers instead.")


def test_an_unreadable_current_file_does_not_stop_the_next_writer(
    library: FolderLibrary, tmp_path: Path
) -> None:
    (tmp_path / "CURRENT").write_text("three\n")
    assert library.rollback().generation == 3
    (tmp_path / "CURRENT").write_text("99\n")
    assert publish(library, versioned(4)).generation == 100
    assert answered_version(library) == 4


def test_deleting_everything_leaves_an_empty_library(
    library: FolderLibrary, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert answered_version(library) == 3
    shutil.rmtree(tmp_path)
    assert library.current() is None
    assert library.generations() == []
    assert said(caplog) == []
    assert publish(library, versioned(4)).generation == 1


def test_files_that_are_not_ours_are_ignored_and_left(library: FolderLibrary, tmp_path: Path) -> None:
    generations = tmp_path / "generations"
    (tmp_path / "journal.db").write_text("x")
    (generations / "notes.txt").write_text("x")
    (generations / "000007").write_text("a file")
    for name in ("backup", "000009", "3", "٣"):
        (generations / name).mkdir()
    (generations / "3" / "manifest.json").write_text("{}")
    foreign = {"notes.txt", "000007", "backup", "000009", "3", "٣"}
    assert answered_version(library) == 3
    assert [kept.generation for kept in library.generations()] == [3, 2, 1]
    assert publish(library, versioned(4)).generation == 10
    assert library.prune(keep=1) == [1, 2, 3]
    assert {path.name for path in generations.iterdir()} == foreign | {"000010"}
    assert (tmp_path / "journal.db").read_text() == "x"


def test_a_damaged_generation_is_neither_rolled_back_to_nor_counted_when_pruning(
    library: FolderLibrary, tmp_path: Path
) -> None:
    empty(folder_of(tmp_path, 2) / "catalogue.db")
    with pytest.raises(Damaged, match=r"^Generation 2 is damaged.*\.$"):
        library.rollback(2)
    assert answered_version(library) == 3
    assert library.prune(keep=2) == [2]
    assert library.rollback().generation == 1
    with pytest.raises(UnknownGeneration, match=r"no generation 2; kept are: 1, 3\.$"):
        library.rollback(2)


def test_rollback_passes_over_a_damaged_generation(library: FolderLibrary, tmp_path: Path) -> None:
    empty(folder_of(tmp_path, 2) / "catalogue.db")
    assert library.rollback().generation == 1


def test_prune_keeps_the_generation_that_stands_in(library: FolderLibrary, tmp_path: Path) -> None:
    library.rollback(2)
    empty(folder_of(tmp_path, 2) / "catalogue.db")
    assert library.prune(keep=1) == []
    assert answered_version(library) == 1


@pytest.mark.parametrize("damage", [cut_in_half, empty, flip_a_bit, Path.unlink])
def test_a_catalogue_damaged_under_an_open_snapshot_is_noticed_and_replaced(
    library: FolderLibrary, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    assert answered_version(library) == 3
    damage(folder_of(tmp_path, 3) / "catalogue.db")
    assert answered_version(library) == 2


def test_a_question_in_flight_reads_no_nonsense_from_a_catalogue_cut_short(tmp_path: Path) -> None:
    # More than SQLite keeps in memory.
    library = FolderLibrary(tmp_path)
    publish(library, contents([f"passage {number} " + "word " * 300 for number in range(3000)]))
    snapshot = library.current()
    assert snapshot is not None
    cut_in_half(folder_of(tmp_path, 1) / "catalogue.db")
    for _ in range(2):
        with pytest.raises(Damaged, match=r"can no longer be read\.$"):
            snapshot.passages_of("guide")


def test_a_catalogue_whose_tables_vanished_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "catalogue.db").write_bytes(b"")
    opened = catalogue.Catalogue(tmp_path / "catalogue.db")
    assert not opened.damaged
    with pytest.raises(Damaged, match="can no longer be read"):
        opened.sizes()
    assert opened.damaged


def test_a_row_that_is_not_what_was_written_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.db"
    catalogue.write_catalogue(path, contents())
    with closing(Database(path)) as db:
        db.execute("UPDATE passages SET cues = '[' WHERE position = 1")
    opened = catalogue.Catalogue(path)
    assert opened.passage(0).id == "guide#0"
    with pytest.raises(Damaged, match="can no longer be read"):
        opened.passage(1)


def test_a_catalogue_that_is_not_there_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="cannot be read"):
        catalogue.Catalogue(tmp_path / "catalogue.db")


# --- another version of the program -------------------------------------------------------------------------


def test_a_folder_of_a_newer_version_is_refused(library: FolderLibrary, tmp_path: Path) -> None:
    write_sealed(tmp_path / "FORMAT", 2)
    fresh = FolderLibrary(tmp_path)
    with pytest.raises(NewerFormat, match="newer version"):
        fresh.current()
    with pytest.raises(NewerFormat):
        fresh.generations()
    with pytest.raises(NewerFormat), fresh.writing("a test"):
        pass


def test_a_generation_of_a_newer_version_is_refused(library: FolderLibrary, tmp_path: Path) -> None:
    path = folder_of(tmp_path, 3) / "manifest.json"
    write_sealed(path, read_sealed(path) | {"format": 2, "novelty": True})
    with pytest.raises(NewerFormat, match="newer version"):
        library.current()


@pytest.mark.parametrize("damage", DAMAGES[:4])
def test_a_damaged_format_file_is_written_again(
    library: FolderLibrary, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    damage(tmp_path / "FORMAT")
    assert answered_version(library) == 3
    publish(library, versioned(4))
    assert read_sealed(tmp_path / "FORMAT") == 1
