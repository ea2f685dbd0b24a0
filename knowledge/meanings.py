"""What questions asked in vain mean: vectors made once, a few at a time, and kept beside the questions."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.embedding import Embedder, EmbeddingCache, Vectors
from knowledge.alike import bare
from knowledge.journal.entries import InVain
from knowledge.journal.journal import Journal

MOST = 5_000
"""Questions and ratings that are looked at, the newest first."""

SECONDS = 1.5
"""How long somebody waits at most for new questions to be embedded; the others are left out for now."""

_TOGETHER = 8  # whoever asks something meanwhile waits for no more than these
_METHOD = "1"  # changes with what is embedded of a question


@dataclass(frozen=True, slots=True)
class Known:
    """What was asked in vain, newest first, and how much more there is that is not looked at yet."""

    rows: tuple[InVain, ...]
    left_out: int


class Meanings:
    """Knows what is stored, for as long as it is stored: nothing is kept in memory.

    A vector stands in the row of its question and goes with it. One of another model is made anew.
    """

    def __init__(
        self, journal: Journal, embedder: Embedder, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if isinstance(embedder, EmbeddingCache):
            raise TypeError("Vectors of questions people asked must not be stored apart from them.")
        self._journal = journal
        self._embedder = embedder
        self._clock = clock
        self._learning = threading.Lock()

    def known(self) -> Known:
        """All that is looked at, and how many more there are."""
        rows = self._rows()
        known = tuple(row for row in rows if row.meaning or not row.question)
        return Known(known, max(self._journal.how_many_in_vain(), len(rows)) - len(known))

    def learn(self, seconds: float = SECONDS) -> bool:
        """Embed what is new, the newest first, for so long; False where some is left.

        Somebody else who is at it already is not waited for.
        """
        if not self._learning.acquire(blocking=False):
            return False
        try:
            return self._learn(seconds)
        finally:
            self._learning.release()

    def _learn(self, seconds: float) -> bool:
        unknown: dict[str, list[InVain]] = {}
        for row in self._rows():
            if row.question and not row.meaning:
                unknown.setdefault(folded(row.question), []).append(row)
        started, texts = self._clock(), list(unknown)
        for at in range(0, len(texts), _TOGETHER):
            if at and self._clock() - started >= seconds:
                return False
            self._learn_some({text: unknown[text] for text in texts[at : at + _TOGETHER]})
        return True

    def _learn_some(self, unknown: Mapping[str, Sequence[InVain]]) -> None:
        vectors = self._embedder.embed([bare(text) for text in unknown])
        learned = [
            (row, vector.astype(np.float16).tobytes())
            for vector, rows in zip(vectors, unknown.values(), strict=True)
            for row in rows
        ]
        self._journal.learn(learned, self._model)

    def _rows(self) -> list[InVain]:
        return self._journal.in_vain(MOST, self._model)

    @property
    def _model(self) -> str:
        return f"{self._embedder.fingerprint} {_METHOD}"


def vectors_of(rows: Sequence[InVain]) -> Vectors:
    """The vectors of questions whose meaning is known, of unit length, a row each."""
    halves = np.frombuffer(b"".join(row.meaning for row in rows), dtype=np.float16)
    vectors = halves.reshape(len(rows), -1).astype(np.float32)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)


def folded(question: str) -> str:
    """The question as it is compared letter by letter."""
    return " ".join(question.casefold().split())
