"""Writing a generation under a hidden name, and making it the current one."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from index.folder.catalogue import write_catalogue
from index.folder.files import sync
from index.folder.layout import Layout
from index.folder.manifest import CATALOGUE, VECTORS, describe, settle, write_manifest
from index.folder.snapshot import FolderSnapshot, Held, open_generation
from index.folder.vectors import CueVectors
from index.library import Contents, Damaged, LibraryError, Manifest, check_contents

_ROUNDING = 1e-4  # a stored vector may differ from what was given by this much


def build_generation(
    layout: Layout, contents: Contents, *, flat_limit: int, held: Held
) -> tuple[Path, FolderSnapshot]:
    """Write, open and try a generation; nothing is left of one that failed."""
    vectors = check_contents(contents)
    with in_a_sentence(layout.root):
        hidden = layout.hidden()
        try:
            write_catalogue(hidden / CATALOGUE, contents)
            CueVectors.of(vectors, flat_limit=flat_limit).save(hidden / VECTORS)
            for name in (CATALOGUE, VECTORS):
                sync(hidden / name)
            number = layout.next_number()
            write_manifest(hidden, describe(hidden, contents, number))
            snapshot = open_generation(hidden, number, held)
            _try_out(snapshot, contents)
        except BaseException:
            shutil.rmtree(hidden, ignore_errors=True)
            raise
    return hidden, snapshot


@contextmanager
def in_a_sentence(folder: Path) -> Iterator[None]:
    """Turn what a full or read-only disk, or text that is not Unicode, raises into a LibraryError."""
    try:
        yield
    except (OSError, sqlite3.Error, UnicodeEncodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LibraryError(
            f"The index in {folder} could not be written ({reason}); the current generation is unchanged."
        ) from error


def _try_out(snapshot: FolderSnapshot, contents: Contents) -> None:
    """Ask the finished files for something that is known to be in them."""
    passage = next((passage for passage in contents.passages if passage.cues), None)
    if passage is None:
        return
    vector = contents.vectors[0]
    ((stored, *_),) = snapshot.similarities(vector, [passage.id])
    same = abs(stored - float(vector @ vector)) < _ROUNDING
    if not same or not snapshot.nearest(vector, 1) or snapshot.passages([passage.id])[0].text != passage.text:
        snapshot.close()
        raise Damaged(
            "The new index does not hold what was written to it; the current generation is unchanged."
        )


class FolderCandidate:
    """A generation under a hidden name. `require_writing` raises where the right to write is not held."""

    def __init__(
        self, *, layout: Layout, folder: Path, snapshot: FolderSnapshot, require_writing: Callable[[], None]
    ) -> None:
        self._layout = layout
        self._folder = folder
        self._snapshot = snapshot
        self._require_writing = require_writing

    @property
    def snapshot(self) -> FolderSnapshot:
        """What would answer if it were published."""
        return self._snapshot

    def note(self, facts: Mapping[str, Any]) -> None:
        """Have facts found since it was built join its manifest, and that of its snapshot."""
        self._require_writing()
        with in_a_sentence(self._layout.root):
            number = self._snapshot.manifest.generation
            manifest = settle(self._folder, self._snapshot.manifest, number, facts)
            self._snapshot = self._snapshot.described(manifest)

    def stage(self) -> None:
        """Keep it for a decision, in place of what was kept before."""
        self._require_writing()
        with in_a_sentence(self._layout.root):
            self._layout.stage(self._folder)
            self._folder = self._layout.staged

    def publish(self, facts: Mapping[str, Any] | None = None) -> Manifest:
        """Make it the current generation; these facts join those it was built with."""
        self._require_writing()
        layout = self._layout
        with in_a_sentence(layout.root):
            # Counted again: another candidate may have been published since this one was built.
            number = layout.next_number()
            manifest = settle(self._folder, self._snapshot.manifest, number, facts or {})
            self._folder.rename(layout.folder(number))
            try:
                sync(layout.generations)
                layout.point_to(number)
            except OSError:
                self._withdraw(number)
                raise
        with suppress(OSError):  # CURRENT names it, which is enough until the next writer marks it
            layout.mark(number)
        return manifest

    def _withdraw(self, number: int) -> None:
        if self._layout.current() != number:
            shutil.rmtree(self._layout.folder(number), ignore_errors=True)

    def discard(self) -> None:
        """Remove every trace of it; what is published stays."""
        self._snapshot.close()
        if self._folder == self._layout.staged:
            self._require_writing()
            with in_a_sentence(self._layout.root):
                self._layout.unstage()
        shutil.rmtree(self._folder, ignore_errors=True)
