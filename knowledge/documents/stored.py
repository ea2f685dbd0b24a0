"""Files and folders that change in one step, so that a crash leaves either the old state or the new one."""

import contextlib
import errno
import json
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from knowledge.documents.errors import NotKept

_PATIENCE = 30.0


class Lock:
    """Lets one change documents at a time, in this process and in all others."""

    def __init__(self, data: Path) -> None:
        self._path = data / "documents.lock"
        self._threads = threading.RLock()

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold it. Raises NotKept."""
        with self._threads, kept():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                # The kernel releases it if the holder dies.
                with FileLock(self._path, timeout=_PATIENCE, is_singleton=True):
                    yield
            except Timeout as error:
                raise NotKept("Somebody else is changing the documents; try again in a minute.") from error


@contextlib.contextmanager
def kept() -> Iterator[None]:
    """Tell in a sentence what a disk would not do. Raises NotKept."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise NotKept(f"The data folder could not be changed ({reason}).") from error


def make_private(folder: Path) -> None:
    """Make a folder that no other user may look into: what is in it answers nobody, or not yet."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_file(path: Path, data: bytes) -> None:
    """Write a new file that survives a power cut."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def write_json(path: Path, value: Any) -> None:
    """Replace a JSON file in one step."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    write_file(fresh, json.dumps(value, ensure_ascii=False, indent=1).encode())
    fresh.replace(path)
    sync(path.parent)


def move(folder: Path, target: Path) -> None:
    """Move a folder in one step, also from one disk to another."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        hidden = target.with_name(f".{target.name}.new")
        shutil.rmtree(hidden, ignore_errors=True)
        shutil.copytree(folder, hidden)
        for path in hidden.iterdir():
            sync(path)
        sync(hidden)
        hidden.replace(target)
        discard(folder)
    sync(target.parent)
    sync(folder.parent)


def discard(folder: Path) -> None:
    """Remove a folder that counts no more; what resists is left to the next sweep."""
    if folder.is_symlink():  # where it leads is somebody else's
        with contextlib.suppress(OSError):
            folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # not possible there
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
