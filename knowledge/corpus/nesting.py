"""Which headings of a text without heading levels stand under which others."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.corpus.fillers import is_filler
from knowledge.formats.pieces import Heading, Listing, Paragraph, Piece

# Names that mean nothing without the heading above them.
_ELLIPTICAL = (
    r"technical|soft|hard|steps|required|optional|preferred|pros|cons|dos|don'ts|(?:dis)?advantages|beginner"
    r"|intermediate|advanced|junior|mid(?:-level)?|senior|entry-level|must-haves?|nice-to-haves?|morning|midday"
    r"|afternoon|evening|daily|weekly|short-term|long-term|and|&"
)
_DEPENDENT = re.compile(rf"(?:(?:{_ELLIPTICAL})\s*)+", re.IGNORECASE)
# Parts of a way to somewhere, under a heading that names the way.
_PARTS = re.compile(
    rf"(?:(?:{_ELLIPTICAL}|typical|common|usual|minimum|recommended|background|education|experience|requirements"
    r"|qualifications|prerequisites|certifications)\s*)+",
    re.IGNORECASE,
)
_WAY = re.compile(
    r"\b(?:how (?:to|do)|becom(?:e|ing)|path to|road ?map|getting (?:started|into))\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Section:
    heading: Heading
    place: int
    body: tuple[Piece, ...]


def nest(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces with heading levels: a heading is moved under another only where something shows it.

    Evidence is a list that announces the headings after it, numbers, or a name that needs another's.
    Without any, a heading with nothing under it is an empty section, not a parent.
    """
    pieces = [_settled(piece, pieces[place + 1 :][:1]) for place, piece in enumerate(pieces)]
    sections = list(_sections(pieces))
    parents: dict[int, int] = {}
    for place in range(len(sections)):
        for child in (
            *_announced(sections, place),
            *_numbered(sections, place),
            *_dependent(sections, place),
        ):
            parents.setdefault(child, place)
    levelled = list(pieces)
    for place, section in enumerate(sections):
        levelled[section.place] = replace(
            section.heading, level=max(section.heading.level, 1 + _depth(place, parents))
        )
    return tuple(levelled)


def _settled(piece: Piece, below: Sequence[Piece]) -> Piece:
    """A line such as "To be written" looks like a heading; with nothing under it, it is none."""
    alone = not below or isinstance(below[0], Heading)
    if isinstance(piece, Heading) and alone and is_filler(piece.text):
        return Paragraph(piece.text, piece.line)
    return piece


def _sections(pieces: Sequence[Piece]) -> Iterator[_Section]:
    headings = [(place, piece) for place, piece in enumerate(pieces) if isinstance(piece, Heading)]
    ends = [*(place for place, _ in headings), len(pieces)][1:]
    for (place, heading), end in zip(headings, ends, strict=True):
        yield _Section(heading, place, tuple(pieces[place + 1 : end]))


def _depth(place: int, parents: dict[int, int]) -> int:
    depth = 0
    while place in parents:
        place = parents[place]
        depth += 1
    return depth


def _announced(sections: Sequence[_Section], parent: int) -> list[int]:
    """The headings right after this one that repeat the items of its list."""
    names = {
        _name(item.text)
        for piece in sections[parent].body
        if isinstance(piece, Listing)
        for item in piece.items
    }
    found = _run(sections, parent, lambda section: _name(section.heading.text) in names)
    return found if len(found) > 1 else []


def _numbered(sections: Sequence[_Section], parent: int) -> list[int]:
    """The numbered headings after one that leads in to them, or those without one below a number."""
    number = sections[parent].heading.number
    body = sections[parent].body
    if number is None:
        leads_in = not body or (isinstance(body[-1], Paragraph) and body[-1].text.endswith(":"))
        return _sequence(sections, parent) if leads_in else []
    below = _run(sections, parent, lambda section: section.heading.number is None)
    after = parent + len(below) + 1
    goes_on = after < len(sections) and sections[after].heading.number == number + 1
    return below if goes_on else []


def _sequence(sections: Sequence[_Section], parent: int) -> list[int]:
    if parent + 1 == len(sections) or sections[parent + 1].heading.number != 1:
        return []
    found: list[int] = []
    for place in range(parent + 1, len(sections)):
        number = sections[place].heading.number
        if number == len(found) + 1:
            found.append(place)
        elif number is not None:
            break
    return found


def _dependent(sections: Sequence[_Section], parent: int) -> list[int]:
    """The headings after one with nothing under it whose names need it to mean something."""
    name = sections[parent].heading.text
    if sections[parent].body or _PARTS.fullmatch(name):
        return []
    names = _PARTS if _WAY.search(name) else _DEPENDENT
    return _run(
        sections,
        parent,
        lambda section: bool(section.body) and bool(names.fullmatch(section.heading.text.replace("’", "'"))),
    )


def _run(sections: Sequence[_Section], parent: int, fits: Callable[[_Section], bool]) -> list[int]:
    """The headings right after one, as far as they fit."""
    found: list[int] = []
    for place in range(parent + 1, len(sections)):
        if not fits(sections[place]):
            break
        found.append(place)
    return found


def _name(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
