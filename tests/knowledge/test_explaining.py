"""An explanation retells the very decisions a reply came from."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from index.library import Library
from knowledge.advisor import Advisor
from knowledge.asking.conversation import LONGEST
from knowledge.asking.languages import Languages
from knowledge.choosing import LENGTH
from knowledge.declining import FLOOR
from knowledge.entities import Answer, NoAnswer, Question, Refusal, Turn
from knowledge.explaining import DECLINED, QUOTED, Considered, Explained, Explanation, Looked
from knowledge.skills.catalogue import load_catalogue
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import RoomyEmbedder, advisor, current, reindex, write
from tests.knowledge.speaking import Meanings

QUEUES = "Which queues carry messages between services?"
CACHES = "Where do caches keep answers?"
LOGS = "Where do logs go at night?"
GUIDE = """# Inside a Backend Engineer

## Queues

RabbitMQ and Kafka are the queues that carry messages between services.

## Caches

Caches keep answers in memory.

## Salary
"""
REGISTRY = f"""[[source]]
file = "guide.md"
[source.topics]
"Queues" = ["{QUEUES}"]
"Caches" = ["{CACHES}"]
"Salary" = ["How much do they earn?"]
"""
NEAR_MISSES = '[[group]]\nabout = "meals"\nquestions = ["Which queues carry meals between tables?"]\n'
MESSAGES = [
    QUEUES,
    f"{QUEUES} Will it rain on Sunday? {CACHES}",
    "How much do they earn?",
    "what does a devops engineer do",
    "knitting",
    "hi",
    "",
    "who wrote these articles?",
]


def built(folder: Path, files: Mapping[str, str]) -> Library:
    library = NumpyLibrary()
    reindex(library, write(folder, files))
    return library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    files = {"guide.md": GUIDE, "sources.toml": REGISTRY, "near_misses.toml": NEAR_MISSES}
    return built(tmp_path, files)


@pytest.fixture
def asked(library: Library) -> Advisor:
    return advisor(library)


def only(explained: Explained) -> Explanation:
    (part,) = explained.parts
    return part


def looked(part: Explanation) -> Looked:
    assert part.looked is not None
    return part.looked


def explain(asked: Advisor, text: str, *history: Turn) -> Explanation:
    return only(asked.explain(Question(text, history)))


def candidates(asked: Advisor, text: str, *history: Turn) -> tuple[Considered, ...]:
    return looked(explain(asked, text, *history)).candidates


# --- the reply and its explanation agree -------------------------------------------------------------------


@pytest.mark.parametrize("text", MESSAGES)
def test_reply_is_the_one_that_is_given_without_explanation(asked: Advisor, text: str) -> None:
    explained = asked.explain(Question(text))
    assert explained.reply == asked.answer(Question(text))
    for told, part in zip(explained.parts, explained.reply.parts, strict=True):
        assert told.question == part.question
        assert told.refusal == (part.refusal if isinstance(part, NoAnswer) else None)
        assert told.because


def quoted_and_told(asked: Advisor, text: str) -> Iterator[tuple[set[str], set[str]]]:
    """For each part that was looked for: the passages it quotes, and those said to be quoted."""
    explained = asked.explain(Question(text))
    for told, part in zip(explained.parts, explained.reply.parts, strict=True):
        if told.looked:
            quotes = part.quotes if isinstance(part, Answer) else ()
            fates = told.looked.candidates
            yield {quote.passage for quote in quotes}, {one.passage for one in fates if one.fate == QUOTED}


@pytest.mark.parametrize("text", MESSAGES)
def test_quoted_are_just_the_passages_the_reply_quotes(asked: Advisor, text: str) -> None:
    for quoted, told in quoted_and_told(asked, text):
        assert quoted == told


def test_of_a_refusal_every_candidate_is_declined(asked: Advisor) -> None:
    fates = {one.fate for one in candidates(asked, "what does a devops engineer do")}
    assert fates == {DECLINED}


@pytest.mark.parametrize("text", [QUEUES, "knitting", "How much do they earn?"])
def test_contributions_and_bias_add_up_to_the_odds_that_were_judged(asked: Advisor, text: str) -> None:
    part = looked(explain(asked, text))
    assert part.bias + sum(one.contribution for one in part.features) == pytest.approx(part.log_odds)
    assert part.log_odds == pytest.approx(math.log(part.odds / (1 - part.odds)))
    assert len({one.name for one in part.features}) == len(part.features) > 5


@pytest.mark.parametrize("floor", [0.4, 0.55, None])
def test_generation_and_floor_are_those_of_the_manifest(library: Library, floor: float | None) -> None:
    manifest = current(library)
    manifest.facts["calibration"]["floor"] = floor  # type: ignore[index]
    part = explain(advisor(library), QUEUES)
    assert part.generation == manifest.generation
    assert part.floor == (FLOOR if floor is None else floor)


# --- the rule that decided ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (QUEUES, "the odds reach the floor and no rule objects"),
        ("hi", "it is small talk"),
        ("", "it is without words"),
        ("if (a) { return b[0]; }", "it is code"),
        ("x" * (LONGEST + 1), "it is too long"),
        ("who wrote these articles?", "it asks about the documents themselves"),
        ("write me a poem about queues", "it asks for something to be done"),
        ("what does a devops engineer do", "it is about another role: devops engineer"),
        ("quilts, knitting and football", "the odds are below the floor"),
        ("How much do they earn?", "an empty heading is nearer than every passage, and its author lists"),
        ("which expensive queues carry messages between services", "money is asked for, and none"),
        ("how many queues carry messages between services", "amount is asked for, and none"),
    ],
    ids=lambda text: str(text)[:30],
)
def test_rule_that_decided_is_named(asked: Advisor, text: str, because: str) -> None:
    assert explain(asked, text).because.startswith(because)


def test_a_comparison_nobody_makes_is_named_as_the_rule(asked: Advisor) -> None:
    part = explain(asked, "Is RabbitMQ better than Kafka to carry messages between services?")
    assert part.because == "it compares what none of the best passages compares"
    assert part.refusal is not None


def test_nothing_looked_for_leaves_nothing_to_weigh(asked: Advisor) -> None:
    part = explain(asked, "hi")
    assert (part.refusal, part.looked) == (Refusal.COURTESY, None)


# --- what was looked for -----------------------------------------------------------------------------------


def test_slang_is_written_out_and_an_unknown_word_is_told(asked: Advisor) -> None:
    part = looked(explain(asked, "which queues do u like in knitting"))
    assert part.text == "which queues do you like in knitting"
    assert "knitting" in part.unknown_words


def test_a_follow_up_is_told_with_what_it_continues(asked: Advisor) -> None:
    turn = Turn(QUEUES, "RabbitMQ and Kafka.")
    assert looked(explain(asked, "why so?", turn)).continues == QUEUES
    assert looked(explain(asked, CACHES, turn)).continues is None


def test_each_question_of_a_message_has_its_own_explanation(asked: Advisor) -> None:
    parts = asked.explain(Question(f"{QUEUES} {CACHES}")).parts
    assert [looked(part).text for part in parts] == [QUEUES, CACHES]


def test_documents_a_question_is_confined_to_are_told(tmp_path: Path) -> None:
    registry = REGISTRY.replace("[source.topics]", 'author = "Adalbert Quill"\n[source.topics]')
    files = {"guide.md": GUIDE, "notes.md": "# Notes\n\n## Queues\n\nNATS.\n", "sources.toml": registry}
    asked = advisor(built(tmp_path, files))
    assert looked(explain(asked, f"According to Adalbert Quill, {QUEUES}")).only == ("guide",)
    assert looked(explain(asked, QUEUES)).only == ()


def test_nearest_near_miss_and_every_empty_heading_are_told_with_their_cosines(asked: Advisor) -> None:
    part = looked(explain(asked, "Which queues carry meals between tables?"))
    assert part.near_miss is not None
    assert part.near_miss.text == "Which queues carry meals between tables?"
    assert part.near_miss.cosine == pytest.approx(1, abs=1e-5)
    (heading,) = part.empty
    assert heading.text == "Inside a Backend Engineer › Salary"
    assert heading.cosine < 0.5


def test_headings_are_told_the_nearest_first(tmp_path: Path) -> None:
    text = "# Guide\n\n## Queues\n\nKafka.\n\n## Night shifts\n\n## Tools of the trade\n"
    part = looked(explain(advisor(built(tmp_path, {"guide.md": text})), "tools of the trade"))
    assert [near.text for near in part.empty] == ["Guide › Tools of the trade", "Guide › Night shifts"]
    assert part.empty[0].cosine > part.empty[1].cosine


def test_a_candidate_is_told_with_both_ranks_and_the_cue_that_led_to_it(asked: Advisor) -> None:
    best, other = candidates(asked, QUEUES)
    assert (best.meaning_rank, best.words_rank, best.cue) == (1, 1, QUEUES)
    assert best.label == "Inside a Backend Engineer › Queues"
    assert best.meaning == pytest.approx(1, abs=1e-5)
    assert (other.meaning_rank, other.words_rank, other.words) == (2, None, 0)
    assert best.score > other.score


# --- another language --------------------------------------------------------------------------------------


def speaking(library: Library, embedder: RoomyEmbedder | Meanings) -> Advisor:
    languages = Languages(embedder=embedder, identify=lambda _: ("de", 1.0))
    return Advisor(library=library, embedder=RoomyEmbedder(), languages=languages)


def test_another_language_is_told_with_the_english_question_it_was_led_to(library: Library) -> None:
    part = explain(speaking(library, Meanings()), QUEUES.replace("?", " über?"))
    assert part.foreign is not None
    assert (part.foreign.language, part.foreign.english) == ("de", QUEUES)
    assert part.question.endswith("über?")
    assert looked(part).text == QUEUES


def test_another_language_near_nothing_is_declined_by_that_rule_whatever_the_odds(library: Library) -> None:
    part = explain(speaking(library, RoomyEmbedder()), "caches keep answers in memory über")
    assert part.because == "in another language, and near no question known here"
    assert looked(part).odds > part.floor
    assert {one.fate for one in looked(part).candidates} == {DECLINED}


# --- why a candidate is not quoted -------------------------------------------------------------------------


def logs(name: object) -> str:
    return f"# Guide {name}\n\n## Logs\n\nWhere do logs go at night? To file {name}.\n"


def fates(asked: Advisor, text: str, *history: Turn) -> list[str]:
    return [one.fate for one in candidates(asked, text, *history)]


def test_more_passages_as_good_have_no_room_after_three(tmp_path: Path) -> None:
    files = {f"doc{place}.md": logs(place) for place in range(5)}
    told = fates(advisor(built(tmp_path, files)), LOGS)
    assert told == [QUOTED] * 3 + ["no room: enough quotes"] * 2


def test_quotes_that_would_grow_too_long_have_no_room(tmp_path: Path) -> None:
    listed = "Logs go at night:\n\n" + "\n".join(f"- to file number {place}" for place in range(60))
    assert LENGTH / 2 < len(listed) < LENGTH
    files = {f"doc{place}.md": f"# Doc {place}\n\n## Logs\n\nList {place}. {listed}\n" for place in range(2)}
    assert fates(advisor(built(tmp_path, files)), LOGS) == [QUOTED, "no room: long enough"]


def test_a_passage_far_behind_the_best_is_told_the_share_it_needs(asked: Advisor) -> None:
    assert fates(asked, QUEUES) == [QUOTED, "below .78 of the best"]
    each = "Which queues carry messages between services according to each article?"
    assert fates(asked, each)[1] == "below .60 of the best"


def test_a_passage_a_little_behind_is_dropped_for_its_document_is_quoted_already(tmp_path: Path) -> None:
    text = (
        "# Guide\n\n## One\n\nLogs go to files at night.\n\n"
        "## Two\n\nLogs go to tapes, reels and drums at night.\n"
    )
    told = fates(advisor(built(tmp_path, {"guide.md": text})), "logs go to files at night")
    assert told == [QUOTED, "same document quoted already"]


def test_a_passage_that_shares_words_but_little_meaning_is_dropped_for_that(tmp_path: Path) -> None:
    texts = {
        "one.md": "# One\n\n## Logs\n\nLogs go at night to tapes kept by old guards.\n",
        "two.md": "# Two\n\n## Night\n\nAt night many logs burn in huts.\n",
    }
    registry = '[[source]]\nfile = "{}.md"\n[source.topics]\n"{}" = ["{}"]\n'
    questions = (
        ("one", "Logs", "Do logs go anywhere at night?"),
        ("two", "Night", "Do huts or logs burn at night?"),
    )
    texts["sources.toml"] = "".join(registry.format(*entry) for entry in questions)
    told = {one.label: one for one in candidates(advisor(built(tmp_path, texts)), LOGS)}
    assert told["One › Logs"].fate == QUOTED
    assert told["Two › Night"].fate == "too little meaning by itself"


def test_a_document_without_room_is_not_said_to_be_quoted_already(tmp_path: Path) -> None:
    texts = {f"doc{place}.md": logs(place) for place in range(3)}
    texts["other.md"] = (
        "# Other\n\n## Logs\n\nWhere logs go at night is known.\n\n"
        "## More\n\nWhere do big logs go at night or at noon?\n"
    )
    told = candidates(advisor(built(tmp_path, texts)), LOGS)
    assert [one.fate for one in told if one.passage.startswith("doc")] == [QUOTED] * 3
    assert [one.fate for one in told if one.passage.startswith("other")] == ["no room: enough quotes"] * 2


def test_what_was_shown_before_is_told_as_shown(tmp_path: Path) -> None:
    text = "# Guide\n\n## One\n\nLogs go to files at night.\n\n## Two\n\nAt night logs leave for tape.\n"
    asked = advisor(built(tmp_path, {"guide.md": text}))
    turn = Turn("logs at night", "Logs go to files at night.")
    told = {one.label: one.fate for one in candidates(asked, "anything else?", turn)}
    assert told == {"Guide › One": "already shown", "Guide › Two": QUOTED}


def test_skills_answered_by_name_leave_other_passages_aside(tmp_path: Path) -> None:
    text = (
        "# Guide\n\n## Store\n\nDatabases: PostgreSQL, MySQL, MongoDB\n\n"
        "## Again\n\nThey use PostgreSQL and MySQL.\n\n## Databases\n\nDatabases keep rows.\n"
    )
    library = built(tmp_path, {"guide.md": text})
    asked = Advisor(library=library, embedder=RoomyEmbedder(), catalogue=load_catalogue())
    part = looked(explain(asked, "which databases should I learn"))
    assert (part.kind, part.by_name) == ("database", True)
    told = {one.label: one.fate for one in part.candidates}
    assert told["Guide › Store"] == QUOTED
    assert told["Guide › Databases"] == "answered by names of skills"


def test_a_skill_asked_for_by_name_is_quoted_once_from_each_document(tmp_path: Path) -> None:
    files = {
        f"doc{place}.md": f"# Doc {place}\n\n## Store {place}\n\nThey keep {place} rows in PostgreSQL.\n"
        for place in range(5)
    }
    files["doc0.md"] += "\n## Again\n\nEverything ends in PostgreSQL some day.\n"
    library = built(tmp_path, files)
    asked = Advisor(library=library, embedder=RoomyEmbedder(), catalogue=load_catalogue())
    part = looked(explain(asked, "PostgreSQL?"))
    assert (part.skills, part.by_name) == (("PostgreSQL",), True)
    told = Counter(one.fate for one in part.candidates)
    assert told == {QUOTED: 4, "no room: enough quotes": 1, "same document quoted already": 1}
