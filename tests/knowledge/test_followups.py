import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.asking.conversation import Asked, Leaning, leaning, understand
from knowledge.asking.followups import (
    already_shown,
    asks_for_more,
    goes_beyond,
    listed,
    pointed_at,
    points_back,
)
from knowledge.asking.listing import subjects_listed
from knowledge.entities import Question, Turn

STEPS = """> The steps are, in order:
>
> 1. Plough the field.
> 2. Sow the seed.
> 3. Water it.
— restated from «Fields», author not stated, date not stated › Steps [1]

Confidence: medium – one document says so.

[1] restated from «Fields», author not stated, date not stated

Related:
  · Who ploughs?
  · Who sows?"""
ASKED = "What are the steps of a farmer?"


# --- one of several ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "things"),
    [
        (STEPS, ("Plough the field", "Sow the seed", "Water it")),
        ("- a\n- b\n  - deeper\n- c", ("a", "b", "c")),
        ("• hay\n• straw", ("hay", "straw")),
        ("> One thing.\n\nTwo lists:\n* x\n* y\n\nand\n\n* z\n* w", ("x", "y")),
        ("Steps: 1. plough 2. sow 3. water", ("plough", "sow", "water")),
        ("1) plough, 2) sow", ("plough", "sow")),
        ("Sowing logic, seed design, field management", ("Sowing logic", "seed design", "field management")),
        ("Farmers use ploughs, harrows, and rakes.", ("ploughs", "harrows", "rakes")),
        ("They grow rye, oats and peas.", ("They grow rye", "oats", "peas")),
        ("Four traits: early riser, calm, and (often, not always) wet", None),
        ("A plain sentence. It has nothing, really.", ()),
        ("- only one", ()),
        ("> - rye\n— one source\n\n> - oats\n— another", ("rye", "oats")),
        ("> - rye\n> - oats\n— one source\n\n> - peas\n> - hay\n— another", ("rye", "oats")),
        ("In 2. and 4. there is no order.", ()),
        ("", ()),
        ("Confidence: a, b, c and d", ()),
    ],
)
def test_a_list_is_found_however_it_is_written(text: str, things: tuple[str, ...] | None) -> None:
    if things is None:
        things = ("early riser", "calm", "(often, not always) wet")
    assert listed(text) == things


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("explain the third one more", "explain Water it more"),
        ("why the third", "why Water it"),
        ("what about the second?", "what about Sow the seed?"),
        ("and the last one?", "and Water it?"),
        ("the first step", "Plough the field"),
        ("explain the 2nd to me", "explain Sow the seed to me"),
        ("second?", "Sow the seed?"),
        ("tell me about the first one you mentioned", "tell me about Plough the field"),
        ("why is the second important", "why is Sow the seed important"),
        ("the first and the third", "Plough the field and Water it"),
        ("#3", "Water it"),
        ("number 2?", "Sow the seed?"),
        ("how long does step three take", "how long does Water it take"),
        ("more about point 1", "more about Plough the field"),
    ],
)
def test_what_a_message_points_at_is_put_in_its_place(text: str, meant: str) -> None:
    assert pointed_at(text, STEPS, ASKED) == meant
    assert points_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "the first thing they do in the morning",
        "what is the first crop I should grow",
        "the second one I should read",
        "what did they do last year",
        "what do they do first",
        "first of all, what is rye",
        "the last few",
        "the first two",
        "what is the second year like",
        "what is the second step on the way to the harvest",
        "C#3 and the rest",
        "",
    ],
)
def test_a_message_that_counts_something_else_is_left_as_it_is(text: str) -> None:
    assert pointed_at(text, STEPS, ASKED) is None
    assert not points_back(text)


@pytest.mark.parametrize(
    "text", ["the fourth one?", "step 9", "#0", "#12", "the first and the tenth", "the latter"]
)
def test_a_place_beyond_the_list_is_left_as_it_is(text: str) -> None:
    assert pointed_at(text, STEPS, ASKED) is None
    assert pointed_at(text, "No list.", ASKED) is None


def test_a_number_means_the_step_of_that_number_where_only_some_are_quoted() -> None:
    said = "> 2. Sow the seed.\n— a source\n\n> 5. Reap.\n> 6. Thresh."
    assert pointed_at("explain step 5", said) == "explain Reap"
    assert pointed_at("explain the second one", said) == "explain Thresh"


@pytest.mark.parametrize(
    ("text", "said", "asked", "meant"),
    [
        ("and the latter?", "Both are used.", "rye or oats?", "and oats?"),
        ("why the former", "Rye and oats grow here.", "what grows?", "why Rye"),
        ("the latter one", "- hay\n- straw", "rye or oats?", "straw"),
    ],
)
def test_of_two_things_the_one_meant_is_put_in_place(text: str, said: str, asked: str, meant: str) -> None:
    assert pointed_at(text, said, asked) == meant


def test_a_name_of_the_list_may_stand_after_the_ordinal() -> None:
    said = "- ploughs\n- rakes"
    assert pointed_at("the second implement", said, "Which implements do farmers use?") == "rakes"
    assert pointed_at("the second world", said, "Which implements do farmers use?") is None


@given(st.text(), st.text(), st.text())
def test_any_texts_can_be_looked_through(text: str, said: str, asked: str) -> None:
    assert pointed_at(text, said, asked) != ""
    assert all(listed(said))


# --- more --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "anything else?",
        "more",
        "More please!",
        "go on",
        "what else",
        "tell me more",
        "is that all?",
        "any more details?",
        "can you elaborate?",
        "ok, anything else about that?",
        "others?",
    ],
)
def test_a_bare_continuation_asks_for_more(text: str) -> None:
    assert asks_for_more(text)
    assert goes_beyond(text)


@pytest.mark.parametrize(
    ("text", "beyond"),
    [
        ("tell me more about rye", True),
        ("what else do they grow?", True),
        ("explain it in more detail", True),
        ("do they need more than one field", False),
        ("and?", False),
        ("which is more important", False),
        ("why?", False),
        ("what is rye", False),
    ],
)
def test_a_message_that_says_what_it_asks_is_no_bare_continuation(text: str, beyond: bool) -> None:
    assert not asks_for_more(text)
    assert goes_beyond(text) is beyond


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("The steps are, in order:\n\n1. Plough the field.\n2. Sow the seed.\n3. Water it.", True),
        ("The steps are, in order:\n\n1. Plough the field.\n2. Sow the seed.\n3. Water it.\n4. Reap.", True),
        ("Sow the seed.", True),
        ("Sow the seeds deep.", False),
        ("Plough the field. Sow the seed. Water it. And *then* wait for a long, long, long time.", False),
        ("", False),
    ],
)
def test_a_quote_is_shown_already_when_most_of_it_stands_in_the_earlier_text(quote: str, shown: bool) -> None:
    assert already_shown(quote, STEPS) is shown


# --- in a conversation -------------------------------------------------------------------------------------

FIRST = Turn(ASKED, STEPS)


def one(text: str, *history: Turn) -> Asked:
    (asked,) = understand(Question(text, history))
    return asked


def test_a_thing_pointed_at_is_what_is_looked_for() -> None:
    assert one("why the third?", FIRST) == Asked("why Water it?", ASKED)


def test_a_thing_that_says_enough_is_not_mixed_with_the_question_before() -> None:
    said = "- Mend what is broken in the barn before winter\n- Rest"
    asked = one("why the first?", Turn("What does a data engineer do?", said))
    assert asked == Asked("why Mend what is broken in the barn before winter?", role="data engineer")


def test_the_next_ordinal_still_means_the_list_of_the_first() -> None:
    asked = one("and the second?", FIRST, Turn("explain the third", "> Water:\n>\n> - rain\n> - wells"))
    assert asked.text == "and Sow the seed?"


def test_a_question_after_an_ordinal_is_about_the_thing() -> None:
    asked = one("why is that?", FIRST, Turn("explain the third", "Water."))
    assert asked.about == "explain Water it"


def test_a_bare_continuation_asks_the_question_again_without_what_was_shown() -> None:
    assert one("anything else?", FIRST) == Asked(ASKED, None, STEPS)
    again = one("more", FIRST, Turn("anything else?", "Reap."))
    assert again == Asked(ASKED, None, f"{STEPS}\nReap.")


def test_a_continuation_of_a_follow_up_asks_the_follow_up_again() -> None:
    asked = one("go on", FIRST, Turn("why the third?", "Roots."), Turn("thanks", "You're welcome."))
    assert (asked.text, asked.about) == ("why Water it?", ASKED)
    assert asked.shown == "Roots.\nYou're welcome."


def test_a_continuation_of_nothing_is_left_as_it_is() -> None:
    assert one("anything else?") == Asked("anything else?")
    assert one("more", Turn("more", "?")).text == "more"


def test_who_asks_what_else_is_not_shown_the_same_again() -> None:
    assert one("what else do they do?", FIRST) == Asked("what else do they do?", ASKED, STEPS)
    assert one("why?", FIRST).shown == ""


def test_questions_about_sources_and_small_talk_do_not_change_the_subject() -> None:
    asides = (Turn("who wrote that?", "Somebody."), Turn("thanks!", "You're welcome."))
    assert one("why?", FIRST, *asides).about == ASKED
    assert one("and the second?", FIRST, *asides).text == "and Sow the seed?"
    assert one("who wrote the first one?", FIRST) == Asked("who wrote the first one?")


# --- how much is needed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("why?", Leaning.QUESTION),
        ("is it hard?", Leaning.QUESTION),
        ("how do they do that?", Leaning.QUESTION),
        ("does it pay well at banks?", Leaning.QUESTION),
        ("even for juniors?", Leaning.QUESTION),
        ("or Java?", Leaning.QUESTION),
        ("is Java better?", Leaning.QUESTION),
        ("why Python?", Leaning.QUESTION),
        ("can you give examples?", Leaning.QUESTION),
        ("and frontend engineers?", Leaning.QUESTION),
        ("what else do they use?", Leaning.QUESTION),
        ("which do they use?", Leaning.QUESTION),
        ("Docker too?", Leaning.QUESTION),
        ("and in the evening?", Leaning.QUESTION),
        ("anything else about security?", Leaning.ALONE),
        ("for beginners?", Leaning.QUESTION),
        ("and what about salaries?", Leaning.ROLE),
        ("and the soft skills?", Leaning.ROLE),
        ("ok and which databases do they use", Leaning.ROLE),
        ("frameworks?", Leaning.ROLE),
        ("do they need a degree", Leaning.ROLE),
        ("who do they work with?", Leaning.ROLE),
        ("what are the skills that matter for this job", Leaning.ROLE),
        ("so how do I start learning SQL?", Leaning.ROLE),
        ("which databases do backend engineers use", Leaning.ALONE),
        ("and which tools do backend engineers use?", Leaning.ALONE),
        ("what does a backend engineer do", Leaning.ALONE),
        ("tell me more about caching", Leaning.ALONE),
        ("are there any frameworks worth learning", Leaning.ALONE),
        ("when do people notice backend work?", Leaning.ALONE),
        ("in which fields can I find a job?", Leaning.ALONE),
        ("if everything works, does anybody notice the server people?", Leaning.ALONE),
        ("is it useful to know SQL?", Leaning.ALONE),
        ("is it hard to learn?", Leaning.QUESTION),
        ("I know Ruby, can I use it for the backend?", Leaning.ALONE),
        ("who makes sure that the system can grow?", Leaning.ALONE),
        ("is one backend language sufficient?", Leaning.ALONE),
        ("what does an app save in its database?", Leaning.ALONE),
        ("is server-side the same as backend?", Leaning.ALONE),
    ],
)
def test_a_question_needs_as_much_as_it_leaves_out(text: str, needs: Leaning) -> None:
    assert leaning(text) is needs


def test_a_new_subject_keeps_only_the_role_last_named() -> None:
    history = (Turn("What does a data engineer do?", "Much."), Turn("and the tools?", "Some."))
    assert one("and what about salaries?", *history) == Asked(
        "and what about salaries?", role="data engineer"
    )
    assert one("and what about salaries?", FIRST) == Asked("and what about salaries?", None)


# --- bare lists --------------------------------------------------------------------------------------------

HEADINGS = [
    frozenset(words.split())
    for words in (
        "salari by region",
        "core skill and tool",
        "step",
        "a day in the life",
        "api design and develop",
        "what a backend engin is",
    )
]


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("salary and skills and the day", ["salary", "skills", "the day"]),
        ("skills, tools, and steps?", ["skills", "tools", "steps"]),
        ("Steps & salary", ["Steps", "salary"]),
        ("skills and tools", []),
        ("design and development", []),
        ("AWS and GCP", []),
        ("HTML and CSS", []),
        ("skills, AWS", []),
        ("backend engineer and salary", []),
        ("what are the steps and the salary", []),
        ("steps", []),
        ("", []),
        ("steps, salary, skills, steps, salary, skills, steps, salary, skills", []),
    ],
)
def test_a_bare_list_is_several_questions_where_each_has_a_heading_of_its_own(
    text: str, subjects: list[str]
) -> None:
    assert subjects_listed(text, HEADINGS) == subjects


def test_each_subject_of_a_list_is_asked_about_the_role_last_named() -> None:
    history = (Turn("What does a data engineer do?", "Much."),)
    asked = understand(Question("salary, steps", history), HEADINGS)
    assert asked == [Asked("salary", role="data engineer"), Asked("steps", role="data engineer")]
    assert understand(Question("salary, steps")) == [Asked("salary, steps")]
