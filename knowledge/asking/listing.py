"""A bare list of subjects, such as "salary, tools and the day", told apart from a single subject. Pure."""

import re
from collections.abc import Iterable

from knowledge.asking.roles import role_in
from knowledge.asking.vocabulary import carries_topic, stem, words

LONGEST = 8
"""Words of a message that is nothing but a list."""

_JOINT = re.compile(r"\s*[,;]\s*(?:(?:and|plus)\s+)?|\s+(?:and|plus)\s+|\s*&\s*", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:what|which|who|where|when|why|how|is|are|do|does|did|can|could|should|would|will|i|you|they|we)\b",
    re.IGNORECASE,
)


def subjects_listed(text: str, headings: Iterable[frozenset[str]]) -> list[str]:
    """The subjects of a bare list, where each has a heading of its own; [] for everything else.

    `headings` holds the stems of each. "AWS and GCP" have none, "design and development" share theirs: the
    one is a question about both, the other a single subject.
    """
    if len(words(text)) > LONGEST or _ASKS.search(text):
        return []
    parts = [part.strip(" .?!") for part in _JOINT.split(text.strip(" .?!"))]
    keys = [_key(part) for part in parts]
    if len(parts) < 2 or not all(keys):
        return []
    known = list(headings)
    under = [{place for place, held in enumerate(known) if key <= held} for key in keys]
    return parts if all(under) and not set.intersection(*under) else []


def _key(part: str) -> frozenset[str]:
    role = words(role_in(part) or "")
    return frozenset(stem(word) for word in words(part) if carries_topic(word) and word not in role)
