"""Searches for garbage: none while very much is made, and never again through what stays."""

import gc
import threading
import weakref

import pytest

from index.garbage import kept_for_good, unsearched


class Made:
    """Something that is easily found again."""


def searched() -> bool:
    """Whether what is searched holds something of ours."""
    return any(isinstance(found, Made) for found in gc.get_objects())


def test_nothing_is_searched_meanwhile_however_it_is_nested_and_ends() -> None:
    with unsearched():
        with pytest.raises(ZeroDivisionError), unsearched():
            1 / 0  # noqa: B018  # fails
        assert not gc.isenabled()
    assert gc.isenabled()


def test_searches_wait_for_the_last_of_several_threads() -> None:
    begun, over = threading.Event(), threading.Event()

    def work() -> None:
        with unsearched():
            begun.set()
            over.wait(5)

    thread = threading.Thread(target=work)
    with unsearched():
        thread.start()
        assert begun.wait(5)
    assert not gc.isenabled()
    over.set()
    thread.join(5)
    assert gc.isenabled()


def test_what_was_garbage_before_is_not_kept() -> None:
    made = Made()
    made.itself = made  # type: ignore[attr-defined]
    gone = weakref.ref(made)
    del made
    with kept_for_good():
        pass
    assert gone() is None


def test_what_is_kept_for_good_is_searched_no_more() -> None:
    with kept_for_good():
        made = [Made()]
        assert searched()
    assert isinstance(made[0], Made)
    assert not searched()
    assert gc.isenabled()
