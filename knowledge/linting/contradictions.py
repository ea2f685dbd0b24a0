"""Places that may contradict each other: the same thing, stated differently."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import combinations, islice

from knowledge.entities import Complaint, Document
from knowledge.linting.naming import may_contradict
from knowledge.linting.statements import CONTRASTS, LIGHT, Statement, statements

_RARE = 0.02
_FEW = 5

COVERED = 0.75
"""How much of what the shorter one is about the other must be about before they speak of one thing."""

MOST = 50
"""The likeliest are told: a longer list is not read."""

_MOST_HOLDERS = 30
_MOST_PAIRS = 200_000
_OFTEN = 1_000
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class _Pair:
    score: float
    first: Statement
    second: Statement


def contradictions(
    documents: Sequence[Document], told: Callable[[int], None] = lambda _: None
) -> Iterator[Complaint]:
    """Places that may contradict an earlier one, each once, the likeliest first.

    `told` is called now and then with the number of documents looked through; what it raises stops the work.
    """
    found: list[Statement] = []
    for place, document in enumerate(documents):
        told(place)
        found += statements(place, document)
    weights = _Weights(found)
    likeliest: dict[tuple[int, int], _Pair] = {}
    pairs = sorted(
        _pairs(documents, found, weights, lambda: told(len(documents))),
        key=lambda pair: (-pair.score, pair.first.document, pair.first.start),
    )
    for pair in pairs:
        likeliest.setdefault((pair.second.document, pair.second.start), pair)
    yield from (_complaint(documents, pair) for pair in islice(likeliest.values(), MOST))


class _Weights:
    """How telling each stem is; light ones tell nothing."""

    def __init__(self, found: Sequence[Statement]) -> None:
        holders = Counter(word for said in found for word in said.about | said.around)
        many = len(found) + 1
        self._telling = {
            word: 0.0 if word in LIGHT else math.log(1 + many / count) for word, count in holders.items()
        }
        self._sayers = Counter(word for said in found for word in said.about)
        self._rare = max(_FEW, _RARE * many)
        self._known: dict[frozenset[str], frozenset[str]] = {}
        self._subjects: dict[tuple[int, int], bool] = {}

    def __getitem__(self, word: str) -> float:
        return self._telling.get(word, 0.0)

    def telling(self, words: frozenset[str]) -> frozenset[str]:
        """Those of the words that tell anything."""
        if words not in self._known:
            self._known[words] = frozenset(word for word in words if self[word])
        return self._known[words]

    def one_subject(self, first: Statement, second: Statement) -> bool:
        """Whether two documents have the same subject: most of one title stands in the other."""
        documents = first.document, second.document
        if documents not in self._subjects:
            one, other = self.telling(first.title), self.telling(second.title)
            self._subjects[documents] = 2 * len(one & other) > min(len(one), len(other))
        return self._subjects[documents]

    def subject(self, word: str) -> bool:
        """Whether few enough statements use a word for it to be what they speak of."""
        return self[word] > 0 and self._sayers[word] <= self._rare


def _pairs(
    documents: Sequence[Document], found: Sequence[Statement], weights: _Weights, told: Callable[[], None]
) -> Iterator[_Pair]:
    years = [frozenset(_YEAR.findall(document.title)) for document in documents]
    for number, (a, b) in enumerate(_candidates(found, weights)):
        if number % _OFTEN == 0:
            told()
        first, second = found[a], found[b]
        if first.section is second.section or _other_years(years, first, second):
            continue
        if (score := _same_thing(first, second, weights)) and _differ(first, second):
            yield _Pair(score, first, second)


def _candidates(found: Sequence[Statement], weights: _Weights) -> set[tuple[int, int]]:
    """Pairs of statements with a word in common beside what both state, those of rare words first."""
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, said in enumerate(found):
        for kind, word in {(figure.kind, word) for figure, near in said.figures for word in near}:
            if weights[word]:
                holders[kind, word].append(place)
    pairs: set[tuple[int, int]] = set()
    for places in sorted(holders.values(), key=len):
        if len(places) > _MOST_HOLDERS or len(pairs) > _MOST_PAIRS:
            break
        pairs.update(combinations(places, 2))
    return pairs


def _other_years(years: Sequence[frozenset[str]], first: Statement, second: Statement) -> bool:
    one, other = years[first.document], years[second.document]
    return bool(one) and bool(other) and one.isdisjoint(other)


def _same_thing(first: Statement, second: Statement, weights: _Weights) -> float:
    """How surely two statements speak of one thing; 0 where they do not."""
    # One word in common is enough only where neither says more, or in documents on one subject; a
    # number is no mere word.
    alike = weights.telling(first.about) == weights.telling(second.about)
    own = sum(1 + word.isdigit() for word in weights.telling(first.about) & second.about)
    if own < 2 and not alike and not weights.one_subject(first, second):
        return 0.0
    one, other = first.about | first.around, second.about | second.around
    if not _names(first, other, weights) or not _names(second, one, weights):
        return 0.0
    if _contrasted(one, other) or not _has_subject(first, second, weights):
        return 0.0
    forward, backward = _covered(first, second, weights), _covered(second, first, weights)
    return min(forward, backward) if first.document == second.document else max(forward, backward)


def _names(said: Statement, against: Set[str], weights: _Weights) -> bool:
    """Whether the label of one, if it has one, names something the other is about."""
    telling = [word for word in said.label if weights[word]]
    return not said.label or any(word in against for word in telling)


def _contrasted(one: Set[str], other: Set[str]) -> bool:
    """True where one says "full" and the other "half" of what both speak of."""
    return any(group & one and group & other and not group & one & other for group in CONTRASTS)


def _has_subject(first: Statement, second: Statement, weights: _Weights) -> bool:
    """Whether what both name is what one of them stands under; otherwise they only use the same words."""
    if weights.one_subject(first, second):
        return True
    heads = first.around | second.around
    return any(
        weights.subject(word) and (word in heads or any(_is_compound(word, head) for head in heads))
        for word in first.about & (second.about | second.around) | second.about & first.around
    )


def _is_compound(word: str, head: str) -> bool:
    return len(head) > 3 and word != head and word.endswith(head.removesuffix("e"))


def _covered(said: Statement, against: Statement, weights: _Weights) -> float:
    """How much of what one statement is about the other is about too, where that is most of it."""
    subject = said.about
    if said.document == against.document or sum(bool(weights[word]) for word in subject) < 2:
        subject |= said.leaf
    whole = sum(weights[word] for word in subject)
    shared = [word for word in subject if word in against.about or word in against.around]
    weight = sum(weights[word] for word in shared)
    alike = weights.telling(said.about) == weights.telling(against.about)
    few = sum(bool(weights[word]) for word in shared) < 2 and not alike
    if few or not weight or weight < COVERED * whole:
        return 0.0
    own = sum(weights[word] for word in shared if word in said.about and word in against.about)
    return (weight + own) * weight / whole


def _differ(first: Statement, second: Statement) -> bool:
    """Whether both state the same sort of thing of the same, and nothing of it alike."""
    for figure, near in first.figures:
        mine = {value for known, _ in first.figures if known.kind == figure.kind for value in known.values}
        others = [(known, beside) for known, beside in second.figures if known.kind == figure.kind]
        if any(near & beside for _, beside in others) and not any(mine & known.values for known, _ in others):
            return True
    return False


def _complaint(documents: Sequence[Document], pair: _Pair) -> Complaint:
    later, earlier = pair.second, pair.first
    return may_contradict(
        documents[later.document],
        (later.start, later.end),
        documents[earlier.document],
        (earlier.start, earlier.end),
    )
