"""Folders of files into cleaned documents, with a complaint about everything that is wrong with them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path

from knowledge.corpus.characters import clean_characters
from knowledge.corpus.complaints import Finding, complain, gather
from knowledge.corpus.composing import Raw, compose
from knowledge.corpus.folders import File, Shelf, TooLarge, UnreadableFile, walk
from knowledge.corpus.near_misses import BadNearMisses, read_near_misses
from knowledge.corpus.statements import Registry, Statement, join, read_registry
from knowledge.entities import Complaint, Document, NearMisses
from knowledge.formats.conversion import Convert, Unconverted
from knowledge.formats.decoding import NotText, decode
from knowledge.formats.jsonlines import BadLine, read_jsonlines
from knowledge.skills.own import Stated, read_own

_FORMATS = {
    ".md": ".md",
    ".markdown": ".md",
    ".txt": ".txt",
    ".text": ".txt",
    ".html": ".html",
    ".htm": ".html",
    ".jsonl": ".jsonl",
    ".pdf": ".pdf",
    ".docx": ".docx",
}
_CONVERTED = (".pdf", ".docx")


@dataclass(frozen=True, slots=True)
class Corpus:
    """All documents by id, and what their authors and admins should know about them."""

    documents: tuple[Document, ...]
    complaints: tuple[Complaint, ...]
    near_misses: tuple[NearMisses, ...] = ()
    skills: tuple[Stated, ...] = ()


def packaged_articles() -> Traversable:
    """The folder of articles that comes with the program."""
    return files("knowledge") / "sources"


def read_corpus(
    folders: Sequence[Traversable | Path],
    *,
    size_limit: int = 5_000_000,
    convert: Convert | None = None,
    leave_out: Collection[str] = (),
    told: Callable[[], None] = lambda: None,
) -> Corpus:
    """Every document in these folders; one in a later folder replaces one of the same id in an earlier.

    Without `convert` no PDF and no Word file is read; `leave_out` names ids that do not count; `told` is
    called before each file, and what it raises stops the work.
    Raises UnreadableFolder; whatever is wrong with a file is a complaint, and the others are read.
    """
    documents: dict[str, Document] = {}
    complaints: list[Complaint] = []
    near_misses: list[NearMisses] = []
    skills: list[Stated] = []
    declared: dict[str, tuple[Stated, ...]] = {}
    for folder in folders:
        reader = _Reader(size_limit, convert, told)
        for shelf in walk(folder):
            reader.read(shelf)
        complaints += reader.complaints
        near_misses += reader.near_misses
        skills += reader.skills
        declared |= reader.declared
        for document in reader.documents.values():
            if document.id in documents:
                before = documents.pop(document.id).path
                complaints.append(complain("replaces", document.path, f"“{document.id}” replaces {before}."))
            documents[document.id] = document
    gone = [documents.pop(name).path for name in sorted(leave_out) if name in documents]
    remaining = {document.path for document in documents.values()}
    complaints = [found for found in complaints if found.path not in gone or found.path in remaining]
    kept = _without_duplicates(documents.values(), complaints)
    in_order = tuple(sorted(kept, key=lambda document: document.id))
    ids = {document.id for document in in_order}
    skills += (skill for document in in_order for skill in declared[document.id])
    # The registry may declare a skill for every line of a file.
    once = {(skill.path, skill.line, skill.name): skill for skill in skills}
    return Corpus(in_order, tuple(complaints), tuple(_restricted(near_misses, ids)), tuple(once.values()))


def _restricted(near_misses: Iterable[NearMisses], ids: set[str]) -> Iterator[NearMisses]:
    """Near misses of documents that were kept; a replaced one may well answer what the first did not."""
    for found in near_misses:
        if documents := tuple(name for name in found.documents if name in ids):
            yield NearMisses(documents, found.questions)


def _without_duplicates(documents: Iterable[Document], complaints: list[Complaint]) -> Iterator[Document]:
    first: dict[str, Document] = {}
    for document in documents:
        same = first.setdefault(document.text, document)
        if same is document:
            yield document
        else:
            complaints.append(complain("duplicate", document.path, f"Says the same as {same.path}."))


class _Reader:
    """Reads one folder."""

    def __init__(self, size_limit: int, convert: Convert | None, told: Callable[[], None]) -> None:
        self._size_limit = size_limit
        self._convert = convert
        self._told = told
        self.documents: dict[str, Document] = {}
        self.complaints: list[Complaint] = []
        self.near_misses: list[NearMisses] = []
        self.skills: list[Stated] = []
        self.declared: dict[str, tuple[Stated, ...]] = {}

    def read(self, shelf: Shelf) -> None:
        """Read every file of a shelf."""
        before = set(self.documents)
        self._documents(shelf)
        if shelf.near_misses and (questions := self._questions(shelf.near_misses)):
            covered = tuple(sorted(self.documents.keys() - before))
            self.near_misses.append(NearMisses(covered, questions))
        if shelf.skills:
            self._skills(shelf.skills)

    def _skills(self, file: File) -> None:
        stated, flaws = read_own(clean_characters(self._text(file, ".toml") or "")[0])
        self.skills += [replace(skill, path=file.shown) for skill in stated]
        for flaw in flaws:
            self._complain("bad-skills", file, flaw.message, flaw.line)

    def _questions(self, file: File) -> tuple[str, ...]:
        text = self._text(file, ".toml")
        try:
            return read_near_misses(text) if text else ()
        except BadNearMisses as error:
            self._complain("bad-near-misses", file, f"{error}.")
            return ()

    def _documents(self, shelf: Shelf) -> None:
        registry = self._registry(shelf.registry)
        for file in shelf.files:
            self._told()
            form = _FORMATS.get(file.inside.suffix.lower())
            if form is None or (form in _CONVERTED and self._convert is None):
                self._complain("unknown-format", file, "Not a format that is read.")
                continue
            try:
                self._file(file, form, registry)
            except RecursionError:
                self._complain("too-nested", file, "Nested too deep to be read.")
        if shelf.registry is not None:
            self._missing(shelf.registry, registry, {file.inside.name for file in shelf.files})

    def _missing(self, file: File, registry: Registry, names: set[str]) -> None:
        for entry, said in registry.statements.items():
            if entry.partition("#")[0] not in names:
                self._complain("registry-missing-file", file, f"There is no file “{entry}”.", said.line)

    def _registry(self, file: File | None) -> Registry:
        text = self._text(file, ".toml") if file else None
        if file is None or text is None:
            return Registry()
        registry = read_registry(clean_characters(text)[0])
        for finding in registry.findings:
            self._complain(finding.rule, file, finding.text, finding.line)
        placed = {
            name: replace(said, skills=tuple(replace(skill, path=file.shown) for skill in said.skills))
            for name, said in registry.statements.items()
        }
        return replace(registry, statements=placed)

    def _file(self, file: File, form: str, registry: Registry) -> None:
        converted = self._convert is not None and form in _CONVERTED
        text = self._converted(file, form) if converted else self._text(file, form)
        if text is None:
            return
        name = file.inside.name
        said = registry.statements.get(name, Statement())
        if form != ".jsonl":
            form = ".html" if converted else form
            raw = Raw(str(file.inside.with_suffix("")), file.shown, text, form, converted=converted)
            self._document(file, raw, said)
            return
        shared = replace(said, said={key: value for key, value in said.said.items() if key != "title"})
        for entry in read_jsonlines(text):
            if isinstance(entry, BadLine):
                self._complain("bad-line", file, f"Line left out: {entry.reason}.", entry.line)
                continue
            own = registry.statements.get(f"{name}#{entry.id}", Statement())
            raw = Raw(f"{file.inside}#{entry.id}", file.shown, entry.text, ".txt", entry.line)
            self._document(file, raw, join(own, Statement(said=entry.stated), shared))

    def _document(self, file: File, raw: Raw, said: Statement) -> None:
        composed = compose(raw, said)
        if raw.id in self.documents:
            first = self.documents[raw.id].path
            self._complain("same-id", file, f"“{raw.id}” is already the id of {first}.", raw.line)
        elif composed.document is None:
            self._complain("empty", file, "Nothing in it to read.", raw.line)
        else:
            self.documents[raw.id] = composed.document
            self.declared[raw.id] = tuple(
                skill if skill.path else replace(skill, path=file.shown) for skill in composed.skills
            )
            self.complaints += gather(composed.findings, file.shown)

    def _converted(self, file: File, form: str) -> str | None:
        """The page that a file becomes; None, with a complaint, where there is none."""
        data = self._bytes(file)
        if data is None or self._convert is None:
            return None
        try:
            return self._convert(data, form)
        except Unconverted as error:
            self._complain(error.rule, file, str(error))
            return None

    def _text(self, file: File, form: str) -> str | None:
        """The file's text; None, with a complaint, where there is none."""
        data = self._bytes(file)
        if data is None:
            return None
        try:
            decoded = decode(data, markup=form == ".html")
        except NotText:
            self._complain("binary", file, "Not a text.")
            return None
        if decoded.guessed:
            self.complaints += gather([Finding("guessed-encoding", None, decoded.guessed)], file.shown)
        if not decoded.text.strip():
            self._complain("empty", file, "Nothing in it to read.")
            return None
        return decoded.text

    def _bytes(self, file: File) -> bytes | None:
        try:
            return file.read(self._size_limit)
        except UnreadableFile as error:
            self._complain("unreadable", file, f"Cannot be read: {error}.")
        except TooLarge:
            self._complain("too-large", file, f"Larger than {self._size_limit:,} bytes.")
        return None

    def _complain(self, rule: str, file: File, message: str, line: int | None = None) -> None:
        self.complaints.append(complain(rule, file.shown, message, line))
