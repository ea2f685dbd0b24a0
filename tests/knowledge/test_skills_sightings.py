"""What documents say of skills is found when a generation is built, and read from it alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.folder.library import FolderLibrary
from index.library import Library
from knowledge.corpus.reading import packaged_articles, read_corpus
from knowledge.entities import BlockKind, Document
from knowledge.reindexing import Reindexer
from knowledge.skills.catalogue import Catalogue, load_catalogue
from knowledge.skills.entries import parse
from knowledge.skills.sightings import Sighting, Sightings, read_sightings, with_sightings
from knowledge.splitting import split
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import Piece, RoomyEmbedder, document, measure, write

CATALOGUE = load_catalogue()
FILES = {
    "ada.md": "# Ada\n\n## Storage\n\nLearn PostgreSQL or MySQL. Redis answers before PostgreSQL does.\n\n"
    "## Tools\n\n- Docker\n- Git\n",
    "bob.md": "# Bob\n\nWe started with Postgres.\n\n## Steps to learn\n\n1. Learn Git.\n2. Learn SQL.\n",
}


def reindexer(library: Library, catalogue: Catalogue | None = CATALOGUE) -> Reindexer:
    return Reindexer(
        library=library, embedder=RoomyEmbedder(), size_limit=100_000, keep=3, catalogue=catalogue
    )


def build(library: Library, folder: Path) -> Sightings:
    reindexer(library).run([folder], who="a test")
    return current(library)


def current(library: Library) -> Sightings:
    snapshot = library.current()
    assert snapshot is not None
    return read_sightings(snapshot)


@pytest.fixture
def library(tmp_path: Path) -> FolderLibrary:
    return FolderLibrary(tmp_path / "data")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "documents", FILES)


Entry = tuple[tuple[str, ...], int | None, int | None]


def entries(*sections: tuple[list[str], list[Piece]], window: int = 200) -> dict[str, list[Entry]]:
    """Group, step and number of steps wherever a skill is named."""
    made = document(*sections)
    found: dict[str, list[Entry]] = {}
    for passage in with_sightings(made, split(made, measure(window)), CATALOGUE):
        for entry in passage.attributes["skills"]:
            found.setdefault(entry["name"], []).append((tuple(entry["group"]), entry["step"], entry["steps"]))
    return found


def steps(
    *sections: tuple[list[str], list[Piece]], window: int = 200
) -> dict[str, list[tuple[int | None, int | None]]]:
    found = entries(*sections, window=window)
    return {name: [(step, of) for _, step, of in places] for name, places in found.items()}


# --- read from a generation --------------------------------------------------------------------------------


def test_a_skill_is_sighted_where_its_name_stands(library: FolderLibrary, folder: Path) -> None:
    sightings = build(library, folder)
    snapshot = library.current()
    assert snapshot is not None
    texts = {record.id: record.text for record in snapshot.records()}
    found = sightings.of("PostgreSQL")
    assert [(s.document, texts[s.document][s.start : s.end]) for s in found] == [
        ("ada", "PostgreSQL"),
        ("ada", "PostgreSQL"),
        ("bob", "Postgres"),
    ]
    for sighting in found:
        (passage,) = snapshot.passages([sighting.passage])
        assert passage.document == sighting.document
        assert passage.start <= sighting.start < sighting.end <= passage.end
    assert [s.group for s in found] == [("PostgreSQL", "MySQL"), (), ()]


def test_skills_are_ordered_by_documents_then_by_mentions(library: FolderLibrary, folder: Path) -> None:
    sightings = build(library, folder)
    assert sightings.skills[:2] == ("PostgreSQL", "Git")
    assert set(sightings.skills) == {"PostgreSQL", "Git", "MySQL", "Redis", "Docker", "SQL"}
    assert sightings.of("Kafka") == ()


def test_skills_of_one_passage_are_together(library: FolderLibrary, folder: Path) -> None:
    sightings = build(library, folder)
    assert sightings.together("PostgreSQL") == {"MySQL": 1, "Redis": 1}
    assert sightings.together("Git") == {"Docker": 1, "SQL": 1}
    assert sightings.together("Kafka") == {}


def test_passages_are_counted_once_and_the_most_frequent_come_first() -> None:
    def sighted(skill: str, passage: str) -> Sighting:
        return Sighting(skill, "a", passage, 0, 1)

    named = [("A", "1"), ("A", "1"), ("C", "1"), ("B", "1"), ("B", "1"), ("A", "2"), ("B", "2"), ("C", "3")]
    sightings = Sightings(tuple(sighted(skill, passage) for skill, passage in named))
    assert list(sightings.together("A").items()) == [("B", 2), ("C", 1)]


def test_a_removed_document_takes_its_sightings_along(library: FolderLibrary, folder: Path) -> None:
    build(library, folder)
    sightings = build(library, write(folder, {"bob.md": FILES["bob.md"]}))
    assert set(sightings.skills) == {"PostgreSQL", "Git", "SQL"}
    assert {sighting.document for sighting in sightings.all} == {"bob"}
    with library.writing("a test"):
        library.rollback()
    assert "Docker" in current(library).skills


def test_every_engine_keeps_sightings(folder: Path) -> None:
    assert "Docker" in build(NumpyLibrary(), folder).skills


def test_a_generation_made_without_a_catalogue_has_no_sightings(library: FolderLibrary, folder: Path) -> None:
    reindexer(library, None).run([folder], who="a test")
    assert current(library) == Sightings()


@pytest.mark.parametrize("other", [None, Catalogue(parse('[[skill]]\nname = "Git"\nkind = "ci"'))])
def test_a_generation_searched_with_another_catalogue_is_built_again(
    library: FolderLibrary, folder: Path, other: Catalogue | None
) -> None:
    reindexer(library, other).run([folder], who="a test")
    snapshot = library.current()
    assert snapshot is not None
    assert reindexer(library, other).fits(snapshot)
    assert not reindexer(library).fits(snapshot)
    assert reindexer(library).run([folder], who="a test").published
    assert "Docker" in current(library).skills


# --- groups and steps --------------------------------------------------------------------------------------


def test_a_group_stays_inside_its_sentence_or_item() -> None:
    found = entries(
        (["Tools"], [("list", ["Docker", "or Kafka, or SQS"]), ("paragraph", ["Git. Or Redis."])])
    )
    groups = {name: places[0][0] for name, places in found.items()}
    assert groups == {
        "Docker": (),
        "Kafka": ("Kafka", "SQS"),
        "SQS": ("Kafka", "SQS"),
        "Git": (),
        "Redis": (),
    }


def test_the_items_of_a_list_announced_as_a_choice_are_one_group() -> None:
    listing: Piece = ("list", ["Python – for Django", "Java", "Something else than Ruby"])
    found = entries((["Start"], [("paragraph", ["Learn one of these languages:"]), listing]))
    group = ("Python", "Java")
    assert found == {
        "Python": [(group, None, None)],
        "Django": [((), None, None)],
        "Java": [(group, None, None)],
        "Ruby": [((), None, None)],
    }
    found = entries((["Start"], [("paragraph", ["Learn all of these languages:"]), listing]))
    assert {place[0] for places in found.values() for place in places} == {()}


@pytest.mark.parametrize(
    ("headings", "kind", "items", "expected"),
    [
        (["Steps"], "steps", ["Learn HTTP", "Learn Git and SQL"], {"HTTP": 1, "Git": 2, "SQL": 2}),
        (["How to become one", "Steps"], "steps", ["HTTP", "Git"], {"HTTP": 1, "Git": 2}),
        (["Roadmap"], "steps", ["HTTP", "Git"], {"HTTP": 1, "Git": 2}),
        (["Guide", "Learning path"], "list", ["HTTP", "Git"], {"HTTP": 1, "Git": 2}),
        (["Runbook"], "steps", ["Restart Docker", "Ask Kafka"], {"Docker": None, "Kafka": None}),
        (["Learning", "Tools"], "list", ["HTTP", "Git"], {"HTTP": None, "Git": None}),
        ([], "list", ["HTTP", "Git"], {"HTTP": None, "Git": None}),
        ([], "steps", ["Learn HTTP", "Learn Git"], {"HTTP": 1, "Git": 2}),
    ],
)
def test_a_step_is_the_place_in_an_ordered_list_of_what_to_learn(
    headings: list[str], kind: BlockKind, items: list[str], expected: dict[str, int | None]
) -> None:
    found = steps((headings, [(kind, items)]))
    assert found == {name: [(number, len(items) if number else None)] for name, number in expected.items()}


def test_steps_keep_their_numbers_where_a_long_list_is_cut() -> None:
    items = [f"Learn {name} " + "and rest well " * 3 for name in ("HTTP", "Git", "SQL", "Docker")]
    made = document((["Steps"], [("steps", items)]))
    assert len(split(made, measure(30))) > 1
    assert steps((["Steps"], [("steps", items)]), window=30) == {
        "HTTP": [(1, 4)],
        "Git": [(2, 4)],
        "SQL": [(3, 4)],
        "Docker": [(4, 4)],
    }


def test_what_is_nested_below_a_step_belongs_to_it(tmp_path: Path) -> None:
    text = "# Steps\n\n1. Learn SQL\n   - MySQL\n   - MongoDB\n2. Learn Git\n"
    (read,) = read_corpus([write(tmp_path, {"a.md": text})]).documents
    (passage,) = with_sightings(read, split(read, measure(200)), CATALOGUE)
    assert {entry["name"]: (entry["step"], entry["steps"]) for entry in passage.attributes["skills"]} == {
        "SQL": (1, 2),
        "MySQL": (1, 2),
        "MongoDB": (1, 2),
        "Git": (2, 2),
    }


# --- the shipped articles ----------------------------------------------------------------------------------

GROUPS = {
    "career-overview": [
        "REST GraphQL",
        "Node.js Python Java Go C#",
        "Node.js Java Python Go C#",
        "Relational_databases NoSQL",
        "PostgreSQL MySQL MongoDB",
    ],
    "inside-the-mind": ["AWS GCP Azure", "RabbitMQ Kafka"],
    "role-profile": [
        "Payment_processors Email_platforms Identity_providers",
        "Redis Memcached",
        "RabbitMQ Kafka SQS",
    ],
    "what-they-actually-do": [
        "AWS Stripe Google_Pay",
        "Java PHP JavaScript Python",
        "Spring Django Flask",
        "MySQL PostgreSQL MongoDB",
        "Git Bitbucket",
    ],
}
SEEDS = dict(
    zip(
        ("000", "001", "002", "003"),
        ("inside-the-mind", "role-profile", "career-overview", "what-they-actually-do"),
        strict=True,
    )
)


def groups_of(read: Document) -> list[str]:
    passages = with_sightings(read, split(read, measure(200)), CATALOGUE)
    groups = [
        (passage.id, " ".join(name.replace(" ", "_") for name in entry["group"]))
        for passage in passages
        for entry in passage.attributes["skills"]
        if entry["group"]
    ]
    return [group for _, group in dict.fromkeys(groups)]


def test_the_articles_leave_these_choices_and_no_other() -> None:
    assert {read.id: groups_of(read) for read in read_corpus([packaged_articles()]).documents} == GROUPS


@pytest.mark.seeds
def test_the_articles_as_found_leave_the_same_choices(seeds: Path) -> None:
    found = {SEEDS[read.id[:3]]: groups_of(read) for read in read_corpus([seeds]).documents}
    assert found == GROUPS


def test_the_articles_order_what_to_learn_in_seven_steps() -> None:
    read = next(d for d in read_corpus([packaged_articles()]).documents if d.id == "career-overview")
    passages = with_sightings(read, split(read, measure(200)), CATALOGUE)
    found = {
        e["name"]: (e["step"], e["steps"]) for p in passages for e in p.attributes["skills"] if e["step"]
    }
    assert found["HTTP"] == (2, 7)
    assert found["SQL"] == (3, 7)
    assert found["Open source"] == (7, 7)
    assert "Python" not in found


def test_what_was_found_before_is_replaced() -> None:
    made = document((["Tools"], [("paragraph", ["Git."])]))
    (passage,) = split(made, measure())
    stale = replace(passage, attributes={**passage.attributes, "skills": [{"name": "SQL"}]})
    (found,) = with_sightings(made, [stale], CATALOGUE)
    assert [entry["name"] for entry in found.attributes["skills"]] == ["Git"]
    assert found.attributes["parts"] == passage.attributes["parts"]
