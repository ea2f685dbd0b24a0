"""Replies fit Discord's limits, and what documents say can only be read, never act."""

import re
from dataclasses import replace

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.controls import Control
from bot.render.buttons import answer_buttons
from bot.render.pages import OFFER, Page, pages
from knowledge.entities import Answer, Confidence, NoAnswer, Origin, Quote, Refusal, Reply, Source
from tests.bot.fakes import answer, no_answer, quote, source

ESCAPED = re.compile(r"\\[^0-9A-Za-z\s]")
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
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


def weight(embed: discord.Embed) -> int:
    fields = sum(units(field.name) + units(field.value) for field in embed.fields)
    return fields + units(embed.title) + units(embed.description) + units(embed.footer.text)


def shown(reply: Reply) -> str:
    """All that the pages of a reply show, page after page."""
    return "\n".join(embed.description or "" for page in pages(reply) for embed in page.embeds)


def only(reply: Reply) -> discord.Embed:
    """The only embed of a reply."""
    [page] = pages(reply)
    [embed] = page.embeds
    return embed


@settings(max_examples=60, deadline=None)
@given(replies, st.booleans())
def test_every_page_of_every_reply_fits_every_limit(reply: Reply, titled: bool) -> None:
    for page in pages(reply, titled=titled):
        assert 1 <= len(page.embeds) <= 10
        assert 1 <= units(page.text) <= 2000
        assert sum(map(weight, page.embeds)) <= 6000
        for embed in page.embeds:
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


@settings(max_examples=60, deadline=None)
@given(replies, st.booleans())
def test_buttons_of_every_page_fit_every_limit_and_carry_what_they_need(reply: Reply, private: bool) -> None:
    for page in pages(reply):
        view = answer_buttons(reply, page, key="k" * 11, asker=2**63, private=private)
        rows = view.to_components()
        assert len(rows) <= 5
        ids = []
        for row in rows:
            assert 1 <= len(row["components"]) <= 5
            for item in row["components"]:
                ids.append(item["custom_id"])
                assert 1 <= units(item["custom_id"]) <= 100
                assert 0 < units(item.get("label", "x")) <= 80
                assert len(item.get("options", ())) <= 25
                assert all(0 < units(option["label"]) <= 100 for option in item.get("options", ()))
                assert str(Control.parse(item["custom_id"])) == item["custom_id"]
        assert len(set(ids)) == len(ids)


@settings(max_examples=60, deadline=None)
@given(replies)
def test_nothing_from_documents_or_people_can_act(reply: Reply) -> None:
    for page in pages(reply):
        for line in "\n".join([*map(markup, page.embeds), page.text]).split("\n"):
            ours = ESCAPED.sub("", line).removeprefix("> ")
            # An address that a source states plainly is what its credit leads to.
            ours = re.sub(r"\]\(https?://[^\s<>()\[\]\\]+\)$", "", ours)
            ours = re.sub(r"^\*\*\[\d+\]\*\* \[?", "", ours)
            ours = re.sub(r"^-# (?:— (.*) \*\*\[\d+\]\*\*$)?", r"\1", ours)
            ours = re.sub(r"^\*\*(.*)\*\*$", r"\1", ours)
            assert not LIVE.search(ours), line


@settings(max_examples=60, deadline=None)
@given(st.one_of(short, long).filter(lambda text: UNSEEN.sub("", text).strip()))
def test_quote_is_shown_whole_and_word_for_word_on_however_many_pages(text: str) -> None:
    quoted = [
        line.removeprefix("> ") for line in shown(Reply((answer(text),), 1)).split("\n") if line[:1] == ">"
    ]
    plain = ESCAPED.sub(lambda match: match[0][1:], "".join(quoted))
    told = UNSEEN.sub("", text)
    assert re.sub(r"\s", "", plain) == re.sub(r"\s", "", told)


# --- one by one --------------------------------------------------------------------------------------------


def test_answer_reads_as_quote_place_source_and_confidence() -> None:
    embed = only(Reply((answer("Skills:\n- SQL\n- Git", notes=("Two sources agree.",)),), 1))
    assert embed.title is None
    assert embed.description == (
        "> Skills:\n> - SQL\n> - Git\n-# — Backend Engineer › Core Skills **[1]**\n\nTwo sources agree."
    )
    assert embed.footer.text == "Confidence: high – two sources agree"
    assert [(field.name, field.value) for field in embed.fields] == [
        ("Source", "**[1]** restated from «Backend Engineer», A. Writer, date not stated")
    ]


def test_what_the_bot_says_first_stands_above_the_quotes() -> None:
    counted = replace(answer("Redis."), leads=("Of 4 documents, 2 name Redis.",))
    assert only(Reply((counted,), 1)).description.startswith("Of 4 documents, 2 name Redis.\n\n> Redis.\n")


def test_document_quoted_twice_keeps_its_number_and_is_credited_once() -> None:
    quotes = (quote("One."), quote("Two.", source("Other")), quote("Three."))
    embed = only(Reply((replace(answer(), quotes=quotes),), 1))
    assert re.findall(r"\*\*\[(\d+)\]\*\*", embed.description) == ["1", "2", "1"]
    assert re.findall(r"\*\*\[(\d+)\]\*\*", embed.fields[0].value) == ["1", "2"]


def test_quotes_of_one_section_in_a_row_are_placed_once() -> None:
    embed = only(Reply((answer("One.", "Two."),), 1))
    assert embed.description == "> One.\n\n> Two.\n-# — Backend Engineer › Core Skills **[1]**"


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("https://example.org/a", "](https://example.org/a)"),
        ("javascript:alert(1)", "**[1]** restated"),
        ("https://example.org/a) [b](c", "**[1]** restated"),
        (None, "**[1]** restated"),
    ],
)
def test_source_is_linked_where_it_states_a_plain_address(link: str | None, told: str) -> None:
    part = replace(answer(), quotes=(quote("One.", source(link=link)),))
    assert told in only(Reply((part,), 1)).fields[0].value


def test_long_answer_is_paged_and_every_page_credits_what_it_quotes() -> None:
    sentence = "Backends serve data. "
    texts = [f"{number}. {sentence * 30}" for number in range(6)]
    paged = pages(Reply((answer(*texts),), 1))
    assert len(paged) > 2
    assert [(page.number, page.of) for page in paged] == [(n, len(paged)) for n in range(len(paged))]
    for page in paged:
        assert page.embeds[-1].footer.text.endswith(f"page {page.number + 1} of {page.of}")
        assert page.embeds[-1].fields[0].name == "Source"


def test_page_knows_the_first_quote_it_shows() -> None:
    sentence = "Backends serve data. "
    paged = pages(Reply((answer(*[f"{number}. {sentence * 40}" for number in range(3)]),), 1))
    assert [page.quote for page in paged] == [0, 1, 2]


def test_list_too_long_for_a_page_is_parted_between_its_items() -> None:
    items = [f"- item {number} {'word ' * 20}end{number}" for number in range(30)]
    paged = pages(Reply((answer("The list:\n" + "\n".join(items)),), 1))
    assert len(paged) > 1
    for page in paged:
        rows = [row for row in page.embeds[0].description.split("\n") if row.startswith("> -")]
        assert all(re.fullmatch(r"> - item (\d+) .*end\1", row) for row in rows)
    assert shown(Reply((answer("The list:\n" + "\n".join(items)),), 1)).count("> - item") == 30


def test_word_too_long_for_any_message_is_parted() -> None:
    assert shown(Reply((answer("a" * 9000),), 1)).count("a") > 9000


def test_several_questions_each_have_their_heading_and_one_has_none() -> None:
    [page] = pages(Reply((replace(answer("SQL."), heading="Core *skills*"), no_answer("Who won?")), 1))
    assert [embed.title for embed in page.embeds] == [r"1. Core \*skills\*", "2. Not answered"]
    assert only(Reply((no_answer(),), 1)).title is None


def test_heading_says_what_is_answered_to_those_who_did_not_ask() -> None:
    [page] = pages(Reply((answer("SQL."),), 1), titled=True)
    assert page.embeds[0].title == "Skills"


def test_part_that_goes_on_says_so() -> None:
    long = replace(answer(*["Backends serve data. " * 40] * 3), heading="Data")
    titles = [embed.title for page in pages(Reply((long, answer("SQL.")), 1)) for embed in page.embeds]
    assert titles[0] == "1. Data"
    assert "1. Data (continued)" in titles
    assert titles[-1] == "2. Skills"


def test_refusal_is_the_sentence_without_a_quote() -> None:
    embed = only(Reply((no_answer(),), 1))
    assert embed.description == "My sources say nothing about this."
    assert not embed.fields
    assert embed.footer.text == OFFER


def test_reply_without_any_question_says_so() -> None:
    assert "no question" in only(Reply((), 1)).description


def test_unsure_and_declined_are_told_apart_by_color_and_in_words() -> None:
    unsure = replace(answer("SQL."), confidence=Confidence("low", "one sentence is near"))
    colors = {only(Reply((part,), 1)).color for part in (answer("SQL."), unsure, no_answer())}
    assert len(colors) == 3
    assert only(Reply((unsure,), 1)).footer.text.startswith("Confidence: low")


# --- buttons -----------------------------------------------------------------------------------------------


def labels(reply: Reply, *, private: bool = True, page: Page | None = None) -> list[str]:
    view = answer_buttons(reply, page or pages(reply)[0], key="key", asker=7, private=private)
    return [
        item.get("label") or item["placeholder"] for row in view.to_components() for item in row["components"]
    ]


def test_answer_offers_context_follow_up_share_rating_and_related_questions() -> None:
    assert labels(Reply((answer("SQL."),), 1)) == [
        "Show in context",
        "Follow up",
        "Share",
        "Helpful",
        "Not helpful",
        "Related questions",
    ]


def test_answer_that_everybody_sees_is_not_shared() -> None:
    assert "Share" not in labels(Reply((answer("SQL."),), 1), private=False)


def test_refusal_offers_topics_and_the_admins() -> None:
    assert labels(Reply((no_answer(),), 1)) == ["Which skills?", "Tell the admins"]


def test_small_talk_is_nothing_for_the_admins() -> None:
    small = replace(no_answer(), refusal=Refusal.COURTESY)
    assert labels(Reply((small,), 1)) == ["Which skills?"]


def test_part_that_is_declined_can_be_told_to_the_admins_too() -> None:
    assert "Tell the admins" in labels(Reply((answer("SQL."), no_answer()), 1))


def test_pages_are_turned_back_and_forth() -> None:
    reply = Reply((answer(*["Backends serve data. " * 40] * 3),), 1)
    first, second, third = pages(reply)
    assert labels(reply, page=first)[-1] == "Page 2 of 3 ›"
    assert labels(reply, page=second)[-2:] == ["‹ Page 1", "Page 3 of 3 ›"]
    assert labels(reply, page=third)[-1] == "‹ Page 2"
