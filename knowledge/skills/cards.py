"""What one generation says about a skill, and the card it makes. Pure but for reading the generation."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.library import Snapshot
from index.passages import Passage, Record
from knowledge.asking.vocabulary import stems
from knowledge.background import source_of
from knowledge.entities import Quote
from knowledge.skills.alternatives import interchangeable
from knowledge.skills.catalogue import Catalogue
from knowledge.skills.entries import Skill, key
from knowledge.skills.kinds import spoken_kinds
from knowledge.skills.mentions import ABSTRACT
from knowledge.skills.sightings import Sighting, Sightings, read_sightings
from knowledge.skills.stretches import list_at, stretch

MOST = 8
"""How many alternatives or related skills a card lists."""

MOST_ALIASES = 3
"""How many other names it lists."""

MOST_BESIDE = 6
"""How many companions it lists."""

LONGEST_QUOTE = 500
"""Characters above which a quote is no longer read at a glance."""


@dataclass(frozen=True, slots=True)
class Group:
    """Skills listed as one of a kind, and where: any one will do where it is a `choice`."""

    skills: tuple[str, ...]
    said: tuple[Quote, ...]
    choice: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A place in an ordered list of things to learn: the third of seven."""

    number: int
    steps: int
    said: Quote


@dataclass(frozen=True, slots=True)
class Card:
    """All that a generation says about a skill that it names; `said` has one quote from each document.

    `alternatives`, `goes_with` and `related` hold canonical names; `goes_with` has the nearest first and
    counts the passages that name both.
    """

    skill: Skill
    senses: tuple[str, ...]
    aliases: tuple[str, ...]
    said: tuple[Quote, ...]
    groups: tuple[Group, ...]
    alternatives: tuple[str, ...]
    goes_with: tuple[tuple[str, int], ...]
    steps: tuple[Step, ...]
    related: tuple[str, ...]
    generation: int

    @property
    def kinds(self) -> str:
        """What it is, and what else it is taken for: "database, also cache"."""
        return spoken_kinds(self.skill)

    @property
    def only(self) -> bool:
        """Whether a single document names it."""
        return len(self.said) == 1


@dataclass(frozen=True, slots=True)
class Unclear:
    """Several skills, or a part of one, may have been meant; likeliest first."""

    query: str
    choices: tuple[Skill, ...]
    generation: int | None


@dataclass(frozen=True, slots=True)
class NotNamed:
    """No document names it as a skill.

    `skill` is set where the catalogue has it, `called` and `kind` where it is known by name only. `nearest`
    are named ones. `words` quotes where what was typed stands all the same, as words and no more.
    """

    query: str
    skill: Skill | None
    called: str | None
    kind: str | None
    nearest: tuple[Skill, ...]
    words: tuple[Quote, ...]
    generation: int | None


Found = Card | Unclear | NotNamed


@dataclass(frozen=True)
class Evidence:
    """Who names which skill where, in one generation, all in memory."""

    generation: int
    catalogue: Catalogue
    sightings: Sightings
    records: Mapping[str, Record]
    passages: Mapping[str, Passage]

    @cached_property
    def skills(self) -> Mapping[str, Skill]:
        """The skills that are named, by canonical name, the most named first."""
        known = {skill.name: skill for skill in self.catalogue.skills}
        return {name: known[name] for name in self.sightings.skills if name in known}

    @cached_property
    def documents(self) -> Mapping[str, int]:
        """The number of documents that name each skill."""
        return {name: len({found.document for found in self.sightings.of(name)}) for name in self.skills}

    def is_concrete(self, skill: Skill) -> bool:
        """Whether it is a certain language, database, tool …: neither a habit nor what a kind is called."""
        return ABSTRACT.isdisjoint(skill.kinds) and not self.catalogue.kinds_called(skill.name)

    def named_in(self, quote: Quote) -> tuple[str, ...]:
        """The skills a quote names, each once."""
        found = (
            sighting.skill
            for sighting in self._by_passage[quote.passage]
            if quote.start <= sighting.start < quote.end
        )
        return tuple(dict.fromkeys(name for name in found if name in self.skills))

    @cached_property
    def _by_passage(self) -> Mapping[str, Sequence[Sighting]]:
        found: dict[str, list[Sighting]] = {}
        for sighting in self.sightings.all:
            found.setdefault(sighting.passage, []).append(sighting)
        return found

    def quote(self, sighting: Sighting) -> Quote:
        """The sentence or list item a sighting stands in, word for word."""
        return quote_at(self.records[sighting.document], self.passages[sighting.passage], sighting.start)

    def listed(self, sighting: Sighting) -> Quote:
        """The whole list a sighting stands in; where it stands in none, its sentence."""
        record, passage = self.records[sighting.document], self.passages[sighting.passage]
        if not (items := list_at(record, passage, sighting.start)):
            return self.quote(sighting)
        start, end = stretch(record, items)
        return Quote(record.text[start:end], passage.id, start, end, source_of(record, passage.headings))


def quote_at(record: Record, passage: Passage, place: int) -> Quote:
    """The sentence or list item of a passage that has this place in `Record.text`."""
    parts = passage.attributes.get("parts", ())
    whole = (passage.start, passage.end)
    start, end = next((part for part in parts if part[0] <= place < part[1]), whole)
    if end - start > LONGEST_QUOTE:
        line = record.text.find("\n", place, end)
        start, end = max(start, record.text.rfind("\n", start, place) + 1), line if line >= 0 else end
    return Quote(record.text[start:end], passage.id, start, end, source_of(record, passage.headings))


def read_evidence(snapshot: Snapshot, catalogue: Catalogue) -> Evidence:
    """Walks a generation once. One that was built without sightings is looked through now."""
    records = {record.id: record for record in snapshot.records()}
    passages = [passage for document in records for passage in snapshot.passages_of(document)]
    sightings = read_sightings(snapshot)
    if not any("skills" in passage.attributes for passage in passages):
        sightings = Sightings(tuple(_found(passages, catalogue)))
    naming = {sighting.passage for sighting in sightings.all}
    return Evidence(
        generation=snapshot.manifest.generation,
        catalogue=catalogue,
        sightings=sightings,
        records=records,
        passages={passage.id: passage for passage in passages if passage.id in naming},
    )


def _found(passages: Iterable[Passage], catalogue: Catalogue) -> Iterator[Sighting]:
    for passage in passages:
        for mention in catalogue.find(passage.text):
            start, end = passage.start + mention.start, passage.start + mention.end
            yield Sighting(mention.skill.name, passage.document, passage.id, start, end)


def make_card(skill: Skill, evidence: Evidence) -> Card:
    """The card of a skill that a generation names."""
    sightings = evidence.sightings.of(skill.name)
    alternatives = _alternatives(skill, sightings, evidence)
    groups = _groups(sightings, evidence)
    return Card(
        skill=skill,
        senses=skill.senses,
        aliases=_aliases(skill),
        said=tuple(evidence.quote(sighting) for sighting in _best(skill, sightings, evidence)),
        groups=groups,
        alternatives=alternatives[:MOST],
        goes_with=_goes_with(skill, groups, evidence),
        steps=_steps(sightings, evidence),
        related=_related(skill, alternatives, evidence),
        generation=evidence.generation,
    )


def _aliases(skill: Skill) -> tuple[str, ...]:
    """A few of its other names, without those that are only forms of one or speak of something near it."""
    spelled: dict[str, str] = {}
    for alias in skill.aliases:
        if key(alias) != key(skill.name) and _is_another_name(alias, skill):
            spelled.setdefault(key(alias).removesuffix("s"), alias)
    return tuple(spelled.values())[:MOST_ALIASES]


def _is_another_name(alias: str, skill: Skill) -> bool:
    """Plurals, "SQL query" or "add indexes" help to find a skill; nobody calls it so."""
    own, other = stems(skill.name), stems(alias)
    if own == other or (not ABSTRACT.isdisjoint(skill.kinds) and own & other):
        return False
    if alias.islower() and alias.endswith("s") and not skill.name.endswith("s"):
        return False
    if own < other:
        # "Apache Kafka" is a name in full, "SQL query" something else.
        return all(word[0].isupper() for word in alias.split())
    # "JVM" is no short form of Java: its letters are not all there.
    return not alias.isupper() or not skill.name.isalpha() or _shortens(alias, skill.name)


def _shortens(short: str, name: str) -> bool:
    letters = iter(name.casefold())
    return all(letter in letters for letter in short.casefold())


def _best(skill: Skill, sightings: Sequence[Sighting], evidence: Evidence) -> list[Sighting]:
    """The most telling sighting of each document, in the order of the documents."""
    best: dict[str, Sighting] = {}
    for sighting in sightings:
        known = best.get(sighting.document)
        # Of equals the first: that is where a document introduces what it speaks of.
        if known is None or _telling(skill, sighting, evidence) > _telling(skill, known, evidence):
            best[sighting.document] = sighting
    return list(best.values())


def _telling(skill: Skill, sighting: Sighting, evidence: Evidence) -> tuple[bool, bool, bool]:
    headings = evidence.passages[sighting.passage].headings
    under_its_name = bool(headings) and any(
        found.skill == skill for found in evidence.catalogue.find(headings[-1])
    )
    return bool(sighting.group), under_its_name, evidence.quote(sighting).start == sighting.start


def _groups(sightings: Iterable[Sighting], evidence: Evidence) -> tuple[Group, ...]:
    """Lists with the same members are one group, whoever wrote them in whichever order; choices first."""
    said: dict[tuple[bool, frozenset[str]], dict[tuple[str, int], tuple[tuple[str, ...], Quote]]] = {}
    for sighting in sightings:
        if sighting.group:
            quote = evidence.quote(sighting)
            of_it = said.setdefault((sighting.choice, frozenset(sighting.group)), {})
            of_it.setdefault((sighting.document, quote.start), (sighting.group, quote))
    groups = [
        Group(next(iter(found.values()))[0], tuple(quote for _, quote in found.values()), choice)
        for (choice, _), found in said.items()
    ]
    return tuple(sorted(groups, key=lambda group: not group.choice))


def _alternatives(skill: Skill, sightings: Sequence[Sighting], evidence: Evidence) -> tuple[str, ...]:
    """What some document lets one choose in its place, the most often first."""
    chosen = Counter(name for sighting in sightings if sighting.choice for name in sighting.group)
    return tuple(
        name
        for name, _ in chosen.most_common()
        if name != skill.name and name in evidence.skills and interchangeable([skill, evidence.skills[name]])
    )


def _goes_with(skill: Skill, groups: Iterable[Group], evidence: Evidence) -> tuple[tuple[str, int], ...]:
    """What stands in one sentence or item with it, then in one list, then in one passage; no group twice."""
    passages = evidence.sightings.together(skill.name)
    known = {skill.name, *(name for group in groups for name in group.skills)}
    near = Counter[str]()
    listed = Counter[str]()
    for sighting in evidence.sightings.of(skill.name):
        near.update(evidence.named_in(evidence.quote(sighting)))
        listed.update(evidence.named_in(evidence.listed(sighting)))

    def far(name: str) -> tuple[int, int, int]:
        return -near[name], -listed[name], -passages[name]

    found = [
        name
        for name in passages
        if name in evidence.skills
        and name not in known
        and _fits_beside(skill, evidence.skills[name], name in near, evidence)
    ]
    return tuple((name, passages[name]) for name in sorted(found, key=far)[:MOST_BESIDE])


def _fits_beside(skill: Skill, other: Skill, near: bool, evidence: Evidence) -> bool:
    """Beside a thing only things: ones called like their kind, as CI/CD is, where they stand close."""
    if not evidence.is_concrete(skill):
        return True
    return other.kind not in ABSTRACT if near else evidence.is_concrete(other)


def _steps(sightings: Iterable[Sighting], evidence: Evidence) -> tuple[Step, ...]:
    steps: dict[tuple[str, int], Step] = {}
    for sighting in sightings:
        if sighting.step is not None and sighting.steps is not None:
            quote = evidence.quote(sighting)
            steps[sighting.document, quote.start] = Step(sighting.step, sighting.steps, quote)
    return tuple(steps.values())


def _related(skill: Skill, alternatives: Sequence[str], evidence: Evidence) -> tuple[str, ...]:
    """What the catalogue relates it to, named ones first; then longer names with it in them; then others."""
    within = f" {skill.name} ".casefold()
    longer = [name for name in evidence.skills if within in f" {name} ".casefold() and name != skill.name]
    named = [name for name in skill.related if name in evidence.skills]
    others = [name for name in skill.related if name not in evidence.skills]
    return tuple(dict.fromkeys((*named, *longer, *alternatives, *others)))[:MOST]
