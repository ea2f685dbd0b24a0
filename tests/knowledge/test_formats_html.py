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


PROSE = "<h1>T</h1><p>Enough prose to be the greater part of a page, as articles are.</p>"


@pytest.mark.parametrize(
    "around",
    [
        "<div id='menu'><a href='/'>Start</a> | <a href='/m'>Map</a></div>",
        "<ul class='top-nav'><li><a href='/'>Start</a></li></ul>",
        "<div class='breadcrumbs'><a href='/'>Start</a> » Here</div>",
        "<table><tr><td><a href='/'>Start</a></td><td><a href='/m'>Map</a></td></tr></table>",
        "<p><a href='/a'>Older</a> | <a href='/b'>Newer</a></p>",
        "<ul><li><a href='#a'>A</a></li><li><a href='#b'>B</a></li></ul>",
        "<div class='cookieBanner'>We value your privacy. <a href='/p'>More</a></div>",
        "<div class='share_bar'>Share: Mail</div>",
        "<div class='related-posts'><h3>More</h3><p>Our office dog</p></div>",
        "<div id='comments' class='comments-area'><h3>2 thoughts</h3><p>First!</p></div>",
        "<p class='foot'>Printed pages are out of date.</p>",
        "<div style='display:none'>Unseen</div>",
        "<hr><p><small>Printed on recycled paper.</small></p>",
    ],
)
def test_what_stands_around_an_article_goes(around: str) -> None:
    texts = [piece.text for piece in read_html(f"<body>{around}{PROSE}</body>").pieces]
    below = [piece.text for piece in read_html(f"<body>{PROSE}{around}</body>").pieces]
    article = [piece.text for piece in read_html(PROSE).pieces]
    assert below == article
    assert texts == article or "<hr>" in around


@pytest.mark.parametrize(
    ("part", "texts"),
    [
        ("<h2>Lunch</h2><div class='menu'><p>Soup, 4 euros</p></div>", ["Lunch", "Soup, 4 euros"]),
        (
            "<section id='footer'><h2>Footer</h2><p>Pages have one.</p></section>",
            ["Footer", "Pages have one."],
        ),
        (
            "<h2>Stores</h2><ul><li><a href='/a'>Redis</a></li><li><a href='/b'>etcd</a></li></ul>",
            ["Stores", "Redis; etcd"],
        ),
        ("<h2>Stores</h2><p><a href='/a'>Redis</a>, <a href='/b'>etcd</a></p>", ["Stores", "Redis, etcd"]),
        ("<pre><code><div class='comment'># why</div></code></pre>", ["# why"]),
        ("<hr><p>The end.</p>", ["The end."]),
        ("<h2>Old [<a href='/e'>edit</a>]</h2><p>x</p>", ["Old", "x"]),
        (
            "<table><tr><td><h2>Laid out</h2><table><tr><td>1</td><td>2</td></tr></table></td></tr></table>",
            ["Laid out", "1 | 2"],
        ),
    ],
)
def test_part_of_an_article_stays_whatever_it_is_called(part: str, texts: list[str]) -> None:
    article = len(read_html(PROSE).pieces)
    assert [piece.text for piece in read_html(f"<body>{PROSE}{part}</body>").pieces[article:]] == texts


def test_page_inside_a_block_named_after_its_sidebar_stays() -> None:
    assert len(read_html(f"<body class='sidebar'><div class='footer'>{PROSE}</div></body>").pieces) == 2


def test_folded_parts_have_headings_side_by_side() -> None:
    folded = "".join(f"<details><summary>{name}?</summary><p>{name}.</p></details>" for name in "AB")
    assert read_html(f"<h2>FAQ</h2>{folded}").pieces == (
        Heading("FAQ", 2, 1),
        Heading("A?", 3, 3),
        Paragraph("A.", 5),
        Heading("B?", 3, 7),
        Paragraph("B.", 9),
    )


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
