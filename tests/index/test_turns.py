"""A lock that is taken in turns."""

import threading
import time

from index.turns import Turns


def test_whoever_waits_gets_the_lock_before_who_had_it_last() -> None:
    turns, order = Turns(), list[str]()
    queued = threading.Event()

    def ask() -> None:
        queued.set()
        with turns:
            order.append("question")

    asking = threading.Thread(target=ask)
    with turns:
        asking.start()
        queued.wait()
        while len(turns._waiting) < 2:
            time.sleep(0.001)
        order.append("batch")
    for _ in range(3):
        with turns:
            order.append("batch")
    asking.join()
    assert order == ["batch", "question", "batch", "batch", "batch"]


def test_one_at_a_time_has_it_and_everybody_gets_it() -> None:
    turns, inside, most, done = Turns(), 0, 0, list[int]()

    def work(number: int) -> None:
        nonlocal inside, most
        for _ in range(50):
            with turns:
                inside += 1
                most = max(most, inside)
                time.sleep(0)
                inside -= 1
        done.append(number)

    threads = [threading.Thread(target=work, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (most, sorted(done)) == (1, list(range(6)))


def test_what_raises_passes_the_turn_on() -> None:
    turns = Turns()
    for _ in range(2):
        try:
            with turns:
                raise ValueError
        except ValueError:
            pass
    with turns:
        pass
