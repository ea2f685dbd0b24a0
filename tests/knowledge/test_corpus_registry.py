"""What the registry, the front matter and the text itself say about a source."""

from pathlib import Path

import pytest

from knowledge.corpus.reading import read_corpus
from knowledge.corpus.statements import Statement, join, read_registry, split_front_matter
from knowledge.entities import Document, Origin

ENTRY = '[[source]]\nfile = "a.md"\n'
TEXT = "# Text title\n\nIntro here.\n\n## Skills\n\nText.\n"


def read(folder: Path, registry: str, text: str = TEXT) -> tuple[Document, list[tuple[str, int | None, str]]]:
    (folder / "a.md").write_text(text)
    (folder / "sources.toml").write_text(registry)
    corpus = read_corpus([folder])
    return corpus.documents[0], [(c.rule, c.line, c.message) for c in corpus.complaints]


def test_registry_wins_over_front_matter_which_wins_over_the_text(tmp_path: Path) -> None:
    matter = "---\ntitle: Matter title\nauthor: [Mat Ter, Ann Other]\nrestates: false\nlevel: junior\n---\n"
    document, complaints = read(
        tmp_path,
        ENTRY + 'title = "Registry title"\nrestates = true\nlink = "https://x.y"\n',
        matter + TEXT.replace("Intro", "By Jane Doe, May 6, 2024\n\nIntro"),
    )
    assert document.title == "Registry title"
    assert document.origin == Origin("Mat Ter, Ann Other", "2024-05-06", None, "https://x.y", restates=True)
    assert document.declared == {"level": "junior"}
    assert document.text == "Intro here.\n\nSkills\n\nText."
    assert [rule for rule, _, _ in complaints] == ["byline"]


def test_topics_reach_their_sections_whatever_the_case(tmp_path: Path) -> None:
    topics = '[source.topics]\nSKILLS = ["Which skills?", " "]\n"text title" = "What is it?"\n'
    document, complaints = read(tmp_path, ENTRY + topics)
    assert [section.topics for section in document.sections] == [("What is it?",), ("Which skills?",)]
    assert complaints == []


def test_topics_without_a_section_are_complaints_each(tmp_path: Path) -> None:
    _, complaints = read(tmp_path, ENTRY + 'topics = {Skils = ["a?"], Salary = ["b?"]}')
    assert complaints == [
        ("unknown-topic-heading", None, "No such heading for topics: “Skils”."),
        ("unknown-topic-heading", None, "No such heading for topics: “Salary”."),
    ]


@pytest.mark.parametrize(
    ("registry", "expected"),
    [
        (ENTRY + "title = ", [("bad-registry", 3)]),
        ("source = 3", [("bad-registry", 1)]),
        ("source = [1]", [("bad-registry", 1)]),
        ("other = 1\n" + ENTRY, [("registry-key", 1)]),
        (ENTRY + 'colour = "red"', [("registry-key", 3)]),
        (ENTRY + "title = 3", [("registry-value", 3)]),
        (ENTRY + 'date = "soon"', [("registry-value", 3)]),
        (ENTRY + 'restates = "yes"', [("registry-value", 3)]),
        (ENTRY + 'topics = "x"', [("registry-value", 3)]),
        (ENTRY + "[source.topics]\nSkills = 3", [("registry-value", 4)]),
        (ENTRY + '\n[[source]]\nfile = "gone.md"', [("registry-missing-file", 4)]),
        (ENTRY + "\n" + ENTRY, [("registry-twice", 4)]),
        (ENTRY + '\n[[source]]\ntitle = "x"', [("registry-missing-file", 4)]),
        ('source = [{file = "gone.md"}]', [("registry-missing-file", 1)]),
        (ENTRY + 'category = "Role"\ndate = 2024-05-06', []),
    ],
)
def test_mistake_in_the_registry_is_a_complaint_with_its_line(
    tmp_path: Path, registry: str, expected: list[tuple[str, int | None]]
) -> None:
    document, complaints = read(tmp_path, registry)
    assert document.id == "a"
    assert [(rule, line) for rule, line, _ in complaints] == expected


def test_unreadable_registry_is_a_complaint(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_bytes(b"\x89PNG\0\0")
    (tmp_path / "a.md").write_text(TEXT)
    corpus = read_corpus([tmp_path])
    assert [document.title for document in corpus.documents] == ["Text title"]
    assert [complaint.rule for complaint in corpus.complaints] == ["binary"]


def test_registry_speaks_for_a_file_and_for_one_line_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "x", "text": "One."}\n{"id": "y", "text": "# Y\\n\\nTwo."}')
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nfile = "./a.jsonl"\ntitle = "Not for each"\nsite = "S"\n'
        '[[source]]\nfile = "a.jsonl#x"\ntitle = "X"\n'
    )
    corpus = read_corpus([tmp_path])
    assert [(d.title, d.origin.site) for d in corpus.documents] == [("X", "S"), ("Y", "S")]
    assert corpus.complaints == ()


def test_registry_of_a_folder_below_speaks_for_its_own_files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    document, complaints = read(tmp_path / "sub", ENTRY + 'title = "Below"')
    assert (document.title, complaints) == ("Below", [])
    assert [d.id for d in read_corpus([tmp_path]).documents] == ["sub/a"]


@pytest.mark.parametrize(
    ("text", "said", "body", "line", "rules"),
    [
        ("---\ntitle: T\n---\nText", {"title": "T"}, "Text", 4, []),
        ("---\ntitle: T\ndate: 2024-05-06\n---\n\nText", {"title": "T", "date": "2024-05-06"}, "Text", 6, []),
        ("---\na: [\n---\nText", {}, "Text", 4, [("bad-front-matter", 3)]),
        ("---\ntitle: 3\n---\nText", {}, "Text", 4, [("front-matter-value", 2)]),
        ("---\nJust a rule.\n\n---\n\nText", {}, "---\nJust a rule.\n\n---\n\nText", 1, []),
        ("---\nText", {}, "---\nText", 1, []),
        ("---\n---\nText", {}, "---\n---\nText", 1, []),
        ("Text", {}, "Text", 1, []),
        ("---\ndate: 2024-99-06\n---\nText", {}, "Text", 4, [("bad-front-matter", 1)]),
    ],
)
def test_front_matter_is_told_from_text(
    text: str, said: dict[str, str], body: str, line: int, rules: list[tuple[str, int]]
) -> None:
    statement, rest, first_line, findings = split_front_matter(text)
    blank = len(rest) - len(rest.lstrip("\n"))
    assert (dict(statement.said), rest[blank:], first_line + blank) == (said, body, line)
    assert [(finding.rule, finding.line) for finding in findings] == rules


@pytest.mark.parametrize(
    ("topics", "read", "messages"),
    [
        ("\n  Cards: one text", {"Cards": ("one text",)}, []),
        ("\n  Cards: [one, two]\n  Pay:\n    - three", {"Cards": ("one", "two"), "Pay": ("three",)}, []),
        ("\n  - Cards: one\n  - Pay: [two]", {"Cards": ("one",), "Pay": ("two",)}, []),
        (" [cards, pay]", {}, ["“topics” is not a list of texts under each heading."]),
        ("\n  Cards: 3\n  Pay: two", {"Pay": ("two",)}, ["The topics of “Cards” are not a list of texts."]),
    ],
)
def test_topics_of_front_matter_are_read_in_any_natural_shape_and_others_cost_only_themselves(
    topics: str, read: dict[str, tuple[str, ...]], messages: list[str]
) -> None:
    statement, _, _, findings = split_front_matter(f"---\ntitle: T\ntopics:{topics}\n---\nText")
    assert (statement.said, statement.topics) == ({"title": "T"}, read)
    assert [(finding.rule, finding.text) for finding in findings] == [
        ("front-matter-value", m) for m in messages
    ]


def test_front_matter_that_multiplies_itself_stays_small() -> None:
    bomb = "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\nd: [y]\ne: 2024-05-06\n---\nText"
    statement = split_front_matter(bomb)[0]
    assert statement.declared == {"a": ("x", "x"), "b": None, "c": None, "d": ("y",), "e": "2024-05-06"}


def test_earlier_statement_wins_field_by_field() -> None:
    first = Statement({"title": "A"}, None, {"Skills": ("a?",)}, {"x": 1}, None)
    second = Statement({"title": "B", "site": "S"}, True, {"SKILLS": ("b?",), "Pay": ("c?",)}, {"x": 2}, 4)
    assert join(first, second) == Statement(
        {"title": "A", "site": "S"}, True, {"Skills": ("a?",), "Pay": ("c?",)}, {"x": 1}, 4
    )


def test_registry_without_entries_says_nothing() -> None:
    assert read_registry("").statements == {}
