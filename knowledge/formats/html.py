"""HTML into pieces: the article without the page around it."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from knowledge.corpus.bylines import parse_date
from knowledge.formats.furniture import remove_furniture
from knowledge.formats.markdown import read_markdown
from knowledge.formats.markup import parse_html
from knowledge.formats.pieces import Draft
from knowledge.formats.shapes import one_line
from knowledge.formats.wiki import without_wiki_marks

# What a page says about itself: where to look, best first.
_STATED = {
    "title": ("main h1", "article h1", "h1", "meta[property='og:title']", "title"),
    "author": ("meta[name=author]", "meta[name='dc.creator' i]", "[itemprop=author]", "[rel=author]"),
    "date": (
        "meta[property='article:published_time']",
        "meta[name=date]",
        "[itemprop=datePublished]",
        "meta[name='dc.date' i]",
        "time[datetime]",
    ),
    "site": ("meta[property='og:site_name']", "meta[name=application-name]"),
    "link": ("link[rel=canonical]", "meta[property='og:url']"),
}
_VALUES = ("content", "datetime", "href")


class _Converter(MarkdownConverter):
    """Definitions become sentences: CommonMark knows no definition lists."""

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}: "

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"{text.strip()}\n\n"


def read_html(text: str) -> Draft:
    """What an HTML page says, and what it states about itself."""
    soup = parse_html(text)
    stated = dict(_stated(soup))
    around = remove_furniture(soup)
    for heading in soup.find_all(re.compile(r"^h[1-6]$")):
        printed = heading.get_text(" ")
        if without_wiki_marks(printed) != printed:
            heading.string = without_wiki_marks(printed)
    _head_folded(soup)
    converter = _Converter(heading_style="ATX", bullets="-", strip=["a"], escape_misc=True)
    return Draft(read_markdown(converter.convert_soup(_article(soup))), stated, around=around)


def _head_folded(soup: BeautifulSoup) -> None:
    """Make headings of what is shown of folded parts: FAQs are often written that way."""
    for summary in soup.select("details > summary"):
        above = summary.find_previous(re.compile(r"^h[1-6]$"))
        level = int(above.name[1]) + (not above.get("folded")) if isinstance(above, Tag) else 2
        summary.name = f"h{min(level, 6)}"
        summary["folded"] = "folded"


def _stated(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for key, places in _STATED.items():
        for tag in (found for place in places for found in soup.select(place)[:1]):
            value = _value(tag, key)
            if value:
                yield key, value
                break


def _value(tag: Tag, key: str) -> str | None:
    """What a tag says, in an attribute or in words; where a link leads is not its author."""
    attribute = next((name for name in _VALUES if tag.get(name)), None)
    value = one_line(tag.get_text(" ") if attribute is None or tag.name == "a" else str(tag[attribute]))
    if tag.name == "title":
        return re.split(r"\s[|»·]\s", value)[0]  # the name of the site follows
    return parse_date(value) if key == "date" else value


def _article(soup: BeautifulSoup) -> Tag:
    """The part of a page that is the article: main, or the only article, or all of it."""
    main = soup.select_one("main, [role=main]")
    articles = soup.find_all("article")
    if main is not None and main.get_text(strip=True):
        return main
    if len(articles) == 1 and articles[0].get_text(strip=True):
        return articles[0]
    return soup.body or soup
