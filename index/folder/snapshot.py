"""A generation in a folder, open for reading."""

from collections.abc import Sequence
from copy import copy
from itertools import accumulate
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np

from index.embedding import Vectors
from index.folder.catalogue import Catalogue
from index.folder.manifest import CATALOGUE, VECTORS, read_checked
from index.folder.vectors import CueVectors, Rows
from index.library import Damaged, Manifest, check_vector
from index.passages import Hit, Passage, Record

_DIGITS = 6  # beyond these, two scores of the same text differ by rounding alone


Held = WeakValueDictionary[str, CueVectors]
"""Vectors in memory, by the checksum of their file, as long as somebody holds them."""


def open_generation(folder: Path, number: int, held: Held | None = None) -> "FolderSnapshot":
    """Check a generation's files and open them. Raises Damaged, NewerFormat.

    Vectors that are `held` are not read again: what waits for a decision and what it becomes are the same.
    """
    manifest = read_checked(folder, number)
    held = Held() if held is None else held
    digest = manifest.checksums[VECTORS]
    vectors = held.get(digest)
    if vectors is None:
        vectors = held[digest] = CueVectors.load(folder / VECTORS)
    catalogue = Catalogue(folder / CATALOGUE)
    snapshot = FolderSnapshot(manifest=manifest, catalogue=catalogue, vectors=vectors)
    if snapshot.sizes != (manifest.passages, manifest.cues, manifest.dimension):
        snapshot.close()
        raise Damaged("the files do not belong together")
    return snapshot


class FolderSnapshot:
    """Answers from one generation, whatever is published or pruned meanwhile."""

    def __init__(self, *, manifest: Manifest, catalogue: Catalogue, vectors: CueVectors) -> None:
        self._manifest = manifest
        self._catalogue = catalogue
        self._vectors = vectors
        sizes = catalogue.sizes()
        self._ids = [passage for passage, _ in sizes]
        self._positions = {passage: position for position, passage in enumerate(self._ids)}
        # The cues of a passage are the rows from its own first row up to that of the next passage.
        self._first_rows = np.fromiter(accumulate((cues for _, cues in sizes), initial=0), dtype=np.int64)

    @property
    def manifest(self) -> Manifest:
        """What this generation is."""
        return self._manifest

    def described(self, manifest: Manifest) -> "FolderSnapshot":
        """The same generation, its files opened once for both, after something was noted of it."""
        noted = copy(self)
        noted._manifest = manifest
        return noted

    @property
    def damaged(self) -> bool:
        """True once its files turned out to have changed under it."""
        return self._catalogue.damaged

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Passages, cues and dimension as the files have them."""
        rows, dimension = self._vectors.shape
        if self._first_rows[-1] != rows:
            rows = -1
        return len(self._ids), rows, dimension

    def nearest(self, vector: Vectors, limit: int) -> list[Hit]:
        """Passages by inner product of their best cue, best first."""
        vector = check_vector(vector, self._manifest.dimension)
        rows = self._vectors.shape[0]
        wanted = min(limit, len(self._ids))
        count = min(4 * wanted, rows)
        while count > 0:
            scores, found = self._vectors.search(vector, count)
            hits = self._hits(scores.round(_DIGITS), found, wanted)
            # One more row with the score of the last hit could belong to an earlier passage.
            certain = len(hits) == wanted and scores[-1].round(_DIGITS) < hits[-1].score
            if certain or count == rows:
                return hits
            count = min(4 * count, rows)
        return []

    def _hits(self, scores: Vectors, rows: Rows, limit: int) -> list[Hit]:
        """The one place where rows become hits: best cue of each passage, ties in passage order."""
        owners = np.searchsorted(self._first_rows, rows, side="right") - 1
        hits: dict[int, Hit] = {}
        for place in np.lexsort((rows, -scores)):
            owner = int(owners[place])
            if owner not in hits:
                cue = int(rows[place] - self._first_rows[owner])
                hits[owner] = Hit(self._ids[owner], float(scores[place]), cue)
                if len(hits) == limit:
                    break
        return list(hits.values())

    def matching(self, text: str, limit: int) -> list[Hit]:
        """Passages sharing stemmed words with the text, best BM25 first."""
        return [Hit(self._ids[position], score) for position, score in self._catalogue.matching(text, limit)]

    def similarities(self, vector: Vectors, passages: Sequence[str]) -> list[tuple[float, ...]]:
        """For each named passage, the inner product with every one of its cues."""
        vector = check_vector(vector, self._manifest.dimension)
        return [tuple(self._vectors.products(vector, self._span(passage)).tolist()) for passage in passages]

    def _span(self, passage: str) -> range:
        position = self._positions[passage]
        return range(self._first_rows[position], self._first_rows[position + 1])

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The named passages, in that order."""
        return [self._catalogue.passage(self._positions[passage]) for passage in ids]

    def passages_of(self, document: str) -> list[Passage]:
        """All passages of a document in reading order."""
        return self._catalogue.passages_of(document)

    def records(self) -> list[Record]:
        """All documents, by id."""
        return self._catalogue.records()

    def close(self) -> None:
        """Release files."""
        self._catalogue.close()
