"""What a person had deleted is nowhere in the bytes on the disk."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.journal.journal import Journal
from knowledge.journal.unanswered import DECLINED_FOR
from tests.knowledge.journals import ANNA, BERT, Clock, a_reply, decline, on_disk, tell


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path, now=Clock())
    yield journal
    journal.close()


def test_forgetting_leaves_no_byte_of_a_person_in_any_file(journal: Journal, path: Path) -> None:
    key = journal.keep(a_reply("What does Zebulon pay?", 7, "guide:1"))
    for person, question in ((ANNA, "What does Zebulon pay?"), (BERT, "What does Yorick pay?")):
        tell(journal, person, question)
        decline(journal, person, f"{question} And what does it cost?")
        journal.rate(person=person, key=key, helpful=True)
    meanings = {ANNA: b"\x07meaning of Anna's\x00\x00", BERT: b"\x07meaning of Bert's\x00\x00"}
    asked = [row for row in journal.in_vain(9) if row.question]
    journal.learn([(row, meanings[row.person]) for row in asked], "a model")
    assert {row.person: row.meaning for row in journal.in_vain(9, "a model")} == meanings
    assert all(text in on_disk(path) for text in (ANNA.encode(), b"Zebulon", meanings[ANNA]))
    journal.forget(ANNA)
    assert not any(text in on_disk(path) for text in (ANNA.encode(), b"Zebulon", meanings[ANNA]))
    assert all(text in on_disk(path) for text in (BERT.encode(), b"Yorick", meanings[BERT]))


def test_a_meaning_is_of_one_model_and_of_nothing_that_was_deleted(journal: Journal) -> None:
    tell(journal, ANNA, "What does it pay?")
    [row] = journal.in_vain(9)
    journal.forget(ANNA)
    tell(journal, BERT, "What does it cost?")
    journal.learn([(row, b"Anna's")], "a model")
    [row] = journal.in_vain(9, "a model")
    assert row.meaning == b""
    journal.learn([(row, b"Bert's")], "a model")
    assert [row.meaning for row in journal.in_vain(9, "another")] == [b""]
    [told] = journal.of_person(BERT)["told"]
    assert (told["meaning"], told["model"]) == ("QmVydCdz", "a model")


def people(count: int, seed: int) -> list[str]:
    return [f"{number}" for number in random.Random(seed).sample(range(10**17, 10**18), count)]


@pytest.mark.parametrize("seed", range(2))
def test_rows_that_were_moved_about_leave_no_copies_behind(seed: int, journal: Journal, path: Path) -> None:
    """SQLite joins pages that became nearly empty, and does not overwrite what it copied from."""
    chance, everybody = random.Random(seed), people(24, seed)
    keys = [journal.keep(a_reply("", 7, "guide:1")) for _ in range(10)]

    def leave_something(person: str) -> None:
        question = f"<{person}> " + f"{chance.random()} " * chance.randrange(40)
        tell(journal, person, question)
        decline(journal, person, question)
        journal.rate(person=person, key=chance.choice(keys), helpful=chance.random() < 0.5)

    for _ in range(400):
        leave_something(chance.choice(everybody))
    while len(everybody) > 8:
        person = everybody.pop(chance.randrange(len(everybody)))
        left = journal.of_person(person)
        assert journal.forget(person).rows == {
            table: len(left.get(table, ())) for table in ("feedback", "told", "declined")
        }
        assert person.encode() not in on_disk(path)
        for _ in range(10):
            leave_something(chance.choice(everybody))


def test_what_a_killed_program_had_deleted_goes_when_the_journal_is_opened_again(
    journal: Journal, path: Path, tmp_path: Path
) -> None:
    tell(journal, ANNA, "What does Zebulon pay?")
    # As if it had ended between deleting the rows and emptying the log.
    with journal._file.writing() as db:
        db.execute("DELETE FROM told")
    copy = tmp_path / "after" / "journal.db"
    copy.parent.mkdir()
    for file in path.parent.glob("journal.db*"):
        (copy.parent / file.name).write_bytes(file.read_bytes())
    assert b"Zebulon" in on_disk(copy)
    again = Journal(copy, now=Clock())
    assert again.told() == []
    assert b"Zebulon" not in on_disk(copy)
    again.close()


def test_what_was_kept_long_enough_leaves_no_copies_behind(path: Path) -> None:
    clock, chance = Clock(), random.Random(5)
    journal = Journal(path, now=clock)
    asked = []
    for number in range(600):
        asked.append((clock.time, f"<{number}>"))
        words = f"{chance.random()} " * chance.randrange(25)
        decline(journal, str(chance.randrange(40)), f"<{number}> {words}")
        clock.pass_by(timedelta(hours=6))
    journal.checkpoint()
    stored = on_disk(path)
    for when, question in asked:
        if clock.time - when >= DECLINED_FOR:
            assert question.encode() not in stored
    assert asked[-1][1].encode() in stored
    journal.close()
