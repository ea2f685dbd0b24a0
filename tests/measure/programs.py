"""Other programs, run and timed from outside: how long, how much of the processor, how much memory."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 240.0
"""Seconds after which a program is ended, whatever it does."""


class ProgramFailed(Exception):
    """A measured program ended early; the message holds the end of what it complained about."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a finished process took in all; `peak` is its largest resident size in bytes."""

    cpu: float
    peak: int


class Program:
    """A Python module in its own process, speaking one JSON object a line."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        folder: Path,
        threads: int | None = None,
        longest: float = LONGEST,
    ) -> None:
        self._name = " ".join(arguments)
        self._complaints = TemporaryFile()  # noqa: SIM115 - lives as long as the process that writes it
        self.started = time.perf_counter()
        # Away from the checkout, so that no .env of it is read.
        self._process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            cwd=folder,
            env=environment(folder, threads),
        )
        self._limit = threading.Timer(longest, self._process.kill)
        self._limit.daemon = True
        self._limit.start()
        self.usage: Usage | None = None

    def ask(self, question: str) -> float:
        """Seconds from sending a question to holding its whole answer."""
        assert self._process.stdin is not None
        started = time.perf_counter()
        with suppress(BrokenPipeError):  # reading finds out why
            self._process.stdin.write(json.dumps({"question": question}).encode() + b"\n")
            self._process.stdin.flush()
        answer = self.read()
        seconds = time.perf_counter() - started
        if not answer.get("answer"):
            raise ProgramFailed(f"No answer to {question!r}: {answer}")
        return seconds

    def read(self) -> dict[str, Any]:
        """The next object the program prints. Raises ProgramFailed."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.close()
            raise ProgramFailed(self._tail())
        found: dict[str, Any] = json.loads(line)
        return found

    @property
    def number(self) -> int:
        """The id of its process."""
        return self._process.pid

    def close(self) -> Usage:
        """Wait for its end and take its account. Raises ProgramFailed."""
        usage = self._end()
        if self._process.returncode:
            raise ProgramFailed(self._tail())
        return usage

    def _end(self) -> Usage:
        if self.usage is None:
            for stream in (self._process.stdin, self._process.stdout):
                assert stream is not None
                with suppress(BrokenPipeError):
                    stream.close()
            # Popen's own wait would throw the account away.
            _, status, account = os.wait4(self._process.pid, 0)
            self._limit.cancel()
            self._process.returncode = os.waitstatus_to_exitcode(status)
            scale = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kilobytes
            self.usage = Usage(account.ru_utime + account.ru_stime, account.ru_maxrss * scale)
        return self.usage

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.usage is None:
            self._process.kill()
        self._end()
        self._complaints.close()

    def _tail(self) -> str:
        self._complaints.seek(0)
        said = self._complaints.read().decode(errors="replace")[-2000:]
        return f"{self._name} ended with status {self._process.returncode}: {said}"


def run_once(
    arguments: Sequence[str], *, folder: Path, longest: float = LONGEST
) -> tuple[dict[str, Any], float, Usage]:
    """Run a program that prints one object: the object, the seconds from start to end, its account."""
    with Program(arguments, folder=folder, longest=longest) as program:
        found = program.read()
        usage = program.close()
        return found, time.perf_counter() - program.started, usage


def environment(folder: Path, threads: int | None) -> dict[str, str]:
    """Variables of a measured program: our settings at their defaults, no network, data in `folder`.

    Without `threads` every library takes as many as it likes.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ADVISOR_", "OMP_", "MKL_", "COV_")) and name != "DISCORD_TOKEN"
    }
    return kept | {
        "PYTHONPATH": str(ROOT),
        "ADVISOR_DATA_DIR": str(folder / "data"),
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        **({"OMP_NUM_THREADS": str(threads)} if threads else {}),
    }
