"""What was proposed, kept as a file until somebody decides."""

import os
import resource
from dataclasses import replace
from pathlib import Path

import pytest

from index.library import LibraryError, Manifest
from knowledge.entities import Answer, Confidence, Origin, Quote, Reply, Source
from knowledge.gate.changes import Change, Group, Objection
from knowledge.proposals import Proposal, Shelf, undecided
from knowledge.reindexing import ReindexReport

PRIVATE = "Is it true that Petra wants to leave?"


def reply(question: str, text: str) -> Reply:
    quote = Quote(text, "tea#0", 0, len(text), Source("tea", "Tea", ("Cups",), Origin(author="A. Writer")))
    return Reply((Answer(question, (quote,), (), Confidence("high", "one"), (), 1),), 1)


def proposal(*changes: Change, key: str = "k1") -> Proposal:
    report = ReindexReport(("tea",), (), (), ("coffee",), (), 2, 0.5, 1, published=False)
    return Proposal(key, "anna", "2026-03-01T12:00:00+00:00", 1, report, changes)


def moved(question: str, origin: str) -> Change:
    before, after = reply(question, "The green cup."), reply(question, "The blue cup.")
    return Change(question, origin, Group.SOURCE_CHANGED, before=before, after=after)  # type: ignore[arg-type]  # one of three


LISTED, TOLD = moved("Which cup?", "listed"), moved(PRIVATE, "told")


@pytest.fixture
def told() -> list[str]:
    return [PRIVATE]


@pytest.fixture
def shelf(tmp_path: Path, told: list[str]) -> Shelf:
    return Shelf(tmp_path / "proposal.json", told=lambda: told)


def silent(change: Change) -> Change:
    before, after = change.before, change.after
    assert before
    assert after
    return replace(change, before=before.without_questions(), after=after.without_questions())


def test_what_was_put_there_is_found_by_whoever_looks_next(shelf: Shelf, tmp_path: Path) -> None:
    objections = (Objection("must-answer-lost", "One is lost."),)
    kept = replace(proposal(LISTED), objections=objections, suite={"asked": 3}, small_and_safe=True)
    shelf.put(kept)
    expected = replace(kept, changes=(silent(LISTED),))
    assert shelf.find() == Shelf(tmp_path / "proposal.json").find() == expected


def test_a_later_proposal_takes_the_place_of_an_earlier_one(shelf: Shelf) -> None:
    shelf.put(proposal(key="first"))
    shelf.put(proposal(key="second"))
    found = shelf.find()
    assert found is not None
    assert found.key == "second"


def test_nothing_waits_before_the_first_and_after_it_was_cleared(shelf: Shelf) -> None:
    assert shelf.find() is None
    shelf.put(proposal())
    shelf.clear()
    shelf.clear()
    assert shelf.find() is None


def test_what_somebody_told_is_not_written_down_and_is_gone_once_they_deleted_it(
    shelf: Shelf, told: list[str], tmp_path: Path
) -> None:
    shelf.put(proposal(LISTED, TOLD))
    written = (tmp_path / "proposal.json").read_text()
    assert "Petra" not in written
    assert "Which cup?" in written
    found = shelf.find()
    assert found is not None
    assert [change.question for change in found.changes] == ["Which cup?", PRIVATE]
    told.clear()
    found = shelf.find()
    assert found is not None
    assert [change.question for change in found.changes] == ["Which cup?", ""]
    assert found.changes[1].before is not None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": 1}', "\udcff"])
def test_what_cannot_be_read_does_not_wait(
    shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    (tmp_path / "proposal.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert shelf.find() is None
    assert "cannot be read any more" in caplog.text


def test_what_is_no_file_does_not_wait_and_cannot_be_cleared(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "proposal.json").mkdir()
    assert shelf.find() is None
    with pytest.raises(LibraryError, match="could not be removed"):
        shelf.clear()
    with pytest.raises(LibraryError, match="could not be kept"):
        shelf.put(proposal())


def test_a_full_disk_leaves_what_waited_before(shelf: Shelf) -> None:
    shelf.put(proposal(key="first"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(LibraryError, match=r"could not be kept .*; nothing was published"):
            shelf.put(proposal(LISTED, key="second"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    found = shelf.find()
    assert found is not None
    assert found.key == "first"


def test_it_is_on_the_disk_before_it_is_named(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda _: seen.append("sync"))
    monkeypatch.setattr(Path, "replace", lambda *_: seen.append("name"))
    shelf.put(proposal())
    assert seen == ["sync", "name"]


@pytest.mark.parametrize(
    ("reason", "standing"), [("", ["a", "b"]), ("  ", ["a", "b"]), ("It has to be", ["b"])]
)
def test_a_reason_overcomes_only_what_may_be_overridden(reason: str, standing: list[str]) -> None:
    objections = (
        Objection("must-answer-lost", "a"),
        Objection("removed-answers", "b", overridable=False),
    )
    found = replace(proposal(), objections=objections).standing(reason)
    assert [objection.sentence for objection in found] == standing


@pytest.mark.parametrize(
    ("facts", "waits"), [({}, True), ({"proposal": "other"}, True), ({"proposal": "k1"}, False)]
)
def test_what_answers_already_waits_for_no_decision(facts: dict[str, str], waits: bool) -> None:
    answering = Manifest(
        generation=2, created="", format=1, fingerprint="", dimension=1, documents={}, passages=0,
        cues=0, facts=facts, checksums={}, size=0,
    )  # fmt: skip
    found = proposal()
    assert undecided(found, answering) is (found if waits else None)
    assert undecided(found, None) is found
    assert undecided(None, answering) is None


@pytest.mark.parametrize(
    ("added", "changes", "unchanged"), [((), (), True), (("tea",), (), False), ((), (LISTED,), False)]
)
def test_nothing_changed_where_neither_documents_nor_answers_did(
    added: tuple[str, ...], changes: tuple[Change, ...], unchanged: bool
) -> None:
    found = proposal(*changes)
    assert replace(found, report=replace(found.report, added=added)).unchanged is unchanged
