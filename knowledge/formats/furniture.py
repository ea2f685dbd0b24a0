"""What stands on a web page around its article: found by tags, by names, and by being nothing but links."""

import re
from collections import Counter
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

_AROUND = (
    "script, style, template, noscript, iframe, svg, canvas, object, video, audio, img, figcaption, nav, "
    "footer, aside, form, button, select, textarea, dialog, [hidden], [aria-hidden=true], [role=navigation], "
    "[role=banner], [role=contentinfo], [role=complementary], [role=search], [role=dialog], sup.reference, "
    ".mw-editsection, .headerlink, .anchor-link, [style*='display:none'], [style*='display: none'], "
    ".pageSectionHeader, .greybox"
)
# Pictures and the marks that editors leave are no loss; of the rest an author should know.
_UNSAID = ("mark",)
_SORTS = dict.fromkeys(
    ("style", "template", "noscript", "svg", "canvas", "object", "video", "audio", "img", "sup", "a", "span"),
    "mark",
) | {
    "script": "script",
    "iframe": "embedded page",
    "figcaption": "caption",
    "nav": "menu",
    "header": "page header",
    "footer": "footer",
    "aside": "aside",
    **dict.fromkeys(("form", "button", "select", "textarea", "dialog"), "form"),
}
_ROLES = {
    "navigation": "nav",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "form",
    "dialog": "form",
}
_SHOWN = 60
_BLOCKS = ("div", "section", "header", "table", "ul", "ol", "dl", "p", "details")
_LISTS = ("ul", "ol", "table")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# "site-footer", "shareBar", "breadcrumb_list"; a word that may name a chapter as well counts only alone or
# with one of the words that go with it.
_NAMED = re.compile(
    r"(?:^|-)(?:breadcrumbs?|crumbs|cookies?|gdpr|footer|foot|skip-?links?|jump-to-nav|masthead|topbar|toolbar|catlinks|printfooter"
    r"|site-?sub|noprint|sr-only|screen-reader-text|visually-hidden|advert\w*|ads?|adsbygoogle|promo|popup"
    r"|modal|newsletter|subscribe|subscription|disqus|sharedaddy|addtoany|jp-relatedposts|hatnote)(?:$|-)"
    r"|^(?:share|sharing|social|related|recommended|comments?|respond|tags|banner|author-box|widget)$"
    r"|^(?:post|entry|article|page|site|user)-(?:comments?|tags|share|sharing|social|related|banner)$"
    r"|(?:^|-)(?:share|sharing|social|consent)-(?:bar|box|buttons?|icons?|links?|list|tools?|this|media|banner"
    r"|notice)|(?:^|-)(?:related|recommended|popular|recent)-(?:articles?|content|links?|news|pages?|posts?"
    r"|reads?|stories)|(?:^|-)comments?-(?:area|form|list|section|thread|wrapper|respond)"
    r"|^tag-(?:list|links|cloud)$"
)
# These lead elsewhere: without links "menu" is what a kitchen offers.
_LEADS = re.compile(
    r"(?:^|-)(?:menu|nav|navbar|navigation|navbox|sidebar|pagination|pager|pagenav|toc)(?:$|-)"
)
_CONTENT = "h1, main, article, [role=main]"
_BARS = re.compile(r"[\s|·•»›>/‹«,–—-]*")
_LINKED = 0.8


class _Removed:
    """What was taken out of a page: how much of each sort, and its words."""

    def __init__(self) -> None:
        self._sorts: Counter[str] = Counter()
        self._words = 0
        self._longest = ""

    def take(self, tag: Tag, sort: str) -> None:
        """Take a tag out of its page."""
        if sort not in _UNSAID:
            said = "" if sort == "script" else " ".join(tag.get_text(" ").split())
            self._words += len(said.split())
            self._longest = max(self._longest, said, key=len)
            self._sorts[sort] += bool(said) or sort in ("script", "form")
        tag.decompose()

    def summary(self) -> str:
        """All of it in one line, "" for nothing that anybody could read or fill in."""
        sorts = ", ".join(
            f"{count} {sort}{'s' if count > 1 else ''}" for sort, count in self._sorts.items() if count
        )
        if not self._words:
            return sorts
        begins = self._longest if len(self._longest) <= _SHOWN else f"{self._longest[:_SHOWN].rstrip()}…"
        return f"{sorts}; {self._words} word{'s' if self._words > 1 else ''}, the most in “{begins}”"


def remove_furniture(soup: BeautifulSoup) -> str:
    """Take everything out of a page that is not its article, and say in a line what that was."""
    removed = _Removed()
    for around in soup.select(_AROUND):
        # What stood in another that was taken out went with it.
        if not around.decomposed and not around.select_one(_CONTENT):
            removed.take(around, _sort(around))
    for header in soup.select("header"):
        # The header of an article or of a section holds its heading, that of a page its menu.
        if not header.decomposed and not header.find_parent(["main", "article", "section"]):
            removed.take(header, "page header")
    _remove_named(soup, removed)
    _unfold_layout(soup)
    for block in _link_lists(soup):
        removed.take(block, "link list" if block.name in _LISTS else "link row")
    _remove_small_print(soup, removed)
    return removed.summary()


def _sort(tag: Tag) -> str:
    """What a tag that stands around an article is to its reader."""
    if tag.name in _SORTS:
        return _SORTS[tag.name]
    return _SORTS.get(_ROLES.get(str(tag.get("role", "")), ""), "hidden part")


def _remove_named(soup: BeautifulSoup, removed: _Removed) -> None:
    words = len(soup.get_text(" ").split())
    for block in soup.find_all(_BLOCKS):
        if block.decomposed or block.find_parent(["pre", "code"]) or not _is_named(block):
            continue
        # The name of what holds the article tells of the page: "with-sidebar".
        if not block.select_one(_CONTENT) and 2 * len(block.get_text(" ").split()) < words:
            removed.take(block, "page block")


def _is_named(block: Tag) -> bool:
    classes = block.get("class")
    names = [*classes] if isinstance(classes, list) else []
    name = block.get("id")
    # Generators name a chapter after its heading.
    if isinstance(name, str) and not (block.name == "section" or "section" in names):
        names.append(name)
    hyphened = [_hyphened(part) for part in names]
    if any(map(_NAMED.search, hyphened)):
        return True
    return any(map(_LEADS.search, hyphened)) and 2 * _linked(block) >= len(block.get_text(strip=True))


def _hyphened(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_+|-{2,}", "-", name).casefold()


def _unfold_layout(soup: BeautifulSoup) -> None:
    """Make plain blocks of tables that only place the parts of a page."""
    for table in soup.find_all("table"):
        if table.find([*_HEADINGS, "table"]) is None:
            continue
        parts = table.find_all(["tbody", "thead", "tr", "td", "th"])
        own = [part for part in parts if part.find_parent("table") is table]
        for part in (table, *own):
            part.name = "div"


def _link_lists(soup: BeautifulSoup) -> Iterator[Tag]:
    """The blocks that are nothing but links, unless a heading or a sentence above says what they are."""
    for block in soup.find_all(["ul", "ol", "table", "p", "div"]):
        if block.decomposed or block.find(_HEADINGS):
            continue
        links = block.find_all("a")
        if len(links) < 2 or not _is_linked(block):
            continue
        anchors = all(str(link.get("href", "")).startswith("#") for link in links)
        listed = block.name in _LISTS or block.find(_LISTS) or "," in _without_links(block)
        if anchors or not listed or not _is_introduced(block):
            yield block


def _is_linked(block: Tag) -> bool:
    said = _linked(block)
    rest = _BARS.sub("", _without_links(block))
    return said > 0 and said >= _LINKED * (said + len(rest)) and not re.search(r"[.!?]$", rest)


def _linked(block: Tag) -> int:
    return sum(len(link.get_text(strip=True)) for link in block.find_all("a"))


def _without_links(block: Tag) -> str:
    strings = (text for text in block.find_all(string=True) if not text.find_parent("a"))
    return " ".join(str(text) for text in strings if type(text) is NavigableString)


def _is_introduced(block: Tag) -> bool:
    above = block.find_previous_sibling()
    while above is None and block.parent is not None and block.parent.name in ("div", "section"):
        block = block.parent
        above = block.find_previous_sibling()
    if above is None or above.name == "h1":
        return False
    return above.name in _HEADINGS or above.get_text(strip=True).endswith(":")


def _remove_small_print(soup: BeautifulSoup, removed: _Removed) -> None:
    """Small letters below the last rule across a page are its footer."""
    rules = soup.find_all("hr")
    below = rules[-1].find_next_siblings() if rules else []
    if below and all(part.name in ("p", "small", "address", "br", "center", "font") for part in below):
        for part in below:
            if part.name in ("small", "address") or part.find("small"):
                removed.take(part, "small-print line")
