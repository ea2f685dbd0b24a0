"""The storage seam: a Library of generations, and a Snapshot of one.

A generation is immutable, numbered and self-contained: documents, passages, words, vectors, manifest. It is
published whole or not there. Everything above this module sees only these protocols.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from index.embedding import Vectors
from index.passages import Hit, Passage, Record


class LibraryError(Exception):
    """Something is wrong with the stored index; the message is one sentence fit for an operator."""


class Busy(LibraryError):
    """Another process is writing; the message says who and since when."""


class NewerFormat(LibraryError):
    """The data folder was written by a newer version of the program."""


class Damaged(LibraryError):
    """A generation's files are missing, cut short or altered."""


class UnknownGeneration(LibraryError):
    """A generation was named that is not kept."""


class BadVector(LibraryError):
    """A vector of the wrong length, or with a value that is not a number."""


@dataclass(frozen=True, slots=True)
class Contents:
    """All that goes into one generation. `vectors` has one row per cue, passage by passage, cue by cue.

    `facts` is JSON that belongs to the generation as a whole and reaches its manifest unread: splitter
    version, thresholds, suite result.
    """

    records: Sequence[Record]
    passages: Sequence[Passage]
    vectors: Vectors
    fingerprint: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one generation was made from, and what its files must still be."""

    generation: int
    created: str  # ISO 8601, UTC
    format: int
    fingerprint: str
    dimension: int
    documents: Mapping[str, str]  # id → digest
    passages: int
    cues: int
    facts: Mapping[str, Any]
    checksums: Mapping[str, str]  # file name → sha256
    size: int  # bytes on disk

    def same_files(self, other: "Manifest") -> bool:
        """Whether both stand for the same files, whatever number they bear and what was noted since."""
        return self == other or bool(self.checksums and self.checksums == other.checksums)


def check_contents(contents: Contents) -> Vectors:
    """The vectors as an engine stores them, once everything fits together. Raises BadVector, LibraryError."""
    rows = sum(len(passage.cues) for passage in contents.passages)
    if contents.vectors.ndim != 2 or contents.vectors.shape[0] != rows:
        raise BadVector(f"There are {rows} cues, but vectors of shape {contents.vectors.shape}.")
    if not np.isfinite(contents.vectors).all():
        raise BadVector("A vector holds a value that is not a number.")
    documents = {record.id for record in contents.records}
    if len(documents) != len(contents.records):
        raise LibraryError("Two documents have the same id.")
    if len({passage.id for passage in contents.passages}) != len(contents.passages):
        raise LibraryError("Two passages have the same id.")
    if not documents.issuperset(passage.document for passage in contents.passages):
        raise LibraryError("A passage belongs to a document that is not there.")
    return np.ascontiguousarray(contents.vectors, dtype=np.float32)


def check_vector(vector: Vectors, dimension: int) -> Vectors:
    """The vector of a question as an engine compares it. Raises BadVector."""
    if vector.shape != (dimension,):
        raise BadVector(f"The vector has shape {vector.shape}, this generation holds ({dimension},).")
    if not np.isfinite(vector).all():
        raise BadVector("The vector holds a value that is not a number.")
    return np.ascontiguousarray(vector, dtype=np.float32)


class Snapshot(Protocol):
    """One generation, open for reading. Safe to share between threads; unaffected by later publishing."""

    @property
    def manifest(self) -> Manifest:
        """What this generation is."""

    def nearest(self, vector: Vectors, limit: int) -> list[Hit]:
        """Passages by inner product of their best cue, best first; at most `limit`, fewer if there are fewer.

        Ties are broken by passage order, so the same question gives the same ranking. `vector` has shape
        (dimension,). Raises BadVector.
        """

    def matching(self, text: str, limit: int) -> list[Hit]:
        """Passages sharing stemmed words with the text, best BM25 first; higher is better.

        Any characters are safe. No common word: an empty list.
        """

    def similarities(self, vector: Vectors, passages: Sequence[str]) -> list[tuple[float, ...]]:
        """For each named passage, the inner product with every one of its cues, in cue order.

        Raises BadVector, and KeyError for an unknown passage.
        """

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The named passages, in that order. Raises KeyError for an unknown one."""

    def passages_of(self, document: str) -> list[Passage]:
        """All passages of a document in reading order; empty if there is no such document."""

    def records(self) -> list[Record]:
        """All documents, by id."""

    def close(self) -> None:
        """Release files. A closed snapshot answers no more."""


class Candidate(Protocol):
    """A generation that is built and verified, but not published."""

    @property
    def snapshot(self) -> Snapshot:
        """What would answer if it were published."""

    def note(self, facts: Mapping[str, Any]) -> None:
        """Have facts found since it was built join its manifest, and that of its snapshot."""

    def stage(self) -> None:
        """Keep it for a decision, in place of what was kept before; it outlives the process and the lock."""

    def publish(self, facts: Mapping[str, Any] | None = None) -> Manifest:
        """Make it the current generation, atomically. Facts found since it was built join its manifest."""

    def discard(self) -> None:
        """Remove every trace of it."""


class Library(Protocol):
    """Builds, publishes, lists and rolls back generations."""

    def current(self) -> Snapshot | None:
        """The generation that answers now, or None where there is none. Cheap to call for every question.

        A generation published by another process is picked up. A damaged one is reported once in the log,
        in a sentence, and the newest sound one stands in: one below it if there is any, since a newer one was
        left on purpose. Raises NewerFormat.
        """

    def at(self, generation: int) -> Snapshot:
        """A kept generation, open for reading; what is current stays. The current one is returned as it is.

        A few are held open. One that is let go, or pruned, still serves those who hold it. Raises
        UnknownGeneration, Damaged, NewerFormat.
        """

    def generations(self) -> list[Manifest]:
        """Every kept generation, newest first; damaged ones left out."""

    def writing(self, who: str, wait: float = 0.0) -> AbstractContextManager[None]:
        """Hold the only right to change the library, for at most one holder in all processes.

        The kernel releases it if the holder dies. Raises Busy after `wait` seconds.
        """

    def build(self, contents: Contents) -> Candidate:
        """Write a generation under a hidden name, reopen and verify it. Build and publish while `writing`."""

    def staged(self) -> Candidate | None:
        """The generation that waits for a decision, opened and verified; None where none does.

        Publish or discard it while `writing`. Raises Damaged, NewerFormat.
        """

    def rollback(self, generation: int | None = None) -> Manifest:
        """Answer from an earlier generation again: the named one, or the newest below the current one.

        Raises UnknownGeneration. Call it while `writing`.
        """

    def prune(self, keep: int = 3) -> list[int]:
        """Remove all but the newest `keep` generations, never the current one; returns what went."""
