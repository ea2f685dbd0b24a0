"""Proposing, comparing, deciding and going back at the terminal."""

import getpass
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import bot.terminal.group
import knowledge.gate.gate
import knowledge.publishing
from bot.terminal.group import at_the_terminal
from bot.wiring import Application
from index.folder.library import FolderLibrary
from knowledge.entities import Answer, Confidence, Origin, Quote, Reply, Source
from knowledge.gate.changes import Objection
from knowledge.journal.journal import Journal
from tests.bot.terminal import Terminal, sentence_of
from tests.knowledge.documents import RoomyEmbedder
from tests.knowledge.publishers import ASKS_COFFEE, ASKS_TEA, COFFEE, PAGES, TEA, case, page

PROCESS = Path(__file__).with_name("command_process.py")
ROOT = Path(__file__).parents[2]
OTHER_TEA = page("Tea", "Tea is poured into the green cup, always.", ASKS_TEA)
CAKE = page("Cake", "Cake is cut with a wooden knife.", "What is cake cut with?")
CHANGE = {"question", "origin", "group", "must", "lost_facts", "before", "after"}
GENERATION = {
    "generation", "current", "created", "published_at", "who", "reason", "documents", "passages", "bytes",
    "asked", "answered", "declined", "helpful", "unhelpful",
}  # fmt: skip
DEED = {"id", "at", "who", "deed", "generation", "about", "reason"}
WAITING = {"key", "who", "at", "base", "answers", "objections"}


class Kitchen(Terminal):
    """A terminal with the pages of tea and coffee."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
        super().__init__(monkeypatch, home)
        self.embed_with(RoomyEmbedder())
        self.hold(PAGES)

    def hold(self, pages: dict[str, str]) -> None:
        """Have the folder hold exactly these pages."""
        for path in self.articles.iterdir():
            path.unlink()
        for name, text in pages.items():
            self.write(name, text)

    @property
    def waiting(self) -> dict[str, Any] | None:
        """What `status` tells of what waits."""
        found: dict[str, Any] | None = self.objects("status", "--json")[0]["proposal"]
        return found

    def process(self, *arguments: str) -> "subprocess.Popen[str]":
        """A command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, str(PROCESS), *arguments],
            cwd=self.home,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def end_of(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Its status, output and diagnostics."""
    with process:
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kitchen:
    monkeypatch.setattr(getpass, "getuser", lambda: "anna")
    return Kitchen(monkeypatch, tmp_path)


@pytest.fixture
def objected(terminal: Kitchen, monkeypatch: pytest.MonkeyPatch) -> Kitchen:
    """Coffee has to be answered, and its page is gone."""
    monkeypatch.setattr(Application, "_cases", lambda _: [case(ASKS_COFFEE, "engineer")])
    monkeypatch.setattr(Application, "_shipped", lambda _: frozenset({"tea"}))
    terminal("reindex")
    terminal.hold({"tea.md": PAGES["tea.md"]})
    return terminal


LOST = f"1 question that has to be answered would be lost: “{ASKS_COFFEE}”."

# --- reindex ------------------------------------------------------------------------------------------------


def test_reindex_tells_what_becomes_of_the_answers_and_publishes(terminal: Kitchen) -> None:
    first = terminal("reindex").stdout
    assert "questions asked" not in first
    assert "No answers were compared" not in first
    terminal.hold({"tea.md": OTHER_TEA, "cake.md": CAKE})
    told = terminal("reindex").stdout
    assert (
        "3 questions asked of both: 0 unchanged, 1 now answered, 1 answered in other words, "
        "1 no longer answered.\n"
        f"  no longer answered: {ASKS_COFFEE} (listed by a document)\n"
        f"  answered in other words: {ASKS_TEA} (listed by a document, has to be answered)\n"
        "  now answered: What is cake cut with? (listed by a document)\n"
        "Generation 2 answers now: "
    ) in told


def test_reindex_as_json_tells_the_groups_and_examples(terminal: Kitchen) -> None:
    terminal("reindex")
    terminal.hold(PAGES | {"tea.md": OTHER_TEA})
    (found,) = terminal.objects("reindex", "--json")
    assert (found["published"], found["dry_run"], found["proposal"]) == (True, False, None)
    assert found["answers"] == {
        "no-longer-answered": 0, "source-changed": 1, "now-answered": 0, "unchanged": 1,
    }  # fmt: skip
    assert [(example["question"], example["group"]) for example in found["examples"]] == [
        (ASKS_TEA, "source-changed")
    ]
    assert found["objections"] == []


def test_of_very_many_changed_answers_a_few_are_named(terminal: Kitchen) -> None:
    questions = [f"What is the weather on day {number}?" for number in range(9)]
    terminal.hold({"sky.md": page("Sky", "The weather is good.", *questions)})
    terminal("reindex")
    terminal.hold({"sky.md": page("Sky", "The weather is bad.", *questions)})
    told = terminal("reindex", "--dry-run").stdout
    assert told.count("  answered in other words: ") == 3
    assert "  … and 6 more answered in other words\n" in told


def test_reindex_with_objections_keeps_it_for_a_decision_and_fails(objected: Kitchen) -> None:
    result = objected("reindex")
    assert result.exit_code == 1
    assert result.stderr == (
        f'Error: Not published; it waits for a decision (changes, publish --override "…", discard). {LOST}\n'
    )
    assert f"Objection: {LOST}\n" in result.stdout
    assert result.stdout.endswith(
        "Generation 1 goes on answering.\nIt waits for a decision: changes, publish, discard.\n"
    )
    assert objected.generation == 1
    waiting = objected.waiting
    assert waiting is not None
    assert waiting.keys() == WAITING
    assert (waiting["who"], waiting["base"]) == ("terminal (anna)", 1)
    assert [objection["rule"] for objection in waiting["objections"]] == ["must-answer-lost"]
    assert f"Waiting     {waiting['key']}, proposed 2" in objected("status").stdout
    assert "; 1 objection\n" in objected("status").stdout


def test_reindex_as_json_with_objections_writes_its_report_all_the_same(objected: Kitchen) -> None:
    result = objected("reindex", "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["published"], found["generation"]) == (1, False, 1)
    assert found["proposal"] == (objected.waiting or {})["key"]
    assert found["objections"] == [{"rule": "must-answer-lost", "sentence": LOST, "overridable": True}]


def test_reindex_with_a_reason_publishes_all_the_same_and_notes_it(objected: Kitchen) -> None:
    result = objected("reindex", "--override", "Coffee is over.")
    assert result.exit_code == 0
    assert (objected.generation, objected.waiting) == (2, None)
    deeds = [(deed["deed"], deed["who"], deed["reason"]) for deed in objected.objects("log", "--json")]
    assert deeds[:2] == [
        ("published", "terminal (anna)", ""),
        ("overrode", "terminal (anna)", "Coffee is over."),
    ]


def test_reindex_tells_where_no_reason_helps(terminal: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal("reindex")
    terminal.hold(PAGES | {"cake.md": CAKE})
    broken = Objection("integrity", "It is broken.", overridable=False)
    monkeypatch.setattr(knowledge.gate.gate, "_failed", lambda _: [broken])
    result = terminal("reindex", "--override", "I do not care.")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: Not published, and no reason overcomes that (changes, discard). It is broken.\n"
    )
    assert "Objection: It is broken. No reason overcomes it.\n" in result.stdout
    assert terminal.generation == 1


def test_hold_keeps_it_for_a_decision_without_objections_too(terminal: Kitchen) -> None:
    terminal("reindex")
    terminal.hold(PAGES | {"cake.md": CAKE})
    result = terminal("reindex", "--hold")
    assert (result.exit_code, result.stderr, terminal.generation) == (0, "", 1)
    assert result.stdout.endswith("It waits for a decision: changes, publish, discard.\n")
    assert terminal("publish").stdout.startswith("Generation 2, made 2")
    assert (terminal.generation, terminal.waiting) == (2, None)


def test_what_waited_before_is_replaced_and_that_is_said(terminal: Kitchen) -> None:
    terminal("reindex")
    terminal.hold(PAGES | {"cake.md": CAKE})
    assert terminal("reindex", "--hold").stderr == ""
    assert terminal("reindex", "--dry-run").stderr == ""
    terminal.hold(PAGES | {"tea.md": OTHER_TEA})
    assert terminal("reindex").stderr == "This takes the place of what terminal (anna) proposed.\n"
    assert (terminal.generation, terminal.waiting) == (2, None)


def test_the_first_index_can_be_held_too(terminal: Kitchen) -> None:
    assert "Nothing answers yet.\nIt waits" in terminal("reindex", "--hold").stdout
    assert terminal("discard").stdout == "Discarded; nothing answers yet.\n"
    assert terminal.generation is None


def test_hold_where_nothing_changed_keeps_nothing(terminal: Kitchen) -> None:
    terminal("reindex")
    assert "Nothing changed; generation 1 answers" in terminal("reindex", "--hold").stdout
    assert terminal.waiting is None


def test_dry_run_tells_the_answers_and_leaves_what_waits(terminal: Kitchen) -> None:
    terminal("reindex")
    terminal.hold(PAGES | {"cake.md": CAKE})
    terminal("reindex", "--hold")
    waiting = terminal.waiting
    terminal.hold({"tea.md": OTHER_TEA})
    told = terminal("reindex", "--dry-run").stdout
    assert "1 answered in other words, 1 no longer answered.\n" in told
    assert told.endswith("Dry run: nothing was changed.\n")
    assert (terminal.generation, terminal.waiting) == (1, waiting)
    assert [deed["deed"] for deed in terminal.objects("log", "--json")] == [
        "proposed", "published", "proposed",
    ]  # fmt: skip


def test_dry_run_of_the_first_index_tells_documents_and_complaints_only(terminal: Kitchen) -> None:
    (dry,) = terminal.objects("reindex", "--dry-run", "--json")
    assert not terminal.data.exists()
    (first,) = terminal.objects("reindex", "--json")
    assert dry.keys() == first.keys()
    for key in ("added", "complaints", "passages"):
        assert dry[key] == first[key]
    assert (dry["dry_run"], dry["published"], dry["generation"]) == (True, False, None)


def test_what_another_version_made_is_said_not_to_be_compared(terminal: Kitchen) -> None:
    terminal("reindex")
    other = RoomyEmbedder()
    other.fingerprint = "another model"
    terminal.embed_with(other)
    assert "No answers were compared: " in terminal("reindex").stdout
    assert terminal.generation == 2


# --- changes ------------------------------------------------------------------------------------------------


def test_changes_shows_each_question_before_and_after(objected: Kitchen) -> None:
    objected("reindex")
    key = (objected.waiting or {})["key"]
    told = objected("changes").stdout
    assert told.startswith("Proposed 2")
    assert f"by terminal (anna), compared with generation 1; its key is {key}.\n" in told
    assert "  removed  coffee\n" in told
    assert f"\n═ no longer answered: {ASKS_COFFEE} (recorded, has to be answered)\n" in told
    assert f"─ Before:\n> {COFFEE}\n" in told
    assert "─ After:\nI don't know." in told
    assert f": {ASKS_TEA} (" not in told


def test_changes_as_json_is_one_object_a_question(objected: Kitchen) -> None:
    objected("reindex")
    (found,) = objected.objects("changes", "--json")
    assert found.keys() == CHANGE
    assert (found["question"], found["group"], found["must"]) == (ASKS_COFFEE, "no-longer-answered", True)
    assert (found["before"]["abstained"], found["after"]["abstained"]) == (False, True)
    assert COFFEE in found["before"]["answer"]


@pytest.mark.parametrize(
    ("group", "questions"),
    [
        ("no-longer-answered", [ASKS_COFFEE]),
        ("source-changed", [ASKS_TEA]),
        ("now-answered", ["What is cake cut with?"]),
        ("unchanged", []),
    ],
)
def test_changes_shows_one_group_alone(terminal: Kitchen, group: str, questions: list[str]) -> None:
    terminal("reindex")
    terminal.hold({"tea.md": OTHER_TEA, "cake.md": CAKE})
    terminal("reindex", "--hold")
    found = terminal.objects("changes", "--json", "--group", group)
    assert [change["question"] for change in found] == questions


def test_changes_shows_unchanged_questions_without_replies(terminal: Kitchen) -> None:
    terminal("reindex")
    terminal.hold(PAGES | {"cake.md": CAKE})
    terminal("reindex", "--hold")
    told = terminal("changes", "--group", "unchanged").stdout
    assert f"═ unchanged: {ASKS_TEA} (listed by a document, has to be answered)" in told
    assert "Before" not in told


def test_changes_says_that_nothing_waits_or_changes(terminal: Kitchen) -> None:
    assert terminal("changes").stdout == "Nothing waits for a decision.\n"
    assert terminal("changes", "--json").stdout == ""
    terminal("reindex", "--hold")
    assert terminal("changes").stdout.endswith("No answer changes.\n")
    assert "compared with nothing" in terminal("changes").stdout


def test_a_question_that_was_told_and_deleted_since_is_shown_without_its_words(terminal: Kitchen) -> None:
    terminal("reindex")
    journal = Journal(terminal.data / "journal.db")
    journal.tell(
        person="77", question="Who brews coffee here?", reason="nothing", generation=1, passages=(), key=None
    )
    terminal.hold({"tea.md": PAGES["tea.md"]})
    terminal("reindex", "--hold")
    assert "no longer answered: Who brews coffee here? (told by somebody)" in terminal("changes").stdout
    assert "Who brews coffee here" not in (terminal.data / "proposal.json").read_text()
    journal.forget("77")
    journal.close()
    told = terminal("changes").stdout
    assert "Who brews coffee here" not in told
    assert "no longer answered: (a question that was deleted since) (told by somebody)" in told
    assert None in [change["question"] for change in terminal.objects("changes", "--json")]


# --- publish and discard ------------------------------------------------------------------------------------


def test_publish_with_objections_needs_a_reason(objected: Kitchen) -> None:
    objected("reindex")
    assert sentence_of(objected("publish")) == LOST
    assert objected.generation == 1
    assert objected("publish", "--override", "Coffee is over.").exit_code == 0
    assert objected.generation == 2


@pytest.mark.parametrize("command", ["publish", "discard"])
def test_without_a_proposal_there_is_nothing_to_decide(terminal: Kitchen, command: str) -> None:
    assert sentence_of(terminal(command)) == "Nothing waits for a decision."
    assert sentence_of(terminal(command, "unknown")) == "That was decided or replaced already."


@pytest.mark.parametrize("command", ["publish", "discard"])
def test_what_was_decided_or_replaced_is_told_with_who_did_it(terminal: Kitchen, command: str) -> None:
    terminal("reindex", "--hold")
    first = (terminal.waiting or {})["key"]
    terminal.hold(PAGES | {"cake.md": CAKE})
    terminal("reindex", "--hold")
    second = (terminal.waiting or {})["key"]
    assert sentence_of(terminal(command, first)) == "That was decided or replaced already."
    terminal("publish", second)
    told = sentence_of(terminal(command, second))
    assert told == "This was published as generation 1 already, by terminal (anna)."


def test_discard_leaves_what_answers(objected: Kitchen) -> None:
    objected("reindex")
    assert objected("discard").stdout == "Discarded; generation 1 goes on answering.\n"
    assert (objected.generation, objected.waiting) == (1, None)
    assert f"> {COFFEE}" in objected("ask", ASKS_COFFEE).stdout


def test_somebody_at_work_is_named_to_who_would_decide(
    terminal: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.terminal.group, "PATIENCE", 0.0)
    monkeypatch.setattr(knowledge.publishing, "PATIENCE", 0.0)
    terminal("reindex")
    terminal.hold(PAGES | {"cake.md": CAKE})
    terminal("reindex", "--hold")
    with FolderLibrary(terminal.data).writing("the nightly import"):
        for command in (["publish"], ["discard"], ["reindex"], ["reindex", "--dry-run"], ["rollback", "1"]):
            assert sentence_of(terminal(*command)).startswith(
                "The index is being changed by the nightly import since 2"
            )
    assert terminal("publish").exit_code == 0


def test_of_two_processes_that_publish_at_once_one_does_and_the_other_says_who_did(
    terminal: Kitchen,
) -> None:
    terminal("reindex")
    terminal.hold(PAGES | {"cake.md": CAKE})
    terminal("reindex", "--hold")
    key = (terminal.waiting or {})["key"]
    ends = sorted(map(end_of, [terminal.process("publish", key) for _ in range(2)]))
    assert [status for status, _, _ in ends] == [0, 1], ends
    assert ends[0][1].startswith("Generation 2, made 2")
    assert ends[1][2].startswith("Error: This was published as generation 2 already, by terminal (")
    assert [deed["deed"] for deed in terminal.objects("log", "--json")].count("published") == 2
    assert terminal.generation == 2


def test_a_kill_between_proposing_and_publishing_leaves_it_waiting(terminal: Kitchen) -> None:
    terminal("reindex")
    terminal.hold(PAGES | {"cake.md": CAKE})
    assert end_of(terminal.process("die", "reindex"))[0] == -signal.SIGKILL
    assert terminal.generation == 1
    assert terminal.waiting is not None
    assert terminal("publish").exit_code == 0
    assert terminal.generation == 2


# --- generations and going back -----------------------------------------------------------------------------


def test_generations_tells_who_published_what_and_why(objected: Kitchen) -> None:
    assert objected.objects("generations", "--json")[0].keys() == GENERATION
    objected("reindex", "--override", "Coffee is over.")
    second, first = objected.objects("generations", "--json")
    assert (first["generation"], first["current"], first["documents"]) == (1, False, ["coffee", "tea"])
    assert (second["who"], second["reason"], second["current"]) == (
        "terminal (anna)", "Coffee is over.", True,
    )  # fmt: skip
    told = objected("generations").stdout.splitlines()
    assert told[0].startswith("→ 2: 1 document, 1 passage, ")
    assert told[1].startswith("    published 2")
    assert told[1].endswith(" by terminal (anna) although something spoke against it: Coffee is over.")
    assert told[2].startswith("  1: 2 documents, 2 passages, ")


def test_generations_without_one_says_so(terminal: Kitchen) -> None:
    assert terminal("generations").stdout == "No generation yet.\n"
    assert terminal("generations", "--json").stdout == ""


def rate(journal: Journal, *, helpful: bool, times: int) -> None:
    quote = Quote(TEA, "tea#0", 0, len(TEA), Source("tea", "Tea", (), Origin()))
    reply = Reply((Answer("", (quote,), (), Confidence("high", "one"), (), 1),), 1)
    for number in range(times):
        journal.rate(person=f"{number}-{helpful}", key=journal.keep(reply), helpful=helpful)


def test_generations_tells_how_its_answers_were_rated(terminal: Kitchen) -> None:
    terminal("reindex")
    journal = Journal(terminal.data / "journal.db")
    rate(journal, helpful=True, times=3)
    rate(journal, helpful=False, times=1)
    journal.close()
    (found,) = terminal.objects("generations", "--json")
    assert (found["helpful"], found["unhelpful"], found["asked"]) == (3, 1, 0)
    told = terminal("generations").stdout
    assert "    helpful 3 of 4; too few to tell\n" in told
    assert "    answered" not in told


def test_rollback_tells_what_comes_back(terminal: Kitchen) -> None:
    terminal("reindex")
    terminal.hold({"tea.md": OTHER_TEA, "cake.md": CAKE})
    terminal("reindex")
    told = terminal("rollback").stdout.splitlines()
    assert told[0].startswith("Generation 1, made 2")
    assert told[0].endswith(" UTC, answers now.")
    assert told[1:] == ["  come back coffee", "  go        cake", "  change    tea"]
    assert terminal.objects("log", "--json", "--limit", "1")[0]["about"] == "from 2"


# --- the log ------------------------------------------------------------------------------------------------


def test_log_tells_who_did_what(objected: Kitchen) -> None:
    assert objected("log").stdout.count("\n") == 2
    objected("reindex", "--override", "Coffee is over.")
    assert all(deed.keys() == DEED for deed in objected.objects("log", "--json"))
    told = objected("log").stdout.splitlines()
    assert "  terminal (anna)  published  generation 2  " in told[0]
    assert "  terminal (anna)  overrode  generation 1  " in told[1]
    assert told[1].endswith("  (Coffee is over.)")
    assert objected("log", "--limit", "1").stdout.count("\n") == 1


def test_log_before_anything_was_done(terminal: Kitchen) -> None:
    assert terminal("log").stdout == "Nothing has been done yet.\n"
    assert terminal("log", "--json").stdout == ""


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("anna", "terminal (anna)"),
        ("", "terminal"),
        ("\x1b[31m\n", "terminal ([31m)"),
        ("x" * 99, f"terminal ({'x' * 32})"),
    ],
)
def test_who_is_at_the_terminal_is_named(monkeypatch: pytest.MonkeyPatch, name: str, who: str) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: name)
    assert at_the_terminal() == who


@pytest.mark.parametrize("error", [OSError, KeyError, ImportError])
def test_who_is_unknown_is_the_terminal(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def fail() -> str:
        raise error

    monkeypatch.setattr(getpass, "getuser", fail)
    assert at_the_terminal() == "terminal"
