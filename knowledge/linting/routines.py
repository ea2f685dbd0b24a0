"""Days told part by part: what is done at midday here, and what there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from knowledge.entities import Complaint, Document
from knowledge.linting.naming import may_contradict
from knowledge.linting.statements import LIGHT, stems_of
from knowledge.splitting import sentences

ALIKE = 0.6
"""The share of the shorter one's words from which two parts of a day are told alike."""

_MOST_PAIRS = 200_000
_PART = re.compile(
    r"(?:(early|late)(?: in)? )?(?:at |around |by |(?:in |during )?the )*"
    r"(morning|midday|noon|lunchtime|afternoon|evening|night)\b[,:]?\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Part:
    """What a document says of one part of the day."""

    document: int
    label: str
    span: tuple[int, int]
    topic: frozenset[str]
    said: frozenset[str]


def routines(documents: Sequence[Document]) -> Iterator[Complaint]:
    """Parts of the day that two documents tell differently under headings on the same subject."""
    parts: dict[str, list[_Part]] = {}
    for place, document in enumerate(documents):
        for part in _parts(place, document):
            parts.setdefault(part.label, []).append(part)
    for found in parts.values():
        told: set[int] = set()
        for first, second in islice(combinations(found, 2), _MOST_PAIRS):
            if second.document not in told and _differ(first, second):
                told.add(second.document)
                this, that = documents[second.document], documents[first.document]
                yield may_contradict(this, second.span, that, first.span)


def _differ(first: _Part, second: _Part) -> bool:
    if first.document == second.document or not first.topic & second.topic:
        return False
    return len(first.said & second.said) < ALIKE * min(len(first.said), len(second.said))


def _parts(place: int, document: Document) -> Iterator[_Part]:
    """The first of each part of the day under each heading."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for section in document.sections:
        heads = [(section.start, section.start + len(section.headings[-1]))] if section.headings else []
        outer = section.headings[:-1]
        spans = [(outer, span) for span in heads]
        for block in section.blocks:
            first = (
                sentences(document.text, (block.start, block.end))[:1] if block.kind == "paragraph" else ()
            )
            spans += [(section.headings, span) for span in (*first, *block.items)]
        for headings, span in spans:
            part = _part(place, document, headings, span)
            if part and (part.label, headings) not in seen:
                seen.add((part.label, headings))
                yield part


def _part(place: int, document: Document, headings: tuple[str, ...], span: tuple[int, int]) -> _Part | None:
    text = document.text[span[0] : span[1]]
    match = _PART.match(text)
    said = stems_of(text[match.end() :]) - LIGHT if match else frozenset()
    if match is None or not said:
        return None
    label = " ".join(filter(None, match.groups())).casefold()
    topic = stems_of(" ".join(headings)) - LIGHT
    return _Part(place, label, span, topic, said)
