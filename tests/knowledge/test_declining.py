from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passages import Cue, Passage
from index.search import Candidate
from knowledge.asking.conversation import Asked
from knowledge.asking.roles import kinds_of_role
from knowledge.asking.vocabulary import build_vocabulary
from knowledge.background import Background, EmptySection
from knowledge.declining import (
    APART,
    ASKED_FOR,
    FLOOR,
    LEAST,
    UNASKED,
    Verdict,
    answerable,
    features,
    floor_of,
    judge,
)
from knowledge.entities import Origin, Refusal, Source
from knowledge.evidence import Evidence
from knowledge.finding import Found

STRONG = Evidence(meaning=1, body=1, lead=0.5, covered=1, unknown=0)
WEAK = Evidence(meaning=0, body=0, lead=0, covered=0, unknown=1)
VECTOR = np.array([1.0, 0.0], dtype=np.float32)
SOURCE = Source("guide", "Guide", ("Salary by Region",), Origin())


def passage(text: str, questions: tuple[str, ...] = ()) -> Passage:
    attributes = {"questions": list(questions), "parts": [], "kind": "paragraph"}
    return Passage("guide#0", "guide", 0, (), text, 0, len(text), text, (Cue(text, 0, 1),), attributes)


def found(
    text: str,
    holds: str = "Engineers build servers.",
    evidence: Evidence = STRONG,
    unknown: tuple[str, ...] = (),
) -> Found:
    candidate = Candidate("guide#0", evidence.meaning, evidence.meaning, 1.0, 1, 1, (evidence.meaning,))
    passages = {"guide#0": passage(holds)}
    return Found(Asked(text), text, VECTOR, (candidate,), passages, evidence, unknown)


def background(*empty: EmptySection, titles: tuple[str, ...] = ("Backend Engineer",)) -> Background:
    texts = ["Engineers build servers with data engineers."]
    return Background(
        generation=1,
        records={},
        vocabulary=build_vocabulary(texts),
        is_word=lambda _: True,
        roles=kinds_of_role(titles),
        empty_sections=empty,
        openers=("What do they build?",),
    )


def refusal(
    text: str, holds: str = "Engineers build servers.", unknown: tuple[str, ...] = ()
) -> Refusal | None:
    return judge(found(text, holds, unknown=unknown), background()).refusal


# --- the evidence ------------------------------------------------------------------------------------------


def test_strong_evidence_is_answered_and_weak_evidence_declined() -> None:
    assert judge(found("what do they build"), background()).refusal is None
    assert judge(found("what do they build", evidence=WEAK), background()).refusal is Refusal.NOTHING


@pytest.mark.parametrize("field", ["meaning", "body", "lead", "covered"])
def test_more_of_what_speaks_for_an_answer_raises_the_odds(field: str) -> None:
    middling = Evidence(0.5, 0.5, 0.1, 0.5, 0)
    more: dict[str, Any] = {field: 1.0}
    assert answerable(replace(middling, **more)) > answerable(middling)


def test_unknown_words_lower_the_odds() -> None:
    middling = Evidence(0.5, 0.5, 0.1, 0.5, 0)
    assert answerable(replace(middling, unknown=1.0)) < answerable(middling)


@pytest.mark.parametrize("evidence", [STRONG, WEAK])
def test_odds_are_a_probability(evidence: Evidence) -> None:
    assert 0 < answerable(evidence) < 1


@pytest.mark.parametrize("asked_for", [True, False])
def test_naming_what_is_asked_for_raises_the_odds(asked_for: bool) -> None:
    middling = Evidence(0.5, 0.5, 0.1, 0.5, 0, asked_for=asked_for)
    assert answerable(replace(middling, named=True)) > answerable(middling)


def test_a_near_miss_lowers_the_odds_where_questions_are_listed() -> None:
    """Elsewhere a question is nearer to any question than to any text, and it says nothing."""
    middling = Evidence(0.5, 0.5, 0.1, 0.5, 0)
    assert answerable(replace(middling, near_miss=0.6)) < answerable(middling)
    assert answerable(replace(middling, near_miss=0.9)) < answerable(replace(middling, near_miss=0.6))
    bare = replace(middling, asked_for=False)
    assert answerable(replace(bare, near_miss=0.9)) == answerable(bare)


def test_a_crowd_lowers_the_odds_where_no_questions_are_listed() -> None:
    middling = Evidence(0.5, 0.5, 0.1, 0.5, 0)
    assert answerable(replace(middling, crowd=2.0)) == answerable(middling)
    bare = replace(middling, asked_for=False)
    assert answerable(replace(bare, crowd=2.0)) < answerable(bare)


@pytest.mark.parametrize(
    ("meaning", "near_miss", "excess", "outdone"),
    [
        (0.5, 0.0, 0.0, 0.0),
        (0.5, APART, 0.0, 0.0),
        (0.5, 0.45, 0.1, 0.0),
        (0.5, 0.5, 0.15, 0.0),
        (0.5, 0.75, 0.4, 0.25),
        (0.1, 0.3, 0.0, 0.2),
        (0.0, 1.0, 0.65, 1.0),
    ],
)
def test_a_near_miss_counts_by_what_exceeds_mere_likeness_and_by_what_it_outdoes(
    meaning: float, near_miss: float, excess: float, outdone: float
) -> None:
    found = features(Evidence(meaning, 0.5, 0.1, 0.5, 0, near_miss=near_miss))
    assert [found["near_miss"], found["outdone"]] == pytest.approx([excess, outdone])


def test_every_feature_has_a_weight_and_all_else_is_the_evidence_itself() -> None:
    evidence = Evidence(0.1, 0.2, 0.3, 0.4, 0.5, named=True, crowd=0.6)
    found = features(evidence)
    assert {*found, "bias"} == set(ASKED_FOR.__slots__) == set(UNASKED.__slots__)
    same = ("meaning", "body", "lead", "covered", "unknown", "crowd")
    assert [found[name] for name in same] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert found["named"] == 1.0


@given(
    st.builds(
        Evidence,
        *[st.floats(0, 1)] * 6,
        named=st.booleans(),
        crowd=st.floats(0, 5),
        asked_for=st.booleans(),
    )
)
def test_any_evidence_has_features_within_bounds_and_odds_that_are_a_probability(evidence: Evidence) -> None:
    found = features(evidence)
    assert all(0 <= value <= 1 for name, value in found.items() if name != "crowd")
    assert 0 < answerable(evidence) < 1


# --- the floor ---------------------------------------------------------------------------------------------

MIDDLING = Evidence(0.5, 0.5, 0.1, 0.5, 0)


@pytest.mark.parametrize(("calibrated", "floor"), [(None, FLOOR), (0.4, 0.4), (0.0, 0.0), (0.6, 0.6)])
def test_the_floor_is_the_calibrated_one_or_else_the_packaged(calibrated: float | None, floor: float) -> None:
    assert floor_of(replace(background(), floor=calibrated)) == floor


def test_odds_at_the_floor_are_answered_and_below_it_declined() -> None:
    asked, odds = found("what do they build", evidence=MIDDLING), answerable(MIDDLING)
    at, above = (replace(background(), floor=floor) for floor in (odds, odds + 0.001))
    assert judge(asked, at).refusal is None
    assert judge(asked, above).refusal is not None


# --- far away ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "about", "answered"),
    [
        ({"meaning": LEAST - 0.01, "covered": 0.0}, None, False),
        ({"meaning": LEAST, "covered": 0.0}, None, True),
        ({"meaning": LEAST - 0.01, "covered": 0.01}, None, True),
        ({"meaning": LEAST - 0.01, "covered": 0.0, "named": True}, None, True),
        ({"meaning": 0.9, "covered": 0.0, "unknown": 1 / 3}, None, True),
        ({"meaning": 0.9, "covered": 0.0, "unknown": 1 / 3}, "what is a queue", False),
        ({"meaning": 0.9, "covered": 0.0, "unknown": 0.0}, "what is a queue", True),
        ({"meaning": 0.9, "covered": 0.5, "unknown": 1 / 3}, "what is a queue", True),
    ],
)
def test_a_passage_that_shares_no_telling_word_and_little_meaning_is_no_answer(
    changes: dict[str, Any], about: str | None, answered: bool
) -> None:
    evidence = replace(STRONG, body=1.0, lead=1.0, **changes)
    asked = replace(found("what of it", evidence=evidence), asked=Asked("what of it", about))
    assert (judge(asked, replace(background(), floor=0.0)).refusal is None) is answered


def test_something_to_be_done_is_declined_however_near() -> None:
    assert judge(found("write me a server"), background()).refusal is Refusal.NOTHING


@pytest.mark.parametrize(
    ("meaning", "covered", "refusal"),
    [
        (0.4, 0.0, Refusal.ONLY_NEAR),
        (0.39, 0.0, Refusal.NOTHING),
        (0.3, 0.5, Refusal.ONLY_NEAR),
        (0.29, 0.5, Refusal.NOTHING),
        (0.39, 0.49, Refusal.NOTHING),
    ],
)
def test_something_near_is_told_apart_from_nothing(meaning: float, covered: float, refusal: Refusal) -> None:
    weak = Evidence(meaning, body=0, lead=0, covered=covered, unknown=1)
    asked = found("how do they knit", evidence=weak)
    assert judge(asked, replace(background(), floor=1.0)).refusal is refusal


# --- numbers nobody states ---------------------------------------------------------------------------------

PAY = "An engineer earns 4,000 € a month."
TIME = "It takes two years, with 3-month projects."
COUNT = "There are seven steps."


@pytest.mark.parametrize(
    "text",
    [
        "what is the salary?",
        "how much do they earn",
        "is it well paid",
        "do backend devs get paid a lot of money",
        "can I make $5000",
        "what does a course cost",
        "wages in india in lpa",
    ],
)
def test_money_is_answered_only_where_a_passage_states_some(text: str) -> None:
    assert refusal(text, "Pay differs by region and is discussed.") is not None
    assert refusal(text, PAY) is None


@pytest.mark.parametrize("text", ["how long does it take to become one", "how many years do I have to study"])
def test_a_duration_is_answered_only_where_a_passage_states_a_time(text: str) -> None:
    assert refusal(text, "It takes patience; there are 7 steps.") is not None
    assert refusal(text, TIME) is None


@pytest.mark.parametrize(
    "text",
    ["how many steps are there", "how much coffee do they drink", "how old"],
)
def test_an_amount_is_answered_only_where_a_passage_holds_a_number(text: str) -> None:
    assert refusal(text, "There are some steps in version 1.2.3.") is not None
    assert refusal(text, COUNT) is None


def test_a_count_of_something_no_document_knows_is_declined() -> None:
    assert refusal("how many vacation days", COUNT, unknown=("vacation",)) is not None
    assert (
        refusal("how many steps are there before I may go on vacation", COUNT, unknown=("vacation",)) is None
    )


def test_a_number_in_the_questions_a_passage_answers_counts_as_said() -> None:
    asked = found("how many steps are there")
    told = replace(asked, passages={"guide#0": passage("First this, then that.", ("What are the 7 steps?",))})
    assert judge(told, background()).refusal is None


# --- other roles -------------------------------------------------------------------------------------------


def test_a_question_about_another_role_is_declined_as_near() -> None:
    verdict = judge(found("what does a devops engineer do"), background())
    assert verdict.refusal is Refusal.ONLY_NEAR
    assert not verdict.mentioned


def test_another_role_that_documents_at_least_name_is_declined_with_that() -> None:
    verdict = judge(found("what does a data engineer do"), background())
    assert verdict.refusal is Refusal.ONLY_NEAR
    assert verdict.mentioned


@pytest.mark.parametrize(
    ("text", "holds", "answered"),
    [
        ("can I become a systems architect later", "Later some become systems architects.", True),
        ("can I move on to systems architect", "Then they are a systems architect.", True),
        ("can I become a systems architect later", "They become seniors.", False),
        ("can I become a systems architect later", "Later some become architects.", False),
        ("what does a systems architect do", "Later some become systems architects.", False),
    ],
)
def test_another_role_somebody_may_move_on_to_is_answered_where_a_passage_names_it(
    text: str, holds: str, answered: bool
) -> None:
    verdict = judge(found(text, holds), background())
    assert verdict.refusal is (None if answered else Refusal.ONLY_NEAR)


def test_a_role_to_move_on_to_is_declined_where_the_evidence_is_weak() -> None:
    asked = found("can I become a systems architect later", "Some become systems architects.", WEAK)
    assert judge(asked, background()).refusal is Refusal.ONLY_NEAR


@pytest.mark.parametrize(
    ("text", "role", "refusal"),
    [
        ("what do they do", "devops engineer", Refusal.ONLY_NEAR),
        ("what do they do", "backend engineer", None),
        ("what do they do", None, None),
        ("what does a backend engineer do", "backend engineer", None),
    ],
)
def test_whom_the_conversation_is_about_counts_as_asked(
    text: str, role: str | None, refusal: Refusal | None
) -> None:
    asked = replace(found(text), asked=Asked(text, role=role))
    assert judge(asked, background()).refusal is refusal


def test_documents_about_no_role_answer_about_any() -> None:
    assert judge(found("what does a devops engineer do"), background(titles=("Tomatoes",))).refusal is None


# --- empty sections ----------------------------------------------------------------------------------------


def empty_section(similarity: float) -> EmptySection:
    row = np.array([[0.0, 1.0], [similarity, (1 - similarity**2) ** 0.5]], dtype=np.float32)
    return EmptySection(SOURCE, None, row)


def test_an_empty_heading_nearer_than_every_passage_is_the_reason() -> None:
    nearest = empty_section(0.95)
    verdict = judge(
        found("what is the salary by region", evidence=replace(STRONG, meaning=0.5)),
        background(empty_section(0.2), nearest, empty_section(0.6)),
    )
    assert verdict == Verdict(Refusal.EMPTY_SECTION, verdict.odds, empty=nearest)


def test_an_amount_elsewhere_answers_though_a_heading_for_it_is_empty_and_nearer() -> None:
    nearest, near = empty_section(0.95), replace(STRONG, meaning=0.6)
    asked = "what is the salary by region"
    paid = judge(found(asked, "In the north they earn €60,000.", evidence=near), background(nearest))
    assert (paid.refusal, paid.empty) == (None, nearest)
    weak = replace(WEAK, meaning=0.6)
    unsure = judge(found(asked, "In the north they earn €60,000.", evidence=weak), background(nearest))
    assert unsure.refusal is Refusal.EMPTY_SECTION


def test_content_about_the_same_thing_is_answered_though_a_heading_is_empty() -> None:
    verdict = judge(found("which tools are used"), background(empty_section(0.95)))
    assert verdict.refusal is None


def test_a_bare_empty_heading_gives_way_to_an_answer_that_mentions_it() -> None:
    """Career progression: empty in one place, told in another section's prose."""
    bare = replace(empty_section(0.95), promises=False)
    evidence = replace(STRONG, meaning=0.7)
    verdict = judge(found("career progression", evidence=evidence), background(bare))
    assert (verdict.refusal, verdict.empty) == (None, bare)


def test_a_bare_empty_heading_is_the_reason_where_nothing_answers() -> None:
    bare = replace(empty_section(0.95), promises=False)
    evidence = replace(STRONG, meaning=0.1, body=0.0, lead=0.0, covered=0.0, unknown=1.0)
    verdict = judge(found("career progression", evidence=evidence), background(bare))
    assert (verdict.refusal, verdict.empty) == (Refusal.EMPTY_SECTION, bare)


@pytest.mark.parametrize(
    ("similarity", "refusal"),
    [(0.49, Refusal.EMPTY_SECTION), (0.46, Refusal.ONLY_NEAR), (0.44, Refusal.ONLY_NEAR)],
)
@pytest.mark.parametrize("promises", [True, False])
def test_an_empty_heading_about_as_near_is_the_reason_only_where_nothing_answers(
    similarity: float, refusal: Refusal, promises: bool
) -> None:
    heading = replace(empty_section(similarity), promises=promises)
    asked = found("career progression", evidence=replace(STRONG, meaning=0.5))
    around = background(heading)
    assert judge(asked, around) == Verdict(None, answerable(asked.evidence))
    verdict = judge(asked, replace(around, floor=1.0))
    assert verdict.refusal is refusal
    assert verdict.empty is (heading if refusal is Refusal.EMPTY_SECTION else None)


def test_an_empty_heading_far_from_the_question_is_no_reason() -> None:
    verdict = judge(found("how do they knit", evidence=WEAK), background(empty_section(0.1)))
    assert verdict.refusal is Refusal.NOTHING
    assert verdict.empty is None


def test_a_heading_is_as_near_as_the_nearest_thing_it_promises() -> None:
    assert empty_section(0.8).similarity(VECTOR) == pytest.approx(0.8)
