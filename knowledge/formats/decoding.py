"""Bytes into text, whatever they were saved as."""

import codecs
from dataclasses import dataclass

from bs4.dammit import EncodingDetector
from charset_normalizer import CharsetMatch, from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TOO_SHORT = 200


class NotText(Exception):
    """The bytes are no text in any encoding."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and the encoding that had to be guessed (None where there was no doubt)."""

    text: str
    guessed: str | None = None


def decode(data: bytes, *, markup: bool = False) -> Decoded:
    """The text in these bytes; `markup` heeds an encoding declared in HTML. Raises NotText."""
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    declared = EncodingDetector.find_declared_encoding(data, is_html=True) if markup else None
    for encoding in filter(None, (marked, "utf-8", declared)):
        text = _strictly(data, encoding)
        if text is not None and "\0" not in text:
            return Decoded(text)
    return _guess(data)


def _guess(data: bytes) -> Decoded:
    matches = from_bytes(data)
    best = matches.best()
    if best is None or "\0" in str(best):
        raise NotText("no known encoding")
    if _nearly_ascii(data) or any(_likely_western(match, best) for match in matches):
        return Decoded(data.decode("cp1252", errors="replace"), "cp1252")
    return Decoded(str(best), best.encoding)


def _nearly_ascii(data: bytes) -> bool:
    """True where only quotes, dashes and some accents are to be guessed: an English text."""
    odd = sum(byte > 127 for byte in data)
    return len(data) > _TOO_SHORT and odd < 0.02 * len(data) and _strictly(data, "cp1252") is not None


def _likely_western(match: CharsetMatch, best: CharsetMatch) -> bool:
    # Look-alike code pages often seem a shade tidier than cp1252, by far the commonest in English texts.
    return (
        "cp1252" in match.could_be_from_charset
        and match.chaos <= best.chaos + 0.1
        and match.coherence >= best.coherence
    )


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
