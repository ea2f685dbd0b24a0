"""The commands that look after the documents."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.terminal.group import at_the_terminal, somebody_is_there, with_application

if TYPE_CHECKING:
    from bot.wiring import Application
    from knowledge.documents.entries import Upload

T = TypeVar("T")

NOBODY_TO_ASK = "Nobody can be asked here whether it may be added; --yes adds it."


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--title", help="Its title, in place of what the file says.")
@click.option("--author", help="Who wrote it.")
@click.option("--date", help="When, such as 2026-03-01.")
@click.option("--link", help="Where it can be read.")
@click.option("--gap", metavar="KEY", default="", help="The gap it was written for, as gaps tells it.")
@click.option("--yes", is_flag=True, help="Add it without asking.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a file; needs --yes.")
@with_application
def add(
    application: "Application",
    files: tuple[Path, ...],
    title: str | None,
    author: str | None,
    date: str | None,
    link: str | None,
    gap: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Add documents, which count from the next reindex on.

    Each is checked and cleaned; its text, its passages and what is wrong with it are shown before it is asked
    whether it may be added. A file of the name of one that was added before replaces that one. With --gap the
    gap counts as answered once the page answers.
    """
    given = {"title": title, "author": author, "date": date, "link": link}
    stated = {name: value for name, value in given.items() if value is not None}
    if (stated or gap) and len(files) > 1:
        raise click.UsageError("--title, --author, --date, --link and --gap are about one file.")
    if as_json and not yes:
        raise click.UsageError("--json needs --yes.")
    adding = _Adding(application, stated, gap, sure=yes, as_json=as_json)
    _each(files, adding.add, "files were not added")
    if adding.added and not as_json:
        from bot.document_text import added_text

        click.echo(added_text(adding.added))


@dataclass
class _Adding:
    """Files on their way in, one after the other."""

    application: "Application"
    stated: Mapping[str, str]
    gap: str
    sure: bool
    as_json: bool

    def __post_init__(self) -> None:
        self.added: list[str] = []

    def add(self, file: Path) -> None:
        """Show one file, ask, and add it. Raises ClickException, DocumentsError."""
        from bot.console import json_line
        from bot.document_text import upload_json, upload_text
        from bot.screen import show

        curator, who = self.application.curator, at_the_terminal()
        upload = curator.offer(file.name, self._read(file), stated=self.stated, who=who)
        if not self.as_json:
            show(upload_text(upload), sys.stdout)
        if not self._agreed(upload):
            curator.drop(upload.key)
            click.echo("Not added.", err=True)
            return
        ids = curator.accept(upload.key, who=who, gap=self.gap)
        self.added += ids
        if self.as_json:
            click.echo(json_line(upload_json(upload, ids)))

    def _agreed(self, upload: "Upload") -> bool:
        if self.sure:
            return True
        if not somebody_is_there():
            self.application.curator.drop(upload.key)
            raise click.ClickException(NOBODY_TO_ASK)
        return click.confirm("Add it?", err=True)

    def _read(self, file: Path) -> bytes:
        """All of it, and no more than has to be seen to know that it is too large."""
        from bot.digest_text import visible

        if not file.is_file():  # opening a pipe would wait for ever
            raise click.ClickException(f"{visible(str(file))} is not a file.")
        try:
            with file.open("rb") as stream:
                return stream.read(self.application.limits.upload + 1)
        except OSError as error:
            raise click.ClickException(f"{visible(str(file))} cannot be read ({error.strerror}).") from None


@click.command()
@click.argument("documents", metavar="ID...", nargs=-1, required=True)
@with_application
def remove(application: "Application", documents: tuple[str, ...]) -> None:
    """Take documents out of what is read.

    They answer until the next reindex; "restore" brings them back.
    """
    from bot.document_text import removed_text

    curator, who = application.curator, at_the_terminal()
    _each(
        documents,
        lambda document: click.echo(removed_text(curator.remove(document, who=who))),
        "documents were not removed",
    )


@click.command()
@click.argument("document", metavar="ID")
@with_application
def restore(application: "Application", document: str) -> None:
    """Bring back a document that was removed.

    It answers from the next reindex on.
    """
    application.curator.restore(document, who=at_the_terminal())
    click.echo(f"{document} counts again from the next reindex on.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a document.")
@with_application
def sources(application: "Application", as_json: bool) -> None:
    """List the documents: passages, words, last change, complaints.

    What was removed and can be restored stands at the end.
    """
    from bot.console import json_line
    from bot.document_text import held_json, removed_json, sources_text

    held, removed = application.curator.sources(), application.curator.removed()
    if not as_json:
        click.echo(sources_text(held, removed))
        return
    for entry in (*map(held_json, held), *map(removed_json, removed)):
        click.echo(json_line(entry))


@click.command()
@click.argument("document", metavar="ID")
@with_application
def download(application: "Application", document: str) -> None:
    """Write the cleaned text of a document to standard output."""
    click.echo(application.curator.text(document))


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
    from bot.progress import watch_bar
    from bot.screen import show

    with watch_bar() as watch:
        report = application.curator.lint(application.folders(sources, only=only), watch=watch)
    if as_json:
        click.echo(lint_json(report))
    else:
        show(lint_text(report), sys.stdout)
    if blocking := report.blocking(application.settings.blocked_by):
        raise click.ClickException(f"{count_text(len(blocking), 'complaint')} would block publishing.")


def _each(things: Sequence[T], do: Callable[[T], None], what: str) -> None:
    """Do it with every one, whatever becomes of the others; several end in one sentence, after their own."""
    from bot.digest_text import visible
    from knowledge.documents.errors import DocumentsError

    problems = []
    for thing in things:
        try:
            do(thing)
        except click.ClickException as error:
            problems.append((thing, error.message))
        except DocumentsError as error:
            problems.append((thing, str(error)))
    if len(things) == 1 and problems:
        raise click.ClickException(problems[0][1])
    for thing, problem in problems:
        click.echo(f"{visible(str(thing))}: {problem}", err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} of {len(things)} {what}.")
