"""The probe of a container: what it asks, and what it makes of the answer."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot import probe as module
from bot.health import Health, Heartbeat
from bot.metrics import Metrics
from bot.probe import Unwell, ask, main
from tests.bot.terminal import Terminal

ROOT = Path(__file__).parents[2]


class Connected:
    def is_ready(self) -> bool:
        return True

    def heartbeats(self) -> Sequence[Heartbeat]:
        return [Heartbeat(0, connected=True, age=1.0, interval=40.0)]


async def well() -> None:
    """An index that answers."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    """An environment of its own, and an index once `reindex` was run."""
    return Terminal(monkeypatch, tmp_path)


@pytest.fixture
async def health() -> AsyncIterator[tuple[Health, int]]:
    port = free_port()
    async with Health(host="127.0.0.1", port=port, metrics=Metrics(), check=well) as health:
        yield health, port


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])  # noqa: S104  # nothing is bound
async def test_bot_that_is_ready_is_well(health: tuple[Health, int], host: str) -> None:
    server, port = health
    server.watch(Connected())
    assert '"ready": true' in await asyncio.to_thread(ask, host, port)


async def test_bot_that_is_not_ready_is_unwell_and_says_why(health: tuple[Health, int]) -> None:
    _, port = health
    with pytest.raises(Unwell, match="not connected yet"):
        await asyncio.to_thread(ask, "127.0.0.1", port)


async def test_proxy_of_the_environment_is_not_asked(
    health: tuple[Health, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, port = health
    server.watch(Connected())
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert await asyncio.to_thread(ask, "127.0.0.1", port)


def test_bot_whose_server_is_gone_is_unwell() -> None:
    port = free_port()
    with pytest.raises(Unwell, match=f"port {port}"):
        ask("127.0.0.1", port)


def test_bot_that_never_answers_is_unwell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unwell):
        ask("127.0.0.1", silent.getsockname()[1])


@pytest.mark.parametrize("set_", [{"DISCORD_TOKEN": ""}, {"ADVISOR_HEALTH_PORT": "0"}], ids=str)
def test_index_is_verified_where_there_is_no_server(
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    set_: dict[str, str],
) -> None:
    terminal("reindex")
    for name, value in ({"DISCORD_TOKEN": "a-token"} | set_).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as sound:
        main()
    for file in terminal.data.rglob("manifest.json"):
        file.write_bytes(b"")
    with pytest.raises(SystemExit) as damaged:
        main()
    assert (sound.value.code, damaged.value.code) == (0, 1)
    written = capsys.readouterr()
    assert "sound" in written.out
    assert "no sound index" in written.err


def test_setting_that_cannot_be_used_is_told(terminal: Terminal) -> None:
    terminal.set(HEALTH_PORT="none")
    with pytest.raises(SystemExit, match="ADVISOR_HEALTH_PORT cannot be used"):
        main()


@pytest.mark.parametrize("connected", [True, False])
async def test_program_asks_where_the_settings_say_and_exits_accordingly(
    health: tuple[Health, int], terminal: Terminal, connected: bool
) -> None:
    server, port = health
    server.watch(Connected() if connected else None)
    terminal.set(HEALTH_PORT=port)
    asking = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.probe"),
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": "a-token",
            "ADVISOR_HEALTH_PORT": str(port),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    written, _ = await asking.communicate()
    assert asking.returncode == (0 if connected else 1)
    assert json.loads(written)["ready"] is connected


def test_probe_loads_neither_the_model_nor_discord() -> None:
    code = "import sys, bot.probe; print(*{'torch', 'discord', 'faiss'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
