"""One question against one generation: the ranking, and what speaks for and against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from index.embedding import Embedder, Vectors
from index.library import Snapshot
from index.passages import Passage
from index.search import POOL, Candidate, search
from knowledge.asking.conversation import Asked
from knowledge.asking.vocabulary import carries_topic, plain_english, stem, words
from knowledge.background import Background
from knowledge.evidence import Evidence, clip, weigh
from knowledge.ranking import rank
from knowledge.skills.asking import SkillsAsked
from knowledge.skills.namings import NamedIn

FEW = 3
"""Topic words up to which a question is hardly more than a name."""

CANDIDATES = 12
"""Passages a composed answer may choose from."""

FOLLOW_UP_SHARE = 0.5
"""Weight of a follow-up's own words; the rest is the earlier question it continues, with it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A ranking with its passages and evidence. `text` is the question as it was looked for.

    `named` are the parts that answer by naming the skills asked for, the most direct first; empty where the
    question is no such one. `near_miss` is the nearest question that the best passage's document does not
    answer. `unnamed` is a technology the question names and no document does. `telling` are the stems of
    topic words, without those that are in every question here.
    """

    asked: Asked
    text: str
    vector: Vectors
    candidates: tuple[Candidate, ...]
    passages: Mapping[str, Passage]
    evidence: Evidence
    unknown_words: tuple[str, ...]
    skills: SkillsAsked = field(default_factory=SkillsAsked)
    named: tuple[NamedIn, ...] = ()
    near_miss: str | None = None
    unnamed: str | None = None
    telling: frozenset[str] = frozenset()


def find(
    snapshot: Snapshot,
    embedder: Embedder,
    asked: Asked,
    background: Background,
    *,
    below: float = 2.0,
    vectors: Vectors | None = None,
) -> Found:
    """Rank the generation's passages for one question and weigh the evidence.

    Cosines of at least `below` do not count: a question that a document lists can so be asked as if it did
    not. `vectors` are those of its `wordings`, where they are known already.
    """
    told_by = background.told_by(asked.text)
    text, *continued = texts = wordings(asked, background)
    vector = _mixed(embedder.embed(texts) if vectors is None else vectors)
    skills = background.skills_asked(asked.text)
    if skills == SkillsAsked():
        skills = background.skills_asked(text)
    named = [part for part in background.naming(skills) if not told_by or part.document in told_by]
    also = list(dict.fromkeys(part.passage for part in named))
    if told_by:
        also += [passage.id for document in sorted(told_by) for passage in snapshot.passages_of(document)]
    telling = telling_words(" ".join(continued or [text]))
    pool = _without_itself(search(snapshot, vector, telling, POOL, also), below)
    passages = {passage.id: passage for passage in snapshot.passages([c.passage for c in pool])}
    everyone = rank(pool, passages)
    ranked = [c for c in everyone if passages[c.passage].document in told_by] or everyone
    named_in = {part.passage for part in named}
    candidates = ranked[:CANDIDATES] + [c for c in ranked[CANDIDATES:] if c.passage in named_in]
    best = candidates[0].passage
    nearness, near_miss = background.near_miss(vector, passages[best].document, below)
    topic_words = list(dict.fromkeys(word for word in words(text) if carries_topic(word)))
    unknown = tuple(word for word in topic_words if not background.vocabulary.knows(word))
    return Found(
        asked=asked,
        text=text,
        vector=vector,
        candidates=tuple(candidates),
        passages=passages,
        evidence=replace(
            weigh(candidates, passages, topic_words, background),
            near_miss=clip(nearness),
            named=bool(named),
        ),
        unknown_words=unknown,
        skills=skills,
        named=_most_direct(named, candidates, skills),
        near_miss=near_miss,
        unnamed=background.unnamed(asked.text, sure=bool(skills.kind) or len(topic_words) <= FEW),
        telling=frozenset(map(stem, topic_words)) - background.usual,
    )


def _without_itself(candidates: list[Candidate], below: float) -> list[Candidate]:
    """The candidates as they would be without the cues that say the same as the question."""
    if not any(similarity >= below for c in candidates for similarity in c.similarities):
        return candidates
    kept = []
    for candidate in candidates:
        similarities = tuple(min(s, 0.0) if s >= below else s for s in candidate.similarities)
        kept.append(replace(candidate, similarities=similarities, meaning=max(similarities)))
    return kept


def _most_direct(
    named: Sequence[NamedIn], candidates: Sequence[Candidate], skills: SkillsAsked
) -> tuple[NamedIn, ...]:
    """Parts that name what is asked for: those that name most of it first, then those nearest in meaning."""
    similarities = {candidate.passage: candidate.similarities for candidate in candidates}

    def directness(part: NamedIn) -> tuple[int, float]:
        cosines = similarities[part.passage]
        cosine = cosines[part.place + 1] if part.place + 1 < len(cosines) else cosines[0]
        if skills.kind:
            return len(part.of_kind(skills.kind)), cosine
        return len(set(skills.named) & set(part.skills)), cosine

    return tuple(sorted(named, key=directness, reverse=True))


def telling_words(text: str) -> str:
    """The words of a text that may decide what it is about."""
    return " ".join(word for word in words(text) if carries_topic(word))


def wordings(asked: Asked, background: Background) -> tuple[str, ...]:
    """What is embedded for a question: its own words as they are looked for, and with what it continues."""
    text = asked.text
    if background.told_by(text):
        text = background.without_voices(text)
    text = plain_english(text, background.vocabulary, background.is_word)
    if asked.about is None:
        return (text,)
    return (text, f"{plain_english(asked.about, background.vocabulary, background.is_word)} {text}")


def _mixed(vectors: Vectors) -> Vectors:
    if len(vectors) == 1:
        single: Vectors = vectors[0]
        return single
    own, whole = vectors
    mixed = FOLLOW_UP_SHARE * own + (1 - FOLLOW_UP_SHARE) * whole
    unit: Vectors = (mixed / max(float(np.linalg.norm(mixed)), 1e-12)).astype(np.float32)
    return unit
