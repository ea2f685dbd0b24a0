"""Names of files that strangers chose, made safe for every disk; letters of every script stay."""

import re
import unicodedata

_LONGEST = 80
_UNSAFE = re.compile(r"[\s<>:\"'`|?*#%~@&;$!{}\[\]()\\/^]+")
_DASHES = re.compile(r"-{2,}")
_EDGES = "-._ "
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?")
_UNNAMED = "document"


def split_name(name: str) -> tuple[str, str]:
    """What a file is called without its folders and its suffix, and the suffix in lower case."""
    last = re.split(r"[/\\]", name)[-1]
    stem, dot, suffix = last.rpartition(".")
    return (stem, f".{suffix.strip().lower()}") if dot else (last, "")


def safe_name(stem: str) -> str:
    """A name for a document's folder: of letters that are seen, and not longer than disks allow."""
    seen = "".join(letter for letter in stem if letter.isprintable() or letter.isspace())
    plain = "".join(
        "-" if _is_mark(letter) else letter for letter in unicodedata.normalize("NFC", seen.lower())
    )
    name = _DASHES.sub("-", _UNSAFE.sub("-", plain))
    name = _shortened(name.strip(_EDGES)).strip(_EDGES)
    name = unicodedata.normalize("NFC", name)
    if _RESERVED.fullmatch(name):
        name = f"file-{name}"
    return name or _UNNAMED


def _is_mark(letter: str) -> bool:
    """Whether a letter is punctuation that no keyboard has: dashes, curved quotes."""
    return not letter.isascii() and unicodedata.category(letter)[0] == "P"


def _shortened(name: str) -> str:
    return name.encode("utf-8")[:_LONGEST].decode("utf-8", "ignore")


def shown_name(name: str) -> str:
    """A stranger's name for a file as it can be shown: of one line, without what is not seen."""
    seen = "".join(letter if letter.isprintable() else " " for letter in re.split(r"[/\\]", name)[-1])
    text = " ".join(seen.split())
    return (text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…") or _UNNAMED
