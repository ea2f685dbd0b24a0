"""What only a Library on a folder does: other processes, graphs, open files."""

import gc
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.folder import catalogue
from index.folder.library import FolderLibrary
from index.library import Busy, Contents
from index.passages import Cue, Passage, Record
from tests.index.samples import answered_version, build, contents, embed, publish, versioned

ROOT = Path(__file__).parents[2]

HOLD = """
import sys
from pathlib import Path
from index.folder.library import FolderLibrary
with FolderLibrary(Path(sys.argv[1])).writing("the nightly reindex"):
    print("holding", flush=True)
    sys.stdin.read()
"""

PUBLISH = """
import sys
from pathlib import Path
from index.folder.library import FolderLibrary
from tests.index.samples import publish, versioned
publish(FolderLibrary(Path(sys.argv[1])), versioned(int(sys.argv[2])))
"""


@contextmanager
def another_writer(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A second process that holds the right to write until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_process_is_told_who_writes_since_when(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    with another_writer(tmp_path) as process:
        with pytest.raises(Busy) as busy, library.writing("a test"):
            pass
        says = (
            r"^The index is being changed by the nightly reindex since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00 "
        )
        assert re.match(says, str(busy.value))
        assert f"(process {process.pid})" in str(busy.value)


@pytest.mark.parametrize("text", [None, "", "[]", "{}", "\x00"])
def test_a_second_process_is_told_even_where_the_holder_is_not_known(
    tmp_path: Path, text: str | None
) -> None:
    with FolderLibrary(tmp_path).writing("a test"):
        holder = tmp_path / "index.lock.json"
        holder.unlink() if text is None else holder.write_text(text)
        with pytest.raises(Busy, match="by another process"), FolderLibrary(tmp_path).writing("a test"):
            pass


def test_a_second_process_that_waits_gets_its_turn(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    with another_writer(tmp_path) as process:
        assert process.stdin is not None
        timer = threading.Timer(0.1, process.stdin.close)
        timer.start()
        with library.writing("a test", wait=20):
            assert json.loads((tmp_path / "index.lock.json").read_text())["who"] == "a test"
        timer.join()


def test_the_kernel_gives_back_the_right_of_a_killed_process(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    with another_writer(tmp_path) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert publish(library).generation == 1


def test_readers_are_not_held_up_by_a_writer(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    publish(library, versioned(1))
    with another_writer(tmp_path):
        assert answered_version(library) == 1


def test_what_another_process_publishes_answers_at_once(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    publish(library, versioned(1))
    assert answered_version(library) == 1
    subprocess.run([sys.executable, "-c", PUBLISH, tmp_path, "2"], check=True, cwd=ROOT)
    assert answered_version(library) == 2
    FolderLibrary(tmp_path).rollback()
    assert answered_version(library) == 1


def test_current_opens_a_generation_once(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    publish(library)
    assert library.current() is library.current()


def test_threads_asking_while_generations_change_always_get_a_whole_answer(tmp_path: Path) -> None:
    library, writer = FolderLibrary(tmp_path), FolderLibrary(tmp_path)
    publish(writer, versioned(1))
    seen: list[list[int]] = []
    done = threading.Event()

    def ask() -> None:
        mine = []
        while not done.is_set():
            mine.append(answered_version(library))
        seen.append(mine)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for version in range(2, 8):
        publish(writer, versioned(version))
        writer.prune(keep=1)
    done.set()
    for thread in threads:
        thread.join()
    assert len(seen) == 4
    assert all(mine == sorted(mine) for mine in seen)


def test_a_snapshot_nobody_holds_releases_its_file(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    for version in range(1, 6):
        publish(library, versioned(version))
        assert answered_version(library) == version
    gc.collect()
    handles = [path.resolve() for path in Path("/proc/self/fd").iterdir()]
    assert [path for path in handles if path.name == "catalogue.db" and path.is_relative_to(tmp_path)] == [
        tmp_path / "generations" / "000005" / "catalogue.db"
    ]


def test_a_candidate_that_was_never_published_is_swept_by_the_next_writer(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    build(library)
    (hidden,) = (tmp_path / "generations").iterdir()
    assert hidden.name.startswith(".building-")
    with library.writing("a test"):
        assert not hidden.exists()


def test_nested_writing_keeps_the_name_of_the_first_holder(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    with library.writing("the first"):
        with library.writing("the second"):
            pass
        with pytest.raises(Busy, match="the first"), FolderLibrary(tmp_path).writing("another"):
            pass


def test_many_passages_and_documents_are_read_without_keeping_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "_KEPT_PASSAGES", 2)
    monkeypatch.setattr(catalogue, "_KEPT_TEXT", 0)
    what = contents()
    library = FolderLibrary(tmp_path)
    publish(library, what)
    snapshot = library.current()
    assert snapshot is not None
    for _ in range(2):
        assert snapshot.passages([item.id for item in what.passages]) == what.passages
        assert snapshot.records() == what.records


def test_plural_and_singular_match(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    publish(library)
    snapshot = library.current()
    assert snapshot is not None
    assert [hit.passage for hit in snapshot.matching("testing proves", 2)] == ["guide#3"]


def clustered(count: int, dimension: int) -> Contents:
    """Vectors in groups, as texts are, three cues to a passage."""
    random = np.random.default_rng(7)
    centres = random.normal(size=(count // 20, dimension))
    rows = centres[random.integers(len(centres), size=count)] + 0.5 * random.normal(size=(count, dimension))
    cues = tuple(Cue("", 0, 0) for _ in range(3))
    return Contents(
        records=[Record("d", "", "")],
        passages=[Passage(f"d#{n}", "d", n, (), "", 0, 0, "", cues) for n in range(count // 3)],
        vectors=(rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32),
        fingerprint="x",
    )


def test_the_graph_above_the_limit_finds_nearly_what_exact_search_finds(tmp_path: Path) -> None:
    what = clustered(3000, 32)
    exact, graph = (
        build(FolderLibrary(tmp_path / str(limit), flat_limit=limit), what) for limit in (3000, 2999)
    )
    found = 0
    for row in range(0, 3000, 60):
        near = {hit.passage for hit in exact.snapshot.nearest(what.vectors[row], 10)}
        found += len(near & {hit.passage for hit in graph.snapshot.nearest(what.vectors[row], 10)})
    assert found / (50 * 10) >= 0.95
    sizes = [candidate.snapshot.manifest.size for candidate in (exact, graph)]
    assert sizes[1] > sizes[0], "the graph takes room: the other one is not a graph"


def test_the_graph_never_returns_a_passage_twice_or_one_that_is_not_there(tmp_path: Path) -> None:
    what = clustered(300, 8)
    snapshot = build(FolderLibrary(tmp_path, flat_limit=0), what).snapshot
    for limit in (1, 10, 100, 1000):
        hits = snapshot.nearest(what.vectors[0], limit)
        names = [hit.passage for hit in hits]
        assert len(names) == len(set(names)) <= limit
        assert set(names) <= {item.id for item in what.passages}
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_scores_are_the_inner_products_of_the_best_cues(tmp_path: Path) -> None:
    what = clustered(900, 16)
    snapshot = build(FolderLibrary(tmp_path), what).snapshot
    vector = what.vectors[100] + what.vectors[200]
    products = (what.vectors @ vector).reshape(-1, 3)
    hits = snapshot.nearest(vector, 300)
    best = {f"d#{number}": row for number, row in enumerate(products)}
    assert len(hits) == 300
    for hit in hits:
        assert (hit.score, hit.cue) == (
            pytest.approx(best[hit.passage].max(), abs=1e-5),
            best[hit.passage].argmax(),
        )
    for hit, near in zip(hits, snapshot.similarities(vector, [hit.passage for hit in hits]), strict=True):
        assert near == pytest.approx(best[hit.passage], abs=1e-5)


def test_scores_that_differ_by_rounding_alone_are_a_tie(tmp_path: Path) -> None:
    what = contents([f"text {number}" for number in range(40)])
    vectors = np.zeros_like(what.vectors)
    vectors[:, 0] = 0.5
    vectors[1:, 0] += 1.2e-7
    snapshot = build(FolderLibrary(tmp_path), replace(what, vectors=vectors)).snapshot
    hits = snapshot.nearest(np.eye(1, 64, dtype=np.float32)[0], 2)
    assert [hit.passage for hit in hits] == ["guide#0", "guide#1"]


def test_the_index_searches_on_one_thread_in_every_thread(tmp_path: Path) -> None:
    import faiss

    library = FolderLibrary(tmp_path)
    publish(library)
    used: list[int] = []

    def ask() -> None:
        snapshot = library.current()
        assert snapshot is not None
        snapshot.nearest(embed("tables"), 1)
        used.append(faiss.omp_get_max_threads())

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert used == [1]
