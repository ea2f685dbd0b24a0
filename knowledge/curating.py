"""All that somebody may do who runs the knowledge base, each deed noted."""

import logging
from collections.abc import Callable, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from index.library import Library, Manifest
from knowledge.corpus.reading import Corpus
from knowledge.digest import Digest, Period, read_digest
from knowledge.documents.entries import Held, Removed, Upload
from knowledge.documents.own import OwnDocuments
from knowledge.gaps import Gap, Gaps
from knowledge.journal.curation import Deed
from knowledge.journal.entries import ByGeneration, Noted, State
from knowledge.journal.errors import JournalError
from knowledge.journal.journal import Journal
from knowledge.linting.linting import lint_report
from knowledge.linting.reports import LintReport
from knowledge.meanings import MOST, SECONDS
from knowledge.proposals import Proposal
from knowledge.publishing import NoProposal, Publisher
from knowledge.watching import Watch, unwatched

log = logging.getLogger(__name__)

_DECISIONS = frozenset({"published", "discarded"})
_FOR_GAP = "for gap "
_BY_ITSELF = "small and safe, so by itself"
_LOOKED_BACK = 1_000

Folders = Callable[[], Sequence[Traversable | Path]]
Read = Callable[[Sequence[Traversable | Path], Watch], Corpus]


class Curator:
    """What admins do to the knowledge base. `who` is a text, such as the id of a person or "terminal".

    `folders` are those that are read where none are named, `read` reads them. With `publish_alone`, small
    safe changes need nobody's decision.
    """

    def __init__(
        self,
        *,
        publisher: Publisher,
        library: Library,
        journal: Journal,
        folders: Folders,
        read: Read,
        documents: OwnDocuments,
        gaps: Gaps,
        publish_alone: bool = False,
    ) -> None:
        self._publisher = publisher
        self._library = library
        self._journal = journal
        self._folders = folders
        self._read = read
        self._documents = documents
        self._gaps = gaps
        self._publish_alone = publish_alone

    # --- a new generation ----------------------------------------------------------------------------------

    def propose(
        self,
        *,
        who: str,
        folders: Sequence[Traversable | Path] | None = None,
        wait: float = 0.0,
        watch: Watch = unwatched,
        keep: bool = True,
    ) -> Proposal:
        """Build what the documents say now and tell what would change; see Publisher.propose."""
        read = self._folders() if folders is None else folders
        proposal = self._publisher.propose(read, who=who, wait=wait, watch=watch, keep=keep)
        if proposal.staged:
            self._note("proposed", who=who, generation=proposal.base, about=proposal.key)
        return proposal

    def proposal(self) -> Proposal | None:
        """What waits for a decision."""
        return self._publisher.proposal()

    def publish_if_safe(self, proposal: Proposal, *, who: str) -> Manifest | None:
        """Publish what nobody could mind, where that is wanted; None where somebody has to decide."""
        if not (self._publish_alone and proposal.staged and proposal.small_and_safe):
            return None
        manifest = self._publisher.publish(proposal.key, who=who)
        self._note(
            "published", who=who, generation=manifest.generation, about=proposal.key, reason=_BY_ITSELF
        )
        return manifest

    def publish(self, key: str, *, who: str, reason: str = "") -> Manifest:
        """Have what was proposed answer from now on; with objections, only for a reason.

        Raises NoProposal, Outdated, Objected, JournalError, index.library.Busy, index.library.LibraryError.
        """

        def note(proposal: Proposal) -> None:
            # Noted before: what cannot be noted is not overridden.
            said = reason.strip()
            self._journal.note("overrode", who=who, generation=proposal.base, about=key, reason=said)

        try:
            manifest = self._publisher.publish(key, who=who, reason=reason, overriding=note)
        except NoProposal as error:
            raise self._decided(key, error) from error
        self._note("published", who=who, generation=manifest.generation, about=key)
        return manifest

    def discard(self, key: str, *, who: str) -> Proposal:
        """Throw what was proposed away. Raises NoProposal, index.library.Busy, index.library.LibraryError."""
        try:
            proposal = self._publisher.discard(key, who=who)
        except NoProposal as error:
            raise self._decided(key, error) from error
        self._note("discarded", who=who, generation=proposal.base, about=key)
        return proposal

    def rollback(self, generation: int | None, *, who: str, seen: int | None = None) -> Manifest:
        """Answer from an earlier generation again; see Publisher.rollback."""
        current = self._library.current()
        before = f"from {current.manifest.generation}" if current else ""
        manifest = self._publisher.rollback(generation, who=who, seen=seen)
        self._note("rolled back", who=who, generation=manifest.generation, about=before)
        return manifest

    # --- the documents -----------------------------------------------------------------------------------

    def lint(
        self, folders: Sequence[Traversable | Path] | None = None, *, watch: Watch = unwatched
    ) -> LintReport:
        """What is wrong with the documents.

        Raises knowledge.corpus.folders.UnreadableFolder, and what `watch` raises.
        """
        return lint_report(self._read(self._folders() if folders is None else folders, watch), watch)

    def offer(self, name: str, data: bytes, *, stated: Mapping[str, str], who: str) -> Upload:
        """Check a file and keep it aside; see OwnDocuments.offer. Raises Rejected, NotKept."""
        return self._documents.offer(name, data, stated=stated, who=who)

    def upload(self, key: str) -> Upload:
        """A file that waits to be added or dropped. Raises UnknownUpload."""
        return self._documents.upload(key)

    def accept(self, key: str, *, who: str, gap: str = "") -> tuple[str, ...]:
        """Have an upload count from the next reindex on; `gap` is the key of what it was written for.

        Raises UnknownUpload, NotKept.
        """
        ids = self._documents.accept(key)
        for document in ids:
            self._note("added", who=who, generation=None, about=document)
        if gap and ids:
            self._note("drafted", who=who, generation=None, about=ids[0], reason=f"{_FOR_GAP}{gap}")
        return ids

    def drop(self, key: str) -> None:
        """Forget an upload. Raises UnknownUpload, NotKept."""
        self._documents.drop(key)

    def remove(self, document: str, *, who: str) -> Removed:
        """Take a document out from the next reindex on. Raises UnknownDocument, NotKept."""
        removed = self._documents.remove(document)
        self._note("removed", who=who, generation=None, about=document)
        return removed

    def restore(self, document: str, *, who: str) -> None:
        """Bring it back from the next reindex on. Raises UnknownDocument, NotKept, Rejected."""
        self._documents.restore(document)
        self._note("restored", who=who, generation=None, about=document)

    def removed(self) -> list[Removed]:
        """What can be restored. Raises NotKept."""
        return self._documents.removed()

    def sources(self) -> list[Held]:
        """Every document that is read or still answers. Raises NotKept."""
        return self._documents.sources(self._library.current())

    def text(self, document: str) -> str:
        """The cleaned text of a document. Raises UnknownDocument, NotKept."""
        return self._documents.text(document, self._library.current())

    # --- what people asked in vain -------------------------------------------------------------------------

    def gaps(self, limit: int = MOST) -> list[Gap]:
        """What nobody could answer, open still. Raises JournalError."""
        return self._gaps.open(limit)

    def gaps_left_out(self) -> int:
        """How many questions and ratings are not looked at yet, or any more. Raises JournalError."""
        return self._gaps.left_out()

    def learn_gaps(self, seconds: float = SECONDS) -> bool:
        """Look at what is new for so long, so that nobody waits for it. Raises JournalError."""
        return self._gaps.learn(seconds)

    def gap(self, key: str) -> Gap | None:
        """One of them as it is now. Raises JournalError."""
        return self._gaps.find(key)

    def mark(self, key: str, state: State, *, who: str) -> Gap:
        """Say what became of one; who said so is noted. Raises UnknownGap, JournalError."""
        return self._gaps.mark(key, state, who)

    def ratings(self) -> list[ByGeneration]:
        """How each generation did, the latest first. Raises JournalError."""
        return self._journal.ratings()

    def digest(self, period: Period, *, stale_days: int) -> Digest:
        """What happened in a period, and what is open and stale at its end. Raises JournalError."""
        current = self._library.current()
        return read_digest(self._journal, self._gaps, current, period, stale_days=stale_days)

    def settle_drafts(self, *, who: str) -> list[Gap]:
        """Mark the gaps as answered for which a page was written that answers now, each page once.

        Raises JournalError.
        """
        current = self._library.current()
        if current is None:
            return []
        settled: list[Gap] = []
        noted = self._journal.log(_LOOKED_BACK, refused=False)
        proposed = _proposed(current.manifest, noted)
        for draft in _open_drafts(noted):
            if draft.about not in current.manifest.documents or 0 < proposed < draft.id:
                # Not there yet; or what is there is what the page replaces.
                continue
            number = current.manifest.generation
            self._journal.note("drafted", who=who, generation=number, about=draft.about, reason=draft.reason)
            gap = self._gaps.find(draft.reason.removeprefix(_FOR_GAP))
            if gap is not None and gap.state == "open":
                settled.append(self._gaps.mark(gap.key, "answered", who))
        return settled

    # --- what was done -------------------------------------------------------------------------------------

    def log(self, limit: int = 50, before: int | None = None, *, refused: bool = False) -> list[Noted]:
        """Who did what, newest first; or who was refused, for strangers could push all else off the page.

        Raises JournalError.
        """
        return self._journal.log(limit, before, refused=refused)

    def refused(self, *, who: str, about: str) -> None:
        """Note that somebody was not allowed to do something."""
        self._note("refused", who=who, generation=None, about=about)

    def _note(
        self, deed: Deed, *, who: str, generation: int | None, about: str = "", reason: str = ""
    ) -> None:
        """Note what was done; that it was done stays true where it cannot be noted."""
        try:
            self._journal.note(deed, who=who, generation=generation, about=about, reason=reason)
        except JournalError as error:
            log.warning(
                "%s %s generation %s (%s) could not be noted: %s", who, deed, generation, about, error
            )

    def _decided(self, key: str, error: NoProposal) -> NoProposal:
        """The same, with who decided and how where that is known."""
        found = self._published(key)
        try:
            noted = () if found else self._journal.log(_LOOKED_BACK, refused=False)
            found = found or next((d for d in noted if d.about == key and d.deed in _DECISIONS), None)
        except JournalError:
            return error
        if found is None:
            return error
        number = f" as generation {found.generation}" if found.deed == "published" else ""
        return NoProposal(f"This was {found.deed}{number} already, by {found.who}.", found)

    def _published(self, key: str) -> Noted | None:
        """Who published what answers now, if it was this: said by itself before it is noted."""
        current = self._library.current()
        facts = current.manifest.facts if current else {}
        if current is None or facts.get("proposal") != key or "published" not in facts:
            return None
        by, number = facts["published"], current.manifest.generation
        return Noted(0, by["at"], by["who"], "published", number, key, by["reason"])


def _open_drafts(noted: Sequence[Noted]) -> list[Noted]:
    """Pages written for a gap that were not seen answering yet; a settled one is noted once more."""
    open_: dict[tuple[str, str], Noted] = {}
    for one in reversed(noted):
        if one.deed == "drafted" and one.generation is None:
            open_[one.about, one.reason] = one
        elif one.deed == "drafted":
            open_.pop((one.about, one.reason), None)
    return list(open_.values())


def _proposed(manifest: Manifest, noted: Sequence[Noted]) -> int:
    """The number of the entry that notes its proposal; 0 where that is not known."""
    key = manifest.facts.get("proposal")
    return next((one.id for one in noted if one.deed == "proposed" and one.about == key), 0)
