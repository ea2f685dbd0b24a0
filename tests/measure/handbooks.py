"""Handbooks of made-up teams: any number of passages that read like documents, the same ones every time.

Most of them are the bulk of a large collection. A few, the living ones, list questions they answer; a
measurement asks those, and changes, adds and removes such handbooks while it does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

PLACES = (
    "Alder Bay", "Birch Hollow", "Cedar Point", "Dunmere", "Eastwick", "Fernhill", "Glenrock",
    "Harrowgate", "Ivybridge", "Juniper Falls", "Kestrel Heights", "Larkspur", "Marlow", "Northmoor",
    "Oakhurst", "Pinecrest", "Quarry Hill", "Redwater", "Stonebridge", "Thornbury", "Upwell", "Vale End",
    "Westcliff", "Yarrow",
)  # fmt: skip
SYSTEMS = (
    "billing service", "search index", "mail gateway", "image store", "ledger", "booking engine",
    "price feed", "session store", "report builder", "address book", "parcel tracker", "audit trail",
    "coupon service", "message broker", "login service", "stock counter", "tax calculator", "map server",
    "video encoder", "survey tool", "payroll run", "ticket desk", "export job", "rate limiter",
    "feature switchboard",
)  # fmt: skip
PEOPLE = (
    "the engineer on call", "the newest member of the team", "a second reader", "the release captain",
    "the database keeper", "whoever merged last", "the team from the floor below",
    "an auditor from outside", "the person with the pager", "two engineers together",
    "the platform group", "the weekend crew",
)  # fmt: skip
DEEDS = (
    "restarts", "measures", "rehearses the failover of", "writes down every change to",
    "reads the logs of", "reviews the schema of", "empties the queues of", "moves traffic away from",
    "raises the limits of", "tests the backups of", "renames the tables of", "profiles", "patches",
    "documents the interfaces of", "counts the open connections of",
    "replays yesterday's requests against", "freezes deployments to",
)  # fmt: skip
MOMENTS = (
    "every Monday before nine", "after each deployment", "on the last Friday of a month", "twice a day",
    "while traffic is low", "before a holiday", "within an hour of an alert",
    "once the nightly export is done", "whenever latency doubles", "at the start of a quarter",
    "during the lunch break", "as soon as disks fill up",
)  # fmt: skip
REASONS = (
    "a forgotten index once cost a whole night", "customers notice three slow minutes",
    "the old cache lied", "nobody trusts a backup that was never restored", "two clocks never agree",
    "a queue hides trouble for hours", "the contract names a deadline",
    "retries make a small outage large", "logs alone convince nobody",
    "a quiet failure is the expensive kind", "one lock can hold up a thousand requests",
)  # fmt: skip
TOOLS = (
    "Redis", "PostgreSQL", "Kafka", "a spreadsheet", "Docker", "a paper list", "Kubernetes",
    "Python scripts", "Linux tools", "Git", "a shared calendar", "MongoDB", "Jenkins", "a dashboard",
    "RabbitMQ", "a plain text file",
)  # fmt: skip
OUTCOMES = (
    "requests wait in line", "the figures of the day are wrong", "orders arrive twice",
    "the page stays empty", "a restore takes all night", "support hears of it first",
    "invoices leave a day late", "the disk fills up", "old prices come back",
    "half of the sessions are lost", "a partner's import stops", "alerts fall silent",
)  # fmt: skip

SYLLABLES = (
    "ba",
    "cor",
    "del",
    "fen",
    "gal",
    "hum",
    "is",
    "jor",
    "kel",
    "lum",
    "mer",
    "nox",
    "ol",
    "pra",
    "ter",
)

SENTENCES = 3
SECTIONS = 100
"""Sentences of a section, which is one passage, and sections of a handbook of the bulk."""

LIVING = 8
LIVING_SECTIONS = 12
"""Handbooks that list questions, and their sections."""


def bulk(passages: int) -> Iterator[tuple[str, str]]:
    """File names and texts of handbooks that together make so many passages."""
    for number, first in enumerate(range(0, passages, SECTIONS)):
        yield f"bulk-{number:04}.md", _handbook(f"bulk {number}", min(SECTIONS, passages - first))


def living(numbers: Iterable[int], *, changed: Mapping[int, str] | None = None) -> dict[str, str]:
    """The files of some living handbooks; in those that changed, every sentence has another word."""
    words = changed or {}
    files = {f"living-{number}.md": _handbook(f"living {number}", LIVING_SECTIONS) for number in numbers}
    for number, word in words.items():
        name = f"living-{number}.md"
        files[name] = files[name].replace(".\n", f", {word}.\n").replace(". ", f", {word}. ")
    listed = [_listing(number, words.get(number, "")) for number in numbers]
    return files | {"sources.toml": "\n".join(listed)}


def write(folder: Path, files: Mapping[str, str] | Iterable[tuple[str, str]]) -> Path:
    """Write them into a folder of their own."""
    folder.mkdir(parents=True)
    for name, text in dict(files).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def asked(numbers: Sequence[int]) -> list[str]:
    """The questions that living handbooks list, in turns."""
    return [
        question
        for section in range(LIVING_SECTIONS)
        for number in numbers
        for question in _questions(number, section, "")
    ]


def _subject(draw: Random) -> tuple[str, str]:
    return draw.choice(PLACES), draw.choice(SYSTEMS)


def _handbook(name: str, sections: int) -> str:
    draw = Random(name)
    place, _ = _subject(draw)
    head = f'---\ntitle: Handbook of {place}, {name}\nauthor: {place} operations\ndate: "2024-03-01"\n---\n'
    return head + "".join(_section(name, number) for number in range(sections))


def _section(handbook: str, number: int) -> str:
    draw = Random(f"{handbook} {number}")
    place, system = _subject(draw)
    name = "".join(draw.choice(SYLLABLES) for _ in range(4)).capitalize()
    sentences = " ".join(_sentence(draw, place, f"{name} {system}") for _ in range(SENTENCES))
    return f"\n## The {system} of {place}, {number + 1}\n\n{sentences}\n"


def _sentence(draw: Random, place: str, system: str) -> str:
    who, deed, moment = draw.choice(PEOPLE), draw.choice(DEEDS), draw.choice(MOMENTS)
    reason, tool, outcome = draw.choice(REASONS), draw.choice(TOOLS), draw.choice(OUTCOMES)
    number = draw.randrange(2, 500)
    forms = (
        f"In {place} {who} {deed} the {system} {moment}, because {reason}.",
        f"With {tool} {who} {deed} the {system}; past {number} errors an hour {outcome}.",
        f"If {outcome}, {who} looks at step {number} of the list for the {system}, then {deed} it.",
        f"The {system} keeps {number} days of history in {tool}, since {reason}.",
        f"What the {system} did {moment} is told to {who} within {number} minutes, as {reason}.",
    )
    sentence = draw.choice(forms)
    return sentence[0].upper() + sentence[1:]


def _questions(number: int, section: int, word: str) -> Iterator[str]:
    name = f"living {number}"
    place, system = _subject(Random(f"{name} {section}"))
    more = f", {word}" if word else ""
    yield f"Who looks after the {system} of {place}{more}?"
    yield f"When is something done about the {system} in {place}{more}?"


def _listing(number: int, word: str) -> str:
    rows = [f'[[source]]\nfile = "living-{number}.md"\n\n[source.topics]']
    for section in range(LIVING_SECTIONS):
        place, system = _subject(Random(f"living {number} {section}"))
        questions = ", ".join(f'"{question}"' for question in _questions(number, section, word))
        rows.append(f'"The {system} of {place}, {section + 1}" = [{questions}]')
    return "\n".join(rows) + "\n"
