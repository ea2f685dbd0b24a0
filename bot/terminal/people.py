"""The commands that show what people asked and nobody could answer."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from bot.terminal.group import with_application

if TYPE_CHECKING:
    from bot.wiring import Application


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a question.")
@with_application
def told(application: "Application", as_json: bool) -> None:
    """Show the questions that people told the admins, newest first.

    They do not say who asked; what was answered then is named by its version.
    """
    from bot.console import json_line

    questions = application.journal.told()
    for one in questions:
        said = one.question if not as_json else json_line(asdict(one))
        click.echo(said if as_json else f"{one.at[:10]}  {said}  ({one.reason}; version {one.generation})")
    if not questions and not as_json:
        click.echo("Nobody has told anything yet.")
