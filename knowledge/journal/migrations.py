"""How the journal came to be what it is, one step after the other.

A step that was released is never changed; a new one is added below it, with a journal as it was before among
the tests. What a person left carries that person's id in a column `person`: by that column it is found when
they ask to see or delete everything. Such a table has an integer key and its other indexes apart, so that it
can be written afresh in order. What is not theirs to delete, because others rely on it, names its author in a
column `who`, and is only shown to them.
"""

from contextlib import closing

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

_MIGRATIONS = Migrations("journal")
PERSON, WHO = "person", "who"


@_MIGRATIONS(name="1")
def _first_tables(db: Database) -> None:
    kept = db.table("kept").create({"id": int, "key": str, "at": str, "reply": str}, pk="id")
    kept.create_index(["key"], unique=True)
    kept.create_index(["at"])
    about = {"generation": int, "passages": str, "at": str}
    feedback = db.table("feedback").create(
        {"id": int, "person": str, "key": str, "helpful": int, **about}, pk="id"
    )
    feedback.create_index(["person", "key"], unique=True)
    told = db.table("told").create(
        {"id": int, "person": str, "question": str, "reason": str, "key": str, **about}, pk="id"
    )
    told.create_index(["person"])
    pending = {"interaction": str, "application": str, "token": str, "at": str}
    db.table("pending").create(pending, pk="interaction")


@_MIGRATIONS(name="2")
def _messages_that_wait(db: Database) -> None:
    db.table("pending_messages").create({"message": str, "channel": str, "at": str}, pk="message")


@_MIGRATIONS(name="3")
def _curating(db: Database) -> None:
    # Who did what to the knowledge base stays, whoever asks to be forgotten: therefore `who`, not `person`.
    audit = {"id": int, "at": str, "who": str, "deed": str, "generation": int, "about": str, "reason": str}
    db.table("audit").create(audit, pk="id").create_index(["who"])
    said = {"question": str, "reason": str, "near": str, "generation": int, "first": str, "at": str}
    declined = db.table("declined").create({"id": int, "person": str, **said}, pk="id")
    declined.create_index(["person", "question"], unique=True)
    declined.create_index(["at"])
    db.table("marks").create({"anchor": str, "state": str, "at": str}, pk="anchor")
    ends = dict.fromkeys(("asked", "answered", "partly", "declined", "failed", "disagreed"), int)
    where = ("day", "generation", "entry")
    db.table("tallies").create({"day": str, "generation": int, "entry": str, **ends}, pk=where)
    db.table("digests").create({"until": str, "since": str, "begun": str, "posted": str}, pk="until")


@_MIGRATIONS(name="4")
def _meanings(db: Database) -> None:
    # Beside the words they are of, so that they go with them.
    for table in ("declined", "told"):
        db.table(table).add_column("meaning", bytes)
        db.table(table).add_column("model", str)


def names() -> list[str]:
    """The names of all steps, first to last."""
    with closing(Database(memory=True, execute_plugins=False)) as empty:
        return [step.name for step in _MIGRATIONS.pending(empty)]


def applied(db: Database) -> list[str]:
    """The names of the steps a journal has behind it."""
    return [step.name for step in _MIGRATIONS.applied(db)]


def migrate(db: Database) -> None:
    """Take the steps that are missing."""
    _MIGRATIONS.apply(db)


def personal_tables(db: Database) -> list[str]:
    """The names of the tables that hold what a person left."""
    return [table.name for table in db.tables if PERSON in table.columns_dict]


def lasting_tables(db: Database) -> list[str]:
    """The names of the tables whose rows name who wrote them and stay."""
    return [table.name for table in db.tables if WHO in table.columns_dict]
