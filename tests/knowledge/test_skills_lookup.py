"""Looking a skill up says which documents name it, in their words, as of the current generation."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.folder.library import FolderLibrary
from index.library import Library
from knowledge.reindexing import Reindexer
from knowledge.skills.cards import Card, NotNamed, Unclear
from knowledge.skills.catalogue import load_catalogue
from knowledge.skills.kinds import SPOKEN
from knowledge.skills.lookup import Lookup
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import RoomyEmbedder, write

ENGINES: dict[str, Callable[[Path], Library]] = {
    "folder": FolderLibrary,
    "numpy": lambda _: NumpyLibrary(),
}
REGISTRY = """
[[source]]
file = "ada.md"
title = "Ada on backends"
author = "Ada"
"""
ADA = """# Storage

## Databases

Rows are kept in PostgreSQL. Redis answers before it does.

## Tools

- Docker, to ship it
- Kubernetes, where one machine is not enough
"""
BOB = """# Bob

We started with Postgres and never left. The word redistribution names no cache.

Later Postgres grew.
"""
FILES = {"sources.toml": REGISTRY, "ada.md": ADA, "bob.md": BOB}


CATALOGUE = load_catalogue()


def build(library: Library, folder: Path, *, catalogue: bool = True) -> None:
    reindexer = Reindexer(
        library=library,
        embedder=RoomyEmbedder(),
        size_limit=100_000,
        keep=3,
        catalogue=CATALOGUE if catalogue else None,
    )
    reindexer.run([folder], who="a test")


@pytest.fixture(params=ENGINES)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    made = ENGINES[request.param](tmp_path / "data")
    build(made, write(tmp_path / "documents", FILES))
    return made


def lookup(library: Library) -> Lookup:
    return Lookup(catalogue=CATALOGUE, library=library)


def card(library: Library, query: str) -> Card:
    found = lookup(library).card(query)
    assert isinstance(found, Card), found
    return found


def not_named(library: Library, query: str) -> NotNamed:
    found = lookup(library).card(query)
    assert isinstance(found, NotNamed), found
    return found


def said(found: Card) -> dict[str, str]:
    return {quote.source.document: quote.text for quote in found.said}


def test_a_named_skill_is_quoted_once_from_each_document_that_names_it(library: Library) -> None:
    found = card(library, "postgres")
    assert found.skill.name == "PostgreSQL"
    assert not found.only
    assert said(found) == {
        "ada": "Rows are kept in PostgreSQL.",
        "bob": "We started with Postgres and never left.",
    }


def test_a_list_item_is_quoted_whole_and_without_its_marker(library: Library) -> None:
    found = card(library, "k8s")
    assert said(found) == {"ada": "Kubernetes, where one machine is not enough"}
    assert found.only


def test_a_skill_hidden_in_another_word_is_not_named(library: Library) -> None:
    assert said(card(library, "redis")) == {"ada": "Redis answers before it does."}


def test_a_quote_can_be_proven_and_says_where_it_stands(library: Library) -> None:
    snapshot = library.current()
    assert snapshot is not None
    records = {record.id: record for record in snapshot.records()}
    quotes = [quote for name in ("postgres", "redis", "docker") for quote in card(library, name).said]
    assert len(quotes) == 4
    for quote in quotes:
        (passage,) = snapshot.passages([quote.passage])
        assert quote.text == records[quote.source.document].text[quote.start : quote.end]
        assert passage.start <= quote.start < quote.end <= passage.end
        assert quote.source.headings == passage.headings
    assert quotes[0].source.label.startswith("Ada on backends › ")
    assert quotes[0].source.label.endswith("Databases")
    assert quotes[0].source.origin.author == "Ada"


def test_a_known_skill_no_document_names_is_said_to_be_named_by_none(library: Library) -> None:
    found = not_named(library, "my sql")
    assert found.skill is not None
    assert (found.skill.name, found.kind, found.words) == ("MySQL", "database", ())
    assert [skill.name for skill in found.nearest] == ["PostgreSQL", "Redis"]


@pytest.mark.parametrize("query", ["", "   ", "\x00", "🎉", "xylophone", "q" * 5_000, "'; DROP TABLE --"])
def test_an_unknown_name_is_no_skill_and_nothing_is_near(library: Library, query: str) -> None:
    found = not_named(library, query)
    assert (found.query, found.skill, found.called, found.words) == (query, None, None, ())


def test_a_technology_known_by_name_only_is_told_by_its_kind_with_named_ones_of_it(library: Library) -> None:
    found = not_named(library, "the oracle database")
    assert (found.called, found.kind) == ("Oracle Database", "database")
    assert [skill.name for skill in found.nearest] == ["PostgreSQL", "Redis"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("redistribution", "The word redistribution names no cache."),
        ("one machine", "Kubernetes, where one machine is not enough"),
    ],
)
def test_words_that_stand_in_a_document_are_quoted_though_they_are_no_skill(
    library: Library, query: str, text: str
) -> None:
    assert [quote.text for quote in not_named(library, query).words] == [text]


@pytest.mark.parametrize("query", ["the", "a", "it does", "redistrib", "x" * 70])
def test_little_words_and_parts_of_words_are_not_said_to_stand_anywhere(library: Library, query: str) -> None:
    assert not_named(library, query).words == ()


def test_a_technology_that_is_no_catalogue_skill_is_quoted_where_a_document_names_it(tmp_path: Path) -> None:
    library = NumpyLibrary()
    build(library, write(tmp_path / "d", {"a.md": "# A\n\nThere was rust. The core is written in Rust.\n"}))
    found = not_named(library, "rust lang")
    assert found.called == "Rust"
    assert [quote.text for quote in found.words] == ["The core is written in Rust."]


def test_a_skill_that_an_admin_added_is_looked_up_like_any_other(tmp_path: Path) -> None:
    library = NumpyLibrary()
    own = '[[skill]]\nname = "Frobnicator"\nkind = "framework"\naliases = ["Frob"]\n'
    files = {"skills.toml": own, "a.md": "# A\n\nEverything here runs on Frob.\n"}
    build(library, write(tmp_path / "d", files))
    assert said(card(library, "frobnicatr")) == {"a": "Everything here runs on Frob."}
    assert [offer.name for offer in lookup(library).offers("frob")] == ["Frobnicator"]
    assert [of_kind.kind for of_kind in lookup(library).kinds()] == ["framework"]


def test_an_unclear_name_is_met_with_what_may_have_been_meant(library: Library) -> None:
    found = lookup(library).card("docker postgres")
    assert isinstance(found, Unclear)
    assert {skill.name for skill in found.choices} == {"Docker", "PostgreSQL"}


@pytest.mark.parametrize(("query", "kind"), [("postgres", Card), ("boot", Unclear), ("rust", NotNamed)])
def test_without_an_index_no_document_names_anything(query: str, kind: type) -> None:
    found = Lookup(catalogue=CATALOGUE, library=NumpyLibrary()).card(query)
    assert isinstance(found, NotNamed if kind is Card else kind)
    assert found.generation is None


def test_a_generation_built_without_sightings_is_looked_through_all_the_same(tmp_path: Path) -> None:
    library = NumpyLibrary()
    build(library, write(tmp_path / "documents", FILES), catalogue=False)
    assert set(said(card(library, "postgres"))) == {"ada", "bob"}


def test_a_removed_document_takes_its_mentions_along(library: Library, tmp_path: Path) -> None:
    one = lookup(library)
    assert isinstance(before := one.card("postgres"), Card)
    assert set(said(before)) == {"ada", "bob"}
    build(library, write(tmp_path / "documents", {"bob.md": BOB}))
    assert isinstance(after := one.card("postgres"), Card)
    assert set(said(after)) == {"bob"}
    assert after.generation == (before.generation or 0) + 1
    assert isinstance(one.card("docker"), NotNamed)
    assert [offer.name for offer in one.offers("")] == ["PostgreSQL"]


def test_a_rolled_back_document_is_quoted_again(library: Library, tmp_path: Path) -> None:
    one = lookup(library)
    build(library, write(tmp_path / "documents", {"bob.md": BOB}))
    assert isinstance(one.card("docker"), NotNamed)
    with library.writing("a test"):
        library.rollback()
    assert isinstance(one.card("docker"), Card)


def test_kinds_are_told_with_their_skills_the_most_named_first(library: Library) -> None:
    kinds = {of_kind.kind: of_kind.skills for of_kind in lookup(library).kinds()}
    named = {
        kind: [(counted.skill.name, counted.documents) for counted in skills]
        for kind, skills in kinds.items()
    }
    assert named["database"][0] == ("PostgreSQL", 2)
    assert ("Redis", 1) in named["database"]
    assert ("Redis", 1) in named["cache"]  # taken for both
    assert "language" not in named


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("database", "database"),
        ("Databases", "database"),
        (" DB ", "database"),
        ("container tools", "container"),
        ("caches", "cache"),
        ("soft skills", None),
        ("", None),
        ("🎉", None),
        ("languages", None),
    ],
)
def test_a_kind_is_known_as_people_call_it_where_something_of_it_is_named(
    library: Library, typed: str, kind: str | None
) -> None:
    found = lookup(library).kind(typed)
    assert (found.kind if found else None) == kind


def test_a_look_up_reads_the_generation_once(tmp_path: Path) -> None:
    library = NumpyLibrary()
    build(library, write(tmp_path / "documents", FILES))
    one = lookup(library)
    assert one.current() is one.current()
    assert one.card("redis") is one.card("redis cache")


@pytest.mark.parametrize("query", ["postgre sql", "fortran", "'; DROP TABLE --", "a b c d e f", "x" * 5_000])
def test_a_look_up_takes_less_than_five_milliseconds(library: Library, query: str) -> None:
    one = lookup(library)
    one.card(query)
    spent = []
    for _ in range(20):
        started = time.thread_time()
        one.card(query)
        spent.append(time.thread_time() - started)
    assert statistics.median(spent) < 0.005


def test_every_kind_is_understood_by_the_name_it_is_spoken_of(tmp_path: Path) -> None:
    text = "# A\n\nCI/CD, Docker, Stripe, REST, Python, Redis, Git and patience help.\n"
    library = NumpyLibrary()
    reindexer = Reindexer(
        library=library, embedder=RoomyEmbedder(), size_limit=100_000, keep=3, catalogue=CATALOGUE
    )
    reindexer.run([write(tmp_path / "d", {"a.md": text})], who="a test")
    known = lookup(library)
    assert len(known.kinds()) > 7
    for of_kind in known.kinds():
        assert known.kind(SPOKEN[of_kind.kind]) == of_kind
