"""Journals of every earlier version open, those of later ones are left alone, and no table is forgotten."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from knowledge.journal.entries import Feedback, Pending, PendingMessage, Told
from knowledge.journal.errors import JournalError, NewerJournal
from knowledge.journal.journal import Journal
from knowledge.journal.migrations import names
from tests.knowledge.journals import ANNA, BERT, STATES, Clock, a_reply, begin, tell

NOON = "2026-03-01T12:00:00.000+00:00"
ENDS = {"asked", "answered", "partly", "declined", "failed", "disagreed"}
# A table stands here only when nothing in any of these columns can come from a person or say who they are.
OF_NOBODY = {
    "_sqlite_migrations": {"id", "migration_set", "name", "applied_at"},
    "kept": {"id", "key", "at", "reply"},
    "pending": {"interaction", "application", "token", "at"},
    "pending_messages": {"message", "channel", "at"},
    "marks": {"anchor", "state", "at"},
    "tallies": {"day", "generation", "entry", *ENDS},
    "digests": {"until", "since", "begun", "posted"},
}
# What somebody did to the knowledge base is shown to them and stays when they have everything deleted: others
# rely on knowing it. A table stands here only on purpose.
STAYS = {"audit": {"id", "at", "who", "deed", "generation", "about", "reason"}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path, now=Clock())
    begin(journal, "1")
    yield journal
    journal.close()


def run(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


# --- earlier and later versions ----------------------------------------------------------------------------


def test_there_is_a_journal_of_every_version_to_test_with() -> None:
    """After releasing a step, dump a journal with one row a table: `sqlite3 journal.db .dump`."""
    assert sorted(path.stem for path in STATES.glob("*.sql")) == sorted(names())


@pytest.mark.parametrize("version", names())
def test_a_journal_of_an_earlier_version_is_read_and_written_on(version: str, path: Path) -> None:
    run(path, (STATES / f"{version}.sql").read_text("utf-8"))
    journal = Journal(path, now=Clock())
    assert journal.kept("AAAAAAAAAAA") == a_reply("", 7, "guide:1")
    assert journal.feedback() == [Feedback("AAAAAAAAAAA", True, 7, ("guide:1",), NOON)]
    assert journal.told() == [Told("What does it pay?", "nothing", 7, ("guide:1",), NOON)]
    assert journal.unfinished() == [Pending("1", "200", "token of 1", NOON)]
    waiting = [PendingMessage("600", "500", NOON)] if int(version) > 1 else []
    assert journal.unanswered_messages() == waiting
    assert tell(journal, ANNA, "And how much?")
    assert journal.forget(ANNA).rows == {"feedback": 1, "told": 2, "declined": int(int(version) > 2)}
    journal.close()


@pytest.mark.parametrize("version", names())
def test_an_earlier_journal_gets_the_schema_of_a_new_one(version: str, path: Path, tmp_path: Path) -> None:
    run(path, (STATES / f"{version}.sql").read_text("utf-8"))
    schemas = []
    for each in (path, tmp_path / "new.db"):
        journal = Journal(each, now=Clock())
        journal.unfinished()
        journal.close()
        with closing(sqlite3.connect(each)) as connection:
            schemas.append(set(connection.execute("SELECT type, name, sql FROM sqlite_master")))
    assert schemas[0] == schemas[1]


def test_an_empty_file_becomes_a_journal(path: Path) -> None:
    path.touch()
    journal = Journal(path, now=Clock())
    assert tell(journal, ANNA, "What does it pay?")
    journal.close()


def test_opening_twice_takes_no_step_twice(journal: Journal, path: Path) -> None:
    journal.close()
    assert [one.interaction for one in journal.unfinished()] == ["1"]
    with closing(sqlite3.connect(path)) as connection:
        taken = [name for (name,) in connection.execute("SELECT name FROM _sqlite_migrations")]
    assert taken == names()


def test_the_journal_of_a_newer_version_is_left_as_it_is(journal: Journal, path: Path) -> None:
    journal.close()
    run(path, "INSERT INTO _sqlite_migrations VALUES (99, 'journal', 'later', '2027'); DROP TABLE told;")
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(NewerJournal, match=r"^The journal .*journal\.db was written by a newer version"):
            begin(journal, "2")
    assert path.read_bytes() == before


def test_a_database_of_something_else_is_left_as_it_is(path: Path) -> None:
    run(path, "CREATE TABLE vectors (text)")
    before = path.read_bytes()
    with pytest.raises(JournalError, match="is a database of something else"):
        Journal(path).unfinished()
    assert path.read_bytes() == before


# --- no table is forgotten ---------------------------------------------------------------------------------


def unaccounted(path: Path) -> set[str]:
    """Tables that neither name a person nor are known to hold nothing of one."""
    with closing(Database(path)) as db:
        columns = {table.name: set(table.columns_dict) for table in db.tables}
    known = OF_NOBODY | STAYS
    return {name for name, found in columns.items() if "person" not in found and known.get(name) != found}


def fill(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Put a row for Anna and one for Bert in every table with a person; returns Anna's."""
    left = {}
    with closing(Database(path)) as db:
        for table in db.tables:
            if "person" in table.columns_dict:
                for number, person in enumerate((ANNA, BERT), start=1):
                    values = {int: number, bytes: b"x"}
                    row = {name: values.get(kind, '["x"]') for name, kind in table.columns_dict.items()}
                    table.insert(row | {"person": person})
                left[table.name] = list(table.rows_where("person = ?", [ANNA]))
    return left


def assert_shown_and_forgotten(journal: Journal, path: Path) -> None:
    left = fill(path)
    shown = journal.of_person(ANNA)
    assert {name: [set(row) for row in rows] for name, rows in shown.items()} == {
        name: [set(row) for row in rows] for name, rows in left.items()
    }
    of_bert = journal.of_person(BERT)
    assert set(of_bert) == set(left)
    assert journal.forget(ANNA).rows == dict.fromkeys(left, 1)
    assert journal.of_person(ANNA) == {}
    assert journal.of_person(BERT) == of_bert
    with closing(Database(path)) as db:
        assert [name for name in left if db.table(name).count_where("person = ?", [ANNA])] == []


def test_every_table_says_whose_its_rows_are_or_holds_nothing_of_anybody(
    journal: Journal, path: Path
) -> None:
    assert unaccounted(path) == set()


def test_every_table_with_a_person_is_shown_and_forgotten(journal: Journal, path: Path) -> None:
    assert_shown_and_forgotten(journal, path)


@pytest.mark.parametrize(
    "change",
    ["CREATE TABLE thanks (asker TEXT, words TEXT)", "ALTER TABLE kept ADD COLUMN asker TEXT"],
    ids=["table", "column"],
)
def test_what_is_added_without_saying_whose_it_is_is_found(journal: Journal, path: Path, change: str) -> None:
    run(path, change)
    assert len(unaccounted(path)) == 1


def test_a_table_with_a_person_added_later_is_shown_and_forgotten_at_once(
    journal: Journal, path: Path
) -> None:
    run(path, "CREATE TABLE thanks (id INTEGER PRIMARY KEY, person TEXT, words TEXT)")
    assert unaccounted(path) == set()
    assert_shown_and_forgotten(journal, path)
    assert "thanks" in journal.of_person(BERT)
