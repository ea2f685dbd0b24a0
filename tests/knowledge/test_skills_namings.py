"""Which sentence or item names which skill, and how many documents do."""

from dataclasses import replace

import pytest

from index.passages import Passage
from knowledge.skills.catalogue import Catalogue
from knowledge.skills.entries import Skill, parse
from knowledge.skills.namings import NamedIn, Namings, read_namings
from knowledge.splitting import split
from tests.knowledge.documents import Piece, document, measure, prose

CATALOGUE = Catalogue(
    parse(
        """
        [[skill]]
        name = "Python"
        kind = "language"
        [[skill]]
        name = "Kafka"
        kind = "messaging"
        [[skill]]
        name = "Redis"
        kind = "database"
        also = ["cache"]
        [[skill]]
        name = "MySQL"
        kind = "database"
        [[skill]]
        name = "PostgreSQL"
        kind = "database"
        [[skill]]
        name = "Java"
        kind = "language"
        [[skill]]
        name = "Databases"
        kind = "database"
        aliases = ["database"]
        [[skill]]
        name = "Testing"
        kind = "practice"
        [kinds]
        database = ["database", "data store"]
        """
    )
)
SKILLS: dict[str, Skill] = {skill.name: skill for skill in CATALOGUE.skills}
PYTHON, JAVA, KAFKA, REDIS, MYSQL, POSTGRES = (
    SKILLS[name] for name in ("Python", "Java", "Kafka", "Redis", "MySQL", "PostgreSQL")
)


def passages(*pieces: Piece, name: str = "guide", window: int = 200) -> list[Passage]:
    return split(document((["Skills"], pieces), name=name), measure(window))


def read(*found: list[Passage]) -> list[tuple[str, int, list[str]]]:
    namings = read_namings([passage for several in found for passage in several], CATALOGUE)
    return [(part.passage, part.place, [skill.name for skill in part.skills]) for part in namings.parts]


def named(document: str, place: int, *skills: Skill) -> NamedIn:
    return NamedIn(document, f"{document}#0", place, skills)


# --- reading -----------------------------------------------------------------------------------------------


def test_every_sentence_and_item_that_names_a_skill_is_found_in_reading_order() -> None:
    pieces: list[Piece] = [
        *prose("Nothing here. They write Python and MySQL, then Python again. Then Kafka."),
        ("list", ["Redis", "Patience", "Kafka (optional)"]),
        ("steps", ["Learn MySQL", "Rest"]),
    ]
    assert read(passages(*pieces)) == [
        ("guide#0", 1, ["Python", "MySQL"]),
        ("guide#0", 2, ["Kafka"]),
        ("guide#0", 3, ["Redis"]),
        ("guide#0", 5, ["Kafka"]),
        ("guide#0", 6, ["MySQL"]),
    ]


@pytest.mark.parametrize("text", ["Testing matters.", "They keep databases.", "Each database.", "Nothing."])
def test_habits_and_words_for_a_whole_kind_name_no_skill(text: str) -> None:
    assert read(passages(*prose(text))) == []


def test_the_place_is_that_of_the_part_in_its_own_passage() -> None:
    """Offsets count from the document's beginning, not from the passage's."""
    items = ["Redis is fast", "MySQL is old", "Kafka is long", "Python is nice"]
    assert read(passages(("list", items), window=16)) == [
        ("guide#0", 0, ["Redis"]),
        ("guide#0", 1, ["MySQL"]),
        ("guide#1", 0, ["Kafka"]),
        ("guide#1", 1, ["Python"]),
    ]


def test_a_skill_that_stands_in_no_part_is_left_out() -> None:
    """An item too long for the encoder is cut in two, and half an item is not quoted alone."""
    text = "Redis and MySQL"
    parts = {"parts": [[110, 115]], "kind": "list", "questions": []}
    cut = Passage("guide#0", "guide", 0, (), text, 100, 115, text, (), parts)
    assert read([cut]) == [("guide#0", 0, ["MySQL"])]


def test_documents_are_read_one_after_the_other() -> None:
    found = [passages(*prose(f"They use {name}."), name=name) for name in ("Redis", "Kafka")]
    assert read(*found) == [("Redis#0", 0, ["Redis"]), ("Kafka#0", 0, ["Kafka"])]


# --- asking ------------------------------------------------------------------------------------------------

NAMINGS = Namings(
    (
        named("a", 0, PYTHON),
        named("a", 1, REDIS, KAFKA),
        named("a", 2, REDIS, MYSQL),
        named("a", 3, MYSQL, REDIS),
        named("b", 0, MYSQL),
        named("b", 1, PYTHON, KAFKA),
    )
)


@pytest.mark.parametrize(
    ("kind", "skills"),
    [("database", [REDIS, MYSQL]), ("cache", [REDIS]), ("language", []), ("messaging", [KAFKA])],
)
def test_a_part_knows_its_skills_of_a_kind_and_those_taken_for_it(kind: str, skills: list[Skill]) -> None:
    assert named("a", 0, REDIS, KAFKA, MYSQL).of_kind(kind) == skills


@pytest.mark.parametrize(
    ("skills", "places"),
    [
        ([PYTHON], [("a", 0), ("b", 1)]),
        ([PYTHON, KAFKA], [("a", 0), ("a", 1), ("b", 1)]),
        ([], []),
        ([SKILLS["Testing"]], []),
    ],
)
def test_the_parts_naming_any_of_some_skills_come_in_reading_order(
    skills: list[Skill], places: list[tuple[str, int]]
) -> None:
    assert [(part.document, part.place) for part in NAMINGS.naming(skills)] == places


@pytest.mark.parametrize(
    ("kind", "places"),
    [
        ("database", [("a", 2)]),  # the first of those that name most; one name in passing is no list
        ("cache", []),
        ("language", []),
        ("framework", []),
    ],
)
def test_examples_are_the_fullest_list_of_each_document(kind: str, places: list[tuple[str, int]]) -> None:
    assert [(part.document, part.place) for part in NAMINGS.examples(kind)] == places


def test_examples_begin_with_the_document_that_names_most() -> None:
    both, three = named("b", 0, MYSQL, REDIS), named("a", 0, MYSQL, REDIS, POSTGRES)
    assert Namings((both, three)).examples("database") == [three, both]


def test_a_single_name_is_an_example_where_nothing_lists_and_it_is_called_by_its_kind() -> None:
    called, passing = replace(named("a", 0, PYTHON), kinds=frozenset({"language"})), named("a", 1, KAFKA)
    assert Namings((passing, called)).examples("language") == [called]
    assert Namings((passing, called)).examples("messaging") == []
    assert Namings((called, named("b", 0, PYTHON, JAVA))).examples("language") == [
        named("b", 0, PYTHON, JAVA)
    ]


def test_a_kind_spoken_of_without_a_name_is_no_example() -> None:
    spoken = replace(named("a", 0, KAFKA), kinds=frozenset({"language"}))
    assert Namings((spoken,)).examples("language") == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Redis is one of the databases.", {"database"}),
        ("Data stores: Redis", {"database"}),
        ("The data-store is Redis.", {"database"}),
        ("They keep MySQL.", set()),
        ("A Redis metadatabase.", set()),
    ],
)
def test_a_part_knows_which_kinds_it_speaks_of(text: str, kinds: set[str]) -> None:
    (part,) = read_namings(passages(*prose(text)), CATALOGUE).parts
    assert part.kinds == kinds


def test_the_kinds_of_a_part_are_not_those_of_its_neighbours() -> None:
    pieces: list[Piece] = [("list", ["Databases matter", "Redis", "Queues matter"])]
    (part,) = read_namings(passages(*pieces), CATALOGUE).parts
    assert (part.place, part.kinds) == (1, frozenset())


@pytest.mark.parametrize(("skill", "count"), [(REDIS, 1), (MYSQL, 2), (SKILLS["Testing"], 0)])
def test_documents_are_counted_once_however_often_they_name_a_skill(skill: Skill, count: int) -> None:
    assert NAMINGS.documents(skill) == count


def test_a_document_of_many_passages_is_one_document() -> None:
    parts = (named("a", 0, REDIS), NamedIn("a", "a#1", 0, (REDIS,)), NamedIn("a", "a#2", 0, (REDIS,)))
    assert Namings(parts).documents(REDIS) == 1


def test_the_skills_some_parts_name_are_counted_over_all_documents() -> None:
    parts = [named("b", 0, MYSQL), named("a", 1, REDIS, KAFKA, MYSQL)]
    counted = NAMINGS.counted(parts, "database")
    assert list(counted.items()) == [(MYSQL, 2), (REDIS, 1)]


def test_no_documents_name_nothing() -> None:
    assert Namings().naming([REDIS]) == Namings().examples("database") == []
    assert Namings().documents(REDIS) == 0
    assert Namings().counted([], "database") == {}
