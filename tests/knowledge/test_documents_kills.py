"""A real SIGKILL at every change of the data folder while documents are added, replaced and removed."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("kill_documents.py")


@pytest.mark.parametrize(
    ("deed", "before", "done", "finally_"),
    [
        ("offer", "Old.", "Old.", {"Old."}),
        ("add", None, "New.", {"New."}),
        ("replace", "Old.", "New.", {"New."}),
        ("remove", "Old.", None, {None}),
        ("remove both versions", "Old.", None, {None}),
        ("restore", None, "Old.", {"Old."}),
    ],
)
def test_a_kill_at_any_step_leaves_the_old_documents_or_the_new_ones(
    tmp_path: Path, deed: str, before: str | None, done: str | None, finally_: set[str | None]
) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", SCRIPT, tmp_path, deed],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    reports: list[dict[str, Any]] = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [report["code"] for report in reports] == [-signal.SIGKILL] * (len(reports) - 1) + [0]
    assert len(reports) > 3
    texts = [report["after"] for report in reports]
    assert texts[0] == before
    assert texts[-1] == done
    # Once it is done, it stays so.
    assert texts == [before] * texts.count(before) + [done] * texts.count(done) or before == done
    assert {report["next"] for report in reports} == finally_
    for report in reports:
        assert report["complaints"] == []
        assert report["left"] == []
        assert report["again"] in ("nothing", "UnknownUpload", "UnknownDocument")
