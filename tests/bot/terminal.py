"""The command line in this process, with two small documents and an embedder that needs no model."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.settings import Settings
from bot.wiring import Application
from tests.fakes import HashingEmbedder

ESPRESSO = """# Espresso

## Why engineers drink it

Engineers drink espresso because it is short and strong.

## Milk

Milk is poured into espresso by nobody here.
"""

STANDUP = """# Stand-up

## When it starts

The stand-up starts at nine and ends before ten.

## Salary by region
"""


class OtherEmbedder(HashingEmbedder):
    """A model of another size."""

    dimension = 32
    fingerprint = "hashing-32"


class Terminal:
    """Runs commands as `python -m bot` would, in `home`, with an environment of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
        self.home = home
        self.data = home / "data"
        self.articles = home / "articles"
        self._monkeypatch = monkeypatch
        self.articles.mkdir()
        self.write("espresso.md", ESPRESSO)
        self.write("stand-up.md", STANDUP)
        monkeypatch.chdir(home)
        for name, field in Settings.model_fields.items():
            monkeypatch.delenv(str(field.validation_alias or f"ADVISOR_{name}".upper()), raising=False)
        self.set(DATA_DIR=self.data, SOURCES=self.articles, SHIPPED_ARTICLES="false")
        self.embed_with(HashingEmbedder())
        monkeypatch.setattr(Application, "languages", None)
        # The log is pytest's here, and must not stand configured when the test is over.
        monkeypatch.setattr("bot.terminal.group.configure", lambda *_, **__: None)

    def __call__(self, *arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(cli, arguments, input=stdin, prog_name="career-advisor")

    def objects(self, *arguments: str, lines: Iterable[object] = ()) -> list[dict[str, Any]]:
        """What a command answers to one JSON line each."""
        result = self(*arguments, stdin="".join(f"{json.dumps(line)}\n" for line in lines))
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    def write(self, name: str, text: str) -> None:
        (self.articles / name).write_text(text, "utf-8")

    def set(self, **settings: object) -> None:
        for name, value in settings.items():
            self._monkeypatch.setenv(f"ADVISOR_{name}", str(value))

    def embed_with(self, embedder: HashingEmbedder) -> None:
        self._monkeypatch.setattr(Application, "transformer", embedder)

    def answer_with(self, advisor: object) -> None:
        self._monkeypatch.setattr(Application, "advisor", advisor)

    @property
    def generation(self) -> int | None:
        """The generation that answers."""
        found: int | None = json.loads(self("status", "--json").stdout)["generation"]
        return found


def sentence_of(result: Result) -> str:
    """The one sentence a failed command leaves on standard error."""
    (line,) = result.stderr.splitlines()
    assert result.exit_code == 1
    assert line.startswith("Error: ")
    assert "Traceback" not in result.output
    return line.removeprefix("Error: ")
