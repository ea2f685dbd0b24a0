"""Questions that only a text of a certain kind answers, and the many that merely sound like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.asking.kinds import KINDS, Kind, compares_unmet, is_a_task, is_code, kinds_asked

BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS}


def names(text: str) -> list[str]:
    return [kind.name for kind in kinds_asked(text)]


# --- what is asked for -------------------------------------------------------------------------------------

ASKING = {
    "money": [
        "what is the salary?",
        "Salaries in Spain",
        "wages in india",
        "do they get paid well",
        "are they well paid",
        "what's the pay",
        "pay like in germany?",
        "how expensive is a course",
        "what does a bootcamp cost",
        "does it come with stock options",
        "can I make 5000$",
        "€ or dollars?",
        "what do they earn after two years",
        "experience needed, and income?",
    ],
    "duration": [
        "how long does it take",
        "how long is the stand-up",
        "how long do interviews take",
        "HOW LONG?",
        "how long this takes",
        "how many months until I am ready",
        "how many hours a week",
    ],
    "amount": [
        "how many frameworks are there",
        "how much coffee do they drink",
        "how often do they deploy",
        "how old are they",
        "how far is the moon",
        "the number of services",
        "average team size",
        "on average?",
    ],
    "place": [
        "where do backend engineers live",
        "where is the company based",
        "where are the offices located",
        "which countries hire",
        "which city is it located in",
    ],
    "person": [
        "who founded it",
        "who invented redis",
        "who is the CEO of that",
        "who created python",
        "who made kubernetes",
    ],
    "percentage": [
        "what percentage is remote",
        "what exact percent drinks tea",
        "what share of code is tests",
    ],
    "year": ["what year was it founded", "when was kubernetes invented", "since when do they exist"],
    "phone number": ["what is the phone number of the chair", "number to call at night"],
    "email address": ["which email address has the office"],
    "explanation": [
        "how does caching work",
        "how do queues function?",
        "explain how garbage collection works",
        "how did CI/CD work",
        "how do REST APIs work??",
        "how does the day of an engineer work",
    ],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in ASKING.items() for text in texts])
def test_a_question_asks_for_its_kind(name: str, text: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("money", "what should I pay attention to"),
        ("money", "do they integrate payment processors"),
        ("money", "how do they earn trust"),
        ("money", "how did a backend engineer earn their big thank-you"),
        ("money", "do I have to earn any experience first"),
        ("money", "which priority do bugs have"),
        ("money", "what do I learn first"),
        ("money", "is moneyball about databases"),
        ("duration", "how long lists are handled"),
        ("duration", "what are long queries"),
        ("duration", "how do they handle long-running jobs"),
        ("duration", "how many hourglasses"),
        ("amount", "what does an average day look like"),
        ("amount", "describe the average working day"),
        ("amount", "how do they often start"),
        ("amount", "is a number enough"),
        ("place", "where do I start"),
        ("place", "where does the data live"),
        ("place", "where is the business logic located"),
        ("place", "which database is based on documents"),
        ("place", "where can I learn SQL"),
        ("person", "who else is in the stand-up"),
        ("person", "who designs the API"),
        ("person", "who is the reviewer"),
        ("explanation", "explain what they do all day"),
        ("explanation", "how do they work"),
        ("explanation", "how does a backend engineer work?"),
        ("explanation", "how do backend teams work"),
        ("explanation", "how do they work with the frontend"),
        ("explanation", "does homework work"),
        ("explanation", "what work do they do"),
    ],
)
def test_a_question_that_only_sounds_like_a_kind_asks_for_none_of_it(name: str, text: str) -> None:
    assert name not in names(text)


@pytest.mark.parametrize(
    "text", ["", "?", "what does a backend engineer do", "which databases should I learn", "where do I start"]
)
def test_most_questions_ask_for_no_kind(text: str) -> None:
    assert kinds_asked(text) == []


def test_a_question_may_ask_for_several_kinds() -> None:
    assert names("how much do they earn, and how many hours a week") == ["money", "duration", "amount"]


# --- what a text holds -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "held"),
    [
        ("money", "It pays $5,000 a month.", True),
        ("money", "It pays 4000 € a month.", True),
        ("money", "About 90,000 USD.", True),
        ("money", "Around 40 per hour.", True),
        ("money", "Pay differs by region.", False),
        ("money", "An answer took 200 ms, a $HOME is set.", False),
        ("duration", "It went from 200ms to 20ms.", True),
        ("duration", "Two years, as a rule.", True),
        ("duration", "a 3-month project", True),
        ("duration", "It takes years of patience.", False),
        ("duration", "There are 7 steps in a day.", False),
        ("amount", "There are seven steps.", True),
        ("amount", "85/10 is the score.", True),
        ("amount", "They deploy daily.", True),
        ("amount", "Version 1.2.3 came out.", False),
        ("amount", "Some of the steps.", False),
        ("place", "Most live in Berlin.", True),
        ("place", "It stands in a small town.", True),
        ("place", "The tables live in memory.", False),
        ("place", "Decisions are based on logs.", False),
        ("person", "Redis was created by one person.", True),
        ("person", "They created an API.", False),
        ("explanation", "A cache works by keeping answers.", True),
        ("explanation", "Queues are used in order to decouple.", True),
        ("explanation", "They work with queues and caches.", False),
    ],
)
def test_a_text_holds_a_thing_of_a_kind_or_does_not(name: str, text: str, held: bool) -> None:
    assert bool(BY_NAME[name].holds.search(text)) is held


# --- tasks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "write me a poem about autumn",
        "Write a function that sorts",
        "please write my thesis",
        "hey can you write me a cover letter",
        "could you please fix my code",
        "can u fix my python code, it says indentationerror",
        "fix it",
        "debug this",
        "solve this",
        "translate the following sentence",
        "order me a pizza",
        "book a table",
        "sign me up for the newsletter",
        "generate some code",
        "pls code a website for me",
        "¡write a song!",
    ],
)
def test_something_to_be_done_is_a_task(text: str) -> None:
    assert is_a_task(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "can you tell me what they do",
        "write tests?",
        "do they write tests",
        "do they write the documentation",
        "should I write a cover letter",
        "is it my job to write a specification",
        "how do they debug a slow query",
        "how do I fix my endpoints",
        "code reviews",
        "code review a must?",
        "solve problems all day?",
        "who books the meetings",
        "translated this",
        "explain it",
        "tell me a typical day",
        "can you write",
    ],
)
def test_something_to_be_said_is_no_task(text: str) -> None:
    assert not is_a_task(text)


# --- comparisons -------------------------------------------------------------------------------------------

NAMED = "Databases such as MySQL, PostgreSQL and Redis are used."
COMPARED = "PostgreSQL is stricter than MySQL."


@pytest.mark.parametrize(
    ("text", "answers", "unmet"),
    [
        ("which is faster, postgresql or mysql", [NAMED], True),
        ("which is faster, postgresql or mysql", [NAMED, COMPARED], False),
        ("which is better, MySQL or PostgreSQL?", [COMPARED], False),
        ("is mysql better than postgresql", [], True),
        ("is mysql better than postgresql", [NAMED, "Better than a file is PostgreSQL."], True),
        ("is mysql any better than postgresql", [COMPARED], False),
        ("postgresql vs mysql, which is better", [NAMED], True),
        ("postgresql vs. mysql: differences", [COMPARED], False),
        ("difference between rest and graphql", ["REST or GraphQL."], True),
        ("difference between rest and graphql", ["GraphQL, unlike REST, has one address."], False),
        ("is redis different from kafka", ["Redis is a cache.", "Kafka differs."], True),
        ("databases or caches, which are faster", ["A cache is faster than a database."], False),
        ("mysql or postgresql", [NAMED], False),
        ("which is the best database", [NAMED], False),
        ("which is faster", [NAMED], False),
        ("", [], False),
    ],
)
def test_a_comparison_is_met_only_by_a_text_that_compares_both(
    text: str, answers: list[str], unmet: bool
) -> None:
    assert compares_unmet(text, answers) is unmet


# --- programs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "{{7*7}}",
        "[[[]]]",
        "()[]",
        "print(items[0])",
        "if (a) { b(); }",
        "<html><body></body></html>",
        "$(rm -rf $HOME) | `id`;",
        "Robert'); DROP TABLE users; --",
        "hello; select * from users; thanks",
        "1; DELETE FROM t --",
        "databases'; drop\ntable x;",
    ],
)
def test_a_piece_of_a_program_is_code(text: str) -> None:
    assert is_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "what does a backend engineer do",
        "what (if anything) do they earn [in euros]?",
        "is C# (or C++) needed; what about <Java>?",
        "do they write SELECT and DELETE statements",
        "they plan; update tickets and review code",
        "I know SQL; select one for me",
        "{}",
        "a = b",
        "[1]",
        "why is () => {} used in the code that they write for a server",
    ],
)
def test_a_sentence_with_marks_in_it_is_no_code(text: str) -> None:
    assert not is_code(text)


# --- any text ----------------------------------------------------------------------------------------------


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_text_has_an_answer(text: str, answers: list[str]) -> None:
    assert set(names(text)) <= BY_NAME.keys()
    assert is_a_task(text) in {True, False}
    assert is_code(text) in {True, False}
    assert compares_unmet(text, answers) in {True, False}


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "1",
        "1 ",
        "where ",
        "please ",
        "how long ",
        "explain a-b ",
        "a or ",
        "is a than ",
        "earn a ",
    ],
)
def test_two_thousand_characters_are_read_at_once(piece: str) -> None:
    """A pattern that backtracks without end would not come back from these within a lifetime."""
    text = (piece * 2_000)[:2_000]
    for ending in ("", "!", " work\x00", " vs better"):
        assert isinstance(kinds_asked(text + ending), list)
        assert isinstance(is_a_task(text + ending), bool)
        assert isinstance(is_code(text + ending), bool)
        assert isinstance(compares_unmet(text + ending, [text, text + ending]), bool)
    assert all(kind.holds.search(text + "\x00") is None or piece.strip() for kind in KINDS)


@pytest.mark.parametrize(
    ("text", "names"),
    [("what is the salary", ["money"]), ("how do I negotiate my salary?", []), ("Negotiating a bonus", [])],
)
def test_who_asks_how_to_bargain_wants_no_amount(text: str, names: list[str]) -> None:
    assert [kind.name for kind in kinds_asked(text)] == names
