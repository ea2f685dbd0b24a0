"""Where a text names a skill: exact tokens, the longest name first, ordinary words only as names."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from knowledge.skills.entries import Entries, Skill, key

ABSTRACT = frozenset({"practice", "soft", "concept"})
"""Kinds of skills that are no thing one could install, buy or write in."""

_SPACE = r"(?:[ \u00a0\n\u2010\u2011-])?"
_GAPS = {" ": _SPACE, "-": _SPACE, ".": r"[. ]?", "/": r" ?[/&-]? ?"}

# What stands around an ordinary word that is also a name.
_OPENING = re.compile(r"(?:^|\n|[.!?…:]['\"”’)]*\s|[“\"‘])\s*(?:[-•*]\s+|\d+[.)]\s+)?$")
_CLOSED = re.compile(r"\s*(?:$|[,.;:!?)/\n]|(?:and|or|vs)\b)")
_LABEL = re.compile(
    r"\b(?:languages?|frameworks?|tools?|clouds?|platforms?|services?)\s*:\s*$", re.IGNORECASE
)
_THING = re.compile(
    r"(?:\s+(?:is|are|was)\b[^.!?\n]{0,60}?)?[\s-]+(?:languages?|frameworks?|library|developers?|programmers?"
    r"|programming|apps?|applications?|based|written|apis?|endpoints?|messages?|channels?|webhooks?|devs?"
    r"|portal|workspace|sdk|cli|plugin|tutorial)\b",
    re.IGNORECASE,
)
_PIECE = re.compile(
    r"[\s-]+(?:scripts?|images?|containers?|files?|daemon|compose|code(?:base)?|modules?|packages?|services?"
    r"|backend|projects?|jobs?|teams?|functions?|environment|setup|version)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"['’]s\s|\s+(?:is|was|has|had|does|doesn['’]t|isn['’]t|will|can|lets|makes|gives|handles|needs|uses"
    r"|charges|sends|runs|supports|offers)\b"
)
# Verbs and adjectives are no subjects: "Go is …" says nothing of going.
_NO_NOUNS = frozenset({"go", "agile"})
# Other technologies that are everyday words too: "a flask or a bottle" is no list of frameworks.
_EVERYDAY = frozenset({
    "access", "ada", "apache", "apex", "apollo", "assembly", "aurora", "bamboo", "bash", "blockchain",
    "bottle", "bun", "c", "chef", "confluence", "crystal", "css", "dart", "delphi", "deno", "discord",
    "dragonfly", "echo", "electron", "excel", "fiber", "flutter", "gist", "gleam", "graphite", "groovy",
    "helm", "hive", "jaeger", "julia", "koa", "lambda", "linode", "lisp", "loki", "lua", "make",
    "mercurial", "nest", "nim", "nomad", "notion", "oracle", "pascal", "perl", "phoenix", "play", "postman",
    "prisma", "prometheus", "pulsar", "puppet", "pyramid", "rails", "raku", "react", "realm", "rocket",
    "rust", "scheme", "sentry", "snowflake", "spanner", "spark", "square", "squid", "struts", "swift",
    "teams", "thrift", "tornado", "travis", "varnish", "waterfall", "windows", "zig", "zoom",
})  # fmt: skip
_COUNTED = re.compile(r"\b(?:an?|the|that|this|one|every|each|any|some|his|her)\s+$", re.IGNORECASE)
_PLACE = re.compile(
    r"\s+(?:Inn|Street|St|Road|Lane|Avenue|Square|Hotel|Caf[eé]|Bar|Pub|Restaurant|Lounge|Fashion|Store|Shop"
    r"|Market|Park|Gardens?|Hill|Valley|Church|School|Hospital|Station|Coast|Festival|Ball|Fair|Collection)\b"
)
_CAPITALIZED = re.compile(r"\b[A-Z][a-z]+ $")
_LONG = re.compile(r"\b[a-z]{5,}\b")
_SHOUTED = (re.compile(r"\b(?!AND|OR|VS)[A-Z]+ $"), re.compile(r" (?!(?:AND|OR|VS|APIS?)\b)[A-Z]+\b"))

_AROUND = 200
"""How far around an ordinary word something must show that software is spoken of."""
_TECHNICAL = re.compile(
    r"\b(?:software|back-?end|front-?end|servers?|cod(?:e|er|ers|ing|ebase)|programm(?:ing|ers?)"
    r"|develop(?:ers?|ment)|devs?|engineers?|engineering|systems?|apps?|applications?|web(?:sites?)?|tech"
    r"|technical|technolog(?:y|ies)|skills?|stack|bugs?|production|releases?|repos?|branch(?:es)?"
    r"|commits?|data|users?|frameworks?|languages?|queries|errors?|on-call|work(?:s|ed|ing)? with)\b|\bIT\b",
    re.IGNORECASE,
)
_ON = re.compile(r"\b(?:on|via)\s+$", re.IGNORECASE)
_DONE = re.compile(r"\s+(?:too|yet|again|today|already|now|instead)\b", re.IGNORECASE)
_CHOSEN = re.compile(r"\s+(?:for|over|if|when|because|first|next)\b")
_LIKED = re.compile(r"\b(?:like|love|hate|prefer|try|tried|than)\s+$", re.IGNORECASE)
_CALLED = re.compile(r"\b(?:called|named)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_YEAR = re.compile(r"\s+(?:19|20)\d\d\b")
_API = re.compile(r"[\s-]+(?:apis?|endpoints?)\b", re.IGNORECASE)
_STUDIED = re.compile(
    r"\b(?:learn(?:ing)?|know|need|us(?:e|es|ing)|master|study|(?:written|write|coding|programming|proficient"
    r"|experienced?) in|(?:experience|familiar|familiarity) with|knowledge of)\s+$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*(?:[,/+&]|,?\s*\b(?:and|or|vs\.?|versus)\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A skill named in a text at `text[start:end]`."""

    skill: Skill
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Sight:
    """A spelling of a skill in a text, which may or may not be a mention."""

    skill: Skill
    match: re.Match[str]

    def is_among(self, spellings: Iterable[str]) -> bool:
        found = key(self.match.group())
        return any(key(spelling) in (found, found.removesuffix("s")) for spelling in spellings)

    @property
    def is_common(self) -> bool:
        """Whether this is a word that everybody uses: `proper` has it in lower case."""
        return self.is_among(spelling for spelling in self.skill.proper if spelling.islower())


class Finder:
    """Finds skills in texts."""

    def __init__(self, entries: Entries) -> None:
        spoken = {spelling: skill for skill in entries.skills for spelling in (skill.name, *skill.aliases)}
        decoys = {decoy for skill in entries.skills for decoy in skill.decoys}
        decoys.update(name for names in entries.others.values() for name in names)
        self._spoken = {key(spelling): skill for spelling, skill in spoken.items()}
        self._decoys = frozenset(map(key, decoys))
        self._unique = frozenset(
            key(spelling) for spelling, skill in spoken.items() if _is_unique(spelling, skill)
        )
        self._strangers = frozenset(key(name) for names in entries.others.values() for name in names)
        self._matcher = _matcher({*spoken, *decoys})
        self._parted = {
            tuple(spelling.lower().split()): skill
            for spelling, skill in spoken.items()
            if spelling.count(" ") == 1 and not ABSTRACT.isdisjoint(skill.kinds)
        }
        self._first_parts = _first_parts(self._parted)

    def find(self, text: str) -> list[Mention]:
        """The skills a text names, in order; the longest name wins where several begin."""
        matches = list(self._matcher.finditer(text))
        parts = self._parts(text)
        taken = {sight.match.start() for sight in parts}
        whole = [
            _Sight(skill, match)
            for match in matches
            if match.start() not in taken and (skill := self._named(match.group()))
        ]
        sights = sorted([*whole, *parts], key=lambda sight: sight.match.start())
        sure = [_stands_alone(sight) for sight in sights]
        _lean_on_neighbours(text, sights, sure)
        strangers = [match for match in matches if key(match.group()) in self._strangers]
        _lean_on_surroundings(text, sights, sure, strangers)
        return [
            Mention(sight.skill, sight.match.start(), sight.match.end())
            for sight, counts in zip(sights, sure, strict=True)
            if counts
        ]

    def _parts(self, text: str) -> list[_Sight]:
        """Names whose last word is said later, for several at once: "unit and integration tests"."""
        found = []
        for match in self._first_parts.finditer(text):
            last = match.group("last").lower()
            for spelled in (last, last.removesuffix("s")):
                if skill := self._parted.get((match.group().lower(), spelled)):
                    found.append(_Sight(skill, match))
                    break
        return found

    def _named(self, found: str) -> Skill | None:
        spelled = key(found)
        if spelled in self._decoys:
            return None
        single = spelled.removesuffix("s")
        return self._spoken.get(spelled) or (None if single in self._unique else self._spoken.get(single))


def _matcher(spellings: Iterable[str]) -> re.Pattern[str]:
    # Grouped by first letter: at each word only the names that begin like it are tried.
    ordered = sorted(spellings, key=lambda spelling: (_first(spelling), -len(spelling), spelling))
    names = "|".join(
        f"(?={re.escape(letter)})(?:{'|'.join(map(_form, group))})"
        for letter, group in groupby(ordered, key=_first)
    )
    # A link is one token, whatever its parts spell.
    return re.compile(
        rf"(?:https?://|www\.)\S+|(?<![\w@])(?<!\w[.#-])(?:{names})(?![\w#+@]|\.\w)", re.IGNORECASE
    )


def _is_unique(spelling: str, skill: Skill) -> bool:
    """Whether this is the name of one product, as there is but one: "old relics" are no New Relic."""
    last = spelling.split()[-1]
    return ABSTRACT.isdisjoint(skill.kinds) and last[0].isupper() and not last.isupper()


def _first_parts(parted: Iterable[tuple[str, ...]]) -> re.Pattern[str]:
    names = list(parted)
    firsts, lasts = ("|".join(sorted({re.escape(name[part]) for name in names})) or "(?!)" for part in (0, 1))
    joined = r"(?:\s*[,/&]\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+)(?!(?:and|or)\b)"
    return re.compile(
        rf"(?<![\w-])(?:{firsts})(?=(?:{joined}\w+){{1,3}}[ -](?P<last>(?:{lasts})s?)(?![\w-]))",
        re.IGNORECASE,
    )


def _first(spelling: str) -> str:
    return spelling[0].lower()


def _form(spelling: str) -> str:
    pattern = re.escape(spelling[0]) + "".join(_GAPS.get(char) or re.escape(char) for char in spelling[1:])
    return pattern + ("s?" if spelling[-1].isalpha() and spelling[-1] != "s" else "")


def _stands_alone(sight: _Sight) -> bool:
    """Whether this names the skill by itself, whatever stands next to it in a list."""
    skill, found, text = sight.skill, sight.match.group(), sight.match.string
    start, end = sight.match.span()
    if sight.is_among(skill.exact):
        return (found in skill.exact and not _is_shouted(sight)) or _API.match(text, end) is not None
    if sight.is_common:
        return _is_used_as_name(sight)
    if not sight.is_among(skill.proper):
        return True
    before = text[max(0, start - 40) : start]
    if _THING.match(text, end) or _LABEL.search(before):
        return True
    if found not in skill.proper:
        placed = _ON.search(before) and skill.kind in ("cloud", "third-party")
        closed = _CLOSED.match(text, end) or _DONE.match(text, end)
        return bool((_STUDIED.search(before) or placed) and closed)
    if _YEAR.match(text, end) or _PLACE.match(text, end) or _ends_another_name(sight):
        return False
    if _CALLED.search(before) and not _is_technical(text, start, end):
        return False
    return found.isupper() or not _OPENING.search(before) or _fills_an_item(sight)


def _is_used_as_name(sight: _Sight) -> bool:
    """Of a word that everybody uses: an animal or a habit is counted, owned or one of many."""
    text, (start, end) = sight.match.string, sight.match.span()
    if _line(sight).strip(" \t-•*#\u00a0:.,;?!0123456789/") == sight.match.group():
        return True
    if not ABSTRACT.isdisjoint(sight.skill.kinds):
        return False
    named = not sight.match.group().islower() or _THING.match(text, end) or _PIECE.match(text, end)
    return bool(named) or not _COUNTED.search(text, max(0, start - 20), start)


def _ends_another_name(sight: _Sight) -> bool:
    """Whether a capitalized word stands right before it, as in "the Golden Flask", but not in a headline."""
    start = sight.match.start()
    before = sight.match.string[max(0, start - 40) : start]
    last = _CAPITALIZED.search(before)
    return bool(last and not _OPENING.search(before[: last.start()]) and _LONG.search(_line(sight)))


def _is_shouted(sight: _Sight) -> bool:
    """Whether it stands between other words in capitals, where capitals tell nothing."""
    text, (start, end) = sight.match.string, sight.match.span()
    before, after = _SHOUTED
    beside = before.search(text, max(0, start - 20), start) or after.match(text, end)
    return bool(beside) and not any(char.islower() for char in _line(sight))


def _line(sight: _Sight) -> str:
    """The line it stands in, or what is near it on a long one."""
    text, (start, end) = sight.match.string, sight.match.span()
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return (before[before.rfind("\n") + 1 :] + sight.match.group() + after.partition("\n")[0]).strip()


def _fills_an_item(sight: _Sight) -> bool:
    line = _line(sight)
    return line != sight.match.group() and line.strip(" -•*\u00a0") == sight.match.group()


def _lean_on_neighbours(text: str, sights: list[_Sight], sure: list[bool]) -> None:
    """In "python, go or flask" each ordinary word counts because of the one next to it."""
    forward = [(place, place - 1) for place in range(1, len(sights))]
    backward = [(place, place + 1) for place in range(len(sights) - 2, -1, -1)]
    for place, other in (*forward, *backward):
        if not sure[place] and sure[other] and sights[other].skill.kind not in ABSTRACT:
            first, second = sorted((sights[place].match.span(), sights[other].match.span()))
            listed = _LISTED.fullmatch(text, first[1], second[0])
            alike = sights[place].skill.kind == sights[other].skill.kind
            sure[place] = listed is not None and _may_lean(sights[place], listed.group(), alike=alike)


def _may_lean(sight: _Sight, joint: str, *, alike: bool = False) -> bool:
    if sight.match.group() in sight.skill.proper:
        return True
    if sight.is_among(sight.skill.exact):
        return alike and joint.strip(" .").lower() in ("/", "or", "vs", "versus")
    # "Learn SQL and go further" is no list of languages.
    return joint == "/" or _CLOSED.match(sight.match.string, sight.match.end()) is not None


def _lean_on_surroundings(
    text: str, sights: list[_Sight], sure: list[bool], strangers: list[re.Match[str]]
) -> None:
    """An ordinary word may count because the text around it is about software."""
    firm = [
        sight.match.start()
        for sight, counts in zip(sights, sure, strict=True)
        if counts and not (sight.is_common and sight.skill.kind in ABSTRACT)
    ]
    for place, sight in enumerate(sights):
        if sure[place] or sight.is_among(sight.skill.exact):
            continue
        start, end = sight.match.span()
        nearest = bisect_left(firm, start - _AROUND)
        beside_skill = nearest < len(firm) and firm[nearest] <= start + _AROUND
        technical = beside_skill or _is_technical(text, start, end)
        if sight.is_common:
            sure[place] = technical or _is_listed_with_alike(text, sights, place)
        elif not _PLACE.match(text, end):
            beside, subject = _listed_with(sight, strangers), _is_subject(sight)
            telling = bool(beside - _EVERYDAY) or (subject and key(sight.match.group()) in _NO_NOUNS)
            likely = technical and (subject or bool(beside))
            sure[place] = telling or likely or (beside_skill and _is_chosen(sight))


def _listed_with(sight: _Sight, strangers: list[re.Match[str]]) -> set[str]:
    """The other technologies right beside an ordinary word in a list, as written where that tells."""
    span, text = sight.match.span(), sight.match.string
    after = bisect_left(strangers, span[0], key=lambda other: other.start())
    return {
        other.group() if _is_written_as_name(other) else key(other.group())
        for other in strangers[max(0, after - 1) : after + 1]
        if _may_lean(sight, "") and _are_listed(text, span, other.span())
    }


def _is_written_as_name(match: re.Match[str]) -> bool:
    return match.group()[0].isupper() and not _OPENING.search(match.string[: match.start()][-40:])


def _is_chosen(sight: _Sight) -> bool:
    """Whether it is picked or liked: "flask for small apps", "learn node if …", "do you like spring?"."""
    text, (start, end) = sight.match.string, sight.match.span()
    before = text[max(0, start - 40) : start]
    chosen = (_OPENING.search(before) or _STUDIED.search(before)) and _CHOSEN.match(text, end)
    return bool(chosen or (_LIKED.search(before) and _CLOSED.match(text, end)))


def _is_subject(sight: _Sight) -> bool:
    """Whether a sentence begins with it and says what it is or does."""
    text, (start, end) = sight.match.string, sight.match.span()
    opens = _OPENING.search(text[max(0, start - 40) : start])
    written = sight.match.group() in sight.skill.proper or key(sight.match.group()) in _NO_NOUNS
    return bool(opens) and written and _SUBJECT.match(text, end) is not None


def _is_technical(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return bool(_TECHNICAL.search(before) or _TECHNICAL.search(after))


def _is_listed_with_alike(text: str, sights: list[_Sight], place: int) -> bool:
    """Two ordinary words side by side tell what is meant: "performance, security and reliability"."""
    beside = [sights[other] for other in (place - 1, place + 1) if 0 <= other < len(sights)]
    return sights[place].is_common and any(
        other.is_common and _are_listed(text, sights[place].match.span(), other.match.span())
        for other in beside
    )


def _are_listed(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    first, second = sorted((one, other))
    return _LISTED.fullmatch(text, first[1], second[0]) is not None
