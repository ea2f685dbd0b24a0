"""The part of the journal that is for what people asked in vain, and what admins said of it."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from knowledge.entities import Answer
from knowledge.journal.entries import InVain, Mark, State
from knowledge.journal.file import Part
from knowledge.journal.replies import storable, unpack
from knowledge.journal.values import stamp, unlisted

DECLINED_FOR = timedelta(days=90)
"""How long a declined question is kept at most after it was last asked."""
MOST_OF_PERSON = 100
"""Declined questions kept of one person: nobody crowds out the others."""
LONGEST_DECLINED = 500  # characters
_DROP_EVERY = timedelta(days=1)


class Unanswered(Part):
    """Keeps declined questions for a while, and gathers all that was asked in vain.

    What is read from here tells who asked what: only to be counted and compared, see `knowledge.gaps`.
    """

    _dropped = datetime.min.replace(tzinfo=UTC)

    def decline(self, *, person: str, question: str, reason: str, near: str, generation: int) -> None:
        """Keep a declined question, up to 500 characters of it; asked again by the same person, once."""
        question, now = storable(question[:LONGEST_DECLINED]), self._now()
        with self._file.writing() as db:
            db.execute(
                "INSERT INTO declined (person, question, reason, near, generation, first, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (person, question) DO UPDATE SET"
                " reason = excluded.reason, near = excluded.near,"
                " generation = excluded.generation, at = excluded.at",
                (person, question, reason, storable(near), generation, stamp(now), stamp(now)),
            )
            # Most rows a person has are kept: nothing is looked for among those of everybody.
            db.execute(
                "DELETE FROM declined WHERE person = ? AND id NOT IN"
                " (SELECT id FROM declined WHERE person = ? ORDER BY at DESC, id DESC LIMIT ?)",
                (person, person, MOST_OF_PERSON),
            )
            self._drop_old(db)

    def in_vain(self, limit: int, model: str = "") -> list[InVain]:
        """What was declined, told to the admins or rated not helpful, newest first.

        With the vectors that were kept of this model.
        """
        with self._file.writing() as db:
            self._drop_old(db)
            rows = [*_declined(db, limit, model), *_told(db, limit, model), *_unhelpful(db, limit)]
        return sorted(rows, key=lambda row: row.at, reverse=True)[:limit]

    def how_many_in_vain(self) -> int:
        """How many rows `in_vain` could give."""
        with self._file.reading() as db:
            found = (
                db.execute("SELECT count(*) FROM declined").fetchone(),
                db.execute("SELECT count(*) FROM told").fetchone(),
                db.execute("SELECT count(*) FROM feedback WHERE NOT helpful").fetchone(),
            )
        return sum(count for (count,) in found)

    def learn(self, meanings: Iterable[tuple[InVain, bytes]], model: str) -> None:
        """Keep the vectors of questions beside them; what was deleted meanwhile stays deleted."""
        with self._file.writing() as db:
            for row, meaning in meanings:
                db.execute(
                    f"UPDATE {row.table} SET meaning = ?, model = ? WHERE id = ? AND question = ?",  # noqa: S608 - our own names
                    (meaning, model, row.number, row.question),
                )

    def curators(self) -> frozenset[str]:
        """Those who ever did something to the knowledge base."""
        with self._file.reading() as db:
            rows = db.execute("SELECT DISTINCT who FROM audit WHERE deed != 'refused'").fetchall()
        return frozenset(who for (who,) in rows)

    def mark(self, anchors: Collection[str], state: State) -> None:
        """Note that what these anchors stand for is answered, dismissed or open again."""
        now = stamp(self._now())
        with self._file.writing() as db:
            kept = _anchors(db)
            for (anchor,) in db.execute("SELECT anchor FROM marks").fetchall():
                if anchor not in kept:
                    db.execute("DELETE FROM marks WHERE anchor = ?", (anchor,))
            for anchor in anchors:
                db.execute("INSERT OR REPLACE INTO marks VALUES (?, ?, ?)", (anchor, state, now))

    def marks(self) -> Mapping[str, Mark]:
        """What admins said, by anchor."""
        with self._file.reading() as db:
            rows = db.execute("SELECT anchor, state, at FROM marks").fetchall()
        return {anchor: Mark(state, at) for anchor, state, at in rows}

    def _drop_old(self, db: Database) -> None:
        """Once a day, those that would be too old before the next time."""
        now = self._now()
        if now - self._dropped < _DROP_EVERY:
            return
        self._dropped = now
        until = stamp(now - DECLINED_FOR + _DROP_EVERY)
        if db.execute("DELETE FROM declined WHERE at <= ?", (until,)).rowcount > 0:
            # As where a person is forgotten: only a table written afresh leaves no copies behind.
            db.table("declined").transform()


_MEANING = "CASE WHEN model = ? THEN meaning END"


def _declined(db: Database, limit: int, model: str) -> Iterator[InVain]:
    rows = db.execute(
        f"SELECT id, person, question, reason, near, generation, first, at, {_MEANING} FROM declined"  # noqa: S608 - our own columns
        " ORDER BY at DESC, id DESC LIMIT ?",
        (model, limit),
    ).fetchall()
    for number, person, question, reason, near, generation, first, at, meaning in rows:
        yield InVain(
            anchor=_anchor("declined", number, first),
            table="declined",
            number=number,
            person=person,
            question=question,
            reason=reason,
            near=near,
            passages=(),
            generation=generation,
            told=False,
            first=first,
            at=at,
            meaning=meaning or b"",
        )


def _told(db: Database, limit: int, model: str) -> Iterator[InVain]:
    rows = db.execute(
        f"SELECT id, person, question, reason, passages, generation, at, {_MEANING} FROM told"  # noqa: S608 - our own columns
        " ORDER BY at DESC, id DESC LIMIT ?",
        (model, limit),
    ).fetchall()
    for number, person, question, reason, ids, generation, at, meaning in rows:
        yield InVain(
            anchor=_anchor("told", number, at),
            table="told",
            number=number,
            person=person,
            question=question,
            reason=reason,
            near="",
            passages=unlisted(ids),
            generation=generation,
            told=True,
            first=at,
            at=at,
            meaning=meaning or b"",
        )


def _unhelpful(db: Database, limit: int) -> Iterator[InVain]:
    """What is quoted by answers that did not help, and near to what, as long as those are kept."""
    rows = db.execute(
        "SELECT feedback.id, person, key, passages, generation, feedback.at, reply"
        " FROM feedback LEFT JOIN kept USING (key) WHERE NOT helpful"
        " ORDER BY feedback.at DESC, feedback.id DESC LIMIT ?",
        (limit,),
    ).fetchall()
    for number, person, key, ids, generation, at, packed in rows:
        yield InVain(
            # Rated again, the row has another time; the key it is about stays.
            anchor=_anchor("feedback", number, key),
            table="feedback",
            number=number,
            person=person,
            question="",
            reason="not helpful",
            near=_first_quoted(packed) if packed else "",
            passages=unlisted(ids),
            generation=generation,
            told=False,
            first=at,
            at=at,
        )


def _first_quoted(packed: str) -> str:
    reply = unpack(packed)
    answers = [part for part in reply.parts if isinstance(part, Answer)] if reply else []
    return next((quote.source.label for answer in answers for quote in answer.quotes), "")


def _anchors(db: Database) -> set[str]:
    """Those of everything that is there, however much."""
    apart = {"declined": "first", "told": "at", "feedback": "key"}
    return {
        _anchor(table, number, told_apart_by)
        for table, column in apart.items()
        for number, told_apart_by in db.execute(f"SELECT id, {column} FROM {table}").fetchall()  # noqa: S608 - our own names
    }


def _anchor(table: str, number: int, told_apart_by: str) -> str:
    """Finds a row as long as it is there. A number alone is given again when its row is gone."""
    return hashlib.sha256(f"{table} {number} {told_apart_by}".encode()).hexdigest()[:12]
