"""Documents, gaps and digests at the terminal."""

import getpass
import json
import os
from pathlib import Path

import pytest

from bot.gap_text import gap_text
from knowledge import meanings
from knowledge.gaps import Gap
from knowledge.journal.journal import Journal
from tests.bot.terminal import Terminal, sentence_of
from tests.knowledge.documents import RoomyEmbedder

BREAD = "# Bread\n\nBread is baked before dawn.\n"
ASKED = "When is bread baked?"
ADDED = {"file", "ids", "passages", "words", "replaces", "complaints"}
HELD = {
    "id", "title", "passages", "words", "changed", "place", "indexed", "complaints", "removed", "until",
}  # fmt: skip
GAP = {
    "key", "people", "questions", "hidden", "subject", "reasons", "first", "last", "state", "again", "beside",
    "around",
}  # fmt: skip
SINCE = "2026-03-01T00:00:00+00:00"
DIGEST = {
    "period", "asked", "answered", "partly", "declined", "failed", "disagreed", "gaps", "more_gaps",
    "new_gaps", "stale", "undated", "ratings", "changes",
}  # fmt: skip


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    monkeypatch.setattr(getpass, "getuser", lambda: "anna")
    terminal = Terminal(monkeypatch, tmp_path)
    terminal.embed_with(RoomyEmbedder())
    (tmp_path / "bread.md").write_text(BREAD)
    return terminal


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits there and can be asked."""
    monkeypatch.setattr("bot.terminal.documents.somebody_is_there", lambda: True)


def deeds(terminal: Terminal) -> list[tuple[str, str]]:
    """What was done to what, oldest first."""
    return [(deed["deed"], deed["about"]) for deed in reversed(terminal.objects("log", "--json"))]


# --- adding -------------------------------------------------------------------------------------------------


def test_add_shows_what_the_file_became_and_counts_from_the_next_reindex_on(terminal: Terminal) -> None:
    terminal("reindex")
    told = terminal("add", "bread.md", "--yes").stdout
    assert told.startswith(
        "bread.md: 5 words, 1 passage\n  Bread (bread); author not stated, date not stated\n"
    )
    assert "\n\nBread is baked before dawn.\n\n" in told
    assert told.endswith("bread: counts from the next reindex on.\n")
    assert "> Bread is baked" not in terminal("ask", ASKED).stdout
    assert "  added    bread\n" in terminal("reindex").stdout
    assert "> Bread is baked before dawn." in terminal("ask", ASKED).stdout
    assert deeds(terminal)[-3:-2] == [("added", "bread")]


def test_add_tells_whom_a_page_is_credited_to(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "bread.md").write_text("# Bread\n\nBy Anna Baker, 2 January 2026\n\nBread is baked.\n")
    assert "  Bread (bread); Anna Baker, 2026-01-02\n" in terminal("add", "bread.md", "--yes").stdout


def test_add_tells_the_first_of_very_many_documents(terminal: Terminal, tmp_path: Path) -> None:
    rows = [json.dumps({"id": f"b{number}", "text": f"Bread {number}."}) for number in range(30)]
    (tmp_path / "bread.jsonl").write_text("\n".join([*rows, *["nonsense"] * 25]))
    told = terminal("add", "bread.jsonl", "--yes").stdout
    assert told.count("(bread.jsonl#") == 20
    assert "\n  and 10 more documents\n" in told
    assert "more complaints\n" in told
    assert told.endswith("30 documents: count from the next reindex on.\n")


def test_a_name_steers_no_terminal(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "\x1b[2Jx.exe").write_bytes(b"MZ")
    result = terminal("add", "\x1b[2Jx.exe", "\x1b[2Jy.md", "--yes")
    assert "\x1b" not in result.stdout + result.stderr


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(
    ("typed", "added"), [("y\n", True), ("n\n", False), ("\n", False), ("what?\ny\n", True)]
)
def test_add_asks_before_it_counts(terminal: Terminal, typed: str, added: bool) -> None:
    result = terminal("add", "bread.md", stdin=typed)
    assert result.exit_code == 0
    assert "Add it? [y/N]" in result.stderr
    assert ("Not added." in result.stderr) is not added
    assert (("added", "bread") in deeds(terminal)) is added
    assert not list((terminal.data / "uploads").iterdir())


@pytest.mark.usefixtures("person")
def test_add_that_is_interrupted_adds_nothing(terminal: Terminal) -> None:
    result = terminal("add", "bread.md", stdin="")
    assert (result.exit_code, result.stderr.endswith("Stopped.\n")) == (130, True)
    assert terminal("log").stdout == "Nothing has been done yet.\n"


def test_add_where_nobody_can_be_asked_needs_yes(terminal: Terminal) -> None:
    result = terminal("add", "bread.md")
    assert sentence_of(result) == "Nobody can be asked here whether it may be added; --yes adds it."
    assert "Bread is baked before dawn." in result.stdout
    assert not list((terminal.data / "uploads").iterdir())


def test_add_takes_what_is_said_of_a_file(terminal: Terminal) -> None:
    said = [
        "--title",
        "On bread",
        "--author",
        "Anna Baker",
        "--date",
        "2026-01-02",
        "--link",
        "https://a.example/b",
    ]
    terminal("add", "bread.md", "--yes", *said)
    terminal("reindex")
    told = terminal("ask", ASKED).stdout
    assert "«On bread», Anna Baker, 2026-01-02" in told


def test_add_shows_the_beginning_of_a_long_text_and_what_is_wrong(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "long.md").write_text(f"# Long\n\n## Salary\n\n## Text\n\n{'All bread is good. ' * 500}\n")
    told = terminal("add", "long.md", "--yes").stdout
    assert "[empty-section]" in told
    assert "… and 8," in told
    assert " more characters\n" in told


def test_add_as_json_is_one_object_a_file(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "rolls.md").write_text("# Rolls\n\nRolls are round.\n")
    first, second = terminal.objects("add", "bread.md", "rolls.md", "--yes", "--json")
    assert first.keys() == ADDED
    assert (first["file"], first["ids"], first["replaces"]) == ("bread.md", ["bread"], None)
    assert second["ids"] == ["rolls"]
    (tmp_path / "bread.md").write_text(BREAD.replace("dawn", "noon"))
    (again,) = terminal.objects("add", "bread.md", "--yes", "--json")
    assert again["replaces"] == "bread"


def test_add_says_what_it_replaces(terminal: Terminal, tmp_path: Path) -> None:
    terminal("add", "bread.md", "--yes")
    (tmp_path / "bread.md").write_text(BREAD.replace("dawn", "noon"))
    assert "\nIt replaces bread.\n" in terminal("add", "bread.md", "--yes").stdout
    assert "before noon" in terminal("download", "bread").stdout


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("gone.md", None, "gone.md is not a file."),
        ("empty.md", b"", "It is empty."),
        ("large.md", b"x" * 2_000, "It has 1,001 bytes; the limit is 1,000."),
    ],
)
def test_add_of_what_cannot_be_taken_is_one_sentence(
    terminal: Terminal, tmp_path: Path, name: str, data: bytes | None, problem: str
) -> None:
    terminal.set(UPLOAD_LIMIT=1_000)
    if data is not None:
        (tmp_path / name).write_bytes(data)
    assert sentence_of(terminal("add", name, "--yes")) == problem
    assert terminal("log").stdout == "Nothing has been done yet.\n"


def test_add_of_a_pipe_does_not_wait_for_it(terminal: Terminal, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert sentence_of(terminal("add", "pipe.md", "--yes")) == "pipe.md is not a file."


def test_add_of_a_file_that_cannot_be_read_is_told(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def forbidden(path: Path, *arguments: object, **named: object) -> object:
        if path.name == "bread.md":
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **named)  # type: ignore[call-overload]  # whatever it was given

    monkeypatch.setattr(Path, "open", forbidden)
    assert sentence_of(terminal("add", "bread.md", "--yes")) == "bread.md cannot be read (Permission denied)."


def test_of_several_files_the_good_ones_are_added(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_bytes(b"")
    result = terminal("add", "empty.md", "bread.md", "gone.md", "--yes")
    assert result.exit_code == 1
    assert result.stderr == (
        "empty.md: It is empty.\ngone.md: gone.md is not a file.\nError: 2 of 3 files were not added.\n"
    )
    assert deeds(terminal) == [("added", "bread")]


@pytest.mark.parametrize(
    "arguments",
    [
        ["bread.md", "rolls.md", "--title", "x", "--yes"],
        ["a.md", "b.md", "--gap", "k"],
        ["bread.md", "--json"],
        [],
    ],
    ids=" ".join,
)
def test_add_that_cannot_be_understood_ends_with_2(terminal: Terminal, arguments: list[str]) -> None:
    assert terminal("add", *arguments).exit_code == 2


# --- removing, listing, reading -----------------------------------------------------------------------------


def test_remove_and_restore(terminal: Terminal) -> None:
    terminal("reindex")
    told = terminal("remove", "espresso").stdout
    assert told == "espresso (Espresso) counts no more from the next reindex on; restore brings it back.\n"
    assert "  removed  espresso\n" in terminal("reindex").stdout
    assert terminal("restore", "espresso").stdout == "espresso counts again from the next reindex on.\n"
    assert "  added    espresso\n" in terminal("reindex").stdout
    assert [deed for deed in deeds(terminal) if deed[1] == "espresso"] == [
        ("removed", "espresso"),
        ("restored", "espresso"),
    ]


def test_an_added_document_that_is_removed_is_kept_for_a_while(terminal: Terminal) -> None:
    terminal("add", "bread.md", "--yes")
    assert "; restore brings it back until 20" in terminal("remove", "bread").stdout


@pytest.mark.parametrize("command", ["remove", "restore", "download"])
def test_unknown_document_is_one_sentence(terminal: Terminal, command: str) -> None:
    sentence = sentence_of(terminal(command, "nothing"))
    assert "“nothing”" in sentence
    assert terminal("log").stdout == "Nothing has been done yet.\n"


def test_of_several_documents_the_known_ones_are_removed(terminal: Terminal) -> None:
    result = terminal("remove", "nothing", "espresso")
    assert result.stdout.startswith("espresso (Espresso) counts no more")
    assert result.stderr.endswith("Error: 1 of 2 documents were not removed.\n")


def test_sources_lists_documents_and_what_can_be_restored(terminal: Terminal) -> None:
    terminal("reindex")
    terminal("add", "bread.md", "--yes")
    terminal("remove", "stand-up")
    found = {entry["id"]: entry for entry in terminal.objects("sources", "--json")}
    assert all(entry.keys() == HELD for entry in found.values())
    bread, espresso = found["bread"], found["espresso"]
    assert (bread["place"], bread["indexed"], bread["removed"]) == ("added", False, None)
    assert (espresso["place"], espresso["indexed"], espresso["passages"]) == ("folder", True, 2)
    assert espresso["complaints"].keys() == {"error", "warning", "note"}
    told = terminal("sources").stdout
    assert "Bread (bread); 1 passage, 5 words; added; changed 20" in told
    assert "; not indexed yet" in told
    assert "Stand-up (stand-up); 1 passage" in told, "it answers until the next reindex"
    assert "gone, answers until the next reindex" in told
    assert "Removed:\n  Stand-up (stand-up), removed 20" in told


def test_sources_without_a_document_says_so(terminal: Terminal) -> None:
    for path in terminal.articles.iterdir():
        path.unlink()
    assert terminal("sources").stdout == "No document yet.\n"


def test_download_writes_the_cleaned_text(terminal: Terminal) -> None:
    terminal("add", "bread.md", "--yes")
    before = terminal("download", "bread").stdout
    assert before.strip().endswith("Bread is baked before dawn.")
    terminal("reindex")
    assert terminal("download", "bread").stdout == before


# --- lint ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("blocked_by", "status"), [("none", 0), ("error", 1), ("warning", 1)])
def test_lint_fails_where_complaints_would_block_publishing(
    terminal: Terminal, tmp_path: Path, blocked_by: str, status: int
) -> None:
    terminal.set(BLOCKED_BY=blocked_by)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "odd.xyz").write_text("x")
    (tmp_path / "bad" / "huge.md").write_text("x" * 2_000)
    terminal.set(FILE_LIMIT=1_000)
    result = terminal("lint", "--only", "--sources", "bad")
    assert "huge.md" in result.stdout
    assert result.exit_code == status
    if status:
        assert result.stderr.startswith("Error: ")
        assert result.stderr.endswith(" would block publishing.\n")


def test_lint_as_json_is_one_object(terminal: Terminal) -> None:
    (found,) = terminal.objects("lint", "--json")
    assert found.keys() == {"documents", "worst", "counts", "complaints"}
    assert found["documents"] == 2


# --- gaps and digests ---------------------------------------------------------------------------------------


@pytest.fixture
def gap(terminal: Terminal) -> str:
    """Somebody told a question to the admins, and somebody else's was declined; the key of the first."""
    terminal("reindex")
    journal = Journal(terminal.data / "journal.db")
    journal.tell(person="77001", question=ASKED, reason="nothing", generation=1, passages=(), key=None)
    journal.close()
    (found,) = terminal.objects("gaps", "--json")
    key: str = found["key"]
    return key


def test_gaps_lists_what_was_asked_in_vain_and_not_who(terminal: Terminal, gap: str) -> None:
    (found,) = terminal.objects("gaps", "--json")
    assert found.keys() == GAP
    assert (found["questions"], found["people"], found["state"]) == ([ASKED], 1, "open")
    told = terminal("gaps").stdout
    assert told.startswith(f"1 person: “{ASKED}”\n    nothing (1 person)\n    first 20")
    assert told.endswith(f"; key {gap}\n")
    assert "77001" not in told


def test_what_people_typed_cannot_steer_the_terminal(terminal: Terminal, gap: str) -> None:
    journal = Journal(terminal.data / "journal.db")
    question = "Is \x1b[2Jtea\u202e served?"
    journal.tell(person="77002", question=question, reason="nothing", generation=1, passages=(), key=None)
    journal.close()
    for command in (["gaps"], ["told"], ["digest"]):
        said = terminal(*command).stdout
        assert "Is [2Jtea served?" in said
        assert said.replace("\n", "").isprintable()


def test_gaps_that_are_near_stand_below_each_other(terminal: Terminal, gap: str) -> None:
    many = Gap("k.1", 2, (), True, "nothing", {"nothing": 2}, SINCE, SINCE, "open", around=3)
    few = Gap(
        "k.2", 1, ("Is tea served?",), False, "nothing", {"nothing": 1}, SINCE, SINCE, "open", beside="k.1"
    )
    assert gap_text(many).splitlines() == [
        "2 people, 3 with what is near: nothing",
        "    nothing (2 people)",
        "    first 2026-03-01, last 2026-03-01; key k.1",
    ]
    assert gap_text(few).splitlines()[0] == "  1 person: “Is tea served?”"


def test_gaps_says_how_much_is_not_sorted_in(
    terminal: Terminal, gap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meanings, "MOST", 0)
    result = terminal("gaps")
    assert result.stdout == "Nothing waits to be answered.\n"
    assert result.stderr.startswith("Not sorted in: 1 questions and ratings; ")


def test_gaps_says_that_nothing_waits(terminal: Terminal) -> None:
    assert terminal("gaps").stdout == "Nothing waits to be answered.\n"
    assert terminal("gaps", "--json").stdout == ""


@pytest.mark.parametrize(
    ("command", "said", "deed"),
    [("answered", "Marked as answered: ", "marked"), ("dismiss", "Dismissed: ", "dismissed")],
)
def test_a_gap_is_marked(terminal: Terminal, gap: str, command: str, said: str, deed: str) -> None:
    result = terminal("gaps", command, gap)
    assert (result.exit_code, result.stdout.startswith(said)) == (0, True)
    assert ASKED not in result.stdout
    assert terminal("gaps").stdout == "Nothing waits to be answered.\n"
    assert deeds(terminal)[-1][0] == deed
    assert terminal("gaps", "reopen", gap).stdout.startswith("Open again: ")
    assert ASKED in terminal("gaps").stdout


@pytest.mark.parametrize("command", ["answered", "dismiss", "reopen", "draft"])
def test_a_gap_that_is_gone_is_one_sentence(terminal: Terminal, command: str) -> None:
    terminal("reindex")
    gone = "Nothing is left of that: who asked it had it deleted, or asked it too long ago."
    assert sentence_of(terminal("gaps", command, "nothing")) == gone


def test_a_slip_below_gaps_is_told_what_there_is(terminal: Terminal) -> None:
    result = terminal("gaps", "dismis", "key")
    assert result.exit_code == 2
    assert result.stderr.endswith("Error: There is no command 'dismis'. Did you mean dismiss?\n")


def test_a_page_for_a_gap_is_begun_written_added_and_closes_it(
    terminal: Terminal, gap: str, tmp_path: Path
) -> None:
    result = terminal("gaps", "draft", gap)
    assert result.stdout.startswith('---\ntitle: "When is bread baked"\ndate: 20')
    assert result.stdout.endswith(f"\n## {ASKED}\n\n")
    assert result.stderr == f"Write the answer under the heading; then: add FILE --gap {gap}\n"
    page = tmp_path / "page.md"
    page.write_text(result.stdout)
    assert terminal("add", "page.md", "--yes").exit_code == 1, "nothing is under its heading"
    page.write_text(f"{result.stdout}Bread is baked before dawn.\n")
    added = terminal("add", "page.md", "--yes", "--gap", gap)
    assert added.exit_code == 0
    assert "topics" not in page.read_text("utf-8")
    published = terminal("reindex")
    assert published.stderr.startswith("Marked as answered: ")
    assert "> Bread is baked before dawn." in terminal("ask", ASKED).stdout
    assert terminal("gaps").stdout == "Nothing waits to be answered.\n"


def test_a_page_for_a_gap_closes_it_also_where_it_waits_first(
    terminal: Terminal, gap: str, tmp_path: Path
) -> None:
    terminal("add", "bread.md", "--yes", "--gap", gap)
    assert terminal("reindex", "--hold").stderr == ""
    assert terminal("publish").stderr.startswith("Marked as answered: ")


def test_a_hidden_gap_is_drafted_without_its_words(terminal: Terminal) -> None:
    terminal("reindex")
    journal = Journal(terminal.data / "journal.db")
    journal.decline(person="77001", question="Does Petra earn more?", reason="nothing", near="", generation=1)
    journal.close()
    (found,) = terminal.objects("gaps", "--json")
    assert (found["hidden"], found["questions"]) == (True, [])
    for command in (["gaps"], ["gaps", "draft", found["key"]], ["digest"], ["digest", "--json"]):
        assert "Petra" not in terminal(*command).output
    assert "## Title\n" in terminal("gaps", "draft", found["key"]).stdout


def test_what_cannot_be_noted_after_publishing_is_told_and_stays_published(
    terminal: Terminal, gap: str
) -> None:
    terminal("add", "bread.md", "--yes")
    for path in terminal.data.glob("journal.db*"):
        path.unlink()
    (terminal.data / "journal.db").mkdir()
    result = terminal("reindex")
    assert result.exit_code == 0
    assert "journal" in result.stderr
    assert terminal.generation == 2


def test_digest_tells_the_last_week(terminal: Terminal, gap: str) -> None:
    (found,) = terminal.objects("digest", "--json")
    assert found.keys() == DIGEST
    assert [entry["key"] for entry in found["gaps"]] == [gap]
    told = terminal("digest").stdout
    assert told.startswith("From 20")
    assert f"1 person: “{ASKED}”" in told
    assert "terminal (anna) published generation 1" in told


def test_digest_since_a_day(terminal: Terminal, gap: str) -> None:
    (found,) = terminal.objects("digest", "--json", "--since", "2020-02-29")
    assert found["period"]["since"].startswith("2020-02-29")
    assert terminal("digest", "--since", "2999-01-01").exit_code == 2
    assert terminal("digest", "--since", "yesterday").exit_code == 2


def test_json_of_every_listing_is_one_object_a_line(terminal: Terminal, gap: str) -> None:
    for command in ("gaps", "sources", "log", "generations", "digest", "status", "lint"):
        for line in terminal(command, "--json").stdout.splitlines():
            assert isinstance(json.loads(line), dict)
