"""The values that travel through the advisor. All frozen; none knows Discord or a file."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Literal

# --- what was read -----------------------------------------------------------------------------------------

BlockKind = Literal["paragraph", "list", "steps", "table", "code"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list (bulleted or numbered), a table or code, as offsets into `Document.text`.

    `items` are the spans of a list's items without their markers, in order; empty for other kinds. "steps"
    is a list whose order matters: numbered, or under a heading that says so.
    """

    kind: BlockKind
    start: int
    end: int
    items: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The blocks under one heading, up to the next heading of any level.

    `headings` is the path from the outermost heading to this one; () before the first heading. `empty` means
    that neither this section nor any below it says anything; `placeholder` is a filler line found instead
    ("No prerequisites listed yet."), which is not quoted. `topics` are questions or keywords the document
    itself says this section answers.
    """

    headings: tuple[str, ...]
    start: int
    end: int
    blocks: tuple[Block, ...] = ()
    empty: bool = False
    placeholder: str | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose words a document holds. Each field is None or empty where the source does not state it.

    `restates` is true where the text is our restatement of somebody's article.
    """

    author: str | None = None
    date: str | None = None
    site: str | None = None
    link: str | None = None
    restates: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A cleaned source: text in canonical form, its structure as offsets, metadata apart.

    In `text` a heading is a bare line, blocks are separated by one blank line, a list item is a line that
    begins with "- " ("1. " in numbered steps), a nested item is indented by two spaces per level.
    `digest` is the sha-256 of everything a reader could see. `lines` are pairs of a place in `text` where a
    heading, block, list item or table row begins and its line in the file `path`; where that is not known it
    has none.
    """

    id: str
    title: str
    text: str
    sections: tuple[Section, ...]
    origin: Origin
    digest: str
    path: str
    declared: Mapping[str, object] = field(
        default_factory=dict
    )  # front matter or registry fields not used above
    lines: tuple[tuple[int, int], ...] = field(default=(), compare=False)

    def line_at(self, offset: int) -> int | None:
        """The line of the file on which that begins which stands at this place of the text."""
        place = bisect_right(self.lines, offset, key=lambda pair: pair[0])
        return self.lines[place - 1][1] if place else None


Severity = Literal["note", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something an author or admin should know about a source. "error": the file was left out.

    `line` is the first of the `times` places where it was found.
    """

    rule: str
    severity: Severity
    path: str
    line: int | None
    message: str
    hint: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class NearMisses:
    """Questions that sound like these documents, by id, and that none of them answers."""

    documents: tuple[str, ...]
    questions: tuple[str, ...]


# --- what is asked and answered ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of the same conversation."""

    user: str
    bot: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a person typed, and what was said before in that conversation, oldest first."""

    text: str
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a quote comes from, as shown under it."""

    document: str
    title: str
    headings: tuple[str, ...]
    origin: Origin

    @property
    def label(self) -> str:
        """Title and section: "Backend Engineer › Core Skills"."""
        return " › ".join((self.title, *self.headings))

    @property
    def credit(self) -> str:
        """Title, author, site and date as one line, honest about what the source does not state."""
        author = self.origin.author or "author not stated"
        date = self.origin.date or "date not stated"
        site = f", {self.origin.site}" if self.origin.site else ""
        return f"{'restated from ' if self.origin.restates else ''}«{self.title}»{site}, {author}, {date}"


@dataclass(frozen=True, slots=True)
class Quote:
    """Text of a document, word for word: `Record.text[start:end]` of `source.document`."""

    text: str
    passage: str
    start: int
    end: int
    source: Source


@dataclass(frozen=True, slots=True)
class Confidence:
    """A word a person understands, and the evidence for it."""

    word: Literal["high", "medium", "low"]
    reason: str


class Refusal(Enum):
    """Why a question is not answered."""

    NOTHING = "nothing about this in the knowledge base"
    EMPTY_SECTION = "a source has the heading but nothing under it"
    ONLY_NEAR = "only something near"
    UNCLEAR = "no question to look for"
    COURTESY = "small talk"


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes that answer one question, best first, with what the bot itself says before and after them.

    `heading` says in the documents' words what is answered, for a message that asks several things; `skills`
    are names of skills that go with it.
    """

    question: str
    quotes: tuple[Quote, ...]
    notes: tuple[str, ...]
    confidence: Confidence
    related: tuple[str, ...]
    generation: int
    leads: tuple[str, ...] = ()
    heading: str = ""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """An honest "I don't know": the reason, a sentence saying it, and what can be answered instead."""

    question: str
    refusal: Refusal
    sentence: str
    related: tuple[str, ...]
    generation: int
    heading: str = "Not answered"
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What one message gets: an answer or an honest refusal for each question in it, in order."""

    parts: tuple[Answer | NoAnswer, ...]
    generation: int

    def without_questions(self) -> "Reply":
        """The same reply without what was asked, to be kept."""
        return replace(self, parts=tuple(replace(part, question="") for part in self.parts))

    @property
    def abstained(self) -> bool:
        """True where no part answers."""
        return not any(isinstance(part, Answer) for part in self.parts)
