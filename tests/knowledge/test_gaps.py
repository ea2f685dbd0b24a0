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
from knowledge import meanings
from knowledge.gaps import SHOWN, Gap, Gaps, UnknownGap
from knowledge.journal.entries import State
from knowledge.journal.journal import Journal
from knowledge.journal.unanswered import DECLINED_FOR
from knowledge.wordings import ENOUGH
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


class Angles(Meanings):
    """Knows what a text means as degrees at its end: "how much 30" is near to "what pay 45"."""

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.embedded.extend(texts)
        turns = np.radians([float(text.split()[-1]) for text in texts])
        return np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)


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


def test_who_looks_after_the_documents_uncovers_nobody_by_asking(journal: Journal, gaps: Gaps) -> None:
    ask(journal, (ANNA, BERT, CARLA), "pay: a", "pay: b", "pay: c")
    journal.note("refused", who=CARLA, generation=None)
    assert not only(gaps).hidden
    journal.note("published", who=CARLA, generation=7)
    gap = only(gaps)
    assert (gap.people, gap.hidden) == (3, True)
    ask(journal, (DORA,), "pay: d")
    assert len(only(gaps).questions) == 4


@pytest.mark.parametrize(
    "telling",
    [
        "pay: what does Zebediah get?",
        "pay: what do I get at acme.com/jobs?",
        "pay: I am 41, what do I get?",
        "pay: write to me at anna@example.org",
        "pay: " + "I have been here for long and nobody ever told me what. " * 4,
    ],
)
def test_a_wording_that_tells_who_asks_stays_hidden_though_many_ask(
    telling: str, journal: Journal, gaps: Gaps
) -> None:
    ask(journal, (ANNA, BERT, CARLA), telling, "pay: what is it?", "pay: how much?")
    gap = only(gaps)
    assert sorted(gap.questions) == ["pay: how much?", "pay: what is it?"]
    tell(journal, ANNA, telling)
    assert telling in only(gaps).questions


def test_a_name_that_others_or_the_documents_use_gives_nobody_away(
    journal: Journal, embedder: Meanings, library: NumpyLibrary
) -> None:
    wordings = ("pay: it VARIES at Initech?", "pay: what is it at initech?", "pay: so, how much, Bob?")
    ask(journal, (ANNA, BERT, CARLA), *wordings)
    assert sorted(only(Gaps(journal, embedder, library)).questions) == sorted(wordings[:2])


def test_a_few_typical_wordings_are_enough(journal: Journal, gaps: Gaps) -> None:
    for number in range(20):
        decline(journal, str(number), f"pay: {'how ' * number}much")
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


def test_what_is_near_but_may_be_another_question_stands_beside_it(journal: Journal, clock: Clock) -> None:
    gaps = Gaps(journal, Angles())
    ask(journal, (ANNA, BERT), "pay 0", "pay 1")
    clock.pass_by(SECOND)
    ask(journal, (BERT, CARLA, DORA), "visa 180", "visa 181", "raise 66")
    pay, more, visa = gaps.open()
    assert [(gap.people, gap.around, gap.beside) for gap in (pay, more, visa)] == [
        (2, 3, ""),
        (1, 1, pay.key),
        (2, 2, ""),
    ]
    gaps.mark(pay.key, "dismissed", who="9")
    assert [(gap.people, gap.beside) for gap in gaps.open()] == [(2, ""), (1, "")]


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


def test_a_question_that_the_documents_list_is_named_as_what_was_asked(
    journal: Journal, embedder: Meanings, library: NumpyLibrary
) -> None:
    facts = {"near_misses": [{"documents": ["guide"], "questions": ["visa: who needs one?", "hours: when?"]}]}
    with library.writing("test"):
        contents = Contents((), (), embedder.embed([]), embedder.fingerprint, facts)
        library.build(contents).publish()
    gaps = Gaps(journal, embedder, library, embedder)
    ask(journal, (ANNA,), "visa: does Zebediah need one?")
    tell(journal, BERT, "hours: when?")
    reason = "nothing about this in the knowledge base"
    assert sorted(gap.subject for gap in gaps.open()) == ["nothing", f"{reason}, like “visa: who needs one?”"]
    assert len([text for text in embedder.embedded if "who needs" in text]) == 1
    gaps.open()
    assert len([text for text in embedder.embedded if "who needs" in text]) == 1


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


@pytest.mark.parametrize("state", ["dismissed", "answered"])
def test_what_is_said_of_one_gap_is_not_said_of_what_it_grows_together_with(
    state: State, journal: Journal, clock: Clock
) -> None:
    gaps = Gaps(journal, Angles())
    ask(journal, (ANNA, BERT, CARLA), "pay 0", "pay 0", "visa 80")
    pay, visa = gaps.open()
    clock.pass_by(SECOND)
    gaps.mark(visa.key, state, who=DORA)
    clock.pass_by(SECOND)
    assert [gap.key for gap in gaps.open()] == [pay.key]
    ask(journal, (DORA,), "between 40")
    [gap] = gaps.open()
    assert gap == gaps.find(pay.key)
    assert gap.people == (2 if state == "dismissed" else 4)
    assert gap.again == (0 if state == "dismissed" else 1)


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


def test_vectors_are_there_after_a_restart_and_of_another_model_are_made_anew(
    journal: Journal, gaps: Gaps
) -> None:
    ask(journal, (ANNA, BERT), "pay: a", "visa: b")
    before = gaps.open()
    again = Meanings()
    assert Gaps(journal, again).open() == before
    assert again.embedded == []
    again.fingerprint = "other meanings"
    assert Gaps(journal, again).open() == before
    assert sorted(again.embedded) == ["pay: a", "visa: b"]


def test_what_takes_too_long_to_look_at_is_counted_and_comes_later(
    journal: Journal, gaps: Gaps, clock: Clock
) -> None:
    for number in range(20):
        clock.pass_by(SECOND)
        decline(journal, ANNA, f"pay: {number}")
    key = journal.keep(a_reply("", 7, "guide:1"))
    journal.rate(person=ANNA, key=key, helpful=False)
    assert gaps.left_out() == 20
    assert not gaps.learn(seconds=0)
    assert gaps.left_out() == 12
    assert gaps.learn()
    assert (gaps.left_out(), [gap.people for gap in gaps.open()]) == (0, [1, 1])


def test_of_very_many_the_newest_are_looked_at(
    journal: Journal, gaps: Gaps, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meanings, "MOST", 2)
    for subject in ("pay", "visa", "hours"):
        clock.pass_by(SECOND)
        tell(journal, ANNA, f"{subject}: what?")
    assert [gap.questions for gap in gaps.open()] == [("hours: what?",), ("visa: what?",)]
    assert gaps.left_out() == 1


def test_two_who_look_at_once_do_not_embed_twice(journal: Journal) -> None:
    class Slow(Meanings):
        def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
            assert not looking.learn()
            return super().embed(texts)

    embedder = Slow()
    looking = Gaps(journal, embedder)
    ask(journal, (ANNA,), "pay: a")
    assert len(looking.open()) == 1
    assert embedder.embedded == ["pay: a"]
