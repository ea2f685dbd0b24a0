"""The Embedder protocol and the cache around it."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (texts done, texts in all)."""


class Embedder(Protocol):
    """Turns texts into unit-length float32 vectors whose inner product is their similarity."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text could get another vector; known without loading the model."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    @property
    def window(self) -> int:
        """Tokens read of a text, special ones included; what follows is not embedded."""

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, special ones included."""

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Shape (len(texts), dimension)."""
