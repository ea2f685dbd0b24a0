"""The terminal contract, command by command."""

import json
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest

from bot.cli import cli
from knowledge.entities import Question, Reply, Turn
from knowledge.journal.journal import Journal
from tests.bot.fakes import FakeAdvisor, answer
from tests.bot.terminal import ESPRESSO, OtherEmbedder, Terminal, sentence_of
from tests.fakes import HashingEmbedder

README = Path(__file__).parents[2] / "README.md"
WHY = "Why do engineers drink espresso?"
ANSWER = {
    "id", "answer", "abstained", "reason", "confidence", "sources", "quotes", "related",
    "generation", "latency_ms",
}  # fmt: skip
SKILL = {"id", "found", "canonical", "category", "aliases", "sources", "suggestions"}
REPORT = {
    "added", "changed", "removed", "unchanged", "complaints", "passages", "seconds",
    "generation", "published", "calibration",
    "dry_run", "proposal", "answers", "examples", "objections", "suite",
}  # fmt: skip
STATUS = {"data", "model", "generation", "fits", "documents", "passages", "generations", "proposal"}


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    return Terminal(monkeypatch, tmp_path)


# --- the command line itself --------------------------------------------------------------------------------


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Each by its name, those below a group as "gaps draft"."""
    for name, command in cli.commands.items():
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {below}", found) for below, found in command.commands.items())


EVERY = dict(every_command())


@pytest.mark.parametrize("name", EVERY)
def test_help_of_every_command_is_there_even_with_settings_that_cannot_be_used(
    terminal: Terminal, name: str
) -> None:
    terminal.set(THREADS="many")
    result = terminal(*name.split(), "--help")
    assert result.exit_code == 0
    command = EVERY[name]
    assert command.help is not None
    assert command.help.splitlines()[0] in result.stdout
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} {option.name} says nothing about itself"
    assert "..." not in terminal("--help").stdout.partition("Commands:")[2], "a summary is cut short"


@pytest.mark.parametrize("name", EVERY)
def test_every_command_and_option_is_documented(name: str) -> None:
    text = README.read_text("utf-8")
    rows = "\n".join(line for line in text.splitlines() if line.startswith("| `") and f"`{name}" in line)
    if name == "run":
        assert "`python -m bot`" in text
        return
    assert rows, f"README has no row for {name}"
    for option in EVERY[name].params:
        if isinstance(option, click.Option):
            assert max(option.opts, key=len) in rows


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("stauts", "Did you mean status?"),
        (
            "xyzzy",
            f"The commands are: {', '.join(cli.commands)}.",
        ),
        ("what is redis?", 'A question is asked with: ask "what is redis?"'),
    ],
)
def test_unknown_command_is_told_what_there_is(terminal: Terminal, name: str, hint: str) -> None:
    result = terminal(name)
    assert result.exit_code == 2
    assert result.stderr.endswith(f"Error: There is no command '{name}'. {hint}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["ask"],
        ["ask", "why?", "--jsonl"],
        ["ask", "why", "not"],
        ["skill"],
        ["skill", "redis", "--jsonl"],
        ["search"],
        ["search", "--jsonl", "--limit", "0"],
        ["search", "--jsonl", "--limit", "many"],
        ["reindex", "--only"],
        ["reindex", "--dry-run", "--hold"],
        ["reindex", "--override", " "],
        ["publish", "--override", ""],
        ["changes", "--group", "lost"],
        ["lint", "--only"],
        ["rollback", "0"],
        ["rollback", "first"],
        ["status", "--jsn"],
    ],
    ids=" ".join,
)
def test_command_line_that_cannot_be_understood_ends_with_2(
    terminal: Terminal, arguments: Sequence[str]
) -> None:
    result = terminal(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage: career-advisor" in result.stderr
    assert not terminal.data.exists()


def test_interrupt_ends_with_130_and_the_old_generation_still_answers(terminal: Terminal) -> None:
    class Interrupted(HashingEmbedder):
        def embed(self, *_: object, **__: object) -> None:  # type: ignore[override]  # never returns
            raise KeyboardInterrupt

    terminal("reindex")
    terminal.write("third.md", "# Third\n\nSomething new is told here.\n")
    terminal.embed_with(Interrupted())
    result = terminal("reindex")
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "Stopped.\n")
    terminal.embed_with(HashingEmbedder())
    assert terminal.generation == 1
    assert terminal("reindex").exit_code == 0
    assert terminal.generation == 2


# --- answers ------------------------------------------------------------------------------------------------


def test_answer_is_for_a_person_and_the_report_of_the_first_start_is_on_standard_error(
    terminal: Terminal,
) -> None:
    first = terminal("ask", WHY)
    assert first.stdout.startswith(
        "> Engineers drink espresso because it is short and strong.\n— Espresso › "
    )
    assert "Generation 1 answers now" in first.stderr
    again = terminal("ask", WHY)
    assert (again.stdout, again.stderr) == (first.stdout, "")


def test_answer_as_json_has_the_keys_of_the_contract_and_all_the_text(terminal: Terminal) -> None:
    (found,) = terminal.objects("ask", WHY, "--json")
    assert found.keys() == ANSWER
    assert found["answer"] == terminal("ask", WHY).stdout.rstrip("\n")
    assert (found["id"], found["abstained"], found["reason"]) == (None, False, None)
    assert found["confidence"] in {"high", "medium", "low"}
    assert found["sources"] == ["Espresso › Why engineers drink it"]
    assert [quote.keys() for quote in found["quotes"]] == [{"text", "document", "section", "passage"}]
    assert found["quotes"][0]["text"] in ESPRESSO
    assert found["quotes"][0]["section"] == "Why engineers drink it"
    assert found["generation"] == 1
    assert found["latency_ms"] > 0


def test_refusal_as_json_has_a_reason_and_no_confidence(terminal: Terminal) -> None:
    (found,) = terminal.objects("ask", "Who won the football cup?", "--json")
    assert found.keys() == ANSWER
    assert (found["abstained"], found["confidence"]) == (True, None)
    assert found["reason"] == "nothing about this in the knowledge base"
    assert (found["sources"], found["quotes"]) == ([], [])


def test_every_line_gets_one_object_with_its_id(terminal: Terminal) -> None:
    identifiers: list[object] = [7, "seven", None, [1, {"a": None}], 1.5, "\u2028 é \ud800"]
    found = terminal.objects(
        "ask", "--jsonl", lines=[{"id": known, "question": WHY} for known in identifiers]
    )
    assert [line["id"] for line in found] == identifiers
    assert all(line.keys() == ANSWER and not line["abstained"] for line in found)


def test_history_reaches_the_answerer(terminal: Terminal) -> None:
    asked: list[Question] = []

    def remember(question: Question) -> Reply:
        asked.append(question)
        return Reply((answer("Yes."),), 1)

    terminal.answer_with(FakeAdvisor(remember))
    history = [{"user": "What is Redis?", "bot": "A cache."}, {"user": "And Go?"}, {"bot": None}]
    terminal.objects("ask", "--jsonl", lines=[{"question": "Why?", "history": history}, {"question": "So?"}])
    turns = (Turn("What is Redis?", "A cache."), Turn("And Go?", ""), Turn("", ""))
    assert asked == [Question("Why?", turns), Question("So?")]


def test_each_line_is_answered_before_the_next_is_sent(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal("reindex")
    questions, to_ask = os.pipe()
    to_read, answers = os.pipe()
    with (
        os.fdopen(questions) as stdin,
        os.fdopen(to_ask, "w") as asking,
        os.fdopen(to_read) as reading,
        os.fdopen(answers, "w") as stdout,
    ):
        monkeypatch.setattr(sys, "stdin", stdin)
        monkeypatch.setattr(sys, "stdout", stdout)
        running = threading.Thread(target=lambda: cli(["ask", "--jsonl"], standalone_mode=False))
        running.start()
        for number in range(3):
            asking.write(f'{{"id": {number}, "question": "{WHY}"}}\n')
            asking.flush()
            assert json.loads(reading.readline())["id"] == number
        asking.close()
        running.join(10)
        assert not running.is_alive()


def test_skill_as_json_has_the_keys_of_the_contract(terminal: Terminal) -> None:
    terminal.write("skills.md", "# Skills\n\n## Databases\n\nEverybody here knows PostgreSQL well.\n")
    known, misspelt, unknown = terminal.objects(
        "skill",
        "--jsonl",
        lines=[{"id": n, "query": q} for n, q in enumerate(["postgres", "postgers", "knitting"])],
    )
    assert known.keys() == misspelt.keys() == unknown.keys() == SKILL
    assert (known["found"], known["canonical"], known["category"]) == (True, "PostgreSQL", "database")
    assert "Postgres" in known["aliases"]
    assert known["sources"] == ["Skills › Databases"]
    assert misspelt | {"id": 0} == known
    assert (unknown["found"], unknown["canonical"], unknown["sources"]) == (False, None, [])


def test_skill_for_a_person_quotes_who_names_it(terminal: Terminal) -> None:
    terminal.write("skills.md", "# Skills\n\n## Databases\n\nEverybody here knows PostgreSQL well.\n")
    result = terminal("skill", "postgres")
    assert "\n> Everybody here knows PostgreSQL well.\n— «Skills»" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "  databases    1  PostgreSQL"),
        (["databases"], "databases – 1 skill:\n  PostgreSQL  1 document"),
        (["soft"], "No skill of that kind is named. The kinds are: database, practice."),
    ],
)
def test_skills_lists_kinds_or_the_skills_of_one(terminal: Terminal, arguments: list[str], text: str) -> None:
    terminal.write("skills.md", "# Skills\n\n## Storage\n\nEverybody here knows PostgreSQL well.\n")
    assert text in terminal("skills", *arguments).stdout


def test_search_ranks_at_most_as_many_as_asked_for(terminal: Terminal) -> None:
    (found,) = terminal.objects("search", "--jsonl", "--limit", "2", lines=[{"id": 1, "query": WHY}])
    assert found.keys() == {"id", "hits"}
    assert [hit["document"] for hit in found["hits"]] == ["espresso", "espresso"]
    assert all(hit.keys() == {"document", "passage", "score"} for hit in found["hits"])
    assert found["hits"][0]["score"] >= found["hits"][1]["score"]
    (everything,) = terminal.objects("search", "--jsonl", "--limit", "1000", lines=[{"id": 1, "query": WHY}])
    assert len(everything["hits"]) == 3


# --- the index ----------------------------------------------------------------------------------------------


def test_reindex_reports_what_changed_and_publishes_only_then(terminal: Terminal) -> None:
    (first,) = terminal.objects("reindex", "--json")
    assert first.keys() == REPORT
    assert (first["added"], first["generation"], first["published"]) == (["espresso", "stand-up"], 1, True)
    assert {complaint["rule"] for complaint in first["complaints"]} == {"empty-section", "no-origin"}
    terminal.write("espresso.md", ESPRESSO.replace("strong", "hot"))
    (terminal.articles / "stand-up.md").unlink()
    (second,) = terminal.objects("reindex", "--json")
    assert (second["changed"], second["removed"], second["generation"]) == (["espresso"], ["stand-up"], 2)
    (third,) = terminal.objects("reindex", "--json")
    assert (third["unchanged"], third["generation"], third["published"]) == (["espresso"], 2, False)


@pytest.mark.parametrize("before", [True, False], ids=["with an index", "without one"])
def test_dry_run_tells_and_changes_nothing(terminal: Terminal, before: bool) -> None:
    if before:
        terminal("reindex")
    terminal.write("third.md", "# Third\n\nSomething new is told here.\n")
    files = sorted(terminal.data.rglob("*"))
    result = terminal("reindex", "--dry-run")
    assert "added    third" in result.stdout
    assert result.stdout.endswith("Dry run: nothing was changed.\n")
    assert sorted(terminal.data.rglob("*")) == files
    assert terminal.generation == (1 if before else None)


def test_only_reads_nothing_but_the_folders_named(terminal: Terminal, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.md").write_text(f"# {name}\n\nThis is about {name}.\n")
    (found,) = terminal.objects("reindex", "--json", "--only", "--sources", "one", "--sources", "two")
    assert found["added"] == ["one", "two"]
    (added,) = terminal.objects("reindex", "--json", "--sources", "one")
    assert added["added"] == ["espresso", "stand-up"]
    assert added["removed"] == ["two"]


def test_rollback_goes_back_and_to_a_named_generation(terminal: Terminal) -> None:
    for number in range(3):
        terminal.write("more.md", f"# More\n\nThere are {number} of them.\n")
        terminal("reindex")
    assert terminal("rollback").stdout.startswith("Generation 2, made 2")
    assert terminal.generation == 2
    assert terminal("rollback", "3").stdout.startswith("Generation 3, ")
    assert terminal.generation == 3


def test_status_tells_documents_and_generations(terminal: Terminal) -> None:
    assert terminal("status").stdout == (
        f"No index in {terminal.data} yet; it is built at the first start or by: reindex\n"
    )
    terminal("reindex")
    (found,) = terminal.objects("status", "--json")
    assert found.keys() == STATUS
    assert (found["generation"], found["fits"], found["passages"]) == (1, True, 3)
    assert found["documents"][0] == {"id": "espresso", "title": "Espresso", "passages": 2}
    (kept,) = found["generations"]
    assert kept.keys() == {"generation", "created", "documents", "passages", "bytes"}
    assert kept["bytes"] > 0
    assert "→ 1: 2 documents, 3 passages" in terminal("status").stdout


def test_check_says_what_is_sound(terminal: Terminal) -> None:
    terminal("reindex")
    sound = "Index: generation 1 is sound (2 documents, 3 passages).\n"
    assert terminal("check", "--quick").stdout == sound
    assert terminal("check").stdout.startswith(f"{sound}Questions: none asked; ")


@pytest.mark.parametrize(
    ("embedder", "problem"),
    [
        (None, "There is no sound index; the next start or a reindex builds one."),
        (OtherEmbedder(), "The index was made with another model or version; the next start rebuilds it."),
    ],
)
def test_check_fails_where_nothing_fitting_answers(
    terminal: Terminal, embedder: HashingEmbedder | None, problem: str
) -> None:
    if embedder:
        terminal("reindex")
        terminal.embed_with(embedder)
    assert sentence_of(terminal("check", "--quick")) == problem


# --- told ---------------------------------------------------------------------------------------------------


def test_told_shows_what_people_told_the_admins_and_not_who(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal("told").stdout == "Nobody has told anything yet.\n"
    assert terminal("told", "--json").stdout == ""
    journal = Journal(terminal.data / "journal.db")
    for question in ("What do they earn?", "Which visa?"):
        journal.tell(person="77001", question=question, reason="nothing", generation=3, passages=(), key=None)
    journal.close()
    first, second = terminal("told").stdout.splitlines()
    assert "Which visa?  (nothing; version 3)" in first
    assert "What do they earn?" in second
    shown = terminal("told", "--json").stdout
    assert [json.loads(line)["question"] for line in shown.splitlines()] == [
        "Which visa?",
        "What do they earn?",
    ]
    assert "77001" not in shown
