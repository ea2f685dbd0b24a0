"""Disks that are full, read-only or failing, and what was half done when they did."""

import logging
import os
import resource
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.folder import building, catalogue, files
from index.folder.library import FolderLibrary
from index.library import Contents, Damaged, LibraryError
from tests.index.samples import answered_version, contents, embed, passage, publish, versioned
from tests.index.spoiling import (
    empty,
    folder_of,
    said,
)


@pytest.fixture
def library(tmp_path: Path) -> FolderLibrary:
    """Three published generations."""
    library = FolderLibrary(tmp_path)
    for version in (1, 2, 3):
        publish(library, versioned(version))
    return library


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


def test_everything_a_generation_needs_is_on_the_disk_before_current_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[str, bool]] = []

    def note(handle: int) -> None:
        synced.append((Path(f"/proc/self/fd/{handle}").resolve().name, (tmp_path / "CURRENT").exists()))

    monkeypatch.setattr(os, "fsync", note)
    publish(FolderLibrary(tmp_path), versioned(1))
    before = {name for name, published in synced if not published}
    assert before >= {"catalogue.db", "vectors.faiss", ".manifest.json.new", "generations", ".CURRENT.new"}
    assert (tmp_path.name, True) in synced
