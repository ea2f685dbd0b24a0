"""Looking a skill up says which documents name it, in their words, as of the current generation."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.folder.library import FolderLibrary
from index.library import Library
from knowledge.skills.catalogue import load_catalogue
from knowledge.skills.lookup import Lookup, SkillReply
from knowledge.skills.names import Ambiguous, Known, Unknown
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import reindex, write

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


@pytest.fixture(params=ENGINES)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    made = ENGINES[request.param](tmp_path / "data")
    reindex(made, write(tmp_path / "documents", FILES))
    return made


def look_up(library: Library, query: str) -> SkillReply:
    return Lookup(catalogue=load_catalogue(), library=library).look_up(query)


def said(reply: SkillReply) -> dict[str, str]:
    return {quote.source.document: quote.text for quote in reply.quotes}


def test_a_known_skill_is_quoted_once_from_each_document_that_names_it(library: Library) -> None:
    reply = look_up(library, "postgres")
    assert isinstance(reply.resolution, Known)
    assert reply.query == "postgres"
    assert reply.skill is not None
    assert reply.skill.name == "PostgreSQL"
    assert reply.suggestions == ()
    assert said(reply) == {
        "ada": "Rows are kept in PostgreSQL.",
        "bob": "We started with Postgres and never left.",
    }


def test_a_list_item_is_quoted_whole_and_without_its_marker(library: Library) -> None:
    assert said(look_up(library, "k8s")) == {"ada": "Kubernetes, where one machine is not enough"}


def test_a_skill_hidden_in_another_word_is_not_named(library: Library) -> None:
    assert said(look_up(library, "redis")) == {"ada": "Redis answers before it does."}


def test_a_quote_can_be_proven_and_says_where_it_stands(library: Library) -> None:
    snapshot = library.current()
    assert snapshot is not None
    records = {record.id: record for record in snapshot.records()}
    quotes = [quote for name in ("postgres", "redis", "docker") for quote in look_up(library, name).quotes]
    assert len(quotes) == 4
    for quote in quotes:
        (passage,) = snapshot.passages([quote.passage])
        assert quote.text == records[quote.source.document].text[quote.start : quote.end]
        assert passage.start <= quote.start < quote.end <= passage.end
        assert quote.source.headings == passage.headings
    assert quotes[0].source.label.startswith("Ada on backends › ")
    assert quotes[0].source.label.endswith("Databases")
    assert quotes[0].source.origin.author == "Ada"


def test_a_known_skill_no_document_names_is_known_and_has_no_quotes(library: Library) -> None:
    reply = look_up(library, "GraphQL")
    assert reply.skill is not None
    assert (reply.quotes, reply.suggestions) == ((), ())


@pytest.mark.parametrize("query", ["", "   ", "\x00", "🎉", "xylophone", "q" * 5_000, "'; DROP TABLE --"])
def test_an_unknown_name_is_no_skill_and_has_no_quotes(library: Library, query: str) -> None:
    reply = look_up(library, query)
    assert isinstance(reply.resolution, Unknown)
    assert reply.query == query
    assert reply.skill is None
    assert reply.quotes == ()


def test_an_unknown_name_is_met_with_the_names_of_others_of_its_kind(library: Library) -> None:
    reply = look_up(library, "Oracle")
    assert isinstance(reply.resolution, Unknown)
    assert reply.suggestions == tuple(skill.name for skill in reply.resolution.nearest)
    assert "PostgreSQL" in reply.suggestions


def test_an_unclear_name_is_met_with_what_may_have_been_meant(library: Library) -> None:
    reply = look_up(library, "docker postgres")
    assert isinstance(reply.resolution, Ambiguous)
    assert reply.skill is None
    assert reply.quotes == ()
    assert set(reply.suggestions) == {"Docker", "PostgreSQL"}


def test_without_an_index_a_skill_is_known_though_nobody_names_it() -> None:
    reply = look_up(NumpyLibrary(), "postgres")
    assert reply.skill is not None
    assert reply.quotes == ()


def test_a_removed_document_takes_its_mentions_along(library: Library, tmp_path: Path) -> None:
    lookup = Lookup(catalogue=load_catalogue(), library=library)
    assert set(said(lookup.look_up("postgres"))) == {"ada", "bob"}
    reindex(library, write(tmp_path / "documents", {"bob.md": BOB}))
    assert set(said(lookup.look_up("postgres"))) == {"bob"}
    assert lookup.look_up("docker").quotes == ()


def test_a_rolled_back_document_is_quoted_again(library: Library, tmp_path: Path) -> None:
    lookup = Lookup(catalogue=load_catalogue(), library=library)
    reindex(library, write(tmp_path / "documents", {"bob.md": BOB}))
    with library.writing("a test"):
        library.rollback()
    assert set(said(lookup.look_up("postgres"))) == {"ada", "bob"}
