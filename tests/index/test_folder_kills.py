"""A real SIGKILL before every change of the folder that an operation makes."""

import json
import signal
import subprocess
import sys
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
    ("operation", "generations", "before", "after", "fewest_steps"),
    [
        ("publish", 0, None, 9, 15),
        ("publish", 2, 2, 9, 15),
        ("discard", 1, 1, 1, 15),
        ("rollback", 3, 3, 2, 3),
        ("prune", 3, 3, 3, 10),
    ],
)
def test_a_kill_at_any_step_leaves_a_whole_generation_and_the_next_writer_succeeds(
    tmp_path: Path, operation: str, generations: int, before: int | None, after: int, fewest_steps: int
) -> None:
    reports = killed_everywhere(tmp_path, operation, generations)
    assert len(reports) > fewest_steps
    answers = [report["answers"] for report in reports]
    moved = answers.index([after, after])
    assert answers == [[before, before]] * moved + [[after, after]] * (len(answers) - moved)
    for report in reports:
        assert report["next"] == 100
        assert report["number"] == max(report["kept"], default=0) + 1
        assert report["left"] == []


def test_a_kill_before_the_current_line_publishes_nothing(tmp_path: Path) -> None:
    reports = killed_everywhere(tmp_path, "publish", 2)
    for report in reports:
        assert report["kept"] == ([3, 2, 1] if report["answers"] == [9, 9] else [2, 1])


def test_a_kill_while_pruning_leaves_no_half_of_a_generation(tmp_path: Path) -> None:
    kept = [report["kept"] for report in killed_everywhere(tmp_path, "prune", 3)]
    assert [kept[0], kept[-1]] == [[3, 2, 1], [3]]
    assert all(each in ([3, 2, 1], [3, 2], [3]) for each in kept)
