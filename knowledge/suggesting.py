"""Questions to choose from while somebody types: those the documents list, ranked from memory."""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from index.library import Snapshot
from knowledge.asking.vocabulary import carries_topic, slang, stem, words

OFFERED = 25
"""Questions a list to choose from holds."""

LONGEST = 100
"""UTF-16 units of a question that can be chosen."""

READ = 300
"""Characters that are read of what is typed."""

WORDS = 12
"""Words that are looked for; a list is no better for more."""

MISSPELLED = 4
"""Words that are looked for among all that are like them, which takes longest."""

FEW = 5
"""Questions offered where none is near what was typed."""

ALIKE = 75
"""Likeness, of 100, from which two questions are not both opened with."""

TRIED = 4
"""Times as many questions are tried as are opened with, where some are declined or alike."""

NEAR_BEST = 0.6
"""Share of the best question's score from which others are offered with it."""

_EXACT, _BEGUN, _STEM, _SLIP = 1.0, 0.9, 0.8, 0.6
_BARELY = 0.1  # weight of a word that says nothing of the subject
_KEYWORD = 0.8  # what is listed need not be a question; one is nicer to choose
_LAST = "\U0010ffff"

Answered = Callable[[Sequence[str]], Sequence[bool]]
"""For each of some questions, whether it is answered."""

T = TypeVar("T")
Scores = NDArray[np.float32]


class Suggestions:
    """What can be asked of one generation. Never changes, so any thread may read it."""

    def __init__(self, questions: Iterable[str], openers: Sequence[str] = ()) -> None:
        self.openers = tuple(openers)
        self.questions = _different(questions)
        self._starts = sorted((" ".join(words(text)), row) for row, text in enumerate(self.questions))
        listed = sorted({(key, row) for row, text in enumerate(self.questions) for key in _keys(text)})
        self._rows = np.array([row for _, row in listed], dtype=np.int64)
        # The questions of a key are the rows from its own place up to that of the next key: a range of keys,
        # such as all that begin alike, is a range of rows.
        self._keys: list[str] = sorted({key for key, _ in listed})
        self._places = [bisect_left(listed, (key, -1)) for key in self._keys] + [len(listed)]
        self._asks = np.array([text.endswith("?") for text in self.questions], dtype=bool)
        lengths = np.array([len(text) for text in self.questions], dtype=np.float32)
        self._liked = np.where(self._asks, np.float32(1.0), np.float32(_KEYWORD))
        self._brevity = (1 - lengths / (LONGEST + 1)) * np.float32(1e-3)

    def offer(self, typed: str, limit: int = OFFERED) -> list[str]:
        """At most `limit` questions for what was typed so far, best first; openers for nothing.

        Where no question is near, a few openers show what can be asked: a full list of strangers would hide
        that nothing was found, and an empty one helps nobody on.
        """
        limit = max(0, limit)
        text = unicodedata.normalize("NFKC", typed[:READ])
        unfinished = text[-1:].isalnum()
        looked_for = self._looked_for(text, unfinished=unfinished)
        if not looked_for:
            return list(self.openers[:limit])
        scores = self._scores(looked_for, unfinished=unfinished)
        if scores is None:
            return list(self.openers[: min(FEW, limit)])
        scores += self._begun(looked_for) * scores.max()
        scores = scores * self._liked
        near = np.flatnonzero(scores >= NEAR_BEST * scores.max())
        ranked = near[np.argsort(-(scores + self._brevity)[near], kind="stable")]
        return [self.questions[row] for row in ranked[:limit]]

    def _looked_for(self, text: str, *, unfinished: bool) -> list[str]:
        """The words typed, chat spellings written out once they are not the beginning of anything else."""
        typed = words(text)[:WORDS]
        found: list[str] = []
        for place, word in enumerate(typed):
            growing = unfinished and place == len(typed) - 1 and bool(self._span(word, word + _LAST))
            meant = slang().get(word) if len(word) > 1 and not growing else None
            found += words(meant) if meant else [word]
        return found

    def _scores(self, looked_for: Sequence[str], *, unfinished: bool) -> Scores | None:
        """How much of what is typed each question shares; None where none shares what matters."""
        scores = np.zeros(len(self.questions), dtype=np.float32)
        telling = any(map(carries_topic, looked_for))
        near = False
        slips = MISSPELLED
        for place, word in enumerate(looked_for):
            last = place == len(looked_for) - 1
            likeness = self._likeness(word, unfinished=unfinished and last)
            if likeness is None and slips:
                slips -= 1
                likeness = self._misspelled(word, unfinished=unfinished and last)
            if likeness is None:
                continue
            weight = np.log1p(len(self.questions) / np.count_nonzero(likeness))
            scores += likeness * np.float32(weight if carries_topic(word) else weight * _BARELY)
            near = near or carries_topic(word) or not telling
        return scores if near else None

    def _likeness(self, word: str, *, unfinished: bool) -> Scores | None:
        """How well each question has a word: as typed, inflected or begun; None where none has it."""
        exact, root = self._span(word, word), self._span(stem(word), stem(word))
        begun = self._span(word, word + _LAST) if unfinished or not (exact or root) else range(0)
        return self._having([(_BEGUN, begun), (_STEM, root), (_EXACT, exact)])

    def _misspelled(self, word: str, *, unfinished: bool) -> Scores | None:
        keys = self._slips(word, unfinished=unfinished)
        return self._having([(_SLIP, self._span(key, key)) for key in keys])

    def _having(self, found: Sequence[tuple[float, range]]) -> Scores | None:
        """The quality of the last range of keys that each question has any of."""
        if not any(span for _, span in found):
            return None
        likeness = np.zeros(len(self.questions), dtype=np.float32)
        for quality, span in found:
            if span:
                likeness[self._rows[self._places[span.start] : self._places[span.stop]]] = quality
        return likeness

    def _span(self, first: str, last: str) -> range:
        """The places of the keys from one to another."""
        start = bisect_left(self._keys, first)
        return range(start, max(start, bisect_left(self._keys, last + "\0", lo=start)))

    def _slips(self, word: str, *, unfinished: bool) -> list[str]:
        """Keys that a misspelled word may have been meant for, or may be about to become."""
        # Short words are near too many others: a life is not what anybody would like.
        slips = 0 if len(word) < 5 else 1 if len(word) < 7 else 2
        if not slips or len(word) > LONGEST:
            return []
        # People rarely miss the first letter.
        span = self._span(word[0], word[0] + _LAST)
        keys = self._keys[span.start : span.stop]
        begun = [key[: len(word)] for key in keys] if unfinished else keys
        near = process.extract(word, begun, scorer=OSA.distance, score_cutoff=slips, limit=OFFERED)
        near += process.extract(word, keys, scorer=OSA.distance, score_cutoff=slips, limit=OFFERED)
        least = min((distance for _, distance, _ in near), default=0)
        return [keys[place] for _, distance, place in near if distance == least]

    def _begun(self, looked_for: Sequence[str]) -> Scores:
        """1 for every question that begins with what is typed; a keyword is no better for doing so."""
        begun = np.zeros(len(self.questions), dtype=np.float32)
        text = " ".join(looked_for)
        start = bisect_left(self._starts, (text, -1))
        end = bisect_left(self._starts, (text + _LAST, -1))
        begun[[row for _, row in self._starts[start:end] if self._asks[row]]] = 1.0
        return begun


@dataclass(frozen=True, slots=True)
class _Asks:
    """What one section lists."""

    document: str
    questions: tuple[str, ...]


def suggestions(snapshot: Snapshot, answered: Answered) -> Suggestions:
    """What can be asked of a generation: what it opens with is tried, and what is declined is left out."""
    sections = list(_sections(snapshot))
    tried: dict[str, bool] = {}
    openers: list[str] = []
    candidates = islice(openings(snapshot), TRIED * OFFERED)
    while len(openers) < OFFERED and (some := list(islice(candidates, OFFERED))):
        tried |= zip(some, answered(some), strict=True)
        openers += [text for text in some if tried[text]]
    listed = (text for section in sections for text in section.questions)
    return Suggestions((text for text in listed if tried.get(text, True)), openers[:OFFERED])


def openings(snapshot: Snapshot) -> Iterator[str]:
    """Listed questions in the order in which they show what can be asked, none much like another."""
    return _unlike(_by_turns(list(_sections(snapshot))))


def _sections(snapshot: Snapshot) -> Iterator[_Asks]:
    for record in snapshot.records():
        found: dict[tuple[str, ...], tuple[str, ...]] = {}
        for passage in snapshot.passages_of(record.id):
            found.setdefault(passage.headings, tuple(filter(_choosable, passage.attributes["questions"])))
        yield from (_Asks(record.id, questions) for questions in found.values() if questions)


def _choosable(text: str) -> bool:
    short = len(text.encode("utf-16-le", "surrogatepass")) <= 2 * LONGEST
    return short and text.isprintable() and bool(words(text))


def _different(questions: Iterable[str]) -> tuple[str, ...]:
    """Questions that are not the same but for case and punctuation."""
    found: dict[str, str] = {}
    for text in questions:
        found.setdefault(" ".join(words(text)), text)
    return tuple(found.values())


def _by_turns(sections: Sequence[_Asks]) -> Iterator[str]:
    """One question from each section, those with the most first; then the next ones of all of them.

    Of sections with as many, one from each document in turn, far apart.
    """
    documents: dict[str, list[_Asks]] = {}
    for section in sections:
        documents.setdefault(section.document, []).append(section)
    far_apart = [_scattered(found) for found in _scattered(list(documents.values()))]
    turns = [section for turn in zip_longest(*far_apart) for section in turn if section]
    # Where there was the most to ask, others will want to ask too.
    turns.sort(key=lambda section: -len(section.questions))
    asks = [sorted(section.questions, key=lambda text: not text.endswith("?")) for section in turns]
    for turn in zip_longest(*asks):
        yield from filter(None, turn)


def _scattered(things: Sequence[T]) -> list[T]:
    """The first, the middle one, those halfway to it, and so on: any beginning is spread over all."""
    width = max(1, (len(things) - 1).bit_length())
    order = sorted(range(1 << width), key=lambda place: f"{place:0{width}b}"[::-1])
    return [things[place] for place in order if place < len(things)]


def _unlike(texts: Iterable[str]) -> Iterator[str]:
    """Texts without those much like an earlier one."""
    kept: list[str] = []
    for text in texts:
        plain = " ".join(words(text))
        if process.extractOne(plain, kept, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE) is None:
            kept.append(plain)
            yield text


def _keys(text: str) -> set[str]:
    """What a question is found by: its words, their stems, and the parts of compounds, apart and joined."""
    found: set[str] = set()
    for word in words(text):
        parts = [part for part in word.replace("/", "-").split("-") if part]
        found.update((word, stem(word), "".join(parts), *parts, *map(stem, parts)))
    return found
