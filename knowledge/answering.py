"""Ranked passages → Answer | NoAnswer. Pure: the same ranking gives the same words."""

import re
from collections.abc import Iterator, Sequence

from index.passages import Passage
from index.search import Candidate
from knowledge.background import Background
from knowledge.declining import Verdict, judge
from knowledge.entities import Answer, Confidence, NoAnswer, Quote, Refusal
from knowledge.finding import Found

QUOTES = 3
"""Quotes in one answer: the direct one and at most two that add something."""

LENGTH = 1_500
"""Characters of quotes in one answer; with sources and notes it stays within one Discord message."""

SHORT = 700
"""Prose up to this length is quoted whole; of longer prose the sentences around the best one are."""

BRIEF = 300
"""The same where several questions are answered in one message."""

ANOTHER = 0.78
"""Share of the best score a passage of another document needs to be quoted too."""

SAME = 0.87
"""The same for a second passage of a document already quoted."""

RELATED = 3
"""Questions offered under an answer."""

NEAR = 0.35
"""Cosine a question needs to be offered as near to the one asked."""

SHOWN = 3
"""Questions of a section, the first ones, that are worded well enough to be offered."""

# Ten of ten is a scale; 85/10 is not.
_SCORES = re.compile(r"\b(?:1[1-9]|[2-9]\d|\d{3})/10\b")


def compose(found: Found, background: Background, *, quotes: int = QUOTES) -> Answer | NoAnswer:
    """The answer to one question in at most so many quotes, or why there is none."""
    verdict = judge(found, background)
    if verdict.refusal is not None:
        return _decline(found, verdict, background)
    chosen = _choose(found, quotes)
    quoted = tuple(
        _quote(found, candidate, background, SHORT if quotes == QUOTES else BRIEF) for candidate in chosen
    )
    return Answer(
        question=found.asked.text,
        quotes=quoted,
        notes=tuple(_notes(quoted, verdict)),
        confidence=_confidence(found, chosen, verdict),
        related=_related(found, background, skip=chosen),
        generation=background.generation,
    )


def decline(found: Found, background: Background) -> NoAnswer:
    """Nothing about this, whatever the passages look like."""
    return _decline(found, Verdict(Refusal.NOTHING, 0.0), background)


def _choose(found: Found, most: int) -> list[Candidate]:
    """The best passage, then others that come close: different documents before repeated ones."""
    best, *rest = found.candidates
    used = {found.passages[best.passage].document}
    others = [
        c for c in rest if found.passages[c.passage].document not in used and c.score >= ANOTHER * best.score
    ]
    chosen = [best]
    for candidate in others:
        if found.passages[candidate.passage].document not in used:
            used.add(found.passages[candidate.passage].document)
            chosen.append(candidate)
    chosen += [c for c in rest if c not in chosen and c.score >= SAME * best.score]
    return list(_fitting(found, chosen[:most]))


def _fitting(found: Found, chosen: Sequence[Candidate]) -> Iterator[Candidate]:
    length = 0
    for candidate in chosen:
        length += len(found.passages[candidate.passage].text)
        if length <= LENGTH or candidate is chosen[0]:
            yield candidate


def _quote(found: Found, candidate: Candidate, background: Background, room: int) -> Quote:
    passage = found.passages[candidate.passage]
    start, end = _span(passage, candidate, room)
    return Quote(
        text=passage.text[start - passage.start : end - passage.start],
        passage=passage.id,
        start=start,
        end=end,
        source=background.source(passage),
    )


def _span(passage: Passage, candidate: Candidate, room: int) -> tuple[int, int]:
    """All of a list or a short passage; of longer prose the best sentence with its neighbours."""
    parts: list[list[int]] = passage.attributes["parts"]
    if passage.attributes["kind"] != "paragraph" or len(passage.text) <= room or len(parts) < 2:
        return passage.start, passage.end
    similarities = candidate.similarities[1 : 1 + len(parts)]
    first = last = max(range(len(parts)), key=lambda place: similarities[place])
    while True:
        sides = [
            (similarities[place], place)
            for place in (first - 1, last + 1)
            if 0 <= place < len(parts)
            and max(parts[last][1], parts[place][1]) - min(parts[first][0], parts[place][0]) <= room
        ]
        if not sides:
            return parts[first][0], parts[last][1]
        _, place = max(sides)
        first, last = min(first, place), max(last, place)


def _notes(quotes: Sequence[Quote], verdict: Verdict) -> Iterator[str]:
    if any(_SCORES.search(quote.text) for quote in quotes):
        yield "The scores are shown as printed; the source does not explain the scale (probably out of 100)."
    if verdict.empty:
        source = verdict.empty.source
        yield f"«{source.title}» also has the heading “{source.headings[-1]}”, with nothing under it."


def _confidence(found: Found, chosen: Sequence[Candidate], verdict: Verdict) -> Confidence:
    """Counts the documents that come as near as the best; what is merely quoted beside them is no support."""
    enough = SAME * chosen[0].score
    documents = len({found.passages[c.passage].document for c in chosen if c.score >= enough})
    if documents > 1:
        reason = f"{_number(documents)} documents speak of this"
        return Confidence("high" if verdict.odds >= 0.75 else "medium", reason)
    if verdict.odds >= 0.85:
        return Confidence("medium", "one document says so")
    return Confidence("low", "one document comes near this")


def _number(count: int) -> str:
    return {2: "two", 3: "three"}.get(count, str(count))


def _related(found: Found, background: Background, skip: Sequence[Candidate] = ()) -> tuple[str, ...]:
    """Questions the nearest passages answer, the nearest first."""
    used = {candidate.passage for candidate in skip}
    topics = []
    for candidate in found.candidates:
        questions = found.passages[candidate.passage].attributes["questions"]
        if candidate.passage not in used and questions:
            nearness = candidate.similarities[-len(questions) :]
            nearest, topic = max(zip(nearness[:SHOWN], questions[:SHOWN], strict=True))
            topics += [topic] if nearest >= NEAR else []
    quoted = {question for name in used for question in found.passages[name].attributes["questions"]}
    openers = tuple(opener for opener in background.openers if opener not in quoted)
    return tuple(dict.fromkeys(topics))[:RELATED] or openers


def _decline(found: Found, verdict: Verdict, background: Background) -> NoAnswer:
    refusal = verdict.refusal or Refusal.NOTHING
    return NoAnswer(
        question=found.asked.text,
        refusal=refusal,
        sentence=_sentence(refusal, verdict),
        related=background.openers if refusal is Refusal.NOTHING else _related(found, background),
        generation=background.generation,
    )


def _sentence(refusal: Refusal, verdict: Verdict) -> str:
    # Words of the question are never repeated here: they are somebody's, and may be meant to be.
    if refusal is Refusal.EMPTY_SECTION and verdict.empty is not None:
        source = verdict.empty.source
        said = "only a placeholder" if verdict.empty.placeholder else "nothing"
        return (
            f"I don't know. «{source.title}» has the heading “{source.headings[-1]}” with {said} under it, "
            "and I found it answered nowhere else."
        )
    if refusal is Refusal.ONLY_NEAR and verdict.mentioned:
        return "I don't know. That role is mentioned in my documents, but not described."
    if refusal is Refusal.ONLY_NEAR:
        return "I don't know. My documents touch on this, but none of them answers it."
    return "I don't know. Nothing in my documents is about this."
