"""What somebody means by a skill's name as they typed it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge.asking.vocabulary import carries_topic, stem
from knowledge.skills.entries import BadCatalogue, Entries, Skill, key

How = Literal["exact", "alias", "normalised", "fuzzy"]

CHOICES = 5
"""How many skills are offered at most where a name is unclear or unknown."""

_LONGEST = 100
_FEW_WORDS = 4
_MOST_WORDS = 6
_SHORT = 4
_ABSTRACT = frozenset({"practice", "soft", "concept"})
_CONNECTING = frozenset({"of", "in", "with", "for"})
_OF_A_PRACTICE = """backend system software application user web api code practice technique strategy
    strategie process method methodology methodologie"""
_GENERIC: Mapping[str, frozenset[str]] = {
    kind: frozenset(words.split())
    for kind, words in {
        "": """the a an skill tool technology technologie tech also knowledge knowing know learn learning
            experience expertise proficiency understanding using use writing basic fundamental core advanced
            general development developer dev""",
        "language": "language lang programming code coding scripting backend runtime sprache lenguaje",
        "framework": "framework web backend programming",
        "database": "database db dbms server engine datenbank",
        "api": "api protocol web service webservice architecture endpoint request style",
        "messaging": "queue message messaging broker cluster stream streaming event topic",
        "cache": "cache caching server",
        "container": "container cluster engine image orchestration",
        "cloud": "cloud platform provider service computing",
        "ci": "pipeline process",
        "version-control": "version control repo repository vcs scm",
        "monitoring": "monitoring service system application apm",
        "third-party": "api app service integration payment chat messenger",
        "practice": _OF_A_PRACTICE,
        "soft": "good strong great excellent having being ability other people",
        "concept": _OF_A_PRACTICE + " architecture",
    }.items()
}
"""What may stand beside a name without meaning anything else: beside any, and by the kind of the skill."""

_DOUBLED = re.compile(r"(.)\1+")
_VERSION = re.compile(r"[ -]?v?\d[\w.]*$")
_SPELLED_OUT = re.compile(r"\w(?:[.\s]+\w){2,}\.?")

# Where the keys of one keyboard lie on another, both ways: German, and French letters and m.
_LAYOUTS = (
    str.maketrans({"y": "z", "z": "y"}),
    str.maketrans({"a": "q", "q": "a", "w": "z", "z": "w", ",": "m", ";": "m"}),
)


@dataclass(frozen=True, slots=True)
class Known:
    """The skill that was meant, and how it was recognised."""

    skill: Skill
    how: How


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Not clear enough to decide; one or more skills that may have been meant, likeliest first."""

    choices: tuple[Skill, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Not in the catalogue; the nearest skills that are, if any is near.

    `called` and `kind` are known of a technology that is known by name only.
    """

    nearest: tuple[Skill, ...]
    called: str | None = None
    kind: str | None = None


Resolution = Known | Ambiguous | Unknown


class Resolver:
    """Tells which skill a typed name means. Raises BadCatalogue where two skills share one."""

    def __init__(self, entries: Entries) -> None:
        self._skills = entries.skills
        self._names, self._aliases = _spellings(entries.skills)
        self._spelled = self._aliases | self._names
        self._keys = {key(spelling): skill for spelling, skill in self._spelled.items()}
        # Of spellings that differ by spaces only, the one with most words.
        spaced = sorted(self._spelled, key=lambda spelling: len(_words(spelling)))
        self._words = {key(spelling): _words(spelling) for spelling in spaced}
        self._strangers = {
            key(name): (name, kind) for kind, names in entries.others.items() for name in names
        }
        words = (*entries.words, *(decoy for skill in entries.skills for decoy in skill.decoys))
        self._others = {*map(key, words), *self._strangers}
        # Short and vague forms are near to many words: "login" to "logan".
        spoken = {key(spelling) for skill in entries.skills for spelling in (skill.name, *skill.aliases)}
        vague = self._keys.keys() - spoken
        self._pool = [*(spelled for spelled in self._keys if spelled not in vague), *self._strangers]
        self._sure = self._keys.keys() - vague
        self._sounds: dict[str, list[str]] = {}
        for spelled in (one for one in self._sure if len(one) > _SHORT + 1):
            self._sounds.setdefault(_sound(spelled), []).append(spelled)
        self._stems: dict[tuple[str, ...], list[Skill]] = {}
        for spelling, skill in self._spelled.items():
            # One word has forms of other meanings: resting is no REST, an author is no authorization.
            if key(spelling) in self._sure and len(_words(spelling)) > 1:
                self._stems.setdefault(_stems(spelling), []).append(skill)
        if both := self._others & self._keys.keys():
            raise BadCatalogue(f"“{self._keys[min(both)].name}” is both a skill and listed as none.")

    def resolve(self, query: str) -> Resolution:
        """The skill somebody means by what they typed, if that is clear."""
        found, plain = self._resolve(query), _plain(query)
        without = found if isinstance(found, Known) or plain == query else self._resolve(plain)
        return without if isinstance(without, Known) else found

    def _resolve(self, query: str) -> Resolution:
        raw = " ".join(query[:_LONGEST].split()).casefold().partition(" – ")[0].replace("§", "#")
        typed = raw.strip(" \"'“”‘’`.,;:!?()")
        spelled = key(typed)
        if skill := self._names.get(typed):
            return Known(skill, "exact")
        if skill := self._aliases.get(typed):
            return Known(skill, "alias")
        if skill := self._normalised(typed, spelled):
            return Known(skill, "normalised")
        other = spelled if spelled in self._others else spelled.rstrip("0123456789")
        if not spelled or other in self._others:
            return self._unknown(other)
        forms = list(_shorter(typed))
        return (
            self._beside(forms)
            or self._on_another_keyboard(raw)
            or self._fuzzy(typed, spelled)
            or self._beside([(typed, ()), *forms], mistyped=True)
            or self._fuzzy_beside(forms)
            or self._sounding(spelled)
            or self._partly(typed)
            or Unknown(self._near(spelled))
        )

    def _normalised(self, typed: str, spelled: str) -> Skill | None:
        spelled_out = _SPELLED_OUT.fullmatch(typed)
        if len(spelled) < _SHORT and "#" not in spelled and spelled != typed and not spelled_out:
            return None  # "g o" is not Go
        return self._keys.get(spelled)

    def _beside(
        self, forms: Iterable[tuple[str, Sequence[str]]], *, mistyped: bool = False
    ) -> Resolution | None:
        """The skill or other technology named beside words that only say what kind it is."""
        for shorter, says in forms:
            spelled = key(shorter)
            skill = self._normalised(shorter, spelled)
            if not skill and mistyped:
                skill = self._inflected(shorter, spelled)
            if skill and self._says_the_kind_of(skill, spelled, says, mistyped=mistyped):
                return Known(skill, "normalised")
            stranger = self._strangers.get(spelled) if says else None
            if stranger and _say_the_kind(says, stranger[1:], mistyped=mistyped):
                return self._unknown(spelled)
        return None

    def _says_the_kind_of(self, skill: Skill, spelled: str, says: Sequence[str], *, mistyped: bool) -> bool:
        """Whether the words only say what kind the skill is, or in which language it is used."""
        beside = [word for word in says if not self._is_language_of(skill, word)]
        if not beside and len(says) == 1 and key(skill.name) == spelled and len(_words(skill.name)) == 1:
            beside = list(says)  # "python flask" may be a list of two
        vague = spelled not in self._sure  # an index of users is not a database index
        kinds = [kind for kind in skill.kinds if not (vague and kind in ("practice", "concept"))]
        return _say_the_kind(beside, kinds, mistyped=mistyped)

    def _is_language_of(self, skill: Skill, word: str) -> bool:
        other = self._keys.get(key(word)) if skill.kind == "framework" else None
        return other is not None and other.kind == "language" and other.name in skill.related

    def _sounding(self, spelled: str) -> Known | None:
        """The one skill that is spoken alike, however it is written: "kommunikation"."""
        alike = {self._keys[other] for other in self._sounds.get(_sound(spelled), ())}
        return Known(alike.pop(), "fuzzy") if len(alike) == 1 else None

    def _inflected(self, typed: str, spelled: str) -> Skill | None:
        """The one skill with the same words in other forms, in any order: "solving problems"."""
        meant = self._stems.get(_stems(typed), [])
        return meant[0] if len(set(meant)) == 1 and spelled not in self._others else None

    def _on_another_keyboard(self, raw: str) -> Resolution | None:
        """The skill whose keys were hit, as if on the keyboard of another country."""
        for layout in _LAYOUTS:
            spelled = key(raw.translate(layout))
            if spelled in self._sure and spelled != key(raw):
                skill = self._keys[spelled]
                return Known(skill, "fuzzy") if len(spelled) >= _SHORT else Ambiguous((skill,))
        return None

    def _fuzzy_beside(self, forms: Iterable[tuple[str, Sequence[str]]]) -> Known | None:
        """The skill that was mistyped beside words that only say what kind it is: "restfull api"."""
        for shorter, says in forms:
            spelled = key(shorter)
            near = len(spelled) >= _SHORT and spelled not in self._others and _could_say_a_kind(says)
            found = self._fuzzy(shorter, spelled) if near else None
            if isinstance(found, Known) and _say_the_kind(says, found.skill.kinds):
                return found
        return None

    def _fuzzy(self, typed: str, spelled: str) -> Resolution | None:
        """The skill that was mistyped, with a margin to the next; None where nothing is that near."""
        slips: dict[Skill | None, float] = {}
        for other, distance, _ in process.extract(
            spelled, self._pool, scorer=OSA.distance, score_cutoff=3, limit=None
        ):
            if _is_slip(spelled, other, distance) and self._slips_by_word(typed, other):
                weight = _weight(spelled, other, distance)
                skill = self._keys.get(other)
                slips[skill] = min(weight, slips.get(skill, weight))
        if not slips:
            return None
        best = min(slips.values())
        near = [skill for skill, distance in slips.items() if distance <= best + (best > 1)]
        choices = tuple(skill for skill in near if skill)[:CHOICES]
        if slips.get(None) == best and all(slips[skill] > best for skill in choices):
            return Unknown(choices)
        return Known(choices[0], "fuzzy") if len(near) == 1 else Ambiguous(choices)

    def _slips_by_word(self, typed: str, spelled: str) -> bool:
        """Whether each word for itself could be a slip: "google maps" is near "google pay", "maps" is not."""
        meant, words = self._words.get(spelled, []), _words(typed)
        if len(words) != len(meant) or len(words) < 2:
            return True
        return all(
            word == other or (not self._is_known(word) and _is_word_slip(word, other))
            for word, other in zip(words, meant, strict=True)
        )

    def _is_known(self, word: str) -> bool:
        return key(word) in self._others or key(word) in self._keys

    def _partly(self, typed: str) -> Resolution | None:
        """Skills whose names contain what was typed as whole words, or that are named within it."""
        within = re.compile(rf"(?<!\w){re.escape(typed.removesuffix('s'))}s?(?!\w)")
        containing = [skill for spelling, skill in self._spelled.items() if within.search(spelling)]
        parts = _parts(typed)
        named = list(self._named_within(parts))
        if len(named) > 1 and len(set(named)) == 1 and len(named) == len(set(parts)):
            return Known(named[0], "normalised")  # one skill in two spellings: "k8s kubernetes"
        choices = [*(containing if any(map(carries_topic, typed.split())) else ()), *named]
        return Ambiguous(tuple(dict.fromkeys(choices))[:CHOICES]) if choices else None

    def _named_within(self, words: list[str]) -> Iterator[Skill]:
        if len(words) > _FEW_WORDS:
            return
        start = 0
        while start < len(words):
            for end in range(len(words), start, -1):
                if skill := self._keys.get(key(" ".join(words[start:end]))):
                    yield skill
                    start = end - 1
                    break
            start += 1

    def _unknown(self, spelled: str) -> Unknown:
        """Something that no article names, with skills of its kind."""
        called, kind = self._strangers.get(spelled, (None, None))
        alike = tuple(skill for skill in self._skills if skill.kind == kind and kind not in _ABSTRACT)
        return Unknown(alike[:CHOICES] or self._near(spelled), called, kind)

    def _near(self, spelled: str) -> tuple[Skill, ...]:
        found = process.extract(spelled, self._keys.keys(), scorer=fuzz.ratio, score_cutoff=65, limit=CHOICES)
        return tuple(dict.fromkeys(self._keys[other] for other, _, _ in found))


def _spellings(skills: Iterable[Skill]) -> tuple[dict[str, Skill], dict[str, Skill]]:
    """Skills by name and by alias, in lower case."""
    names: dict[str, Skill] = {}
    aliases: dict[str, Skill] = {}
    owners: dict[str, Skill] = {}
    for skill in skills:
        for place, spelling in enumerate((skill.name, *skill.aliases, *skill.typed)):
            owner, folded = owners.setdefault(key(spelling), skill), spelling.casefold()
            if owner is not skill:
                raise BadCatalogue(f"“{spelling}” of the skill “{skill.name}” is taken by “{owner.name}”.")
            if folded in names or folded in aliases:
                raise BadCatalogue(f"The skill “{skill.name}” lists “{spelling}” twice.")
            (aliases if place else names)[folded] = skill
    return names, aliases


def _parts(typed: str) -> list[str]:
    parts = [part.strip(".") for part in re.split(r"[\s/()&,–-]+", typed) if part.strip(".")]
    return [part for place, part in enumerate(parts) if not (place and _VERSION.fullmatch(part))]


def _shorter(typed: str) -> Iterator[tuple[str, Sequence[str]]]:
    """What is left without a plural, a version, words at either end; and the words left out."""
    for shorter in (typed.removesuffix("s"), re.sub("ies$", "y", typed)):
        if 1 < len(shorter) < len(typed):
            yield shorter, ()
    if (version := _VERSION.search(typed)) and version.start() > 1:
        yield typed[: version.start()], [version.group()]
    words = _words(typed)
    if len(words) > _MOST_WORDS:
        return
    for length in range(len(words) - 1, 0, -1):
        for start in range(len(words) - length + 1):
            left = words[start : start + length]
            yield " ".join(left), (*words[:start], *words[start + length :])


def _words(spelling: str) -> list[str]:
    return re.sub(r"(?<=\w)-(?=\w)", " ", spelling).split()


def _is_word_slip(typed: str, spelling: str) -> bool:
    """The same for one of several words: the others vouch for it, yet "app design" is no "API design"."""
    distance = OSA.distance(typed, spelling)
    if _is_slip(typed, spelling, distance):
        return True
    same_start, swapped = typed[0] == spelling[0], sorted(typed) == sorted(spelling)
    shortened = distance == 1 and len(typed) < len(spelling) >= _SHORT
    if distance == 1 and (typed == spelling[1:] or len(typed) == len(spelling) > 5):
        return len(spelling) >= _SHORT
    return (swapped and (same_start or distance == 1)) or (shortened and same_start)


def _plain(text: str) -> str:
    """Without accents and without the possessive of a word that is not the last."""
    return re.sub(r"[\u0300-\u036f]|['’]s(?= )", "", unicodedata.normalize("NFD", text))


def _stems(text: str) -> tuple[str, ...]:
    return tuple(sorted(stem(word) for word in _words(text) if word not in _CONNECTING))


def _sound(spelled: str) -> str:
    """What sounds alike is the same: c, k and q, ph and f, z and s, y and i, a letter and two of it."""
    single = _DOUBLED.sub(r"\1", spelled.replace("ph", "f").replace("ck", "k"))
    return single.translate(str.maketrans("cqzy", "kksi"))


def _say_the_kind(words: Sequence[str], kinds: Sequence[str], *, mistyped: bool = True) -> bool:
    nothing = frozenset[str]().union(*(_GENERIC.get(kind, ()) for kind in ("", *kinds)))
    if not _CONNECTING.isdisjoint(words) and not _CONNECTING.issuperset(words):
        nothing |= _CONNECTING
    return all(
        _VERSION.fullmatch(word)
        or not nothing.isdisjoint((word, word.removesuffix("s")))
        or (mistyped and _is_near(word, nothing))
        for word in words
    )


def _is_near(word: str, others: Iterable[str]) -> bool:
    return any(len(other) > 5 and OSA.distance(word, other, score_cutoff=1) < 2 for other in others)


def _could_say_a_kind(words: Sequence[str]) -> bool:
    return bool(words) and _say_the_kind(words, tuple(_GENERIC))


def _weight(typed: str, spelling: str, distance: int) -> float:
    """How unlikely a slip is: with all its letters or but the last, with one more or less, with another."""
    if distance > 1:
        return distance
    if typed == spelling[:-1] or set(typed) == set(spelling):
        return 0.5
    return 1.0 if len(typed) == len(spelling) else 0.75


def _is_slip(typed: str, spelling: str, distance: int) -> bool:
    """Whether one could be a mistyping of the other: short names have too many neighbours to allow much."""
    same_start = typed[0] == spelling[0]
    swapped = sorted(typed) == sorted(spelling)
    if len(spelling) <= 4:
        doubled = _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", spelling)
        return distance == 1 and (swapped or doubled) and len(spelling) > 2 and same_start
    size = min(len(spelling), len(typed))
    if (
        size >= 5
        and len(spelling) >= 6
        and (typed == spelling[1:] or (swapped and distance == 2 and same_start))
    ):
        return True  # a letter missing in front; one letter that wandered, as in "phyton"
    if distance > (3 if size >= 13 else 2 if size >= 8 else 1):
        return False
    return same_start or (distance == 1 and (size >= 8 or (swapped and typed[1] == spelling[0])))
