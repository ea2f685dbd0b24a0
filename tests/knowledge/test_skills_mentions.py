"""Skills are found in texts where they are named, and nowhere else."""

from pathlib import Path

import pytest

from index.passages import Passage
from knowledge.skills.catalogue import load_catalogue
from knowledge.skills.entries import parse
from knowledge.skills.mentions import Finder

CATALOGUE = load_catalogue()
ABSTRACT = {"practice", "soft", "concept"}


def found(text: str) -> list[str]:
    return [mention.skill.name for mention in CATALOGUE.find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "after new code goes live", "An engineer's digital efficiency", "Google hired her.", "Let's Go!",
        "I like to go forward", "Go forward.", "We go on and on.", "Go to the page.", "GO HOME",
        "a go-to person", "the rest of the day", "Rest is important.", "They rest.", "a restful night",
        "Rest assured.", "Restful nights help.", "REST in peace", "spring cleaning", "Spring is coming.",
        "in Spring 2025", "a spring in the step", "express an opinion", "Express yourself.",
        "by American Express", "an Express train", "he filled the flask", "Flask in hand, he left.",
        "gin and tonic", "a GIN index", "legitimate originals", "azure sky", "cut them some slack",
        "stripes and a stripe", "soap and water", "ruby slippers", "an agile cat", "stand up for it",
        "stand-up comedy", "Franz Kafka wrote novels", "Make it so.", "MariaDB, SQL Server and SQLite",
        "T-SQL or PL/SQL", "C++ and F#, never C", "TypeScript", "https://example.com/docker/java",
        "www.python.org", "python.org", "me@python.org", "java.util.List", "New. Relic of the past",
        "Google. Pay attention.", "hospital patients", "the persistence layer", "bucket of bits",
        "the message got in the queue", "Learn to go further", "cookies and caches", "",
        "react.js and vue.js", "my-java", "use express lanes", "we need slack to breathe",
        "know spring flowers",
    ],
)  # fmt: skip
def test_ordinary_words_name_no_skill(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("AWS/GCP/Azure", ["AWS", "GCP", "Azure"]),
        ("C#, Node.js, CI/CD.", ["C#", "Node.js", "CI/CD"]),
        ("c#, node.js or nodejs, ci/cd, CI / CD", ["C#", "Node.js", "Node.js", "CI/CD", "CI/CD"]),
        ("JavaScript, not Java", ["JavaScript", "Java"]),
        ("NoSQL, not SQL", ["NoSQL", "SQL"]),
        ("Spring Boot on spring-boot", ["Spring Boot", "Spring Boot"]),
        ("in Spring. Boot it first", ["Spring"]),
        ("monitoring/alerting services", ["Monitoring", "Alerting"]),
        ("written in Go", ["Go"]),
        ("from Python to Go", ["Python", "Go"]),
        ("Go, Python and Java are fine.", ["Go", "Python", "Java"]),
        ("Go is a compiled language.", ["Go"]),
        ("Go-based services", ["Go"]),
        ("- Go\n- Spring\n- Express", ["Go", "Spring", "Express"]),
        ("Frameworks: Spring", ["Spring"]),
        ("should I learn go or python?", ["Go", "Python"]),
        ("python, go, flask", ["Python", "Go", "Flask"]),
        ("do I need go?", ["Go"]),
        ("Learn SQL and go further.", ["SQL"]),
        ("Learn SQL and go climbing, or Python and rest.", ["SQL", "Python"]),
        ("use Docker and go live", ["Docker"]),
        ("RESTful API design", ["REST", "API design"]),
        ("restful apis", ["REST", "APIs"]),
        ("REST and SOAP", ["REST", "SOAP"]),
        ("git push", ["Git"]),
        ("A Gin handler, GIN", ["Gin", "Gin"]),
        ("2 Slack messages and the stripe API", ["Slack", "Stripe", "APIs"]),
        ("Google Pay and Google Cloud Platform", ["Google Pay", "GCP"]),
        ("BitBucket", ["Bitbucket"]),
        ("HTTP/2, Python3, ES6", ["HTTP", "Python", "JavaScript"]),
        ("Django's, Docker's", ["Django", "Docker"]),
        ("k8s and Kubernetes", ["Kubernetes", "Kubernetes"]),
        ("message queues (e.g., RabbitMQ, Kafka)", ["Message queues", "RabbitMQ", "Kafka"]),
        ("problem\u00a0solving, Problem-Solving", ["Problem-solving", "Problem-solving"]),
        ("code\nreviews", ["Code review"]),
        ("After stand-up, standup again", ["Stand-up meetings", "Stand-up meetings"]),
        ("an API test of APIs", ["API testing", "APIs"]),
    ],
)
def test_named_skills_are_found_whole_and_in_order(text: str, names: list[str]) -> None:
    assert found(text) == names


def test_a_mention_is_the_words_of_the_text() -> None:
    text = "We use postgres, and C#."
    assert [text[mention.start : mention.end] for mention in CATALOGUE.find(text)] == ["postgres", "C#"]


@pytest.mark.parametrize("skill", CATALOGUE.skills, ids=lambda skill: skill.name)
def test_every_name_and_alias_is_found_among_other_words(skill: object) -> None:
    for spelling in (skill.name, *skill.aliases):  # type: ignore[attr-defined]  # a Skill
        assert skill in [mention.skill for mention in CATALOGUE.find(f"They work with {spelling}, daily.")]


def test_a_name_with_signs_in_it_is_matched_as_written() -> None:
    finder = Finder(parse('[[skill]]\nname="a.b(c"\nkind="ci"\n[[skill]]\nname="*x"\nkind="ci"'))
    assert [mention.skill.name for mention in finder.find("a.b(c or *x, abc")] == ["a.b(c", "*x"]


# --- who names it ------------------------------------------------------------------------------------------


def a_passage(document: str, ordinal: int, text: str, start: int = 0) -> Passage:
    return Passage(f"{document}-{ordinal}", document, ordinal, (), text, start, start + len(text), text, ())


def quoted(name: str, *passages: Passage) -> list[tuple[str, str]]:
    skill = next(skill for skill in CATALOGUE.skills if skill.name == name)
    texts = {passage.id: passage for passage in passages}
    return [
        (naming.document, texts[naming.passage].text[naming.start - start : naming.end - start])
        for naming in CATALOGUE.who_names(skill, passages)
        for start in [texts[naming.passage].start]
    ]


def test_each_document_that_names_a_skill_is_quoted_once_by_sentence_or_item() -> None:
    passages = (
        a_passage("a", 0, "Nothing here.", 10),
        a_passage("a", 1, "First things first. Some use Kafka, e.g. for logs. Others wait.", 40),
        a_passage("a", 2, "Kafka again.", 140),
        a_passage("b", 0, "Tools:\n\n- Docker\n- Queues (RabbitMQ, Kafka)\n- Git", 7),
        a_passage("c", 0, "Franz Kafka.", 0),
    )
    assert quoted("Kafka", *passages) == [
        ("a", "Some use Kafka, e.g. for logs."),
        ("b", "Queues (RabbitMQ, Kafka)"),
    ]


def test_a_numbered_or_nested_item_is_quoted_without_its_marker() -> None:
    assert quoted("SQL", a_passage("a", 0, "1. Learn SQL\n2. Rest")) == [("a", "Learn SQL")]
    assert quoted("SQL", a_passage("a", 0, "- All:\n  - SQL first")) == [("a", "SQL first")]


def test_a_skill_nobody_names_has_no_sources() -> None:
    assert quoted("PHP", a_passage("a", 0, "Only Python.")) == []


# --- the articles as found ---------------------------------------------------------------------------------

NAMED = {
    "000": "Python, Java, Go, Node.js, Ruby, C#, Django, Flask, Express, Spring Boot, Gin, PostgreSQL, "
    "MySQL, MongoDB, Redis, REST, GraphQL, Docker, Kubernetes, AWS, GCP, Azure, CI/CD, Message "
    "queues, RabbitMQ, Kafka, Slack, APIs, API endpoints, Databases, Log analysis",
    "001": "SQL, Redis, Memcached, RabbitMQ, Kafka, SQS, Message queues, CI/CD, APIs, API endpoints, "
    "Databases, Third-party services, Payment processors, Email platforms, Identity providers, "
    "Monitoring, Alerting, Health dashboards, Log analysis",
    "002": "Node.js, Python, Java, Go, C#, REST, GraphQL, NoSQL, Relational databases, PostgreSQL, "
    "MySQL, MongoDB, Docker, Kubernetes, Containerization, CI/CD, SQL, HTTP, APIs, Databases, "
    "Third-party services, Cloud computing, Alerting, Log analysis",
    "003": "Java, PHP, JavaScript, Python, Spring, Django, Flask, MySQL, PostgreSQL, MongoDB, Git, "
    "Bitbucket, Version control, REST, SOAP, Web services, AWS, GCP, Azure, Cloud computing, New "
    "Relic, Monitoring, Alerting, Stripe, Google Pay, Third-party services, HTTP, APIs, API "
    "endpoints, Databases",
}


@pytest.mark.seeds
@pytest.mark.parametrize("number", NAMED)
def test_an_article_names_these_technologies_and_no_other(seeds: Path, number: str) -> None:
    text = next(seeds.glob(f"{number}_*.txt")).read_text("utf-8")
    technologies = {
        mention.skill.name for mention in CATALOGUE.find(text) if mention.skill.kind not in ABSTRACT
    }
    assert technologies == set(NAMED[number].split(", "))


@pytest.mark.seeds
def test_every_skill_is_named_by_an_article(seeds: Path) -> None:
    named = {name for file in seeds.glob("*.txt") for name in found(file.read_text("utf-8"))}
    assert {skill.name for skill in CATALOGUE.skills} == named
