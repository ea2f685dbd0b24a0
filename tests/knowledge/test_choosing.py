"""Which passages are quoted, in which order, and how much of each."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passages import Passage
from index.search import Candidate
from knowledge.asking.conversation import Asked
from knowledge.asking.vocabulary import stems
from knowledge.choosing import (
    ALIKE,
    ALMOST,
    ANOTHER,
    APART,
    BRIEF,
    LENGTH,
    SAME,
    SHORT,
    Chosen,
    asks_of_each,
    choose,
)
from knowledge.evidence import Evidence
from knowledge.finding import Found
from knowledge.skills.namings import NamedIn
from knowledge.splitting import split
from tests.knowledge.documents import document, measure, prose

EACH = "what does each article say"
EVIDENCE = Evidence(meaning=0.8, body=0.8, lead=0.1, covered=1, unknown=0)


def passage(name: str, text: str) -> Passage:
    """The passage with this id, "document#ordinal"."""
    source = name.partition("#")[0]
    (found,) = split(document(([], prose(text)), title="", name=source), measure(2_000))
    return replace(found, id=name)


def ranking(*scored: tuple[str, float], text: str = "what do they do", length: int = 30) -> Found:
    """Candidates as ranked, each of one sentence that nobody else says."""
    texts = {
        name: f"{name.replace('#', ' number ')} {'x' * length}."[: length - 1] + "." for name, _ in scored
    }
    passages = {name: passage(name, said) for name, said in texts.items()}
    candidates = tuple(Candidate(name, score, score, 0.0, 1, None, (score,)) for name, score in scored)
    return Found(Asked(text), text, np.ones(2, np.float32), candidates, passages, EVIDENCE, ())


def chosen(found: Found, most: int = 3, *, brief: bool = False) -> Sequence[Chosen]:
    return choose(found, most, brief=brief).chosen


def names(found: Found, most: int = 3, *, brief: bool = False) -> list[str]:
    return [choice.candidate.passage for choice in chosen(found, most, brief=brief)]


def quoted(found: Found, most: int = 3, *, brief: bool = False) -> list[list[str]]:
    return [
        [found.passages[choice.candidate.passage].text[start:end] for start, end in choice.spans]
        for choice in chosen(found, most, brief=brief)
    ]


# --- which passages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scored", "expected"),
    [
        ([("a#0", 0.8)], ["a#0"]),
        ([("a#0", 0.8), ("b#0", 0.8 * ANOTHER + 0.001)], ["a#0", "b#0"]),
        ([("a#0", 0.8), ("b#0", 0.8 * ANOTHER - 0.001)], ["a#0"]),
        ([("a#0", 0.8), ("a#1", 0.8 * SAME + 0.001)], ["a#0", "a#1"]),
        ([("a#0", 0.8), ("a#1", 0.8 * SAME - 0.001)], ["a#0"]),
        ([("a#0", 0.8), ("b#0", 0.75), ("b#1", 0.8 * SAME - 0.001)], ["a#0", "b#0"]),
        ([("a#0", 0.8), ("a#1", 0.79), ("b#0", 0.7)], ["a#0", "b#0", "a#1"]),
        ([("a#0", 0.8), ("a#1", 0.79), ("b#0", 0.78), ("c#0", 0.77)], ["a#0", "b#0", "c#0"]),
        ([("a#0", 0.8), ("a#1", 0.79), ("a#2", 0.78), ("a#3", 0.77)], ["a#0", "a#1", "a#2"]),
        ([("a#0", 0.0), ("b#0", 0.0)], ["a#0", "b#0"]),
    ],
)
def test_the_best_is_quoted_and_what_comes_close_other_documents_first(
    scored: list[tuple[str, float]], expected: list[str]
) -> None:
    assert names(ranking(*scored)) == expected


@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_more_passages_are_quoted_than_wanted(most: int) -> None:
    found = ranking(("a#0", 0.8), ("b#0", 0.8), ("c#0", 0.8), ("d#0", 0.8))
    assert names(found, most) == ["a#0", "b#0", "c#0"][:most]


def test_where_each_document_is_asked_for_farther_ones_and_one_more_are_quoted() -> None:
    scored = (("a#0", 0.8), ("b#0", 0.6), ("c#0", 0.55), ("d#0", 0.8 * APART + 0.001), ("e#0", 0.4))
    assert names(ranking(*scored)) == ["a#0"]
    assert names(ranking(*scored, text=EACH)) == ["a#0", "b#0", "c#0", "d#0"]
    assert names(ranking(*scored, text=EACH), 2) == ["a#0", "b#0", "c#0"]


@pytest.mark.parametrize(
    "text",
    [
        EACH,
        "do all sources agree",
        "where do the articles disagree",
        "how do both documents define it",
        "which of the articles mentions Redis",
        "what do the other sources say",
        "do they contradict each other",
        "do the authors agree",
        "Which documents speak of pay?",
    ],
)
def test_a_question_about_the_documents_themselves_asks_of_each(text: str) -> None:
    assert asks_of_each(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "what does a backend engineer do",
        "which databases should I learn",
        "do they write documentation",
        "open source work",
        "do they read articles",
        "how many agreements are there",
    ],
)
def test_any_other_question_does_not(text: str) -> None:
    assert not asks_of_each(text)


# --- what was said before ----------------------------------------------------------------------------------


def shown(found: Found, *passages: str) -> Found:
    said = "\n".join(found.passages[name].text for name in passages)
    return replace(found, asked=Asked("what else", None, said))


def test_who_asks_for_something_else_is_not_told_the_same_again() -> None:
    found = ranking(("a#0", 0.8), ("b#0", 0.79), ("c#0", 0.78))
    assert names(shown(found, "a#0")) == ["b#0", "c#0"]
    assert names(shown(found, "a#0", "c#0")) == ["b#0"]


def test_where_everything_was_said_it_is_said_again_to_who_asks_a_question() -> None:
    found = shown(ranking(("a#0", 0.8), ("b#0", 0.79)), "a#0", "b#0")
    assert names(replace(found, asked=replace(found.asked, text="what else do they use?"))) == ["a#0", "b#0"]
    assert names(found) == []


@pytest.mark.parametrize(
    ("text", "said", "nothing_left"),
    [
        ("anything else?", ["a#0", "b#0"], True),
        ("anything else?", ["a#0", "b#0", "c#0"], True),
        ("anything else?", ["a#0"], False),
        ("anything else?", [], False),
        ("what else do they use?", ["a#0", "b#0", "c#0"], False),
    ],
)
def test_who_asks_for_more_is_told_when_all_that_comes_close_was_said(
    text: str, said: list[str], nothing_left: bool
) -> None:
    found = shown(ranking(("a#0", 0.8), ("b#0", 0.8 * ANOTHER), ("c#0", 0.8 * ANOTHER - 0.01)), *said)
    asked = replace(found, asked=replace(found.asked, text=text))
    assert (names(asked) == []) is nothing_left


@pytest.mark.parametrize(
    ("score", "meaning", "listed", "too"),
    [
        (0.8 * ALIKE, 0.1, True, True),
        (0.8 * ALIKE - 0.01, 0.8 * ALMOST - 0.01, True, False),
        (0.8 * ALIKE - 0.01, 0.8 * ALMOST, True, True),
        (0.8 * ALIKE - 0.01, 0.1, False, True),
    ],
)
def test_where_questions_are_listed_what_is_quoted_too_answers_by_itself(
    score: float, meaning: float, listed: bool, too: bool
) -> None:
    found = ranking(("a#0", 0.8), ("b#0", score))
    best, other = found.candidates
    told = {**found.passages["b#0"].attributes, "questions": ["What is it?"] if listed else []}
    passages = {**found.passages, "b#0": replace(found.passages["b#0"], attributes=told)}
    found = replace(found, passages=passages, candidates=(best, replace(other, meaning=meaning)))
    assert names(found) == (["a#0", "b#0"] if too else ["a#0"])
    assert names(replace(found, text=EACH)) == ["a#0", "b#0"]


# --- how much of each --------------------------------------------------------------------------------------

SENTENCES = tuple(f"Sentence {n} {'tells a little more ' * 4}here." for n in range(20))


def test_the_first_quote_may_be_longer_than_those_after_it() -> None:
    found = ranking(("a#0", 0.8), ("b#0", 0.79))
    long = {name: passage(name, " ".join(SENTENCES)) for name in ("a#0", "b#0")}
    near = (0.5, *(0.1 for _ in SENTENCES))
    candidates = tuple(replace(candidate, similarities=near) for candidate in found.candidates)
    found = replace(found, passages=long, candidates=candidates)
    [first], [second] = quoted(found)
    assert BRIEF < len(first) <= SHORT
    assert 0 < len(second) <= BRIEF
    assert all(len(said) <= BRIEF for [said] in quoted(found, brief=True))
    assert all(len(said) <= BRIEF for [said] in quoted(replace(found, text=EACH)))


def test_of_a_list_only_the_items_asked_for_are_quoted() -> None:
    found = ranking(("a#0", 0.8))
    items = ["Databases first", "Queues later (optional)", "Caches", "Tests"]
    (listed,) = split(document(([], [("list", items)]), name="a"), measure(200))
    near = replace(found.candidates[0], similarities=(0.5,) * 5)
    found = replace(found, passages={"a#0": listed}, candidates=(near,), telling=frozenset(stems("queue")))
    assert quoted(found) == [["Queues later (optional)"]]


def test_quotes_stop_where_a_message_would_be_full_but_the_first_is_always_given() -> None:
    scored = (("a#0", 0.8), ("b#0", 0.79), ("c#0", 0.78))
    assert names(ranking(*scored, length=LENGTH // 3)) == ["a#0", "b#0", "c#0"]
    assert names(ranking(*scored, length=LENGTH // 3 + 1)) == ["a#0", "b#0"]
    assert names(ranking(*scored, length=LENGTH + 1)) == ["a#0"]


# --- skills asked for by name ------------------------------------------------------------------------------


def naming(*parts: tuple[str, int], most: int = 3) -> tuple[list[str], list[list[str]]]:
    """What is quoted of documents whose passages have three sentences each."""
    scored = [(f"{name}#{n}", 0.5 - n / 10) for name in "abcde" for n in range(2)]
    found = ranking(*scored)
    passages = {name: passage(name, f"One {name}. Two {name}. Three {name}.") for name, _ in scored}
    named = tuple(NamedIn(name.partition("#")[0], name, place, ()) for name, place in parts)
    found = replace(found, passages=passages, named=named)
    return names(found, most), quoted(found, most)


def test_what_is_asked_for_by_name_is_quoted_by_the_sentence_that_names_it() -> None:
    assert naming(("b#1", 1), ("a#0", 0)) == (["b#1", "a#0"], [["Two b#1."], ["One a#0."]])


def test_of_each_document_the_first_naming_is_quoted() -> None:
    assert naming(("a#1", 2), ("a#1", 1), ("a#0", 0), ("b#0", 0))[1] == [["Three a#1."], ["One b#0."]]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_one_document_more_may_be_named(most: int) -> None:
    every = [(f"{name}#0", 0) for name in "abcde"]
    assert naming(*every, most=most)[0] == ["a#0", "b#0", "c#0", "d#0"][: most + 1]


# --- whatever the ranking ----------------------------------------------------------------------------------

rankings = st.lists(st.tuples(st.sampled_from("abcd"), st.floats(0, 1)), min_size=1, max_size=8).map(
    lambda pool: sorted(pool, key=lambda entry: -entry[1])
)


@given(rankings, st.integers(1, 3), st.booleans(), st.booleans())
def test_any_ranking_is_quoted_best_first_without_repeating_and_within_bounds(
    pool: list[tuple[str, float]], most: int, brief: bool, each: bool
) -> None:
    scored = [(f"{name}#{n}", score) for n, (name, score) in enumerate(pool)]
    found = ranking(*scored, text=EACH if each else "what do they do", length=400)
    choice_made = choose(found, most, brief=brief)
    quotes = choice_made.chosen
    picked = [choice.candidate.passage for choice in quotes]
    assert picked[0] == scored[0][0]
    assert len(set(picked)) == len(picked) <= most + each
    assert {*picked, *choice_made.dropped} == {name for name, _ in scored}
    assert choice_made.dropped.keys().isdisjoint(picked)
    assert sum(end - start for choice in quotes for start, end in choice.spans) <= LENGTH
    scores = [choice.candidate.score for choice in quotes]
    assert all(score >= APART * scores[0] for score in scores)


def test_beside_an_amount_no_passage_without_one_is_quoted() -> None:
    scored = ("pay#0", 0.8), ("role#0", 0.79), ("range#0", 0.78)
    found = ranking(*scored, text="how much do they earn")
    said = {"pay#0": "They earn $90,000.", "role#0": "They design servers.", "range#0": "It is €70,000."}
    found = replace(found, passages={name: passage(name, text) for name, text in said.items()})
    choice = choose(found, 3, brief=False)
    assert [chosen.candidate.passage for chosen in choice.chosen] == ["pay#0", "range#0"]
    other = replace(found, text="what do they do")
    assert len(choose(other, 3, brief=False).chosen) == 3
