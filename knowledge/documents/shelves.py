"""The folders that are read, each read once for as long as nothing in it changes."""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from pathlib import Path

from knowledge.corpus.complaints import complain
from knowledge.corpus.folders import UnreadableFolder
from knowledge.corpus.reading import Corpus, packaged_articles, read_corpus
from knowledge.documents.entries import Place
from knowledge.entities import Complaint, Document
from knowledge.formats.conversion import Convert

Folders = Callable[[], Sequence[Traversable | Path]]
_State = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document and where it lies: in which folder of those read, by place and by number."""

    document: Document
    place: Place
    folder: Traversable | Path
    number: int
    complaints: tuple[Complaint, ...]


class Shelves:
    """All documents of the folders, those left out as well."""

    def __init__(self, *, folders: Folders, own: Path, size_limit: int, convert: Convert) -> None:
        self._folders = folders
        self._own = own
        self._size_limit = size_limit
        self._convert = convert
        self._read: dict[str, tuple[_State, Corpus]] = {}

    def all(self) -> dict[str, list[Shelved]]:
        """Every document of every folder by its id; the last of several is the one that counts."""
        found: dict[str, list[Shelved]] = {}
        for number, folder in enumerate(self._folders()):
            place = self._place(folder)
            corpus = self._corpus(folder)
            about: defaultdict[str, list[Complaint]] = defaultdict(list)
            for complaint in corpus.complaints:
                about[complaint.path].append(complaint)
            for document in corpus.documents:
                complaints = tuple(each for each in about[document.path] if _concerns(each, document))
                shelved = Shelved(document, place, folder, number, complaints)
                found.setdefault(document.id, []).append(shelved)
        return found

    def number_of_own(self) -> int:
        """The number of the own folder among those read; below all where it is not among them yet."""
        return next((n for n, folder in enumerate(self._folders()) if self._place(folder) == "added"), -1)

    def _place(self, folder: Traversable | Path) -> Place:
        if not isinstance(folder, Path):
            return "shipped"
        if folder.absolute() == self._own.absolute():
            return "added"
        return "shipped" if _is_packaged(folder) else "folder"

    def _corpus(self, folder: Traversable | Path) -> Corpus:
        state = _state(folder) if isinstance(folder, Path) else ()
        name = str(folder)
        if name in self._read and self._read[name][0] == state:
            return self._read[name][1]
        try:
            corpus = read_corpus([folder], size_limit=self._size_limit, convert=self._convert)
        except UnreadableFolder:
            return Corpus((), ())
        self._read[name] = state, corpus
        return corpus


def _concerns(complaint: Complaint, document: Document) -> bool:
    """Whether a complaint about its file is one about a document, which may be but one line of it."""
    one_line = ".jsonl#" in document.id and complaint.line is not None and document.lines
    return not one_line or complaint.line == document.lines[0][1]


def twin_complaint(shelved: Shelved, other: Document) -> Complaint:
    """What is said of a document that says the same as another."""
    return complain("duplicate", shelved.document.path, f"Says the same as {other.path}.")


def changed_on(shelved: Shelved) -> str | None:
    """The day the file of a document was last changed; None for what comes with the program."""
    if shelved.place == "shipped" or not isinstance(shelved.folder, Path):
        return None
    try:
        seconds = (shelved.folder.absolute().parent / shelved.document.path).stat().st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _is_packaged(folder: Path) -> bool:
    packaged = packaged_articles()
    return isinstance(packaged, Path) and folder.absolute() == packaged.absolute()


def _state(folder: Path) -> _State:
    """What changes when a file of a folder does."""
    found = []
    seen: set[str] = set()
    for above, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(above)
        if real in seen:  # a link that leads round in circles
            folders.clear()
            continue
        seen.add(real)
        for name in names:
            path = f"{above}{os.sep}{name}"
            try:
                status = os.stat(path)  # noqa: PTH116 - thousands of files
            except OSError:
                continue
            found.append((path, status.st_size, status.st_mtime_ns, status.st_ino))
    return tuple(sorted(found))
