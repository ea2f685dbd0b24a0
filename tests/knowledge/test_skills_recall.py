"""Every skill that the articles and four hundred ordinary lines name is found, and no other."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from knowledge.skills.catalogue import load_catalogue

CATALOGUE = load_catalogue()
DATA = Path(__file__).parent / "data"
ARTICLES = tomllib.loads((DATA / "seed_skills.toml").read_text("utf-8"))["text"]
PROSE: dict[str, list[list[str]]] = tomllib.loads((DATA / "prose_skills.toml").read_text("utf-8"))
RECALL = 0.98
# In lower case, with little around them, they are too much like ordinary words.
GIVEN_UP = {
    "chat: whats a webservice, is it the same as soap?: SOAP",
    "later: we tried graphql and went back to rest: REST",
    "later: wrote my first api in flask today: Flask",
    "once_more: is express dead?: Express",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """Skills named by some texts: how many there are, and those missed or found where there are none."""

    named: int
    missed: tuple[str, ...] = ()
    false: tuple[str, ...] = ()

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / self.named if self.named else 1.0

    def __str__(self) -> str:
        lines = [f"{self.named} named, {len(self.missed)} missed, {len(self.false)} false"]
        return "\n".join(
            [*lines, *(f"missed {it}" for it in self.missed), *(f"false {it}" for it in self.false)]
        )


def total(counts: Iterable[Counted]) -> Counted:
    every = list(counts)
    return Counted(
        sum(count.named for count in every),
        tuple(it for count in every for it in count.missed),
        tuple(it for count in every for it in count.false),
    )


def agrees(annotated: str, found: str) -> bool:
    return found in annotated.removeprefix("?").split("|")


def compare(place: str, annotated: Sequence[str], found: Sequence[str]) -> Counted:
    """What of one line was found, in order; what is marked "?" counts neither way."""
    missed, false = _apart(tuple(annotated), tuple(found))
    required = [item for item in annotated if not item.startswith("?")]
    return Counted(
        len(required), tuple(f"{place}: {it}" for it in missed), tuple(f"{place}: {it}" for it in false)
    )


def _apart(annotated: tuple[str, ...], found: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The fewest annotated skills without a mention and mentions without an annotation, both in order."""
    best: dict[tuple[int, int], tuple[list[str], list[str]]] = {}
    for here in range(len(annotated), -1, -1):
        for there in range(len(found), -1, -1):
            ways = []
            if here < len(annotated):
                missed, false = best[here + 1, there]
                ways.append(([*([] if annotated[here][0] == "?" else [annotated[here]]), *missed], false))
            if there < len(found):
                missed, false = best[here, there + 1]
                ways.append((missed, [found[there], *false]))
            if here < len(annotated) and there < len(found) and agrees(annotated[here], found[there]):
                ways.append(best[here + 1, there + 1])
            best[here, there] = min(ways, key=lambda way: len(way[0]) + len(way[1]), default=([], []))
    return best[0, 0]


def named(text: str) -> list[str]:
    return [mention.skill.name for mention in CATALOGUE.find(text)]


# --- the articles ------------------------------------------------------------------------------------------


def read_as(article: dict[str, Any], text: str) -> Counted:
    """An article, read as a whole, line by line against its annotation."""
    found: dict[int, list[str]] = {}
    for mention in CATALOGUE.find(text):
        found.setdefault(text.count("\n", 0, mention.start) + 1, []).append(mention.skill.name)
    lines = {int(number): skills for number, skills in article["lines"].items()}
    name = article.get("name", article["hash"])
    return total(
        compare(f"{name} line {number}", lines.get(number, ()), found.get(number, ()))
        for number in sorted({*lines, *found})
    )


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]


@pytest.mark.seeds
def test_the_articles_as_found_name_what_was_annotated_and_nothing_else(seeds: Path) -> None:
    texts = {digest(file.read_bytes()): file.read_text("utf-8") for file in sorted(seeds.glob("*.txt"))}
    annotated = {article["hash"]: article for article in ARTICLES if "name" not in article}
    assert texts.keys() == annotated.keys(), "An article as found has changed: annotate it again."
    counted = total(read_as(annotated[key], text) for key, text in texts.items())
    assert not counted.false, str(counted)
    assert counted.recall >= RECALL, str(counted)


def test_our_restatements_name_what_was_annotated_and_nothing_else() -> None:
    counts = []
    for article in ARTICLES:
        if name := article.get("name"):
            content = files("knowledge.sources").joinpath(name).read_bytes()
            assert digest(content) == article["hash"], f"{name} has changed: annotate it again."
            counts.append(read_as(article, content.decode("utf-8")))
    counted = total(counts)
    assert len(counts) == 4
    assert not counted.false, str(counted)
    assert counted.recall >= RECALL, str(counted)


# --- ordinary prose ----------------------------------------------------------------------------------------


def prose(registers: Iterable[str]) -> Counted:
    return total(
        compare(f"{register}: {text}", skills, named(text))
        for register in registers
        for text, *skills in PROSE[register]
    )


def test_the_prose_is_as_long_and_as_varied_as_it_claims() -> None:
    lines = [text for register in PROSE.values() for text, *_ in register]
    assert len(lines) == len(set(lines)) >= 300
    known = {skill.name for skill in CATALOGUE.skills}
    annotated = [
        *(name for register in PROSE.values() for _, *names in register for name in names),
        *(name for article in ARTICLES for names in article["lines"].values() for name in names),
    ]
    assert {part for name in annotated for part in name.removeprefix("?").split("|")} <= known


@pytest.mark.parametrize("register", PROSE)
def test_prose_names_nothing_that_was_not_annotated(register: str) -> None:
    counted = prose([register])
    assert not counted.false, str(counted)


def test_what_prose_names_is_found() -> None:
    counted = prose(PROSE)
    assert set(counted.missed) <= GIVEN_UP, str(counted)
    assert counted.named > 350
    assert counted.recall >= RECALL, str(counted)


# --- the comparison itself ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotated", "found", "missed", "false"),
    [
        (["Go", "Java"], ["Go", "Java"], [], []),
        (["Go", "Java"], ["Java", "Go"], ["Java"], ["Java"]),
        (["Go", "Go"], ["Go"], ["Go"], []),
        (["Go"], ["Go", "Go"], [], ["Go"]),
        (["?Go", "Java"], ["Java"], [], []),
        (["?Go", "Java"], ["Go", "Java"], [], []),
        (["Go|Java"], ["Java"], [], []),
        (["?Go|Java"], [], [], []),
        ([], ["Go"], [], ["Go"]),
    ],
)
def test_a_line_is_compared_in_order(
    annotated: list[str], found: list[str], missed: list[str], false: list[str]
) -> None:
    counted = compare("x", annotated, found)
    assert ([len(counted.missed), len(counted.false)]) == [len(missed), len(false)]
