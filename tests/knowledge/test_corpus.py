"""Folders are read whole: one bad file is a complaint, the others become documents."""

import io
import os
from collections.abc import Callable, Iterator
from importlib.abc import Traversable
from pathlib import Path
from typing import IO, Any

import pytest

from knowledge.corpus.complaints import RULES
from knowledge.corpus.folders import UnreadableFolder
from knowledge.corpus.reading import Corpus, packaged_articles, read_corpus
from knowledge.entities import Document, Origin

SOUND = "# Sound\n\nThis one can be read.\n"


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def rules(corpus: Corpus) -> list[tuple[str, str, int | None]]:
    return [(complaint.rule, complaint.path, complaint.line) for complaint in corpus.complaints]


def only(corpus: Corpus) -> Document:
    (document,) = corpus.documents
    return document


def test_every_format_is_read_from_all_folders_below_in_order(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "docs",
        {
            "b.md": "# B\n\nMarkdown.",
            "a.TXT": "A\n\nPlain text.",
            "sub/deep/c.html": "<h1>C</h1><p>HTML.</p>",
            "d.jsonl": '{"id": "one", "title": "D1", "text": "First."}\n\n'
            '{"id": 2, "text": "# D2\\n\\nSecond."}',
        },
    )
    corpus = read_corpus([folder])
    assert [(d.id, d.title, d.text, d.path) for d in corpus.documents] == [
        ("a", "A", "Plain text.", "docs/a.TXT"),
        ("b", "B", "Markdown.", "docs/b.md"),
        ("d.jsonl#2", "D2", "Second.", "docs/d.jsonl"),
        ("d.jsonl#one", "D1", "First.", "docs/d.jsonl"),
        ("sub/deep/c", "C", "HTML.", "docs/sub/deep/c.html"),
    ]
    assert corpus.complaints == ()


def test_hidden_and_private_files_are_skipped_without_a_word(tmp_path: Path) -> None:
    write(tmp_path, {".h.md": SOUND, ".git/x.md": SOUND, "__init__.py": "", "__pycache__/x.md": SOUND})
    assert read_corpus([tmp_path]) == Corpus((), ())


@pytest.mark.parametrize(
    ("rule", "name", "content", "line"),
    [
        ("empty", "x.md", "", None),
        ("empty", "x.txt", " \n\t\n", None),
        ("empty", "x.md", "# Only a title", None),
        ("empty", "x.html", "<p hidden>nothing</p>", None),
        ("binary", "x.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None),
        ("too-large", "x.txt", "x" * 401, None),
        ("unknown-format", "x.pdf", "words", None),
        ("bad-line", "x.jsonl", "\nnot json", 2),
        ("bad-line", "x.jsonl", "[" * 390, 1),
        ("bad-line", "x.jsonl", "[1]", 1),
        ("bad-line", "x.jsonl", '{"text": "no id"}', 1),
        ("bad-line", "x.jsonl", '{"id": true, "text": "no id"}', 1),
        ("bad-line", "x.jsonl", '{"id": "a", "text": 3}', 1),
        ("empty", "x.jsonl", '{"id": "a", "text": " "}', 1),
        ("duplicate", "x.txt", "Other Title\n\nThis one can be read.", None),
    ],
)
def test_unusable_file_is_left_out_with_a_complaint_and_the_rest_is_read(
    tmp_path: Path, rule: str, name: str, content: str | bytes, line: int | None
) -> None:
    write(tmp_path, {"a.md": SOUND, name: content})
    corpus = read_corpus([tmp_path], size_limit=400)
    assert only(corpus).id == "a"
    (complaint,) = corpus.complaints
    assert (complaint.rule, complaint.path, complaint.line) == (rule, f"{tmp_path.name}/{name}", line)
    assert complaint.message.endswith(".")
    assert (complaint.severity, complaint.hint) == RULES[rule]


def test_deeply_nested_files_are_complaints(tmp_path: Path) -> None:
    page = "<div>" * 3000 + "deep" + "</div>" * 3000
    lines = '{"id": "x", "text": ' + "[" * 200_000
    corpus = read_corpus([write(tmp_path, {"a.md": SOUND, "deep.html": page, "deep.jsonl": lines})])
    assert only(corpus).id == "a"
    assert [complaint.rule for complaint in corpus.complaints] == ["too-nested", "bad-line"]


@pytest.mark.parametrize(
    "make",
    [lambda path: path.symlink_to("nowhere"), lambda path: os.mkfifo(path)],
    ids=["dangling link", "pipe"],
)
def test_what_is_no_file_is_a_complaint(tmp_path: Path, make: Callable[[Path], None]) -> None:
    write(tmp_path, {"a.md": SOUND})
    make(tmp_path / "x.md")
    corpus = read_corpus([tmp_path])
    assert only(corpus).id == "a"
    assert rules(corpus) == [("unreadable", f"{tmp_path.name}/x.md", None)]


def test_link_round_in_circles_is_followed_once(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": SOUND})
    (tmp_path / "loop").symlink_to(tmp_path)
    assert read_corpus([tmp_path]).complaints == ()


class Locked(Traversable):
    """A file or folder that may not be read, as inside a package one does not own."""

    def __init__(self, name: str, *entries: Traversable) -> None:
        self._name = name
        self._entries = entries

    @property
    def name(self) -> str:
        return self._name

    def iterdir(self) -> Iterator[Traversable]:
        if not self._entries:
            raise PermissionError(13, "Permission denied")
        return iter(self._entries)

    def is_dir(self) -> bool:
        return "." not in self._name

    def is_file(self) -> bool:
        return not self.is_dir()

    def open(self, mode: str = "r", *args: Any, **kwargs: Any) -> IO[Any]:
        raise PermissionError(13, "Permission denied")

    def joinpath(self, *descendants: Any) -> Traversable:
        raise NotImplementedError

    def read_bytes(self) -> bytes:
        return io.BytesIO().read()

    def read_text(self, encoding: str | None = None) -> str:
        return ""


def test_file_that_may_not_be_read_is_a_complaint() -> None:
    corpus = read_corpus([Locked("folder", Locked("x.md"))])
    assert rules(corpus) == [("unreadable", "folder/x.md", None)]
    assert "Permission denied" in corpus.complaints[0].message


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [
        (Path("no-such-folder"), "There is no folder no-such-folder."),
        (Path(__file__), "is not a folder."),
        (Locked("locked"), "cannot be read: Permission denied."),
        (Locked("outer", Locked("inner")), "cannot be read: Permission denied."),
    ],
)
def test_folder_that_cannot_be_read_stops_with_one_sentence(folder: Path, sentence: str) -> None:
    with pytest.raises(UnreadableFolder, match=sentence):
        read_corpus([folder])


def test_later_folder_replaces_a_document_of_the_same_id(tmp_path: Path) -> None:
    first = write(tmp_path / "first", {"a.md": SOUND, "b.md": "# B\n\nStays."})
    second = write(tmp_path / "second", {"a.txt": "New\n\nReplaces it."})
    corpus = read_corpus([first, second])
    assert [(d.id, d.text) for d in corpus.documents] == [("a", "Replaces it."), ("b", "Stays.")]
    assert rules(corpus) == [("replaces", "second/a.txt", None)]
    assert corpus.complaints[0].message == "“a” replaces first/a.md."


def test_unusable_file_in_a_later_folder_replaces_nothing(tmp_path: Path) -> None:
    first = write(tmp_path / "first", {"a.md": SOUND})
    second = write(tmp_path / "second", {"a.md": ""})
    assert only(read_corpus([first, second])).text == "This one can be read."


def test_same_id_twice_in_a_folder_keeps_the_first(tmp_path: Path) -> None:
    line = '{"id": "x", "title": "X", "text": "%s"}'
    write(tmp_path, {"a.md": SOUND, "a.txt": "A\n\nOther.", "b.jsonl": f"{line % 'One.'}\n{line % 'Two.'}"})
    corpus = read_corpus([tmp_path])
    assert [document.text for document in corpus.documents] == ["This one can be read.", "One."]
    name = tmp_path.name
    assert rules(corpus) == [("same-id", f"{name}/a.txt", None), ("same-id", f"{name}/b.jsonl", 2)]


def test_file_in_another_encoding_is_read_and_noted(tmp_path: Path) -> None:
    text = "Title\n\nThe café’s “naïve” engineer – déjà vu, and it is façade-free and fine."
    corpus = read_corpus([write(tmp_path, {"a.txt": text.encode("cp1252")})])
    assert only(corpus).text == text.split("\n\n")[1]
    assert rules(corpus) == [("guessed-encoding", f"{tmp_path.name}/a.txt", None)]


def test_name_that_is_no_text_can_still_be_stored(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"bad\xff\nname.md")).write_text(SOUND)
    except OSError:
        pytest.skip("the file system takes text names only")
    document = only(read_corpus([tmp_path]))
    assert document.id == "bad��name"
    document.path.encode("utf-8")


def test_findings_of_a_kind_make_one_complaint_with_first_line_and_count(tmp_path: Path) -> None:
    text = (
        "# T\n\nText.\n\n3 min read\n\nMore.\n\nSubscribe to our newsletter. Happy coding! Happy hacking!\n"
    )
    corpus = read_corpus([write(tmp_path, {"a.md": text})])
    assert [(c.rule, c.line, c.message) for c in corpus.complaints] == [
        ("reading-time", 5, "Reading time left out: “3 min read”."),
        ("call-to-action", 9, "Call to action left out: “Subscribe to our newsletter.”."),
        ("sign-off", 9, "Greeting left out: “Happy coding!”, 2 times."),
    ]


def test_findings_in_a_page_are_placed_in_its_source(tmp_path: Path) -> None:
    page = "<html>\n<body>\n<h1>T</h1>\n<p>Text.</p>\n\n<p>3 min read</p><h2>A <b>split</b> one</h2>"
    corpus = read_corpus([write(tmp_path, {"a.html": page})])
    assert [(rule, line) for rule, _, line in rules(corpus)] == [("reading-time", 6), ("empty-section", 6)]


def test_findings_in_json_lines_are_placed_on_their_line(tmp_path: Path) -> None:
    lines = '{"id": "a", "text": "T\\n\\nText."}\n{"id": "b", "text": "U\\n\\nMore.\\n\\n3 min read"}'
    corpus = read_corpus([write(tmp_path, {"a.jsonl": lines})])
    assert rules(corpus) == [("reading-time", f"{tmp_path.name}/a.jsonl", 2)]


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("my_first-file.md", "Just text.", "my first file"),
        ("a.jsonl", '{"id": "the-id", "text": "Just text."}', "the id"),
        ("---.md", "Just text.", "---"),
    ],
)
def test_untitled_document_is_named_after_its_place(tmp_path: Path, name: str, text: str, title: str) -> None:
    corpus = read_corpus([write(tmp_path, {name: text})])
    assert only(corpus).title == title
    assert [complaint.rule for complaint in corpus.complaints] == ["untitled"]


@pytest.mark.parametrize(
    "changed",
    [
        {"a.md": "# New title\n\n## H\n\nText.\n"},
        {"a.md": "# T\n\n## H\n\nOther text.\n"},
        {"a.md": "# T\n\n### H\n\n- Text.\n"},
        {"a.md": "---\nauthor: A\n---\n# T\n\n## H\n\nText.\n"},
        {"a.md": "---\nrole: A\n---\n# T\n\n## H\n\nText.\n"},
        {"sources.toml": '[[source]]\nfile = "a.md"\nrestates = true'},
        {"sources.toml": '[[source]]\nfile = "a.md"\ntopics.H = ["Why?"]'},
    ],
)
def test_digest_changes_with_anything_a_reader_could_see(
    tmp_path: Path, changed: dict[str, str | bytes]
) -> None:
    before = only(read_corpus([write(tmp_path, {"a.md": "# T\n\n## H\n\nText.\n"})]))
    after = only(read_corpus([write(tmp_path, changed)]))
    assert before.digest != after.digest


def test_digest_stays_where_only_white_space_changes(tmp_path: Path) -> None:
    before = only(read_corpus([write(tmp_path, {"a.md": "# T\n\nText  here.\n"})]))
    assert only(read_corpus([write(tmp_path, {"a.md": "T\r\n=\r\n\r\nText here.\r\n\r\n"})])) == before


def test_packaged_articles_are_read_without_a_warning() -> None:
    corpus = read_corpus([packaged_articles()])
    assert len(corpus.documents) >= 4
    assert {complaint.severity for complaint in corpus.complaints} <= {"note"}
    assert all(document.origin.restates for document in corpus.documents)
    assert all(isinstance(document.origin, Origin) for document in corpus.documents)
