"""Passages and hits: what is indexed, and what a search returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Cue:
    """A text that leads to a passage: the whole of it, one of its sentences, a question it answers.

    A passage is embedded once for each of its cues and found by the best of them. `start` and `end` say
    which part of the document the cue speaks for, as offsets into `Record.text`.
    """

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one document with its heading path and its place.

    `text` is exactly `Record.text[start:end]` of its document. `words` is what the word search reads
    (headings included); `attributes` is JSON the index keeps and hands back without looking inside.
    """

    id: str
    document: str
    ordinal: int
    headings: tuple[str, ...]
    text: str
    start: int
    end: int
    words: str
    cues: tuple[Cue, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """A cleaned document as the index keeps it; `digest` changes with anything a reader could see."""

    id: str
    digest: str
    text: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """One found passage. `score` compares within one ranking only; `cue` is the place of the best cue."""

    passage: str
    score: float
    cue: int | None = None
