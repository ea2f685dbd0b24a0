"""What is wrong with the documents as text: file by file, what to do about it under each complaint."""

from collections.abc import Iterator
from dataclasses import asdict
from textwrap import wrap

from bot.console import count_text, json_line
from knowledge.entities import Complaint
from knowledge.linting.reports import FileReport, LintReport

WIDTH = 100
_INDENT = "  "
_HINT = "      → "


def lint_text(report: LintReport, *, width: int = WIDTH) -> str:
    """The report for a person at a terminal, the file with the gravest complaint first."""
    blocks = ["\n".join(_file(found, width)) for found in report.by_document()]
    return "\n\n".join([*blocks, _counts(report)])


def lint_json(report: LintReport) -> str:
    """The report on one line for a program."""
    return json_line(
        {
            "documents": report.documents,
            "worst": report.worst,
            "counts": report.counts,
            "complaints": [asdict(complaint) for complaint in report.complaints],
        }
    )


def _file(found: FileReport, width: int) -> Iterator[str]:
    yield found.path
    hints: set[str] = set()
    for complaint in found.complaints:
        yield from _wrapped(_INDENT, _said(complaint), width)
        if complaint.hint not in hints:
            yield from _wrapped(_HINT, complaint.hint, width)
        hints.add(complaint.hint)
    if found.left_out:
        yield from _wrapped(_INDENT, f"left out: {found.left_out_text}", width)


def _said(complaint: Complaint) -> str:
    place = f"{complaint.path}:{complaint.line}" if complaint.line else complaint.path
    return f"{place}: {complaint.severity}: {complaint.message} [{complaint.rule}]"


def _wrapped(indent: str, text: str, width: int) -> list[str]:
    # A file's name is a word that may not be broken: terminals open what they know as one.
    return wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=" " * max(len(indent), 8),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _counts(report: LintReport) -> str:
    documents = count_text(report.documents, "document")
    if not report.complaints:
        return f"{documents}: nothing to complain about."
    return (
        f"{documents}: "
        + ", ".join(count_text(count, severity) for severity, count in report.counts.items())
        + "."
    )
