"""Messages as pictures: what Discord's API has as JSON goes in, PNG comes out."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.preview.browser import CannotDraw, browsing, chromium

HERE = Path(__file__).parent
NODE_MODULES = HERE / "node_modules"
PHONE = 390
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}

Message = dict[str, Any]
"""A message as Discord's REST API has it, and `interaction` as the page reads it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One message as a phone shows it; `words` are the words in it, `width` and `height` its units."""

    png: bytes
    words: str
    width: int
    height: int


def require() -> None:
    """Make sure that all is there that drawing needs. Raises CannotDraw."""
    _node()
    chromium()


async def draw(messages: Sequence[Message], *, width: int = PHONE) -> list[Picture]:
    """One picture for each message, as tall as the message. Raises CannotDraw."""
    trees = await with_trees(messages)
    async with _served(trees) as address, browsing() as browser:
        pictures = []
        for number in range(len(trees)):
            seen = await browser.look(f"{address}/?message={number}", "window.drawn", width=width)
            png = await browser.picture(width=width, height=seen["height"])
            pictures.append(Picture(png, seen["words"], width, seen["height"]))
        return pictures


async def with_trees(messages: Sequence[Message]) -> list[Message]:
    """The messages with every text that is Markdown replaced by its tree. Raises CannotDraw."""
    process = await asyncio.create_subprocess_exec(
        _node(),
        str(HERE / "trees.mjs"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(json.dumps(list(messages)).encode())
    if process.returncode:
        reason = next((line for line in err.decode().splitlines() if "Error" in line), "no reason given")
        raise CannotDraw(f"The messages cannot be read as Markdown: {reason}")
    trees: list[Message] = json.loads(out)
    return trees


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        raise CannotDraw("Drawing needs Node.js, and there is no node on the PATH.")
    if not NODE_MODULES.is_dir():
        raise CannotDraw("Drawing needs its npm packages: run make preview, or npm ci in tests/preview.")
    return node


@asynccontextmanager
async def _served(messages: Sequence[Message]) -> AsyncIterator[str]:
    """Where the page and the messages are, on this machine only."""
    app = web.Application()

    async def shown(request: web.Request) -> web.Response:
        path = HERE / (request.match_info.get("name") or "page.html")
        return web.Response(text=path.read_text("utf-8"), content_type=TYPES[path.suffix])

    async def message(request: web.Request) -> web.Response:
        return web.json_response(messages[int(request.match_info["number"])])

    app.router.add_get("/", shown)
    app.router.add_get("/{name:page[.]css|page[.]js|marks[.]js|theme[.]js}", shown)
    app.router.add_get("/messages/{number:[0-9]+}", message)
    app.router.add_static("/node_modules", NODE_MODULES)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
