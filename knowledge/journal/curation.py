"""The part of the journal that is for who runs the knowledge base: what was done, and digests posted."""

from datetime import timedelta
from typing import Literal

from knowledge.journal.entries import Digested, Noted
from knowledge.journal.file import Part
from knowledge.journal.replies import storable
from knowledge.journal.values import stamp

Deed = Literal[
    "proposed",
    "published",
    "overrode",
    "discarded",
    "rolled back",
    "added",
    "removed",
    "restored",
    "marked",
    "dismissed",
    "drafted",
    "refused",
]
"""What can be done to the knowledge base, or was not allowed."""

LONGEST_NOTE = 1_000  # characters
BEGUN_FOR = timedelta(minutes=15)
"""How long a digest that was begun is left to whoever began it."""
REFUSED_FOR = timedelta(days=90)
"""How long it is known who was refused; what was done is known for good."""


class Curation(Part):
    """Notes deeds, which stay whoever asks to be forgotten, and which digests were posted."""

    def note(
        self, deed: Deed, *, who: str, generation: int | None, about: str = "", reason: str = ""
    ) -> None:
        """Write down who did what, to which generation, about what and why."""
        now = self._now()
        about, reason = (storable(text[:LONGEST_NOTE]) for text in (about, reason))
        with self._file.writing() as db:
            db.execute(
                "INSERT INTO audit (at, who, deed, generation, about, reason) VALUES (?, ?, ?, ?, ?, ?)",
                (stamp(now), who, deed, generation, about, reason),
            )
            db.execute("DELETE FROM audit WHERE deed = 'refused' AND at <= ?", (stamp(now - REFUSED_FOR),))

    def log(self, limit: int = 50, before: int | None = None, *, refused: bool | None = None) -> list[Noted]:
        """The latest deeds, newest first; `before` is the id of the last one seen on the page before.

        `refused` tells whether only refusals are wanted, or none of them; without it everything is.
        """
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT id, at, who, deed, generation, about, reason FROM audit"
                " WHERE (?1 IS NULL OR id < ?1) AND (?2 IS NULL OR (deed = 'refused') = ?2)"
                " ORDER BY id DESC LIMIT ?3",
                (before, refused, limit),
            ).fetchall()
        return [Noted(*row) for row in rows]

    def begin_digest(self, *, since: str, until: str) -> bool:
        """Take it on to post the digest of a week; False where it was posted or another is about to.

        Where a process was killed between this and `end_digest`, another may begin it 15 minutes later.
        """
        now = self._now()
        with self._file.writing() as db:
            done = db.execute(
                "SELECT 1 FROM digests WHERE until = ? AND (posted IS NOT NULL OR begun > ?)",
                (until, stamp(now - BEGUN_FOR)),
            ).fetchone()
            if done is None:
                db.execute(
                    "INSERT OR REPLACE INTO digests (until, since, begun) VALUES (?, ?, ?)",
                    (until, since, stamp(now)),
                )
        return done is None

    def end_digest(self, *, until: str, posted: bool) -> None:
        """Note that a digest was posted; or that it was not, so that it can be begun again at once."""
        with self._file.writing() as db:
            if posted:
                db.execute("UPDATE digests SET posted = ? WHERE until = ?", (stamp(self._now()), until))
            else:
                db.execute("DELETE FROM digests WHERE until = ? AND posted IS NULL", (until,))

    def last_digest(self) -> Digested | None:
        """The digest posted last; None before the first."""
        with self._file.reading() as db:
            row = db.execute(
                "SELECT since, until, posted FROM digests WHERE posted IS NOT NULL"
                " ORDER BY until DESC LIMIT 1"
            ).fetchone()
        return Digested(*row) if row else None
