"""Blocks of Markdown that only lead elsewhere: menus on one line, tables of contents."""

import re

from markdown_it.tree import SyntaxTreeNode

_BARS = re.compile(r"[\s|·•»›>/‹«–—-]*")
_LISTS = ("bullet_list", "ordered_list")


def leads_elsewhere(node: SyntaxTreeNode) -> bool:
    """True for a paragraph of links with bars between them, and for a list of links to the same page."""
    if node.type not in ("paragraph", *_LISTS):
        return False
    links = [part for part in node.walk() if part.type == "link"]
    beside = "".join(
        part.content
        for part in node.walk()
        if part.type in ("text", "code_inline", "html_inline", "html_block", "fence", "code_block")
        and not _is_linked(part, node)
    )
    if len(links) < 2 or not _BARS.fullmatch(beside):
        return False
    inside = all(str(link.attrs.get("href", "")).startswith("#") for link in links)
    return inside or (node.type == "paragraph" and bool(beside.strip()))


def _is_linked(part: SyntaxTreeNode, within: SyntaxTreeNode) -> bool:
    above = part.parent
    while above is not None and above is not within:
        if above.type == "link":
            return True
        above = above.parent
    return False
