"""The cache around an Embedder: nothing embedded twice, nothing wrong handed out."""

import logging
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from index.embedding import CacheUse, Embedder, EmbeddingCache, Progress, Vectors
from tests.fakes import HashingEmbedder

TEXTS = ["databases", "queues", "caches"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "embeddings.db"


@pytest.fixture
def cache(path: Path, embedder: HashingEmbedder) -> EmbeddingCache:
    return EmbeddingCache(path, embedder)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "index.embedding"]


def expect(vectors: Vectors, texts: Sequence[str]) -> None:
    assert vectors.dtype == np.float32
    assert np.array_equal(vectors, HashingEmbedder().embed(texts))


def test_the_cache_is_an_embedder_like_the_one_behind_it(
    cache: EmbeddingCache, embedder: HashingEmbedder, path: Path
) -> None:
    same: Embedder = cache
    assert (same.fingerprint, same.dimension, same.window) == ("hashing-64", 64, 64)
    assert same.count_tokens("two words") == embedder.count_tokens("two words")
    assert not path.exists()


def test_texts_seen_before_are_not_embedded_again(cache: EmbeddingCache, embedder: HashingEmbedder) -> None:
    expect(cache.embed(TEXTS), TEXTS)
    assert cache.last == CacheUse(hits=0, misses=3)
    asked = ["queues", "new", "databases"]
    expect(cache.embed(asked), asked)
    assert embedder.embedded == [*TEXTS, "new"]
    assert cache.last == CacheUse(hits=2, misses=1)


def test_another_process_finds_what_was_embedded(
    cache: EmbeddingCache, path: Path, embedder: HashingEmbedder
) -> None:
    cache.embed(TEXTS)
    expect(EmbeddingCache(path, embedder).embed(TEXTS), TEXTS)
    assert embedder.embedded == TEXTS


def test_a_text_given_twice_is_embedded_once_and_order_is_kept(
    cache: EmbeddingCache, embedder: HashingEmbedder
) -> None:
    asked = ["b", "a", "b", "b", "c", "a"]
    expect(cache.embed(asked), asked)
    assert embedder.embedded == ["b", "a", "c"]
    assert cache.last == CacheUse(hits=3, misses=3)


def test_no_texts_give_no_rows_and_no_file(cache: EmbeddingCache, path: Path) -> None:
    assert cache.embed([]).shape == (0, 64)
    assert not path.exists()


@pytest.mark.parametrize("text", ["", " ", "\x00", "🙂", "\ud800", "x" * 100_000])
def test_any_text_can_be_cached(cache: EmbeddingCache, embedder: HashingEmbedder, text: str) -> None:
    first = cache.embed([text])
    assert np.array_equal(cache.embed([text]), first)
    assert embedder.embedded == [text]


def test_another_fingerprint_gets_its_own_vectors(path: Path, cache: EmbeddingCache) -> None:
    class Reversed(HashingEmbedder):
        fingerprint = "reversed"

        def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
            return super().embed(texts, progress)[:, ::-1]

    cache.embed(TEXTS)
    other = EmbeddingCache(path, Reversed())
    for _ in range(2):
        assert np.array_equal(other.embed(TEXTS), HashingEmbedder().embed(TEXTS)[:, ::-1])
    expect(cache.embed(TEXTS), TEXTS)
    assert cache.last == CacheUse(hits=3, misses=0)


def test_progress_counts_all_texts(cache: EmbeddingCache) -> None:
    cache.embed(["a", "b"])
    told: list[tuple[int, int]] = []
    cache.embed(["c", "a", "d", "c", "b", "a"], lambda done, total: told.append((done, total)))
    assert told == [(3, 6), (5, 6), (6, 6)]


def test_progress_counts_over_many_chunks(cache: EmbeddingCache) -> None:
    told: list[int] = []
    cache.embed([f"text {number % 600}" for number in range(900)], lambda done, _: told.append(done))
    assert told == sorted(told)
    assert (len(told), told[-1]) == (600, 900)


class Stops(HashingEmbedder):
    """Fails when it is asked for the third time."""

    calls = 0

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.calls += 1
        if self.calls == 3:
            raise KeyboardInterrupt
        return super().embed(texts, progress)


def test_what_was_embedded_before_an_interruption_is_kept(path: Path, embedder: HashingEmbedder) -> None:
    texts = [f"text {number}" for number in range(1000)]
    with pytest.raises(KeyboardInterrupt):
        EmbeddingCache(path, Stops()).embed(texts)
    cache = EmbeddingCache(path, embedder)
    expect(cache.embed(texts), texts)
    assert cache.last == CacheUse(hits=512, misses=488)


KILLED = """
import os, signal, sys
from pathlib import Path
from index.embedding import EmbeddingCache
from tests.fakes import HashingEmbedder

class Dies(HashingEmbedder):
    def embed(self, texts, progress=None):
        if len(self.embedded) >= 512:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().embed(texts, progress)

EmbeddingCache(Path(sys.argv[1]), Dies()).embed([f"text {number}" for number in range(1000)])
"""


def test_what_was_embedded_before_a_kill_is_kept(path: Path, cache: EmbeddingCache) -> None:
    subprocess.run([sys.executable, "-c", KILLED, path], check=False, cwd=Path(__file__).parents[2])
    texts = [f"text {number}" for number in range(1000)]
    expect(cache.embed(texts), texts)
    assert cache.last == CacheUse(hits=512, misses=488)


# --- a file that is not as it should be ---------------------------------------------------------------------


def not_a_database(path: Path) -> None:
    path.write_bytes(b"no database at all " * 100)


def cut_in_half(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def altered_everywhere(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(100, len(data), 50):
        data[place] ^= 0xFF
    path.write_bytes(data)


def another_database(path: Path) -> None:
    path.unlink()
    with closing(Database(path)) as db:
        db.table("vectors").insert({"id": 1, "vector": "x"})


@pytest.mark.parametrize("damage", [not_a_database, cut_in_half, altered_everywhere, another_database])
def test_a_damaged_file_is_thrown_away_in_one_sentence_and_built_again(
    cache: EmbeddingCache,
    path: Path,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[Path], None],
) -> None:
    texts = [f"text {number}" for number in range(300)]
    cache.embed(texts)
    damage(path)
    path.with_name(f"{path.name}-journal").write_bytes(b"left by a killed process")
    expect(cache.embed(texts), texts)
    (sentence,) = said(caplog)
    assert "is damaged" in sentence
    assert "\n" not in sentence
    expect(cache.embed(texts), texts)
    assert cache.last == CacheUse(hits=300, misses=0)


@pytest.mark.parametrize("length", [0, 1, 63 * 4, 65 * 4, 64 * 8])
def test_a_vector_of_the_wrong_length_is_ignored_and_replaced(
    cache: EmbeddingCache, path: Path, embedder: HashingEmbedder, length: int
) -> None:
    cache.embed(TEXTS)
    with closing(Database(path)) as db:
        db.execute("UPDATE vectors SET vector = zeroblob(?) WHERE rowid = 2", [length])
    expect(cache.embed(TEXTS), TEXTS)
    assert len(embedder.embedded) == 4
    cache.embed(TEXTS)
    assert cache.last == CacheUse(hits=3, misses=0)


@pytest.mark.parametrize("vector", ["NULL", "7", "'text of sixty-four letters'"])
def test_what_is_no_vector_at_all_is_ignored(cache: EmbeddingCache, path: Path, vector: str) -> None:
    cache.embed(TEXTS)
    with closing(Database(path)) as db:
        db.execute(f"UPDATE vectors SET vector = {vector} WHERE rowid = 2")  # noqa: S608 - from the table above
    expect(cache.embed(TEXTS), TEXTS)
    assert cache.last == CacheUse(hits=2, misses=1)


def test_a_flipped_bit_in_a_vector_is_noticed(cache: EmbeddingCache, path: Path) -> None:
    cache.embed(TEXTS)
    stored = HashingEmbedder().embed(["queues"]).tobytes()
    data = path.read_bytes()
    assert data.count(stored) == 1
    place = data.index(stored) + 100
    path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
    expect(cache.embed(TEXTS), TEXTS)
    assert cache.last == CacheUse(hits=2, misses=1)


def test_a_file_held_by_another_process_is_done_without_and_kept(
    cache: EmbeddingCache, path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.embed(TEXTS)
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda name: connect(name, timeout=0))
    with closing(connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        expect(cache.embed(TEXTS), TEXTS)
    assert said(caplog) == [f"The embedding cache {path} is done without this time (database is locked)."]
    expect(cache.embed(TEXTS), TEXTS)
    assert cache.last == CacheUse(hits=3, misses=0)


def a_folder(path: Path) -> None:
    path.mkdir(parents=True)


def below_a_file(path: Path) -> None:
    path.parent.write_text("x")


@pytest.mark.parametrize("obstacle", [a_folder, below_a_file])
def test_a_file_that_cannot_be_used_is_done_without(
    cache: EmbeddingCache,
    path: Path,
    caplog: pytest.LogCaptureFixture,
    obstacle: Callable[[Path], None],
) -> None:
    caplog.set_level(logging.WARNING)
    obstacle(path)
    texts = [f"text {number}" for number in range(600)]
    expect(cache.embed(texts), texts)
    assert sum("is done without" in sentence for sentence in said(caplog)) == 1
