"""Several threads and programs at once, a killed program, and files that cannot be used."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import IO

import pytest
from filelock import FileLock

from knowledge.journal import file
from knowledge.journal.errors import JournalError, explain
from knowledge.journal.journal import Journal
from tests.knowledge.journals import ANNA, BERT, Clock, a_reply, begin, on_disk, tell

SCRIPT = Path(__file__).with_name("write_journal.py")
NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path, now=Clock())
    yield journal
    journal.close()


def writer(path: Path, person: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", SCRIPT, path, person, str(count)],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "."},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def lines(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


# --- at the same time --------------------------------------------------------------------------------------


def test_eight_threads_write_and_read_at_once_and_nothing_is_lost(journal: Journal, path: Path) -> None:
    second = Journal(path, now=Clock())  # a second connection of the same process
    assert journal.unfinished() == second.unfinished() == []
    together = Barrier(8)

    def work(number: int) -> list[str]:
        ours, keys = (journal, second)[number % 2], []
        together.wait()
        for each in range(25):
            keys.append(ours.keep(a_reply("", number, f"{number}:{each}")))
            assert ours.rate(person=str(number), key=keys[-1], helpful=True)
            assert tell(ours, str(number), f"Question {each}?")
            begin(ours, f"{number}-{each}")
            if each % 5 == 0:
                ours.forget(f"{number}")
            if each % 2:
                ours.end(f"{number}-{each}")
        return keys

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(work, range(8)))
    for number, keys in enumerate(kept):
        assert [journal.kept(key) for key in keys] == [
            a_reply("", number, f"{number}:{each}") for each in range(25)
        ]
        left = second.of_person(str(number))
        assert [row["question"] for row in left["told"]] == [f"Question {each}?" for each in range(21, 25)]
        assert [row["key"] for row in left["feedback"]] == keys[21:]
    assert len(journal.unfinished()) == 8 * 13
    second.close()


def test_threads_that_open_a_journal_at_once_get_the_same_one(journal: Journal) -> None:
    together = Barrier(8)

    def work(number: int) -> None:
        together.wait()
        begin(journal, f"{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert {one.interaction for one in journal.unfinished()} == {f"{number}" for number in range(8)}


def test_two_programs_that_begin_a_journal_at_once_both_write_to_it(path: Path) -> None:
    programs = [writer(path, person, 60) for person in (ANNA, BERT)]
    said = [program.communicate(timeout=60) for program in programs]
    assert [errors for _, errors in said] == ["", ""]
    journal = Journal(path)
    for person, (keys, _) in zip((ANNA, BERT), said, strict=True):
        assert len(keys.split()) == 60
        assert all(journal.kept(key) for key in keys.split())
        assert [row["key"] for row in journal.of_person(person)["feedback"]] == keys.split()
        assert len(journal.of_person(person)["told"]) == 60
        assert len(journal.of_person(person)["declined"]) == 60
    assert [(tally.asked, tally.declined) for tally in journal.counted("", "9999")] == [(120, 120)]
    assert journal.unfinished() == []
    journal.close()


def test_a_program_killed_while_it_writes_loses_nothing_it_had_written(path: Path) -> None:
    program = writer(path, ANNA, 1_000_000)
    keys = [lines(program.stdout).readline().strip() for _ in range(50)]
    program.send_signal(signal.SIGKILL)
    rest, errors = program.communicate(timeout=60)
    assert (program.returncode, errors) == (-signal.SIGKILL, "")
    # The kill may have cut the last line.
    keys += [key for key in rest.splitlines() if len(key) == 11]
    journal = Journal(path)
    assert [number for number, key in enumerate(keys) if journal.kept(key) is None] == []
    assert [row["key"] for row in journal.of_person(ANNA)["feedback"]][: len(keys)] == keys
    assert len(journal.of_person(ANNA)["told"]) >= len(keys)
    assert len(journal.unfinished()) <= 1
    assert tell(journal, BERT, "Does it still write?")
    journal.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


# --- what cannot be used -----------------------------------------------------------------------------------


def assert_refused(path: Path, why: str) -> None:
    """Every call says in one sentence what is wrong, and nothing of what it was asked to write."""
    journal = Journal(path)
    with pytest.raises(JournalError) as caught:
        tell(journal, ANNA, "Zebulon")
    said = str(caught.value)
    assert re.fullmatch(rf"The journal {re.escape(str(path))} [^\n]*\.", said)
    assert why in said
    assert "Zebulon" not in said
    journal.close()


def test_a_folder_in_the_place_of_the_file_is_refused(path: Path) -> None:
    path.mkdir()
    assert_refused(path, "cannot be opened")


def test_a_file_in_the_place_of_the_folder_is_refused(path: Path) -> None:
    path.write_text("a file")
    assert_refused(path / "journal.db", f"({path})")


@pytest.mark.parametrize(
    "content", [b"This is a letter, no database.\n" * 200, b"SQLite format 3\0" + b"\xff" * 4080]
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert_refused(path, "move it away")
    assert path.read_bytes() == content


def test_a_journal_with_a_torn_page_is_refused(journal: Journal, path: Path) -> None:
    for number in range(100):
        tell(journal, ANNA, f"Question {number}? " * 20)
    journal.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xa5" * (len(whole) - 8192))
    assert_refused(path, "is damaged")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "is kept locked by another program; try again when that is done."),
        (sqlite3.SQLITE_CORRUPT_INDEX, "is damaged (what SQLite said); move it away and a new one is begun."),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "cannot be written: the file or its folder is read-only."),
        (sqlite3.SQLITE_IOERR_WRITE, "cannot be used (what SQLite said)."),
        (None, "cannot be used (what SQLite said)."),
    ],
)
def test_what_sqlite_reports_in_detail_is_told_by_its_kind(code: int | None, said: str) -> None:
    error = sqlite3.OperationalError("what SQLite said")
    if code is not None:
        error.sqlite_errorcode = code
    assert str(explain(Path("journal.db"), error)) == f"The journal journal.db {said}"


def test_what_goes_wrong_while_a_journal_is_open_is_told_too(journal: Journal, path: Path) -> None:
    begin(journal, "1")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE told")
    with pytest.raises(JournalError, match=r"^The journal .* cannot be used \(no such table: told\)\.$"):
        journal.told()
    with pytest.raises(JournalError, match="no such table: told"):
        tell(journal, ANNA, "What does it pay?")
    assert len(journal.unfinished()) == 1


@pytest.fixture
def powerless() -> Iterator[Path]:
    """A folder everybody may read, and nobody's rights, which root has to put on first."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    if root := os.geteuid() == 0:
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)
        shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["journal.db", "data/journal.db"])
def test_a_folder_that_may_not_be_written_is_refused(powerless: Path, name: str) -> None:
    sealed = powerless / "sealed"
    sealed.mkdir(0o555)
    assert_refused(sealed / name, "cannot be opened: Permission denied")


def test_a_file_that_may_only_be_read_is_refused(powerless: Path) -> None:
    path = powerless / "journal.db"
    path.touch(0o444)
    assert_refused(path, "is read-only")


def test_a_file_that_may_not_even_be_read_is_refused(powerless: Path) -> None:
    path = powerless / "journal.db"
    path.touch(0)
    assert_refused(path, "cannot be opened")


def test_a_full_disk_is_told_and_leaves_what_was_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "_SETTINGS", (*file._SETTINGS, "max_page_count = 40"))
    journal = Journal(path, now=Clock())
    questions = [f"Question {number}? " * 50 for number in range(200)]
    with pytest.raises(JournalError, match=r"^The journal .* cannot be written: no room is left for it\.$"):
        [tell(journal, ANNA, question) for question in questions]
    stored = [one.question for one in reversed(journal.told(1_000))]
    assert len(stored) > 10
    assert stored == [question[:1_000] for question in questions[: len(stored)]]
    begin(journal, "1")
    assert len(journal.unfinished()) == 1
    journal.close()


def test_another_program_that_does_not_stop_writing_is_told(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "_WAIT", 0.05)
    begin(journal, "1")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="is kept locked by another program"):
            begin(journal, "2")
        connection.execute("COMMIT")
    begin(journal, "3")
    assert [one.interaction for one in journal.unfinished()] == ["1", "3"]


def test_another_program_that_does_not_stop_opening_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "_WAIT", 0.05)
    with FileLock(f"{path}.lock"):
        assert_refused(path, "is kept locked by another program")
    assert not path.exists()


def test_forgetting_is_not_called_complete_while_another_program_reads(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "_WAIT", 0.05)
    tell(journal, ANNA, "What does Zebulon pay?")
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM told").fetchall()
        receipt = journal.forget(ANNA)
        assert (receipt.rows["told"], receipt.erased) == (1, False)
        assert journal.told() == []
        reader.execute("COMMIT")
        assert b"Zebulon" in on_disk(path)
        journal.checkpoint()
        assert b"Zebulon" not in on_disk(path)
