"""The catalogue of a generation in SQLite: documents, passages and their words."""

import json
import re
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from index.library import Contents, Damaged, LibraryError
from index.passages import Cue, Passage, Record

_KEPT_PASSAGES = 4096  # read from disk once while they are asked for
_KEPT_TEXT = 8_000_000  # characters of documents kept in memory; a larger corpus is read when asked for
_COLUMNS = "id, document, ordinal, headings, text, start, end, words, cues, attributes"


def write_catalogue(path: Path, contents: Contents) -> None:
    """Write documents and passages, in their order, and index the words."""
    with closing(Database(path, execute_plugins=False)) as db:
        # The file is not read before it is complete and synced, so a half-written one needs no protection.
        db.execute("PRAGMA synchronous=off")
        db.execute("PRAGMA journal_mode=memory")
        with db.atomic():
            _create_tables(db)
            db.table("records").insert_all(_record_rows(contents.records))
            db.table("passages").insert_all(_passage_rows(contents.passages))
            db.table("passages").create_index(["document", "ordinal"])
            db.table("passages").enable_fts(["words"], tokenize="porter unicode61")
        db.table("passages").optimize()


def _create_tables(db: Database) -> None:
    db.table("records").create({"id": str, "digest": str, "text": str, "attributes": str}, pk="id")
    text = dict.fromkeys(("id", "document", "headings", "text", "words", "cues", "attributes"), str)
    whole = dict.fromkeys(("position", "ordinal", "start", "end", "rows"), int)
    passages = db.table("passages").create({**whole, **text}, pk="position")
    passages.create_index(["id"], unique=True)


def _record_rows(records: Sequence[Record]) -> Iterator[dict[str, Any]]:
    for record in records:
        yield {
            "id": record.id,
            "digest": record.digest,
            "text": record.text,
            "attributes": _json(dict(record.attributes)),
        }


def _passage_rows(passages: Sequence[Passage]) -> Iterator[dict[str, Any]]:
    for position, passage in enumerate(passages):
        yield {
            "position": position,
            "id": passage.id,
            "document": passage.document,
            "ordinal": passage.ordinal,
            "headings": _json(passage.headings),
            "text": passage.text,
            "start": passage.start,
            "end": passage.end,
            "words": passage.words,
            "cues": _json([(cue.text, cue.start, cue.end) for cue in passage.cues]),
            "attributes": _json(dict(passage.attributes)),
            "rows": len(passage.cues),
        }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Catalogue:
    """A finished catalogue, open for reading. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        # Immutable: nobody writes to a finished catalogue, so SQLite need neither lock nor look for changes.
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise Damaged(f"{path.name} cannot be read") from error
        # Closed when the last question using it is done, without anybody having to know which one that is.
        self._closing = weakref.finalize(self, connection.close)
        self._connection = connection
        self._turn = threading.Lock()
        self._path = path
        self._stamp = _stamp(path)
        self._records: list[Record] | None = None
        self._failed = False
        self._passages: dict[int, Passage] = {}

    @property
    def damaged(self) -> bool:
        """True once reading failed, or the file is not the one that was opened."""
        # SQLite reads zeros, and says nothing, where a file was cut short after it was opened.
        return self._failed or _stamp(self._path) != self._stamp

    def close(self) -> None:
        """Release the file."""
        with self._turn:
            self._closing()

    def sizes(self) -> list[tuple[str, int]]:
        """Id and number of cues of every passage, in order."""
        return self._rows("SELECT id, rows FROM passages ORDER BY position")

    def matching(self, text: str, limit: int) -> list[tuple[int, float]]:
        """Places of passages sharing words with the text, and their BM25 score."""
        words = dict.fromkeys(re.findall(r"[^\W_]+", text))
        if not words or limit < 1:
            return []
        return self._rows(
            "SELECT rowid, -rank FROM passages_fts WHERE passages_fts MATCH ? ORDER BY rank, rowid LIMIT ?",
            (" OR ".join(f'"{word}"' for word in words), limit),
        )

    def passage(self, position: int) -> Passage:
        """The passage at a place in the order of passages."""
        passage = self._passages.get(position)
        if passage is None:
            sql = f"SELECT {_COLUMNS} FROM passages WHERE position = ?"  # noqa: S608 - our own names
            (passage,) = self._rows(sql, (position,), _passage)
            if len(self._passages) >= _KEPT_PASSAGES:
                self._passages.clear()
            self._passages[position] = passage
        return passage

    def passages_of(self, document: str) -> list[Passage]:
        """The passages of a document in reading order."""
        return self._rows(
            f"SELECT {_COLUMNS} FROM passages WHERE document = ? ORDER BY ordinal, position",  # noqa: S608 - our own names
            (document,),
            _passage,
        )

    def records(self) -> list[Record]:
        """All documents, by id."""
        if self._records is not None:
            return list(self._records)
        records = self._rows("SELECT id, digest, text, attributes FROM records ORDER BY id", (), _record)
        if sum(len(record.text) for record in records) <= _KEPT_TEXT:
            self._records = records
        return list(records)

    def _rows(self, sql: str, values: Iterable[Any] = (), made_by: Callable[[Any], Any] = tuple) -> list[Any]:
        with self._turn:
            if not self._closing.alive:
                raise LibraryError("This generation has been closed.")
            try:
                return [made_by(row) for row in self._connection.execute(sql, tuple(values))]
            except (sqlite3.Error, ValueError, TypeError) as error:
                self._failed = True
                raise Damaged(f"{self._path} can no longer be read.") from error


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _record(row: Sequence[Any]) -> Record:
    name, digest, text, attributes = row
    return Record(name, digest, text, json.loads(attributes))


def _passage(row: Sequence[Any]) -> Passage:
    name, document, ordinal, headings, text, start, end, words, cues, attributes = row
    return Passage(
        id=name,
        document=document,
        ordinal=ordinal,
        headings=tuple(json.loads(headings)),
        text=text,
        start=start,
        end=end,
        words=words,
        cues=tuple(Cue(*cue) for cue in json.loads(cues)),
        attributes=json.loads(attributes),
    )
