"""Ranked passages → Answer | NoAnswer. Pure: the same ranking gives the same words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.search import Candidate
from knowledge.background import Background
from knowledge.choosing import Choice, Chosen, choose
from knowledge.declining import Verdict, judge
from knowledge.entities import Answer, Confidence, NoAnswer, Quote, Refusal
from knowledge.finding import Found
from knowledge.leading import leads

QUOTES = 3
"""Quotes in one answer: the direct one and at most two that add something."""

RELATED = 3
"""Questions offered under an answer."""

NEAR = 0.4
"""Cosine a question needs to be offered as near to the one asked."""

FAINT = 0.3
"""The same where nothing is answered: distant relations serve better than any openers."""

SHOWN = 3
"""Questions of a section, the first ones, that are worded well enough to be offered."""

# Ten of ten is a scale; 85/10 is not.
_SCORES = re.compile(r"\b(?:1[1-9]|[2-9]\d|\d{3})/10\b")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A part of a reply with the decisions it came from. `choice` is None where nothing is quoted."""

    part: Answer | NoAnswer
    found: Found
    verdict: Verdict
    choice: Choice | None = None


def compose(found: Found, background: Background, *, quotes: int = QUOTES) -> Outcome:
    """The answer to one question in at most so many quotes, or why there is none."""
    verdict = judge(found, background)
    if verdict.refusal is not None:
        return Outcome(_decline(found, verdict, background), found, verdict)
    choice = choose(found, quotes, brief=quotes < QUOTES)
    if not choice.chosen:
        verdict = Verdict(
            Refusal.ONLY_NEAR, verdict.odds, exhausted=True, because="all of it was said before"
        )
        return Outcome(_decline(found, verdict, background), found, verdict, choice)
    return Outcome(_answer(found, verdict, choice.chosen, background), found, verdict, choice)


def decline(outcome: Outcome, background: Background, because: str) -> Outcome:
    """Nothing about this, whatever the passages look like."""
    verdict = Verdict(Refusal.NOTHING, outcome.verdict.odds, because=because)
    return Outcome(_decline(outcome.found, verdict, background), outcome.found, verdict)


def _answer(found: Found, verdict: Verdict, chosen: Sequence[Chosen], background: Background) -> Answer:
    quoted = tuple(quote for choice in chosen for quote in _quotes(found, choice, background))
    return Answer(
        question=found.asked.text,
        quotes=quoted,
        leads=tuple(leads(found, chosen, background)),
        notes=tuple(_notes(quoted, verdict)),
        confidence=_confidence(found, chosen, verdict),
        related=_related(found, skip=[choice.candidate for choice in chosen]),
        generation=background.generation,
        heading=_heading(found, chosen[0].candidate),
    )


def _heading(found: Found, best: Candidate) -> str:
    """What the best passage answers, in the document's words: those of the question are somebody's."""
    passage = found.passages[best.passage]
    if questions := passage.attributes["questions"]:
        nearness = zip(best.similarities[-len(questions) :], questions, strict=True)
        _, _, question = max((text.endswith("?"), near, text) for near, text in nearness)
        return str(question)
    return passage.headings[-1] if passage.headings else ""


def _quotes(found: Found, chosen: Chosen, background: Background) -> Iterator[Quote]:
    passage = found.passages[chosen.candidate.passage]
    for start, end in chosen.spans:
        text = passage.text[start - passage.start : end - passage.start]
        yield Quote(text, passage.id, start, end, background.source(passage))


def _notes(quotes: Sequence[Quote], verdict: Verdict) -> Iterator[str]:
    if any(_SCORES.search(quote.text) for quote in quotes):
        yield "The scores are shown as printed; the source does not explain the scale (probably out of 100)."
    if verdict.empty:
        source = verdict.empty.source
        yield f"«{source.title}» also has the heading “{source.headings[-1]}”, with nothing under it."


def _confidence(found: Found, chosen: Sequence[Chosen], verdict: Verdict) -> Confidence:
    """Counts the documents that are quoted: each of them answers by itself."""
    documents = len({found.passages[choice.candidate.passage].document for choice in chosen})
    if documents > 1:
        reason = f"{_number(documents)} documents {'name it' if found.named else 'speak of this'}"
        return Confidence("high" if verdict.odds >= 0.75 else "medium", reason)
    if verdict.odds >= 0.85:
        return Confidence("medium", f"one document {'names it' if found.named else 'says so'}")
    best = chosen[0]
    said = sum(end - start for start, end in best.spans)
    in_passing = said < len(found.passages[best.candidate.passage].text) / 2
    return Confidence("low", f"one document{', in passing' if in_passing else ' comes near this'}")


def _number(count: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(count, str(count))


def _related(found: Found, skip: Sequence[Candidate] = (), least: float = NEAR) -> tuple[str, ...]:
    """Questions the nearest passages answer, the nearest first."""
    used = {candidate.passage for candidate in skip}
    topics = []
    for candidate in found.candidates:
        questions = found.passages[candidate.passage].attributes["questions"]
        if candidate.passage not in used and questions:
            nearness = candidate.similarities[-len(questions) :]
            nearest, topic = max(zip(nearness[:SHOWN], questions[:SHOWN], strict=True))
            topics += [topic] if nearest >= least else []
    return tuple(dict.fromkeys(topics))[:RELATED]


def _decline(found: Found, verdict: Verdict, background: Background) -> NoAnswer:
    refusal = verdict.refusal or Refusal.NOTHING
    near = _related(found, least=FAINT)
    return NoAnswer(
        question=found.asked.text,
        refusal=refusal,
        sentence=_sentence(refusal, verdict, found.unnamed),
        related=near or background.openers,
        generation=background.generation,
    )


def _sentence(refusal: Refusal, verdict: Verdict, unnamed: str | None) -> str:
    # Words of the question are never repeated here: they are somebody's, and may be meant to be. A technology
    # is named as the catalogue spells it.
    if refusal is Refusal.EMPTY_SECTION and verdict.empty is not None:
        source = verdict.empty.source
        said = "only a placeholder" if verdict.empty.placeholder else "nothing"
        return (
            f"I don't know. «{source.title}» has the heading “{source.headings[-1]}” with {said} under it, "
            "and I found it answered nowhere else."
        )
    if verdict.exhausted:
        return "That is all my documents say about this."
    if unnamed:
        return f"I don't know. None of my documents names {unnamed}."
    if refusal is Refusal.ONLY_NEAR and verdict.mentioned:
        return "I don't know. That role is mentioned in my documents, but not described."
    if refusal is Refusal.ONLY_NEAR:
        return "I don't know. My documents touch on this, but none of them answers it."
    return "I don't know. Nothing in my documents is about this."
