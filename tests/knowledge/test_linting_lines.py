"""Every place of a document leads back to the line of its file."""

from pathlib import Path

import pytest

from knowledge.corpus.complaints import complain
from knowledge.corpus.reading import read_corpus

MARKDOWN = """---
title: T
---

# T

First words.

- one
- two

| A | B |
|---|---|
| c | d |
| e | f |

## Last
End words.
"""
PLAIN = "Title\n\nA Heading\n\nFirst words of a paragraph that\ngoes on here.\n\n  • one\n\n  • two\n"
PAGE = """<html><head><title>T</title><script>
First words.
</script></head><body>
<nav><a href="/">End words</a></nav>
<h1>T</h1>
<p>First
 <b>words</b> &amp; more.</p>
<ul><li>one</li>
<li>two</li></ul>
<!-- End words. -->
<p>End words.</p></body></html>
"""
LINE = (
    '{"id": "a", "text": "Empty"}\n{"id": "b", "title": "B", "text": "B\\n\\nFirst words.\\n\\nEnd words."}\n'
)


@pytest.mark.parametrize(
    ("name", "content", "lines"),
    [
        ("a.md", MARKDOWN, {"First": 7, "one": 9, "two": 10, "A |": 12, "c |": 14, "e |": 15, "Last": 17}),
        ("a.txt", PLAIN, {"A Heading": 3, "First": 5, "goes on": 5, "one": 8, "two": 10}),
        ("a.html", PAGE, {"First": 6, "one": 8, "two": 9, "End": 11}),
        ("a.jsonl", LINE, {"First": 2, "End": 2}),
    ],
)
def test_a_place_in_a_document_leads_to_the_line_of_its_file(
    tmp_path: Path, name: str, content: str, lines: dict[str, int]
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    document = read_corpus([tmp_path]).documents[-1]
    assert {said: document.line_at(document.text.index(said)) for said in lines} == lines


def test_a_page_that_says_everything_twice_is_followed_in_its_order(tmp_path: Path) -> None:
    rows = "".join(f"<h2>Part {n}</h2>\n<p>The same words again.</p>\n" for n in range(50))
    (tmp_path / "a.html").write_text(f"<h1>T</h1>\n{rows}", "utf-8")
    (document,) = read_corpus([tmp_path]).documents
    starts = [section.blocks[0].start for section in document.sections if section.blocks]
    assert [document.line_at(start) for start in starts] == list(range(3, 103, 2))


def test_what_has_no_words_has_no_line(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<h1>T</h1>\n<p>…</p>\n<p>Words.</p>", "utf-8")
    (document,) = read_corpus([tmp_path]).documents
    assert document.line_at(document.text.index("Words")) == 3


def test_what_stood_around_an_article_is_told_with_its_words(tmp_path: Path) -> None:
    page = (
        "<script>x</script><nav>Home</nav><header><form><input></form></header><main><h1>T</h1><p>Words.</p>"
        "</main><aside>Prices rise in May.</aside><footer><span>Imprint</span></footer>"
    )
    (tmp_path / "a.html").write_text(page, "utf-8")
    (complaint,) = read_corpus([tmp_path]).complaints
    assert (complaint.rule, complaint.line) == ("page-around", None)
    assert complaint.message == (
        "Left out around the article: 1 script, 1 menu, 1 form, 1 aside, 1 footer; "
        "6 words, the most in “Prices rise in May.”."
    )


def test_a_page_with_nothing_around_its_article_has_no_complaint(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<style>p {}</style><h1>T</h1><p>Words <img src=x>.</p>", "utf-8")
    assert read_corpus([tmp_path]).complaints == ()


def test_a_complaint_tells_how_often_its_rule_was_broken(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# T\n\nWords.\n\n3 min read\n\nMore.\n\n4 min read\n", "utf-8")
    (complaint,) = read_corpus([tmp_path]).complaints
    assert (complaint.rule, complaint.times, complaint.line) == ("reading-time", 2, 5)
    assert complain("empty", "a.md", "Empty.").times == 1


def test_garbled_characters_are_shown_with_what_stands_around_them(tmp_path: Path) -> None:
    text = f"# T\n\n{'Plain words. ' * 9}And then, in the middle of it, itâ€™s garbled.\n"
    (tmp_path / "a.md").write_text(text, "utf-8")
    (complaint,) = read_corpus([tmp_path]).complaints
    assert complaint.message == (
        "Garbled characters repaired or dropped: “then, in the middle of it, itâ€™s garbled.”."
    )


def test_garbled_characters_of_a_page_are_placed_on_its_line(tmp_path: Path) -> None:
    page = "<h1>T</h1>\n<p>It is so.</p>\n<p class='x'>\nItâ€™s so.</p>"
    (tmp_path / "a.html").write_text(page, "utf-8")
    (complaint,) = read_corpus([tmp_path]).complaints
    assert (complaint.rule, complaint.line) == ("mojibake", 4)
