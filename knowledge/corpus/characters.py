"""Characters as they should be: composed, visible, with plain spaces, and free of decoding accidents."""

import re
import unicodedata

from knowledge.corpus.complaints import Finding
from knowledge.formats.visible import visible, with_plain_spaces

_CONTINUED = "[\x80-\xbf\u0100-\U0000ffff]"
# A lead byte C2, C3, E2 or F0 as cp1252, cp874 or cp1251 shows it, and what may stand for the bytes after.
_EMOJI = re.compile(f"[ð๐р][\x9fŸџ]{_CONTINUED}{{0,2}}")
_ACCENTED = re.compile(f"â{_CONTINUED}{{2}}|Ã[^\x00-\x7f\xa0]|Â[^\x00-\x7f]")
_BEFORE = 25
_CODE_PAGES = ("cp1252", "latin-1", "cp874", "cp1251")


def clean_characters(text: str) -> tuple[str, list[Finding]]:
    """The text in NFC with plain spaces and LF, line by line, and what had to be repaired or dropped."""
    findings: list[Finding] = []
    lines = re.sub(r"\r\n?", "\n", text).split("\n")
    cleaned = [_clean_line(line, number, findings) for number, line in enumerate(lines, start=1)]
    return "\n".join(cleaned), findings


def _clean_line(line: str, number: int, findings: list[Finding]) -> str:
    if line.isascii() and line.isprintable():
        return line
    repaired = _ACCENTED.sub(_repaired_accent, _EMOJI.sub(_repaired_emoji, line))
    if repaired != line:
        findings.append(Finding("mojibake", number, _around(line, repaired)))
    spaced = with_plain_spaces(repaired)
    seen = visible(spaced)
    if seen != spaced:
        findings.append(Finding("invisible-characters", number, seen.strip()))
    return unicodedata.normalize("NFC", seen)


def _around(line: str, repaired: str) -> str:
    """The words around the first character that was repaired: of a long line only its beginning is shown."""
    pairs = enumerate(zip(line, repaired, strict=False))
    same = next((place for place, (one, other) in pairs if one != other), len(repaired))
    start = line.rfind(" ", 0, max(0, same - _BEFORE)) + 1
    return visible(line[start:]).strip()


def _repaired_emoji(match: re.Match[str]) -> str:
    found = match[0]
    emoji = _decoded(found)
    if emoji and unicodedata.name(emoji, ""):
        return emoji
    if found[0] == "р":  # "рџ" also stands in Serbian and Macedonian words
        return found
    rest = found[2:].lstrip("".join(c for c in found[2:] if not c.isalpha()))
    # One letter alone may be a byte of the broken emoji; two are the beginning of a word.
    return "" if len(rest) == 1 and (_byte(rest) or 0) < 0xC0 else rest


def _repaired_accent(match: re.Match[str]) -> str:
    character = _decoded(match[0])
    if not character or "\u2800" <= character <= "\u28ff":
        return match[0]
    return character


def _decoded(garbled: str) -> str | None:
    """The one character whose UTF-8 bytes, each read in some code page, look like this."""
    values = [_byte(character) for character in garbled]
    if None in values:
        return None
    try:
        decoded = bytes(value for value in values if value is not None).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return decoded if len(decoded) == 1 else None


def _byte(character: str) -> int | None:
    for code_page in _CODE_PAGES:
        try:
            return character.encode(code_page)[0]
        except UnicodeEncodeError:
            continue
    return None
