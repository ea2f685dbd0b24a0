"""How the journal came to be what it is, one step after the other.

A step that was released is never changed; a new one is added below it, with a journal as it was before among
the tests. What a person left carries that person's id in a column `person`: by that column it is found when
they ask to see or delete everything. Such a table has an integer key and its other indexes apart, so that it
can be written afresh in order.
"""

from contextlib import closing

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

_MIGRATIONS = Migrations("journal")
PERSON = "person"


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
