"""What is wrong with the documents, told in Discord so that an author can act on it."""

import secrets
from collections.abc import Callable, Iterable
from typing import Any

import discord
from cachetools import TTLCache
from discord import app_commands

from bot.aside import open_aside, open_in_place, update
from bot.cogs.documents import DocumentCog
from bot.cogs.knowledge import Curation, subcommand
from bot.controls import Action, Control
from bot.jobs import Told
from bot.lint_text import lint_text
from bot.render.complaints import file_buttons, file_embed, lint_buttons, lint_embed
from bot.render.turning import handle, page_of
from knowledge.linting.reports import LintReport
from knowledge.watching import Watch

KEPT = 8
KEPT_FOR = 1800.0
"""Reports that are remembered, and for how many seconds; later the documents are read again."""

TITLE = "The lint"
FILE = "Every complaint, with the line it is about and what to do."
CLEAN = "Nothing is wrong with this file any more. /knowledge lint looks again."


class Complaints(DocumentCog):
    """Lints all documents, and shows file by file what was found."""

    actions = frozenset({Action.LINT, Action.COMPLAINTS})

    def __init__(self, *, group: app_commands.Group, curation: Curation) -> None:
        super().__init__(group=group, curation=curation)
        self._reports: TTLCache[str, LintReport] = TTLCache(KEPT, KEPT_FOR)

    def subcommands(self) -> Iterable[app_commands.Command[Any, ..., None]]:
        """/knowledge lint."""
        yield subcommand(self.lint)

    async def lint(self, interaction: discord.Interaction[Any]) -> None:
        """What is wrong with the documents, where, and what to do about it."""
        await self.curation.jobs.run(interaction, TITLE, self._look, self._show)

    async def pressed(self, interaction: discord.Interaction[Any], control: Control, chosen: str) -> None:
        """Open a file's complaints, turn sheets, or take all of it along."""
        if chosen or control.extra == "file":
            await open_aside(interaction)
        else:
            await open_in_place(interaction)
        key = control.key
        report = await self._find(key)
        if control.action is Action.LINT and control.extra == "file":
            await self.give(interaction, "complaints", lambda: lint_text(report), FILE)
        elif control.action is Action.LINT:
            page = page_of(control.extra)
            told = await self._drawn(lambda: _overview(report, key, page))
            await update(interaction, **told.fields)
        else:
            which, _, number = (chosen or control.extra).partition(".")
            await self._open(interaction, report, key, which, page_of(number))

    async def _open(
        self, interaction: discord.Interaction[Any], report: LintReport, key: str, which: str, page: int
    ) -> None:
        found = next((one for one in report.by_document() if handle(one.path) == which), None)
        if found is None:
            await update(interaction, content=CLEAN)
        else:
            told = await self._drawn(
                lambda: Told(embeds=(file_embed(found, page),), view=file_buttons(found, key, page))
            )
            await update(interaction, **told.fields)

    def _look(self, watch: Watch) -> tuple[str, LintReport, Told]:
        report = self.curation.curator.lint(watch=watch)
        key = secrets.token_urlsafe(6)
        return key, report, _overview(report, key, 0)

    def _show(self, found: tuple[str, LintReport, Told], private: bool) -> Told:
        key, report, told = found
        self._reports[key] = report
        return told

    async def _drawn(self, draw: Callable[[], Told]) -> Told:
        """Thousands of complaints take a moment to be laid out, in which nobody else shall have to wait."""
        return await self.curation.converting.run(draw, limited=False)

    async def _find(self, key: str) -> LintReport:
        """The report of that key; after a restart, or later, that of the documents as they are now."""
        report = self._reports.get(key)
        if report is None:
            report = await self.curation.converting.run(self.curation.curator.lint, limited=False)
            self._reports[key] = report
        return report


def _overview(report: LintReport, key: str, page: int) -> Told:
    return Told(embeds=(lint_embed(report, page),), view=lint_buttons(report, key, page))
