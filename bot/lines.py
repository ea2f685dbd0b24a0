"""One JSON object out for each line of standard input: what scripts talk to."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TextIO

import click

from bot.console import json_line, reply_json
from bot.skill_texts import skill_json
from knowledge.entities import Question, Turn

if TYPE_CHECKING:
    from bot.wiring import Application


class BadLine(Exception):
    """A line of standard input is not what the command reads; the message says how, in half a sentence."""


class LinesUnused(Exception):
    """Some lines could not be used; the message says how many."""


def answer_lines(lines: TextIO, answer: Callable[[Mapping[str, Any]], str]) -> None:
    """Answer line after line, each written before the next is read. Raises LinesUnused when all are done."""
    if lines.isatty():
        click.echo("Reading one JSON object a line; Ctrl-D ends.", err=True)
    total = unused = 0
    for number, line in enumerate(decoded(lines), 1):
        if not line.strip():
            continue
        total += 1
        found: Mapping[str, Any] = {}
        try:
            found = _object(line)
            text = answer(found)
        except Exception as error:  # noqa: BLE001  # one line's failure must not silence the lines after it
            unused += 1
            text = json_line({"id": found.get("id"), "error": _problem(number, error)})
        click.echo(text)
    if unused:
        raise LinesUnused(f"{unused} of {total} lines could not be answered; their objects say why.")


def decoded(lines: TextIO) -> Iterator[str]:
    """Lines as text, whatever bytes they hold."""
    for line in getattr(lines, "buffer", lines):
        text = line.decode("utf-8", errors="replace") if isinstance(line, bytes) else line
        yield text.removeprefix("\ufeff")


def answer_question(application: "Application", found: Mapping[str, Any], *, explain: bool = False) -> str:
    """The answer to {"id", "question", "history"}."""
    question = Question(_text(found, "question"), _turns(found))
    return answer_json(application, question, found.get("id"), explain=explain)


def answer_json(
    application: "Application", question: Question, identifier: object, *, explain: bool = False
) -> str:
    """The answer to one question, with how it came about where that is wanted too."""
    started = time.perf_counter()
    explained = application.advisor.explain(question) if explain else None
    reply = explained.reply if explained else application.advisor.answer(question)
    latency = 1000 * (time.perf_counter() - started)
    if explained is None:
        return reply_json(reply, identifier, latency)
    from bot.explanation import explanation_values

    return reply_json(reply, identifier, latency, explanation_values(explained))


def rank_passages(application: "Application", found: Mapping[str, Any], limit: int) -> str:
    """The best passages for {"id", "query"}."""
    ranked = application.advisor.search(_text(found, "query"), limit)
    hits = [
        {"document": hit.document, "passage": hit.passage, "score": round(hit.score, 6)} for hit in ranked
    ]
    return json_line({"id": found.get("id"), "hits": hits})


def tell_skill(application: "Application", found: Mapping[str, Any]) -> str:
    """What is known about the skill of {"id", "query"}."""
    return skill_json(application.skills.card(_text(found, "query")), found.get("id"))


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadLine("is not JSON") from None
    if not isinstance(found, dict):
        raise BadLine("is not a JSON object")
    return found


def _refuse(constant: str) -> None:
    # Python reads NaN and Infinity, but written out again they are not JSON.
    raise ValueError(constant)


def _text(found: Mapping[str, Any], field: str) -> str:
    value = found.get(field)
    if not isinstance(value, str):
        raise BadLine(f'has no text under "{field}"')
    return value


def _turns(found: Mapping[str, Any]) -> tuple[Turn, ...]:
    history = found.get("history") or []
    if not isinstance(history, list) or not all(_is_turn(turn) for turn in history):
        raise BadLine('has a "history" that is not a list of {"user", "bot"} texts')
    return tuple(Turn(turn.get("user") or "", turn.get("bot") or "") for turn in history)


def _is_turn(turn: object) -> bool:
    return isinstance(turn, dict) and all(isinstance(turn.get(key) or "", str) for key in ("user", "bot"))


def _problem(number: int, error: Exception) -> str:
    if isinstance(error, BadLine):
        return f"Line {number} {error}."
    from bot.errors import for_operator

    return for_operator(error)
