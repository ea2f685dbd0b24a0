"""`check` holds the answers to the recorded values and says what is worse."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.checking import OTHER_QUESTIONS
from bot.settings import read_settings
from bot.wiring import Application
from knowledge.entities import Question, Reply
from knowledge.recorded import Counts, Expected, Recorded, digest, parse
from knowledge.suite import Case
from tests.bot.fakes import FakeAdvisor, answer, no_answer
from tests.bot.terminal import Terminal, sentence_of

STRONG = (("strong",),)
CASES = [
    Case("1", "fact", Question("Why espresso?"), STRONG, False, False, forbidden=("free",)),
    Case("2", "list", Question("Which of them?"), STRONG, False, False),
    Case("3", "off-topic", Question("Who won?"), (), True, False, reason="off-topic"),
    Case("4", "language", Question("¿Por qué?"), STRONG, False, False),
]  # fmt: skip
LATE = "." * 700
ANSWERS = {case.question.text: "It is short and strong." for case in CASES} | {"Who won?": None}
"""What a faultless advisor says; None is a refusal."""
KINDS = {
    "fact": Counts(1, 1, 1, 0, 0, 0),
    "list": Counts(1, 1, 1, 0, 0, 0),
    "off-topic": Counts(1, 0, 0, 1, 0, 0),
}
RECORDED = Recorded(
    digest(CASES),
    with_languages=Expected(Counts(4, 3, 3, 1, 0, 0), {**KINDS, "language": Counts(1, 1, 1, 0, 0, 0)}),
    without_languages=Expected(Counts(3, 2, 2, 1, 0, 0), KINDS),
)


class Replay:
    """A terminal whose documents stand for the shipped articles; its advisor says what it is given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
        self.terminal = Terminal(monkeypatch, home)
        self._monkeypatch = monkeypatch
        monkeypatch.setattr("bot.checking.packaged_articles", lambda: self.terminal.articles)
        self.ask(CASES, RECORDED)
        self.says()

    def ask(self, cases: Sequence[Case], recorded: Recorded) -> None:
        self._monkeypatch.setattr("bot.checking.load", lambda: cases)
        self._monkeypatch.setattr("bot.checking.read_recorded", lambda: recorded)

    def says(self, **instead: str | None) -> FakeAdvisor:
        """Faultless but for the questions whose first words are named."""

        def reply(question: Question) -> Reply:
            text = instead.get(question.text.split()[0], ANSWERS[question.text])
            return Reply((no_answer() if text is None else answer(text),), 1)

        advisor = FakeAdvisor(reply)
        self.terminal.answer_with(advisor)
        return advisor

    def check(self) -> Any:
        self.index()
        return self.terminal("check")

    def index(self) -> None:
        application = Application(read_settings())
        # Not by the command, which would have the stand-in asked first.
        application.reindexer.run(application.folders(), who="a test")


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Replay:
    return Replay(monkeypatch, tmp_path)


def test_answers_as_good_as_recorded_pass(replay: Replay) -> None:
    result = replay.check()
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1] == (
        "Questions: 3 asked (1 in other languages left out); of 2 answerable, 2 right within 2,000 "
        "characters, 2 within 600, 0 declined; 1 of 1 due refusals made; "
        "0 answers that say what they must not. Nothing is worse than recorded."
    )


def test_answers_better_than_recorded_pass(replay: Replay) -> None:
    modest = Expected(Counts(3, 1, 0, 0, 2, 0), KINDS)
    replay.ask(CASES, replace(RECORDED, without_languages=modest))
    assert replay.check().exit_code == 0


@pytest.mark.parametrize(
    ("instead", "worse"),
    [
        (
            {"Which": f"{LATE} strong"},
            "right within 600 characters 1, at least 2 (1 too few).",
        ),
        (
            {"Why": "It is long.", "Which": "It is long."},
            "right within 2,000 characters 0, at least 2 (2 too few); "
            "right within 600 characters 0, at least 2 (2 too few). Most was lost in: fact (1), list (1).",
        ),
        (
            {"Which": None},
            "right within 2,000 characters 1, at least 2 (1 too few); "
            "right within 600 characters 1, at least 2 (1 too few); "
            "answerable declined 1, at most 0 (1 too many). Most was lost in: list (1).",
        ),
        (
            {"Who": "Somebody did."},
            "due refusals made 0, at least 1 (1 too few). Most was lost in: off-topic (1).",
        ),
        (
            {"Why": "It is strong and free."},
            "right within 2,000 characters 1, at least 2 (1 too few); "
            "right within 600 characters 1, at least 2 (1 too few); "
            "answers that say what they must not 1, at most 0 (1 too many). Most was lost in: fact (1).",
        ),
    ],
    ids=["late", "wrong", "declined", "not declined", "forbidden"],
)
def test_answers_worse_than_recorded_fail_with_what_is_missing(
    replay: Replay, instead: dict[str, str | None], worse: str
) -> None:
    replay.says(**instead)
    told = sentence_of(replay.check())
    assert told.startswith("Questions: 3 asked ")
    assert told.partition(" Worse than recorded: ")[2] == worse


def test_questions_in_other_languages_are_asked_where_they_can_be_read(
    replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay.index()
    monkeypatch.setattr(Application, "languages", SimpleNamespace(prepare=None))
    advisor = replay.says()
    assert "Questions: 4 asked; of 3 answerable, 3 right" in replay.terminal("check").stdout
    assert advisor.asked == [case.question.text for case in CASES]
    replay.says(**{"¿Por": None})
    assert sentence_of(replay.terminal("check")).endswith(" Most was lost in: language (1).")


@pytest.mark.parametrize(
    "cases",
    [CASES[:-1], [*CASES[1:], replace(CASES[0], facts=(("short",),))]],
    ids=["one fewer", "another answer expected"],
)
def test_values_recorded_about_other_questions_are_told_before_any_is_asked(
    replay: Replay, cases: list[Case]
) -> None:
    replay.ask(cases, RECORDED)
    advisor = replay.says()
    assert sentence_of(replay.check()) == OTHER_QUESTIONS
    assert advisor.asked == []


def test_order_of_the_questions_does_not_matter(replay: Replay) -> None:
    replay.ask(CASES[::-1], RECORDED)
    assert replay.check().exit_code == 0


def test_values_recorded_of_another_number_of_questions_are_told(replay: Replay) -> None:
    fewer = Expected(replace(RECORDED.without_languages.demanded, asked=2), KINDS)
    replay.ask(CASES, replace(RECORDED, without_languages=fewer))
    assert sentence_of(replay.check()) == OTHER_QUESTIONS


def test_recorded_values_that_cannot_be_read_are_told_in_one_sentence(
    replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.checking.read_recorded", lambda: parse("questions = "))
    assert sentence_of(replay.check()).startswith("The recorded values cannot be used: Invalid value ")


def test_what_differs_from_where_the_values_were_recorded_is_told_with_the_failure(replay: Replay) -> None:
    (replay.terminal.data / "documents").mkdir(parents=True)
    (replay.terminal.data / "documents" / "tea.md").write_text("# Tea\n\nTea is weak.\n", "utf-8")
    replay.terminal.set(MODEL="another")
    replay.says(Who="Somebody did.")
    assert sentence_of(replay.check()).endswith(
        " Recorded without: documents beside the shipped articles (1), another model than the packaged one."
    )
