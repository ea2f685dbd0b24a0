"""What Markdown's dialects add to CommonMark, rewritten or taken out without moving a line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_FOOTNOTE = re.compile(r" {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)")
_MENTION = re.compile(r"\[\^([^\]\s]+)\]")
_ADMONITION = re.compile(r"(\s*)(?:!!!|\?\?\?\+?)\s+[\w-]+(?:\s+[\w-]+)*(?:\s+\"(.*)\")?\s*")
_CONTAINER = re.compile(r"\s*:{3,}.*")
_ALERT = re.compile(r"(\s*>\s*)\[![A-Za-z]+\][+-]?\s*")
_LINE_NOISE = re.compile(
    r"\s*(?:\[\[?_?toc_?\]?\]|\{:.*\}|\{%.*%\}|\{\{[<%].*[>%]\}\}|\\(?:newpage|pagebreak|toc)"
    r"|(?:import|export) [\w{*].* from ['\"].*['\"];?)\s*",
    re.IGNORECASE,
)
_HEADING_NAME = re.compile(r"(?m)^( {0,3}#{1,6} .*?)\s*\{[#.:][^}]*\}\s*$")


@dataclass(slots=True)
class Reduced:
    """A text in CommonMark, and its footnotes by their marks."""

    text: str
    footnotes: Mapping[str, str] = field(default_factory=dict)


def reduce_dialects(text: str) -> Reduced:
    """The text without admonition marks, named headings, includes and footnotes; code is left alone."""
    notes: dict[str, str] = {}
    lines = list(_lines(text.split("\n"), notes))
    return Reduced(_HEADING_NAME.sub(r"\1", "\n".join(lines)), notes)


def mentioned(text: str, footnotes: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The text without the marks of footnotes, and the footnotes it mentions."""
    marks = [mark for mark in _MENTION.findall(text) if mark in footnotes]
    bare = _MENTION.sub(lambda match: "" if match[1] in footnotes else match[0], text)
    return bare, tuple(footnotes[mark] for mark in dict.fromkeys(marks))


def _lines(lines: list[str], notes: dict[str, str]) -> Iterator[str]:
    fence = ""
    note = ""
    indent: int | None = None  # of the admonition that is open
    for line in lines:
        mark = _FENCE.match(line.strip())
        if fence or mark:
            fence = _after(fence, mark, line)
            note = ""
            yield line[indent:] if indent and not line[:indent].strip() else line
            continue
        if found := _FOOTNOTE.fullmatch(line):
            note, notes[found[1]] = found[1], found[2].strip()
            yield ""
        elif note and line.strip() and line[0] in " \t":
            notes[note] = f"{notes[note]} {line.strip()}".strip()
            yield ""
        elif opened := _ADMONITION.fullmatch(line):
            note, indent = "", len(opened[1]) + 4
            yield f"{opened[1]}**{opened[2]}:**" if opened[2] else ""
        else:
            note = note if not line.strip() else ""
            if indent and line.strip():
                indent = indent if not line[:indent].strip() else None
            yield _plain(line[indent:] if indent else line)


def _after(fence: str, mark: re.Match[str] | None, line: str) -> str:
    """The fence that is open after a line of code."""
    if not fence:
        return mark[1] if mark else ""
    closes = mark and mark[1].startswith(fence) and not line.strip().strip(fence[0])
    return "" if closes else fence


def _plain(line: str) -> str:
    if _LINE_NOISE.fullmatch(line) or _CONTAINER.fullmatch(line):
        return ""
    return _ALERT.sub(r"\1", line)
