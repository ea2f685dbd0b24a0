"""The sentences, list items and table rows of documents, each with what it is about and what it states."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.asking.vocabulary import carries_topic, stem
from knowledge.entities import Block, Document, Section
from knowledge.linting.figures import Figure, figures, states
from knowledge.splitting import sentences

_LIGHT = (
    "about again all allow alreadi also alway amount anoth anybodi appli approxim avail begin big both"
    " call cannot centimet centimetr come cost cubic day differ do don't done end enough entir euro"
    " everi everybodi exact except fee find first follow forbidden full general get give go good gram"
    " great have hour hous ident includ keep kilomet larg last later least like liter litr littl long"
    " made make mani maximum may mean member mention meter metr minimum minut month much must nearli"
    " need never new next nobodi normal number o'clock often old onli open organ own pay percent permit"
    " person place possibl pound price requir rest rise round same say second see sever short show sinc"
    " small somebodi squar start stay still take tell thing third time today total two typic under until"
    " use usual want way week well whoever work year yet"
)
LIGHT = frozenset(_LIGHT.split())
"""Stems that say how something is said, not of what."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
CONTRASTS = tuple(
    frozenset(group.split())
    for group in (
        "full half quarter doubl singl part-tim full-tim",
        "adult child children pupil student senior youth babi famili",
        "summer winter spring autumn",
        "morn midday noon afternoon even night",
        "junior senior mid mid-level intermedi entri entry-level",
        "insid outsid indoor outdoor open-air",
        "north south east west",
        "old new",
        "small larg big",
        "least most",
        "first second third fourth fifth last",
        "high low",
        "return extra each addit further",
    )
)
"""Stems of which two that differ tell of different things, however alike the rest is."""

_CONTRASTING = frozenset().union(*CONTRASTS)
_LABEL = re.compile(r"([^:|.!?]{1,40})(?:: | \| )")
_CLAUSE = re.compile(r"[.;!?](?=\s)|\s[–—]\s")
_WINDOW = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, list item or row.

    `about` are the stems of its own words but for what it states; `around` those of the title and headings
    above it, `title` and `leaf` those of the outermost and the innermost.
    `label` are those of the words before its colon or in its first cell. `figures` are what it states, each
    with the stems near it.
    """

    document: int
    section: Section
    start: int
    end: int
    about: frozenset[str]
    around: frozenset[str]
    title: frozenset[str]
    leaf: frozenset[str]
    label: frozenset[str]
    figures: tuple[tuple[Figure, frozenset[str]], ...]


def statements(place: int, document: Document) -> Iterator[Statement]:
    """Those of a document, which has this place among others, that state something."""
    for section in document.sections:
        around = stems_of(" ".join((document.title, *section.headings)))
        headings = (
            around,
            stems_of(document.title),
            stems_of(section.headings[-1]) if section.headings else frozenset(),
        )
        for block in section.blocks:
            for span in _spans(document, block):
                if found := figures(document.text[span[0] : span[1]]):
                    yield _statement(place, document, section, headings, span, found)


def stems_of(text: str) -> frozenset[str]:
    """The stems of the words of a text that carry its topic."""
    return frozenset(
        stem(word)
        for word in map(str.lower, _WORD.findall(text))
        if carries_topic(word) and not word.isdigit()
    )


def _spans(document: Document, block: Block) -> Sequence[tuple[int, int]]:
    if block.kind == "paragraph":
        if not states(document.text[block.start : block.end]):
            return ()  # parting it into sentences takes longest
        return sentences(document.text, (block.start, block.end))
    if block.kind == "table":
        return _rows(document, block)[1:]
    return block.items


def _rows(document: Document, block: Block) -> list[tuple[int, int]]:
    rows = re.finditer(r"[^\n]+", document.text[block.start : block.end])
    return [(block.start + row.start(), block.start + row.end()) for row in rows]


def _statement(
    place: int,
    document: Document,
    section: Section,
    headings: tuple[frozenset[str], frozenset[str], frozenset[str]],
    span: tuple[int, int],
    found: Sequence[Figure],
) -> Statement:
    text = document.text[span[0] : span[1]]
    words = [
        (match.start(), stem(word))
        for match in _WORD.finditer(text)
        if (carries_topic(word := match[0].lower().replace("’", "'")) or stem(word) in _CONTRASTING)
        and not any(figure.start <= match.start() < figure.end for figure in found)
    ]
    return Statement(
        document=place,
        section=section,
        start=span[0],
        end=span[1],
        about=frozenset(word for _, word in words),
        around=headings[0],
        title=headings[1],
        leaf=headings[2],
        label=stems_of(label[1]) if (label := _LABEL.match(text)) else frozenset(),
        figures=tuple((figure, _near(text, words, figure)) for figure in found),
    )


def _near(text: str, words: Sequence[tuple[int, str]], figure: Figure) -> frozenset[str]:
    """The stems in the same clause as a figure, a few to each side."""
    ends = [match.start() for match in _CLAUSE.finditer(text)]
    start = max((end for end in ends if end < figure.start), default=0)
    stop = min((end for end in ends if end >= figure.end), default=len(text))
    before = [word for at, word in words if start <= at < figure.start][-_WINDOW:]
    after = [word for at, word in words if figure.end <= at < stop][:_WINDOW]
    return frozenset((*before, *after)) - {figure.counted}
