"""A Library in a folder: what answers, what is kept, who may write."""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cachetools import LRUCache

from index.folder.building import FolderCandidate, build_generation, in_a_sentence
from index.folder.layout import Layout
from index.folder.lock import WritingLock
from index.folder.manifest import read_checked, read_manifest
from index.folder.snapshot import FolderSnapshot, Held, open_generation
from index.folder.vectors import FLAT_LIMIT
from index.library import Contents, Damaged, Manifest, UnknownGeneration

_log = logging.getLogger("index.folder")
_OLDER = 2  # generations besides the current one that are held open: each takes its vectors' memory
_UNSEEN = "\0"  # nothing that CURRENT could say


class FolderLibrary:
    """Generations below a data folder; `index.folder.layout` says where.

    `flat_limit` is the number of cues above which search is approximate.
    """

    def __init__(self, folder: Path, *, flat_limit: int = FLAT_LIMIT) -> None:
        self._layout = Layout(folder)
        self._lock = WritingLock(folder)
        self._flat_limit = flat_limit
        self._held = Held()
        self._opening = threading.Lock()
        self._seen: str | None = _UNSEEN
        self._snapshot: FolderSnapshot | None = None
        # Apart from the lock of `current`: checking an old generation's files must keep no question waiting.
        self._looking_back = threading.Lock()
        self._older: LRUCache[int, FolderSnapshot] = LRUCache(_OLDER)

    def current(self) -> FolderSnapshot | None:
        """The generation that answers now: one small file is read unless it names another than before."""
        with self._opening:
            complaint = ""
            stale = self._snapshot is not None and self._snapshot.damaged
            while stale or self._layout.pointer() != self._seen:
                pointer = self._layout.pointer()
                # The old snapshot is let go and not closed: questions in flight still hold it.
                self._snapshot, complaint = self._open_current()
                # Said again after opening: another process may have published and pruned meanwhile.
                self._seen, stale = pointer, False
            if complaint:
                _log.error(complaint)
            return self._snapshot

    def at(self, generation: int) -> FolderSnapshot:
        """A kept generation, open for reading; those dropped from memory close when nobody holds them."""
        current = self.current()
        if current is not None and current.manifest.generation == generation:
            return current
        with self._looking_back:
            if generation not in self._layout.published():
                self._older.pop(generation, None)
                raise self._unknown(generation)
            snapshot = self._older.get(generation)
            if snapshot is None or snapshot.damaged:
                snapshot = self._older[generation] = self._open(generation)
            return snapshot

    def generations(self) -> list[Manifest]:
        """Every kept generation, newest first; damaged ones left out."""
        self._layout.check_format()
        return [manifest for number in self._layout.published() if (manifest := self._sound(number))]

    @contextmanager
    def writing(self, who: str, wait: float = 0.0) -> Iterator[None]:
        """Hold the only right to change the library; what a killed writer left is tidied first."""
        with ExitStack() as holding:
            with in_a_sentence(self._layout.root):
                self._layout.root.mkdir(parents=True, exist_ok=True)
                nested = self._lock.held
                holding.enter_context(self._lock.hold(who, wait))
                if not nested:
                    self._layout.prepare()
            yield

    def build(self, contents: Contents) -> FolderCandidate:
        """Write a generation under a hidden name, reopen and verify it."""
        self._require_writing()
        folder, snapshot = build_generation(
            self._layout, contents, flat_limit=self._flat_limit, held=self._held
        )
        return FolderCandidate(
            layout=self._layout, folder=folder, snapshot=snapshot, require_writing=self._require_writing
        )

    def staged(self) -> FolderCandidate | None:
        """The generation that waits for a decision, opened and verified."""
        self._layout.check_format()
        folder = self._layout.staged
        if not folder.is_dir():
            return None
        try:
            snapshot = open_generation(folder, read_manifest(folder).generation, self._held)
        except Damaged as error:
            if not folder.is_dir():  # decided meanwhile
                return None
            raise Damaged(f"The generation that waits for a decision is damaged: {error}.") from error
        return FolderCandidate(
            layout=self._layout, folder=folder, snapshot=snapshot, require_writing=self._require_writing
        )

    def rollback(self, generation: int | None = None) -> Manifest:
        """Answer from an earlier generation again: the named one, or the newest sound one below."""
        with self.writing("a rollback"):
            manifest = self._earlier() if generation is None else self._named(generation)
            with in_a_sentence(self._layout.root):
                self._layout.point_to(manifest.generation)
            return manifest

    def prune(self, keep: int = 3) -> list[int]:
        """Remove all but the newest `keep` sound generations, never one that answers; returns what went."""
        if keep < 1:
            raise ValueError("At least one generation is kept.")
        with self.writing("a clean-up"):
            answering = self.current()
            kept = {manifest.generation for manifest in self.generations()[:keep]}
            kept.add(self._layout.current() or 0)
            kept.add(answering.manifest.generation if answering else 0)
            gone = sorted(set(self._layout.published()) - kept)
            with in_a_sentence(self._layout.root):
                for number in gone:
                    self._layout.remove(number)
            return gone

    def _require_writing(self) -> None:
        # Without the lock the next writer would take the hidden folder for a dead one and sweep it away.
        if not self._lock.held:
            raise RuntimeError("Building and publishing need `with library.writing(…)` around both.")

    def _open(self, number: int) -> FolderSnapshot:
        try:
            return open_generation(self._layout.folder(number), number, self._held)
        except Damaged as error:
            if number not in self._layout.published():
                raise self._unknown(number) from error  # pruned while it was opened
            raise Damaged(f"Generation {number} is damaged: {str(error).rstrip('.')}.") from error

    def _unknown(self, number: int) -> UnknownGeneration:
        names = ", ".join(map(str, sorted(self._layout.published()))) or "none"
        return UnknownGeneration(f"There is no generation {number}; kept are: {names}.")

    def _open_current(self) -> tuple[FolderSnapshot | None, str]:
        """The snapshot to answer from, and what has to be said about it."""
        self._layout.check_format()
        complaints = self._complaints_about_pointer()
        for number in self._by_preference():
            try:
                snapshot = open_generation(self._layout.folder(number), number, self._held)
            except Damaged as error:
                complaints.append(f"generation {number} is damaged: {error}".rstrip("."))
                continue
            return snapshot, _sentence(complaints, f"generation {number} answers instead")
        return None, _sentence(complaints, "nothing answers until the next reindex")

    def _complaints_about_pointer(self) -> list[str]:
        if self._layout.current() is not None or not (self._layout.pointer() or self._layout.published()):
            return []
        return [f"{self._layout.root / 'CURRENT'} does not name a generation"]

    def _by_preference(self) -> list[int]:
        """The current generation, then older ones, then newer ones: an admin who rolled back meant it."""
        current = self._layout.current()
        published = self._layout.published()
        if current is None:
            return published
        others = [number for number in published if number != current]
        return [current, *sorted(others, key=lambda number: (number > current, -number))]

    def _sound(self, number: int) -> Manifest | None:
        try:
            return read_checked(self._layout.folder(number), number)
        except Damaged:
            return None

    def _earlier(self) -> Manifest:
        current = self._layout.current()
        for number in self._layout.published():
            if (current is None or number < current) and (manifest := self._sound(number)):
                return manifest
        raise UnknownGeneration("There is no earlier generation to go back to.")

    def _named(self, number: int) -> Manifest:
        if number not in self._layout.published():
            raise self._unknown(number)
        if manifest := self._sound(number):
            return manifest
        raise Damaged(f"Generation {number} is damaged; the current generation is unchanged.")


def _sentence(complaints: list[str], outcome: str) -> str:
    return f"{'; '.join(complaints)}; {outcome}." if complaints else ""
