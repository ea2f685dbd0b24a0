"""The encoder's own vector of every token, and MaxSim over them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from index.embedding import Vectors
from index.transformer import packaged_model


class TokenVectors:
    """Unit-length token vectors of texts by the packaged model, on one thread; remembers what it made."""

    def __init__(self) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(1)
        self._model: Any = SentenceTransformer(str(packaged_model()), device="cpu")
        self._known: dict[str, Vectors] = {}

    def of(self, text: str) -> Vectors:
        """Shape (tokens, dimension), the special tokens left out."""
        if text not in self._known:
            [self._known[text]] = self.fresh([text])
        return self._known[text]

    def fresh(self, texts: Sequence[str]) -> list[Vectors]:
        """The same for some texts, whether known or not."""
        found = self._model.encode(list(texts), output_value="token_embeddings", show_progress_bar=False)
        return [_unit(rows.float().numpy()[1:-1]) for rows in found]


def closeness(question: Vectors, passage: Vectors) -> float:
    """Each token of the question against its nearest in the passage, averaged; 0 where there are none."""
    if not len(question) or not len(passage):
        return 0.0
    return float((question @ passage.T).max(axis=1).mean())


def _unit(rows: Vectors) -> Vectors:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = np.asarray(rows / np.maximum(norms, 1e-12), dtype=np.float32)
    return unit
