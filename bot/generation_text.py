"""Which generations are kept, who published them, and what a return to one brings back."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.console import age_text, count_text, moment_text, size_text
from index.library import Manifest
from knowledge.journal.entries import ByGeneration
from knowledge.ratings import share


def generation_json(
    manifest: Manifest, *, current: int | None, rated: ByGeneration | None = None
) -> dict[str, Any]:
    """A generation as plain JSON values; who published it is null where nobody decided on it."""
    published = manifest.facts.get("published", {})
    rated = rated or ByGeneration(manifest.generation, 0, 0, 0, 0, 0, "", "")
    return {
        "generation": manifest.generation,
        "current": manifest.generation == current,
        "created": manifest.created,
        "published_at": published.get("at"),
        "who": published.get("who"),
        "reason": published.get("reason") or None,
        "documents": sorted(manifest.documents),
        "passages": manifest.passages,
        "bytes": manifest.size,
        "asked": rated.asked,
        "answered": rated.answered,
        "declined": rated.declined,
        "helpful": rated.helpful,
        "unhelpful": rated.unhelpful,
    }


def generations_text(generations: Sequence[dict[str, Any]], now: datetime) -> str:
    """All of them for a person, the newest first."""
    return "\n".join(line for entry in generations for line in _generation(entry, now))


def _generation(entry: dict[str, Any], now: datetime) -> Iterator[str]:
    mark = "→" if entry["current"] else " "
    documents, passages = (
        count_text(len(entry["documents"]), "document"),
        count_text(entry["passages"], "passage"),
    )
    made = f"made {moment_text(entry['created'])}, {age_text(entry['created'], now)} ago"
    yield f"{mark} {entry['generation']}: {documents}, {passages}, {size_text(entry['bytes'])}, {made}"
    if entry["who"]:
        why = f" although something spoke against it: {entry['reason']}" if entry["reason"] else ""
        yield f"    published {moment_text(entry['published_at'])} by {entry['who']}{why}"
    if entry["asked"]:
        yield f"    answered {share(entry['answered'], entry['asked'])}"
    if rated := entry["helpful"] + entry["unhelpful"]:
        yield f"    helpful {share(entry['helpful'], rated)}"


def answers_now_text(manifest: Manifest) -> str:
    """That a generation answers from now on."""
    return f"Generation {manifest.generation}, made {moment_text(manifest.created)}, answers now."


def difference_text(before: Manifest | None, after: Manifest) -> list[str]:
    """Lines that tell which documents come and go with another generation."""
    old, new = before.documents if before else {}, after.documents
    told = {
        "come back": sorted(new.keys() - old.keys()),
        "go": sorted(old.keys() - new.keys()),
        "change": sorted(name for name in new.keys() & old.keys() if new[name] != old[name]),
    }
    return [f"  {verb:9} {name}" for verb, names in told.items() for name in names]
