"""The house rules that no linter holds: what importing costs, and how large things may grow."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypedDict

import pytest

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
WATCH = Path(__file__).with_name("watch_imports.py")
ROOMS = {name: Path(str(files(name))) for name in ("bot", "knowledge", "index")}


class Imported(TypedDict):
    loaded: list[str]
    touched: list[str]


def sources() -> Iterator[tuple[str, Path]]:
    """Every module's name and file."""
    for room in ROOMS.values():
        for path in sorted(room.rglob("*.py")):
            parts = path.relative_to(room.parent).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def modules(*rooms: str) -> list[str]:
    """Modules that may be imported; `bot.__main__` runs the program."""
    return [name for name, _ in sources() if name.split(".")[0] in rooms and name != "bot.__main__"]


@cache
def importing(*names: str) -> Imported:
    """What a fresh interpreter has loaded and touched after importing them."""
    done = subprocess.run([sys.executable, "-P", WATCH, *names], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: Imported = json.loads(done.stdout)
    return found


HEAVY = {"torch", "sentence_transformers", "transformers", "discord"}


@pytest.mark.parametrize(
    ("names", "absent"),
    [
        (["bot.cli"], HEAVY | {"faiss"}),
        (["bot.wiring"], HEAVY),
        (modules("knowledge"), HEAVY | {"faiss"}),
        (modules("index"), HEAVY),
    ],
    ids=["bot.cli", "bot.wiring", "knowledge", "index"],
)
def test_importing_loads_nothing_heavy_or_foreign(names: list[str], absent: set[str]) -> None:
    loaded = set(importing(*names)["loaded"])
    assert loaded.issuperset(names)
    assert sorted(loaded & absent) == []


def test_importing_any_module_reads_no_environment_and_no_file_and_opens_no_connection() -> None:
    assert importing(*modules(*ROOMS))["touched"] == []


def test_no_file_outgrows_its_budget() -> None:
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path in sources()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_outgrows_its_budget() -> None:
    too_long = {
        f"{name}.{node.name}": length
        for name, path in sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert too_long == {}


def test_a_package_says_what_it_is_and_exports_nothing() -> None:
    for name, path in sources():
        if path.name == "__init__.py":
            tree = ast.parse(path.read_text("utf-8"))
            assert ast.get_docstring(tree), name
            assert len(tree.body) == 1, name


def test_every_folder_with_modules_is_a_package_and_none_of_the_tests_is() -> None:
    folders = {path.parent for _, path in sources()}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []
    # Under importlib mode a tests/bot that is a package would stand in for the real one.
    assert list(Path(__file__).parent.rglob("__init__.py")) == []
