"""What the bot tells about itself: which documents answer, since when, how well that was checked."""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.background import source_of
from knowledge.entities import Source

if TYPE_CHECKING:
    from bot.wiring import Application

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checked:
    """How the recorded questions went the last time, on which generation; `when` is ISO 8601, UTC."""

    generation: int
    when: str
    passed: bool
    found: str


@dataclass(frozen=True, slots=True)
class About:
    """What answers now. `created` is ISO 8601, UTC."""

    generation: int
    created: str
    passages: int
    sources: tuple[Source, ...]
    model: str
    checked: Checked | None


def read_about(application: "Application") -> About | None:
    """What answers now; None where nothing does."""
    snapshot = application.library.current()
    if snapshot is None:
        return None
    manifest = snapshot.manifest
    return About(
        manifest.generation,
        manifest.created,
        manifest.passages,
        tuple(source_of(record, ()) for record in snapshot.records()),
        Path(application.settings.model or "all-MiniLM-L6-v2").name,
        last_check(application.settings.data_dir),
    )


def remember_check(data: Path, generation: int, found: str, *, passed: bool) -> None:
    """Note how the recorded questions went, for `/about`."""
    checked = Checked(generation, datetime.now(UTC).isoformat(timespec="seconds"), passed, found)
    try:
        (data / "checked.json").write_text(json.dumps(asdict(checked)), encoding="utf-8")
    except OSError as error:
        log.warning("How the check went is not remembered: %s", error.strerror)


def last_check(data: Path) -> Checked | None:
    """How the recorded questions went the last time; None where that is not known."""
    try:
        return Checked(**json.loads((data / "checked.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
