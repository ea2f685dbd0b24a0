from pathlib import Path

import pytest

from bot.console import reply_text
from bot.render.pages import NO_QUOTE, pages
from index.library import Library
from knowledge.advisor import Advisor
from knowledge.asking.provenance import NAMED, about_sources, asks_about_sources
from knowledge.background import Background, read_background
from knowledge.entities import Answer, Question, Turn
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import RoomyEmbedder, advisor, current, reindex, write
from tests.knowledge.speaking import latest

FILES = {
    "rye.md": "# Growing Rye in the Far North\n\nRye grows slowly where nights are cold.\n",
    "barn.md": "# Farmer\n\nBarns keep hay dry in winter.\n",
    "tools.md": "# Farmer\n\nPloughs turn heavy soil over.\n",
    "sources.toml": """
[[source]]
file = "rye.md"
title = "Growing Rye in the Far North"
author = "Ida"
date = "2020-05-04"
link = "https://example.org/rye"

[[source]]
file = "barn.md"
title = "Farmer"
site = "Field Notes"
restates = true

[[source]]
file = "tools.md"
title = "Farmer"
""",
}
RYE = "«Growing Rye in the Far North»: by Ida, dated 2020-05-04, https://example.org/rye."
BARN = (
    "«Farmer»: author not stated, date not stated, published at Field Notes, "
    "told here in other words than the original's."
)
TOOLS = "«Farmer»: author not stated, date not stated."
ALL = {"I answer from 3 documents:", RYE, BARN, TOOLS}
SAID_RYE = "> Rye grows slowly.\n— «Growing Rye in the Far North», Ida, 2020-05-04"
SAID_BOTH = (
    "> Barns keep hay dry.\n— Farmer [1]\n\n> Rye grows.\n— Growing Rye in the Far North [2]\n\n"
    "[1] restated from «Farmer», Field Notes, author not stated, date not stated\n"
    "[2] «Growing Rye in the Far North», Ida, 2020-05-04"
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = NumpyLibrary()
    reindex(made, write(tmp_path_factory.mktemp("sources") / "documents", FILES))
    return made


@pytest.fixture(scope="module")
def background(library: Library) -> Background:
    return read_background(latest(library), RoomyEmbedder())


def notes(text: str, background: Background, *said: str) -> set[str]:
    answer = about_sources(text, said, background)
    assert answer is not None, text
    assert answer.quotes == ()
    assert answer.confidence.word == "high"
    return set(answer.notes)


THESE = [
    "when was that published",
    "who wrote this",
    "who wrote it?",
    "ok and who wrote that?",
    "Who's the author?",
    "whos the author of this",
    "how old is the article",
    "where is that from",
    "can you tell me where that comes from?",
    "what's the source of that",
    "where did you get that from?",
    "which article is that from?",
    "source?",
    "do you have a link",
    "when were these articles written?",
    "is this up to date?",
    "is that information still current",
    "says who?",
    "what is the publication date",
    "who is this by",
    "what’s your source for that?",
    "what is your source?",
]


@pytest.mark.parametrize("text", THESE)
def test_a_question_about_that_tells_of_the_document_shown_last(text: str, background: Background) -> None:
    assert notes(text, background, "> Hay.\n— Farmer › Barns", SAID_RYE) == {RYE}
    assert asks_about_sources(text)


@pytest.mark.parametrize(
    "text",
    [
        "what are your sources",
        "which articles do you have",
        "how many documents do you know",
        "what documents are you based on",
        "what is your knowledge based on",
        "where do you get your information from",
        "list your sources",
        "how many articles are there",
        "how recent are your articles",
        "please show me all your sources",
    ],
)
def test_a_question_about_all_documents_tells_of_all(text: str, background: Background) -> None:
    assert notes(text, background) == notes(text, background, SAID_RYE) == ALL


@pytest.mark.parametrize("text", ["when was that published", "who wrote this", "source?"])
def test_with_nothing_shown_before_all_documents_are_meant(text: str, background: Background) -> None:
    assert notes(text, background) == notes(text, background, "I don't know.") == ALL


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("who is the author of growing rye", {RYE}),
        ("who wrote the article Growing Rye in the Far North?", {RYE}),
        ("when was growing rye in the far north published?", {RYE}),
        ("how old is the growing rye article", {RYE}),
        ("who wrote Farmer", {BARN, TOOLS}),
        ("how old is the Field Notes article", {BARN}),
    ],
)
def test_a_document_that_is_named_is_told_of(text: str, told: set[str], background: Background) -> None:
    assert notes(text, background, SAID_RYE) == notes(text, background) == told


@pytest.mark.parametrize(
    "text",
    [
        "who writes unit tests",
        "who wrote the first database",
        "who is the author of Django",
        "who wrote harry potter",
        "when was kubernetes released",
        "how old is a farmer",
        "how old is the average farmer",
        "where does a farmer come from",
        "where do requests come from",
        "what is the source code",
        "what is a source",
        "what is an article",
        "which articles should I read",
        "what sources of data do they use",
        "how many documents do they write",
        "which documents do backend engineers write",
        "who made you",
        "what is that",
        "is it hard",
        "is it new?",
        "who reviews this",
        "when is code written",
        "what is the answer",
        "who wrote " + "that " * 60,
        "",
    ],
)
def test_a_question_about_something_else_is_left_to_the_documents(text: str, background: Background) -> None:
    assert about_sources(text, [], background) is None
    assert about_sources(text, [SAID_RYE], background) is None


@pytest.mark.parametrize("text", ["where is that from", "says who?", "author?", "when was that?"])
def test_a_mere_pronoun_needs_a_document_it_can_mean(text: str, background: Background) -> None:
    assert about_sources(text, ["I don't know."], background) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("who wrote that?", {BARN, RYE}),
        ("who wrote the first one?", {BARN}),
        ("who wrote the last one?", {RYE}),
        ("when was the second article published?", {RYE}),
        ("who wrote the fourth one?", {BARN, RYE}),
    ],
)
def test_of_several_documents_shown_an_ordinal_picks_one(
    text: str, told: set[str], background: Background
) -> None:
    assert notes(text, background, SAID_BOTH) == told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("See Growing Rye in the Far North.", {RYE}),
        ("> Hay.\n— Farmer › Barns", {BARN, TOOLS}),
        ("A Farmer ploughs.", ALL),
        (BARN, {BARN, TOOLS}),
    ],
)
def test_without_credits_a_title_tells_which_document_was_shown(
    said: str, told: set[str], background: Background
) -> None:
    assert notes("who wrote that?", background, said) == told


def test_of_many_documents_only_some_are_named(tmp_path: Path) -> None:
    library = NumpyLibrary()
    count = NAMED + 2
    reindex(
        library,
        write(
            tmp_path / "documents",
            {f"{n}.md": f"# Alike\n\nField {n} lies {n} miles off." for n in range(count)},
        ),
    )
    answer = about_sources("what are your sources?", [], read_background(latest(library), RoomyEmbedder()))
    assert answer is not None
    head, *named, rest = answer.notes
    assert head == f"I answer from {count} documents:"
    assert rest == "and 2 more."
    # What looks alike is told apart by the name of its file.
    assert len(set(named)) == len(named) == NAMED


# --- in the whole ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asked(library: Library) -> Advisor:
    return advisor(library)


def test_an_answer_about_sources_is_no_refusal_and_shows_its_lines(asked: Advisor, library: Library) -> None:
    reply = asked.answer(Question("who wrote this?", (Turn("does rye grow slowly", SAID_RYE),)))
    assert not reply.abstained
    assert reply.generation == current(library).generation
    assert RYE in reply_text(reply)
    [[embed]] = [page.embeds for page in pages(reply)]
    assert "Ida" in str(embed.description)
    assert NO_QUOTE not in str(embed.description)


def test_that_in_the_same_message_means_what_its_first_question_shows(asked: Advisor) -> None:
    reply = asked.answer(Question("Does rye grow slowly where nights are cold? And who wrote that?"))
    first, second = reply.parts
    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    assert {quote.source.title for quote in first.quotes} == {"Growing Rye in the Far North"}
    assert second.notes == (RYE,)
