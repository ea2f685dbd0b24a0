"""Places that may contradict each other are found, and places that only look alike are left in peace."""

from pathlib import Path

import pytest

from knowledge.corpus.reading import packaged_articles, read_corpus
from knowledge.entities import Complaint
from knowledge.linting.contradictions import MOST
from knowledge.linting.figures import figures
from knowledge.linting.linting import lint

HERE = Path(__file__).parents[1] / "data"


def raised(*folders: Path) -> list[Complaint]:
    return [c for c in lint(read_corpus(list(folders))) if c.rule == "contradiction"]


def among(folder: Path, one: str, other: str) -> list[Complaint]:
    """What is raised about two documents on the same subject, each saying more than the one sentence."""
    rest = (
        "The {} plans its work in the open. Colleagues read what others wrote. Nobody works alone for long."
    )
    for name, said in (("a", one), ("b", other)):
        title, _, sentence = said.partition(": ")
        text = f"# {title}\n\n{rest.format(name)}\n\n## What is asked\n\n{sentence}\n"
        (folder / f"{name}.md").write_text(text, "utf-8")
    return raised(folder)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Backend Engineer: Candidates need 3 years of experience.",
            "The backend engineer: Candidates bring five years of experience.",
        ),
        ("Backend Engineer: A degree is optional.", "Backend Engineer: A degree is required."),
        (
            "Backend Engineer: A degree in computer science is not required.",
            "Becoming an engineer: A degree in computer science is mandatory.",
        ),
        ("Engineer: The team works fully remote.", "Engineer: The team works on site."),
        (
            "Platform team: The platform team was founded in 2015.",
            "History: The platform team was founded in 2017.",
        ),
        (
            "Sick leave: A sick note is needed after 3 days.",
            "Handbook: A sick note for sick leave comes after 1 week.",
        ),
        (
            "Dogs: Dogs are allowed in the office kitchen.",
            "Kitchen: Dogs are not allowed in the office kitchen.",
        ),
        (
            "Deploys: Deploys to production are on Tuesdays.",
            "Releases: Deploys to production are on Thursdays.",
        ),
        ("Library: The library closes at 18:00 in winter.", "Town: In winter the library closes at 17:30."),
        ("Library: The library is open from 9 to 12.", "Town: The library is open from 9 to 13."),
        ("Entry: Entry to the museum is free.", "Museum: Entry to the museum is charged."),
        ("Coverage: Test coverage must reach 80 percent.", "Testing: Test coverage must reach 90 %."),
        ("Keys: A lost key costs £12.", "Handbook: A lost key costs £15 since the locks are new."),
        ("Path: The garden path is 120 cm wide.", "Garden: The garden path is 1.5 m wide."),
        ("Standup: The standup takes place on 3 May.", "Dates: The standup takes place on May 4."),
    ],
)
def test_the_same_thing_stated_differently_may_be_a_contradiction(
    tmp_path: Path, one: str, other: str
) -> None:
    (complaint,) = among(tmp_path, one, other)
    assert (complaint.path, complaint.line, complaint.severity) == (f"{tmp_path.name}/b.md", 7, "warning")
    said = [text.partition(": ")[2] for text in (other, one)]
    assert complaint.message == f"“{said[0]}” may contradict “{said[1]}” of {tmp_path.name}/a.md, line 7."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Backend Engineer: Candidates need 3 years of experience.",
            "Backend Engineer: Candidates need three years of experience.",
        ),
        ("Path: The garden path is 120 cm wide.", "Garden: The garden path is 1.2 m wide."),
        ("Plots: A full plot costs £40 a year.", "Rents: A half plot costs £22 a year."),
        ("Minutes of 2023: The meeting had 41 members.", "Minutes of 2024: The meeting had 38 members."),
        ("Dogs: Dogs are allowed in the kitchen.", "Cats: Cats are not allowed in the kitchen."),
        ("Keys: A new key costs £12.", "Locks: An old key costs £15."),
        ("Garlic and shallots: Shallots: 18 cm apart in rows", "October: Garlic: 15 cm apart in rows"),
        ("Plants: Kale: 50 cm apart", "Plants: Sprouts: 75 cm apart"),
        ("Sick leave: A sick note is needed after 3 days.", "Trash: Bins are emptied every 2 weeks."),
        ("Library: The library is open from 9 to 12.", "Pool: The pool is open from 6 to 22."),
        ("Deploys: Wait two hours after a deploy.", "Deploys: A deploy costs £40."),
    ],
)
def test_what_is_stated_alike_or_of_something_else_is_none(tmp_path: Path, one: str, other: str) -> None:
    assert among(tmp_path, one, other) == []


def test_one_document_may_contradict_itself_in_two_sections(tmp_path: Path) -> None:
    text = (
        "# Keys\n\n## Lost keys\n\nA lost key costs £12.\n\n## Prices\n\n- A lost key costs £15.\n"
        "- A new lamp costs £15.\n"
    )
    (tmp_path / "a.md").write_text(text, "utf-8")
    (complaint,) = raised(tmp_path)
    assert complaint.line == 9
    assert complaint.message.endswith("may contradict “A lost key costs £12.” of the same document, line 5.")


def test_every_place_that_may_contradict_another_is_told_once(tmp_path: Path) -> None:
    for file, price in (("a", 12), ("b", 15), ("c", 18)):
        text = f"# Keys {file}\n\nA lost key costs £{price}.\n"
        (tmp_path / f"{file}.md").write_text(text, "utf-8")
    assert [complaint.path[-4:] for complaint in raised(tmp_path)] == ["b.md", "c.md"]


def test_a_long_sentence_is_quoted_in_part(tmp_path: Path) -> None:
    (complaint,) = among(
        tmp_path, "Keys: A lost key costs £12.", f"Lost: A lost key costs £15, {'as is known ' * 20}to all."
    )
    assert "as i…” may contradict" in complaint.message or "…” may contradict" in complaint.message
    assert len(complaint.message) < 300


def test_of_many_contradictions_the_likeliest_are_told(tmp_path: Path) -> None:
    names = [f"{one}{two}" for one in "bcdfghklmnprst" for two in ("abor", "edon", "imul", "olat", "urim")]
    for file, price in (("a", 12), ("b", 15)):
        said = "\n\n".join(f"## The {name}\n\nA lost {name} costs £{price}." for name in names)
        (tmp_path / f"{file}.md").write_text(f"# Prices {file}\n\n{said}\n", "utf-8")
    assert (len(names), len(raised(tmp_path))) == (70, MOST)


# --- real documents ----------------------------------------------------------------------------------------


def test_the_articles_disagree_about_midday_and_nothing_else() -> None:
    (complaint,) = raised(packaged_articles())  # type: ignore[arg-type]  # a folder like any other
    assert complaint.line == 25
    assert complaint.message.startswith(
        "“Midday: debugging and troubleshooting” may contradict “Midday: writing"
    )


@pytest.mark.parametrize(
    ("handbook", "real", "most"),
    [
        (
            "gardening",
            [
                "A lost key costs £12",
                "Sow tomatoes indoors",
                "Plant garlic",
                "bonfires are allowed only from October",
            ],
            6,
        ),
        ("municipal", ["rises to 96 euros", "over 65 on Wednesdays", "About 8,400 trees"], 5),
    ],
)
def test_real_contradictions_are_found_and_few_others(handbook: str, real: list[str], most: int) -> None:
    messages = [complaint.message for complaint in raised(HERE / handbook / "sources")]
    assert [said for said in real if not any(said in message for message in messages)] == []
    assert len(messages) <= most


# --- what a sentence states --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "stated"),
    [
        ("Nothing of the kind.", []),
        ("It takes 3 years.", [("count month", {"36"})]),
        ("It takes two to three weeks.", [("count day", {"14", "21"})]),
        ("It takes one week.", [("count day", {"7"})]),
        ("One reason is enough.", []),
        ("There are 1,200 trees.", [("count tree", {"1200"})]),
        ("On 3 May and on June 4th", [("date", {"3 may"}), ("date", {"4 jun"})]),
        ("It costs £12, €3.50, 5 euros and 30p", [("money", {v}) for v in ("12", "3.5", "5", "0.3")]),
        ("At 90 % or 5 percent", [("percent", {"90"}), ("percent", {"5"})]),
        ("Open from 9 to 12.30.", [("hours", {"9:00 to 12:30"})]),
        ("It begins at 9 p.m. or at 10:15.", [("time", {"21:00"}), ("time", {"10:15"})]),
        ("It weighs between 30 and 40.", []),
        ("On Tuesdays in March", [("weekday", {"tue"}), ("month", {"mar"})]),
        ("Since 2015", [("year", {"2015"})]),
        ("In the third week", [("ordinal week", {"third"})]),
        ("A degree is not required.", [("must", {"no"})]),
        ("A degree is required.", [("must", {"yes"})]),
        ("Dogs may not enter.", [("may", {"no"})]),
        ("Dogs may enter.", [("may", {"yes"})]),
        ("Version 3.11.2 of it", []),
    ],
)
def test_figures_are_read_as_printed_and_in_one_measure(
    sentence: str, stated: list[tuple[str, set[str]]]
) -> None:
    assert [(figure.kind, set(figure.values)) for figure in figures(sentence)] == stated
