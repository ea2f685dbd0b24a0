"""Measuring a crowd: what it asks, how its figures are counted and shown; nothing here depends on timing."""

import asyncio
import time
from itertools import islice
from pathlib import Path

import pytest

from tests.measure.load import Figure, crowd_figures, gap_figures, person, rows_of, stream_figures
from tests.measure.loaded_bot import PERIOD, Gaps, memory, watch
from tests.measure.traffic import changed, changed_articles, questions
from tests.wire.payloads import Payload
from tests.wire.world import Asked

KNOWN = [f"What is number {number}?" for number in range(50)]


def asked(acked: float | None, shown: Payload | None, token: str = "t") -> Asked:  # noqa: S107 - opens nothing
    return Asked("1", {}, person(1), token, at=100.0, acked=acked, shown=[shown] if shown else [])


def values(figures: list[Figure]) -> dict[str, float]:
    return {figure.what.strip(): figure.value for figure in figures}


@pytest.mark.parametrize(
    ("value", "below", "row"),
    [
        (99.0, 100.0, ("gap", "ms", "99.0", "< 100", "yes")),
        (100.0, 100.0, ("gap", "ms", "100", "< 100", "NO")),
        (100.0, None, ("gap", "ms", "100", "", "")),
    ],
)
def test_row_tells_whether_what_is_demanded_is_met(
    value: float, below: float | None, row: tuple[str, ...]
) -> None:
    assert rows_of([Figure("gap", "ms", value, below)])[1] == row


def test_crowd_counts_who_was_acknowledged_and_who_sees_an_answer() -> None:
    answer: Payload = {"embeds": [{}]}
    excuse: Payload = {"content": "That took too long.", "embeds": []}
    crowd = [asked(0.1, answer), asked(0.2, answer), asked(0.3, excuse), asked(1.0, None), asked(None, None)]
    found = values(list(crowd_figures("crowd", crowd)))
    assert found == {
        "crowd: acknowledged, median": 250,
        "p99": 1000,
        "the last": 1000,
        "not acknowledged in time": 1,
        "answered": 2,
        "not answered": 3,
    }


def test_crowd_that_nobody_noticed_is_counted_all_the_same() -> None:
    found = values(list(crowd_figures("crowd", [asked(None, None)])))
    assert (found["not acknowledged in time"], found["not answered"]) == (1, 1)


def test_answers_in_a_stream_are_timed_from_asking_to_the_last_edit() -> None:
    stream = [asked(0.1, {"embeds": [{}]}, "a"), asked(0.2, None, "b")]
    found = values(list(stream_figures("stream", stream, {"a": 102.0})))
    assert (found["answered, p50"], found["stream: questions"], found["not answered"]) == (2, 2, 1)


def test_gaps_are_shown_in_milliseconds() -> None:
    found = gap_figures("idle", [0.001] * 98 + [0.2, 0.3])
    assert [figure.value for figure in found] == pytest.approx([1.0, 200.0, 300.0])
    assert [figure.met for figure in found] == [None, False, None]
    assert all(figure.value == 0 for figure in gap_figures("nothing", []))


async def test_everything_due_while_the_loop_is_held_up_counts_as_late() -> None:
    gaps: Gaps = []
    watching = asyncio.create_task(watch(gaps))
    await asyncio.sleep(0)
    time.sleep(20 * PERIOD)  # noqa: ASYNC251 - holding up the loop is the point
    await asyncio.sleep(2 * PERIOD)
    watching.cancel()
    late = gaps[:18]
    assert len(late) == 18
    assert late[0] > 18 * PERIOD
    assert late == sorted(late, reverse=True)


def test_memory_is_told_in_megabytes() -> None:
    found = memory()
    assert 10 < found["now"] <= 1.1 * found["peak"] < 100_000


# --- what is asked -----------------------------------------------------------------------------------------


def test_questions_are_all_different_and_the_same_every_time() -> None:
    some = list(islice(questions(KNOWN), 2000))
    assert len(set(some)) == 2000
    assert all(3 <= len(text) <= 300 for text in some)
    assert some[:50] == list(islice(questions(KNOWN), 50))


def test_questions_are_mostly_listed_ones_and_some_of_every_other_kind() -> None:
    some = list(islice(questions(KNOWN), 40))
    assert sum(text in KNOWN for text in some) == 30
    assert sum(text.count("?") == 3 for text in some) == 2
    assert sum(text.startswith("¿") for text in some) == 2
    assert "Was ist Redis?" in some


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It runs. It ends.\n", "It runs indeed. It ends indeed.\n"),
        ('    "Who runs it?",\n', '    "Who runs it indeed?",\n'),
        ("Version 3.11 of e.g. that", "Version 3.11 of e.g indeed. that"),
        ('link = "https://example.org/a.html"', 'link = "https://example.org/a.html"'),
    ],
)
def test_changed_text_has_a_word_more_in_every_sentence(text: str, expected: str) -> None:
    assert changed(text, "indeed") == expected


def test_changed_articles_come_with_what_is_known_of_them(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "one.md").write_text("It runs.\n")
    (source / "sources.toml").write_text('"Who runs?",\n')
    (source / "other.txt").write_text("It runs.\n")
    folder = changed_articles(source, tmp_path / "made" / "changed", "well")
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "one.md": "It runs well.\n",
        "sources.toml": '"Who runs well?",\n',
    }
