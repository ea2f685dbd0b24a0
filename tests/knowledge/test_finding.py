from pathlib import Path

import numpy as np
import pytest

from index.library import Snapshot
from knowledge.asking.conversation import Asked
from knowledge.background import read_background
from knowledge.finding import CANDIDATES, Evidence, Found, find, telling_words
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import RoomyEmbedder, reindex, write

TOPICS = ("Databases", "Queues", "Caches", "Testing", "Monitoring", "Deployment")
GUIDE = "# Guide\n\n" + "\n".join(
    f"## {topic}\n\n{topic} keep engineers of number {n} busy.\n" for n, topic in enumerate(TOPICS)
)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    library = NumpyLibrary()
    reindex(library, write(tmp_path_factory.mktemp("guide"), {"guide.md": GUIDE}))
    found = library.current()
    assert found is not None
    return found


def look(snapshot: Snapshot, text: str, about: str | None = None) -> Found:
    embedder = RoomyEmbedder()
    return find(snapshot, embedder, Asked(text, about), read_background(snapshot, embedder))


def headings(found: Found) -> list[str]:
    return [found.passages[candidate.passage].headings[-1] for candidate in found.candidates]


def test_the_passage_a_question_is_about_is_found_first(snapshot: Snapshot) -> None:
    assert headings(look(snapshot, "What keeps queues busy?"))[0] == "Queues"


def test_every_candidate_has_its_passage(snapshot: Snapshot) -> None:
    found = look(snapshot, "What keeps queues busy?")
    assert {candidate.passage for candidate in found.candidates} == set(found.passages)
    assert 0 < len(found.candidates) <= CANDIDATES


def test_the_same_question_finds_the_same(snapshot: Snapshot) -> None:
    one, other = (look(snapshot, "What keeps queues busy?") for _ in range(2))
    assert one.candidates == other.candidates
    assert one.evidence == other.evidence


def test_a_follow_up_is_looked_for_with_what_it_continues(snapshot: Snapshot) -> None:
    assert headings(look(snapshot, "and why?", "What keeps queues busy?"))[0] == "Queues"
    assert headings(look(snapshot, "and caches?", "What keeps queues busy?"))[0] == "Caches"


def test_a_follow_up_lies_nearer_to_what_it_continues_than_it_would_alone(snapshot: Snapshot) -> None:
    about = RoomyEmbedder().embed(["What keeps queues busy?"])[0]
    alone, following = (
        look(snapshot, "and caches?", text).vector for text in (None, "What keeps queues busy?")
    )
    assert following @ about > alone @ about + 0.1
    assert following @ alone > 0.5


@pytest.mark.parametrize("about", [None, "What keeps queues busy?", ""])
def test_a_question_is_a_vector_of_unit_length(snapshot: Snapshot, about: str | None) -> None:
    assert np.linalg.norm(look(snapshot, "and caches?", about).vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    "text", ["queues", "what is this", "🎉", "", "tomatoes and potatoes and peppers and peas", "C#"]
)
def test_evidence_lies_between_none_and_all(snapshot: Snapshot, text: str) -> None:
    evidence = look(snapshot, text).evidence
    values = [getattr(evidence, name) for name in Evidence.__slots__]
    assert all(0 <= value <= 1 for value in values)


def test_evidence_is_stronger_for_what_the_documents_are_about(snapshot: Snapshot) -> None:
    known, unknown = (
        look(snapshot, text) for text in ("queues keep engineers busy", "tomatoes need sunny weather")
    )
    assert known.evidence.meaning > unknown.evidence.meaning
    assert known.evidence.covered > unknown.evidence.covered == 0
    assert known.evidence.unknown < unknown.evidence.unknown


def test_words_no_document_holds_are_named_and_others_are_not(snapshot: Snapshot) -> None:
    found = look(snapshot, "Which queues should tomatoes use, and why tomatoes?")
    assert found.unknown_words == ("tomatoes",)


def test_a_question_without_topic_words_is_covered_by_nothing(snapshot: Snapshot) -> None:
    assert look(snapshot, "what is this about").evidence.covered == 0


def test_a_compound_is_covered_by_its_parts(snapshot: Snapshot) -> None:
    assert look(snapshot, "queues-busy").evidence.covered == 1


def test_a_question_is_kept_as_typed_and_looked_for_in_plain_english(snapshot: Snapshot) -> None:
    found = look(snapshot, "wat keeps queues busy")
    assert found.asked.text == "wat keeps queues busy"
    assert found.text == "what keeps queues busy"


def test_a_single_passage_stands_above_nothing(tmp_path: Path) -> None:
    library = NumpyLibrary()
    reindex(library, write(tmp_path, {"one.md": "# One\n\nQueues carry messages.\n"}))
    snapshot = library.current()
    assert snapshot is not None
    assert look(snapshot, "queues").evidence.lead == 0


@pytest.mark.parametrize(
    ("text", "telling"),
    [("Which databases should I use?", "databases"), ("what is it", ""), ("C# or Node.js", "c# node.js")],
)
def test_only_words_that_carry_a_topic_are_telling(text: str, telling: str) -> None:
    assert telling_words(text) == telling
