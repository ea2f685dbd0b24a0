"""What admins do is done, noted, and told to whoever comes second."""

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.digest import Period
from knowledge.documents.errors import Rejected, UnknownDocument, UnknownUpload
from knowledge.gaps import UnknownGap
from knowledge.gate.changes import Group, Objection
from knowledge.journal.errors import JournalError
from knowledge.publishing import NoProposal, Objected
from tests.knowledge.publishers import ASKS_COFFEE, COFFEE, PAGES, WHO, Base, case, page

TEA_ALONE = {"tea.md": PAGES["tea.md"]}
CAKE = PAGES | {"cake.md": page("Cake", "Cake is cut with a wooden knife.", "What is cake cut with?")}
BREAD = page("Bread", "Bread is baked before dawn.", "When is bread baked?").encode()


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path)


def deeds(base: Base) -> list[tuple[str, str, int | None]]:
    """Who did what to which generation, oldest first."""
    return [(noted.who, noted.deed, noted.generation) for noted in reversed(base.curator.log())]


def start(base: Base, pages: dict[str, str] = PAGES) -> None:
    """Have these pages answer, with nothing noted."""
    base.write(pages)
    base.reindexer.run([base.documents], who=WHO)


def break_journal(base: Base) -> None:
    """Nothing can be noted from now on, nor read."""
    base.journal.close()
    for path in base.data.glob("journal.db*"):
        path.unlink()
    (base.data / "journal.db").mkdir()


# --- proposing and deciding ---------------------------------------------------------------------------------


def test_what_is_proposed_and_decided_is_noted_with_who_did_it(base: Base) -> None:
    start(base, TEA_ALONE)
    base.write(PAGES)
    first = base.curator.propose(who="anna")
    base.curator.discard(first.key, who="ben")
    second = base.curator.propose(who="cleo")
    base.curator.publish(second.key, who="dora")
    base.curator.rollback(1, who="emil")
    assert deeds(base) == [
        ("anna", "proposed", 1),
        ("ben", "discarded", 1),
        ("cleo", "proposed", 1),
        ("dora", "published", 2),
        ("emil", "rolled back", 1),
    ]
    abouts = [noted.about for noted in reversed(base.curator.log())]
    assert abouts == [first.key, first.key, second.key, second.key, "from 2"]
    assert [noted.who for noted in base.curator.log(2)] == ["emil", "dora"]


def test_other_folders_can_be_proposed(base: Base, tmp_path: Path) -> None:
    start(base)
    other = tmp_path / "other"
    other.mkdir()
    (other / "bread.md").write_bytes(BREAD)
    assert base.curator.propose(who=WHO, folders=[other]).report.added == ("bread",)


@pytest.mark.parametrize("keep", [True, False], ids=["nothing changed", "a dry run"])
def test_what_does_not_wait_is_not_noted(base: Base, keep: bool) -> None:
    start(base)
    base.write(PAGES if keep else CAKE)
    assert not base.curator.propose(who=WHO, keep=keep).staged
    assert deeds(base) == []


def test_who_comes_second_is_told_who_decided_and_how(base: Base) -> None:
    start(base)
    base.write(CAKE)
    key = base.curator.propose(who=WHO).key
    base.curator.publish(key, who="anna")
    for deed in (base.curator.publish, base.again().curator.discard):
        with pytest.raises(
            NoProposal, match=r"^This was published as generation 2 already, by anna\.$"
        ) as told:
            deed(key, who="ben")
        assert told.value.decided is not None
        assert told.value.decided.deed == "published"
    base.write(PAGES)
    key = base.curator.propose(who=WHO).key
    base.curator.discard(key, who="cleo")
    with pytest.raises(NoProposal, match=r"^This was discarded already, by cleo\.$"):
        base.curator.publish(key, who="ben")


def test_who_published_is_known_without_the_journal(base: Base) -> None:
    start(base)
    base.write(CAKE)
    key = base.curator.propose(who=WHO).key
    break_journal(base)
    base.curator.publish(key, who="anna")
    with pytest.raises(NoProposal, match="This was published as generation 2 already, by anna"):
        base.curator.publish(key, who="ben")


def test_who_names_what_nobody_decided_is_told_so(base: Base) -> None:
    start(base)
    with pytest.raises(NoProposal, match="decided or replaced") as told:
        base.curator.publish("unknown", who=WHO)
    assert told.value.decided is None
    break_journal(base)
    with pytest.raises(NoProposal, match="decided or replaced"):
        base.curator.discard("unknown", who=WHO)


# --- overriding ---------------------------------------------------------------------------------------------


@pytest.fixture
def objected(base: Base) -> str:
    """The key of something that would lose an answer that has to be given."""
    base.cases, base.shipped = [case(ASKS_COFFEE, "engineer")], frozenset({"tea"})
    start(base)
    base.write(TEA_ALONE)
    return base.curator.propose(who=WHO).key


def test_an_override_is_noted_with_its_reason_before_it_is_done(base: Base, objected: str) -> None:
    with pytest.raises(Objected):
        base.curator.publish(objected, who="anna", reason="  ")
    base.curator.publish(objected, who="anna", reason=" The engineer left. ")
    assert deeds(base)[1:] == [("anna", "overrode", 1), ("anna", "published", 2)]
    assert base.curator.log()[1].reason == "The engineer left."


def test_what_cannot_be_noted_is_not_overridden(base: Base, objected: str) -> None:
    break_journal(base)
    with pytest.raises(JournalError):
        base.curator.publish(objected, who="anna", reason="The engineer left.")
    assert (base.generation, base.answer(ASKS_COFFEE)) == (1, COFFEE)


def test_a_reason_where_none_is_needed_is_no_override(base: Base) -> None:
    start(base, TEA_ALONE)
    base.write(PAGES)
    base.curator.publish(base.curator.propose(who=WHO).key, who="anna", reason="They asked for it.")
    assert [deed for _, deed, _ in deeds(base)] == ["proposed", "published"]


def test_what_is_done_stays_done_where_it_cannot_be_noted(
    base: Base, caplog: pytest.LogCaptureFixture
) -> None:
    start(base, TEA_ALONE)
    break_journal(base)
    base.write(PAGES)
    key = base.curator.propose(who="anna").key
    assert base.curator.publish(key, who="anna").generation == 2
    assert base.answer(ASKS_COFFEE) == COFFEE
    assert "anna published generation 2" in caplog.text


# --- publishing by itself -----------------------------------------------------------------------------------


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize(("pages", "safe"), [(CAKE, True), (TEA_ALONE, False)], ids=["safe", "not safe"])
def test_what_is_small_and_safe_is_published_where_that_is_wanted(
    base: Base, alone: bool, pages: dict[str, str], safe: bool
) -> None:
    base.publish_alone = alone
    start(base)
    base.write(pages)
    proposal = base.curator.propose(who=WHO)
    manifest = base.curator.publish_if_safe(proposal, who=WHO)
    assert (manifest is not None) is (alone and safe)
    assert base.generation == (2 if alone and safe else 1)
    assert (base.curator.proposal() is None) is (alone and safe)


def test_a_dry_run_is_never_published_by_itself(base: Base) -> None:
    base.publish_alone = True
    start(base)
    base.write(CAKE)
    assert base.curator.publish_if_safe(base.curator.propose(who=WHO, keep=False), who=WHO) is None


# --- documents ----------------------------------------------------------------------------------------------


def test_a_document_is_offered_added_removed_and_restored(base: Base) -> None:
    start(base)
    curator = base.curator
    upload = curator.offer("bread.md", BREAD, stated={"author": "Anna"}, who="anna")
    assert curator.upload(upload.key) == upload
    assert {held.id for held in curator.sources()} == {"tea", "coffee"}
    assert curator.accept(upload.key, who="anna") == ("bread",)
    assert curator.text("bread").strip().endswith("Bread is baked before dawn.")
    assert curator.remove("bread", who="ben").title == "Bread"
    assert [removed.id for removed in curator.removed()] == ["bread"]
    curator.restore("bread", who="cleo")
    assert "bread" in {held.id for held in curator.sources()}
    assert [(who, deed) for who, deed, _ in deeds(base)] == [
        ("anna", "added"),
        ("ben", "removed"),
        ("cleo", "restored"),
    ]
    assert {noted.about for noted in curator.log()} == {"bread"}


def test_what_was_dropped_or_is_unknown_is_not_noted(base: Base) -> None:
    start(base)
    key = base.curator.offer("bread.md", BREAD, stated={}, who=WHO).key
    base.curator.drop(key)
    with pytest.raises(UnknownUpload):
        base.curator.accept(key, who=WHO)
    with pytest.raises(UnknownDocument):
        base.curator.remove("bread", who=WHO)
    with pytest.raises(UnknownDocument):
        base.curator.restore("bread", who=WHO)
    with pytest.raises(Rejected):
        base.curator.offer("bread.md", b"", stated={}, who=WHO)
    assert deeds(base) == []


def test_a_removed_document_answers_nowhere_after_the_next_reindex(base: Base) -> None:
    start(base)
    base.curator.remove("coffee", who=WHO)
    assert base.answer(ASKS_COFFEE) == COFFEE
    proposal = base.curator.propose(who=WHO)
    assert proposal.report.removed == ("coffee",)
    base.curator.publish(proposal.key, who=WHO)
    assert base.answer(ASKS_COFFEE) == ""
    base.curator.restore("coffee", who=WHO)
    base.curator.publish(base.curator.propose(who=WHO).key, who=WHO)
    assert base.answer(ASKS_COFFEE) == COFFEE


def test_the_documents_or_any_folder_are_linted(base: Base, tmp_path: Path) -> None:
    start(base)
    other = tmp_path / "other"
    other.mkdir()
    (other / "empty.md").write_text("")
    assert base.curator.lint().documents == 2
    found = base.curator.lint([other])
    assert (found.documents, [complaint.rule for complaint in found.complaints]) == (0, ["empty"])


# --- gaps ---------------------------------------------------------------------------------------------------


def ask_in_vain(base: Base, question: str = "When is bread baked?") -> str:
    """Somebody told the admins; the key of the gap."""
    base.journal.tell(person="77", question=question, reason="nothing", generation=1, passages=(), key=None)
    return base.curator.gaps()[0].key


def test_a_gap_is_listed_found_and_marked(base: Base) -> None:
    start(base)
    key = ask_in_vain(base)
    gap = base.curator.gap(key)
    assert gap is not None
    assert (gap.questions, gap.state) == (("When is bread baked?",), "open")
    assert base.curator.mark(key, "answered", who="anna").state == "answered"
    assert base.curator.gaps() == []
    assert deeds(base) == [("anna", "marked", 1)]
    with pytest.raises(UnknownGap):
        base.curator.mark("nothing", "answered", who="anna")


def test_a_page_written_for_a_gap_closes_it_once_it_answers(base: Base) -> None:
    start(base)
    key = ask_in_vain(base)
    base.curator.accept(base.curator.offer("bread.md", BREAD, stated={}, who=WHO).key, who=WHO, gap=key)
    assert base.curator.settle_drafts(who=WHO) == []
    base.curator.publish(base.curator.propose(who=WHO).key, who=WHO)
    (settled,) = base.curator.settle_drafts(who=WHO)
    assert (settled.key, settled.state) == (key, "answered")
    assert base.curator.settle_drafts(who=WHO) == []
    assert base.curator.gaps() == []


def test_a_gap_that_was_closed_meanwhile_is_not_closed_again(base: Base) -> None:
    start(base)
    key = ask_in_vain(base)
    base.curator.accept(base.curator.offer("bread.md", BREAD, stated={}, who=WHO).key, who=WHO, gap=key)
    base.curator.mark(key, "dismissed", who=WHO)
    base.curator.publish(base.curator.propose(who=WHO).key, who=WHO)
    assert base.curator.settle_drafts(who=WHO) == []
    gap = base.curator.gap(key)
    assert gap is not None
    assert gap.state == "dismissed"


def test_a_gap_waits_for_the_page_and_not_for_what_the_page_replaces(base: Base) -> None:
    start(base)
    key = ask_in_vain(base)
    base.curator.accept(base.curator.offer("bread.md", BREAD, stated={}, who=WHO).key, who=WHO)
    base.curator.publish(base.curator.propose(who=WHO).key, who=WHO)
    better = BREAD + b"\nIt is done when it sounds hollow.\n"
    base.curator.accept(base.curator.offer("bread.md", better, stated={}, who=WHO).key, who=WHO, gap=key)
    assert base.curator.settle_drafts(who=WHO) == []
    base.curator.publish(base.curator.propose(who=WHO).key, who=WHO)
    assert [gap.key for gap in base.curator.settle_drafts(who=WHO)] == [key]


def test_before_the_first_generation_nothing_is_settled(base: Base) -> None:
    assert base.curator.settle_drafts(who=WHO) == []


def test_a_digest_and_the_ratings_are_of_the_journal(base: Base) -> None:
    start(base)
    key = ask_in_vain(base)
    found = base.curator.digest(Period("2020-01-01", "2100-01-01"), stale_days=365)
    assert ([gap.key for gap in found.gaps], found.undated) == ([key], 2)
    assert base.curator.ratings() == []


# --- the log ------------------------------------------------------------------------------------------------


def test_a_refusal_is_noted(base: Base) -> None:
    base.curator.refused(who="stranger", about="reindex")
    assert base.curator.log() == []
    (noted,) = base.curator.log(refused=True)
    assert (noted.who, noted.deed, noted.about, noted.generation) == ("stranger", "refused", "reindex", None)


def test_the_log_goes_on_where_a_page_of_it_ended(base: Base) -> None:
    for number in range(5):
        base.curator.refused(who=str(number), about="x")
    first = base.curator.log(3, refused=True)
    assert [noted.who for noted in first] == ["4", "3", "2"]
    assert [noted.who for noted in base.curator.log(3, first[-1].id, refused=True)] == ["1", "0"]


def test_what_waits_is_found_with_what_speaks_against_it(base: Base, objected: str) -> None:
    found = base.again().curator.proposal()
    assert found is not None
    assert found.key == objected
    assert [change.question for change in found.group(Group.NO_LONGER_ANSWERED)] == [ASKS_COFFEE]
    forbidden = Objection("integrity", "It is broken.", overridable=False)
    base.shelf.put(replace(found, objections=(forbidden,)))
    with pytest.raises(Objected, match=r"It is broken\."):
        base.curator.publish(objected, who=WHO, reason="Because.")
    assert base.generation == 1
    assert [deed for _, deed, _ in deeds(base)] == ["proposed"]
