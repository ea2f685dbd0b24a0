from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from index.library import Snapshot
from knowledge.asking.vocabulary import build_vocabulary
from knowledge.background import (
    Background,
    Unanswered,
    listed_questions,
    read_background,
    searchable,
)
from knowledge.skills.asking import SkillsAsked
from knowledge.skills.catalogue import load_catalogue
from knowledge.skills.entries import Skill
from knowledge.skills.namings import NamedIn, Namings
from tests.fakes import HashingEmbedder, NumpyLibrary
from tests.index.samples import build, contents
from tests.knowledge.documents import reindex, write

REGISTRY = """
[[source]]
file = "engineer.md"
title = "Backend Engineer"
author = "Ada"
date = "2025-04-14"
site = "example.org"
link = "https://example.org/engineer"
restates = true
[source.topics]
"Skills" = ["Which skills matter?", "What should I learn?"]
"Salary" = ["How much do they earn?"]
"""
ENGINEER = """
# Skills

Databases and queues.

# Salary

# Prerequisites

No prerequisites listed yet.
"""


def read(folder: Path, files: dict[str, str], embedder: HashingEmbedder) -> tuple[Snapshot, Background]:
    library = NumpyLibrary()
    reindex(library, write(folder, files))
    snapshot = library.current()
    assert snapshot is not None
    return snapshot, read_background(snapshot, embedder)


@pytest.fixture
def engineer(tmp_path: Path, embedder: HashingEmbedder) -> tuple[Snapshot, Background]:
    return read(tmp_path, {"sources.toml": REGISTRY, "engineer.md": ENGINEER}, embedder)


def test_a_passage_is_credited_to_its_source_as_registered(engineer: tuple[Snapshot, Background]) -> None:
    snapshot, background = engineer
    source = background.source(snapshot.passages_of("engineer")[0])
    assert source.label == "Backend Engineer › Skills"
    assert source.origin.link == "https://example.org/engineer"
    assert all(
        part in source.credit for part in ("restated", "Backend Engineer", "Ada", "2025-04-14", "example.org")
    )


def test_what_a_source_does_not_state_is_said_to_be_not_stated(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    snapshot, background = read(tmp_path, {"plain.md": "# Plain\n\nSome words here.\n"}, embedder)
    credit = background.source(snapshot.passages_of("plain")[0]).credit
    assert "author not stated" in credit
    assert "date not stated" in credit
    assert "restated" not in credit


def test_headings_with_nothing_under_them_are_remembered_with_their_source(
    engineer: tuple[Snapshot, Background],
) -> None:
    salary, prerequisites = engineer[1].empty_sections
    assert salary.source.label == "Backend Engineer › Salary"
    assert salary.placeholder is None
    assert prerequisites.placeholder == "No prerequisites listed yet."


def test_an_empty_heading_is_near_its_name_and_the_questions_it_promises_to_answer(
    engineer: tuple[Snapshot, Background],
) -> None:
    embedder = HashingEmbedder()
    salary = engineer[1].empty_sections[0]
    for text in ("Salary", "How much do they earn?"):
        assert salary.similarity(embedder.embed([text])[0]) == pytest.approx(1, abs=1e-5)
    assert salary.similarity(embedder.embed(["tomatoes"])[0]) < 0.5


def test_reading_a_generation_embeds_only_what_its_empty_headings_promise(
    engineer: tuple[Snapshot, Background], embedder: HashingEmbedder
) -> None:
    assert embedder.embedded == [
        *("Salary", "How much do they earn?"),
        *("Prerequisites", "Backend Engineer: Prerequisites"),
    ]


def test_a_generation_without_empty_headings_or_questions_has_none(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    background = read(tmp_path, {"plain.md": "# Plain\n\nSome words here.\n"}, embedder)[1]
    assert background.empty_sections == ()
    assert background.openers == ()
    assert background.roles == frozenset()


def test_the_roles_and_words_of_a_generation_are_those_of_its_documents(
    engineer: tuple[Snapshot, Background],
) -> None:
    background = engineer[1]
    assert background.roles == {"backend"}
    assert background.vocabulary.knows("databases")
    assert background.vocabulary.knows("learn")  # a question it answers
    assert not background.vocabulary.knows("tomatoes")


def test_openers_are_questions_of_different_sections(tmp_path: Path, embedder: HashingEmbedder) -> None:
    names = ["Soil", "Rain", "Sunlight", "Compost", "Greenhouses", "Harvest", "Storage", "Markets", "Tools"]
    registry = '[[source]]\nfile = "parts.md"\n[source.topics]\n' + "\n".join(
        f'"{name}" = ["What is in {name}?", "Tell me about {name}"]' for name in names
    )
    text = "\n".join(f"# {name}\n\nSome words.\n" for name in names)
    openers = read(tmp_path, {"sources.toml": registry, "parts.md": text}, embedder)[1].openers
    assert 1 < len(set(openers)) == len(openers)
    assert set(openers) <= {f"What is in {name}?" for name in names}


def test_what_is_searched_holds_headings_text_and_questions(engineer: tuple[Snapshot, Background]) -> None:
    text = searchable(engineer[0].passages_of("engineer")[0])
    assert all(part in text for part in ("Skills", "Databases and queues.", "What should I learn?"))


def test_a_word_the_tokenizer_keeps_whole_is_a_word(tmp_path: Path) -> None:
    class Pieces(HashingEmbedder):
        def count_tokens(self, text: str) -> int:
            return 2 + sum(1 + (word == "kubernets") for word in text.split())

    background = read(tmp_path, {"plain.md": "# Plain\n\nSome words here.\n"}, Pieces())[1]
    assert background.is_word("rust")
    assert not background.is_word("kubernets")


# --- near misses -------------------------------------------------------------------------------------------

QUESTION = np.array([1.0, 0.0], dtype=np.float32)


def known(*cosines: float, documents: str = "a") -> Unanswered:
    """Near misses of these documents, as near to `QUESTION` as told."""
    rows = np.array([[cosine, (1 - cosine**2) ** 0.5] for cosine in cosines], dtype=np.float32)
    return Unanswered(frozenset(documents), tuple(f"{documents} {cosine}" for cosine in cosines), rows)


def aware(*unanswered: Unanswered, namings: Namings | None = None) -> Background:
    return Background(
        generation=1,
        records={},
        vocabulary=build_vocabulary([]),
        is_word=lambda _: True,
        roles=frozenset(),
        empty_sections=(),
        openers=(),
        namings=namings or Namings(),
        unanswered=unanswered,
    )


@pytest.mark.parametrize(
    ("document", "below", "nearest", "question"),
    [
        ("a", 2.0, 0.9, "ab 0.9"),
        ("b", 2.0, 0.9, "ab 0.9"),
        ("c", 2.0, 0.8, "c 0.8"),
        ("d", 2.0, 0.0, None),
        ("a", 0.85, 0.6, "a 0.6"),
        ("a", 0.5, 0.3, "a 0.3"),
        ("b", 0.85, 0.1, "ab 0.1"),
    ],
)
def test_the_nearest_question_a_document_does_not_answer_is_found(
    document: str, below: float, nearest: float, question: str | None
) -> None:
    background = aware(known(0.6, 0.3), known(0.1, 0.9, documents="ab"), known(0.8, documents="c"))
    found, text = background.near_miss(QUESTION, document, below)
    assert (round(found, 4), text) == (nearest, question)


def test_a_generation_that_knows_no_near_misses_is_near_none() -> None:
    assert aware().near_miss(QUESTION, "a", 2.0) == (0.0, None)


def test_near_misses_are_read_with_the_documents_they_belong_to(tmp_path: Path) -> None:
    files = {
        "a.md": "# A\n\nQueues carry messages.\n",
        "b.md": "# B\n\nCaches keep answers.\n",
        "near_misses.toml": '[[group]]\nquestions = ["What do queues cost?", "Who sells caches?"]\n',
    }
    embedder = HashingEmbedder()
    background = read(tmp_path, files, embedder)[1]
    (unanswered,) = background.unanswered
    assert unanswered.documents == {"a", "b"}
    assert unanswered.questions == ("What do queues cost?", "Who sells caches?")
    vector = embedder.embed(["Who sells caches?"])[0]
    found, text = background.near_miss(vector, "b", 2.0)
    assert (round(found, 4), text) == (1.0, "Who sells caches?")


@pytest.mark.parametrize("facts", [{}, {"near_misses": []}])
def test_a_generation_without_near_misses_or_calibration_has_none(facts: Mapping[str, object]) -> None:
    """Those made before there were any still answer."""
    background = read_background(bare(facts), HashingEmbedder())
    assert (background.unanswered, background.floor) == ((), None)


def test_near_misses_without_a_question_are_left_out() -> None:
    facts = {"near_misses": [{"documents": ["guide"], "questions": []}]}
    assert read_background(bare(facts), HashingEmbedder()).unanswered == ()


def test_the_floor_is_that_of_the_calibration(
    tmp_path: Path, embedder: HashingEmbedder, engineer: tuple[Snapshot, Background]
) -> None:
    snapshot, background = engineer
    assert background.floor == snapshot.manifest.facts["calibration"]["floor"]
    assert read_background(bare({"calibration": {"floor": 0.55}}), embedder).floor == 0.55


def bare(facts: Mapping[str, object]) -> Snapshot:
    """A generation with these facts and nothing to read."""
    library = NumpyLibrary()
    return build(library, contents(passages=[], records=[], facts=facts)).snapshot


# --- listed questions --------------------------------------------------------------------------------------


def test_listed_questions_are_those_of_sections_with_something_in_them(
    engineer: tuple[Snapshot, Background],
) -> None:
    assert listed_questions(engineer[0]) == ("Which skills matter?", "What should I learn?")


def test_a_question_listed_twice_is_listed_once_in_the_order_of_the_documents(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    registry = "".join(
        f'[[source]]\nfile = "{name}.md"\n[source.topics]\n"{name}" = ["About {name}?", "Why?"]\n'
        for name in "ba"
    )
    files = {"sources.toml": registry, **{f"{name}.md": f"# {name}\n\nWords of {name}.\n" for name in "ab"}}
    assert listed_questions(read(tmp_path, files, embedder)[0]) == ("About a?", "Why?", "About b?")


def test_documents_that_list_nothing_have_no_listed_questions(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    snapshot = read(tmp_path, {"plain.md": "# Plain\n\nSome words here.\n"}, embedder)[0]
    assert listed_questions(snapshot) == ()


# --- skills ------------------------------------------------------------------------------------------------

MYSQL, REDIS = Skill("MySQL", "database"), Skill("Redis", "database")
LIST, SINGLE = NamedIn("a", "a#0", 0, (MYSQL, REDIS)), NamedIn("b", "b#0", 0, (REDIS,))


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        (SkillsAsked(kind="database"), [LIST]),
        (SkillsAsked(kind="language"), []),
        (SkillsAsked((REDIS,), alone=True), [LIST, SINGLE]),
        (SkillsAsked((MYSQL,), alone=True), [LIST]),
        (SkillsAsked((MYSQL,)), []),
        (SkillsAsked(), []),
        (SkillsAsked((REDIS,), kind="database", alone=True), [LIST]),
    ],
)
def test_parts_that_name_skills_answer_only_who_asks_for_names(
    asked: SkillsAsked, parts: list[NamedIn]
) -> None:
    assert aware(namings=Namings((LIST, SINGLE))).naming(asked) == parts


def test_without_a_catalogue_a_question_asks_for_no_skills_and_nobody_names_one(
    engineer: tuple[Snapshot, Background],
) -> None:
    assert engineer[1].skills_asked("which databases should I learn") == SkillsAsked()
    assert engineer[1].namings == Namings()


def test_with_a_catalogue_skills_are_found_in_questions_and_documents(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    text = "# Backend Engineer\n\nThey write SQL. They keep MySQL and Redis.\n"
    snapshot = read(tmp_path, {"engineer.md": text}, embedder)[0]
    background = read_background(snapshot, embedder, load_catalogue())
    named = background.skills_asked("do backend engineers need Redis")
    assert ([skill.name for skill in named.named], named.alone) == (["Redis"], True)
    (part,) = background.naming(background.skills_asked("which databases should I learn"))
    assert [skill.name for skill in part.skills] == ["MySQL", "Redis"]


def test_a_technology_that_no_document_names_is_told(tmp_path: Path, embedder: HashingEmbedder) -> None:
    text = "# Backend Engineer\n\nThey keep MySQL and Redis.\n"
    snapshot = read(tmp_path, {"engineer.md": text}, embedder)[0]
    background = read_background(snapshot, embedder, load_catalogue())
    assert background.unnamed("do they use Jira or MySQL", sure=False) == "Jira"
    assert background.unnamed("do they use MySQL", sure=True) is None
    assert background.unnamed("how do they react to alerts", sure=False) is None
    assert background.unnamed("react?", sure=True) == "React"
    assert read_background(snapshot, embedder).unnamed("do they use Jira", sure=True) is None


# --- voices ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "documents", "left"),
    [
        ("what does Ada Lovelace say", {"a", "b"}, "what does it say"),
        ("ada lovelace's view of queues", {"a", "b"}, "it view of queues"),
        ("what does example.org name", {"b"}, "what does it name"),
        ("what do Ada Lovelace and example.org say", {"a", "b"}, "what do it and it say"),
        ("what does Ada say", set(), "what does Ada say"),
        ("what do they do", set(), "what do they do"),
    ],
)
def test_authors_and_sites_named_tell_which_documents_are_meant(
    tmp_path: Path, embedder: HashingEmbedder, text: str, documents: set[str], left: str
) -> None:
    registry = (
        '[[source]]\nfile = "a.md"\nauthor = "Ada Lovelace"\n'
        '[[source]]\nfile = "b.md"\nauthor = "Ada Lovelace"\nsite = "example.org"\n'
    )
    files = {"sources.toml": registry, "a.md": "# A\n\nQueues.\n", "b.md": "# B\n\nCaches.\n"}
    background = read(tmp_path, files, embedder)[1]
    assert background.told_by(text) == documents
    assert background.without_voices(text) == left


@pytest.mark.parametrize(
    ("question", "declined"),
    [
        ("is React used by backend engineers?", "React"),
        ("how do they react to an outage?", None),
        ("React quickly to what?", None),
        ("is Kotlin used by backend engineers?", "Kotlin"),
        ("is Angular used by backend engineers?", None),
    ],
)
def test_name_is_told_from_the_word_it_is_made_of(
    tmp_path: Path, embedder: HashingEmbedder, question: str, declined: str | None
) -> None:
    text = "# Outages\n\nEngineers react fast, from any angular distance. Some like Angular.\n"
    snapshot = read(tmp_path, {"outages.md": text}, embedder)[0]
    background = read_background(snapshot, embedder, load_catalogue())
    assert background.unnamed(question, sure=True) == declined
