"""Whether what people saw is true: of one generation, in the words of its documents, and of the newest."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.controls import Action, Control
from bot.render.pages import quotes_of
from bot.render.text import flat
from knowledge.entities import Reply
from tests.wire.payloads import Payload
from tests.wire.world import Asked

Texts = Mapping[str, str]
"""What each document of a generation says."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A generation: what its documents say, and from when on nothing else may answer."""

    generation: int
    texts: Texts
    since: float


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer that somebody saw, and how the bot remembers it."""

    asked: Asked
    reply: Reply


def answers(
    asked: Iterable[Asked], kept: Callable[[str], Reply | None]
) -> tuple[list[Seen], list[tuple[Asked, str]]]:
    """All answers that people see, and what is wrong with those of which the bot knows nothing."""
    found, wrong = [], []
    for one in asked:
        key = _key(one)
        reply = kept(key) if key else None
        if reply is not None:
            found.append(Seen(one, reply))
        elif key or any(shown_quotes(one.seen)):
            wrong.append((one, "quotes something that nobody remembers"))
    return found, wrong


def untrue(seen: Seen, editions: Sequence[Edition]) -> Iterator[str]:
    """What is wrong with an answer."""
    reply = seen.reply
    edition = next((one for one in editions if one.generation == reply.generation), None)
    if edition is None:
        yield f"is from generation {reply.generation}, which nobody published"
        return
    if any(later.since < seen.asked.at for later in editions if later.generation > edition.generation):
        yield f"is from generation {reply.generation}, asked when a newer one was published"
    if any(part.generation != reply.generation for part in reply.parts):
        yield "has parts of several generations"
    quotes = quotes_of(reply)
    for quote in quotes:
        if quote.text not in edition.texts.get(quote.source.document, ""):
            yield f"quotes what {quote.source.document} does not say in generation {edition.generation}"
    remembered = [flat(quote.text) for quote in quotes]
    for shown in shown_quotes(seen.asked.seen):
        if not any(shown in quote for quote in remembered):
            yield "shows a quote that is not the one remembered"


def shown_quotes(message: Payload) -> Iterator[str]:
    """The block quotes of a message, each on one line and without its escapes."""
    for embed in message.get("embeds") or ():
        for block in re.findall(r"(?:^> .*\n?)+", embed.get("description") or "", re.MULTILINE):
            rows = (re.sub(r"\\(.)", r"\1", row.removeprefix("> ")) for row in block.splitlines())
            yield flat(" ".join(rows))


def _key(asked: Asked) -> str:
    """The name under which the bot remembers an answer; nothing where it is none."""
    if not asked.ended:
        return ""
    controls = filter(None, map(Control.parse, asked.custom_ids.values()))
    return next((control.key for control in controls if control.action is Action.HELPFUL), "")
