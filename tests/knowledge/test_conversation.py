import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.asking.conversation import Asked, Leaning, leaning, separate, understand
from knowledge.entities import Question, Turn

STATEMENT = "I like SQL. What could I do?"


@pytest.mark.parametrize(
    "message",
    [
        "What is an API?",
        "what is an api",
        STATEMENT,
        "I like SQL and I know Python. What could I do with that?",
        "Hi! I am new here. Which skills do I need? Thanks a lot",
        "What do they do with SQL and Python?",
        "Do they use Docker and Kubernetes?",
        "How do I become one and stay one?",
        "tell me about caching",
        "1. I like databases",
        "just a statement",
        "What is an API??? ?",
        "? What is an API?",
        "🎉",
    ],
)
def test_a_message_with_one_question_stays_whole(message: str) -> None:
    assert separate(message) == [message]


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("What is an API? Why cache?", ["What is an API?", "Why cache?"]),
        ("What is an API?\nWhy cache?", ["What is an API?", "Why cache?"]),
        ("1. What is an API? 2. Why cache?", ["What is an API?", "Why cache?"]),
        ("1) what is an api\n2) why cache\n3) which tools", ["what is an api", "why cache", "which tools"]),
        ("(1) what is an api (2) why cache", ["what is an api", "why cache"]),
        ("Two things: 1. skills, 2. salary", ["skills", "salary"]),
        (
            "What is caching and how do backend teams test?",
            ["What is caching", "how do backend teams test?"],
        ),
        ("what is caching, which tools are used", ["what is caching", "which tools are used"]),
        ("what is caching and also why use queues", ["what is caching", "why use queues"]),
        (
            "I like SQL. What could I do? I hate PHP. Must I learn it?",
            ["I like SQL. What could I do?", "I hate PHP. Must I learn it?"],
        ),
        ("What is an API? Why cache? Thanks!", ["What is an API?", "Why cache? Thanks!"]),
    ],
)
def test_a_message_with_several_questions_is_taken_apart_in_order(message: str, questions: list[str]) -> None:
    assert separate(message) == questions


@pytest.mark.parametrize("message", ["", "   ", "\n\n", "a 1. , 2. ,", "1. 2. 3. ", "? ? ?", "1. ! 2. ?"])
def test_a_message_that_asks_nothing_is_still_one(message: str) -> None:
    assert separate(message) == [" ".join(message.split())]


def test_a_long_message_keeps_every_word() -> None:
    message = "I have worked with many things. " * 40 + "What should I learn? And why is that? " * 10
    assert " ".join(separate(message)).split() == message.split()
    assert len(separate(message)) > 1


@given(st.text(st.sampled_from("abW? .!,;\n12)(3-'")) | st.text())
def test_any_message_is_at_least_one_question(message: str) -> None:
    questions = separate(message)
    assert questions
    assert all(question.strip() for question in questions) or questions == [""]


@given(st.lists(st.sampled_from(["I like SQL.", "What is an API?", "why cache", "Thanks!", "C# rocks"])))
def test_without_numbers_or_joints_no_word_is_lost(sentences: list[str]) -> None:
    message = "\n".join(sentences)
    assert " ".join(separate(message)).split() == message.split()


@pytest.mark.parametrize(
    "text",
    [
        "and databases?",
        "why?",
        "what about the salary?",
        "tell me more",
        "how do they do that?",
        "is it hard?",
        "which of these is best for beginners?",
        "the second one?",
        "salary?",
        "for example?",
    ],
)
def test_a_follow_up_leans_on_what_was_said_before(text: str) -> None:
    assert leaning(text) is not Leaning.ALONE


@pytest.mark.parametrize(
    "text",
    [
        "Which databases do backend engineers use?",
        "How do backend engineers spend their days when nothing is broken and no meeting is on the calendar?",
        "what skills does a backend engineer need",
        "Do backend developers need a degree?",
    ],
)
def test_a_question_that_says_what_it_is_about_stands_alone(text: str) -> None:
    assert leaning(text) is Leaning.ALONE


FIRST = Turn("Which databases do backend engineers use?", "PostgreSQL.")


def test_a_follow_up_is_about_the_question_before_it() -> None:
    assert understand(Question("and why?", (FIRST,))) == [Asked("and why?", FIRST.user)]


def test_a_follow_up_to_a_follow_up_is_about_both() -> None:
    (asked,) = understand(Question("is it hard?", (FIRST, Turn("or queues?", "Brokers."))))
    assert asked.about == f"{FIRST.user} or queues?"


def test_a_follow_up_to_a_new_subject_is_about_that_and_the_role() -> None:
    (asked,) = understand(Question("is it hard?", (FIRST, Turn("and queues?", "Brokers."))))
    assert asked.about == "backend engineers and queues?"


def test_a_subject_left_behind_is_not_dragged_along() -> None:
    second = Turn("What does a backend engineer do all day?", "Meetings.")
    (asked,) = understand(Question("is it hard?", (FIRST, second)))
    assert asked.about == second.user


def test_a_change_of_subject_forgets_what_was_said_before() -> None:
    text = "Do backend developers need a university degree?"
    assert understand(Question(text, (FIRST,))) == [Asked(text, None)]


def test_a_follow_up_to_nothing_stands_alone() -> None:
    assert understand(Question("and why?")) == [Asked("and why?", None)]


def test_a_conversation_of_follow_ups_only_is_what_a_follow_up_is_about() -> None:
    (asked,) = understand(Question("is it hard?", (Turn("and queues?", "Brokers."),)))
    assert asked.about == "and queues?"


def test_a_long_row_of_follow_ups_is_not_carried_whole() -> None:
    history = (FIRST, *(Turn(f"and thing {number}?", "Yes.") for number in range(20)))
    (asked,) = understand(Question("why?", history))
    assert asked.about is not None
    assert "thing 19" in asked.about
    assert len(asked.about) < 100


def test_only_the_first_question_of_a_message_continues_the_conversation() -> None:
    asked = understand(Question("Is it hard? Do backend developers need a degree?", (FIRST,)))
    assert [part.about for part in asked] == [FIRST.user, None]
    asked = understand(Question("Do backend developers need a degree? Is it hard?", (FIRST,)))
    assert not any(part.about == FIRST.user for part in asked)


@pytest.mark.parametrize(
    "text",
    [
        "What happens at midday, do the articles agree?",
        "Which languages are named? Do they differ?",
        "What is a morning like and do the two sources say the same?",
    ],
)
def test_whether_the_sources_agree_is_no_question_of_its_own(text: str) -> None:
    assert separate(text) == [text]
