"""What the index holds, for `status`."""

from datetime import UTC, datetime
from typing import Any

from bot.console import age_text, count_text, size_text
from bot.proposal_text import waiting_json, waiting_text
from bot.wiring import Application
from index.library import Manifest
from knowledge.proposals import undecided


def read_status(application: Application) -> dict[str, Any]:
    """Documents, passages, model, generations, sizes and ages as plain JSON values."""
    library = application.library
    snapshot = library.current()
    current = snapshot.manifest if snapshot else None
    proposal = undecided(application.shelf.find(), current)
    return {
        "data": str(application.settings.data_dir),
        "model": application.settings.model or "all-MiniLM-L6-v2",
        "generation": current.generation if current else None,
        "fits": bool(snapshot and application.reindexer.fits(snapshot)),
        "documents": [
            {
                "id": record.id,
                "title": record.attributes.get("title"),
                "passages": len(snapshot.passages_of(record.id)),
            }
            for record in snapshot.records()
        ]
        if snapshot
        else [],
        "passages": current.passages if current else 0,
        "generations": [_generation(manifest) for manifest in library.generations()],
        "proposal": waiting_json(proposal) if proposal else None,
    }


def _generation(manifest: Manifest) -> dict[str, Any]:
    return {
        "generation": manifest.generation,
        "created": manifest.created,
        "documents": len(manifest.documents),
        "passages": manifest.passages,
        "bytes": manifest.size,
    }


def status_text(status: dict[str, Any]) -> str:
    """The same for a person."""
    if status["generation"] is None:
        return f"No index in {status['data']} yet; it is built at the first start or by: reindex"
    now = datetime.now(UTC)
    lines = [f"Model       {status['model']}", f"Data        {status['data']}"]
    if not status["fits"]:
        lines.append(
            "Note        the index was made with another model or version; the next start rebuilds it"
        )
    if waiting := status.get("proposal"):
        lines.append(f"Waiting     {waiting_text(waiting)}")
    passages = count_text(status["passages"], "passage")
    lines.append(f"Documents   {len(status['documents'])}, {passages}")
    lines += [
        f"  {count_text(entry['passages'], 'passage'):>14}  {entry['title']} ({entry['id']})"
        for entry in status["documents"]
    ]
    lines.append("Generations")
    lines += [
        _generation_text(entry, current=status["generation"], now=now) for entry in status["generations"]
    ]
    return "\n".join(lines)


def _generation_text(entry: dict[str, Any], *, current: int, now: datetime) -> str:
    mark = "→" if entry["generation"] == current else " "
    documents, passages = (
        count_text(entry["documents"], "document"),
        count_text(entry["passages"], "passage"),
    )
    size, age = size_text(entry["bytes"]), age_text(entry["created"], now)
    return f"  {mark} {entry['generation']}: {documents}, {passages}, {size}, {age} old"
