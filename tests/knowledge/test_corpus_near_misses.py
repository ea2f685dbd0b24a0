"""Questions known not to be answered: read from a file, held to the documents beside it."""

from pathlib import Path

import pytest

from knowledge.corpus.complaints import RULES
from knowledge.corpus.near_misses import BadNearMisses, read_near_misses
from knowledge.corpus.reading import Corpus, read_corpus
from knowledge.entities import NearMisses

GUIDE = "# Guide\n\nQueues carry messages.\n"
ASKED = '[[group]]\nabout = "pay"\nquestions = ["How much do queues cost?"]\n'


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def rules(corpus: Corpus) -> list[tuple[str, str]]:
    return [(complaint.rule, complaint.path) for complaint in corpus.complaints]


# --- the file ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("", ()),
        ("# nothing yet", ()),
        ("group = []", ()),
        ("[[group]]\n", ()),
        ('[[group]]\nabout = "pay"\n', ()),
        ("[[group]]\nquestions = []\n", ()),
        ('[[group]]\nquestions = ["One?", "Two?"]\n', ("One?", "Two?")),
        ('[[group]]\nquestions = ["Two?"]\n[[group]]\nquestions = ["One?"]\n', ("Two?", "One?")),
        (
            '[[group]]\nquestions = ["One?", "Two?"]\n[[group]]\nquestions = ["Two?", "Three?"]\n',
            ("One?", "Two?", "Three?"),
        ),
        ('[[group]]\nquestions = ["  One \\n line?\\t", "One line?"]\n', ("One line?",)),
        ('[[group]]\nquestions = ["", "   ", "One?"]\n', ("One?",)),
    ],
)
def test_the_questions_of_every_group_are_read_once_in_order(text: str, questions: tuple[str, ...]) -> None:
    assert read_near_misses(text) == questions


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[group]\n", "Not valid TOML"),
        ("questions = [", "Not valid TOML"),
        ("group = 1", "group"),
        ('group = ["One?"]', "group"),
        ('[group]\nquestions = ["One?"]\n', "group"),
        ('[[group]]\nquestions = "One?"\n', "questions"),
        ("[[group]]\nquestions = [1]\n", "questions"),
        ('[[group]]\nquestions = ["One?", ["Two?"]]\n', "questions"),
        ('[[group]]\nquestions = {one = "One?"}\n', "questions"),
        ('[[groups]]\nquestions = ["One?"]\n', "groups"),
        ('[[group]]\nquestion = ["One?"]\n', "question"),
    ],
)
def test_what_is_no_list_of_questions_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(BadNearMisses, match=says) as refused:
        read_near_misses(text)
    assert not str(refused.value).endswith(".")


# --- the folder --------------------------------------------------------------------------------------------


def test_near_misses_belong_to_the_documents_of_their_folder_and_of_no_other(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "b.md": GUIDE,
            "a.jsonl": '{"id": 1, "title": "A", "text": "One."}\n{"id": 2, "title": "B", "text": "Two."}',
            "near_misses.toml": ASKED,
            "below/c.md": "# C\n\nThird.\n",
            "deep/d.md": "# D\n\nFourth.\n",
            "deep/near_misses.toml": ASKED.replace("cost", "weigh"),
        },
    )
    corpus = read_corpus([tmp_path])
    assert corpus.near_misses == (
        NearMisses(("a.jsonl#1", "a.jsonl#2", "b"), ("How much do queues cost?",)),
        NearMisses(("deep/d",), ("How much do queues weigh?",)),
    )
    assert [document.id for document in corpus.documents] == [
        "a.jsonl#1",
        "a.jsonl#2",
        "b",
        "below/c",
        "deep/d",
    ]
    assert corpus.complaints == ()


def test_the_near_misses_of_every_folder_named_are_kept_apart(tmp_path: Path) -> None:
    one = write(tmp_path / "one", {"a.md": GUIDE, "near_misses.toml": ASKED})
    other = write(tmp_path / "other", {"b.md": "# B\n\nMore.\n", "near_misses.toml": ASKED})
    assert [found.documents for found in read_corpus([one, other]).near_misses] == [("a",), ("b",)]


def test_a_folder_without_near_misses_has_none(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": GUIDE})
    assert read_corpus([tmp_path]).near_misses == ()


@pytest.mark.parametrize("text", ["[[group]]\nquestions = []\n", "# nothing yet\n"])
def test_a_file_that_lists_no_question_says_nothing_about_any_document(tmp_path: Path, text: str) -> None:
    corpus = read_corpus([write(tmp_path, {"a.md": GUIDE, "near_misses.toml": text})])
    assert (corpus.near_misses, corpus.complaints) == ((), ())


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("[[group]\n", "bad-near-misses"),
        ('[[group]]\nquestions = "One?"\n', "bad-near-misses"),
        ("", "empty"),
        (bytes(range(256)) * 3, "binary"),
        (ASKED + "# " + "x" * 1_000, "too-large"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_complaint_and_the_documents_are_read(
    tmp_path: Path, content: str | bytes, rule: str
) -> None:
    folder = write(tmp_path / "docs", {"a.md": GUIDE, "near_misses.toml": content})
    corpus = read_corpus([folder], size_limit=1_000)
    assert [document.id for document in corpus.documents] == ["a"]
    assert corpus.near_misses == ()
    assert rules(corpus) == [(rule, "docs/near_misses.toml")]


def test_a_complaint_about_near_misses_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    folder = write(tmp_path, {"a.md": GUIDE, "near_misses.toml": "group = 1\n"})
    (complaint,) = read_corpus([folder]).complaints
    assert "“group” is not a list of [[group]]." in complaint.message
    assert complaint.hint
    assert "bad-near-misses" in RULES
