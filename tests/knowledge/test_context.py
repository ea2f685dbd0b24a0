"""The text around a quote."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.folder.library import FolderLibrary
from index.library import Contents, Library, UnknownGeneration
from index.passages import Passage, Record
from knowledge.background import source_of
from knowledge.context import AROUND, Context, read_context
from knowledge.corpus.reading import packaged_articles, read_corpus
from knowledge.entities import Question, Quote
from knowledge.reindexing import as_record
from knowledge.splitting import split
from tests.fakes import NumpyLibrary
from tests.index.samples import publish
from tests.knowledge.documents import advisor, measure, reindex, write
from tests.knowledge.speaking import FILES, QUEUES, latest

PLACES = ("shelf", "drawer", "cellar", "barrel", "jar", "basket", "crate", "loft")


def sentence(number: int) -> str:
    return f"Apple number {number} is kept in the {PLACES[number % len(PLACES)]} until somebody eats it."


def prose(count: int, first: int = 0) -> str:
    return " ".join(sentence(number) for number in range(first, first + count))


ORCHARD = f"""# Orchard

## Picking

{prose(3)}

## Storing

{prose(3, 10)}

{prose(3, 20)}

{prose(3, 30)}

{prose(3, 40)}

{prose(3, 50)}

### Long

{prose(60, 100)}

## List

Apples come in kinds:

{chr(10).join(f"- {sentence(number)}" for number in range(200, 230))}

## Selling

{prose(2, 300)}

## Prices

## Weights
"""
ENDLESS = f"""# Endless

## One

{"word " * 900}target {"word " * 900}

## Two

{"x" * 3_000} aim {"y" * 3_000}
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = NumpyLibrary()
    reindex(made, write(tmp_path_factory.mktemp("read"), {"orchard.md": ORCHARD, "endless.md": ENDLESS}))
    return made


def record_of(library: Library, document: str) -> Record:
    return next(record for record in latest(library).records() if record.id == document)


def passage_at(library: Library, document: str, place: int) -> Passage:
    found = latest(library).passages_of(document)
    return next(passage for passage in found if passage.start <= place < passage.end)


def quote(library: Library, text: str, document: str = "orchard") -> Quote:
    record = record_of(library, document)
    start = record.text.index(text)
    passage = passage_at(library, document, start)
    return Quote(text, passage.id, start, start + len(text), source_of(record, passage.headings))


def context(library: Library, text: str, document: str = "orchard") -> Context:
    return read_context(library, quote(library, text, document), latest(library).manifest.generation)


def test_a_short_document_is_shown_whole(tmp_path: Path) -> None:
    made = NumpyLibrary()
    reindex(made, write(tmp_path, FILES))
    found = context(made, "RabbitMQ and Kafka are the queues a backend engineer uses.", "guide")
    assert found.section == ("Guide", "Queues")[-len(found.section) :]
    assert found.after == "\n\nCaches\n\nCaches keep answers in memory."
    assert not found.before_cut
    assert not found.after_cut
    assert {"Queues", "Caches"} <= found.headings
    assert "Salary" not in found.headings


def test_text_around_a_quote_is_cut_between_paragraphs(library: Library) -> None:
    found = context(library, sentence(21))
    assert found.after.endswith(sentence(42))
    found = context(library, sentence(41))
    assert found.before.startswith(sentence(20))
    assert found.before_cut
    assert found.after_cut
    assert found.section[-1] == "Storing"
    assert found.source.label.endswith("Storing")


def test_a_long_paragraph_is_cut_between_sentences(library: Library) -> None:
    found = context(library, sentence(130))
    for around in (found.before.strip(), found.after.strip()):
        assert around.startswith("Apple number")
        assert around.endswith(" eats it.")
        assert AROUND / 2 < len(around) <= AROUND


def test_a_list_is_cut_between_items(library: Library) -> None:
    found = context(library, sentence(225))
    assert found.before.startswith("- Apple number 2")
    assert found.before.endswith("\n- ")
    found = context(library, sentence(203))
    assert found.after.startswith("\n- Apple number 204")
    assert found.after.endswith(" eats it.")


def test_a_sentence_without_end_is_cut_between_words(library: Library) -> None:
    found = context(library, "target", "endless")
    assert found.before.startswith("word ")
    assert found.after.endswith(" word")
    assert min(len(found.before), len(found.after)) > AROUND - 10
    assert found.before_cut
    assert found.after_cut


def test_a_word_without_end_is_left_out(library: Library) -> None:
    found = context(library, "aim", "endless")
    assert (found.before, found.after) == ("", "")
    assert found.before_cut
    assert found.after_cut


def test_a_heading_is_not_the_last_that_is_shown(library: Library) -> None:
    found = context(library, sentence(301))
    assert found.after == ""
    assert not found.after_cut
    near_the_end = context(library, sentence(229))
    assert near_the_end.after.endswith(sentence(301))
    assert near_the_end.headings >= {"Selling"}
    assert not {"Prices", "Weights"} & near_the_end.headings


@given(st.data())
def test_what_is_shown_stands_in_the_document_just_like_that(library: Library, data: st.DataObject) -> None:
    document = data.draw(st.sampled_from(["orchard", "endless"]))
    record = record_of(library, document)
    passages = latest(library).passages_of(document)
    passage = data.draw(st.sampled_from(passages))
    spans = [(passage.start, passage.end), *passage.attributes["parts"]]
    start, end = data.draw(st.sampled_from(spans))
    asked = Quote(record.text[start:end], passage.id, start, end, source_of(record, passage.headings))
    found = read_context(library, asked, 1)
    around = (start - len(found.before), end + len(found.after))
    assert record.text[slice(*around)] == found.before + found.quoted + found.after
    assert max(len(found.before), len(found.after)) <= AROUND
    assert around[0] == 0 or record.text[around[0] - 1].isspace() or around[0] == start
    assert record.text[around[1] : around[1] + 1].isspace() or around[1] in (end, len(record.text))
    assert (around[0] > 0, around[1] < passages[-1].end) == (found.before_cut, found.after_cut)
    known = {heading for one in passages for heading in one.headings}
    assert found.headings <= known | {"Orchard", "Endless"}


# --- generations -------------------------------------------------------------------------------------------


def test_a_quote_is_shown_as_it_stood_in_the_generation_it_is_from(tmp_path: Path) -> None:
    made = FolderLibrary(tmp_path / "data")
    folder = tmp_path / "documents"
    reindex(made, write(folder, FILES))
    (part,) = advisor(made).answer(Question(QUEUES)).parts
    asked = part.quotes[0]  # type: ignore[union-attr]
    reindex(made, write(folder, {"guide.md": "# Guide\n\n## Queues\n\nNATS alone.\n"}))
    assert "Kafka" in read_context(made, asked, 1).quoted
    with pytest.raises(UnknownGeneration):
        read_context(made, asked, 2)
    with made.writing("a test"):
        made.prune(keep=1)
    with pytest.raises(UnknownGeneration):
        read_context(made, asked, 1)


@pytest.mark.parametrize(
    "changed",
    [{"text": "Other words."}, {"passage": "orchard#999"}, {"start": 0, "end": 3}, {"start": 10**9}],
    ids=["text", "passage", "place", "far away"],
)
def test_a_quote_that_stands_elsewhere_is_from_another_generation(
    library: Library, changed: dict[str, Any]
) -> None:
    with pytest.raises(UnknownGeneration):
        read_context(library, replace(quote(library, sentence(1)), **changed), 1)


def test_a_quote_of_a_document_that_is_not_there_is_from_another_generation(library: Library) -> None:
    asked = quote(library, sentence(1))
    moved = replace(asked, source=replace(asked.source, document="nowhere"))
    with pytest.raises(UnknownGeneration):
        read_context(library, moved, 1)


def test_every_part_of_the_shipped_articles_can_be_shown_in_its_place() -> None:
    made = NumpyLibrary()
    documents = read_corpus([packaged_articles()]).documents
    passages = [passage for document in documents for passage in split(document, measure(256))]
    vectors = np.zeros((sum(len(passage.cues) for passage in passages), 4), dtype=np.float32)
    publish(made, Contents([as_record(document) for document in documents], passages, vectors, "none"))
    snapshot = latest(made)
    shown = 0
    for record in snapshot.records():
        for passage in snapshot.passages_of(record.id):
            for start, end in passage.attributes["parts"]:
                asked = Quote(record.text[start:end], passage.id, start, end, source_of(record, ()))
                found = read_context(made, asked, 1)
                assert f"{found.before}{found.quoted}{found.after}" in record.text
                assert found.section == passage.headings
                assert len(found.before + found.after) > AROUND / 2
                shown += 1
    assert shown > 150
