"""What of a ranking is quoted: which passages, and which stretches of them. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.search import Candidate
from knowledge.asking.followups import already_shown, asks_for_more
from knowledge.asking.kinds import kinds_asked
from knowledge.background import searchable
from knowledge.finding import Found
from knowledge.focusing import Span, focus, items_at

LENGTH = 1_500
"""Characters of quotes in one answer; with sources and notes it stays within one Discord message."""

SHORT = 700
"""Prose up to this length is quoted whole first; of longer prose the sentences around the best one are."""

BRIEF = 300
"""The same for what comes after the first quote, and where several questions are answered at once."""

ANOTHER = 0.78
"""Share of the best score a passage of another document needs to be quoted too."""

SAME = 0.87
"""The same for a second passage of a document already quoted."""

ALIKE = 0.92
"""Share of the best score from which a passage answers as well as the best one."""

BY_ITSELF = 0.5
"""Cosine any other passage needs. With `ALMOST` it keeps out what only shares words: of the quotes in answers
to the recorded questions that are not kept aside one in six went, of the right answers one in a hundred."""

ALMOST = 0.9
"""Share of the best cosine any other passage needs."""

APART = 0.6
"""The same where a question asks what each document says."""

ENOUGH = "no room: enough quotes"
REPEATED = "same document quoted already"
SHOWN = "already shown"

_OF_EACH = re.compile(
    r"\b(?:(?:each|both|two|other|all|different|various) (?:of the )?(?:[\w-]+ ){0,2}?|(?:the|do|which) )"
    r"(?:articles?|sources?|documents?|authors?|texts|descriptions?)\b"
    r"|\b(?:articles|sources|documents|authors) (?:dis)?(?:agree|differ|define|describe|say|name)"
    r"|\b(?:dis)?agree\b|\bcontradict",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A passage to quote, and the stretches of it."""

    candidate: Candidate
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is quoted, the most direct first, and why each candidate beside it is not, by passage."""

    chosen: tuple[Chosen, ...]
    dropped: Mapping[str, str]


def choose(found: Found, most: int, *, brief: bool) -> Choice:
    """What to quote from at most so many passages."""
    if found.named:
        return _by_name(found, most)
    apart = asks_of_each(found.text)
    share = APART if apart else ANOTHER
    unseen = _unseen(found)
    if not unseen:
        return Choice((), {candidate.passage: SHOWN for candidate in found.candidates})
    ranked = _ranked(found, unseen, share)
    rooms = [BRIEF if brief or apart else SHORT, *[BRIEF] * len(ranked)]
    chosen = _fitting(
        Chosen(candidate, focus(found.passages[candidate.passage], candidate, found.telling, room))
        for candidate, room in zip(ranked[: most + apart], rooms, strict=False)
    )
    dropped = {candidate.passage: SHOWN for candidate in found.candidates}
    dropped |= {candidate.passage: _why_not(found, candidate, unseen[0], share) for candidate in unseen}
    dropped |= {candidate.passage: ENOUGH for candidate in ranked}
    dropped |= {candidate.passage: "no room: long enough" for candidate in ranked[: most + apart]}
    return _choice(found, chosen, dropped)


def asks_of_each(text: str) -> bool:
    """Whether a question is what each document says, rather than what any of them does."""
    return bool(_OF_EACH.search(text))


def _by_name(found: Found, most: int) -> Choice:
    """The sentence or item of each document that names what is asked for."""
    candidates = {candidate.passage: candidate for candidate in found.candidates}
    chosen: dict[str, Chosen] = {}
    dropped = dict.fromkeys(candidates, "answered by names of skills")
    for part in found.named:
        candidate = candidates[part.passage]
        if part.document not in chosen:
            spans = items_at(found.passages[part.passage], [part.place])
            chosen[part.document] = Chosen(candidate, spans)
        else:
            dropped[part.passage] = REPEATED
    kept, left = list(chosen.values())[: most + 1], list(chosen.values())[most + 1 :]
    dropped |= {choice.candidate.passage: ENOUGH for choice in left}
    return _choice(found, kept, dropped)


def _choice(found: Found, wanted: Sequence[Chosen], dropped: Mapping[str, str]) -> Choice:
    """What is quoted and what is not; a document without room for any of it is not "quoted already".

    Nothing is left where a question only asks for more and all of it was said.
    """
    chosen = [choice for choice in wanted if not _said_before(found, choice)]
    if not chosen and not asks_for_more(found.asked.text):
        chosen = list(wanted)
    dropped = {**dropped, **{choice.candidate.passage: SHOWN for choice in wanted}}
    kept = {choice.candidate.passage for choice in chosen}
    documents = {found.passages[passage].document for passage in kept}
    return Choice(
        tuple(chosen),
        {
            passage: ENOUGH if why == REPEATED and found.passages[passage].document not in documents else why
            for passage, why in dropped.items()
            if passage not in kept
        },
    )


def _ranked(found: Found, unseen: Sequence[Candidate], share: float) -> list[Candidate]:
    """The best passage, then others that come close: different documents before repeated ones."""
    best, *rest = unseen
    used = {found.passages[best.passage].document}
    chosen = [best]
    for candidate in rest:
        document = found.passages[candidate.passage].document
        if (
            document not in used
            and candidate.score >= share * best.score
            and (share == APART or _answers_too(found, candidate, best))
        ):
            used.add(document)
            chosen.append(candidate)
    again = (
        c for c in rest if c not in chosen and c.score >= SAME * best.score and _answers_too(found, c, best)
    )
    return [*chosen, *again]


def _answers_too(found: Found, candidate: Candidate, best: Candidate) -> bool:
    """Whether a passage says enough by itself to stand beside the best one.

    Where documents list no questions, no cosine tells. Beside an amount, a passage without one says nothing.
    """
    if _lacks(found, candidate, best):
        return False
    if candidate.score >= ALIKE * best.score or not found.passages[candidate.passage].attributes["questions"]:
        return True
    return candidate.meaning >= max(BY_ITSELF, ALMOST * best.meaning)


def _lacks(found: Found, candidate: Candidate, best: Candidate) -> bool:
    """Whether the best passage holds a thing of the kind asked for, and this one none."""
    first, text = (searchable(found.passages[one.passage]) for one in (best, candidate))
    return any(kind.holds.search(first) and not kind.holds.search(text) for kind in kinds_asked(found.text))


def _why_not(found: Found, candidate: Candidate, best: Candidate, share: float) -> str:
    """What keeps a candidate that is not among the ranked ones from being there."""
    if candidate.score < share * best.score:
        return f"below {share:.2f} of the best".replace("0.", ".")
    if share != APART and not _answers_too(found, candidate, best):
        return "too little meaning by itself"
    return REPEATED


def _said_before(found: Found, chosen: Chosen) -> bool:
    """Whether every stretch stands in what was said before, where a question asks for something else."""
    passage = found.passages[chosen.candidate.passage]
    texts = (passage.text[start - passage.start : end - passage.start] for start, end in chosen.spans)
    return bool(found.asked.shown) and all(already_shown(text, found.asked.shown) for text in texts)


def _unseen(found: Found) -> list[Candidate]:
    """The candidates whose text was not said before, where a question asks for something else.

    Where it only asks for more, those of them that come close; none, where that is all there is.
    """
    if not found.asked.shown:
        return list(found.candidates)
    if asks_for_more(found.asked.text):
        return [c for c in _not_shown(found) if c.score >= ANOTHER * found.candidates[0].score]
    return _not_shown(found) or list(found.candidates)


def _not_shown(found: Found) -> list[Candidate]:
    shown = found.asked.shown
    return [c for c in found.candidates if not already_shown(found.passages[c.passage].text, shown)]


def _fitting(chosen: Iterable[Chosen]) -> list[Chosen]:
    fitting: list[Chosen] = []
    length = 0
    for choice in chosen:
        length += sum(end - start for start, end in choice.spans)
        if length <= LENGTH or not fitting:
            fitting.append(choice)
    return fitting
