"""What is known of a skill as a reply: quotes with their sources, and what is counted around them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from knowledge.entities import Answer, Confidence, NoAnswer, Quote, Refusal, Reply, Source
from knowledge.skills.cards import Card, Found, Group, NotNamed, Unclear
from knowledge.skills.comparing import AcrossDocuments, Comparison
from knowledge.skills.entries import Skill
from knowledge.skills.kinds import introduced, introduced_as

_WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
MOST_QUOTES = 4
"""Quotes of one skill; a card is read at a glance."""


def card_reply(found: Found) -> Reply:
    """What the documents say of a skill; else which were meant, or that no document names it."""
    number = found.generation or 0
    match found:
        case Card():
            return Reply((_card(found),), number)
        case Unclear():
            return Reply((_unclear(found, number),), number)
        case NotNamed():
            return Reply((_not_named(found, number),), number)


def comparison_reply(found: Comparison) -> Reply:
    """Two skills side by side in the documents' words, and what none of them says."""
    number = found.generation or 0
    sides = (found.first, found.second)
    if not (isinstance(found.first, Card) and isinstance(found.second, Card)):
        return Reply(tuple(part for side in sides for part in card_reply(side).parts), number)
    if found.first == found.second:
        card = _card(found.first)
        return Reply((replace(card, leads=(f"Both are {found.first.skill.name}.", *card.leads)),), number)
    cards = (found.first, found.second)
    heads = [f"{introduced(card.skill)}, {_named_by(card)}." for card in cards]
    heads += [f"One of {', '.join(group)}." for group in found.one_of]
    both = " and ".join(card.skill.name for card in cards)
    parts: list[Answer | NoAnswer] = [_answer(both, found.together, number, leads=heads, notes=found.unsaid)]
    elsewhere = {card.skill.name: found.elsewhere(card) for card in cards}
    parts += [_answer(name, quotes, number) for name, quotes in elsewhere.items() if quotes]
    return Reply(tuple(parts), number)


def topic_reply(found: AcrossDocuments) -> Reply:
    """What each document says of one topic, and which say nothing of it."""
    number = found.generation or 0
    known = {source.document: source for source in (*found.silent, *(told.source for told in found.telling))}
    silent = [f"Nothing under these words: {_listed(found.silent, known)}."] if found.silent else []
    empty = [
        f"«{source.title}» has the heading “{source.headings[-1]}” with nothing under it."
        for source in found.empty
    ]
    if not found.telling:
        sentence = " ".join(["No document says anything under these words.", *empty])
        return Reply((NoAnswer("", Refusal.NOTHING, sentence, (), number),), number)
    total = len(found.telling) + len(found.silent)
    says = "says" if len(found.telling) == 1 else "say"
    said = f"{len(found.telling)} of {total} documents {says} something about it:"
    quotes = [quote for telling in found.telling for quote in telling.quotes]
    more = [
        f"{telling.more} more sentences and items about it in {_listed([telling.source], known)}."
        for telling in found.telling
        if telling.more
    ]
    return Reply((_answer("", quotes, number, leads=[said], notes=[*more, *empty, *silent]),), number)


def _card(card: Card) -> Answer:
    name = card.skill.name
    head = [f"{introduced(card.skill)}.", *card.senses]
    if card.aliases:
        head.append(f"Also written {', '.join(card.aliases)}.")
    leads = [" ".join(head)]
    leads.append("Only one document names it:" if card.only else f"{_named_by(card).capitalize()}:")
    steps = [step.said for step in card.steps if step.said not in card.said]
    quoted = [*card.said, *steps, *(quote for group in card.groups for quote in group.said)]
    known = {quote.source.document: quote.source for quote in quoted}
    notes = [
        f"{_group(group, name)}, says {_listed([quote.source for quote in group.said], known)}."
        for group in card.groups
    ]
    notes += [
        f"Step {step.number} of {step.steps} to learn, says {_listed([step.said.source], known)}."
        for step in card.steps
    ]
    if card.goes_with:
        notes.append(f"Named beside it: {', '.join(name for name, _ in card.goes_with)}.")
    if card.alternatives:
        notes.append(f"Alternatives: {', '.join(card.alternatives)}.")
    further = dict.fromkeys((*card.related, *card.alternatives, *(other for other, _ in card.goes_with)))
    quotes = [*card.said, *steps][:MOST_QUOTES]
    return _answer(name, quotes, card.generation, leads=leads, notes=notes, skills=tuple(further))


def _group(group: Group, name: str) -> str:
    """A list in which a skill stands: a choice is told whole, of examples the others."""
    if group.choice:
        return f"One of {', '.join(group.skills)}"
    return f"Listed with {', '.join(other for other in group.skills if other != name)}"


def _unclear(found: Unclear, generation: int) -> NoAnswer:
    several = len(found.choices) > 1
    names = ", ".join(_names(found.choices))
    sentence = f"That could mean {names}; which one?" if several else f"Do you mean {names}?"
    return NoAnswer("", Refusal.UNCLEAR, sentence, (), generation, "Which one?", skills=_names(found.choices))


def _not_named(found: NotNamed, generation: int) -> NoAnswer | Answer:
    called = found.skill.name if found.skill else found.called
    known = f"{introduced_as(called, found.kind)}: n" if called and found.kind else "N"
    sentence = f"{known}o document names {'it' if called else 'what you typed'} as a skill."
    skills = _names(found.nearest)
    if found.words:
        leads = [sentence, "The words stand there all the same:"]
        return _answer(called or "", found.words, generation, leads=leads, skills=skills, sure="low")
    sentence += f" The nearest they name: {', '.join(skills)}." if skills else ""
    heading = f"{called}: not named" if called else "Not named"
    # What is no known technology is likely no gap in the documents either.
    refusal = Refusal.NOTHING if called else Refusal.UNCLEAR
    return NoAnswer("", refusal, sentence, (), generation, heading, skills=skills)


def _answer(
    heading: str,
    quotes: Sequence[Quote],
    generation: int,
    *,
    leads: Iterable[str] = (),
    notes: Iterable[str] = (),
    skills: tuple[str, ...] = (),
    sure: str | None = None,
) -> Answer:
    documents = len({quote.source.document for quote in quotes})
    if sure:
        confidence = Confidence("low", "only the words stand there")
    elif not documents:
        confidence = Confidence("high", "counted in all documents")
    elif documents == 1:
        confidence = Confidence("medium", "one document says so")
    else:
        confidence = Confidence("high", f"{_WORDS.get(documents, documents)} documents say so")
    return Answer(
        "", tuple(quotes), tuple(notes), confidence, (), generation, tuple(leads), heading, skills=skills
    )


def _named_by(card: Card) -> str:
    number = len(card.said)
    return f"named by {number} document{'' if number == 1 else 's'}"


def _names(skills: Iterable[Skill]) -> tuple[str, ...]:
    return tuple(skill.name for skill in skills)


def _listed(sources: Iterable[Source], known: Mapping[str, Source]) -> str:
    """Documents by title, each once, told apart where another of those known has the same."""
    titles = [source.title for source in known.values()]
    said = {
        source.document: f"«{source.title}»"
        if titles.count(source.title) == 1
        else f"«{source.title}» ({source.document})"
        for source in sources
    }
    *others, last = said.values()
    return f"{', '.join(others)} and {last}" if others else last
