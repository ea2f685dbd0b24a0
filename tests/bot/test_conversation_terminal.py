"""The conversation without Discord: typed by a person, or piped in."""

import builtins
import io
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.conversation import GOODBYE, GREETING, HELP, LEAVING, REMEMBERED, converse
from bot.settings import Settings
from bot.wiring import Application
from index.library import Busy
from knowledge.entities import Question, Reply
from tests.bot.fakes import FakeAdvisor, answer
from tests.bot.terminal import STANDUP, Terminal, sentence_of

WHY = "Why do engineers drink espresso?"
ESPRESSO = "> Engineers drink espresso because it is short and strong."


class Keyboard(io.StringIO):
    """Standard input with a person at it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    return Terminal(monkeypatch, tmp_path)


@pytest.fixture
def application(terminal: Terminal) -> Application:
    found = Application(
        Settings(data_dir=terminal.data, sources=(terminal.articles,), shipped_articles=False)
    )
    found.ready(who="a test")
    return found


def typed(
    monkeypatch: pytest.MonkeyPatch,
    application: Application,
    lines: Iterable[str],
    ending: type[BaseException] = EOFError,
) -> str:
    """What a person reads who types these lines and then ends the input."""
    waiting = iter(lines)

    def type_next(_: str) -> str:
        for line in waiting:
            return line
        raise ending

    monkeypatch.setattr(builtins, "input", type_next)
    out = io.StringIO()
    converse(application, Keyboard(), out)
    return out.getvalue()


def remembering(terminal: Terminal) -> list[Question]:
    """Lets an advisor answer that writes down what it is asked."""
    asked: list[Question] = []

    def remember(question: Question) -> Reply:
        asked.append(question)
        return Reply((answer("Yes."),), 1)

    terminal.answer_with(FakeAdvisor(remember))
    return asked


def test_piped_conversation_gets_one_answer_a_line_and_a_clean_exit(terminal: Terminal) -> None:
    terminal("reindex")
    result = terminal(stdin=f"{WHY}\n\n   \nWhen does the stand-up start?".encode() + b" caf\xff\r\n")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.count("\n— ") == 2
    assert result.stdout.startswith(ESPRESSO)
    assert GREETING.strip() not in result.stdout


def test_nothing_piped_is_a_clean_exit(terminal: Terminal) -> None:
    terminal("reindex")
    result = terminal("run", stdin="")
    assert (result.exit_code, result.stdout) == (0, "")


def test_piped_conversation_that_fails_ends_with_a_sentence(terminal: Terminal) -> None:
    terminal("reindex")
    advisor = FakeAdvisor()
    advisor.fails_with(Busy("The index is being changed."))
    terminal.answer_with(advisor)
    assert sentence_of(terminal(stdin="Why?\n")) == "The index is being changed."


def test_person_is_greeted_answered_and_seen_off(
    monkeypatch: pytest.MonkeyPatch, application: Application
) -> None:
    said = typed(monkeypatch, application, [WHY, "", "  "])
    assert said.startswith(f"{GREETING}\n\n{ESPRESSO}\n")
    assert said.endswith(f"\n{GOODBYE}\n")
    assert said.count("\n— ") == 1


@pytest.mark.parametrize("word", [*sorted(LEAVING), "QUIT", " bye "])
def test_person_can_leave_with_a_word(
    monkeypatch: pytest.MonkeyPatch, application: Application, word: str
) -> None:
    said = typed(monkeypatch, application, [word, WHY])
    assert ESPRESSO not in said
    assert said.endswith(f"{GOODBYE}\n")


def test_interrupt_leaves_at_once(monkeypatch: pytest.MonkeyPatch, application: Application) -> None:
    with pytest.raises(KeyboardInterrupt):
        typed(monkeypatch, application, [], ending=KeyboardInterrupt)


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("/help", HELP),
        ("/HELP", HELP),
        ("/new", "Forgotten."),
        ("/skill", "Which skill? For example: /skill PostgreSQL"),
        ("/skill redis", "Redis – database: no document names it."),
        ("/skills", "  practices    1  Stand-up meetings"),
        ("/skills databases", "No skill of that kind is named. The kinds are: practice."),
        ("/compare", "Compare what? For example: /compare PostgreSQL and MongoDB"),
        ("/compare redis and fortran", "Fortran – language: no document names it."),
        ("/compare espresso", "1 of 2 documents says something:"),
        ("/status", "Documents   2, 3 passages"),
        ("/dance now", "There is no /dance; /help shows the commands."),
        (f"/ask {WHY}", ESPRESSO),
        ("/ask", "I found no words in that."),
    ],
)
def test_commands_are_understood(
    monkeypatch: pytest.MonkeyPatch, application: Application, line: str, reply: str
) -> None:
    assert reply in typed(monkeypatch, application, [line])
    out = io.StringIO()
    converse(application, io.StringIO(f"{line}\n"), out)
    assert reply in out.getvalue()


def test_every_command_of_the_help_is_known(
    monkeypatch: pytest.MonkeyPatch, application: Application
) -> None:
    for line in HELP.splitlines()[1:]:
        assert "There is no" not in typed(monkeypatch, application, [line.split()[0]])


def test_earlier_turns_are_remembered_until_forgotten(terminal: Terminal, application: Application) -> None:
    asked = remembering(terminal)
    lines = [*map(str, range(REMEMBERED + 2)), "/new", "again", "/ask more"]
    converse(application, io.StringIO("\n".join(lines)), io.StringIO())
    assert [len(question.history) for question in asked] == [*range(REMEMBERED + 1), REMEMBERED, 0, 1]
    assert asked[REMEMBERED + 1].history[0].user == "1"
    assert asked[1].history[0].bot.startswith("> Yes.")
    assert asked[-1].text == "more"


def test_failure_is_told_and_the_conversation_goes_on(
    monkeypatch: pytest.MonkeyPatch, terminal: Terminal, application: Application
) -> None:
    def fail_once(question: Question) -> Reply:
        if question.text == "first":
            raise Busy("The index is being changed.")
        return Reply((answer("Yes."),), 1)

    terminal.answer_with(FakeAdvisor(fail_once))
    said = typed(monkeypatch, application, ["first", "second"])
    assert "\nThe index is being changed.\n" in said
    assert "\n> Yes.\n" in said


def test_model_that_cannot_be_warmed_is_told_with_the_first_question_only(
    monkeypatch: pytest.MonkeyPatch, terminal: Terminal, application: Application
) -> None:
    advisor = FakeAdvisor()
    advisor.fails_to_warm_with(RuntimeError("no memory"))
    terminal.answer_with(advisor)
    assert "no memory" not in typed(monkeypatch, application, [WHY])


def test_reindex_elsewhere_is_picked_up_by_a_running_conversation(
    monkeypatch: pytest.MonkeyPatch, terminal: Terminal, application: Application
) -> None:
    when = "When does the stand-up start?"

    def lines() -> Iterable[str]:
        yield when
        terminal.write("stand-up.md", STANDUP.replace("at nine", "at eleven"))
        assert terminal("reindex").exit_code == 0
        yield when
        assert terminal("rollback").exit_code == 0
        yield when

    before, after, back = typed(monkeypatch, application, lines()).split("> The stand-up starts ")[1:]
    assert before.startswith("at nine ")
    assert after.startswith("at eleven ")
    assert back.startswith("at nine ")
