"""A small guide, and stand-ins that know a few words of other languages."""

import re
from collections.abc import Sequence

import numpy as np

from index.embedding import Progress, Vectors
from index.library import Library, Snapshot
from index.transformer import Transformer, packaged_model
from knowledge.asking.languages import Languages
from tests.knowledge.documents import RoomyEmbedder

QUEUES = "Which queues carry messages between services?"
CACHES = "Where do caches keep answers?"
SALARY = "How much do they earn?"
GUIDE = """# Guide

## Queues

RabbitMQ and Kafka are the queues a backend engineer uses.

## Caches

Caches keep answers in memory.

## Salary
"""
REGISTRY = f"""
[[source]]
file = "guide.md"
[source.topics]
"Queues" = ["{QUEUES}"]
"Caches" = ["{CACHES}"]
"Salary" = ["{SALARY}"]
"""
FILES = {"guide.md": GUIDE, "sources.toml": REGISTRY}


class Tokenizing(RoomyEmbedder):
    """Tells words from slips as the shipped model's tokenizer does, which needs no torch."""

    fingerprint = "hashing with word pieces"

    def __init__(self) -> None:
        super().__init__()
        self._tokenizer = Transformer(packaged_model())

    def count_tokens(self, text: str) -> int:
        return self._tokenizer.count_tokens(text)


class Meanings:
    """The same vector for texts about the same subject in any of these languages, else one of their own."""

    dimension = 64
    window = 512
    fingerprint = "meanings"
    subjects = (
        "queue|cola|очеред|队列|warteschlange|kuyru",
        "cache|caché|кэш|缓存",
        r"\bearn|gana|зарабат|verdien",
    )

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def count_tokens(self, text: str) -> int:
        return len(text)

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.embedded.extend(texts)
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            about = [place for place, words in enumerate(self.subjects) if re.search(words, text.lower())]
            rows[row, about[0] if about else 3 + len(text) % 61] = 1.0
            if progress:
                progress(row + 1, len(texts))
        return rows


class Identified:
    """Takes every text for the same language, and remembers them."""

    def __init__(self, language: str = "de", probability: float = 1.0) -> None:
        self._found = (language, probability)
        self.texts: list[str] = []

    def __call__(self, text: str) -> tuple[str, float]:
        self.texts.append(text)
        return self._found


def latest(library: Library) -> Snapshot:
    snapshot = library.current()
    assert snapshot is not None
    return snapshot


def reading(
    language: str = "de", probability: float = 1.0, embedder: Meanings | None = None
) -> tuple[Languages, Identified]:
    identify = Identified(language, probability)
    return Languages(embedder=embedder or Meanings(), identify=identify), identify
