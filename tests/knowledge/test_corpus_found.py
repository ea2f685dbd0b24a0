"""Files as people keep them – pages, wikis, letters, handbooks – are read as a careful reader reads them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.corpus.reading import Corpus, read_corpus
from knowledge.entities import Document, Origin

FOUND = Path(__file__).parent / "data" / "found"
OTHERS = Path(__file__).parents[1] / "data"


def outline(document: Document) -> Iterator[str]:
    """The document line by line: headings with #, list items with - or their number, the rest as it is."""
    for section in document.sections:
        if section.headings:
            yield "#" * len(section.headings) + f" {section.headings[-1]}" + " (empty)" * section.empty
        for block in section.blocks:
            mark = {"list": "- ", "steps": "1. "}.get(block.kind, "")
            for start, end in block.items or ((block.start, block.end),):
                yield mark + document.text[start:end]


@pytest.fixture(scope="module")
def found() -> Corpus:
    return read_corpus([FOUND])


def one(corpus: Corpus, name: str) -> Document:
    return next(document for document in corpus.documents if document.id == name)


MESSAGE_QUEUE = [
    "A message queue holds work until somebody is free to do it.",
    "# Delivery",
    "Most brokers deliver a message at least once, so a consumer must bear duplicates.",
    "# Brokers",
    "- RabbitMQ",
    "- Apache Kafka",
]
WRAPPED = [
    "This handbook says what the person on call does between six in the evening and nine in the morning. "
    "It is short on purpose: at three o'clock nobody reads a long one. If something in it is wrong, "
    "change it the next day.",
    "# The rota",
    "Each week belongs to one engineer and one deputy. The week begins on Monday at nine, because Friday "
    "handovers were forgotten too often. PostgreSQL and the queue are watched by the same person; there is "
    "no second rota for data.",
    'The rota is kept in the calendar called "on call". Swaps are entered by the person who takes the shift.',
    "# When the phone rings",
    "1. Acknowledge within five minutes, or the deputy is called after ten.",
    "1. Look at the dashboard of the service that is named in the message.",
    "1. Write down what you see before you change anything. Use the channel Incidents for that.",
    "Levels are printed in the message:",
    "- SEV1: customers cannot pay. Wake the deputy and the head of engineering at once.",
    "- SEV2: something is slow. It can wait until 7 in the morning, but somebody must look at it before the "
    "shops open in Helsinki.",
    "The oldest rule we have is from the autumn of 2016. It says that nobody is blamed.",
    "# Pay (empty)",
]


@pytest.mark.parametrize(
    ("name", "title", "origin", "lines"),
    [
        (
            "wiki",
            "Message queue",
            Origin(),
            [*MESSAGE_QUEUE, "- NATS", "# Costs (empty)"],
        ),
        ("pasted", "Message queue", Origin(), [*MESSAGE_QUEUE, "# Costs (empty)"]),
        ("wrapped", "ON-CALL HANDBOOK", Origin(date="2023-05-14"), WRAPPED),
        (
            "letter",
            "Questions about the first week on the platform team",
            Origin("Imke Vandersloot", "2024-03-05"),
            [
                "thanks for the questions. Here is what we told the last group, and it still holds.",
                "# When do we get access to production?",
                "After the second week, read only. Write access comes with the first rotation on call, which "
                "is in month three at the earliest.",
                "# Who reviews our changes?",
                "Two people:",
                "- somebody from your own team",
                "- somebody who owns the service, usually the person named in the OWNERS file",
            ],
        ),
        (
            "cms",
            "How we size our database",
            Origin("Rosalind Okoro", "2024-01-12", "Kestrel Stories"),
            [
                "We plan for the busiest hour of the year, not for the average one.",
                "# Memory",
                "The working set must fit. Ours is 96 GB, and grows by 2 GB a month.",
                "# Connections",
                "One process costs about 10 MB, so we put a pooler in front and allow:",
                "- 200 connections to the primary",
                "- 400 to each replica",
                "# Questions we are asked",
                "## Why not shard?",
                "A single machine has been enough since 2019.",
                "## What about backups?",
                "Every night, and the log every minute.",
                "# What it costs (empty)",
            ],
        ),
        (
            "readme",
            "Deploying the billing service",
            Origin(),
            [
                "Billing is deployed from the main branch, by whoever is on call. "
                "It takes about twelve minutes.",
                "The rota is in the calendar; swaps are fine.",
                "Never deploy while invoices are being written, which is on the first of a month.",
                "# Before you begin",
                "- The pipeline is green",
                "- Nobody else is deploying",
                "- look at the board",
                "- You have read the notes",
                "Access: You need the role deployer.",
                "Ask the team lead for it.",
                "# Steps",
                "1. Tag the release: # not a heading git tag v1.2.3",
                "1. Push the tag.",
                "1. Watch the dashboard for ten minutes.",
                "If errors rise above 2 %, roll back.",
                "# Timings",
                "Stage | Minutes\nBuild | 7\nRoll out | 5",
                "One machine after the other.",
                "# Rolling back (empty)",
            ],
        ),
        (
            "faq",
            "Frequently Asked Questions: Internships",
            Origin(),
            [
                "# Joining",
                "## How long is an internship?",
                "Between three and six months. Students who need a longer one for their degree may ask.",
                "## Do you pay interns, and if so how much do you pay in the larger cities?",
                "Yes. The amount is in the offer:",
                "- 1,900 euros a month in the first half",
                "- 2,100 euros after that",
                "# During the internship",
                "## Who looks after me?",
                "A mentor, for two hours a week.",
                "You also have a buddy, who is not your mentor.",
                "## Can I work from home?",
                "Two days a week.",
                "## Is there a canteen? (empty)",
            ],
        ),
        (
            "lines.jsonl#retries",
            "Retries",
            Origin("Pim Adair"),
            [
                "A call that failed may be made again, if it is idempotent.",
                "# How often",
                "1. Once at once",
                "1. Then after two seconds",
                "Try | Wait\n1 | 0 s\n2 | 2 s",
                "# Never retry",
                "- payments without a key",
                "- anything that answered 4xx",
            ],
        ),
        (
            "lines.jsonl#7",
            "Timeouts",
            Origin(),
            [
                "Every call has one. The default is two seconds.",
                "# Setting it",
                "## Where is it set?",
                "In `client.toml`, under timeouts.",
            ],
        ),
    ],
)
def test_file_is_read_with_its_structure_and_without_what_stands_around_it(
    found: Corpus, name: str, title: str, origin: Origin, lines: list[str]
) -> None:
    document = one(found, name)
    assert (document.title, document.origin) == (title, origin)
    assert list(outline(document)) == lines


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_wrapped_text_is_the_same_with_other_line_ends_and_encodings(tmp_path: Path, encoding: str) -> None:
    text = (FOUND / "wrapped.txt").read_text().replace("on purpose", "on purpose – naïvely, “so be it” –")
    (tmp_path / "wrapped.txt").write_bytes(text.replace("\n", "\r\n").encode(encoding))
    (document,) = read_corpus([tmp_path]).documents
    lines = [line.replace("on purpose", "on purpose – naïvely, “so be it” –") for line in WRAPPED]
    assert list(outline(document)) == lines


def test_nothing_found_in_the_folder_is_more_than_a_note(found: Corpus) -> None:
    assert {complaint.severity for complaint in found.complaints} == {"note"}


@pytest.mark.parametrize(
    ("folder", "name", "title", "author", "date"),
    [
        ("gardening", "compost", "Compost: the Short Course", "Winnifred Achterberg", "2022-09-09"),
        ("gardening", "watering", "Watering in dry summers", "Hester Quillfeather", "2024-06-19"),
        ("gardening", "year", "THE YEAR ON THE PLOT", None, None),
        ("municipal", "dogs", "Keeping a dog", "Renate Mölk", "2022-05-02"),
        ("municipal", "marriage", "Getting Married in Hallerbeck", "Philippa Wendland", None),
        (
            "municipal",
            "registration",
            "Moving House: Registering, Changing, Leaving",
            "Citizens' Office",
            "2023-07-01",
        ),
        ("municipal", "winter", "CLEARING SNOW AND ICE", None, None),
    ],
)
def test_title_author_and_date_are_read_on_other_subjects(
    folder: str, name: str, title: str, author: str | None, date: str | None
) -> None:
    document = one(read_corpus([OTHERS / folder / "sources"]), name)
    assert (document.title, document.origin.author, document.origin.date) == (title, author, date)


@pytest.mark.parametrize(
    ("folder", "empty"),
    [
        (
            "gardening",
            {
                ("compost", "Worm Bins"),
                ("handbook", "Greenhouse rota"),
                ("handbook", "Insurance"),
                ("handbook", "Composting toilet"),
                ("notes.jsonl#minutes-2024-03", "Any other business"),
                ("pests", "Deer"),
                ("tomatoes", "Growing in pots"),
                ("watering", "Grey water"),
                ("year", "November"),
            },
        ),
        (
            "municipal",
            {
                ("dogs", "Breeds with special rules"),
                ("library", "Accessibility"),
                ("library", "Home delivery"),
                ("marriage", "Witnesses from Abroad"),
                ("parking", "Motorcycles"),
                ("registration", "Fees for Passports"),
                ("registration", "Name Changes"),
                ("town-hall.jsonl#council-2024-05", "Questions from the public"),
                ("town-hall.jsonl#portal", "Signing for somebody else"),
                ("waste", "Christmas trees"),
                ("waste", "Deposit bottles"),
                ("winter", "Roof avalanches"),
            },
        ),
    ],
)
def test_empty_sections_are_found_on_other_subjects(folder: str, empty: set[tuple[str, str]]) -> None:
    documents = read_corpus([OTHERS / folder / "sources"]).documents
    assert {(d.id, s.headings[-1]) for d in documents for s in d.sections if s.empty} == empty
