"""The files of a folder, wherever it is: on disk or inside the installed package.

A document may lie in a folder of its own name beside what is said about it: "guide/guide.md" is "guide". Of
"guide" and "guide~2" the second is the newer version, and the only one that counts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.abc import Traversable
from pathlib import Path, PurePosixPath

_REGISTRY = "sources.toml"
_NEAR_MISSES = "near_misses.toml"
_SKILLS = "skills.toml"
_VERSION = re.compile(r"(.+)~(\d{1,6})")


class UnreadableFolder(Exception):
    """A folder of documents is missing, is no folder or may not be read; the message is one sentence."""


class UnreadableFile(Exception):
    """A file is missing, is no regular file or may not be read."""


class TooLarge(Exception):
    """A file is larger than the limit."""


@dataclass(frozen=True, slots=True)
class File:
    """One file: its place on disk or in the package, its path inside its folder, and the path people see."""

    place: Traversable
    inside: PurePosixPath
    shown: str

    def read(self, limit: int) -> bytes:
        """All bytes. Raises UnreadableFile, TooLarge."""
        if not self.place.is_file():  # opening a pipe would wait for ever
            raise UnreadableFile("it is not a file, or points to none")
        try:
            with self.place.open("rb") as stream:
                data = stream.read(limit + 1)
        except OSError as error:
            raise UnreadableFile(error.strerror or type(error).__name__) from error
        if len(data) > limit:
            raise TooLarge
        return data


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files that lie side by side in one folder, and those that tell about them if there are any."""

    files: tuple[File, ...]
    registry: File | None
    near_misses: File | None = None
    skills: File | None = None


def walk(folder: Traversable | Path) -> Iterator[Shelf]:
    """The folder and all below it, by name; hidden and private files left out. Raises UnreadableFolder."""
    name = folder.absolute().name if isinstance(folder, Path) else folder.name
    yield from _walk(folder, PurePosixPath(), name, frozenset())


def _walk(
    folder: Traversable | Path, inside: PurePosixPath, name: str, above: frozenset[Path]
) -> Iterator[Shelf]:
    if isinstance(folder, Path):
        # A link to a folder above it would lead round in circles.
        if (real := folder.resolve()) in above:
            return
        above |= {real}
    try:
        entries = _entries(folder)
    except UnreadableFolder:
        if inside.parts and isinstance(folder, Path) and not folder.exists():
            return  # removed since it was listed
        raise
    found = tuple(
        File(entry, _alone(path), str(PurePosixPath(name) / path))
        for entry in entries
        if not entry.is_dir()
        for path in (inside / _spelled(entry.name),)
    )
    named = {file.inside.name: file for file in found}
    special = named.get(_REGISTRY), named.get(_NEAR_MISSES), named.get(_SKILLS)
    yield Shelf(tuple(file for file in found if file not in special), *special)
    for entry in _newest([entry for entry in entries if entry.is_dir()]):
        yield from _walk(entry, inside / _spelled(entry.name), name, above)


def version_of(folder: str) -> tuple[str, int]:
    """The name of a document, and which version of it lies in a folder of this name."""
    found = _VERSION.fullmatch(folder)
    return (found[1], int(found[2])) if found else (folder, 0)


def _newest(folders: Sequence[Traversable]) -> Iterator[Traversable]:
    """The folders but those that hold an older version of what another holds."""
    newest: dict[str, int] = {}
    for folder in folders:
        name, version = version_of(folder.name)
        newest[name] = max(version, newest.get(name, 0))
    return (folder for folder in folders if newest[version_of(folder.name)[0]] == version_of(folder.name)[1])


def _alone(path: PurePosixPath) -> PurePosixPath:
    """The path of a file without the folder of its own name."""
    named = version_of(path.parent.name)[0] == path.stem
    return path.parent.with_name(path.name) if path.parent.name and named else path


def _entries(folder: Traversable | Path) -> list[Traversable]:
    try:
        entries = [*folder.iterdir()]
    except FileNotFoundError as error:
        raise UnreadableFolder(f"There is no folder {folder}.") from error
    except NotADirectoryError as error:
        raise UnreadableFolder(f"{folder} is not a folder.") from error
    except OSError as error:
        raise UnreadableFolder(f"The folder {folder} cannot be read: {error.strerror or error}.") from error
    return sorted(
        (entry for entry in entries if not entry.name.startswith((".", "__"))), key=lambda entry: entry.name
    )


def _spelled(name: str) -> str:
    """A file's name with bytes and control characters that are no text shown as �."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "�" for character in text)
