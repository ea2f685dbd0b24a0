"""What the journal keeps, for how long, and what it gives back."""

import json
import re
import stat
from collections.abc import Iterator
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from knowledge.entities import Reply
from knowledge.journal.entries import Feedback, Pending, Receipt, Told
from knowledge.journal.journal import KEPT_FOR, LONGEST_TOLD, PENDING_FOR, Journal
from tests.knowledge.journals import ANNA, BERT, Clock, a_reply, begin, on_disk, tell

NOON = "2026-03-01T12:00:00.000+00:00"
TICK = timedelta(milliseconds=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.db"


@pytest.fixture
def journal(path: Path, clock: Clock) -> Iterator[Journal]:
    journal = Journal(path, now=clock)
    yield journal
    journal.close()


def test_making_a_journal_touches_no_file(journal: Journal, path: Path) -> None:
    assert not path.parent.exists()
    journal.checkpoint()
    journal.close()
    assert not path.parent.exists()


def test_a_journal_without_a_clock_goes_by_the_real_one(path: Path) -> None:
    journal = Journal(path)
    assert journal.kept(journal.keep(a_reply())) == a_reply()
    journal.close()


def test_times_are_stored_as_utc_whatever_the_clock_shows(journal: Journal, clock: Clock) -> None:
    clock.time = clock.time.astimezone(timezone(timedelta(hours=-9)))
    tell(journal, ANNA, "What does it pay?")
    assert journal.told()[0].at == NOON


def test_only_its_owner_may_read_the_files(journal: Journal, path: Path) -> None:
    begin(journal, "1")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("journal.db*")}
    assert {modes[name] for name in ("journal.db", "journal.db-wal", "journal.db-shm")} == {0o600}


def test_checkpoint_moves_everything_into_the_database_file(journal: Journal, path: Path) -> None:
    tell(journal, ANNA, "Where is it?")
    assert b"Where is it?" not in path.read_bytes()
    journal.checkpoint()
    assert b"Where is it?" in path.read_bytes()
    assert path.with_name("journal.db-wal").stat().st_size == 0


def test_a_closed_journal_leaves_no_log_and_opens_again(journal: Journal, path: Path) -> None:
    key = journal.keep(a_reply())
    journal.close()
    assert not path.with_name("journal.db-wal").exists()
    assert journal.kept(key) == a_reply()


# --- replies -----------------------------------------------------------------------------------------------


def test_a_kept_reply_is_there_after_a_restart(journal: Journal, path: Path, clock: Clock) -> None:
    reply = a_reply("", 7, "guide:1", "guide:2")
    key = journal.keep(reply)
    journal.close()
    again = Journal(path, now=clock)
    assert again.kept(key) == reply
    again.close()


def test_a_kept_reply_has_no_question_in_it(journal: Journal, path: Path) -> None:
    key = journal.keep(a_reply("Is Zebulon hiring?", 7, "guide:1"))
    assert journal.kept(key) == a_reply("", 7, "guide:1")
    assert b"Zebulon" not in on_disk(path)


def test_a_key_is_short_different_each_time_and_fit_for_a_custom_id(journal: Journal) -> None:
    keys = [journal.keep(a_reply()) for _ in range(50)]
    assert len(set(keys)) == 50
    assert all(re.fullmatch(r"[\w-]{11}", key, re.ASCII) for key in keys)


def test_an_unknown_key_has_no_reply(journal: Journal) -> None:
    assert journal.kept("AAAAAAAAAAA") is None


def test_a_reply_is_kept_thirty_days_and_no_longer(journal: Journal, clock: Clock) -> None:
    key = journal.keep(a_reply())
    clock.pass_by(timedelta(days=30) - TICK)
    assert journal.kept(key) == a_reply()
    clock.pass_by(TICK)
    assert journal.kept(key) is None


def test_old_replies_leave_the_file_with_the_first_reply_of_another_day(
    journal: Journal, path: Path, clock: Clock
) -> None:
    journal.keep(a_reply("", 7, "long-ago:1"))
    clock.pass_by(KEPT_FOR)
    journal.keep(a_reply("", 7, "just-now:1"))
    journal.checkpoint()
    assert b"long-ago:1" not in on_disk(path)
    assert b"just-now:1" in on_disk(path)


def test_old_replies_leave_the_file_with_every_hundredth_of_a_busy_day(
    journal: Journal, path: Path, clock: Clock
) -> None:
    journal.keep(a_reply("", 7, "long-ago:1"))
    clock.pass_by(KEPT_FOR - timedelta(hours=1))
    journal.keep(a_reply("", 7, "just-now:1"))
    clock.pass_by(timedelta(hours=2))
    journal.checkpoint()
    assert b"long-ago:1" in on_disk(path)
    for _ in range(100):
        journal.keep(a_reply())
    journal.checkpoint()
    assert b"long-ago:1" not in on_disk(path)
    assert b"just-now:1" in on_disk(path)


def test_the_oldest_replies_go_where_there_are_too_many(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.journal.journal.MOST_KEPT", 250)
    keys = [journal.keep(a_reply()) for _ in range(401)]
    kept = [journal.kept(key) is not None for key in keys]
    assert kept == [False] * (401 - 150) + [True] * 150
    for _ in range(99):
        journal.keep(a_reply())
    assert sum(journal.kept(key) is not None for key in keys) == 150


def test_a_new_process_prunes_with_its_first_reply(journal: Journal, path: Path, clock: Clock) -> None:
    journal.keep(a_reply("", 7, "long-ago:1"))
    journal.close()
    clock.pass_by(KEPT_FOR)
    journal = Journal(path, now=clock)
    journal.keep(a_reply())
    journal.close()
    assert b"long-ago:1" not in on_disk(path)


# --- messages that wait ------------------------------------------------------------------------------------


def test_message_waits_until_it_is_answered_or_nobody_waits_any_more(journal: Journal, clock: Clock) -> None:
    journal.begin_message(message="1", channel="5")
    journal.begin_message(message="2", channel="5")
    journal.end_message("1")
    assert [(one.message, one.channel) for one in journal.unanswered_messages()] == [("2", "5")]
    clock.pass_by(PENDING_FOR)
    assert journal.unanswered_messages() == []


# --- feedback ----------------------------------------------------------------------------------------------


def test_feedback_says_which_generation_and_passages_it_is_about(journal: Journal) -> None:
    key = journal.keep(a_reply("", 7, "guide:2", "guide:1", "guide:2"))
    assert journal.rate(person=ANNA, key=key, helpful=True)
    assert journal.feedback() == [Feedback(key, True, 7, ("guide:2", "guide:1"), NOON)]


def test_a_second_press_replaces_the_first(journal: Journal, clock: Clock) -> None:
    key = journal.keep(a_reply())
    journal.rate(person=ANNA, key=key, helpful=True)
    clock.pass_by(timedelta(seconds=5))
    assert journal.rate(person=ANNA, key=key, helpful=False)
    assert journal.feedback() == [Feedback(key, False, 7, (), "2026-03-01T12:00:05.000+00:00")]


def test_two_people_and_two_replies_make_four_rows_newest_first(journal: Journal) -> None:
    keys = [journal.keep(a_reply()), journal.keep(a_reply())]
    for person in (ANNA, BERT):
        for key in keys:
            journal.rate(person=person, key=key, helpful=person == ANNA)
    assert [(one.key, one.helpful) for one in journal.feedback()] == [
        (keys[1], False),
        (keys[0], False),
        (keys[1], True),
        (keys[0], True),
    ]
    assert [one.key for one in journal.feedback(limit=1)] == keys[1:]


def test_feedback_on_a_reply_that_is_gone_is_not_stored(journal: Journal, clock: Clock) -> None:
    key = journal.keep(a_reply())
    clock.pass_by(KEPT_FOR)
    assert not journal.rate(person=ANNA, key=key, helpful=True)
    assert not journal.rate(person=ANNA, key="AAAAAAAAAAA", helpful=True)
    assert journal.feedback() == []


# --- questions told to the admins --------------------------------------------------------------------------


def test_a_told_question_is_listed_without_who_told_it(journal: Journal) -> None:
    assert journal.tell(
        person=ANNA,
        question="What does it pay?",
        reason="nothing",
        generation=7,
        passages=["guide:1"],
        key="AAAAAAAAAAA",
    )
    assert journal.told() == [Told("What does it pay?", "nothing", 7, ("guide:1",), NOON)]
    assert ANNA not in repr(journal.told())


def test_the_same_question_of_the_same_person_is_stored_once(journal: Journal) -> None:
    assert tell(journal, ANNA, "What does it pay?")
    assert not tell(journal, ANNA, "What does it pay?")
    assert tell(journal, BERT, "What does it pay?")
    assert tell(journal, ANNA, "What does it pay? ")
    assert [one.question for one in journal.told()] == ["What does it pay? ", *["What does it pay?"] * 2]
    assert len(journal.told(limit=2)) == 2


def test_a_long_question_is_cut_and_still_known(journal: Journal) -> None:
    question = "é" * LONGEST_TOLD
    assert tell(journal, ANNA, question + " and more")
    assert journal.told()[0].question == question
    assert not tell(journal, ANNA, question + " and yet more")


@pytest.mark.parametrize(
    ("question", "stored"),
    [
        ("half\ud83d an emoji", "half an emoji"),
        ("a\0b", "a\0b"),
        ("薪水是多少？ 👩‍💻", "薪水是多少？ 👩‍💻"),
        ("", ""),
    ],
    ids=["lone surrogate", "null", "any script", "empty"],
)
def test_a_question_of_odd_characters_is_stored_once(journal: Journal, question: str, stored: str) -> None:
    assert tell(journal, ANNA, question)
    assert not tell(journal, ANNA, question)
    assert [one.question for one in journal.told()] == [stored]


# --- interactions under way --------------------------------------------------------------------------------


def test_interactions_that_did_not_end_are_there_after_a_restart(
    journal: Journal, path: Path, clock: Clock
) -> None:
    for interaction in ("3", "1", "2"):
        begin(journal, interaction)
    journal.end("1")
    journal.close()
    again = Journal(path, now=clock)
    assert again.unfinished() == [
        Pending("3", "200", "token of 3", NOON),
        Pending("2", "200", "token of 2", NOON),
    ]
    again.close()


def test_an_interaction_is_waited_for_fifteen_minutes_and_then_removed(
    journal: Journal, path: Path, clock: Clock
) -> None:
    begin(journal, "1")
    clock.pass_by(TICK)
    begin(journal, "2")
    clock.pass_by(timedelta(minutes=15) - TICK)
    assert [one.interaction for one in journal.unfinished()] == ["2"]
    clock.pass_by(PENDING_FOR)
    assert journal.unfinished() == []
    journal.checkpoint()
    assert b"token of" not in on_disk(path)


def test_ending_what_never_began_and_beginning_twice_change_nothing(journal: Journal) -> None:
    journal.end("1")
    begin(journal, "1")
    begin(journal, "1")
    assert [one.interaction for one in journal.unfinished()] == ["1"]


def test_an_ended_interaction_leaves_no_token_behind(journal: Journal, path: Path) -> None:
    begin(journal, "1")
    journal.end("1")
    journal.checkpoint()
    assert b"token of" not in on_disk(path)


def test_a_token_does_not_show_where_an_interaction_is_printed() -> None:
    assert "secret" not in repr(Pending("1", "200", "secret", NOON))


# --- what a person may ask for -----------------------------------------------------------------------------


def test_a_person_who_left_nothing_has_nothing_to_see_or_forget(journal: Journal) -> None:
    tell(journal, BERT, "What does it pay?")
    assert journal.of_person(ANNA) == {}
    assert journal.forget(ANNA) == Receipt(
        NOON, {"feedback": 0, "told": 0, "declined": 0}, erased=True, stays={"audit": 0}
    )
    assert len(journal.told()) == 1


def test_rows_are_shown_as_json_would_have_them(journal: Journal) -> None:
    journal.rate(person=ANNA, key=journal.keep(a_reply("", 7, "guide:1")), helpful=False)
    shown = json.dumps(journal.of_person(ANNA))
    assert '"helpful": false' in shown
    assert '"passages": ["guide:1"]' in shown


def test_a_person_sees_everything_they_left_and_nothing_of_others(journal: Journal) -> None:
    key = journal.keep(a_reply("", 7, "guide:1"))
    for person in (BERT, ANNA):
        tell(journal, person, "What does it pay?")
        journal.rate(person=person, key=key, helpful=True)
    about = {"person": ANNA, "id": 2, "generation": 7, "passages": ["guide:1"], "at": NOON}
    unlearned = {"meaning": None, "model": None}
    assert journal.of_person(ANNA) == {
        "feedback": [{**about, "key": key, "helpful": True}],
        "told": [{**about, **unlearned, "question": "What does it pay?", "reason": "nothing", "key": None}],
    }


def test_forgetting_gives_a_receipt_and_leaves_what_others_left(journal: Journal, clock: Clock) -> None:
    replies = [a_reply("", 7, "guide:1"), a_reply("", 8, "guide:2")]
    keys = [journal.keep(reply) for reply in replies]
    for person in (ANNA, BERT):
        tell(journal, person, "What does it pay?")
        for key in keys:
            journal.rate(person=person, key=key, helpful=True)
    of_bert = journal.of_person(BERT)
    clock.pass_by(timedelta(seconds=1))
    rows = {"feedback": 2, "told": 1, "declined": 0}
    expected = Receipt("2026-03-01T12:00:01.000+00:00", rows, erased=True, stays={"audit": 0})
    assert journal.forget(ANNA) == expected
    assert journal.of_person(ANNA) == {}
    assert journal.of_person(BERT) == of_bert
    assert [journal.kept(key) for key in keys] == replies


def test_after_forgetting_the_same_things_can_be_left_again(journal: Journal) -> None:
    key = journal.keep(a_reply())
    for _ in range(2):
        assert tell(journal, ANNA, "What does it pay?")
        assert not tell(journal, ANNA, "What does it pay?")
        for helpful in (True, False):
            assert journal.rate(person=ANNA, key=key, helpful=helpful)
        assert {table: len(rows) for table, rows in journal.of_person(ANNA).items()} == {
            "feedback": 1,
            "told": 1,
        }
        journal.forget(ANNA)


def test_an_empty_reply_is_kept_too(journal: Journal) -> None:
    assert journal.kept(journal.keep(Reply((), 0))) == Reply((), 0)
