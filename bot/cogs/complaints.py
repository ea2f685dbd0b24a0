"""What is wrong with the documents, told in Discord so that an author can act on it."""

import secrets
from collections.abc import Iterable
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
            await update(interaction, embeds=[lint_embed(report, page)], view=lint_buttons(report, key, page))
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
            await update(interaction, embeds=[file_embed(found, page)], view=file_buttons(found, key, page))

    def _look(self, watch: Watch) -> tuple[str, LintReport]:
        watch("reading", 0, 0)
        report = self.curation.curator.lint()
        key = secrets.token_urlsafe(6)
        self._reports[key] = report
        return key, report

    @staticmethod
    def _show(found: tuple[str, LintReport], private: bool) -> Told:
        key, report = found
        return Told(embeds=(lint_embed(report, 0),), view=lint_buttons(report, key, 0))

    async def _find(self, key: str) -> LintReport:
        """The report of that key; after a restart, or later, that of the documents as they are now."""
        report = self._reports.get(key)
        if report is None:
            report = await self.curation.converting.run(self.curation.curator.lint, limited=False)
            self._reports[key] = report
        return report
