"""The four articles as found are read as a careful reader reads them."""

import re
from pathlib import Path

import pytest

from knowledge.corpus.reading import Corpus, read_corpus
from knowledge.entities import Document

pytestmark = pytest.mark.seeds


@pytest.fixture
def corpus(seeds: Path) -> Corpus:
    return read_corpus([seeds])


@pytest.fixture
def articles(corpus: Corpus) -> dict[str, Document]:
    """The articles by the number their names begin with."""
    return {document.id[:3]: document for document in corpus.documents}


def paths(document: Document) -> list[str]:
    return [" › ".join(section.headings) for section in document.sections]


def items(document: Document, heading: str) -> list[str]:
    (section,) = (section for section in document.sections if section.headings[-1:] == (heading,))
    return [document.text[start:end] for block in section.blocks for start, end in block.items]


def test_titles_are_those_of_the_articles(articles: dict[str, Document]) -> None:
    assert {number: document.title for number, document in articles.items()} == {
        "000": "Inside the Mind of a Backend Engineer",
        "001": "Backend Engineer",
        "002": "Backend Engineer",
        "003": "What Does a Backend Engineer ACTUALLY Do?",
    }


def test_author_and_date_are_known_where_stated(articles: dict[str, Document]) -> None:
    stated = {number: (document.origin.author, document.origin.date) for number, document in articles.items()}
    assert stated.pop("000") == ("huyennt", "2025-04-14")
    assert set(stated.values()) == {(None, None)}


def test_heading_paths_follow_the_articles(articles: dict[str, Document]) -> None:
    assert paths(articles["000"]) == [
        "",
        "Who Are Backend Engineers?",
        "Key Traits of a Backend Engineer",
        "Key Traits of a Backend Engineer › Problem Solver at Heart",
        "Key Traits of a Backend Engineer › Detail-Oriented",
        "Key Traits of a Backend Engineer › Performance Obsessed",
        "Key Traits of a Backend Engineer › Quiet but Powerful",
        "Common Tech Stack",
        "What Keeps Them Up at Night?",
        "Backend Engineers & Coffee: Why Espresso?",
        "A Day in the Life",
        "Why Backend Engineers Are Essential",
        "Conclusion",
    ]
    assert paths(articles["001"]) == [
        "Quick Summary",
        "Day in the Life",
        "Core Competencies",
        "Salary by Region",
        "Tools & Proficiencies",
        "Career Progression",
        "Prerequisite Roles",
    ]
    assert paths(articles["002"]) == [
        "",
        "What is a Backend Engineer?",
        "What They Do (Day to Day)",
        "Core Skills and Tools",
        "Core Skills and Tools › Technical",
        "Core Skills and Tools › Soft",
        "How to Become a Backend Engineer",
        "How to Become a Backend Engineer › Typical Background",
        "How to Become a Backend Engineer › Steps",
        "Leading Industries",
        "Is This Role Right for You?",
    ]
    duties = "What are the responsibilities of a backend engineer?"
    assert paths(articles["003"]) == [
        "",
        "What does a backend engineer do?",
        duties,
        f"{duties} › Software logic",
        f"{duties} › API design and development",
        f"{duties} › Database management",
        f"{duties} › Third-party services",
        f"{duties} › Infrastructure operations",
        "What skills do you need to become a backend engineer?",
        "Key Takeaways",
    ]


def test_empty_sections_are_remembered(articles: dict[str, Document]) -> None:
    empty = {
        (number, section.headings[-1]): section.placeholder
        for number, document in articles.items()
        for section in document.sections
        if section.empty
    }
    assert empty == {
        ("001", "Salary by Region"): None,
        ("001", "Tools & Proficiencies"): None,
        ("001", "Career Progression"): None,
        ("001", "Prerequisite Roles"): "No prerequisites listed yet.",
    }


@pytest.mark.parametrize(
    ("number", "heading", "count"),
    [
        ("000", "Who Are Backend Engineers?", 5),
        ("000", "Common Tech Stack", 5),
        ("000", "What Keeps Them Up at Night?", 5),
        ("000", "Backend Engineers & Coffee: Why Espresso?", 3),
        ("000", "A Day in the Life", 4),
        ("000", "Why Backend Engineers Are Essential", 5),
        ("001", "Core Competencies", 5),
        ("002", "What They Do (Day to Day)", 7),
        ("002", "Technical", 7),
        ("002", "Soft", 5),
        ("002", "Typical Background", 3),
        ("002", "Steps", 7),
        ("002", "Leading Industries", 6),
        ("002", "Is This Role Right for You?", 5),
        ("003", "What are the responsibilities of a backend engineer?", 5),
        ("003", "What skills do you need to become a backend engineer?", 7),
    ],
)
def test_lists_are_whole(articles: dict[str, Document], number: str, heading: str, count: int) -> None:
    assert len(items(articles[number], heading)) == count


def test_only_the_seven_steps_are_ordered(articles: dict[str, Document]) -> None:
    ordered = [
        (number, section.headings[-1], len(block.items))
        for number, document in articles.items()
        for section in document.sections
        for block in section.blocks
        if block.kind == "steps"
    ]
    assert ordered == [("002", "Steps", 7)]
    first_words = [item.split()[0] for item in items(articles["002"], "Steps")]
    assert first_words == ["Learn", "Understand", "Learn", "Build", "Study", "Deploy", "Work"]


def test_scores_are_kept_as_printed(articles: dict[str, Document]) -> None:
    scores = items(articles["001"], "Core Competencies")
    assert [score.split()[-1] for score in scores] == ["85/10", "75/10", "55/10", "75/10", "60/10"]


def test_tagline_under_the_title_is_content(articles: dict[str, Document]) -> None:
    assert articles["002"].text.startswith("Designs APIs, business logic, and database layers")


@pytest.mark.parametrize(
    "dirt",
    [
        r"READING_TIME|min read|Reading Time",
        r"huyennt|April|Maddy",
        r"espresso - ",
        r"Tag list|life of a backend engineer|backend vs frontend",
        r"[Ss]ubscribe|newsletter|sponsor|appreciated|comments|article valuable",
        r"Related:|Client-Server",
        r"Until next time|Do you agree",
        r"Top Tech Trend|Software Engineering",
        r"No prerequisites",
        r"[๐Ÿ\u00a0\u200b\ufffd]",
        r"  |\n\n\n",
        r"•|(?m:^1\.)",
    ],
)
def test_no_dirt_is_left_in_any_text(articles: dict[str, Document], dirt: str) -> None:
    found = [match for document in articles.values() for match in re.findall(dirt, document.text)]
    assert found == []


def test_nothing_but_dirt_was_taken_out(corpus: Corpus, articles: dict[str, Document], seeds: Path) -> None:
    """Of 2,600 words all but the counted ones are still there, each article's in its own order."""
    missing = {}
    for path in sorted(seeds.iterdir()):
        words = re.findall(r"[\w'’/#+-]*[a-z]+[\w'’/#+-]*", path.read_text())
        kept = iter(re.findall(r"[\w'’/#+-]*[a-z]+[\w'’/#+-]*", articles[path.name[:3]].text))
        upcoming = next(kept, None)
        lost = 0
        for word in words:
            if word == upcoming:
                upcoming = next(kept, None)
            else:
                lost += 1
        assert upcoming is None
        missing[path.name[:3]] = lost
    assert missing == {"000": 89, "001": 8, "002": 5, "003": 60}


def test_every_kind_of_dirt_is_reported_with_its_line(corpus: Corpus) -> None:
    reported = {(complaint.path[-24:-21], complaint.rule, complaint.line) for complaint in corpus.complaints}
    assert reported == {
        ("000", "byline", 3),
        ("000", "reading-time", 5),
        ("000", "caption", 136),
        ("000", "tag-list", 215),
        ("000", "call-to-action", 227),
        ("001", "leading-line", 1),
        ("001", "empty-section", 45),
        ("001", "placeholder-text", 53),
        ("002", "leading-line", 1),
        ("003", "reading-time", 6),
        ("003", "mojibake", 8),
        ("003", "related-pointer", 20),
        ("003", "call-to-action", 104),
        ("003", "sign-off", 106),
    }
