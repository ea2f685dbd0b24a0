"""The commands that answer: for people, for scripts, and the bot itself."""

import sys
from typing import TYPE_CHECKING

import click

from bot.terminal.group import make_ready, with_application

if TYPE_CHECKING:
    from bot.wiring import Application


@click.command()
@with_application
def run(application: "Application") -> None:
    """Log in to Discord, or converse here if there is no token.

    With DISCORD_TOKEN set, the bot logs in and stays until it is stopped. Without it, a conversation opens in
    the terminal; piped input gets one answer a line.
    """
    make_ready(application)
    if application.settings.discord_token is not None:
        from bot.serving import serve_discord

        serve_discord(application)
    else:
        from bot.conversation import converse

        converse(application, sys.stdin, sys.stdout)


@click.command()
@click.argument("question", required=False)
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object instead of text.")
@click.option("--jsonl", is_flag=True, help="Read questions from standard input, one JSON object a line.")
@click.option("--explain", is_flag=True, help="Tell how the answer came about, too.")
@with_application
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
    make_ready(application)
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


@click.command()
@click.argument("name", required=False)
@click.option("--jsonl", is_flag=True, help="Read names from standard input, one JSON object a line.")
@with_application
def skill(application: "Application", name: str | None, jsonl: bool) -> None:
    """Tell what a skill is and which documents name it.

    NAME may be misspelt or abbreviated. With --jsonl a line is {"id", "query"}; every line gets one JSON
    object.
    """
    if jsonl == (name is not None):
        raise click.UsageError("Give either a name or --jsonl.")
    make_ready(application)
    if name is None:
        from bot.lines import answer_lines, tell_skill

        answer_lines(sys.stdin, lambda found: tell_skill(application, found))
        return
    from bot.screen import show
    from bot.skill_texts import skill_text

    show(skill_text(application.skills.card(name)), sys.stdout)


@click.command()
@click.argument("kind", required=False)
@with_application
def skills(application: "Application", kind: str | None) -> None:
    """Tell which skills the documents name.

    Without KIND every kind is told with the number of its skills; with one, such as "databases" or "soft
    skills", its skills and how many documents name each.
    """
    from bot.screen import show
    from bot.skill_texts import skills_text

    make_ready(application)
    show(skills_text(application.skills, kind or ""), sys.stdout)


@click.command()
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
@with_application
def search(application: "Application", jsonl: bool, limit: int) -> None:
    """Rank passages for scripts, best first.

    A line is {"id", "query"}; every line gets one JSON object with its hits.
    """
    from bot.lines import answer_lines, rank_passages

    make_ready(application)
    answer_lines(sys.stdin, lambda found: rank_passages(application, found, limit))
