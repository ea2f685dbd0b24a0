"""Questions about the documents themselves: by whom, from when and where, how many. Pure."""

import re
from collections.abc import Mapping, Sequence

from index.passages import Record
from knowledge.asking.vocabulary import carries_topic, words
from knowledge.background import Background, source_of
from knowledge.entities import Answer, Confidence, Source

NAMED = 10
"""Documents named one by one in an answer about all of them."""

# A message is first brought to few words: "when were those posts put online?" is "when is SHOWN written".
_DOCUMENT = r"(?:articles?|(?:blog )?posts?|blogs?|texts?|documents?|docs|pages?|pieces?|files?|papers?)"
_SOURCE = r"(?:sources?|references?)"
_SAID = r"(?:info(?:rmation)?|answers?|quotes?|passages?|facts?|knowledge)"
_ORDINAL = r"(?:first|second|third|fourth|last|1st|2nd|3rd|4th)"
_POLITE = (
    r"(?:and|ok|okay|so|also|but|hey|hi|well|please|pls|btw|by the way|wait|hm+|do you know|tell me|"
    r"(?:can|could) you (?:please )?(?:tell me|say)|i wonder|may i ask|"
    r"exactly|then|again|actually|originally|here)"
)
_SAME = tuple(
    (re.compile(rf"\b(?:{said})(?!\w)", re.IGNORECASE), meant)
    for said, meant in (
        ("u", "you"),
        (r"(who|what|where|how|when)'?s", r"\1 is"),
        ("are|was|were|been", "is"),
        ("did|does", "do"),
        ("published|posted|released|put (?:online|up)|(?:last )?updated|written", "written"),
        ("publish(?:es)?|post(?!s)(?= (?:that|this|it|the|these|those)\\b)|wrote|writes|authored", "write"),
        ("authors?|writers?|publishers?", "author"),
        ("recent|new|current|fresh", "old"),
        ("up[- ]to[- ]date|outdated|out of date|dated", "outdated"),
        ("(?:come|comes|coming|taken) from", "from"),
        (
            rf"(?:(?:that|this|these|those|the|your|all(?: the| your)?|each) (?:{_DOCUMENT}|{_SAID})|"
            rf"(?:that|this|these|those) {_SOURCE}|the {_ORDINAL}(?: one| {_DOCUMENT}| {_SOURCE})?)",
            "SHOWN",
        ),
        ("that|this|it|these|those|them", "IT"),
        (_SOURCE, "SOURCE"),
        (_DOCUMENT, "SOURCE"),
        (_SAID, "SAID"),
    )
)
_ANY = "(?:SHOWN|IT)"
_HAVE = (
    r"(?:(?:do|have|is|can) you "
    r"(?:have|know|use|read|quote|cite|rely on|contain|work with|search|using|based on|"
    r"look (?:in|at|through)|answer from|draw on)(?: of| from)?|you (?:have|know|use|read|quote)|"
    r"is (?:there|in (?:here|your [a-z]+(?: base)?)))"
)

# Where only a pronoun tells that a document is meant, one has to have been shown.
_POINTING = (
    "says who|who says(?: (?:so|IT))?|who said(?: (?:so|IT))?",
    "how (?:old|outdated) is IT|is IT (?:still )?outdated",
    "where (?:is |do )?IT from|from where is IT",
    "(?:from when|what year|when) is IT(?: from)?",
    "(?:the |its )?(?:link|url|date|author|year)",
)
_ABOUT_THESE = (
    f"who (?:write|written) {_ANY}",
    f"(?:who|what) is (?:the|its) author(?: (?:of|behind) {_ANY})?",
    f"author of {_ANY}",
    f"who is {_ANY} (?:written )?by|by whom is {_ANY}(?: written)?",
    "whose (?:words|SOURCE) is IT",
    f"(?:what is )?the author's name|(?:what is )?the name of the author(?: of {_ANY})?",
    f"(?:when|(?:what|which|in what|in which) year|(?:on )?what date) is {_ANY} written",
    f"when do (?:they|he|she|the author) write {_ANY}",
    f"(?:what is )?(?:the )?(?:publication |publishing )?date (?:of|on|for) {_ANY}",
    "(?:what is )?(?:the )?(?:publication|publishing) date",
    "how (?:old|outdated) is SHOWN|is SHOWN (?:still )?(?:old|outdated)",
    "where (?:is |do )?SHOWN from",
    f"where do you (?:get|find|read|learn|take|have) {_ANY}(?: from)?",
    f"(?:which|what) SOURCE (?:is|do|says?|said) {_ANY}(?: (?:from|in|come from))?",
    f"(?:(?:what|where) is )?(?:(?:the|your) )?SOURCE(?: (?:of|for|behind|on) {_ANY})?",
    f"(?:do you have|have you(?: got)?|got|give me|show me|show|cite|name) (?:a|any|some|the|your) "
    f"(?:link|SOURCE)(?: (?:for|to|of) {_ANY})?",
)
_ABOUT_ALL = (
    f"(?:which|what|how many) (?:[a-z]+ )?SOURCE {_HAVE}",
    "how many SOURCE",
    f"(?:list|name|show|show me|give me|what is) (?:all (?:of )?)?(?:SHOWN|(?:your |the )?SOURCE) {_HAVE}",
    "(?:list|name|show|show me) (?:all (?:of )?)?(?:SHOWN|your SOURCE|SOURCE)",
    "what is (?:in )?your (?:knowledge base|library|index)(?: made of)?",
    "(?:what|(?:which|what) SOURCE) is (?:you|SHOWN|this bot) (?:based|built|trained) on",
    "where do you (?:get|take|have) (?:SHOWN|your SAID|the SAID|all your SAID) from",
    "what is your SOURCE",
)
_NAMED = (
    "who (?:write|written) (?P<title>.+)",
    "(?:who|what) is the author of (?P<title>.+)",
    "(?:when|(?:in )?(?:what|which) year) is (?P<title>.+) written",
    "who is (?P<title>.+) (?:written )?by",
)
_NAMED_AS_A_TEXT = (
    "how (?:old|outdated) is (?P<title>.+)",
    "(?:what is )?(?:the )?(?:(?:publication )?date|author|source|origin) of (?P<title>.+)",
    "where (?:is|do) (?P<title>.+) from",
)
"""These also ask about people and things: what is named has to be a text beyond doubt."""


def _whole(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_POINTS, _THESE, _ALL = _whole(_POINTING), _whole(_ABOUT_THESE), _whole(_ABOUT_ALL)
_TITLED, _TITLED_AS_A_TEXT = (
    [re.compile(pattern, re.IGNORECASE) for pattern in patterns] for patterns in (_NAMED, _NAMED_AS_A_TEXT)
)
_PLACE = re.compile(rf"\bthe ({_ORDINAL})\b", re.IGNORECASE)
_ALL_OF_YOURS = re.compile(rf"\b(?:your|all)\b(?: the| your)? (?:{_DOCUMENT}|{_SOURCE})\b", re.IGNORECASE)
_THE_SOURCE = re.compile(r"\byour source\b", re.IGNORECASE)
_AROUND = re.compile(rf"^\W*(?:{_POLITE}\b\W*)*|(?:\W+{_POLITE})*\W*$", re.IGNORECASE)

_TOKENS = frozenset(("SHOWN", "IT", "SOURCE", "SAID"))
_VERBS = 10
"""Replacements that leave the nouns as they are."""
_PLACES = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "last": -1,
}

LONGEST = 160
"""Characters of a message that may be nothing but a question about the sources."""


def asks_about_sources(text: str) -> bool:
    """Whether a whole message asks about documents without naming one; "who writes unit tests" does not."""
    plain = _in_few_words(text)
    return any(pattern.fullmatch(plain) for pattern in (_POINTS, _THESE, _ALL))


def about_sources(text: str, said: Sequence[str], background: Background) -> Answer | None:
    """What is known of the documents asked about; None where a question is about something else.

    `said` is what was said before, oldest first: "that" means the documents the latest of these names.
    """
    chosen = _chosen(text, said, background.records)
    if chosen is None:
        return None
    return Answer(
        question=text,
        quotes=(),
        notes=tuple(_details(chosen, of_all=len(chosen) == len(background.records))),
        confidence=Confidence("high", "the documents' own details"),
        related=background.openers,
        generation=background.generation,
        heading="About the documents",
    )


def _chosen(text: str, said: Sequence[str], records: Mapping[str, Record]) -> list[Source] | None:
    known = {name: source_of(record, ()) for name, record in records.items()}
    plain = _in_few_words(text)
    if not asks_about_sources(text):
        return _asked_by_name(text, known)
    shown = next((found for reply in reversed(said) if (found := _named_in(reply, known))), [])
    the_source = shown and _THE_SOURCE.search(text)
    if _ALL.fullmatch(plain) and not the_source:
        return list(known.values())
    if _THESE.fullmatch(plain):
        if _ALL_OF_YOURS.search(text) and not the_source:
            return list(known.values())
        ordinal = _PLACE.search(text)
        place = _PLACES[ordinal[1].lower()] if ordinal else len(shown)
        return [shown[place]] if shown and place < len(shown) else shown or list(known.values())
    return shown or None


def _asked_by_name(text: str, known: Mapping[str, Source]) -> list[Source] | None:
    named = _in_few_words(text, nouns=False)
    titles = [match["title"] for pattern in _TITLED if (match := pattern.fullmatch(named))]
    sure = [match["title"] for pattern in _TITLED_AS_A_TEXT if (match := pattern.fullmatch(named))]
    titles += [title for title in sure if _is_a_text(title)]
    return next((found for title in titles if (found := _titled(title, known))), None)


def _is_a_text(title: str) -> bool:
    return len(words(title)) > 3 or re.search(rf"\b{_DOCUMENT}\b", title, re.IGNORECASE) is not None


def _in_few_words(text: str, *, nouns: bool = True) -> str:
    """A message without courtesies, in the words of the patterns; "" where it is too long for them."""
    if len(text) > LONGEST:
        return ""
    plain = _AROUND.sub("", _reworded(text, _SAME if nouns else _SAME[:_VERBS]))
    return "".join(word if word in _TOKENS else word.lower() for word in re.split(r"(\W+)", plain))


def _reworded(text: str, replacements: Sequence[tuple[re.Pattern[str], str]]) -> str:
    plain = " ".join(text.replace("’", "'").split())
    for said, meant in replacements:
        plain = said.sub(meant, plain)
    return plain


def _named_in(reply: str, known: Mapping[str, Source]) -> list[Source]:
    """The documents a reply credits, in its order; where it credits none, those whose title it names."""
    found = {name: reply.find(source.credit) for name, source in known.items()}
    if all(place < 0 for place in found.values()):
        rest = reply
        for name, source in sorted(known.items(), key=lambda item: -len(item[1].title)):
            title = re.escape(source.title)
            # A title of few words may as well be what a sentence is about.
            shown = title if len(source.title.split()) > 3 else rf"[«“\"(\[]{title}[»”\")\]]|{title}(?= ›)"
            match = re.search(shown, rest)
            found[name] = match.start() if match else -1
            if not any(other.title == source.title and found[key] < 0 for key, other in known.items()):
                rest = re.sub(shown, lambda hit: " " * len(hit.group()), rest)
    places = sorted((place, name) for name, place in found.items() if place >= 0)
    return [known[name] for _, name in places]


def _titled(asked: str, known: Mapping[str, Source]) -> list[Source]:
    """The documents a name stands for: those with just this title, else those whose title or site has it."""
    name = _name(asked)
    if exact := [source for source in known.values() if _name(source.title) == name]:
        return exact
    if len(name) < 2 or not any(carries_topic(word) for word in name):
        return []
    wanted = f" {' '.join(name)} "
    held = {key: f" {' '.join(_name(source.title))} | {_site(source)} " for key, source in known.items()}
    return [source for key, source in known.items() if wanted in held[key]]


def _name(title: str) -> list[str]:
    plain = re.sub(
        rf"^\W*(?:the |your )?{_DOCUMENT}\b(?=.)|\b{_DOCUMENT}\W*$",
        " ",
        _reworded(title, _SAME[:_VERBS]),
        flags=re.IGNORECASE,
    )
    return [word for word in words(plain) if word not in ("the", "a", "an", "is", "are", "do", "does")]


def _site(source: Source) -> str:
    return " ".join(words(source.origin.site or ""))


def _details(sources: Sequence[Source], *, of_all: bool) -> list[str]:
    lines = [_line(source) for source in sources]
    twice = {line for line in lines if lines.count(line) > 1}
    told = [
        f"{line} ({source.document})" if line in twice else line
        for line, source in zip(lines, sources, strict=True)
    ][:NAMED]
    if of_all and len(sources) > 1:
        told.insert(0, f"I answer from {len(sources):,} documents:")
    if len(sources) > NAMED:
        told.append(f"and {len(sources) - NAMED:,} more.")
    return told


def _line(source: Source) -> str:
    origin = source.origin
    parts = [
        f"by {origin.author}" if origin.author else "author not stated",
        f"dated {origin.date}" if origin.date else "date not stated",
        *([f"published at {origin.site}"] if origin.site else []),
        *([origin.link] if origin.link else []),
        *(["told here in other words than the original's"] if origin.restates else []),
    ]
    return f"«{source.title}»: {', '.join(parts)}."
