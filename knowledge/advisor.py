"""The one answerer: a question and a library in, a reply out."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from index.embedding import Embedder, Vectors
from index.library import Library, Manifest, Snapshot
from index.search import search
from knowledge.answering import QUOTES, compose, decline
from knowledge.asking.conversation import LONGEST, Asked, understand
from knowledge.asking.courtesies import courtesy, without_abuse
from knowledge.asking.kinds import is_code
from knowledge.asking.languages import Languages, in_their_language
from knowledge.asking.orders import without_orders
from knowledge.asking.provenance import about_sources
from knowledge.background import Background, read_background
from knowledge.entities import Answer, NoAnswer, Question, Refusal, Reply, Turn
from knowledge.explaining import Explained, Reached, explain
from knowledge.finding import find, telling_words, wordings
from knowledge.skills.catalogue import Catalogue

MOST = 6
"""Questions of one message that are answered."""


class NothingIndexed(Exception):
    """There is no generation to answer from."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One passage in a plain search."""

    document: str
    passage: str
    score: float


class Advisor:
    """Answers from whatever generation is current when a question arrives. Safe to call from many threads."""

    def __init__(
        self,
        *,
        library: Library,
        embedder: Embedder,
        cache: Embedder | None = None,
        languages: Languages | None = None,
        catalogue: Catalogue | None = None,
    ) -> None:
        self._library = library
        self._embedder = embedder
        self._cache = cache or embedder
        self._languages = languages
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._known: tuple[Manifest, Background] | None = None

    def warm(self) -> None:
        """Load the model and the current generation, so that the first question is as fast as any."""
        self._embedder.embed(["warm up"])
        snapshot = self._snapshot()
        self._background_of(snapshot)
        if self._languages:
            self._languages.prepare(snapshot)

    def answer(self, question: Question) -> Reply:
        """Answer every question of a message from one and the same generation. Raises NothingIndexed."""
        reached, background = self._reach(question)
        return _reply(reached, background)

    def explain(self, question: Question) -> Explained:
        """The same reply, and how each of its parts came about. Raises NothingIndexed."""
        reached, background = self._reach(question)
        return Explained(_reply(reached, background), tuple(explain(part, background) for part in reached))

    def _reach(self, question: Question) -> tuple[list[Reached], Background]:
        snapshot = self._snapshot()
        background = self._background_of(snapshot)
        question = _whole_characters(question)
        if refused := _no_question(question.text, background):
            return [refused], background
        question = replace(question, text=without_orders(without_abuse(question.text)))
        if not question.text:
            return [Reached(_order_refused(background), "it gives orders and asks nothing")], background
        questions = understand(question, background.headings)
        questions, left_over = _at_once(questions)
        # Several answers in one message are each kept short, so that the last is still read.
        quotes = max(1, QUOTES // len(questions))
        said = [turn.bot for turn in question.history]
        parts: list[Reached] = []
        for asked, vectors in zip(questions, self._together(questions, background), strict=True):
            if told := about_sources(asked.text, said, background):
                parts.append(Reached(told, "it asks about the documents themselves"))
            else:
                parts.append(self._part(asked, snapshot, background, quotes, vectors))
            said.append(_credits(parts[-1].part))
        if left_over:
            sentence = f"I answer {MOST} questions at once; please ask the others again."
            rest = NoAnswer(question.text[:LONGEST], Refusal.UNCLEAR, sentence, (), background.generation)
            parts.append(Reached(rest, "more questions than are answered at once"))
        return parts, background

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

    def _together(self, questions: Sequence[Asked], background: Background) -> list[Vectors | None]:
        """The vectors of several questions from one batch, which takes little longer than one of them."""
        if len(questions) < 2:
            return [None] * len(questions)
        texts = [wordings(asked, background) for asked in questions]
        rows = self._embedder.embed([text for wording in texts for text in wording])
        ends = list(accumulate(map(len, texts)))
        return [rows[end - len(wording) : end] for end, wording in zip(ends, texts, strict=True)]

    def _part(
        self,
        asked: Asked,
        snapshot: Snapshot,
        background: Background,
        quotes: int,
        vectors: Vectors | None,
    ) -> Reached:
        foreign = self._languages.read(asked.text, snapshot, background) if self._languages else None
        if foreign and foreign.english:
            # A listed question was embedded when it was indexed, and is nobody's secret.
            found = find(snapshot, self._cache, Asked(foreign.english), background)
        else:
            found = find(snapshot, self._embedder, asked, background, vectors=vectors)
        outcome = compose(found, background, quotes=quotes)
        if foreign is None:
            return Reached(outcome.part, outcome=outcome)
        if foreign.english is None and isinstance(outcome.part, Answer):
            outcome = decline(outcome, background, "in another language, and near no question known here")
        part = in_their_language(replace(outcome.part, question=asked.text), foreign)
        return Reached(part, outcome=outcome, foreign=foreign)

    def _snapshot(self) -> Snapshot:
        snapshot = self._library.current()
        if snapshot is None or not snapshot.manifest.passages:
            raise NothingIndexed("There is no index yet; a reindex builds one.")
        if snapshot.manifest.fingerprint != self._embedder.fingerprint:
            # Vectors of two models look alike and mean different things: never "try anyway".
            raise NothingIndexed("The index was made with another model; the next start rebuilds it.")
        return snapshot

    def _background_of(self, snapshot: Snapshot) -> Background:
        with self._lock:
            # A number alone may come again, where the data folder was deleted and built afresh.
            if self._known is None or self._known[0] != snapshot.manifest:
                self._known = (snapshot.manifest, read_background(snapshot, self._cache, self._catalogue))
            return self._known[1]


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
