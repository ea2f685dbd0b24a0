"""How well questions that mean the same are told: pairs right and found, and wordings shown by mistake.

`python -m tests.measure.alike` tries distances on every second group of paraphrases, and prints what the one
in use does on the others.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.embedding import Embedder
from index.transformer import Transformer, packaged_model
from knowledge import alike

PARAPHRASES = Path(__file__).parents[1] / "knowledge" / "data" / "paraphrases.toml"
TYPED = PARAPHRASES.with_name("typed_paraphrases.toml")
TRIED = (0.40, 0.45, 0.50, 0.55, 0.60, 0.65)
PEOPLE = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs of questions; and wordings that would be shown, were each asked by somebody else."""

    right: int
    wrong: int
    missed: int
    shown: int
    shown_wrongly: int

    @property
    def precision(self) -> float:
        """Share of pairs in one group that mean the same."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of pairs that mean the same in one group."""
        return self.right / max(1, self.right + self.missed)


def measure(embedder: Embedder, *, kept_aside: bool) -> Found:
    """Group the questions of half of the groups, and compare."""
    return measured(embedder, tomllib.loads(PARAPHRASES.read_text("utf-8"))["groups"][int(kept_aside) :: 2])


def measure_typed(embedder: Embedder, *, beside: bool) -> Found:
    """Group questions as people type them; `beside`: with what is shown beside a group as part of it."""
    return measured(embedder, tomllib.loads(TYPED.read_text("utf-8"))["groups"], beside=beside)


def measured(embedder: Embedder, written: Sequence[Sequence[str]], *, beside: bool = False) -> Found:
    """Group questions, of which those of a group mean the same, and compare."""
    texts = [text for group in written for text in group]
    meant = np.array([number for number, group in enumerate(written) for _ in group])
    vectors = embedder.embed([alike.bare(text) for text in texts])
    label = np.empty(len(texts), dtype=np.int64)
    found = alike.groups(vectors)
    for number, rows in enumerate(found):
        label[rows] = number
    if beside:
        middles = np.stack([alike.middle(vectors[rows]) for rows in found])
        for family in alike.groups(middles, alike.BESIDE):
            label[np.isin(label, family)] = family[0]
    together, same = label[:, None] == label, meant[:, None] == meant
    near = together & (vectors @ vectors.T >= alike.REACH)
    shown = near.sum(axis=1) >= PEOPLE
    upper = np.triu(np.ones_like(same), 1)
    return Found(
        right=int((together & same & upper).sum()),
        wrong=int((together & ~same & upper).sum()),
        missed=int((~together & same & upper).sum()),
        shown=int(shown.sum()),
        shown_wrongly=int((shown & ((near & same).sum(axis=1) < PEOPLE)).sum()),
    )


def main() -> None:
    """Print a line for each distance, and one for the questions kept aside."""
    embedder, used = Transformer(packaged_model()), alike.APART
    for apart in TRIED:
        alike.APART = apart
        _say(f"distance {apart:.2f}", measure(embedder, kept_aside=False))
    alike.APART = used
    _say(f"kept aside, {used:.2f}", measure(embedder, kept_aside=True))
    _say("as typed", measure_typed(embedder, beside=False))
    _say("with those beside", measure_typed(embedder, beside=True))


def _say(name: str, found: Found) -> None:
    print(
        f"{name:20} precision {found.precision:.2f} recall {found.recall:.2f}"
        f"  wordings shown {found.shown}, wrongly {found.shown_wrongly}"
    )


if __name__ == "__main__":
    main()
