"""Replies fit Discord's limits, and what documents say can only be read, never act."""

import re
from dataclasses import replace

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render import as_embeds
from knowledge.entities import Answer, Confidence, NoAnswer, Origin, Quote, Refusal, Reply, Source
from tests.bot.fakes import answer, no_answer, quote, source

ESCAPED = re.compile(r"\\[^0-9A-Za-z\s]")
OWN = re.compile(r"\*\*\d+\.\*\*")
LIVE = re.compile(r"[*_~`|<>\[\]@#]|://")

# --- any reply at all --------------------------------------------------------------------------------------

HOSTILE = st.sampled_from(
    [
        "@everyone",
        "<@1>",
        "<#1>",
        "<t:1>",
        "[x](https://x.example)",
        "# big",
        "-# small",
        "||a||",
        "```\nb",
        "> c",
        ">>> d",
        "\\*e*",
        "**f",
        "__g",
        "~~h~~",
        "https://i.example/j_k_",
        "\u202e",
        "\ud83d",
        "😀",
        "\x00",
        "\r\n",
        "\n",
        "  - nested",
    ]
)
words = st.one_of(st.text(max_size=30), HOSTILE)
short = st.builds(" ".join, st.lists(words, max_size=8))
long = st.builds(lambda text, times: text * times, short, st.sampled_from([3, 50, 400]))
anything = st.one_of(short, short, long)
origins = st.builds(
    Origin,
    author=st.none() | short,
    date=st.none() | short,
    site=st.none() | short,
    link=st.none() | short | st.just("https://example.org/a"),
    restates=st.booleans(),
)
sources = st.builds(Source, document=st.just("d"), title=anything, headings=st.tuples(short), origin=origins)
quotes = st.builds(
    Quote, text=anything, passage=st.just("p"), start=st.just(0), end=st.just(1), source=sources
)
answers = st.builds(
    Answer,
    question=anything,
    quotes=st.lists(quotes, max_size=6).map(tuple),
    leads=st.lists(anything, max_size=3).map(tuple),
    notes=st.lists(anything, max_size=4).map(tuple),
    confidence=st.builds(Confidence, word=st.sampled_from(["high", "medium", "low"]), reason=anything),
    related=st.lists(anything, max_size=8).map(tuple),
    generation=st.just(1),
)
refusals = st.builds(
    NoAnswer,
    question=anything,
    refusal=st.sampled_from(Refusal),
    sentence=anything,
    related=st.lists(anything, max_size=8).map(tuple),
    generation=st.just(1),
)
replies = st.builds(
    Reply, parts=st.lists(st.one_of(answers, refusals), max_size=12).map(tuple), generation=st.just(1)
)


def units(text: str | None) -> int:
    return len((text or "").encode("utf-16-le")) // 2


def markup(embed: discord.Embed) -> str:
    """Everything in an embed that Discord reads as markdown."""
    fields = [f"{field.name}\n{field.value}" for field in embed.fields]
    return "\n".join([embed.title or "", embed.description or "", *fields])


@settings(max_examples=40, deadline=None)
@given(replies)
def test_every_reply_fits_every_limit(reply: Reply) -> None:
    embeds = as_embeds(reply)
    assert 1 <= len(embeds) <= 10
    total = 0
    for embed in embeds:
        assert units(embed.title) <= 256
        assert 1 <= units(embed.description) <= 4096
        assert embed.description.strip()
        assert embed.title is None or embed.title.strip()
        assert units(embed.footer.text) <= 2048
        assert len(embed.fields) <= 25
        for field in embed.fields:
            assert 1 <= units(field.name) <= 256
            assert 1 <= units(field.value) <= 1024
            assert field.value.strip()
        total += sum(units(f.name) + units(f.value) for f in embed.fields)
        total += units(embed.title) + units(embed.description) + units(embed.footer.text)
    assert total <= 6000


@settings(max_examples=40, deadline=None)
@given(replies)
def test_nothing_from_documents_or_people_can_act(reply: Reply) -> None:
    for embed in as_embeds(reply):
        for line in markup(embed).split("\n"):
            ours = ESCAPED.sub("", line).replace("](https://example.org/a)", "", 1).removeprefix("> ")
            ours = re.sub(r"^\*\*\d+\.\*\* \[?", "", ours)
            assert not LIVE.search(ours), line


@settings(deadline=None)
@given(st.one_of(short, long).filter(lambda text: text.strip()))
def test_shown_quote_is_the_document_word_for_word_from_its_beginning(text: str) -> None:
    [embed] = as_embeds(Reply((answer(text),), 1))
    shown = [line.removeprefix("> ") for line in embed.description.split("\n") if line.startswith("> ")]
    plain = ESCAPED.sub(lambda match: match[0][1:], "\n".join(shown)).removesuffix("…").rstrip()
    unseen = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
    told = "\n".join(unseen.sub("", line) for line in text.strip().splitlines())
    assert told.startswith(plain)
    if "…" not in embed.description:
        assert plain == told.rstrip()


# --- one by one --------------------------------------------------------------------------------------------


def test_answer_reads_as_quote_source_credit_and_confidence() -> None:
    [embed] = as_embeds(Reply((answer("Skills:\n- SQL\n- Git", notes=("Two sources agree.",)),), 1))
    assert embed.title is None
    assert embed.description == (
        "> Skills:\n> - SQL\n> - Git\n"
        "**1.** Backend Engineer › Core Skills\n"
        "restated from «Backend Engineer», A. Writer, date not stated\n\n"
        "Two sources agree."
    )
    assert embed.footer.text == "Confidence: high – two sources agree"
    assert [(field.name, field.value) for field in embed.fields] == [
        ("You could also ask", "• What does a day look like?")
    ]


def test_what_the_bot_says_first_stands_above_the_quotes() -> None:
    counted = replace(answer("Redis."), leads=("Of 4 documents, 2 name Redis.",))
    [embed] = as_embeds(Reply((counted,), 1))
    assert (embed.description or "").startswith("Of 4 documents, 2 name Redis.\n\n> Redis.\n")


def test_source_quoted_twice_keeps_its_number_and_is_credited_once() -> None:
    other = source("Other")
    quotes = (quote("One."), quote("Two.", other), quote("Three."))
    whole = answer()
    reply = Reply((Answer(whole.question, quotes, (), whole.confidence, (), 1),), 1)
    text = as_embeds(reply)[0].description
    assert re.findall(r"\*\*(\d+)\.\*\*", text) == ["1", "2", "1"]
    assert text.count("restated from «Backend Engineer»") == 1


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://example.org/a", "[Backend Engineer](https://example.org/a)"),
        ("javascript:alert(1)", "**1.** Backend Engineer\n"),
        ("https://example.org/a) [b](c", "**1.** Backend Engineer\n"),
        (None, "**1.** Backend Engineer\n"),
    ],
)
def test_source_is_linked_where_it_states_a_plain_address(link: str | None, shown: str) -> None:
    whole = answer()
    part = Answer("?", (quote("One.", source(link=link)),), (), whole.confidence, (), 1)
    assert shown in as_embeds(Reply((part,), 1))[0].description


def test_quotes_that_do_not_fit_are_left_out_whole_and_counted() -> None:
    sentence = "Backends serve data. "
    [embed] = as_embeds(Reply((answer(*[sentence * 60] * 6),), 1))
    assert embed.description.count("**1.**") == 3
    assert embed.description.endswith("\n\n3 more quotes did not fit here.")
    assert "…" not in embed.description


def test_quote_too_long_for_any_message_ends_after_a_word() -> None:
    [embed] = as_embeds(Reply((answer("abcdefghi " * 1000),), 1))
    quoted = embed.description.split("\n")[0]
    assert quoted.endswith("abcdefghi …")
    assert 3900 < len(embed.description) <= 4096


def test_word_too_long_for_any_message_is_cut() -> None:
    [embed] = as_embeds(Reply((answer("a" * 9000),), 1))
    assert embed.description.split("\n")[0].endswith("a …")


def test_several_questions_each_have_their_heading_and_one_has_none() -> None:
    two = as_embeds(Reply((replace(answer("SQL."), heading="Core *skills*"), no_answer("Who won?")), 1))
    assert [embed.title for embed in two] == [r"1. Core \*skills\*", "2. Not answered"]
    assert as_embeds(Reply((no_answer(),), 1))[0].title is None


def test_refusal_is_the_sentence_and_what_can_be_answered_without_a_quote() -> None:
    [embed] = as_embeds(Reply((no_answer(),), 1))
    assert embed.description == "My sources say nothing about this."
    assert [(field.name, field.value) for field in embed.fields] == [("What I can answer", "• Which skills?")]
    assert embed.footer.text is None


def test_reply_without_any_question_says_so() -> None:
    assert "no question" in as_embeds(Reply((), 1))[0].description
