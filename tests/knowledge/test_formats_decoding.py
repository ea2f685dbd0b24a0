"""Bytes are read in whatever encoding they were saved; what is no text is refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.formats.decoding import Decoded, NotText, decode

ENGLISH = "The café’s “naïve” engineer – déjà vu. Backend work in Zürich is façade-free and fine.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_without_guessing(encoding: str) -> None:
    assert decode(ENGLISH.encode(encoding)) == Decoded(ENGLISH)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "cp1252"),
        ("Grüße aus Zürich, ein Bäcker und ein Förster.", "cp1252"),
        ("Инженер пишет серверную логику и базы данных.", "cp1251"),
        ("Žluťoučký kůň úpěl ďábelské ódy, inženýr píše.", "cp1250"),
        ("วิศวกรเขียนโปรแกรมฝั่งเซิร์ฟเวอร์", "cp874"),
        ("バックエンドエンジニアはサーバーを作る。", "cp932"),
    ],
)
def test_other_encodings_are_guessed_and_named(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == Decoded(text, encoding)


def test_few_odd_characters_in_english_are_western() -> None:
    text = ENGLISH + "Nobody reads this at three o'clock, “naïvely” or not – and that is fine.\n" * 5
    assert decode(text.encode("cp1252")) == Decoded(text, "cp1252")


def test_utf16_without_a_mark_is_guessed() -> None:
    assert decode("hello wörld of engineers".encode("utf-16-le")).text == "hello wörld of engineers"


def test_declared_encoding_of_a_page_is_heeded() -> None:
    page = '<meta charset="iso-8859-2"><p>Łódź</p>'
    assert decode(page.encode("iso-8859-2"), markup=True) == Decoded(page)


def test_unknown_declared_encoding_is_passed_over() -> None:
    page = '<meta charset="no-such"><p>Grüße aus Zürich</p>'
    assert decode(page.encode("cp1252"), markup=True).text == page


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\x7fELF\x02\x01\x01\0\0\0\0", b"text\0with nul"]
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(NotText):
        decode(data)


@given(st.binary())
def test_any_bytes_are_text_without_nul_or_refused(data: bytes) -> None:
    with contextlib.suppress(NotText):
        assert "\0" not in decode(data).text
