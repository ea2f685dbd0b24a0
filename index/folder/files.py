"""Writing files so that a crash leaves either the old one or the new one, and noticing altered ones."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any


def write_whole(path: Path, text: str) -> None:
    """Replace a file in one step that survives a power cut."""
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(path: Path) -> str:
    """The sha-256 of a file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sealed(path: Path, value: Any) -> None:
    """Write JSON together with its own checksum."""
    write_whole(path, json.dumps({"sha256": _seal(value), "value": value}, ensure_ascii=False, indent=1))


def read_sealed(path: Path) -> Any:
    """Read what `write_sealed` wrote. Raises OSError, or ValueError where one bit differs."""
    try:
        sealed = json.loads(path.read_bytes())
        intact = sealed["sha256"] == _seal(sealed["value"])
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"{path.name} is not a sealed file") from error
    if not intact:
        raise ValueError(f"{path.name} was altered")
    return sealed["value"]


def _seal(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
