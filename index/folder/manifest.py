"""The manifest of a generation as a file, sealed with its own checksum."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.folder.files import digest, read_sealed, write_sealed
from index.folder.layout import FORMAT, MANIFEST
from index.library import Contents, Damaged, Manifest, NewerFormat

CATALOGUE = "catalogue.db"
VECTORS = "vectors.faiss"
_FILES = (CATALOGUE, VECTORS)


def describe(folder: Path, contents: Contents, number: int) -> Manifest:
    """The manifest of files that were just written from these contents."""
    return Manifest(
        generation=number,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        format=FORMAT,
        fingerprint=contents.fingerprint,
        dimension=contents.vectors.shape[1],
        documents={record.id: record.digest for record in contents.records},
        passages=len(contents.passages),
        cues=contents.vectors.shape[0],
        facts=dict(contents.facts),
        checksums={name: digest(folder / name) for name in _FILES},
        size=sum((folder / name).stat().st_size for name in _FILES),
    )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write or replace the manifest in a generation's folder."""
    write_sealed(folder / MANIFEST, asdict(manifest))


def settle(folder: Path, manifest: Manifest, number: int, facts: Mapping[str, Any]) -> Manifest:
    """Give a generation that is not published yet its final number, and facts found since it was built."""
    final = replace(manifest, generation=number, facts={**manifest.facts, **facts})
    write_manifest(folder, final)
    return final


def read_manifest(folder: Path) -> Manifest:
    """Read and check the manifest alone. Raises Damaged, NewerFormat."""
    try:
        stored = read_sealed(folder / MANIFEST)
        if stored["format"] > FORMAT:
            raise NewerFormat(
                f"Generation {folder.name} was written by a newer version of this program; update it."
            )
        return Manifest(**stored)
    except OSError as error:
        raise Damaged(f"{MANIFEST} cannot be read") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{MANIFEST} was altered") from error


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with its checksum. Raises Damaged."""
    for name in _FILES:
        try:
            found = digest(folder / name)
        except OSError as error:
            raise Damaged(f"{name} cannot be read") from error
        if found != manifest.checksums.get(name):
            raise Damaged(f"{name} was altered")


def read_checked(folder: Path, number: int) -> Manifest:
    """The manifest of a generation whose files are all as they were written. Raises Damaged, NewerFormat."""
    manifest = read_manifest(folder)
    if manifest.generation != number:
        raise Damaged(f"{MANIFEST} belongs to generation {manifest.generation}")
    check_files(folder, manifest)
    return manifest
