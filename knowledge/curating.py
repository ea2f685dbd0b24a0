"""All that somebody may do who runs the knowledge base, each deed noted."""

import logging
from collections.abc import Callable, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from index.library import Library, Manifest
from knowledge.corpus.reading import Corpus
from knowledge.journal.curation import Deed
from knowledge.journal.entries import Noted
from knowledge.journal.errors import JournalError
from knowledge.journal.journal import Journal
from knowledge.linting.linting import lint_report
from knowledge.linting.reports import LintReport
from knowledge.proposals import Proposal
from knowledge.publishing import NoProposal, Publisher
from knowledge.watching import Watch, unwatched

log = logging.getLogger(__name__)

_DECISIONS = frozenset({"published", "discarded"})

Folders = Callable[[], Sequence[Traversable | Path]]
Read = Callable[[Sequence[Traversable | Path]], Corpus]


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
        publish_alone: bool = False,
    ) -> None:
        self._publisher = publisher
        self._library = library
        self._journal = journal
        self._folders = folders
        self._read = read
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
        return self.publish(proposal.key, who=who)

    def publish(self, key: str, *, who: str, reason: str = "") -> Manifest:
        """Have what was proposed answer from now on; with objections, only for a reason.

        Raises NoProposal, Outdated, Objected, JournalError, index.library.Busy, index.library.LibraryError.
        """
        waiting = self._publisher.proposal()
        overrides = waiting is not None and waiting.key == key and waiting.standing() and reason.strip()
        if waiting and overrides:
            # Noted before: what cannot be noted is not overridden.
            self._journal.note("overrode", who=who, generation=waiting.base, about=key, reason=reason.strip())
        try:
            manifest = self._publisher.publish(key, who=who, reason=reason)
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

    def rollback(self, generation: int | None, *, who: str) -> Manifest:
        """Answer from an earlier generation again; see Publisher.rollback."""
        current = self._library.current()
        before = f"from {current.manifest.generation}" if current else ""
        manifest = self._publisher.rollback(generation, who=who)
        self._note("rolled back", who=who, generation=manifest.generation, about=before)
        return manifest

    # --- the documents -----------------------------------------------------------------------------------

    def lint(self, folders: Sequence[Traversable | Path] | None = None) -> LintReport:
        """What is wrong with the documents. Raises knowledge.corpus.folders.UnreadableFolder."""
        return lint_report(self._read(self._folders() if folders is None else folders))

    # --- what was done -------------------------------------------------------------------------------------

    def log(self, limit: int = 50, before: int | None = None) -> list[Noted]:
        """Who did what, newest first. Raises JournalError."""
        return self._journal.log(limit, before)

    def refused(self, *, who: str, about: str) -> None:
        """Note that somebody was not allowed to do something."""
        self._note("refused", who=who, generation=None, about=about)

    def _note(self, deed: Deed, *, who: str, generation: int | None, about: str = "") -> None:
        """Note what was done; that it was done stays true where it cannot be noted."""
        try:
            self._journal.note(deed, who=who, generation=generation, about=about)
        except JournalError as error:
            log.warning(
                "%s %s generation %s (%s) could not be noted: %s", who, deed, generation, about, error
            )

    def _decided(self, key: str, error: NoProposal) -> NoProposal:
        """The same, with who decided and how where that is known."""
        try:
            found = next((d for d in self._journal.log(200) if d.about == key and d.deed in _DECISIONS), None)
        except JournalError:
            return error
        if found is None:
            return error
        number = f" as generation {found.generation}" if found.deed == "published" else ""
        return NoProposal(f"This was {found.deed}{number} already, by {found.who}.", found)
