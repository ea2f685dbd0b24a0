"""What people type is taken for the skill they mean, and for none where that is not clear."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from knowledge.skills.catalogue import Catalogue, load_catalogue
from knowledge.skills.entries import BadCatalogue, Skill, parse
from knowledge.skills.names import CHOICES, Ambiguous, Known, Unknown

CATALOGUE = load_catalogue()

VARIANTS = {
    "Python": ["PYTHON", "python3", "Python 3.11", "python programming", "python language", '"python"', "py"],
    "Java": ["java", "Java 17", "java?"],
    "Go": ["go", "GO", "golang", "go lang", "go 1.22"],
    "Node.js": ["node", "nodejs", "node js", "node-js", "Node.JS", "node 18"],
    "C#": ["c#", "c #", "csharp", "c sharp", "C-Sharp", "C♯", "c# 12"],
    "JavaScript": ["js", "java script", "ecmascript", "ES6"],
    "SQL": ["sql", "structured query language"],
    "Express": ["express", "expressjs", "express.js", "Express JS"],
    "Spring": ["spring", "spring framework"],
    "Spring Boot": ["springboot", "spring-boot", "SPRING BOOT"],
    "Gin": ["GIN", "gin gonic"],
    "PostgreSQL": [
        "postgres",
        "postgre sql",
        "pgsql",
        "psql",
        "pg",
        "Postgre-SQL",
        "postgres database",
        "pg13",
    ],
    "MySQL": ["my sql", "My-SQL"],
    "MongoDB": ["mongo", "mongo db", "mongo-db"],
    "Redis": ["redis cache", "redis db"],
    "NoSQL": ["no sql", "No-SQL"],
    "REST": ["rest api", "restful", "RESTful APIs"],
    "GraphQL": ["graph ql", "gql", "graphql api"],
    "HTTP": ["https", "http/2", "http protocol"],
    "RabbitMQ": ["rabbit mq", "rabbitmq queue"],
    "Kafka": ["apache kafka", "kafka broker"],
    "SQS": ["amazon sqs", "simple queue service"],
    "Message queues": ["message queue", "queue", "messaging"],
    "Kubernetes": ["k8s", "kube", "K8"],
    "Docker": ["docker containers"],
    "AWS": ["amazon web services", "amazon cloud", "a w s cloud"],
    "GCP": ["google cloud", "Google Cloud Platform", "gcloud"],
    "Azure": ["microsoft azure", "azure cloud"],
    "CI/CD": ["ci cd", "cicd", "CI-CD", "ci", "cd", "ci/cd pipelines", "continuous integration"],
    "Bitbucket": ["BitBucket", "bit bucket"],
    "New Relic": ["newrelic", "new-relic"],
    "Google Pay": ["gpay", "googlepay"],
    "Code review": ["code reviews", "peer review"],
    "Unit testing": ["unit tests", "unit test"],
    "Stand-up meetings": ["standup", "stand up", "standups"],
    "Problem-solving": ["problem solving", "problem solver"],
}

SLIPS = {
    "Python": ["pyhton", "pyton", "pythn", "pythonn", "ypthon", "phyton"],
    "Java": ["jaav", "jvaa", "javva"],
    "JavaScript": ["javscript", "javascrit", "javasript", "jvascript", "javascirpt"],
    "Ruby": ["rubby", "ruyb"],
    "PHP": ["pph", "phpp"],
    "SQL": ["slq", "sqll"],
    "Django": ["jango", "djnago", "djagno", "djanggo", "djngo"],
    "Flask": ["flaks", "flsk", "flaskk"],
    "Express": ["exprss", "expres", "epxress"],
    "Spring": ["srping", "sprng"],
    "Spring Boot": ["spring bot", "sprng boot", "springbooot"],
    "PostgreSQL": ["postgress", "postgers", "postgrsql", "postgressql", "postgreslq", "potsgres"],
    "MySQL": ["myqsl", "mysql l", "mysq"],
    "MongoDB": ["mongdb", "mongodbb", "mnogodb"],
    "Redis": ["redsi", "reddis"],
    "Memcached": ["memcahed", "memchached"],
    "REST": ["rset", "restt"],
    "GraphQL": ["graphl", "grahpql", "grapql"],
    "SOAP": ["saop"],
    "HTTP": ["htpp", "htttp"],
    "RabbitMQ": ["rabitmq", "rabbtimq", "rabbit qm"],
    "Kafka": ["kafak", "kaffka"],
    "Docker": ["dokcer", "doker", "dockr"],
    "Kubernetes": ["kuberentes", "kubernets", "kubernates", "cubernetes", "kubenretes"],
    "AWS": ["asw"],
    "GCP": ["gpc"],
    "Azure": ["azuer", "azzure", "azur"],
    "Git": ["gti"],
    "Bitbucket": ["bitbuket", "bitbukcet"],
    "New Relic": ["new relik", "newrelci"],
    "Stripe": ["strpe", "stirpe"],
    "Code review": ["code reveiw"],
    "Pair programming": ["pair programing"],
    "CI/CD": ["continous integration", "cicdd"],
    "Authentication": ["authentification", "autentication"],
    "Authorization": ["autorization"],
    "Microservices": ["microservces"],
    "Communication": ["comunication"],
}

STRANGERS = [
    "fortran", "rust", "kotlin", "cobol", "swift", "scala", "haskell", "perl", "oracle", "typescript",
    "c++", "c", "c + +", "f#", ".net", "cython", "jython", "pytorch", "mssql", "ms sql", "sql server",
    "sqlite", "sqlite3", "mariadb", "cassandra", "dynamodb", "postgis", "graphdb", "redux", "react",
    "fastapi", "rails", "ruby on rails", "laravel", "grpc", "git hub actions", "github", "gitlab",
    "jenkins", "terraform", "ansible", "containerd", "excel", "photoshop", "s3", "ec2", "cs50", "html5",
    "kotln", "typescrpt", "marriadb", "elixr",
]  # fmt: skip

WORDS = [
    "sprint", "string", "stack", "flash", "espresso", "expresso", "strip", "strike", "mango", "patient",
    "was", "og", "hpp", "a", "x", "sack", "rests", "nodes", "throughout", "severity", "relation",
    "spring cleaning", "go live", "cooking", "underwater basket weaving", "42", "#", "+", "", "   ", "🙂",
    "logan", "massages",
    "capability", "liability", "python is a kind of snake",
    "gО",
]  # fmt: skip


def pairs(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(typed, name) for name, spellings in table.items() for typed in spellings]


def names(skills: tuple[Skill, ...]) -> list[str]:
    return [skill.name for skill in skills]


@pytest.mark.parametrize("skill", CATALOGUE.skills, ids=lambda skill: skill.name)
def test_every_spelling_of_the_catalogue_resolves_to_its_skill(skill: Skill) -> None:
    assert CATALOGUE.resolve(skill.name) == Known(skill, "exact")
    assert CATALOGUE.resolve(skill.name.lower()) == Known(skill, "exact")
    for spelling in (*skill.aliases, *skill.typed):
        assert CATALOGUE.resolve(f" {spelling.upper()} ") == Known(skill, "alias")
    for decoy in skill.decoys:
        assert isinstance(CATALOGUE.resolve(decoy), Unknown)


@pytest.mark.parametrize(("typed", "name"), pairs(VARIANTS))
def test_another_way_of_writing_a_name_is_known(typed: str, name: str) -> None:
    found = CATALOGUE.resolve(typed)
    assert isinstance(found, Known), found
    assert (found.skill.name, found.how != "fuzzy") == (name, True)


@pytest.mark.parametrize(("typed", "name"), pairs(SLIPS))
def test_a_typing_slip_is_seen_through(typed: str, name: str) -> None:
    found = CATALOGUE.resolve(typed)
    assert isinstance(found, Known), found
    assert found.skill.name == name


@pytest.mark.parametrize("typed", [*STRANGERS, *WORDS])
def test_what_no_article_names_is_unknown(typed: str) -> None:
    assert isinstance(CATALOGUE.resolve(typed), Unknown)


@pytest.mark.parametrize(
    ("typed", "choices"),
    [
        ("boot", ["Spring Boot"]),
        ("google", ["GCP", "Google Pay"]),
        ("tests", ["Unit testing", "Integration testing", "API testing"]),
        ("python flask", ["Python", "Flask"]),
        ("REST or GraphQL", ["REST", "GraphQL"]),
        ("docker compose", ["Docker"]),
        ("g o", ["Go"]),
    ],
)
def test_a_name_that_could_mean_several_skills_or_a_part_of_one_offers_them(
    typed: str, choices: list[str]
) -> None:
    found = CATALOGUE.resolve(typed)
    assert isinstance(found, Ambiguous), found
    assert sorted(names(found.choices)) == sorted(choices)


def test_a_slip_as_near_to_two_skills_decides_for_neither() -> None:
    catalogue = Catalogue(parse('[[skill]]\nname="Alpha1x"\nkind="ci"\n[[skill]]\nname="Alpha2x"\nkind="ci"'))
    found = catalogue.resolve("alpha3x")
    assert isinstance(found, Ambiguous)
    assert names(found.choices) == ["Alpha1x", "Alpha2x"]


def test_a_slip_in_the_name_of_something_else_is_not_taken_for_a_skill() -> None:
    entries = '[[skill]]\nname="Alphabetum"\nkind="ci"\n[others]\nci = ["Alphabet"]'
    assert isinstance(Catalogue(parse(entries)).resolve("alphabett"), Unknown)
    assert isinstance(Catalogue(parse(entries.split("[others]")[0])).resolve("alphabetu"), Known)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("fortran", "language"), ("oracle", "database"), ("sqlite3", "database"), ("terraform", "cloud")],
)
def test_something_no_article_names_offers_skills_of_its_kind(typed: str, kind: str) -> None:
    found = CATALOGUE.resolve(typed)
    assert isinstance(found, Unknown)
    assert {skill.kind for skill in found.nearest} == {kind}
    assert len(found.nearest) <= CHOICES


def test_a_practice_no_article_names_does_not_offer_every_practice() -> None:
    found = CATALOGUE.resolve("kanban")
    assert isinstance(found, Unknown)
    assert "API design" not in names(found.nearest)


def test_two_slips_need_a_wider_margin_than_one() -> None:
    entries = '[[skill]]\nname="abcdefghijklmnop"\nkind="ci"\n[[skill]]\nname="abcdefghijklmnXYZ"\nkind="ci"'
    catalogue = Catalogue(parse(entries))
    assert isinstance(catalogue.resolve("abcdefghijklmnp"), Known)
    assert isinstance(catalogue.resolve("abcdefghijklmn"), Ambiguous)


def test_an_unknown_name_near_a_skill_offers_it() -> None:
    assert "Express" in names(CATALOGUE.resolve("espresso").nearest)  # type: ignore[union-attr]  # an Unknown
    assert CATALOGUE.resolve("underwater basket weaving") == Unknown(())


def test_a_very_long_query_is_unknown() -> None:
    assert isinstance(CATALOGUE.resolve("x" * 100_000), Unknown)


def test_every_skill_leads_to_a_few_others_and_says_in_a_sentence_what_it_can_mean() -> None:
    for skill in CATALOGUE.skills:
        assert 2 <= len(set(skill.related)) <= 5, skill.name
        assert all(sense.endswith(".") for sense in skill.senses), skill.name
    meant = {skill.name: skill for skill in CATALOGUE.skills}
    assert meant["Redis"].kinds == ("database", "cache")
    assert meant["AWS"].kinds == ("cloud", "third-party")
    assert meant["Redis"].senses
    assert meant["AWS"].senses


GOOD = '[[skill]]\nname = "Alpha"\nkind = "ci"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[skill]", "The skill catalogue is not valid TOML: "),
        ("skill = 3", "The skill catalogue must list its skills as [[skill]]."),
        ("[skills]", "The skill catalogue has an unknown part “skills”."),
        (GOOD + "[[skill]]\nkind = 'ci'", "Skill number 2 has no name."),
        ("[[skill]]\nname = '--'\nkind = 'ci'", "Skill number 1 has no name."),
        ("[[skill]]\nname = 'A'\nkind = 'tool'", "The skill “A” has the unknown kind “tool”."),
        ("[[skill]]\nname = 'A'", "The skill “A” has the unknown kind “None”."),
        (GOOD + "also = ['tool']", "The skill “Alpha” has the unknown kind “tool”."),
        (GOOD + "alias = ['a']", "The skill “Alpha” has an unknown field “alias”."),
        (GOOD + "aliases = 'a'", "“aliases” of the skill “Alpha” must be a list of names."),
        (GOOD + "typed = ['--']", "“typed” of the skill “Alpha” must be a list of names."),
        (GOOD + "related = ['Beta']", "The skill “Alpha” is related to “Beta”, which is no other skill."),
        (GOOD + "related = ['Alpha']", "The skill “Alpha” is related to “Alpha”, which is no other skill."),
        (GOOD + "senses = 'a thing'", "“senses” of the skill “Alpha” must be a list of names."),
        (GOOD + "proper = ['Beta']", "The skill “Alpha” has a rule for “Beta”, which is none of its names."),
        (GOOD + "aliases = ['ALPHA']", "The skill “Alpha” lists “ALPHA” twice."),
        (
            GOOD + "[[skill]]\nname = 'B'\nkind = 'ci'\naliases = ['al-pha']",
            "“al-pha” of the skill “B” is taken by “Alpha”.",
        ),
        (GOOD + "decoys = ['al pha']", "“Alpha” is both a skill and listed as none."),
        (GOOD + "[others]\nci = ['alpha']", "“Alpha” is both a skill and listed as none."),
        ("words = ['alpha']\n" + GOOD, "“Alpha” is both a skill and listed as none."),
        ("others = []", "The part “others” of the skill catalogue must be a table."),
        ("[others]\ntool = []", "The part “others” of the skill catalogue has the unknown kind “tool”."),
        ("words = 3", "“words” of the skill catalogue must be a list of names."),
    ],
)
def test_a_broken_catalogue_is_refused_in_a_sentence_that_names_the_entry(text: str, sentence: str) -> None:
    with pytest.raises(BadCatalogue) as caught:
        Catalogue(parse(text))
    assert str(caught.value).startswith(sentence)


def _spellings() -> dict[str, dict[str, Any]]:
    data = Path(__file__).parent / "data"
    first, second = (
        tomllib.loads((data / name).read_text("utf-8")) for name in ("spellings.toml", "spellings2.toml")
    )
    return {part: first[part] | second[part] for part in ("meant", "refused")}


SPELLINGS = _spellings()


@pytest.mark.parametrize(
    ("part", "right"), [("tuned", 0.97), ("aside", 0.97), ("first", 0.98), ("second", 0.95)]
)
def test_names_as_people_type_them_are_known_and_hardly_ever_asked_back(part: str, right: float) -> None:
    typed = pairs(SPELLINGS["meant"][part])
    found = {one: CATALOGUE.resolve(one) for one, _ in typed}
    known = [(one, name, got) for one, name in typed if isinstance(got := found[one], Known)]
    assert [(one, got.skill.name) for one, name, got in known if got.skill.name != name] == []
    missed = [one for one, _ in typed if not isinstance(found[one], Known)]
    assert len(known) >= right * len(typed), missed


@pytest.mark.parametrize("typed", [typed for part in SPELLINGS["refused"].values() for typed in part])
def test_what_means_no_skill_is_never_taken_for_one(typed: str) -> None:
    assert not isinstance(CATALOGUE.resolve(typed), Known)


@pytest.mark.parametrize(
    "typed",
    [
        "author", "authority", "authentic", "hostess", "performers", "agilent", "the rest", "the spring",
        "user index", "code release", "in go", "spring security", "azure devops", "code source",
        "kafka's diaries", "performance review", "rest in java", "python and flask",
    ],
)  # fmt: skip
def test_other_forms_orders_and_words_beside_do_not_make_a_skill_of_something_else(typed: str) -> None:
    assert not isinstance(CATALOGUE.resolve(typed), Known)


@pytest.mark.parametrize(
    "typed",
    [
        "google maps", "java string", "java strip", "app design", "app testing", "aws sns", "unity testing",
        "amazon ads", "stacks", "snacks", "business role", "unix test", "the c language", "rust programming",
        "my sequel", "web 2.0", "catch 22", "rides", "graph api", "spring boost", "peter review",
    ],
)  # fmt: skip
def test_a_real_word_in_a_name_is_no_slip(typed: str) -> None:
    assert not isinstance(CATALOGUE.resolve(typed), Known)


@pytest.mark.parametrize(
    ("typed", "called", "kind"),
    [
        ("rust", "Rust", "language"),
        ("the rust language", "Rust", "language"),
        ("kotlin 1.9", "Kotlin", "language"),
        ("oracle db", "Oracle", "database"),
        ("git hub actions", "GitHub Actions", "ci"),
        ("knitting", None, None),
        ("sprint", None, None),
    ],
)
def test_a_technology_known_by_name_only_is_told_with_its_kind(
    typed: str, called: str | None, kind: str | None
) -> None:
    found = CATALOGUE.resolve(typed)
    assert isinstance(found, Unknown)
    assert (found.called, found.kind) == (called, kind)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("msyql", "MySQL"),
        ("postgresq", "PostgreSQL"),
        ("postgresl", "PostgreSQL"),
        ("api endpiont", "API endpoints"),
        ("pzthon", "Python"), ("mzsql", "MySQL"), ("c§", "C#"), ("kqfkq", "Kafka"), (",ongodb", "MongoDB"),
        (";ongodb", "MongoDB"), ("a.w.s.", "AWS"), ("k8s / kubernetes", "Kubernetes"),
        ("amazon web services (aws)", "AWS"), ("restfull api", "REST"), ("databse redis", "Redis"),
        ("Redis – database, also cache", "Redis"), ("agile methodologies", "Agile"),
    ],
)  # fmt: skip
def test_likely_slips_foreign_keyboards_and_words_beside_are_seen_through(typed: str, name: str) -> None:
    found = CATALOGUE.resolve(typed)
    assert isinstance(found, Known), found
    assert found.skill.name == name


def test_short_names_on_a_foreign_keyboard_are_asked_back() -> None:
    assert isinstance(found := CATALOGUE.resolve("qzs"), Ambiguous)
    assert names(found.choices) == ["AWS"]
