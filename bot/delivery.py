"""How a reply reaches a person: by an interaction's token or by a message. What fails is tried again.

An acknowledged interaction is answered by editing its first response, which may be repeated without harm. A
message is posted with a nonce, by which Discord recognizes the same message sent twice.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

import aiohttp
import discord
import stamina
from discord.http import Route

from bot.render.pages import Page
from knowledge.journal.entries import Pending, PendingMessage

log = logging.getLogger(__name__)

T = TypeVar("T")

NO_MENTIONS = discord.AllowedMentions.none()

ACKNOWLEDGED = 40060
MALFORMED = 50035
MISSING_PERMISSIONS = frozenset({50001, 50013})
UNREACHED = (aiohttp.ClientError, OSError, TimeoutError)
FAILURES = (discord.DiscordException, *UNREACHED)
"""What sending to Discord may raise."""
DEADLINE = 2.9
"""Seconds within which trying to acknowledge makes sense; after three, Discord has told the person."""
PATIENCE = 120.0
"""Seconds for which an answer is tried to be delivered."""
OWN = "own:"
"""Stands before the channel of a message that waits for its end and is the bot's own."""


class Undelivered(Exception):
    """Neither the answer nor a word about it reached the person; the message says why."""


class Delivery(Protocol):
    """One question's way back."""

    waiting: discord.Interaction[Any] | discord.Message
    """What is answered."""

    async def refuse(self, sentence: str, *, again: bool = False) -> None:
        """Say, to the person alone where possible, that the question is not taken.

        Where that was said a moment ago, a sign is enough. Raises Undelivered.
        """

    async def acknowledge(self) -> bool:
        """Show at once that the question is being worked on; whether Discord took that. Never raises."""

    async def hold(self, sentence: str) -> None:
        """Say that the answer takes a while; never raises."""

    async def show(self, page: Page, view: discord.ui.View, note: str = "") -> int | None:
        """Show the answer below a note; the id of its message where known. Raises Undelivered."""

    async def tell(self, sentence: str) -> None:
        """Say what went wrong instead of an answer. Raises Undelivered."""


async def persistently(
    send: Callable[[], Awaitable[T]], *, seconds: float = PATIENCE, resent: Callable[[], None] = lambda: None
) -> T:
    """Send, again and again where the connection or Discord failed and not the message."""
    async for attempt in stamina.retry_context(
        on=_may_pass, attempts=None, timeout=seconds, wait_initial=0.2, wait_max=10.0, wait_jitter=0.2
    ):
        with attempt:
            if attempt.num > 1:
                resent()
            return await send()
    raise Undelivered("no attempt was made")


async def acknowledging(
    send: Callable[[], Awaitable[Any]], *, resent: Callable[[], None] = lambda: None
) -> None:
    """Acknowledge within the deadline; an attempt whose response was lost on the way had arrived."""
    try:
        await persistently(send, seconds=DEADLINE, resent=resent)
    except discord.HTTPException as error:
        if error.code != ACKNOWLEDGED:
            raise


def _may_pass(error: Exception) -> bool:
    if isinstance(error, discord.HTTPException):
        return error.status == 429 or error.status >= 500
    return isinstance(error, aiohttp.ClientError | OSError | TimeoutError)


class ByInteraction:
    """Answers a command, a button or a modal; if Discord no longer takes that, by a private message."""

    def __init__(
        self,
        interaction: discord.Interaction[Any],
        *,
        private: bool,
        resent: Callable[[], None] = lambda: None,
    ) -> None:
        self.waiting: discord.Interaction[Any] | discord.Message = interaction
        self._interaction = interaction
        self._private = private
        self._resent = resent
        self._open = False

    async def refuse(self, sentence: str, *, again: bool = False) -> None:
        """Say it to the person alone."""
        response = self._interaction.response
        try:
            await acknowledging(
                lambda: response.send_message(sentence, ephemeral=True, allowed_mentions=NO_MENTIONS),
                resent=self._resent,
            )
        except FAILURES as error:
            raise Undelivered(type(error).__name__) from error

    async def acknowledge(self) -> bool:
        """Let Discord show that the bot thinks."""
        response = self._interaction.response
        try:
            async with asyncio.timeout(DEADLINE * 2):
                await acknowledging(
                    lambda: response.defer(ephemeral=self._private, thinking=True), resent=self._resent
                )
            self._open = True
        except FAILURES as error:
            log.warning("A question could not be acknowledged in time: %s", type(error).__name__)
        return self._open

    async def hold(self, sentence: str) -> None:
        """Replace "thinking …" for the time being."""
        if self._open:
            with contextlib.suppress(*FAILURES):
                await self._edit(content=sentence)

    async def show(self, page: Page, view: discord.ui.View, note: str = "") -> int | None:
        """Replace "thinking …" by the answer."""
        if not self._open:
            return await self._by_message(LATE, page, view)
        try:
            message = await self._persistently(content=note or None, embeds=list(page.embeds), view=view)
        except discord.HTTPException as error:
            if error.code != MALFORMED:
                return await self._by_message(LATE, page, view)
            log.error("Discord refused the form of an answer: %s", error.text)
            message = await self._persistently(content=page.text, embeds=[], view=None)
        except UNREACHED:
            return await self._by_message(LATE, page, view)
        return message.id

    async def tell(self, sentence: str) -> None:
        """Say it to the person alone, also where the answer would have been public."""
        if not self._open:
            await self._by_message(sentence)
            return
        try:
            if self._private:
                await self._persistently(content=sentence, embeds=[], view=None)
            else:
                await self._instead(sentence)
        except FAILURES:
            await self._by_message(sentence)

    async def _instead(self, sentence: str) -> None:
        interaction = self._interaction
        with contextlib.suppress(discord.NotFound):
            await persistently(interaction.delete_original_response, resent=self._resent)
        await persistently(
            lambda: interaction.followup.send(sentence, ephemeral=True, allowed_mentions=NO_MENTIONS),
            resent=self._resent,
        )

    async def _persistently(self, **fields: Any) -> discord.InteractionMessage:
        return await persistently(lambda: self._edit(**fields), resent=self._resent)

    async def _edit(self, **fields: Any) -> discord.InteractionMessage:
        return await self._interaction.edit_original_response(**fields, allowed_mentions=NO_MENTIONS)

    async def _by_message(
        self, sentence: str, page: Page | None = None, view: discord.ui.View | None = None
    ) -> int | None:
        return await write_to(self._interaction.user, sentence, page, view, resent=self._resent)


WAIT = "⏳"
LATE = "Discord did not take my answer in time where you asked, so here it is."


class ByMessage:
    """Answers under a message in its channel; where it may not write there, in a private message."""

    def __init__(self, message: discord.Message, *, resent: Callable[[], None] = lambda: None) -> None:
        self.waiting: discord.Interaction[Any] | discord.Message = message
        self._message = message
        self._resent = resent
        self._typing: asyncio.Task[None] | None = None
        self._held: discord.Message | None = None

    async def refuse(self, sentence: str, *, again: bool = False) -> None:
        """Say it under the message; the second time a sign on it is enough."""
        if again:
            with contextlib.suppress(*FAILURES):
                await self._message.add_reaction(WAIT)
        else:
            await self.tell(sentence)

    async def acknowledge(self) -> bool:
        """Show that the bot types; the answer does not wait for it."""
        self._typing = asyncio.create_task(self._type())
        return False

    async def hold(self, sentence: str) -> None:
        """Say it under the message; the answer takes the place of the sentence later."""
        with contextlib.suppress(*FAILURES):
            self._held = await self._post(content=sentence)

    async def show(self, page: Page, view: discord.ui.View, note: str = "") -> int | None:
        """Post the answer, without embeds or privately where that is all that is allowed."""
        try:
            if lacking := missing_permissions(self._message):
                return await self._elsewhere(lacking, page, view)
            if self._may("embed_links"):
                return (await self._put(content=note or None, embeds=list(page.embeds), view=view)).id
            return (await self._put(content=page.text, view=view)).id
        except discord.HTTPException as error:
            if error.code in MISSING_PERMISSIONS:
                return await self._elsewhere(["Send Messages"], page, view)
            if error.code == MALFORMED:
                log.error("Discord refused the form of an answer: %s", error.text)
                return await self._plainly(page, view)
            return await self._elsewhere([], page, view)
        except UNREACHED:
            return await self._elsewhere([], page, view)

    async def tell(self, sentence: str) -> None:
        """Say it under the message, or privately where the bot may not write."""
        try:
            if missing_permissions(self._message):
                await write_to(self._message.author, sentence, resent=self._resent)
            else:
                await self._put(content=sentence, embeds=[], view=None)
        except FAILURES:
            await write_to(self._message.author, sentence, resent=self._resent)

    async def _plainly(self, page: Page, view: discord.ui.View) -> int | None:
        try:
            return (await self._put(content=page.text, embeds=[], view=None)).id
        except FAILURES:
            return await self._elsewhere([], page, view)

    async def _elsewhere(self, lacking: list[str], page: Page, view: discord.ui.View) -> int | None:
        where = getattr(self._message.channel, "mention", "that channel")
        because = f"I lack there: {', '.join(lacking)}" if lacking else "Discord did not take my message"
        sentence = f"I can't answer in {where} ({because}), so here is the answer. An admin can change that."
        return await write_to(self._message.author, sentence, page, view, resent=self._resent)

    async def _put(self, **fields: Any) -> discord.Message:
        """Post, or put it in the place of what was said meanwhile."""
        held = self._held
        if held is None:
            return await self._post(**fields)
        fields = {"content": None, "embeds": [], **fields}
        return await persistently(
            lambda: held.edit(**fields, allowed_mentions=NO_MENTIONS), resent=self._resent
        )

    async def _post(self, **fields: Any) -> discord.Message:
        nonce = secrets.randbits(63)
        fields = {name: value for name, value in fields.items() if value is not None}
        reference = self._message.to_reference(fail_if_not_exists=False)
        if not self._may("read_message_history"):
            reference = None  # type: ignore[assignment]  # the library takes None, its overloads do not say so
        channel = self._message.channel
        return await persistently(
            lambda: channel.send(
                **fields,
                reference=reference,
                nonce=nonce,
                suppress_embeds="embeds" not in fields,
                allowed_mentions=NO_MENTIONS,
            ),
            resent=self._resent,
        )

    async def _type(self) -> None:
        with contextlib.suppress(*FAILURES):
            await self._message.channel.typing()

    def _may(self, permission: str) -> bool:
        permissions = _permissions(self._message)
        return permissions is None or bool(getattr(permissions, permission))


async def write_to(
    person: discord.User | discord.Member,
    sentence: str,
    page: Page | None = None,
    view: discord.ui.View | None = None,
    *,
    resent: Callable[[], None],
) -> int:
    """A private message. Raises Undelivered where the person takes none."""
    fields: dict[str, Any] = {"embeds": list(page.embeds)} if page else {}
    if view is not None:
        fields["view"] = view
    nonce = secrets.randbits(63)
    try:
        message = await persistently(
            lambda: person.send(sentence, **fields, nonce=nonce, allowed_mentions=NO_MENTIONS),
            resent=resent,
        )
    except FAILURES as error:
        raise Undelivered(type(error).__name__) from error
    return message.id


async def tell_later(client: discord.Client, pending: Pending | PendingMessage, sentence: str) -> bool:
    """Say something where an earlier process owes an answer; false where trying again may help."""
    try:
        if isinstance(pending, PendingMessage):
            channel = client.get_partial_messageable(int(pending.channel.removeprefix(OWN)))
            message = channel.get_partial_message(int(pending.message))
            if pending.channel.startswith(OWN):
                await message.edit(content=sentence, embeds=[], view=None, allowed_mentions=NO_MENTIONS)
                return True
            reference = message.to_reference(fail_if_not_exists=False)
            await channel.send(sentence, reference=reference, allowed_mentions=NO_MENTIONS)
        else:
            # The library edits first responses only by the interaction itself, which is gone.
            route = Route(
                "PATCH",
                "/webhooks/{application}/{webhook_token}/messages/@original",
                application=pending.application,
                webhook_token=pending.token,
            )
            alone = {"content": sentence, "embeds": [], "components": [], "allowed_mentions": {"parse": []}}
            await client.http.request(route, json=alone)
    except FAILURES as error:
        log.warning("An interrupted question stays without an end: %s", type(error).__name__)
        return not _may_pass(error)
    return True


def missing_permissions(message: discord.Message) -> list[str]:
    """What the bot would need to answer under a message, in Discord's words; empty if nothing is missing."""
    permissions = _permissions(message)
    if permissions is None:
        return []
    threaded = isinstance(message.channel, discord.Thread)
    needed = {
        "View Channel": permissions.view_channel,
        "Send Messages in Threads": permissions.send_messages_in_threads or not threaded,
        "Send Messages": permissions.send_messages or threaded,
    }
    return [name for name, granted in needed.items() if not granted]


def _permissions(message: discord.Message) -> discord.Permissions | None:
    """The bot's permissions where a message was written; None where there are none or they are unknown."""
    guild = message.guild
    if guild is None or guild.me is None or isinstance(message.channel, discord.DMChannel):
        return None
    try:
        return message.channel.permissions_for(guild.me)
    except discord.ClientException:
        # A thread whose parent channel is not known.
        return None
