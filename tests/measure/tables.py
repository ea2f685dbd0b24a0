"""Tables and numbers as plain text, for terminals, pipes and logs."""

from collections.abc import Sequence
from importlib.metadata import version
from os import cpu_count, getloadavg
from pathlib import Path
from platform import machine, python_version, system


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns side by side: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows
    )


def number(value: float) -> str:
    """Three digits that count: 0.0123, 4.56, 78.9, 1,234."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    digits = 1
    while abs(value) < 10 ** (2 - digits) and digits < 4:
        digits += 1
    return f"{value:.{digits}f}"


def this_machine() -> str:
    """The processor, how many of them, how busy they are, and the versions that were measured."""
    packages = ("torch", "sentence-transformers", "faiss-cpu", "numpy")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{_processor()}, {cpu_count()} cores, {system()}; Python {python_version()}, {versions}"


def load() -> str:
    """Processes that wanted a core, on average, in the last minute."""
    return f"{getloadavg()[0]:.1f}"


def _processor() -> str:
    details = Path("/proc/cpuinfo")
    if details.is_file():
        for line in details.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return f"{value.strip()} ({machine()})"
    return machine()
