"""The conversation in a terminal: the same answerer and commands, without Discord."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TextIO

from bot.console import reply_text
from bot.lines import decoded
from bot.screen import show
from bot.skill_texts import compared_text, skill_text, skills_text
from bot.status import read_status, status_text
from bot.wiring import Application
from knowledge.entities import Question, Turn

log = logging.getLogger(__name__)

REMEMBERED = 6
"""Earlier turns a follow-up may refer to."""

GREETING = """\
Ask me about the work of backend engineers. I answer only from my documents, in their words.
/help shows what else I understand; /quit or Ctrl-D ends the conversation.
"""

HELP = """\
  your question     an answer with its sources, or an honest "I don't know"
  /skill NAME       who names a skill, and in which words
  /skills [KIND]    which skills are named, of which kind
  /compare A and B  two skills side by side, or one topic in every document
  /explain          how the last answer came about
  /status           documents, passages, model, generations
  /new              forget what was said so far
  /quit             leave"""

GOODBYE = "Good luck out there."

LEAVING = frozenset({"/quit", "/exit", "quit", "exit", "bye"})


def converse(application: Application, lines: TextIO, out: TextIO) -> None:
    """Answer line after line until the end. Piped input: one answer a line, then a clean exit."""
    typed = lines.isatty()
    if typed:
        show(GREETING, out)
        # The model takes seconds to load and a person takes seconds to type.
        threading.Thread(target=_warm, args=(application,), daemon=True).start()
    turns: list[Turn] = []
    reply = _reply_or_problem if typed else _reply
    for line in _typed(out) if typed else decoded(lines):
        said = line.strip()
        if said.lower() in LEAVING:
            break
        if said:
            text = reply(application, said, turns)
            show(f"\n{text}\n" if typed else f"{text}\n", out)
    if typed:
        show(GOODBYE, out)


def _typed(out: TextIO) -> Iterator[str]:
    import readline  # noqa: F401  # importing it gives input() history and line editing

    with suppress(EOFError):
        while True:
            yield input("you › ")
    show("", out)  # Ctrl-D leaves the cursor behind the prompt


def _warm(application: Application) -> None:
    try:
        application.advisor.warm()
    except Exception as error:  # noqa: BLE001  # the first question meets the same error and tells the person
        log.debug("Warming failed: %s", error)


def _reply_or_problem(application: Application, said: str, turns: list[Turn]) -> str:
    """The reply, or why there is none: what fails once must not send a person away."""
    try:
        return _reply(application, said, turns)
    except Exception as error:  # noqa: BLE001  # the terminal is an edge: one sentence, never a traceback
        from bot.errors import for_operator

        return for_operator(error)


def _reply(application: Application, said: str, turns: list[Turn]) -> str:
    command, _, rest = said.partition(" ")
    match command.lower():
        case "/help":
            return HELP
        case "/status":
            return status_text(read_status(application))
        case "/new":
            turns.clear()
            return "Forgotten."
        case "/explain":
            return _explanation(application, turns)
        case "/skill" if rest.strip():
            return skill_text(application.skills.card(rest))
        case "/skill":
            return "Which skill? For example: /skill PostgreSQL"
        case "/skills":
            return skills_text(application.skills, rest.strip())
        case "/compare" if rest.strip():
            return compared_text(application, rest.strip())
        case "/compare":
            return "Compare what? For example: /compare PostgreSQL and MongoDB, or: /compare security"
        case "/ask":
            said = rest
        case unknown if unknown.startswith("/"):
            return f"There is no {command}; /help shows the commands."
    text = reply_text(application.advisor.answer(Question(said, tuple(turns[-REMEMBERED:]))))
    # One more than is referred to: the last question can so be looked at with all that it had before it.
    turns[:] = [*turns, Turn(said, text)][-REMEMBERED - 1 :]
    return text


def _explanation(application: Application, turns: Sequence[Turn]) -> str:
    """How the last answer came about; after a reindex, how the same question is answered now."""
    if not turns:
        return "Ask something first."
    from bot.explanation import explanation_text

    *before, last = turns
    return explanation_text(application.advisor.explain(Question(last.user, tuple(before))))
