"""What people asked in vain, grouped by meaning, and shown no further than they would want.

The wording of a declined question is somebody's. It is shown once three different people asked what is near
to that very wording; before, only how many asked, why it was declined, and what of the documents it was near
to: see `knowledge.wordings`.
"""

import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from index.embedding import Embedder, Vectors
from index.library import Library
from knowledge.alike import BESIDE, groups, middle
from knowledge.journal.curation import Deed
from knowledge.journal.entries import InVain, Mark, State
from knowledge.journal.journal import Journal
from knowledge.meanings import SECONDS, Meanings, folded, vectors_of
from knowledge.subjects import Surroundings, read_surroundings
from knowledge.wordings import to_show

SHOWN = 5
"""Wordings of one gap that are shown, those most like the others first."""

_ANCHORS = 3
_OPEN = Mark("open", "")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something people asked in vain, or answers that did not help them.

    `key` finds it again as long as one of its oldest three entries is there. `questions` are the wordings
    that may be shown, the most typical first; `hidden` is true where there are only others. `subject` says
    what can be said without them. `people` counts everybody once, `reasons` everybody once for each reason;
    `again` counts those who asked after it was marked answered. Times are ISO 8601, UTC.

    What is near to a gap that more people asked, but may be another question, has that one's key in `beside`
    and follows it; `around` counts the people of all that belong together so, for the first of them.
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
    beside: str = ""
    around: int = 0


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows that mean the same, under the marks that are about them; `vectors` has a row for each question."""

    rows: tuple[InVain, ...]
    marks: tuple[Mark, ...]
    vectors: Vectors | None = field(repr=False, default=None)

    @property
    def people(self) -> int:
        return len({row.person for row in self.rows})

    @property
    def again(self) -> int:
        """How many asked after it was marked answered."""
        asked = zip(self.rows, self.marks, strict=True)
        return len({row.person for row, mark in asked if mark.state == "answered" and row.at > mark.at})

    @property
    def state(self) -> State:
        """Open, as long as anything in it is."""
        states = {mark.state for mark in self.marks}
        if states == {"dismissed"}:
            return "dismissed"
        return "answered" if states == {"answered"} and not self.again else "open"

    @property
    def key(self) -> str:
        oldest = sorted(self.rows, key=lambda row: (row.first, row.anchor))
        return ".".join(row.anchor for row in oldest[:_ANCHORS])


@dataclass(frozen=True, slots=True)
class _Shown:
    """What tells how far a group may be shown: what answers now, and who looks after it."""

    around: Surroundings
    curators: Collection[str]


class UnknownGap(Exception):
    """Nothing is left of what a key stood for."""


class Gaps:
    """Groups what was asked in vain, anew with each call: what somebody deleted counts no more.

    With a library, a gap names what it is like or near to. `cache` embeds what the documents list, and may
    remember it, as `embedder` may not.
    """

    def __init__(
        self,
        journal: Journal,
        embedder: Embedder,
        library: Library | None = None,
        cache: Embedder | None = None,
    ) -> None:
        self._journal = journal
        self._meanings = Meanings(journal, embedder)
        self._library = library
        self._cache = cache
        self._around = Surroundings()
        self._lock = threading.Lock()

    def open(self, limit: int = 25) -> list[Gap]:
        """What waits for an admin, what is near to each other side by side.

        First what most people asked, then what was asked last; `left_out` tells how much is not looked at.
        """
        return list(islice((gap for gap in self.every() if gap.state == "open"), limit))

    def every(self) -> list[Gap]:
        """All gaps whatever their state, in the same order."""
        self._meanings.learn()
        shown, found = self._look()
        gaps = [_gap(group, shown) for group in found]
        families: dict[int, list[Gap]] = {}
        people: dict[int, set[str]] = {}
        for family, group, gap in zip(_families(found), found, gaps, strict=True):
            families.setdefault(family, []).append(gap)
            people.setdefault(family, set()).update(row.person for row in group.rows)
        ordered = [_ordered(families[family], len(people[family])) for family in families]
        ordered.sort(key=lambda family: max(gap.last for gap in family), reverse=True)
        ordered.sort(key=lambda family: -family[0].around)
        return [gap for family in ordered for gap in family]

    def left_out(self) -> int:
        """How many questions and ratings are in no gap: too old among very many, or too new."""
        return self._meanings.known().left_out

    def learn(self, seconds: float = SECONDS) -> bool:
        """Look at what is new, so that nobody waits for that later; False where some is left."""
        return self._meanings.learn(seconds)

    def find(self, key: str) -> Gap | None:
        """The gap a key stands for, as it is now; None where nothing is left of it."""
        shown, found = self._look()
        group = _with_key(found, key)
        return _gap(group, shown) if group else None

    def mark(self, key: str, state: State, who: str) -> Gap:
        """Note that a gap is answered, or dismissed, or open again, and by whom. Raises UnknownGap.

        What is dismissed stays so, whoever asks it later; what is answered opens when it is declined again.
        """
        shown, found = self._look()
        group = _with_key(found, key)
        if group is None:
            raise UnknownGap
        self._journal.mark([row.anchor for row in group.rows], state)
        marks = self._journal.marks()
        gap = _gap(replace(group, marks=tuple(marks[row.anchor] for row in group.rows)), shown)
        deed: Deed = "dismissed" if state == "dismissed" else "marked"
        about = gap.subject if state == "dismissed" else f"{state}: {gap.subject}"
        snapshot = shown.around.snapshot
        generation = snapshot.manifest.generation if snapshot else None
        self._journal.note(deed, who=who, generation=generation, about=about)
        return gap

    def _look(self) -> tuple[_Shown, list[_Group]]:
        with self._lock:
            shown = _Shown(self._surroundings(), self._journal.curators())
            rows = self._meanings.known().rows
            marks = self._journal.marks()
            together = [*_by_meaning(rows), *_by_quotes(rows, shown.around)]
            found = [group for some, vectors in together for group in _apart(some, vectors, marks)]
            if joined := _newly_dismissed(found, marks):
                self._journal.mark(joined, "dismissed")
            return shown, found

    def _surroundings(self) -> Surroundings:
        snapshot = self._library.current() if self._library else None
        known = self._around.snapshot
        if (known and known.manifest) != (snapshot and snapshot.manifest):
            self._around = read_surroundings(snapshot, self._cache)
        # The one that was read may be closed by now.
        return replace(self._around, snapshot=snapshot)


_Together = tuple[tuple[InVain, ...], Vectors | None]


def _by_meaning(rows: Iterable[InVain]) -> Iterator[_Together]:
    asked: dict[str, list[InVain]] = {}
    for row in rows:
        if text := folded(row.question):
            asked.setdefault(text, []).append(row)
    if not asked:
        return
    every = list(asked.values())
    for group in groups(vectors_of([same[0] for same in every])):
        of_it = tuple(row for place in group for row in every[place])
        yield of_it, vectors_of(of_it)


def _by_quotes(rows: Iterable[InVain], around: Surroundings) -> Iterator[_Together]:
    """Answers that did not help, by the section they quoted first: what was asked is not known."""
    found: dict[str, list[InVain]] = {}
    for row in rows:
        if not row.question and row.passages:
            found.setdefault(around.quoted(row) or row.passages[0], []).append(row)
    for group in found.values():
        yield tuple(group), None


def _apart(rows: tuple[InVain, ...], vectors: Vectors | None, marks: Mapping[str, Mark]) -> Iterator[_Group]:
    """The rows that are dismissed, and the rest: what was never dismissed is not hidden by what was."""
    about = _marks_about(rows, marks)
    for dismissed in (True, False):
        places = [at for at, mark in enumerate(about) if (mark.state == "dismissed") is dismissed]
        if places:
            yield _Group(
                tuple(rows[at] for at in places),
                tuple(about[at] for at in places),
                None if vectors is None else vectors[places],
            )


def _marks_about(rows: Sequence[InVain], marks: Mapping[str, Mark]) -> list[Mark]:
    """For each row its own mark, else the last that was there when it was first asked.

    What was there before a mark and did not get it was another gap then, and had nothing said of it.
    """
    given = sorted((marks[row.anchor] for row in rows if row.anchor in marks), key=lambda mark: mark.at)
    return [
        marks.get(row.anchor) or next((mark for mark in reversed(given) if mark.at < row.first), _OPEN)
        for row in rows
    ]


def _with_key(found: Sequence[_Group], key: str) -> _Group | None:
    holding = {row.anchor: group for group in found for row in group.rows}
    return next((holding[anchor] for anchor in key.split(".") if anchor in holding), None)


def _newly_dismissed(found: Iterable[_Group], marks: Mapping[str, Mark]) -> list[str]:
    """Entries that joined a dismissed gap: they keep it dismissed when the older ones are gone."""
    return [
        row.anchor
        for group in found
        if group.state == "dismissed"
        for row in group.rows
        if row.anchor not in marks
    ]


def _families(found: Sequence[_Group]) -> list[int]:
    """For each group which others it belongs beside, of the same state."""
    family = list(range(len(found)))
    for is_open in (True, False):
        places = [
            at
            for at, group in enumerate(found)
            if group.vectors is not None and (group.state == "open") is is_open
        ]
        if places:
            middles = np.stack(
                [middle(group.vectors) for at in places if (group := found[at]).vectors is not None]
            )
            for near in groups(middles, BESIDE):
                for at in near:
                    family[places[at]] = places[near[0]]
    return family


def _ordered(family: Iterable[Gap], people: int) -> list[Gap]:
    """What belongs side by side: first what most asked, then what was asked last."""
    by_time = sorted(family, key=lambda gap: gap.last, reverse=True)
    first, *others = sorted(by_time, key=lambda gap: -gap.people)
    return [replace(first, around=people), *(replace(gap, beside=first.key) for gap in others)]


def _gap(group: _Group, shown: _Shown) -> Gap:
    questions: tuple[str, ...] = ()
    reasons, around = _reasons(group), shown.around
    if group.vectors is None:
        subject = around.subject_of_answers(group.rows)
    else:
        wordings = to_show(group.rows, group.vectors, curators=shown.curators, is_common=around.is_common)
        questions = tuple(islice(dict.fromkeys(wordings), SHOWN))
        subject = around.subject_of_questions(next(iter(reasons)), group.rows, group.vectors)
    return Gap(
        key=group.key,
        people=group.people,
        questions=questions,
        hidden=group.vectors is not None and not questions,
        subject=subject,
        reasons=reasons,
        first=min(row.first for row in group.rows),
        last=max(row.at for row in group.rows),
        state=group.state,
        again=group.again,
        around=group.people,
    )


def _reasons(group: _Group) -> Mapping[str, int]:
    counted = Counter(reason for reason, _ in {(row.reason, row.person) for row in group.rows})
    return dict(counted.most_common())
