"""HTML into a tree, whatever it is like."""

import re

from bs4 import BeautifulSoup

# A browser takes both for comments; Python's parser stumbles over the first and takes the second for XML.
_ODD = re.compile(r"<!\[[^>]*>?|<\?[^>]*>?")


def parse_html(html: str) -> BeautifulSoup:
    """The tree of an HTML page or of a piece of one."""
    # The comment keeps a short text from being taken for the name of a file.
    return BeautifulSoup("<!---->" + _ODD.sub("", html), "html.parser")
