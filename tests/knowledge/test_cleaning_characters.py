"""Characters are repaired where that is certain, dropped where they are noise, and otherwise untouched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.corpus.characters import clean_characters


@pytest.mark.parametrize(
    ("garbled", "clean"),
    [
        ("itâ€™s a cafÃ© â€“ yes", "it’s a café – yes"),
        ("costs Â£5 and 20Â°", "costs £5 and 20°"),
        ("fun ðŸ˜€!", "fun 😀!"),
        ("bye ๐Ÿ‘‹", "bye 👋"),
        ("bye ð\x9f\x98\x80", "bye 😀"),
        ("рџ‘‹ hello", "👋 hello"),
        ('do"? ๐Ÿ˜', 'do"? '),
        ("lost ๐Ÿพ.", "lost ."),
        ("lost ð\x9f rest", "lost  rest"),
        ("๐Ÿ˜สวัสดี", "สวัสดี"),
    ],
)
def test_garbled_characters_are_repaired_or_dropped_and_reported(garbled: str, clean: str) -> None:
    text, findings = clean_characters(f"first\n{garbled}")
    assert text == f"first\n{clean}"
    assert [(finding.rule, finding.line) for finding in findings] == [("mojibake", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "วิศวกรเขียนโปรแกรม ๑๐ ปี",
        "हिन्दी क्\u200dष और लिपि",
        "后端工程师写服务器逻辑。",
        "می\u200cخواهم برنامه بنویسم",
        "👩\u200d💻 works, 🏴\U000e0067\U000e0062\U000e007f too ❤️",
        "Харџија и Чарџија",
        "“Quotes” – dashes — and naïve château, SÃO PAULO, ÂGE, IRMÃ",
        "Grüße, Ærø, Łódź, œuvre, ñandú",
        "â中文 and Â中",
    ],
)
def test_genuine_text_survives_untouched(text: str) -> None:
    assert clean_characters(text) == (text, [])


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\u00a0b\u2009c\u3000d\u2028e", "a b c d e"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("cafe\u0301", "café"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_spaces_and_line_ends_become_plain_without_a_word(text: str, clean: str) -> None:
    assert clean_characters(text) == (clean, [])


@pytest.mark.parametrize(
    "noise", ["\u200b", "\ufeff", "\u00ad", "\u202e", "\x00", "\x08", "\ud800", "\U000e0041"]
)
def test_invisible_characters_are_removed_and_reported(noise: str) -> None:
    text, findings = clean_characters(f"in{noise}visible")
    assert text == "invisible"
    assert [finding.rule for finding in findings] == ["invisible-characters"]


def test_joiner_after_a_plain_letter_is_removed() -> None:
    assert clean_characters("a\u200db")[0] == "ab"


@given(st.text())
def test_cleaning_never_fails_keeps_lines_and_can_be_stored(text: str) -> None:
    clean, _ = clean_characters(text)
    clean.encode("utf-8")
    assert clean.count("\n") == text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
