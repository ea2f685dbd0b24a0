"""What kind of thing a question asks for, and whether a text holds a thing of that kind. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.asking.vocabulary import stem, stems, words

_COUNT = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?)"

_PEOPLE = r"(?:[\w-]+ ){0,3}(?:they|you|u|we|i|people|ppl|teams?|engineers?|developers?|devs?) works?\W*$"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kind:
    """Questions that match `asks` are answered only by texts that match `holds`."""

    name: str
    asks: re.Pattern[str]
    holds: re.Pattern[str]


KINDS = (
    Kind(
        "money",
        _pattern(
            r"\b(?:salar\w*|wages?|earn\w*(?! (?:\w+ ){0,2}(?:trust|respect|experience|thank))|income|"
            r"compensation|money|payroll|pay (?:like|range|scale|grade)|"
            r"(?:get|gets|be|well|much) paid|the pay|costs?|price\w*|cheap\w*|expensive|lpa|bucks|dollars?|"
            r"euros?|stock options?|bonus(?:es)?|how much (?:does|do|can|would|will) .{1,50} make|"
            r"pays? (?:the )?(?:best|most|well|more)|(?:best|highest) paid|"
            r"what (?:does|do|will) .{1,30} pay)\b|[$€£₹]"
        ),
        _pattern(r"[$€£₹]\s?\d|\d\s?(?:[$€£₹]|usd|eur|dollars?|euros?|pounds?|per hour)"),
    ),
    Kind(
        "phone number",
        _pattern(r"\b(?:(?:tele)?phone (?:number|no)|phone number|number (?:can i|do i|to) (?:call|ring))\b"),
        _pattern(r"(?:\+|\b)\d[\d /().-]{3,}\d\b"),
    ),
    Kind("email address", _pattern(r"\be-?mail address(?:es)?\b"), _pattern(r"\w@\w")),
    Kind(
        "duration",
        _pattern(
            r"\bhow (?:long(?! \w+s are \w)|much time|many (?:years|months|weeks|days|hours|minutes))\b"
        ),
        _pattern(
            rf"(?:\d|\b{_COUNT})[\s-]*"
            r"(?:ms|milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b"
        ),
    ),
    Kind(
        "amount",
        _pattern(
            r"\b(?:how many|how much|how old|how far|how often|number of|"
            r"average(?! (?:\w+ )?(?:day|morning|afternoon|evening|week)\b))\b"
        ),
        # "One or more of" counts nothing.
        _pattern(rf"(?<![\d.])\d+(?![.\d])|\b(?!one\b)(?:{_COUNT}|once|twice|daily|often)\b"),
    ),
    Kind(
        "percentage",
        _pattern(r"\b(?:what|which|how many|how much|exact) (?:\w+ )?percent(?:age)?\b|\bwhat share of\b"),
        _pattern(r"\d\s?%|\bpercent\b"),
    ),
    Kind(
        "place",
        _pattern(
            r"\b(?:where(?!.*\b(?:data|code|logic|state|files?)\b)|which (?:country|countries|city|cities))\b"
            r".*\b(?:live|located|based|hire|reside)\b"
        ),
        _pattern(
            r"\b(?:live|based|located) (?:in|at|near) (?-i:[A-Z])\w+|"
            r"\b(?:street|road|square|town|village|city|country)\b"
        ),
    ),
    Kind(
        "person",
        _pattern(
            r"\bwho (?:founded|invented|created|made|designed|owns|started|"
            r"is the (?:ceo|founder|president))\b"
        ),
        _pattern(r"\b(?:founded|invented|created|made|designed|owned|started) by\b"),
    ),
    Kind(
        "year",
        _pattern(
            r"\b(?:what year|since when|when (?:was|were|did) .*"
            r"\b(?:invented|created|founded|released|made|introduced|built|come out))\b"
        ),
        _pattern(r"\b(?:1[6-9]|20)\d\d\b"),
    ),
    Kind(
        "explanation",
        _pattern(
            rf"^\W*(?:explain|define|how (?:does|do|did|is|are)) (?!{_PEOPLE})"
            r"[\w/+#. -]{2,40} (?:work|works|function)\W*$"
        ),
        _pattern(r"\b(?:works? by|works? like|is made of|consists? of|in order to|so that)\b"),
    ),
)

_TASK = _pattern(
    r"^\W*(?:please |pls |hey |hi )*(?:(?:can|could|will|would) (?:you|u) )?(?:please |pls )?"
    r"(?:write|fix|code|solve|translate|draw|book|order|send|generate|compute|calculate|debug|compose|sing|sign)"
    r"\b (?:me|my|us|a|an|this|the|some|it)\b"
)
_STATEMENT = re.compile(
    r";\s*(?:DROP|DELETE|SELECT|INSERT|UPDATE|ALTER)\b.*(?:;|--)", re.IGNORECASE | re.DOTALL
)
_COMPARES = _pattern(
    r"\b(?:better|worse|best|faster|slower|easier|harder|differences?|different|differ|compare[ds]?|vs|versus)\b"
)
_WEIGHS = _pattern(
    r"\b(?:better|worse|best|faster|slower|easier|harder|differences?|different|differ|compared?)\b"
)
_SIDES = _pattern(
    r"(?P<one>[\w+#.]+)"
    r"(?: (?:any |much |really |more |less )?(?:better|worse|faster|slower|easier|harder|different))?"
    r" (?:or|vs\.?|versus|than|and|from) (?P<other>[\w+#.]+)"
)
_COMPARED = _pattern(r"\b(?:than|differ\w*|compared|vs|versus|unlike|whereas|while|but not|rather)\b")


_BARGAINING = _pattern(r"\b(?:negotiat\w*|bargain\w*|haggl\w*)\b")


def kinds_asked(text: str) -> list[Kind]:
    """The kinds a question asks for; empty for most questions, which any text may answer.

    How to come by more money is asked without wanting to know how much it is.
    """
    asked = [kind for kind in KINDS if kind.asks.search(text)]
    return [kind for kind in asked if kind.name != "money"] if _BARGAINING.search(text) else asked


def is_code(text: str) -> bool:
    """Whether a message is a piece of a program or of markup and no sentence around it."""
    marks = sum(character in "<>{}()[];=$|\\`" for character in text)
    return (marks >= 4 and marks > len(words(text))) or bool(_STATEMENT.search(text))


def is_a_task(text: str) -> bool:
    """Whether somebody wants something done ("write me a poem") rather than said."""
    return bool(_TASK.search(text))


def weighs(text: str) -> bool:
    """Whether things are to be weighed against each other, and not merely named side by side ("X vs Y")."""
    return bool(_WEIGHS.search(text))


def compares_unmet(text: str, answers: Sequence[str]) -> bool:
    """Whether a question compares two things that no text compares.

    Texts that only name both do not: "MySQL, PostgreSQL" does not say which is faster.
    """
    sides = _SIDES.search(text)
    if sides is None or not _COMPARES.search(text):
        return False
    pair = {stem(word) for word in words(" ".join(sides.group("one", "other")))}
    return not any(pair <= stems(answer) and _COMPARED.search(answer) for answer in answers)
