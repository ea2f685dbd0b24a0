"""A card says what one generation says of a skill, and nothing it does not."""

from itertools import product
from pathlib import Path

import pytest

from index.folder.library import FolderLibrary
from index.library import Library
from knowledge.corpus.reading import packaged_articles
from knowledge.reindexing import Reindexer
from knowledge.skills.cards import Card
from knowledge.skills.catalogue import load_catalogue
from knowledge.skills.lookup import Lookup
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import RoomyEmbedder, write

CATALOGUE = load_catalogue()
ADA = """# Ada

Everything Ada knows.

## Languages

A language such as Python, Java, or C# will do.

## Docker

Images are small. With Docker we ship them. Docker runs on Azure too.

## Learning path

1. Learn Git.
2. Learn SQL, then Docker.
3. Rest.
"""
BOB = """# Bob

- Languages: Java, Python and Ruby
- Frameworks: Django, Flask, Spring Boot

Docker and Git go well with Python. Patience helps.
"""


def build(library: Library, *folders: Path) -> Lookup:
    reindexer = Reindexer(
        library=library, embedder=RoomyEmbedder(), size_limit=100_000, keep=3, catalogue=CATALOGUE
    )
    reindexer.run(folders, who="a test")
    return Lookup(catalogue=CATALOGUE, library=library)


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    folder = tmp_path_factory.mktemp("documents") / "all"
    return build(NumpyLibrary(), write(folder, {"ada.md": ADA, "bob.md": BOB}))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    library = FolderLibrary(tmp_path_factory.mktemp("data"))
    reindexer = Reindexer(
        library=library, embedder=RoomyEmbedder(), size_limit=100_000, keep=3, catalogue=CATALOGUE
    )
    reindexer.run([packaged_articles()], who="a test")
    return Lookup(catalogue=CATALOGUE, library=library)


def card(lookup: Lookup, name: str) -> Card:
    found = lookup.card(name)
    assert isinstance(found, Card), found
    return found


def test_best_quote_stands_under_its_name_or_begins_with_it(lookup: Lookup) -> None:
    said = {quote.source.document: quote.text for quote in card(lookup, "docker").said}
    assert said == {"ada": "Docker runs on Azure too.", "bob": "Docker and Git go well with Python."}


def test_group_says_who_offers_the_choice_and_holds_the_skill_itself(lookup: Lookup) -> None:
    (group,) = card(lookup, "python").groups
    assert group.skills == ("Python", "Java", "C#")
    assert [quote.text for quote in group.said] == ["A language such as Python, Java, or C# will do."]


def test_same_choice_in_two_documents_is_one_group(tmp_path: Path) -> None:
    files = {"a.md": "# A\n\nPick one of MySQL, Redis.\n", "b.md": "# B\n\nUse Redis or MySQL.\n"}
    found = build(NumpyLibrary(), write(tmp_path / "d", files))
    (group,) = card(found, "redis").groups
    assert [quote.source.document for quote in group.said] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "alternatives"),
    [
        ("python", ("Java", "C#")),
        ("ruby", ()),  # one plain list is no choice
        ("spring boot", ()),
        ("docker", ()),
        ("git", ()),
        ("patience", ()),
        ("sql", ()),  # Docker is beside it, and no language
    ],
)
def test_alternatives_stand_in_one_choice(lookup: Lookup, name: str, alternatives: tuple[str, ...]) -> None:
    assert card(lookup, name).alternatives == alternatives


def test_what_goes_with_a_thing_is_counted_by_passages_and_is_no_alternative(lookup: Lookup) -> None:
    found = card(lookup, "python")
    beside = dict(found.goes_with)
    assert beside["Docker"] == beside["Git"] == 1
    assert not beside.keys() & set(found.alternatives)
    assert "Patience" not in beside


def test_what_goes_with_a_skill_has_the_nearest_first_and_at_most_six(tmp_path: Path) -> None:
    text = (
        "# A\n\nPython, Java, Ruby, PHP and Go are languages:\n\n- Redis and MySQL\n"
        "- Docker, Kafka and CI/CD\n- Patience\n"
    )
    found = build(NumpyLibrary(), write(tmp_path / "d", {"a.md": text}))
    beside = [name for name, _ in card(found, "docker").goes_with]
    assert set(beside[:2]) == {"Kafka", "CI/CD"}
    assert set(beside[2:4]) == {"Redis", "MySQL"}
    assert len(beside) == 6
    assert "CI/CD" not in [name for name, _ in card(found, "redis").goes_with]  # in another item


def test_what_goes_with_kubernetes_in_the_shipped_articles_stands_beside_it(shipped: Lookup) -> None:
    beside = [name for name, _ in card(shipped, "kubernetes").goes_with]
    assert beside[0] == "Docker"
    assert "CI/CD" in beside[:3]
    assert "Java" not in beside


def test_what_is_listed_with_a_skill_is_not_named_beside_it_again(shipped: Lookup) -> None:
    assert "Bitbucket" not in dict(card(shipped, "git").goes_with)


def test_step_says_which_of_how_many_in_which_words(lookup: Lookup) -> None:
    (step,) = card(lookup, "sql").steps
    assert (step.number, step.steps, step.said.text) == (2, 3, "Learn SQL, then Docker.")
    assert [step.number for step in card(lookup, "docker").steps] == [2]
    assert card(lookup, "python").steps == ()


def test_only_is_true_where_a_single_document_names_it(lookup: Lookup) -> None:
    assert card(lookup, "c#").only
    assert not card(lookup, "python").only


def test_aliases_leave_out_mere_spacings(lookup: Lookup) -> None:
    assert all(alias.replace(" ", "") != "Springboot" for alias in card(lookup, "spring boot").aliases)
    for skill in CATALOGUE.skills:
        found = lookup.card(skill.name)
        if isinstance(found, Card):
            spelled = [alias.casefold().replace(" ", "").replace("-", "") for alias in found.aliases]
            assert len(spelled) == len(set(spelled))


@pytest.mark.parametrize(
    ("name", "aliases"),
    [
        ("Java", ()),  # its machine and its kit are not it
        ("SQL", ("Structured Query Language",)),
        ("Race conditions", ()),
        ("Database indexes", ()),
        ("Agile", ()),
        ("Database design", ()),
        ("Kafka", ("Apache Kafka",)),
        ("Kubernetes", ("K8s",)),
        ("Go", ("Golang",)),
        ("GCP", ("Google Cloud Platform", "Google Cloud")),
        ("CI/CD", ("continuous integration", "continuous delivery", "continuous deployment")),
    ],
)
def test_aliases_are_a_few_names_that_people_call_it_by(
    shipped: Lookup, name: str, aliases: tuple[str, ...]
) -> None:
    assert card(shipped, name).aliases == aliases


def test_related_skills_that_are_named_come_first(lookup: Lookup) -> None:
    current = lookup.current()
    assert current is not None
    for skill in current.evidence.skills.values():
        related = card(lookup, skill.name).related
        named = [name in current.evidence.skills for name in related]
        assert named == sorted(named, reverse=True)
        assert skill.name not in related


def test_every_card_of_the_shipped_articles_can_be_proven(shipped: Lookup) -> None:
    current = shipped.current()
    assert current is not None
    assert len(current.evidence.skills) > 80
    for skill in current.evidence.skills.values():
        found = card(shipped, skill.name)
        quotes = [*found.said, *(step.said for step in found.steps)]
        quotes += [quote for group in found.groups for quote in group.said]
        for quote in quotes:
            text = current.evidence.records[quote.source.document].text
            assert quote.text == text[quote.start : quote.end]
            assert any(mention.skill == skill for mention in CATALOGUE.find(quote.text)), quote.text
        assert len({quote.source.document for quote in found.said}) == len(found.said)


@pytest.mark.parametrize(
    ("name", "alternatives"),
    [
        ("Kubernetes", ()),
        ("Git", ()),
        ("Stripe", ()),
        ("AWS", ("GCP", "Azure")),
        ("Memcached", ("Redis",)),
        ("GraphQL", ("REST",)),
        ("SQS", ("RabbitMQ", "Kafka")),
        ("NoSQL", ("Relational databases",)),
    ],
)
def test_alternatives_in_the_shipped_articles_are_what_they_let_one_choose(
    shipped: Lookup, name: str, alternatives: tuple[str, ...]
) -> None:
    assert card(shipped, name).alternatives == alternatives


def test_examples_are_listed_with_each_other_and_no_choice(shipped: Lookup) -> None:
    (group,) = card(shipped, "Git").groups
    assert (group.skills, group.choice) == (("Git", "Bitbucket"), False)
    assert [group.choice for group in card(shipped, "Kafka").groups] == [True, False]


@pytest.mark.parametrize(
    ("name", "number", "alternatives"),
    [("SQL", 3, ()), ("Authentication", 5, ()), ("HTTP", 2, ())],
)
def test_learning_steps_of_the_shipped_articles_are_told(
    shipped: Lookup, name: str, number: int, alternatives: tuple[str, ...]
) -> None:
    found = card(shipped, name)
    assert [(step.number, step.steps) for step in found.steps] == [(number, 7)]
    assert found.alternatives == alternatives


def test_alternatives_of_the_shipped_articles_are_mutual(shipped: Lookup) -> None:
    current = shipped.current()
    assert current is not None
    cards = [card(shipped, name) for name in current.evidence.skills]
    for one, other in product(cards, cards):
        if len(one.alternatives) < 8 and len(other.alternatives) < 8:
            assert (other.skill.name in one.alternatives) == (one.skill.name in other.alternatives)
