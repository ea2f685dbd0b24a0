"""The command line: runs the bot by default, asks, searches and administers the library."""

import json
import logging
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from bot.settings import BadSettings, Settings, read_settings

if TYPE_CHECKING:
    from bot.wiring import Application

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Sentences(click.Group):
    """Turns every expected error into one sentence and exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            raise click.exceptions.Exit(130) from None
        except BadSettings as error:
            raise click.ClickException(str(error)) from None
        except Exception as error:  # noqa: BLE001  # the terminal is an edge: one sentence, never a traceback
            from bot.errors import for_operator

            raise click.ClickException(for_operator(error)) from None


@click.group(cls=_Sentences, invoke_without_command=True, context_settings=CONTEXT)
@click.version_option(package_name="career-advisor", prog_name="career-advisor")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Answers questions about backend-engineering careers in the words of its documents.

    Without a command: logs in to Discord when DISCORD_TOKEN is set, else opens a conversation here.
    """
    ctx.obj = settings = read_settings()
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    if ctx.invoked_subcommand is None:
        ctx.invoke(run)


@cli.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Log in to Discord, or converse in the terminal where there is no token."""
    application = _application(settings)
    _ready(application)
    if settings.discord_token is not None:
        from bot.client import serve_discord

        serve_discord(application)
    else:
        from bot.conversation import converse

        converse(application, sys.stdin, sys.stdout)


@cli.command()
@click.argument("question", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option("--jsonl", is_flag=True, help="Questions from standard input, one JSON object a line.")
@click.pass_obj
def ask(settings: Settings, question: str | None, as_json: bool, jsonl: bool) -> None:
    """Answer a QUESTION, or with --jsonl every {"id", "question", "history"} on standard input."""
    if jsonl == (question is not None):
        raise click.UsageError("Give either a question or --jsonl.")
    application = _application(settings)
    _ready(application)
    if question is None:
        _each_line(sys.stdin, lambda line: _ask_line(application, line))
        return
    from bot.console import reply_json, reply_text
    from knowledge.entities import Question

    started = time.perf_counter()
    reply = application.advisor.answer(Question(question))
    latency = 1000 * (time.perf_counter() - started)
    click.echo(reply_json(reply, None, latency) if as_json else reply_text(reply))


@cli.command()
@click.argument("name", required=False)
@click.option("--jsonl", is_flag=True, help="Names from standard input, one JSON object a line.")
@click.pass_obj
def skill(settings: Settings, name: str | None, jsonl: bool) -> None:
    """Tell what a skill is and which documents name it, or with --jsonl every {"id", "query"}."""
    if jsonl == (name is not None):
        raise click.UsageError("Give either a name or --jsonl.")
    from bot.console import skill_json, skill_text

    application = _application(settings)
    _ready(application)
    if name is None:
        _each_line(sys.stdin, lambda line: _skill_line(application, line, skill_json))
    else:
        click.echo(skill_text(application.skills.look_up(name)))


@cli.command()
@click.option("--jsonl", is_flag=True, required=True, help="Queries from standard input, one object a line.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000), help="Hits per query.")
@click.pass_obj
def search(settings: Settings, jsonl: bool, limit: int) -> None:
    """Rank passages for every {"id", "query"} on standard input."""
    application = _application(settings)
    _ready(application)
    _each_line(sys.stdin, lambda line: _search_line(application, line, limit))


@cli.command()
@click.option("--dry-run", is_flag=True, help="Tell what would change and change nothing.")
@click.option(
    "--sources", multiple=True, type=click.Path(path_type=Path), help="A folder to add; may be repeated."
)
@click.option("--only", is_flag=True, help="Read nothing but the folders named by --sources.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@click.pass_obj
def reindex(settings: Settings, dry_run: bool, sources: tuple[Path, ...], only: bool, as_json: bool) -> None:
    """Read the documents again and publish a new generation if anything changed."""
    if only and not sources:
        raise click.UsageError("--only needs at least one --sources folder.")
    from bot.console import report_text
    from bot.progress import progress_bar

    application = _application(settings)
    folders = application.folders(sources, only=only)
    with progress_bar("Reading the documents") as progress:
        report = application.reindexer.run(
            folders, who="reindex at the terminal", dry_run=dry_run, wait=2.0, progress=progress
        )
    click.echo(
        json.dumps(asdict(report), ensure_ascii=False) if as_json else report_text(report, dry_run=dry_run)
    )


@cli.command()
@click.argument("generation", required=False, type=click.IntRange(1))
@click.pass_obj
def rollback(settings: Settings, generation: int | None) -> None:
    """Answer from an earlier GENERATION again; without a number, from the one before."""
    library = _application(settings).library
    with library.writing("rollback at the terminal", 2.0):
        manifest = library.rollback(generation)
    click.echo(f"Generation {manifest.generation} of {manifest.created[:16].replace('T', ' ')} answers now.")


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.pass_obj
def status(settings: Settings, as_json: bool) -> None:
    """Tell documents, passages, model and generations, with sizes and ages."""
    from bot.status import read_status, status_text

    found = read_status(_application(settings))
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else status_text(found))


@cli.command()
@click.option("--quick", is_flag=True, help="Only the files of the index; asks no question.")
@click.pass_obj
def check(settings: Settings, quick: bool) -> None:
    """Verify the index and replay the recorded questions; status 1 if anything is wrong."""
    from bot.checking import check_index, check_questions
    from bot.progress import progress_bar

    application = _application(settings)
    click.echo(check_index(application))
    if not quick:
        _ready(application)
        with progress_bar("Asking the recorded questions") as progress:
            found = check_questions(application, progress)
        click.echo(found)


def _application(settings: Settings) -> "Application":
    from bot.wiring import Application

    return Application(settings)


def _ready(application: "Application") -> None:
    """Build the index with a progress bar where there is none, or none that fits."""
    from bot.console import report_text
    from bot.progress import progress_bar

    with progress_bar("Reading the documents") as progress:
        report = application.ready(who="start-up", progress=progress)
    if report is not None:
        click.echo(report_text(report, dry_run=False), err=True)


class _BadLine(Exception):
    """A line of standard input that is not what the command reads."""


def _each_line(lines: TextIO, handle: Any) -> None:
    """One JSON object out for each line in; a bad line gets one that says so, and status 1 at the end."""
    bad = 0
    for number, line in enumerate(_decoded(lines), 1):
        if not line.strip():
            continue
        try:
            click.echo(handle(line))
        except _BadLine as error:
            bad += 1
            click.echo(json.dumps({"id": None, "error": f"Line {number} {error}."}))
        sys.stdout.flush()
    if bad:
        raise click.ClickException(f"{bad} of the lines could not be used.")


def _decoded(lines: TextIO) -> Iterator[str]:
    """Lines as text whatever bytes they hold."""
    buffer = getattr(lines, "buffer", None)
    if buffer is None:
        yield from lines
    else:
        yield from (line.decode("utf-8", errors="replace") for line in buffer)


def _object(line: str, field: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        raise _BadLine("is not JSON") from None
    if not isinstance(found, dict) or not isinstance(found.get(field), str):
        raise _BadLine(f'is not an object with a "{field}" text')
    return found


def _ask_line(application: "Application", line: str) -> str:
    from bot.console import reply_json
    from knowledge.entities import Question, Turn

    found = _object(line, "question")
    history = found.get("history") or []
    if not isinstance(history, list) or not all(isinstance(turn, dict) for turn in history):
        raise _BadLine('has a "history" that is not a list of {"user", "bot"}')
    turns = tuple(Turn(str(turn.get("user", "")), str(turn.get("bot", ""))) for turn in history)
    started = time.perf_counter()
    reply = application.advisor.answer(Question(found["question"], turns))
    return reply_json(reply, found.get("id"), 1000 * (time.perf_counter() - started))


def _search_line(application: "Application", line: str, limit: int) -> str:
    found = _object(line, "query")
    hits = [
        {"document": hit.document, "passage": hit.passage, "score": round(hit.score, 6)}
        for hit in application.advisor.search(found["query"], limit)
    ]
    return json.dumps({"id": found.get("id"), "hits": hits}, ensure_ascii=False)


def _skill_line(application: "Application", line: str, as_json: Any) -> str:
    found = _object(line, "query")
    return str(as_json(application.skills.look_up(found["query"]), found.get("id")))


def main() -> None:
    """Entry point of `python -m bot` and `career-advisor`."""
    cli(prog_name="career-advisor")
