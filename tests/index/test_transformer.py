import gc
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.transformer import (
    PACKAGED_WEIGHTS_SHA256,
    AlteredWeights,
    EmbedderError,
    NotAModel,
    Transformer,
    batches,
    find_model,
    packaged_model,
)

WEIGHTS = b"some weights"
TINY = {
    "modules.json": "[]",
    "config.json": '{"max_position_embeddings": 512}',
    "sentence_bert_config.json": '{"max_seq_length": 128}',
    "1_Pooling/config.json": '{"word_embedding_dimension": 32}',
}


def tiny(folder: Path, **changed: str | None) -> Path:
    """A folder that looks like a model and is none."""
    for name, text in (TINY | {key.replace("__", "/"): text for key, text in changed.items()}).items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    (folder / "model.safetensors").write_bytes(WEIGHTS)
    return folder


def linked(folder: Path, changed: dict[str, bytes | None]) -> Path:
    """The packaged model with some of its files replaced, or left out."""
    folder.mkdir()
    for path in packaged_model().iterdir():
        if path.name not in changed:
            (folder / path.name).symlink_to(path)
    for name, data in changed.items():
        if data is not None:
            (folder / name).write_bytes(data)
    return folder


def one_sentence(error: pytest.ExceptionInfo[EmbedderError]) -> bool:
    text = str(error.value)
    return text.endswith(".") and "\n" not in text and "Traceback" not in text


# --- what is known without loading a model -----------------------------------------------------------------


def test_the_fingerprint_is_the_same_for_the_same_files(tmp_path: Path) -> None:
    one, other = tiny(tmp_path / "one"), tiny(tmp_path / "other")
    assert Transformer(one).fingerprint == Transformer(other).fingerprint


@pytest.mark.parametrize(
    "name", ["model.safetensors", "config.json", "1_Pooling/config.json", "tokenizer.json"]
)
def test_the_fingerprint_changes_with_every_file_that_matters(tmp_path: Path, name: str) -> None:
    before = Transformer(tiny(tmp_path)).fingerprint
    (tmp_path / name).write_bytes(b'{"other": 1}')
    assert Transformer(tmp_path).fingerprint != before


@pytest.mark.parametrize("name", ["README.md", "data_config.json"])
def test_the_fingerprint_ignores_what_cannot_change_a_vector(tmp_path: Path, name: str) -> None:
    before = Transformer(tiny(tmp_path)).fingerprint
    (tmp_path / name).write_text("{}")
    assert Transformer(tmp_path).fingerprint == before


def test_window_and_dimension_are_read_from_the_configuration(tmp_path: Path) -> None:
    model = Transformer(tiny(tmp_path))
    assert (model.window, model.dimension) == (128, 32)


def test_a_dimension_under_its_other_name_is_read(tmp_path: Path) -> None:
    folder = tiny(tmp_path, **{"1_Pooling__config.json": '{"embedding_dimension": 48}'})
    assert Transformer(folder).dimension == 48


@pytest.mark.parametrize("stated", [None, "{}", '{"max_seq_length": null}'])
def test_a_window_that_is_not_stated_is_the_models_position_limit(tmp_path: Path, stated: str | None) -> None:
    assert Transformer(tiny(tmp_path, **{"sentence_bert_config.json": stated})).window == 512


def test_the_files_of_an_older_layout_are_found(tmp_path: Path) -> None:
    folder = tiny(tmp_path)
    (folder / "0_Transformer").mkdir()
    (folder / "model.safetensors").rename(folder / "0_Transformer" / "model.safetensors")
    assert Transformer(folder).fingerprint


def test_constructing_reads_nothing(tmp_path: Path) -> None:
    Transformer(tmp_path / "missing")


# --- what is no model --------------------------------------------------------------------------------------


@pytest.mark.parametrize("left_out", ["modules.json", "model.safetensors", "everything"])
def test_a_folder_without_a_model_is_not_one(tmp_path: Path, left_out: str) -> None:
    folder = tmp_path / "missing" if left_out == "everything" else tiny(tmp_path)
    (folder / left_out).unlink(missing_ok=True)
    with pytest.raises(NotAModel) as error:
        _ = Transformer(folder).fingerprint
    assert one_sentence(error)
    assert str(folder) in str(error.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no named pipes")
def test_a_pipe_among_the_files_is_not_waited_for(tmp_path: Path) -> None:
    folder = tiny(tmp_path)
    told = Transformer(folder).fingerprint
    os.mkfifo(folder / "pipe.txt")
    assert Transformer(folder).fingerprint == told


@pytest.mark.parametrize("text", ["{nope", "[]", "\ufffd"])
@pytest.mark.parametrize("name", ["sentence_bert_config.json", "1_Pooling__config.json"])
def test_a_broken_configuration_is_not_a_models(tmp_path: Path, name: str, text: str) -> None:
    model = Transformer(tiny(tmp_path, **{name: text}))
    with pytest.raises(NotAModel) as error:
        _ = model.window + model.dimension
    assert one_sentence(error)


@pytest.mark.parametrize("text", [None, "{nope", "{}"])
def test_a_missing_or_broken_tokenizer_is_said_to_be(tmp_path: Path, text: str | None) -> None:
    with pytest.raises(NotAModel) as error:
        Transformer(tiny(tmp_path, **{"tokenizer.json": text})).count_tokens("text")
    assert one_sentence(error)
    assert "tokenizer" in str(error.value)


def test_weights_are_checked_where_a_digest_is_given(tmp_path: Path) -> None:
    digest = hashlib.sha256(WEIGHTS).hexdigest()
    folder = tiny(tmp_path)
    assert Transformer(folder, weights_sha256=digest).fingerprint == Transformer(folder).fingerprint


def test_altered_weights_are_neither_fingerprinted_nor_loaded(tmp_path: Path) -> None:
    digest = hashlib.sha256(WEIGHTS).hexdigest()
    folder = tiny(tmp_path)
    (folder / "model.safetensors").write_bytes(b"Some weights")
    model = Transformer(folder, weights_sha256=digest)
    with pytest.raises(AlteredWeights) as error:
        _ = model.fingerprint
    assert one_sentence(error)
    with pytest.raises(AlteredWeights):
        model.embed(["text"])


@pytest.mark.parametrize(
    "name",
    [
        "nosuch-model",
        "org/nosuch-model",
        "org/name/extra",
        "no such model",
        "missing/folder",
        "~nobody/x",
        "x" * 300,
    ],
)
def test_a_name_that_is_neither_here_nor_cached_is_not_a_model(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(NotAModel) as error:
        find_model(name)
    assert one_sentence(error)


def test_a_folder_is_found_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path.parent))
    assert find_model(str(tmp_path)) == tmp_path
    assert find_model(f"~/{tmp_path.name}") == tmp_path


def test_a_model_in_the_local_cache_is_found_by_its_name(tmp_path: Path) -> None:
    stored = tmp_path / "models--sentence-transformers--tiny"
    snapshot = stored / "snapshots" / ("0" * 40)
    tiny(snapshot)
    (stored / "refs").mkdir()
    (stored / "refs" / "main").write_text("0" * 40)
    found = elsewhere("print(find_model('tiny'))", HF_HUB_CACHE=str(tmp_path))
    assert Path(found).resolve() == snapshot.resolve()


def test_a_hub_that_cannot_be_reached_is_said_in_a_sentence() -> None:
    code = """
try:
    find_model("org/nosuch-model", allow_hub=True)
except NotAModel as error:
    print(error)
"""
    said = elsewhere(code, HF_ENDPOINT="http://127.0.0.1:9", HF_HUB_OFFLINE="0", HF_HUB_CACHE="/nonexistent")
    assert said.endswith("could not be fetched from the hub.")


def elsewhere(code: str, **environment: str) -> str:
    """What some lines of a fresh interpreter print."""
    start = "import sys\nfrom pathlib import Path\nfrom index.transformer import *\n"
    done = subprocess.run(
        [sys.executable, "-c", start + code],
        cwd=Path(__file__).parents[2],
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_all_but_embedding_needs_no_torch() -> None:
    code = """
model = Transformer(packaged_model(), weights_sha256=PACKAGED_WEIGHTS_SHA256)
print(len(model.fingerprint), model.dimension, model.window, model.count_tokens("hello world"))
print([name for name in ("torch", "transformers", "sentence_transformers") if name in sys.modules])
"""
    first, second = elsewhere(code).splitlines()
    assert first == "16 384 256 4"
    assert second == "[]"


# --- what is embedded together -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([], []),
        ([7], [[0]]),
        ([40, 60, 50], [[1, 2, 0]]),
        ([40, 1_000, 50], [[1], [2, 0]]),
        ([300, 40, 310, 50, 305], [[2, 4, 0], [3, 1]]),
        ([9] * 33, [[*range(32)], [32]]),
        ([150, *[60] * 5], [[0, 1, 2], [3, 4, 5]]),
    ],
    ids=["none", "one", "alike", "one far longer", "two sizes", "many", "padding adds up"],
)
def test_texts_are_embedded_with_others_of_about_their_length(
    lengths: list[int], expected: list[list[int]]
) -> None:
    assert list(batches(lengths)) == expected


# --- the packaged model ------------------------------------------------------------------------------------

SENTENCES = [
    "What does a backend engineer do?",
    "Databases keep rows in tables.",
    "",
    "C#, Node.js & CI/CD – größer als 数据库 🎉",
    "word " * 600,
    *(f"Sentence number {number} about servers." for number in range(40)),
]


@pytest.fixture(scope="module")
def packaged() -> Transformer:
    return Transformer(packaged_model(), weights_sha256=PACKAGED_WEIGHTS_SHA256)


@pytest.mark.model
def test_vectors_are_unit_length_of_the_stated_dimension(packaged: Transformer) -> None:
    vectors = packaged.embed(SENTENCES)
    assert vectors.shape == (len(SENTENCES), packaged.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.model
def test_vectors_are_those_of_sentence_transformers(packaged: Transformer) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(packaged_model()), device="cpu").encode(
        SENTENCES, normalize_embeddings=True
    )
    assert np.abs(packaged.embed(SENTENCES) - theirs).max() < 1e-5


@pytest.mark.model
def test_a_text_gets_its_own_vector_in_any_company(packaged: Transformer) -> None:
    together = packaged.embed(SENTENCES)
    for place in (0, 4, 7):
        assert np.abs(packaged.embed([SENTENCES[place]])[0] - together[place]).max() < 1e-5


@pytest.mark.model
def test_no_texts_give_no_vectors(packaged: Transformer) -> None:
    assert packaged.embed([]).shape == (0, 384)


@pytest.mark.model
def test_progress_counts_every_text(packaged: Transformer) -> None:
    seen: list[tuple[int, int]] = []
    packaged.embed(SENTENCES, lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (len(SENTENCES), len(SENTENCES))


@pytest.mark.model
def test_what_follows_the_window_is_not_read(packaged: Transformer) -> None:
    long = "server " * 300
    assert packaged.count_tokens(long) == 302 > packaged.window
    assert np.abs(packaged.embed([long])[0] - packaged.embed([long + "tomato"])[0]).max() < 1e-5


@pytest.mark.model
def test_what_the_configuration_leaves_unsaid_is_asked_of_the_model_itself(tmp_path: Path) -> None:
    said = json.loads((packaged_model() / "config.json").read_text())
    del said["max_position_embeddings"]
    changed = {"sentence_bert_config.json": None, "config.json": json.dumps(said).encode()}
    folder = linked(tmp_path / "silent", changed)
    (folder / "2_Dense").mkdir()  # what the pooling layer states is then not the last word
    model = Transformer(folder)
    assert (model.dimension, model.window) == (384, 512)


@pytest.mark.model
def test_a_dimension_stated_nowhere_in_what_is_no_model_is_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(NotAModel):
        _ = Transformer(tiny(tmp_path, **{"1_Pooling__config.json": "{}"})).dimension


@pytest.mark.model
@pytest.mark.parametrize(
    "changed",
    [{"model.safetensors": b"garbage" * 100}, {"modules.json": b"{nope"}, {"config.json": b"{}"}],
)
def test_files_that_cannot_be_loaded_are_said_in_a_sentence(
    tmp_path: Path, changed: dict[str, bytes]
) -> None:
    with pytest.raises(NotAModel) as error:
        Transformer(linked(tmp_path / "broken", dict(changed))).embed(["text"])
    assert one_sentence(error)


@pytest.mark.model
def test_what_comes_with_a_model_is_left_out_of_searches_for_garbage(packaged: Transformer) -> None:
    packaged.embed(SENTENCES)
    assert gc.isenabled()
    assert gc.get_freeze_count() > 100_000
