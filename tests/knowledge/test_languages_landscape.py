"""What a question in another language is compared with: listed ones, near misses, and how it is said."""

import re
import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from index.library import Snapshot
from knowledge.asking.landscape import survey
from knowledge.asking.tongues import ENGLISH, language_of, questions_in, readable, spoken, tongue_of
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import reindex, write
from tests.knowledge.speaking import CACHES, FILES, QUEUES, SALARY, Meanings, latest

TONGUES = tomllib.loads(files("knowledge.asking").joinpath("tongues.toml").read_text("utf-8"))
NEAR_MISSES = '[[group]]\nabout = "brands"\nquestions = ["Who invented the cache?", "Who sells hats?"]\n'


@pytest.mark.parametrize(
    ("text", "tongues"),
    [
        ("preciso saber SQL?", ["pt"]),
        ("se usa docker en backend?", ["es"]),
        ("ist rust besser als go", ["de"]),
        ("kya degree zaroori hai", ["hi-Latn"]),
        ("frontend aur backend mein kya fark hai", ["hi-Latn"]),
        ("welke talen gebruikt men", ["nl"]),
        ("what is a café", []),
        ("the los angeles office", []),
        ("was it hard to die in the las vegas game", []),
        ("", []),
    ],
)
def test_a_few_words_give_a_language_away_and_english_gives_none(text: str, tongues: list[str]) -> None:
    assert spoken(text) == tongues


@pytest.mark.parametrize("tongue", [name for name in TONGUES if name != ENGLISH])
def test_every_language_has_the_same_questions_in_its_own_words(tongue: str) -> None:
    assert len(questions_in(tongue)) == len(questions_in(ENGLISH)) > 10
    assert not set(questions_in(tongue)) & set(questions_in(ENGLISH))


def test_languages_typed_in_latin_letters_are_others() -> None:
    assert tongue_of("hi", "kya kaam hai") == "hi-Latn"
    assert tongue_of("hi", "क्या काम है") == "hi"
    assert tongue_of("ru", "chto") == "ru"
    assert tongue_of("uk", "що") is None
    assert language_of("hi-Latn") == "hi"


def test_words_the_model_knows_too_little_of_are_put_into_english() -> None:
    assert readable("Naukri ke liye kya seekhna zaroori", "hi-Latn") == "job ke liye what learn necessary"
    assert readable("Naukri", "es") == readable("Naukri", None) == "Naukri"


@pytest.fixture
def guide(tmp_path: Path) -> Snapshot:
    library = NumpyLibrary()
    reindex(library, write(tmp_path, {**FILES, "near_misses.toml": NEAR_MISSES}))
    return latest(library)


class Sold(Meanings):
    """Knows hats, and that inventing a cache is about the cache."""

    subjects = ("queue|cola", "cache|caché", r"\bearn|gana", "hats|sombreros")


@pytest.mark.parametrize(
    ("text", "english"),
    [("¿colas?", QUEUES), ("¿cachés?", CACHES), ("¿cuánto se gana?", SALARY), ("sombreros", None)],
)
def test_a_near_miss_keeps_a_question_from_what_is_listed_unless_it_says_the_same(
    guide: Snapshot, text: str, english: str | None
) -> None:
    embedder = Sold()
    landscape = survey(guide, embedder)
    assert len(landscape.outside) == 1
    assert landscape.nearest(embedder.embed([text])[0]) == english


def test_a_near_miss_counts_only_for_the_documents_it_belongs_to(guide: Snapshot) -> None:
    embedder = Sold()
    found = survey(guide, embedder)
    landscape = replace(found, raw=2 * found.raw)  # the question lies between two texts, and near neither
    queue, hats = embedder.embed(["cola", "sombreros"])
    between = 0.75 * hats + (1 - 0.75**2) ** 0.5 * queue
    assert landscape.nearest(between) is None
    assert replace(landscape, outside=(frozenset({"elsewhere"}),)).nearest(between) == QUEUES


def test_words_that_give_a_language_away_are_words() -> None:
    for known in TONGUES.values():
        assert all(re.fullmatch(r"[^\W\d_][\w'’-]*", word) for word in known.get("words", "").split())
