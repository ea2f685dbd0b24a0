"""What a message asks: its questions one by one, and what a follow-up refers to. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sentencex import get_sentence_boundaries

from knowledge.asking.vocabulary import carries_topic, words
from knowledge.entities import Question, Turn

LONGEST = 2_000
"""Characters of a message that is still read as a question."""

_ASKS = (
    r"(?:what|whats|what's|which|who|whos|where|wheres|when|why|how|hows|is|are|do|does|did|can|could|should|"
    r"would|will|am|has|have|tell me|explain|describe|compare|name|list)"
)
_OPENS_WITH_ASK = re.compile(rf"^\W*(?:and |also |so |but |ok |then )*{_ASKS}\b", re.IGNORECASE)
_JOINED = re.compile(
    rf"(?:[,;]\s*|\s+)(?:and also|and|also|plus|then)\s+(?={_ASKS}\b)|[,;]\s+(?={_ASKS}\b)", re.IGNORECASE
)
_NUMBERED = re.compile(r"(?:^|\s)\(?\d[.)]\s+")

_OPENS_A_FOLLOW_UP = re.compile(
    r"^\W*(?:and|also|but|or|so|then|what about|whatabout|how about|why|why not|how so|how come|really|"
    r"more|tell me more|say more|go on|continue|such as|like what|like|for example|e\.g|which one|which ones|"
    r"anything else|what else|who else|else)\b",
    re.IGNORECASE,
)
_REFERS_BACK = re.compile(
    r"\b(?:it|its|that|this|those|these|them|they|their|one|ones|same|there|he|she|former|latter|"
    r"first|second|third|last|others?|above|mentioned)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to look for. `about` is the earlier question it continues, None where it stands alone."""

    text: str
    about: str | None = None


# "What is X? Is it hard?" – "they" is mostly the people every question is about.
_NEEDS_A_SUBJECT = re.compile(r"\b(?:it|its|this|that)\b", re.IGNORECASE)


def separate(text: str) -> list[str]:
    """The questions of a message, in order; the whole message where it holds at most one.

    A statement before a question ("I like SQL. What could I do?") stays with it.
    """
    _, *numbered = (part.strip(" ,;") for part in _NUMBERED.split(text))
    if len(asked := [part for part in numbered if words(part)]) > 1:
        return asked
    pieces = [piece for line in text.splitlines() for piece in _sentences(line)]
    pieces = [part for piece in pieces for part in _unjoin(piece)]
    asking = [piece for piece in pieces if _is_question(piece)]
    if len(asking) < 2:
        return [" ".join(text.split())]
    questions: list[str] = []
    preface: list[str] = []
    for piece in pieces:
        preface.append(piece)
        if _is_question(piece):
            questions.append(" ".join(preface))
            preface = []
    if preface:
        questions[-1] = " ".join((questions[-1], *preface))
    return questions


def understand(question: Question) -> list[Asked]:
    """Each question of a message with what it continues, if it leans on an earlier turn."""
    first, *others = separate(question.text)
    follows = question.history and leans_on_earlier(first)
    opening = Asked(first, _subject(question.history) if follows else None)
    return [opening, *(Asked(text, first if _NEEDS_A_SUBJECT.search(text) else None) for text in others)]


def leans_on_earlier(text: str) -> bool:
    """Whether a question makes full sense only with what was said before."""
    words = re.findall(r"[\w'#+./-]+", text)
    if _OPENS_A_FOLLOW_UP.match(text):
        return True
    return len(words) <= 3 or (len(words) <= 12 and bool(_REFERS_BACK.search(text)))


def _subject(history: Sequence[Turn]) -> str:
    """The latest earlier question that stands alone, with the follow-ups after it."""
    kept: list[str] = []
    for turn in reversed(history):
        kept.append(turn.user)
        if not leans_on_earlier(turn.user):
            break
    return " ".join(reversed(kept[:3]))


def _sentences(line: str) -> list[str]:
    found = (boundary["text"].strip() for boundary in get_sentence_boundaries("en", line))
    return [sentence for sentence in found if sentence]


def _unjoin(piece: str) -> list[str]:
    """ "What is X and how do I Y?" is two questions when both halves ask."""
    parts = _JOINED.split(piece)
    if all(_OPENS_WITH_ASK.match(part) and _has_topic(part) for part in parts):
        return [part.strip() for part in parts]
    return [piece]


def _has_topic(part: str) -> bool:
    return any(carries_topic(word) for word in words(part))


def _is_question(piece: str) -> bool:
    asks = piece.rstrip().endswith("?") or bool(_OPENS_WITH_ASK.match(piece))
    return asks and bool(words(piece))
