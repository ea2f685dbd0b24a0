"""The commands that tell how the index is, and what was done to it."""

from typing import TYPE_CHECKING

import click

from bot.terminal.group import with_application

if TYPE_CHECKING:
    from bot.wiring import Application


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object instead of text.")
@with_application
def status(application: "Application", as_json: bool) -> None:
    """Tell documents, model and generations, with sizes and ages."""
    from bot.console import json_line
    from bot.status import read_status, status_text

    found = read_status(application)
    click.echo(json_line(found) if as_json else status_text(found))


@click.command()
@click.option("--quick", is_flag=True, help="Only verify the files of the index; ask nothing.")
@with_application
def check(application: "Application", quick: bool) -> None:
    """Verify the index and replay the recorded questions.

    The figures of the last run are shown below. The exit status is 1 if anything is wrong.
    """
    from bot.checking import check_all, check_index
    from bot.console import moment_text
    from bot.progress import watch_bar

    if quick:
        click.echo(check_index(application))
        return
    with watch_bar() as watch:
        checks = check_all(application, watch)
    if checks.index:
        click.echo(checks.index)
    if checks.passed:
        click.echo(checks.found)
    if last := checks.before:
        click.echo(f"Last time, on generation {last.generation} ({moment_text(last.when)}): {last.found}")
    if not checks.passed:
        raise click.ClickException(checks.found)


@click.command()
@click.option(
    "--limit",
    metavar="N",
    default=50,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Most deeds shown.",
)
@click.option("--refused", is_flag=True, help="Show who was refused instead.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a deed.")
@with_application
def log(application: "Application", limit: int, refused: bool, as_json: bool) -> None:
    """Show who did what to the knowledge base, newest first."""
    from dataclasses import asdict

    from bot.console import json_line
    from bot.log_text import deed_text

    deeds = application.curator.log(limit, refused=refused)
    for noted in deeds:
        click.echo(json_line(asdict(noted)) if as_json else deed_text(noted))
    if not deeds and not as_json:
        click.echo("Nobody was refused." if refused else "Nothing has been done yet.")
