import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.embedding import EmbeddingCache, Progress, Vectors
from index.folder.library import FolderLibrary
from index.library import Busy, Contents, LibraryError, Manifest, Snapshot
from knowledge import reindexing
from knowledge.calibration import FLOORS, Calibration
from knowledge.corpus.folders import UnreadableFolder
from knowledge.declining import FLOOR
from knowledge.entities import Answer, Question, Reply
from knowledge.reindexing import NothingToIndex, Reindexer, ReindexReport
from tests.fakes import HashingEmbedder, NumpyCandidate, NumpyLibrary
from tests.knowledge.documents import RoomyEmbedder, advisor, current, reindex, reindexer, write

QUEUES, CACHES = "# Queues\n\nQueues carry messages.\n", "# Caches\n\nCaches keep answers.\n"
BOTH = {"caches.md": CACHES, "queues.md": QUEUES}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "documents", BOTH)


@pytest.fixture
def library(tmp_path: Path) -> FolderLibrary:
    return FolderLibrary(tmp_path / "data")


def said(reply: Reply) -> str:
    parts = (part for part in reply.parts if isinstance(part, Answer))
    return " ".join(quote.text for part in parts for quote in part.quotes)


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def differences(report: ReindexReport) -> dict[str, Sequence[str]]:
    names = ("added", "changed", "removed", "unchanged")
    return {name: list(getattr(report, name)) for name in names if getattr(report, name)}


# --- what changed ------------------------------------------------------------------------------------------


def test_the_first_run_adds_everything(library: FolderLibrary, folder: Path) -> None:
    report = reindex(library, folder)
    assert differences(report) == {"added": ["caches", "queues"]}
    assert (report.published, report.generation, report.passages) == (True, 1, 2)
    assert report.seconds >= 0


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (BOTH, {"unchanged": ["caches", "queues"]}),
        (
            {**BOTH, "logs.md": "# Logs\n\nLogs tell.\n"},
            {"added": ["logs"], "unchanged": ["caches", "queues"]},
        ),
        ({**BOTH, "caches.md": "# Caches\n\nNew.\n"}, {"changed": ["caches"], "unchanged": ["queues"]}),
        ({"queues.md": QUEUES}, {"removed": ["caches"], "unchanged": ["queues"]}),
        (
            {"cache.md": CACHES, "queues.md": QUEUES},
            {"added": ["cache"], "removed": ["caches"], "unchanged": ["queues"]},
        ),
    ],
)
def test_a_run_tells_what_changed_and_publishes_only_then(
    library: FolderLibrary, folder: Path, now: Mapping[str, str], expected: dict[str, list[str]]
) -> None:
    reindex(library, folder)
    write(folder, now)
    foretold = reindexer(library, RoomyEmbedder()).run([folder], who="a test", dry_run=True)
    report = reindex(library, folder)
    assert differences(foretold) == differences(report) == expected
    assert foretold.passages == report.passages
    assert report.published == (now != BOTH)
    assert report.generation == (1 if now == BOTH else 2)


def test_a_changed_registry_is_a_change_of_its_documents(library: FolderLibrary, folder: Path) -> None:
    reindex(library, folder)
    registry = '[[source]]\nfile = "queues.md"\n[source.topics]\nQueues = ["What carries messages?"]\n'
    write(folder, {**BOTH, "sources.toml": registry})
    assert differences(reindex(library, folder)) == {"changed": ["queues"], "unchanged": ["caches"]}


def test_a_dry_run_writes_embeds_and_publishes_nothing(library: FolderLibrary, folder: Path) -> None:
    reindex(library, folder)
    write(folder, {"queues.md": QUEUES + "\nMore.\n"})
    before, embedder = files(folder.parent / "data"), RoomyEmbedder()
    report = reindexer(library, embedder).run([folder], who="a test", dry_run=True)
    assert (report.published, report.generation) == (False, 1)
    assert files(folder.parent / "data") == before
    assert embedder.embedded == []


def test_a_dry_run_before_the_first_generation_tells_what_would_be_added(
    library: FolderLibrary, folder: Path
) -> None:
    report = reindexer(library, RoomyEmbedder()).run([folder], who="a test", dry_run=True)
    assert differences(report) == {"added": ["caches", "queues"]}
    assert (report.published, report.generation) == (False, None)
    assert library.current() is None


def test_an_unchanged_run_writes_and_embeds_nothing(library: FolderLibrary, folder: Path) -> None:
    reindex(library, folder)
    before, embedder = files(folder.parent / "data" / "generations"), RoomyEmbedder()
    report = reindex(library, folder, embedder)
    assert (report.published, report.passages) == (False, 2)
    assert embedder.embedded == []
    assert files(folder.parent / "data" / "generations") == before


def test_only_text_not_seen_before_is_embedded(library: FolderLibrary, folder: Path, tmp_path: Path) -> None:
    def run() -> list[str]:
        embedder = RoomyEmbedder()
        cache = EmbeddingCache(tmp_path / "embeddings.db", embedder)
        Reindexer(library=library, embedder=cache, size_limit=100_000, keep=3).run([folder], who="a test")
        return embedder.embedded

    assert len(run()) == 2
    write(folder, {**BOTH, "logs.md": "# Logs\n\nLogs tell.\n"})
    assert [text for text in run() if "Logs" not in text] == []
    write(folder, BOTH)
    assert run() == []


def test_a_file_that_cannot_be_read_does_not_stop_the_others(library: FolderLibrary, folder: Path) -> None:
    (folder / "binary.md").write_bytes(bytes(range(256)) * 40)
    (folder / "empty.md").write_text("")
    (folder / "huge.md").write_text("word " * 30_000)
    report = reindex(library, folder)
    assert report.published
    assert report.added == ("caches", "queues")
    complained = {complaint.path.split("/")[-1] for complaint in report.complaints}
    assert {"binary.md", "empty.md", "huge.md"} <= complained


def test_progress_counts_up_to_the_number_of_texts(library: FolderLibrary, folder: Path) -> None:
    seen: list[tuple[int, int]] = []
    reindexer(library, RoomyEmbedder()).run(
        [folder], who="a test", progress=lambda done, total: seen.append((done, total))
    )
    assert seen
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


def test_old_generations_are_removed_but_for_those_kept(library: FolderLibrary, folder: Path) -> None:
    for version in range(6):
        write(folder, {"queues.md": f"{QUEUES}\nVersion {version}.\n"})
        reindex(library, folder)
    assert [manifest.generation for manifest in library.generations()] == [6, 5, 4]


def test_seconds_are_those_of_the_clock(folder: Path) -> None:
    ticks = chain([10.0], repeat(12.5))
    made = Reindexer(
        library=NumpyLibrary(),
        embedder=RoomyEmbedder(),
        size_limit=100_000,
        keep=3,
        clock=lambda: next(ticks),
    )
    assert made.run([folder], who="a test").seconds == 2.5


# --- what answers afterwards -------------------------------------------------------------------------------


def test_a_removed_document_answers_no_more(library: FolderLibrary, folder: Path) -> None:
    reindex(library, folder)
    running = advisor(library)
    assert "Caches keep answers." in said(running.answer(Question("caches keep answers")))
    write(folder, {"queues.md": QUEUES})
    reindex(library, folder)
    assert "Caches" not in said(running.answer(Question("caches keep answers")))


def test_a_running_advisor_picks_up_what_another_process_published(
    library: FolderLibrary, folder: Path
) -> None:
    reindex(library, folder)
    running = advisor(library)
    assert running.answer(Question("queues carry messages")).generation == 1
    write(folder, {"queues.md": "# Queues\n\nQueues carry messages quickly.\n"})
    reindex(FolderLibrary(folder.parent / "data"), folder)
    reply = running.answer(Question("queues carry messages"))
    assert "quickly" in said(reply)
    assert reply.generation == 2


class Renamed(RoomyEmbedder):
    fingerprint = "another model"


class Wider(RoomyEmbedder):
    dimension = 2_048


@pytest.mark.parametrize("embedder", [Renamed(), Wider()])
def test_another_model_rebuilds_though_no_document_changed(
    library: FolderLibrary, folder: Path, embedder: HashingEmbedder
) -> None:
    reindex(library, folder)
    snapshot = library.current()
    assert snapshot is not None
    assert reindexer(library, RoomyEmbedder()).fits(snapshot)
    assert not reindexer(library, embedder).fits(snapshot)
    report = reindex(library, folder, embedder)
    assert (report.published, differences(report)) == (True, {"unchanged": ["caches", "queues"]})
    assert not reindex(library, folder, embedder).published


def test_another_way_of_splitting_rebuilds_though_no_document_changed(
    library: FolderLibrary, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reindex(library, folder)
    monkeypatch.setattr(reindexing, "VERSION", reindexing.VERSION + 1)
    assert reindex(library, folder).published
    assert not reindex(library, folder).published


# --- what a generation is known not to answer --------------------------------------------------------------


def near_misses(*questions: str) -> str:
    return f"[[group]]\nquestions = {list(questions)}\n"


def test_near_misses_are_kept_with_the_generation(library: FolderLibrary, folder: Path) -> None:
    assert reindex(library, folder).published
    assert current(library).facts["near_misses"] == []
    write(folder, {**BOTH, "near_misses.toml": near_misses("What do queues cost?")})
    reindex(library, folder)
    expected = [{"documents": ["caches", "queues"], "questions": ["What do queues cost?"]}]
    assert current(library).facts["near_misses"] == expected


@pytest.mark.parametrize(
    ("before", "now", "published"),
    [
        (None, ["Why?"], True),
        (["Why?"], ["Why?"], False),
        (["Why?"], ["Why?", "Who?"], True),
        (["Why?"], None, True),
        (["Why?"], [], True),
        (None, [], False),
        (["Why?"], ["Why?", "Why?"], False),
    ],
)
def test_changed_near_misses_alone_are_published(
    library: FolderLibrary,
    folder: Path,
    before: list[str] | None,
    now: list[str] | None,
    published: bool,
) -> None:
    def keep(questions: list[str] | None) -> ReindexReport:
        known = {} if questions is None else {"near_misses.toml": near_misses(*questions)}
        return reindex(library, write(folder, {**BOTH, **known}))

    keep(before)
    report = keep(now)
    assert differences(report) == {"unchanged": ["caches", "queues"]}
    assert (report.published, report.generation) == (published, 2 if published else 1)


def test_a_near_miss_alone_makes_nothing_to_embed_but_itself(
    library: FolderLibrary, folder: Path, tmp_path: Path
) -> None:
    def run() -> list[str]:
        embedder = RoomyEmbedder()
        cache = EmbeddingCache(tmp_path / "embeddings.db", embedder)
        Reindexer(library=library, embedder=cache, size_limit=100_000, keep=3).run([folder], who="a test")
        return embedder.embedded

    run()
    write(folder, {**BOTH, "near_misses.toml": near_misses("What do queues cost?")})
    assert set(run()) == {"What do queues cost?"}


# --- calibration -------------------------------------------------------------------------------------------

THINGS = [f"{first}{second}" for first in "abcdef" for second in ("queue", "cache", "table", "proxy", "log")]


def calibratable(*more: str) -> dict[str, str]:
    """As many listed questions and near misses as a floor is fitted on, and some documents more."""
    asked = [f"What is a {thing}?" for thing in THINGS]
    return {
        "things.md": "# Things\n\n" + " ".join(f"A {thing} is known." for thing in THINGS) + "\n",
        "sources.toml": f'[[source]]\nfile = "things.md"\n[source.topics]\nThings = {asked}\n',
        "near_misses.toml": near_misses(*(f"Who sells the {thing} in Rome?" for thing in THINGS)),
        **{f"{name}.md": f"# {name}\n\nMore about {name}.\n" for name in more},
    }


def test_a_generation_is_calibrated_and_the_report_and_the_manifest_say_how(
    library: FolderLibrary, folder: Path
) -> None:
    report = reindex(library, write(folder, calibratable()))
    assert report.calibration is not None
    assert (report.calibration.listed, report.calibration.near_misses) == (len(THINGS), len(THINGS))
    assert report.calibration.floor in FLOORS
    assert current(library).facts["calibration"] == asdict(report.calibration)
    assert current(FolderLibrary(folder.parent / "data")).facts == current(library).facts


def test_with_nothing_to_calibrate_on_the_packaged_floor_is_written_down(
    library: FolderLibrary, folder: Path
) -> None:
    assert reindex(library, folder).calibration == Calibration(FLOOR, 0, 0.0, 0, 0.0)


def test_only_what_is_published_is_calibrated(library: FolderLibrary, folder: Path) -> None:
    write(folder, calibratable())
    dry = reindexer(library, RoomyEmbedder()).run([folder], who="a test", dry_run=True)
    assert dry.calibration is None
    assert reindex(library, folder).calibration is not None
    assert reindex(library, folder).calibration is None


def test_changed_documents_are_calibrated_again(library: FolderLibrary, folder: Path) -> None:
    reindex(library, write(folder, calibratable()))
    changed = calibratable()
    changed["sources.toml"] = changed["sources.toml"].replace("'What is a aqueue?', ", "")
    again = reindex(library, write(folder, changed)).calibration
    assert again is not None
    assert (again.listed, again.floor) == (len(THINGS) - 1, FLOOR)  # one too few to fit a floor on
    assert current(library).facts["calibration"] == asdict(again)


def test_an_added_document_is_calibrated_with(library: FolderLibrary, folder: Path) -> None:
    reindex(library, write(folder, calibratable()))
    added = reindex(library, write(folder, calibratable("Rome")))
    assert differences(added) == {"added": ["Rome"], "unchanged": ["things"]}
    assert added.calibration is not None
    assert current(library).facts["calibration"] == asdict(added.calibration)


class Fails(RoomyEmbedder):
    """Embeds passages and no question."""

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if any(text.startswith("Who sells") for text in texts):
            raise MemoryError("out of memory")
        return super().embed(texts, progress)


def test_a_failure_to_calibrate_leaves_the_old_generation_and_nothing_behind(
    library: FolderLibrary, folder: Path, tmp_path: Path
) -> None:
    reindex(library, folder)
    before = set(files(tmp_path / "data" / "generations"))
    write(folder, calibratable())
    with pytest.raises(MemoryError):
        reindex(library, folder, Fails())
    assert set(files(tmp_path / "data" / "generations")) == before
    assert current(library).generation == 1
    assert reindex(library, folder).generation == 2


# --- when it cannot be done --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "now", [{}, {"notes.xyz": "?"}, {"empty.md": ""}, {"headings.md": "# Guide\n\n## Salary\n\n## Tools\n"}]
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_where_nothing_can_be_read_the_old_generation_stays(
    library: FolderLibrary, folder: Path, now: Mapping[str, str], dry_run: bool
) -> None:
    reindex(library, folder)
    write(folder, now)
    with pytest.raises(NothingToIndex, match="nothing was changed"):
        reindexer(library, RoomyEmbedder()).run([folder], who="a test", dry_run=dry_run)
    reply = advisor(library).answer(Question("queues carry messages"))
    assert (reply.generation, said(reply)) == (1, "Queues carry messages.")


def test_a_missing_folder_leaves_the_old_generation(library: FolderLibrary, folder: Path) -> None:
    reindex(library, folder)
    with pytest.raises(UnreadableFolder):
        reindex(library, folder / "missing")
    assert advisor(library).answer(Question("queues")).generation == 1


class Breaks(RoomyEmbedder):
    """Gives up half-way."""

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        super().embed(texts[:1])
        raise MemoryError("out of memory")


class Nonsense(RoomyEmbedder):
    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return np.full((len(texts), self.dimension), np.nan, dtype=np.float32)


@pytest.mark.parametrize(("embedder", "error"), [(Breaks(), MemoryError), (Nonsense(), LibraryError)])
def test_a_failure_to_embed_leaves_the_old_generation_and_the_next_run_succeeds(
    library: FolderLibrary, folder: Path, embedder: HashingEmbedder, error: type[Exception]
) -> None:
    reindex(library, folder)
    write(folder, {"queues.md": QUEUES + "\nQueues are long.\n"})
    with pytest.raises(error):
        reindex(library, folder, embedder)
    assert advisor(library).answer(Question("queues")).generation == 1
    assert reindex(library, folder).generation == 2


def test_what_has_to_be_ready_is_prepared_before_the_new_generation_answers(
    library: FolderLibrary, folder: Path
) -> None:
    seen: list[tuple[int, object]] = []

    def prepare(snapshot: Snapshot, progress: Progress | None) -> None:
        seen.append((snapshot.manifest.passages, library.current()))

    made = Reindexer(library=library, embedder=RoomyEmbedder(), size_limit=100_000, keep=3, prepare=prepare)
    assert made.run([folder], who="a test").published
    assert seen == [(2, None)]
    assert not made.run([folder], who="a test").published
    assert len(seen) == 1


def test_a_failure_to_prepare_leaves_the_old_generation_and_nothing_behind(
    library: FolderLibrary, folder: Path, tmp_path: Path
) -> None:
    def prepare(snapshot: Snapshot, progress: Progress | None) -> None:
        raise MemoryError("out of memory")

    reindex(library, folder)
    before = set(files(tmp_path / "data" / "generations"))
    write(folder, {"queues.md": QUEUES})
    made = Reindexer(library=library, embedder=RoomyEmbedder(), size_limit=100_000, keep=3, prepare=prepare)
    with pytest.raises(MemoryError):
        made.run([folder], who="a test")
    assert set(files(tmp_path / "data" / "generations")) == before
    assert advisor(library).answer(Question("queues")).generation == 1
    assert reindex(library, folder).generation == 2


class FailingCandidate(NumpyCandidate):
    def publish(self, facts: Mapping[str, Any] | None = None) -> Manifest:
        raise LibraryError("The disk is full.")


class Failing(NumpyLibrary):
    """Fails at the step named in `at`."""

    at = ""

    def build(self, contents: Contents) -> NumpyCandidate:
        if self.at == "build":
            raise LibraryError("The disk is full.")
        built = super().build(contents)
        return FailingCandidate(self, contents, built.snapshot.manifest) if self.at == "publish" else built


@pytest.mark.parametrize("at", ["build", "publish"])
def test_a_failing_step_leaves_the_old_generation_and_the_next_run_succeeds(folder: Path, at: str) -> None:
    library = Failing()
    reindex(library, folder)
    write(folder, {"queues.md": "# Queues\n\nQueues carry messages quickly.\n"})
    library.at = at
    with pytest.raises(LibraryError, match="full"):
        reindex(library, folder)
    assert said(advisor(library).answer(Question("queues carry messages"))) == "Queues carry messages."
    library.at = ""
    assert reindex(library, folder).published
    assert "quickly" in said(advisor(library).answer(Question("queues carry messages")))


class Untidy(NumpyLibrary):
    def prune(self, keep: int = 3) -> list[int]:
        raise LibraryError("The disk is gone.")


def test_a_generation_too_many_is_reported_and_harms_nobody(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    report = reindex(Untidy(), folder)
    assert (report.published, report.generation) == (True, 1)
    assert "Older generations could not be removed: The disk is gone." in caplog.text


def test_a_folder_that_cannot_be_written_leaves_the_old_generation(
    library: FolderLibrary, folder: Path
) -> None:
    reindex(library, folder)
    generations = folder.parent / "data" / "generations"
    moved = generations.rename(generations.with_name("aside"))
    generations.write_text("a file where the folder was")
    with pytest.raises(LibraryError):
        reindex(library, write(folder, {"queues.md": QUEUES + "\nMore.\n"}))
    generations.unlink()
    moved.rename(generations)
    assert advisor(FolderLibrary(folder.parent / "data")).answer(Question("queues")).generation == 1


def test_while_somebody_else_writes_a_run_is_told_who_and_changes_nothing(
    library: FolderLibrary, folder: Path
) -> None:
    reindex(library, folder)
    write(folder, {"queues.md": QUEUES})
    with FolderLibrary(folder.parent / "data").writing("the terminal"):
        with pytest.raises(Busy, match="the terminal"):
            reindex(library, folder)
        foretold = reindexer(library, RoomyEmbedder()).run([folder], who="a test", dry_run=True)
    assert differences(foretold) == {"removed": ["caches"], "unchanged": ["queues"]}
    assert [manifest.generation for manifest in library.generations()] == [1]


def test_a_run_that_may_wait_goes_on_when_the_other_is_done(library: FolderLibrary, folder: Path) -> None:
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with FolderLibrary(folder.parent / "data").writing("the terminal"):
            held.set()
            release.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    threading.Timer(0.1, release.set).start()
    report = reindexer(library, RoomyEmbedder()).run([folder], who="a test", wait=10)
    other.join()
    assert report.published
