"""What a file is by its content, whatever it is called."""

import io
import re
import zipfile

from knowledge.documents.errors import Rejected
from knowledge.formats.decoding import NotText, decode

_SUFFIXES = {
    ".md": ".md",
    ".markdown": ".md",
    ".txt": ".txt",
    ".text": ".txt",
    ".html": ".html",
    ".htm": ".html",
    ".jsonl": ".jsonl",
    ".pdf": ".pdf",
    ".docx": ".docx",
    ".docm": ".docx",
}
_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_OTHERS = (
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\x89PNG\r\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\0", "a picture"),
    (b"RIFF", "a picture or a recording"),
    (b"OggS", "a recording"),
    (b"ID3", "a recording"),
    (b"\x1f\x8b", "an archive"),
    (b"BZh", "an archive"),
    (b"\xfd7zXZ\0", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"Rar!\x1a", "an archive"),
    (b"\x28\xb5\x2f\xfd", "an archive"),
    (b"SQLite format 3\0", "a database"),
    (b"{\\rtf", "a rich-text file"),
    (b"%!PS", "a PostScript file"),
)
_ZIP = b"PK\x03\x04"
_PDF_WITHIN = 1_024
_PDF_MARK = 8
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_HEAD = 2_000


def recognize(data: bytes, suffix: str) -> str:
    """The suffix of the format that these bytes are in. Raises Rejected where that is none that is read."""
    said = _SUFFIXES.get(suffix)
    # A text may well say what a PDF begins with.
    if b"%PDF-" in (data[:_PDF_WITHIN] if said in (None, ".pdf") else data.lstrip()[:_PDF_MARK]):
        return ".pdf"
    if data.startswith(_ZIP):
        return _within_zip(data)
    if data.startswith(_OFFICE) and said != ".docx":
        raise Rejected("It is an old Office file; save it as .docx.")
    if said == ".docx":
        return said  # locked, or nothing that Word wrote: the converter tells which
    for mark, what in _OTHERS:
        if data.startswith(mark):
            raise Rejected(f"It is {what}, not a text.")
    if said == ".pdf":
        raise Rejected("It is called .pdf, but is no PDF.")
    if said is None:
        raise Rejected("Its format is not read; use .md, .txt, .html, .jsonl, .pdf or .docx.")
    try:
        text = decode(data, markup=said == ".html").text
    except NotText as error:
        raise Rejected("It is not a text.") from error
    return ".html" if said in (".md", ".txt") and _PAGE.match(text[:_HEAD]) else said


def _within_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Rejected("It is a damaged archive, or a damaged Word file.") from error
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return ".docx"
    raise Rejected("It is an archive; add the documents in it one by one.")
