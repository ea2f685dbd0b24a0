from pathlib import Path

import pytest

from index.library import Snapshot
from knowledge.background import Background, read_background, searchable
from tests.fakes import HashingEmbedder, NumpyLibrary
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
    assert embedder.embedded == ["Salary", "How much do they earn?", "Prerequisites"]


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
    names = [f"Part {number}" for number in range(9)]
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
