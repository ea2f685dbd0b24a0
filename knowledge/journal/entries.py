"""What is read back from the journal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Told:
    """A question somebody wanted the admins to see. It does not say who."""

    question: str
    reason: str
    generation: int
    passages: tuple[str, ...]
    at: str  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class Feedback:
    """Whether a reply helped somebody. It does not say whom."""

    key: str
    helpful: bool
    generation: int
    passages: tuple[str, ...]
    at: str  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class Pending:
    """An interaction that was accepted and has not ended; its token is a secret that shows in no log."""

    interaction: str
    application: str
    token: str = field(repr=False)
    at: str  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class PendingMessage:
    """A message that was read as a question and has not been answered."""

    message: str
    channel: str
    at: str  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was deleted for a person: how many rows of which table.

    `erased` is False where another program was reading at that moment: the rows are gone for every reader,
    and their bytes go with the next checkpoint. `stays` counts what is kept all the same: what the person did
    to the knowledge base.
    """

    when: str  # ISO 8601, UTC
    rows: Mapping[str, int]
    erased: bool
    stays: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that was done to the knowledge base, or refused, and by whom."""

    id: int
    at: str  # ISO 8601, UTC
    who: str
    deed: str
    generation: int | None
    about: str
    reason: str


@dataclass(frozen=True, slots=True)
class Digested:
    """A digest that was posted, and the time it is about. All ISO 8601, UTC."""

    since: str
    until: str
    posted: str


@dataclass(frozen=True, slots=True)
class InVain:
    """Something a person asked in vain, or an answer that did not help them.

    `person` and `question` are for counting and comparing only, and show in no log: a question is somebody's
    until enough people asked it. It is empty where an answer did not help; `told` is true where its person
    wants the admins to see it. `anchor` finds the row again and says nothing of it. `meaning` is the vector
    of the question, empty where none is kept of the model asked for.
    """

    anchor: str
    table: str
    number: int
    person: str = field(repr=False)
    question: str = field(repr=False)
    reason: str
    near: str
    passages: tuple[str, ...]
    generation: int
    told: bool
    first: str  # ISO 8601, UTC
    at: str  # ISO 8601, UTC
    meaning: bytes = field(repr=False, default=b"")


State = Literal["open", "answered", "dismissed"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What an admin said of something asked in vain, and when (ISO 8601, UTC)."""

    state: State
    at: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions came to which end, of one UTC day, one generation and one way of asking.

    The generation is 0 where it is not known, as for a question that failed.
    """

    day: str  # 2026-03-01
    generation: int
    entry: str
    asked: int = 0
    answered: int = 0
    partly: int = 0
    declined: int = 0
    failed: int = 0
    disagreed: int = 0


@dataclass(frozen=True, slots=True)
class ByGeneration:
    """How one generation did: ratings and ends of questions, from the first day to the last."""

    generation: int
    helpful: int
    unhelpful: int
    asked: int
    answered: int
    declined: int
    first: str  # ISO 8601, UTC
    last: str
