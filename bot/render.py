"""Replies as Discord embeds: pure, and always within the platform's limits.

Quotes are block quotes; whatever is not in one is the bot speaking. Text from documents and people is
escaped character by character, so that it shows as written and can never act: no mention, link, heading,
spoiler or code. One embed for each question of a message, so that a phone shows one below the other.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

import discord

from knowledge.entities import Answer, NoAnswer, Quote, Reply, Source

TITLE = 256
DESCRIPTION = 4096
FIELD_VALUE = 1024
FOOTER = 2048
TOTAL = 6000
EMBEDS = 10
RELATED = 5

NO_PART = "I found no question in that. Ask me something about backend engineering careers."
NO_QUOTE = "I have nothing to quote for this."
NO_SENTENCE = "I don't know."

# "://" is split so that an address is readable but not clickable; "#" covers headings and small print.
_LIVE = re.compile(r"[\\*_~`|<>\[\]@#]|:(?=//)")
# Control characters, halves of characters, and marks that turn the direction of the line around.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_LINK = re.compile(r"https?://[^\s<>()\[\]\\]{1,200}")


def as_embeds(reply: Reply) -> list[discord.Embed]:
    """What a member sees: one embed a question, together within the limits of one message."""
    shown = reply.parts[:EMBEDS]
    embeds: list[discord.Embed] = []
    left = TOTAL
    for place, part in enumerate(shown):
        heading = f"{place + 1}. {part.heading}" if len(reply.parts) > 1 else ""
        embed = _embed(part, room=left // (len(shown) - place), heading=heading)
        left -= _weight(embed)
        embeds.append(embed)
    return embeds or [discord.Embed(description=NO_PART)]


def escape(text: str) -> str:
    """The text with a backslash before everything Discord would act on."""
    return _LIVE.sub(r"\\\g<0>", _UNSEEN.sub("", text))


def size(text: str) -> int:
    """Length in UTF-16 units, the larger of the two ways in which Discord counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _embed(part: Answer | NoAnswer, *, room: int, heading: str) -> discord.Embed:
    embed = discord.Embed()
    side = room // 6
    embed.title = _line(heading, min(TITLE, side)) or None
    match part:
        case Answer():
            sure = f"Confidence: {part.confidence.word} – {part.confidence.reason}"
            embed.set_footer(text=_fit(_flat(sure), min(FOOTER, side), str))
            _relate(embed, "You could also ask", part.related, min(FIELD_VALUE, side))
            embed.description = _body(part, min(DESCRIPTION, room - _weight(embed)))
        case NoAnswer():
            _relate(embed, "What I can answer", part.related, min(FIELD_VALUE, side))
            embed.description = _line(part.sentence, min(DESCRIPTION, room - _weight(embed))) or NO_SENTENCE
    return embed


def _body(answer: Answer, room: int) -> str:
    quotes = [quote for quote in answer.quotes if _flat(quote.text)]
    lead, notes = _lines(answer.leads, room // 4), _lines(answer.notes, room // 4)
    blocks = _quotes(quotes, room - size(lead) - size(notes) - size(_missing(len(quotes))) - 6)
    return "\n\n".join(filter(None, [lead, *blocks, notes, _missing(len(quotes) - len(blocks))])) or NO_QUOTE


def _quotes(quotes: Sequence[Quote], room: int) -> list[str]:
    """Best first, as many whole ones as fit; only the first is cut when it is too long by itself."""
    blocks: list[str] = []
    numbers: dict[Source, int] = {}
    for quote in quotes:
        source = _source(quote.source, numbers, room)
        left = room - size(source) - 1
        if blocks and size(_block(quote.text.strip())) > left:
            break
        block = f"{_fit(quote.text.strip(), left, _block)}\n{source}"
        blocks.append(block)
        room -= size(block) + 2
    return blocks


def _source(source: Source, numbers: dict[Source, int], room: int) -> str:
    """The numbered line under a quote, with the credit where the source appears for the first time."""
    known = source in numbers
    number = numbers.setdefault(source, len(numbers) + 1)
    label = _line(source.label, max(room // 5, 1))
    link = source.origin.link or ""
    if _LINK.fullmatch(link) and size(link) < room // 5:
        label = f"[{label}]({link})"
    head = f"**{number}.** {label}"
    return head if known else f"{head}\n{_line(source.credit, max(room // 5, 1))}"


def _missing(count: int) -> str:
    if not count:
        return ""
    return f"{count} more quote{'s' if count > 1 else ''} did not fit here."


def _relate(embed: discord.Embed, name: str, questions: Sequence[str], room: int) -> None:
    lines = _lines(questions[:RELATED], room, bullet="• ")
    if lines:
        embed.add_field(name=name, value=lines, inline=False)


def _lines(items: Sequence[str], room: int, *, bullet: str = "") -> str:
    """One line an item, as many whole ones as fit; a first one that is too long is cut."""
    lines: list[str] = []
    for item in filter(_flat, items):
        line = (
            f"{bullet}{_line(item, room - size(bullet))}" if not lines else f"{bullet}{escape(_flat(item))}"
        )
        if lines and size(line) + 1 > room:
            break
        lines.append(line)
        room -= size(line) + 1
    return "\n".join(lines)


def _line(text: str, room: int) -> str:
    return _fit(_flat(text), room, escape)


def _flat(text: str) -> str:
    return " ".join(_UNSEEN.sub("", text).split())


def _block(text: str) -> str:
    return "\n".join(f"> {escape(line)}" for line in text.splitlines())


def _fit(text: str, room: int, dress: Callable[[str], str]) -> str:
    """All of the text, or as many whole words as fit and "…"; a word that is too long alone is cut."""
    if size(dress(text)) <= room:
        return dress(text)
    for pattern in (r"\S+", r"."):
        ends = [match.end() for match in re.finditer(pattern, text, re.DOTALL)]
        kept = bisect_right(ends, room, key=lambda end: size(dress(f"{text[:end]} …")))
        if kept:
            return dress(f"{text[: ends[kept - 1]]} …")
    return dress("…")


def _weight(embed: discord.Embed) -> int:
    fields = sum(size(f"{field.name}{field.value}") for field in embed.fields)
    return size(f"{embed.title or ''}{embed.description or ''}{embed.footer.text or ''}") + fields
