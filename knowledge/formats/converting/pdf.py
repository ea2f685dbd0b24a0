"""The text of a PDF as printed lines, with what it says about itself."""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.formats.converting.lines import Line, Page, Word
from knowledge.formats.converting.refused import Refused

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00a0": " "}
)
_HYPHENS = (0x02, 0xFFFE, 0xAD)
_BREAKS = (0x0A, 0x0D)
_BOLD = 600
_BOLD_FONT = re.compile(r"bold|black|heavy|-bd|demi", re.IGNORECASE)
_MONO_FONT = re.compile(r"mono|monl|courier|consol|code|cmtt|sftt|typewriter|menlo", re.IGNORECASE)
_READABLE = 0.7
_LEAST_LETTERS = 3
_LEANING = 0.1


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF as read: its pages, the headings of its outline with their levels, and its properties."""

    pages: tuple[Page, ...]
    outline: tuple[tuple[int, str], ...]
    properties: dict[str, str]


def read_pdf(data: bytes, page_limit: int) -> Printed:
    """Every line of a PDF. Raises Refused."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
        raise Refused("encrypted" if locked else "damaged") from error
    with document:
        if len(document) > page_limit:
            raise Refused("too-many-pages")
        pages = tuple(_page(document, number) for number in range(len(document)))
        _check_readable(pages)
        return Printed(pages, tuple(_outline(document)), document.get_metadata_dict())


def _check_readable(pages: tuple[Page, ...]) -> None:
    text = "".join(line.text for page in pages for line in page.lines)
    letters = sum(map(str.isalnum, text))
    # Fonts without a table of characters give letters of nobody's alphabet.
    lost = sum(character == "�" or "\ue000" <= character <= "\uf8ff" for character in text)
    if letters < _LEAST_LETTERS * len(pages) or letters < _READABLE * (letters + lost):
        raise Refused("no-text")


def _outline(document: pypdfium2.PdfDocument) -> Iterator[tuple[int, str]]:
    try:
        for entry in document.get_toc(max_depth=6):
            if title := " ".join((entry.get_title() or "").split()):
                yield entry.level, title
    except pypdfium2.PdfiumError:
        return


def _page(document: pypdfium2.PdfDocument, number: int) -> Page:
    try:
        page = document[number]
        text = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise Refused("damaged") from error
    height = page.get_height()
    lines = tuple(_lines(text, height, number))
    text.close()
    page.close()
    return Page(height, lines)


def _lines(text: pypdfium2.PdfTextPage, height: float, number: int) -> Iterator[Line]:
    start = 0
    codes = [pdfium.FPDFText_GetUnicode(text, place) for place in range(text.count_chars())]
    for place, code in enumerate([*codes, _BREAKS[0]]):
        if code not in _BREAKS and code not in _HYPHENS:
            continue
        # At the end of a line the library marks a hyphen, and no break.
        end = place + (code in _HYPHENS and place < len(codes))
        line = _line(text, codes, start, end, height, number)
        if line is not None:
            yield line
        start = place + 1


def _line(
    text: pypdfium2.PdfTextPage, codes: list[int], start: int, end: int, height: float, number: int
) -> Line | None:
    inked = [place for place in range(start, end) if codes[place] and not chr(codes[place]).isspace()]
    if not inked or _leans(text, inked[0]):
        return None
    sampled = inked[:: max(1, len(inked) // 5)]
    fonts = [_font(text, place) for place in (inked[0], inked[-1])]
    weights = [pdfium.FPDFText_GetFontWeight(text, place) for place in sampled]
    return Line(
        words=tuple(_words(text, codes, inked)),
        base=height - _base(text, inked[0]),
        size=Counter(_size(text, place) for place in sampled).most_common(1)[0][0],
        # The weight is often not stated.
        bold=all(weight >= _BOLD for weight in weights) or all(map(_BOLD_FONT.search, fonts)),
        mono=all(map(_MONO_FONT.search, fonts)),
        page=number,
    )


def _words(text: pypdfium2.PdfTextPage, codes: list[int], inked: list[int]) -> Iterator[Word]:
    start = 0
    for place in range(1, len(inked) + 1):
        if place == len(inked) or inked[place] - inked[place - 1] > 1:
            word = inked[start:place]
            spoken = "".join(map(_character, (codes[each] for each in word)))
            left, _, right, _ = text.get_charbox(word[0], loose=True)
            if len(word) > 1:
                _, _, right, _ = text.get_charbox(word[-1], loose=True)
            yield Word(left, right, spoken)
            start = place


def _character(code: int) -> str:
    if code in _HYPHENS:
        return "\u00ad"
    return chr(code).translate(_LIGATURES)


def _base(text: pypdfium2.PdfTextPage, place: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text, place, ctypes.byref(x), ctypes.byref(y))
    return float(y.value)


def _matrix(text: pypdfium2.PdfTextPage, place: int) -> pdfium.FS_MATRIX:
    matrix = pdfium.FS_MATRIX(1, 0, 0, 1, 0, 0)
    pdfium.FPDFText_GetMatrix(text, place, ctypes.byref(matrix))
    return matrix


def _leans(text: pypdfium2.PdfTextPage, place: int) -> bool:
    """Whether a letter stands aslant or upright on its side: stamps and what is printed along a margin."""
    matrix = _matrix(text, place)
    return abs(math.atan2(matrix.b, matrix.a)) > _LEANING


def _size(text: pypdfium2.PdfTextPage, place: int) -> float:
    """The size of a letter as printed, in steps of half a point."""
    matrix = _matrix(text, place)
    scale = math.hypot(matrix.c, matrix.d) or 1.0
    return float(max(0.5, round(2 * scale * pdfium.FPDFText_GetFontSize(text, place)) / 2))


def _font(text: pypdfium2.PdfTextPage, place: int) -> str:
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(text, place, name, len(name), ctypes.byref(flags))
    return name.value.decode("utf-8", "replace")
