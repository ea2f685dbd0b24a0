"""A headless Chromium, driven over its DevTools protocol: one page, looked at again and again."""

import asyncio
import base64
import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 60.0
"""How long the browser may take for anything; the first start on a small machine is slow."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    # Nothing but this machine has an address: a picture that needs the network is a mistake.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class CannotDraw(Exception):
    """Nothing can be drawn; the text says why in one sentence."""


def chromium() -> str:
    """The browser to use. Raises CannotDraw."""
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        where = f"CHROMIUM names {named!r}, which is no program" if named else "None is on the PATH"
        raise CannotDraw(f"Drawing needs Chromium. {where}: install it or set CHROMIUM to its path.")
    return found


class Browser:
    """A page of a running browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._session: str | None = None
        self._calls = 0

    async def open(self) -> None:
        """Make the page."""
        target = await self._call("Target.createTarget", url="about:blank")
        session = await self._call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = session["sessionId"]
        await self._call("Page.enable")

    async def look(self, url: str, promise: str, *, width: int) -> Any:
        """Load the address in a window of that width; what the promise of the page comes to."""
        await self._size(width, 800)
        await self._call("Page.navigate", url=url)
        await self._until(lambda message: message.get("method") == "Page.loadEventFired")
        said = await self._call("Runtime.evaluate", expression=promise, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in said:
            reason = said["exceptionDetails"].get("exception", {}).get("description", "no reason given")
            raise CannotDraw(f"The page cannot draw this message: {reason.splitlines()[0]}")
        return said["result"].get("value")

    async def picture(self, *, width: int, height: int) -> bytes:
        """The page as PNG, two pixels to the unit as on a phone."""
        await self._size(width, height)
        taken = await self._call("Page.captureScreenshot", format="png")
        return base64.b64decode(taken["data"])

    async def _size(self, width: int, height: int) -> None:
        await self._call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=True
        )

    async def _call(self, method: str, **params: object) -> dict[str, Any]:
        self._calls += 1
        number = self._calls
        message: dict[str, object] = {"id": number, "method": method, "params": params}
        await self._socket.send_json(message | ({"sessionId": self._session} if self._session else {}))
        answer = await self._until(lambda message: message.get("id") == number)
        if "error" in answer:
            raise CannotDraw(f"Chromium refuses {method}: {answer['error'].get('message')}.")
        result: dict[str, Any] = answer["result"]
        return result

    async def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            received = await self._socket.receive(SECONDS)
            if received.type is not aiohttp.WSMsgType.TEXT:
                raise CannotDraw("Chromium ended while it was drawing.")
            message: dict[str, Any] = received.json()
            if wanted(message):
                return message


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """A browser with nothing kept from earlier, gone afterwards. Raises CannotDraw."""
    program = chromium()
    with TemporaryDirectory(prefix="preview-", ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            program,
            *FLAGS,
            f"--user-data-dir={folder}",
            "about:blank",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            address = await _address(Path(folder, "DevToolsActivePort"), process)
            async with (
                aiohttp.ClientSession() as client,
                client.ws_connect(address, max_msg_size=0) as socket,
            ):
                browser = Browser(socket)
                await browser.open()
                yield browser
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _address(file: Path, process: asyncio.subprocess.Process) -> str:
    """Where the browser listens; it writes that down once it does."""
    for _ in range(int(SECONDS / 0.05)):
        lines = _lines(file)
        if len(lines) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        if process.returncode is not None:
            break
        await asyncio.sleep(0.05)
    raise CannotDraw("Chromium does not start: run it by hand to see why.")


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").split() if file.exists() else []
