"""What ratings of a generation tell, and what they do not: shares with their counts, and how sure they are.

The interval is E. B. Wilson's score interval ("Probable inference, the law of succession, and statistical
inference", Journal of the American Statistical Association 22, 1927), which stays honest where counts are
small or nearly all are alike. Who rates is not drawn by lot: it tells about those who rate.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

from knowledge.journal.entries import ByGeneration

OTHERS = "Other people may have asked other things."
"""Said where a difference is told: it need not be the documents' doing."""

FEW = 20
"""Counts below which nothing is told but the counts."""

_Z = 1.96  # 95 of 100 intervals made like this hold the true share


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. `low` and `high` are where the true share probably is."""

    part: int
    of: int
    low: float
    high: float

    @property
    def tells(self) -> bool:
        """Whether there are enough to tell anything."""
        return self.of >= FEW

    def __str__(self) -> str:
        if not self.of:
            return "none yet"
        if not self.tells:
            return f"{self.part} of {self.of}; too few to tell"
        share, low, high = (round(100 * value) for value in (self.part / self.of, self.low, self.high))
        return f"{self.part} of {self.of} ({share}%, likely {low}–{high}%)"


Change = Literal["more", "less", "not to be told", "too few"]


def share(part: int, of: int) -> Share:
    """A share with Wilson's interval; of nothing it may be anything."""
    if not of:
        return Share(0, 0, 0.0, 1.0)
    p, z2 = part / of, _Z * _Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    reach = _Z * sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Share(part, of, max(0.0, middle - reach), min(1.0, middle + reach))


def helpful(one: ByGeneration) -> Share:
    """How many of those who rated an answer it helped."""
    return share(one.helpful, one.helpful + one.unhelpful)


def answered(one: ByGeneration) -> Share:
    """How many of the questions asked were answered, at least in part."""
    return share(one.answered, one.asked)


def change(before: Share, after: Share) -> Change:
    """Whether a share grew or fell beyond chance: careful, since the intervals must lie apart."""
    if not (before.tells and after.tells):
        return "too few"
    if after.low > before.high:
        return "more"
    return "less" if after.high < before.low else "not to be told"


def compared(before: ByGeneration, after: ByGeneration) -> str:
    """Two generations side by side, in one sentence each for what was answered and what helped."""
    shares = (
        ("Answered", answered(before), answered(after)),
        ("Helpful", helpful(before), helpful(after)),
    )
    said = [f"{name}: {old} before, {new} since – {_SAID[change(old, new)]}." for name, old, new in shares]
    if any(change(old, new) in ("more", "less") for _, old, new in shares):
        said.append(OTHERS)
    return " ".join(said)


_SAID = {
    "more": "more than before",
    "less": "less than before",
    "not to be told": "no difference that these counts could tell",
    "too few": "too few to compare",
}
