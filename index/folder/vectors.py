"""The vectors of a generation in FAISS: one row per cue, found by inner product."""

from pathlib import Path
from typing import Any, BinaryIO

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors
from index.library import Damaged

Rows = NDArray[np.int64]

FLAT_LIMIT = 100_000
"""Most cues that are searched one by one, some 50,000 passages. That misses nothing and takes 9 ms at this
size, less than embedding the question; a graph takes 1 ms, misses one in ten and is built in a minute."""

_LINKS = 16  # per cue in the graph; more costs memory and gains little at this dimension
_BUILD_EFFORT = 80
_SEARCH_EFFORT = 128
_BLOCK = 1 << 20  # bytes written at once
_engine: Any = faiss  # whose type stubs lack the writer


class CueVectors:
    """All vectors of one generation. Safe to share between threads."""

    def __init__(self, index: Any) -> None:
        self._index = index
        stored: Any = faiss.downcast_index(index.storage) if hasattr(index, "storage") else index
        count, dimension = self.shape
        # A view, not a copy: a graph of a million vectors would not fit twice.
        self._rows: Vectors = faiss.rev_swig_ptr(stored.get_xb(), count * dimension).reshape(count, dimension)

    @classmethod
    def of(cls, vectors: Vectors, *, flat_limit: int = FLAT_LIMIT) -> "CueVectors":
        """Index the rows of a matrix."""
        count, dimension = vectors.shape
        index: Any = faiss.IndexFlatIP(dimension)
        if count > flat_limit:
            index = faiss.IndexHNSWFlat(dimension, _LINKS, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = _BUILD_EFFORT
            index.hnsw.efSearch = _SEARCH_EFFORT
        _use_one_thread()
        index.add(vectors)
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> "CueVectors":
        """Read what `save` wrote into memory."""
        # Not mapped: a mapped file that is cut short while we read it would end the process.
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise Damaged(f"{path.name} cannot be read") from error

    def save(self, path: Path) -> None:
        """Write all rows to a file, block by block: a copy in memory would be as large as the index."""
        # Given a path, faiss.write_index does not report a disk that fills up in the last block.
        with path.open("wb") as file:
            sink = _Sink(file)
            try:
                _engine.write_index(self._index, _engine.PyCallbackIOWriter(sink.take, _BLOCK))
            except RuntimeError:
                if sink.failure is None:
                    raise
                raise sink.failure from None

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and their length."""
        return self._index.ntotal, self._index.d

    def search(self, vector: Vectors, count: int) -> tuple[Vectors, Rows]:
        """Scores and row numbers of the nearest rows, best first; fewer where there are fewer."""
        _use_one_thread()
        scores, rows = self._index.search(vector[np.newaxis], count)
        found = rows[0] >= 0  # FAISS fills up with -1
        return scores[0][found], rows[0][found]

    def products(self, vector: Vectors, rows: range) -> Vectors:
        """The inner product with each of some neighbouring rows."""
        found: Vectors = self._rows[rows.start : rows.stop] @ vector
        return found


class _Sink:
    """Takes what FAISS writes, and keeps what went wrong, which FAISS does not pass on."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failure: OSError | None = None

    def take(self, block: bytes) -> None:
        """Write a block. Raises OSError."""
        try:
            self._file.write(block)
        except OSError as error:
            self.failure = error
            raise


def _use_one_thread() -> None:
    # OpenMP keeps this number per calling thread, so saying it once at start would not reach the workers.
    faiss.omp_set_num_threads(1)
