"""Documents that are offered, looked at, accepted or dropped."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from knowledge.documents.bundles import Bundles
from knowledge.documents.errors import Rejected, UnknownUpload
from tests.knowledge.adding import Desk, said
from tests.knowledge.office import column, docx, paragraph, pdf, write_all

GUIDE = "# Pay guide\n\n## Juniors\n\nJuniors earn little.\n\n## Seniors\n\nSeniors earn more.\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "data")


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_an_offered_file_is_shown_and_does_not_count(desk: Desk) -> None:
    upload = desk.own.offer("Pay Guide.md", GUIDE.encode(), who="ann")
    assert (upload.name, upload.who, upload.at) == ("pay-guide.md", "ann", "2026-03-01T12:00:00+00:00")
    assert upload.text == "Juniors\n\nJuniors earn little.\n\nSeniors\n\nSeniors earn more."
    assert (upload.passages, upload.words, upload.replaces) == (2, 8, None)
    assert [document.id for document in upload.documents] == ["pay-guide"]
    assert desk.texts() == {}
    assert desk.own.upload(upload.key) == upload


def test_an_accepted_file_counts_as_it_was_given_and_cannot_be_accepted_twice(desk: Desk) -> None:
    upload = desk.own.offer("Pay Guide.md", GUIDE.encode(), who="ann")
    assert desk.own.accept(upload.key) == ("pay-guide",)
    assert desk.texts() == {"pay-guide": upload.text}
    assert (desk.data / "documents/pay-guide/pay-guide.md").read_text() == GUIDE
    assert files(desk.data / "uploads") == []
    with pytest.raises(UnknownUpload, match=r"added or dropped already.*\.$"):
        desk.own.accept(upload.key)


def test_of_two_who_accept_at_once_one_is_told(desk: Desk) -> None:
    for turn in range(5):
        key = desk.own.offer("pay.md", f"# Pay\n\nVersion {turn}.".encode(), who="ann").key
        others = [partial(Desk(desk.data).own.accept, key) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            ends = [*pool.map(said, others)]
        assert sorted(end.partition(":")[0] for end in ends) == ["UnknownUpload"] * 3 + ["nothing"]
        assert desk.texts() == {"pay": f"Version {turn}."}


def test_among_many_documents_only_those_of_like_names_are_looked_at(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_all(
        desk.data / "documents",
        {f"page-{number}.md": f"# {number}\n\nPage {number}.".encode() for number in range(60)},
    )
    looked: list[str] = []
    newest = Bundles.newest
    monkeypatch.setattr(Bundles, "newest", lambda self, name: looked.append(name) or newest(self, name))
    assert desk.own.offer("Page-5.md", GUIDE.encode(), who="ann").name == "page-5-2.md"
    assert len(looked) == 11


def test_a_dropped_file_is_gone(desk: Desk) -> None:
    upload = desk.own.offer("a.md", GUIDE.encode(), who="ann")
    desk.own.drop(upload.key)
    assert files(desk.data / "uploads") == []
    for call in (desk.own.accept, desk.own.drop, desk.own.upload):
        with pytest.raises(UnknownUpload):
            call(upload.key)
    assert desk.texts() == {}


def test_an_upload_waits_for_a_day(desk: Desk) -> None:
    early = desk.own.offer("a.md", GUIDE.encode(), who="ann")
    desk.later(hours=25)
    with pytest.raises(UnknownUpload):
        desk.own.accept(early.key)
    late = desk.own.offer("b.md", GUIDE.encode(), who="ann")
    assert [path.name for path in (desk.data / "uploads").iterdir()] == [late.key]


@pytest.mark.parametrize("key", ["", "..", "../documents", "a/b", ".", "0123456789abcdef"])
def test_a_key_that_is_none_is_unknown(desk: Desk, key: str) -> None:
    desk.add("a.md", GUIDE)
    with pytest.raises(UnknownUpload):
        desk.own.accept(key)


def test_what_is_stated_stands_beside_the_file(desk: Desk) -> None:
    told = {
        "title": "What seniors earn",
        "author": 'Jane "J" Roe',
        "date": "1 March 2026",
        "link": "https://example.org/pay",
        "topics": "How much do seniors earn?\nIs it enough?\n",
    }
    desk.add("pay.md", GUIDE, **told)
    (document,) = desk.read().documents
    assert document.title == "What seniors earn"
    assert (document.origin.author, document.origin.date) == ('Jane "J" Roe', "2026-03-01")
    assert document.origin.link == "https://example.org/pay"
    topics = {section.headings[-1]: section.topics for section in document.sections if section.topics}
    assert topics == {"Juniors": ("How much do seniors earn?", "Is it enough?")}


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"link": "javascript:alert(1)"}, "A link has to begin with https:// or http://."),
        ({"title": "x" * 301}, "The title has more than 300 characters."),
        ({"password": "x"}, "“password” is nothing that can be stated about a document."),
    ],
)
def test_what_cannot_be_stated_is_refused(desk: Desk, stated: dict[str, str], sentence: str) -> None:
    assert (
        said(lambda: desk.own.offer("a.md", GUIDE.encode(), stated=stated, who="ann"))
        == f"Rejected: {sentence}"
    )


def test_a_date_that_is_none_is_a_complaint(desk: Desk) -> None:
    upload = desk.own.offer("a.md", GUIDE.encode(), stated={"date": "soon"}, who="ann")
    assert [(found.rule, found.path) for found in upload.complaints] == [("registry-value", "sources.toml")]


def test_a_new_version_replaces_the_old_one_which_stays_for_one_more(desk: Desk) -> None:
    desk.add("pay.md", "# Pay\n\nFirst.")
    upload = desk.own.offer("PAY.txt", b"Second.", who="ann")
    assert upload.replaces == "pay"
    assert desk.texts() == {"pay": "First."}
    desk.own.accept(upload.key)
    assert desk.texts() == {"pay": "Second."}
    desk.add("pay.md", "# Pay\n\nThird.")
    assert desk.texts() == {"pay": "Third."}
    assert desk.read().complaints == ()
    assert files(desk.data / "documents") == ["pay~2/pay.txt", "pay~3/pay.md"]


def test_an_upload_replaces_an_article_of_an_earlier_folder(tmp_path: Path) -> None:
    shipped = write_all(tmp_path / "shipped", {"pay.md": b"# Pay\n\nShipped."})
    desk = Desk(tmp_path / "data", before=[shipped])
    upload = desk.own.offer("pay.md", b"# Pay\n\nMine.", who="ann")
    assert upload.replaces == "pay"
    desk.own.accept(upload.key)
    assert desk.texts() == {"pay": "Mine."}


def test_an_upload_steps_aside_for_files_that_would_win_over_it(tmp_path: Path) -> None:
    later = write_all(tmp_path / "later", {"pay.md": b"# Pay\n\nLater."})
    desk = Desk(tmp_path / "data", later)
    write_all(desk.data / "documents", {"notes.md": b"# Notes\n\nBy hand."})
    assert desk.add("pay.md", "# Pay\n\nMine.") == ("pay-2",)
    assert desk.add("notes.md", "# Notes\n\nMine as well.") == ("notes-2",)
    assert set(desk.texts().values()) == {"Later.", "By hand.", "Mine.", "Mine as well."}


def test_a_file_of_lines_adds_each_of_its_documents(desk: Desk) -> None:
    lines = [{"id": n, "title": f"T{n}", "text": f"Text {n}."} for n in range(3)]
    text = "\n".join(map(json.dumps, lines)) + "\nnonsense"
    upload = desk.own.offer("faq.jsonl", text.encode(), who="ann")
    assert [found.rule for found in upload.complaints] == ["bad-line"]
    assert upload.text == "Text 0.\n\nText 1.\n\nText 2."
    assert desk.own.accept(upload.key) == ("faq.jsonl#0", "faq.jsonl#1", "faq.jsonl#2")
    assert desk.texts() == {f"faq.jsonl#{n}": f"Text {n}." for n in range(3)}


def test_the_same_text_is_not_added_twice(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "data", write_all(tmp_path / "docs", {"pay.md": GUIDE.encode()}))
    sentence = "Rejected: It says the same as “Pay guide” (pay), which is here already."
    assert said(lambda: desk.add("other.md", GUIDE.replace("# Pay guide", "# Other"))) == sentence
    desk.add("mine.md", "# Mine\n\nOwn.")
    assert said(lambda: desk.add("mine.md", "# Mine\n\nOwn.")).startswith(
        "Rejected: It says the same as “Mine”"
    )
    assert desk.add("mine.md", "# Mine\n\nOwn.", author="Ann") == ("mine",)
    assert files(desk.data / "uploads") == []


PAGE = (
    b"<!DOCTYPE html><html><body><h1>Pay</h1><script>steal()</script><p onclick='steal()'>Good pay."
    b"<img src='https://evil.example/x.png'></p><iframe src='https://evil.example'></iframe></body></html>"
)


@pytest.mark.parametrize(
    ("name", "data", "suffix", "text"),
    [
        ("a.md", PAGE, ".html", "Good pay."),
        ("a.txt", PAGE, ".html", "Good pay."),
        ("a.html", PAGE, ".html", "Good pay."),
        ("a.txt", pdf(column("Good pay.")), ".pdf", "Good pay."),
        ("a", pdf(column("Good pay.")), ".pdf", "Good pay."),
        ("a.zip", docx(paragraph("Good pay.")), ".docx", "Good pay."),
        ("a.txt", "Gutes Geld für alle.".encode("utf-16"), ".txt", "Gutes Geld für alle."),
    ],
)
def test_a_file_is_read_as_what_it_is(desk: Desk, name: str, data: bytes, suffix: str, text: str) -> None:
    upload = desk.own.offer(name, data, who="ann")
    assert (upload.name, upload.text) == (f"a{suffix}", text)
    renamed = name not in (f"a{suffix}", "a")
    assert ("other-format" in [found.rule for found in upload.complaints]) == renamed


def test_scripts_in_a_page_are_dropped_and_told(desk: Desk) -> None:
    (found,) = desk.own.offer("a.html", PAGE, who="ann").complaints
    assert found.rule == "page-around"
    assert "script" in found.message


MACROS = docx(paragraph("Hello you"), parts={"word/vbaProject.bin": b"x"})
BOMB = docx(paragraph("Hello you"), parts={"word/a.xml": b"0" * 60_000_000})
REJECTED = {
    "big.md": (b"# A\n\nb\n" * 30_000, "It has 210,000 bytes; the limit is 200,000."),
    "empty.md": (b" \n ", "It is empty."),
    "nothing.md": (b"# Title alone", "It cannot be read: nothing in it to read."),
    "headings.md": (
        b"# Title\n\n## A heading\n\n## Another\n",
        "It holds headings, and nothing under them that could be quoted.",
    ),
    "exe.pdf": (b"MZ\x90\0" + b"\0" * 99, "It is a program, not a text."),
    "exe.md": (b"\x7fELF\2\1\1", "It is a program, not a text."),
    "text.pdf": (b"Hello you", "It is called .pdf, but is no PDF."),
    "zip.md": (b"PK\x03\x04 nonsense", "It is a damaged archive, or a damaged Word file."),
    "picture.txt": (b"\x89PNG\r\n\x1a\n", "It is a picture, not a text."),
    "bytes.txt": (bytes(range(256)) * 3, "It is not a text."),
    "code.py": (b"print()", "Its format is not read; use .md, .txt, .html, .jsonl, .pdf or .docx."),
    "none": (b"Hello you", "Its format is not read; use .md, .txt, .html, .jsonl, .pdf or .docx."),
    "old.doc": (bytes.fromhex("d0cf11e0a1b11ae1"), "It is an old Office file; save it as .docx."),
    "lines.jsonl": (b"not json", "It cannot be read: line left out: not valid JSON."),
    "macros.docx": (MACROS, "It cannot be read: holds macros."),
    "macros.docm": (MACROS, "It cannot be read: holds macros."),
    "bomb.docx": (BOMB, "It cannot be read: unpacks to far more than a document needs."),
    "scan.pdf": (
        pdf([]),
        "It cannot be read: holds no text, only pictures of it or letters that stand for none.",
    ),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_is_no_document_is_refused_with_a_sentence_and_leaves_nothing(desk: Desk, name: str) -> None:
    data, sentence = REJECTED[name]
    assert said(lambda: desk.own.offer(name, data, who="ann")) == f"Rejected: {sentence}"
    assert not (desk.data / "uploads").exists() or [*(desk.data / "uploads").iterdir()] == []


def test_a_file_of_50_megabytes_is_refused_before_it_is_looked_at(desk: Desk) -> None:
    class Unread(bytes):
        def strip(self, *_: object) -> bytes:
            raise AssertionError("looked at")

    with pytest.raises(Rejected, match="It has 50,000,000 bytes; the limit is 200,000"):
        desk.own.offer("a.md", Unread(50_000_000), who="ann")


def test_a_pdf_of_5000_pages_is_refused(tmp_path: Path) -> None:
    from knowledge.documents.limits import Limits

    data = pdf(*[column("A page of a long book.")] * 5_000)
    desk = Desk(tmp_path, limits=Limits(seconds=20))
    assert said(lambda: desk.own.offer("book.pdf", data, who="ann")) == (
        "Rejected: It cannot be read: has more than 500 pages."
    )


def test_of_two_who_add_under_one_name_the_second_replaces_nothing_unseen(desk: Desk) -> None:
    first = desk.own.offer("pay.md", b"# Pay\n\nWritten first.", who="ann")
    second = desk.own.offer("Pay.txt", b"# Pay\n\nWritten second.", who="bo")
    assert desk.own.accept(first.key) == ("pay",)
    told = "Rejected: Somebody else added or removed “pay” meanwhile; please add the file again."
    assert said(lambda: desk.own.accept(second.key)) == told
    assert desk.texts() == {"pay": "Written first."}
    again = desk.own.offer("Pay.txt", b"# Pay\n\nWritten second.", who="bo")
    assert again.replaces == "pay"
    desk.own.accept(again.key)
    assert desk.texts() == {"pay": "Written second."}


def test_what_was_removed_since_it_was_shown_is_not_brought_back_by_a_newer_version(desk: Desk) -> None:
    desk.add("pay.md", "# Pay\n\nOne.")
    newer = desk.own.offer("pay.md", b"# Pay\n\nTwo.", who="ann")
    desk.own.remove("pay")
    assert said(lambda: desk.own.accept(newer.key)).startswith("Rejected: Somebody else added or removed")
    assert desk.texts() == {}


def test_a_line_of_a_file_is_not_blamed_for_the_others(desk: Desk) -> None:
    lines = ('{"id": "a", "text": "One."}', "nonsense", '{"id": "c", "text": "- Two\\u200b.\\n\\nThree."}')
    desk.add("faq.jsonl", "\n".join(lines))
    held = {each.id: [found.rule for found in each.complaints] for each in desk.own.sources(None)}
    assert held == {"faq.jsonl#a": ["untitled"], "faq.jsonl#c": ["invisible-characters", "untitled"]}


@pytest.mark.skipif(os.name == "nt", reason="has no such modes")
def test_what_answers_nobody_can_be_looked_at_by_nobody_else(desk: Desk) -> None:
    desk.add("pay.pdf", pdf(column("Seniors earn more.")))
    desk.own.offer("other.md", GUIDE.encode(), who="ann")
    desk.own.remove("pay")
    for name in ("uploads", "removed", "converted"):
        assert (desk.data / name).stat().st_mode & 0o077 == 0, name


def test_a_text_about_pdf_files_is_a_text(desk: Desk) -> None:
    upload = desk.own.offer("formats.md", b"# Formats\n\nA PDF begins with %PDF- and a number.", who="ann")
    assert upload.text == "A PDF begins with %PDF- and a number."
    assert desk.own.offer("scan.md", pdf(column("Hello you")), who="ann").name == "scan.pdf"


def test_what_was_removed_long_ago_goes_when_something_is_added(desk: Desk) -> None:
    desk.add("pay.md", "# Pay\n\nOne.")
    desk.own.remove("pay")
    desk.later(days=31)
    desk.add("other.md", GUIDE)
    assert files(desk.data / "removed") == []
