"""What is read back from the journal."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
