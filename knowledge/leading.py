"""What the bot says before its quotes: how many documents agree, and that it gives no verdict. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from knowledge.background import Background
from knowledge.choosing import Chosen, asks_of_each
from knowledge.finding import Found
from knowledge.skills.entries import Skill

_OPENS_WITH_WHAT = re.compile(
    r"^\W*(?:(?:and|so|ok|but|hey|hi)\W+)*"
    r"(?:whats?|which(?! (?:is|one|of))|who|how|when|where|why|name|list|tell|give)\b",
    re.IGNORECASE,
)
_WANTS_A_VERDICT = re.compile(
    r"\b(?:should (?:i|we|you)|worth|do (?:i|we) (?:really |have to |need)|would i|can i|could i|better|"
    r"recommend|which one|(?:is|are|would|will|am) .*\b(?:for me|my (?:job|thing)|good|bad|right|enough|"
    r"a problem|ok|okay|fit))\b",
    re.IGNORECASE,
)


def leads(found: Found, chosen: Sequence[Chosen], background: Background) -> Iterator[str]:
    """Sentences in the bot's own words, each counted from the documents."""
    documents = len(background.records)
    if found.named and documents > 1:
        yield from _naming(found, background, documents)
    elif asks_of_each(found.text) and (speaking := _documents(found, chosen)) > 1:
        yield f"{speaking} of {documents} documents speak of this; here is what each says."
    elif wants_a_verdict(found.text):
        yield "I give no verdict; this is what the documents say."


def wants_a_verdict(text: str) -> bool:
    """Whether somebody wants to be told what to do, choose or think, which no quote does."""
    return bool(_WANTS_A_VERDICT.search(text)) and not _OPENS_WITH_WHAT.match(text)


def _naming(found: Found, background: Background, documents: int) -> Iterator[str]:
    if found.skills.kind:
        counted = background.namings.counted(found.named, found.skills.kind)
    else:
        counted = {skill: background.namings.documents(skill) for skill in found.skills.named}
    yield f"Named by {'; by '.join(_by_count(counted, documents))}."


def _by_count(counted: Mapping[Skill, int], documents: int) -> Iterator[str]:
    ordered = sorted(counted.items(), key=lambda entry: -entry[1])
    of_all = f" of {documents} documents"
    for count, group in groupby(ordered, key=lambda entry: entry[1]):
        names = [skill.name for skill, _ in group]
        each = " each" if len(names) > 1 else ""
        yield f"{count or 'none'}{of_all}{each}: {', '.join(names)}"
        of_all = ""


def _documents(found: Found, chosen: Sequence[Chosen]) -> int:
    return len({found.passages[choice.candidate.passage].document for choice in chosen})
