"""What a person sees on a terminal, and that a pipe gets the text as it is."""

import io
import re

import pytest

from bot.screen import show

TEXT = """\
> Several engineers drink espresso because it is short:
>
> - One of them drinks it before the stand-up meeting
> 1. Two of them
— restated from «Espresso», author not stated › Why they drink it

I don't know anything about tea, and it is well-known that I don't.

  · What else do they drink before noon?"""

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


class Screen(io.StringIO):
    """A terminal of so many columns."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def columns(monkeypatch: pytest.MonkeyPatch) -> int:
    """A colour terminal, narrow."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "32")
    return 32


def on_screen(text: str) -> str:
    screen = Screen()
    show(text, screen)
    return screen.getvalue()


def test_pipe_gets_the_text_as_it_is(columns: int) -> None:
    pipe = io.StringIO()
    show(TEXT, pipe)
    assert pipe.getvalue() == f"{TEXT}\n"


def test_lines_wrap_between_words_and_keep_their_marks(columns: int) -> None:
    rows = ESCAPE.sub("", on_screen(TEXT)).splitlines()
    assert rows == [
        "> Several engineers drink",
        "> espresso because it is short:",
        ">",
        "> - One of them drinks it before",
        ">   the stand-up meeting",
        "> 1. Two of them",
        "— restated from «Espresso»,",
        "  author not stated › Why they",
        "  drink it",
        "",
        "I don't know anything about tea,",
        "and it is well-known that I",
        "don't.",
        "",
        "  · What else do they drink",
        "    before noon?",
    ]
    assert max(map(len, rows)) <= columns


def test_quotes_credits_and_own_words_look_different(columns: int) -> None:
    shown = on_screen(TEXT)
    assert "\x1b[32m>   the stand-up meeting\x1b[0m\n" in shown
    assert "\x1b[2m  drink it\x1b[0m\n" in shown
    assert "\nI don't know anything about tea,\n" in shown


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_colours_where_they_are_not_wanted(
    columns: int, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert "\x1b" not in on_screen(TEXT)


def test_words_longer_than_a_row_stay_whole(columns: int) -> None:
    address = f"https://example.org/{'long' * 20}"
    assert ESCAPE.sub("", on_screen(f"> See {address} for more")).splitlines() == [
        "> See",
        f"> {address}",
        "> for more",
    ]


def test_square_brackets_and_colons_are_text(columns: int) -> None:
    assert on_screen("[bold] :smile: [/] 127.0.0.1") == "[bold] :smile: [/] 127.0.0.1\n"


def test_terminal_that_claims_no_width_is_still_written_to(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "1")
    assert on_screen("short words and more of them") == "short words and more\nof them\n"
