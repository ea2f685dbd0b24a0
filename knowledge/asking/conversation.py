"""What a message asks: its questions one by one, and what a follow-up refers to. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from sentencex import get_sentence_boundaries

from knowledge.asking.courtesies import courtesy
from knowledge.asking.followups import asks_for_more, goes_beyond, pointed_at, points_back
from knowledge.asking.listing import subjects_listed
from knowledge.asking.provenance import asks_about_sources
from knowledge.asking.roles import role_in
from knowledge.asking.vocabulary import carries_topic, stem, words
from knowledge.entities import Question, Turn

LONGEST = 2_000
"""Characters of a message that is still read as a question."""

REMEMBERED = 6
"""Earlier turns in which a list or a question is looked for."""

_ASKS = (
    r"(?:what|whats|what's|which|who|whos|where|wheres|when|why|how|hows|is|are|do|does|did|can|could|should|"
    r"would|will|am|has|have|tell me|explain|describe|compare|name|list)"
)
_OPENS_WITH_ASK = re.compile(rf"^\W*(?:and |also |so |but |ok |then )*{_ASKS}\b", re.IGNORECASE)
_JOINED = re.compile(
    rf"(?:[,;]\s*|\s+)(?:and also|and|also|plus|then|\+|&)\s+(?={_ASKS}\b)|[,;]\s+(?={_ASKS}\b)",
    re.IGNORECASE,
)
# "… and do they agree?" is how the question before it is meant.
_COMPARES_SOURCES = re.compile(
    r"^\W*(?:and |also |so |but )*(?:do|does|did|how do|where do|in what do) "
    r"(?:(?:the|all|both|these|those|your|two|of|them|they|articles|sources|documents|authors) ?)+"
    r"(?:really |even )?(?:agree|disagree|differ|contradict|say the same)\b",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"^\W*(?:(?:so|ok|hi|hey|hello)\W+)*(?:i (?:have|got|'ve got) )?"
    r"(?:two|three|2|3|a few|a couple of|some|several) (?:quick )?(?:things|questions|qs)\s*[:.,-]+\s*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:^|\s)\(?\d[.)]\s+")

_CONNECTS = re.compile(
    r"^\W*(?:(?:and|also|but|so|then|ok|okay|what about|whatabout|how about)\b\W*)+", re.IGNORECASE
)
# These say how, or set against what, the earlier question is meant: "even for juniors?", "or Java?".
_VARIES = re.compile(
    r"^\W*(?:or|why not|why so|how so|how come|really|for example|e\.g|such as|like|which ones?|"
    r"even|only|just|especially)\b",
    re.IGNORECASE,
)
_NARROWS = re.compile(
    r"^\W*(?:for|in|at|with|without|as|from|on|by|during|after|before|if|when|because|since|unless)\b"
    rf"(?!.*\b{_ASKS}\b)",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:better|worse|best|worst|harder|easier|faster|slower|enough|too\W*$|either\W*$|instead\W*$)"
    r"(?!.*\b(?:than|or|vs|versus)\b)",
    re.IGNORECASE,
)
_REFERS_BACK = re.compile(
    r"\b(?:it|its|those|these|them|same(?! as)|former|latter|above|mentioned|"
    r"(?<!can )(?<!does )(?<!should )(?<!must )ones?|"
    r"(?<!is )(?<!are )(?<!was )there(?! (?:is|are|was|were))|"
    r"this(?! (?:job|role|field|career|work|profession))|"
    r"that(?! (?:job|role|field|career|work|profession|the|a|an|i|i'm|you|we|they|he|she|it|my|your|their)\b)"
    r")\b",
    re.IGNORECASE,
)
# "Is it useful to know SQL?" does not ask what it is.
_SAYS_WHAT_IT_IS = re.compile(
    r"\b(?:is|was|would|will|be) it (?:\w+ ){0,4}(?:to \w+ (?!it\b)\w|(?:if|that|who) \w)", re.IGNORECASE
)
_THEY = re.compile(
    r"\b(?:they|their|theirs|he|she|his|her|(?:this|that) (?:job|role|field|career))\b",
    re.IGNORECASE,
)
# "Who do they work with?" says all but who they are; "which do they use?" does not.
_IS_ABOUT_THEM = re.compile(
    r"^\W*(?:(?:what|when) (?:do|does|did|are|is|can|should|would|will) (?:they|he|she)|"
    r"(?:who|whom|where) (?:do|does|did|are|is|can|should|would|will) (?:they|he|she|i|you|we)) \w+",
    re.IGNORECASE,
)
# Words about the answer wanted rather than about its subject.
_MANNER = frozenset(
    stem(word)
    for word in (
        *("detail", "detailed", "example", "reason", "summary", "summarize", "shorter", "simpler", "deeper"),
        *("elaborate", "expand", "clarify", "rephrase", "repeat", "continue", "terms", "depth"),
        *("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    )
)
SHORT = 3
"""Words of a message that hardly ever is a whole question."""

BRIEF = 5
"""Words of a comparison that may leave out with what."""

FOLLOWING = 12
"""Words of a message that may still be one that needs the earlier question."""


class Leaning(Enum):
    """How much of what was said before a question needs."""

    ALONE = "nothing"
    ROLE = "only whom it is about"
    QUESTION = "the question it continues"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to look for.

    `about` is the earlier question it continues; None where its own words say enough. `shown` is what was
    said to it so far, where it asks for something else: see `already_shown`. `role` is whom the conversation
    is about, where the question says all but that. It is no part of what is looked for: every passage about a
    role is near to it, and so would be a question that none of them answers.
    """

    text: str
    about: str | None = None
    shown: str = ""
    role: str | None = None


# "What is X? Is it hard?" – "they" is mostly the people every question is about.
_NEEDS_A_SUBJECT = re.compile(r"\b(?:it|its|this|that)\b", re.IGNORECASE)


def separate(text: str) -> list[str]:
    """The questions of a message, in order; the whole message where it holds at most one.

    A statement before a question ("I like SQL. What could I do?") stays with it.
    """
    text = _ANNOUNCED.sub("", text)
    _, *numbered = (part.strip(" ,;") for part in _NUMBERED.split(text))
    if len(asked := [part for part in numbered if words(part)]) > 1:
        return asked
    pieces = [piece for line in text.splitlines() for piece in _sentences(line)]
    pieces = [part for piece in pieces for part in _unjoin(piece)]
    asking = [piece for piece in pieces if asks(piece)]
    if len(asking) < 2 or any(map(_COMPARES_SOURCES.match, asking[1:])):
        return [" ".join(text.split())]
    questions: list[str] = []
    preface: list[str] = []
    for piece in pieces:
        preface.append(piece)
        if asks(piece):
            questions.append(" ".join(preface))
            preface = []
    if preface:
        questions[-1] = " ".join((questions[-1], *preface))
    return questions


def understand(question: Question, headings: Sequence[frozenset[str]] = ()) -> list[Asked]:
    """Each question of a message with what it continues, if it leans on an earlier turn.

    `headings` of the documents, as stems, tell the subjects of a bare list apart.
    """
    if subjects := subjects_listed(question.text, headings):
        return [Asked(subject, role=_role(question.history)) for subject in subjects]
    first, *others = separate(question.text)
    opening = _continued(first, question.history) if question.history else Asked(first)
    return [opening, *(Asked(text, first if _NEEDS_A_SUBJECT.search(text) else None) for text in others)]


def leaning(text: str) -> Leaning:
    """How much of the earlier conversation a question needs to make full sense."""
    found = words(text)
    opened = _CONNECTS.match(text)
    rest = text[opened.end() :] if opened else text
    role = role_in(rest)
    topics = [word for word in found if _is_subject(word)]
    own = [word for word in topics if role is None or word not in words(role)]
    if asks_for_more(text):
        return Leaning.QUESTION
    if len(found) > FOLLOWING:
        return Leaning.ALONE
    if not own and not _IS_ABOUT_THEM.search(rest):
        return Leaning.ALONE if role and not opened else Leaning.QUESTION
    if _refers_back(text, topics) or _varies(rest):
        return Leaning.QUESTION
    if role:
        return Leaning.ALONE
    return Leaning.ROLE if opened or len(found) <= SHORT or _THEY.search(text) else Leaning.ALONE


def _is_subject(word: str) -> bool:
    return carries_topic(word) and stem(word) not in _MANNER and any(letter.isalpha() for letter in word)


def _refers_back(text: str, topics: Sequence[str]) -> bool:
    """Whether a word stands for something said before, rather than for something in the question itself."""
    plain = _SAYS_WHAT_IT_IS.sub("", text)
    return any(not _is_within(match, topics) for match in _REFERS_BACK.finditer(plain))


def _is_within(match: re.Match[str], topics: Sequence[str]) -> bool:
    """ "The skills that matter", "one language", "I know Ruby, can I use it"."""
    before, after = match.string[: match.start()], words(match.string[match.end() :])
    word = match.group().lower()
    told = [part for part in words(before) if part in topics]
    if word == "that" and told and words(before)[-1] == told[-1]:
        return bool(after)
    if word == "one":
        return after[:1] != [] and after[0] in topics
    if word == "its" and told:
        return True
    *_, clause = re.split(r"[,;:]", before)
    return any(part in topics for part in words(before.removesuffix(clause)))


def _varies(text: str) -> bool:
    """Whether a question only says how, or set against what, an earlier one is meant."""
    found = words(text)
    why = found[:1] == ["why"] and len(found) <= SHORT
    compares = len(found) <= BRIEF and _COMPARES.search(text)
    return bool(why or compares or _VARIES.search(text) or _NARROWS.search(text))


def _continued(text: str, history: Sequence[Turn]) -> Asked:
    """A question after what was said before, with as much of that as it needs."""
    if asks_about_sources(text):
        return Asked(text)
    if asks_for_more(text) and (before := _asked_before(history)):
        return before
    shown = "\n".join(turn.bot for turn in history) if goes_beyond(text) else ""
    if item := _item_meant(text, history):
        if len(words(item)) <= FOLLOWING // 2:
            return Asked(item, _subject(history), shown)
        return Asked(item, shown=shown, role=_role(history))
    match leaning(text):
        case Leaning.QUESTION:
            return Asked(text, _subject(history), shown)
        case Leaning.ROLE:
            return Asked(text, shown=shown, role=_role(history))
    return Asked(text)


def _asked_before(history: Sequence[Turn]) -> Asked | None:
    """The last real question once more, with all that was said since."""
    for place in reversed(range(max(0, len(history) - REMEMBERED), len(history))):
        text = separate(history[place].user)[-1]
        if not asks_for_more(text) and not _is_aside(text):
            shown = "\n".join(turn.bot for turn in history[place:])
            return replace(_continued(text, history[:place]), shown=shown)
    return None


def _item_meant(text: str, history: Sequence[Turn]) -> str | None:
    """A question with the thing of an earlier list that it points at.

    "And the fourth?" after "explain the third" still means the list the third was in.
    """
    for turn in reversed(history[-REMEMBERED:]):
        if not points_back(turn.user) and not _is_aside(turn.user):
            return pointed_at(text, turn.bot, turn.user)
    return None


def _subject(history: Sequence[Turn]) -> str | None:
    """The latest earlier question that stands alone, with the follow-ups after it."""
    kept: list[str] = []
    for place in reversed(range(len(history))):
        text = history[place].user
        if asks_for_more(text) or _is_aside(text):
            continue
        item = _item_meant(text, history[:place])
        kept.append(item or text)
        if item or (lean := leaning(text)) is Leaning.ALONE:
            break
        if lean is Leaning.ROLE:
            kept += [role] if (role := _role(history[:place])) else []
            break
    return " ".join(reversed(kept[:3])) or None


def _role(history: Sequence[Turn]) -> str | None:
    """Whom the conversation is about, as last named."""
    return next((role for turn in reversed(history) if (role := role_in(turn.user))), None)


def _is_aside(text: str) -> bool:
    """Small talk and questions about the sources, between which the subject stays the same."""
    return courtesy(text) is not None or asks_about_sources(text)


def _sentences(line: str) -> list[str]:
    found = (boundary["text"].strip() for boundary in get_sentence_boundaries("en", line))
    return [sentence for sentence in found if sentence]


def _unjoin(piece: str) -> list[str]:
    """ "What is X and how do I Y?" is two questions when both halves ask."""
    parts = _JOINED.split(piece)
    if all(_OPENS_WITH_ASK.match(part) and (len(words(part)) > 3 or _has_topic(part)) for part in parts):
        return [part.strip() for part in parts]
    return [piece]


def _has_topic(part: str) -> bool:
    return any(carries_topic(word) for word in words(part))


def asks(piece: str) -> bool:
    """Whether a sentence is a question, by its mark or by how it opens."""
    put = piece.rstrip().endswith("?") or bool(_OPENS_WITH_ASK.match(piece))
    return put and bool(words(piece))
