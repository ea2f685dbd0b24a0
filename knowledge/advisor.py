"""The one answerer: a question and a library in, a reply out."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

from index.embedding import Embedder, Vectors
from index.library import LibraryError, Manifest, Snapshot
from index.search import search
from knowledge.answering import QUOTES, compose, decline
from knowledge.asking.conversation import LONGEST, Asked, understand
from knowledge.asking.courtesies import courtesy, without_abuse
from knowledge.asking.kinds import is_code
from knowledge.asking.languages import Foreign, Languages, in_their_language
from knowledge.asking.orders import without_orders
from knowledge.asking.provenance import about_sources
from knowledge.background import Background, Backgrounds
from knowledge.entities import Answer, NoAnswer, Question, Refusal, Reply, Turn
from knowledge.explaining import Explained, Reached, explain
from knowledge.finding import find, telling_words, wordings
from knowledge.skills.catalogue import Catalogue
from knowledge.skills.entries import Skill
from knowledge.skills.names import Known as KnownSkill
from knowledge.suggesting import Suggestions, suggestions

A_NAME = 3
"""Words of the longest name of a skill."""

MOST = 6
"""Questions of one message that are answered."""

ITSELF = 0.9
"""Cosine from which a text is found as the one that was indexed."""


class NothingIndexed(Exception):
    """There is no generation to answer from."""


class NotAnswering(LibraryError):
    """A generation does not answer what its own documents are listed to answer."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One passage in a plain search."""

    document: str
    passage: str
    score: float


@dataclass(frozen=True, slots=True)
class _Message:
    """A message as it is read: what it asks, or what is told at once."""

    question: Question
    asked: tuple[Asked, ...] = ()
    told: Reached | None = None
    left_over: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What a model says of a question; without vectors it is yet to be embedded."""

    foreign: Foreign | None
    vectors: Vectors | None = None


class _Answering(Protocol):
    """What is asked of a library here."""

    def current(self) -> Snapshot | None:
        """The generation that answers now, or None where there is none."""


@dataclass(frozen=True, slots=True)
class _Only:
    """One generation for good."""

    snapshot: Snapshot

    def current(self) -> Snapshot:
        """That one."""
        return self.snapshot


class Advisor:
    """Answers from whatever generation is current when a question arrives. Safe to call from many threads."""

    def __init__(
        self,
        *,
        library: _Answering,
        embedder: Embedder,
        cache: Embedder | None = None,
        languages: Languages | None = None,
        catalogue: Catalogue | None = None,
        backgrounds: Backgrounds | None = None,
    ) -> None:
        self._library = library
        self._embedder = embedder
        self._cache = cache or embedder
        self._languages = languages
        self._backgrounds = backgrounds or Backgrounds(self._cache, catalogue)
        self._suggesting = threading.Lock()
        self._suggested: tuple[Manifest, Suggestions] | None = None

    def on(self, snapshot: Snapshot) -> "Advisor":
        """The same answerer for one generation, whichever is current."""
        return Advisor(
            library=_Only(snapshot),
            embedder=self._embedder,
            cache=self._cache,
            languages=self._languages,
            backgrounds=self._backgrounds,
        )

    def warm(self) -> None:
        """Load the model and the current generation, so that the first question is as fast as any."""
        self._embedder.embed(["warm up"])
        snapshot, _ = self._ready()
        self.suggestions()
        if self._languages:
            self._languages.prepare(snapshot)

    def answer(self, question: Question) -> Reply:
        """Answer every question of a message from one and the same generation. Raises NothingIndexed."""
        snapshot, background = self._ready()
        return self._replies([question], snapshot, background)[0]

    def answer_all(self, questions: Sequence[Question]) -> list[Reply | Exception]:
        """Answer messages of several people from one and the same generation, embedded together.

        Where answering one raises, the exception stands in its place, for who asked. Raises NothingIndexed.
        """
        snapshot, background = self._ready()
        return _apart(lambda some: self._replies(some, snapshot, background), questions)

    def explain(self, question: Question) -> Explained:
        """The same reply, and how each of its parts came about. Raises NothingIndexed."""
        snapshot, background = self._ready()
        (reached,) = self._reach([question], snapshot, background)
        return Explained(_reply(reached, background), tuple(explain(part, background) for part in reached))

    def generation(self) -> int | None:
        """The number of the generation that answers now, or None where there is none."""
        snapshot = self._library.current()
        return snapshot.manifest.generation if snapshot else None

    def suggestions(self) -> Suggestions:
        """What can be asked of the current generation, made once for each. Raises NothingIndexed."""
        snapshot, background = self._ready()
        # Not under the lock that questions wait for: trying what is offered first takes a while.
        with self._suggesting:
            if self._suggested is None or self._suggested[0] != snapshot.manifest:
                self._suggested = (
                    snapshot.manifest,
                    suggestions(snapshot, lambda texts: self._answered(texts, snapshot, background)),
                )
            return self._suggested[1]

    def check(self) -> None:
        """Ask a question the documents are listed to answer. Raises NothingIndexed or NotAnswering."""
        snapshot, background = self._ready()
        if not background.openers:
            if not self._finds_itself(snapshot):
                raise NotAnswering("The index does not find its own documents by their words.")
            return
        # A single listed question may be declined where near misses are close; not all of those far apart.
        asked = (Question(text) for text in background.openers)
        if all(self._replies([one], snapshot, background)[0].abstained for one in asked):
            raise NotAnswering("The index does not answer the questions its own documents list.")

    def _finds_itself(self, snapshot: Snapshot) -> bool:
        passages = (passage for record in snapshot.records() for passage in snapshot.passages_of(record.id))
        cue = min(next(passages).cues, key=lambda cue: len(cue.text))
        hits = snapshot.nearest(self._embedder.embed([cue.text])[0], 1)
        return bool(hits) and hits[0].score >= ITSELF

    def _answered(self, texts: Sequence[str], snapshot: Snapshot, background: Background) -> list[bool]:
        replies = self._replies([Question(text) for text in texts], snapshot, background)
        return [all(isinstance(part, Answer) for part in reply.parts) for reply in replies]

    def _replies(
        self, questions: Sequence[Question], snapshot: Snapshot, background: Background
    ) -> list[Reply]:
        return [_reply(reached, background) for reached in self._reach(questions, snapshot, background)]

    def _reach(
        self, questions: Sequence[Question], snapshot: Snapshot, background: Background
    ) -> list[list[Reached]]:
        messages = [_read(question, background) for question in questions]
        asked = [one for message in messages for one in message.asked]
        known = iter(self._together(asked, snapshot, background))
        return [
            self._parts(message, [next(known) for _ in message.asked], snapshot, background)
            for message in messages
        ]

    def _parts(
        self, message: _Message, known: Sequence[_Known], snapshot: Snapshot, background: Background
    ) -> list[Reached]:
        parts = [message.told] if message.told else []
        # Several answers in one message are each kept short, so that the last is still read.
        quotes = max(1, QUOTES // max(1, len(message.asked)))
        said = [turn.bot for turn in message.question.history]
        for asked, of_it in zip(message.asked, known, strict=True):
            if told := about_sources(asked.text, said, background):
                parts.append(Reached(told, "it asks about the documents themselves"))
            else:
                parts.append(self._part(asked, snapshot, background, quotes, of_it))
            said.append(_credits(parts[-1].part))
        if message.left_over:
            sentence = f"I answer {MOST} questions at once; please ask the others again."
            text = message.question.text[:LONGEST]
            rest = NoAnswer(text, Refusal.UNCLEAR, sentence, (), background.generation)
            parts.append(Reached(rest, "more questions than are answered at once"))
        return parts

    def search(self, query: str, limit: int) -> list[Ranked]:
        """Passages for a query, best first, at most `limit`. Raises NothingIndexed."""
        snapshot = self._snapshot()
        query = _encodable(query)
        if not any(character.isalnum() for character in query):
            return []
        candidates = search(snapshot, self._embedder.embed([query])[0], telling_words(query), limit)
        documents = snapshot.passages([candidate.passage for candidate in candidates])
        return [
            Ranked(passage.document, passage.id, candidate.score)
            for candidate, passage in zip(candidates, documents, strict=True)
        ]

    def _together(self, asked: Sequence[Asked], snapshot: Snapshot, background: Background) -> list[_Known]:
        """What takes a model to know, for all questions from one batch: hardly slower than for a few."""
        foreign: list[Foreign | None] = [None] * len(asked)
        if self._languages:
            read = self._languages.read_all([one.text for one in asked], snapshot, background)
            foreign = [
                None if _skill_named(one.text, background) else found
                for one, found in zip(asked, read, strict=True)
            ]
        if len(asked) < 2:
            return [_Known(one) for one in foreign]
        # Nothing is embedded for a question that a listed one stands in for.
        texts = [
            () if known and known.english else wordings(one, background)
            for one, known in zip(asked, foreign, strict=True)
        ]
        rows = {text: row for row, text in enumerate(dict.fromkeys(chain.from_iterable(texts)))}
        vectors = self._embedder.embed(list(rows))
        return [
            _Known(known, vectors[[rows[text] for text in wording]] if wording else None)
            for known, wording in zip(foreign, texts, strict=True)
        ]

    def _part(
        self,
        asked: Asked,
        snapshot: Snapshot,
        background: Background,
        quotes: int,
        known: _Known,
    ) -> Reached:
        foreign = known.foreign
        if foreign and foreign.english:
            # A listed question was embedded when it was indexed, and is nobody's secret.
            found = find(snapshot, self._cache, Asked(foreign.english), background)
        else:
            found = find(snapshot, self._embedder, asked, background, vectors=known.vectors)
        outcome = compose(found, background, quotes=quotes)
        if foreign is None:
            return Reached(outcome.part, outcome=outcome)
        if foreign.english is None and isinstance(outcome.part, Answer):
            outcome = decline(outcome, background, "in another language, and near no question known here")
        part = in_their_language(replace(outcome.part, question=asked.text), foreign)
        return Reached(part, outcome=outcome, foreign=foreign)

    def _ready(self) -> tuple[Snapshot, Background]:
        snapshot = self._snapshot()
        return snapshot, self._backgrounds.of(snapshot)

    def _snapshot(self) -> Snapshot:
        snapshot = self._library.current()
        if snapshot is None or not snapshot.manifest.passages:
            raise NothingIndexed("There is no index yet; a reindex builds one.")
        if snapshot.manifest.fingerprint != self._embedder.fingerprint:
            # Vectors of two models look alike and mean different things: never "try anyway".
            raise NothingIndexed("The index was made with another model; the next start rebuilds it.")
        return snapshot


def _read(question: Question, background: Background) -> _Message:
    question = _whole_characters(question)
    if refused := _no_question(question.text, background):
        return _Message(question, told=refused)
    text = without_orders(without_abuse(question.text))
    question = replace(question, text=_spelled(text, background))
    if not question.text:
        refused = Reached(_order_refused(background), "it gives orders and asks nothing")
        return _Message(question, told=refused)
    asked, left_over = _at_once(understand(question, background.headings))
    return _Message(question, tuple(asked), left_over=left_over)


def _apart(
    work: Callable[[Sequence[Question]], list[Reply]], questions: Sequence[Question]
) -> list[Reply | Exception]:
    """The work done on all at once; where that raises, on either half, so that one question fails alone."""
    try:
        return [*work(questions)]
    except Exception as error:  # noqa: BLE001  # whoever asked gets it
        if len(questions) < 2:
            return [error]
    middle = len(questions) // 2
    return [*_apart(work, questions[:middle]), *_apart(work, questions[middle:])]


def _skill_named(text: str, background: Background) -> Skill | None:
    """The skill whose name is all that a text is, which no detection of languages can place."""
    meant = background.catalogue.resolve(text) if background.catalogue else None
    return meant.skill if isinstance(meant, KnownSkill) else None


def _spelled(text: str, background: Background) -> str:
    """A message that is no more than the name of a skill, as the documents spell it."""
    skill = _skill_named(text, background)
    return skill.name if skill and len(text.split()) <= A_NAME else text


def _order_refused(background: Background) -> NoAnswer:
    sentence = "I only answer questions from my documents; nothing in a message changes that."
    return NoAnswer("", Refusal.NOTHING, sentence, background.openers, background.generation)


def _at_once(questions: Sequence[Asked]) -> tuple[list[Asked], bool]:
    """The first few different questions, and whether there are more."""
    different = list({asked.text.casefold(): asked for asked in reversed(questions)}.values())[::-1]
    return different[:MOST], len(different) > MOST


def _reply(reached: Sequence[Reached], background: Background) -> Reply:
    return Reply(tuple(one.part for one in reached), background.generation)


def _credits(part: Answer | NoAnswer) -> str:
    """The sources a part names, for a question about "that" later in the same message."""
    return "\n".join(quote.source.credit for quote in part.quotes) if isinstance(part, Answer) else ""


def _whole_characters(question: Question) -> Question:
    history = (Turn(_encodable(turn.user), _encodable(turn.bot)) for turn in question.history)
    return Question(_encodable(question.text), tuple(history))


def _encodable(text: str) -> str:
    """A text without halves of characters, which neither tokenizers nor databases take."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _no_question(text: str, background: Background) -> Reached | None:
    """The reply to a message with nothing to look for; None where there is a question."""
    refusal = Refusal.UNCLEAR
    offered = background.openers
    if len(text) > LONGEST:
        because, sentence = "too long", f"That is longer than {LONGEST:,} characters; please ask it in fewer."
    elif is_code(text):
        because, sentence = "code", "That looks like code. Ask me something in a sentence or two."
    elif not any(character.isalpha() for character in text):
        because, sentence = (
            "without words",
            "I found no words in that. Ask me something in a sentence or two.",
        )
    elif small_talk := courtesy(text):
        because, refusal, sentence = "small talk", Refusal.COURTESY, small_talk.reply
        offered = offered if small_talk.offers else ()
    else:
        return None
    told = NoAnswer(text[:LONGEST], refusal, sentence, offered, background.generation)
    return Reached(told, f"it is {because}")
