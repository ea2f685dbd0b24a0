"""Where a question in any language lies among those that documents answer and those they do not."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.embedding import Embedder, Progress, Vectors
from index.library import Snapshot
from knowledge.asking.tongues import ENGLISH, questions_in
from knowledge.asking.vocabulary import carries_topic, stem, words

ALIKE = 0.7
"""Share of telling words from which a second question of a section is not embedded: each takes some 15 ms."""

MISSES = 700
"""Near misses that are embedded, evenly chosen from all."""

VOTERS = 20
"""Nearest listed questions that decide together which section is asked for."""

WEIGHT = 3
"""Power of the lead over the nearest question without a vote: the first few count far more than the last."""

NEAR = 0.28
"""Cosine, in a landscape, from which a question asks the same as a listed one."""

FLOOR = 0.86
"""The same as the model has them: below it lies what has nothing to do with the documents."""

BEHIND = 0.04
"""How much nearer than every listed question a near miss may be."""

SAME = 0.9
"""Cosine from which a near miss says what a document is listed to answer, and so is none."""

ENOUGH = 200
"""Texts from which the direction they differ in most is known."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A question a section answers, or is empty for."""

    text: str
    document: str
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Landscape:
    """The topics of a generation and its near misses, with vectors from which is taken what all share.

    Row by row `outside` holds the documents that a near miss of `misses` belongs to.
    """

    topics: tuple[Topic, ...]
    raw: Vectors
    vectors: Vectors
    outside: tuple[frozenset[str], ...]
    misses: Vectors
    center: Vectors
    main_direction: Vectors

    def nearest(self, vector: Vectors) -> str | None:
        """The listed question that asks for the section a question does; None where no section answers it."""
        if float(np.max(_products(self.raw, vector))) < FLOOR:
            return None
        vector = _unit(_without(vector - self.center, self.main_direction))
        similarities = _products(self.vectors, vector)
        topic = self._elected(similarities)
        wrong = [
            float(similarity)
            for similarity, documents in zip(_products(self.misses, vector), self.outside, strict=True)
            if topic.document in documents
        ]
        best = float(np.max(similarities))
        return topic.text if best >= max(NEAR, max(wrong, default=-1.0) - BEHIND) else None

    def _elected(self, similarities: Vectors) -> Topic:
        """The nearest topic of the section that most of the nearest topics belong to."""
        order = np.argsort(-similarities)
        voters = min(VOTERS, max(1, len(order) // 4))
        base = similarities[order[voters]] if voters < len(order) else -1.0
        votes: dict[tuple[str, tuple[str, ...]], float] = {}
        for row in order[:voters]:
            topic = self.topics[int(row)]
            section = (topic.document, topic.headings)
            votes[section] = votes.get(section, 0.0) + float(similarities[row] - base) ** WEIGHT
        elected = max(votes, key=lambda section: votes[section])
        near = (self.topics[int(row)] for row in order[:voters])
        return next(topic for topic in near if (topic.document, topic.headings) == elected)


def survey(snapshot: Snapshot, embedder: Embedder, progress: Progress | None = None) -> Landscape:
    """The landscape of a generation; embeds its topics and its near misses."""
    topics = tuple(_unlike(topics_of(snapshot)))
    misses = _misses_of(snapshot)
    texts = [topic.text for topic in topics] + [text for text, _ in misses] + questions_in(ENGLISH)
    raw = embedder.embed(texts, progress)
    center = raw.mean(axis=0)
    direction = _main_direction(raw - center)
    vectors = _unit(_without(raw - center, direction))
    answered, missed = vectors[: len(topics)], vectors[len(topics) : len(topics) + len(misses)]
    kept = [row for row in range(len(misses)) if float(np.max(answered @ missed[row])) < SAME]
    return Landscape(
        topics=topics,
        raw=raw[: len(topics)],
        vectors=answered,
        outside=tuple(misses[row][1] for row in kept),
        misses=missed[kept],
        center=center,
        main_direction=direction,
    )


def _misses_of(snapshot: Snapshot) -> list[tuple[str, frozenset[str]]]:
    known = snapshot.manifest.facts.get("near_misses", ())
    misses = [(text, frozenset(entry["documents"])) for entry in known for text in entry["questions"]]
    count = min(MISSES, len(misses))
    return [misses[place * len(misses) // count] for place in range(count)]


def topics_of(snapshot: Snapshot) -> Iterator[Topic]:
    """Every question a generation knows it answers, or has an empty heading for; once each, in order.

    A passage without questions stands in with its heading and first line.
    """
    seen: set[str] = set()
    for topic in _all_topics(snapshot):
        if topic.text not in seen:
            seen.add(topic.text)
            yield topic


def _all_topics(snapshot: Snapshot) -> Iterator[Topic]:
    for record in snapshot.records():
        for passage in snapshot.passages_of(record.id):
            title = passage.headings[-1] if passage.headings else str(record.attributes["title"])
            texts = passage.attributes["questions"] or [f"{title}: {passage.text.splitlines()[0]}"]
            for text in texts:
                yield Topic(text, record.id, passage.headings)
        for entry in record.attributes["empty"]:
            for text in entry["topics"]:
                yield Topic(text, record.id, tuple(entry["headings"]))


def _unlike(topics: Iterator[Topic]) -> Iterator[Topic]:
    """The topics, of those of one section that hardly differ in their words only the first."""
    kept: dict[tuple[str, tuple[str, ...]], list[frozenset[str]]] = {}
    for topic in topics:
        telling = frozenset(stem(word) for word in words(topic.text) if carries_topic(word))
        others = kept.setdefault((topic.document, topic.headings), [])
        if all(len(telling & other) < ALIKE * len(telling | other) for other in others):
            others.append(telling)
            yield topic


def _main_direction(centered: Vectors) -> Vectors:
    """What texts differ in most is how they are put, or whether they name the subject; zero for few texts."""
    if len(centered) < ENOUGH:
        return np.zeros(centered.shape[1], dtype=np.float32)
    _, directions = np.linalg.eigh(centered.T @ centered)
    return np.asarray(directions[:, -1], dtype=np.float32)


def _without(vectors: Vectors, direction: Vectors) -> Vectors:
    along = vectors @ direction
    return np.asarray(vectors - np.multiply.outer(along, direction), dtype=np.float32)


def _products(rows: Vectors, vector: Vectors) -> Vectors:
    # NumPy's matrix product starts threads for this size, which wait for each other on a busy machine.
    return np.asarray(np.einsum("ij,j->i", rows, vector))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
