"""Two skills, or one topic across the documents, side by side: evidence only, and what nobody says."""

from pathlib import Path

import pytest

from index.passages import Hit
from knowledge.entities import Quote
from knowledge.reindexing import Reindexer
from knowledge.skills.cards import Card, NotNamed, Unclear
from knowledge.skills.catalogue import load_catalogue
from knowledge.skills.comparing import Search, across_documents, compare, two_of
from knowledge.skills.lookup import GenerationSkills, Lookup
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import RoomyEmbedder, write

CATALOGUE = load_catalogue()
ADA = """# Ada

Rows are kept in PostgreSQL or MySQL. Caches such as Redis, Memcached help.

Kafka is easier to run than RabbitMQ.

## Onboarding

New people pair for a week. Then they are on their own.

## Pay
"""
BOB = """# Bob

- Tools: Docker, Redis, PostgreSQL

Caching layers (Redis or Memcached) give better performance than disks. Onboarding takes Bob a day.
Unlike Git, Docker is heavy.
"""


def build(folder: Path) -> Lookup:
    library = NumpyLibrary()
    reindexer = Reindexer(
        library=library, embedder=RoomyEmbedder(), size_limit=100_000, keep=3, catalogue=CATALOGUE
    )
    reindexer.run([folder], who="a test")
    return Lookup(catalogue=CATALOGUE, library=library)


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    return build(write(tmp_path_factory.mktemp("a") / "documents", {"ada.md": ADA, "bob.md": BOB}))


def known(lookup: Lookup) -> GenerationSkills:
    found = lookup.current()
    assert found is not None
    return found


def by_words(lookup: Lookup) -> Search:
    def search(text: str, limit: int) -> list[Hit]:
        return known(lookup).snapshot.matching(text, limit)

    return search


def texts(quotes: tuple[Quote, ...]) -> list[str]:
    return [quote.text for quote in quotes]


def test_both_sides_are_cards_and_shared_lists_are_quoted(lookup: Lookup) -> None:
    found = compare(lookup, "postgres", "my sql")
    assert isinstance(found.first, Card)
    assert isinstance(found.second, Card)
    assert (found.first.skill.name, found.second.skill.name) == ("PostgreSQL", "MySQL")
    assert texts(found.together) == ["Rows are kept in PostgreSQL or MySQL."]
    assert found.one_of == (("PostgreSQL", "MySQL"),)
    assert found.compared == ()
    assert found.unsaid == ("No document compares them, or says which is better.",)


def test_words_of_comparing_elsewhere_in_a_sentence_do_not_compare(lookup: Lookup) -> None:
    found = compare(lookup, "redis", "memcached")
    assert "Caching layers (Redis or Memcached) give better performance than disks." in texts(found.together)
    assert found.compared == ()
    assert found.unsaid == ("No document compares them, or says which is better.",)


@pytest.mark.parametrize(("first", "second"), [("patience", "communication"), ("patience", "git")])
def test_of_habits_nobody_is_said_to_call_one_better(tmp_path: Path, first: str, second: str) -> None:
    files = {"a.md": "# A\n\nPatience, Git and communication help.\n"}
    found = compare(build(write(tmp_path / "d", files)), first, second)
    assert texts(found.together) == ["Patience, Git and communication help."]
    assert found.unsaid == ()


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("kafka", "rabbit mq", "Kafka is easier to run than RabbitMQ."),
        ("rabbit mq", "kafka", "Kafka is easier to run than RabbitMQ."),
        ("docker", "git", "Unlike Git, Docker is heavy."),
    ],
)
def test_a_sentence_that_compares_is_quoted_and_nothing_is_called_unsaid(
    lookup: Lookup, first: str, second: str, said: str
) -> None:
    found = compare(lookup, first, second)
    assert texts(found.compared) == [said]
    assert found.unsaid == ()


def test_skills_that_never_meet_are_said_to_stand_in_no_section_together(lookup: Lookup) -> None:
    found = compare(lookup, "kafka", "docker")
    assert found.together == ()
    assert found.unsaid[0] == "No document names Kafka and Docker in one section."


def test_skills_in_two_items_of_one_list_are_quoted_from_one_to_the_other(tmp_path: Path) -> None:
    text = "# A\n\nAll this:\n\n- Python\n- Redis first\n- rest\n- then Kafka\n- Java\n"
    lookup = build(write(tmp_path / "d", {"a.md": text, "b.md": "# B\n\nUse Kafka. Use Redis.\n"}))
    found = compare(lookup, "kafka", "redis")
    assert texts(found.together) == ["- Redis first\n- rest\n- then Kafka", "Use Kafka. Use Redis."]
    assert found.unsaid[0] == (
        "No document names Kafka and Redis in one sentence or list item; «A» names both in one list."
    )
    assert isinstance(found.first, Card)
    assert found.elsewhere(found.first) == ()


def test_skills_in_one_section_are_said_so_without_a_quote_where_it_is_long(tmp_path: Path) -> None:
    files = {"a.md": f"# A\n\nUse Kafka. {'Rest well today. ' * 40}Use Redis.\n"}
    found = compare(build(write(tmp_path / "d", files)), "kafka", "redis")
    assert found.together == ()
    assert found.unsaid[0] == (
        "No document names Kafka and Redis in one sentence or list; «A» names both in one section."
    )


def test_two_lists_of_one_section_are_not_one_list(tmp_path: Path) -> None:
    files = {"a.md": "# A\n\nHere:\n\n- Kafka\n- Git\n\nThere:\n\n- Redis\n- Java\n"}
    found = compare(build(write(tmp_path / "d", files)), "kafka", "redis")
    assert "in one section." in found.unsaid[0]


@pytest.mark.parametrize(("typed", "kind"), [("rust", NotNamed), ("ruby", NotNamed), ("boot", Unclear)])
def test_a_side_nobody_names_stands_beside_the_other(lookup: Lookup, typed: str, kind: type) -> None:
    found = compare(lookup, "redis", typed)
    assert isinstance(found.first, Card)
    assert isinstance(found.second, kind)
    assert (found.together, found.unsaid) == ((), ())


def test_a_skill_beside_itself_leaves_nothing_unsaid(lookup: Lookup) -> None:
    found = compare(lookup, "redis", "redis cache")
    assert found.first == found.second
    assert found.unsaid == ()


def test_without_an_index_neither_is_named() -> None:
    found = compare(Lookup(catalogue=CATALOGUE, library=NumpyLibrary()), "redis", "kafka")
    assert isinstance(found.first, NotNamed)
    assert isinstance(found.second, NotNamed)
    assert found.generation is None


@pytest.mark.parametrize(
    ("typed", "pair"),
    [
        ("redis vs memcached", ("redis", "memcached")),
        ("Redis versus Kafka", ("Redis", "Kafka")),
        ("compare redis with kafka", ("redis", "kafka")),
        ("redis and fortran", ("redis", "fortran")),
        ("redis, kafka", ("redis", "kafka")),
        ("redis / kafka", ("redis", "kafka")),
        ("redis kafka", ("redis", "kafka")),
        ("postgre sql my sql", ("postgre sql", "my sql")),
        ("postgres rust", ("postgres", "rust")),
        ("redis", None),
        ("onboarding", None),
        ("pay and benefits", None),
        ("how people are onboarded in their first week here", None),
        ("", None),
        ("vs", None),
        ("🎉 vs 🎉", None),
    ],
)
def test_a_line_is_read_as_two_skills_or_one_topic(
    lookup: Lookup, typed: str, pair: tuple[str, str] | None
) -> None:
    assert two_of(typed, known(lookup)) == pair


def test_a_skill_whose_name_joins_two_is_one_topic(tmp_path: Path) -> None:
    lookup = build(write(tmp_path / "d", {"a.md": "# A\n\nCI/CD helps.\n"}))
    assert two_of("continuous integration and continuous delivery", known(lookup)) is None


def test_topic_is_told_by_each_document_in_its_words(lookup: Lookup) -> None:
    found = across_documents(lookup, "onboarding", by_words(lookup))
    told = {telling.source.document: texts(telling.quotes) for telling in found.telling}
    assert told == {
        "ada": ["New people pair for a week.", "Then they are on their own."],  # under that heading
        "bob": ["Onboarding takes Bob a day."],
    }
    assert (found.silent, found.empty) == ((), ())


def test_documents_that_say_nothing_and_empty_headings_are_named(lookup: Lookup) -> None:
    found = across_documents(lookup, "pay", by_words(lookup))
    assert found.telling == ()
    assert [source.document for source in found.silent] == ["ada", "bob"]
    assert [source.headings[-1] for source in found.empty] == ["Pay"]


def test_topic_that_is_a_skill_is_told_where_it_is_named(lookup: Lookup) -> None:
    found = across_documents(lookup, "kafak", by_words(lookup))
    assert [texts(telling.quotes) for telling in found.telling] == [["Kafka is easier to run than RabbitMQ."]]
    assert [source.document for source in found.silent] == ["bob"]


@pytest.mark.parametrize("topic", ["", "the", "🎉", "x" * 10_000, "'; DROP TABLE --", "\x00"])
def test_topic_without_words_is_told_by_nobody(lookup: Lookup, topic: str) -> None:
    found = across_documents(lookup, topic, by_words(lookup))
    assert found.telling == ()
    assert len(found.silent) == 2


def test_a_passage_that_is_gone_since_the_search_is_passed_over(lookup: Lookup) -> None:
    found = across_documents(lookup, "pair", lambda text, limit: [Hit("gone#1", 1.0)])
    assert found.telling == ()


def told(folder: Path, text: str, topic: str) -> tuple[list[str], int]:
    lookup = build(write(folder / "d", {"a.md": text}))
    (telling,) = across_documents(lookup, topic, by_words(lookup)).telling
    return texts(telling.quotes), telling.more


def test_headings_above_a_section_count_and_each_section_is_begun(tmp_path: Path) -> None:
    text = "# A\n\n## A day at work\n\n### Morning\n\nTea is made. It is drunk.\n\n### Noon\n\nWe eat.\n"
    text += "\n## Pay\n\nEnough.\n"
    assert told(tmp_path / "1", text, "day at work") == (["Tea is made.", "It is drunk.", "We eat."], 0)
    text = text.replace("\n## Pay", "\n### Evening\n\nWe rest.\n\n### Night\n\nSleep well. Dream.\n\n## Pay")
    assert told(tmp_path / "2", text, "day at work") == (["Tea is made.", "We eat.", "We rest."], 3)


def test_a_list_under_a_heading_is_quoted_whole_with_its_lead(tmp_path: Path) -> None:
    text = "# A\n\n## Perks\n\nThey are:\n\n- tea\n- naps\n- cake\n- walks\n- songs\n\nThat is all.\n"
    quotes, more = told(tmp_path, text, "perks")
    assert quotes == ["They are:\n\n- tea\n- naps\n- cake\n- walks\n- songs", "That is all."]
    assert more == 0


def test_of_a_long_list_the_items_left_out_are_counted(tmp_path: Path) -> None:
    items = [f"{number} {'good ' * 20}thing" for number in range(10, 20)]
    text = "# A\n\n## Perks\n\n" + "".join(f"- {item}\n" for item in items)
    (quoted,), more = told(tmp_path, text, "perks")
    assert len(quoted) <= 600
    assert quoted == "\n".join(f"- {item}" for item in items[: 10 - more])
    assert more == 5
