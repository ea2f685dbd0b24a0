"""A reply as pages, each one message: pure, and always within the platform's limits.

Quotes are block quotes; whatever is not in one is the bot speaking. Text from documents and people is
escaped character by character, so that it shows as written and can never act: no mention, link, heading,
spoiler or code. A page has one embed for each question it answers, so that a phone shows one below the other.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import discord

from bot.render.text import block, escape, flat, line, parted, plain, size
from knowledge.entities import Answer, NoAnswer, Quote, Reply, Source

ROOM = 1750
"""Units of all text on a page: about two screens of a phone, and fit for a message without embeds."""
QUOTE = 1000
"""Units of one block quote; a longer quote is parted."""
TITLE = 120
PLACE = 130
CREDIT = 240
CREDITS = 4
"""Credits in one field, which holds 1,024 units."""
FOOTER = 160
SAID = 600
EMBEDS = 10

ANSWERED = discord.Color(0x5865F2)
UNSURE = discord.Color(0xC27C0E)
DECLINED = discord.Color(0x80848E)

NO_PART = "I found no question in that. Ask me something about backend engineering careers."
NO_QUOTE = "I have nothing to quote for this."
NO_SENTENCE = "I don't know."
OFFER = "These I can answer:"

# Discord sets a list apart by itself; on a phone an empty line more is a line less of the answer.
_BEFORE_LIST = re.compile(r"\n\n(?=- |\d+\. )")
_LINK = re.compile(r"https?://[^\s<>()\[\]\\]{1,200}")


@dataclass(frozen=True, slots=True)
class Page:
    """One message of a reply, as embeds; `text` says the same where embeds are not allowed.

    `number` counts from 0; `quote` is the place of the first quote shown, among all of the reply.
    """

    embeds: tuple[discord.Embed, ...]
    text: str
    number: int = 0
    of: int = 1
    quote: int = 0


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text that stays together on a page, and what it quotes."""

    text: str
    quote: Quote | None = None


_Sheet = dict[int, list[_Piece]]
"""What one page holds of each part, by the part's place in the reply."""


def pages(reply: Reply, *, titled: bool = False) -> list[Page]:
    """The whole reply, at least one page; nothing is left out and no word or list item is cut.

    `titled` puts what is answered above a single answer too, for those who did not ask.
    """
    if not reply.parts:
        return [Page((discord.Embed(description=NO_PART, color=DECLINED),), NO_PART)]
    numbers = _numbered(reply)
    if titled and len(reply.parts) == 1:
        titles = [reply.parts[0].heading]
    else:
        titles = [f"{number}. {part.heading}" for number, part in enumerate(reply.parts, 1)]
    titles = titles if titled or len(titles) > 1 else [""]
    sheets = _sheets(reply, titles, numbers)
    return [_page(reply, titles, sheets, place, numbers) for place in range(len(sheets))]


def _sheets(reply: Reply, titles: Sequence[str], numbers: dict[str, int]) -> list[_Sheet]:
    sheets: list[_Sheet] = [{}]
    taken = 0
    for number, part in enumerate(reply.parts):
        frame = size(_title(titles[number], continued=True)) + size(escape(_sure(part))) + 12
        for piece in _pieces(part, numbers):
            sheet = sheets[-1]
            needed = _needed(piece, sheet, numbers) + (0 if number in sheet else frame)
            if sheet and (taken + needed > ROOM or (number not in sheet and len(sheet) == EMBEDS)):
                sheets.append(sheet := {})
                taken, needed = 0, _needed(piece, sheet, numbers) + frame
            sheet.setdefault(number, []).append(piece)
            taken += needed
    return sheets


def _needed(piece: _Piece, sheet: _Sheet, numbers: dict[str, int]) -> int:
    """What a piece takes up, with the credit of its source where that is new on the page."""
    text = size(piece.text) + 2
    if piece.quote is None or piece.quote.source.document in _sources(sheet):
        return text
    return text + size(_credit(piece.quote.source, numbers[piece.quote.source.document])) + 1


def _sources(sheet: _Sheet) -> dict[str, Source]:
    sources = (piece.quote.source for part in sheet.values() for piece in part if piece.quote)
    return {source.document: source for source in sources}


def quotes_of(reply: Reply) -> list[Quote]:
    """All quotes of a reply, in order."""
    return [quote for part in reply.parts if isinstance(part, Answer) for quote in part.quotes]


def _pieces(part: Answer | NoAnswer, numbers: dict[str, int]) -> Iterator[_Piece]:
    if isinstance(part, NoAnswer):
        yield _Piece(line(part.sentence, SAID) or NO_SENTENCE)
        return
    said = _said(part.leads)
    quotes = [quote for quote in part.quotes if flat(quote.text)]
    quoted = [
        piece
        for quote, following in zip_longest(quotes, quotes[1:])
        for piece in _quoted(quote, numbers, following)
    ]
    yield from [*said, *quoted, *_said(part.notes)] or [_Piece(NO_QUOTE)]


def _said(sentences: Sequence[str]) -> list[_Piece]:
    """What the bot says, a line each, those that fit together in one piece."""
    pieces: list[_Piece] = []
    for sentence in filter(flat, sentences):
        row = line(sentence, SAID)
        if pieces and size(pieces[-1].text) + size(row) < SAID:
            pieces[-1] = _Piece(f"{pieces[-1].text}\n{row}")
        else:
            pieces.append(_Piece(row))
    return pieces


def _quoted(quote: Quote, numbers: dict[str, int], following: Quote | None) -> list[_Piece]:
    """A quote with the line that says where it stands; told once for quotes of one section in a row."""
    place = "" if following and following.source == quote.source else f"\n{_place(quote.source, numbers)}"
    *others, last = parted(_BEFORE_LIST.sub("\n", quote.text), QUOTE)
    return [
        *(_Piece(f"{block(piece)}\n-# continued …", quote) for piece in others),
        _Piece(f"{block(last)}{place}", quote),
    ]


def _place(source: Source, numbers: dict[str, int]) -> str:
    section = " › ".join((source.title, *source.headings[-1:]))
    return f"-# — {line(section, PLACE - 16)} **[{numbers[source.document]}]**"


def _numbered(reply: Reply) -> dict[str, int]:
    """A number for each document quoted, in the order in which they appear."""
    documents = dict.fromkeys(quote.source.document for quote in quotes_of(reply))
    return {document: number for number, document in enumerate(documents, 1)}


def _title(title: str, *, continued: bool) -> str:
    said = line(title, TITLE - 20)
    return f"{said} (continued)" if said and continued else said


def _sure(part: Answer | NoAnswer) -> str:
    if isinstance(part, NoAnswer):
        return ""
    return plain(f"Confidence: {part.confidence.word} – {part.confidence.reason}", FOOTER)


def _page(
    reply: Reply, titles: Sequence[str], sheets: Sequence[_Sheet], place: int, numbers: dict[str, int]
) -> Page:
    embeds: list[discord.Embed] = []
    quoting = discord.Embed()
    for number, pieces in sheets[place].items():
        part = reply.parts[number]
        embed = discord.Embed(color=_color(part), description="\n\n".join(piece.text for piece in pieces))
        continued = any(number in earlier for earlier in sheets[:place])
        embed.title = _title(titles[number], continued=continued) or None
        if sure := _sure(part):
            embed.set_footer(text=sure)
        embeds.append(embed)
        if any(piece.quote for piece in pieces):
            quoting = embed
    if reply.abstained and any(part.related for part in reply.parts):
        embeds[-1].set_footer(text=OFFER)
    for name, value in _credits(sheets[place], numbers):
        quoting.add_field(name=name, value=value, inline=False)
    if len(sheets) > 1:
        said = filter(None, [embeds[-1].footer.text, f"page {place + 1} of {len(sheets)}"])
        embeds[-1].set_footer(text=" · ".join(said))
    quotes = [piece.quote for pieces in sheets[place].values() for piece in pieces if piece.quote]
    first = quotes_of(reply).index(quotes[0]) if quotes else 0
    return Page(tuple(embeds), _text(embeds), place, len(sheets), first)


def _credits(sheet: _Sheet, numbers: dict[str, int]) -> list[tuple[str, str]]:
    """Who wrote what the page quotes, by number, in fields that hold no more than Discord allows."""
    sources = sorted(_sources(sheet).items(), key=lambda known: numbers[known[0]])
    lines = [_credit(source, numbers[document]) for document, source in sources]
    name = "Source" if len(lines) == 1 else "Sources"
    return [
        (name if not first else "Further sources", "\n".join(lines[first : first + CREDITS]))
        for first in range(0, len(lines), CREDITS)
    ]


def _credit(source: Source, number: int) -> str:
    link = source.origin.link or ""
    room = CREDIT - 16
    if _LINK.fullmatch(link) and size(link) < room // 2:
        return f"**[{number}]** [{line(source.credit, room - size(link))}]({link})"
    return f"**[{number}]** {line(source.credit, room)}"


def _color(part: Answer | NoAnswer) -> discord.Color:
    match part:
        case NoAnswer():
            return DECLINED
        case Answer(confidence=confidence) if confidence.word == "low":
            return UNSURE
        case _:
            return ANSWERED


def _text(embeds: Sequence[discord.Embed]) -> str:
    """The embeds as message text, for a channel in which embeds are not allowed."""
    blocks: list[str] = []
    for embed in embeds:
        blocks += [f"**{embed.title}**"] if embed.title else []
        blocks += [embed.description or ""]
        blocks += [field.value or "" for field in embed.fields]
        blocks += [f"-# {escape(embed.footer.text)}"] if embed.footer.text else []
    return "\n\n".join(blocks)
