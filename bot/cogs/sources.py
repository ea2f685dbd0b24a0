"""The documents that are read: listed, opened, taken along, removed and brought back from Discord."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands

from bot.aside import open_aside, open_in_place, update
from bot.cogs.documents import DocumentCog
from bot.cogs.knowledge import Curation, subcommand
from bot.controls import Action, Control
from bot.offering import Offers
from bot.render.documents import (
    Standing,
    already_text,
    choice_value,
    choices,
    document_buttons,
    document_embed,
    reindex_button,
    remove_buttons,
    remove_embed,
    removed_text,
    restored_text,
    sources_buttons,
    sources_embed,
    standing_of,
)
from bot.render.text import flat, line
from bot.render.turning import handle, page_of
from knowledge.documents.entries import Held

NO_DOCUMENT = "I have no document “{name}”. /knowledge sources lists them."
NOTHING_REMOVED = "No document “{name}” was removed. /knowledge log tells what was."


class Sources(DocumentCog):
    """What is read; a change is named before it is made, and waits for the next publish."""

    actions = frozenset({Action.SOURCES, Action.DOCUMENT, Action.REMOVE, Action.FILE})

    def __init__(self, *, group: app_commands.Group, curation: Curation) -> None:
        super().__init__(group=group, curation=curation)
        curator, pool = curation.curator, curation.converting
        self.held = Offers(
            lambda: [(one.title, one.id) for one in curator.sources() if one.place != "gone"], pool
        )
        self.removed = Offers(lambda: [(one.title, one.id) for one in curator.removed()], pool)

    def subcommands(self) -> Iterable[app_commands.Command[Any, ..., None]]:
        """/knowledge sources, download, remove and restore."""
        yield subcommand(self.sources)
        for method, offer in (
            (self.remove, self.offer_held),
            (self.download, self.offer_held),
            (self.restore, self.offer_removed),
        ):
            command = subcommand(method)
            command.autocomplete("document")(offer)
            yield command

    async def sources(self, interaction: discord.Interaction[Any]) -> None:
        """Every document I read, with its size, its last change and what is wrong with it."""
        await open_aside(interaction)
        await self._show_sources(interaction, 0)

    async def _show_sources(self, interaction: discord.Interaction[Any], page: int) -> None:
        def draw() -> tuple[discord.Embed, discord.ui.View]:
            # A thousand documents take a moment to be laid out, in which nobody else shall have to wait.
            held, standings, removed = self._read()
            return sources_embed(held, standings, removed, page), sources_buttons(held, standings, page)

        found = await self.told_if_not(interaction, draw)
        if found is not None:
            embed, view = found
            await update(interaction, embeds=[embed], view=view)

    def _read(self) -> tuple[list[Held], Mapping[str, Standing], int]:
        """All documents, how they stand, and how many were removed."""
        held, removed = self.curation.curator.sources(), self.curation.curator.removed()
        current = self.curation.library.current()
        answering = current.manifest.documents if current else {}
        ids = {one.id for one in removed}
        return held, {one.id: standing_of(one, answering, ids) for one in held}, len(removed)

    @app_commands.describe(document="Its title or id")
    async def download(self, interaction: discord.Interaction[Any], document: str) -> None:
        """The cleaned text of a document as a file."""
        await open_aside(interaction)
        if found := await self._found(interaction, document):
            held, _ = found
            await self.give_text(interaction, held.title, lambda: self.curation.curator.text(held.id))

    @app_commands.describe(document="Its title or id")
    async def remove(self, interaction: discord.Interaction[Any], document: str) -> None:
        """Take a document out; it stops answering at the next publish."""
        await open_aside(interaction)
        await self._ask(interaction, document)

    @app_commands.describe(document="The one that was removed")
    async def restore(self, interaction: discord.Interaction[Any], document: str) -> None:
        """Bring back a document that was removed."""
        await open_aside(interaction)
        curator, who = self.curation.curator, str(interaction.user.id)
        removed = await self.told_if_not(interaction, curator.removed)
        if removed is None:
            return
        name = _one_of([(one.title, one.id) for one in removed], document)
        if name is None:
            await update(interaction, content=NOTHING_REMOVED.format(name=line(document, 200)))
            return
        title = next(one.title for one in removed if one.id == name)

        def work() -> Standing:
            curator.restore(name, who=who)
            return self._read()[1].get(name, Standing.NOT_YET)

        standing = await self.told_if_not(interaction, work)
        if standing is not None:
            self._forget()
            view = reindex_button() if standing else None
            await update(interaction, content=restored_text(title, standing), view=view)

    async def pressed(self, interaction: discord.Interaction[Any], control: Control, chosen: str) -> None:
        """Look closer, or decide."""
        match control.action:
            case Action.SOURCES:
                await open_in_place(interaction)
                await self._show_sources(interaction, page_of(control.extra))
            case Action.DOCUMENT:
                await open_aside(interaction)
                if found := await self._found(interaction, chosen):
                    embed, view = document_embed(*found), document_buttons(found[0])
                    await update(interaction, embeds=[embed], view=view)
            case Action.REMOVE:
                await self._remove(interaction, control)
            case Action.FILE:
                await open_aside(interaction)
                if found := await self._found(interaction, control.key):
                    held, _ = found
                    await self.give_text(interaction, held.title, lambda: self.curation.curator.text(held.id))

    async def _ask(self, interaction: discord.Interaction[Any], named: str) -> None:
        """First what it is; with another press it is done."""
        if found := await self._found(interaction, named):
            held, standing = found
            if held.place == "gone":
                await update(interaction, content=already_text(held, standing), view=reindex_button())
            else:
                await update(interaction, embeds=[remove_embed(held, standing)], view=remove_buttons(held))

    async def _remove(self, interaction: discord.Interaction[Any], control: Control) -> None:
        if control.extra != "yes":
            await open_aside(interaction)
            await self._ask(interaction, control.key)
            return
        await open_in_place(interaction)
        found = await self._found(interaction, control.key)
        if found is None:
            return
        held, standing = found
        if held.place == "gone":
            await update(interaction, content=already_text(held, standing), view=reindex_button())
            return
        curator, who = self.curation.curator, str(interaction.user.id)
        removed = await self.told_if_not(interaction, lambda: curator.remove(held.id, who=who))
        if removed is not None:
            self._forget()
            view = None if standing is Standing.NOT_YET else reindex_button()
            await update(interaction, content=removed_text(removed, standing), view=view)

    # --- finding -------------------------------------------------------------------------------------------

    async def _found(self, interaction: discord.Interaction[Any], named: str) -> tuple[Held, Standing] | None:
        """The document of that id, title or handle; where there is none, the admin is told."""
        read = await self.told_if_not(interaction, self._read)
        if read is None:
            return None
        held, standings, _ = read
        name = _one_of([(one.title, one.id) for one in held], named)
        if name is None:
            await update(interaction, content=NO_DOCUMENT.format(name=line(named, 200)))
            return None
        return next(one for one in held if one.id == name), standings[name]

    async def offer_held(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Documents while somebody types a title or an id."""
        return _choices(await self.held.now(), typed)

    async def offer_removed(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Documents that were removed."""
        return _choices(await self.removed.now(), typed)

    def _forget(self) -> None:
        self.held.forget()
        self.removed.forget()


def _choices(found: Sequence[tuple[str, str]], typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=name, value=value) for name, value in choices(found, typed)]


def _one_of(found: Iterable[tuple[str, str]], named: str) -> str | None:
    """The id of the document (title, id) that somebody means by its id, its handle or its title."""
    ids = {name: title for title, name in found}
    if named in ids:
        return named
    by_handle = {handle(name): name for name in ids}
    by_value = {choice_value(name): name for name in ids}
    wanted = flat(named).casefold()
    by_title = [name for name, title in ids.items() if flat(title).casefold() == wanted]
    return by_handle.get(named) or by_value.get(named) or (by_title[0] if len(by_title) == 1 else None)
