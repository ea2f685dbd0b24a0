"""Work that takes minutes: one at a time, followed in a message that outlives the interaction."""

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import discord

from bot.aside import open_aside, refuse, update
from bot.controls import Action, Control
from bot.delivery import FAILURES, NO_MENTIONS, persistently
from bot.errors import SENTENCES, Restarting, explain
from bot.offload import Offload
from bot.records import Records
from bot.render.buttons import add_button
from bot.render.knowledge import busy_text
from bot.render.text import plain
from index.library import Busy
from knowledge.watching import Cancelled, Watch

log = logging.getLogger(__name__)

T = TypeVar("T")

PAUSE = 3.0
"""Seconds between two edits of a message that tells how far the work is."""
LIFE = 14 * 60.0
"""Seconds for which an interaction is relied upon; Discord ends it after fifteen minutes."""
RENEWED = 20.0
"""Seconds after which the work is noted as going on once more, so that no other process takes it for dead."""
EDITING = 10.0
"""Seconds that telling how far the work is may take; the next time it is told anew."""

GONE = frozenset({10015, 10062, 50027})
"""Discord's codes for an interaction that cannot be answered any more."""
ABSENT = frozenset({10003, 10008})
"""Its codes for a channel or a message that is not there."""

OCCUPIED = "One at a time: {title} has been running since {since}, by {who} ({where})."
CANCELLED = "{title} was cancelled by {who}. Nothing was published."
RESTARTED = "I was restarted, so {title} was stopped. Nothing was published; please start it again."
UNKNOWN = "I was restarted while {title} was under way. /knowledge status tells how things stand."
CONTINUED = "This goes on in a message of its own, because Discord takes no more answers here."
MOVED = "{who}, this took longer than Discord lets me answer you in private:"
NOT_RUNNING = "That is not running any more."

PHASES: Mapping[str, str] = {
    "reading": "reading the documents",
    "embedding": "embedding",
    "calibrating": "finding when to decline",
    "checking": "looking for what is wrong with the documents",
    "asking": "asking the known questions",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says when the work is over."""

    content: str = ""
    embeds: tuple[discord.Embed, ...] = ()
    view: discord.ui.View | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """As Discord's library takes it; whatever the message said before goes."""
        return {"content": self.content or None, "embeds": list(self.embeds), "view": self.view}


Show = Callable[[T, bool], Told]
"""What to tell of a result, and whether only the admin reads it."""


@dataclass(slots=True)
class Job:
    """One work under way. A thread writes how far it is, the event loop reads it."""

    title: str
    who: int
    clock: Callable[[], float] = time.monotonic
    key: str = field(default_factory=lambda: secrets.token_urlsafe(6))
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    cancelled_by: int | None = None
    _at: tuple[str, int, int] = ("reading", 0, 0)
    _phase_began: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    def watch(self, phase: str, done: int, total: int) -> None:
        """Called by the work. Raises Cancelled where it was told to stop."""
        if self._stop.is_set():
            raise Cancelled
        if phase != self._at[0]:
            self._phase_began = self.clock()
        self._at = (phase, done, total)

    def stop(self, who: int | None = None) -> None:
        """Have the work stop where it looks up next; by a person, or because the bot is stopping."""
        self.cancelled_by = who
        self._stop.set()

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    @property
    def where(self) -> str:
        """What it is at, in words."""
        return PHASES.get(self._at[0], self._at[0])

    def progress(self) -> str:
        """What it is at, how far, how fast, and about how long it will take."""
        _, done, total = self._at
        said = f"**{self.title}**, started <t:{int(self.since.timestamp())}:R> by <@{self.who}>\n"
        said += self.where[0].upper() + self.where[1:]
        if total:
            said += f": {done:,} of {total:,} ({100 * done // total} %){self._speed(done, total)}"
        return f"{said}\n-# stopping …" if self.is_stopping else said

    def _speed(self, done: int, total: int) -> str:
        spent = self.clock() - self._phase_began
        if not done or spent < PAUSE:
            return ""
        rate = done / spent
        speed = f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
        return f", {speed} a second, about {duration((total - done) / rate)} left for this"

    def occupied(self) -> str:
        """Why nothing else can run meanwhile."""
        since = f"<t:{int(self.since.timestamp())}:t>"
        return OCCUPIED.format(title=self.title, since=since, who=f"<@{self.who}>", where=self.where)


def duration(seconds: float) -> str:
    """About how long, as people say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class Outlet:
    """The message a job is followed in: the interaction's, later a post, else a private message."""

    def __init__(
        self, interaction: discord.Interaction[Any], records: Records, clock: Callable[[], float]
    ) -> None:
        self._interaction = interaction
        self._records = records
        self._clock = clock
        self._began = clock()
        self._noted = clock()
        self._post: discord.Message | None = None
        self._nonce = secrets.randbits(63)
        self.is_private = True

    async def begin(self) -> None:
        """Note that something is owed here, in case the process does not live to say it."""
        await self._records.begin(self._post or self._interaction, work=True)
        self._noted = self._clock()

    async def keep_noted(self) -> None:
        """Note it again, now and then."""
        if self._clock() - self._noted >= RENEWED:
            await self.begin()

    async def tell(self, content: str, view: discord.ui.View) -> None:
        """Say how far the work is; that it fails once does no harm."""
        try:
            await self._say(Told(content, view=view).fields)
        except FAILURES as error:
            log.info("How far the work is was not shown: %s", type(error).__name__)

    async def end(self, tell: Callable[[bool], Told]) -> None:
        """Say how it ended, again and again if need be; where all fails, the log says so."""
        # Not taken for a message about the progress of which it is not known whether it arrived.
        self._nonce = secrets.randbits(63)
        try:
            await persistently(lambda: self._say(tell(self.is_private).fields, tell=tell))
        except FAILURES:
            try:
                await persistently(lambda: self._write(tell(True).fields))
            except FAILURES as error:
                log.error("How a long work ended could not be told: %s", type(error).__name__)
                return
        await self._records.end(self._post or self._interaction, work=True)

    async def _say(self, fields: dict[str, Any], tell: Callable[[bool], Told] | None = None) -> None:
        if self._post is not None:
            await self._edit_post(self._post, fields, tell)
            return
        if self._clock() - self._began < LIFE:
            try:
                await self._interaction.edit_original_response(**fields, allowed_mentions=NO_MENTIONS)
            except discord.HTTPException as error:
                if error.status != 401 and error.code not in GONE:
                    raise
            else:
                return
        await self._move(fields, tell)

    async def _edit_post(
        self, post: discord.Message, fields: dict[str, Any], tell: Callable[[bool], Told] | None
    ) -> None:
        try:
            await post.edit(**fields, allowed_mentions=NO_MENTIONS)
        except discord.HTTPException as error:
            # Somebody deleted it: how far the work is need not be said again, but how it ended must.
            if error.code not in ABSENT or tell is None:
                raise
            await self._move(fields, tell)

    async def _move(self, fields: dict[str, Any], tell: Callable[[bool], Told] | None) -> None:
        """Go on where the interaction does not reach any more."""
        person = self._interaction.user
        public = tell(False).fields if tell and self._interaction.guild_id else fields
        head = MOVED.format(who=person.mention)
        public = {**public, "content": f"{head}\n{public['content'] or ''}".strip()}
        before = self._post or self._interaction
        with suppress(*FAILURES):
            await self._interaction.edit_original_response(content=CONTINUED, embeds=[], view=None)
        try:
            await self._send(
                self._interaction.client.get_partial_messageable(self._interaction.channel_id or 0), public
            )
            self.is_private = self._interaction.guild_id is None
        except discord.HTTPException as error:
            if error.status >= 500:
                raise
            await self._write(fields)
        await self.begin()
        await self._records.end(before, work=True)

    async def _write(self, fields: dict[str, Any]) -> None:
        """Privately, where the bot may not write in the channel."""
        await self._send(self._interaction.user, fields)
        self.is_private = True

    async def _send(self, where: discord.abc.Messageable, fields: Mapping[str, Any]) -> None:
        # The same nonce until it is known to have arrived: Discord then makes one message of two attempts.
        given = {name: value for name, value in fields.items() if value is not None}
        self._post = await where.send(**given, nonce=self._nonce, allowed_mentions=NO_MENTIONS)
        self._nonce = secrets.randbits(63)


class Jobs:
    """Runs one long work at a time for everybody who may start one."""

    def __init__(
        self,
        *,
        offload: Offload,
        records: Records,
        clock: Callable[[], float] = time.monotonic,
        pause: float = PAUSE,
    ) -> None:
        self._offload = offload
        self._records = records
        self._clock = clock
        self._pause = pause
        self._running: Job | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    @property
    def running(self) -> Job | None:
        """What is under way."""
        return self._running

    async def run(
        self, interaction: discord.Interaction[Any], title: str, work: Callable[[Watch], T], show: Show[T]
    ) -> None:
        """Do it in a thread, told of in the interaction's message. It ends visibly, whatever happens.

        The interaction may have been acknowledged before; `title` is a phrase such as "The reindex".
        """
        if self._running is not None or self._closing:
            await self._turn_away(interaction)
            return
        job = self._running = Job(title, interaction.user.id, self._clock, _phase_began=self._clock())
        try:
            if not interaction.response.is_done():
                await open_aside(interaction)
        except BaseException:
            self._running = None
            raise
        # A task of its own: whoever called may be cancelled, the work is still seen through.
        task = asyncio.create_task(self._see_through(job, interaction, work, show))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.shield(task)

    def cancel(self, key: str, who: int) -> bool:
        """Have the work of that key stop; False where it is not running."""
        if self._running is None or self._running.key != key:
            return False
        self._running.stop(who)
        return True

    async def drain(self, seconds: float) -> None:
        """Start nothing more; have what runs stop within so many seconds, and say so."""
        self._closing = True
        if self._running is not None:
            self._running.stop()
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=seconds)
        late = list(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _turn_away(self, interaction: discord.Interaction[Any]) -> None:
        sentence = self._running.occupied() if self._running else SENTENCES[Restarting]
        if interaction.response.is_done():
            await update(interaction, content=sentence)
        else:
            await refuse(interaction, sentence)

    async def _see_through(
        self, job: Job, interaction: discord.Interaction[Any], work: Callable[[Watch], T], show: Show[T]
    ) -> None:
        outlet, over = Outlet(interaction, self._records, self._clock), asyncio.Event()
        telling = asyncio.create_task(self._keep_telling(job, outlet, over))
        try:
            tell = await self._outcome(job, work, show)
        finally:
            self._running = None
            over.set()
            if self._closing:
                telling.cancel()
            # Else what is being sent arrives first, and is not left behind unknown.
            await asyncio.gather(telling, return_exceptions=True)
        await outlet.end(tell)

    async def _outcome(self, job: Job, work: Callable[[Watch], T], show: Show[T]) -> Callable[[bool], Told]:
        """What to tell when it is over, depending on whether only the admin reads it."""
        sentence = ""
        try:
            result = await self._offload.run(lambda: work(job.watch), limited=False)
            told = {private: show(result, private) for private in (True, False)}
        except Cancelled:
            words = CANCELLED if job.cancelled_by else RESTARTED
            sentence = words.format(title=job.title, who=f"<@{job.cancelled_by}>")
        except asyncio.CancelledError:
            sentence = UNKNOWN.format(title=job.title)
        except Busy as error:
            sentence = busy_text(error)
        except Exception as error:  # noqa: BLE001  # an edge: whatever it is, the admin gets a sentence
            sentence = explain(error)
        if sentence:
            return lambda _: Told(sentence)
        return lambda private: told[private]

    async def _keep_telling(self, job: Job, outlet: Outlet, over: asyncio.Event) -> None:
        await outlet.begin()
        view = discord.ui.View(timeout=None)
        add_button(view, Control(Action.STOP, job.key), "Cancel", row=0)
        said = ""
        while not over.is_set():
            await outlet.keep_noted()
            if (now := job.progress()) != said:
                said = now
                with suppress(TimeoutError):
                    async with asyncio.timeout(EDITING):
                        await outlet.tell(plain_lines(now), view)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause):
                    await over.wait()


def plain_lines(text: str) -> str:
    """Line by line without what nobody can see, within what a message holds."""
    return "\n".join(plain(row, 600) for row in text.splitlines())
