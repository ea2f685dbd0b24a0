"""The commands that look after the documents."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.group import with_application

if TYPE_CHECKING:
    from bot.wiring import Application


@click.command()
@click.option(
    "--sources",
    metavar="DIR",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Read this folder too; may be given several times.",
)
@click.option("--only", is_flag=True, help="Read nothing but the folders given by --sources.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as one JSON object.")
@with_application
def lint(application: "Application", sources: tuple[Path, ...], only: bool, as_json: bool) -> None:
    """Tell what is wrong with the documents.

    The exit status is 1 where a complaint is as severe as ADVISOR_BLOCKED_BY, so that publishing would be
    blocked.
    """
    if only and not sources:
        raise click.UsageError("--only needs at least one --sources folder.")
    from bot.console import count_text
    from bot.lint_text import lint_json, lint_text
    from bot.screen import show

    report = application.curator.lint(application.folders(sources, only=only))
    if as_json:
        click.echo(lint_json(report))
    else:
        show(lint_text(report), sys.stdout)
    if blocking := report.blocking(application.settings.blocked_by):
        raise click.ClickException(f"{count_text(len(blocking), 'complaint')} would block publishing.")
