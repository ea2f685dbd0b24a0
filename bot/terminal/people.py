"""The commands that show what people asked and nobody could answer."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.terminal.group import CONTEXT, Commands, at_the_terminal, with_application

if TYPE_CHECKING:
    from bot.wiring import Application

LEARNING = 20.0
"""Seconds that new questions are sorted in before what is there is shown."""
LEFT_OUT = "Not sorted in: {count:,} questions and ratings; the newest come first, a few at a time."
NOTHING_LEFT = "Nothing is left of that: who asked it had it deleted, or asked it too long ago."


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a question.")
@with_application
def told(application: "Application", as_json: bool) -> None:
    """Show the questions that people told the admins, newest first.

    They do not say who asked; what was answered then is named by its version.
    """
    from bot.console import json_line
    from bot.digest_text import visible

    questions = application.journal.told()
    for one in questions:
        text = f"{one.at[:10]}  {visible(one.question)}  ({one.reason}; version {one.generation})"
        click.echo(json_line(asdict(one)) if as_json else text)
    if not questions and not as_json:
        click.echo("Nobody has told anything yet.")


@click.group(cls=Commands, invoke_without_command=True, context_settings=CONTEXT)
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a gap.")
@click.pass_context
def gaps(ctx: click.Context, as_json: bool) -> None:
    """Show what people asked in vain, grouped by meaning.

    How somebody asked is shown only once three people asked so, or where they told it to the admins. Each gap
    has a key, with which it can be marked or answered by a page.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(with_application(_list), as_json=as_json)


def _list(application: "Application", as_json: bool) -> None:
    from bot.console import json_line
    from bot.gap_text import gap_text

    application.curator.learn_gaps(LEARNING)
    found = application.curator.gaps()
    for gap in found:
        click.echo(json_line(asdict(gap)) if as_json else gap_text(gap))
    if not found and not as_json:
        click.echo("Nothing waits to be answered.")
    if left_out := application.curator.gaps_left_out():
        click.echo(LEFT_OUT.format(count=left_out), err=True)


@gaps.command()
@click.argument("key")
@with_application
def answered(application: "Application", key: str) -> None:
    """Mark a gap as answered.

    It opens again where people still get no answer.
    """
    gap = application.curator.mark(key, "answered", who=at_the_terminal())
    click.echo(f"Marked as answered: {gap.subject}.")


@gaps.command()
@click.argument("key")
@with_application
def dismiss(application: "Application", key: str) -> None:
    """Mark a gap as one that is not to be answered.

    It stays so, whoever asks the same.
    """
    gap = application.curator.mark(key, "dismissed", who=at_the_terminal())
    click.echo(f"Dismissed: {gap.subject}.")
    click.echo(f"gaps reopen {gap.key} takes that back.", err=True)


@gaps.command()
@click.argument("key")
@with_application
def reopen(application: "Application", key: str) -> None:
    """Have a gap wait again that was marked or dismissed."""
    gap = application.curator.mark(key, "open", who=at_the_terminal())
    click.echo(f"Open again: {gap.subject}.")


@gaps.command()
@click.argument("key")
@with_application
def draft(application: "Application", key: str) -> None:
    """Write the beginning of a page to standard output.

    Its text is yours to write; "add FILE --gap KEY" then has it count.
    """
    from bot.gap_text import page_template

    gap = application.curator.gap(key)
    if gap is None:
        raise click.ClickException(NOTHING_LEFT)
    click.echo(page_template(gap, datetime.now(UTC).date()), nl=False)
    click.echo(f"Write the answer under the heading; then: add FILE --gap {gap.key}", err=True)


@click.command()
@click.option(
    "--since",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="From this day on, such as 2026-03-01; without it: the last seven days.",
)
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object instead of text.")
@with_application
def digest(application: "Application", since: datetime | None, as_json: bool) -> None:
    """Tell how a week was.

    What was asked, declined, missing, rated and changed, and which documents are stale.
    """
    from bot.console import json_line
    from bot.digest_text import digest_json, digest_text
    from knowledge.digest import Period, week_before
    from knowledge.journal.values import stamp

    period = week_before(datetime.now(UTC))
    if since is not None:
        period = Period(stamp(since.replace(tzinfo=UTC)), period.until)
        if period.since >= period.until:
            raise click.UsageError("--since has to be a day that has begun.")
    found = application.curator.digest(period, stale_days=application.settings.stale_days)
    click.echo(json_line(digest_json(found)) if as_json else digest_text(found))
