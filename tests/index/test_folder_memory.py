"""What a folder library holds in memory: of the vectors of one generation a single copy, and no more."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from index.embedding import EmbeddingCache, Vectors
from index.folder.library import FolderLibrary
from index.folder.vectors import CueVectors
from tests.fakes import HashingEmbedder
from tests.index.samples import answered_version, build, publish, versioned


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that vectors were read from."""
    seen: list[str] = []
    load = CueVectors.load

    def counted(path: Path) -> CueVectors:
        seen.append(path.parent.name)
        return load(path)

    monkeypatch.setattr(CueVectors, "load", counted)
    return seen


def test_vectors_are_read_once_from_building_to_answering(tmp_path: Path, loads: list[str]) -> None:
    library = FolderLibrary(tmp_path)
    with library.writing("a test"):
        built = library.build(versioned(1))
        built.note({"floor": 0.5})
        built.stage()
        waiting = library.staged()
        assert waiting is not None
        waiting.publish()
    assert answered_version(library) == 1
    assert len(loads) == 1


def test_vectors_that_nobody_holds_are_read_again(tmp_path: Path, loads: list[str]) -> None:
    library = FolderLibrary(tmp_path)
    publish(library, versioned(1))
    assert answered_version(library) == 1
    assert len(loads) == 2


def test_vectors_of_another_generation_are_read(tmp_path: Path, loads: list[str]) -> None:
    library = FolderLibrary(tmp_path)
    publish(library, versioned(1))
    assert answered_version(library) == 1
    other = build(library, versioned(2))
    assert other.snapshot.passages(["guide#0"])[0].text == "version 2 passage 0"
    assert len(loads) == 3


def test_vectors_are_written_without_a_copy_of_all(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).standard_normal((20_000, 64), dtype=np.float32)
    vectors = CueVectors.of(rows)
    tracemalloc.start()
    vectors.save(tmp_path / "vectors")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < rows.nbytes / 2
    written = CueVectors.load(tmp_path / "vectors")
    assert np.array_equal(written.products(rows[7], range(7, 8)), vectors.products(rows[7], range(7, 8)))


class Wide(HashingEmbedder):
    dimension = 4096
    fingerprint = "hashing-4096"


def test_known_embeddings_are_read_without_a_copy_of_all(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(1_000)]
    cache = EmbeddingCache(tmp_path / "cache.db", Wide())
    first: Vectors = cache.embed(texts)
    tracemalloc.start()
    again = cache.embed(texts)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert np.array_equal(first, again)
    assert most < 1.7 * again.nbytes
