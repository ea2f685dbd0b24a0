"""Any reply comes back as it was, but for what was asked and what no file can hold."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entities import Answer, Confidence, NoAnswer, Origin, Question, Quote, Refusal, Reply, Source
from knowledge.journal.replies import pack, passages_of, unpack
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import advisor, reindex, write
from tests.knowledge.journals import a_reply

ANY_TEXT = st.text(st.characters(), max_size=12)  # lone surrogates too
TEXTS = st.lists(ANY_TEXT, max_size=3).map(tuple)
MAYBE = st.none() | ANY_TEXT
ORIGINS = st.builds(Origin, MAYBE, MAYBE, MAYBE, MAYBE, st.booleans())
SOURCES = st.builds(Source, ANY_TEXT, ANY_TEXT, TEXTS, ORIGINS)
QUOTES = st.builds(Quote, ANY_TEXT, ANY_TEXT, st.integers(), st.integers(), SOURCES)
CONFIDENCES = st.builds(Confidence, st.sampled_from(["high", "medium", "low"]), ANY_TEXT)
ANSWERS = st.builds(
    Answer,
    ANY_TEXT,
    st.lists(QUOTES, max_size=3).map(tuple),
    TEXTS,
    CONFIDENCES,
    TEXTS,
    st.integers(),
    TEXTS,
    ANY_TEXT,
)
REFUSALS = st.builds(NoAnswer, ANY_TEXT, st.sampled_from(Refusal), ANY_TEXT, TEXTS, st.integers(), ANY_TEXT)
REPLIES = st.builds(Reply, st.lists(ANSWERS | REFUSALS, max_size=3).map(tuple), st.integers())


def holdable(value: Any) -> Any:
    """The value without the code points that are half a character."""
    if isinstance(value, Enum):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: holdable(getattr(value, each.name)) for each in fields(value)})
    if isinstance(value, tuple):
        return tuple(holdable(each) for each in value)
    if isinstance(value, str):
        return "".join(character for character in value if not 0xD800 <= ord(character) <= 0xDFFF)
    return value


@given(REPLIES)
def test_any_reply_comes_back_but_for_its_questions(reply: Reply) -> None:
    parts = tuple(replace(part, question="") for part in reply.parts)
    assert unpack(pack(reply)) == holdable(replace(reply, parts=parts))


@pytest.mark.parametrize(
    "text",
    [
        "Zebulon wants to know: why are queues slow at Zebulon Ltd?",
        "Why are queues slow at Zebulon? And what does Zebulon do about caches?",
        "Will zebulon rain on Sunday? Is Zebulon hiring? zebulon zebulon",
        "Zebulon",
        "Hello Zebulon!",
        "```\nzebulon = Zebulon()\n```",
        "zebulon " * 400,
        "zebulon? " * 12,
        "What does Zebulon say about Kafka, Zebulonscript and Haskell?",
        "Ζεμπουλόν zebulon とは何ですか",
    ],
)
def test_the_reply_to_a_question_keeps_none_of_its_words(text: str, tmp_path: Path) -> None:
    """What the bot itself says repeats nobody: else there would be more to blank than the question."""
    library = NumpyLibrary()
    guide = "# Guide\n\n## Queues\n\nQueues are slow where Kafka is.\n\n## Caches\n\nCaches are fast.\n"
    reindex(library, write(tmp_path, {"guide.md": guide}))
    packed = pack(advisor(library).answer(Question(text)))
    assert '"parts":[{' in packed
    assert "zebulon" not in packed.lower()


@given(REPLIES)
def test_what_is_packed_can_be_written_to_a_file(reply: Reply) -> None:
    pack(reply).encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "null",
        "{}",
        '{"generation": 1}',
        '{"parts": [{"question": "", "quotes": []}], "generation": 1}',
        pack(a_reply("", 7, "guide:1")).replace('"medium"', '"fairly"'),
        pack(a_reply()).replace(Refusal.EMPTY_SECTION.value, "a reason of old"),
        pack(a_reply()).replace('"sentence"', '"wording"'),
    ],
)
def test_what_another_version_packed_is_not_a_reply(text: str) -> None:
    assert unpack(text) is None


def test_a_part_that_was_added_since_is_not_missed() -> None:
    older = (
        pack(a_reply("", 7, "guide:1")).replace(',"heading":"Not answered"', "").replace(',"leads":[]', "")
    )
    assert older != pack(a_reply("", 7, "guide:1"))
    assert unpack(older) == a_reply("", 7, "guide:1")


def test_passages_are_listed_once_in_the_order_they_are_quoted() -> None:
    answer = a_reply("", 7, "b:1", "a:1", "b:1").parts[0]
    other = a_reply("", 7, "c:1", "a:1").parts[0]
    assert passages_of(Reply((answer, other), 7)) == ("b:1", "a:1", "c:1")
    assert passages_of(a_reply()) == ()
