from dataclasses import replace

import numpy as np
import pytest

from index.passages import Cue, Passage
from index.search import Candidate
from knowledge.asking.conversation import Asked
from knowledge.asking.roles import kinds_of_role
from knowledge.asking.vocabulary import build_vocabulary
from knowledge.background import Background, EmptySection
from knowledge.declining import Verdict, answerable, judge
from knowledge.entities import Origin, Refusal, Source
from knowledge.finding import Evidence, Found

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
    assert answerable(replace(middling, **{field: 1.0})) > answerable(middling)


def test_unknown_words_lower_the_odds() -> None:
    middling = Evidence(0.5, 0.5, 0.1, 0.5, 0)
    assert answerable(replace(middling, unknown=1.0)) < answerable(middling)


@pytest.mark.parametrize("evidence", [STRONG, WEAK])
def test_odds_are_a_probability(evidence: Evidence) -> None:
    assert 0 < answerable(evidence) < 1


def test_something_near_is_told_apart_from_nothing() -> None:
    near = Evidence(meaning=0.6, body=0.1, lead=0, covered=0, unknown=1)
    assert judge(found("how do they knit", evidence=near), background()).refusal is Refusal.ONLY_NEAR


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
    ["how many steps are there", "how much coffee do they drink", "what percentage is remote", "how old"],
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


def test_an_empty_heading_far_from_the_question_is_no_reason() -> None:
    verdict = judge(found("how do they knit", evidence=WEAK), background(empty_section(0.1)))
    assert verdict.refusal is Refusal.NOTHING
    assert verdict.empty is None


def test_a_heading_is_as_near_as_the_nearest_thing_it_promises() -> None:
    assert empty_section(0.8).similarity(VECTOR) == pytest.approx(0.8)
