"""A quote where it stands: the text around it, in the generation it was quoted from."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.library import Library, UnknownGeneration
from index.passages import Passage, Record
from knowledge.background import source_of
from knowledge.entities import Quote, Source
from knowledge.splitting import sentences

AROUND = 500
"""Characters shown on each side of a quote, at most."""

ENOUGH = 250
"""Characters from which the text around a quote is rather cut between paragraphs than between sentences."""


@dataclass(frozen=True, slots=True)
class Context:
    """A quote in its document, where `before + quoted + after` stands just like that.

    `section` are the headings the quote stands under; `headings` are the lines of `before` and `after` that
    are headings themselves. `before_cut` and `after_cut` tell whether the document says more on that side.
    """

    section: tuple[str, ...]
    before: str
    quoted: str
    after: str
    source: Source
    headings: frozenset[str] = frozenset()
    before_cut: bool = False
    after_cut: bool = False


def read_context(library: Library, quote: Quote, generation: int) -> Context:
    """The quote with the text around it. Raises UnknownGeneration where that generation is gone."""
    snapshot = library.at(generation)
    passages = snapshot.passages_of(quote.source.document)
    passage = next((found for found in passages if found.id == quote.passage), None)
    record = next((found for found in snapshot.records() if found.id == quote.source.document), None)
    # Where the data folder was deleted and built afresh, numbers come again and mean other documents.
    if record is None or passage is None or record.text[quote.start : quote.end] != quote.text:
        raise UnknownGeneration(f"Generation {generation} is no longer the one this was quoted from.")
    return _around(record, passages, passage, quote)


def _around(record: Record, passages: Sequence[Passage], passage: Passage, quote: Quote) -> Context:
    text = record.text
    start, end = _start(text, quote.start), _end(text, quote.end)
    # A heading whose text was cut off would promise what is not shown.
    end = max(quote.end, max(min(found.end, end) for found in passages if found.start < end))
    return Context(
        section=passage.headings,
        before=text[start : quote.start],
        quoted=quote.text,
        after=text[quote.end : end],
        source=source_of(record, passage.headings),
        headings=_headings(text, passages, (start, end)),
        before_cut=start > 0,
        after_cut=end < passages[-1].end,
    )


def _start(text: str, quoted: int) -> int:
    """Where the text before a quote begins."""
    earliest = quoted - AROUND
    if earliest <= 0:
        return 0
    paragraph = text.find("\n\n", earliest - 2, quoted)
    if paragraph >= 0 and quoted - (paragraph + 2) >= ENOUGH:
        return paragraph + 2
    opening = text.rfind("\n\n", 0, earliest)
    starts = [start for start, _ in _lines(text, (max(0, opening), quoted)) if start >= earliest]
    words = (place + 1 for place in range(earliest - 1, quoted) if text[place].isspace())
    return starts[0] if starts else next(words, quoted)


def _end(text: str, quoted: int) -> int:
    """Where the text after a quote ends."""
    latest = quoted + AROUND
    if latest >= len(text):
        return len(text)
    paragraph = text.rfind("\n\n", quoted, latest + 2)
    if paragraph - quoted >= ENOUGH:
        return paragraph
    closing = text.find("\n\n", latest)
    ends = [end for _, end in _lines(text, (quoted, closing if closing >= 0 else len(text))) if end <= latest]
    words = (place for place in range(latest, quoted, -1) if text[place].isspace())
    return ends[-1] if ends else next(words, quoted)


def _lines(text: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    """The sentences of a stretch of text, none of them longer than its line."""
    found = []
    start = span[0]
    for line in text[span[0] : span[1]].splitlines(keepends=True):
        found += sentences(text, (start, start + len(line)))
        start += len(line)
    return found


def _headings(text: str, passages: Sequence[Passage], span: tuple[int, int]) -> frozenset[str]:
    """The lines between passages: nothing else stands there."""
    ends = [0, *(passage.end for passage in passages)]
    gaps = zip(ends, (passage.start for passage in passages), strict=False)
    between = (text[max(end, span[0]) : min(start, span[1])] for end, start in gaps)
    return frozenset(line.strip() for gap in between for line in gap.splitlines() if line.strip())
