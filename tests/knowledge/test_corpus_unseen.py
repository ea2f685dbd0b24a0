"""Characters that nobody sees, or that steer a terminal, however a source spells them."""

import json
from pathlib import Path

import pytest

from knowledge.corpus.reading import Corpus, read_corpus
from tests.knowledge.documents import write

# To clear the screen, to turn letters around, to be half a character: each as its format would spell it.
FRONT = '---\ntitle: "Pay\\e[2J\\u202E guide"\nauthor: "Ann\\a Other"\ncategory: "a\\eb"\n---\n\nText.\n'
ENTITIES = (
    "<html><head><title>x</title><meta name=author content='Ann&#27;[0m'></head><body><h1>Pay&#155;2J&#8238;"
    "</h1><p>Text &#27;[31mred&#7;.</p><pre>co&#27;de</pre><table><tr><td>a&#27;b</td></tr></table>"
)
MARKDOWN = "# Pay&#27;\n\nText &#27;[31mred.\n\n- one&#7;\n\n| a&#27; | b |\n|---|---|\n| c | d |\n"
LINES = "\n".join(
    json.dumps(entry)
    for entry in (
        {"id": "a\x1b[2J\nb", "title": "Pay\x1b[2J\u202e", "author": "Ann\x07", "text": "Text \x1b[31mred."},
        {"id": "half", "title": "Pay \ud800", "text": "Half \ud800 a character."},
        {"id": "long" * 100, "text": "Too long a name."},
        {"id": "\x1b", "text": "No name at all."},
    )
)
REGISTRY = (
    '"ke\\u001by" = 1\n[[source]]\nfile = "pay.md"\ntitle = "Pay\\u001b[2J"\n"od\\u001bd" = 1\n'
    '[source.topics]\n"Head\\u001b" = ["How\\u001b much?"]\n'
)


def shown(corpus: Corpus) -> str:
    return repr(corpus).replace("\\n", " ")


@pytest.mark.parametrize(
    "files",
    [
        {"pay.md": FRONT},
        {"pay.html": ENTITIES},
        {"pay.md": MARKDOWN},
        {"pay.jsonl": LINES},
        {"pay.md": "# Pay\n\nText.", "sources.toml": REGISTRY},
        {"pay.md": "# Pay\n\nText.", "skills.toml": '[[skill]]\nname = "Cob\\u001bol"\n"x\\u001b" = 1\n'},
        {"pay.md": "# Pay\n\nText.", "near_misses.toml": '[[group]]\nquestions = ["Why\\u001b?"]\n'},
    ],
)
def test_no_spelling_brings_in_what_nobody_sees(tmp_path: Path, files: dict[str, str]) -> None:
    corpus = read_corpus([write(tmp_path / "docs", files)])
    assert corpus.documents
    # repr writes out what is not printable.
    assert "\\x" not in shown(corpus)
    assert "\\u" not in shown(corpus)


def test_lines_keep_what_can_be_seen_of_their_names(tmp_path: Path) -> None:
    corpus = read_corpus([write(tmp_path / "docs", {"pay.jsonl": LINES})])
    assert [document.id for document in corpus.documents] == ["pay.jsonl#a[2J b", "pay.jsonl#half"]
    assert [document.title for document in corpus.documents] == ["Pay[2J", "Pay"]
    assert [complaint.message for complaint in corpus.complaints if complaint.rule == "bad-line"] == [
        "Line left out: an id of more than 200 characters.",
        "Line left out: no id.",
    ]


def test_a_title_as_long_as_a_book_is_cut(tmp_path: Path) -> None:
    line = json.dumps({"id": "a", "title": "Pay " * 10_000, "author": "x" * 10_000, "text": "Text."})
    (document,) = read_corpus([write(tmp_path / "docs", {"pay.jsonl": line})]).documents
    assert (len(document.title), len(document.origin.author or "")) == (300, 300)
    assert document.title.endswith("Pay…")
