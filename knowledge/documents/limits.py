"""How much of a stranger's file is looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of a file, pages of a PDF, seconds and megabytes of a conversion, characters that it yields."""

    upload: int = 5_000_000
    pages: int = 500
    seconds: float = 30.0
    memory: int = 512
    characters: int = 5_000_000
