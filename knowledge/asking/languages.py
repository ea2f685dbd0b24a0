"""Questions in other languages: recognised, and led to the nearest English question the documents answer."""

import re
import threading
import tomllib
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import numpy as np

from index.embedding import Embedder, Progress, Vectors
from index.garbage import kept_for_good
from index.library import Manifest, Snapshot
from knowledge.asking.landscape import Landscape, survey
from knowledge.asking.tongues import ENGLISH, language_of, questions_in, readable, spoken, tongue_of
from knowledge.asking.vocabulary import carries_topic, slang, words
from knowledge.background import Background
from knowledge.entities import Answer, Confidence, NoAnswer

SURE = 0.9
"""Probability from which a recognised language is believed."""

OUTSIDE = 0.4
"""Share of words that are neither common English nor the documents' from which a language is looked for."""

STRANGE = 0.4
"""Share of words that are no English at all from which a text counts as foreign in any case."""

Identify = Callable[[str], tuple[str, float]]
"""Text → ISO 639-1 code and probability."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A question in another language. `language` is None where only that much is clear.

    `english` is the nearest question the documents answer, None where none is near.
    """

    language: str | None
    english: str | None


@dataclass(frozen=True, slots=True)
class _Told:
    """A language, None where only that it is none of ours is clear, and the tongue its vectors differ by."""

    language: str | None
    tongue: str | None


class Languages:
    """Reads questions in other languages against the questions a generation answers."""

    def __init__(self, *, embedder: Embedder, identify: Identify, cache: Embedder | None = None) -> None:
        # What people ask is embedded without the cache: nothing of it is to stay on disk.
        self._embedder = embedder
        self._cache = cache or embedder
        self._identify = identify
        self._lock = threading.Lock()
        self._surveying = threading.Lock()
        self._prepared: tuple[tuple[Manifest, Landscape], ...] = ()
        self._accents: dict[str, Vectors] = {}

    def prepare(self, snapshot: Snapshot, progress: Progress | None = None) -> None:
        """Embed what a generation answers, so that the first question in another language need not wait."""
        self._landscape(snapshot, progress)

    def read(self, text: str, snapshot: Snapshot, background: Background) -> Foreign | None:
        """What a question in another language asks; None for one in English."""
        return self.read_all([text], snapshot, background)[0]

    def read_all(
        self, texts: Sequence[str], snapshot: Snapshot, background: Background
    ) -> list[Foreign | None]:
        """The same for several questions, embedded together."""
        told = {text: self._told(text, background) for text in texts}
        foreign = {text: spoken for text, spoken in told.items() if spoken}
        asked = self._nearest({text: spoken.tongue for text, spoken in foreign.items()}, snapshot)
        found = {text: Foreign(spoken.language, asked[text]) for text, spoken in foreign.items()}
        return [found.get(text) for text in texts]

    def _told(self, text: str, background: Background) -> _Told | None:
        """What a question's words tell of its language; None for English."""
        if tongues := spoken(text):
            tongue = tongues[0] if len(tongues) == 1 else self._likelier(tongues, text)
            return _Told(language_of(tongue), tongue)
        if not may_be_foreign(text, background):
            return None
        language, probability = self._identify(text)
        if language == "en" and probability >= SURE:
            return None
        known = language if language != "en" and probability >= SURE else None
        if known is None and _share(text, lambda word: not _is_english(word, background)) < STRANGE:
            return None
        return _Told(known, tongue_of(known, text))

    def _likelier(self, tongues: list[str], text: str) -> str:
        language, _ = self._identify(text)
        return language if language in tongues else tongues[0]

    def _nearest(self, tongues: Mapping[str, str | None], snapshot: Snapshot) -> dict[str, str | None]:
        """For each text in its tongue, the nearest question the documents answer."""
        if not tongues:
            return {}
        landscape = self._landscape(snapshot)
        vectors = self._embedder.embed([readable(text, tongue) for text, tongue in tongues.items()])
        return {
            text: landscape.nearest(self._without_accent(vector, tongue))
            for vector, (text, tongue) in zip(vectors, tongues.items(), strict=True)
        }

    def _without_accent(self, vector: Vectors, tongue: str | None) -> Vectors:
        if tongue is None:
            return vector
        plain = vector - self._accent(tongue)
        unit: Vectors = plain / max(float(np.linalg.norm(plain)), 1e-9)
        return unit

    def _landscape(self, snapshot: Snapshot, progress: Progress | None = None) -> Landscape:
        """Those of the last two generations are kept: one answers while the next is being prepared."""
        found = self._known(snapshot)
        if found is None:
            with self._surveying:
                found = self._known(snapshot)
                if found is None:
                    with kept_for_good():
                        found = survey(snapshot, self._cache, progress)
                    self._prepared = (*self._prepared[-1:], (snapshot.manifest, found))
        return found

    def _known(self, snapshot: Snapshot) -> Landscape | None:
        """The one of the same files: from building to publishing, it is the same generation."""
        wanted = snapshot.manifest
        return next((found for manifest, found in self._prepared if _alike(manifest, wanted)), None)

    def _accent(self, tongue: str) -> Vectors:
        """What the vectors of a language's questions differ in from those of the same ones in English."""
        with self._lock:
            if tongue not in self._accents:
                theirs, ours = (self._cache.embed(questions_in(name)) for name in (tongue, ENGLISH))
                self._accents[tongue] = np.asarray((theirs - ours).mean(axis=0), dtype=np.float32)
            return self._accents[tongue]


def _alike(manifest: Manifest, other: Manifest) -> bool:
    misses, others = (one.facts.get("near_misses") for one in (manifest, other))
    return manifest is other or (manifest.same_files(other) and misses == others)


def may_be_foreign(text: str, background: Background) -> bool:
    """A cheap look before a language is identified: most people ask in English."""
    if any(character.isalpha() and not character.isascii() for character in text):
        return True
    return _share(text, lambda word: not _is_expected(word, background)) >= OUTSIDE


def _share(text: str, holds: Callable[[str], bool]) -> float:
    found = [word for word in words(text) if word.isalpha()]
    return sum(holds(word) for word in found) / max(1, len(found))


def _is_expected(word: str, background: Background) -> bool:
    vocabulary = background.vocabulary
    known = not carries_topic(word) or vocabulary.knows(word) or word in slang()
    return known or vocabulary.correct(word, background.is_word) != word


def _is_english(word: str, background: Background) -> bool:
    return background.is_word(word) or _is_expected(word, background)


def in_their_language(part: Answer | NoAnswer, foreign: Foreign) -> Answer | NoAnswer:
    """The part with one line in the language of the question."""
    lines = _lines().get(foreign.language or "", {})
    if isinstance(part, Answer):
        line = lines.get("answered", "My documents are in English, and so are the quotes.")
        # What was judged is the listed question, not the words that led to it.
        sure = Confidence(
            "low" if part.confidence.word == "low" else "medium",
            f"{part.confidence.reason}, found by the nearest English question",
        )
        return replace(part, notes=(*part.notes, line), confidence=sure)
    refusal = lines.get("declined")
    return replace(part, sentence=f"{refusal} ({part.sentence})") if refusal else part


@lru_cache(maxsize=1)
def _lines() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("knowledge.asking").joinpath("languages.toml").read_text("utf-8"))


def identifier() -> Identify:
    """Identifies the languages there are lines for, with py3langid, loaded with the first text."""

    @lru_cache(maxsize=1)
    def models() -> tuple[Identify, Identify]:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        every = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        ours = copy(every)
        ours.set_languages(["en", *_lines()])
        return ours.classify, every.classify

    def identify(text: str) -> tuple[str, float]:
        text = re.sub(r"\s+", " ", text.lower())
        (language, probability), (nearest, sure) = (classify(text) for classify in models())
        # Few languages make short texts surer, but turn Ukrainian into Russian and Japanese into Chinese.
        if language != "en" and nearest not in _lines() and sure >= SURE:
            probability = 1 - sure
        return str(language), float(probability)

    return identify
