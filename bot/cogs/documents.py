"""Documents added from Discord, by file or by hand: shown as they would be read before they count."""

import io
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.aside import open_aside, open_in_place, update
from bot.cogs.knowledge import AdminCog, Curation, subcommand
from bot.controls import Action, Control
from bot.delivery import NO_MENTIONS, persistently
from bot.fetching import CDN, NotFetched, fetch, is_kept_by_discord
from bot.render.documents import (
    added_text,
    dropped_text,
    reindex_button,
    upload_buttons,
    upload_embed,
)
from bot.render.forms import page_form
from bot.render.text import flat, line, plain
from bot.render.turning import cut_into, page_of
from knowledge.documents.entries import Upload
from knowledge.documents.errors import DocumentsError, Rejected
from knowledge.documents.naming import safe_name

log = logging.getLogger(__name__)

T = TypeVar("T")

FILES = 10
"""Files of one message."""

TOO_LARGE = "{name} has {size:,} bytes; the limit is {limit:,} (ADVISOR_UPLOAD_LIMIT). I did not fetch it."
NOT_DISCORDS = "I only take files that Discord keeps; this one I did not fetch."
NOT_FETCHED = "Discord did not give me the file. Please try again."
NOT_TAKEN = "Not taken: {reason}"
WRITTEN = "What you wrote, so that it is not lost: /knowledge add takes it as a file too."
TEXT = "The cleaned text of {title}, as it is quoted."
PARTS = "In {number} parts, since Discord takes no larger files here."
CUT = "Only the first {number} parts of it: Discord takes no more in one message."

STATED = ("title", "author", "date", "link")


class DocumentCog(AdminCog):
    """What adding documents and looking at them share."""

    async def told_if_not(
        self, interaction: discord.Interaction[Any], work: Callable[[], T], said: str = "{reason}"
    ) -> T | None:
        """What the work yields; None where it does not go, of which the admin is told in its sentence."""
        try:
            return await self.curation.converting.run(work, limited=False)
        except DocumentsError as error:
            reason = str(error) or "That could not be done."
            await update(interaction, content=said.format(reason=line(reason, 1500)))
            return None

    async def give_text(
        self, interaction: discord.Interaction[Any], title: str, read: Callable[[], str]
    ) -> None:
        """The cleaned text of a document; the interaction is acknowledged already."""
        await self.give(interaction, title, read, TEXT.format(title=line(title, 150)))

    async def give(
        self, interaction: discord.Interaction[Any], title: str, read: Callable[[], str], said: str
    ) -> None:
        """A text as one file, or as several where Discord takes only small ones here."""
        limit = interaction.filesize_limit
        cut = await self.told_if_not(interaction, lambda: cut_into(read(), limit, FILES))
        if cut is None:
            return
        parts, whole = cut
        if not whole:
            said = f"{said} {CUT.format(number=len(parts))}"
        elif len(parts) > 1:
            said = f"{said} {PARTS.format(number=len(parts))}"
        name = safe_name(title)

        async def send() -> None:
            # A file is read up by being sent: each attempt needs its own.
            files = [
                discord.File(io.BytesIO(part), f"{name}{f'-{at}' if len(parts) > 1 else ''}.txt")
                for at, part in enumerate(parts, 1)
            ]
            await interaction.edit_original_response(
                content=said, attachments=files, allowed_mentions=NO_MENTIONS
            )

        await persistently(send)


class Adding(DocumentCog):
    """Takes documents in; each waits for an admin's word, and then for the next publish."""

    actions = frozenset({Action.UPLOAD, Action.ACCEPT, Action.DROP, Action.TYPED, Action.REINDEX})

    def __init__(
        self,
        *,
        group: app_commands.Group,
        curation: Curation,
        reindex: Callable[[discord.Interaction[Any]], Awaitable[None]],
        cdn: frozenset[str] = CDN,
        fetch: Callable[[discord.Client, discord.Attachment], Awaitable[bytes]] = fetch,
    ) -> None:
        super().__init__(group=group, curation=curation)
        self._reindex = reindex
        self.cdn = cdn
        self.fetch = fetch

    def subcommands(self) -> Iterable[app_commands.Command[Any, ..., None]]:
        """/knowledge add."""
        yield subcommand(self.add)

    @app_commands.describe(
        file="A .md, .txt, .html, .jsonl, .pdf or .docx file; without it you write a page here",
        title="What it is called, where the file does not say",
        author="Who wrote it",
        date="When, such as 2026-03-01",
        link="Where the original can be read",
    )
    async def add(
        self,
        interaction: discord.Interaction[Any],
        file: discord.Attachment | None = None,
        title: app_commands.Range[str, 1, 200] = "",
        author: app_commands.Range[str, 1, 200] = "",
        date: app_commands.Range[str, 1, 40] = "",
        link: app_commands.Range[str, 1, 300] = "",
    ) -> None:
        """Add a document; you see what I made of it before it counts."""
        if file is None:
            await interaction.response.send_modal(page_form(title=title, author=author, date=date, link=link))
            return
        await open_aside(interaction)
        refusal = self._refusal(file)
        data = None if refusal else await self._fetch(interaction.client, file)
        if data is None:
            await update(interaction, content=refusal or NOT_FETCHED)
            return
        said = {"title": title, "author": author, "date": date, "link": link}
        await self.offer(interaction, file.filename, data, said)

    async def offer(
        self,
        interaction: discord.Interaction[Any],
        name: str,
        data: bytes,
        stated: Mapping[str, str],
        gap: str = "",
    ) -> bool:
        """Have a file looked at and show what came of it, where it is taken; acknowledged before."""
        given = {key: value.strip() for key, value in stated.items() if value.strip()}
        curator, who = self.curation.curator, str(interaction.user.id)
        upload = await self.told_if_not(
            interaction, lambda: curator.offer(name, data, stated=given, who=who), NOT_TAKEN
        )
        if upload is not None:
            await self._show_upload(interaction, upload, 0, gap)
        return upload is not None

    def _refusal(self, file: discord.Attachment) -> str:
        """Why a file is not even fetched, by what Discord says of it; or ""."""
        if file.size > self.curation.upload_limit:
            return TOO_LARGE.format(
                name=line(file.filename, 120), size=file.size, limit=self.curation.upload_limit
            )
        return "" if is_kept_by_discord(file.url, self.cdn) else NOT_DISCORDS

    async def _fetch(self, client: discord.Client, file: discord.Attachment) -> bytes | None:
        try:
            return await self.fetch(client, file)
        except NotFetched as error:
            log.warning("An attachment was not fetched: %s", error)
            return None

    async def _show_upload(
        self, interaction: discord.Interaction[Any], upload: Upload, page: int, gap: str, said: str = ""
    ) -> None:
        # A long text takes a moment to part.
        embed, view = await self.curation.converting.run(
            lambda: (upload_embed(upload, page), upload_buttons(upload, page, gap)), limited=False
        )
        await update(interaction, content=said or None, embeds=[embed], view=view)

    async def pressed(self, interaction: discord.Interaction[Any], control: Control, chosen: str) -> None:
        """Read on, or decide."""
        match control.action:
            case Action.UPLOAD if control.extra == "file":
                await self._file(interaction, control.key)
            case Action.UPLOAD:
                await self._turn(interaction, control)
            case Action.ACCEPT:
                await self._accept(interaction, control)
            case Action.DROP:
                await self._drop(interaction, control.key)
            case Action.REINDEX:
                await self._reindex(interaction)

    async def submitted(
        self, interaction: discord.Interaction[Any], control: Control, fields: Mapping[str, str]
    ) -> None:
        """A page that was written here, perhaps for a gap.

        The questions of the gap come along only as far as the admin let them stand in the text: they are
        somebody's, and what a document lists is offered to everybody.
        """
        await open_aside(interaction)
        stated = {key: fields.get(key, "") for key in STATED}
        name = f"{plain(flat(stated['title']), 100) or 'page'}.md"
        text = fields.get("text", "").encode("utf-8", "replace")
        if not await self.offer(interaction, name, text, stated, control.key):
            # What somebody wrote for an hour is not lost over a wrong link.
            file = discord.File(io.BytesIO(text), "page.md", description=WRITTEN)
            await interaction.followup.send(WRITTEN, file=file, ephemeral=True, allowed_mentions=NO_MENTIONS)

    async def _turn(self, interaction: discord.Interaction[Any], control: Control) -> None:
        await open_in_place(interaction)
        gap, _, page = control.extra.rpartition("~")
        curator = self.curation.curator
        upload = await self.told_if_not(interaction, lambda: curator.upload(control.key))
        if upload is not None:
            await self._show_upload(interaction, upload, page_of(page), gap)

    async def _accept(self, interaction: discord.Interaction[Any], control: Control) -> None:
        await open_in_place(interaction)
        curator, who = self.curation.curator, str(interaction.user.id)

        def work() -> tuple[Upload, str]:
            upload = curator.upload(control.key)
            try:
                curator.accept(control.key, who=who, gap=control.extra)
            except Rejected as error:
                return upload, str(error)
            return upload, ""

        found = await self.told_if_not(interaction, work)
        if found is None:
            return
        upload, refused = found
        if refused:
            # It stays, so that what somebody wrote can be taken along.
            await self._show_upload(interaction, upload, 0, control.extra, line(refused, 1500))
        else:
            await update(interaction, content=added_text(upload, control.extra), view=reindex_button())

    async def _drop(self, interaction: discord.Interaction[Any], key: str) -> None:
        await open_in_place(interaction)
        curator = self.curation.curator

        def work() -> str:
            upload = curator.upload(key)
            curator.drop(key)
            return next((document.title for document in upload.documents), upload.name)

        if (title := await self.told_if_not(interaction, work)) is not None:
            await update(interaction, content=dropped_text(title))

    async def _file(self, interaction: discord.Interaction[Any], key: str) -> None:
        await open_aside(interaction)
        curator = self.curation.curator
        upload = await self.told_if_not(interaction, lambda: curator.upload(key))
        if upload is not None:
            await self.give_text(interaction, upload.documents[0].title, lambda: upload.text)
