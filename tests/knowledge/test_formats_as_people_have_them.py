"""Files as common programs write them: wikis, office programs, printers of web pages, mail."""

from pathlib import Path

import pytest

from knowledge.corpus.reading import Corpus, read_corpus
from knowledge.documents.converter import Converter
from knowledge.documents.limits import Limits
from knowledge.entities import Document, Origin
from tests.knowledge.documents import write
from tests.knowledge.office import column, core, docx, item, paragraph, pdf, write_all


def converted(folder: Path, name: str, data: bytes) -> Document:
    convert = Converter(data=folder / "data", limits=Limits(pages=5, seconds=20))
    return one(read_corpus([write_all(folder / "docs", {name: data})], convert=convert))


def read(folder: Path, name: str, text: str) -> Document:
    return one(read_corpus([write(folder / "docs", {name: text})]))


def one(corpus: Corpus) -> Document:
    (document,) = corpus.documents
    return document


WORDS = "Remote work is possible on four days of every week."


def test_the_head_of_both_pages_of_a_pdf_is_left_out(tmp_path: Path) -> None:
    pages = [[*column("Handbook – Team", size=8, down=30), *column(WORDS)] for _ in range(2)]
    assert converted(tmp_path, "a.pdf", pdf(*pages)).text == f"{WORDS}\n\n{WORDS}"


def test_numbers_that_were_written_apart_from_their_items_come_back_to_them(tmp_path: Path) -> None:
    page = [
        *column(WORDS, down=100),
        *column("Agree with your team.", left=80, down=130),
        *column("Fill in the form.", left=80, down=142),
        *column("The other column begins here.", left=320, down=200),
        *column("1.", "2.", left=64, down=130),
    ]
    text = converted(tmp_path, "a.pdf", pdf(page)).text
    assert "1. Agree with your team.\n2. Fill in the form." in text
    assert text.endswith("The other column begins here.")


def test_figures_along_the_axis_of_a_chart_are_left_out(tmp_path: Path) -> None:
    page = [*column("0", "100", "200", "300", size=10, step=4), *column(WORDS, "7", "3", down=400, step=3)]
    assert converted(tmp_path, "a.pdf", pdf(page)).text == f"{WORDS}\n\n7\n\n3"


def test_a_chart_that_was_written_first_stands_behind_the_title_above_it(tmp_path: Path) -> None:
    page = [
        *column("Candidates by stage", down=400),
        *column("Hiring", size=20, down=60, font="B"),
        *column(WORDS, down=100),
    ]
    document = converted(tmp_path, "a.pdf", pdf(page))
    assert (document.title, document.text) == ("Hiring", f"{WORDS}\n\nCandidates by stage")


def test_bullets_of_word_lie_as_deep_as_they_look(tmp_path: Path) -> None:
    body = [
        item("Accounts"),
        paragraph("mail", "ListBullet2"),
        paragraph("calendar", "ListBullet2"),
        item("Laptop"),
    ]
    text = converted(tmp_path, "a.docx", docx(*body)).text
    assert text == "- Accounts\n  - mail\n  - calendar\n- Laptop"


def test_bullets_that_were_typed_make_a_list(tmp_path: Path) -> None:
    body = [
        paragraph("How:"),
        paragraph("- two former colleagues"),
        paragraph("– by phone"),
        paragraph("End."),
    ]
    text = converted(tmp_path, "a.docx", docx(*body, item("Last"))).text
    assert text == "How:\n\n- two former colleagues\n- by phone\n\nEnd.\n\n- Last"
    alone = docx(paragraph("- one alone"), paragraph("Text."))
    assert converted(tmp_path, "a.docx", alone).text == "- one alone\n\nText."


def test_what_people_wrote_in_a_file_wins_over_what_a_program_noted(tmp_path: Path) -> None:
    body = [
        paragraph("Notes", "Title"),
        paragraph("Written by Paula Ferreira, 22 May 2025"),
        paragraph("Two calls are enough."),
    ]
    noted = {"docProps/core.xml": core("Notes", "Scanner 7", "2026-04-09T10:00:00Z")}
    origin = converted(tmp_path, "a.docx", docx(*body, parts=noted)).origin
    assert origin == Origin("Paula Ferreira", "2025-05-22")


def test_the_date_of_a_library_s_template_is_none_of_a_document_s(tmp_path: Path) -> None:
    noted = {"docProps/core.xml": core("Notes", "Bo Berg", "2013-12-23T23:15:00Z")}
    origin = converted(tmp_path, "a.docx", docx(paragraph("Two calls."), parts=noted)).origin
    assert origin == Origin("Bo Berg", None)


WIKI = """<html><head><title>PEOPLE : Moving</title></head><body><div id="page"><div id="main">
<div id="main-header"><h1 id="title-heading">Moving</h1></div><div id="content" class="view">
<div class="page-metadata">Created by <span> Akari Sato</span>, last modified on 17 Mar 2026</div>
<div id="main-content"><h2>Who gets it</h2><p>Everybody who moves more than 150 km for the job.</p></div>
<div class="pageSection group"><div class="pageSectionHeader"><h2>Attachments:</h2></div>
<div class="greybox"><a href="a/1.png">map.png</a> (image/png)<br/></div></div></div></div></div>"""


def test_an_exported_wiki_page_has_its_author_and_no_attachments(tmp_path: Path) -> None:
    document = read(tmp_path, "a.html", WIKI)
    assert document.origin == Origin("Akari Sato", "2026-03-17")
    assert document.text == "Who gets it\n\nEverybody who moves more than 150 km for the job."


@pytest.mark.parametrize(
    ("text", "origin", "left"),
    [
        (
            "Hours at Groß & Söhne\n\nAuthor: Jürgen Groß\nDate: 2 December 2025\n\nWe work 38 hours.\n",
            Origin("Jürgen Groß", "2025-12-02"),
            "We work 38 hours.",
        ),
        (
            "# Hours\n\nLast updated: 14 February 2026. For everybody who works here.\n\nWe work 38 hours.\n",
            Origin(None, "2026-02-14"),
            "For everybody who works here.\n\nWe work 38 hours.",
        ),
        (
            "# Hours\n\n- Author: the one who writes\n- Date: when it is due\n\nWe work 38 hours.\n",
            Origin(),
            "- Author: the one who writes\n- Date: when it is due\n\nWe work 38 hours.",
        ),
    ],
)
def test_author_and_date_are_found_where_people_put_them(
    tmp_path: Path, text: str, origin: Origin, left: str
) -> None:
    document = read(tmp_path, "a.txt", text)
    assert (document.origin, document.text) == (origin, left)


def test_a_quoted_question_with_no_answer_below_it_is_no_heading(tmp_path: Path) -> None:
    mail = (
        "From: Bram <b@example.org>\nTo: all\nDate: Mon, 6 Apr 2026 08:12:44 +0200\nSubject: RE: freeze\n\n"
        "The freeze ends on 1 June.\n\n> Are internships affected?\n\nThey are not.\n\n"
        "> On 3 Apr 2026, Ana wrote:\n> when does it end??\n"
    )
    document = read(tmp_path, "a.txt", mail)
    assert document.text == "The freeze ends on 1 June.\n\nAre internships affected?\n\nThey are not."
