"""The part of the journal that counts: how questions ended, day by day, and how generations were rated."""

from collections.abc import Iterable

from knowledge.journal.entries import ByGeneration, Tally
from knowledge.journal.file import Part

_ENDS = ("asked", "answered", "partly", "declined", "failed", "disagreed")


class Counting(Part):
    """Counts only: nothing here can say who asked or what."""

    def count(self, tallies: Iterable[Tally]) -> None:
        """Add to what was counted before, all of these or none."""
        sums = ", ".join(f"{end} = {end} + excluded.{end}" for end in _ENDS)
        with self._file.writing() as db:
            for tally in tallies:
                ends = [getattr(tally, end) for end in _ENDS]
                db.execute(
                    f"INSERT INTO tallies (day, generation, entry, {', '.join(_ENDS)})"  # noqa: S608 - our own columns
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    f" ON CONFLICT (day, generation, entry) DO UPDATE SET {sums}",
                    (tally.day, tally.generation, tally.entry, *ends),
                )

    def counted(self, since: str, until: str) -> list[Tally]:
        """What was counted from one UTC day to another, both included ("2026-03-01"), oldest first."""
        with self._file.reading() as db:
            rows = db.execute(
                f"SELECT day, generation, entry, {', '.join(_ENDS)} FROM tallies"  # noqa: S608 - our own columns
                " WHERE day BETWEEN ? AND ? ORDER BY day, generation, entry",
                (since, until),
            ).fetchall()
        return [Tally(*row) for row in rows]

    def ratings(self, since: str = "", until: str = "9999") -> list[ByGeneration]:
        """How each generation was rated and how questions to it ended, the latest generation first.

        From one moment up to, not with, another (ISO 8601, UTC). Questions are counted by whole days; those
        answered in part count as answered.
        """
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT generation, sum(helpful), sum(unhelpful), sum(asked), sum(answered), sum(declined),"
                " min(first), max(last) FROM ("
                " SELECT generation, helpful, NOT helpful AS unhelpful, 0 AS asked, 0 AS answered,"
                " 0 AS declined, at AS first, at AS last FROM feedback WHERE at >= ? AND at < ?"
                " UNION ALL"
                " SELECT generation, 0, 0, asked, answered + partly, declined, began, began FROM"
                " (SELECT *, day || 'T00:00:00.000+00:00' AS began FROM tallies)"
                " WHERE began >= ? AND began < ?"
                ") WHERE generation > 0 GROUP BY generation ORDER BY generation DESC",
                (since, until, since, until),
            ).fetchall()
        return [ByGeneration(*row) for row in rows]
