"""PDF and Word files in a folder, through the real converters, into documents."""

from pathlib import Path

import pytest

from knowledge.corpus.reading import Corpus, read_corpus
from knowledge.documents.converter import Converter
from knowledge.documents.limits import Limits
from knowledge.entities import Document
from tests.knowledge.office import column, core, docx, item, paragraph, pdf, table, write_all

LIMITS = Limits(pages=5, seconds=20)


def read(folder: Path, **files: bytes) -> Corpus:
    named = {name.replace("_", "."): data for name, data in files.items()}
    convert = Converter(data=folder / "data", limits=LIMITS)
    return read_corpus([write_all(folder / "docs", named)], convert=convert)


def one(corpus: Corpus) -> Document:
    (document,) = corpus.documents
    return document


def headings(document: Document) -> list[tuple[str, ...]]:
    return [section.headings for section in document.sections]


def running(
    number: int, *lines: tuple[float, float, float, str, str]
) -> list[tuple[float, float, float, str, str]]:
    return [
        *column("Handbook for teams", size=8, down=30),
        *lines,
        *column(f"Page {number} of 4", size=8, down=780),
    ]


TEXT = (
    "A backend engineer designs services that other programs call, and",
    "keeps the data safe that they store in data-",
    "bases all over the world.",
)
WHOLE = (
    "A backend engineer designs services that other programs call, and keeps the data safe that they "
    "store in databases all over the world."
)


def test_a_pdf_keeps_its_headings_lists_and_paragraphs(tmp_path: Path) -> None:
    pages = [
        running(
            1,
            *column("Backend Handbook", size=24, down=80, font="B"),
            *column("What they do", size=14, down=120, font="B"),
            *column(*TEXT, down=145),
            *column("Tools", size=14, down=200, font="B"),
            *column("•  Databases such as PostgreSQL, which answer", down=225),
            *column("questions fast", left=70, down=237),
            *column("•  Queues", down=249),
            *column("Another paragraph follows the list.", down=275),
        ),
        running(
            2, *column("First steps", size=14, font="B"), *column("1. Learn SQL", "2. Learn HTTP", down=125)
        ),
        running(
            3, *column("Last words", size=14, font="B"), *column("Ask for help early, whatever the", down=125)
        ),
        running(4, *column("others may say.", down=80)),
    ]
    corpus = read(
        tmp_path, guide_pdf=pdf(*pages, properties={"Author": "Jane Roe", "CreationDate": "D:20260301"})
    )
    document = one(corpus)
    assert document.title == "Backend Handbook"
    assert (document.origin.author, document.origin.date) == ("Jane Roe", "2026-03-01")
    assert document.text == (
        f"What they do\n\n{WHOLE}\n\nTools\n\n- Databases such as PostgreSQL, which answer questions fast\n"
        "- Queues\n\nAnother paragraph follows the list.\n\nFirst steps\n\n1. Learn SQL\n2. Learn HTTP\n\n"
        "Last words\n\nAsk for help early, whatever the others may say."
    )
    assert corpus.complaints == ()


def test_a_pdf_keeps_tables_and_code(tmp_path: Path) -> None:
    rows = [("Level", "Pay"), ("Junior", "little"), ("Senior", "more")]
    cells = [
        (60 + 100 * x, 120 + 12 * y, 10.0, "R", text)
        for y, row in enumerate(rows)
        for x, text in enumerate(row)
    ]
    page = [
        *column("Pay", size=16),
        *cells,
        *column("Then this is run:", down=180),
        *column("if ready:", font="M", down=200),
        *column("go()", font="M", left=84, down=212),
    ]
    document = one(read(tmp_path, pay_pdf=pdf(page)))
    assert [block.kind for section in document.sections for block in section.blocks] == [
        "table",
        "paragraph",
        "code",
    ]
    assert "Level | Pay\nJunior | little\nSenior | more" in document.text
    assert "if ready:\n    go()" in document.text


def test_a_word_keeps_its_own_hyphen_over_the_end_of_a_line(tmp_path: Path) -> None:
    lines = (
        "The state-of-the-art is well-known here, and what is well-",
        "known is not always back-",
        "end work.",
    )
    assert one(read(tmp_path, a_pdf=pdf(column(*lines)))).text == (
        "The state-of-the-art is well-known here, and what is well-known is not always backend work."
    )


def test_items_below_items_stay_below_them(tmp_path: Path) -> None:
    page = [
        *column("•  Databases", down=100),
        *column("•  •  PostgreSQL", left=80, down=112),
        *column("•  MySQL", left=92, down=124),
        *column("•  Queues", down=136),
    ]
    text = one(read(tmp_path, a_pdf=pdf(page))).text
    assert text == "- Databases\n  - PostgreSQL\n  - MySQL\n- Queues"


def test_a_paragraph_over_many_pages_is_read_in_time(tmp_path: Path) -> None:
    page = column(*["They keep the data safe that others store here with care and"] * 50, down=90)
    convert = Converter(data=tmp_path, limits=Limits(seconds=10))
    html = convert(pdf(*[page] * 100), ".pdf")
    assert html.count("<p>") == 1
    assert html.count("with care and They") == 4_999


def test_the_outline_of_a_pdf_names_its_headings(tmp_path: Path) -> None:
    page = column(
        "1. Duties",
        "They keep services running at all hours of the day.",
        "2. Pay",
        "Nothing is known.",
        step=2,
    )
    document = one(read(tmp_path, a_pdf=pdf(page, outline=["Duties", "Pay"])))
    assert headings(document) == [("1. Duties",), ("2. Pay",)]


def test_titles_that_programs_wrote_are_none(tmp_path: Path) -> None:
    said = {"Title": "Microsoft Word - draft7.doc", "Author": "admin"}
    document = one(read(tmp_path, pay_rules_pdf=pdf(column("Only a sentence."), properties=said)))
    assert (document.title, document.origin.author) == ("pay.rules", None)


def test_a_word_file_keeps_its_headings_lists_tables_and_notes(tmp_path: Path) -> None:
    marked = '<w:p><w:r><w:t>It is said.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    file = docx(
        paragraph("Backend Handbook", "Title"),
        paragraph("What they do", "berschrift1"),
        paragraph("Design & run <services>."),
        paragraph("Tools", "berschrift2"),
        item("Databases"),
        item("PostgreSQL", level=1),
        item("Queues"),
        paragraph("Steps", "berschrift1"),
        item("Learn SQL", numbered=True),
        item("Learn HTTP", numbered=True),
        table(("Level", "Pay"), ("Junior", "little")),
        marked,
        paragraph("The end."),
        parts={"docProps/core.xml": core("Nothing", "Jane Roe", "2026-03-01T10:00:00Z")},
    )
    corpus = read(tmp_path, guide_docx=file)
    document = one(corpus)
    assert document.title == "Backend Handbook"
    assert (document.origin.author, document.origin.date) == ("Jane Roe", "2026-03-01")
    assert document.text == (
        "What they do\n\nDesign & run <services>.\n\nTools\n\n- Databases\n  - PostgreSQL\n- Queues\n\n"
        "Steps\n\n1. Learn SQL\n2. Learn HTTP\n\nLevel | Pay\nJunior | little\n\nIt is said.\n\n"
        "A note at the foot.\n\nThe end."
    )
    assert headings(document) == [("What they do",), ("What they do", "Tools"), ("Steps",)]
    assert corpus.complaints == ()


REFUSED = {
    "scan.pdf": (
        pdf([], []),
        "no-text",
        "Holds no text, only pictures of it or letters that stand for none.",
    ),
    "locked.pdf": (pdf(column("Hello you"), encrypted=True), "encrypted", "Locked with a password."),
    "long.pdf": (pdf(*[column("Hello you")] * 6), "too-many-pages", "Has more than 5 pages."),
    "cut.pdf": (pdf(column("Hello you"))[:60], "damaged", "Not a PDF file, or a damaged one."),
    "exe.pdf": (b"MZ\x90\0" * 100, "damaged", "Not a PDF file, or a damaged one."),
    "macro.docx": (docx(parts={"word/vbaProject.bin": b"x"}), "macros", "Holds macros."),
    "locked.docx": (
        bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
        "encrypted",
        "Locked with a password.",
    ),
    "old.docx": (
        bytes.fromhex("d0cf11e0a1b11ae1") + b"WordDocument",
        "damaged",
        "Not a Word file, or a damaged one.",
    ),
    "text.docx": (b"Hello you", "damaged", "Not a Word file, or a damaged one."),
    "cut.docx": (docx(paragraph("Hello you"))[:700], "damaged", "Not a Word file, or a damaged one."),
    "bomb.docx": (
        docx(paragraph("Hello you"), parts={"word/media/a.xml": b"0" * 60_000_000}),
        "expands",
        "Unpacks to far more than a document needs.",
    ),
    "entities.docx": (
        docx(parts={"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "damaged",
        "Not a Word file, or a damaged one.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_converted_is_left_out_with_a_sentence(tmp_path: Path, name: str) -> None:
    data, rule, message = REFUSED[name]
    corpus = read(tmp_path, **{name: data, "a.md": b"# Sound\n\nThis one can be read."})
    assert [document.id for document in corpus.documents] == ["a"]
    (complaint,) = corpus.complaints
    assert (complaint.rule, complaint.severity, complaint.message) == (rule, "error", message)


def test_without_a_converter_the_formats_are_unknown(tmp_path: Path) -> None:
    files = {"a.pdf": pdf(column("Hello you")), "b.docx": docx(paragraph("Hello you"))}
    corpus = read_corpus([write_all(tmp_path, files)])
    assert [complaint.rule for complaint in corpus.complaints] == ["unknown-format"] * 2


def test_what_a_registry_says_wins_over_what_a_file_says(tmp_path: Path) -> None:
    registry = b'[[source]]\nfile = "a.pdf"\ntitle = "Pay"\nauthor = "Ann"\n'
    file = pdf(column("Hello you there."), properties={"Title": "Other", "Author": "Bob"})
    document = one(read(tmp_path, **{"a.pdf": file, "sources.toml": registry}))
    assert (document.title, document.origin.author) == ("Pay", "Ann")


def test_documents_left_out_do_not_count(tmp_path: Path) -> None:
    folder = write_all(tmp_path, {"a.md": b"# A\n\nOne.", "b.md": b"# B\n\nTwo.", "c.md": b"# B\n\nTwo."})
    corpus = read_corpus([folder], leave_out={"b", "missing"})
    assert [document.id for document in corpus.documents] == ["a", "c"]
    assert corpus.complaints == ()
