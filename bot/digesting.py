"""The weekly digest in a channel: posted once, whatever stops, starts or runs beside it."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import discord

from bot.delivery import FAILURES, MISSING_PERMISSIONS, NO_MENTIONS, persistently
from bot.offload import Offload, Overloaded, TooSlow
from bot.render.digest import digest_embed, mark_of, posted_text
from knowledge.digest import Digest, Period, due
from knowledge.journal.errors import JournalError
from knowledge.journal.journal import Journal

log = logging.getLogger(__name__)

UNKNOWN_CHANNEL = 10003
LOOKED_BACK = 25
"""Messages of the channel among which an earlier post of the same digest is looked for."""
POSTING = 60.0
"""Seconds that posting is tried before it is left to the next time."""

GONE = "The weekly digest has no channel any more: <#{channel}> is gone (ADVISOR_DIGEST_CHANNEL)."
FORBIDDEN = (
    "I may not post the weekly digest in <#{channel}>: "
    "I need View Channel, Send Messages and Embed Links there."
)
UNREACHED = "Discord did not take the weekly digest for <#{channel}>; I keep trying."
UNREAD = "The weekly digest could not be put together; I keep trying, the log tells why."


@dataclass(frozen=True, slots=True)
class Standing:
    """How posting stands: where, when last, and what is in the way ("": nothing)."""

    channel: int
    last: str | None
    trouble: str

    def __str__(self) -> str:
        return posted_text(self.channel, self.last, self.trouble)


class Digesting:
    """Posts the digest of a week when it is due.

    The journal keeps what was posted, so that a restart neither leaves a week out nor tells it twice; of
    several processes with the same journal one takes it on. Where one was killed in the middle, the channel
    itself is asked whether the digest arrived.
    """

    def __init__(
        self,
        *,
        channel: int,
        journal: Journal,
        read: Callable[[Period], Digest],
        offload: Offload,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.channel = channel
        self._journal = journal
        self._read = read
        self._offload = offload
        self._now = now
        self._trouble = ""

    async def standing(self) -> Standing:
        """For the status."""
        try:
            last = await self._offload.run(self._journal.last_digest, limited=False)
        except (JournalError, Overloaded):
            return Standing(self.channel, None, self._trouble or UNREAD)
        return Standing(self.channel, last.posted if last else None, self._trouble)

    async def post_if_due(self, client: discord.Client) -> bool:
        """Post what is due; whether it was posted now. What goes wrong is told in the log and the status."""
        try:
            return await self._post_if_due(client)
        except (JournalError, Overloaded, TooSlow) as error:
            self._in_the_way(UNREAD, type(error).__name__)
        except Exception:
            log.exception("The weekly digest failed")
            self._trouble = UNREAD
        return False

    async def _post_if_due(self, client: discord.Client) -> bool:
        last = await self._offload.run(self._journal.last_digest, limited=False)
        period = due(last, self._now())
        if period is None or not await self._begin(period):
            return False
        try:
            posted = await self._tell(client, period)
        except asyncio.CancelledError:
            # It may have arrived: whoever goes on looks into the channel first.
            raise
        except BaseException:
            await self._end(period, posted=False)
            raise
        await self._end(period, posted=posted)
        return posted

    async def _begin(self, period: Period) -> bool:
        """False where it is another's, or was begun so lately that its end is not known."""
        journal = self._journal
        return await self._offload.run(
            lambda: journal.begin_digest(since=period.since, until=period.until), limited=False
        )

    async def _end(self, period: Period, *, posted: bool) -> None:
        journal = self._journal
        await self._offload.run(lambda: journal.end_digest(until=period.until, posted=posted), limited=False)

    async def _tell(self, client: discord.Client, period: Period) -> bool:
        """Post it, or find it posted; False where Discord does not let it."""
        digest = await self._offload.run(lambda: self._read(period), limited=False)
        place = client.get_partial_messageable(self.channel)
        try:
            if not await self._is_there(client, place, mark_of(digest)):
                await self._send(place, digest)
        except discord.HTTPException as error:
            if error.code == UNKNOWN_CHANNEL or error.status == 404:
                self._in_the_way(GONE, error.text)
            elif error.code in MISSING_PERMISSIONS or error.status == 403:
                self._in_the_way(FORBIDDEN, error.text)
            else:
                self._in_the_way(UNREACHED, f"{error.status}")
            return False
        except FAILURES as error:
            self._in_the_way(UNREACHED, type(error).__name__)
            return False
        self._trouble = ""
        return True

    @staticmethod
    async def _is_there(client: discord.Client, place: discord.PartialMessageable, mark: str) -> bool:
        """Whether it was posted by a process that did not live to note it, as far as the channel shows."""
        me = client.user.id if client.user else 0
        try:
            async for message in place.history(limit=LOOKED_BACK):
                own = message.author.id == me
                if own and any(embed.footer.text == mark for embed in message.embeds):
                    return True
        except discord.Forbidden:
            log.info("The channel of the digest cannot be read back")
        return False

    @staticmethod
    async def _send(place: discord.PartialMessageable, digest: Digest) -> Any:
        # The same nonce for every attempt: Discord then makes one message of two that arrived.
        nonce = secrets.randbits(63)
        embed = digest_embed(digest, public=True)
        return await persistently(
            lambda: place.send(embed=embed, nonce=nonce, allowed_mentions=NO_MENTIONS), seconds=POSTING
        )

    def _in_the_way(self, sentence: str, reason: str) -> None:
        """Said in the log when it begins, not every time it is tried."""
        trouble = sentence.format(channel=self.channel)
        if trouble != self._trouble:
            log.warning("The weekly digest was not posted: %s (%s)", trouble, reason)
        self._trouble = trouble
