"""A page is reduced to its article and to what it states about itself."""

from pathlib import Path

import pytest

from knowledge.formats.html import read_html
from knowledge.formats.pieces import Code, Heading, Item, Listing, Paragraph, Piece, Table

DATA = Path(__file__).parent / "data"


def test_page_gives_its_article_only() -> None:
    draft = read_html((DATA / "on-call.html").read_text())
    assert [(type(piece), piece.text) for piece in draft.pieces] == [
        (Heading, "A week on call"),
        (Paragraph, "By Ada Example, May 6, 2023"),
        (Paragraph, "On-call engineers read the <dashboard> first, then C++ or C# logs."),
        (Heading, "Pay"),
        (Heading, "Tools"),
        (Listing, "Pager; Runbook; One page per alert; Dashboards"),
        (Heading, "Severities"),
        (Table, "Level | Answer within\nSEV1 | 5 minutes"),
        (Paragraph, "SLA: A promise about availability"),
        (Code, "tail -f  app.log"),
    ]
    assert draft.stated == {
        "title": "A week on call",
        "author": "Ada Example",
        "date": "2023-05-06",
        "site": "Example Engineering",
        "link": "https://example.org/on-call",
    }


@pytest.mark.parametrize(
    ("html", "pieces"),
    [
        ("plain words", (Paragraph("plain words", 1),)),
        ("<?xml version='1.0'?><p>x</p>", (Paragraph("x", 1),)),
        ("<![0", ()),
        ("<![if IE]>a<![endif]> b <![CDATA[c]]>", (Paragraph("a b", 1),)),
        ("<main></main><p>outside</p>", (Paragraph("outside", 1),)),
        ("<main><p>in</p></main><p>out</p>", (Paragraph("in", 3),)),
        ("<article><p>in</p></article><p>out</p>", (Paragraph("in", 3),)),
        ("<article><p>a</p></article><article><p>b</p></article>", (Paragraph("a", 1), Paragraph("b", 3))),
        ("<header><h1>Site</h1></header><p>text</p>", (Paragraph("text", 1),)),
        ("<section><header><h2>Part</h2></header></section>", (Heading("Part", 2, 1),)),
        ("<p hidden>no</p><div role='navigation'>no</div><p>yes</p>", (Paragraph("yes", 1),)),
        ("<p>a * b_c # d</p><p>- no list</p>", (Paragraph("a * b_c # d", 1), Paragraph("- no list", 3))),
        ("<table><tr><td>1</td><td>2</td></tr></table>", (Table((("1", "2"),), 1),)),
        ("<ol start=3><li>a</li></ol>", (Listing((Item("a", 1, 0, 3),), 1),)),
    ],
)
def test_html_becomes_pieces(html: str, pieces: tuple[Piece, ...]) -> None:
    assert read_html(html).pieces == pieces


@pytest.mark.parametrize(
    ("html", "stated"),
    [
        ("<title>How to Deploy | Some Site</title>", {"title": "How to Deploy"}),
        ("<title>Site</title><meta property='og:title' content='Real'>", {"title": "Real"}),
        ("<a rel=author href='/people/jo'>Jo Doe</a>", {"author": "Jo Doe"}),
        ("<time datetime='2020-02-03T04:05'>then</time>", {"date": "2020-02-03"}),
        ("<meta name=date content='soon'><time datetime='2020-02-03'></time>", {"date": "2020-02-03"}),
        ("<meta name=author content=''>", {}),
    ],
)
def test_page_states_what_its_metadata_says(html: str, stated: dict[str, str]) -> None:
    assert read_html(html).stated == stated
