"""PDF and Word files written by hand, so that a test shows what is in them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Shown = tuple[float, float, float, str, str]
"""Where from the left and from the top of a page, how large, in which font (R, B, M), what."""

HEIGHT = 800
_FONTS = {"R": "Helvetica", "B": "Helvetica-Bold", "M": "Courier"}
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def pdf(
    *pages: Sequence[Shown],
    properties: Mapping[str, str] | None = None,
    encrypted: bool = False,
    outline: Sequence[str] = (),
) -> bytes:
    """A PDF of these pages; titles of the outline lead to the first."""
    objects: list[bytes] = [b""] * 2
    fonts = {}
    for name, font in _FONTS.items():
        objects.append(f"<</Type/Font/Subtype/Type1/BaseFont/{font}/Encoding/WinAnsiEncoding>>".encode())
        fonts[name] = len(objects)
    resources = "".join(f"/{name} {number} 0 R" for name, number in fonts.items())
    kids = []
    for page in pages:
        stream = b"\n".join(_shown(*shown) for shown in page)
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 {HEIGHT}]/Contents {len(objects)} 0 R"
            f"/Resources<</Font<<{resources}>>>>>>".encode()
        )
        kids.append(len(objects))
    catalog = "<</Type/Catalog/Pages 2 0 R"
    if outline:
        catalog += f"/Outlines {len(objects) + 1} 0 R"
        _add_outline(objects, outline, kids[0])
    objects[0] = f"{catalog}>>".encode()
    listed = " ".join(f"{number} 0 R" for number in kids)
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{listed}]>>".encode()
    said = "".join(f"/{key}({value})" for key, value in (properties or {}).items())
    objects.append(f"<<{said}>>".encode())
    trailer = f"/Root 1 0 R/Info {len(objects)} 0 R"
    if encrypted:
        key = "ab" * 32
        objects.append(f"<</Filter/Standard/V 1/R 2/O<{key}>/U<{key}>/P -4>>".encode())
        trailer += f"/Encrypt {len(objects)} 0 R/ID[<{key}><{key}>]"
    return _with_table(objects, trailer)


def _add_outline(objects: list[bytes], titles: Sequence[str], page: int) -> None:
    root = len(objects) + 1
    first, last = root + 1, root + len(titles)
    objects.append(f"<</Type/Outlines/First {first} 0 R/Last {last} 0 R/Count {len(titles)}>>".encode())
    for number, title in enumerate(titles, first):
        following = f"/Next {number + 1} 0 R" if number < last else ""
        objects.append(f"<</Title({title})/Parent {root} 0 R{following}/Dest[{page} 0 R/Fit]>>".encode())


def _shown(left: float, down: float, size: float, font: str, text: str) -> bytes:
    encoded = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return f"BT /{font} {size} Tf {left} {HEIGHT - down} Td (".encode() + encoded + b") Tj ET"


def _with_table(objects: Sequence[bytes], trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer<</Size {len(objects) + 1}{trailer}>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


def column(
    *lines: str, size: float = 10, left: float = 60, down: float = 100, font: str = "R", step: float = 1.2
) -> list[Shown]:
    """Lines below each other."""
    return [(left, down + number * step * size, size, font, line) for number, line in enumerate(lines)]


def paragraph(text: str, style: str = "") -> str:
    """A paragraph of a Word file."""
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{kind}<w:r><w:t xml:space='preserve'>{escape(text)}</w:t></w:r></w:p>"


def item(text: str, *, level: int = 0, numbered: bool = False) -> str:
    """An item of a list of a Word file."""
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{2 if numbered else 1}"/></w:numPr>'
    return f"<w:p><w:pPr>{place}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def table(*rows: Sequence[str]) -> str:
    """A table of a Word file."""
    told = "".join(
        f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows
    )
    return f"<w:tbl>{told}</w:tbl>"


def docx(*body: str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word file of this body; `parts` are added to it, or replace what it would hold."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in (
            ("Title", "Title"),
            ("berschrift1", "heading 1"),
            ("berschrift2", "heading 2"),
            ("ListBullet2", "List Bullet 2"),
        )
    )
    levels = [
        "".join(f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{form}"/></w:lvl>' for level in range(3))
        for form in ("bullet", "decimal")
    ]
    numbering = "".join(
        f'<w:abstractNum w:abstractNumId="{number}">{lvl}</w:abstractNum>'
        for number, lvl in enumerate(levels, 1)
    ) + "".join(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>' for number in (1, 2))
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="r1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="r2" Type="{_OFFICE}/numbering" Target="numbering.xml"/>'
        f'<Relationship Id="r3" Type="{_OFFICE}/footnotes" Target="footnotes.xml"/></Relationships>',
        "word/styles.xml": f'<w:styles xmlns:w="{_NAMESPACE}">{styles}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{_NAMESPACE}">{numbering}</w:numbering>',
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{_NAMESPACE}"><w:footnote w:id="2">'
        f"{paragraph('A note at the foot.')}</w:footnote></w:footnotes>",
        "word/document.xml": f'<w:document xmlns:w="{_NAMESPACE}" xmlns:r="{_OFFICE}"><w:body>'
        f"{''.join(body)}</w:body></w:document>",
        **(parts or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in whole.items():
            package.writestr(name, _DECLARATION + text if isinstance(text, str) else text)
    return out.getvalue()


def core(title: str, author: str, date: str) -> str:
    """The properties of a Word file."""
    return (
        "<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
        f"<dcterms:modified>{date}</dcterms:modified></cp:coreProperties>"
    )


def write_all(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder
