"""Small talk gets a reply in the bot's own voice, and no question is taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.asking.courtesies import COURTESIES, LONGEST, Courtesy, courtesy
from knowledge.entities import NoAnswer, Question, Refusal, Turn
from knowledge.suite import load
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import RoomyEmbedder, advisor, reindex, write

SAID = {
    "Hello.": [
        "hi",
        "Hi!",
        "hiii",
        "hello there",
        "hey bot",
        "👋 hi all",
        "yo",
        "good morning everyone",
        "what's up?",
        "what’s up?",
        "¡hola!",
        "hello hello",
    ],
    "All well": [
        "how are you?",
        "Hello! How are you?",
        "hi, how are you today?",
        "how's it going",
        "you good?",
    ],
    "You're welcome.": [
        "thanks",
        "Thanks.",
        "thank you very much",
        "thank u so much",
        "ok, thanks",
        "okay, thank you!",
        "thanks, that helped",
        "that helped, thanks",
        "cool, thanks 🙏",
        "thx",
        "ty!!",
        "great",
        "good bot",
        "much appreciated",
    ],
    "Goodbye": ["bye", "bye bye", "Good night!", "goodnight all", "see you later", "ok bye"],
    "I am a bot": [
        "who are you",
        "who r u?",
        "are you a bot or a human?",
        "are you real",
        "Are you ChatGPT?",
        "who made you",
        "what's your name?",
        "introduce yourself",
    ],
    "Ask me": [
        "help",
        "help me please",
        "what can you do?",
        "how do you work?",
        "how does this bot work",
        "what can i ask you",
        "commands",
    ],
    "I'm sorry": [
        "you are useless",
        "ur dumb",
        "you stupid bot",
        "this is so bad",
        "that's a bad answer",
        "bad bot",
        "you suck",
        "shut up",
        "f*ck off",
        "I hate you!",
    ],
}
ASKED = [
    "",
    "!?",
    "hi, which databases?",
    "hi what does a backend engineer do",
    "hello world program",
    "help me become a backend engineer",
    "help me choose a database",
    "thanks, and what about docker?",
    "thanks for nothing, which db",
    "great, and kafka?",
    "great tools?",
    "cool frameworks?",
    "perfect match for backend?",
    "yo which db",
    "good evening routine",
    "good day in the life",
    "what's up with microservices",
    "how are you testing APIs",
    "how do you work with databases",
    "how do i work with frontend",
    "how do they work",
    "you work with frontend?",
    "you good at databases?",
    "who are you hiring",
    "who made redis",
    "what do you do all day",
    "what do you know about redis",
    "are you a backend engineer",
    "are you a person who likes puzzles",
    "are you a bot or do you know sql",
    "are you a human or do you use rest",
    "is it bad",
    "bad code",
    "what is a stupid mistake",
    "is this a bad answer to an interview question",
    "you bad at sql",
    "what should i ask in an interview",
    "commands to learn",
    "later versions",
    "see your logs",
    "u useless pile of junk, what frameworks do they even use",
    "this",
]


@pytest.mark.parametrize(
    ("opening", "text"), [(opening, text) for opening, texts in SAID.items() for text in texts]
)
def test_small_talk_gets_the_reply_to_its_kind(opening: str, text: str) -> None:
    found = courtesy(text)
    assert found is not None
    assert found.reply.startswith(opening)


@pytest.mark.parametrize("text", ASKED)
def test_a_message_with_anything_else_in_it_is_no_small_talk(text: str) -> None:
    assert courtesy(text) is None


def test_no_recorded_question_that_has_an_answer_is_small_talk() -> None:
    asked = [case.question.text for case in load() if not case.decline]
    assert len(asked) > 100
    assert [text for text in asked if courtesy(text)] == []


def test_every_kind_is_said_in_one_of_the_examples() -> None:
    found = {id(courtesy(text)) for texts in SAID.values() for text in texts}
    assert found == {id(kind) for kind in COURTESIES}


@pytest.mark.parametrize("kind", COURTESIES, ids=lambda kind: kind.reply[:12])
def test_a_reply_is_a_line_that_promises_no_quote(kind: Courtesy) -> None:
    assert 0 < len(kind.reply) < 250
    assert kind.reply.isprintable()
    assert kind.reply[-1] in ".?"


# --- the reply ---------------------------------------------------------------------------------------------

GREETED = "Which queues carry messages?"
FILES = {
    "guide.md": "# Guide\n\n## Queues\n\nHello, thanks: RabbitMQ and Kafka are queues. Help, who are you?\n",
    "sources.toml": f'[[source]]\nfile = "guide.md"\n[source.topics]\n"Queues" = ["{GREETED}"]\n',
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> NumpyLibrary:
    made = NumpyLibrary()
    reindex(made, write(tmp_path_factory.mktemp("documents"), FILES))
    return made


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("hi", (GREETED,)),
        ("who are you?", (GREETED,)),
        ("help", (GREETED,)),
        ("thanks", ()),
        ("bye", ()),
        ("you suck", ()),
    ],
)
def test_small_talk_is_answered_without_a_source(
    library: NumpyLibrary, text: str, offered: tuple[str, ...]
) -> None:
    """Even where the documents hold the very words."""
    reply = advisor(library).answer(Question(text))
    (part,) = reply.parts
    assert reply.abstained
    assert isinstance(part, NoAnswer)
    assert part.refusal is Refusal.COURTESY
    assert part.question == text
    assert (found := courtesy(text)) is not None
    assert part.sentence == found.reply
    assert part.related == offered


def test_small_talk_after_a_question_is_no_follow_up_to_it(library: NumpyLibrary) -> None:
    history = (Turn(GREETED, "RabbitMQ and Kafka."),)
    (part,) = advisor(library).answer(Question("ok, thanks", history)).parts
    assert isinstance(part, NoAnswer)
    assert part.refusal is Refusal.COURTESY


def test_small_talk_needs_no_embedding(library: NumpyLibrary) -> None:
    embedder = RoomyEmbedder()
    advisor(library, embedder).answer(Question("hi"))
    embedder.embedded.clear()
    advisor(library, embedder).answer(Question("hi"))
    assert embedder.embedded == []


def test_a_greeting_before_a_question_leaves_it_to_be_answered(library: NumpyLibrary) -> None:
    assert not advisor(library).answer(Question(f"hi! {GREETED}")).abstained


# --- any text ----------------------------------------------------------------------------------------------


@given(st.text(max_size=LONGEST + 5))
def test_any_text_is_small_talk_or_none(text: str) -> None:
    found = courtesy(text)
    assert found is None or found in COURTESIES


REPEATED = (
    "hi ",
    "hi, ",
    "thanks",
    "thanks ",
    "ok ",
    "so so ",
    "you ",
    "bad ",
    "i",
    "y",
    " ",
    ",",
    "! ",
    "you a ",
)


@pytest.mark.parametrize("piece", REPEATED)
def test_long_repetitions_are_read_at_once(piece: str) -> None:
    """A pattern that backtracks without end would not come back from these within a lifetime."""
    for ending in ("", "x", "?!", " bot x"):
        short = (piece * LONGEST)[: LONGEST - len(ending)] + ending
        assert courtesy(short) in {None, *COURTESIES}
        assert courtesy(piece * 10_000 + ending) is None


def test_a_long_message_is_no_small_talk_whatever_it_repeats() -> None:
    assert courtesy("hi " * (LONGEST // 3)) is not None
    assert courtesy("hi " * (LONGEST // 3 + 1)) is None
