"""The benchmark: its arithmetic, its programs and made-up passages; nothing here depends on timing."""

import resource
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.measure.programs import Program, ProgramFailed, environment, run_once
from tests.measure.scale import contents_of, exact, made_up, measure, publish, recall
from tests.measure.speed import Line, percentile, rows_of, scale_lines, spread, turns
from tests.measure.tables import aligned, number, this_machine

ECHO = """
import json, sys
for line in sys.stdin:
    print(json.dumps({"answer": json.loads(line)["question"]}), flush=True)
"""


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [
        ([3.0], 0.95, 3.0),
        (list(range(1, 101)), 0.95, 95),
        (list(range(1, 101)), 0.5, 50),
        ([5.0, 1.0, 3.0], 0.5, 3.0),
        ([1.0, 2.0], 1.0, 2.0),
        ([1.0, 2.0], 0.0, 1.0),
    ],
)
def test_percentile_is_the_smallest_value_not_below_that_share(
    values: list[float], share: float, found: float
) -> None:
    assert percentile(values, share) == found


def test_questions_are_taken_from_the_whole_set_and_asked_in_turns() -> None:
    questions = [str(place) for place in range(10)]
    assert spread(questions, 4) == ["0", "2", "5", "7"]
    assert spread(questions, 99) == questions
    assert [list(turn) for turn in turns(questions[:5], 2)] == [["0", "1"], ["2", "3"], ["4"]]


def test_rows_show_both_sides_and_no_ratio_where_there_is_nothing_to_compare() -> None:
    rows = rows_of([Line("p50", "ms", 10.0, 20.0), Line("unchanged", "s", 0.5), Line("none", "", 1.0, 0.0)])
    assert rows[1:] == [
        ("p50", "ms", "10.0", "20.0", "0.50"),
        ("unchanged", "s", "0.500", "–", "–"),
        ("none", "", "1.00", "0", "–"),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (0.0012, "0.0012"), (0.0123, "0.0123"), (0.123, "0.123"), (1.234, "1.23"),
        (12.34, "12.3"), (1234.5, "1,234"), (-0.5, "-0.500"),
    ],
)  # fmt: skip
def test_numbers_show_three_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text


def test_columns_are_aligned_and_nothing_trails() -> None:
    assert aligned([("", "a"), ("name", "10"), ("n", "")]) == "       a\nname  10\nn"


def test_the_machine_is_named_with_what_was_measured() -> None:
    assert all(word in this_machine() for word in ("cores", "Python 3.", "torch ", "faiss-cpu "))


# --- programs ----------------------------------------------------------------------------------------------


def own_peak() -> int:
    scale = 1 if sys.platform == "darwin" else 1024
    return scale * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_a_program_is_asked_timed_and_accounted_for(tmp_path: Path) -> None:
    (tmp_path / "echo.py").write_text(ECHO)
    with Program(["echo"], folder=tmp_path) as program:
        assert program.ask("hello") > 0
        usage = program.close()
    assert usage.cpu > 0
    # Bytes: a process is at least as large as the one it was forked from, which the suite may have filled.
    assert 1e6 < usage.peak < max(1e9, 1.1 * own_peak())


def test_a_program_told_its_threads_knows_them_and_others_do_not(tmp_path: Path) -> None:
    (tmp_path / "tell.py").write_text(
        "import os; print('{\"threads\": %s}' % os.environ.get('OMP_NUM_THREADS', 0))"
    )
    with Program(["tell"], folder=tmp_path, threads=1) as program:
        assert program.read() == {"threads": 1}
    assert run_once(["tell"], folder=tmp_path)[0] == {"threads": 0}


@pytest.mark.parametrize(
    ("code", "complaint"),
    [("raise SystemExit('no luck')", "no luck"), ("print('{}'); raise ValueError('too late')", "too late")],
)
def test_a_program_that_fails_is_reported_with_its_own_words(
    tmp_path: Path, code: str, complaint: str
) -> None:
    (tmp_path / "broken.py").write_text(code)
    with pytest.raises(ProgramFailed, match=complaint):
        run_once(["broken"], folder=tmp_path)


def test_a_program_without_an_answer_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "echo.py").write_text(ECHO)
    with pytest.raises(ProgramFailed, match="No answer"), Program(["echo"], folder=tmp_path) as program:
        program.ask("")


def test_a_measured_program_sees_none_of_our_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_MODEL", "another")
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    given = environment(tmp_path, None)
    assert [name for name in given if name.startswith(("ADVISOR_", "DISCORD_"))] == ["ADVISOR_DATA_DIR"]
    assert given["ADVISOR_DATA_DIR"] == str(tmp_path / "data")
    assert given["HF_HUB_OFFLINE"] == "1"


# --- made-up passages --------------------------------------------------------------------------------------


def test_made_up_vectors_are_of_unit_length_close_to_each_other_in_groups_and_always_the_same() -> None:
    vectors, questions = made_up(400)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors, made_up(400)[0])
    nearest = np.sort(questions @ vectors.T, axis=1)[:, -1]
    assert nearest.mean() > 0.2  # without groups it would be 0.15


def test_recall_counts_the_true_nearest_that_were_found() -> None:
    vectors = np.eye(12, dtype=np.float32)
    [true] = exact(vectors, np.arange(12, dtype=np.float32)[np.newaxis])
    assert true == set(range(2, 12))
    assert recall([true], [true]) == 1
    assert recall([{0, 1, 2, 3, 4, 5, 6}, true], [true, true]) == 0.75


def test_every_made_up_passage_has_one_cue_and_is_published(tmp_path: Path) -> None:
    vectors, _ = made_up(60)
    assert [len(passage.cues) for passage in contents_of(vectors).passages] == [1] * 60
    snapshot, _ = publish(tmp_path, vectors, flat_limit=100)
    assert snapshot.nearest(vectors[7], 1)[0].passage == "7"
    snapshot.close()


@pytest.mark.parametrize(("flat_limit", "kind"), [(1000, "flat"), (0, "graph")])
def test_a_size_is_measured_on_both_sides(flat_limit: int, kind: str) -> None:
    found = measure(300, flat_limit=flat_limit)
    assert found["kind"] == kind
    lines = {line.what.rpartition(": ")[2]: line for line in scale_lines(found)}
    assert list(lines) == ["build", "search, p50", "recall@10"]
    assert all(line.plain is not None and line.plain > 0 for line in lines.values())
    assert lines["recall@10"].ours > (0.9999 if kind == "flat" else 0.9)
