"""Whether a question wants skills named, of which kind, and whether it is about nothing but skills."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.asking.vocabulary import stem
from knowledge.skills.asking import SkillsAsked, kind_wanted, kinds_called, names_little_else
from knowledge.skills.catalogue import load_catalogue

CATALOGUE = load_catalogue()
USUAL = frozenset(map(stem, ("backend", "engineer", "developer")))
KINDS: Mapping[str, Sequence[str]] = {"database": ["database", "data store"], "cache": ["cache"]}


# --- the kind that is wanted -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("database", "which databases should I learn"),
        ("database", "What databases do backend engineers use?"),
        ("database", "list the databases"),
        ("database", "name some databases"),
        ("database", "any database worth learning?"),
        ("database", "databases?"),
        ("database", "and databases?"),
        ("database", "what about databases"),
        ("database", "which data stores are mentioned"),
        ("database", "which kinds of databases are there"),
        ("database", "what database should a beginner pick"),
        ("database", "do I need to know any databases"),
        ("database", "which dbs do I need"),
        ("language", "what programming language should I learn first"),
        ("language", "which language do backend devs use"),
        ("language", "which programming languages are popular"),
        ("language", "what languages do I need to know"),
        ("language", "languages to learn"),
        ("language", "examples of backend languages"),
        ("language", "should I learn a programming language"),
        ("language", "what's the best programming language"),
        ("language", "programming languages used"),
        ("framework", "which frameworks are named"),
        ("framework", "what web frameworks do they use"),
        ("framework", "which framework goes with Python"),
        ("framework", "name all frameworks"),
        ("cloud", "which cloud providers do they use"),
        ("cloud", "what cloud platform should I choose"),
        ("messaging", "which message brokers are mentioned"),
        ("cache", "what caching tools do they use"),
        ("version-control", "which version control system do they use"),
        ("monitoring", "what monitoring tools should I know"),
        ("third-party", "which third-party services do they integrate"),
        ("api", "what kinds of APIs do they build"),
        ("api", "which API styles should I know"),
        ("database", "tell me which databases matter"),
        ("database", "can you list databases I should know?"),
        ("database", "what are some databases they work with"),
        ("database", "do they use databases"),
        ("language", "what language is used on the server side"),
        ("language", "in which languages do they write code"),
        ("language", "what language is backend written in"),
        ("framework", "backend frameworks?"),
        ("cloud", "which clouds"),
        ("database", "give me examples of databases"),
        ("language", "which one language should i master"),
    ],
)
def test_a_question_that_wants_examples_tells_of_which_kind(kind: str, text: str) -> None:
    assert CATALOGUE.asked(text).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "what problems do databases have",
        "how do they work with databases",
        "what is a database",
        "who designs the database",
        "what do they do with databases",
        "how many languages are there",
        "why are there so many programming languages",
        "what does database design involve",
        "what is database performance about",
        "what database problems do they solve",
        "which database tasks do they have",
        "how important are databases",
        "are databases hard",
        "is a database needed",
        "what makes a good language",
        "what is the role of the database",
        "do they talk to databases every day",
        "do they write database queries",
        "what kind of database work do they do",
        "how do APIs work",
        "what is an API",
        "what are APIs",
        "what is a framework",
        "what are frameworks for",
        "explain message queues",
        "what happens in the cloud",
        "what is cloud computing",
        "how does caching help",
        "what API endpoints do they build",
        "what soft skills do they need",
        "what does an engineer do all day",
        "do they need a degree",
        "what is version control",
        "the database crashed",
        "my database is slow, what should I do",
        "what should I know about databases",
        "what do I need to know about databases",
        "which engineers work with databases",
        "what questions about databases come up",
        "what is the difference between a database and a cache",
        "how do they monitor an API",
        "what is language like in code reviews",
        "",
        "?",
        "tell me a joke",
    ],
)
def test_a_question_about_a_kind_wants_no_examples_of_it(text: str) -> None:
    assert CATALOGUE.asked(text).kind is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("which databases", "database"),
        ("WHICH DATABASES", "database"),
        ("which data stores", "database"),
        ("which data-stores", "database"),
        ("which caches", "cache"),
        ("which databases or caches", "database"),  # the first kind of the catalogue
        ("which databasefish", None),
        ("which metadatabases", None),
        ("which languages", None),
    ],
)
def test_kinds_are_called_what_the_catalogue_calls_them(text: str, kind: str | None) -> None:
    assert kind_wanted(text, KINDS) == kind


def test_without_kinds_none_is_wanted() -> None:
    assert kind_wanted("which databases", {}) is None


@pytest.mark.parametrize(
    "detail", ["design", "tasks", "problems", "queries", "engineers", "admins", "performance", "changes"]
)
def test_a_kind_that_only_tells_which_work_is_meant_is_not_wanted(detail: str) -> None:
    assert kind_wanted(f"which database {detail} do they have", KINDS) is None
    assert kind_wanted(f"should I learn database {detail}", KINDS) is None


# --- the kinds a text speaks of ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Databases and caches.", {"database", "cache"}),
        ("Each data-store counts.", {"database"}),
        ("They cached it in a metadatabase.", set()),
        ("", set()),
    ],
)
def test_a_text_speaks_of_the_kinds_it_calls_by_name(text: str, kinds: set[str]) -> None:
    assert kinds_called(text, KINDS) == kinds


# --- little else -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Redis",
        "redis?",
        "what about Redis",
        "should I learn Redis",
        "is Redis worth learning",
        "Redis or MySQL",
        "do backend engineers use Redis",
        "which articles mention Redis",
        "is Redis a database",
        "is the Python language popular",
        "do the sources name Docker and Kafka?",
        "Python, then Java?",
    ],
)
def test_a_question_about_nothing_but_skills_is_about_them_alone(text: str) -> None:
    assert CATALOGUE.asked(text, USUAL).alone


@pytest.mark.parametrize(
    "text",
    [
        "how do I install Redis",
        "Redis latency",
        "why is Redis faster than MySQL",
        "what salary do Python developers earn",
        "did Docker break the build",
        "Redis cluster",
        "databases",
        "what do they do all day",
        "",
    ],
)
def test_a_question_that_asks_for_more_is_not(text: str) -> None:
    assert not CATALOGUE.asked(text, USUAL).alone


def test_what_stands_in_every_question_here_is_told_by_the_documents() -> None:
    text = "do backend engineers use Redis"
    assert CATALOGUE.asked(text, USUAL).alone
    assert not CATALOGUE.asked(text, frozenset()).alone


@pytest.mark.parametrize(
    ("spans", "alone"),
    [
        ([(0, 5), (10, 15)], True),
        ([(10, 15), (0, 5)], True),
        ([(0, 5)], False),
        ([], False),
    ],
)
def test_only_the_places_given_are_the_skills(spans: list[tuple[int, int]], alone: bool) -> None:
    assert names_little_else("redis and mysql?", spans, frozenset()) is alone


# --- all of it ---------------------------------------------------------------------------------------------


def test_skills_are_named_once_each_in_order() -> None:
    asked = CATALOGUE.asked("Redis, then MySQL, then Redis again?")
    assert [skill.name for skill in asked.named] == ["Redis", "MySQL"]


def test_a_question_that_names_nothing_asks_for_no_skills() -> None:
    assert CATALOGUE.asked("what do they do all day") == SkillsAsked()


@given(st.text(), st.frozensets(st.text(max_size=5)))
def test_any_text_can_be_asked(text: str, usual: frozenset[str]) -> None:
    asked = CATALOGUE.asked(text, usual)
    assert bool(asked.named) or not asked.alone


@given(st.lists(st.sampled_from(["Redis", "Kafka", "Docker", "MySQL"]), min_size=1, max_size=5))
def test_any_list_of_skills_is_about_them_alone(names: list[str]) -> None:
    asked = CATALOGUE.asked(", ".join(names))
    assert [skill.name for skill in asked.named] == list(dict.fromkeys(names))
    assert asked.alone


@pytest.mark.parametrize("piece", ["which ", "use a ", "the and ", "a-", "name some "])
def test_two_thousand_characters_are_read_at_once(piece: str) -> None:
    """A pattern that backtracks without end would not come back from these within a lifetime."""
    text = (piece * 2_000)[:2_000]
    assert all(kind_wanted(text + end, KINDS) is None for end in ("", "!", " databas", "\x00"))
