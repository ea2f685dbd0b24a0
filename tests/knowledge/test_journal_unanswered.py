"""Declined questions are kept for a while, once for each person; marks as long as what they are about."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.journal.journal import Journal
from knowledge.journal.unanswered import DECLINED_FOR, LONGEST_DECLINED, MOST_OF_PERSON
from tests.knowledge.journals import ANNA, BERT, Clock, a_reply, decline, on_disk, tell

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path, clock: Clock) -> Iterator[Journal]:
    journal = Journal(path, now=clock)
    yield journal
    journal.close()


def test_the_same_person_asking_five_times_leaves_one_row(journal: Journal, clock: Clock) -> None:
    for number in range(5):
        decline(journal, ANNA, "Who pays?", generation=number)
        clock.pass_by(SECOND)
    [row] = journal.of_person(ANNA)["declined"]
    assert (row["generation"], row["first"][17:19], row["at"][17:19]) == (4, "00", "04")


def test_a_declined_question_is_gone_ninety_days_after_it_was_last_asked(
    journal: Journal, path: Path, clock: Clock
) -> None:
    decline(journal, ANNA, "Who pays Zebulon?")
    clock.pass_by(DECLINED_FOR - DAY - SECOND)
    decline(journal, BERT, "Who pays Yorick?")
    assert len(journal.in_vain(9)) == 2
    clock.pass_by(DAY)
    assert [row.person for row in journal.in_vain(9)] == [BERT]
    journal.checkpoint()
    assert b"Zebulon" not in on_disk(path)
    assert b"Yorick" in on_disk(path)


@pytest.mark.parametrize("asked", [True, False], ids=["question declined", "reply kept"])
def test_old_questions_leave_the_file_though_nobody_looks_at_gaps(
    asked: bool, journal: Journal, path: Path, clock: Clock
) -> None:
    decline(journal, ANNA, "Who pays Zebulon?")
    clock.pass_by(DECLINED_FOR)
    if asked:
        decline(journal, BERT, "Who pays Yorick?")
    else:
        journal.keep(a_reply())
    journal.checkpoint()
    assert b"Zebulon" not in on_disk(path)


def test_nobody_crowds_out_the_others(journal: Journal, clock: Clock) -> None:
    decline(journal, BERT, "Who pays?")
    for number in range(MOST_OF_PERSON + 20):
        clock.pass_by(SECOND)
        decline(journal, ANNA, f"Question {number}?")
    rows = journal.in_vain(1000)
    assert [row.question for row in rows if row.person == ANNA] == [
        f"Question {number}?" for number in reversed(range(20, MOST_OF_PERSON + 20))
    ]
    assert [row.question for row in rows if row.person == BERT] == ["Who pays?"]


def test_long_questions_are_cut_and_odd_characters_dropped(journal: Journal) -> None:
    decline(journal, ANNA, "\ud83d" + "é" * 600)
    [row] = journal.of_person(ANNA)["declined"]
    assert row["question"] == "é" * (LONGEST_DECLINED - 1)


def test_all_that_was_asked_in_vain_is_gathered_newest_first(journal: Journal, clock: Clock) -> None:
    decline(journal, ANNA, "Who pays?")
    clock.pass_by(SECOND)
    tell(journal, BERT, "What does it pay?")
    clock.pass_by(SECOND)
    for helpful in (True, False):
        key = journal.keep(a_reply("", 7, "guide:2"))
        journal.rate(person=ANNA, key=key, helpful=helpful)
    rows = journal.in_vain(9)
    assert [(row.question, row.told, row.near) for row in rows] == [
        ("", False, "The Guide › Work › Tools"),
        ("What does it pay?", True, ""),
        ("Who pays?", False, ""),
    ]
    assert rows[0].passages == ("guide:2",)
    assert len(journal.in_vain(2)) == 2


def test_neither_who_nor_what_shows_where_a_row_is_printed(journal: Journal) -> None:
    decline(journal, ANNA, "Who pays?")
    [row] = journal.in_vain(1)
    assert "pays" not in repr(row)
    assert ANNA not in repr(row)


def test_a_mark_stays_as_long_as_what_it_is_about(journal: Journal) -> None:
    decline(journal, ANNA, "Who pays?")
    decline(journal, BERT, "Who pays?")
    bert, anna = journal.in_vain(9)
    journal.mark([anna.anchor, bert.anchor], "dismissed")
    journal.forget(ANNA)
    assert {anchor: mark.state for anchor, mark in journal.marks().items()} == {
        anna.anchor: "dismissed",
        bert.anchor: "dismissed",
    }
    journal.mark([bert.anchor], "answered")
    assert {anchor: mark.state for anchor, mark in journal.marks().items()} == {bert.anchor: "answered"}


def test_a_number_given_again_is_not_taken_for_what_had_it_before(journal: Journal, clock: Clock) -> None:
    decline(journal, ANNA, "Who pays?")
    [before] = journal.in_vain(9)
    journal.forget(ANNA)
    clock.pass_by(SECOND)
    decline(journal, BERT, "Who asks?")
    [after] = journal.in_vain(9)
    assert journal.of_person(BERT)["declined"][0]["id"] == 1
    assert before.anchor != after.anchor
