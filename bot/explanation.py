"""How an answer came about, as text for the person who runs the bot and as plain JSON values for scripts."""

from collections.abc import Iterator
from typing import Any

from rich.cells import cell_len, chop_cells, set_cell_size

from knowledge.entities import Refusal
from knowledge.explaining import Considered, Explained, Explanation, Looked, Near

WIDTH = 110
"""Columns of the text."""

SHOWN = 8
"""Candidates the text shows; JSON has all."""

HEADINGS = 3
"""Empty headings the text shows."""

_NAME = 12
_FATE = 28
_SECTION = 50
_TABLE = "     score  meaning rank   words rank   "


def explanation_text(explained: Explained) -> str:
    """Every part of a reply retold in aligned lines, whatever characters the question and documents hold."""
    parts = explained.parts
    titles = [f"How question {place} of {len(parts)} came out" for place in range(1, len(parts) + 1)]
    if len(parts) == 1:
        titles = ["How this came about"]
    return "\n\n".join(_part_text(title, part) for title, part in zip(titles, parts, strict=True))


def _part_text(title: str, part: Explanation) -> str:
    rows = [*_field("Question", part.question), *_field("Decision", f"{_decided(part)}: {part.because}")]
    blocks = []
    if looked := part.looked:
        rows += _question_rows(part, looked)
        blocks = [_odds_text(part, looked), _near_text(looked), _candidates_text(looked)]
    heading = f"{title} (generation {part.generation})"
    return "\n\n".join([heading, "\n".join(rows), *filter(None, blocks)])


def _decided(part: Explanation) -> str:
    match part.refusal:
        case None:
            return "answered"
        case Refusal.COURTESY:
            return "answered with a courtesy"
    return f"declined ({part.refusal.value})"


def _question_rows(part: Explanation, looked: Looked) -> Iterator[str]:
    if foreign := part.foreign:
        led = f"led to “{foreign.english}”" if foreign.english else "no question known here is near"
        yield from _field("Language", f"{foreign.language or 'not English'}, {led}")
    yield from _field("Looked for", looked.text)
    if looked.continues:
        yield from _field("Continues", looked.continues)
    if looked.only:
        yield from _field("Only in", ", ".join(looked.only))
    if looked.role:
        yield from _field("About", looked.role)
    if looked.unknown_words:
        yield from _field("Not known", ", ".join(looked.unknown_words))
    if looked.skills or looked.kind:
        asked = [f"any {looked.kind}"] if looked.kind else list(looked.skills)
        yield from _field("Skills", f"{', '.join(asked)}{'; answered by name' if looked.by_name else ''}")


def _odds_text(part: Explanation, looked: Looked) -> str:
    weights = "lists questions it answers" if looked.lists_questions else "lists no questions"
    lines = [
        f"Odds {looked.odds:.3f}, floor {part.floor:.3f}; weights for a best passage that {weights}:",
        f"  {'feature':<{_NAME}}  value    adds",
        *(f"  {one.name:<{_NAME}} {one.value:6.3f}  {_signed(one.contribution)}" for one in looked.features),
        f"  {'bias':<{_NAME}} {'':6}  {_signed(looked.bias)}",
        f"  {'log-odds':<{_NAME}} {'':6}  {_signed(looked.log_odds)}",
    ]
    return "\n".join(lines)


def _signed(value: float) -> str:
    return f"{round(value, 2) + 0.0:+6.2f}"  # nothing times a negative weight is no "-0.00"


def _near_text(looked: Looked) -> str:
    rows = list(_field("Near miss", _near(looked.near_miss))) if looked.near_miss else []
    for place, heading in enumerate(looked.empty[:HEADINGS]):
        rows += _field("" if place else "Empty", _near(heading))
    return "\n".join(rows)


def _near(near: Near) -> str:
    return f"{near.cosine:.3f}  {near.text}"


def _candidates_text(looked: Looked) -> str:
    shown = looked.candidates[:SHOWN]
    of_all = f", {len(shown)} of {len(looked.candidates)}" if len(shown) < len(looked.candidates) else ""
    lines = [
        f"Candidates, best first{of_all}",
        f"{_TABLE}{'fate':<{_FATE}}  passage",
        f"     {'section':<{_SECTION}}  nearest cue",
    ]
    for place, candidate in enumerate(shown, 1):
        lines += _candidate_rows(place, candidate)
    return "\n".join(line.rstrip() for line in lines)


def _candidate_rows(place: int, candidate: Considered) -> Iterator[str]:
    numbers = (
        f"{place:>3}  {candidate.score:5.3f}   {candidate.meaning:6.3f} {_rank(candidate.meaning_rank)}"
        f"   {candidate.words:5.3f} {_rank(candidate.words_rank)}   "
    )
    yield _cropped(f"{numbers}{candidate.fate:<{_FATE}}  {_flat(candidate.passage)}", WIDTH)
    section = set_cell_size(_ending_of(_flat(candidate.label), _SECTION), _SECTION)
    yield _cropped(f"{'':5}{section}  {_flat(candidate.cue)}", WIDTH)


def _rank(rank: int | None) -> str:
    return f"{'–' if rank is None else rank:>4}"


def _field(name: str, text: str) -> Iterator[str]:
    """A name and its text, wrapped beside it."""
    for place, row in enumerate(_wrapped(_flat(text), WIDTH - _NAME)):
        yield f"{'' if place else name:<{_NAME}}{row}"


def _wrapped(text: str, width: int) -> list[str]:
    rows: list[str] = []
    for word in text.split(" "):
        for piece in chop_cells(word, width):
            if rows and cell_len(rows[-1]) + 1 + cell_len(piece) <= width:
                rows[-1] += f" {piece}"
            else:
                rows.append(piece)
    return rows


def _cropped(text: str, width: int) -> str:
    return text if cell_len(text) <= width else f"{set_cell_size(text, width - 1).rstrip()}…"


def _ending_of(text: str, width: int) -> str:
    """A text without its beginning where it is too long: of a path the innermost heading tells most."""
    start = 0
    while cell_len(text[start:]) > width - bool(start):
        start += 1
    return f"…{text[start:]}" if start else text


def _flat(text: str) -> str:
    """A text on one line, without characters that move the cursor or turn the direction of writing."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(plain.split()) or "–"


def explanation_values(explained: Explained) -> list[dict[str, Any]]:
    """The same for scripts, one object for each part; every object has every key."""
    return [_part_values(part) for part in explained.parts]


def _part_values(part: Explanation) -> dict[str, Any]:
    looked = part.looked
    return {
        "question": part.question,
        "decision": "answered" if part.refusal is None else part.refusal.value,
        "because": part.because,
        "generation": part.generation,
        "floor": part.floor,
        "language": (part.foreign.language or "unknown") if part.foreign else None,
        "led_to": part.foreign.english if part.foreign else None,
        "looked_for": looked.text if looked else None,
        "continues": looked.continues if looked else None,
        "about": looked.role if looked else None,
        "only": list(looked.only) if looked else [],
        "unknown_words": list(looked.unknown_words) if looked else [],
        "skills": list(looked.skills) if looked else [],
        "kind": looked.kind if looked else None,
        "by_name": looked.by_name if looked else False,
        "odds": _rounded(looked.odds) if looked else None,
        "log_odds": _rounded(looked.log_odds) if looked else None,
        "bias": looked.bias if looked else None,
        "lists_questions": looked.lists_questions if looked else None,
        "features": [
            {"name": one.name, "value": _rounded(one.value), "contribution": _rounded(one.contribution)}
            for one in (looked.features if looked else ())
        ],
        "near_miss": _near_values(looked.near_miss, "question") if looked and looked.near_miss else None,
        "empty_headings": [_near_values(near, "heading") for near in (looked.empty if looked else ())],
        "candidates": [_candidate_values(one) for one in (looked.candidates if looked else ())],
    }


def _near_values(near: Near, name: str) -> dict[str, Any]:
    return {name: near.text, "cosine": _rounded(near.cosine)}


def _candidate_values(candidate: Considered) -> dict[str, Any]:
    return {
        "passage": candidate.passage,
        "label": candidate.label,
        "score": _rounded(candidate.score),
        "meaning": _rounded(candidate.meaning),
        "meaning_rank": candidate.meaning_rank,
        "words": _rounded(candidate.words),
        "words_rank": candidate.words_rank,
        "cue": candidate.cue,
        "fate": candidate.fate,
    }


def _rounded(value: float) -> float:
    return round(float(value), 6) + 0.0
