"""What a short message points at in the text before it: one thing of a list, or what is untold. Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise

from knowledge.asking.vocabulary import carries_topic, stems, words

_ORDINALS = (
    ("first", "1st", "one"),
    ("second", "2nd", "two"),
    ("third", "3rd", "three"),
    ("fourth", "4th", "four"),
    ("fifth", "5th", "five"),
    ("sixth", "6th", "six"),
    ("seventh", "7th", "seven"),
    ("eighth", "8th", "eight"),
    ("ninth", "9th", "nine"),
    ("tenth", "10th", "ten"),
)
_PLACES = {spelling: place for place, spellings in enumerate(_ORDINALS) for spelling in spellings} | {
    "last": -1,
    "final": -1,
}
_ORDINAL = "|".join((*(spelling for spellings in _ORDINALS for spelling in spellings[:2]), "last", "final"))
_CARDINAL = "|".join((r"\d{1,2}", *(spellings[2] for spellings in _ORDINALS)))
_THING = (
    r"ones?|steps?|items?|points?|things?|bullets?|bullet points?|skills?|traits?|tools?|options?|reasons?|"
    r"entry|entries|parts?|tips?|areas?|lines?|topics?|answers?|suggestions?|duty|duties|tasks?"
)
_SAID = (
    r"(?: (?:that )?(?:you|u) (?:just )?(?:mentioned|listed|said|named|gave)|"
    r" (?:in|on|from) (?:the|that|your) list)"
)

_ORDERED = re.compile(
    rf"(?<![\w-])(?P<the>(?:the|that|your) )?(?P<ordinal>{_ORDINAL})(?![\w-])"
    rf"(?: (?P<noun>[a-z]+)(?![\w'-]))?(?P<said>{_SAID})?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    rf"(?<![\w#])(?:the )?(?:#\s?(?P<sign>\d{{1,2}})|(?:number|nr\.?|no\.|step|item|point|bullet|#)\s"
    rf"(?P<word>{_CARDINAL}))(?![\w%-])(?P<said>{_SAID})?",
    re.IGNORECASE,
)
_OF_TWO = re.compile(rf"\bthe (?P<which>former|latter)(?: one)?\b{_SAID}?", re.IGNORECASE)
_PAIR = re.compile(
    r"(?P<one>[\w+#./-]+),? (?:or|and|vs\.?|versus) (?P<other>[\w+#./-]*[\w+#])", re.IGNORECASE
)
_ALONE = re.compile(
    rf"\W*(?:(?:and|ok|okay|so|also|but|then|what about|how about|why|explain)\W+)*(?:{_ORDINAL})"
    r"(?: one)?(?: please| pls)?\W*",
    re.IGNORECASE,
)
# "the first one I should learn", "the last thing they do": what follows says which, so no list is meant.
_SAYS_WHICH = re.compile(
    r"\s+(?:i|we|you|u|they|he|she|it|to(?! (?:me|us)\b)|that|which|who|when|after|before|a|an|each|every|"
    r"of(?! (?:them|these|those|all)\b)|two|three|few|couple|bit|once|on|if|where|towards?)\b",
    re.IGNORECASE,
)

_MARKER = re.compile(r"^(?P<indent> *)(?P<marker>[-•*–·]|\d{1,2}[.)])\s+(?P<item>\S.*)$")
_ASIDE = re.compile(r"^(?:—|\[\d+\]|Confidence:|Related:|You could |What I can answer)")
_INLINE = re.compile(r"(?:^|(?<=[\s:(]))(?P<number>\d{1,2})[.)]\s+")
_LEADS_IN = re.compile(
    r"^.*(?::|\b(?:such as|including|includes?|namely|are|is|like|uses?|needs?|e\.g\.|i\.e\.|of)\b)\s*",
    re.IGNORECASE | re.DOTALL,
)

_BACK = r"(?:that|this|it|them|these|those)"
_OPENING = (
    r"(?:(?:ok|okay|and|so|yes|yeah|sure|cool|great|nice|please|pls|thanks|thank you|hm+|can you|could you|"
    r"is there|are there|do you have|give me|tell me|show me|say|got)\W+)*"
)
_UNTOLD = (
    r"(?:any|some)thing (?:else|more)",
    r"what else(?: is there)?",
    r"what more",
    r"else",
    r"(?:(?:any|some|a bit|a little|much)\W+)?more(?: info\w*| details?)?",
    rf"more (?:about|on|of) {_BACK}",
    r"(?:in )?more detail",
    r"(?:any )?others?(?: ones?)?",
    r"go on|continue|keep going|carry on|next",
    r"is that (?:all|it|everything)",
    r"(?:that'?s) (?:all|it)",
    rf"elaborate(?: on {_BACK})?",
    rf"expand(?: on {_BACK})?",
)
_ENDING = rf"(?:\W+(?:please|pls|you know|then|to (?:say|know|add)|(?:about|on) {_BACK}))*"
_MORE = re.compile(rf"\W*{_OPENING}(?:{'|'.join(_UNTOLD)}){_ENDING}\W*", re.IGNORECASE)
_BEYOND = re.compile(
    r"\b(?:else|more (?:about|on)|in (?:more|greater) detail|other than|besides|any others?|elaborate|expand|"
    r"more\W*$)",
    re.IGNORECASE,
)
LONGEST = 1_000
"""Characters of a paragraph in which a series is looked for."""

_END = "."
_SEVERAL = 2
_SHINGLE = 4


def asks_for_more(text: str) -> bool:
    """Whether a whole message only asks to be told what is still untold: "anything else?", "go on"."""
    return bool(_MORE.fullmatch(text.replace("’", "'").strip()))


def goes_beyond(text: str) -> bool:
    """Whether a message asks for what was not said yet: "what else do they use?", "explain it more"."""
    return asks_for_more(text) or bool(_BEYOND.search(text))


def already_shown(text: str, shown: str) -> bool:
    """Whether most of a quote stands in an earlier text, however that marks it up."""
    own, seen = words(text), words(shown)
    if len(own) < _SHINGLE:
        return bool(own) and f" {' '.join(own)} " in f" {' '.join(seen)} "
    rows = _rows(own)
    return 2 * len(rows & _rows(seen)) >= len(rows)


def pointed_at(text: str, said: str, asked: str = "") -> str | None:
    """The text with the thing meant in place of "the third one" or "the latter"; None where it means none.

    `said` is the text before it, which lists things, and `asked` is what that replied to.
    """
    plain = text.replace("’", "'")
    things, marked = listed(said), _by_number(said)
    known = stems(f"{asked} {said}")
    missing = False

    def thing(place: int, among: tuple[str, ...]) -> str:
        nonlocal missing
        missing = missing or not -len(among) <= place < len(among)
        return "" if missing else among[place]

    def ordered(match: re.Match[str]) -> str:
        noun = _noun(match, known)
        if noun is None:
            return match.group()
        return f"{thing(_PLACES[match['ordinal'].lower()], things)}{noun}"

    def numbered(match: re.Match[str]) -> str:
        number = (match["sign"] or match["word"]).lower()
        place = int(number) - 1 if number.isdigit() else _PLACES[number]
        return marked.get(place) or thing(place if place >= 0 else len(things), things)

    def of_two(match: re.Match[str]) -> str:
        return thing(0 if match["which"].lower() == "former" else 1, _two(things, asked, said))

    resolved = _OF_TWO.sub(of_two, _ORDERED.sub(ordered, _NUMBERED.sub(numbered, plain)))
    return None if missing or resolved == plain else " ".join(resolved.split())


def points_back(text: str) -> bool:
    """Whether a message speaks of one thing of a list: "why the third?", "step 4", "the latter"."""
    plain = text.replace("’", "'")
    if _NUMBERED.search(plain) or _OF_TWO.search(plain):
        return True
    return any(_noun(match, set()) is not None for match in _ORDERED.finditer(plain))


def listed(text: str) -> tuple[str, ...]:
    """What a text enumerates: its first list, else steps or a series within a sentence; () for neither."""
    lines = _plain_lines(text)
    group: list[str] = []
    scattered: list[str] = []
    for line in [*lines, _END]:
        marked = _MARKER.match(line)
        if marked and (not group or len(marked["indent"]) < _SEVERAL):
            group.append(_trimmed(marked["item"]))
            scattered.append(group[-1])
        elif not marked and line.strip() and not line.startswith("  "):
            if len(group) >= _SEVERAL:
                return tuple(group)
            group = []
    if len(scattered) >= _SEVERAL:
        return tuple(scattered)
    paragraphs = [line[:LONGEST] for line in lines if line.strip()]
    found = (items for line in paragraphs for items in (_steps_within(line), _series(line)) if items)
    return next(found, ())


def _noun(match: re.Match[str], known: set[str]) -> str | None:
    """What is kept of the words after an ordinal; None where the ordinal points at nothing said before."""
    if match["the"] is None and not _ALONE.fullmatch(match.string):
        return None
    noun, rest = match["noun"] or "", match.string[match.end() :]
    if match["said"] or (noun and re.fullmatch(_THING, noun, re.IGNORECASE)):
        return None if not match["said"] and _SAYS_WHICH.match(rest) else ""
    if _SAYS_WHICH.match(f" {noun}{rest}"):
        return None
    if noun and carries_topic(noun.lower()):
        return "" if stems(noun) <= known and not _SAYS_WHICH.match(rest) else None
    return "" if noun in ("", "one") else (None if noun in ("time", "year", "day") else f" {noun}")


def _two(things: tuple[str, ...], asked: str, said: str) -> tuple[str, ...]:
    if len(things) == _SEVERAL:
        return things
    for text in (asked, said):
        if pair := _PAIR.search(text):
            return pair["one"], pair["other"]
    return ()


def _by_number(text: str) -> dict[int, str]:
    """Numbered things by their place: of a long list a reply may quote only some."""
    found = [_MARKER.match(line) for line in _plain_lines(text)]
    return {
        int(match["marker"][:-1]) - 1: _trimmed(match["item"])
        for match in reversed(found)
        if match and match["marker"][0].isdigit()
    }


def _plain_lines(text: str) -> list[str]:
    return [re.sub(r"^> ?", "", line).rstrip() for line in _own_lines(text)]


def _own_lines(text: str) -> Iterator[str]:
    """The lines of a reply without sources, confidence and what else could be asked."""
    aside = False
    for line in text.splitlines():
        aside = bool(_ASIDE.match(line)) or (aside and bool(line.strip()))
        # Where a source stands, a list ends.
        yield _END if aside else line


def _steps_within(line: str) -> tuple[str, ...]:
    """ "Steps: 1. learn 2. practice" in one line."""
    marks = list(_INLINE.finditer(line))
    if len(marks) < _SEVERAL or any(int(b["number"]) - int(a["number"]) != 1 for a, b in pairwise(marks)):
        return ()
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    return tuple(_trimmed(line[mark.end() : end]) for mark, end in zip(marks, ends, strict=True))


def _series(line: str) -> tuple[str, ...]:
    """ "The tools are a, b, and c": the first sentence that names three things or more, each in few words."""
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", line):
        first, *rest = re.split(r"[,;]\s+(?![^(]*\))", sentence)
        if len(rest) < _SEVERAL - 1:
            continue
        opening = _LEADS_IN.sub("", first)
        *between, last = rest
        ends = re.split(r"^(?:and|or)\s+|\s+(?:and|or)\s+(?![^(]*\))", last) if len(rest) == 1 else [last]
        pieces = [opening, *between, *ends]
        items = [_trimmed(re.sub(r"^(?:and|or)\s+", "", piece)) for piece in pieces if piece]
        longest = 5 if opening == first else 9
        if len(items) > _SEVERAL and all(0 < len(words(item)) <= longest for item in items):
            return tuple(items)
    return ()


def _rows(found: list[str]) -> set[tuple[str, ...]]:
    return {tuple(found[at : at + _SHINGLE]) for at in range(len(found) - _SHINGLE + 1)}


def _trimmed(item: str) -> str:
    return item.strip(" ,;").rstrip(".")
