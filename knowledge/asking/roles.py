"""Which professional role a question is about, told apart from the roles the documents describe. Pure."""

import re
from collections.abc import Iterable

from knowledge.asking.vocabulary import carries_topic, stem, words

_NOUN = (
    r"(?:engineer|developer|programmer|coder|designer|manager|scientist|analyst|tester|administrator|admin|"
    r"architect|consultant|recruiter)s?"
)
_ROLE = re.compile(rf"(?:(?P<before>[\w'-]+)\s+)?(?P<kind>[\w+#/-]+)\s+(?P<noun>{_NOUN})\b", re.IGNORECASE)

# A role after one of these is somebody the subject deals with, not the subject.
_RELATING = frozenset(
    (
        "with",
        "to",
        "from",
        "than",
        "and",
        "or",
        "between",
        "vs",
        "versus",
        "for",
        "by",
        "of",
        "helps",
        "like",
        "as",
    )
)
_RANKS = frozenset(
    (
        "junior",
        "senior",
        "lead",
        "staff",
        "principal",
        "entry",
        "level",
        "mid",
        "experienced",
        "software",
        "web",
        "server",
        "side",
        "server-side",
        "back-end",
    )
)


def kinds_of_role(titles: Iterable[str]) -> frozenset[str]:
    """Stems that tell the roles in titles apart: "backend" in "Inside the Mind of a Backend Engineer"."""
    return frozenset(stem(match.group("kind").lower()) for title in titles for match in _ROLE.finditer(title))


def other_role(text: str, kinds: frozenset[str]) -> str | None:
    """The role a question is about where no title names it: "devops engineer".

    None where the titles name no role at all, where the question names one of theirs too, and where the other
    role is only related to ("work with data engineers").
    """
    if not kinds or any(stem(word) in kinds for word in words(text)):
        return None
    return role_in(text)


def role_in(text: str) -> str | None:
    """The role a text is about, as it names it; None where it names none or only one somebody deals with."""
    for match in _ROLE.finditer(text):
        kind, before = match.group("kind").lower(), (match.group("before") or "").lower()
        if carries_topic(kind) and kind not in _RANKS and before not in _RELATING:
            return f"{kind} {match.group('noun').lower()}"
    return None
