"""What can be said of something asked in vain without the words of who asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from index.embedding import Embedder, Vectors
from index.library import Snapshot
from index.passages import Passage
from knowledge.alike import middle
from knowledge.background import source_of
from knowledge.entities import Refusal
from knowledge.journal.entries import InVain
from knowledge.meanings import folded

LIKE = 0.55
"""Cosine from which a question that the documents themselves list is named as what was asked."""

NEAR = 0.45
"""Cosine from which a section of the documents is named as what a question was near to."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What answers now, and the questions that its documents say they do not answer."""

    snapshot: Snapshot | None = None
    questions: tuple[str, ...] = ()
    vectors: Vectors | None = field(repr=False, default=None)

    def is_common(self, word: str) -> bool:
        """Whether a word stands in the documents."""
        return self.snapshot is not None and bool(self.snapshot.matching(word, 1))

    def subject_of_questions(self, reason: str, rows: Sequence[InVain], vectors: Vectors) -> str:
        """Why they were declined, and what of the documents they are like or near to."""
        near = next((row.near for row in rows if row.near), "")
        if not near and (like := self._listed(vectors)) and not _uses_words_of(rows, like):
            return f"{reason}, like “{like}”"
        near = near or self._nearest(vectors)
        if not near or _uses_words_of(rows, near):
            return reason
        return f"{reason}, {'' if reason == Refusal.ONLY_NEAR.value else 'near '}«{near}»"

    def subject_of_answers(self, rows: Sequence[InVain]) -> str:
        """Which section the answers quoted that did not help."""
        quoted = next(filter(None, map(self.quoted, rows)), "")
        return f"answers quoting {f'«{quoted}»' if quoted else 'a passage that is gone'} did not help"

    def quoted(self, row: InVain) -> str:
        """The section an answer quoted first, as it was then, else as it is now; empty where it is gone."""
        if row.near or self.snapshot is None:
            return row.near
        try:
            return self._label(self.snapshot.passages(row.passages[:1])[0], self.snapshot)
        except KeyError:
            return ""

    def _listed(self, vectors: Vectors) -> str:
        if self.vectors is None or self.vectors.shape[1:] != vectors.shape[1:]:
            return ""
        similarities = np.einsum("ij,j->i", self.vectors, middle(vectors))
        best = int(np.argmax(similarities))
        return self.questions[best] if similarities[best] >= LIKE else ""

    def _nearest(self, vectors: Vectors) -> str:
        if self.snapshot is None or self.snapshot.manifest.dimension != vectors.shape[1]:
            return ""
        hits = self.snapshot.nearest(middle(vectors), 1)
        if not hits or hits[0].score < NEAR:
            return ""
        return self._label(self.snapshot.passages([hits[0].passage])[0], self.snapshot)

    @staticmethod
    def _label(passage: Passage, snapshot: Snapshot) -> str:
        record = next(record for record in snapshot.records() if record.id == passage.document)
        return source_of(record, passage.headings).label


def read_surroundings(snapshot: Snapshot | None, embedder: Embedder | None) -> Surroundings:
    """What is around questions; the embedder may remember, for what documents list is nobody's secret."""
    if snapshot is None or embedder is None:
        return Surroundings(snapshot)
    entries = snapshot.manifest.facts.get("near_misses", ())
    questions = tuple(dict.fromkeys(question for entry in entries for question in entry["questions"]))
    return Surroundings(snapshot, questions, embedder.embed(questions) if questions else None)


def _uses_words_of(rows: Sequence[InVain], text: str) -> bool:
    """Somebody may have asked in the very words of a document."""
    return any(folded(row.question) in folded(text) for row in rows)
