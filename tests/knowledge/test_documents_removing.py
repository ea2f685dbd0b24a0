"""Documents taken out and brought back, and the list of all that there is."""

import json
import shutil
from pathlib import Path

import pytest

from knowledge.corpus.reading import packaged_articles
from knowledge.documents.errors import NotKept, Rejected, UnknownDocument
from knowledge.documents.own import OwnDocuments
from knowledge.reindexing import Reindexer
from tests.fakes import NumpyLibrary
from tests.knowledge.adding import LIMITS, Desk
from tests.knowledge.documents import RoomyEmbedder
from tests.knowledge.office import write_all


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "data", write_all(tmp_path / "docs", {"rules.md": b"# Rules\n\nBe kind."}))


def test_an_added_document_is_taken_out_and_comes_back(desk: Desk) -> None:
    desk.add("pay.md", "# Pay\n\nGood.")
    removed = desk.own.remove("pay")
    assert (removed.id, removed.title, removed.place, removed.until) == ("pay", "Pay", "added", "2026-03-31")
    assert set(desk.texts()) == {"rules"}
    assert desk.own.removed() == [removed]
    desk.own.restore("pay")
    assert desk.texts() == {"pay": "Good.", "rules": "Be kind."}
    assert desk.own.removed() == []


def test_a_document_of_another_folder_is_set_aside_and_its_file_stays(desk: Desk) -> None:
    removed = desk.own.remove("rules")
    assert (removed.place, removed.until) == ("folder", None)
    assert desk.own.left_out() == {"rules"}
    assert desk.texts() == {}
    assert (desk.others[0] / "rules.md").exists()
    desk.own.restore("rules")
    assert desk.texts() == {"rules": "Be kind."}


def test_all_versions_of_a_document_go_and_the_last_comes_back(desk: Desk) -> None:
    desk.add("pay.md", "# Pay\n\nFirst.")
    desk.add("pay.md", "# Pay\n\nSecond.")
    desk.own.remove("pay")
    assert set(desk.texts()) == {"rules"}
    desk.own.restore("pay")
    assert desk.texts()["pay"] == "Second."


def test_an_added_document_goes_together_with_what_it_replaced(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "data", before=[write_all(tmp_path / "shipped", {"pay.md": b"# Pay\n\nShipped."})])
    desk.add("pay.md", "# Pay\n\nMine.")
    desk.own.remove("pay")
    assert desk.texts() == {}
    assert [each.place for each in desk.own.removed()] == ["added"]
    desk.own.restore("pay")
    assert desk.texts() == {"pay": "Mine."}
    desk.own.remove("pay")
    desk.add("pay.md", "# Pay\n\nAnew.")
    assert desk.texts() == {"pay": "Anew."}
    assert desk.own.left_out() == frozenset()


def test_a_line_of_a_file_is_taken_out_alone(desk: Desk) -> None:
    lines = [json.dumps({"id": n, "title": f"T{n}", "text": f"Text {n}."}) for n in range(2)]
    desk.add("faq.jsonl", "\n".join(lines))
    desk.own.remove("faq.jsonl#0")
    assert set(desk.texts()) == {"faq.jsonl#1", "rules"}
    desk.own.remove("faq.jsonl#1")
    assert set(desk.texts()) == {"rules"}
    desk.own.restore("faq.jsonl#1")
    assert set(desk.texts()) == {"faq.jsonl#1", "rules"}
    desk.own.restore("faq.jsonl#0")
    assert set(desk.texts()) == {"faq.jsonl#0", "faq.jsonl#1", "rules"}


def test_what_was_removed_does_not_come_back_over_what_was_added_since(desk: Desk) -> None:
    desk.add("pay.md", "# Pay\n\nFirst.")
    desk.own.remove("pay")
    desk.add("pay.md", "# Pay\n\nSecond.")
    with pytest.raises(Rejected, match=r"Another “pay” was added since; remove that first\.$"):
        desk.own.restore("pay")
    assert desk.texts()["pay"] == "Second."
    desk.own.remove("pay")
    desk.own.restore("pay")
    assert desk.texts()["pay"] == "Second."


def test_removed_files_are_kept_for_thirty_days(desk: Desk) -> None:
    desk.add("pay.md", "# Pay\n\nGood.")
    desk.add("tax.md", "# Tax\n\nMuch.")
    desk.own.remove("pay")
    desk.later(days=31)
    desk.own.remove("tax")
    assert [each.id for each in desk.own.removed()] == ["tax"]
    with pytest.raises(UnknownDocument):
        desk.own.restore("pay")


@pytest.mark.parametrize("name", ["missing", "", "../docs/rules", "rules.md"])
def test_a_document_that_is_not_there_is_unknown(desk: Desk, name: str) -> None:
    for call in (desk.own.remove, desk.own.restore, lambda each: desk.own.text(each, None)):
        with pytest.raises(UnknownDocument):
            call(name)
    assert set(desk.texts()) == {"rules"}


def test_a_list_that_cannot_be_read_brings_nothing_back(desk: Desk) -> None:
    desk.own.remove("rules")
    (desk.data / "removed" / "aside.json").write_text("{")
    with pytest.raises(NotKept, match=r"^The list of removed documents cannot be read; .*\.$"):
        desk.own.left_out()


def test_the_list_tells_what_is_read_and_what_answers(desk: Desk) -> None:
    library = NumpyLibrary()
    reindexer = Reindexer(library=library, embedder=RoomyEmbedder(), size_limit=10_000, keep=2)
    desk.add("pay.md", "# Pay\n\nGood pay for all.\n\n## Later\n")
    reindexer.run(desk.folders(), who="ann")
    desk.add("tax.md", "# Tax\n\nMuch.")
    desk.own.remove("rules")
    (desk.others[0] / "twin.md").write_text("# Twin\n\nMuch.")
    found = {held.id: held for held in desk.own.sources(library.current())}
    assert {name: (held.place, held.indexed) for name, held in found.items()} == {
        "pay": ("added", True),
        "tax": ("added", False),
        "rules": ("gone", True),
        "twin": ("folder", False),
    }
    pay = found["pay"]
    assert (pay.title, pay.passages, pay.words) == ("Pay", 1, 5)
    assert pay.changed is not None
    assert [each.rule for each in pay.complaints] == ["empty-section"]
    assert [each.rule for each in found["twin"].complaints] == ["duplicate"]
    assert desk.own.text("rules", library.current()) == "Be kind."
    assert desk.own.text("tax", library.current()) == "Much."


def test_articles_that_come_with_the_program_are_told_apart(tmp_path: Path) -> None:
    own = OwnDocuments(
        data=tmp_path,
        folders=lambda: [packaged_articles()],
        limits=LIMITS,
        convert=Desk(tmp_path).convert,
        count_passages=lambda _: 1,
    )
    held = own.sources(None)
    assert {(each.place, each.changed, each.indexed) for each in held} == {("shipped", None, False)}
    own.remove(held[0].id)
    assert len(own.sources(None)) == len(held) - 1
    assert own.left_out() == {held[0].id}


def test_a_document_that_disappears_while_folders_are_read_is_not_missed(desk: Desk) -> None:
    desk.add("pay.md", "# Pay\n\nGood.")
    assert len(desk.own.sources(None)) == 2
    shutil.rmtree(desk.data / "documents" / "pay")
    assert [held.id for held in desk.own.sources(None)] == ["rules"]
    shutil.rmtree(desk.others[0])
    assert desk.own.sources(None) == []


def test_a_folder_that_was_linked_in_goes_after_its_time_and_what_it_leads_to_stays(
    desk: Desk, tmp_path: Path
) -> None:
    outside = write_all(tmp_path / "outside", {"pay.md": b"# Pay\n\nText."})
    (desk.data / "documents").mkdir(parents=True)
    (desk.data / "documents/pay").symlink_to(outside)
    desk.own.remove("pay")
    assert "pay" not in desk.texts()
    desk.later(days=31)
    desk.add("other.md", "# Other\n\nOther text.")
    assert [*(desk.data / "removed").iterdir()] == []
    assert (outside / "pay.md").exists()
