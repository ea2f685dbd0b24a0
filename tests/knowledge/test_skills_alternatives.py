"""Lists of which any member will do are told apart from lists of which all are meant."""

import pytest

from knowledge.skills.alternatives import leads_into_choice, listings
from knowledge.skills.catalogue import load_catalogue

CATALOGUE = load_catalogue()


def read(text: str) -> list[str]:
    return [
        " ".join(member.skill.name.replace(" ", "_") for member in listing.members)
        for listing in listings(text, CATALOGUE.find(text))
    ]


@pytest.mark.parametrize(
    ("text", "members"),
    [
        # one or more of
        ("Know one or more of Node.js, Java, Python, Go, C#.", "Node.js Java Python Go C#"),
        ("Know one or more backend languages (Node.js, Java, C#).", "Node.js Java C#"),
        ("at least one language: Python, Java and Go", "Python Java Go"),
        ("at least one of Docker and Kafka", "Docker Kafka"),
        ("One of: Python, Java, Ruby", "Python Java Ruby"),
        ("Any of the following: MySQL, MongoDB", "MySQL MongoDB"),
        ("You choose between Docker and Kubernetes.", "Docker Kubernetes"),
        ("either unit testing and refactoring", "Unit_testing Refactoring"),
        ("one or more of Rust, Python, Java", "Python Java"),
        # or
        ("Design APIs (REST or GraphQL).", "REST GraphQL"),
        ("with relational or NoSQL databases", "Relational_databases NoSQL"),
        ("Either Redis or Memcached caches it.", "Redis Memcached"),
        ("Write it in Python, Java, or C#", "Python Java C#"),
        ("Write it in Python, Java or Fortran.", "Python Java"),
        ("Write it in Python, Fortran, or Java.", "Python Java"),
        ("Kafka and/or RabbitMQ", "Kafka RabbitMQ"),
        ("a payment processor, an email platform, or an identity provider",
         "Payment_processors Email_platforms Identity_providers"),
        ("Python 3 or Java 17", "Python Java"),
        ("a SQL or a NoSQL database", "SQL NoSQL"),
        # examples, if they are alike
        ("languages such as Node.js, Python, and Java", "Node.js Python Java"),
        ("a queue (e.g. RabbitMQ, Kafka)", "RabbitMQ Kafka"),
        ("a queue, e.g., RabbitMQ and Kafka", "RabbitMQ Kafka"),
        ("queues, for example RabbitMQ, Kafka", "RabbitMQ Kafka"),
        ("for instance, MySQL and PostgreSQL", "MySQL PostgreSQL"),
        ("a framework like Django, Flask", "Django Flask"),
        ("databases like MySQL and MongoDB help", "MySQL MongoDB"),
        ("such as Oracle, MySQL, MongoDB", "MySQL MongoDB"),
        # open lists
        ("Server-side languages: Java, PHP, JavaScript, Python, etc.", "Java PHP JavaScript Python"),
        ("Version control: Git, BitBucket, etc.", "Git Bitbucket"),
        ("AWS, Stripe, Google Pay, etc. are examples", "AWS Stripe Google_Pay"),
        ("MySQL, MongoDB, Oracle, etc.", "MySQL MongoDB"),
        ("Django, Flask and so on", "Django Flask"),
        ("Django, Flask …", "Django Flask"),
        # brackets and slashes
        ("databases (PostgreSQL, MySQL, MongoDB)", "PostgreSQL MySQL MongoDB"),
        ("clouds (AWS/GCP/Azure)", "AWS GCP Azure"),
        ("Tools: Docker, Kubernetes, AWS/GCP/Azure, CI/CD pipelines", "AWS GCP Azure"),
    ],
)  # fmt: skip
def test_skills_listed_as_one_of_a_kind_are_a_listing(text: str, members: str) -> None:
    assert read(text) == [members]


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("Know one or more of Node.js, Java, Python.", True),
        ("Any of the following: Docker, Kafka", True),
        ("languages such as Node.js, Python, or Java", True),
        ("Redis or Memcached", True),
        ("MySQL, MongoDB or Oracle", True),
        ("clouds (AWS/GCP/Azure)", True),
        ("languages such as Node.js, Python, Java", False),
        ("a queue (e.g. RabbitMQ, Kafka)", False),
        ("Version control: Git, BitBucket, etc.", False),
        ("AWS, Stripe, Google Pay, etc. are examples", False),
        ("databases (PostgreSQL, MySQL, MongoDB)", False),
        ("like a payment processor, an email platform, or an identity provider", False),
        ("Python or Docker", False),
    ],
)
def test_examples_are_no_choice(text: str, choice: bool) -> None:
    assert [listing.choice for listing in listings(text, CATALOGUE.find(text))] == [choice]


def test_two_listings_in_one_sentence_stay_apart() -> None:
    assert read("Python or Java, MySQL or MongoDB") == ["Python Java", "MySQL MongoDB"]
    assert read("REST or GraphQL, and Docker") == ["REST GraphQL"]
    assert read("relational or NoSQL databases (MySQL, MongoDB)") == [
        "Relational_databases NoSQL",
        "MySQL MongoDB",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Web services: REST and SOAP",
        "Languages: Python, Java, Go",
        "containerization (Docker, Kubernetes, CI/CD)",
        "I like Python, Java",
        "Developers like Docker and Kubernetes.",
        "one day Docker and Kubernetes came",
        "One of our teams runs Docker and Kubernetes.",
        "technologies such as Python, PostgreSQL and Docker",
        "practices such as refactoring and pair programming",
        "skills such as patience, persistence",
        "add indexes, refactor schemas, or build migrations",
        "problems such as an API failure, a database timeout, or slow performance",
        "neither Docker nor Kubernetes",
        "no Kafka or RabbitMQ here",
        "without Docker or Kubernetes",
        "They never use REST or SOAP.",
        "Redis or redis or REDIS",
        "Docker. Or Kubernetes.",
        "monitoring/alerting services",
        "CI/CD",
        "Kafka (RabbitMQ)",
        "such as Python",
        "Docker, which most know, and Kubernetes",
        "Python and Java or Go",
        "Study authentication or authorization.",
        "databases (MySQL and MongoDB)",
        "",
    ],
)
def test_a_list_of_which_all_are_meant_is_no_listing(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Learn one of these languages:", True),
        ("Well. Pick one or more of the following databases:", True),
        ("You need at least one broker: ", True),
        ("Learn all of these:", False),
        ("One of them is old. The tools:", False),
        ("One of them", False),
    ],
)
def test_a_paragraph_may_announce_that_one_item_will_do(text: str, leads: bool) -> None:
    assert leads_into_choice(text) is leads


def test_a_long_text_of_commas_is_read_in_no_time() -> None:
    text = "Python" + ", word" * 5_000 + ", Java"
    assert read(text) == []
    assert read(", ".join(["Python", "Java"] * 500) + ", etc.") == [" ".join(["Python", "Java"] * 500)]
