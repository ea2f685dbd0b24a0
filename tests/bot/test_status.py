"""What `status` tells of an index."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings
from bot.status import read_status, status_text
from bot.wiring import Application
from tests.bot.terminal import OtherEmbedder, Terminal


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Application:
    terminal = Terminal(monkeypatch, tmp_path)
    return Application(Settings(data_dir=terminal.data, sources=(terminal.articles,), shipped_articles=False))


def test_status_before_the_first_start_is_empty(application: Application) -> None:
    status = read_status(application)
    assert (status["generation"], status["documents"], status["generations"]) == (None, [], [])
    assert not status["fits"]
    assert status_text(status).startswith("No index in ")


def test_status_counts_what_is_there(application: Application) -> None:
    application.ready(who="a test")
    status = read_status(application)
    assert status["passages"] == sum(document["passages"] for document in status["documents"]) == 3
    assert [entry["generation"] for entry in status["generations"]] == [1]


def test_status_says_that_another_model_made_the_index(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    application.ready(who="a test")
    monkeypatch.setattr(Application, "transformer", OtherEmbedder())
    fresh = Application(application.settings)
    assert "made with another model" in status_text(read_status(fresh))


def test_configured_model_is_named(application: Application) -> None:
    configured = application.settings.model_copy(update={"model": "tiny"})
    assert read_status(Application(configured))["model"] == "tiny"
    assert read_status(application)["model"] == "all-MiniLM-L6-v2"


def test_status_text_marks_what_answers_and_says_how_old_it_is() -> None:
    now = datetime.now(UTC)
    kept: list[dict[str, Any]] = [
        {"generation": number, "created": (now - timedelta(hours=age)).isoformat(), "documents": number,
         "passages": 1_000 * number, "bytes": 2_000_000}
        for number, age in ((2, 1), (1, 48))
    ]  # fmt: skip
    status = {
        "data": "data", "model": "all-MiniLM-L6-v2", "generation": 1, "fits": True, "passages": 1,
        "documents": [{"id": "a", "title": "A", "passages": 1}], "generations": kept,
    }  # fmt: skip
    assert status_text(status) == (
        "Model       all-MiniLM-L6-v2\n"
        "Data        data\n"
        "Documents   1, 1 passage\n"
        "       1 passage  A (a)\n"
        "Generations\n"
        "    2: 2 documents, 2,000 passages, 2.0 MB, 1 hour old\n"
        "  → 1: 1 document, 1,000 passages, 2.0 MB, 2 days old"
    )
