"""What of a passage is quoted: items asked for, sentences around the best one, half of nothing."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passages import Passage
from index.search import Candidate
from knowledge.asking.vocabulary import stems
from knowledge.entities import Document
from knowledge.focusing import RUNS, Span, focus, items_at
from knowledge.splitting import split
from tests.knowledge.documents import Piece, document, measure, prose

ROOM = 60
ITEMS = (
    "Databases keep rows.",
    "Queues carry messages (optional)",
    "Caches keep answers.",
    "Tests prove it.",
)


def candidate(passage: Passage, *similarities: float) -> Candidate:
    found = similarities or (0.5,) * (len(passage.attributes["parts"]) + 1)
    return Candidate(passage.id, 0.5, max(found), 0.0, 1, None, tuple(found))


def only(written: Document, window: int = 400) -> Passage:
    (passage,) = split(written, measure(window))
    return passage


def of_kind(kind: str, items: Sequence[str] = ITEMS, headings: Sequence[str] = ("Skills",)) -> Document:
    piece: Piece = ("steps", items) if kind == "steps" else ("list", items)
    return document((headings, [piece]))


def texts(written: Document, spans: Iterable[Span]) -> list[str]:
    return [written.text[start:end] for start, end in spans]


def focused(written: Document, question: str, *similarities: float, room: int = ROOM) -> list[str]:
    passage = only(written)
    telling = frozenset(stems(question))
    return texts(written, focus(passage, candidate(passage, *similarities), telling, room))


# --- lists -------------------------------------------------------------------------------------------------

WHOLE_LIST = "\n".join(f"- {item}" for item in ITEMS)
WHOLE_STEPS = "\n".join(f"{number}. {item}" for number, item in enumerate(ITEMS, 1))


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("databases", ["Databases keep rows."]),
        ("a queue", ["Queues carry messages (optional)"]),
        ("databases or queues", ["- Databases keep rows.\n- Queues carry messages (optional)"]),
        ("tests and databases", ["Databases keep rows.", "Tests prove it."]),
        ("keeps", ["Databases keep rows.", "Caches keep answers."]),
        ("tomatoes", [WHOLE_LIST]),
        ("", [WHOLE_LIST]),
        ("databases queues caches tests", [WHOLE_LIST]),
    ],
)
def test_a_list_is_quoted_by_the_items_that_are_asked_for(question: str, quoted: list[str]) -> None:
    assert focused(of_kind("list"), question) == quoted


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("queues", ["2. Queues carry messages (optional)"]),
        ("queues and caches", ["2. Queues carry messages (optional)\n3. Caches keep answers."]),
        ("databases and tests", ["1. Databases keep rows.", "4. Tests prove it."]),
        ("tomatoes", [WHOLE_STEPS]),
    ],
)
def test_numbered_steps_keep_their_numbers(question: str, quoted: list[str]) -> None:
    assert focused(of_kind("steps"), question) == quoted


def test_a_step_of_two_digits_keeps_both() -> None:
    steps = of_kind("steps", [f"Do number{n}." for n in range(1, 13)])
    assert focused(steps, "number11") == ["11. Do number11."]
    assert focused(steps, "number10 number11") == ["10. Do number10.\n11. Do number11."]


@pytest.mark.parametrize(
    ("items", "quoted"),
    [
        (["api one", "api two", "rest"], ["- api one\n- api two\n- rest"]),
        (["api one", "api two", "rest", "soap"], ["- api one\n- api two"]),
        (["api one", "rest"], ["api one"]),
        (["api one"], ["- api one"]),
    ],
)
def test_a_word_in_more_than_half_of_the_items_tells_none_from_the_others(
    items: list[str], quoted: list[str]
) -> None:
    assert focused(of_kind("list", items), "which api") == quoted


def test_a_word_of_the_heading_is_what_the_whole_list_is_about() -> None:
    items = ["databases first", "queues", "caches", "tests"]
    assert focused(of_kind("list", items, ["Databases"]), "databases") == [
        "- databases first\n- queues\n- caches\n- tests"
    ]
    assert focused(of_kind("list", items, ["Databases"]), "databases queues") == ["queues"]


def test_a_question_that_meets_a_list_in_too_many_places_is_about_the_whole() -> None:
    items = [f"{'api' if n % 2 else 'other'} {n}" for n in range(2 * RUNS + 2)]
    apart = focused(of_kind("list", items[: 2 * RUNS]), "api")
    assert apart == ["api 1", "api 3", "api 5"]
    assert focused(of_kind("list", items), "api") == ["\n".join(f"- {item}" for item in items)]


def test_a_sentence_before_a_list_is_no_item_of_it() -> None:
    written = document((["Skills"], [*prose("Know these databases."), ("list", ITEMS)]))
    assert focused(written, "databases") == ["Databases keep rows."]
    assert focused(written, "know") == [f"Know these databases.\n\n{WHOLE_LIST}"]


def test_items_of_two_lists_with_a_sentence_between_are_quoted_apart() -> None:
    pieces: list[Piece] = [("list", ["Python", "Java"]), *prose("Later on:"), ("list", ["Kafka", "Redis"])]
    written = document((["Skills"], pieces))
    assert focused(written, "java kafka") == ["Java", "Kafka"]


def test_a_nested_item_goes_without_its_indentation() -> None:
    text = "- Databases\n  - Redis\n  - Kafka\n  1. Ruby"
    spans = [(2, 11), (16, 21), (26, 31), (37, 41)]
    attributes = {"kind": "list", "parts": [list(span) for span in spans], "questions": []}
    passage = Passage("a#0", "a", 0, (), text, 0, len(text), text, (), attributes)

    def quoted(question: str) -> list[str]:
        found = focus(passage, candidate(passage), frozenset(stems(question)), ROOM)
        return [text[start:end] for start, end in found]

    assert quoted("redis") == ["Redis"]
    assert quoted("redis kafka") == ["- Redis\n  - Kafka"]
    assert quoted("ruby") == ["1. Ruby"]


# --- prose -------------------------------------------------------------------------------------------------

LONG = ("First comes the plan.", "Then comes the code.", "Then come the tests.", "Last comes the review.")


@pytest.mark.parametrize(
    ("similarities", "room", "quoted"),
    [
        ((0.1, 0.6, 0.9, 0.7, 0.1), 20, LONG[1]),
        ((0.1, 0.6, 0.9, 0.7, 0.1), 41, " ".join(LONG[1:3])),
        ((0.1, 0.7, 0.9, 0.6, 0.1), 42, " ".join(LONG[:2])),
        ((0.1, 0.7, 0.9, 0.6, 0.1), 41, " ".join(LONG[1:3])),  # the better neighbour does not fit
        ((0.1, 0.6, 0.9, 0.7, 0.1), 70, " ".join(LONG[:3])),
        ((0.1, 0.9, 0.1, 0.1, 0.8), 45, LONG[0]),  # what stands beside it has less to say
        ((0.1, 0.1, 0.1, 0.7, 0.8), 45, " ".join(LONG[2:])),
        ((0.9, 0.1, 0.1, 0.8, 0.1), 3, LONG[2]),  # the first similarity is the whole passage's
        ((0.1, 0.5, 0.5, 0.5, 0.5), 21, LONG[0]),
        ((0.1, 0.6, 0.9, 0.7, 0.6), 86, " ".join(LONG)),
        ((0.1, 0.1, 0.1, 0.1, 0.2, 0.9), 22, LONG[3]),  # a listed question is no sentence
    ],
)
def test_long_prose_is_quoted_by_the_best_sentence_and_its_neighbours(
    similarities: tuple[float, ...], room: int, quoted: str
) -> None:
    written = document((["Days"], prose(" ".join(LONG))))
    assert focused(written, "zebra", *similarities, room=room) == [quoted]


def test_a_sentence_that_holds_the_words_asked_for_is_preferred_to_one_a_little_nearer() -> None:
    written = document((["Days"], prose(" ".join(LONG))))
    assert focused(written, "tests", 0.1, 0.1, 0.6, 0.5, 0.1, room=25) == [LONG[2]]


def test_prose_that_fits_is_quoted_whole() -> None:
    text = " ".join(LONG)
    written = document((["Days"], prose(text)))
    assert focused(written, "plan", room=len(text)) == [text]
    assert focused(written, "plan", room=len(text) - 1) != [text]


def test_one_sentence_is_never_cut_however_long() -> None:
    text = f"They plan {'and plan ' * 40}all day."
    assert focused(document((["Days"], prose(text))), "plan", room=20) == [text]


@pytest.mark.parametrize("kind", ["table", "code"])
def test_a_table_and_a_program_are_quoted_whole(kind: str) -> None:
    text = "\n".join(f"row {n}. Then more. | {n}" for n in range(20))
    piece: Piece = ("table", [text]) if kind == "table" else ("code", [text])
    assert focused(document((["Data"], [piece])), "row", room=20) == [text]


# --- by place ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "places", "quoted"),
    [
        ("list", [2], ["Caches keep answers."]),
        ("list", [1, 0], ["- Databases keep rows.\n- Queues carry messages (optional)"]),
        ("list", [3, 0, 3], ["Databases keep rows.", "Tests prove it."]),
        ("list", [], []),
        ("steps", [1], ["2. Queues carry messages (optional)"]),
        ("steps", [3, 2], ["3. Caches keep answers.\n4. Tests prove it."]),
    ],
)
def test_parts_are_quoted_by_place_in_reading_order(kind: str, places: list[int], quoted: list[str]) -> None:
    written = of_kind(kind)
    assert texts(written, items_at(only(written), places)) == quoted


def test_sentences_are_quoted_by_place_too() -> None:
    written = document((["Days"], prose(" ".join(LONG))))
    assert texts(written, items_at(only(written), [0, 2, 3])) == [LONG[0], " ".join(LONG[2:])]


# --- whatever the document ---------------------------------------------------------------------------------

said = st.lists(st.sampled_from(["plan", "code", "test", "review", "api"]), min_size=1, max_size=6)
lines = st.builds(
    lambda found, end: " ".join(found).capitalize() + end, said, st.sampled_from([".", " (optional)"])
)
paragraphs = st.lists(said, min_size=1, max_size=5).map(
    lambda told: " ".join(f"{' '.join(one).capitalize()}." for one in told)
)
listings = st.lists(lines, min_size=1, max_size=12)
pieces: st.SearchStrategy[Piece] = st.one_of(
    paragraphs.map(lambda text: ("paragraph", [text])),
    listings.map(lambda items: ("list", items)),
    listings.map(lambda items: ("steps", items)),
)
documents = st.lists(pieces, min_size=1, max_size=4).map(lambda found: document((["Review"], found)))
PLACE_OF_STEP = re.compile(r"(?:^|\n)(\d+\. )$")


def spans_of(data: st.DataObject) -> list[tuple[Document, Passage, tuple[Span, ...]]]:
    written = data.draw(documents)
    telling = frozenset(data.draw(st.lists(st.sampled_from(["plan", "code", "test", "review", "api"]))))
    found = []
    for passage in split(written, measure(data.draw(st.integers(12, 80)))):
        cues = len(passage.attributes["parts"]) + 1
        near = data.draw(st.lists(st.floats(-1, 1), min_size=cues, max_size=cues))
        spans = focus(passage, candidate(passage, *near), telling, data.draw(st.integers(1, 200)))
        found.append((written, passage, spans))
    return found


@given(st.data())
def test_every_stretch_lies_inside_its_passage_in_reading_order(data: st.DataObject) -> None:
    for written, passage, spans in spans_of(data):
        assert spans
        for start, end in spans:
            assert passage.start <= start < end <= passage.end
            assert written.text[start:end] == passage.text[start - passage.start : end - passage.start]
        assert all(one[1] < other[0] for one, other in pairwise(spans))


@given(st.data())
def test_no_stretch_holds_part_of_a_sentence_or_of_an_item(data: st.DataObject) -> None:
    """So "(optional)" at an item's end is never lost."""
    for _, passage, spans in spans_of(data):
        for part_start, part_end in passage.attributes["parts"]:
            for start, end in spans:
                assert end <= part_start or part_end <= start or start <= part_start < part_end <= end


@given(st.data())
def test_a_quoted_step_has_its_number_and_a_lone_bullet_no_mark(data: st.DataObject) -> None:
    for written, passage, spans in spans_of(data):
        for start, end in spans:
            inside = [part for part in passage.attributes["parts"] if start <= part[0] < end]
            for part_start, _ in inside:
                if number := PLACE_OF_STEP.search(written.text[:part_start]):
                    assert start <= number.start(1)
            if len(inside) == 1 and (start, end) != (passage.start, passage.end):
                assert not written.text[start:end].startswith("- ")
