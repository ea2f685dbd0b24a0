"""What becomes of a question when another generation answers."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from knowledge.entities import Answer, Reply

Asker = Literal["recorded", "listed", "told"]
"""Whose question it is: of the recorded set, of a document that lists it, of a person who told the admins."""

Rule = Literal["integrity", "removed-answers", "must-answer-lost", "severe-complaints"]


class Group(Enum):
    """What becomes of a question."""

    UNCHANGED = "unchanged"
    SOURCE_CHANGED = "source changed"
    NOW_ANSWERED = "now answered"
    NO_LONGER_ANSWERED = "no longer answered"


@dataclass(frozen=True, slots=True)
class Change:
    """A question, and what it gets before and after; the replies are left out where nothing changes.

    `must` tells whether it has to be answered. `lost_facts` are those of a recorded question that its new
    answer no longer says. `question` is empty where a person told it and has deleted it since.
    """

    question: str
    origin: Asker
    group: Group
    must: bool = False
    before: Reply | None = None
    after: Reply | None = None
    lost_facts: tuple[str, ...] = ()

    @property
    def declinable(self) -> bool:
        """Whether it is recorded as one that the documents do not answer."""
        return self.origin == "recorded" and not self.must


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a generation is not published just so; `overridable` if somebody may do so all the same."""

    rule: Rule
    sentence: str
    overridable: bool = True


def group_of(before: Reply, after: Reply) -> Group:
    """What became of a question: of a message that asks several things, as many as were answered count."""
    had, has = _answers(before), _answers(after)
    if len(has) < len(had):
        return Group.NO_LONGER_ANSWERED
    if len(has) > len(had):
        return Group.NOW_ANSWERED
    return Group.UNCHANGED if _quoted(had) == _quoted(has) else Group.SOURCE_CHANGED


def _answers(reply: Reply) -> list[Answer]:
    return [part for part in reply.parts if isinstance(part, Answer)]


def _quoted(answers: list[Answer]) -> list[tuple[str, str]]:
    return [(quote.source.document, quote.text) for answer in answers for quote in answer.quotes]
