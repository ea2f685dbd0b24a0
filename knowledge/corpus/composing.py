"""A file's text into a cleaned document: the steps from characters to places, in their order."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise

from knowledge.corpus.boilerplate import remove_boilerplate
from knowledge.corpus.characters import clean_characters
from knowledge.corpus.complaints import Finding
from knowledge.corpus.layout import Layout, lay_out
from knowledge.corpus.nesting import nest
from knowledge.corpus.places import Places
from knowledge.corpus.statements import Statement, join, split_front_matter
from knowledge.corpus.titles import settle_title
from knowledge.entities import Document, Origin, Section
from knowledge.formats.html import read_html
from knowledge.formats.letters import read_letter
from knowledge.formats.markdown import looks_like_markdown, read_markdown
from knowledge.formats.pieces import Draft
from knowledge.formats.plain import read_plain
from knowledge.formats.shapes import one_line
from knowledge.formats.wiki import without_wiki_marks
from knowledge.skills.own import Stated

_OF_CHARACTERS = ("mojibake", "invisible-characters")
"""Found in the page as it is, before it became Markdown."""

_LONGEST_SAID = 300
"""Characters of a title or a name; more is a text in the wrong place."""

_OF_THE_WHOLE = ("untitled", "page-around", "unknown-topic-heading")


@dataclass(frozen=True, slots=True)
class Raw:
    """A source as found: `format` is the suffix its text is written in.

    `line` is set where the whole text stands on one line of its file, `converted` where its lines are not
    those of the file.
    """

    id: str
    path: str
    text: str
    format: str
    line: int | None = None
    converted: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """The document made of a source, None if nothing is left of it, what was found, skills it declares."""

    document: Document | None
    findings: tuple[Finding, ...]
    skills: tuple[Stated, ...] = ()


def compose(raw: Raw, statement: Statement) -> Composed:
    """The document of one source; `statement`, the word of its registry, wins over what it says itself."""
    text, findings = clean_characters(raw.text)
    draft, matter, found = _draft(text, raw.format)
    findings += found
    cleaned = remove_boilerplate(draft.pieces, flat=draft.flat)
    findings += cleaned.findings
    said = [Statement(said=draft.stated), Statement(said=cleaned.stated)]
    # What a program notes in a file wins over nobody's words.
    stated = join(statement, matter, *(reversed(said) if raw.converted else said))
    byline = next((f.line for f in cleaned.findings if f.rule in ("byline", "reading-time")), None)
    title, pieces, dropped = settle_title(
        cleaned.pieces, stated.said.get("title"), flat=draft.flat, byline=byline
    )
    layout = lay_out(nest(pieces) if draft.flat else pieces)
    findings += [*dropped, *layout.findings]
    if not layout.sections:
        return Composed(None, ())
    if title is None:
        title = one_line(re.sub(r"[-_]", " ", re.split(r"[/#]", raw.id)[-1])) or raw.id
        findings.append(Finding("untitled", None, title))
    title = _shortened(title)
    sections, unknown = _with_topics(layout.sections, title, stated)
    document = Document(
        id=raw.id,
        title=title,
        text=layout.text,
        sections=sections,
        origin=_origin(stated),
        digest="",
        path=raw.path,
        declared=stated.declared,
        lines=tuple(_lines(raw, layout)),
    )
    placed = _placed(raw, [*findings, *unknown])
    return Composed(replace(document, digest=_digest(document)), placed, stated.skills)


def _placed(raw: Raw, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with lines of the file: those of HTML were counted after it had become Markdown."""
    if raw.line is not None:
        return tuple(replace(finding, line=raw.line) for finding in findings)
    if raw.converted:
        return tuple(replace(finding, line=None) for finding in findings)
    if raw.format != ".html":
        return tuple(findings)
    places = Places(raw.text)
    return tuple(
        finding if finding.rule in _OF_CHARACTERS else replace(finding, line=_line(finding, places))
        for finding in findings
    )


def _line(finding: Finding, places: Places) -> int | None:
    return None if finding.rule in _OF_THE_WHOLE else places.line(finding.text)


def _lines(raw: Raw, layout: Layout) -> Iterator[tuple[int, int]]:
    """The places of a document's text with the lines of its file."""
    starts = [start for start, _ in layout.lines]
    if raw.converted:
        return
    if raw.line is not None:
        yield from ((start, raw.line) for start in starts[:1])
    elif raw.format != ".html":
        yield from layout.lines
    else:
        texts = (layout.text[start:end] for start, end in pairwise((*starts, len(layout.text))))
        for start, line in zip(starts, Places(raw.text).in_order(texts), strict=True):
            if line is not None:
                yield start, line


def _draft(text: str, form: str) -> tuple[Draft, Statement, list[Finding]]:
    if form == ".html":
        draft = read_html(text)
        return draft, Statement(), [Finding("page-around", None, draft.around)] if draft.around else []
    matter, body, line, findings = split_front_matter(without_wiki_marks(text))
    letter = read_letter(body, first_line=line)
    left_out = [Finding("letter", number, found) for number, found in letter.left_out]
    if form == ".md" or looks_like_markdown(letter.text):
        draft = Draft(read_markdown(letter.text, first_line=line), letter.stated)
    else:
        draft = Draft(read_plain(letter.text, first_line=line), letter.stated, flat=True)
    return draft, matter, [*findings, *left_out]


def _with_topics(
    sections: Sequence[Section], title: str, stated: Statement
) -> tuple[tuple[Section, ...], list[Finding]]:
    """The sections with the questions they are said to answer; what stands before them goes by the title."""
    names = [(part.headings[-1] if part.headings else title).casefold() for part in sections]
    wanted = {heading.casefold(): topics for heading, topics in stated.topics.items()}
    unknown = [
        Finding("unknown-topic-heading", None, heading)
        for heading in stated.topics
        if heading.casefold() not in names
    ]
    paired = zip(sections, names, strict=True)
    return tuple(replace(part, topics=wanted.get(name, ())) for part, name in paired), unknown


def _origin(stated: Statement) -> Origin:
    said = stated.said
    return Origin(
        author=_shortened(said["author"]) if "author" in said else None,
        date=said.get("date"),
        site=_shortened(said["site"]) if "site" in said else None,
        link=said.get("link"),
        restates=bool(stated.restates),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SAID else f"{text[: _LONGEST_SAID - 1].rstrip()}…"


def _digest(document: Document) -> str:
    seen = {
        "title": document.title,
        "text": document.text,
        "sections": [asdict(section) for section in document.sections],
        "origin": asdict(document.origin),
        "declared": dict(document.declared),
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()
