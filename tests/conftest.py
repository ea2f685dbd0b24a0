"""Fixtures every test may use."""

from pathlib import Path

import pytest

from tests.fakes import HashingEmbedder

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def seeds() -> Path:
    """The four articles as found."""
    if not SEEDS.is_dir():
        pytest.skip("the articles as found are not on this machine")
    return SEEDS
