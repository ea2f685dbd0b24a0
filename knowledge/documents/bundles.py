"""An added document as a folder: its file as it was given, and beside it what was stated about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from knowledge.corpus.folders import version_of
from knowledge.corpus.reading import Corpus, read_corpus
from knowledge.documents.errors import Rejected
from knowledge.documents.stored import sync, write_file
from knowledge.entities import Document
from knowledge.formats.conversion import Convert
from knowledge.formats.shapes import one_line

REGISTRY = "sources.toml"
_SAID = ("title", "author", "date", "site", "link")
_WEB = ("https://", "http://")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Bundles:
    """The folders of added documents below one folder."""

    folder: Path

    def of(self, name: str) -> list[Path]:
        """All versions of the document of this name, the newest first."""
        if not self.folder.is_dir():
            return []
        found = [path for path in self.folder.iterdir() if version_of(path.name)[0] == name]
        bundles = [path for path in found if path.is_dir() and _holds(path, name)]
        return sorted(bundles, key=lambda path: version_of(path.name)[1], reverse=True)

    def newest(self, document: str) -> Path | None:
        """The folder that the document of this id lies in, None where it lies in no folder of its own."""
        return next(iter(self.of(name_of(document))), None)


def _holds(folder: Path, name: str) -> bool:
    return any(path.stem == name and path.name != REGISTRY for path in folder.iterdir())


def name_of(document: str) -> str:
    """The name of the folder of a document: that of a line of a file is the file's."""
    return document.partition(".jsonl#")[0]


def write_bundle(folder: Path, file: str, data: bytes, stated: Mapping[str, str]) -> None:
    """Write a document and what is stated about it into a new folder."""
    folder.mkdir()
    write_file(folder / file, data)
    if entry := _entry(stated):
        write_file(folder / REGISTRY, tomli_w.dumps({"source": [{"file": file, **entry}]}).encode())
    sync(folder)


def check_stated(stated: Mapping[str, str]) -> None:
    """Refuse what can stand in no registry. Raises Rejected."""
    unknown = sorted(stated.keys() - {*_SAID, "topics"})
    if unknown:
        raise Rejected(f"“{unknown[0]}” is nothing that can be stated about a document.")
    link = stated.get("link", "").strip()
    if link and not link.startswith(_WEB):
        raise Rejected("A link has to begin with https:// or http://.")
    for key in _SAID:
        if len(stated.get(key, "")) > _LONGEST:
            raise Rejected(f"The {key} has more than {_LONGEST} characters.")


def _entry(stated: Mapping[str, str]) -> dict[str, object]:
    entry: dict[str, object] = {key: text for key in _SAID if (text := _seen(stated.get(key, "")))}
    topics = [said for line in stated.get("topics", "").splitlines() if (said := _seen(line))]
    if topics:
        entry["topics"] = {stated.get("heading", ""): topics}
    return entry


def _seen(text: str) -> str:
    return one_line("".join(letter if letter.isprintable() else " " for letter in text))


def heading_for_topics(documents: Sequence[Document]) -> str:
    """The heading that the topics of a document are put under: its first with something below it."""
    for document in documents:
        for section in document.sections:
            if section.blocks:
                return section.headings[-1] if section.headings else document.title
    return ""


def read_bundle(folder: Path, *, size_limit: int, convert: Convert) -> Corpus:
    """The documents of one folder. Raises knowledge.corpus.folders.UnreadableFolder."""
    return read_corpus([folder], size_limit=size_limit, convert=convert)


def count_words(documents: Iterable[Document]) -> int:
    """How many words they have together."""
    return sum(len(document.text.split()) for document in documents)
