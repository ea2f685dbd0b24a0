"""From folders to a proposed generation, and what becomes of it."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import knowledge.publishing
from index.library import Busy, LibraryError, UnknownGeneration
from knowledge.corpus.folders import UnreadableFolder
from knowledge.entities import Complaint
from knowledge.gate.changes import Group, Objection
from knowledge.proposals import Proposal
from knowledge.publishing import NoProposal, Objected, Outdated, Unfit
from knowledge.reindexing import NothingToIndex
from knowledge.watching import Cancelled, Phase
from tests.index.spoiling import DAMAGES
from tests.knowledge.documents import RoomyEmbedder
from tests.knowledge.publishers import (
    ASKS_COFFEE,
    ASKS_TEA,
    COFFEE,
    NOW,
    PAGES,
    TEA,
    WHO,
    Base,
    case,
    page,
)

TEA_ALONE = {"tea.md": PAGES["tea.md"]}
CAKE = PAGES | {"cake.md": page("Cake", "Cake is cut with a wooden knife.", "What is cake cut with?")}


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path)


@pytest.fixture
def objected(base: Base) -> Base:
    """Something waits that would lose an answer that has to be given."""
    base.cases, base.shipped = [case(ASKS_COFFEE, "engineer")], frozenset({"tea"})
    base.publish(PAGES)
    base.propose(TEA_ALONE)
    return base


def key_of(base: Base) -> str:
    proposal = base.publisher.proposal()
    assert proposal is not None
    return proposal.key


# --- proposing ----------------------------------------------------------------------------------------------


def test_what_is_proposed_answers_only_once_it_is_published(base: Base) -> None:
    base.publish(TEA_ALONE)
    proposal = base.propose(PAGES)
    assert (proposal.base, proposal.who, proposal.at) == (1, WHO, NOW.isoformat())
    assert (proposal.report.added, proposal.report.published, proposal.staged) == (("coffee",), False, True)
    assert (base.answer(ASKS_COFFEE), base.generation) == ("", 1)
    manifest = base.publisher.publish(proposal.key, who="anna")
    assert (base.answer(ASKS_COFFEE), base.generation, manifest.generation) == (COFFEE, 2, 2)
    assert base.publisher.proposal() is None


def test_a_generation_says_who_published_it_and_why_and_how_the_questions_went(base: Base) -> None:
    base.cases, base.shipped = [case(ASKS_TEA, "green")], frozenset({"tea"})
    base.publish(TEA_ALONE)
    manifest = base.publisher.publish(base.propose(PAGES).key, who="anna", reason=" They asked for it. ")
    assert manifest.facts["published"] == {
        "who": "anna", "at": NOW.isoformat(), "reason": "They asked for it.",
    }  # fmt: skip
    assert manifest.facts["suite"]["asked"] == 1
    again = base.again().library.current()
    assert again is not None
    assert again.manifest.facts == manifest.facts


def test_what_waits_is_found_and_published_by_another_process(base: Base) -> None:
    base.publish(TEA_ALONE)
    proposal = base.propose(PAGES)
    another = base.again()
    found = another.publisher.proposal()
    assert found is not None
    assert (found.key, found.report) == (proposal.key, proposal.report)
    assert another.publisher.publish(proposal.key, who=WHO).generation == 2
    assert base.answer(ASKS_COFFEE) == COFFEE


def test_where_nothing_changed_nothing_waits(base: Base) -> None:
    base.publish(PAGES)
    proposal = base.propose()
    assert (proposal.staged, proposal.unchanged, proposal.changes) == (False, True, ())
    assert base.publisher.proposal() is None
    assert base.left == []


def test_a_dry_run_tells_the_same_and_leaves_nothing(base: Base) -> None:
    base.publish(TEA_ALONE)
    dry = base.propose(PAGES, keep=False)
    assert not dry.staged
    assert (base.publisher.proposal(), base.left) == (None, [])
    kept = base.propose()
    assert dry.changes == kept.changes
    assert replace(dry.report, seconds=0.0) == replace(kept.report, seconds=0.0)


def test_a_dry_run_leaves_what_waited(base: Base) -> None:
    base.publish(TEA_ALONE)
    waiting = base.propose(PAGES)
    assert base.propose(CAKE, keep=False).report.added == ("cake", "coffee")
    assert key_of(base) == waiting.key
    base.publisher.publish(waiting.key, who=WHO)
    assert base.answer(ASKS_COFFEE) == COFFEE
    assert base.answer("What is cake cut with?") == ""


def test_a_later_proposal_takes_the_place_of_an_earlier_one(base: Base) -> None:
    base.publish(TEA_ALONE)
    first, second = base.propose(PAGES), base.propose(CAKE)
    with pytest.raises(NoProposal, match="decided or replaced"):
        base.publisher.publish(first.key, who=WHO)
    with pytest.raises(NoProposal, match="decided or replaced"):
        base.publisher.discard(first.key, who=WHO)
    assert base.publisher.publish(second.key, who=WHO).documents.keys() == {"tea", "coffee", "cake"}


@pytest.mark.parametrize(
    ("prepare", "error"),
    [(lambda folder: None, UnreadableFolder), (lambda folder: folder.mkdir(), NothingToIndex)],
    ids=["no folder", "no document"],
)
def test_where_nothing_can_be_read_nothing_waits(
    base: Base, prepare: Callable[[Path], None], error: type[Exception]
) -> None:
    prepare(base.documents)
    with pytest.raises(error):
        base.propose()
    assert (base.publisher.proposal(), base.left) == (None, [])


@pytest.mark.parametrize("phase", ["reading", "embedding", "calibrating", "checking", "asking"])
def test_work_that_is_stopped_leaves_nothing_and_what_waited_goes_on_waiting(
    base: Base, phase: Phase
) -> None:
    base.publish(TEA_ALONE)
    waiting = base.propose(PAGES)

    def stop(at: Phase, done: int, total: int) -> None:
        if at == phase:
            raise Cancelled

    base.write(CAKE)
    with pytest.raises(Cancelled):
        base.publisher.propose([base.documents], who=WHO, watch=stop)
    assert base.left == ["staged"]
    assert (key_of(base), base.generation) == (waiting.key, 1)
    assert base.publisher.publish(waiting.key, who=WHO).documents.keys() == {"tea", "coffee"}


def test_complaints_are_those_of_the_lint(base: Base) -> None:
    found = Complaint("made-up", "note", "tea.md", 1, "Something.", "Nothing.")
    base.lint = lambda corpus: (*corpus.complaints, found)
    assert found in base.propose(PAGES).report.complaints
    base.publisher.publish(key_of(base), who=WHO)
    assert found in base.propose().report.complaints, "also where nothing changed"


def test_a_disk_that_takes_no_proposal_publishes_nothing(base: Base) -> None:
    base.publish(TEA_ALONE)
    base.write(PAGES)
    (base.data / "proposal.new").mkdir()
    with pytest.raises(LibraryError, match="could not be kept"):
        base.propose()
    assert (base.publisher.proposal(), base.generation) == (None, 1)
    (base.data / "proposal.new").rmdir()
    assert base.publisher.publish(base.propose().key, who=WHO).generation == 2
    assert base.left == []


# --- publishing ---------------------------------------------------------------------------------------------


def test_what_loses_an_answer_is_published_only_for_a_reason(objected: Base) -> None:
    for reason in ("", "   "):
        with pytest.raises(Objected, match="would be lost") as raised:
            objected.publisher.publish(key_of(objected), who=WHO, reason=reason)
        assert [objection.rule for objection in raised.value.objections] == ["must-answer-lost"]
    assert (objected.generation, objected.answer(ASKS_COFFEE)) == (1, COFFEE)
    manifest = objected.publisher.publish(key_of(objected), who=WHO, reason="The engineer left.")
    assert manifest.facts["published"]["reason"] == "The engineer left."
    assert (objected.generation, objected.answer(ASKS_COFFEE)) == (2, "")


def test_no_reason_overcomes_what_may_not_be_overridden(objected: Base) -> None:
    proposal = objected.publisher.proposal()
    assert proposal is not None
    forbidden = Objection("removed-answers", "It still answers.", overridable=False)
    objected.shelf.put(replace(proposal, objections=(forbidden,)))
    with pytest.raises(Objected, match=r"It still answers\."):
        objected.publisher.publish(proposal.key, who=WHO, reason="Because.")
    assert objected.generation == 1


def test_what_was_compared_with_another_generation_is_outdated(base: Base) -> None:
    base.publish(TEA_ALONE)
    base.publish(PAGES)
    proposal = base.propose(CAKE)
    base.publisher.rollback(1, who=WHO)
    with pytest.raises(Outdated, match="Generation 1 answers now, and this was compared with 2"):
        base.publisher.publish(proposal.key, who=WHO)
    assert base.generation == 1
    base.publisher.rollback(2, who=WHO)
    assert base.publisher.publish(proposal.key, who=WHO).generation == 3


def test_what_was_compared_with_nothing_is_outdated_once_something_answers(base: Base) -> None:
    proposal = base.propose(PAGES)
    base.reindexer.run([base.documents], who=WHO)
    with pytest.raises(Outdated, match="Generation 1 answers now, and this was compared with none"):
        base.publisher.publish(proposal.key, who=WHO)


class OtherEmbedder(RoomyEmbedder):
    """A later version of the model."""

    fingerprint = "another"


def test_what_another_version_proposed_is_outdated(base: Base) -> None:
    base.publish(TEA_ALONE)
    key = base.propose(PAGES).key
    later = base.again()
    later.embedder = OtherEmbedder()
    with pytest.raises(Outdated, match="made by another version"):
        later.publisher.publish(key, who=WHO)
    assert base.generation == 1


def test_what_another_version_made_is_not_compared_and_never_safe(base: Base) -> None:
    base.publish(PAGES)
    later = base.again()
    later.embedder = OtherEmbedder()
    proposal = later.propose()
    assert (proposal.base, proposal.changes, proposal.staged) == (1, (), True)
    assert not proposal.small_and_safe


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["catalogue.db", "vectors.faiss", "manifest.json"])
def test_what_was_damaged_while_it_waited_is_not_published_and_can_be_discarded(
    base: Base, damage: Callable[[Path], None], name: str
) -> None:
    base.publish(TEA_ALONE)
    proposal = base.propose(PAGES)
    damage(base.data / "generations" / "staged" / name)
    with pytest.raises(NoProposal, match="reindex again"):
        base.publisher.publish(proposal.key, who=WHO)
    assert (base.generation, base.answer(ASKS_TEA)) == (1, TEA)
    base.publisher.discard(proposal.key, who=WHO)
    assert base.publisher.proposal() is None
    assert base.publish(PAGES) == 2
    assert base.left == []


def test_what_is_gone_or_another_is_not_published(base: Base) -> None:
    base.publish(TEA_ALONE)
    proposal = base.propose(PAGES)
    other = replace(proposal, key="other")
    base.shelf.put(other)
    with pytest.raises(NoProposal, match="no longer there"):
        base.publisher.publish("other", who=WHO)
    base.shelf.put(proposal)
    (base.data / "generations" / "staged").rename(base.data / "elsewhere")
    with pytest.raises(NoProposal, match="no longer there"):
        base.publisher.publish(proposal.key, who=WHO)
    base.publisher.discard(proposal.key, who=WHO)
    assert base.publisher.proposal() is None


def test_of_two_who_publish_at_once_one_does_and_the_other_is_told(base: Base) -> None:
    base.publish(TEA_ALONE)
    key = base.propose(PAGES).key
    ends: list[object] = []
    together = threading.Barrier(2)

    def press(who: str) -> None:
        mine = base.again()
        together.wait()
        try:
            ends.append(mine.publisher.publish(key, who=who).generation)
        except NoProposal as error:
            ends.append(str(error))

    people = [threading.Thread(target=press, args=(who,)) for who in ("anna", "ben")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(map(str, ends)) == ["2", "That was decided or replaced already."]
    assert [manifest.generation for manifest in base.library.generations()] == [2, 1]


def test_somebody_else_at_work_is_named(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge.publishing, "PATIENCE", 0.0)
    base.publish(TEA_ALONE)
    key = base.propose(PAGES).key
    publisher = base.again().publisher
    with base.library.writing("the nightly import"):
        for deed in (
            lambda: publisher.publish(key, who=WHO),
            lambda: publisher.discard(key, who=WHO),
            lambda: publisher.rollback(None, who=WHO),
            lambda: publisher.propose([base.documents], who=WHO),
        ):
            with pytest.raises(Busy, match="by the nightly import since"):
                deed()


def test_a_disk_that_takes_no_new_generation_leaves_it_waiting(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    base.publish(TEA_ALONE)
    key = base.propose(PAGES).key

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "rename", full)
        patched.setattr(os, "replace", full)
        with pytest.raises(LibraryError, match="No space left on device"):
            base.publisher.publish(key, who=WHO)
    assert (base.generation, key_of(base)) == (1, key)
    assert base.publisher.publish(key, who=WHO).generation == 2


def test_what_a_killed_process_published_waits_no_longer(base: Base) -> None:
    base.publish(TEA_ALONE)
    proposal = base.propose(PAGES)
    base.publisher.publish(proposal.key, who=WHO)
    base.shelf.put(proposal)  # as if it had been killed before it cleared this away
    assert base.publisher.proposal() is None
    with pytest.raises(NoProposal):
        base.publisher.publish(proposal.key, who=WHO)


def test_what_was_published_is_told_so_where_it_cannot_be_cleared_away(base: Base) -> None:
    base.publish(TEA_ALONE)
    key = base.propose(PAGES).key
    vars(base.shelf)["clear"] = refuse_to_clear
    assert base.publisher.publish(key, who=WHO).generation == 2
    assert base.publisher.proposal() is None


def refuse_to_clear() -> None:
    raise LibraryError("What was proposed could not be removed (Read-only file system).")


def test_only_what_is_published_over_objections_is_noted_as_overridden(objected: Base) -> None:
    key, noted = key_of(objected), []

    def note(proposal: Proposal) -> None:
        noted.append((proposal.key, objected.generation))

    with pytest.raises(Objected):
        objected.publisher.publish(key, who=WHO, overriding=note)
    assert noted == []
    objected.publisher.publish(key, who=WHO, reason="Coffee is over.", overriding=note)
    assert noted == [(key, 1)]
    key = objected.propose(CAKE).key
    objected.publisher.rollback(1, who=WHO)
    with pytest.raises(Outdated):
        objected.publisher.publish(key, who=WHO, reason="Cake!", overriding=note)
    assert len(noted) == 1


def test_what_cannot_be_noted_as_overridden_is_not_published(objected: Base) -> None:
    def fail(_: Proposal) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        objected.publisher.publish(key_of(objected), who=WHO, reason="Coffee is over.", overriding=fail)
    assert objected.generation == 1
    assert objected.publisher.proposal()


# --- discarding and going back ------------------------------------------------------------------------------


def test_what_is_discarded_leaves_nothing(base: Base) -> None:
    base.publish(TEA_ALONE)
    proposal = base.propose(PAGES)
    assert base.publisher.discard(proposal.key, who=WHO).key == proposal.key
    assert (base.publisher.proposal(), base.left, base.generation) == (None, [], 1)
    with pytest.raises(NoProposal):
        base.publisher.discard(proposal.key, who=WHO)
    with pytest.raises(NoProposal):
        base.publisher.publish(proposal.key, who=WHO)


def test_a_return_to_an_earlier_generation_is_exact(base: Base) -> None:
    base.publish(TEA_ALONE)
    base.publish(PAGES)
    assert base.publisher.rollback(None, who=WHO).generation == 1
    assert (base.generation, base.answer(ASKS_TEA), base.answer(ASKS_COFFEE)) == (1, TEA, "")
    with pytest.raises(UnknownGeneration):
        base.publisher.rollback(9, who=WHO)
    assert base.publisher.rollback(2, who=WHO).generation == 2
    assert base.answer(ASKS_COFFEE) == COFFEE


@pytest.mark.parametrize("generation", [None, 1])
def test_what_another_model_made_does_not_come_back(base: Base, generation: int | None) -> None:
    base.publish(TEA_ALONE)
    other = base.again()
    other.embedder.fingerprint = "another model"
    other.publish(PAGES)
    with pytest.raises(Unfit, match="Generation 1 was made by another model or version"):
        other.publisher.rollback(generation, who=WHO)
    assert other.generation == 2


def test_a_return_from_another_generation_than_was_seen_changes_nothing(base: Base) -> None:
    base.publish(TEA_ALONE)
    base.publish(PAGES)
    base.publish(CAKE)
    with pytest.raises(Outdated, match="Meanwhile generation 3 answers"):
        base.publisher.rollback(1, who=WHO, seen=2)
    assert base.generation == 3
    assert base.publisher.rollback(1, who=WHO, seen=3).generation == 1


# --- what is small and safe ---------------------------------------------------------------------------------

ERROR = Complaint("made-up", "error", "tea.md", 1, "Something.", "Nothing.")
MANY = {f"page-{number}.md": page(f"Page {number}", f"This is page {number}.") for number in range(4)}
REWORDED = CAKE | {"tea.md": page("Tea", "Tea is poured into the green cup, always.", ASKS_TEA)}


@pytest.mark.parametrize(
    ("pages", "safe"),
    [
        (CAKE, True),
        (PAGES | dict(list(MANY.items())[:3]), True),
        (PAGES | MANY, False),
        (TEA_ALONE, False),
        (REWORDED, False),
    ],
    ids=["one more", "three more", "four more", "one less", "many answers in other words"],
)
def test_only_little_that_loses_nothing_is_small_and_safe(
    base: Base, pages: dict[str, str], safe: bool
) -> None:
    base.publish(PAGES)
    assert base.propose(pages).small_and_safe is safe


def test_the_first_generation_is_not_small(base: Base) -> None:
    assert not base.propose(PAGES).small_and_safe


def test_what_is_complained_of_or_objected_to_is_not_safe(base: Base) -> None:
    base.publish(PAGES)
    base.lint = lambda _: (ERROR,)
    assert not base.again().propose(CAKE).small_and_safe
    base.lint = lambda _: (replace(ERROR, severity="warning"),)
    assert base.again().propose(CAKE).small_and_safe
    base.blocked_by = "warning"
    assert not base.again().propose(CAKE).small_and_safe


def test_an_answer_that_is_lost_or_says_less_is_not_safe(base: Base) -> None:
    base.told[:] = [f"Is there drink number {number}?" for number in range(60)]
    base.cases, base.shipped = [case(ASKS_TEA, "noon")], frozenset({"tea"})
    base.publish(PAGES)
    less = {"tea.md": page("Tea", "Tea is poured into the green cup, always.", ASKS_TEA)}
    proposal = base.propose(PAGES | less)
    assert len(proposal.group(Group.SOURCE_CHANGED)) <= 0.05 * len(proposal.changes)
    assert [change.lost_facts for change in proposal.changes if change.lost_facts] == [("noon",)]
    assert not proposal.small_and_safe


def test_what_was_compared_by_no_question_is_not_safe(base: Base) -> None:
    base.publish({"tea.md": page("Tea", TEA)})
    proposal = base.propose({"tea.md": page("Tea", TEA), "cake.md": page("Cake", "Cake is cut.")})
    assert (proposal.changes, proposal.objections) == ((), ())
    assert not proposal.small_and_safe


def test_an_answer_to_what_is_to_be_declined_is_not_safe_and_stands_first(base: Base) -> None:
    base.cases = [case("Is cake cut with a knife?", "knife"), case("What is cake cut with?", decline=True)]
    base.shipped = frozenset({"tea"})
    base.publish(PAGES)
    proposal = base.propose(CAKE)
    found = proposal.group(Group.NOW_ANSWERED)
    assert [(change.question, change.declinable) for change in found] == [
        ("What is cake cut with?", True),
        ("Is cake cut with a knife?", False),
    ]
    assert not proposal.small_and_safe
