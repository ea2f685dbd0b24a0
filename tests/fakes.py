"""Stand-ins for what is slow or random: deterministic functions of their input."""

import hashlib
import math
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from index.embedding import Progress, Vectors
from index.library import (
    Busy,
    Contents,
    LibraryError,
    Manifest,
    UnknownGeneration,
    check_contents,
    check_vector,
)
from index.passages import Hit, Passage, Record


class HashingEmbedder:
    """Texts that share words get near vectors; the same text always gets the same one."""

    dimension = 64
    window = 64
    fingerprint = "hashing-64"

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def count_tokens(self, text: str) -> int:
        return len(re.findall(r"\w+", text)) + 2

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.embedded.extend(texts)
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()) or [""]:
                place = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
                rows[row, place % self.dimension] += 1.0
            if progress:
                progress(row + 1, len(texts))
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, norms, out=rows, where=norms > 0)


class NumpySnapshot:
    """One generation in memory, compared row by row."""

    def __init__(self, contents: Contents, manifest: Manifest) -> None:
        self.manifest = manifest
        self._contents = contents
        self._rows: dict[str, Vectors] = {}
        row = 0
        for passage in contents.passages:
            self._rows[passage.id] = contents.vectors[row : row + len(passage.cues)]
            row += len(passage.cues)
        self._words = {p.id: re.findall(r"[^\W_]+", p.words.lower()) for p in contents.passages}
        self._closed = False

    def nearest(self, vector: Vectors, limit: int) -> list[Hit]:
        vector = check_vector(vector, self.manifest.dimension)
        hits = []
        for passage, rows in self._open()._rows.items():
            if len(rows):
                scores = (rows @ vector).round(6)
                hits.append(Hit(passage, float(scores.max()), int(scores.argmax())))
        return sorted(hits, key=lambda hit: -hit.score)[: max(limit, 0)]

    def matching(self, text: str, limit: int) -> list[Hit]:
        asked = set(re.findall(r"[^\W_]+", text.lower()))
        hits = []
        for passage, words in self._open()._words.items():
            score = sum(words.count(word) / len(words) * self._rarity(word) for word in asked)
            if score > 0:
                hits.append(Hit(passage, score))
        return sorted(hits, key=lambda hit: -hit.score)[: max(limit, 0)]

    def _rarity(self, word: str) -> float:
        return math.log1p(len(self._words) / (1 + sum(word in words for words in self._words.values())))

    def similarities(self, vector: Vectors, passages: Sequence[str]) -> list[tuple[float, ...]]:
        vector = check_vector(vector, self.manifest.dimension)
        rows = self._open()._rows
        return [tuple((rows[passage] @ vector).tolist()) for passage in passages]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        known = {passage.id: passage for passage in self._open()._contents.passages}
        return [known[passage] for passage in ids]

    def passages_of(self, document: str) -> list[Passage]:
        found = [passage for passage in self._open()._contents.passages if passage.document == document]
        return sorted(found, key=lambda passage: passage.ordinal)

    def records(self) -> list[Record]:
        return sorted(self._open()._contents.records, key=lambda record: record.id)

    def close(self) -> None:
        self._closed = True

    def _open(self) -> "NumpySnapshot":
        if self._closed:
            raise LibraryError("This generation has been closed.")
        return self


class NumpyCandidate:
    """What a NumpyLibrary built and has not published."""

    def __init__(self, library: "NumpyLibrary", contents: Contents, manifest: Manifest) -> None:
        self._library = library
        self._contents = contents
        self.snapshot = NumpySnapshot(contents, manifest)

    def note(self, facts: Mapping[str, Any]) -> None:
        manifest = self.snapshot.manifest
        manifest = replace(manifest, facts={**manifest.facts, **facts})
        self.snapshot = NumpySnapshot(self._contents, manifest)

    def stage(self) -> None:
        self._library.stage(self)

    def publish(self, facts: Mapping[str, Any] | None = None) -> Manifest:
        manifest = self.snapshot.manifest
        self._library.unstage(self)
        return self._library.take(
            self._contents, replace(manifest, facts={**manifest.facts, **(facts or {})})
        )

    def discard(self) -> None:
        self._library.unstage(self)
        self.snapshot.close()


class NumpyLibrary:
    """An exact Library in memory: what every other one is compared with."""

    def __init__(self) -> None:
        self._kept: dict[int, NumpySnapshot] = {}
        self._current: int | None = None
        self._staged: NumpyCandidate | None = None
        self._right = threading.RLock()
        self._writer = ""
        self._depth = 0

    def current(self) -> NumpySnapshot | None:
        return None if self._current is None else self._kept[self._current]

    def at(self, generation: int) -> NumpySnapshot:
        if generation not in self._kept:
            raise UnknownGeneration(f"There is no generation {generation}.")
        return self._kept[generation]

    def generations(self) -> list[Manifest]:
        return [self._kept[number].manifest for number in sorted(self._kept, reverse=True)]

    @contextmanager
    def writing(self, who: str, wait: float = 0.0) -> Iterator[None]:
        if not self._right.acquire(timeout=wait):
            raise Busy(f"The index is being changed by {self._writer} since just now.")
        self._writer = self._writer if self._depth else who
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            self._right.release()

    def build(self, contents: Contents) -> NumpyCandidate:
        self._require_writing()
        vectors = check_contents(contents)
        manifest = Manifest(
            generation=max(self._kept, default=0) + 1,
            created="2026-01-01T00:00:00+00:00",
            format=1,
            fingerprint=contents.fingerprint,
            dimension=vectors.shape[1],
            documents={record.id: record.digest for record in contents.records},
            passages=len(contents.passages),
            cues=len(vectors),
            facts=contents.facts,
            checksums={},
            size=vectors.nbytes,
        )
        return NumpyCandidate(self, replace(contents, vectors=vectors), manifest)

    def take(self, contents: Contents, manifest: Manifest) -> Manifest:
        """Publish what a candidate holds."""
        self._require_writing()
        manifest = replace(manifest, generation=max(self._kept, default=0) + 1)
        self._kept[manifest.generation] = NumpySnapshot(contents, manifest)
        self._current = manifest.generation
        return manifest

    def staged(self) -> NumpyCandidate | None:
        return self._staged

    def stage(self, candidate: NumpyCandidate) -> None:
        """Have a candidate wait for a decision."""
        self._require_writing()
        self._staged = candidate

    def unstage(self, candidate: NumpyCandidate) -> None:
        """Let it wait no more."""
        if self._staged is candidate:
            self._require_writing()
            self._staged = None

    def rollback(self, generation: int | None = None) -> Manifest:
        with self.writing("a rollback"):
            earlier = (number for number in self._kept if number < (self._current or 0))
            wanted = max(earlier, default=None) if generation is None else generation
            if wanted not in self._kept:
                raise UnknownGeneration(f"There is no generation {wanted}.")
            self._current = wanted
            return self._kept[wanted].manifest

    def prune(self, keep: int = 3) -> list[int]:
        if keep < 1:
            raise ValueError("At least one generation is kept.")
        with self.writing("a clean-up"):
            gone = [number for number in sorted(self._kept)[:-keep] if number != self._current]
            for number in gone:
                del self._kept[number]
            return gone

    def _require_writing(self) -> None:
        if not self._depth:
            raise RuntimeError("Building and publishing need `with library.writing(…)` around both.")
