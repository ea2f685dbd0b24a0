"""Questions in other languages are recognised, and led to the nearest English one the documents answer."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.embedding import Progress, Vectors
from index.library import Snapshot
from knowledge.asking.landscape import topics_of
from knowledge.asking.languages import SURE, Foreign, Languages, may_be_foreign
from knowledge.asking.tongues import ENGLISH, questions_in
from knowledge.background import Background, read_background
from knowledge.corpus.reading import packaged_articles
from knowledge.reindexing import Reindexer
from knowledge.suite import load
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import reindex, write
from tests.knowledge.speaking import (
    CACHES,
    FILES,
    GUIDE,
    QUEUES,
    REGISTRY,
    SALARY,
    Meanings,
    Tokenizing,
    latest,
    reading,
)


@pytest.fixture(scope="module")
def tokenizing() -> Tokenizing:
    return Tokenizing()


@pytest.fixture
def library(tmp_path: Path, tokenizing: Tokenizing) -> NumpyLibrary:
    made = NumpyLibrary()
    reindex(made, write(tmp_path / "documents", FILES), tokenizing)
    return made


@pytest.fixture
def guide(library: NumpyLibrary, tokenizing: Tokenizing) -> tuple[Snapshot, Background]:
    return latest(library), read_background(latest(library), tokenizing)


@pytest.fixture(scope="module")
def articles(tokenizing: Tokenizing) -> tuple[Snapshot, Background]:
    """The shipped ones, with vectors that mean nothing: only their words matter here."""
    library = NumpyLibrary()
    Reindexer(library=library, embedder=tokenizing, size_limit=1_000_000, keep=1).run(
        [packaged_articles()], who="a test"
    )
    return latest(library), read_background(latest(library), tokenizing)


# --- English is never taken for anything else --------------------------------------------------------------

SLOPPY = [
    "wat dose a bakend enginer do",
    "wich databses shud i lern",
    "whats teh best lang 4 backend",
    "how 2 becom backend dev",
    "r backend devs payd attention to securty??",
    "postgress or mongdb or wat",
    "do u hav to no sql",
    "js ok for backend?? or java only",
    "tbh is a cs degre rly neccesary",
    "wht r d softskils 4 dis job",
    "whats kubernets used 4",
    "frmaworks??",
    "idk where 2 strat lol",
    "how do u optimze a slow qurey",
    "wats the diffrence btween frontend n backend",
    "dbs i should know about",
    "do devs talk 2 ppl",
    "tell me bout microservics pls",
    "is golang gud",
    "how 2 lern databses quick",
    "what do they do in teh mornign",
    "CAN I DO THIS W/O A DEGREE???",
    "backend eng vs frontend eng",
    "soft skills",
    "api desgin whats that",
    "wanna build scalable stuf, how",
    "why espresso tho",
    "any tips 4 beginers",
    "monitoring tools n stuff",
    "do they deploy on fridays lol",
    "ci/cd?",
    "c# or node.js",
    "u there",
    "12 apps 2.0 k8s",
    "🤔 which databases 🤔",
    "",
    "?!",
    "42",
]


@pytest.mark.parametrize("text", SLOPPY)
def test_sloppy_english_is_not_even_looked_at(articles: tuple[Snapshot, Background], text: str) -> None:
    languages, identify = reading()
    assert languages.read(text, *articles) is None
    assert identify.texts == []


def test_recorded_english_questions_with_an_answer_are_not_even_looked_at(
    articles: tuple[Snapshot, Background],
) -> None:
    asked = [
        case
        for case in load()
        if not (case.kept_aside or case.decline or case.kind in {"language", "hostile"})
    ]
    assert len(asked) > 120
    assert sum(case.kind == "typos" for case in asked) > 10
    assert [case.question.text for case in asked if may_be_foreign(case.question.text, articles[1])] == []


def test_a_question_in_english_embeds_nothing(guide: tuple[Snapshot, Background]) -> None:
    embedder = Meanings()
    languages, _ = reading(embedder=embedder)
    languages.read("which queues carry messages", *guide)
    assert embedder.embedded == []


@pytest.mark.parametrize(
    "text",
    ["is a café naïve about queues?", "Zoë's résumé: queues, caches", "zebras juggle yoghurt quietly"],
)
def test_a_text_that_is_surely_english_is_english_whatever_its_letters_and_words(
    guide: tuple[Snapshot, Background], text: str
) -> None:
    languages, identify = reading("en", SURE)
    assert languages.read(text, *guide) is None
    assert identify.texts == [text]


# --- other languages are recognised ------------------------------------------------------------------------

FOREIGN = {
    "¿qué colas usan los ingenieros?": "es",
    "welche warteschlangen gibt es": "de",
    "quels frameworks utilisent les développeurs": "fr",
    "quais são as habilidades de um engenheiro": "pt",
    "quali competenze servono": "it",
    "welke vaardigheden zijn nodig": "nl",
    "jakie umiejętności są potrzebne": "pl",
    "hangi kuyruklar kullanılıyor": "tr",
    "какие очереди они используют": "ru",
    "他们使用哪些队列?": "zh",
    "कौन सी कतारें": "hi",
}


@pytest.mark.parametrize(("text", "language"), FOREIGN.items(), ids=FOREIGN.values())
def test_a_question_surely_in_another_language_is_foreign(
    guide: tuple[Snapshot, Background], text: str, language: str
) -> None:
    found = reading(language, SURE)[0].read(text, *guide)
    assert found is not None
    assert found.language == language


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize(
    "text", ["mitä palvelinkehittäjä tekee päivisin", "τι κάνει ένας μηχανικός", "何をしますか"]
)
def test_a_question_in_no_english_words_is_foreign_though_nobody_can_tell_the_language(
    guide: tuple[Snapshot, Background], language: str, text: str
) -> None:
    found = reading(language, SURE - 0.01)[0].read(text, *guide)
    assert found is not None
    assert found.language is None


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("text", ["best pokemon starter", "derivative sine", "is a café about queues?"])
def test_a_question_in_english_words_is_english_though_nobody_can_tell_the_language(
    guide: tuple[Snapshot, Background], language: str, text: str
) -> None:
    languages, identify = reading(language, SURE - 0.01)
    assert languages.read(text, *guide) is None
    assert identify.texts == [text]


# --- the nearest English question --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("¿qué colas usan los ingenieros?", QUEUES),
        ("кэш: где он хранит ответы", CACHES),
        ("他们使用哪些队列?", QUEUES),
        ("wieviel verdienen entwickler", SALARY),
        ("¿cómo se cocina una paella?", None),
        ("как вырастить помидоры", None),
    ],
)
def test_a_question_is_led_to_the_nearest_the_documents_answer_if_it_is_near(
    guide: tuple[Snapshot, Background], text: str, english: str | None
) -> None:
    assert reading("es")[0].read(text, *guide) == Foreign("es", english)


def test_a_generation_answers_its_questions_promises_and_headings(tmp_path: Path) -> None:
    library = NumpyLibrary()
    twice = REGISTRY.replace(f'["{CACHES}"]', f'["{CACHES}", "{QUEUES}"]')
    plain = "# Plain\n\nA first line.\nA second one.\n\nAnother paragraph.\n"
    reindex(library, write(tmp_path, {**FILES, "sources.toml": twice, "plain.md": plain}))
    topics = [topic.text for topic in topics_of(latest(library))]
    assert len(topics) == len(set(topics))
    assert topics[:3] == [QUEUES, CACHES, SALARY]
    assert topics[3].startswith("Plain: A first line.")
    assert all("\n" not in topic for topic in topics)


def test_a_passage_before_any_heading_stands_under_its_title(tmp_path: Path) -> None:
    library = NumpyLibrary()
    reindex(library, write(tmp_path, {"note.jsonl": '{"id": "n", "title": "A note", "text": "Just this."}'}))
    assert [topic.text for topic in topics_of(latest(library))] == ["A note: Just this."]


# --- what is prepared --------------------------------------------------------------------------------------


def test_once_prepared_a_question_embeds_only_itself(guide: tuple[Snapshot, Background]) -> None:
    embedder = Meanings()
    languages, _ = reading("es", embedder=embedder)
    seen: list[tuple[int, int]] = []
    languages.prepare(guide[0], lambda done, total: seen.append((done, total)))
    english = questions_in(ENGLISH)
    assert embedder.embedded == [QUEUES, CACHES, SALARY, *english]
    assert seen == [(done + 1, 3 + len(english)) for done in range(3 + len(english))]
    languages.read("¿qué colas usan?", *guide)
    embedder.embedded.clear()
    for text in ("¿qué colas usan?", "¿qué cachés usan?"):
        languages.read(text, *guide)
    assert embedder.embedded == ["¿qué colas usan?", "¿qué cachés usan?"]


def test_another_generation_is_prepared_again(
    library: NumpyLibrary, tmp_path: Path, tokenizing: Tokenizing
) -> None:
    embedder = Meanings()
    languages, _ = reading("es", embedder=embedder)
    languages.prepare(latest(library))
    only_queues = {"guide.md": GUIDE.split("## Caches")[0], "sources.toml": REGISTRY.split('"Caches"')[0]}
    reindex(library, write(tmp_path / "documents", only_queues), tokenizing)
    background = read_background(latest(library), tokenizing)
    assert languages.read("¿qué colas usan?", latest(library), background) == Foreign("es", QUEUES)
    assert languages.read("¿qué cachés usan?", latest(library), background) == Foreign("es", None)
    assert embedder.embedded.count(QUEUES) == 2


def test_another_generation_of_the_same_number_is_prepared_again(
    guide: tuple[Snapshot, Background], tmp_path: Path, tokenizing: Tokenizing
) -> None:
    """As after a build that was not published, or where the data folder was deleted."""
    other = NumpyLibrary()
    text = {"guide.md": GUIDE, "sources.toml": REGISTRY.replace(QUEUES, "What is a queue?")}
    reindex(other, write(tmp_path / "other", text), tokenizing)
    assert latest(other).manifest.generation == guide[0].manifest.generation
    languages, _ = reading("es")
    assert languages.read("¿qué colas usan?", *guide) == Foreign("es", QUEUES)
    assert languages.read("¿qué colas usan?", latest(other), guide[1]) == Foreign("es", "What is a queue?")


def test_questions_at_the_same_time_prepare_a_generation_once(guide: tuple[Snapshot, Background]) -> None:
    together = threading.Barrier(4)

    class Slow(Meanings):
        def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
            time.sleep(0.01)  # lets the other threads in, if they may
            return super().embed(texts, progress)

    def ask(languages: Languages) -> Foreign | None:
        together.wait()
        return languages.read("¿qué colas usan?", *guide)

    embedder = Slow()
    languages, _ = reading("es", embedder=embedder)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, [languages] * 4)) == {Foreign("es", QUEUES)}
    assert embedder.embedded.count(QUEUES) == 1


def test_questions_are_read_while_the_next_generation_is_being_prepared(
    guide: tuple[Snapshot, Background], tmp_path: Path, tokenizing: Tokenizing
) -> None:
    preparing, asked = threading.Event(), threading.Event()

    class Long(Meanings):
        def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
            if "What is a queue?" in texts:
                preparing.set()
                asked.wait(10)
            return super().embed(texts, progress)

    following = NumpyLibrary()
    text = {"guide.md": GUIDE, "sources.toml": REGISTRY.replace(QUEUES, "What is a queue?")}
    reindex(following, write(tmp_path / "following", text), tokenizing)
    languages, _ = reading("es", embedder=Long())
    languages.read("¿qué colas usan?", *guide)
    with ThreadPoolExecutor(2) as pool:
        prepared = pool.submit(languages.prepare, latest(following))
        assert preparing.wait(10)
        question = pool.submit(languages.read, "¿qué colas usan?", *guide)
        try:
            assert question.result(5) == Foreign("es", QUEUES)
        finally:
            asked.set()
        prepared.result(10)
