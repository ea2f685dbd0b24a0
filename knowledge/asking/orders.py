"""Orders to the bot inside a message: data like everything else, and no part of a question. Pure."""

import re

from sentencex import get_sentence_boundaries

from knowledge.asking.conversation import asks

_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|rules?|prompts?|guidelines|"
    r"filters?|training|sources|documents|articles)\b"
    r"|\b(?:system|developer|hidden|secret) (?:prompt|instructions?|mode|key)\b"
    r"|\byou are (?:now|no longer)\b|\bfrom now on\b|\bpretend (?:to be|that|you)\b|\bjailbreak\b"
    r"|\bact as (?:an? |if)|\brepeat (?:after me|the (?:words?|text|following)|your|this)\b"
    r"|\b(?:print|reveal|show|give|send|leak|dump|output)\b.{0,30}"
    r"\b(?:token|password|api key|secret|environment|prompt)s?\b"
    r"|\b(?:say|reply|respond|answer|write|type|post|output)\b (?:only |just |exactly |me )*"
    r"(?:with |the words? )?(?:[\"'“‘`@]|(?-i:[A-Z]{5,})\b)"
    r"|\b(?:invent (?:one|some|it|a|an)|make (?:up|one up|something up) ?(?:a|an|one|some|it)?\b.{0,12}"
    r"\b(?:number|figure|answer|one|salary|quote|source)|fabricate|hallucinate)\b|@(?:everyone|here)\b",
    re.IGNORECASE,
)


def without_orders(text: str) -> str:
    """The questions in a message that gives the bot orders; all of it where it gives none."""
    if not _ORDER.search(text):
        return text
    kept = []
    for line in text.splitlines():
        sentences = (boundary["text"].strip() for boundary in get_sentence_boundaries("en", line))
        kept += [sentence for sentence in sentences if asks(sentence) and not _ORDER.search(sentence)]
    return " ".join(kept)
