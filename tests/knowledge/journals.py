"""What the tests of the journal share: a clock that is set by hand, and replies to keep."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from knowledge.entities import Answer, Confidence, NoAnswer, Origin, Quote, Refusal, Reply, Source
from knowledge.journal.journal import Journal

STATES = Path(__file__).with_name("data") / "journal"
ANNA, BERT = "300000000000000001", "300000000000000002"


class Clock:
    """Tells the time it was set to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, span: timedelta) -> None:
        self.time += span


def a_reply(question: str = "", generation: int = 7, *passages: str) -> Reply:
    source = Source("guide", "The Guide", ("Work", "Tools"), Origin(author="A. Writer", restates=True))
    quotes = tuple(Quote("They write code.", passage, 10, 26, source) for passage in passages)
    return Reply(
        (
            Answer(
                question, quotes, ("A note.",), Confidence("medium", "one document says so"), (), generation
            ),
            NoAnswer(question, Refusal.EMPTY_SECTION, "I don't know.", ("What do they earn?",), generation),
        ),
        generation,
    )


def tell(journal: Journal, person: str, question: str) -> bool:
    return journal.tell(
        person=person, question=question, reason="nothing", generation=7, passages=["guide:1"], key=None
    )


def decline(journal: Journal, person: str, question: str, *, generation: int = 7, near: str = "") -> None:
    reason = Refusal.NOTHING.value
    journal.decline(person=person, question=question, reason=reason, near=near, generation=generation)


def begin(journal: Journal, interaction: str) -> None:
    journal.begin(interaction=interaction, application="200", token=f"token of {interaction}")


def on_disk(path: Path) -> bytes:
    """Every byte of the database and the files SQLite keeps beside it."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))
