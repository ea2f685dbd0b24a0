"""Replies and reports as plain text and as one line of JSON."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.console import (
    age_text,
    complaint_text,
    count_text,
    json_line,
    reply_json,
    reply_text,
    report_text,
    size_text,
)
from knowledge.entities import Answer, Complaint, Confidence, Reply
from knowledge.reindexing import ReindexReport
from tests.bot.fakes import answer, no_answer, quote, source

COMPLAINT = Complaint("empty-file", "warning", "notes/a.md", None, "The file is empty.", "Remove it.")


def report(
    *,
    added: tuple[str, ...] = (),
    changed: tuple[str, ...] = (),
    removed: tuple[str, ...] = (),
    unchanged: tuple[str, ...] = (),
    complaints: tuple[Complaint, ...] = (),
    published: bool = True,
) -> ReindexReport:
    return ReindexReport(added, changed, removed, unchanged, complaints, 1_200, 2.345, 4, published)


def test_quotes_are_marked_and_credited_and_the_bots_own_words_are_not() -> None:
    reply = Reply((answer("First line\n\nsecond", notes=("A note.",)),), 1)
    assert reply_text(reply) == (
        "> First line\n>\n> second\n"
        "— Backend Engineer › Core Skills [1]\n\n"
        "A note.\n\n"
        "Confidence: high – two sources agree.\n\n"
        "[1] restated from «Backend Engineer», A. Writer, date not stated\n\n"
        "Related:\n  · What does a day look like?"
    )


def test_quote_from_no_section_is_credited_to_its_document() -> None:
    part = Answer("Why?", (quote("Text.", source("Notes")),), (), Confidence("low", "one source"), (), 1)
    assert reply_text(Reply((part,), 1)) == (
        "> Text.\n— Notes [1]\n\nConfidence: low – one source.\n\n"
        "[1] restated from «Notes», A. Writer, date not stated"
    )


def test_refusal_is_a_sentence_and_what_can_be_asked_instead() -> None:
    assert reply_text(Reply((no_answer(),), 1)) == (
        "My sources say nothing about this.\n\nYou could ask:\n  · Which skills?"
    )


def test_several_answers_are_numbered_and_repeat_no_question() -> None:
    text = reply_text(Reply((answer("Many.", question="which skills"), no_answer("who won")), 1))
    assert text.startswith("1. Skills\n\n> Many.\n— ")
    assert "which" not in text
    assert "\n\n2. Not answered\n\nMy sources say nothing about this.\n\n[1] restated from " in text


def test_neighbouring_quotes_of_one_section_share_its_name_and_sources_are_numbered_once() -> None:
    here, there = source("Here", "Tools"), source("There")
    quotes = (quote("One.", here), quote("Two.", here), quote("Three.", there), quote("Four.", here))
    part = Answer("Why?", quotes, (), Confidence("low", "one source"), (), 1, leads=("Both name it.",))
    body, _, credits_below = reply_text(Reply((part,), 1)).partition("\n\nConfidence")
    assert body == (
        "Both name it.\n\n> One.\n\n> Two.\n— Here › Tools [1]\n\n"
        "> Three.\n— There [2]\n\n> Four.\n— Here › Tools [1]"
    )
    assert credits_below.count("restated from") == 2


def test_json_of_a_partly_answered_message_tells_both() -> None:
    reply = Reply((answer("Many.", "Many."), no_answer()), 3)
    found = json.loads(reply_json(reply, 9, 12.345))
    assert found == {
        "id": 9,
        "answer": reply_text(reply),
        "abstained": False,
        "reason": "nothing about this in the knowledge base",
        "confidence": "high",
        "sources": ["Backend Engineer › Core Skills"],
        "quotes": [
            {"text": "Many.", "document": "backend engineer", "section": "Core Skills", "passage": "p1"}
        ]
        * 2,
        "related": ["What does a day look like?", "Which skills?"],
        "generation": 3,
        "latency_ms": 12.3,
    }


@pytest.mark.parametrize("text", ["é 漢 🎉", "a\u2028b\u2029c\x85d\x7f", "\ud800 half", '"\\\n\t\x00'])
def test_json_is_one_line_for_every_reader_and_comes_back_unchanged(text: str) -> None:
    line = json_line({"text": text})
    assert len(line.splitlines()) == 1
    assert json.loads(line.encode("utf-8")) == {"text": text}


def test_json_keeps_characters_readable() -> None:
    assert json_line("é 漢 🎉") == '"é 漢 🎉"'


@pytest.mark.parametrize(
    ("changes", "dry_run", "text"),
    [
        (
            report(added=("a",), changed=("b",), removed=("c",), unchanged=("d", "e")),
            False,
            "  added    a\n  changed  b\n  removed  c\n"
            "1 document added, 1 changed, 1 removed, 2 unchanged.\n"
            "Generation 4 answers now: 1,200 passages, 2.3 s.",
        ),
        (
            report(unchanged=("d",), published=False),
            False,
            "0 documents added, 0 changed, 0 removed, 1 unchanged.\n"
            "Nothing changed; generation 4 answers (2.35 s).",
        ),
        (
            report(added=("a",), published=False),
            True,
            "  added    a\n1 document added, 0 changed, 0 removed, 0 unchanged.\n"
            "Dry run: nothing was changed.",
        ),
    ],
)  # fmt: skip
def test_report_tells_what_changed_and_what_answers(changes: ReindexReport, dry_run: bool, text: str) -> None:
    assert report_text(changes, dry_run=dry_run) == text


def test_report_shows_complaints_and_counts_notes() -> None:
    note = Complaint("caption", "note", "notes/a.md", 3, "A caption was left out.", "")
    told = report_text(report(complaints=(COMPLAINT, note, note)), dry_run=False)
    assert "  warning notes/a.md: The file is empty. [empty-file] Remove it.\n" in told
    assert "2 notes about cleaned text; --json lists them.\n" in told
    assert "caption" not in told


def test_complaint_names_its_line_where_it_has_one() -> None:
    placed = Complaint("caption", "note", "a.md", 3, "Left out.", "Nothing to do.")
    assert complaint_text(placed) == "  note a.md:3: Left out. [caption] Nothing to do."


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 kB"), (41_500, "42 kB"), (999_999, "1000 kB"), (1_000_000, "1.0 MB"), (123_456_789, "123.5 MB")],
)
def test_sizes_are_told_as_people_read_them(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (3_599, "59 minutes"),
        (7_200, "2 hours"),
        (86_400, "1 day"),
        (400 * 86_400, "400 days"),
    ],
)
def test_ages_are_told_in_their_largest_unit(seconds: int, text: str) -> None:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    assert age_text((now - timedelta(seconds=seconds)).isoformat(), now) == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 notes"), (1, "1 note"), (2, "2 notes"), (1_000, "1,000 notes")]
)
def test_nouns_agree_with_their_number(number: int, text: str) -> None:
    assert count_text(number, "note") == text
