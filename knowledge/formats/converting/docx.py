"""Word files into HTML, with what they say about themselves; nothing outside the file is looked at."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

import mammoth
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from knowledge.formats.converting.refused import Refused

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_MOST_PARTS = 2_000
_MOST_BYTES = 200_000_000
_MOST_TEXT = 40_000_000
_BULLET = re.compile(r"^\s*[-–•·*o]\s+(?=\S)")
_CHUNK = 1 << 16
_TEMPLATE = "2013-12-23T23:15:00"
"""When the template of a library was made that leaves it in all its files."""
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
# Level 1 is left to the title.
_STYLES = "\n".join(
    [
        "p[style-name='Title'] => h1:fresh",
        "p[style-name='Subtitle'] => p:fresh",
        *(
            f"p[style-name='{name} {n}'] => h{n + 1}:fresh"
            for name in ("Heading", "heading")
            for n in range(1, 6)
        ),
        *(f"p.Heading{n} => h{n + 1}:fresh" for n in range(1, 6)),
        # These styles lie deeper by their looks alone.
        *(
            f"p[style-name='List {kind} {n}'] => {'ul|ol > li > ' * (n - 1)}{tag} > li:fresh"
            for kind, tag in (("Bullet", "ul"), ("Number", "ol"))
            for n in (2, 3)
        ),
        *(f"p[style-name='{name} {n}'] => !" for name in ("toc", "TOC") for n in range(1, 10)),
    ]
)


def read_docx(data: bytes) -> tuple[str, dict[str, str | None]]:
    """The body of a Word file as HTML, and its title, author and date.

    Raises Refused, and whatever the parsers do where the file is damaged.
    """
    if data.startswith(_OLE):
        raise Refused("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "damaged")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        _check(package)
        stated = _stated(package)
    html = mammoth.convert_to_html(
        io.BytesIO(data),
        style_map=_STYLES,
        include_embedded_style_map=False,
        convert_image=lambda _: [],
        external_file_access=False,
    ).value
    return _body(html), stated


def _check(package: zipfile.ZipFile) -> None:
    """Refuse what is more, or other, than a document. Raises Refused."""
    parts = package.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
        raise Refused("expands")
    names = [part.filename.casefold() for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("encrypted")
    if any("vbaproject" in name or "vbadata" in name for name in names):
        raise Refused("macros")
    total = 0
    for part in parts:
        if not part.filename.endswith((".xml", ".rels")):
            continue
        text = b"".join(_inflated(package, part, _MOST_TEXT - total))
        total += len(text)
        if b"macroEnabled" in text and part.filename == "[Content_Types].xml":
            raise Refused("macros")
        # Word declares no document type: it would be there to make a few lines stand for gigabytes.
        if b"<!DOCTYPE" in text.replace(b"\0", b""):
            raise Refused("damaged")
    if "word/document.xml" not in names and "_rels/.rels" not in names:
        raise Refused("damaged")


def _inflated(package: zipfile.ZipFile, part: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
    """What a part really holds, whatever it declares. Raises Refused."""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            limit -= len(chunk)
            if limit < 0:
                raise Refused("expands")
            yield chunk


def _stated(package: zipfile.ZipFile) -> dict[str, str | None]:
    """The properties that Word keeps; the date is of the last change, as a template is older than a text."""
    try:
        core = ElementTree.fromstring(package.read("docProps/core.xml"))  # noqa: S314 - holds no document type
    except (KeyError, ElementTree.ParseError):
        return {}
    dates = [core.findtext(f"{_TERMS}{kind}") for kind in ("modified", "created")]
    changed = next((date for date in dates if date and not date.startswith(_TEMPLATE)), None)
    return {
        "title": core.findtext(f"{_DUBLIN}title"),
        "author": core.findtext(f"{_DUBLIN}creator"),
        "date": changed[:10] if changed and re.match(r"\d{4}-\d\d-\d\d", changed) else None,
    }


def _body(html: str) -> str:
    """The HTML without links, with notes below what they belong to, and one heading of level 1 at most."""
    soup = BeautifulSoup(html, "html.parser")
    _place_notes(soup)
    _list_typed(soup)
    for link in soup.find_all("a"):
        link.unwrap()
    _settle_title(soup.find_all(re.compile(r"^h[1-6]$")))
    return str(soup)


def _list_typed(soup: BeautifulSoup) -> None:
    """Make lists of paragraphs whose bullets were typed."""
    for first in soup.find_all("p"):
        items = [first] if first.parent is not None and _typed(first) else []
        while items and (below := items[-1].find_next_sibling()) and below.name == "p" and _typed(below):
            items.append(below)
        if len(items) > 1:
            listing = soup.new_tag("ul")
            first.insert_before(listing)
            for item in items:
                if said := _typed(item):
                    said.replace_with(_BULLET.sub("", said, count=1))
                item.name = "li"
                listing.append(item.extract())


def _typed(paragraph: Tag) -> NavigableString | None:
    """The first words of a paragraph, if a bullet stands before them."""
    first = next((said for said in paragraph.find_all(string=True) if said.strip()), None)
    return first if first is not None and _BULLET.match(first) else None


def _settle_title(headings: Sequence[Tag]) -> None:
    """Let one heading at most be the title: the first of all, if no other is of its level."""
    names = [heading.name for heading in headings]
    if names.count("h1") > 1 or "h1" in names[1:]:
        for heading in headings:
            heading.name = "h2" if heading.name == "h1" else heading.name
    elif names[:1] == ["h2"] and names.count("h2") == 1:
        for heading in headings:
            heading.name = f"h{int(heading.name[1]) - 1}"


def _place_notes(soup: BeautifulSoup) -> None:
    notes = {str(note["id"]): note for note in soup.select("li[id*=note-]") if note.get("id")}
    for mark in soup.select("a[href*=note-]"):
        note = None if mark.decomposed else notes.get(str(mark["href"]).removeprefix("#"))
        if note is None:
            continue
        block = _block(mark)
        (mark.find_parent("sup") or mark).decompose()
        for back in note.select("a[href*=note-ref]"):
            back.decompose()
        said = soup.new_tag("p")
        said.string = note.get_text(" ", strip=True)
        if said.string:
            block.insert_after(said)
    for note in notes.values():
        frame = note.parent
        note.decompose()
        if frame is not None and not frame.find("li"):
            frame.decompose()


def _block(mark: Tag) -> Tag:
    """What stands by itself on the page and holds this mark."""
    block = mark
    while block.parent is not None and block.parent.name != "[document]":
        block = block.parent
    return block
