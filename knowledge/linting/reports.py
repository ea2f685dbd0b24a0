"""All complaints about a corpus, in the order in which somebody would deal with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from knowledge.entities import Complaint, Severity

Level = Literal["none", "error", "warning"]

_RANKS: Mapping[Severity, int] = {"error": 0, "warning": 1, "note": 2}
_BLOCKING: Mapping[Level, tuple[Severity, ...]] = {
    "none": (),
    "error": ("error",),
    "warning": ("error", "warning"),
}
_GUESSES = ("contradiction",)
"""What only may be wrong blocks nothing: sources that really disagree must not have to agree."""

_LEFT_OUT = {
    "byline": ("line about author or date", "lines about author or date"),
    "reading-time": ("reading time", "reading times"),
    "caption": ("picture caption", "picture captions"),
    "tag-list": ("tag list", "tag lists"),
    "call-to-action": ("plea", "pleas"),
    "related-pointer": ("pointer to another article", "pointers to other articles"),
    "sign-off": ("greeting", "greetings"),
    "letter": ("line around a letter", "lines around a letter"),
    "page-furniture": ("line of page furniture", "lines of page furniture"),
}


@dataclass(frozen=True, slots=True)
class FileReport:
    """What is to be said about one file.

    `complaints` are the most severe first, then by line; where each line is a document of its own, line by
    line, so that what is said of one document stands together. `left_out` are those about what stood around
    the article and was dropped: nothing needs doing about them, so that a line is enough (`left_out_text`).
    """

    path: str
    complaints: tuple[Complaint, ...]
    left_out: tuple[Complaint, ...] = ()

    @property
    def worst(self) -> Severity:
        """The severity of the gravest complaint."""
        return min((c.severity for c in (*self.complaints, *self.left_out)), key=_RANKS.__getitem__)

    @property
    def left_out_text(self) -> str:
        """What was dropped, as half a sentence: "2 pleas (from line 104), 1 byline (line 3)"; or ""."""
        return ", ".join(_counted(complaint) for complaint in self.left_out)


@dataclass(frozen=True, slots=True)
class LintReport:
    """Every complaint about so many documents: the most severe first, then by file and line."""

    complaints: tuple[Complaint, ...]
    documents: int

    @property
    def worst(self) -> Severity | None:
        """The severity of the gravest complaint, None where there is none."""
        return self.complaints[0].severity if self.complaints else None

    @property
    def counts(self) -> dict[Severity, int]:
        """How many complaints there are of each severity, the gravest first."""
        return {rank: sum(c.severity == rank for c in self.complaints) for rank in _RANKS}

    def blocking(self, level: Level) -> tuple[Complaint, ...]:
        """The complaints that forbid publishing where those of this severity and above do."""
        return tuple(c for c in self.complaints if c.severity in _BLOCKING[level] and c.rule not in _GUESSES)

    def by_document(self) -> tuple[FileReport, ...]:
        """The complaints file by file, the file with the gravest first; files without any are not there."""
        files: dict[str, list[Complaint]] = {}
        for complaint in self.complaints:
            files.setdefault(complaint.path, []).append(complaint)
        return tuple(_of_file(path, found) for path, found in files.items())


def report_on(complaints: Iterable[Complaint], *, documents: int) -> LintReport:
    """The report that these complaints make."""
    ordered = sorted(complaints, key=lambda c: (_RANKS[c.severity], c.path, c.line or 0, c.rule))
    return LintReport(tuple(ordered), documents)


def _of_file(path: str, found: Iterable[Complaint]) -> FileReport:
    if path.endswith(".jsonl"):
        found = sorted(found, key=lambda complaint: complaint.line or 0)
    kept: list[Complaint] = []
    left_out: list[Complaint] = []
    for complaint in found:
        (left_out if complaint.rule in _LEFT_OUT else kept).append(complaint)
    return FileReport(path, tuple(kept), tuple(left_out))


def _counted(complaint: Complaint) -> str:
    one, several = _LEFT_OUT[complaint.rule]
    place = f" ({'from ' if complaint.times > 1 else ''}line {complaint.line})" if complaint.line else ""
    return f"{complaint.times} {one if complaint.times == 1 else several}{place}"
