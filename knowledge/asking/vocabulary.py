"""The words of a generation: how telling each is, and what a misspelt one was meant to be."""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import snowballstemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA

_WORD = re.compile(r"[^\W_](?:[\w+#]|[.'’/-](?=\w))*", re.UNICODE)

OFTEN = 2
"""Times two words stand side by side before they are known run together ("softskills")."""

IsWord = Callable[[str], bool]


def words(text: str) -> list[str]:
    """The words of a text in lower case; C#, Node.js and CI/CD stay whole."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The English stem of one lower-case word (Snowball)."""
    return str(snowballstemmer.stemmer("english").stemWord(word))


def stems(text: str) -> set[str]:
    """Stems of all words of a text, and of the parts of compounds such as "problem-solving"."""
    found = set()
    for word in words(text):
        found.add(stem(word))
        found.update(stem(part) for part in re.split(r"[.'/-]", word) if part)
    return found


@lru_cache(maxsize=1)
def _lists() -> tuple[Mapping[str, str], frozenset[str]]:
    raw = tomllib.loads(files("knowledge.asking").joinpath("words.toml").read_text("utf-8"))
    return raw["slang"], frozenset(raw["function"]["words"].split())


def slang() -> Mapping[str, str]:
    """Chat spellings and what they stand for."""
    return _lists()[0]


def carries_topic(word: str) -> bool:
    """False for words a document need not contain to answer a question that does."""
    return word not in _lists()[1] and word.split("'")[0] not in _lists()[1] and len(word) > 1


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`spread` counts the passages that hold a stem; `spellings` leads from a word run together ("standup",
    "softskills") to how it is written ("stand-up", "soft skills")."""

    spread: Mapping[str, int]
    spellings: Mapping[str, str]
    passages: int

    def telling(self, word: str) -> float:
        """Inverse document frequency: 0 for a word that stands everywhere, highest for an unknown one."""
        count = self.spread.get(stem(word), 0)
        return math.log((self.passages + 1) / (count + 0.5)) if count < self.passages else 0.0

    def knows(self, word: str) -> bool:
        """Whether the documents contain the word, its stem, or every part of a compound."""
        parts = [part for part in re.split(r"[.'/-]", word) if part]
        return stem(word) in self.spread or all(stem(part) in self.spread for part in parts)

    def correct(self, word: str, is_word: IsWord) -> str:
        """How the documents spell a misspelt word; the word itself where it is fine or nothing is near.

        `is_word` tells whether the encoder knows a word as such: "rust" is no slip for "trust".
        """
        if len(word) < 3 or not word.isalpha() or not carries_topic(word):
            return word
        if word in self.spellings:
            return self.spellings[word]
        if self.knows(word) or is_word(word):
            return word
        return self.spellings.get(found, found) if (found := self._nearest(word)) else word

    def _nearest(self, word: str) -> str | None:
        # People rarely miss the first letter, and short words have too many neighbours.
        slips = 1 if len(word) < 7 else 2
        for known in (self.spellings, _lists()[1]):
            near = sorted(
                other for other in known if other[0] == word[0] and abs(len(other) - len(word)) <= slips
            )
            found = process.extractOne(word, near, scorer=OSA.distance, score_cutoff=slips)
            if found and (len(word) > 3 or known is not self.spellings):
                return str(found[0])
        return None


def build_vocabulary(texts: Iterable[str]) -> Vocabulary:
    """The vocabulary of passages, each given as one text."""
    spread: Counter[str] = Counter()
    spellings: dict[str, str] = {}
    pairs: Counter[tuple[str, str]] = Counter()
    passages = 0
    for text in texts:
        passages += 1
        spread.update(stems(text))
        found = words(text)
        pairs.update(pair for pair in pairwise(found) if all(map(_joins, pair)))
        for word in found:
            joined = re.sub(r"[-/]", "", word)
            if joined.isalpha() and len(joined) > 3 and spellings.get(joined) != joined:
                spellings[joined] = word
    for (first, second), times in pairs.items():
        if times >= OFTEN:
            spellings.setdefault(first + second, f"{first} {second}")
    return Vocabulary(dict(spread), spellings, passages)


def _joins(word: str) -> bool:
    return word.isalpha() and len(word) > 3 and carries_topic(word)


def plain_english(text: str, vocabulary: Vocabulary, is_word: IsWord) -> str:
    """A question with chat spellings written out and slips corrected towards the documents' words."""
    spelled_out = slang()

    def mend(match: re.Match[str]) -> str:
        word = match.group().lower()
        if word in spelled_out and not _is_meant(match.group(), vocabulary):
            return spelled_out[word]
        # A word in capitals is an abbreviation people mean: an IDE is no idea.
        shouted = match.group().isupper() and not text.isupper()
        fixed = word if shouted else vocabulary.correct(word, is_word)
        return match.group() if fixed == word else fixed

    return _WORD.sub(mend, text)


def _is_meant(word: str, vocabulary: Vocabulary) -> bool:
    """Whether a chat spelling is itself a word here: a letter in capitals, or one the documents use."""
    if len(word) == 1:
        return word.isupper()
    # "Whats" has the stem of a word that stands everywhere and means nothing.
    return len(word) > 2 and vocabulary.knows(word.lower()) and carries_topic(stem(word.lower()))
