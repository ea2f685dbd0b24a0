"""What can be wrong with the journal, in a sentence for the operator."""

import sqlite3
from pathlib import Path


class JournalError(Exception):
    """The journal cannot be read or written; the message is one sentence fit for an operator."""


class NewerJournal(JournalError):
    """The journal was written by a newer version of the program and is left as it is."""


_DAMAGED = "is damaged ({error}); move it away and a new one is begun."
_LOCKED = "is kept locked by another program; try again when that is done."
_SAID = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: there is no file, or none that this program may read.",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FULL: "cannot be written: no room is left for it.",
    sqlite3.SQLITE_READONLY: "cannot be written: the file or its folder is read-only.",
}


def explain(path: Path, error: sqlite3.Error | OSError) -> JournalError:
    """The sentence for what SQLite or the file system reported."""
    if isinstance(error, TimeoutError):
        return JournalError(f"The journal {path} {_LOCKED}")
    if isinstance(error, OSError):
        return JournalError(f"The journal {path} cannot be opened: {error.strerror} ({error.filename}).")
    # The lower byte is the kind, the rest says where it happened.
    kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    said = _SAID.get(kind, "cannot be used ({error}).")
    return JournalError(f"The journal {path} {said.format(error=error)}")
