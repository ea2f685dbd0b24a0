"""The command line: runs the bot by default, asks, searches and administers the library."""

import io
import sys

import click

from bot.terminal import asking, documents, people, publishing, state
from bot.terminal.group import CONTEXT, Commands

COMMANDS = (
    asking.run,
    asking.ask,
    asking.skill,
    asking.skills,
    asking.search,
    publishing.reindex,
    publishing.changes,
    publishing.publish,
    publishing.discard,
    documents.add,
    documents.remove,
    documents.restore,
    documents.sources,
    documents.download,
    documents.lint,
    publishing.generations,
    publishing.rollback,
    state.status,
    state.check,
    people.gaps,
    people.told,
    people.digest,
    state.log,
)


@click.group(cls=Commands, invoke_without_command=True, context_settings=CONTEXT)
@click.version_option(package_name="career-advisor", prog_name="career-advisor")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Answers questions about backend-engineering careers in the words of its documents.

    Without a command it does what "run" does. Settings come from the environment or from a file .env; the
    README lists them.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(asking.run)


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Entry point of `python -m bot` and `career-advisor`."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Scripts read and write UTF-8 wherever they run; a terminal keeps its own encoding.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    cli(prog_name="career-advisor")
