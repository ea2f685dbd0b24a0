"""Whatever is read, its places are exact, and reading what was written changes nothing that is quoted."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.corpus.composing import Raw, compose
from knowledge.corpus.statements import Statement
from knowledge.entities import Document

FORMS = st.sampled_from([".md", ".txt", ".html"])
SYNTAX = st.text(alphabet=" \n\t#-*1.2)•|>`_[]()!<>/hpliau?:=~\\&{}…Aé๐Ÿ˜", max_size=120)
TAGS = ["p", "ul", "li", "ol", "table", "tr", "td", "pre", "h2", "dl", "dd", "br", "main", "script", "title"]
MARKUP = st.lists(
    st.sampled_from([f"<{tag}>" for tag in TAGS])
    | st.sampled_from([f"</{tag}>" for tag in TAGS])
    | st.sampled_from(["Words here.", "\n", "1. ", "- ", "<!--", "<![", "<?x", "&#0;", "&lt;", "<p x='"]),
    max_size=25,
).map("".join)
WORDS = st.lists(
    st.sampled_from(
        [
            "queues",
            "databases",
            "engineers",
            "caching",
            "Redis",
            "logs",
            "deploy",
            "service",
            "latency",
            "errors",
        ]
    ),
    min_size=2,
    max_size=8,
)
SENTENCE = WORDS.map(lambda words: " ".join(words).capitalize() + ".")
ITEMS = st.lists(WORDS.map(" ".join), min_size=2, max_size=5)


def read(text: str, form: str) -> Document | None:
    return compose(Raw("doc", "doc", text, form), Statement(said={"title": "A Title"})).document


def check(document: Document) -> None:
    text = document.text
    end = 0
    for section in document.sections:
        assert end <= section.start <= section.end <= len(text)
        heading = section.headings[-1:]
        assert text[section.start :].startswith("".join(heading))
        end = section.start + sum(map(len, heading))
        for block in section.blocks:
            assert end <= block.start < block.end <= section.end
            assert text[block.start : block.end].strip()
            assert text[: block.start] == "" or text[: block.start].endswith("\n\n")
            end = block.start
            for start, stop in block.items:
                assert end <= start < stop <= block.end
                item = text[start:stop]
                assert item == item.strip()
                assert "\n" not in item
                assert re.fullmatch(r" *(?:-|\d+\.) ", text[text.rfind("\n", 0, start) + 1 : start])
                end = stop
            end = block.end
        assert not (section.empty and section.blocks)
    text.encode("utf-8")


@given(st.one_of(st.text(), SYNTAX, MARKUP), FORMS)
def test_places_are_exact_in_any_text(text: str, form: str) -> None:
    document = read(text, form)
    if document:
        check(document)


@st.composite
def articles(draw: st.DrawFn) -> str:
    parts = [draw(SENTENCE)]
    for number in range(draw(st.integers(1, 4))):
        parts.append(f"Part {'ABCD'[number]}")
        for _ in range(draw(st.integers(0, 3))):
            mark = draw(st.sampled_from(["- ", "{}. "]))
            items = draw(ITEMS)
            lines = "\n".join(mark.format(place) + item for place, item in enumerate(items, 1))
            parts.append(draw(st.one_of(SENTENCE, st.just(f"They do this:\n\n{lines}\n\nSo much for that."))))
    return "\n\n".join(parts)


@given(articles())
def test_reading_the_canonical_text_again_changes_nothing(article: str) -> None:
    first = read(article, ".txt")
    assert first is not None
    again = read(first.text, ".txt")
    assert again == first
    assert first.text == article


@pytest.mark.parametrize("form", [".txt", ".md", ".html"])
@given(article=articles())
def test_every_word_of_clean_prose_survives(form: str, article: str) -> None:
    source = article.replace("\n", "<p>") if form == ".html" else article
    document = read(source, form)
    assert document is not None
    assert re.findall(r"[A-Za-z]+", document.text) == re.findall(r"[A-Za-z]+", article)


@pytest.mark.seeds
def test_articles_on_disk_pass_the_same_check(seeds: Path) -> None:
    for path in sorted(seeds.iterdir()):
        document = read(path.read_text(), ".txt")
        assert document is not None
        check(document)
