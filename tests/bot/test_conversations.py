"""What was said before is known to who said it, for a while, and to nobody else."""

import pytest

from bot.conversations import AGE, REMEMBERED, Conversations, Place
from knowledge.entities import Question, Turn
from tests.bot.conftest import Time

ADA, BOB = 1, 2


@pytest.fixture
def talks(time: Time) -> Conversations:
    return Conversations(timer=time)


def said(talks: Conversations, key: str, text: str, *, person: int = ADA, place: Place | None = None) -> None:
    history = talks.at(place) if place else ()
    talks.remember(key, Question(text, history), f"{text}!", person=person, place=place)


def asked(turns: tuple[Turn, ...] | None) -> list[str]:
    return [turn.user for turn in turns or ()]


def test_talk_goes_on_in_its_place(talks: Conversations) -> None:
    place = Place(7, ADA, private=False)
    said(talks, "a", "one", place=place)
    said(talks, "b", "two", place=place)
    assert asked(talks.at(place)) == ["one", "two"]
    assert talks.at(place)[0].bot == "one!"


@pytest.mark.parametrize("other", [Place(7, BOB, False), Place(8, ADA, False), Place(7, ADA, True)])
def test_talk_is_unknown_to_others_elsewhere_and_in_private(talks: Conversations, other: Place) -> None:
    said(talks, "a", "one", place=Place(7, ADA, private=False))
    assert talks.at(other) == ()


def test_answer_is_followed_up_by_who_got_it_only(talks: Conversations) -> None:
    said(talks, "a", "one")
    assert asked(talks.up_to("a", ADA)) == ["one"]
    assert talks.up_to("a", BOB) is None
    assert talks.up_to("z", ADA) is None


def test_message_leads_to_its_answer(talks: Conversations) -> None:
    said(talks, "a", "one")
    talks.shown_as(99, "a")
    assert asked(talks.in_reply_to(99, ADA)) == ["one"]
    assert talks.in_reply_to(99, BOB) is None
    assert talks.in_reply_to(98, ADA) is None


def test_talk_is_forgotten_after_a_while(talks: Conversations, time: Time) -> None:
    place = Place(7, ADA, private=False)
    said(talks, "a", "one", place=place)
    time.pass_by(AGE - 1)
    assert talks.at(place)
    time.pass_by(2)
    assert talks.at(place) == ()
    assert talks.up_to("a", ADA) is None


def test_only_the_last_turns_are_remembered(talks: Conversations) -> None:
    place = Place(7, ADA, private=False)
    for number in range(REMEMBERED + 3):
        said(talks, str(number), f"{number}?", place=place)
    assert asked(talks.at(place)) == [f"{number}?" for number in range(3, REMEMBERED + 3)]


def test_person_sees_everything_of_theirs_once_and_can_have_it_forgotten(talks: Conversations) -> None:
    place = Place(7, ADA, private=False)
    said(talks, "a", "one", place=place)
    said(talks, "b", "two", place=place)
    said(talks, "c", "three", person=BOB)
    assert [turn.user for turn in talks.of_person(ADA)] == ["one", "two"]
    assert talks.forget(ADA) == 2
    assert talks.of_person(ADA) == []
    assert talks.at(place) == ()
    assert asked(talks.up_to("c", BOB)) == ["three"]


def test_own_words_are_told_from_anothers(talks: Conversations) -> None:
    said(talks, "a", "one")
    talks.remember("b", Question("another's words"), "!", person=ADA, place=None, own=False)
    assert talks.question("a", ADA) == "one"
    assert talks.question("b", ADA) is None
    assert talks.question("a", BOB) is None


def test_forgetting_is_counted_for_answers_under_way(talks: Conversations, time: Time) -> None:
    assert talks.forgotten(ADA) == 0
    talks.forget(ADA)
    talks.forget(ADA)
    assert talks.forgotten(ADA) == 2
    assert talks.forgotten(BOB) == 0
