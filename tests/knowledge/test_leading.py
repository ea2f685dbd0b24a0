"""What is said before the quotes: counted from the documents, and no verdict."""

from collections.abc import Sequence

import numpy as np
import pytest

from index.passages import Passage, Record
from index.search import Candidate
from knowledge.asking.conversation import Asked
from knowledge.asking.vocabulary import build_vocabulary
from knowledge.background import Background
from knowledge.choosing import Chosen
from knowledge.evidence import Evidence
from knowledge.finding import Found
from knowledge.leading import leads, wants_a_verdict
from knowledge.skills.asking import SkillsAsked
from knowledge.skills.entries import Skill
from knowledge.skills.namings import NamedIn, Namings

MYSQL, REDIS, MONGO = (Skill(name, "database") for name in ("MySQL", "Redis", "MongoDB"))
PYTHON = Skill("Python", "language")
EACH = "what does each article say"
VERDICT = "I give no verdict; this is what the documents say."


def named(document: str, *skills: Skill) -> NamedIn:
    return NamedIn(document, f"{document}#0", 0, skills)


PARTS = (
    named("a", MYSQL, REDIS, PYTHON),
    named("b", REDIS, MONGO),
    named("c", MYSQL),
    named("c", MYSQL, PYTHON),
)


def background(documents: str = "abcd", parts: Sequence[NamedIn] = PARTS) -> Background:
    return Background(
        generation=1,
        records={name: Record(name, "", "") for name in documents},
        vocabulary=build_vocabulary([]),
        is_word=lambda _: True,
        roles=frozenset(),
        empty_sections=(),
        openers=(),
        namings=Namings(tuple(parts)),
    )


def said(
    text: str = "which databases",
    *,
    skills: SkillsAsked | None = None,
    parts: Sequence[NamedIn] = (),
    quoted: str = "a",
    documents: str = "abcd",
) -> list[str]:
    ids = {f"{name}#{n}": name for n, name in enumerate(quoted)}
    passages = {one: Passage(one, name, 0, (), "x", 0, 1, "x", ()) for one, name in ids.items()}
    candidates = [Candidate(name, 0.5, 0.5, 0.0, 1, None, (0.5,)) for name in passages]
    found = Found(
        asked=Asked(text),
        text=text,
        vector=np.ones(2, np.float32),
        candidates=tuple(candidates),
        passages=passages,
        evidence=Evidence(meaning=1, body=1, lead=0, covered=1, unknown=0),
        unknown_words=(),
        skills=skills or SkillsAsked(),
        named=tuple(parts),
    )
    chosen = [Chosen(candidate, ((0, 1),)) for candidate in candidates]
    return list(leads(found, chosen, background(documents)))


# --- skills ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (PARTS[:1], "Named by 2 of 4 documents each: MySQL, Redis."),
        (PARTS[:2], "Named by 2 of 4 documents each: MySQL, Redis; by 1: MongoDB."),
        (PARTS[1:2], "Named by 2 of 4 documents: Redis; by 1: MongoDB."),
        (PARTS[2:], "Named by 2 of 4 documents: MySQL."),
    ],
)
def test_the_skills_of_a_kind_are_counted_over_all_documents_most_named_first(
    parts: Sequence[NamedIn], sentence: str
) -> None:
    assert said(skills=SkillsAsked(kind="database"), parts=parts) == [sentence]


@pytest.mark.parametrize(
    ("skills", "sentence"),
    [
        ((MYSQL,), "Named by 2 of 4 documents: MySQL."),
        ((MONGO, MYSQL), "Named by 2 of 4 documents: MySQL; by 1: MongoDB."),
        ((MYSQL, PYTHON), "Named by 2 of 4 documents each: MySQL, Python."),
        ((MYSQL, Skill("Rust", "language")), "Named by 2 of 4 documents: MySQL; by none: Rust."),
    ],
)
def test_skills_asked_for_by_name_are_counted_also_where_nobody_names_one(
    skills: tuple[Skill, ...], sentence: str
) -> None:
    asked = SkillsAsked(named=skills, alone=True)
    assert said("is MySQL needed", skills=asked, parts=PARTS[:1]) == [sentence]


def test_of_a_single_document_nothing_is_counted() -> None:
    assert said(skills=SkillsAsked(kind="database"), parts=PARTS[:1], documents="a") == []


# --- documents ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quoted", "sentences"),
    [
        (EACH, "abc", ["3 of 4 documents speak of this; here is what each says."]),
        (EACH, "aab", ["2 of 4 documents speak of this; here is what each says."]),
        (EACH, "aaa", []),
        (EACH, "a", []),
        ("what do they do", "abc", []),
    ],
)
def test_who_asks_what_each_document_says_is_told_how_many_speak(
    text: str, quoted: str, sentences: list[str]
) -> None:
    assert said(text, quoted=quoted) == sentences


# --- verdicts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "should I learn Python",
        "Is it worth it?",
        "is Python better",
        "would you recommend it",
        "which one is better",
        "is this the right job for me",
        "am I good enough",
        "can I become one without a degree",
        "could I do it at 40",
        "do I really need a degree",
        "so, is it ok to skip tests",
    ],
)
def test_who_wants_a_verdict_is_told_that_there_is_none(text: str) -> None:
    assert wants_a_verdict(text)
    assert said(text) == [VERDICT]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "what does a backend engineer do",
        "what should I learn first",
        "which databases should I know",
        "how do they get better",
        "where can I start",
        "name skills worth learning",
        "do they write tests",
        "is it remote",
        "is a degree required",
    ],
)
def test_who_wants_to_know_what_is_so_is_just_told(text: str) -> None:
    assert not wants_a_verdict(text)
    assert said(text) == []


def test_a_count_stands_in_place_of_the_word_about_verdicts() -> None:
    asked = SkillsAsked(named=(MYSQL,), alone=True)
    assert said("should I learn MySQL", skills=asked, parts=PARTS[:1]) == [
        "Named by 2 of 4 documents: MySQL."
    ]
    assert said("should I believe what each article says", quoted="ab") == [
        "2 of 4 documents speak of this; here is what each says."
    ]
