"""Documents and sections that say nearly the same in the same words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from knowledge.corpus.complaints import complain
from knowledge.entities import Complaint, Document, Section
from knowledge.linting.naming import in_document, named
from knowledge.linting.wording import Vocabulary

SAME = 0.7
"""The share of a text's words that stand in another, in the same order, before it is nearly the same."""

FEWEST_WORDS = 25
"""Below it, texts may be alike by chance: an address, a formula of courtesy."""

_RUN = 5
_WORTH_A_LOOK = 0.25
_MANY = 500_000
_MIX = np.uint64(0x9E3779B97F4A7C15)

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Unit:
    """The own text of one section."""

    document: int
    section: Section
    start: int
    end: int  # places in the run of all words


@dataclass(frozen=True, slots=True)
class _Common:
    """Of the words of one unit, or of one document, this share stands in another."""

    share: float
    first: int
    second: int


def near_duplicates(documents: Sequence[Document]) -> Iterator[Complaint]:
    """A complaint for each document, or section of one, that says nearly what another says."""
    units, ids = _units(documents)
    hashes = _hashes(ids)
    pairs = _candidates(units, hashes)
    whole: set[int] = set()
    for common in _documents(units, hashes, pairs):
        if common.first not in whole:
            whole.add(common.first)
            yield _about_documents(documents, common)
    for common in _sections(units, hashes, pairs):
        if whole.isdisjoint((units[common.first].document, units[common.second].document)):
            yield _about_sections(documents, units, common)


def _units(documents: Sequence[Document]) -> tuple[list[_Unit], Ids]:
    units: list[_Unit] = []
    ids: list[int] = []
    vocabulary = Vocabulary()
    for place, document in enumerate(documents):
        for section in document.sections:
            if section.blocks:
                start = len(ids)
                ids += vocabulary.ids(document.text[section.blocks[0].start : section.blocks[-1].end])
                units.append(_Unit(place, section, start, len(ids)))
    return units, np.array(ids, dtype=np.int64)


def _hashes(ids: Ids) -> npt.NDArray[np.uint64]:
    """A number for the run of words that begins at each word."""
    mixed = np.zeros(max(0, len(ids) - _RUN + 1), dtype=np.uint64)
    spread = ids.astype(np.uint64)
    for step in range(_RUN):
        mixed = (mixed ^ (spread[step : step + len(mixed)] + np.uint64(1))) * _MIX
        mixed ^= mixed >> np.uint64(29)
    return mixed


def _candidates(units: Sequence[_Unit], hashes: npt.NDArray[np.uint64]) -> list[tuple[int, int]]:
    """Pairs of units that share enough of a sample of their runs to be worth a comparison.

    A run that stands in many units joins each only to the next: copies of one text share all of their runs
    with their neighbors, and the work grows with the text, not with the pairs.
    """
    owner = np.full(len(hashes), -1, dtype=np.int64)
    for place, unit in enumerate(units):
        owner[unit.start : max(unit.start, unit.end - _RUN + 1)] = place
    keep = owner >= 0
    if len(hashes) > _MANY:
        keep &= hashes % np.uint64(len(hashes) // _MANY + 1) == 0
    sampled, owners = hashes[keep], owner[keep]
    order = np.lexsort((owners, sampled))
    sampled, owners = sampled[order], owners[order]
    fresh = np.ones(len(sampled), dtype=bool)
    fresh[1:] = (sampled[1:] != sampled[:-1]) | (owners[1:] != owners[:-1])
    sampled, owners = sampled[fresh], owners[fresh]
    sizes = np.bincount(owners, minlength=len(units))
    joined = sampled[1:] == sampled[:-1]
    many = len(units)
    pairs, counts = np.unique(owners[:-1][joined] * many + owners[1:][joined], return_counts=True)
    enough = counts >= _WORTH_A_LOOK * np.minimum(sizes[pairs // many], sizes[pairs % many])
    return [divmod(int(pair), many) for pair in pairs[enough]]


def _documents(
    units: Sequence[_Unit], hashes: npt.NDArray[np.uint64], pairs: Sequence[tuple[int, int]]
) -> Iterator[_Common]:
    """Documents that are nearly contained in another, the most alike first."""
    spans: dict[int, list[_Unit]] = {
        document: list(found) for document, found in groupby(units, key=lambda unit: unit.document)
    }
    seen = {(units[a].document, units[b].document) for a, b in pairs}
    found = [
        _common(first, spans[first], second, spans[second], hashes)
        for first, second in sorted(seen)
        if first != second
    ]
    yield from _most_alike(found)


def _sections(
    units: Sequence[_Unit], hashes: npt.NDArray[np.uint64], pairs: Sequence[tuple[int, int]]
) -> Iterator[_Common]:
    """Sections that are nearly contained in another, each once, the most alike first."""
    told: set[int] = set()
    found = [_common(a, [units[a]], b, [units[b]], hashes) for a, b in pairs]
    for common in _most_alike(found):
        if common.first not in told:
            told.add(common.first)
            yield common


def _most_alike(found: Sequence[_Common | None]) -> list[_Common]:
    alike = [common for common in found if common is not None]
    return sorted(alike, key=lambda common: (-common.share, common.first, common.second))


def _common(
    first: int,
    units: Sequence[_Unit],
    second: int,
    others: Sequence[_Unit],
    hashes: npt.NDArray[np.uint64],
) -> _Common | None:
    """How much of one stands in the other, seen from the one that is more alike; the later if both are."""
    forward = _covered(units, others, hashes)
    backward = _covered(others, units, hashes)
    share, this, that = (forward, first, second) if forward > backward else (backward, second, first)
    return _Common(share, this, that) if share >= SAME else None


def _covered(units: Sequence[_Unit], others: Sequence[_Unit], hashes: npt.NDArray[np.uint64]) -> float:
    """The share of the words of `units` that stand in runs which `others` hold too."""
    words = sum(unit.end - unit.start for unit in units)
    if words < FEWEST_WORDS:
        return 0.0
    held = np.concatenate([_runs(unit, hashes) for unit in others])
    own = [_runs(unit, hashes) for unit in units]
    # All at once: what is held is sorted for every look at it.
    common = np.isin(np.concatenate(own), held)
    covered = 0
    for unit, found in zip(units, np.split(common, np.cumsum([len(runs) for runs in own])[:-1]), strict=True):
        marks = np.zeros(unit.end - unit.start, dtype=bool)
        begins = np.flatnonzero(found)
        for step in range(_RUN):
            marks[begins + step] = True
        covered += int(np.count_nonzero(marks))
    return covered / words


def _runs(unit: _Unit, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    return hashes[unit.start : max(unit.start, unit.end - _RUN + 1)]


def _about_documents(documents: Sequence[Document], common: _Common) -> Complaint:
    this, that = documents[common.first], documents[common.second]
    line = this.lines[0][1] if "#" in this.id and this.lines else None
    message = f"{named(this)} is nearly the same as {named(that)}: {_share(common)}."
    return complain("near-duplicate", this.path, message, line)


def _about_sections(documents: Sequence[Document], units: Sequence[_Unit], common: _Common) -> Complaint:
    unit, other = units[common.first], units[common.second]
    this, that = documents[unit.document], documents[other.document]
    place = in_document(that, other.section.blocks[0].start, same=this is that)
    this_one, that_one = _heading(this, unit.section), _heading(that, other.section)
    message = f"“{this_one}” says nearly the same as “{that_one}” {place}: {_share(common)}."
    return complain("near-duplicate", this.path, message, this.line_at(unit.section.start))


def _heading(document: Document, section: Section) -> str:
    return section.headings[-1] if section.headings else document.title


def _share(common: _Common) -> str:
    return f"{common.share:.0%} of its words stand there too"
