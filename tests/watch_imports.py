"""Imports the modules named on the command line; prints what was loaded and what our own code touched.

What a library does while it is imported, or called to declare something, is its own affair: a touch is ours
when nothing but the standard library stands between it and one of our modules.
"""

import importlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType

OURS = {"bot", "knowledge", "index"}
TOUCHES = ("open", "os.", "socket.", "sqlite3.", "subprocess.")
touched: list[str] = []


def note(what: str) -> None:
    """Remember what was touched if one of our modules did it."""
    frame: FrameType | None = sys._getframe(2)
    while frame and "importlib._bootstrap" not in frame.f_code.co_filename:
        name = str(frame.f_globals.get("__name__"))
        package = name.partition(".")[0]
        if package in OURS:
            touched.append(f"{name}: {what}")
        if package not in sys.stdlib_module_names:
            return
        frame = frame.f_back


class WatchedEnvironment(dict[str, str]):
    """Notes every look at a variable."""

    def __getitem__(self, name: str) -> str:
        note(f"environment {name}")
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        note(f"environment {name}")
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        note(f"environment {name}")
        return super().__contains__(name)


def audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(TOUCHES):
        note(f"{event} {arguments[:1]}")


if __name__ == "__main__":
    os.environ = WatchedEnvironment(os.environ)  # type: ignore[assignment]  # noqa: B003 - it is put in place of it
    sys.addaudithook(audit)
    for module in sys.argv[1:]:
        importlib.import_module(module)
    print(json.dumps({"loaded": sorted(sys.modules), "touched": touched}))
