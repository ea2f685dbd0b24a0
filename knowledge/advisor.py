"""The one answerer: a question and a library in, a reply out."""

import threading

from index.embedding import Embedder
from index.library import Library, Snapshot
from knowledge.answering import Background, compose, read_background
from knowledge.conversation import LONGEST, Asked, understand
from knowledge.entities import Answer, NoAnswer, Question, Refusal, Reply
from knowledge.finding import find


class NothingIndexed(Exception):
    """There is no generation to answer from."""


class Advisor:
    """Answers from whatever generation is current when a question arrives. Safe to call from many threads."""

    def __init__(self, *, library: Library, embedder: Embedder, cache: Embedder | None = None) -> None:
        self._library = library
        self._embedder = embedder
        self._cache = cache or embedder
        self._lock = threading.Lock()
        self._background: Background | None = None

    def warm(self) -> None:
        """Load the model and the current generation, so that the first question is as fast as any."""
        self._embedder.embed(["warm up"])
        self._background_of(self._snapshot())

    def answer(self, question: Question) -> Reply:
        """Answer every question of a message from one and the same generation. Raises NothingIndexed."""
        snapshot = self._snapshot()
        background = self._background_of(snapshot)
        generation = snapshot.manifest.generation
        refused = _unreadable(question.text)
        if refused:
            refusal = NoAnswer(
                question.text[:LONGEST], Refusal.UNCLEAR, refused, background.openers, generation
            )
            return Reply((refusal,), generation)
        parts = tuple(self._part(asked, snapshot, background) for asked in understand(question))
        return Reply(parts, generation)

    def _part(self, asked: Asked, snapshot: Snapshot, background: Background) -> Answer | NoAnswer:
        found = find(snapshot, self._embedder, asked)
        return compose(asked, found, background)

    def _snapshot(self) -> Snapshot:
        snapshot = self._library.current()
        if snapshot is None:
            raise NothingIndexed("There is no index yet; a reindex builds one.")
        return snapshot

    def _background_of(self, snapshot: Snapshot) -> Background:
        with self._lock:
            known = self._background
            if known is None or known.generation != snapshot.manifest.generation:
                known = self._background = read_background(snapshot, self._cache)
            return known


def _unreadable(text: str) -> str | None:
    """Why a text holds nothing to look for, as a sentence; None where it does."""
    if len(text) > LONGEST:
        return f"That is longer than {LONGEST:,} characters; please ask it in fewer."
    if not any(character.isalpha() for character in text):
        return "I found no words in that. Ask me about the work of backend engineers."
    return None
