from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.passages import Passage
from index.transformer import Transformer, packaged_model
from knowledge.corpus.reading import packaged_articles, read_corpus
from knowledge.entities import BlockKind, Document
from knowledge.splitting import Measure, sentences, split
from tests.knowledge.documents import Piece, count_words, document, measure, prose

LEAD = "A backend engineer works with:"
TOOLS = ["databases", "queues and brokers", "caches", "servers"]


def one_section(*pieces: Piece, headings: Sequence[str] = ("Tools",)) -> Document:
    return document((headings, pieces))


def split_words(passages: Sequence[Passage]) -> list[str]:
    return [word for passage in passages for word in passage.text.split()]


# --- what holds for every document -------------------------------------------------------------------------

words = st.text(st.sampled_from("abcdefgXYZ0123'.,!?ü漢-"), min_size=1, max_size=30)
texts = st.lists(words, min_size=1, max_size=40).map(" ".join)
long_words = st.integers(50, 300).map(lambda length: "x" * length)
lists = st.tuples(
    st.sampled_from(["list", "steps"]), st.lists(st.one_of(texts, long_words), min_size=1, max_size=12)
)
single = st.tuples(st.sampled_from(["paragraph", "table", "code"]), texts.map(lambda text: [text]))
pieces = st.lists(st.one_of(single, lists), max_size=6)
paths = st.lists(words, max_size=3)
documents = st.lists(st.tuples(paths, pieces), min_size=1, max_size=4).map(
    lambda sections: document(*sections, topics={})
)


@settings(max_examples=40, deadline=None)
@given(documents, st.integers(8, 80))
def test_a_passage_is_the_text_between_its_offsets_in_reading_order(generated: Document, window: int) -> None:
    passages = split(generated, measure(window))
    for passage in passages:
        assert passage.text == generated.text[passage.start : passage.end] != ""
        assert all(passage.start <= cue.start < cue.end <= passage.end for cue in passage.cues)
        assert all(passage.start <= start < end <= passage.end for start, end in passage.attributes["parts"])
    assert all(one.end <= other.start for one, other in pairwise(passages))
    assert [passage.ordinal for passage in passages] == list(range(len(passages)))
    assert len({passage.id for passage in passages}) == len(passages)


@settings(max_examples=40, deadline=None)
@given(documents, st.integers(8, 80))
def test_every_word_of_every_block_is_in_a_passage_and_no_other(generated: Document, window: int) -> None:
    blocks = [block for section in generated.sections for block in section.blocks]
    written = [word for block in blocks for word in generated.text[block.start : block.end].split()]
    assert split_words(split(generated, measure(window))) == written


@settings(max_examples=40, deadline=None)
@given(documents, st.integers(8, 80))
def test_nothing_that_is_embedded_exceeds_the_window(generated: Document, window: int) -> None:
    for passage in split(generated, measure(window)):
        assert all(count_words(cue.text) <= window for cue in passage.cues)


@settings(max_examples=40, deadline=None)
@given(documents, st.integers(8, 80))
def test_the_same_document_gives_the_same_passages(generated: Document, window: int) -> None:
    assert split(generated, measure(window)) == split(generated, measure(window))


@given(texts)
def test_sentences_lie_apart_in_order_and_hold_every_word(text: str) -> None:
    spans = sentences(f"before {text} after", (7, 7 + len(text)))
    assert " ".join(f"before {text} after"[start:end] for start, end in spans).split() == text.split()
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    "text",
    ["See http://example.org/?query=1 for more.", "Is it C#?Or Java.", "A version such as 1.2.3 runs."],
)
def test_no_sentence_ends_inside_a_word(text: str) -> None:
    ends = [end for _, end in sentences(text, (0, len(text)))]
    assert all(text[end : end + 1].strip() == "" for end in ends)


def test_blank_lines_are_no_sentences() -> None:
    text = "One.\n\n\n\nTwo.\n\n"
    assert [text[start:end] for start, end in sentences(text, (0, len(text)))] == ["One.", "Two."]


# --- lists -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["list", "steps"])
def test_a_list_stays_whole_with_the_sentence_that_leads_into_it(kind: BlockKind) -> None:
    filler = prose("word " * 150, "More prose. " * 20)
    passages = split(one_section(*filler, ("paragraph", [LEAD]), (kind, TOOLS)), measure(400))
    last = passages[-1]
    assert last.text.startswith(LEAD)
    assert all(tool in last.text for tool in TOOLS)
    assert last.attributes["kind"] == kind


@pytest.mark.parametrize("kind", ["list", "steps"])
def test_a_list_too_long_for_the_window_is_cut_between_items(kind: BlockKind) -> None:
    items = [f"item {number} has exactly these words" for number in range(30)]
    passages = split(one_section(("paragraph", [LEAD]), (kind, items)), measure(40))
    assert len(passages) > 1
    for passage in passages:
        lines = passage.text.removeprefix(LEAD).strip().splitlines()
        assert all(line.endswith("these words") for line in lines)
        assert passage.attributes["kind"] == kind
    assert sum(len(passage.text.split("\n")) for passage in passages) >= len(items)


def test_a_later_part_of_a_cut_list_begins_with_the_marker_of_its_item() -> None:
    items = [f"step number {number} takes a few words" for number in range(1, 31)]
    second = split(one_section(("steps", items)), measure(30))[1]
    number = second.text.split(".")[0]
    assert number.isdigit()
    assert f"{number}. step number {number} " in second.text


def test_two_lists_of_a_long_section_are_two_passages() -> None:
    first = [f"a tool called {number}" for number in range(40)]
    second = [f"a habit called {number}" for number in range(40)]
    passages = split(one_section(("list", first), ("list", second)), measure(500))
    assert [("tool" in passage.text, "habit" in passage.text) for passage in passages] == [
        (True, False),
        (False, True),
    ]


# --- prose -------------------------------------------------------------------------------------------------


def test_a_paragraph_too_long_for_the_window_is_cut_between_sentences() -> None:
    text = " ".join(f"Sentence {number} says a little more." for number in range(40))
    passages = split(one_section(*prose(text)), measure(40))
    assert len(passages) > 1
    assert all(passage.text.startswith("Sentence") and passage.text.endswith("more.") for passage in passages)


def test_a_sentence_too_long_for_the_window_is_cut_between_words() -> None:
    text = " ".join(f"word{number}" for number in range(200))
    passages = split(one_section(*prose(text)), measure(40))
    assert split_words(passages) == text.split()


def test_a_long_word_before_short_ones_is_not_cut() -> None:
    text = "x" * 2_000 + " " + "a b c d e " * 20
    passages = split(one_section(*prose(text)), measure(40))
    assert split_words(passages) == text.split()


def test_an_unbreakable_word_longer_than_the_window_is_cut_anywhere_and_nothing_is_lost() -> None:
    word = "x" * 10_000
    by_character = Measure(len, 256)
    passages = split(one_section(*prose(word)), by_character)
    assert "".join(passage.text for passage in passages) == word
    assert all(len(cue.text) <= 256 for passage in passages for cue in passage.cues)


def test_a_measure_that_nothing_fits_still_ends() -> None:
    passages = split(one_section(*prose("abcdefgh")), Measure(lambda text: 1_000, 10))
    assert "".join(passage.text for passage in passages) == "abcdefgh"


def test_a_short_section_is_one_passage() -> None:
    passages = split(one_section(*prose("One.", "Two."), ("list", TOOLS)), measure(100))
    assert len(passages) == 1
    assert passages[0].text.startswith("One.")
    assert passages[0].text.endswith("servers")


def test_paragraphs_of_a_long_section_do_not_all_share_a_passage() -> None:
    paragraphs = [f"Paragraph {number}. " + "It says a few things. " * 12 for number in range(8)]
    passages = split(one_section(*prose(*(text.strip() for text in paragraphs))), measure(2_000))
    assert 1 < len(passages) <= len(paragraphs)
    assert all(passage.text.startswith("Paragraph") for passage in passages)


def test_code_and_tables_are_told_apart_from_prose() -> None:
    passages = split(
        document((("A",), [("code", ["SELECT 1"])]), (("B",), [("table", ["a | b"])]), (("C",), prose("c"))),
        measure(),
    )
    assert [passage.attributes["kind"] for passage in passages] == ["code", "table", "paragraph"]


# --- sections, headings, cues ------------------------------------------------------------------------------


def test_a_heading_alone_is_never_a_passage() -> None:
    passages = split(
        document((("Salary",), []), (("Tools",), prose("Databases.")), (("Career",), [])), measure()
    )
    assert [passage.headings for passage in passages] == [("Tools",)]


def test_a_document_of_headings_only_has_no_passages() -> None:
    assert split(document((("Salary",), []), (("Tools",), [])), measure()) == []


def test_a_passage_never_crosses_a_section() -> None:
    passages = split(document((("A",), prose("First.")), (("A", "B"), prose("Second."))), measure())
    assert [(passage.headings, passage.text) for passage in passages] == [
        (("A",), "First."),
        (("A", "B"), "Second."),
    ]


def test_title_and_headings_are_embedded_and_searched_but_not_quoted() -> None:
    passage = split(
        document((("Skills", "Tools"), prose("Databases. And queues.")), title="Manual"), measure()
    )[0]
    assert all(
        word in passage.cues[0].text for word in ("Manual", "Skills", "Tools", "Databases. And queues.")
    )
    assert all("Tools" in cue.text for cue in passage.cues)
    assert all(word in passage.words for word in ("Manual", "Skills", "Tools", "Databases"))
    assert passage.text == "Databases. And queues."


def test_text_before_the_first_heading_is_cued_by_the_title() -> None:
    passage = split(document(((), prose("One thing. Another thing.")), title="Manual"), measure())[0]
    assert passage.headings == ()
    assert all("Manual" in cue.text for cue in passage.cues)


def test_the_whole_comes_first_among_the_cues_and_every_sentence_and_item_follows() -> None:
    built = one_section(("paragraph", ["Some tools matter. They are:"]), ("list", ["databases", "queues"]))
    passage = split(built, measure())[0]
    assert (passage.cues[0].start, passage.cues[0].end) == (passage.start, passage.end)
    assert [built.text[cue.start : cue.end] for cue in passage.cues[1:]] == [
        "Some tools matter.",
        "They are:",
        "databases",
        "queues",
    ]


def test_questions_a_section_answers_become_cues_of_its_passages() -> None:
    asked = ["Which tools are used?", "What is in the toolbox?"]
    built = document(
        (("Tools",), prose("Databases.")), (("Pay",), prose("It varies.")), topics={"Tools": asked}
    )
    tools, pay = split(built, measure())
    assert [cue.text for cue in tools.cues[-2:]] == asked
    assert list(tools.attributes["questions"]) == asked
    assert all(cue.text not in asked for cue in pay.cues)
    assert all(question not in tools.text for question in asked)


def test_a_heading_path_longer_than_the_window_leaves_room_for_the_text() -> None:
    heading = "very " * 100 + "long"
    built = document((("Outer", heading), prose("Some words that must be read. " * 5)), title="Manual")
    passages = split(built, measure(30))
    assert split_words(passages) == built.text[built.sections[0].blocks[0].start :].split()
    for passage in passages:
        assert count_words(passage.cues[0].text) <= 30
        assert passage.text in passage.cues[0].text
        assert passage.headings == ("Outer", heading)


@pytest.mark.model
def test_the_shipped_articles_fit_the_window_of_the_real_tokenizer() -> None:
    model = Transformer(packaged_model())
    corpus = read_corpus([packaged_articles()])
    for read in corpus.documents:
        passages = split(read, Measure(model.count_tokens, model.window))
        written = [
            word
            for section in read.sections
            for block in section.blocks
            for word in read.text[block.start : block.end].split()
        ]
        assert split_words(passages) == written
        assert (
            max(model.count_tokens(cue.text) for passage in passages for cue in passage.cues) <= model.window
        )


@pytest.mark.model
def test_an_unbreakable_word_fits_the_window_of_the_real_tokenizer(tmp_path: Path) -> None:
    model = Transformer(packaged_model())
    text = " ".join("abcdefghij"[number % 10] * 2 for number in range(5_000)).replace(" ", "-")
    (tmp_path / "long.md").write_text(f"# Long\n\nBefore {text} after.\n")
    read = read_corpus([tmp_path]).documents[0]
    passages = split(read, Measure(model.count_tokens, model.window))
    assert "".join(split_words(passages)).endswith("after.")
    assert max(model.count_tokens(cue.text) for part in passages for cue in part.cues) <= model.window
