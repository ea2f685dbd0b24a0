"""Titles, heading levels, steps, placeholders and empty sections are found by general rules."""

import pytest

from knowledge.corpus.composing import Raw, compose
from knowledge.corpus.statements import Statement
from knowledge.entities import Document


def document(text: str, form: str = ".txt", title: str | None = None) -> Document:
    said = {"title": title} if title else {}
    composed = compose(Raw("doc", "doc", text, form), Statement(said=said))
    assert composed.document is not None
    return composed.document


BODY = "A platform engineer builds platforms. Platform engineers automate."


@pytest.mark.parametrize(
    ("lines", "known", "title", "left"),
    [
        ("Platform Engineer", None, "Platform Engineer", []),
        ("Tech Careers\n\nPlatform Engineer", None, "Platform Engineer", []),
        ("Platform Engineer\n\nQuick Summary", None, "Platform Engineer", ["Quick Summary"]),
        ("Jobs\n\nPlatform Engineer\n\nQuick Summary", None, "Platform Engineer", ["Quick Summary"]),
        ("All About Us\n\nAll About Us\n\nPlatform Engineer", None, "All About Us", ["Platform Engineer"]),
        ("All About Us\nAll About Us", None, "All About Us", []),
        (
            "Our Careers Guide\n\nWhat Is a Platform Engineer?",
            None,
            "Our Careers Guide",
            ["What Is a Platform Engineer?"],
        ),
        (
            "Who Are They?\n\nOther Things\n\nWho Are They?",
            None,
            "Who Are They?",
            ["Other Things", "Who Are They?"],
        ),
        ("One\n\nTwo", None, "One", ["Two"]),
        ("The Of", None, "The Of", []),
        ("Jobs\n\nPLATFORM engineer", "Platform Engineer", "Platform Engineer", []),
        ("Platform Engineer\n\nSummary", "Platform Engineer", "Platform Engineer", ["Summary"]),
        ("Jobs\n\nSummary", "A Known Title", "A Known Title", ["Summary"]),
        ("Summary", "A Known Title", "A Known Title", ["Summary"]),
        # the byline parts what stands above the title from the first section
        ("Jobs\n\nWho Builds It\n\nBy Jane Doe\n\nPlatform", None, "Who Builds It", ["Platform"]),
        ("Platform\nA short guide\n\nBy Jane Doe\n\nSummary", None, "Platform", ["Summary"]),
        ("Jobs Jobs\nJobs Jobs\nPlatforms\n\nBy Jane Doe", None, "Platforms", []),
    ],
)
def test_title_of_plain_text_is_the_leading_line_that_describes_it(
    lines: str, known: str | None, title: str, left: list[str]
) -> None:
    found = document(f"{lines}\n\n{BODY}\n\nMore\n\n{BODY}", title=known)
    assert found.title == title
    assert [section.headings[-1] for section in found.sections if section.headings] == [*left, "More"]


@pytest.mark.parametrize(
    ("text", "known", "title", "paths"),
    [
        ("# T\n\n## A\n\nx", None, "T", [("A",)]),
        ("# T\n\n## A\n\nx", "K", "K", [("A",)]),
        ("# T\n\nx\n\n# A\n\nx", None, "T", [(), ("A",)]),
        ("# A\n\nx\n\n# B\n\nx", "K", "K", [("A",), ("B",)]),
        ("# A\n\nx\n\n# K\n\nx", "K", "K", [("A",), ("K",)]),
        ("## A\n\nx\n\n# T\n\nx", None, "doc", [("A",), ("T",)]),
        ("## A\n\n#### B\n\nx\n\n### C\n\nx", "K", "K", [("A",), ("A", "B"), ("A", "C")]),
    ],
)
def test_title_of_markdown_is_its_first_heading_of_level_one(
    text: str, known: str | None, title: str, paths: list[tuple[str, ...]]
) -> None:
    found = document(text, ".md", known)
    assert found.title == title
    assert [section.headings for section in found.sections] == paths


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        # nothing under a heading: an empty section, not a parent
        ("Pay\n\nTools\n\nSkills\n\nx.", ["Pay", "Tools", "Skills"]),
        # a name that needs another one above it
        (
            "Core Skills\n\nTechnical\n\n- x\n\nSoft\n\n- y\n\nIndustries\n\n- z",
            ["Core Skills", "Core Skills/Technical", "Core Skills/Soft", "Industries"],
        ),
        ("Choices\n\nPros\n\n- x\n\nDon’ts\n\n- y", ["Choices", "Choices/Pros", "Choices/Don’ts"]),
        (
            "How to Become One\n\nTypical Background\n\n- x\n\nSteps\n\n- y\n\nPay\n\nz.",
            ["How to Become One", "How to Become One/Typical Background", "How to Become One/Steps", "Pay"],
        ),
        ("Pay\n\nBackground\n\nx.", ["Pay", "Background"]),
        ("Pay\n\nTechnical\n\nSoft\n\nx.", ["Pay", "Technical", "Soft"]),
        ("Technical\n\nSoft\n\nx.", ["Technical", "Soft"]),
        # a list that announces the headings after it
        (
            "Duties\n\nTwo:\n\n- Logic.\n- API design.\n\nLogic\n\nx.\n\nAPI Design\n\ny.\n\nPay\n\nz.",
            ["Duties", "Duties/Logic", "Duties/API Design", "Pay"],
        ),
        ("Duties\n\n- Logic.\n- Pay.\n\nLogic\n\nx.\n\nEnd\n\ny.", ["Duties", "Logic", "End"]),
        # numbers
        (
            "Traits\n\n1. Curious\n\nx.\n\n2. Careful\n\ny.\n\nPay\n\nz.",
            ["Traits", "Traits/Curious", "Traits/Careful", "Pay"],
        ),
        (
            "Traits\n\nThere are two:\n\n1. Curious\n\nx.\n\n2. Careful\n\ny.",
            ["Traits", "Traits/Curious", "Traits/Careful"],
        ),
        (
            "Intro\n\nx.\n\n1. First\n\nx.\n\nDetail\n\nx.\n\n2. Second\n\ny.\n\nEnd\n\nz.",
            ["Intro", "First", "First/Detail", "Second", "End"],
        ),
        ("Traits\n\n1. One\n\nx.\n\n1. Other\n\ny.", ["Traits", "Traits/One", "Other"]),
        ("Traits\n\n2. Two\n\nx.", ["Traits", "Two"]),
        ("Pay\n\nx.\n\nLast", ["Pay", "Last"]),
    ],
)
def test_headings_of_plain_text_nest_where_something_shows_it(text: str, paths: list[str]) -> None:
    found = document(f"Title\n\n{BODY}\n\n{text}", title="Title")
    assert ["/".join(section.headings) for section in found.sections[1:]] == paths


@pytest.mark.parametrize(
    ("markdown", "kind"),
    [
        ("## Skills\n\n- Learn SQL.", "list"),
        ("## Skills\n\n1. Learn SQL.", "steps"),
        ("## Steps\n\n- Learn SQL.", "steps"),
        ("## Your Roadmap\n\n- SQL", "steps"),
        ("## How to Deploy\n\n- Build it.\n- Push it.", "steps"),
        ("## How Do I Deploy?\n\n- Build it.", "steps"),
        ("## How to Know\n\n- You like logic.\n- Try it.", "list"),
        ("## How to Choose\n\n- Languages: Go", "list"),
        ("## How to Choose\n\n- Understanding of SQL", "list"),
        ("## Way\n\nFollow these steps:\n\n- SQL", "steps"),
        ("## Way\n\nNo steps are given.\n\n- SQL", "list"),
        ("## Steps\n\n### Tools\n\n- SQL", "list"),
        ("- Learn SQL.", "list"),
    ],
)
def test_lists_are_steps_where_their_order_matters(markdown: str, kind: str) -> None:
    blocks = [block for section in document(markdown, ".md").sections for block in section.blocks]
    assert blocks[-1].kind == kind


@pytest.mark.parametrize(
    "filler",
    [
        "TBD",
        "N/A",
        "To do.",
        "Coming soon!",
        "Content coming soon…",
        "To be announced",
        "No prerequisites listed yet.",
        "There are no open roles available at this time.",
        "Nothing here yet.",
        "Lorem ipsum dolor sit amet, consectetur.",
        "Not yet described.",
        "Information will follow.",
        "Details to follow.",
        "More soon",
        "More to come…",
        "Under construction",
        "This section is still under construction. Please check back soon!",
        "(To be written.)",
        "[TODO: describe the pay bands]",
        "Has yet to be decided.",
        "This page is intentionally left blank.",
        "Content has not been added yet.",
        "Nothing yet.",
        "???",
        "—",
    ],
)
def test_filler_makes_a_section_empty_and_is_not_quoted(filler: str) -> None:
    found = document(f"# T\n\nx\n\n## Pay\n\n{filler}\n\n## Tools\n\n- TBD\n- TBA\n", ".md")
    assert [(s.placeholder, s.empty, s.blocks) for s in found.sections[1:]] == [
        (filler, True, ()),
        ("TBD; TBA", True, ()),
    ]
    assert found.text == "x\n\nPay\n\nTools"


@pytest.mark.parametrize(
    "sentence",
    [
        "No prerequisites.",
        "No degree is listed as required.",
        "N/A means not applicable.",
        "There is no downtime.",
        "Not known.",
        "More soon became less.",
        "The date will be announced by the board in May.",
        "It is not yet decided who pays.",
        "Work in progress is limited to three cards.",
        "To be written in Go, a service needs a champion.",
    ],
)
def test_statement_that_something_is_absent_is_content(sentence: str) -> None:
    found = document(f"# T\n\n## Pay\n\n{sentence}", ".md")
    assert (found.sections[0].empty, found.sections[0].placeholder) == (False, None)


def test_section_is_empty_only_if_all_below_it_is() -> None:
    found = document(
        "# T\n\n## Z\n\n## A\n\n### B\n\n#### C\n\nx\n\n### D\n\n## E\n\n### F\n\n### G\n\nTBD", ".md"
    )
    empty = {section.headings: section.empty for section in found.sections}
    assert empty == {
        ("Z",): True,
        ("A",): False,
        ("A", "B"): False,
        ("A", "B", "C"): False,
        ("A", "D"): True,
        ("E",): True,
        ("E", "F"): True,
        ("E", "G"): True,
    }


def test_filler_before_the_first_heading_is_no_section() -> None:
    found = document("# T\n\nTBD\n\n## A\n\nx", ".md")
    assert [(section.headings, section.placeholder) for section in found.sections] == [(("A",), None)]


def test_heading_without_words_heads_nothing() -> None:
    found = document("# T\n\n## A\n\nx\n\n## ![](i.png)\n\ny", ".md")
    assert [(section.headings, len(section.blocks)) for section in found.sections] == [(("A",), 2)]


def test_text_is_canonical_and_every_place_in_it_is_exact() -> None:
    found = document(
        "# T\n\nIntro\nwraps.\n\n## A\n\n* one\n  * two\n\n3. three\n4. four\n\n"
        "|a|b|\n|-|-|\n|1|2|\n\n```\nx\n\ny\n```\n",
        ".md",
    )
    assert found.text == (
        "Intro wraps.\n\nA\n\n- one\n  - two\n\n3. three\n4. four\n\na | b\n1 | 2\n\nx\n\ny"
    )
    intro, section = found.sections
    assert found.text[intro.start : intro.end] == "Intro wraps."
    assert found.text[section.start : section.end] == found.text[len("Intro wraps.\n\n") :]
    assert [(block.kind, found.text[block.start : block.end]) for block in section.blocks] == [
        ("list", "- one\n  - two"),
        ("steps", "3. three\n4. four"),
        ("table", "a | b\n1 | 2"),
        ("code", "x\n\ny"),
    ]
    assert [found.text[start:end] for block in section.blocks for start, end in block.items] == [
        "one",
        "two",
        "three",
        "four",
    ]
