"""One question from its arrival to a visible end, whichever way it came in and whatever breaks."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import discord

from bot.console import reply_text
from bot.conversations import Conversations, Place
from bot.cooldowns import Cooldowns
from bot.delivery import Delivery, Undelivered, tell_later
from bot.desk import Desk
from bot.errors import Restarting, explain
from bot.metrics import Entry, Metrics, Outcome
from bot.records import Records
from bot.render.buttons import answer_buttons
from bot.render.pages import pages
from knowledge.entities import NoAnswer, Question, Reply, Turn

log = logging.getLogger(__name__)

INTERRUPTED = "I was restarted before I could answer. Please ask again."
WARMING_UP = "I am still warming up; your answer follows in a few seconds."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, who asked it and how.

    `channel` is given where everybody there reads the answer; `note` is said above it.
    """

    text: str
    person: int
    entry: Entry
    private: bool
    channel: int | None = None
    place: Place | None = None
    history: tuple[Turn, ...] = ()
    note: str = ""


class Exchanges:
    """Sees every accepted question through: acknowledges, asks, shows, or says why not."""

    def __init__(
        self,
        *,
        desk: Desk,
        records: Records,
        conversations: Conversations,
        cooldowns: Cooldowns,
        metrics: Metrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.desk = desk
        self.records = records
        self.conversations = conversations
        self.cooldowns = cooldowns
        self.metrics = metrics
        self._clock = clock
        self._going_on: dict[asyncio.Task[None], Delivery] = {}
        self._closing = False

    async def run(self, asked: Asked, delivery: Delivery) -> None:
        """Answer one question. What goes wrong is told to the person and logged; nothing is raised."""
        started = self._clock()
        with suppress(Undelivered):
            if self._closing:
                await delivery.refuse(explain(Restarting()))
                return
            if refusal := self.cooldowns.refusal(person=asked.person, channel=asked.channel):
                await delivery.refuse(refusal)
                self._ended(asked, "told_to_wait", started)
                return
        self.metrics.asked(asked.entry)
        # A task of its own: whoever called may be cancelled, the question is still seen through.
        answering = asyncio.create_task(self._see_through(asked, delivery, started))
        self._going_on[answering] = delivery
        answering.add_done_callback(lambda done: self._going_on.pop(done, None))
        await asyncio.shield(answering)

    async def drain(self, seconds: float) -> None:
        """Take no more questions; end those going on, by their answers or by saying that it restarts."""
        self._closing = True
        if self._going_on:
            await asyncio.wait(list(self._going_on), timeout=seconds)
        late = list(self._going_on)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def end_what_was_left(self, client: discord.Client, *, age: float = 0.0) -> None:
        """Tell those whose answers an earlier process did not live to give, if that was `age` seconds ago."""
        for pending in await self.records.unfinished():
            if datetime.now(UTC) - datetime.fromisoformat(pending.at) < timedelta(seconds=age):
                continue
            await tell_later(client, pending, INTERRUPTED)
            await self.records.end(pending.interaction)

    async def _see_through(self, asked: Asked, delivery: Delivery, started: float) -> None:
        interaction = delivery.interaction
        if interaction is None:
            await self._bring_to_an_end(asked, delivery, started)
            return
        noted = asyncio.create_task(self.records.begin(interaction))
        await self._bring_to_an_end(asked, delivery, started)
        await noted
        await self.records.end(str(interaction.id))

    async def _bring_to_an_end(self, asked: Asked, delivery: Delivery, started: float) -> None:
        try:
            try:
                outcome = await self._answer(asked, delivery, started)
            except asyncio.CancelledError:
                await delivery.tell(explain(Restarting()))
                outcome = "failed"
            except Undelivered:
                raise
            except Exception as error:  # noqa: BLE001  # an edge: whatever it is, the person gets a sentence
                self.metrics.error(type(error).__name__)
                await delivery.tell(explain(error))
                outcome = "failed"
        except Undelivered as error:
            log.error("A question stayed without a visible end: %s", error)
            outcome = "undelivered"
        except Exception:
            log.exception("A question stayed without a visible end")
            outcome = "undelivered"
        self._ended(asked, outcome, started)

    async def _answer(self, asked: Asked, delivery: Delivery, started: float) -> Outcome:
        await delivery.acknowledge()
        self.metrics.acknowledged(self._clock() - started)
        if not self.desk.is_warm:
            await delivery.hold(WARMING_UP)
            await self.desk.warm()
        question = Question(asked.text, asked.history)
        reply = await self.desk.answer(question)
        key = await self.records.keep(reply)
        self.conversations.remember(key, question, reply_text(reply), person=asked.person, place=asked.place)
        first = pages(reply)[0]
        view = answer_buttons(reply, first, key=key, asker=asked.person, private=asked.private)
        message = await delivery.show(first, view, asked.note)
        if message is not None:
            self.conversations.shown_as(message, key)
        return _outcome(reply)

    def _ended(self, asked: Asked, outcome: Outcome, started: float) -> None:
        self.metrics.ended(asked.entry, outcome, self._clock() - started)


def _outcome(reply: Reply) -> Outcome:
    if reply.abstained:
        return "declined"
    return "partly" if any(isinstance(part, NoAnswer) for part in reply.parts) else "answered"
