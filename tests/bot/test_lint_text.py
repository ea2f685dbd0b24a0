"""A lint report as a terminal and a program get it."""

import json
from dataclasses import replace

from bot.lint_text import lint_json, lint_text
from knowledge.corpus.complaints import complain
from knowledge.linting.reports import report_on

GARBLED = complain("mojibake", "notes/c.md", "Garbled: “â€™”.", 9)
UNTITLED = complain("untitled", "notes/b.md", "No title found.")
PLEA = replace(complain("call-to-action", "notes/b.md", "Plea.", 7), times=2)
REPORT = report_on([UNTITLED, PLEA, GARBLED, replace(GARBLED, line=12)], documents=3)


def test_report_goes_file_by_file_with_each_hint_once_and_ends_with_counts() -> None:
    assert lint_text(REPORT, width=200) == (
        "notes/c.md\n"
        "  notes/c.md:9: warning: Garbled: “â€™”. [mojibake]\n"
        "      → Write the characters again and save the file as UTF-8.\n"
        "  notes/c.md:12: warning: Garbled: “â€™”. [mojibake]\n"
        "\n"
        "notes/b.md\n"
        "  notes/b.md: note: No title found. [untitled]\n"
        "      → Give it a title: in sources.toml, in front matter, or as its first heading.\n"
        "  left out: 2 pleas (from line 7)\n"
        "\n"
        "3 documents: 0 errors, 2 warnings, 2 notes."
    )


def test_long_lines_are_wrapped_and_no_path_is_broken() -> None:
    path = "notes/" + "long-name" * 9 + ".md"
    told = lint_text(report_on([complain("mojibake", path, "Some words " * 9, 5)], documents=1), width=50)
    assert f"  {path}:5:" in told.splitlines()
    assert all(len(line) <= 50 or path in line for line in told.splitlines())


def test_report_without_complaints_says_so() -> None:
    assert lint_text(report_on([], documents=1)) == "1 document: nothing to complain about."


def test_report_for_a_program_is_one_line_with_every_complaint() -> None:
    line = lint_json(REPORT)
    told = json.loads(line)
    assert "\n" not in line
    assert (told["documents"], told["worst"]) == (3, "warning")
    assert told["counts"] == {"error": 0, "warning": 2, "note": 2}
    assert [complaint["rule"] for complaint in told["complaints"]] == [
        "mojibake", "mojibake", "untitled", "call-to-action",
    ]  # fmt: skip
    assert told["complaints"][0] == {
        "rule": "mojibake", "severity": "warning", "path": "notes/c.md", "line": 9, "times": 1,
        "message": "Garbled: “â€™”.", "hint": "Write the characters again and save the file as UTF-8.",
    }  # fmt: skip
