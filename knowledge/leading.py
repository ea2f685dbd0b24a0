"""What the bot says before its quotes: how many documents agree. Pure."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from knowledge.background import Background
from knowledge.finding import Found
from knowledge.skills.entries import Skill


def leads(found: Found, background: Background) -> Iterator[str]:
    """Sentences in the bot's own words, each counted from the documents."""
    documents = len(background.records)
    if documents < 2 or not found.named:
        return
    if kind := found.skills.kind:
        counted = background.namings.counted(found.named, kind)
        yield f"Named by {', by '.join(_by_count(counted))} of {documents} documents."
    else:
        for skill in found.skills.named:
            count = background.namings.documents(skill)
            yield f"{skill.name} is named by {count or 'none'} of {documents} documents."


def _by_count(counted: Mapping[Skill, int]) -> Iterator[str]:
    ordered = sorted(counted.items(), key=lambda entry: -entry[1])
    for count, group in groupby(ordered, key=lambda entry: entry[1]):
        yield f"{count}: {', '.join(skill.name for skill, _ in group)}"
