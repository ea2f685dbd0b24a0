"""What speaks for and against a ranking: each number by hand, and none ever outside its bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passages import Passage
from index.search import Candidate
from knowledge.asking.vocabulary import Vocabulary, build_vocabulary
from knowledge.background import Background
from knowledge.evidence import FEW, Evidence, clip, weigh

HELD = "Engineers keep PostgreSQL databases and prove with problem-solving tests."
TEXTS = (HELD, "Engineers carry messages in queues.", "Engineers plan.")


def background(vocabulary: Vocabulary | None = None) -> Background:
    return Background(
        generation=1,
        records={},
        vocabulary=vocabulary or build_vocabulary(TEXTS),
        is_word=lambda _: True,
        roles=frozenset(),
        empty_sections=(),
        openers=(),
    )


def passage(questions: tuple[str, ...] = ()) -> Passage:
    return Passage("a", "guide", 0, (), HELD, 0, len(HELD), HELD, (), {"questions": list(questions)})


def candidate(meaning: float, body: float | None = None) -> Candidate:
    similarities = (meaning if body is None else body, meaning)
    return Candidate("a", meaning, meaning, 0.0, 1, None, similarities)


def weighed(
    *words: str,
    meanings: tuple[float, ...] = (0.6,),
    body: float = 0.4,
    questions: tuple[str, ...] = (),
    vocabulary: Vocabulary | None = None,
) -> Evidence:
    best, *others = meanings
    candidates = [candidate(best, body), *map(candidate, others)]
    return weigh(candidates, {"a": passage(questions)}, words, background(vocabulary))


# --- vectors -----------------------------------------------------------------------------------------------


def test_meaning_is_the_best_cue_and_body_the_whole_passage() -> None:
    evidence = weighed(meanings=(0.6, 0.1), body=0.4)
    assert (evidence.meaning, evidence.body) == (0.6, 0.4)


@pytest.mark.parametrize(
    ("meanings", "lead"),
    [
        ((0.6,), 0.0),
        ((0.6, 0.5), 0.1),
        ((0.6, 0.5, 0.4), 0.2),
        ((0.6, 0.5, 0.4, 0.3), 0.3),
        ((0.6, 0.5, 0.4, 0.3, 0.0), 0.3),
        ((0.6, 0.6, 0.6, 0.9), 0.0),
    ],
)
def test_lead_is_how_far_the_best_stands_above_the_fourth(meanings: tuple[float, ...], lead: float) -> None:
    assert weighed(meanings=meanings).lead == pytest.approx(lead)


@pytest.mark.parametrize(
    ("value", "clipped"), [(-0.1, 0.0), (0.0, 0.0), (0.25, 0.25), (1.0, 1.0), (1.1, 1.0)]
)
def test_clipping_keeps_a_value_between_none_and_all(value: float, clipped: float) -> None:
    assert clip(value) == clipped


# --- words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "covered"),
    [
        ((), 0.0),
        (("databases",), 1.0),
        (("database",), 1.0),
        (("queues",), 0.0),
        (("databases", "queues"), 0.5),
        (("engineers",), 0.0),  # stands everywhere, tells nothing
        (("engineers", "databases"), 1.0),
        (("problem-solving",), 1.0),
        (("solving",), 1.0),
        (("postgresql/databases",), 1.0),
        (("postgresql/queues",), 0.0),
    ],
)
def test_covered_is_the_share_of_telling_words_the_passage_holds(
    words: tuple[str, ...], covered: float
) -> None:
    assert weighed(*words).covered == pytest.approx(covered)


def test_a_rarer_word_weighs_more() -> None:
    """An unknown word is the most telling of all, and the passage does not hold it."""
    assert 0 < weighed("databases", "tomatoes").covered < weighed("databases", "queues").covered


def test_the_questions_a_passage_lists_are_held_by_it() -> None:
    assert weighed("tomatoes").covered == 0
    assert weighed("tomatoes", questions=("Do they eat tomatoes?",)).covered == 1


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ((), 0.0),
        (("databases", "queues"), 0.0),
        (("tomatoes",), 1 / 3),
        (("tomatoes", "databases", "peas"), 2 / 3),
        (("tomatoes", "peas", "beans"), 1.0),
        (("tomatoes", "peas", "beans", "corn"), 1.0),
    ],
)
def test_unknown_counts_words_no_document_holds_up_to_three(words: tuple[str, ...], unknown: float) -> None:
    assert weighed(*words).unknown == pytest.approx(unknown)


# --- the generation and the passage ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passages", "crowd"),
    [(0, 0.0), (1, 0.0), (FEW, 0.0), (FEW * 10, 1.0), (FEW * 100, 2.0), (FEW * 100_000, 5.0)],
)
def test_crowd_is_the_power_of_ten_by_which_a_generation_is_no_longer_small(
    passages: int, crowd: float
) -> None:
    assert weighed(vocabulary=Vocabulary({}, {}, passages)).crowd == pytest.approx(crowd)


def test_a_passage_that_lists_questions_is_told_from_one_that_does_not() -> None:
    assert weighed(questions=("What is it?",)).asked_for
    assert not weighed().asked_for


def test_a_passage_stored_without_questions_lists_none() -> None:
    bare = Passage("a", "guide", 0, (), HELD, 0, len(HELD), HELD, (), {})
    evidence = weigh([candidate(0.5)], {"a": bare}, ["databases"], background())
    assert (evidence.asked_for, evidence.covered) == (False, 1.0)


def test_near_misses_and_skills_are_left_to_others() -> None:
    assert (weighed("databases").near_miss, weighed("databases").named) == (0.0, False)


@given(
    st.lists(st.floats(-1.1, 1.1), min_size=1, max_size=6),
    st.lists(st.one_of(st.text(max_size=8), st.sampled_from(["databases", "a-b", "queues"])), max_size=6),
    st.integers(0, 10**6),
)
def test_every_number_but_the_crowd_is_a_share(
    meanings: list[float], words: list[str], passages: int
) -> None:
    known = build_vocabulary(TEXTS)
    evidence = weighed(
        *words,
        meanings=tuple(meanings),
        body=meanings[-1],
        vocabulary=Vocabulary(known.spread, known.spellings, passages),
    )
    shares = (evidence.meaning, evidence.body, evidence.lead, evidence.covered, evidence.unknown)
    assert all(0 <= share <= 1 + 1e-9 for share in shares)
    assert evidence.crowd >= 0
