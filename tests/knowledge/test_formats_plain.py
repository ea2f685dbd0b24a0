"""Plain text shows its structure by the looks of its lines."""

import pytest

from knowledge.formats.pieces import Heading, Listing, Paragraph
from knowledge.formats.plain import read_plain
from knowledge.formats.shapes import heading_like


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Core Skills and Tools", True),
        ("Who Are They?", True),
        ("how do they do it?", True),
        ("Backend Engineers & Coffee: Why Espresso?", True),
        ("“Quoted” Heading", True),
        ("后端工程师", True),
        ("后端工程师写服务器逻辑。", False),
        ("Espresso = pure focus fuel.", False),
        ("They create systems that:", False),
        ("and so on", False),
        ("Really? Yes?", False),
        ("***", False),
        ("A heading of so very many words that nobody would ever print it that way", False),
        ("A" * 81, False),
    ],
)
def test_headings_are_short_lines_that_are_no_sentences(line: str, expected: bool) -> None:
    assert heading_like(line) is expected


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("Skills\n\nThey know SQL.", ["H Skills", "P They know SQL."]),
        ("Skills\n- SQL\n- Go", ["H Skills", "L SQL|Go"]),
        ("  • a\n    \n\n  • b\n\n\n  • c", ["L a|b|c"]),
        ("- a\n  wrapped\nand more\n- b", ["L a wrapped and more|b"]),
        ("- a\n\n    its second paragraph\n\n- b", ["L a its second paragraph|b"]),
        ("- a\nNot part of it.", ["L a", "P Not part of it."]),
        ("- a\n  - b\n    - c\n  - d\n- e", ["L a|>b|>>c|>d|e"]),
        ("  - a\n- b", ["L a|b"]),
        ("• - twice marked", ["L twice marked"]),
        ("o  word bullet\no  other", ["L word bullet|other"]),
        ("1. one\n2. two\n\n- three", ["L 1=one|2=two", "L three"]),
        ("1) one\n\n2) two\n\nProse comes after.", ["L 1=one|2=two", "P Prose comes after."]),
        (
            "1. Curious\n\nThey ask.\n\n2. Careful\n\nThey test.",
            ["H 1=Curious", "P They ask.", "H 2=Careful", "P They test."],
        ),
        ("Text.\n\n7. A sentence, numbered.\n\nText.", ["P Text.", "L 7=A sentence, numbered.", "P Text."]),
        ("Text.\n\n3. Last", ["P Text.", "L 3=Last"]),
        ("Twice\nTwice\n\nText.", ["H Twice", "P Text."]),
        ("Depth 85/10\nTalk 55/10\nDocs 60/10", ["L Depth 85/10|Talk 55/10|Docs 60/10"]),
        (
            "Overview\nThis is a long line of prose that stands under it.",
            ["H Overview", "P This is a long line of prose that stands under it."],
        ),
        (
            "Engineers who build things that\nnobody sees but everybody uses.",
            ["P Engineers who build things that nobody sees but everybody uses."],
        ),
        ("word " * 30 + "end.\nNext one.", ["P " + "word " * 30 + "end.", "P Next one."]),
        # a paragraph wrapped at a column is one, whatever its lines begin with
        (
            "The rota is kept by those who use it, and by nobody\nelse. It was moved last year to the shiny "
            "new\nPostgreSQL server,\nwhich is\n2. in the list.",
            [
                "P The rota is kept by those who use it, and by nobody else. It was moved last year to "
                "the shiny new PostgreSQL server, which is 2. in the list."
            ],
        ),
        (
            "One sentence that is wrapped at the column where its\nother lines all end, as they "
            "do.\nAnother begins below it and is wrapped there too, but\nends.",
            [
                "P One sentence that is wrapped at the column where its other lines all end, as they do.",
                "P Another begins below it and is wrapped there too, but ends.",
            ],
        ),
        (
            "The rota is kept by the people who use it, and by nobody\nelse.\n\nKept by Ann, Bob, and Cat\n"
            "Printed by Eve in a shed.",
            [
                "P The rota is kept by the people who use it, and by nobody else.",
                "P Kept by Ann, Bob, and Cat",
                "P Printed by Eve in a shed.",
            ],
        ),
        # lines that are not wrapped are what their author made them
        (
            "Kept by the Tuesday group\nThe last frost is on 14 May.",
            ["P Kept by the Tuesday group", "P The last frost is on 14 May."],
        ),
        (
            "It smells of bad eggs: too wet.\nNothing happens at all: too dry.\nRats: cooked food.",
            ["L It smells of bad eggs: too wet.|Nothing happens at all: too dry.|Rats: cooked food."],
        ),
        (
            "- an item that is wrapped by somebody at the\nColumn where\nall lines end\n- next",
            ["L an item that is wrapped by somebody at the Column where all lines end|next"],
        ),
        ("Top\n===\n\nx.\n\nLow\n---\n\ny.", ["H Top", "P x.", "H Low", "P y."]),
        ("=====\nTop\n=====\n\nx.\n\n* * *\n\ny.", ["H Top", "P x.", "P y."]),
        ("== Wiki ==\nx.", ["H Wiki", "P x."]),
        ("METHOD:\n\nx.\n\nCore Skills:\n\n- y", ["H METHOD", "P x.", "H Core Skills", "L y"]),
        ("They know two:\n\n- y", ["P They know two:", "L y"]),
        ("a) one\nb) two", ["L one|two"]),
        ("> Said by\n> another.\n> 5 is less.", ["P Said by another. > 5 is less."]),
        ("Site\nSite\nA Title: Of Things\n\nText.", ["H Site", "H A Title: Of Things", "P Text."]),
        ("Q: How?\nA: So.", ["H How?", "P So."]),
        (
            "Q1. How is it done by those\nwho know?\n\nAnswer: So\nand so.",
            ["H How is it done by those who know?", "P So and so."],
        ),
        ("Question: How? So.\nQ: Why? And why not?", ["H How?", "P So.", "H Why? And why not?"]),
        ("Q: is a letter.", ["P Q: is a letter."]),
        ("2024 was a good year for it.", ["P 2024 was a good year for it."]),
        ("*starred* no bullet.", ["P *starred* no bullet."]),
        ("-5 degrees.", ["P -5 degrees."]),
        ("", []),
    ],
)
def test_lines_become_pieces(text: str, shape: list[str]) -> None:
    assert [_shown(piece) for piece in read_plain(text)] == shape


def _shown(piece: object) -> str:
    match piece:
        case Heading(text=text, number=number):
            return f"H {_numbered(text, number)}"
        case Paragraph(text=text):
            return f"P {text}"
        case Listing(items=items):
            return "L " + "|".join(">" * item.depth + _numbered(item.text, item.number) for item in items)
    raise AssertionError(piece)


def _numbered(text: str, number: int | None) -> str:
    return text if number is None else f"{number}={text}"
