"""What is known of skills as plain text: what a terminal and the JSON contract show."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bot.console import count_text, json_line, quote_text
from knowledge.entities import Source
from knowledge.skills.cards import Card, Found, Group, NotNamed, Unclear
from knowledge.skills.comparing import AcrossDocuments, Comparison, across_documents, compare, two_of
from knowledge.skills.entries import Skill
from knowledge.skills.kinds import PLURALS, SPOKEN, introduced, introduced_as
from knowledge.skills.lookup import Lookup, OfKind

if TYPE_CHECKING:
    from bot.wiring import Application

_EXAMPLES = 3
_NONE = "The documents name no skills."


def skill_text(found: Found) -> str:
    """What a skill is and who says what of it, or what may have been meant."""
    match found:
        case Card():
            return _card_text(found)
        case Unclear(choices=choices):
            return _listed(
                "That could mean several things:" if len(choices) > 1 else "Do you mean this?", choices
            )
        case NotNamed():
            return _not_named_text(found)


def _card_text(card: Card) -> str:
    head = [introduced(card.skill), *card.senses]
    if card.aliases:
        head.append(f"Also written {', '.join(card.aliases)}")
    number = len(card.said)
    named = "Only one document names it:" if card.only else f"{count_text(number, 'document')} name it:"
    return "\n\n".join(["\n".join(head), named, *map(quote_text, card.said), *_beside(card)])


def _beside(card: Card) -> list[str]:
    """What stands around a skill: choices, companions, steps, related skills."""
    lines = [
        f"{_listed_as(group, card)}, says {_titles(quote.source for quote in group.said)}"
        for group in card.groups
    ]
    if card.alternatives:
        lines.append(f"Alternatives: {', '.join(card.alternatives)}")
    if card.goes_with:
        lines.append(f"Named beside it: {', '.join(f'{name} ({count})' for name, count in card.goes_with)}")
    lines += [
        f"Step {step.number} of {step.steps} in {_titles([step.said.source])}: {step.said.text}"
        for step in card.steps
    ]
    if card.related:
        lines.append(f"Related: {', '.join(card.related)}")
    return ["\n".join(lines)] if lines else []


def _listed_as(group: Group, card: Card) -> str:
    if group.choice:
        return f"One of {', '.join(group.skills)}"
    return f"Listed with {', '.join(name for name in group.skills if name != card.skill.name)}"


def _titles(sources: Iterable[Source]) -> str:
    """The documents, each once, told apart where two have the same title."""
    known = {source.document: source.title for source in sources}
    titles = list(known.values())
    return " and ".join(
        f"«{title}»" if titles.count(title) == 1 else f"«{title}» ({document})"
        for document, title in known.items()
    )


def _not_named_text(found: NotNamed) -> str:
    called = found.skill.name if found.skill else found.called
    if called and found.kind:
        opening = f"{introduced_as(called, found.kind)}: no document names it"
        opening += " as a skill." if found.words else "."
    else:
        opening = "No document names that as a skill." if found.words else "No document names that."
    blocks = [opening]
    if found.words:
        blocks += ["The words stand there all the same:", *map(quote_text, found.words)]
    if found.nearest:
        blocks.append(_listed("The nearest they name:", found.nearest))
    return "\n\n".join(blocks)


def _listed(title: str, skills: Sequence[Skill]) -> str:
    return "\n".join([title, *(f"  · {skill.name}" for skill in skills)])


def compared_text(application: "Application", typed: str) -> str:
    """Two skills side by side, or what each document says of one topic, whichever was typed."""
    known = application.skills.current()
    if known and (pair := two_of(typed, known)):
        return comparison_text(compare(application.skills, *pair))
    return across_text(across_documents(application.skills, typed, application.advisor.search))


def comparison_text(found: Comparison) -> str:
    """Two skills side by side in the documents' words, and what none of them says."""
    sides = (found.first, found.second)
    if not (isinstance(found.first, Card) and isinstance(found.second, Card)):
        return "\n\n".join(_side(side) if isinstance(side, Card) else skill_text(side) for side in sides)
    if found.first == found.second:
        return f"Both are {found.first.skill.name}.\n\n{_card_text(found.first)}"
    blocks = ["\n".join(map(_headline, (found.first, found.second)))]
    if found.together:
        blocks += ["Where both stand:", *map(quote_text, found.together)]
    for card in (found.first, found.second):
        if elsewhere := found.elsewhere(card):
            where = " elsewhere" if found.together else ""
            blocks += [f"{card.skill.name}{where}:", *map(quote_text, elsewhere)]
    return "\n\n".join([*blocks, " ".join(found.unsaid)]).strip()


def _side(card: Card) -> str:
    return "\n\n".join([f"{_headline(card)}:", *map(quote_text, card.said)])


def _headline(card: Card) -> str:
    return f"{introduced(card.skill)} · named by {count_text(len(card.said), 'document')}"


def across_text(found: AcrossDocuments) -> str:
    """What each document says of a topic, and which say nothing of it."""
    blocks = ["No document says anything under these words."]
    if found.telling:
        number = len(found.telling)
        total = count_text(number + len(found.silent), "document")
        blocks = [f"{number} of {total} {'says' if number == 1 else 'say'} something:"]
        for telling in found.telling:
            blocks += map(quote_text, telling.quotes)
            if telling.more:
                blocks.append(f"… and {telling.more} more under that heading in «{telling.source.title}».")
    for source in found.empty:
        blocks.append(f"«{source.title}» has the heading “{source.headings[-1]}” with nothing under it.")
    if found.telling and found.silent:
        blocks.append(f"Nothing under these words: {_titles(found.silent)}.")
    return "\n\n".join(blocks)


def skill_json(found: Found, identifier: object) -> str:
    """One line of the terminal contract; a skill that is known counts as found though nobody names it."""
    skill = found.skill if isinstance(found, Card | NotNamed) else None
    return json_line(
        {
            "id": identifier,
            "found": skill is not None,
            "canonical": skill.name if skill else None,
            "category": skill.kind if skill else None,
            "aliases": list(skill.aliases) if skill else [],
            "sources": [quote.source.label for quote in found.said] if isinstance(found, Card) else [],
            "suggestions": [] if skill else [other.name for other in _instead(found)],
        }
    )


def _instead(found: Found) -> tuple[Skill, ...]:
    match found:
        case Unclear(choices=choices):
            return choices
        case NotNamed(nearest=nearest):
            return nearest
    return ()


def skills_text(lookup: Lookup, kind: str) -> str:
    """The skills of a kind as somebody typed it; without one, every kind."""
    if not kind:
        return _kinds_text(lookup.kinds())
    if found := lookup.kind(kind):
        return _kind_text(found)
    names = ", ".join(SPOKEN[other.kind] for other in lookup.kinds())
    return f"No skill of that kind is named. The kinds are: {names}." if names else _NONE


def _kinds_text(kinds: Sequence[OfKind]) -> str:
    if not kinds:
        return _NONE
    width = max(len(PLURALS[found.kind]) for found in kinds)
    lines = []
    for found in kinds:
        names = [counted.skill.name for counted in found.skills]
        more = ", …" if len(names) > _EXAMPLES else ""
        shown = ", ".join(names[:_EXAMPLES])
        lines.append(f"  {PLURALS[found.kind]:{width}}  {len(names):3}  {shown}{more}")
    return "\n".join(["Skills the documents name, by kind:", *lines])


def _kind_text(found: OfKind) -> str:
    width = max(len(counted.skill.name) for counted in found.skills)
    lines = [
        f"  {counted.skill.name:{width}}  {count_text(counted.documents, 'document')}"
        for counted in found.skills
    ]
    return "\n".join([f"{PLURALS[found.kind]} – {count_text(len(lines), 'skill')}:", *lines])
