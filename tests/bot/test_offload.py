"""Work leaves the event loop, within bounds."""

import asyncio
import threading
import time

import pytest

from bot.desk import Desk
from bot.offload import Offload, Overloaded, TooSlow
from knowledge.entities import Question
from tests.bot.fakes import FakeAdvisor


async def test_offload_runs_in_another_thread_and_returns_the_result() -> None:
    with Offload() as offload:
        assert await offload.run(threading.get_ident) != threading.get_ident()


async def test_offload_keeps_the_event_loop_free() -> None:
    gate = threading.Event()
    with Offload() as offload:
        work = asyncio.create_task(offload.run(lambda: gate.wait(5)))
        await asyncio.sleep(0)
        gate.set()
        assert await work


async def test_offload_passes_on_what_the_work_raised() -> None:
    def fail() -> None:
        raise TimeoutError("of its own")

    with Offload() as offload, pytest.raises(TimeoutError, match="of its own"):
        await offload.run(fail)


async def test_offload_beyond_its_places_refuses_at_once_and_recovers() -> None:
    gate = threading.Event()
    with Offload(workers=1, waiting=1) as offload:
        taken = [asyncio.create_task(offload.run(lambda: gate.wait(5))) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await offload.run(threading.get_ident)
        gate.set()
        await asyncio.gather(*taken)
        assert await offload.run(threading.get_ident)


async def test_offload_gives_up_late_work_but_keeps_its_place_until_it_ends() -> None:
    gate = threading.Event()
    with Offload(workers=1, waiting=0, seconds=0.01) as offload:
        with pytest.raises(TooSlow):
            await offload.run(lambda: gate.wait(5))
        with pytest.raises(Overloaded):
            await offload.run(threading.get_ident)
        gate.set()
        await _eventually(offload)


async def test_offload_without_limit_waits_as_long_as_it_takes() -> None:
    with Offload(seconds=0.01) as offload:
        assert await offload.run(lambda: time.sleep(0.05) or "done", limited=False) == "done"


async def test_closed_offload_refuses_and_gives_the_place_back() -> None:
    offload = Offload(workers=1, waiting=0)
    offload.close()
    for _ in range(2):
        with pytest.raises(RuntimeError):
            await offload.run(threading.get_ident)


async def test_desk_warms_once_however_many_ask_and_however_often() -> None:
    advisor = FakeAdvisor()
    with Offload() as offload:
        desk = Desk(advisor=advisor, offload=offload)
        await asyncio.gather(desk.warm(), desk.warm())
        await desk.warm()
        await desk.answer(Question("Which skills?"))
    assert advisor.warmed == 1
    assert advisor.asked == ["Which skills?"]


async def _eventually(offload: Offload) -> None:
    """The place is given back when the thread ends, which no one can await."""
    for _ in range(500):
        try:
            assert await offload.run(lambda: True)
        except (Overloaded, TooSlow):
            await asyncio.sleep(0.01)
        else:
            return
    pytest.fail("the place was never given back")
