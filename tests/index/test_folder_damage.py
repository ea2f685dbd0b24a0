"""Files that are cut short, altered, missing or not ours; a disk that is full or read-only."""

import logging
import os
import resource
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database

from index.folder import building, catalogue, files, manifest, snapshot
from index.folder.files import read_sealed, write_sealed
from index.folder.library import FolderLibrary
from index.folder.manifest import read_checked
from index.library import Contents, Damaged, LibraryError, NewerFormat, UnknownGeneration
from tests.index.samples import answered_version, contents, embed, passage, publish, versioned

FILES = ("catalogue.db", "vectors.faiss", "manifest.json")


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def flip_a_bit(path: Path, offset: int | None = None) -> None:
    data = bytearray(path.read_bytes())
    place = len(data) // 2 if offset is None else offset
    data[place] ^= 1 << place % 8
    path.write_bytes(data)


def replace_by_something_else(path: Path) -> None:
    path.write_text("[1, 2, 3]")


def replace_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = (cut_in_half, empty, flip_a_bit, replace_by_something_else, replace_by_a_folder, Path.unlink)


@pytest.fixture
def library(tmp_path: Path) -> FolderLibrary:
    """Three published generations."""
    library = FolderLibrary(tmp_path)
    for version in (1, 2, 3):
        publish(library, versioned(version))
    return library


def folder_of(root: Path, number: int) -> Path:
    return root / "generations" / f"{number:06d}"


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "index.folder"]


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


# --- disks --------------------------------------------------------------------------------------------------


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The kernel refuses further writes, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# The catalogue takes some 2 MB, the vectors 0.5 MB, and a passage-free generation little beyond its manifest.
BIG = contents([f"passage {number} " + "word " * 50 for number in range(2000)])
MANY_DOCUMENTS = Contents(
    records=[],
    passages=[],
    vectors=BIG.vectors[:0],
    fingerprint="x",
    facts={str(number): number for number in range(20_000)},
)


@pytest.mark.parametrize(
    ("limit", "what"),
    [(0, BIG), (600, BIG), (50_000, BIG), (400_000, BIG), (200_000, MANY_DOCUMENTS)],
)
def test_a_full_disk_leaves_the_old_generation_and_no_trace(
    library: FolderLibrary, tmp_path: Path, limit: int, what: Contents
) -> None:
    before = {path.name for path in (tmp_path / "generations").iterdir()}
    with library.writing("a test"):
        with (
            no_file_larger_than(limit),
            pytest.raises(LibraryError, match=r"could not be written \(.+\); .*\.$"),
        ):
            library.build(what)
        assert {path.name for path in (tmp_path / "generations").iterdir()} == before
    assert answered_version(library) == 3
    assert publish(library, versioned(4)).generation == 4


def test_a_disk_full_of_vectors_leaves_the_old_generation(library: FolderLibrary, tmp_path: Path) -> None:
    tall = contents(passages=[passage(0, "x", cues=["a"] * 20_000)])
    with (
        library.writing("a test"),
        no_file_larger_than(3_000_000),
        pytest.raises(LibraryError, match="written"),
    ):
        library.build(tall)
    assert answered_version(library) == 3


def test_a_disk_full_while_publishing_withdraws_the_candidate(library: FolderLibrary, tmp_path: Path) -> None:
    with library.writing("a test"):
        candidate = library.build(versioned(4))
        (tmp_path / ".CURRENT.new").mkdir()
        with pytest.raises(LibraryError, match="could not be written"):
            candidate.publish()
        assert [path.name for path in sorted((tmp_path / "generations").iterdir())] == [
            "000001",
            "000002",
            "000003",
        ]
    assert answered_version(library) == 3


def test_a_publish_that_fails_after_the_current_line_is_not_withdrawn(
    library: FolderLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot_sync(path: Path) -> None:
        if path == tmp_path:
            raise OSError(5, "Input/output error")

    with library.writing("a test"):
        candidate = library.build(versioned(4))
        monkeypatch.setattr(files, "sync", cannot_sync)
        with pytest.raises(LibraryError, match="Input/output error"):
            candidate.publish()
    assert answered_version(library) == 4


def test_a_generation_without_its_mark_is_published_while_current_names_it(
    library: FolderLibrary, tmp_path: Path
) -> None:
    mark = folder_of(tmp_path, 3) / "published"
    mark.unlink()
    assert [kept.generation for kept in library.generations()] == [3, 2, 1]
    with library.writing("a test"):
        assert mark.exists()


def test_a_numbered_folder_that_was_never_current_does_not_stand_in(
    library: FolderLibrary, tmp_path: Path
) -> None:
    (folder_of(tmp_path, 3) / "published").unlink()
    (tmp_path / "CURRENT").write_text("2\n")
    assert [kept.generation for kept in library.generations()] == [2, 1]
    empty(folder_of(tmp_path, 2) / "catalogue.db")
    assert answered_version(library) == 1
    with library.writing("a test"):
        assert not folder_of(tmp_path, 3).exists()


def test_publishing_a_candidate_twice_is_a_library_error(library: FolderLibrary) -> None:
    with library.writing("a test"):
        candidate = library.build(versioned(4))
        candidate.publish()
        with pytest.raises(LibraryError, match="could not be written"):
            candidate.publish()
        candidate.discard()
    assert answered_version(library) == 4


def test_text_that_is_not_unicode_is_refused_in_a_sentence(library: FolderLibrary) -> None:
    with library.writing("a test"), pytest.raises(LibraryError, match="surrogates"):
        library.build(contents(passages=[passage(0, "\ud800", cues=())]))
    assert answered_version(library) == 3


def test_a_catalogue_that_lost_a_passage_while_written_is_noticed(
    library: FolderLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_one(path: Path, what: Contents) -> None:
        catalogue.write_catalogue(path, versioned(4, size=3))

    monkeypatch.setattr(building, "write_catalogue", lose_one)
    with library.writing("a test"), pytest.raises(Damaged, match="belong together"):
        library.build(versioned(4))
    assert len(list((tmp_path / "generations").iterdir())) == 3


def test_a_catalogue_with_other_text_than_was_given_is_noticed(
    library: FolderLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_other(path: Path, what: Contents) -> None:
        catalogue.write_catalogue(path, versioned(5))

    monkeypatch.setattr(building, "write_catalogue", write_other)
    with library.writing("a test"), pytest.raises(Damaged, match="does not hold what was written"):
        library.build(versioned(4))
    assert len(list((tmp_path / "generations").iterdir())) == 3


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder with one generation in which this process may write nothing, even when root runs the tests."""
    folder = Path(tempfile.mkdtemp())
    publish(FolderLibrary(folder), versioned(1))
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield folder
    os.seteuid(user)
    for path in (folder, *folder.rglob("*")):
        path.chmod(stat.S_IRWXU)
    shutil.rmtree(folder)


def test_a_read_only_folder_answers_but_takes_no_writer(read_only_folder: Path) -> None:
    library = FolderLibrary(read_only_folder)
    with pytest.raises(
        LibraryError, match=r"could not be written \(.*\); the current generation is unchanged\."
    ):
        publish(library, versioned(2))
    assert answered_version(library) == 1


def test_a_data_folder_that_is_a_file_is_a_library_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    library = FolderLibrary(tmp_path / "data")
    assert library.current() is None
    with pytest.raises(LibraryError, match="could not be written"), library.writing("a test"):
        pass


def test_nothing_is_logged_while_all_is_well(
    library: FolderLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    now = library.current()
    assert now is not None
    now.nearest(embed("passage"), 3)
    library.rollback()
    library.current()
    library.prune(keep=1)
    assert said(caplog) == []
