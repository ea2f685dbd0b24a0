"""Markdown into pieces: CommonMark with tables and strikethrough, reduced to what a reader reads."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from knowledge.formats.dialects import mentioned, reduce_dialects
from knowledge.formats.links import leads_elsewhere
from knowledge.formats.markup import parse_html
from knowledge.formats.pieces import Code, Heading, Item, Listing, Paragraph, Piece, Table
from knowledge.formats.questions import has_questions, is_answered, is_asked, with_questions
from knowledge.formats.shapes import bare_lines, heading_like, one_line
from knowledge.formats.visible import visible

_LOOKS = re.compile(
    r"^(?:#{1,6} +\S.*|```.*|\[[^\]]+\]: \S+|\|?(?: *:?-{3,}:? *\|)+(?: *:?-{3,}:? *)?)$"
    r"|\*\*\w[^*\n]*\*\*|\]\((?:https?:|/|#)",
    re.MULTILINE,
)
_CHECKBOX = re.compile(r"^\[[ xX]\]\s+")
_PLACEHOLDER = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_SILENT = ("script", "style", "template", "noscript", "iframe")


def looks_like_markdown(text: str) -> bool:
    """True where a text uses marks that only Markdown has."""
    return _LOOKS.search(text) is not None


def read_markdown(text: str, *, first_line: int = 1) -> tuple[Piece, ...]:
    """The pieces of a Markdown text whose first line is `first_line` of its file."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    reduced = reduce_dialects(text)
    pieces = _Reader(first_line, reduced.footnotes).blocks(
        SyntaxTreeNode(parser.parse(reduced.text)).children
    )
    return tuple(with_questions(pieces) if has_questions(text) else pieces)


class _Reader:
    def __init__(self, first_line: int, footnotes: Mapping[str, str]) -> None:
        self._first = first_line
        self._footnotes = footnotes
        self._level = 0

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> Iterator[Piece]:
        """The pieces of these nodes, each with the footnotes it mentions below it."""
        for node in nodes:
            notes: dict[str, None] = {}
            for piece in self._block(node):
                said, found = self._without_marks(piece)
                notes |= dict.fromkeys(found)
                yield said
            yield from (Paragraph(note, self._line(node)) for note in notes)

    def _without_marks(self, piece: Piece) -> tuple[Piece, tuple[str, ...]]:
        if not self._footnotes or isinstance(piece, Code):
            return piece, ()
        if isinstance(piece, Heading | Paragraph):
            text, notes = mentioned(piece.text, self._footnotes)
            return replace(piece, text=text), notes
        notes = mentioned(piece.text, self._footnotes)[1]
        if isinstance(piece, Listing):
            items = (replace(item, text=mentioned(item.text, self._footnotes)[0]) for item in piece.items)
            return replace(piece, items=tuple(items)), notes
        rows = (tuple(mentioned(cell, self._footnotes)[0] for cell in row) for row in piece.rows)
        return replace(piece, rows=tuple(rows)), notes

    def _block(self, node: SyntaxTreeNode) -> Iterator[Piece]:
        line = self._line(node)
        match node.type:
            case "heading":
                self._level = int(node.tag[1])
                yield Heading(one_line(_inline(node)), self._level, line)
            case _ if leads_elsewhere(node):
                return
            case "paragraph" if _is_bold(node) and heading_like(bold := one_line(_inline(node))):
                yield Heading(bold, min(self._level + 1, 6), line)
            case "paragraph":
                yield from _paragraph(_inline(node), line)
            case "html_block":
                yield from bare_lines(_html_text(node.content), line)
            case "bullet_list" | "ordered_list":
                items = tuple(self._items(node, 0))
                if items:
                    yield Listing(items, line)
            case "fence" | "code_block":
                if node.content.strip():
                    yield Code(visible(node.content.strip("\n")), line)
            case "table":
                rows = (_row(row) for part in node.children for row in part.children)
                said = tuple(row for row in rows if any(row))
                if said:
                    yield Table(said, line)
            case "blockquote":
                yield from self.blocks(node.children)
            case _:
                return

    def _items(self, node: SyntaxTreeNode, depth: int) -> Iterator[Item]:
        start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        for place, child in enumerate(node.children):
            lists = [part for part in child.children if part.type in ("bullet_list", "ordered_list")]
            text = " ".join(self._spoken(part) for part in child.children if part not in lists)
            text = _CHECKBOX.sub("", one_line(text))
            if text:
                number = None if start is None else start + place
                yield Item(text, self._line(child), depth, number)
            for nested in lists:
                # Under an item without words of its own the nested list takes its place.
                yield from self._items(nested, depth + 1 if text else depth)

    def _spoken(self, node: SyntaxTreeNode) -> str:
        if node.type in ("paragraph", "heading"):
            return _inline(node)
        if node.children:
            return " ".join(map(self._spoken, node.children))
        return _html_text(node.content) if node.type == "html_block" else node.content

    def _line(self, node: SyntaxTreeNode) -> int:
        return self._first + (node.map[0] if node.map else 0)


def _is_bold(node: SyntaxTreeNode) -> bool:
    """True for a paragraph that is a heading to its author: bold from end to end."""
    words = node.children[0].children if node.children else []
    said = [word for word in words if word.type != "text" or word.content.strip()]
    return len(said) == 1 and said[0].type == "strong" and said[0].markup == "**"


def _paragraph(text: str, line: int) -> Iterator[Piece]:
    """The pieces of one paragraph: a question or an answer that begins on a line of it begins its own."""
    lines = text.split("\n")
    starts = [
        0,
        *(place for place, said in enumerate(lines) if place and (is_asked(said) or is_answered(said))),
    ]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield from bare_lines("\n".join(lines[start:end]), line + start)


def _row(row: SyntaxTreeNode) -> tuple[str, ...]:
    return tuple(one_line(_inline(cell)) for cell in row.children)


def _inline(node: SyntaxTreeNode) -> str:
    return "".join(_words(child) for inline in node.children for child in _audible(inline.children))


def _audible(nodes: Sequence[SyntaxTreeNode]) -> Iterator[SyntaxTreeNode]:
    """The inline nodes outside of script and style tags."""
    silent: str | None = None
    for node in nodes:
        tag = re.match(r"<(/?)(\w+)", node.content) if node.type == "html_inline" else None
        if silent is None and tag and not tag[1] and tag[2].lower() in _SILENT:
            silent = tag[2].lower()
        elif silent is None:
            yield node
        elif tag and tag[1] and tag[2].lower() == silent:
            silent = None


def _words(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "html_inline":
            return "\n" if node.content.lower().startswith("<br") else ""
        case "image":
            return ""
    words = "".join(_words(child) for child in node.children)
    # __READING_TIME__ is a template nobody filled in, not an emphasised word.
    if node.type == "strong" and node.markup == "__" and _PLACEHOLDER.fullmatch(words):
        return f"__{words}__"
    return words


def _html_text(html: str) -> str:
    soup = parse_html(html)
    for silent in soup.find_all(_SILENT):
        silent.decompose()
    return soup.get_text("\n", strip=True)
