"""What all tests of the index share."""

import os

import pytest


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test cuts the power, so waiting for the platters would prove nothing and take most of the time."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
