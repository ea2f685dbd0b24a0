"""Disks that are full, read-only or failing while documents are added and removed."""

import errno
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from knowledge.documents import stored
from knowledge.documents.errors import NotKept
from tests.knowledge.adding import Desk


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The kernel refuses further writes, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("limit", [0, 10, 1_000])
def test_a_full_disk_refuses_an_upload_and_leaves_no_trace(tmp_path: Path, limit: int) -> None:
    desk = Desk(tmp_path)
    with (
        no_file_larger_than(limit),
        pytest.raises(NotKept, match=r"could not be changed \(File too large\)\.$"),
    ):
        desk.own.offer("a.md", b"# A\n\n" + b"Text. " * 1_000, stated={"title": "A" * 200}, who="ann")
    assert names(tmp_path / "uploads") == []
    assert desk.add("a.md", "# A\n\nText.") == ("a",)


def test_a_full_disk_removes_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.add("a.md", "# A\n\nText.")
    with no_file_larger_than(0), pytest.raises(NotKept):
        desk.own.remove("a")
    assert desk.texts() == {"a": "Text."}
    assert desk.own.removed() == []
    desk.own.remove("a")
    assert desk.texts() == {}


def on_a_read_only_disk(*_: object, **__: object) -> None:
    raise OSError(errno.EROFS, "Read-only file system")


DEEDS: dict[str, Callable[[Desk], object]] = {
    "offer": lambda desk: desk.own.offer("b.md", b"# B\n\nOther.", who="ann"),
    "accept": lambda desk: desk.own.accept(names(desk.data / "uploads")[0]),
    "remove": lambda desk: desk.own.remove("a"),
    "restore": lambda desk: desk.own.restore("c"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_read_only_folder_changes_nothing_and_is_still_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    desk = Desk(tmp_path)
    desk.add("a.md", "# A\n\nText.")
    desk.add("c.md", "# C\n\nMore.")
    desk.own.remove("c")
    desk.own.offer("d.md", b"# D\n\nWaiting.", who="ann")
    before = desk.texts(), names(tmp_path / "uploads"), desk.own.removed()
    with monkeypatch.context() as patched:
        # Tests may run as a user whom no permission stops.
        for change in ("mkdir", "replace", "unlink"):
            patched.setattr(Path, change, on_a_read_only_disk)
        patched.setattr(stored, "write_file", on_a_read_only_disk)
        with pytest.raises(NotKept, match=r"could not be changed \(Read-only file system\)\.$"):
            DEEDS[deed](desk)
        assert [held.id for held in desk.own.sources(None)] == ["a"]
    assert (desk.texts(), names(tmp_path / "uploads"), desk.own.removed()) == before


def test_a_folder_on_another_disk_is_copied_in_one_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    replaced = Path.replace

    def across(path: Path, target: Path) -> Path:
        if path.is_dir() and path.parent != target.parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replaced(path, target)

    monkeypatch.setattr(Path, "replace", across)
    desk.add("a.md", "# A\n\nText.", author="Ann")
    assert desk.texts() == {"a": "Text."}
    desk.own.remove("a")
    assert desk.texts() == {}
    assert names(tmp_path / "documents") == []
    desk.own.restore("a")
    assert desk.texts() == {"a": "Text."}


def test_a_data_folder_that_is_a_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(NotKept, match=r"could not be changed \(.+\)\.$"):
        Desk(tmp_path / "data").own.offer("a.md", b"# A\n\nText.", who="ann")
