"""Conversion in a process of its own, with its results kept below the data folder."""

import contextlib
import hashlib
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import IO

from knowledge.documents.limits import Limits
from knowledge.documents.stored import make_private
from knowledge.formats.conversion import Unconverted

log = logging.getLogger(__name__)

VERSION = 2
"""To be raised whenever a file may become another page than before."""

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from knowledge.formats.converting.__main__ import main; main()"
)
# What a Python may need to start at all; nothing else of the environment is handed on.
_NEEDED = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
_KEPT_DAYS = 30
_RETRY_AFTER = 600.0
_NAMES = {".pdf": "PDF", ".docx": "Word"}
_SENTENCES = {
    "encrypted": "Locked with a password.",
    "macros": "Holds macros.",
    "no-text": "Holds no text, only pictures of it or letters that stand for none.",
    "too-many-pages": "Has more than {limits.pages:,} pages.",
    "expands": "Unpacks to far more than a document needs.",
    "damaged": "Not a {name} file, or a damaged one.",
    "stopped": "Its conversion broke off; it may take {limits.seconds:g} seconds and {limits.memory:,} MB.",
    "too-long": "Holds more than {limits.characters:,} characters.",
}


class Converter:
    """Turns PDF and Word files into pages; one file at a time, each version of it once."""

    def __init__(
        self,
        *,
        data: Path,
        limits: Limits,
        command: Sequence[str] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = data / "converted"
        self._limits = limits
        self._command = command
        self._clock = clock
        self._stopped: dict[str, float] = {}
        self._one_at_a_time = threading.Lock()

    def __call__(self, data: bytes, form: str) -> str:
        """The page that these bytes make. Raises Unconverted."""
        name = f"{hashlib.sha256(data).hexdigest()}-{VERSION}{_libraries(form)}{form}"
        with self._one_at_a_time:
            kept = self._kept(name)
            if kept is not None:
                return kept
            if self._clock() - self._stopped.get(name, -_RETRY_AFTER) < _RETRY_AFTER:
                raise self._unconverted("stopped", form)
            html = self._convert(data, form, name)
            self._keep(name, html)
            return html

    def _convert(self, data: bytes, form: str, name: str) -> str:
        limits = self._limits
        order = {
            "format": form,
            "pages": limits.pages,
            "length": limits.characters,
            "memory": limits.memory,
            "seconds": limits.seconds,
        }
        # Every character may be written as twelve: a pair of escapes.
        said = _run(self._command or _command(), order, data, limits.seconds, 12 * limits.characters + 1_000)
        found = _understood(said)
        if "html" in found and len(found["html"]) <= limits.characters:
            return found["html"]
        reason = found.get("refused", "stopped")
        if reason == "stopped":
            self._stopped[name] = self._clock()
        raise self._unconverted(reason if reason in _SENTENCES else "stopped", form)

    def _unconverted(self, reason: str, form: str) -> Unconverted:
        return Unconverted(_SENTENCES[reason].format(limits=self._limits, name=_NAMES[form]), reason)

    def _kept(self, name: str) -> str | None:
        path = self._folder / name
        try:
            digest, _, html = path.read_text("utf-8").partition("\n")
        except (OSError, UnicodeDecodeError):
            return None
        if digest != hashlib.sha256(html.encode()).hexdigest():
            return None
        with contextlib.suppress(OSError):
            os.utime(path, (self._clock(), self._clock()))
        return html

    def _keep(self, name: str, html: str) -> None:
        text = f"{hashlib.sha256(html.encode()).hexdigest()}\n{html}"
        hidden = self._folder / f".{name}.{os.getpid()}"
        try:
            make_private(self._folder)
            hidden.write_text(text, "utf-8", newline="")
            os.utime(hidden, (self._clock(), self._clock()))
            hidden.replace(self._folder / name)
            self._sweep()
        except OSError as error:
            # It can be made again.
            log.warning("A converted file could not be kept: %s", error.strerror or type(error).__name__)
            with contextlib.suppress(OSError):
                hidden.unlink(missing_ok=True)

    def _sweep(self) -> None:
        for path in self._folder.iterdir():
            if self._clock() - path.stat().st_mtime > _KEPT_DAYS * 86_400:
                path.unlink(missing_ok=True)


def _libraries(form: str) -> str:
    return f"-{version('pypdfium2' if form == '.pdf' else 'mammoth')}"


def _command() -> list[str]:
    path = json.dumps([os.path.abspath(place) for place in sys.path])  # noqa: PTH100 - as written, links kept
    return [sys.executable, "-I", "-X", "utf8", "-c", _START, path]


def _understood(said: bytes) -> dict[str, str]:
    try:
        found = json.loads(said)
    except ValueError:
        return {}
    usable = isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
    return found if usable else {}


def _run(command: Sequence[str], order: dict[str, object], data: bytes, seconds: float, most: int) -> bytes:
    """What a process says when it is given these bytes; nothing if it takes too long or says too much."""
    try:
        process = Popen(  # noqa: S603 - our own program
            command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            start_new_session=True,
            env={name: os.environ[name] for name in _NEEDED if name in os.environ},
        )
    except OSError as error:
        log.error("The converter cannot be started: %s", error.strerror or type(error).__name__)
        return b""
    if process.stdin is None or process.stdout is None:
        return b""
    clock = threading.Timer(seconds, _kill, [process])
    clock.start()
    giver = threading.Thread(target=_give, args=(process.stdin, order, data), daemon=True)
    giver.start()
    try:
        with process.stdout as stream:
            said = stream.read(most + 1)
    finally:
        clock.cancel()
        _kill(process)
        giver.join()
        process.wait()
    return said if len(said) <= most else b""


def _kill(process: Popen[bytes]) -> None:
    """End a process and whatever it started: that would hold its output open."""
    if os.name == "nt":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _give(stream: IO[bytes], order: dict[str, object], data: bytes) -> None:
    # A process that was stopped reads no more.
    with contextlib.suppress(OSError, ValueError), stream:
        stream.write(json.dumps(order).encode() + b"\n" + data)
