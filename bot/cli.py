"""The command line: runs the bot by default, asks, searches and administers the library."""

import io
import sys
from collections.abc import Callable
from dataclasses import asdict
from difflib import get_close_matches
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.logs import configure
from bot.settings import BadSettings, read_settings

if TYPE_CHECKING:
    from bot.wiring import Application

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

PATIENCE = 2.0
"""Seconds a command waits for another that changes the index."""


class _Commands(click.Group):
    """Lists commands as written here, helps with slips, and tells every expected error in one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not name.startswith("-") and name not in self.commands:
            ctx.fail(f"There is no command {name!r}. {self._hint(name)}")
        return super().resolve_command(ctx, args)

    def _hint(self, name: str) -> str:
        if " " in name.strip():
            return f'A question is asked with: ask "{name.strip()}"'
        near = get_close_matches(name, self.commands, 1)
        return f"Did you mean {near[0]}?" if near else f"The commands are: {', '.join(self.commands)}."

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except (KeyboardInterrupt, click.Abort):
            click.echo("Stopped.", err=True)
            raise click.exceptions.Exit(130) from None
        except BadSettings as error:
            raise click.ClickException(str(error)) from None
        except Exception as error:  # noqa: BLE001  # the terminal is an edge: one sentence, never a traceback
            from bot.errors import for_operator

            raise click.ClickException(for_operator(error)) from None


def _with_application(command: Callable[..., None]) -> Callable[..., None]:
    """Read the settings only when the command line has been understood, so that --help always helps."""

    @wraps(command)
    def prepared(**given: Any) -> None:
        settings = read_settings()
        configure(settings.log_level, settings.log_format, secrets=(settings.discord_token, settings.proxy))
        from bot.wiring import Application

        command(Application(settings), **given)

    return prepared


@click.group(cls=_Commands, invoke_without_command=True, context_settings=CONTEXT)
@click.version_option(package_name="career-advisor", prog_name="career-advisor")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Answers questions about backend-engineering careers in the words of its documents.

    Without a command it does what "run" does. Settings come from the environment or from a file .env; the
    README lists them.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(run)


@cli.command()
@_with_application
def run(application: "Application") -> None:
    """Log in to Discord, or converse here if there is no token.

    With DISCORD_TOKEN set, the bot logs in and stays until it is stopped. Without it, a conversation opens in
    the terminal; piped input gets one answer a line.
    """
    _ready(application)
    if application.settings.discord_token is not None:
        from bot.serving import serve_discord

        serve_discord(application)
    else:
        from bot.conversation import converse

        converse(application, sys.stdin, sys.stdout)


@cli.command()
@click.argument("question", required=False)
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object instead of text.")
@click.option("--jsonl", is_flag=True, help="Read questions from standard input, one JSON object a line.")
@click.option("--explain", is_flag=True, help="Tell how the answer came about, too.")
@_with_application
def ask(application: "Application", question: str | None, as_json: bool, jsonl: bool, explain: bool) -> None:
    """Answer a question, with its sources.

    \b
    Examples:
      ask "is redis a cache or a database?"
      echo '{"id": 1, "question": "which databases?"}' | ask --jsonl

    With --jsonl a line is {"id", "question", "history": [{"user", "bot"}]}; the history, what was said
    before, may be left out. Every line gets one JSON object. With --explain it has a key "explain" too: for
    each question of the message what was looked for, found, weighed and dropped.
    """
    if jsonl == (question is not None):
        raise click.UsageError("Give either a question or --jsonl.")
    _ready(application)
    if as_json or jsonl:
        # Loaded now, so that the latency told is that of answering.
        application.advisor.warm()
    if question is None:
        from bot.lines import answer_lines, answer_question

        answer_lines(sys.stdin, lambda found: answer_question(application, found, explain=explain))
    elif as_json:
        from bot.lines import answer_json
        from knowledge.entities import Question

        click.echo(answer_json(application, Question(question), None, explain=explain))
    else:
        _show_answer(application, question, explain=explain)


def _show_answer(application: "Application", question: str, *, explain: bool) -> None:
    from bot.console import reply_text
    from bot.screen import show
    from knowledge.entities import Question

    if not explain:
        show(reply_text(application.advisor.answer(Question(question))), sys.stdout)
        return
    from bot.explanation import explanation_text

    explained = application.advisor.explain(Question(question))
    show(f"{reply_text(explained.reply)}\n\n{explanation_text(explained)}", sys.stdout)


@cli.command()
@click.argument("name", required=False)
@click.option("--jsonl", is_flag=True, help="Read names from standard input, one JSON object a line.")
@_with_application
def skill(application: "Application", name: str | None, jsonl: bool) -> None:
    """Tell what a skill is and which documents name it.

    NAME may be misspelt or abbreviated. With --jsonl a line is {"id", "query"}; every line gets one JSON
    object.
    """
    if jsonl == (name is not None):
        raise click.UsageError("Give either a name or --jsonl.")
    _ready(application)
    if name is None:
        from bot.lines import answer_lines, tell_skill

        answer_lines(sys.stdin, lambda found: tell_skill(application, found))
        return
    from bot.screen import show
    from bot.skill_texts import skill_text

    show(skill_text(application.skills.card(name)), sys.stdout)


@cli.command()
@click.argument("kind", required=False)
@_with_application
def skills(application: "Application", kind: str | None) -> None:
    """Tell which skills the documents name.

    Without KIND every kind is told with the number of its skills; with one, such as "databases" or "soft
    skills", its skills and how many documents name each.
    """
    from bot.screen import show
    from bot.skill_texts import skills_text

    _ready(application)
    show(skills_text(application.skills, kind or ""), sys.stdout)


@cli.command()
@click.option(
    "--jsonl", is_flag=True, required=True, help="Read queries from standard input, one JSON object a line."
)
@click.option(
    "--limit",
    metavar="N",
    default=10,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Most hits a query gets.",
)
@_with_application
def search(application: "Application", jsonl: bool, limit: int) -> None:
    """Rank passages for scripts, best first.

    A line is {"id", "query"}; every line gets one JSON object with its hits.
    """
    from bot.lines import answer_lines, rank_passages

    _ready(application)
    answer_lines(sys.stdin, lambda found: rank_passages(application, found, limit))


@cli.command()
@click.option("--dry-run", is_flag=True, help="Tell what would change and change nothing.")
@click.option(
    "--sources",
    metavar="DIR",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Read this folder too; may be given several times.",
)
@click.option("--only", is_flag=True, help="Read nothing but the folders given by --sources.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as one JSON object.")
@_with_application
def reindex(
    application: "Application", dry_run: bool, sources: tuple[Path, ...], only: bool, as_json: bool
) -> None:
    """Read the documents again and publish what changed.

    What answers now goes on answering until the new generation is complete, and also if the reindex is
    stopped or fails.
    """
    if only and not sources:
        raise click.UsageError("--only needs at least one --sources folder.")
    from bot.console import json_line, report_text
    from bot.progress import progress_bar

    folders = application.folders(sources, only=only)
    with progress_bar("Reading the documents") as progress:
        report = application.reindexer.run(
            folders, who="reindex at the terminal", dry_run=dry_run, wait=PATIENCE, progress=progress
        )
    click.echo(json_line(asdict(report)) if as_json else report_text(report, dry_run=dry_run))


@cli.command()
@click.argument("generation", required=False, type=click.IntRange(1))
@_with_application
def rollback(application: "Application", generation: int | None) -> None:
    """Answer from an earlier generation again.

    Without a number it is the one before the present one; "status" lists those that are kept.
    """
    library = application.library
    with library.writing("rollback at the terminal", PATIENCE):
        manifest = library.rollback(generation)
    made = manifest.created[:16].replace("T", " ")
    click.echo(f"Generation {manifest.generation}, made {made} UTC, answers now.")


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object instead of text.")
@_with_application
def status(application: "Application", as_json: bool) -> None:
    """Tell documents, model and generations, with sizes and ages."""
    from bot.console import json_line
    from bot.status import read_status, status_text

    found = read_status(application)
    click.echo(json_line(found) if as_json else status_text(found))


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a question.")
@_with_application
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


@cli.command()
@click.option("--quick", is_flag=True, help="Only verify the files of the index; ask nothing.")
@_with_application
def check(application: "Application", quick: bool) -> None:
    """Verify the index and replay the recorded questions.

    The exit status is 1 if anything is wrong.
    """
    from bot.about import remember_check
    from bot.checking import CheckFailed, check_index, check_questions
    from bot.progress import progress_bar

    click.echo(check_index(application))
    if quick:
        return
    passed, found = True, ""
    try:
        with progress_bar("Asking the recorded questions") as progress:
            found = check_questions(application, progress)
    except CheckFailed as error:
        passed, found = False, str(error)
        raise
    finally:
        snapshot = application.library.current()
        if found and snapshot:
            number = snapshot.manifest.generation
            remember_check(application.settings.data_dir, number, found, passed=passed)
    click.echo(found)


def _ready(application: "Application") -> None:
    """Build the index with a progress bar where there is none, or none that fits."""
    from bot.console import report_text
    from bot.progress import progress_bar

    with progress_bar("Reading the documents") as progress:
        report = application.ready(who="start-up", progress=progress)
    if report is not None:
        click.echo(report_text(report, dry_run=False), err=True)


def main() -> None:
    """Entry point of `python -m bot` and `career-advisor`."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Scripts read and write UTF-8 wherever they run; a terminal keeps its own encoding.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    cli(prog_name="career-advisor")
