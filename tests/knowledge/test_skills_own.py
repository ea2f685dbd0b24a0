"""Skills stated beside the documents join the catalogue of their generation."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.folder.library import FolderLibrary
from knowledge.background import read_background
from knowledge.corpus.reading import Corpus, read_corpus
from knowledge.reindexing import Reindexer, ReindexReport
from knowledge.skills.catalogue import Catalogue, catalogue_of, load_catalogue, with_own
from knowledge.skills.entries import KINDS, LISTS, Entries, Skill, parse
from knowledge.skills.names import Known
from knowledge.skills.own import Stated, as_facts, from_facts, merge, read_entry, read_own
from knowledge.skills.sightings import read_sightings
from tests.knowledge.documents import RoomyEmbedder, write

SHIPPED = load_catalogue()
BASE = parse(
    """
    words = ["carbon"]
    [[skill]]
    name = "Redis"
    kind = "database"
    aliases = ["Remote Dictionary Server"]
    typed = ["rds"]
    decoys = ["Redis Street"]
    [[skill]]
    name = "Kafka"
    kind = "messaging"
    [others]
    language = ["Rust", "Zig"]
    """
)
RUST = '[[skill]]\nname = "Rust"\nkind = "language"\n'


def joined(text: str, entries: Entries = BASE) -> tuple[dict[str, Skill], Entries, list[str]]:
    stated, flaws = read_own(text)
    merged = merge(entries, stated)
    messages = [flaw.message for flaw in flaws] + [message for _, message in merged.flaws]
    return {skill.name: skill for skill in merged.entries.skills}, merged.entries, messages


# --- joining -----------------------------------------------------------------------------------------------


def test_a_new_skill_is_no_longer_a_stranger_an_ordinary_word_or_a_decoy() -> None:
    text = RUST + 'aliases = ["Carbon", "Redis Street"]\nrelated = ["redis"]\nsenses = ["Compiled."]\n'
    skills, entries, messages = joined(text)
    assert messages == []
    assert skills["Rust"] == Skill(
        "Rust", "language", aliases=("Carbon", "Redis Street"), related=("Redis",), senses=("Compiled.",)
    )
    assert entries.others == {"language": ("Zig",)}
    assert entries.words == ()
    assert skills["Redis"].decoys == ()
    assert [skill.name for skill in entries.skills] == ["Redis", "Kafka", "Rust"]
    found = Catalogue(entries).resolve("carbon")
    assert isinstance(found, Known)
    assert found.skill.name == "Rust"


@pytest.mark.parametrize("name", ["Redis", "redis", "RE-DIS", "Remote dictionary server", "rds"])
def test_an_entry_with_any_name_of_a_known_skill_adds_to_it(name: str) -> None:
    text = f'[[skill]]\nname = "{name}"\naliases = ["Redi", "REDIS"]\ntyped = ["rd"]\nalso = ["cache"]\n'
    skills, entries, messages = joined(
        text + 'decoys = ["Redis Lane"]\nexact = ["Redi"]\nrelated = ["Kafka"]'
    )
    assert messages == []
    assert set(skills) == {"Redis", "Kafka"}
    assert skills["Redis"] == Skill(
        "Redis",
        "database",
        also=("cache",),
        aliases=("Remote Dictionary Server", "Redi"),
        typed=("rds", "rd"),
        exact=("Redi",),
        decoys=("Redis Street", "Redis Lane"),
        related=("Kafka",),
    )
    Catalogue(entries)


@pytest.mark.parametrize(
    ("fields", "text", "found"),
    [
        ('name = "IT"', "It is IT, and it pays.", ["IT"]),
        ('name = "SAP"', "The sap of a tree, and SAP.", ["SAP"]),
        ('name = "SAP"\nexact = ["SAP", "sap"]', "We run sap.", ["sap"]),
        ('name = "Relational algebra"\naliases = ["RA"]', "Ra was a god; RA is algebra.", ["RA"]),
        ('name = "Quay"', "We use quay and Quay.", ["quay", "Quay"]),
    ],
)
def test_a_short_name_counts_in_texts_as_it_is_written(fields: str, text: str, found: list[str]) -> None:
    _, entries, messages = joined(f"[[skill]]\nkind = 'ci'\n{fields}\n")
    assert messages == []
    assert [text[m.start : m.end] for m in Catalogue(entries).find(text)] == found
    assert isinstance(Catalogue(entries).resolve(found[0].lower()), Known)


def test_nothing_stated_changes_nothing() -> None:
    assert merge(BASE, ()).entries == BASE
    assert merge(SHIPPED.entries, ()).entries == SHIPPED.entries


def test_two_entries_of_one_new_skill_are_one() -> None:
    skills, _, messages = joined(RUST + '[[skill]]\nname = "rust"\naliases = ["rustlang"]')
    assert messages == []
    assert skills["Rust"].aliases == ("rustlang",)


def test_skills_may_be_related_to_ones_stated_later() -> None:
    skills, _, messages = joined(
        RUST + 'related = ["Zig", "Rust"]\n[[skill]]\nname = "Zig"\nkind = "language"'
    )
    assert (skills["Rust"].related, messages) == (("Zig",), [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[skill]]\nname = "Rust"', "The skill “Rust” has no kind."),
        (RUST + 'aliases = ["redis"]', "“redis” of the skill “Rust” is taken by “Redis”."),
        (RUST + 'typed = ["r-ds"]', "“r-ds” of the skill “Rust” is taken by “Redis”."),
        (RUST + 'exact = ["RUSTY"]', "The skill “Rust” has a rule for “RUSTY”, which is none of its names."),
        (RUST + 'decoys = ["kafka"]', "The decoy “kafka” of “Rust” is a name of “Kafka”."),
        (RUST + 'related = ["Go"]', "The skill “Rust” is related to “Go”, which is not known."),
        (
            '[[skill]]\nname = "Redis"\nkind = "cache"',
            "“Redis” is already known as database; give cache in “also” instead.",
        ),
    ],
)
def test_what_does_not_fit_the_other_skills_is_left_out_and_told(text: str, message: str) -> None:
    good = '[[skill]]\nname = "Zig"\nkind = "language"\n'
    skills, entries, messages = joined(text + "\n" + good)
    assert messages == [message]
    assert "Zig" in skills
    assert skills["Redis"] == BASE.skills[0]
    Catalogue(entries)


# --- reading -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[[skill]]\nkind = "ci"', 1, "A skill has no name"),
        ('\n\n[[skill]]\nname = "--"', 4, "A skill has no name"),
        ('[[skill]]\nname = 3\nkind = "ci"', 2, "A skill has no name"),
        (f'[[skill]]\nname = "{"x" * 81}"', 2, "A skill has no name, or one that is too long."),
        (
            '[[skill]]\nname = "A"\n\nkind = "tool"',
            4,
            "The skill “A” has an unknown kind; the kinds are api,",
        ),
        ('[[skill]]\nname = "A"\nkind = ["ci"]', 3, "The skill “A” has an unknown kind"),
        ("skill = [1]", None, "A skill is neither a name nor a table."),
    ],
)
def test_an_entry_that_cannot_be_used_is_told_with_its_line_and_the_next_one_counts(
    text: str, line: int | None, says: str
) -> None:
    following = "" if text.startswith("skill") else "\n" + RUST
    stated, (flaw,) = read_own(text + following)
    assert [one.name for one in stated] == (["Rust"] if following else [])
    assert flaw.message.startswith(says)
    assert flaw.line == line


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("aliases = 'a'", "“aliases” of the skill “Rust” is not a list of texts."),
        ("typed = ['--']", "“typed” of the skill “Rust” is not a list of texts."),
        ("senses = [3]", "“senses” of the skill “Rust” is not a list of texts."),
        ("related = [['a']]", "“related” of the skill “Rust” is not a list of texts."),
        ("also = ['tool']", "The skill “Rust” has the unknown kind “tool”."),
        ("alias = ['a']", "The skill “Rust” has an unknown field “alias”."),
    ],
)
def test_a_field_that_cannot_be_used_is_told_with_its_line_and_the_others_count(
    field: str, says: str
) -> None:
    (stated,), (flaw,) = read_own(f"# ours\n{RUST}decoys = ['rust on a car']\n{field}\n")
    assert (stated.name, stated.kind, stated.line) == ("Rust", "language", 2)
    assert stated.lists["decoys"] == ("rust on a car",)
    assert not set(stated.lists) & {"aliases", "typed", "senses", "related"}
    assert (flaw.message, flaw.line) == (says, 6)


def test_invalid_toml_costs_only_the_entry_it_stands_in() -> None:
    text = 'words = [\n[[skill]]\nname = "A\nkind = "ci"\n' + RUST + '[[skill]]\nname = "Zig"\nkind = \n'
    stated, flaws = read_own(text)
    assert [(one.name, one.line) for one in stated] == [("Rust", 5)]
    assert [flaw.line for flaw in flaws] == [2, 3, 10]
    assert all(flaw.message.startswith("Not valid TOML: ") for flaw in flaws)


@pytest.mark.parametrize(
    "text", ["x = " + "[" * 3_000, "x = " + "1" * 5_000, "[[skill]]\n" * 2 + "x = " + "[" * 3_000]
)
def test_toml_that_no_reader_can_read_is_a_flaw(text: str) -> None:
    stated, flaws = read_own(text)
    assert stated == []
    assert flaws


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("words = ['x']\n", "“words” does not count here; only [[skill]] does.", 1),
        ("\n[others]\nci = ['x']\n", "“others” does not count here; only [[skill]] does.", 2),
        ("\nskill = 3\n", "“skill” is not a list of [[skill]].", 2),
    ],
)
def test_other_parts_of_the_file_are_told(text: str, message: str, line: int) -> None:
    stated, (flaw,) = read_own(text)
    assert (stated, flaw.message, flaw.line) == ([], message, line)


def test_names_are_read_as_one_line() -> None:
    stated, flaws = read_entry({"name": " Big \n Query ", "kind": "database", "aliases": [" b  q "]})
    assert (stated, flaws) == (Stated("Big Query", "database", {"aliases": ("b q",)}), [])


NAMES = st.sampled_from(
    [
        *(s for skill in SHIPPED.skills for s in (skill.name, *skill.aliases, *skill.typed, *skill.decoys)),
        "Rust",
    ]
) | st.text(max_size=12)
FIELDS = st.fixed_dictionaries(
    {"name": NAMES},
    optional={
        "kind": st.sampled_from(sorted(KINDS)),
        **{item: st.lists(NAMES, max_size=3) for item in LISTS if item != "also"},
        "also": st.lists(st.sampled_from(sorted(KINDS)), max_size=2),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(FIELDS, max_size=4))
def test_whatever_is_stated_makes_a_catalogue_and_is_kept_as_it_was(entries: list[dict[str, object]]) -> None:
    stated = [one for one, _ in map(read_entry, entries) if one]
    merged = merge(SHIPPED.entries, stated)
    catalogue = Catalogue(merged.entries)
    assert {skill.name for skill in SHIPPED.skills} <= {skill.name for skill in catalogue.skills}
    for before, after in zip(SHIPPED.skills, catalogue.skills, strict=False):
        assert (before.name, before.kind) == (after.name, after.kind)
        assert set(before.aliases) <= set(after.aliases)
    for one in stated:
        if one.kind and one.name.isascii() and one.name.isalnum():
            assert isinstance(catalogue.resolve(one.name), Known)
    catalogue.find("We use everything, from Python to Rust.")
    assert merge(SHIPPED.entries, from_facts(as_facts(stated))).entries == merged.entries


# --- a generation carries its catalogue --------------------------------------------------------------------

GUIDE = "# Guide\n\nWe write Rust and Terraform. We ship it with Quay.\n"


def run(library: FolderLibrary, folder: Path, *, dry_run: bool = False) -> ReindexReport:
    reindexer = Reindexer(
        library=library, embedder=RoomyEmbedder(), size_limit=100_000, keep=3, catalogue=SHIPPED
    )
    return reindexer.run([folder], who="a test", dry_run=dry_run)


@pytest.fixture
def library(tmp_path: Path) -> FolderLibrary:
    return FolderLibrary(tmp_path / "data")


def named(library: FolderLibrary) -> set[str]:
    snapshot = library.current()
    assert snapshot is not None
    return set(read_sightings(snapshot).skills)


def resolves(library: FolderLibrary, typed: str) -> bool:
    snapshot = library.current()
    assert snapshot is not None
    background = read_background(snapshot, RoomyEmbedder(), SHIPPED)
    catalogue = catalogue_of(snapshot.manifest, SHIPPED)
    assert background.catalogue is catalogue
    return isinstance(catalogue.resolve(typed), Known)


def test_a_generation_finds_the_skills_stated_beside_its_documents_and_no_later_one_does(
    library: FolderLibrary, tmp_path: Path
) -> None:
    folder = tmp_path / "documents"
    run(library, write(folder, {"a.md": GUIDE}))
    assert named(library) == set()
    report = run(library, write(folder, {"a.md": GUIDE, "skills.toml": RUST}))
    assert (report.published, report.unchanged, report.complaints) == (True, ("a",), ())
    assert named(library) == {"Rust"}
    assert resolves(library, "rust")
    assert not run(library, folder).published
    assert run(library, write(folder, {"a.md": GUIDE})).published
    assert named(library) == set()
    assert not resolves(library, "rust")
    with library.writing("a test"):
        library.rollback()
    assert resolves(library, "rust")


def test_a_document_takes_the_skills_it_declares_along(library: FolderLibrary, tmp_path: Path) -> None:
    folder, matter = tmp_path / "documents", "---\nskills: [Quay, Terraform]\n---\n"
    run(library, write(folder, {"a.md": matter + GUIDE, "b.md": "# B\n\nQuay it is.\n"}))
    assert named(library) == {"Quay", "Terraform"}
    run(library, write(folder, {"b.md": "# B\n\nQuay it is.\n"}))
    assert named(library) == set()


def test_what_does_not_fit_is_a_complaint_with_file_and_line_and_stops_nothing(
    library: FolderLibrary, tmp_path: Path
) -> None:
    wrong = RUST + 'aliases = ["Postgres"]\n[[skill]]\nkind = "ci"\n'
    folder = write(tmp_path / "docs", {"a.md": GUIDE, "skills.toml": wrong})
    assert run(library, folder, dry_run=True).complaints == run(library, folder).complaints
    assert named(library) == {"Rust"}
    found = [(c.rule, c.severity, c.path, c.line, c.message) for c in run(library, folder).complaints]
    assert found == [
        ("bad-skills", "warning", "docs/skills.toml", 5, "A skill has no name, or one that is too long."),
        (
            "skill-value",
            "warning",
            "docs/skills.toml",
            1,
            "“Postgres” of the skill “Rust” is taken by “PostgreSQL”.",
        ),
    ]


def test_without_skills_of_its_own_a_generation_has_the_shipped_catalogue() -> None:
    assert with_own(SHIPPED, []) is SHIPPED
    facts = as_facts(read_own(RUST)[0])
    assert with_own(SHIPPED, facts) is with_own(SHIPPED, facts)


# --- the files ---------------------------------------------------------------------------------------------


def told(corpus: Corpus) -> list[tuple[str, str, int | None]]:
    return [(complaint.rule, complaint.path, complaint.line) for complaint in corpus.complaints]


def stated(corpus: Corpus) -> list[tuple[str, str | None, str, int | None]]:
    return [(one.name, one.kind, one.path, one.line) for one in corpus.skills]


def test_every_folder_may_have_a_file_of_skills_and_it_is_no_document(tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", {"a.md": GUIDE, "skills.toml": "\n" + RUST})
    write(folder / "deep", {"skills.toml": RUST.replace("Rust", "Zig")})
    corpus = read_corpus([folder])
    assert [document.id for document in corpus.documents] == ["a"]
    assert stated(corpus) == [
        ("Rust", "language", "docs/skills.toml", 2),
        ("Zig", "language", "docs/deep/skills.toml", 1),
    ]
    assert told(corpus) == []


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [("[[skill]", "bad-skills", 1), ("", "empty", None), ("# " + "x" * 1_000, "too-large", None)],
)
def test_a_file_of_skills_that_cannot_be_read_is_a_complaint(
    tmp_path: Path, content: str, rule: str, line: int | None
) -> None:
    corpus = read_corpus(
        [write(tmp_path / "docs", {"a.md": GUIDE, "skills.toml": content})], size_limit=1_000
    )
    assert told(corpus) == [(rule, "docs/skills.toml", line)]
    assert corpus.documents
    assert corpus.skills == ()


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        ("skills: Rust", [("Rust", "concept", 2)]),
        ("skills: [Rust, Zig]", [("Rust", "concept", 2), ("Zig", "concept", 2)]),
        (
            "title: T\nskills:\n  - Rust\n  - {name: Zig, kind: language}",
            [("Rust", "concept", 4), ("Zig", "language", 5)],
        ),
        ("skills:\n  name: Zig\n  kind: language", [("Zig", "language", 3)]),
    ],
)
def test_front_matter_declares_skills_by_name_or_as_tables(
    tmp_path: Path, matter: str, expected: list[tuple[str, str, int]]
) -> None:
    corpus = read_corpus([write(tmp_path / "docs", {"a.md": f"---\n{matter}\n---\n{GUIDE}"})])
    assert stated(corpus) == [(name, kind, "docs/a.md", line) for name, kind, line in expected]
    assert told(corpus) == []
    assert "skills" not in corpus.documents[0].declared


@pytest.mark.parametrize(
    ("matter", "line"),
    [("skills: 3", 2), ("skills: [3, Rust]", 2), ("a: 1\nskills: [{name: A, kind: x}, Rust]", 3)],
)
def test_skills_of_front_matter_that_cannot_be_used_are_told(tmp_path: Path, matter: str, line: int) -> None:
    corpus = read_corpus([write(tmp_path / "docs", {"a.md": f"---\n{matter}\n---\n{GUIDE}"})])
    assert told(corpus) == [("front-matter-value", "docs/a.md", line)]
    assert [one.name for one in corpus.skills] == (["Rust"] if "Rust" in matter else [])


def test_the_registry_declares_skills_once_however_many_documents_a_file_holds(tmp_path: Path) -> None:
    registry = (
        '[[source]]\nfile = "n.jsonl"\nskills = ["Rust"]\n[[source]]\nfile = "a.md"\nskills = ["Zig", 3]\n'
    )
    lines = "".join(f'{{"id": {n}, "title": "T{n}", "text": "Text {n}."}}\n' for n in range(3))
    folder = write(tmp_path / "docs", {"a.md": GUIDE, "n.jsonl": lines, "sources.toml": registry})
    corpus = read_corpus([folder])
    assert sorted(stated(corpus)) == [
        ("Rust", "concept", "docs/sources.toml", 3),
        ("Zig", "concept", "docs/sources.toml", 6),
    ]
    assert told(corpus) == [("registry-value", "docs/sources.toml", 6)]


def test_a_replaced_document_declares_nothing(tmp_path: Path) -> None:
    one = write(tmp_path / "one", {"a.md": "---\nskills: Rust\n---\n" + GUIDE})
    other = write(tmp_path / "other", {"a.md": "# Other\n\nText.\n"})
    assert read_corpus([one, other]).skills == ()
    assert [skill.name for skill in read_corpus([other, one]).skills] == ["Rust"]


def test_a_document_left_out_as_a_duplicate_declares_nothing(tmp_path: Path) -> None:
    files = {"a.md": GUIDE, "b.md": "---\nskills: Rust\n---\n" + GUIDE}
    corpus = read_corpus([write(tmp_path / "docs", files)])
    assert told(corpus) == [("duplicate", "docs/b.md", None)]
    assert corpus.skills == ()
