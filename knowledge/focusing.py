"""Which sentences or list items of a passage answer a question. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from index.passages import Passage
from index.search import Candidate
from knowledge.asking.vocabulary import carries_topic, stems

Span = tuple[int, int]
"""A stretch of a document, as offsets into `Record.text`."""

RUNS = 3
"""Stretches of one list that are quoted apart; a question that meets more of them is about the whole."""

HELD = 0.15
"""What a sentence that holds every telling word of a question is nearer to it than its cosine says."""

BESIDE = 0.6
"""Share of the best sentence's nearness a neighbour needs to be quoted with it."""

SAID = 0.8
"""Share of an item's words a question repeats where it is about that item alone."""

_MARKER = re.compile(r"[ \t]*(?:[-•*]|\d+[.)]) ")


def focus(passage: Passage, candidate: Candidate, telling: frozenset[str], room: int) -> tuple[Span, ...]:
    """The stretches to quote: of a list the items that are asked for, of long prose the best sentences.

    `telling` are the stems of the question's words that may decide.
    """
    parts: list[Span] = [(start, end) for start, end in passage.attributes["parts"]]
    items = [place for place, part in enumerate(parts) if _marker(passage, part)]
    if items:
        asked = _items_asked(passage, [parts[place] for place in items], telling)
        return tuple(_runs(passage, asked)) or ((passage.start, passage.end),)
    if passage.attributes["kind"] != "paragraph" or len(passage.text) <= room or len(parts) < 2:
        return ((passage.start, passage.end),)
    nearness = [
        similarity + HELD * _share_held(passage, part, telling)
        for part, similarity in zip(parts, candidate.similarities[1:], strict=False)
    ]
    return (_sentences(parts, nearness, room),)


def items_at(passage: Passage, places: Iterable[int]) -> tuple[Span, ...]:
    """Some parts of a passage, by place, neighbours joined; a lone list item goes without its bullet."""
    parts = passage.attributes["parts"]
    return tuple(_joined(passage, [(parts[place][0], parts[place][1]) for place in sorted(set(places))]))


def _marker(passage: Passage, part: Span) -> str:
    """What stands before an item on its line; empty before a sentence."""
    before = passage.text[: part[0] - passage.start]
    found = _MARKER.fullmatch(before[before.rfind("\n") + 1 :])
    return found.group() if found else ""


def _items_asked(passage: Passage, items: Sequence[Span], telling: frozenset[str]) -> list[Span]:
    """The items that hold a word of the question which tells them from the others; empty for all of them."""
    texts = [stems(passage.text[start - passage.start : end - passage.start]) for start, end in items]
    pointed_at = [item for item, text in zip(items, texts, strict=True) if _is_said(text, telling)]
    if pointed_at:
        return pointed_at
    own = telling - stems(" ".join(passage.headings))
    asked = {word for word in own if 0 < sum(word in text for text in texts) <= len(items) / 2}
    return [item for item, text in zip(items, texts, strict=True) if asked & text]


def _share_held(passage: Passage, part: Span, telling: frozenset[str]) -> float:
    held = telling & stems(passage.text[part[0] - passage.start : part[1] - passage.start])
    return len(held) / max(len(telling), 1)


def _is_said(item: set[str], telling: frozenset[str]) -> bool:
    """Whether a question repeats nearly all of an item, as one that points at it does."""
    own = {stem for stem in item if carries_topic(stem)}
    return len(own) > 2 and len(own & telling) >= SAID * len(own)


def _runs(passage: Passage, items: Sequence[Span]) -> Iterator[Span]:
    runs = list(_joined(passage, items))
    if 0 < len(runs) <= RUNS:
        yield from runs


def _joined(passage: Passage, items: Sequence[Span]) -> Iterator[Span]:
    """Neighbouring items as one stretch, with their markers; a lone bullet's text only."""
    run: list[Span] = []
    for item in items:
        if run and passage.text[run[-1][1] - passage.start : item[0] - passage.start].strip(
            " -•*.)0123456789\n"
        ):
            yield _stretch(passage, run)
            run = []
        run.append(item)
    if run:
        yield _stretch(passage, run)


def _stretch(passage: Passage, run: Sequence[Span]) -> Span:
    marker = _marker(passage, run[0]).lstrip()
    bare = len(run) == 1 and not marker[:1].isdigit()
    return (run[0][0] - (0 if bare else len(marker)), run[-1][1])


def _sentences(parts: Sequence[Span], similarities: Sequence[float], room: int) -> Span:
    """The best sentence with those of its neighbours that have as much to say, as long as there is room."""
    first = last = max(range(len(parts)), key=lambda place: similarities[place])
    enough = BESIDE * similarities[first]
    while True:
        sides = [
            (similarities[place], place)
            for place in (first - 1, last + 1)
            if 0 <= place < len(parts)
            and similarities[place] >= enough
            and max(parts[last][1], parts[place][1]) - min(parts[first][0], parts[place][0]) <= room
        ]
        if not sides:
            return parts[first][0], parts[last][1]
        _, place = max(sides)
        first, last = min(first, place), max(last, place)
