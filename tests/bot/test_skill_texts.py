"""What is known of skills as text and as one line of JSON: quotes, what stands beside them, honest gaps."""

import json
from dataclasses import replace

import pytest

from bot.skill_texts import across_text, comparison_text, skill_json, skill_text
from knowledge.skills.cards import Card, Found, Group, NotNamed, Step, Unclear
from knowledge.skills.catalogue import load_catalogue
from knowledge.skills.comparing import AcrossDocuments, Comparison, Telling
from knowledge.skills.entries import Skill
from tests.bot.fakes import quote, source

SKILLS = {skill.name: skill for skill in load_catalogue().skills}
REDIS = Card(SKILLS["Redis"], (), (), (quote("Redis."),), (), (), (), (), (), 1)
KAFKA = replace(REDIS, skill=SKILLS["Kafka"], said=(quote("Kafka."), quote("A log.", source("Notes"))))


def not_named(query: str, *nearest: Skill, skill: Skill | None = None, called: str | None = None) -> NotNamed:
    kind = skill.kind if skill else "language" if called else None
    return NotNamed(query, skill, called, kind, nearest, (), 1)


def test_card_tells_what_it_is_who_names_it_and_what_stands_beside_it() -> None:
    card = replace(
        KAFKA,
        senses=("Elsewhere a writer.",),
        aliases=("Apache Kafka",),
        groups=(
            Group(("RabbitMQ", "Kafka"), (quote("RabbitMQ or Kafka."),)),
            Group(("SQS", "Kafka"), (quote("SQS, Kafka etc."),), choice=False),
        ),
        alternatives=("RabbitMQ", "SQS"),
        goes_with=(("Docker", 2),),
        steps=(Step(3, 7, quote("Learn Kafka.")),),
        related=("Message queues",),
    )
    assert skill_text(card) == (
        "Kafka – messaging\nElsewhere a writer.\nAlso written Apache Kafka\n\n"
        "2 documents name it:\n\n"
        "> Kafka.\n— restated from «Backend Engineer», A. Writer, date not stated › Core Skills\n\n"
        "> A log.\n— restated from «Notes», A. Writer, date not stated\n\n"
        "One of RabbitMQ, Kafka, says «Backend Engineer»\n"
        "Listed with SQS, says «Backend Engineer»\n"
        "Alternatives: RabbitMQ, SQS\n"
        "Named beside it: Docker (2)\n"
        "Step 3 of 7 in «Backend Engineer»: Learn Kafka.\n"
        "Related: Message queues"
    )


def test_card_with_nothing_beside_it_ends_with_its_only_quote() -> None:
    text = skill_text(REDIS)
    assert text.startswith("Redis – database, also cache\n\nOnly one document names it:\n\n> Redis.\n— ")
    assert text.endswith("› Core Skills")


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Unclear("boot", (SKILLS["Spring Boot"],), 1), "Do you mean this?\n  · Spring Boot"),
        (
            Unclear("x", (SKILLS["Redis"], SKILLS["Git"]), 1),
            "That could mean several things:\n  · Redis\n  · Git",
        ),
        (not_named("knitting"), "No document names that."),
        (not_named("redis", skill=SKILLS["Redis"]), "Redis – database: no document names it."),
        (
            not_named("rust", SKILLS["Go"], called="Rust"),
            "Rust – language: no document names it.\n\nThe nearest they name:\n  · Go",
        ),
    ],
)
def test_what_is_unclear_or_named_by_none_is_said_so(found: Found, text: str) -> None:
    assert skill_text(found) == text


def test_kinds_are_called_as_people_call_them() -> None:
    heads = [skill_text(replace(REDIS, skill=SKILLS[name])).splitlines()[0] for name in ("CI/CD", "Patience")]
    assert heads == ["CI/CD", "Patience – soft skill"]
    assert skill_text(not_named("soap", skill=SKILLS["SOAP"])) == "SOAP – API: no document names it."


def test_words_that_are_no_skill_are_shown_as_words() -> None:
    found = replace(not_named("tea"), words=(quote("Tea is served."),))
    assert skill_text(found).startswith(
        "No document names that as a skill.\n\nThe words stand there all the same:\n\n> Tea is served."
    )
    assert skill_text(replace(found, called="Tea", kind="framework")).startswith(
        "Tea – framework: no document names it as a skill.\n\nThe words"
    )


@pytest.mark.parametrize(
    ("found", "values"),
    [
        (KAFKA, (True, "Kafka", "messaging", ["Backend Engineer › Core Skills", "Notes"], [])),
        (Unclear("boot", (SKILLS["Spring Boot"],), 1), (False, None, None, [], ["Spring Boot"])),
        (not_named("rust", SKILLS["Go"], called="Rust"), (False, None, None, [], ["Go"])),
        (not_named("redis", SKILLS["Go"], skill=SKILLS["Redis"]), (True, "Redis", "database", [], [])),
    ],
)
def test_json_keeps_the_contract(found: Found, values: tuple[object, ...]) -> None:
    told = json.loads(skill_json(found, 7))
    assert list(told) == ["id", "found", "canonical", "category", "aliases", "sources", "suggestions"]
    keys = ("found", "canonical", "category", "sources", "suggestions")
    assert (told["id"], tuple(told[key] for key in keys)) == (7, values)


def test_comparison_shows_what_both_share_once_and_what_nobody_says() -> None:
    both = quote("Redis.")
    unsaid = ("No document compares Redis with Kafka.",)
    text = comparison_text(Comparison(REDIS, KAFKA, (both,), (), (), unsaid, 1))
    assert text.startswith(
        "Redis – database, also cache · named by 1 document\nKafka – messaging · named by 2 documents\n\n"
        "Where both stand:\n\n> Redis.\n— "
    )
    assert text.count("> Redis.") == 1
    assert "Redis elsewhere" not in text
    assert text.endswith("No document compares Redis with Kafka.")


def test_comparison_with_something_nobody_names_says_so() -> None:
    text = comparison_text(Comparison(REDIS, not_named("rust", called="Rust"), (), (), (), (), 1))
    assert "> Redis." in text
    assert text.endswith("Rust – language: no document names it.")


def test_comparison_of_a_skill_with_itself_is_its_card() -> None:
    text = comparison_text(Comparison(REDIS, REDIS, (), (), (), (), 1))
    assert text.startswith("Both are Redis.\n\nRedis – database")


def test_topic_that_is_told_in_part_says_how_much_is_left() -> None:
    found = AcrossDocuments("tests", (Telling(source("Here"), (quote("A."), quote("B.")), 4),), (), (), 1)
    assert across_text(found).endswith("\n\n… and 4 more under that heading in «Here».")


def test_topic_is_told_document_by_document_with_those_that_are_silent() -> None:
    telling = (Telling(source("Here"), (quote("Tests matter.", source("Here")),)),)
    found = AcrossDocuments("tests", telling, (source("There"),), (source("Here", "Pay"),), 1)
    assert across_text(found) == (
        "1 of 2 documents says something:\n\n"
        "> Tests matter.\n— restated from «Here», A. Writer, date not stated\n\n"
        "«Here» has the heading “Pay” with nothing under it.\n\n"
        "Nothing under these words: «There»."
    )
    assert across_text(replace(found, telling=(), empty=())) == "No document says anything under these words."
