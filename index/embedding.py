"""The Embedder protocol and the cache around it."""

import hashlib
import logging
import sqlite3
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (texts done, texts in all)."""

_log = logging.getLogger("index.embedding")
_CHUNK = 256  # texts embedded between two writes: what a killed process loses at most
_COLUMNS = {"fingerprint": str, "text": str, "vector": bytes, "checksum": int}
_NOT_THE_FILE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
T = TypeVar("T")


class Embedder(Protocol):
    """Turns texts into unit-length float32 vectors whose inner product is their similarity."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text could get another vector; known without loading the model."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    @property
    def window(self) -> int:
        """Tokens read of a text, special ones included; what follows is not embedded."""

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, special ones included."""

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Shape (len(texts), dimension)."""


@dataclass(frozen=True, slots=True)
class CacheUse:
    """How many texts of one call cost nothing (known, or given twice), and how many were embedded."""

    hits: int = 0
    misses: int = 0


class EmbeddingCache:
    """An Embedder that asks another one only for texts it has not seen.

    The file maps a fingerprint and the sha-256 of a text to a vector and knows nothing else, so no change of
    documents can make it wrong. It is only ever a shortcut: one that is damaged is thrown away, and one that
    cannot be read or written is done without.
    """

    def __init__(self, path: Path, embedder: Embedder) -> None:
        self._path = path
        self._embedder = embedder
        self.last = CacheUse()

    @property
    def fingerprint(self) -> str:
        """That of the embedder behind it."""
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        """That of the embedder behind it."""
        return self._embedder.dimension

    @property
    def window(self) -> int:
        """That of the embedder behind it."""
        return self._embedder.window

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, special ones included."""
        return self._embedder.count_tokens(text)

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Shape (len(texts), dimension); texts seen before, or given twice, cost nothing."""
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts]
        places: dict[str, list[int]] = {}
        for place, key in enumerate(keys):
            places.setdefault(key, []).append(place)
        store = _Store(self._path, self.fingerprint, self.dimension)
        rows = np.empty((len(texts), self.dimension), dtype=np.float32)
        unseen = dict.fromkeys(places)
        # Copied where they belong while they are read: all at once would be all of them twice.
        for key, vector in store.read([*places]):
            rows[places[key]] = vector
            unseen.pop(key, None)
        weights = Counter(keys)
        report = _Reporter(progress, weights, done=len(texts) - sum(weights[key] for key in unseen))
        self.last = CacheUse(hits=len(texts) - len(unseen), misses=len(unseen))
        for chunk in _chunks(unseen):
            fresh = self._embedder.embed([texts[places[key][0]] for key in chunk], report.within(chunk))
            store.write(dict(zip(chunk, fresh, strict=True)))
            for key, vector in zip(chunk, fresh, strict=True):
                rows[places[key]] = vector
        return rows


class _Reporter:
    """Counts finished texts over all chunks, duplicates and known ones included."""

    def __init__(self, progress: Progress | None, weights: Counter[str], done: int) -> None:
        self._progress = progress
        self._weights = weights
        self._done = done
        self._tell(done)

    def within(self, chunk: Sequence[str]) -> Progress:
        before = self._done
        self._done += sum(self._weights[key] for key in chunk)
        return lambda done, _: self._tell(before + sum(self._weights[key] for key in chunk[:done]))

    def _tell(self, done: int) -> None:
        if self._progress and done:
            self._progress(done, self._weights.total())


class _Store:
    """The cache file, for one fingerprint."""

    def __init__(self, path: Path, fingerprint: str, dimension: int) -> None:
        self._path = path
        self._fingerprint = fingerprint
        self._bytes = dimension * np.dtype(np.float32).itemsize
        self._usable = True

    def read(self, keys: Sequence[str]) -> Iterator[tuple[str, Vectors]]:
        """Those keys that are known, with their vectors."""
        for chunk in _chunks(keys):
            for key, vector, checksum in self._on_file(partial(self._select, chunk)) or ():
                sound = isinstance(vector, bytes) and len(vector) == self._bytes
                if sound and zlib.crc32(vector) == checksum:
                    yield key, np.frombuffer(vector, dtype=np.float32)

    def write(self, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors, all of these or none."""
        stored = ((key, np.asarray(vector, dtype=np.float32).tobytes()) for key, vector in vectors.items())
        rows = [
            {"fingerprint": self._fingerprint, "text": key, "vector": data, "checksum": zlib.crc32(data)}
            for key, data in stored
        ]
        self._on_file(lambda db: db.table("vectors").insert_all(rows, replace=True, batch_size=_CHUNK))

    def _select(self, keys: Sequence[str], db: Database) -> list[tuple[str, Any, Any]]:
        places = ", ".join("?" * len(keys))
        return db.execute(
            f"SELECT text, vector, checksum FROM vectors WHERE fingerprint = ? AND text IN ({places})",  # noqa: S608 - question marks
            (self._fingerprint, *keys),
        ).fetchall()

    def _on_file(self, work: Callable[[Database], T]) -> T | None:
        """Do something with the open file; None where there is no using it."""
        if not self._usable:
            return None
        try:
            try:
                return self._attempt(work)
            except sqlite3.Error as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOT_THE_FILE:
                    raise
                _log.warning(
                    "The embedding cache %s is damaged (%s) and is started afresh.", self._path, error
                )
                self._throw_away()
                return self._attempt(work)
        except (sqlite3.Error, OSError) as error:
            self._usable = False
            _log.warning("The embedding cache %s is done without this time (%s).", self._path, error)
            return None

    def _attempt(self, work: Callable[[Database], T]) -> T:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(Database(self._path, execute_plugins=False)) as db:
            table = db.table("vectors")
            table.create(_COLUMNS, pk=("fingerprint", "text"), if_not_exists=True)
            if table.columns_dict != _COLUMNS:
                raise sqlite3.DatabaseError("it holds something else")
            return work(db)

    def _throw_away(self) -> None:
        # The journal first: left alone, it would be played back into the fresh file.
        self._path.with_name(f"{self._path.name}-journal").unlink(missing_ok=True)
        self._path.unlink(missing_ok=True)


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
