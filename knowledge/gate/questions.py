"""The questions that are asked of an old and a new generation."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.library import Snapshot
from knowledge.entities import Question
from knowledge.gate.changes import Asker
from knowledge.suite import Case

MOST_LISTED = 300
MOST_TOLD = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the gate; `case` says what is expected of a recorded one."""

    question: Question
    origin: Asker
    must: bool
    case: Case | None = None


@dataclass(frozen=True, slots=True)
class Questions:
    """Where the questions come from.

    `shipped` are the ids of the documents that the recorded `cases` are about, and only those; `told` finds
    what people wanted the admins to see.
    """

    cases: Callable[[], Sequence[Case]]
    shipped: Callable[[], Collection[str]]
    told: Callable[[], Sequence[str]]

    def about(self, before: Snapshot, after: Snapshot) -> list[Asked]:
        """Each once. Recorded ones only where all they are about answers now."""
        shipped = self.shipped()
        recorded = shipped and before.manifest.documents.keys() >= set(shipped)
        asked = [*_recorded(self.cases())] if recorded else []
        asked += [
            Asked(Question(text), "listed", must=must)
            for text, must in _spread(_listed(before, after, shipped), MOST_LISTED)
        ]
        told = list(dict.fromkeys(self.told()))[:MOST_TOLD]
        asked += [Asked(Question(text), "told", must=False) for text in told]
        once: dict[Question, Asked] = {}
        for one in asked:
            once.setdefault(one.question, one)
        return list(once.values())


def _recorded(cases: Iterable[Case]) -> Iterator[Asked]:
    for case in cases:
        yield Asked(case.question, "recorded", must=not case.decline, case=case)


def _listed(before: Snapshot, after: Snapshot, shipped: Collection[str]) -> list[tuple[str, bool]]:
    """Questions that documents list themselves, and whether they listed them before and still do."""
    old, new = (
        {question for document in _others(snapshot, shipped) for question in _lists(snapshot, document)}
        for snapshot in (before, after)
    )
    return [(question, question in old and question in new) for question in sorted(old | new)]


def _others(snapshot: Snapshot, shipped: Collection[str]) -> list[str]:
    return sorted(snapshot.manifest.documents.keys() - set(shipped))


def _lists(snapshot: Snapshot, document: str) -> Iterator[str]:
    for passage in snapshot.passages_of(document):
        for text in passage.attributes.get("questions", ()):
            if text.rstrip().endswith("?"):
                yield text


def _spread(found: Sequence[tuple[str, bool]], most: int) -> Sequence[tuple[str, bool]]:
    """At most so many, from all over."""
    step = -(-len(found) // most) or 1
    return found[::step]
