"""What gives a language away in a few words, and the same questions in each of them."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from knowledge.asking.vocabulary import words

ENGLISH = "en"

TELLTALES = 2
"""Different words of a language that give it away; one alone may be a name or a slip."""

SHARE = 0.25
"""Share of a text's words that they make up."""


def spoken(text: str) -> list[str]:
    """The languages that the words of a text give away; several where they do so equally, mostly none."""
    found = words(text)
    told = {tongue: len(telltales.intersection(found)) for tongue, telltales in _telltales().items()}
    most = max(told.values())
    if most < TELLTALES or most < SHARE * len(found):
        return []
    return [tongue for tongue, count in told.items() if count == most]


def language_of(tongue: str) -> str:
    """The ISO 639-1 code of a language, whatever letters it is typed in."""
    return tongue.split("-")[0]


def tongue_of(language: str | None, text: str) -> str | None:
    """The language as it is known here: typed in Latin letters one that has its own is another."""
    if language is None:
        return None
    typed = f"{language}-Latn"
    tongue = typed if typed in _tongues() and text.isascii() else language
    return tongue if tongue in _tongues() else None


def questions_in(tongue: str) -> list[str]:
    """The questions there are in every language, always in the same order."""
    return [readable(question, tongue) for question in _tongues()[tongue]["questions"]]


def readable(text: str, tongue: str | None) -> str:
    """A text with the words put into English that the model has read too little of."""
    english: Mapping[str, str] = _tongues().get(tongue or "", {}).get("english", {})
    return re.sub(r"\w+", lambda match: english.get(match[0].lower(), match[0]), text) if english else text


@lru_cache(maxsize=1)
def _tongues() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files("knowledge.asking").joinpath("tongues.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _telltales() -> Mapping[str, frozenset[str]]:
    return {
        tongue: frozenset(known["words"].split()) for tongue, known in _tongues().items() if "words" in known
    }
