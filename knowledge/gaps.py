"""What people asked in vain, grouped by meaning, and shown no further than they would want.

The wording of a declined question is somebody's. It is shown once three different people asked what is near
to that very wording; before, only how many asked, why it was declined, and what of the documents it was near
to. Who told a question to the admins wants it to be seen: that wording is shown, and only that one.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from index.embedding import Embedder, EmbeddingCache, Vectors
from index.library import Library, Snapshot
from index.passages import Passage
from knowledge.alike import REACH, bare, groups
from knowledge.background import source_of
from knowledge.journal.curation import Deed
from knowledge.journal.entries import InVain, Mark, State
from knowledge.journal.journal import Journal

ENOUGH = 3
"""People who have to have asked the same before its wording shows."""

MOST = 5_000
"""Questions and ratings that are looked at, the newest first."""

SHOWN = 5
"""Wordings of one gap that are shown, those most like the others first."""

NEAR = 0.35
"""Cosine from which a section of the documents is named as what a question was near to."""

_ANCHORS = 3
_OPEN = Mark("open", "")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something people asked in vain, or answers that did not help them.

    `key` finds it again as long as one of its oldest three entries is there. `questions` are the wordings
    that may be shown, the most typical first; `hidden` is true where there are only others. `subject` says
    what can be said without them. `people` counts everybody once, `reasons` everybody once for each reason;
    `again` counts those who asked after it was marked answered. Times are ISO 8601, UTC.
    """

    key: str
    people: int
    questions: tuple[str, ...]
    hidden: bool
    subject: str
    reasons: Mapping[str, int]
    first: str
    last: str
    state: State
    again: int = 0


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows that mean the same; `vectors` has a row for each that has a question."""

    rows: tuple[InVain, ...]
    vectors: Vectors | None = field(repr=False, default=None)

    @property
    def people(self) -> int:
        return len({row.person for row in self.rows})

    @property
    def key(self) -> str:
        oldest = sorted(self.rows, key=lambda row: (row.first, row.anchor))
        return ".".join(row.anchor for row in oldest[:_ANCHORS])


class UnknownGap(Exception):
    """Nothing is left of what a key stood for."""


class Gaps:
    """Groups what was asked in vain, anew with each call: what somebody deleted counts no more.

    The vectors of questions are kept in memory only, and only of what is still stored. With a library, a gap
    names the section it is near to.
    """

    def __init__(self, journal: Journal, embedder: Embedder, library: Library | None = None) -> None:
        if isinstance(embedder, EmbeddingCache):
            raise TypeError("Vectors of questions people asked must not be stored.")
        self._journal = journal
        self._embedder = embedder
        self._library = library
        self._vectors: dict[str, Vectors] = {}
        self._lock = threading.Lock()

    def open(self, limit: int = 25) -> list[Gap]:
        """What waits for an admin: what most people asked first, then the latest."""
        gaps = [gap for gap in self.every() if gap.state == "open"]
        return gaps[:limit]

    def every(self) -> list[Gap]:
        """All gaps whatever their state, in the same order. Of more than 5,000 entries the newest count."""
        snapshot = self._current()
        found, marks = self._grouped(snapshot)
        gaps = [_gap(group, marks, snapshot) for group in found]
        return sorted(sorted(gaps, key=lambda gap: gap.last, reverse=True), key=lambda gap: -gap.people)

    def find(self, key: str) -> Gap | None:
        """The gap a key stands for, as it is now; None where nothing is left of it."""
        snapshot = self._current()
        found, marks = self._grouped(snapshot)
        group = _with_key(found, key)
        return _gap(group, marks, snapshot) if group else None

    def mark(self, key: str, state: State, who: str) -> Gap:
        """Note that a gap is answered, or dismissed, or open again, and by whom. Raises UnknownGap.

        What is dismissed stays so, whoever asks it later; what is answered opens when it is declined again.
        """
        snapshot = self._current()
        found, _ = self._grouped(snapshot)
        group = _with_key(found, key)
        if group is None:
            raise UnknownGap
        self._journal.mark([row.anchor for row in group.rows], state)
        gap = _gap(group, self._journal.marks(), snapshot)
        deed: Deed = "dismissed" if state == "dismissed" else "marked"
        about = gap.subject if state == "dismissed" else f"{state}: {gap.subject}"
        generation = snapshot.manifest.generation if snapshot else None
        self._journal.note(deed, who=who, generation=generation, about=about)
        return gap

    def _grouped(self, snapshot: Snapshot | None) -> tuple[list[_Group], Mapping[str, Mark]]:
        with self._lock:
            rows = self._journal.in_vain(MOST)
            found = [*self._by_meaning(rows), *_by_quotes(rows, snapshot)]
            marks = self._journal.marks()
            if joined := _newly_dismissed(found, marks):
                self._journal.mark(joined, "dismissed")
                marks = self._journal.marks()
            return found, marks

    def _by_meaning(self, rows: Iterable[InVain]) -> Iterator[_Group]:
        asked: dict[str, list[InVain]] = {}
        for row in rows:
            if text := _folded(row.question):
                asked.setdefault(text, []).append(row)
        texts = list(asked)
        vectors = self._embedded(texts)
        for group in groups(vectors) if texts else ():
            of_it = [(row, place) for place in group for row in asked[texts[place]]]
            yield _Group(tuple(row for row, _ in of_it), vectors[[place for _, place in of_it]])

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        known = self._vectors
        if unknown := [text for text in texts if text not in known]:
            known = known | dict(
                zip(unknown, self._embedder.embed([bare(text) for text in unknown]), strict=True)
            )
        # What is no longer stored is no longer known.
        self._vectors = {text: known[text] for text in texts}
        return np.array([self._vectors[text] for text in texts], dtype=np.float32)

    def _current(self) -> Snapshot | None:
        return self._library.current() if self._library else None


def _folded(question: str) -> str:
    return " ".join(question.casefold().split())


def _by_quotes(rows: Iterable[InVain], snapshot: Snapshot | None) -> Iterator[_Group]:
    """Answers that did not help, by the section they quoted first: what was asked is not known."""
    found: dict[str, list[InVain]] = {}
    for row in rows:
        if not row.question and row.passages:
            found.setdefault(_quoted(row, snapshot) or row.passages[0], []).append(row)
    return (_Group(tuple(group)) for group in found.values())


def _with_key(found: Sequence[_Group], key: str) -> _Group | None:
    holding = {row.anchor: group for group in found for row in group.rows}
    return next((holding[anchor] for anchor in key.split(".") if anchor in holding), None)


def _newly_dismissed(found: Iterable[_Group], marks: Mapping[str, Mark]) -> list[str]:
    """Entries that joined a dismissed gap: they keep it dismissed when the older ones are gone."""
    return [
        row.anchor
        for group in found
        if _mark(group, marks).state == "dismissed"
        for row in group.rows
        if row.anchor not in marks
    ]


def _mark(group: _Group, marks: Mapping[str, Mark]) -> Mark:
    """What was said last of anything in the group."""
    return max((marks.get(row.anchor, _OPEN) for row in group.rows), key=lambda mark: mark.at)


def _gap(group: _Group, marks: Mapping[str, Mark], snapshot: Snapshot | None) -> Gap:
    mark = _mark(group, marks)
    later = {row.person for row in group.rows if row.at > mark.at}
    again = len(later) if mark.state == "answered" else 0
    questions = tuple(islice(dict.fromkeys(_to_show(group)), SHOWN))
    return Gap(
        key=group.key,
        people=group.people,
        questions=questions,
        hidden=group.vectors is not None and not questions,
        subject=_subject(group, snapshot),
        reasons=_reasons(group),
        first=min(row.first for row in group.rows),
        last=max(row.at for row in group.rows),
        state="open" if again else mark.state,
        again=again,
    )


def _to_show(group: _Group) -> Iterator[str]:
    """Wordings that enough people asked something near to, or that were told, the most typical first."""
    if group.vectors is None:
        return
    alike = group.vectors @ group.vectors.T
    typical = alike.mean(axis=1)
    for place in sorted(range(len(group.rows)), key=lambda place: -float(typical[place])):
        near = {row.person for row, so in zip(group.rows, alike[place], strict=True) if so >= REACH}
        if group.rows[place].told or len(near) >= ENOUGH:
            yield group.rows[place].question


def _reasons(group: _Group) -> Mapping[str, int]:
    counted = Counter(reason for reason, _ in {(row.reason, row.person) for row in group.rows})
    return dict(counted.most_common())


def _subject(group: _Group, snapshot: Snapshot | None) -> str:
    """What can be said of a gap without the words of who asked."""
    if group.vectors is None:
        quoted = next(filter(None, (_quoted(row, snapshot) for row in group.rows)), "")
        return f"answers quoting {f'«{quoted}»' if quoted else 'a passage that is gone'} did not help"
    reason = next(iter(_reasons(group)))
    near = next((row.near for row in group.rows if row.near), "") or _nearest(group.vectors, snapshot)
    # Somebody may have asked in the very words of a heading.
    if not near or any(_folded(row.question) in _folded(near) for row in group.rows):
        return reason
    return f"{reason}, near «{near}»"


def _nearest(vectors: Vectors, snapshot: Snapshot | None) -> str:
    if snapshot is None or snapshot.manifest.dimension != vectors.shape[1]:
        return ""
    middle = vectors.mean(axis=0)
    middle = np.asarray(middle / max(float(np.linalg.norm(middle)), 1e-9), dtype=np.float32)
    hits = snapshot.nearest(middle, 1)
    if not hits or hits[0].score < NEAR:
        return ""
    return _label(snapshot.passages([hits[0].passage])[0], snapshot)


def _quoted(row: InVain, snapshot: Snapshot | None) -> str:
    """The section an answer quoted first, as it was then, else as it is now; empty where it is gone."""
    if row.near or snapshot is None:
        return row.near
    try:
        return _label(snapshot.passages(row.passages[:1])[0], snapshot)
    except KeyError:
        return ""


def _label(passage: Passage, snapshot: Snapshot) -> str:
    record = next(record for record in snapshot.records() if record.id == passage.document)
    return source_of(record, passage.headings).label
