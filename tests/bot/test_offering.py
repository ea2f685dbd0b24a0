"""What is offered while somebody types comes in time, however long it takes to read."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from bot import offering
from bot.offering import Offers
from bot.offload import Offload
from tests.bot.conftest import Time


class Shelf:
    """Read slowly, or not at all."""

    def __init__(self) -> None:
        self.names = ["queues"]
        self.read_times = 0
        self.may_end = threading.Event()
        self.fails = False

    def read(self) -> list[str]:
        self.read_times += 1
        found = list(self.names)
        self.may_end.wait(5)
        if self.fails:
            raise OSError
        return found


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf()
    shelf.may_end.set()
    yield shelf
    shelf.may_end.set()


@pytest.fixture
def offers(shelf: Shelf, offload: Offload, time: Time) -> Offers[str]:
    return Offers(shelf.read, offload, patience=0.1, clock=time)


async def settled(offers: Offers[str]) -> None:
    while offers._reading is not None:  # noqa: ASYNC110  # there is no event for it
        await asyncio.sleep(0.01)


async def test_is_read_once_for_as_long_as_it_is_fresh(offers: Offers[str], shelf: Shelf, time: Time) -> None:
    for _ in range(3):
        assert await offers.now() == ["queues"]
    assert shelf.read_times == 1
    shelf.names = ["caches"]
    time.pass_by(offering.FRESH)
    assert await offers.now() == ["caches"]


async def test_fast_typist_has_it_read_once_and_gets_nothing_until_then(
    offers: Offers[str], shelf: Shelf
) -> None:
    shelf.may_end.clear()
    assert await asyncio.gather(*(offers.now() for _ in range(30))) == [[]] * 30
    shelf.may_end.set()
    await settled(offers)
    assert await offers.now() == ["queues"]
    assert shelf.read_times == 1


async def test_last_one_is_offered_while_the_next_is_read(
    offers: Offers[str], shelf: Shelf, time: Time
) -> None:
    await offers.now()
    shelf.names = ["caches"]
    shelf.may_end.clear()
    time.pass_by(offering.FRESH)
    assert await offers.now() == ["queues"]
    shelf.may_end.set()
    await settled(offers)
    assert await offers.now() == ["caches"]


async def test_what_was_read_before_a_change_is_not_offered_after_it(
    offers: Offers[str], shelf: Shelf
) -> None:
    shelf.may_end.clear()
    assert await offers.now() == []
    shelf.names = []
    offers.forget()
    shelf.may_end.set()
    assert await offers.now() == []
    await asyncio.sleep(0.05)
    assert await offers.now() == []


async def test_what_cannot_be_read_is_tried_again(
    offers: Offers[str], shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.fails = True
    assert await offers.now() == []
    assert "was not read: OSError" in caplog.text
    shelf.fails = False
    assert await offers.now() == ["queues"]
