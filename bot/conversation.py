"""The conversation in a terminal: the same answerer and commands, without Discord."""

import threading
from typing import TextIO

from bot.console import reply_text, skill_text
from bot.status import read_status, status_text
from bot.wiring import Application
from knowledge.entities import Question, Turn

REMEMBERED = 6
"""Earlier turns a follow-up may refer to."""

GREETING = """\
Ask me about the work of backend engineers. I answer only from my documents, in their words.
/help shows what else I understand; an empty line or Ctrl-D ends the conversation.
"""

HELP = """\
  your question     an answer with its sources, or an honest "I don't know"
  /skill NAME       who names a skill, and in which words
  /status           documents, passages, model, generations
  /new              forget what was said so far
  /quit             leave
"""

GOODBYE = "Good luck out there."


def converse(application: Application, lines: TextIO, out: TextIO) -> None:
    """Answer line after line until the end. Piped input: one answer a line, then a clean exit."""
    if lines.isatty():
        _converse_with_person(application, out)
    else:
        for line in lines:
            if line.strip():
                _say(out, f"{_reply(application, line, [])}\n")


def _converse_with_person(application: Application, out: TextIO) -> None:
    import readline  # noqa: F401  # importing it gives input() history and line editing

    _say(out, GREETING)
    # The model takes seconds to load and a person takes seconds to type.
    threading.Thread(target=application.advisor.warm, daemon=True).start()
    turns: list[Turn] = []
    while (line := _read()).strip() not in ("", "/quit", "/exit"):
        _say(out, f"\n{_reply(application, line, turns)}\n")
    _say(out, GOODBYE)


def _say(out: TextIO, text: str) -> None:
    out.write(f"{text}\n")
    out.flush()


def _read() -> str:
    try:
        return input("you › ")
    except (EOFError, KeyboardInterrupt):
        return ""


def _reply(application: Application, line: str, turns: list[Turn]) -> str:
    command, _, rest = line.strip().partition(" ")
    match command:
        case "/help":
            return HELP
        case "/status":
            return status_text(read_status(application))
        case "/new":
            turns.clear()
            return "Forgotten."
        case "/skill":
            return skill_text(application.skills.look_up(rest))
        case "/ask":
            line = rest
        case _ if command.startswith("/"):
            return f"There is no {command}; /help shows the commands."
    text = reply_text(application.advisor.answer(Question(line.strip(), tuple(turns))))
    turns[:] = [*turns, Turn(line.strip(), text)][-REMEMBERED:]
    return text
