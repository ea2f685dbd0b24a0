"""From folders of documents to a new generation that somebody decided on."""

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from pathlib import Path

from index.garbage import unsearched
from index.library import Damaged, Library, LibraryError, Manifest, Snapshot
from knowledge.corpus.reading import Corpus
from knowledge.entities import Complaint
from knowledge.gate.changes import Change, Group, Objection
from knowledge.gate.gate import Gate, Verdict
from knowledge.journal.entries import Noted
from knowledge.proposals import Proposal, Shelf, undecided
from knowledge.reindexing import Draft, Reindexer
from knowledge.watching import Watch, unwatched

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds that a decision waits for another writer."""
FEW = 3
"""Documents that a small change adds or changes at most."""
SMALL = 0.05
"""Share of the questions whose sources a small change changes at most."""

Lint = Callable[[Corpus, Watch], tuple[Complaint, ...]]


class NotDecidable(Exception):
    """What somebody decided on cannot be published or discarded; the message is one sentence."""


class NoProposal(NotDecidable):
    """Nothing of that name waits for a decision: it was decided, replaced, or is damaged.

    `decided` tells who decided how, where that is known.
    """

    def __init__(self, sentence: str, decided: Noted | None = None) -> None:
        super().__init__(sentence)
        self.decided = decided


class Outdated(NotDecidable):
    """Since the proposal was compared, something else was published, or the program changed."""


class Unfit(NotDecidable):
    """An earlier generation was made by another model or version, and cannot answer any more."""


class Objected(NotDecidable):
    """Something speaks against publishing, and no reason was given to do so all the same."""

    def __init__(self, sentence: str, objections: Sequence[Objection] = ()) -> None:
        super().__init__(sentence)
        self.objections = tuple(objections)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A draft and what the gate says of it."""

    draft: Draft
    verdict: Verdict
    complaints: tuple[Complaint, ...]


class Publisher:
    """Proposes a generation, and publishes or discards what was proposed, one thing at a time."""

    def __init__(
        self,
        *,
        library: Library,
        reindexer: Reindexer,
        gate: Gate,
        shelf: Shelf,
        lint: Lint = lambda corpus, _: corpus.complaints,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._library = library
        self._reindexer = reindexer
        self._gate = gate
        self._shelf = shelf
        self._lint = lint
        self._now = now
        self._clock = clock

    def propose(
        self,
        folders: Sequence[Traversable | Path],
        *,
        who: str,
        wait: float = 0.0,
        watch: Watch = unwatched,
        keep: bool = True,
    ) -> Proposal:
        """Build what the folders hold now, compare it with what answers, and keep it for a decision.

        Without `keep`, all of it but the report is thrown away again; what waited before goes on waiting.
        Raises NothingToIndex, index.library.Busy, index.library.LibraryError, and whatever `watch` raises.
        """
        started = self._clock()
        with self._library.writing(who, wait):
            draft = self._reindexer.draft(folders, watch=watch)
            if draft.candidate is None:
                complaints = self._linted(draft.corpus, watch)
                proposal = self._proposal(who, _Judged(draft, Verdict(), complaints), started)
                return replace(proposal, staged=False)
            try:
                judged = self._judge(draft, watch)
                proposal = replace(self._proposal(who, judged, started), staged=keep)
                if not keep:
                    draft.candidate.discard()
                    return proposal
                suite = judged.verdict.suite
                draft.candidate.note({"proposal": proposal.key} | ({"suite": suite} if suite else {}))
                draft.candidate.stage()
            except BaseException:
                draft.candidate.discard()
                raise
            self._shelf.put(proposal)
            return proposal

    def proposal(self) -> Proposal | None:
        """What waits for a decision."""
        current = self._library.current()
        return undecided(self._shelf.find(), current.manifest if current else None)

    def publish(
        self,
        key: str,
        *,
        who: str,
        reason: str = "",
        overriding: Callable[[Proposal], None] = lambda _: None,
    ) -> Manifest:
        """Have what was proposed answer from now on; with objections, only for a reason.

        `overriding` is called before objections are overcome, when nothing else speaks against it. Raises
        NoProposal, Outdated, Objected, index.library.Busy, index.library.LibraryError, and whatever
        `overriding` raises.
        """
        with self._library.writing(who, PATIENCE):
            proposal = self._waiting(key)
            if self._generation() != proposal.base:
                raise Outdated(
                    f"Generation {self._generation()} answers now, and this was compared with "
                    f"{proposal.base or 'none'}; please reindex again to see what would change."
                )
            if standing := proposal.standing(reason):
                raise Objected(" ".join(found.sentence for found in standing), standing)
            try:
                candidate = self._library.staged()
            except Damaged as error:
                raise NoProposal(f"{error} Please reindex again.") from error
            if candidate is None or candidate.snapshot.manifest.facts.get("proposal") != key:
                raise NoProposal("What was proposed is no longer there; please reindex again.")
            if not self._reindexer.fits(candidate.snapshot):
                raise Outdated("What was proposed was made by another version; please reindex again.")
            if proposal.objections:
                overriding(proposal)
            by = {"who": who, "at": self._now().isoformat(timespec="seconds"), "reason": reason.strip()}
            manifest = self._reindexer.publish(candidate, {"published": by})
            try:
                self._shelf.clear()
            except LibraryError as error:
                # It answers, and what answers waits for no decision: see `undecided`.
                log.warning("What was published stays on the shelf: %s", error)
            return manifest

    def discard(self, key: str, *, who: str) -> Proposal:
        """Throw what was proposed away. Raises NoProposal, index.library.Busy, index.library.LibraryError."""
        with self._library.writing(who, PATIENCE):
            proposal = self._waiting(key)
            self._shelf.clear()
            try:
                if candidate := self._library.staged():
                    candidate.discard()
            except Damaged as error:
                log.warning("What was discarded was damaged: %s", error)
            return proposal

    def rollback(self, generation: int | None, *, who: str, seen: int | None = None) -> Manifest:
        """Answer from an earlier generation again; where `seen` is given, only if that one answers now.

        Raises Unfit, Outdated, index.library.UnknownGeneration, index.library.Busy,
        index.library.LibraryError.
        """
        with self._library.writing(who, PATIENCE):
            if seen is not None and self._generation() != seen:
                raise Outdated(f"Meanwhile generation {self._generation()} answers; nothing was changed.")
            target = self._earlier() if generation is None else generation
            if target is not None and not self._reindexer.fits(self._library.at(target)):
                raise Unfit(
                    f"Generation {target} was made by another model or version and can't answer any more; "
                    "nothing was changed."
                )
            return self._library.rollback(generation)

    def _judge(self, draft: Draft, watch: Watch) -> _Judged:
        assert draft.candidate is not None  # noqa: S101  # only drafts with one are judged
        complaints = self._linted(draft.corpus, watch)
        verdict = self._gate.judge(
            self._comparable(draft.before), draft.candidate.snapshot, complaints=complaints, watch=watch
        )
        return _Judged(draft, verdict, complaints)

    def _linted(self, corpus: Corpus, watch: Watch) -> tuple[Complaint, ...]:
        with unsearched():
            return self._lint(corpus, watch)

    def _comparable(self, before: Snapshot | None) -> Snapshot | None:
        """What answers now, if this program can ask it."""
        return before if before is not None and self._reindexer.fits(before) else None

    def _proposal(self, who: str, judged: _Judged, started: float) -> Proposal:
        seconds = round(self._clock() - started, 3)
        report = replace(judged.draft.report, complaints=judged.complaints, seconds=seconds)
        before = judged.draft.before
        proposal = Proposal(
            key=secrets.token_urlsafe(6),
            who=who,
            at=self._now().isoformat(timespec="seconds"),
            base=before.manifest.generation if before else None,
            report=report,
            changes=judged.verdict.changes,
            objections=judged.verdict.objections,
            suite=judged.verdict.suite,
        )
        # What could not be compared may lose anything.
        safe = self._comparable(before) is not None and _small_and_safe(proposal)
        return replace(proposal, small_and_safe=safe)

    def _waiting(self, key: str) -> Proposal:
        proposal = self.proposal()
        if proposal is None or proposal.key != key:
            raise NoProposal("That was decided or replaced already.")
        return proposal

    def _earlier(self) -> int | None:
        """The newest sound generation below the one that answers."""
        now = self._generation()
        kept = (manifest.generation for manifest in self._library.generations())
        return next((number for number in kept if now is None or number < now), None)

    def _generation(self) -> int | None:
        current = self._library.current()
        return current.manifest.generation if current else None


def _small_and_safe(proposal: Proposal) -> bool:
    """Whether nobody could mind: little changes, nothing is lost, nothing is complained of.

    Where no question was asked of both, nobody knows.
    """
    report = proposal.report
    worse = proposal.group(Group.NO_LONGER_ANSWERED)
    moved: Sequence[Change] = proposal.group(Group.SOURCE_CHANGED)
    told_too_much = [change for change in proposal.group(Group.NOW_ANSWERED) if change.declinable]
    return (
        bool(proposal.changes)
        and not (proposal.objections or report.removed or worse or told_too_much)
        and len(report.added) + len(report.changed) <= FEW
        and len(moved) <= SMALL * len(proposal.changes)
        and not any(change.lost_facts for change in proposal.changes)
        and not any(complaint.severity == "error" for complaint in report.complaints)
    )
