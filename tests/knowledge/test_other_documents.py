"""Documents that have nothing to do with backend engineers: quoted, and declined, by the same code."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.folder.library import FolderLibrary
from index.transformer import PACKAGED_WEIGHTS_SHA256, Transformer, packaged_model
from knowledge.advisor import Advisor
from knowledge.entities import Answer, Question, Reply
from knowledge.reindexing import Reindexer
from knowledge.skills.catalogue import load_catalogue
from knowledge.suite import Outcome, parse, score

DATA = Path(__file__).parents[1] / "data"

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def model() -> Transformer:
    return Transformer(packaged_model(), weights_sha256=PACKAGED_WEIGHTS_SHA256)


def advisor_on(folder: Path, data: Path, model: Transformer) -> tuple[Advisor, FolderLibrary]:
    library, catalogue = FolderLibrary(data), load_catalogue()
    Reindexer(library=library, embedder=model, size_limit=5_000_000, keep=1, catalogue=catalogue).run(
        [folder], who="a test"
    )
    return Advisor(library=library, embedder=model, catalogue=catalogue), library


def told(reply: Reply) -> str:
    return "\n".join(quote.text for part in reply.parts if isinstance(part, Answer) for quote in part.quotes)


def outcomes(name: str, answer: Callable[[Question], Reply]) -> list[Outcome]:
    cases = parse((DATA / name / "questions.jsonl").read_text("utf-8"))
    replies = [answer(case.question) for case in cases]
    return [score(case, told(reply), reply.abstained) for case, reply in zip(cases, replies, strict=True)]


# The fewest, of all with an answer or with none, that may be right; measured on 2026-11-22, less two.
@pytest.mark.parametrize(("name", "right", "refused"), [("gardening", 44, 16), ("municipal", 44, 16)])
def test_a_handbook_of_forty_documents_is_answered_and_declined(
    name: str, right: int, refused: int, tmp_path: Path, model: Transformer
) -> None:
    advisor, library = advisor_on(DATA / name / "sources", tmp_path / "data", model)
    found = outcomes(name, advisor.answer)
    assert sum(outcome.fully_right for outcome in found if not outcome.due) >= right
    assert sum(outcome.declined for outcome in found if outcome.due) >= refused
    assert not [outcome.id for outcome in found if outcome.forbidden]
    snapshot = library.current()
    assert snapshot is not None
    texts = {record.id: record.text for record in snapshot.records()}
    for outcome in parse((DATA / name / "questions.jsonl").read_text("utf-8"))[:20]:
        for part in advisor.answer(outcome.question).parts:
            for quote in part.quotes if isinstance(part, Answer) else ():
                assert quote.text in texts[quote.source.document]
