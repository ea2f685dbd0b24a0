"""A process that proposes, publishes or discards and is killed, at one step after the other."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("kill_publishing.py")
FIRST, SECOND, THIRD, FOURTH = (f"Tea is poured into cup number {number}." for number in (1, 2, 3, 4))


def reports_of(operation: str, folder: Path) -> list[dict[str, Any]]:
    """What was found after each kill; the last attempt was not killed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", SCRIPT, folder, operation],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [report["code"] for report in reports] == [-signal.SIGKILL] * (len(reports) - 1) + [0]
    assert len(reports) > 3
    for report in reports:
        assert report["answers"][0] == report["answers"][1], "a running process sees what a new one does"
        assert (report["next"], report["left"]) == (FOURTH, [])
    return reports


def test_a_kill_while_proposing_changes_no_answer_and_publishes_nothing_else_than_what_waits(
    tmp_path: Path,
) -> None:
    reports = reports_of("propose", tmp_path)
    assert {report["answers"][0] for report in reports} == {FIRST}
    assert (reports[0]["waits"], reports[-1]["waits"]) == (SECOND, THIRD)
    for report in reports:
        # Between the new files and the new proposal what waits is the old one, whose files are gone.
        published = report["waits"] if report["decided"] == "done" else FIRST
        assert report["decided"] in {"done", "NoProposal"}
        assert report["then"] == published


@pytest.mark.parametrize("operation", ["publish", "discard"])
def test_a_kill_while_deciding_leaves_it_decided_or_waiting(tmp_path: Path, operation: str) -> None:
    reports = reports_of(operation, tmp_path)
    after = SECOND if operation == "publish" else FIRST
    assert reports[0]["answers"] == [FIRST, FIRST]
    assert reports[-1]["answers"] == [after, after]
    assert reports[-1]["waits"] is None
    for report in reports:
        answers, waits = report["answers"][0], report["waits"]
        assert (answers, waits) in {(FIRST, SECOND), (after, None)}
        assert report["then"] == (SECOND if waits and report["decided"] == "done" else answers)
        # Killed between giving it its number and naming that: it has to be built again, and that is said.
        assert report["decided"] in ({"done", "NoProposal"} if waits else {None})
    assert reports[0]["decided"] == "done"
