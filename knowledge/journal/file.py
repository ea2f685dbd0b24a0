"""The journal's SQLite file: opened at its first use, shared by threads and processes."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock
from sqlite_utils import Database

from knowledge.journal.errors import JournalError, NewerJournal, explain
from knowledge.journal.migrations import applied, migrate, names

_WAIT = 5.0  # seconds for another program to finish what it writes
_SETTINGS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "secure_delete = ON",
    "temp_store = MEMORY",  # what is deleted shall not live on in a temporary file
)


class JournalFile:
    """One connection for all threads of this process, one thread at a time.

    Used again after closing, it opens again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._db: Database | None = None

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """The open database. Raises JournalError for whatever goes wrong inside."""
        with self._lock:
            try:
                if self._db is None:
                    self._db = _open_alone(self._path)
                yield self._db
            except (sqlite3.Error, OSError) as error:
                raise explain(self._path, error) from error

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """The database in a transaction that ends with this block, kept whole or not at all."""
        with self.reading() as db, _transaction(db):
            yield db

    def checkpoint(self) -> bool:
        """Move everything into the database file and empty its log; False where a reader is in the way."""
        with self._lock:
            if self._db is None:  # closing does the same, and so will the next opening
                return True
            with self.reading() as db:
                return _checkpoint(db)

    def close(self) -> None:
        """Close the file; what the log held is moved into it."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None


class Part:
    """A part of the journal: it shares the file and the clock of the whole."""

    _file: JournalFile
    _now: Callable[[], datetime]


@contextmanager
def _transaction(db: Database) -> Iterator[None]:
    # A transaction that reads first and asks to write later is refused if somebody wrote in between.
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


def _checkpoint(db: Database) -> bool:
    (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _open_alone(path: Path) -> Database:
    path.parent.mkdir(parents=True, exist_ok=True)
    # SQLite gives up at once, instead of waiting, where two programs make the same new file one with a log.
    with FileLock(path.with_name(f"{path.name}.lock"), timeout=_WAIT):
        if not path.exists():
            # SQLite would let everybody read it; the files beside it take over this one's mode.
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        return _open(path)


def _open(path: Path) -> Database:
    connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    try:
        db = Database(connection, recursive_triggers=False, execute_plugins=False)
        _check_ours(path, db)
        for setting in _SETTINGS:
            db.execute(f"PRAGMA {setting}")
        with _transaction(db):
            migrate(db)
        # A program that was killed may have left in the log what it had deleted.
        _checkpoint(db)
    except BaseException:
        connection.close()
        raise
    return db


def _check_ours(path: Path, db: Database) -> None:
    taken = applied(db)
    if not taken and db.table_names():
        raise JournalError(f"The journal {path} is a database of something else; move it away.")
    if not set(names()).issuperset(taken):
        raise NewerJournal(f"The journal {path} was written by a newer version of this program.")
