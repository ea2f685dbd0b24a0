"""The program as its own process, against the loopback Discord."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.wire.discord_server import DiscordServer

ROOT = Path(__file__).parents[2]
TOKEN = "c2VjcmV0.aWRlbnRpdHk.bm9ib2R5LXNlZXMtdGhpcw"  # noqa: S105  # opens nothing
ARTICLE = """# Espresso for engineers

## Why engineers drink espresso

Engineers drink espresso because it keeps them awake during long deployments.
"""
QUESTION = "Why do engineers drink espresso?"
START = 120.0


def environment(home: Path) -> dict[str, str]:
    """Settings of a bot with one article, and nothing indexed yet."""
    (home / "articles").mkdir()
    (home / "articles" / "espresso.md").write_text(ARTICLE)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ADVISOR_", "DISCORD_"))
    }
    return kept | {
        "ADVISOR_DATA_DIR": str(home / "data"),
        "ADVISOR_SOURCES": str(home / "articles"),
        "ADVISOR_SHIPPED_ARTICLES": "false",
        "ADVISOR_LOG_LEVEL": "INFO",
        "ADVISOR_HEALTH_PORT": "0",
        "ADVISOR_QUESTIONS_PER_MINUTE": "1000",
        "ADVISOR_CHANNEL_QUESTIONS_PER_MINUTE": "1000",
        "DISCORD_TOKEN": TOKEN,
        "PYTHONPATH": str(ROOT),
    }


@asynccontextmanager
async def program(
    surroundings: dict[str, str], server: DiscordServer, *arguments: str
) -> AsyncIterator[Process]:
    """The bot at work, or another command; killed if it has not ended by itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        env=surroundings | {"ADVISOR_API_BASE": server.address},
        cwd=ROOT / "tests",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(process: Process, seconds: float = 60.0) -> tuple[int | None, str]:
    """Status and diagnostics of a program that ends by itself."""
    _, errors = await asyncio.wait_for(process.communicate(), seconds)
    return process.returncode, errors.decode()
