"""One question from its arrival to a visible end, whichever way it came in and whatever breaks."""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import discord

from bot.console import reply_text
from bot.conversations import Conversations, Place
from bot.cooldowns import Cooldowns
from bot.delivery import OWN, Delivery, Undelivered, tell_later
from bot.desk import Desk
from bot.errors import Restarting, explain
from bot.metrics import Entry, Metrics, Outcome
from bot.records import WORK, Declined, Records
from bot.render.buttons import OPEN_TO_ADMINS, answer_buttons
from bot.render.pages import pages
from bot.tallies import End, Ended
from knowledge.asking.conversation import Leaning, leaning
from knowledge.asking.followups import asks_for_more
from knowledge.disagreeing import disagrees
from knowledge.entities import NoAnswer, Question, Refusal, Reply, Turn
from knowledge.journal.entries import Pending, PendingMessage

log = logging.getLogger(__name__)

INTERRUPTED = "I was restarted before I could answer. Please ask again."
WORK_INTERRUPTED = "I was restarted while this was under way. /knowledge status tells how things stand."
WARMING_UP = "I am still warming up; your answer follows in a few seconds."


_EMPTY_HEADING = re.compile(r"«([^»]+)» has the heading “([^”]+)”")

Find = Callable[[], Awaitable[Reply]]
"""Finds a reply some other way than by asking the advisor."""


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
    titled: bool = False


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
        self._going_on: dict[asyncio.Task[Outcome], Delivery] = {}
        self._closing = False

    async def run(self, asked: Asked, delivery: Delivery, find: Find | None = None) -> None:
        """Answer one question, by `find` if given. What goes wrong is told and logged; nothing is raised."""
        started = self._clock()
        self.metrics.asked(asked.entry)
        outcome: Outcome = "told_to_wait"
        too_many = self.cooldowns.refusal(person=asked.person, channel=asked.channel)
        if too_many and not self._closing:
            with suppress(Undelivered):
                await delivery.refuse(too_many.sentence, again=too_many.again)
        else:
            outcome = await self.carry(delivery, partial(self._answer, asked, delivery, started, find))
        if outcome in ("failed", "undelivered"):
            self.records.ended(Ended(asked.entry, "failed"))
        self.metrics.ended(asked.entry, outcome, self._clock() - started)

    async def carry(self, delivery: Delivery, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Do what ends in something visible, also when the bot is stopped meanwhile; nothing is raised."""
        if self._closing:
            with suppress(Undelivered):
                await delivery.refuse(explain(Restarting()))
            return "told_to_wait"
        # A task of its own: whoever called may be cancelled, the question is still seen through.
        carrying = asyncio.create_task(self._see_through(delivery, work))
        self._going_on[carrying] = delivery
        carrying.add_done_callback(lambda done: self._going_on.pop(done, None))
        return await asyncio.shield(carrying)

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
        """Tell those whose answers an earlier process did not live to give.

        Where other processes of the same bot may be answering, only what is older than `age` seconds is left.
        """
        await asyncio.sleep(age)
        own = {str(delivery.waiting.id) for delivery in self._going_on.values()}
        for pending in await self.records.unfinished():
            waited = datetime.now(UTC) - datetime.fromisoformat(pending.at)
            identifier = pending.message if isinstance(pending, PendingMessage) else pending.interaction
            if waited < timedelta(seconds=age) or identifier in own:
                continue
            if await tell_later(client, pending, WORK_INTERRUPTED if _is_work(pending) else INTERRUPTED):
                await self.records.end(pending)

    async def _see_through(self, delivery: Delivery, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
        noted = asyncio.create_task(self.records.begin(delivery.waiting))
        outcome = await self._bring_to_an_end(delivery, work)
        await noted
        if outcome != "undelivered":
            await self.records.end(delivery.waiting)
        return outcome

    async def _bring_to_an_end(self, delivery: Delivery, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
        try:
            try:
                return await work()
            except asyncio.CancelledError:
                await delivery.tell(explain(Restarting()))
            except Undelivered:
                raise
            except Exception as error:  # noqa: BLE001  # an edge: whatever it is, the person gets a sentence
                self.metrics.error(type(error).__name__)
                await delivery.tell(explain(error))
        except Undelivered as error:
            log.error("A question stayed without a visible end: %s", error)
            return "undelivered"
        except Exception:
            log.exception("A question stayed without a visible end")
            return "undelivered"
        return "failed"

    async def _answer(self, asked: Asked, delivery: Delivery, started: float, find: Find | None) -> Outcome:
        # Who has everything deleted meanwhile is not remembered by what was under way.
        forgotten = self.conversations.forgotten(asked.person)
        if await delivery.acknowledge():
            self.metrics.acknowledged(self._clock() - started)
        if find is None and not self.desk.is_warm:
            await delivery.hold(WARMING_UP)
            await self.desk.warm()
        question = Question(asked.text, asked.history)
        reply = await (find() if find else self.desk.answer(question))
        key = await self.records.keep(reply)
        if self.conversations.forgotten(asked.person) == forgotten:
            own = asked.entry != "message_command"
            self.conversations.remember(
                key, question, reply_text(reply), person=asked.person, place=asked.place, own=own
            )
        first = pages(reply, titled=asked.titled)[0]
        view = answer_buttons(reply, first, key=key, asker=asked.person, private=asked.private)
        message = await delivery.show(first, view, asked.note)
        if message is not None:
            self.conversations.shown_as(message, key)
        if self.conversations.forgotten(asked.person) == forgotten:
            self._keep_declined(asked, reply)
        return self._counted(asked, reply)

    def _counted(self, asked: Asked, reply: Reply) -> End:
        """How it ended; small talk is no question and is not counted."""
        outcome = _outcome(reply)
        if not _is_courtesy(reply):
            self.records.ended(Ended(asked.entry, outcome, reply.generation, disagrees(reply)))
        return outcome

    def _keep_declined(self, asked: Asked, reply: Reply) -> None:
        """Keep what was not answered, unless it is in somebody else's words, who could not delete it."""
        if asked.entry != "message_command":
            self.records.declined(asked.person, list(_declined(asked, reply)), reply.generation)


def _is_work(pending: Pending | PendingMessage) -> bool:
    """Whether it is no answer that is owed, but the end of something that an admin started."""
    if isinstance(pending, PendingMessage):
        return pending.channel.startswith(OWN)
    return pending.interaction.startswith(WORK)


def _declined(asked: Asked, reply: Reply) -> Iterator[Declined]:
    """The questions of a message that admins could do something about, as their asker put them."""
    for part in reply.parts:
        if isinstance(part, NoAnswer) and part.refusal in OPEN_TO_ADMINS:
            # A reply that was remembered from before has no questions in it. Of several, nobody can tell then
            # which was declined, and what was answered is not to be kept.
            question = part.question or (asked.text if len(reply.parts) == 1 else "")
            if question and _says_enough(question, asked):
                yield Declined(question, part.refusal.value, _near(part))


def _says_enough(question: str, asked: Asked) -> bool:
    """Whether it is a question by itself, in the words of this message and not of one before.

    "And in Berlin?" tells an admin nothing, and "anything else?" asks again what may have been answered, or
    what somebody else wrote.
    """
    if not asked.history:
        return True
    own = _folded(question) in _folded(asked.text)
    return own and not asks_for_more(question) and leaning(question) is not Leaning.QUESTION


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _near(part: NoAnswer) -> str:
    """The heading with nothing under it that was nearest."""
    heading = _EMPTY_HEADING.search(part.sentence) if part.refusal is Refusal.EMPTY_SECTION else None
    return f"{heading[1]} › {heading[2]}" if heading else ""


def _is_courtesy(reply: Reply) -> bool:
    """Whether nothing was asked."""
    return all(isinstance(part, NoAnswer) and part.refusal is Refusal.COURTESY for part in reply.parts)


def _outcome(reply: Reply) -> End:
    if reply.abstained:
        return "declined"
    return "partly" if any(isinstance(part, NoAnswer) for part in reply.parts) else "answered"
