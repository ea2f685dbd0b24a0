"""The part of the journal that is for who runs the knowledge base: what was done to it, and by whom."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from knowledge.journal.entries import Noted
from knowledge.journal.file import JournalFile
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
REFUSED_FOR = timedelta(days=90)
"""How long it is known who was refused; what was done is known for good."""


class Curation:
    """Notes deeds, and gives them back. They stay, whoever asks to be forgotten."""

    _file: JournalFile
    _now: Callable[[], datetime]

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

    def log(self, limit: int = 50, before: int | None = None) -> list[Noted]:
        """The latest deeds, newest first; `before` is the id of the last one seen on the page before."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT id, at, who, deed, generation, about, reason FROM audit"
                " WHERE ? IS NULL OR id < ? ORDER BY id DESC LIMIT ?",
                (before, before, limit),
            ).fetchall()
        return [Noted(*row) for row in rows]
