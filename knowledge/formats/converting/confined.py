"""What a process that reads strangers' files may still do: compute, within limits."""

import contextlib
import math
import os
import sys
from importlib import import_module
from types import ModuleType

_FORBIDDEN = ("socket.", "subprocess.", "os.", "shutil.", "ctypes.dlopen", "urllib.", "ftplib.", "smtplib.")
_HARMLESS = ("os.putenv", "os.unsetenv", "os.listdir", "os.scandir")
_MEGABYTE = 1 << 20
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Forbidden(PermissionError):
    """Something was tried that no conversion needs."""


def confine(*, memory: int, seconds: float) -> None:
    """Limit memory (in megabytes) and time, and forbid files, other processes and the network from now on."""
    with contextlib.suppress(ImportError):
        _limit(import_module("resource"), memory * _MEGABYTE, math.ceil(seconds))
    sys.addaudithook(_watch)


def _limit(resource: ModuleType, memory: int, seconds: int) -> None:
    # Where the platform does not know a limit, the process outside still has a clock.
    for name, amount in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_DATA", memory),
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NPROC", 0),
    ):
        with contextlib.suppress(AttributeError, ValueError, OSError):
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            most = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
            resource.setrlimit(kind, (most, most))


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and not (_is_code(arguments[0]) and _is_reading(arguments)):
        raise Forbidden("open")
    if event.startswith(_FORBIDDEN) and event not in _HARMLESS:
        raise Forbidden(event)


def _is_reading(arguments: tuple[object, ...]) -> bool:
    mode, flags = arguments[1:3]
    return mode in ("r", "rb") or (mode is None and isinstance(flags, int) and not flags & _WRITING)


def _is_code(path: object) -> bool:
    """Whether a file is part of a module: some are loaded when they are first used."""
    return isinstance(path, str) and path.endswith((".py", ".pyc", ".so", ".pyd"))
