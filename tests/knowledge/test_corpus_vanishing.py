"""Files and folders that are removed between being listed and being read."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.corpus import reading
from knowledge.corpus.folders import Shelf, walk
from knowledge.corpus.reading import read_corpus
from tests.knowledge.office import write_all


def read_while(
    monkeypatch: pytest.MonkeyPatch, folder: Path, remove: Path, *, after: int
) -> tuple[list[str], list[str]]:
    """The documents read and the rules broken when something is removed after so many shelves were listed."""

    def removing(top: Path) -> Iterator[Shelf]:
        for number, shelf in enumerate(walk(top), 1):
            if number == after:
                shutil.rmtree(remove) if remove.is_dir() else remove.unlink()
            yield shelf

    monkeypatch.setattr(reading, "walk", removing)
    corpus = read_corpus([folder])
    return [document.id for document in corpus.documents], [found.rule for found in corpus.complaints]


def test_a_file_that_is_gone_when_it_is_read_is_a_complaint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_all(tmp_path, {"a.md": b"# A\n\nOne.", "b.md": b"# B\n\nTwo."})
    assert read_while(monkeypatch, folder, folder / "a.md", after=1) == (["b"], ["unreadable"])


@pytest.mark.parametrize("after", [1, 2])
def test_a_folder_that_is_gone_when_it_is_read_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    folder = write_all(tmp_path, {"a.md": b"# A\n\nOne."})
    for name in "bcd":
        write_all(folder / name, {f"{name}.md": f"# T\n\nText {name}.".encode()})
    assert read_while(monkeypatch, folder, folder / "c", after=after) == (["a", "b", "d"], [])


def test_a_file_that_is_cut_while_it_is_read_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    folder = write_all(tmp_path, {"a.md": b"# A\n\nOne.\n\n" + b"Two. " * 100_000})
    os.truncate(folder / "a.md", 10)
    assert [document.text for document in read_corpus([folder]).documents] == ["One."]


def test_only_the_newest_version_of_a_document_is_read(tmp_path: Path) -> None:
    for number, name in enumerate(["pay", "pay~2", "pay~10", "other~1"]):
        write_all(tmp_path / name, {f"{name.partition('~')[0]}.md": f"# P\n\nVersion {number}.".encode()})
    texts = {document.id: document.text for document in read_corpus([tmp_path]).documents}
    assert texts == {"pay": "Version 2.", "other": "Version 3."}


def test_a_folder_of_its_own_names_a_document_but_no_other(tmp_path: Path) -> None:
    write_all(tmp_path / "pay", {"pay.md": b"# P\n\nOne.", "more.md": b"# M\n\nTwo."})
    assert [document.id for document in read_corpus([tmp_path]).documents] == ["pay", "pay/more"]
