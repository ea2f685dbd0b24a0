"""Every rule a source can break: how grave it is, and what its author can do about it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from knowledge.entities import Complaint, Severity
from knowledge.formats.shapes import one_line

RULES: dict[str, tuple[Severity, str]] = {
    # the file was left out
    "unreadable": ("error", "Check that the file exists and that the program may read it."),
    "too-large": ("error", "Split the file, or raise the size limit."),
    "binary": ("error", "Save it as text: Markdown, plain text, HTML or JSON lines."),
    "empty": ("error", "Write something in it, or remove it."),
    "too-nested": ("error", "Flatten the quotes, lists or tags that are nested hundreds deep."),
    "encrypted": ("error", "Save it without a password."),
    "macros": ("error", "Save it as .docx, which holds no macros."),
    "no-text": ("error", "Recognize its text (OCR) and save it again, or save it as text."),
    "too-many-pages": ("error", "Split the file, or raise the page limit."),
    "expands": ("error", "Save it again in the program that wrote it; nothing in it was read."),
    "damaged": ("error", "Open it in the program that wrote it, and save it again."),
    "stopped": ("error", "Split the file, simplify it, or raise the limits of time and memory."),
    "too-long": ("error", "Split the file."),
    "duplicate": ("error", "Remove one of the two files."),
    "same-id": ("error", "Give each document of a folder its own name or id."),
    "bad-line": ("error", 'Write one object a line: {"id": "…", "title": "…", "text": "…"}.'),
    # the file was read, but not as its author meant
    "bad-front-matter": (
        "warning",
        "Write the block between the two --- lines as YAML: one key: value a line.",
    ),
    "front-matter-value": ("warning", "Correct the value; the rest of the front matter counts."),
    "bad-registry": ("warning", "Correct sources.toml; until then none of its entries counts."),
    "registry-value": ("warning", "Correct the value; until then it does not count."),
    "registry-key": ("warning", "Use file, title, author, date, site, link, restates, topics or skills."),
    "registry-missing-file": ("warning", "Add the file, or remove its entry from sources.toml."),
    "registry-twice": ("warning", "Keep one entry for each file; the first one counts."),
    "unknown-topic-heading": ("warning", "Write the heading as it stands in the document."),
    "bad-near-misses": (
        "warning",
        "Write [[group]] tables with a list of questions; until then none counts.",
    ),
    "bad-skills": ("warning", "Write each skill as a [[skill]] table; those that can be read count."),
    "skill-value": ("warning", "Correct the entry; the rest of it and the other skills count."),
    "near-duplicate": (
        "warning",
        "Keep one of the two, or let each say only what the other does not; otherwise both are quoted.",
    ),
    "contradiction": (
        "warning",
        "Correct the one that is wrong; if both are right, say in each what it holds for. Both are quoted.",
    ),
    "mojibake": ("warning", "Write the characters again and save the file as UTF-8."),
    # the file was read; something in it was set aside
    "replaces": ("note", "Rename the document if both should answer."),
    "unknown-format": ("note", "Save it as .md, .txt, .html, .jsonl, .pdf or .docx to have it read."),
    "other-format": ("note", "Nothing to do; it is kept under the suffix of its format."),
    "guessed-encoding": ("note", "Save the file as UTF-8 to be sure of every character."),
    "invisible-characters": ("note", "Nothing to do, unless a character was meant to be seen."),
    "untitled": ("note", "Give it a title: in sources.toml, in front matter, or as its first heading."),
    "leading-line": ("note", "Give the title in sources.toml if another of the first lines is the title."),
    "byline": ("note", "Give author and date in sources.toml if they were not understood."),
    "reading-time": ("note", "Remove it; it tells about the page, not about the subject."),
    "template-placeholder": ("note", "Fill it in, or remove it."),
    "caption": ("note", "Remove it, or write it as a sentence if it should be quoted."),
    "tag-list": ("note", "Remove it, or give questions as topics in sources.toml."),
    "call-to-action": ("note", "Remove it; pleas to subscribe, share or sponsor are never quoted."),
    "related-pointer": ("note", "Remove it, or add the article it points to."),
    "sign-off": ("note", "Remove it; greetings are never quoted."),
    "letter": ("note", "Nothing to do; greetings, signatures and quoted letters are not the writer's text."),
    "page-furniture": ("note", "Remove it; copyright and cookie lines are never quoted."),
    "page-around": (
        "note",
        "Nothing to do, unless something of it should be quoted: move that into the article of the page.",
    ),
    "no-origin": (
        "note",
        "Add author and date: in front matter, in sources.toml, or as “By …, 31 January 2025”.",
    ),
    "no-author": ("note", "Add the author: in front matter, in sources.toml, or as “By …, 31 January 2025”."),
    "no-date": (
        "note",
        "Add the date: in front matter, in sources.toml, or as “Updated on 31 January 2025”.",
    ),
    "long-item": ("note", "Write it as a paragraph, or break it into several items."),
    "long-paragraph": ("note", "Break it where the subject changes: a quote is cut between sentences."),
    "placeholder-text": ("note", "Write the section, or leave it empty."),
    "empty-section": ("note", "Write the section; until then the bot says that this source leaves it empty."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule was broken, before it is known in which file; `text` is what was found."""

    rule: str
    line: int | None
    text: str


def complain(rule: str, path: str, message: str, line: int | None = None) -> Complaint:
    """A complaint with the severity and hint of its rule."""
    severity, hint = RULES[rule]
    seen = one_line(message)
    return Complaint(rule=rule, severity=severity, path=path, line=line, message=seen, hint=hint)


def gather(findings: Iterable[Finding], path: str) -> tuple[Complaint, ...]:
    """One complaint for each rule broken in a file: its first line, and how often.

    Of what has to be corrected one by one, one complaint each.
    """
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: finding.line or 0):
        each = finding.text if finding.rule in _EACH else ""
        kinds.setdefault((finding.rule, each), []).append(finding)
    return tuple(
        replace(
            complain(rule, path, _message(found), min((f.line for f in found if f.line), default=None)),
            times=len(found),
        )
        for (rule, _), found in kinds.items()
    )


def _message(found: list[Finding]) -> str:
    what = _NAMES[found[0].rule]
    if found[0].rule in _LISTED:
        return f"{what}: {', '.join(_named(finding, found[0].line) for finding in found)}."
    times = "" if len(found) == 1 else f", {len(found)} times"
    if found[0].rule in _PLAIN:
        return f"{what}: {found[0].text.rstrip('.')}{times}."
    text = found[0].text if len(found[0].text) <= 60 else found[0].text[:59] + "…"
    return f"{what}: “{text}”{times}."


def _named(finding: Finding, first: int | None) -> str:
    """A heading, with its line if that is not the one of the complaint."""
    return f"“{finding.text}”" + (f" (line {finding.line})" if finding.line and finding.line != first else "")


_LISTED = ("empty-section",)
_PLAIN = ("page-around", "long-item", "long-paragraph", "front-matter-value", "bad-front-matter")
_EACH = ("unknown-topic-heading", "bad-front-matter", "front-matter-value")
_NAMES = {
    "unknown-topic-heading": "No such heading for topics",
    "mojibake": "Garbled characters repaired or dropped",
    "guessed-encoding": "Not UTF-8; read as",
    "invisible-characters": "Invisible characters removed",
    "untitled": "No title found; named after its file",
    "leading-line": "First line is not the title and was left out",
    "byline": "Author or date line taken out of the text",
    "reading-time": "Reading time left out",
    "template-placeholder": "Unfilled template left out",
    "caption": "Picture caption left out",
    "tag-list": "Tag list left out",
    "call-to-action": "Call to action left out",
    "related-pointer": "Pointer to another article left out",
    "sign-off": "Greeting left out",
    "letter": "Frame of a letter left out",
    "page-furniture": "Page furniture left out",
    "long-item": "List item too long to be one",
    "long-paragraph": "Wall of text",
    "page-around": "Left out around the article",
    "placeholder-text": "Placeholder is not quoted",
    "empty-section": "Heading with nothing under it",
    "bad-front-matter": "Front matter is not valid",
    "front-matter-value": "Value in the front matter not understood",
    "registry-value": "Value not understood",
}
