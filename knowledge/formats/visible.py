"""What of a text somebody can see: escapes in YAML, TOML, JSON and HTML can stand for anything."""

import re

_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u0085\x0b\x0c\x1c-\x1f]")
# A flag drawn with tag letters keeps them; anywhere else they hide text from the reader.
_TAG_LETTERS = re.compile(r"(\U0001F3F4[\U000E0020-\U000E007F]+)|[\U000E0000-\U000E007F]+")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffd\ufffe\uffff\ud800-\udfff]"
)
# Joiners belong to Indic scripts, Persian and joined emoji; after plain letters they are only in the way.
_STRAY_JOINERS = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]")


def with_plain_spaces(text: str) -> str:
    """The text with every sort of space as the plain one; ends of lines stay."""
    return _SPACES.sub(" ", text)


def visible(text: str) -> str:
    """The text without characters nobody sees, those that steer a terminal among them."""
    if text.isascii() and text.isprintable():
        return text
    seen = _STRAY_JOINERS.sub("", _INVISIBLE.sub("", text))
    return _TAG_LETTERS.sub(lambda match: match[1] or "", seen)
