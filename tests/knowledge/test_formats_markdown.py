"""Markdown is reduced to what a reader reads, with its structure."""

import pytest

from knowledge.formats.markdown import looks_like_markdown, read_markdown
from knowledge.formats.pieces import Code, Heading, Item, Listing, Paragraph, Piece, Table


@pytest.mark.parametrize(
    ("markdown", "piece"),
    [
        ("## Closed ##", Heading("Closed", 2, 1)),
        ("Setext\n------", Heading("Setext", 2, 1)),
        ("wrapped *over*\ntwo **lines**", Paragraph("wrapped over two lines", 1)),
        ("a [link](http://x.y) and `code`", Paragraph("a link and code", 1)),
        ("seen ![alt text](x.png) here", Paragraph("seen here", 1)),
        ("[![badge](b.png)](x) left", Paragraph("left", 1)),
        ("~~gone~~ stays", Paragraph("gone stays", 1)),
        ("in <b>bold</b> and<br>broken", Paragraph("in bold and broken", 1)),
        ("not <script>evil()</script>this", Paragraph("not this", 1)),
        ("see <https://x.y>", Paragraph("see https://x.y", 1)),
        ("<div>block <i>text</i></div>", Paragraph("block text", 1)),
        ("> quoted", Paragraph("quoted", 1)),
        ("> [!NOTE]\n> quoted", Paragraph("quoted", 2)),
        ('!!! warning "Stove"\n    hot', Paragraph("Stove: hot", 1)),
        ("??? note\n\n    cold\n", Paragraph("cold", 3)),
        (":::tip\nwarm\n:::", Paragraph("warm", 2)),
        ("## Named {#name}", Heading("Named", 2, 1)),
        ("**Bold Heading**", Heading("Bold Heading", 1, 1)),
        ("**A bold sentence.**", Paragraph("A bold sentence.", 1)),
        ("**Bold** words", Paragraph("Bold words", 1)),
        ("a[^1] b[^2]\n\n[^3]: unused", Paragraph("a[^1] b[^2]", 1)),
        ("```\n!!! note\n    x\n[^1]: y\n```", Code("!!! note\n    x\n[^1]: y", 1)),
        ("[one](#a) two [three](#b)", Paragraph("one two three", 1)),
        ("- [one](/a)\n- [two](/b)", Listing((Item("one", 1), Item("two", 2)), 1)),
        ("takes __READING_TIME__ minutes", Paragraph("takes __READING_TIME__ minutes", 1)),
        ("is __BIG__ here", Paragraph("is BIG here", 1)),
        ("```py\nx = 1\n\ny\n```", Code("x = 1\n\ny", 1)),
        ("    indented", Code("indented", 1)),
        ("|a|b|\n|-|-|\n|1|*2*|", Table((("a", "b"), ("1", "2")), 1)),
        ("| | |\n|-|-|\n|1|2|", Table((("1", "2"),), 1)),
    ],
)
def test_markdown_becomes_one_piece(markdown: str, piece: Piece) -> None:
    assert read_markdown(markdown) == (piece,)


@pytest.mark.parametrize(
    "markdown",
    [
        "<!-- hidden -->",
        "<style>p {}</style>",
        "---",
        "[ref]: http://x.y",
        "```\n\n```",
        "| |\n|-|",
        "-",
        "",
        "[TOC]",
        "{: .no_toc}",
        "[a](/) | [b](/b)",
        "- [a](#a)\n- [b](#b)\n  - [c](#c)",
        "{% include menu.html %}",
    ],
)
def test_what_nobody_reads_becomes_nothing(markdown: str) -> None:
    assert read_markdown(markdown) == ()


@pytest.mark.parametrize(
    ("markdown", "items"),
    [
        ("- a\n\n- b", [("a", 0, None), ("b", 0, None)]),
        ("- a\n  - b\n    - c\n- d", [("a", 0, None), ("b", 1, None), ("c", 2, None), ("d", 0, None)]),
        ("3. a\n4. b\n   - c", [("a", 0, 3), ("b", 0, 4), ("c", 1, None)]),
        ("1. a\n1. b", [("a", 0, 1), ("b", 0, 2)]),
        ("- a\n\n  more\n\n  > quoted\n\n      code", [("a more quoted code", 0, None)]),
        ("- > - deep\n  >   text", [("deep text", 0, None)]),
        ("- <div>html</div>", [("html", 0, None)]),
        ("- # heading", [("heading", 0, None)]),
        ("- [ ] open\n- [x] done", [("open", 0, None), ("done", 0, None)]),
        ("- - only nested", [("only nested", 0, None)]),
        (
            "Depth 85/10\nTalk 55/10\nDocs 60/10",
            [("Depth 85/10", 0, None), ("Talk 55/10", 0, None), ("Docs 60/10", 0, None)],
        ),
        (
            "Cache: Redis\nQueue: Kafka, or SQS",
            [("Cache: Redis", 0, None), ("Queue: Kafka, or SQS", 0, None)],
        ),
    ],
)
def test_list_items_keep_order_depth_and_number(
    markdown: str, items: list[tuple[str, int, int | None]]
) -> None:
    (listing,) = read_markdown(markdown)
    assert isinstance(listing, Listing)
    assert [(item.text, item.depth, item.number) for item in listing.items] == items


def test_footnotes_stand_below_what_mentions_them() -> None:
    text = "One[^a] and[^b].\n\n- two[^b]\n\n|x[^a]|\n|-|\n\n[^a]: First;\n    more.\n[^b]: Second."
    assert [piece.text for piece in read_markdown(text)] == [
        "One and.",
        "First; more.",
        "Second.",
        "two",
        "Second.",
        "x",
        "First; more.",
    ]


def test_questions_head_their_answers() -> None:
    text = "# T\n\n**Q: How?**\n\nA: So.\n\nQ: Why?\nA: Because."
    assert read_markdown(text) == (
        Heading("T", 1, 1),
        Heading("How?", 2, 3),
        Paragraph("So.", 5),
        Heading("Why?", 2, 7),
        Paragraph("Because.", 8),
    )


def test_lines_are_counted_from_the_first_line_of_the_file() -> None:
    assert read_markdown("# A\n\n- b", first_line=5) == (
        Heading("A", 1, 5),
        Listing((Item("b", 7),), 7),
    )


def test_long_line_in_a_wrapped_paragraph_does_not_part_it() -> None:
    assert read_markdown("word " * 40 + "\nand on") == (Paragraph("word " * 40 + "and on", 1),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Title\n\ntext", True),
        ("some **bold** words", True),
        ("see [it](https://x.y)", True),
        ("```\ncode\n```", True),
        ("| a | b |\n|---|---|\n| 1 | 2 |", True),
        ("Title\n\n- bullet\n\n1. one", False),
        ("a #hashtag and 2 ** 3 ** 4", False),
    ],
)
def test_markdown_is_told_from_plain_text(text: str, expected: bool) -> None:
    assert looks_like_markdown(text) is expected
