"""A real SIGKILL before every change of the folder that an operation makes."""

import json
import signal
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("kill_at_every_step.py")


def killed_everywhere(folder: Path, operation: str, generations: int) -> list[dict[str, Any]]:
    """One report a step, the last one of the run that was left alone."""
    done = subprocess.run(
        [sys.executable, "-W", "error", SCRIPT, folder, operation, str(generations)],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [report["code"] for report in reports] == [-signal.SIGKILL] * (len(reports) - 1) + [0]
    return reports


@pytest.mark.parametrize(
    ("operation", "generations", "before", "after", "kept", "fewest_steps"),
    [
        # Kept is what is listed, in the order the steps pass through: never half of a generation.
        ("publish", 0, None, 9, [[], [1]], 15),
        ("publish", 2, 2, 9, [[2, 1], [3, 2, 1]], 15),
        ("stage", 1, 1, 1, [[1]], 30),
        ("publish what is staged", 2, 2, 9, [[2, 1], [3, 2, 1]], 3),
        ("discard", 1, 1, 1, [[1]], 15),
        ("rollback", 3, 3, 2, [[3, 2, 1]], 3),
        ("prune", 3, 3, 3, [[3, 2, 1], [3, 2], [3]], 10),
    ],
)
def test_a_kill_at_any_step_leaves_a_whole_generation_and_the_next_writer_succeeds(
    tmp_path: Path,
    operation: str,
    generations: int,
    before: int | None,
    after: int,
    kept: list[list[int]],
    fewest_steps: int,
) -> None:
    reports = killed_everywhere(tmp_path, operation, generations)
    assert len(reports) > fewest_steps
    answers = [report["answers"] for report in reports]
    moved = answers.index([after, after])
    assert answers == [[before, before]] * moved + [[after, after]] * (len(answers) - moved)
    assert [listed for listed, _ in groupby(report["kept"] for report in reports)] == kept
    for report in reports:
        if operation.startswith("publish"):
            assert (report["kept"] == kept[-1]) == (report["answers"] == [after, after])
        assert report["next"] == 100
        assert report["number"] == max(report["kept"], default=0) + 1
        assert report["left"] == []
