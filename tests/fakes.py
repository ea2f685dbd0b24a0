"""Stand-ins for what is slow or random: deterministic functions of their input."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from index.embedding import Progress, Vectors


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
