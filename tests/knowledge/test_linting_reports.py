"""Complaints across documents: what a document lacks, what stands twice, and the order they are told in."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from knowledge.corpus.complaints import RULES, complain
from knowledge.corpus.reading import read_corpus
from knowledge.entities import Block, Complaint, Document, Origin, Section
from knowledge.linting.linting import lint, lint_folders
from knowledge.linting.near_duplicates import near_duplicates
from knowledge.linting.reports import LintReport, report_on
from knowledge.watching import Cancelled, Phase

BY = "by Ann Other, 4 May 2024"
WATERING = (
    "Water the tomatoes early in the morning, at the root and never on the leaves, since wet leaves invite "
    "blight. Two cans a plant are enough in a dry week; in a wet one leave them alone until they droop."
)
PRUNING = (
    "Prune the pears on a dry day in January, before the sap rises. Take out what is dead and what crosses, "
    "then open the middle so that light falls in, and stop when a fifth of the tree lies on the ground."
)


REST = (
    "Pinch out the side shoots each week and tie the stem to its cane with soft string, in a loose loop that "
    "leaves it room to swell. When five trusses have set, the tip is cut as well, two leaves above the last."
)


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).write_text(content, "utf-8")
    return folder


def found(folder: Path, *rules: str) -> list[Complaint]:
    return [complaint for complaint in lint(read_corpus([folder])) if complaint.rule in rules]


# --- one document ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("", "no-origin"),
        ("By Ann Other, head gardener\n\n", "no-date"),
        ("4 May 2024\n\n", "no-author"),
        (f"{BY}\n\n", None),
    ],
)
def test_a_document_without_author_or_date_is_one_complaint(
    tmp_path: Path, said: str, rule: str | None
) -> None:
    write(tmp_path, {"a.md": f"# T\n\n{said}Words here.\n"})
    complaints = found(tmp_path, "no-origin", "no-author", "no-date")
    assert [(c.rule, c.severity, c.line) for c in complaints] == ([(rule, "note", None)] if rule else [])


def test_a_restatement_need_not_know_what_its_source_does_not_say(tmp_path: Path) -> None:
    registry = '[[source]]\nfile = "a.md"\nrestates = true\n'
    write(tmp_path, {"a.md": "# T\n\nWords.\n", "sources.toml": registry})
    assert lint(read_corpus([tmp_path])) == ()


def test_a_document_of_json_lines_is_named_with_its_line(tmp_path: Path) -> None:
    write(
        tmp_path, {"a.jsonl": "\n".join(f'{{"id": "{n}", "title": "T{n}", "text": "No {n}"}}' for n in "ab")}
    )
    complaints = found(tmp_path, "no-origin")
    assert [(c.line, c.message) for c in complaints] == [
        (1, "“Ta” says neither who wrote it nor when."),
        (2, "“Tb” says neither who wrote it nor when."),
    ]


@pytest.mark.parametrize(
    ("words", "block", "rule"),
    [
        (61, "- {}\n- short", "long-item"),
        (60, "- {}\n- short", None),
        (251, "{}", "long-paragraph"),
        (250, "{}", None),
    ],
)
def test_what_is_too_long_to_be_quoted_is_told_with_its_length(
    tmp_path: Path, words: int, block: str, rule: str | None
) -> None:
    text = block.format(" ".join(["word"] * words))
    write(tmp_path, {"a.md": f"# T\n\n{BY}\n\n{text}\n"})
    complaints = found(tmp_path, "long-item", "long-paragraph")
    assert [(c.rule, c.line) for c in complaints] == ([(rule, 5)] if rule else [])
    assert all(f"{words} words" in complaint.message for complaint in complaints)


def test_several_long_items_are_one_complaint_with_their_number(tmp_path: Path) -> None:
    items = "\n".join(f"- {' '.join([word] * 70)}" for word in ("one", "two", "three"))
    write(tmp_path, {"a.md": f"# T\n\n{BY}\n\n{items}\n"})
    (complaint,) = found(tmp_path, "long-item")
    assert (complaint.line, complaint.times) == (5, 3)
    assert complaint.message == (
        "List item too long to be one: 70 words, “one one one one one one one one one one…”, 3 times."
    )


def test_every_empty_section_is_named_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": f"# T\n\n{BY}\n\n## Pay\n\n## Work\n\nWords.\n\n## Tools\n"})
    (complaint,) = found(tmp_path, "empty-section")
    assert complaint.message == "Heading with nothing under it: “Pay”, “Tools” (line 11)."


def test_a_value_in_front_matter_is_told_in_one_sentence(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "---\ndate: soon\n---\n# T\n\nWords.\n"})
    (complaint,) = found(tmp_path, "front-matter-value")
    assert complaint.message == "Value in the front matter not understood: “date” is not a date."


def test_what_is_said_of_one_line_stands_together(tmp_path: Path) -> None:
    lines = (
        '{"id": "a", "text": "One."}',
        '{"id": "b", "author": "Bo", "text": "Grow caf\u00c3\u00a9 plants."}',
        "nonsense",
    )
    write(tmp_path, {"a.jsonl": "\n".join(lines), "b.md": "# B\n\nTwo."})
    report = report_on(lint(read_corpus([tmp_path])), documents=3)
    told = {each.path.split("/")[1]: each.complaints for each in report.by_document()}
    assert [(c.line, c.rule) for c in told["a.jsonl"]] == [
        (1, "no-origin"),
        (1, "untitled"),
        (2, "mojibake"),
        (2, "no-date"),
        (2, "untitled"),
        (3, "bad-line"),
    ]


# --- following it ------------------------------------------------------------------------------------------


PAY = "# Pay {n}\n\n## Bakers\n\nA baker of the guild earns {n}000 euros.\n"


@pytest.mark.parametrize("last", [0, 3, 6])
def test_linting_is_told_document_by_document_and_stops_where_the_watch_says_so(
    tmp_path: Path, last: int
) -> None:
    write(tmp_path, {f"{n}.md": PAY.format(n=n) for n in range(1, 7)})
    corpus = read_corpus([tmp_path])
    seen: list[int] = []

    def watch(phase: Phase, done: int, total: int) -> None:
        assert (phase, total) == ("checking", 6)
        seen.append(done)
        if done == last:
            raise Cancelled

    with pytest.raises(Cancelled):
        lint(corpus, watch)
    assert seen == ([0, *range(last + 1)] if last else [0])


def test_reading_stops_before_the_next_file(tmp_path: Path) -> None:
    write(tmp_path, {f"{n}.md": PAY.format(n=n) for n in range(1, 7)})
    files: list[str] = []

    def stop() -> None:
        files.append("one")
        if len(files) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_corpus([tmp_path], told=stop)


# --- what stands twice -------------------------------------------------------------------------------------


def test_a_copied_document_with_small_changes_is_named_with_the_other_and_how_much(tmp_path: Path) -> None:
    changed = WATERING.replace("Two cans", "Three cans")
    write(tmp_path, {"a.md": f"# Tomatoes\n\n{WATERING}\n", "b.txt": f"Love apples\n\n{changed}\n"})
    (complaint,) = found(tmp_path, "near-duplicate")
    assert (complaint.path, complaint.severity) == (f"{tmp_path.name}/b.txt", "warning")
    assert complaint.message == (
        f"“Love apples” ({tmp_path.name}/b.txt) is nearly the same as “Tomatoes” ({tmp_path.name}/a.md): "
        "98% of its words stand there too."
    )


def test_a_copied_section_is_named_with_the_section_it_repeats(tmp_path: Path) -> None:
    one = f"# Tomatoes\n\n## Water\n\n{WATERING}\n\n## Rest\n\n{REST}\n"
    two = f"# Garden\n\n## Pears\n\n{PRUNING}\n\nNothing else is so.\n\n## Drought\n\n{WATERING}\n"
    write(tmp_path, {"a.md": one, "b.md": two})
    (complaint,) = found(tmp_path, "near-duplicate")
    assert (complaint.path, complaint.line) == (f"{tmp_path.name}/b.md", 9)
    assert complaint.message == (
        f"“Drought” says nearly the same as “Water” of {tmp_path.name}/a.md, line 5: "
        "100% of its words stand there too."
    )


def test_a_section_that_repeats_another_of_its_document_says_so(tmp_path: Path) -> None:
    text = f"# Garden\n\n## Pears\n\n{PRUNING}\n\n## Water\n\n{WATERING}\n\n## Again\n\n{PRUNING}\n"
    write(tmp_path, {"a.md": text})
    (complaint,) = found(tmp_path, "near-duplicate")
    assert (complaint.line, "“Pears” of the same document, line 5" in complaint.message) == (11, True)


@pytest.mark.parametrize(
    "other",
    [
        PRUNING,
        "Water the tomatoes early in the morning.",  # too short to say
        " ".join(sorted(WATERING.split())),  # the same words are not the same text
        WATERING[:95] + PRUNING,
    ],
)
def test_a_text_that_shares_little_is_no_duplicate(tmp_path: Path, other: str) -> None:
    write(tmp_path, {"a.md": f"# A\n\n{WATERING}\n", "b.md": f"# B\n\n{other}\n"})
    assert found(tmp_path, "near-duplicate") == []


def test_many_copies_of_one_text_are_one_complaint_each(tmp_path: Path) -> None:
    write(tmp_path, {f"{n:02}.md": f"# Number {n}\n\n{WATERING} So says {n}.\n" for n in range(30)})
    complaints = found(tmp_path, "near-duplicate")
    assert len({complaint.path for complaint in complaints}) == len(complaints) == 29


def test_a_copy_among_half_a_million_words_is_found() -> None:
    texts = [words_by_chance(1_300, place) for place in range(400)]
    documents = [document(str(place), text) for place, text in enumerate((*texts, f"So it is. {texts[77]}"))]
    (complaint,) = near_duplicates(documents)
    assert (complaint.path, "“400”" in complaint.message) == ("77.md", True)


def test_what_stands_in_two_others_is_told_once() -> None:
    first, middle, last = words_by_chance(60, 1), words_by_chance(100, 2), words_by_chance(60, 3)
    one = f"{first} {middle} {words_by_chance(200, 4)}"
    other = f"{middle} {last} {words_by_chance(200, 5)}"
    both = f"{first} {middle} {last}"
    own = [words_by_chance(300, seed) for seed in (6, 7, 8)]
    whole = near_duplicates([document("a", one), document("b", other), document("c", both)])
    parts = near_duplicates(
        [document("a", one, own[0]), document("b", other, own[1]), document("c", both, own[2])]
    )
    assert [complaint.path for complaint in whole] == ["c.md"]
    assert [complaint.message.split(" of ")[0] for complaint in parts] == ["“c” says nearly the same as “a”"]


def words_by_chance(count: int, seed: int) -> str:
    words = [
        f"{one}{two}" for one in "bcdfghklmnprstvwz" for two in ("ab", "ed", "im", "ol", "ur", "ash", "ent")
    ]
    return " ".join(Random(seed).choices(words, k=count))


def document(name: str, *texts: str) -> Document:
    """A document with a section for each text."""
    text = "\n\n".join(texts)
    starts = [text.index(part) for part in texts]
    sections = tuple(
        Section((), start, start + len(part), (Block("paragraph", start, start + len(part)),))
        for start, part in zip(starts, texts, strict=True)
    )
    return Document(name, name, text, sections, Origin(), name, f"{name}.md")


# --- the report --------------------------------------------------------------------------------------------

NOTE = complain("untitled", "b.md", "No title.")
PLEA = replace(complain("call-to-action", "b.md", "Plea.", 7), times=2)
BYLINE = complain("byline", "b.md", "By.", 3)
WARNING = complain("mojibake", "c.md", "Garbled.", 9)
EARLIER = complain("mojibake", "c.md", "Garbled.", 2)
ERROR = complain("binary", "d.pdf", "Not a text.")
GUESS = complain("contradiction", "a.md", "May contradict.", 1)


def test_a_report_is_sorted_by_severity_then_file_then_line() -> None:
    report = report_on([PLEA, NOTE, WARNING, ERROR, EARLIER, GUESS], documents=3)
    assert report.complaints == (ERROR, GUESS, EARLIER, WARNING, NOTE, PLEA)
    assert (report.worst, report.counts) == ("error", {"error": 1, "warning": 3, "note": 2})


def test_a_report_on_nothing_has_no_worst() -> None:
    report = LintReport((), 2)
    assert (report.worst, report.by_document(), report.blocking("warning")) == (None, (), ())


@pytest.mark.parametrize(
    ("level", "blocking"), [("none", ()), ("error", (ERROR,)), ("warning", (ERROR, EARLIER))]
)
def test_a_level_blocks_with_what_is_as_grave_and_sure(level: str, blocking: tuple[Complaint, ...]) -> None:
    report = report_on([NOTE, ERROR, EARLIER, GUESS], documents=3)
    assert report.blocking(level) == blocking  # type: ignore[arg-type]  # each case is a level


def test_files_come_worst_first_with_what_was_left_out_in_a_line() -> None:
    files = report_on([NOTE, PLEA, BYLINE, WARNING], documents=2).by_document()
    assert [(file.path, file.worst) for file in files] == [("c.md", "warning"), ("b.md", "note")]
    assert (files[1].complaints, files[1].left_out) == ((NOTE,), (BYLINE, PLEA))
    assert files[1].left_out_text == "1 line about author or date (line 3), 2 pleas (from line 7)"
    assert files[0].left_out_text == ""


def test_a_file_with_nothing_but_pleas_is_no_worse_than_a_note() -> None:
    (file,) = report_on([PLEA], documents=1).by_document()
    assert (file.worst, file.complaints) == ("note", ())


def test_linting_folders_reads_them_and_counts_their_documents(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": f"# T\n\n{BY}\n\nWords.\n", "b.md": "", "c.md": f"# U\n\n{BY}\n\nMore.\n"})
    report = lint_folders([tmp_path])
    assert (report.documents, report.complaints[0].rule) == (2, "empty")


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_tells_what_to_do(rule: str) -> None:
    assert RULES[rule][1].endswith(".")
