"""What is said about a source besides its text: in the registry of its folder, in its front matter."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from knowledge.corpus.bylines import as_date
from knowledge.corpus.complaints import Finding
from knowledge.formats.shapes import one_line
from knowledge.formats.visible import visible
from knowledge.skills.own import Stated, read_entry

_WORDS = ("title", "author", "site", "link")
_KEYS = (*_WORDS, "date", "restates", "topics", "skills")
_DECLARED = ("category",)
_ENTRY = re.compile(r"^\s*\[\[\s*source\s*\]\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one place says about a source; `declared` holds the fields this program does not use."""

    said: Mapping[str, str] = field(default_factory=dict)
    restates: bool | None = None
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    declared: Mapping[str, object] = field(default_factory=dict)
    line: int | None = None
    skills: tuple[Stated, ...] = ()


@dataclass(frozen=True, slots=True)
class Registry:
    """The statements of one sources.toml by file name, and what is wrong with it."""

    statements: Mapping[str, Statement] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def join(*statements: Statement) -> Statement:
    """All statements as one; an earlier one wins over a later one, field by field. Skills add up."""
    said: dict[str, str] = {}
    topics: dict[str, tuple[str, tuple[str, ...]]] = {}
    declared: dict[str, object] = {}
    for statement in reversed(statements):
        said |= statement.said
        topics |= {heading.casefold(): (heading, found) for heading, found in statement.topics.items()}
        declared |= statement.declared
    restates = next((s.restates for s in statements if s.restates is not None), None)
    line = next((s.line for s in statements if s.line), None)
    skills = tuple(skill for s in statements for skill in s.skills)
    return Statement(said, restates, dict(topics.values()), declared, line, skills)


def read_registry(text: str) -> Registry:
    """The entries of a sources.toml; what is wrong with one does not stop the others."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        return Registry(
            {},
            (
                Finding(
                    "bad-registry",
                    int(line[1]) if line else text.count("\n") + 1,
                    f"Not valid TOML: {error}.",
                ),
            ),
        )
    findings = [
        Finding("registry-key", _line_of(text, key), f"Unknown key “{key}”.")
        for key in table
        if key != "source"
    ]
    entries = table.get("source", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        findings.append(
            Finding("bad-registry", _line_of(text, "source"), "“source” is not a list of [[source]].")
        )
        return Registry({}, tuple(findings))
    statements: dict[str, Statement] = {}
    starts = [match.start() for match in _ENTRY.finditer(text)]
    for place, entry in enumerate(entries):
        # Entries written as an inline list have no line of their own.
        start = starts[place] if len(starts) == len(entries) else 0
        _add(entry, text, start, statements, findings)
    return Registry(statements, tuple(findings))


def _add(
    entry: Mapping[str, Any], text: str, start: int, statements: dict[str, Statement], findings: list[Finding]
) -> None:
    line = text.count("\n", 0, start) + 1 + (text[start:].startswith("\n"))
    file = entry.get("file")
    if not isinstance(file, str) or not file.strip():
        findings.append(Finding("registry-missing-file", line, "An entry without a file."))
        return
    name = file.strip().removeprefix("./")
    if name in statements:
        findings.append(Finding("registry-twice", line, f"“{name}” is listed twice."))
        return
    statement, wrong = _statement({key: value for key, value in entry.items() if key != "file"}, line)
    statements[name] = _with_lines(statement, text, start)
    for key, message in wrong:
        findings.append(Finding("registry-value", _line_of(text, key, start), message))
    findings += [
        Finding("registry-key", _line_of(text, key, start), f"Unknown key “{key}”.")
        for key in statement.declared
        if key not in _DECLARED
    ]


def split_front_matter(text: str) -> tuple[Statement, str, int, tuple[Finding, ...]]:
    """What a text's front matter says, the text below it, the line that starts on, and what is wrong."""
    handler = YAMLHandler()
    try:
        matter, body = handler.split(text) if handler.detect(text) else ("", text)
    except ValueError:  # a rule across the page, not front matter
        return Statement(), text, 1, ()
    if not matter:
        return Statement(), text, 1, ()
    first_line = text.count("\n") - body.count("\n") + 1
    try:
        values = handler.load(matter)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        return Statement(), body, first_line, (Finding("bad-front-matter", line, one_line(str(error))),)
    if not isinstance(values, dict):
        return Statement(), text, 1, ()
    statement, wrong = _statement({str(key): value for key, value in values.items()}, 1)
    found = (Finding("front-matter-value", _line_of(matter, key), message) for key, message in wrong)
    return _with_lines(statement, matter, 0), body, first_line, tuple(found)


def _statement(values: Mapping[str, Any], line: int) -> tuple[Statement, list[tuple[str, str]]]:
    """The statement that these values make, and (key, message) for each that cannot be used."""
    said: dict[str, str] = {}
    wrong: list[tuple[str, str]] = []
    for key in (*_WORDS, "date"):
        value = values.get(key)
        text = as_date(value) if key == "date" else _words(value)
        if text:
            said[key] = text
        elif value is not None:
            wrong.append((key, f"“{key}” is not {'a date' if key == 'date' else 'text'}."))
    restates = values.get("restates")
    if not isinstance(restates, bool | None):
        wrong.append(("restates", "“restates” is neither true nor false."))
        restates = None
    topics = _topics(values.get("topics"), wrong)
    skills = _skills(values.get("skills"), wrong)
    declared = {visible(key): _plain(value) for key, value in values.items() if key not in _KEYS}
    return Statement(said, restates, topics, declared, line, skills), wrong


def _words(value: object) -> str:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return one_line(", ".join(value))
    return one_line(value) if isinstance(value, str) else ""


def _topics(value: object, wrong: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    topics: dict[str, tuple[str, ...]] = {}
    if isinstance(value, list) and all(isinstance(part, dict) for part in value):
        value = {heading: said for part in value for heading, said in part.items()}
    if isinstance(value, dict):
        for heading, questions in value.items():
            listed = [questions] if isinstance(questions, str) else questions
            if isinstance(listed, list) and all(isinstance(question, str) for question in listed):
                topics[one_line(str(heading))] = tuple(filter(None, map(one_line, listed)))
            else:
                wrong.append((str(heading), f"The topics of “{heading}” are not a list of texts."))
    elif value is not None:
        wrong.append(("topics", "“topics” is not a list of texts under each heading."))
    return topics


def _skills(value: object, wrong: list[tuple[str, str]]) -> tuple[Stated, ...]:
    """The skills a source declares, by name or as tables; one of no kind is a concept unless it is known."""
    if isinstance(value, str | dict):
        value = [value]
    if not isinstance(value, list):
        if value is not None:
            wrong.append(("skills", "“skills” is not a list of names."))
        return ()
    skills = []
    for entry in value:
        stated, flaws = read_entry({"name": entry} if isinstance(entry, str) else entry)
        wrong += [("skills", flaw.message) for flaw in flaws]
        if stated:
            skills.append(replace(stated, kind=stated.kind or "concept"))
    return tuple(skills)


def _with_lines(statement: Statement, text: str, start: int) -> Statement:
    """The statement with the lines its skills stand in."""
    line = _line_of(text, "skills", start)
    if line is None:
        return statement
    place = len("".join(text.splitlines(keepends=True)[: line - 1]))
    skills = []
    for skill in statement.skills:
        found = text.find(skill.name, place)
        skills.append(replace(skill, line=text.count("\n", 0, found) + 1 if found >= 0 else line))
    return replace(statement, skills=tuple(skills))


def _plain(value: object) -> object:
    """A value that is safe to keep: YAML can make a few lines stand for gigabytes, so nothing nested."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return tuple(map(visible, value))
    return as_date(value)


def _line_of(text: str, key: str, start: int = 0) -> int | None:
    found = re.compile(rf"^\s*[\"'\[]*\s*{re.escape(key)}\b", re.MULTILINE).search(text, start)
    return text.count("\n", 0, found.end()) + 1 if found else None
