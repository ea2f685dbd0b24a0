"""The bot as it is run, with a clock in its event loop: python -m tests.measure.loaded_bot ADDRESS.

Reads one JSON object a line, `{"do": "gaps" | "memory" | "reindex" | "propose" | "publish", …}`, and answers
with one; ends when there is nothing more to read.
"""

import asyncio
import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.wiring import Application

PERIOD = 0.01
Gaps = list[float]


async def watch(gaps: Gaps) -> None:
    """Note by how much everything was late that was due every few milliseconds.

    What becomes due while the loop is held up counts as well, so that a long gap weighs as much as it lasts.
    """
    loop = asyncio.get_running_loop()
    due = loop.time() + PERIOD
    while True:
        await asyncio.sleep(max(0.0, due - loop.time()))
        now = loop.time()
        while due <= now:
            gaps.append(now - due)
            due += PERIOD


def memory() -> dict[str, float]:
    """Resident megabytes now, and the most there ever were."""
    scale = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale
    details = Path("/proc/self/statm")
    now = int(details.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if details.is_file() else peak
    return {"now": now / 1e6, "peak": peak / 1e6}


class Watched:
    """Carries out what is asked of the running bot."""

    def __init__(self, application: "Application") -> None:
        self._application = application
        self.gaps: Gaps = []

    def listen(self) -> None:
        """Answer line after line; then tell the process to stop."""
        for line in sys.stdin:
            sys.stdout.write(json.dumps(self.do(**json.loads(line))) + "\n")
            sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGTERM)

    def do(self, do: str, **given: Any) -> Any:
        """Carry out one thing, and tell the outcome."""
        deeds: dict[str, Callable[..., Any]] = {
            "gaps": self._taken,
            "memory": memory,
            "reindex": self._reindex,
            "propose": self._propose,
            "publish": self._publish,
        }
        return deeds[do](**given)

    def _taken(self) -> Gaps:
        """The gaps since they were taken last."""
        count = len(self.gaps)
        taken, self.gaps[:count] = self.gaps[:count], []
        return taken

    def _reindex(self, folder: str) -> dict[str, Any]:
        self._taken()
        started = time.perf_counter()
        application = self._application
        report = application.reindexer.run(
            application.folders([Path(folder)], only=True), who="a measurement", wait=60.0
        )
        return {
            "seconds": time.perf_counter() - started,
            "published": report.published,
            "gaps": self._taken(),
        }

    def _propose(self, folders: Sequence[str]) -> dict[str, Any]:
        phases = Phases()
        application = self._application
        read = application.folders([Path(folder) for folder in folders])
        proposal = application.curator.propose(folders=read, who="a measurement", watch=phases.watch)
        return {
            "key": proposal.key,
            "staged": proposal.staged,
            "passages": proposal.report.passages,
            "questions": len(proposal.changes),
            "objections": [objection.rule for objection in proposal.objections],
            "phases": [*phases.began, ("done", time.monotonic())],
        }

    def _publish(self, key: str) -> dict[str, Any]:
        began = time.monotonic()
        manifest = self._application.curator.publish(key, who="a measurement", reason="It is measured.")
        return {"generation": manifest.generation, "began": began, "done": time.monotonic()}


class Phases:
    """When each phase of a work began."""

    def __init__(self) -> None:
        self.began: list[tuple[str, float]] = []

    def watch(self, phase: str, _: int, total: int) -> None:
        """Called by the work."""
        if not self.began or self.began[-1][0] != phase:
            self.began.append((phase, time.monotonic()))


def main() -> None:
    """Run the bot the way the command line does."""
    os.environ |= {
        "DISCORD_TOKEN": "t",
        "ADVISOR_API_BASE": sys.argv[1],
        "ADVISOR_HEALTH_PORT": "0",
    }
    from bot import cli, serving

    serve = serving._serve_application

    async def serve_watched(application: "Application", token: str) -> None:
        watched = Watched(application)
        threading.Thread(target=watched.listen, daemon=True).start()
        watching = asyncio.create_task(watch(watched.gaps))
        try:
            await serve(application, token)
        finally:
            watching.cancel()

    serving._serve_application = serve_watched
    cli.cli(["run"], prog_name="career-advisor")


if __name__ == "__main__":
    main()
