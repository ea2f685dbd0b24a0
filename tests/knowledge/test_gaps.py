"""What was asked in vain is grouped by meaning, and no wording shows before enough people asked it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.embedding import Embedder, EmbeddingCache, Progress, Vectors
from index.library import Contents
from index.passages import Cue, Passage, Record
from knowledge.gaps import ENOUGH, SHOWN, Gap, Gaps, UnknownGap
from knowledge.journal.journal import Journal
from knowledge.journal.unanswered import DECLINED_FOR
from tests.fakes import NumpyLibrary
from tests.knowledge.journals import ANNA, BERT, Clock, a_reply, decline, tell

CARLA, DORA = "300000000000000003", "300000000000000004"
SECOND = timedelta(seconds=1)


class Meanings:
    """Knows what a text means by what stands before the colon: "pay: how much?" means pay."""

    dimension = 32
    window = 64
    fingerprint = "meanings"

    def __init__(self) -> None:
        self.embedded: list[str] = []
        self._known: dict[str, int] = {}

    def count_tokens(self, text: str) -> int:
        return len(text)

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.embedded.extend(texts)
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row, self._known.setdefault(text.partition(":")[0].casefold(), len(self._known))] = 1.0
        return rows


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(tmp_path: Path, clock: Clock) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.db", now=clock)
    yield journal
    journal.close()


@pytest.fixture
def embedder() -> Meanings:
    return Meanings()


@pytest.fixture
def library(embedder: Meanings) -> NumpyLibrary:
    """One document with a section about pay."""
    library = NumpyLibrary()
    about = {"title": "Guide", "author": None, "date": None, "site": None, "link": None, "restates": False}
    text = "pay: it varies."
    contents = Contents(
        [Record("guide", "d", text, {**about, "empty": []})],
        [Passage("guide#1", "guide", 0, ("Money",), text, 0, len(text), text, (Cue(text, 0, len(text)),))],
        embedder.embed([text]),
        embedder.fingerprint,
    )
    with library.writing("test"):
        library.build(contents).publish()
    return library


@pytest.fixture
def gaps(journal: Journal, embedder: Meanings) -> Gaps:
    return Gaps(journal, embedder)


def only(gaps: Gaps) -> Gap:
    [gap] = gaps.open()
    return gap


def ask(journal: Journal, people: Sequence[str], *questions: str) -> None:
    for person, question in zip(people, questions, strict=True):
        decline(journal, person, question)


# --- what is hidden ----------------------------------------------------------------------------------------


def test_two_people_are_counted_and_not_quoted(journal: Journal, gaps: Gaps) -> None:
    ask(journal, (ANNA, BERT), "pay: how much?", "pay: what is it?")
    gap = only(gaps)
    assert (gap.people, gap.hidden, gap.questions) == (2, True, ())
    assert gap.reasons == {"nothing about this in the knowledge base": 2}
    assert gap.subject == "nothing about this in the knowledge base"


def test_a_wording_shows_once_three_people_asked_the_same(journal: Journal, gaps: Gaps) -> None:
    ask(journal, (ANNA, BERT, CARLA), "pay: a", "pay: b", "pay: c")
    gap = only(gaps)
    assert (gap.people, gap.hidden) == (3, False)
    assert sorted(gap.questions) == ["pay: a", "pay: b", "pay: c"]


def test_one_person_asking_five_times_is_one_person(journal: Journal, gaps: Gaps) -> None:
    for number in range(5):
        ask(journal, (ANNA,), f"pay: {number}")
    ask(journal, (BERT,), "pay: too")
    gap = only(gaps)
    assert (gap.people, gap.hidden, gap.reasons) == (2, True, {"nothing about this in the knowledge base": 2})


def test_who_told_it_is_quoted_and_nobody_else(journal: Journal, gaps: Gaps) -> None:
    ask(journal, (ANNA, BERT), "pay: mine alone", "pay: to be told")
    tell(journal, BERT, "pay: to be told")
    gap = only(gaps)
    assert (gap.people, gap.hidden, gap.questions) == (2, False, ("pay: to be told",))


def test_one_of_three_who_deletes_hides_the_wording_of_the_others_again(journal: Journal, gaps: Gaps) -> None:
    ask(journal, (ANNA, BERT, CARLA), "pay: a", "pay: b", "pay: c")
    shown = only(gaps)
    journal.forget(BERT)
    gap = only(gaps)
    assert (gap.people, gap.hidden, gap.questions) == (2, True, ())
    found = gaps.find(shown.key)
    assert found == gap
    for person in (ANNA, CARLA):
        journal.forget(person)
    assert gaps.open() == []
    assert gaps.find(shown.key) is None


def test_a_wording_far_from_the_others_of_its_group_stays_hidden(
    journal: Journal, embedder: Meanings
) -> None:
    class Spread(Meanings):
        def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
            angles = {"a": 0.0, "b": 0.1, "c": 0.2, "far": 1.2}  # cosine of 1.2 is .36
            turns = np.array([angles[text] for text in texts])
            return np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)

    ask(journal, (ANNA, BERT, CARLA, DORA), "a", "b", "c", "far")
    gap = only(Gaps(journal, Spread()))
    assert (gap.people, sorted(gap.questions)) == (4, ["a", "b", "c"])


def test_a_few_typical_wordings_are_enough(journal: Journal, gaps: Gaps) -> None:
    for number in range(20):
        decline(journal, str(number), f"pay: {number}")
    assert len(only(gaps).questions) == SHOWN


SUBJECTS = ("pay", "hours", "visa")
PEOPLE = (ANNA, BERT, CARLA, DORA)
ASKED = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(SUBJECTS), st.sampled_from(["xq", "yq", "zq"]))
DONE = st.one_of(
    st.tuples(st.just("declined"), ASKED),
    st.tuples(st.just("told"), ASKED),
    st.tuples(st.just("forgotten"), ASKED),
    st.tuples(st.just("dismissed"), ASKED),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(DONE, max_size=25))
def test_nothing_an_admin_sees_has_the_wording_of_what_is_hidden(
    done: list[tuple[str, tuple[str, str, str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    journal = Journal(tmp_path_factory.mktemp("gaps") / "journal.db", now=Clock())
    gaps = Gaps(journal, Meanings())
    declined: set[tuple[str, str, str]] = set()
    told: set[tuple[str, str, str]] = set()
    for what, (person, subject, word) in done:
        if what == "declined":
            decline(journal, person, f"{subject}: {person[-1]}{word}")
            declined.add((person, subject, word))
        elif what == "told":
            tell(journal, person, f"{subject}: {person[-1]}{word}")
            told.add((person, subject, word))
        elif what == "forgotten":
            journal.forget(person)
            declined, told = ({row for row in rows if row[0] != person} for rows in (declined, told))
        elif found := gaps.every():
            gaps.mark(found[0].key, "dismissed", who="terminal")
    seen = repr([asdict(gap) for gap in gaps.every()]) + repr(journal.log())
    for person, subject, word in declined | told:
        people = {row[0] for row in declined | told if row[1] == subject}
        wording = f"{subject}: {person[-1]}{word}"
        if (person, subject, word) not in told and len(people) < ENOUGH:
            assert wording not in seen
        elif (person, subject, word) in told and len({row for row in told if row[1] == subject}) <= SHOWN:
            assert wording in seen or len(people) >= ENOUGH
    assert not any(person in seen for person in PEOPLE)
    journal.close()


# --- groups, subjects --------------------------------------------------------------------------------------


def test_what_most_people_asked_comes_first_then_the_latest(
    journal: Journal, gaps: Gaps, clock: Clock
) -> None:
    for people, subject in (((ANNA,), "visa"), ((ANNA, BERT), "pay"), ((BERT,), "hours")):
        clock.pass_by(SECOND)
        for person in people:
            tell(journal, person, f"{subject}: {person}")
    assert [gap.questions[0].partition(":")[0] for gap in gaps.open()] == ["pay", "hours", "visa"]
    assert len(gaps.open(2)) == 2


def test_the_section_nearest_is_named_unless_somebody_used_its_words(
    journal: Journal, embedder: Meanings, library: NumpyLibrary, clock: Clock
) -> None:
    gaps = Gaps(journal, embedder, library)
    ask(journal, (ANNA,), "visa: where?")
    clock.pass_by(SECOND)
    ask(journal, (BERT,), "pay: how much?")
    reason = "nothing about this in the knowledge base"
    assert [gap.subject for gap in gaps.open()] == [f"{reason}, near «Guide › Money»", reason]
    clock.pass_by(SECOND)
    decline(journal, CARLA, "hours: guide", near="Guide › Hours: guide")
    assert next(gap for gap in gaps.open()).subject == reason


def test_the_empty_heading_a_question_was_nearest_to_is_named(journal: Journal, gaps: Gaps) -> None:
    decline(journal, ANNA, "pay: how much?", near="Guide › Pay by Region")
    assert only(gaps).subject.endswith(", near «Guide › Pay by Region»")


def test_answers_that_did_not_help_are_grouped_by_what_they_quote(
    journal: Journal, embedder: Meanings, library: NumpyLibrary, clock: Clock
) -> None:
    gaps = Gaps(journal, embedder, library)
    for person, passage in ((ANNA, "guide:1"), (BERT, "guide:1"), (BERT, "guide#1")):
        key = journal.keep(a_reply("", 7, passage))
        journal.rate(person=person, key=key, helpful=False)
        journal.rate(person=CARLA, key=key, helpful=True)
    gap = only(gaps)
    assert gap.subject == "answers quoting «The Guide › Work › Tools» did not help"
    assert (gap.people, gap.hidden, gap.questions, gap.reasons) == (2, False, (), {"not helpful": 2})
    clock.pass_by(timedelta(days=31))
    journal.keep(a_reply())
    assert [gap.subject for gap in gaps.open()] == [
        "answers quoting a passage that is gone did not help",
        "answers quoting «Guide › Money» did not help",
    ]


# --- states ------------------------------------------------------------------------------------------------


def test_what_is_dismissed_stays_so_whoever_asks_it_later(journal: Journal, gaps: Gaps, clock: Clock) -> None:
    ask(journal, (ANNA,), "pay: a")
    key = only(gaps).key
    assert gaps.mark(key, "dismissed", who=DORA).state == "dismissed"
    clock.pass_by(DECLINED_FOR - timedelta(days=2))
    ask(journal, (BERT,), "pay: b")
    assert gaps.open() == []
    # The first is gone by then, and only what joined it is left.
    clock.pass_by(timedelta(days=2))
    ask(journal, (CARLA,), "pay: c")
    assert gaps.open() == []
    [gap] = gaps.every()
    assert (gap.people, gap.state) == (2, "dismissed")


def test_what_is_answered_opens_when_it_is_asked_again_in_vain(
    journal: Journal, gaps: Gaps, clock: Clock
) -> None:
    ask(journal, (ANNA, BERT), "pay: a", "pay: b")
    gaps.mark(only(gaps).key, "answered", who=DORA)
    assert gaps.open() == []
    clock.pass_by(SECOND)
    ask(journal, (ANNA,), "pay: a")
    gap = only(gaps)
    assert (gap.people, gap.again, gap.hidden) == (2, 1, True)
    gaps.mark(gap.key, "answered", who=DORA)
    assert gaps.open() == []


def test_a_mark_is_taken_back_by_opening(journal: Journal, gaps: Gaps, clock: Clock) -> None:
    ask(journal, (ANNA,), "pay: a")
    key = only(gaps).key
    gaps.mark(key, "dismissed", who=DORA)
    clock.pass_by(SECOND)
    assert gaps.mark(key, "open", who=DORA).again == 0
    assert only(gaps).key == key


def test_marks_are_noted_without_the_wording(journal: Journal, gaps: Gaps, clock: Clock) -> None:
    ask(journal, (ANNA, BERT, CARLA), "pay: a", "pay: b", "pay: c")
    key = only(gaps).key
    gaps.mark(key, "answered", who=DORA)
    clock.pass_by(SECOND)
    gaps.mark(key, "dismissed", who=BERT)
    reason = "nothing about this in the knowledge base"
    assert [(one.deed, one.who, one.about) for one in journal.log()] == [
        ("dismissed", BERT, reason),
        ("marked", DORA, f"answered: {reason}"),
    ]


def test_states_are_there_after_a_restart(journal: Journal, gaps: Gaps, tmp_path: Path, clock: Clock) -> None:
    ask(journal, (ANNA, BERT), "pay: a", "visa: b")
    gaps.mark(gaps.open()[0].key, "dismissed", who=DORA)
    journal.close()
    again = Journal(tmp_path / "journal.db", now=clock)
    assert len(Gaps(again, Meanings()).open()) == 1
    again.close()


# --- keys --------------------------------------------------------------------------------------------------


def test_a_key_fits_a_button_and_finds_the_gap_as_it_grows(
    journal: Journal, gaps: Gaps, clock: Clock
) -> None:
    ask(journal, (ANNA,), "pay: a")
    key = only(gaps).key
    for person in (BERT, CARLA, DORA):
        clock.pass_by(SECOND)
        ask(journal, (person,), "pay: a")
    gap = only(gaps)
    assert len(gap.key) <= 40
    assert gaps.find(key) == gaps.find(gap.key) == gap
    journal.forget(ANNA)
    assert gaps.find(key) is None
    found = gaps.find(gap.key)
    assert found is not None
    assert found.people == 3


@pytest.mark.parametrize("key", ["", "AAAAAAAAAAAA", "a.b.c", "…"])
def test_a_key_of_nothing_finds_nothing(journal: Journal, gaps: Gaps, key: str) -> None:
    ask(journal, (ANNA,), "pay: a")
    assert gaps.find(key) is None
    with pytest.raises(UnknownGap):
        gaps.mark(key, "answered", who=DORA)
    assert journal.log() == []


def test_nothing_asked_in_vain_is_no_gap(gaps: Gaps) -> None:
    assert gaps.open() == []


# --- vectors -----------------------------------------------------------------------------------------------


def test_vectors_of_questions_are_made_once_and_never_stored(
    journal: Journal, gaps: Gaps, embedder: Embedder, tmp_path: Path
) -> None:
    ask(journal, (ANNA, BERT), "pay: how much?", "Pay: How much?")
    for _ in range(3):
        gaps.open()
    assert isinstance(embedder, Meanings)
    assert embedder.embedded == ["pay: how much?"]
    with pytest.raises(TypeError):
        Gaps(journal, EmbeddingCache(tmp_path / "embeddings.db", embedder))


def test_vectors_of_what_was_deleted_are_not_remembered(journal: Journal, gaps: Gaps) -> None:
    ask(journal, (ANNA, BERT), "pay: a", "visa: b")
    gaps.open()
    journal.forget(ANNA)
    gaps.open()
    assert list(gaps._vectors) == ["visa: b"]
    journal.forget(BERT)
    gaps.open()
    assert gaps._vectors == {}
