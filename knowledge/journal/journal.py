"""The journal: replies kept for their buttons, feedback, questions told to the admins, what is pending."""

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from knowledge.entities import Reply
from knowledge.journal.counting import Counting
from knowledge.journal.curation import Curation
from knowledge.journal.entries import Feedback, Pending, PendingMessage, Receipt, Told
from knowledge.journal.file import JournalFile
from knowledge.journal.migrations import PERSON, WHO, lasting_tables, personal_tables
from knowledge.journal.replies import pack, passages_of, storable, unpack
from knowledge.journal.unanswered import Unanswered
from knowledge.journal.values import listed, readable, stamp, unlisted

KEPT_FOR = timedelta(days=30)
MOST_KEPT = 20_000
LONGEST_TOLD = 1_000  # characters
PENDING_FOR = timedelta(minutes=15)  # the platform takes an answer for so long
_PRUNE_EVERY = 100  # replies kept
_PRUNE_AFTER = timedelta(days=1)
_KEY_BYTES = 8  # eleven characters


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Journal(Curation, Unanswered, Counting):
    """What people told us. Feedback and questions told stay until their person deletes them.

    Nothing is opened before the first call. Every method may be called from any thread, and raises
    JournalError.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] = _utc_now) -> None:
        self._file = JournalFile(path)
        self._now = now
        self._until_pruning = 0
        self._pruned = datetime.min.replace(tzinfo=UTC)

    def keep(self, reply: Reply) -> str:
        """Keep a reply without what was asked; the key finds it for at most 30 days."""
        key, packed = secrets.token_urlsafe(_KEY_BYTES), pack(reply)
        with self._file.writing() as db:
            db.execute(
                "INSERT INTO kept (key, at, reply) VALUES (?, ?, ?)", (key, stamp(self._now()), packed)
            )
            self._prune_now_and_then(db)
        return key

    def kept(self, key: str) -> Reply | None:
        """The reply kept under a key; None where it is unknown, too old or of another version's shape."""
        with self._file.reading() as db:
            return self._kept(db, key)

    def rate(self, *, person: str, key: str, helpful: bool) -> bool:
        """Note whether a reply helped, in place of what the person said of it before.

        Stays until the person deletes it. False where the reply is no longer kept.
        """
        with self._file.writing() as db:
            reply = self._kept(db, key)
            if reply is None:
                return False
            db.execute(
                "INSERT INTO feedback (person, key, helpful, generation, passages, at)"
                " VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (person, key) DO UPDATE SET helpful = excluded.helpful, at = excluded.at",
                (person, key, helpful, reply.generation, listed(passages_of(reply)), stamp(self._now())),
            )
        return True

    def feedback(self, limit: int = 100) -> list[Feedback]:
        """The latest feedback, newest first."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT key, helpful, generation, passages, at FROM feedback ORDER BY id DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return [
            Feedback(key, bool(helpful), number, unlisted(ids), at) for key, helpful, number, ids, at in rows
        ]

    def tell(
        self,
        *,
        person: str,
        question: str,
        reason: str,
        generation: int,
        passages: Sequence[str],
        key: str | None,
    ) -> bool:
        """Store a question for the admins, up to 1,000 characters of it, because this person wants that.

        Stays until the person deletes it. False where this person told the very same question already.
        """
        question = storable(question[:LONGEST_TOLD])
        with self._file.writing() as db:
            if db.table("told").count_where("person = ? AND question = ?", (person, question)):
                return False
            db.execute(
                "INSERT INTO told (person, question, reason, key, generation, passages, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (person, question, storable(reason), key, generation, listed(passages), stamp(self._now())),
            )
        return True

    def told(self, limit: int = 100) -> list[Told]:
        """The latest questions told to the admins, newest first."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT question, reason, generation, passages, at FROM told ORDER BY id DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return [
            Told(question, reason, number, unlisted(ids), at) for question, reason, number, ids, at in rows
        ]

    def begin(self, *, interaction: str, application: str, token: str) -> None:
        """Remember that an interaction was accepted and waits for its end."""
        with self._file.writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO pending (interaction, application, token, at) VALUES (?, ?, ?, ?)",
                (interaction, application, token, stamp(self._now())),
            )

    def end(self, interaction: str) -> None:
        """Forget an interaction that ended."""
        with self._file.writing() as db:
            db.execute("DELETE FROM pending WHERE interaction = ?", (interaction,))

    def unfinished(self) -> list[Pending]:
        """The interactions that wait for their end, oldest first; those it is too late for are removed."""
        with self._file.writing() as db:
            db.execute("DELETE FROM pending WHERE at <= ?", (stamp(self._now() - PENDING_FOR),))
            rows = db.execute(
                "SELECT interaction, application, token, at FROM pending ORDER BY at, rowid"
            ).fetchall()
        return [Pending(*row) for row in rows]

    def begin_message(self, *, message: str, channel: str) -> None:
        """Remember that a message was taken for a question and waits for its answer."""
        with self._file.writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO pending_messages (message, channel, at) VALUES (?, ?, ?)",
                (message, channel, stamp(self._now())),
            )

    def end_message(self, message: str) -> None:
        """Forget a message that was answered."""
        with self._file.writing() as db:
            db.execute("DELETE FROM pending_messages WHERE message = ?", (message,))

    def unanswered_messages(self) -> list[PendingMessage]:
        """The messages that wait for an answer, oldest first; those nobody waits for any more are removed."""
        with self._file.writing() as db:
            db.execute("DELETE FROM pending_messages WHERE at <= ?", (stamp(self._now() - PENDING_FOR),))
            rows = db.execute(
                "SELECT message, channel, at FROM pending_messages ORDER BY at, rowid"
            ).fetchall()
        return [PendingMessage(*row) for row in rows]

    def of_person(self, person: str) -> dict[str, list[dict[str, Any]]]:
        """Everything a person left, as JSON values: the rows of each table that has any."""
        with self._file.reading() as db:
            found = {table: _rows_of(db, table, person) for table in personal_tables(db)}
            found |= {table: _rows_of(db, table, person, column=WHO) for table in lasting_tables(db)}
        return {table: rows for table, rows in found.items() if rows}

    def forget(self, person: str) -> Receipt:
        """Delete everything a person left, so that not even its bytes stay behind.

        What they did to the knowledge base stays; the receipt says how much that is.
        """
        with self._file.writing() as db:
            rows = {table: _forget_in(db, table, person) for table in personal_tables(db)}
            stays = {
                table: db.table(table).count_where(f"{WHO} = ?", [person]) for table in lasting_tables(db)
            }
        return Receipt(stamp(self._now()), rows, self._file.checkpoint(), stays)

    def checkpoint(self) -> None:
        """Move everything into the database file and empty the log beside it."""
        self._file.checkpoint()

    def close(self) -> None:
        """Close the file. A later call opens it again."""
        self._file.close()

    def _kept(self, db: Database, key: str) -> Reply | None:
        row = db.execute(
            "SELECT reply FROM kept WHERE key = ? AND at > ?", (key, stamp(self._now() - KEPT_FOR))
        ).fetchone()
        return unpack(row[0]) if row else None

    def _prune_now_and_then(self, db: Database) -> None:
        now = self._now()
        if self._until_pruning == 0 or now - self._pruned >= _PRUNE_AFTER:
            self._until_pruning, self._pruned = _PRUNE_EVERY, now
            db.execute("DELETE FROM kept WHERE at <= ?", (stamp(now - KEPT_FOR),))
            db.execute(
                "DELETE FROM kept WHERE id <= (SELECT max(id) FROM kept) - ?", (MOST_KEPT - _PRUNE_EVERY,)
            )
            self._drop_old(db)
        self._until_pruning -= 1


def _rows_of(db: Database, table: str, person: str, column: str = PERSON) -> list[dict[str, Any]]:
    rows = db.table(table).rows_where(f"{column} = ?", [person], order_by="rowid")
    return [readable(row) for row in rows]


def _forget_in(db: Database, name: str, person: str) -> int:
    table = db.table(name)
    rows = table.count_where("person = ?", [person])
    if rows:
        table.delete_where("person = ?", [person])
        # SQLite overwrites what it deletes, but not the copies it left where it moved rows from one page
        # to another: only the pages of a dropped table are overwritten whole.
        table.transform()
    return rows
