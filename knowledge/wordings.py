"""Whose words may be shown: those that enough people put nearly so, and that give nobody away.

Who told a question to the admins wants it to be seen: that wording is shown, and only that one.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from index.embedding import Vectors
from knowledge.alike import REACH
from knowledge.journal.entries import InVain

ENOUGH = 3
"""People who have to have asked the same before its wording shows."""

LONGEST = 160
"""Characters of a wording that was told to nobody: longer ones are stories, which are somebody's own."""

_SENTENCE = re.compile(r"[.!?:\n]+\s+")
_UNUSUAL = re.compile(r"[^\W_]*[\d@/_\\#<>=&]")
_APOSTROPHE = re.compile("['’]")
_WORD = re.compile(r"[^\s,;:!?()\[\]{}\"“”„«»]+")


def to_show(
    rows: Sequence[InVain],
    vectors: Vectors,
    *,
    curators: Collection[str] = (),
    is_common: Callable[[str], bool] = lambda _: False,
) -> Iterator[str]:
    """Wordings that may be seen, the most typical first.

    `curators` look after the documents and see what is shown: what they ask themselves uncovers nobody.
    `is_common` tells of a name whether everybody may know it, as it stands in the documents.
    """
    alike = vectors @ vectors.T
    typical = alike.mean(axis=1)
    for place in sorted(range(len(rows)), key=lambda place: -float(typical[place])):
        near = [row for row, so in zip(rows, alike[place], strict=True) if so >= REACH]
        if rows[place].told or _is_everybodys(rows[place], near, curators, is_common):
            yield rows[place].question


def _is_everybodys(
    row: InVain, near: Iterable[InVain], curators: Collection[str], is_common: Callable[[str], bool]
) -> bool:
    people = {one.person for one in near} - set(curators)
    if len(people) < ENOUGH or len(row.question) > LONGEST:
        return False
    others = {word for one in near if one.person != row.person for word in _words(one.question.casefold())}
    return all(word.casefold() in others or is_common(word) for word in telling(row.question))


def telling(question: str) -> list[str]:
    """Words that may tell of whom or what somebody speaks: names, numbers, addresses."""
    return [
        word
        for sentence in _SENTENCE.split(question)
        for place, word in enumerate(_words(sentence))
        if _UNUSUAL.search(word) or (place and _is_name(word) and not sentence.isupper())
    ]


def _is_name(word: str) -> bool:
    own = _APOSTROPHE.split(word)[0]
    return own[:1].isupper() and own != "I"


def _words(text: str) -> list[str]:
    return [word.strip(".'’-") for word in _WORD.findall(text) if word.strip(".'’-")]
