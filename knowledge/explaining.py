"""How each part of a reply came about, for those who run the bot. It retells decisions and takes none."""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.answering import Outcome
from knowledge.asking.languages import Foreign
from knowledge.background import Background, EmptySection
from knowledge.declining import contributions, features, floor_of, weights_for
from knowledge.entities import Answer, NoAnswer, Refusal, Reply
from knowledge.finding import Found

QUOTED = "quoted"
DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Reached:
    """A part of a reply with what led to it. `outcome` is None where nothing was looked for."""

    part: Answer | NoAnswer
    because: str = ""
    outcome: Outcome | None = None
    foreign: Foreign | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """One number the odds are made of, and what it adds to their logarithm."""

    name: str
    value: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Near:
    """A question or a heading with its cosine with the one asked."""

    text: str
    cosine: float


@dataclass(frozen=True, slots=True)
class Considered:
    """A candidate: where it stands, how it came into the ranking, and what became of it.

    `label` is title and section, `cue` the text of the passage, its sentences and its listed questions that
    came nearest. `fate` is "quoted", "declined", or why it was not quoted.
    """

    passage: str
    label: str
    score: float
    meaning: float
    words: float
    meaning_rank: int | None
    words_rank: int | None
    cue: str
    fate: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked for, and what was found and weighed. `bias` and all contributions add up to `log_odds`.

    `only` are the documents a question is confined to by naming their author or site. `near_miss` is the
    nearest question that the best passage's document is known not to answer; `empty` are headings
    with nothing under them, nearest first. `lists_questions` tells that the best passage does, which decides
    between the two sets of weights.
    """

    text: str
    continues: str | None
    role: str | None
    unknown_words: tuple[str, ...]
    skills: tuple[str, ...]
    kind: str | None
    by_name: bool
    lists_questions: bool
    features: tuple[Feature, ...]
    bias: float
    odds: float
    near_miss: Near | None
    empty: tuple[Near, ...]
    candidates: tuple[Considered, ...]
    only: tuple[str, ...] = ()

    @property
    def log_odds(self) -> float:
        """The logarithm of the odds of being answerable."""
        return self.bias + sum(feature.contribution for feature in self.features)


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one part came about. `looked` is None where nothing was looked for, `refusal` where it is answered.

    `foreign` is None where the question was taken for English.
    """

    question: str
    refusal: Refusal | None
    because: str
    generation: int
    floor: float
    foreign: Foreign | None
    looked: Looked | None


@dataclass(frozen=True, slots=True)
class Explained:
    """A reply and, for each of its parts in order, how that came about."""

    reply: Reply
    parts: tuple[Explanation, ...]


def explain(reached: Reached, background: Background) -> Explanation:
    """What there is to tell about one part of a reply."""
    part, outcome = reached.part, reached.outcome
    return Explanation(
        question=part.question,
        refusal=part.refusal if isinstance(part, NoAnswer) else None,
        because=outcome.verdict.because if outcome else reached.because,
        generation=background.generation,
        floor=floor_of(background),
        foreign=reached.foreign,
        looked=_looked(outcome, background) if outcome else None,
    )


def _looked(outcome: Outcome, background: Background) -> Looked:
    found = outcome.found
    evidence = found.evidence
    return Looked(
        text=found.text,
        continues=found.asked.about,
        role=found.asked.role,
        unknown_words=found.unknown_words,
        skills=tuple(skill.name for skill in found.skills.named),
        kind=found.skills.kind,
        by_name=bool(found.named),
        lists_questions=evidence.asked_for,
        features=tuple(_features(found)),
        bias=weights_for(evidence).bias,
        odds=outcome.verdict.odds,
        near_miss=Near(found.near_miss, evidence.near_miss) if found.near_miss else None,
        empty=_empty(found, background),
        candidates=tuple(_considered(outcome, background)),
        only=tuple(sorted(background.told_by(found.asked.text))),
    )


def _features(found: Found) -> Iterator[Feature]:
    added = contributions(found.evidence)
    for name, value in features(found.evidence).items():
        yield Feature(name, value, added[name])


def _empty(found: Found, background: Background) -> tuple[Near, ...]:
    def near(section: EmptySection) -> Near:
        return Near(section.source.label, section.similarity(found.vector))

    return tuple(sorted(map(near, background.empty_sections), key=lambda heading: -heading.cosine))


def _considered(outcome: Outcome, background: Background) -> Iterator[Considered]:
    choice = outcome.choice
    fates = dict(choice.dropped) if choice else {}
    fates |= {chosen.candidate.passage: QUOTED for chosen in choice.chosen} if choice else {}
    for candidate in outcome.found.candidates:
        passage = outcome.found.passages[candidate.passage]
        nearest = candidate.similarities.index(max(candidate.similarities))
        yield Considered(
            passage=passage.id,
            label=background.source(passage).label,
            score=candidate.score,
            meaning=candidate.meaning,
            words=candidate.words,
            meaning_rank=candidate.meaning_rank,
            words_rank=candidate.words_rank,
            cue=passage.cues[nearest].text,
            fate=fates[passage.id] if choice else DECLINED,
        )
