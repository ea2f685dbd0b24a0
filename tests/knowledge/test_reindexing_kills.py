"""A real SIGKILL of a whole run, every few changes of the data folder."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("kill_reindexing.py")


@pytest.mark.parametrize(("before", "old"), [("first", None), ("second", "Version 1")])
def test_a_kill_at_any_step_leaves_the_old_answer_and_the_next_run_succeeds(
    tmp_path: Path, before: str, old: str | None
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", SCRIPT, tmp_path, before],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    reports: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert [report["code"] for report in reports] == [-signal.SIGKILL] * (len(reports) - 1) + [0]
    assert len(reports) > 3
    versions = [[text and text.split("? ")[1] for text in report["after"]] for report in reports]
    expected = old and f"{old}."
    assert versions[0] == [expected, expected]
    assert versions[-1] == ["Version 2.", "Version 2."]
    assert all(answers in ([expected] * 2, ["Version 2."] * 2) for answers in versions)
    for report in reports:
        assert report["published"]
        assert all(text.endswith("Version 3.") for text in report["next"])
        assert report["left"] == []
