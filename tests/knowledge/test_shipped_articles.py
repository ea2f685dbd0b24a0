"""What the four articles say is all in ours: checked against facts.toml, an inventory made by hand."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import frontmatter
import pytest
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

INVENTORY: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "facts.toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What stands close together: a heading, a paragraph, a table row, a list item with all below it."""

    kind: str
    headings: tuple[str, ...]
    text: str
    nested: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """One of ours, with what the registry says of it."""

    declared: Mapping[str, Any]
    units: tuple[Unit, ...]

    def below(self, heading: str) -> list[Unit]:
        """What stands below a heading with this key; the whole article for the empty key."""
        return [u for u in self.units if not heading or any(says(h, heading) for h in u.headings)]


# --- reading ours ------------------------------------------------------------------------------------------


@cache
def articles() -> dict[str, Article]:
    folder = files("knowledge") / "sources"
    registry = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8"))
    found: dict[str, Article] = {}
    for entry in registry["source"]:
        text = frontmatter.loads((folder / entry["file"]).read_text(encoding="utf-8")).content
        name = next(name for name, wanted in INVENTORY.items() if is_about(entry, wanted))
        found[name] = Article(entry, tuple(units(text)))
    return found


def is_about(entry: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return entry["title"] == wanted["title"] and entry.get("site") == wanted.get("site")


def units(text: str) -> Iterator[Unit]:
    path: list[tuple[int, str]] = []
    for node in SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text)).children:
        if node.type == "heading":
            level = int(node.tag[1])
            path = [step for step in path if step[0] < level]
            yield Unit("heading", tuple(heading for _, heading in path), words_of(node))
            path.append((level, words_of(node)))
        else:
            yield from units_in(node, tuple(heading for _, heading in path))


def units_in(node: SyntaxTreeNode, headings: tuple[str, ...], nested: bool = False) -> Iterator[Unit]:
    kinds = {"list_item": "item", "tr": "row", "paragraph": "paragraph"}
    if node.type in kinds:
        yield Unit(kinds[node.type], headings, words_of(node), nested)
    for child in node.children if node.type not in {"paragraph", "tr"} else ():
        if not (node.type == "list_item" and child.type == "paragraph"):
            yield from units_in(child, headings, nested or node.type == "list_item")


def words_of(node: SyntaxTreeNode) -> str:
    inlines = (inner for inner in node.walk() if inner.type == "inline")
    return " ".join(
        "".join(leaf_text(leaf) for leaf in inline.walk(include_self=False)) for inline in inlines
    )


def leaf_text(leaf: SyntaxTreeNode) -> str:
    return " " if leaf.type in {"softbreak", "hardbreak"} else leaf.content


# --- finding keys ------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    text = re.sub(r"[-‐‑–—]", " ", text.replace("’", "'"))
    return re.sub(r"\s+", " ", text).strip().casefold()


@cache
def pattern(key: str) -> re.Pattern[str]:
    choices = (" ".join(word_pattern(word) for word in plain(choice).split()) for choice in key.split("|"))
    return re.compile(rf"(?<!\w)(?:{'|'.join(choices)})(?!\w)")


def word_pattern(word: str) -> str:
    return re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word) + "s?"


def says(text: str, key: str) -> bool:
    return pattern(key).search(plain(text)) is not None


def in_order(text: str, keys: list[str]) -> bool:
    place = 0
    for key in keys:
        found = pattern(key).search(plain(text), place)
        if not found:
            return False
        place = found.end()
    return True


def cases(table: str, label: str = "what") -> list[Any]:
    rows = ((name, row) for name, wanted in INVENTORY.items() for row in wanted[table])
    return [
        pytest.param(name, row, id=f"{name}: {row[label] if isinstance(row, dict) else row}")
        for name, row in rows
    ]


# --- the inventory -----------------------------------------------------------------------------------------


def test_every_article_is_shipped_once() -> None:
    assert sorted(articles()) == sorted(INVENTORY)


@pytest.mark.parametrize(("name", "fact"), cases("facts"))
def test_article_states_fact(name: str, fact: dict[str, Any]) -> None:
    """Headings do not count: only text below one is ever quoted."""
    near = [u for u in articles()[name].below(fact.get("under", "")) if u.kind != "heading"]
    assert any(all(says(u.text, key) for key in keys) for u in near for keys in fact["any"]), fact["any"]


@pytest.mark.parametrize(("name", "sequence"), cases("ordered"))
def test_article_keeps_order(name: str, sequence: dict[str, Any]) -> None:
    under, keys = sequence.get("under"), sequence["keys"]
    near = articles()[name].below(under or "")
    if under is None:
        assert any(in_order(unit.text, keys) for unit in near), keys
    else:
        assert in_order(" ".join(unit.text for unit in near if not unit.nested), keys), keys


@pytest.mark.parametrize(("name", "heading"), cases("empty"))
def test_article_keeps_heading_that_has_nothing_below_it(name: str, heading: str) -> None:
    ours = articles()[name].units
    assert [u for u in ours if u.kind == "heading" and u.text == heading]
    assert not [u for u in ours if heading in u.headings]


@pytest.mark.parametrize(("name", "wanted"), cases("placeholder", "heading"))
def test_article_keeps_placeholder(name: str, wanted: dict[str, Any]) -> None:
    below = [u for u in articles()[name].units if u.headings and u.headings[-1] == wanted["heading"]]
    assert len(below) == 1
    assert any(all(says(below[0].text, key) for key in keys) for keys in wanted["any"])


@pytest.mark.parametrize(("name", "wanted"), cases("lists", "heading"))
def test_article_keeps_number_of_list_items(name: str, wanted: dict[str, Any]) -> None:
    below = [u for u in articles()[name].units if u.headings and not u.nested]
    counts = Counter((u.headings, u.kind) for u in below if says(u.headings[-1], wanted["heading"]))
    rows = [n - 1 for (_, kind), n in counts.items() if kind == "row"]  # the first row names the columns
    assert wanted["items"] in rows + [n for (_, kind), n in counts.items() if kind in {"item", "heading"}]


@pytest.mark.parametrize(("name", "phrase"), cases("absent"))
def test_article_is_free_of_what_surrounds_articles(name: str, phrase: str) -> None:
    assert not [u.text for u in articles()[name].units if u.kind != "heading" and says(u.text, phrase)]


@pytest.mark.parametrize("name", INVENTORY)
def test_article_holds_no_emoji_and_no_broken_characters(name: str) -> None:
    text = " ".join(unit.text for unit in articles()[name].units)
    assert not re.findall(r"[^\x20-\u024f\u2010-\u2026€]", text)


@pytest.mark.parametrize("name", INVENTORY)
def test_registry_says_whose_article_it_is_and_no_more_than_the_article(name: str) -> None:
    declared = articles()[name].declared
    for field in ("author", "date", "site", "category"):
        assert str(declared.get(field, "")) == str(INVENTORY[name].get(field, "")), field


# --- the inventory's own rules -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key", "found"),
    [
        ("uses Go daily", "Go", True),
        ("Django and Google", "Go", False),
        ("JavaScript", "Java", False),
        ("C# and Node.js", "C#", True),
        ("Nodexjs", "Node.js", False),
        ("a high-load, data‑leaking site", "high load", True),
        ("edge cases", "edge case", True),
        ("optimising", "optimi*", True),
        ("a query", "database|query", True),
    ],
)
def test_key_matches_whole_words(text: str, key: str, found: bool) -> None:
    assert says(text, key) is found


def test_units_keep_nested_items_with_their_parent_and_apart() -> None:
    ours = list(units("# A\n\nlead:\n\n- one\n  - two\n\n## B\n\n| x | y |\n|---|---|\n| 1 | 2 |\n"))
    assert [(u.kind, u.headings, u.text, u.nested) for u in ours] == [
        ("heading", (), "A", False),
        ("paragraph", ("A",), "lead:", False),
        ("item", ("A",), "one two", False),
        ("item", ("A",), "two", True),
        ("heading", ("A",), "B", False),
        ("row", ("A", "B"), "x y", False),
        ("row", ("A", "B"), "1 2", False),
    ]


# --- in our own words --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as words; the ordinary ones begin with a small letter, names do not."""

    words: tuple[str, ...]

    @property
    def ordinary(self) -> int:
        return sum(word[0].islower() for word in self.words)

    def runs(self, length: int = 8) -> set[tuple[str, ...]]:
        """Every run of so many words, but for those where names prevail."""
        starts = range(len(self.words) - length + 1)
        pieces = (self.words[start : start + length] for start in starts)
        return {
            tuple(w.casefold() for w in p) for p in pieces if 2 * sum(w[0].islower() for w in p) >= length
        }

    def likeness(self, other: "Sentence") -> float:
        mine, theirs = ({word.casefold() for word in s.words} for s in (self, other))
        return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def sentences(text: str) -> list[Sentence]:
    pieces = re.split(r"(?<=[.!?:;])\s+|\n+", text)
    return [Sentence(tuple(words)) for p in pieces if (words := re.findall(r"[\w#']+(?:[./]\w+)*", p))]


@pytest.mark.seeds
@pytest.mark.parametrize("name", INVENTORY)
def test_no_sentence_is_taken_over(name: str, seeds: Path) -> None:
    theirs = [s for path in sorted(seeds.iterdir()) for s in sentences(path.read_text(encoding="utf-8"))]
    taken = {run for sentence in theirs for run in sentence.runs()}
    ours = [s for unit in articles()[name].units if not unit.nested for s in sentences(unit.text)]
    assert not sorted(" ".join(run) for sentence in ours for run in sentence.runs() & taken)
    assert not [
        (" ".join(mine.words), " ".join(other.words))
        for mine in ours
        for other in theirs
        if min(mine.ordinary, other.ordinary) >= 6 and mine.likeness(other) >= 0.85
    ]
