"""Documents → passages. Pure: the same document and measure give the same passages."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sentencex import get_sentence_boundaries

from index.passages import Cue, Passage
from knowledge.entities import Block, Document, Section

VERSION = 2
"""Bump when the same document would be split or cued differently."""

COMFORTABLE = 700
"""Characters up to which neighbouring paragraphs of a section share a passage: what a phone shows at once."""

CountTokens = Callable[[str], int]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Measure:
    """What an encoder reads of a text: `window` tokens, special ones included."""

    count_tokens: CountTokens
    window: int


def split(document: Document, measure: Measure) -> list[Passage]:
    """Passages of a document in reading order.

    A passage stays inside its section and inside the encoder's window. A list is kept whole with the sentence
    that leads into it while it fits; a longer one is cut between items, a longer paragraph between sentences.
    The title and the headings are part of what is embedded, never of what is quoted.
    """
    passages: list[Passage] = []
    for section in document.sections:
        path = _path(document, section, measure)
        for span, blocks in _pieces(document, section, _room(path, measure)):
            passages.append(_passage(document, section, path, span, blocks, len(passages)))
    return passages


def sentences(text: str, span: Span) -> list[Span]:
    """The sentences of a stretch of text, as spans without surrounding white space."""
    start, end = span
    found: list[Span] = []
    for boundary in get_sentence_boundaries("en", text[start:end]):
        trimmed = _trim(text, (start + boundary["start_index"], start + boundary["end_index"]))
        if found and found[-1][1] == trimmed[0] and text[trimmed[0] - 1].isascii():
            found[-1] = (found[-1][0], trimmed[1])  # the "?" of an address ends no sentence
        elif trimmed[0] < trimmed[1]:
            found.append(trimmed)
    return found


def _pieces(document: Document, section: Section, room: "_Room") -> Iterator[tuple[Span, tuple[Block, ...]]]:
    for group in _groups(section.blocks):
        span = (group[0].start, group[-1].end)
        if room.holds(document.text, span):
            yield span, group
        else:
            for part in _cut(document.text, group, room):
                yield part, _within(group, part)


@dataclass(frozen=True, slots=True)
class _Room:
    """Tokens left for a passage once title and headings are embedded with it."""

    tokens: int
    count_tokens: CountTokens

    def holds(self, text: str, span: Span) -> bool:
        return self.count_tokens(text[span[0] : span[1]]) <= self.tokens


def _room(path: Sequence[str], measure: Measure) -> _Room:
    return _Room(measure.window - measure.count_tokens(_heading(path)), measure.count_tokens)


def _path(document: Document, section: Section, measure: Measure) -> tuple[str, ...]:
    """Title and headings as they are embedded: half of the window always belongs to the text."""
    path = (document.title, *section.headings)
    while path[0] and measure.count_tokens(_heading(path)) > measure.window // 2:
        path = path[1:] or (path[0][: len(path[0]) // 2],)
    return path


def _groups(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """Neighbouring blocks that belong in one passage: a short section whole, else as they join."""
    if blocks and blocks[-1].end - blocks[0].start <= COMFORTABLE:
        yield tuple(blocks)
        return
    group: list[Block] = []
    for position, block in enumerate(blocks):
        if group and not _joins(group, block, blocks[position + 1 :]):
            yield tuple(group)
            group = []
        group.append(block)
    if group:
        yield tuple(group)


def _joins(group: Sequence[Block], block: Block, following: Sequence[Block]) -> bool:
    if block.kind != "paragraph":
        return group[-1].kind == "paragraph" and len(group) == 1
    leads_a_list = bool(following) and following[0].kind in ("list", "steps")
    prose = all(member.kind == "paragraph" for member in group)
    return prose and not leads_a_list and block.end - group[0].start <= COMFORTABLE


def _cut(text: str, group: Sequence[Block], room: _Room) -> Iterator[Span]:
    """Spans that fit the room, each as long as fits, cut where a reader would pause."""
    atoms = _atoms(text, group, room)
    current = next(atoms)
    for atom in atoms:
        joined = (current[0], atom[1])
        if room.holds(text, joined):
            current = joined
        else:
            yield current
            current = atom
    yield current


def _atoms(text: str, group: Sequence[Block], room: _Room) -> Iterator[Span]:
    for block in group:
        if block.items:
            starts = [_line_start(text, start, block.start) for start, _ in block.items]
            spans = [_trim(text, span) for span in zip(starts, [*starts[1:], block.end], strict=True)]
        else:
            spans = sentences(text, (block.start, block.end))
        for span in spans:
            yield from _cut_words(text, span, room)


def _cut_words(text: str, span: Span, room: _Room) -> Iterator[Span]:
    """A stretch halved, at a space if it has any, until every part fits."""
    start, end = span
    if room.holds(text, span) or end - start < 2:
        yield span
        return
    middle = (start + end) // 2
    spaces = (place for place in range(start + 1, end) if text[place].isspace())
    middle = min(spaces, key=lambda place: abs(place - middle), default=middle)
    for part in ((start, middle), (middle, end)):
        yield from _cut_words(text, _trim(text, part), room)


def _within(group: Sequence[Block], span: Span) -> tuple[Block, ...]:
    return tuple(block for block in group if block.start < span[1] and block.end > span[0])


def _passage(
    document: Document,
    section: Section,
    path: Sequence[str],
    span: Span,
    blocks: Sequence[Block],
    ordinal: int,
) -> Passage:
    text = document.text[span[0] : span[1]]
    parts = _parts(document.text, span, blocks)
    return Passage(
        id=f"{document.id}#{ordinal}",
        document=document.id,
        ordinal=ordinal,
        headings=section.headings,
        text=text,
        start=span[0],
        end=span[1],
        words="\n".join((document.title, *section.headings, text)),
        cues=tuple(_cues(document, section, path, span, parts)),
        attributes={
            "kind": _kind(blocks),
            "parts": [list(part) for part in parts],
            "questions": list(section.topics),
        },
    )


def _kind(blocks: Sequence[Block]) -> str:
    kinds = {block.kind for block in blocks}
    return next((kind for kind in ("steps", "list", "table", "code") if kind in kinds), "paragraph")


def _parts(text: str, span: Span, blocks: Sequence[Block]) -> list[Span]:
    """The sentences and list items of a passage, in order."""
    parts: list[Span] = []
    for block in blocks:
        start, end = max(block.start, span[0]), min(block.end, span[1])
        if block.items:
            parts += [item for item in block.items if start <= item[0] and item[1] <= end]
        else:
            parts += sentences(text, (start, end))
    return parts


def _cues(
    document: Document, section: Section, path: Sequence[str], span: Span, parts: Sequence[Span]
) -> Iterator[Cue]:
    yield Cue(f"{_heading(path)}\n{document.text[span[0] : span[1]]}", *span)
    if len(parts) > 1:
        for start, end in parts:
            yield Cue(f"{path[-1]}: {document.text[start:end]}", start, end)
    for topic in section.topics:
        yield Cue(topic, *span)


def _heading(path: Sequence[str]) -> str:
    return " › ".join(path)


def _line_start(text: str, position: int, lowest: int) -> int:
    return max(text.rfind("\n", 0, position) + 1, lowest)


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
