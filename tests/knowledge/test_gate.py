"""What a new generation changes in the answers, and what speaks against it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from index.embedding import Progress, Vectors
from index.library import Manifest, Snapshot
from index.passages import Passage, Record
from knowledge.entities import (
    Answer,
    Complaint,
    Confidence,
    NoAnswer,
    Origin,
    Question,
    Quote,
    Refusal,
    Reply,
    Severity,
    Source,
    Turn,
)
from knowledge.gate.changes import Change, Group, Objection, group_of
from knowledge.gate.gate import TOGETHER, Verdict
from knowledge.gate.questions import MOST_LISTED, MOST_TOLD
from knowledge.linting.reports import Level
from knowledge.proposals import Proposal
from knowledge.watching import Cancelled, Phase
from tests.knowledge.documents import RoomyEmbedder
from tests.knowledge.publishers import ASKS_COFFEE, ASKS_TEA, COFFEE, PAGES, TEA, Base, case, page, text_of

TEA_ALONE = {"tea.md": PAGES["tea.md"]}
OTHER_WORDS = PAGES | {"tea.md": page("Tea", "Tea is poured into the green cup, always.", ASKS_TEA)}


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path)


def told(proposal: Proposal) -> dict[str, Group]:
    return {change.question: change.group for change in proposal.changes}


def rules(proposal: Proposal) -> list[tuple[str, bool]]:
    return [(objection.rule, objection.overridable) for objection in proposal.objections]


# --- what becomes of one question ---------------------------------------------------------------------------


def quotes(text: str, document: str = "tea") -> Answer:
    quote = Quote(text, f"{document}#0", 0, len(text), Source(document, "Tea", (), Origin()))
    return Answer("", (quote,), (), Confidence("high", "one says so"), (), 1)


REFUSED = NoAnswer("", Refusal.NOTHING, "Nothing.", (), 1)


@pytest.mark.parametrize(
    ("before", "after", "group"),
    [
        ([quotes("a")], [quotes("a")], Group.UNCHANGED),
        ([REFUSED], [REFUSED], Group.UNCHANGED),
        ([REFUSED], [replace(REFUSED, sentence="Nothing at all.")], Group.UNCHANGED),
        ([quotes("a")], [replace(quotes("a"), notes=("A note.",), generation=2)], Group.UNCHANGED),
        ([quotes("a")], [quotes("b")], Group.SOURCE_CHANGED),
        ([quotes("a")], [quotes("a", "coffee")], Group.SOURCE_CHANGED),
        ([REFUSED], [quotes("a")], Group.NOW_ANSWERED),
        ([quotes("a")], [REFUSED], Group.NO_LONGER_ANSWERED),
        ([quotes("a"), quotes("b")], [quotes("a"), REFUSED], Group.NO_LONGER_ANSWERED),
        ([quotes("a"), REFUSED], [quotes("a"), quotes("b")], Group.NOW_ANSWERED),
    ],
)
def test_group_tells_what_becomes_of_a_question(
    before: list[Answer | NoAnswer], after: list[Answer | NoAnswer], group: Group
) -> None:
    assert group_of(Reply(tuple(before), 1), Reply(tuple(after), 2)) is group


# --- which questions, and what became of them ---------------------------------------------------------------


def test_the_first_generation_is_compared_with_nothing(base: Base) -> None:
    proposal = base.propose(PAGES)
    assert (proposal.base, proposal.changes, proposal.objections, proposal.suite) == (None, (), (), None)


def test_each_question_is_in_the_group_of_what_becomes_of_it(base: Base) -> None:
    base.publish(PAGES)
    both = {
        "tea.md": page("Tea", "Tea is poured into the green cup, always.", ASKS_TEA),
        "cake.md": page("Cake", "Cake is cut with a wooden knife.", "What is the cake cut with?"),
    }
    assert told(base.propose(both)) == {
        ASKS_TEA: Group.SOURCE_CHANGED,
        ASKS_COFFEE: Group.NO_LONGER_ANSWERED,
        "What is the cake cut with?": Group.NOW_ANSWERED,
    }
    more = PAGES | {"cake.md": both["cake.md"]}
    assert told(base.propose(more)) == {
        ASKS_TEA: Group.UNCHANGED,
        ASKS_COFFEE: Group.UNCHANGED,
        "What is the cake cut with?": Group.NOW_ANSWERED,
    }


def test_replies_are_kept_only_where_they_differ(base: Base) -> None:
    base.publish(PAGES)
    changes = {change.question: change for change in base.propose(OTHER_WORDS).changes}
    same, differs = changes[ASKS_COFFEE], changes[ASKS_TEA]
    assert (same.before, same.after) == (None, None)
    assert differs.before is not None
    assert differs.after is not None
    assert (text_of(differs.before), text_of(differs.after)) == (
        TEA,
        "Tea is poured into the green cup, always.",
    )


@pytest.mark.parametrize(("shipped", "asked"), [({"tea"}, True), ({"tea", "cake"}, False), (set(), False)])
def test_recorded_questions_are_asked_only_where_all_they_are_about_answers_now(
    base: Base, shipped: set[str], asked: bool
) -> None:
    base.cases, base.shipped = [case("Which cup?", "green")], frozenset(shipped)
    base.publish(PAGES)
    proposal = base.propose(OTHER_WORDS)
    assert ("Which cup?" in told(proposal)) is asked
    assert (proposal.suite is not None) is asked


def test_questions_that_the_recorded_documents_list_are_not_asked_beside_the_recorded_ones(
    base: Base,
) -> None:
    base.cases, base.shipped = [case("Which cup?", "green")], frozenset({"tea"})
    base.publish(PAGES)
    origins = {change.question: change.origin for change in base.propose(OTHER_WORDS).changes}
    assert origins == {"Which cup?": "recorded", ASKS_COFFEE: "listed"}


def test_what_was_asked_before_a_recorded_question_is_told_with_it(base: Base) -> None:
    asked = replace(case("x", "green"), question=Question("Which cup?", (Turn("And tea?", ""),)))
    base.cases, base.shipped = [asked], frozenset({"tea"})
    base.publish(PAGES)
    assert "And tea? … Which cup?" in told(base.propose(OTHER_WORDS))


@pytest.mark.parametrize(
    ("pages", "must"),
    [
        (OTHER_WORDS, {ASKS_TEA: True, ASKS_COFFEE: True}),
        (TEA_ALONE, {ASKS_TEA: True, ASKS_COFFEE: False}),
    ],
    ids=["still listed", "listed no more"],
)
def test_what_documents_go_on_listing_has_to_be_answered(
    base: Base, pages: dict[str, str], must: dict[str, bool]
) -> None:
    base.publish(PAGES)
    assert {change.question: change.must for change in base.propose(pages).changes} == must


@pytest.mark.parametrize("decline", [True, False])
def test_a_recorded_question_has_to_be_answered_unless_it_is_to_be_declined(
    base: Base, decline: bool
) -> None:
    facts = () if decline else ("green",)
    base.cases, base.shipped = [case("Which cup?", *facts, decline=decline)], frozenset({"tea"})
    base.publish(PAGES)
    (recorded,) = (change for change in base.propose(OTHER_WORDS).changes if change.origin == "recorded")
    assert recorded.must is not decline


def test_a_question_is_asked_once_however_often_it_was_told(base: Base) -> None:
    base.told[:] = [ASKS_TEA, "Is there milk?", "Is there milk?"]
    base.publish(PAGES)
    changes = base.propose(OTHER_WORDS).changes
    assert [(change.question, change.origin, change.must) for change in changes] == [
        (ASKS_TEA, "listed", True),
        (ASKS_COFFEE, "listed", True),
        ("Is there milk?", "told", False),
    ]


def test_of_very_many_questions_some_from_all_over_are_asked(base: Base) -> None:
    many = [f"Is question number {number} listed?" for number in range(2 * MOST_LISTED)]
    base.told[:] = [f"Told {number}" for number in range(2 * MOST_TOLD)]
    base.publish({"tea.md": page("Tea", TEA, *many)})
    changes = base.propose({"tea.md": page("Tea", TEA, *many), "coffee.md": page("Coffee", COFFEE)}).changes
    asked = {origin: [c.question for c in changes if c.origin == origin] for origin in ("listed", "told")}
    assert (len(asked["listed"]), len(asked["told"])) == (MOST_LISTED, MOST_TOLD)
    ordered = sorted(many)
    assert min(map(ordered.index, asked["listed"])) < 10
    assert max(map(ordered.index, asked["listed"])) > len(many) - 10
    assert asked["told"] == base.told[:MOST_TOLD]


def test_what_is_listed_and_is_no_question_is_not_asked(base: Base) -> None:
    pages = {"tea.md": page("Tea", TEA, ASKS_TEA, "the green cup")}
    base.publish(pages)
    assert set(told(base.propose(pages | {"coffee.md": page("Coffee", COFFEE)}))) == {ASKS_TEA}


def test_facts_that_an_answer_no_longer_says_are_told(base: Base) -> None:
    base.cases = [case(ASKS_TEA, "green cup", "noon", "saucer")]
    base.shipped = frozenset({"tea"})
    base.publish(PAGES)
    (change,) = (c for c in base.propose(OTHER_WORDS).changes if c.origin == "recorded")
    assert (change.group, change.lost_facts) == (Group.SOURCE_CHANGED, ("noon",))


# --- what speaks against it ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lost", "sentence"),
    [
        (1, f"1 question that has to be answered would be lost: “{ASKS_COFFEE}”."),
        (
            4,
            f"4 questions that have to be answered would be lost: “{ASKS_COFFEE}”, "
            "“1: Who brews the coffee?”, “2: Who brews the coffee?” and 1 more.",
        ),
    ],
)
def test_a_lost_question_that_has_to_be_answered_speaks_against_publishing(
    base: Base, lost: int, sentence: str
) -> None:
    texts = [ASKS_COFFEE, *(f"{number}: {ASKS_COFFEE}" for number in range(1, lost))]
    base.cases, base.shipped = [case(text, "engineer") for text in texts], frozenset({"tea"})
    base.publish(PAGES)
    proposal = base.propose(TEA_ALONE)
    assert proposal.objections == (Objection("must-answer-lost", sentence),)
    assert len(proposal.group(Group.NO_LONGER_ANSWERED)) == lost


def test_a_lost_question_that_need_not_be_answered_speaks_against_nothing(base: Base) -> None:
    base.told[:] = ["Who brews the coffee here?"]
    base.publish(PAGES)
    proposal = base.propose(TEA_ALONE)
    assert proposal.group(Group.NO_LONGER_ANSWERED)
    assert proposal.objections == ()


class Haunted:
    """A generation whose manifest says that a document is gone, while parts of it are there."""

    def __init__(self, snapshot: Snapshot, *, hides: str) -> None:
        self._snapshot = snapshot
        self._hides = hides
        documents = {name: value for name, value in snapshot.manifest.documents.items() if name != "coffee"}
        self.manifest: Manifest = replace(snapshot.manifest, generation=2, documents=documents)

    def records(self) -> list[Record]:
        records = self._snapshot.records()
        return [one for one in records if one.id != "coffee"] if self._hides == "record" else records

    def passages_of(self, document: str) -> list[Passage]:
        hidden = self._hides == "passages" and document == "coffee"
        return [] if hidden else self._snapshot.passages_of(document)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._snapshot, name)


@pytest.mark.parametrize("hides", ["record", "passages", "nothing"])
def test_a_removed_document_that_still_answers_is_not_to_be_overridden(base: Base, hides: str) -> None:
    base.publish(PAGES)
    snapshot = base.library.current()
    assert snapshot is not None
    verdict = base.gate.judge(snapshot, Haunted(snapshot, hides=hides))
    sentence = "Removed, and still in the new index: coffee."
    assert Objection("removed-answers", sentence, overridable=False) in verdict.objections


def test_a_removed_document_of_which_only_the_record_is_left_is_found(base: Base) -> None:
    base.publish({"tea.md": page("Tea", TEA), "coffee.md": page("Coffee", COFFEE)})
    snapshot = base.library.current()
    assert snapshot is not None
    verdict = base.gate.judge(snapshot, Haunted(snapshot, hides="passages"))
    assert [objection.rule for objection in verdict.objections] == ["removed-answers"]


def test_a_document_that_was_removed_answers_nowhere(base: Base) -> None:
    base.publish(PAGES)
    assert base.propose(TEA_ALONE).objections == ()


class Choking(RoomyEmbedder):
    """Fails at one text."""

    chokes_on: str | None = None

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if any(self.chokes_on and self.chokes_on in text for text in texts):
            raise RuntimeError("This text cannot be embedded.")
        return super().embed(texts, progress)


def test_a_question_that_cannot_be_answered_at_all_keeps_it_from_being_published(base: Base) -> None:
    base.told[:] = ["Is there any milk?", "Is there any sugar?"]
    base.embedder = Choking()
    base.publish(PAGES)
    base.write(OTHER_WORDS)
    base.embedder.chokes_on = "milk"
    proposal = base.propose()
    assert rules(proposal) == [("integrity", False)]
    assert proposal.objections[0].sentence.startswith("1 question could not be answered at all because")
    assert "Is there any milk?" not in told(proposal)
    assert "Is there any sugar?" in told(proposal)


class Blank(RoomyEmbedder):
    """Gives every question the same vector, which is near to nothing."""

    blank = False

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        vectors = super().embed(texts, progress)
        return vectors * 0 if self.blank else vectors


def test_an_index_that_does_not_find_its_own_documents_is_objected_to(base: Base) -> None:
    base.embedder = Blank()
    pages = {"tea.md": page("Tea", TEA)}
    base.publish(pages)
    base.embedder.blank = True
    snapshot = base.library.current()
    assert snapshot is not None
    assert base.gate.judge(None, snapshot) == Verdict(
        objections=(Objection("integrity", "The index does not find its own documents by their words."),)
    )


def complaint(severity: Severity, rule: str = "mojibake", path: str = "tea.md") -> Complaint:
    return Complaint(rule, severity, path, 1, "Something is wrong.", "Mend it.")


@pytest.mark.parametrize(
    ("level", "severities", "sentence"),
    [
        ("none", ["error", "warning", "note"], None),
        ("error", ["warning", "note"], None),
        ("error", ["error", "warning"], "1 complaint blocks publishing, in tea.md."),
        ("warning", ["error", "warning", "note"], "2 complaints block publishing, in tea.md."),
        ("warning", ["note"], None),
    ],
)
def test_complaints_block_only_what_the_setting_says(
    base: Base, level: Level, severities: list[Severity], sentence: str | None
) -> None:
    base.blocked_by = level
    base.lint = lambda _: tuple(complaint(severity) for severity in severities)
    objections = base.propose(PAGES).objections
    assert objections == ((Objection("severe-complaints", sentence),) if sentence else ())


def test_a_complaint_that_is_a_guess_blocks_nothing(base: Base) -> None:
    base.blocked_by = "warning"
    base.lint = lambda _: (complaint("warning", rule="contradiction"),)
    assert base.propose(PAGES).objections == ()


# --- the work -----------------------------------------------------------------------------------------------


def test_asking_is_told_batch_by_batch_and_a_few_at_once(base: Base) -> None:
    base.told[:] = [f"Is there drink number {number}?" for number in range(3 * TOGETHER)]
    base.publish({"tea.md": page("Tea", TEA)})
    seen: list[tuple[Phase, int, int]] = []
    base.write({"tea.md": page("Tea", TEA), "coffee.md": page("Coffee", COFFEE)})
    base.publisher.propose([base.documents], who="a test", watch=lambda *at: seen.append(at))
    asking = [(done, total) for phase, done, total in seen if phase == "asking"]
    total = 2 * len(base.told)
    assert list(dict.fromkeys(phase for phase, _, _ in seen)) == [
        "reading", "embedding", "calibrating", "checking", "asking",
    ]  # fmt: skip
    assert {of for _, of in asking} == {total}
    done = [number for number, _ in asking]
    assert (done[0], done[-1]) == (0, total)
    assert all(0 <= after - before <= TOGETHER for before, after in pairwise(done))


def test_asking_stops_where_the_watch_says_so(base: Base) -> None:
    base.publish(PAGES)
    snapshot = base.library.current()
    assert snapshot is not None

    def stop(phase: Phase, done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        base.gate.judge(snapshot, snapshot, watch=stop)


def test_recorded_questions_are_counted_on_the_new_generation(base: Base) -> None:
    base.cases, base.shipped = [case(ASKS_TEA, "green"), case(ASKS_COFFEE, "engineer")], frozenset({"tea"})
    base.publish(PAGES)
    suite = base.propose(TEA_ALONE).suite
    assert suite is not None
    assert (suite["asked"], suite["right_long"], suite["wrongly_declined"]) == (2, 1, 1)


def test_a_change_without_lost_facts_comes_after_those_with(base: Base) -> None:
    def change(question: str, *facts: str, must: bool = False) -> Change:
        return Change(question, "listed", Group.SOURCE_CHANGED, must=must, lost_facts=facts)

    proposal = replace(
        base.propose(PAGES), changes=(change("a"), change("b", must=True), change("c", "fact"))
    )
    assert [one.question for one in proposal.group(Group.SOURCE_CHANGED)] == ["c", "b", "a"]
