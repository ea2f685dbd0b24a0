"""What was proposed, kept as a file until somebody decides."""

import hashlib
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from index.library import LibraryError, Manifest
from knowledge.gate.changes import Change, Group, Objection
from knowledge.reindexing import ReindexReport

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A generation that was built, and what would change if it answered.

    `base` is the generation it was compared with, None where nothing answers yet. `staged` tells whether it
    can be published: not after a dry run, and not where nothing changed. `at` is ISO 8601, UTC.
    """

    key: str
    who: str
    at: str
    base: int | None
    report: ReindexReport
    changes: tuple[Change, ...] = ()
    objections: tuple[Objection, ...] = ()
    suite: Mapping[str, int] | None = None
    small_and_safe: bool = False
    staged: bool = True

    def group(self, group: Group) -> tuple[Change, ...]:
        """Questions of which this became: first those with lost facts, then those that matter most.

        These are the ones that must be answered, and among those now answered the ones to be declined.
        """
        found = (change for change in self.changes if change.group is group)
        return tuple(sorted(found, key=lambda change: (not change.lost_facts, not _matters(change))))

    @property
    def unchanged(self) -> bool:
        """Whether the documents are those that answer now."""
        return not (self.report.added or self.report.changed or self.report.removed or self.changes)

    def standing(self, reason: str = "") -> tuple[Objection, ...]:
        """The objections that a reason does not overcome."""
        given = bool(reason.strip())
        return tuple(found for found in self.objections if not (given and found.overridable))


def _matters(change: Change) -> bool:
    return change.declinable if change.group is Group.NOW_ANSWERED else change.must


def undecided(found: Proposal | None, answering: Manifest | None) -> Proposal | None:
    """What was found, unless it answers: whoever published it was killed before clearing it away."""
    if found and answering and answering.facts.get("proposal") == found.key:
        return None
    return found


class Shelf:
    """The one proposal that waits, in a file.

    Questions that people told the admins are not written down here: their authors may delete them.
    """

    def __init__(self, path: Path, *, told: Callable[[], Sequence[str]] = tuple) -> None:
        self._path = path
        self._told = told

    def put(self, proposal: Proposal) -> None:
        """Keep it in place of what waited. Raises LibraryError."""
        fresh = self._path.with_suffix(".new")
        try:
            with fresh.open("wb") as file:
                file.write(_adapter().dump_json(silent(proposal)))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            raise LibraryError(
                f"What was proposed could not be kept ({error.strerror}); nothing was published."
            ) from error

    def find(self) -> Proposal | None:
        """What waits; None where nothing does, or nothing that can be read."""
        try:
            proposal: Proposal = _adapter().validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            log.warning("What was proposed cannot be read any more: %s", type(error).__name__)
            return None
        return aloud(proposal, self._told())

    def clear(self) -> None:
        """Nothing waits any more. Raises LibraryError."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise LibraryError(f"What was proposed could not be removed ({error.strerror}).") from error


def silent(proposal: Proposal) -> Proposal:
    """The same without the words of people, who may delete them."""
    return replace(proposal, changes=tuple(map(_silent, proposal.changes)))


def aloud(proposal: Proposal, told: Sequence[str]) -> Proposal:
    """A silent proposal with the words of people that are still there."""
    wordings = {_print_of(text): text for text in told}
    return replace(proposal, changes=tuple(_aloud(change, wordings) for change in proposal.changes))


def _silent(change: Change) -> Change:
    question = _print_of(change.question) if change.origin == "told" else change.question
    before, after = (reply and reply.without_questions() for reply in (change.before, change.after))
    return replace(change, question=question, before=before, after=after)


def _aloud(change: Change, wordings: Mapping[str, str]) -> Change:
    return replace(change, question=wordings.get(change.question, "")) if change.origin == "told" else change


def _print_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "ignore")).hexdigest()


@cache
def _adapter() -> TypeAdapter[Any]:
    return TypeAdapter(Proposal)
