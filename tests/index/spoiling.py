"""Ways in which files go bad, and what was said about it."""

import os
from pathlib import Path

import pytest

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


def folder_of(root: Path, number: int) -> Path:
    return root / "generations" / f"{number:06d}"


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "index.folder"]
