"""The program as its own process: terminals, signals, pipes and encodings."""

import codecs
import json
import os
import pty
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from tests.bot.terminal import ESPRESSO

PROGRAM = (sys.executable, "-m", "bot")
ROOT = Path(__file__).parents[2]
PROMPT = "you › "


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """An environment with one small document and nothing of ours."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "espresso.md").write_text(ESPRESSO)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ADVISOR_", "DISCORD_"))
    }
    return kept | {
        "ADVISOR_DATA_DIR": str(tmp_path / "data"),
        "ADVISOR_SOURCES": str(tmp_path / "articles"),
        "ADVISOR_SHIPPED_ARTICLES": "false",
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm",
        "COLUMNS": "40",
    }


def start(
    surroundings: dict[str, str], *arguments: str, stdin: int = PIPE, stdout: int = PIPE, stderr: int = PIPE
) -> Popen[bytes]:
    """The program at work, in a session of its own."""
    return Popen(
        [*PROGRAM, *arguments],
        env=surroundings,
        cwd=ROOT / "tests",
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    )


def run(
    surroundings: dict[str, str], *arguments: str, stdout: int = PIPE
) -> tuple[int, bytes | None, bytes | None]:
    """Status, output and diagnostics of the program with nothing to read."""
    with start(surroundings, *arguments, stdout=stdout) as process:
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err


class Person:
    """Somebody at a terminal in which the program runs."""

    def __init__(self, surroundings: dict[str, str]) -> None:
        self._screen, theirs = pty.openpty()
        self._process = start(surroundings, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self.seen = ""

    def waits_for(self, text: str, seconds: float = 90.0) -> None:
        self.seen = ""
        until = time.monotonic() + seconds
        while text not in self.seen:
            assert time.monotonic() < until, f"{text!r} never came: {self.seen!r}"
            self._look()

    def types(self, keys: str) -> None:
        os.write(self._screen, keys.encode())

    def interrupts(self) -> None:
        """Ctrl-C; once more after a while, as readline loses one that comes right after its prompt."""
        time.sleep(0.5)
        while self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            until = time.monotonic() + 15.0
            while self._process.poll() is None and time.monotonic() < until:
                self._look()

    def leaves(self) -> int:
        while self._process.poll() is None:
            self._look()
        return self._process.returncode

    def _look(self, seconds: float = 0.2) -> None:
        if select.select([self._screen], [], [], seconds)[0]:
            with suppress(OSError):  # Linux's way to say that the program has left
                self.seen += self._decode(os.read(self._screen, 65_536))

    def is_gone(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._screen)


@pytest.fixture
def person(surroundings: dict[str, str]) -> Iterator[Person]:
    somebody = Person(surroundings)
    try:
        yield somebody
    finally:
        somebody.is_gone()


@pytest.mark.model
def test_person_at_a_terminal_reads_wrapped_quotes_in_colour(person: Person) -> None:
    person.waits_for(PROMPT)
    person.types("why do engineers drink espresso?\n")
    person.waits_for(PROMPT)
    assert "\x1b[32m> Engineers drink espresso because it is\x1b[0m\r\n" in person.seen
    assert "\x1b[32m> short and strong.\x1b[0m\r\n" in person.seen
    person.types("\x04")
    person.waits_for("Good luck out there.")
    assert person.leaves() == 0


@pytest.mark.model
def test_interrupt_at_the_prompt_ends_with_130(person: Person) -> None:
    person.waits_for(PROMPT)
    person.interrupts()
    assert person.leaves() == 130
    assert "Traceback" not in person.seen


@pytest.mark.model
def test_interrupt_in_the_middle_of_a_reindex_leaves_the_old_generation(
    surroundings: dict[str, str], tmp_path: Path
) -> None:
    assert run(surroundings, "reindex")[0] == 0
    lock = tmp_path / "data" / "index.lock.json"
    before = lock.stat().st_mtime_ns
    for number in range(40):
        text = "\n\n".join(f"Engineer {number}-{line} drinks espresso number {line}." for line in range(20))
        (tmp_path / "articles" / f"{number}.md").write_text(f"# Cup {number}\n\n{text}\n")
    process = start(surroundings, "reindex")
    while lock.stat().st_mtime_ns == before:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"Stopped.\n")
    status = json.loads(run(surroundings, "status", "--json")[1] or b"")
    assert [kept["generation"] for kept in status["generations"]] == [1]
    assert len(status["documents"]) == 1


@pytest.mark.model
def test_script_writes_a_line_and_reads_its_answer(surroundings: dict[str, str]) -> None:
    with start(surroundings | {"PYTHONIOENCODING": "ascii"}, "ask", "--jsonl") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for question, abstained in (("why do engineers drink espresso?", False), ("", True)):
            process.stdin.write(
                json.dumps({"id": "é", "question": question}, ensure_ascii=False).encode() + b"\n"
            )
            process.stdin.flush()
            found = json.loads(process.stdout.readline())
            assert (found["id"], found["abstained"]) == ("é", abstained)
        process.stdin.close()
        assert process.wait(30) == 0


def test_reader_that_went_away_is_no_traceback(surroundings: dict[str, str]) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        assert run(surroundings, "status", stdout=write) == (1, None, b"")
    finally:
        os.close(write)


@pytest.mark.parametrize("model", ["no-such-model", __file__])
def test_model_that_is_none_is_told_in_one_sentence(surroundings: dict[str, str], model: str) -> None:
    problem = f"Error: The model {model} is neither a folder nor in the local model cache.\n"
    done = run(surroundings | {"ADVISOR_MODEL": model}, "ask", "why?")
    assert done == (1, b"", problem.encode())


def test_help_needs_no_settings_and_no_index(surroundings: dict[str, str], tmp_path: Path) -> None:
    status, out, err = run(surroundings | {"ADVISOR_THREADS": "many"}, "reindex", "--help")
    assert (status, err) == (0, b"")
    assert b"--dry-run" in (out or b"")
    assert not (tmp_path / "data").exists()
