"""What answering needs of a generation is read once, from building to publishing, and never mixed up."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import knowledge.background
from index.folder.library import FolderLibrary
from index.library import Snapshot
from knowledge.advisor import Advisor
from knowledge.background import Background, Backgrounds
from knowledge.entities import Question
from knowledge.reindexing import Reindexer
from tests.knowledge.documents import RoomyEmbedder, write

TEA = "# Tea\n\n## When is tea served?\n\nTea is served at four.\n"
CAKE = "# Cake\n\n## When is cake served?\n\nCake is served at five.\n"
MISSES = '[[group]]\nquestions = ["When is cake baked?"]\n'


class Reads:
    """Counts what is read, and can be held up."""

    def __init__(self, read: Callable[..., Background]) -> None:
        self._read = read
        self.numbers: list[int] = []
        self.gates: dict[int, threading.Event] = {}

    def __call__(self, snapshot: Snapshot, *given: object) -> Background:
        number = snapshot.manifest.generation
        self.numbers.append(number)
        if gate := self.gates.get(number):
            assert gate.wait(10)
        return self._read(snapshot, *given)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    counted = Reads(knowledge.background.read_background)
    monkeypatch.setattr(knowledge.background, "read_background", counted)
    return counted


@pytest.fixture
def library(tmp_path: Path) -> FolderLibrary:
    return FolderLibrary(tmp_path / "data")


@pytest.fixture
def backgrounds() -> Backgrounds:
    return Backgrounds(RoomyEmbedder())


def publish(
    library: FolderLibrary, folder: Path, files: dict[str, str], backgrounds: Backgrounds
) -> Snapshot:
    made = Reindexer(
        library=library, embedder=RoomyEmbedder(), size_limit=10_000, keep=5, backgrounds=backgrounds
    )
    made.run([write(folder / "documents", files)], who="a test")
    snapshot = library.current()
    assert snapshot is not None
    return snapshot


def test_generation_is_read_once_from_building_to_answering(
    library: FolderLibrary, tmp_path: Path, backgrounds: Backgrounds, reads: Reads
) -> None:
    publish(library, tmp_path, {"tea.md": TEA}, backgrounds)
    publish(library, tmp_path, {"tea.md": TEA, "cake.md": CAKE}, backgrounds)
    advisor = Advisor(library=library, embedder=RoomyEmbedder(), backgrounds=backgrounds)
    reply = advisor.answer(Question("When is cake served?"))
    assert (reply.generation, [part.generation for part in reply.parts]) == (2, [2])
    assert reads.numbers == [1, 2]


def test_number_and_floor_are_those_of_the_manifest_at_hand(
    library: FolderLibrary, tmp_path: Path, backgrounds: Backgrounds, reads: Reads
) -> None:
    write(tmp_path / "documents", {"tea.md": TEA})
    made = Reindexer(
        library=library, embedder=RoomyEmbedder(), size_limit=10_000, keep=5, backgrounds=backgrounds
    )
    with library.writing("a test"):
        candidate = made.draft([tmp_path / "documents"]).candidate
        assert candidate is not None
        candidate.note({"calibration": {"floor": 0.25}})
        assert backgrounds.of(candidate.snapshot).floor == 0.25
        candidate.publish({"calibration": {"floor": 0.75}})
    snapshot = library.current()
    assert snapshot is not None
    assert backgrounds.of(snapshot).floor == 0.75
    assert reads.numbers == [1]


def test_same_files_with_other_near_misses_are_not_the_same(
    library: FolderLibrary, tmp_path: Path, backgrounds: Backgrounds
) -> None:
    first = publish(library, tmp_path, {"tea.md": TEA}, backgrounds)
    second = publish(library, tmp_path, {"tea.md": TEA, "near_misses.toml": MISSES}, backgrounds)
    assert first.manifest.same_files(second.manifest)
    assert [len(backgrounds.of(one).unanswered) for one in (first, second)] == [0, 1]


def test_only_the_last_generations_asked_for_are_kept(
    library: FolderLibrary, tmp_path: Path, backgrounds: Backgrounds, reads: Reads
) -> None:
    texts = ({"tea.md": f"{TEA}\nAnd at {hour}.\n"} for hour in range(4))
    first, second, *_ = [publish(library, tmp_path, files, Backgrounds(RoomyEmbedder())) for files in texts]
    reads.numbers.clear()
    for snapshot in (first, second, first, library.at(3), first, second):
        assert backgrounds.of(snapshot).generation == snapshot.manifest.generation
    assert reads.numbers == [1, 2, 3, 2]


def test_questions_do_not_wait_for_another_generation_to_be_read(
    library: FolderLibrary, tmp_path: Path, backgrounds: Backgrounds, reads: Reads
) -> None:
    publish(library, tmp_path, {"tea.md": TEA}, Backgrounds(RoomyEmbedder()))
    publish(library, tmp_path, {"cake.md": CAKE}, Backgrounds(RoomyEmbedder()))
    first, second = library.at(1), library.at(2)
    gate = reads.gates[2] = threading.Event()
    reading = threading.Thread(target=backgrounds.of, args=[second])
    reading.start()
    try:
        answered = threading.Thread(target=backgrounds.of, args=[first])
        answered.start()
        answered.join(5)
        assert not answered.is_alive()
    finally:
        gate.set()
        reading.join(10)


def test_what_could_not_be_read_is_read_again(
    library: FolderLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = publish(library, tmp_path, {"tea.md": TEA}, Backgrounds(RoomyEmbedder()))
    backgrounds = Backgrounds(RoomyEmbedder())
    with monkeypatch.context() as patched:
        patched.setattr(RoomyEmbedder, "count_tokens", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            backgrounds.of(snapshot)
    assert backgrounds.of(snapshot).generation == 1
