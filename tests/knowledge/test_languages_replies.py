"""A question in another language gets the English quotes, or a refusal, with one line in its own language."""

import re
import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from index.library import Library
from knowledge.advisor import Advisor
from knowledge.asking.languages import Foreign, in_their_language
from knowledge.entities import Answer, NoAnswer, Question, Refusal
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import reindex, write
from tests.knowledge.speaking import CACHES, FILES, QUEUES, Tokenizing, latest, reading

LINES = tomllib.loads(files("knowledge.asking").joinpath("languages.toml").read_text("utf-8"))
IN_ENGLISH = "My documents are in English, and so are the quotes."


@pytest.fixture(scope="module")
def tokenizing() -> Tokenizing:
    return Tokenizing()


@pytest.fixture
def library(tmp_path: Path, tokenizing: Tokenizing) -> NumpyLibrary:
    made = NumpyLibrary()
    reindex(made, write(tmp_path / "documents", FILES), tokenizing)
    return made


# --- the reply ---------------------------------------------------------------------------------------------


def asking(library: Library, embedder: Tokenizing, language: str, probability: float = 1.0) -> Advisor:
    return Advisor(library=library, embedder=embedder, languages=reading(language, probability)[0])


@pytest.mark.parametrize("language", LINES)
def test_an_answer_carries_one_line_in_the_language_of_the_question(
    library: NumpyLibrary, tokenizing: Tokenizing, language: str
) -> None:
    in_english = Advisor(library=library, embedder=tokenizing).answer(Question(QUEUES)).parts[0]
    (part,) = asking(library, tokenizing, language).answer(Question("队列 кэш?")).parts
    assert isinstance(in_english, Answer)
    assert isinstance(part, Answer)
    assert part.notes == (*in_english.notes, LINES[language]["answered"])
    assert part.quotes == in_english.quotes
    assert part.question == "队列 кэш?"


@pytest.mark.parametrize("language", LINES)
def test_a_refusal_begins_in_the_language_of_the_question_and_has_no_sources(
    library: NumpyLibrary, tokenizing: Tokenizing, language: str
) -> None:
    reply = asking(library, tokenizing, language).answer(Question("как вырастить помидоры"))
    (part,) = reply.parts
    assert reply.abstained
    assert isinstance(part, NoAnswer)
    assert part.refusal is Refusal.NOTHING
    assert part.sentence.startswith(LINES[language]["declined"] + " (")
    assert part.sentence.isprintable()
    assert "I don't know. Nothing in my documents is about this." in part.sentence
    assert len(part.sentence) < 300


def test_quotes_stay_english_and_provable(library: NumpyLibrary, tokenizing: Tokenizing) -> None:
    (part,) = asking(library, tokenizing, "es").answer(Question("¿qué colas usan?")).parts
    assert isinstance(part, Answer)
    (record,) = latest(library).records()
    for quote in part.quotes:
        assert quote.text == record.text[quote.start : quote.end]
    assert part.quotes[0].text == "RabbitMQ and Kafka are the queues a backend engineer uses."


def test_a_question_led_to_an_empty_heading_is_told_so(library: NumpyLibrary, tokenizing: Tokenizing) -> None:
    (part,) = asking(library, tokenizing, "es").answer(Question("¿cuánto gana un ingeniero?")).parts
    assert isinstance(part, NoAnswer)
    assert part.refusal is Refusal.EMPTY_SECTION
    assert part.sentence.startswith(LINES["es"]["declined"])
    assert "“Salary”" in part.sentence


def test_words_in_common_do_not_answer_what_is_near_nothing(
    library: NumpyLibrary, tokenizing: Tokenizing
) -> None:
    text = "rabbitmq kafka backend engineer перец"
    assert not Advisor(library=library, embedder=tokenizing).answer(Question(text)).abstained
    (part,) = asking(library, tokenizing, "ru").answer(Question(text)).parts
    assert isinstance(part, NoAnswer)
    assert part.refusal is Refusal.NOTHING


def test_only_the_part_in_another_language_carries_a_line(
    library: NumpyLibrary, tokenizing: Tokenizing
) -> None:
    english, other = asking(library, tokenizing, "es").answer(Question(f"{CACHES} ¿Qué colas usan?")).parts
    assert isinstance(english, Answer)
    assert isinstance(other, Answer)
    assert english.notes == ()
    assert other.notes == (LINES["es"]["answered"],)


def test_a_line_comes_after_what_is_already_noted(library: NumpyLibrary, tokenizing: Tokenizing) -> None:
    (part,) = Advisor(library=library, embedder=tokenizing).answer(Question(QUEUES)).parts
    assert isinstance(part, Answer)
    told = in_their_language(replace(part, notes=("A scale is not explained.",)), Foreign("es", QUEUES))
    assert isinstance(told, Answer)
    assert told.notes == ("A scale is not explained.", LINES["es"]["answered"])


@pytest.mark.parametrize("language", [None, "xx", ""])
def test_without_a_line_of_its_own_a_language_is_answered_in_english(
    library: NumpyLibrary, tokenizing: Tokenizing, language: str | None
) -> None:
    asked = Advisor(library=library, embedder=tokenizing)
    for text in (QUEUES, "Will it rain?"):
        (part,) = asked.answer(Question(text)).parts
        told = in_their_language(part, Foreign(language, None))
        if isinstance(part, Answer):
            assert isinstance(told, Answer)
            assert told.notes == (*part.notes, IN_ENGLISH)
        else:
            assert told == part


@pytest.mark.parametrize("language", LINES)
def test_every_language_has_both_lines_and_no_gap_in_them(language: str) -> None:
    assert set(LINES[language]) == {"answered", "declined"}
    for line in LINES[language].values():
        assert len(line) > 8
        assert line == line.strip()
        assert line.isprintable()
        assert not re.search(r"[{}%<>]|TODO|\.\.\.", line)
        assert line[-1] in ".。"


def test_no_two_languages_say_the_same() -> None:
    said = [line for lines in LINES.values() for line in lines.values()]
    assert len(set(said)) == len(said) == 2 * len(LINES)
