"""While somebody types, skills that are named are offered: by any word, alias, short form or with a slip."""

import random
import statistics
import time
from pathlib import Path

import pytest

from knowledge.corpus.reading import packaged_articles
from knowledge.reindexing import Reindexer
from knowledge.skills.catalogue import load_catalogue
from knowledge.skills.lookup import Lookup
from knowledge.skills.offering import MOST, Offer
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import RoomyEmbedder, write

CATALOGUE = load_catalogue()
HOSTILE = [
    "a" * 6_000, "(" * 3_000, "x y " * 500, "\x00" * 100, "'; DROP TABLE skills; --", "е" * 100, "k" * 50,
    "ﬀ" * 200, "\u0301" * 1_000, "the the the the the the", "databse framewrok api servces queu clod",
    "postgre sql data base mangement sys", "a b c d e f", "%_%_", "\ud800", "🎉" * 50, "\\",
    "[a-z]*", "C# " * 30,
]  # fmt: skip


def build(*folders: object) -> Lookup:
    library = NumpyLibrary()
    reindexer = Reindexer(
        library=library, embedder=RoomyEmbedder(), size_limit=100_000, keep=3, catalogue=CATALOGUE
    )
    reindexer.run(folders, who="a test")  # type: ignore[arg-type]  # folders and packaged ones
    return Lookup(catalogue=CATALOGUE, library=library)


@pytest.fixture(scope="module")
def lookup() -> Lookup:
    return build(packaged_articles())


def offered(lookup: Lookup, typed: str) -> list[str]:
    return [offer.name for offer in lookup.offers(typed)]


@pytest.mark.parametrize("typed", ["", "   "])
def test_before_anything_is_typed_the_most_named_are_offered(lookup: Lookup, typed: str) -> None:
    current = lookup.current()
    assert current is not None
    names = offered(lookup, typed)
    counts = [current.evidence.documents[name] for name in names]
    assert len(names) == MOST
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("po", "PostgreSQL"),
        ("POSTGRES", "PostgreSQL"),
        ("pg", "PostgreSQL"),
        ("k8", "Kubernetes"),
        ("kube", "Kubernetes"),
        ("golang", "Go"),
        ("ci", "CI/CD"),
        ("continuous", "CI/CD"),
        ("restf", "REST"),
        ("c#", "C#"),
        ("node", "Node.js"),
        ("js", "JavaScript"),
        ("google cl", "GCP"),
        ("amazon web", "AWS"),
        ("queues", "Message queues"),
        ("postgre sql", "PostgreSQL"),
        ("pyhton", "Python"),
        ("psotg", "PostgreSQL"),
        ("kubernets", "Kubernetes"),
        ("rabitm", "RabbitMQ"),
        ("memcahc", "Memcached"),
        ("the python lang", "Python"),
        ("contaneri", "Containerization"),
    ],
)
def test_what_is_typed_so_far_offers_the_skill_first(lookup: Lookup, typed: str, name: str) -> None:
    assert offered(lookup, typed)[:1] == [name]


@pytest.mark.parametrize(
    ("typed", "name"),
    [("boot", "Spring Boot"), ("relic", "New Relic"), ("review", "Code review"), ("cache", "Caching")],
)
def test_any_word_of_a_name_begins_it(lookup: Lookup, typed: str, name: str) -> None:
    assert name in offered(lookup, typed)[:2]


def test_names_come_before_other_names_and_the_most_named_first(lookup: Lookup) -> None:
    names = offered(lookup, "p")
    assert names.index("Python") < names.index("PHP")
    assert offered(lookup, "spring")[:2] == ["Spring", "Spring Boot"]


@pytest.mark.parametrize("typed", ["xyzzy", "🎉", "--", "qqqqqqqq"])
def test_nothing_near_is_offered_nothing(lookup: Lookup, typed: str) -> None:
    assert offered(lookup, typed) == []


def test_every_label_tells_the_kind_and_fits(lookup: Lookup) -> None:
    assert lookup.offers("redis")[0] == Offer("Redis", "Redis – database, also cache")
    assert lookup.offers("patience")[0].label == "Patience – soft skill"
    assert lookup.offers("graphql")[0].label == "GraphQL – API"
    assert lookup.offers("ci/cd")[0].label == "CI/CD"
    assert lookup.offers("monitoring")[0].label == "Monitoring"
    names = [skill.name for skill in CATALOGUE.skills]
    for typed in ["", *names, *(name[:2] for name in names)]:
        offers = lookup.offers(typed)
        assert len(offers) <= MOST
        assert len({offer.name for offer in offers}) == len(offers)
        assert all(len(offer.label) <= 100 and len(offer.name) <= 100 for offer in offers)


def test_each_skill_is_offered_first_once_its_name_is_typed(lookup: Lookup) -> None:
    current = lookup.current()
    assert current is not None
    for name in current.evidence.skills:
        assert offered(lookup, name)[0] == name
        assert offered(lookup, name.upper())[0] == name


def test_only_skills_that_are_named_are_offered(tmp_path: Path) -> None:
    found = build(write(tmp_path / "d", {"a.md": "# A\n\nWe keep rows in Redis.\n"}))
    assert offered(found, "") == offered(found, "re") == ["Redis"]
    assert offered(found, "docker") == []


def test_without_an_index_nothing_is_offered() -> None:
    assert Lookup(catalogue=CATALOGUE, library=NumpyLibrary()).offers("re") == ()


def test_a_keystroke_takes_less_than_five_milliseconds(lookup: Lookup) -> None:
    dice = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz #+./-"
    typed = ["".join(dice.choices(letters, k=dice.randint(1, 60))) for _ in range(300)]
    typed += [skill.name[:size] for skill in CATALOGUE.skills for size in (1, 2, 3, 5, 8)]
    spent = []
    for text in [*typed, *HOSTILE * 3]:
        started = time.thread_time()
        lookup.offers(text)
        spent.append(time.thread_time() - started)
    assert statistics.quantiles(spent, n=100)[-1] < 0.005
