"""What is offered while somebody types."""

import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.library import Library
from knowledge.advisor import Advisor, NothingIndexed
from knowledge.suggesting import FEW, LONGEST, OFFERED, Suggestions, suggestions
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import RoomyEmbedder, advisor, reindex, write
from tests.knowledge.speaking import CACHES, FILES, QUEUES, latest

LISTED = (
    "What is a queue?",
    "queue engines",
    "Which databases should I learn?",
    "Is PostgreSQL a good database?",
    "When is the stand-up?",
    "How do I become a tester?",
    "How do I brew coffee?",
    "Do I need to know Docker and Kubernetes?",
    "Is C# worth learning?",
)
OPENERS = tuple(f"Opener number {number}?" for number in range(30))
OFFER = Suggestions(LISTED, OPENERS)

FOUND = [
    ("database", "Is PostgreSQL a good database?"),
    ("databases", "Which databases should I learn?"),
    ("DATAB", "Is PostgreSQL a good database?"),
    ("databses", "Which databases should I learn?"),
    ("databsae", "Is PostgreSQL a good database?"),
    ("postgers", "Is PostgreSQL a good database?"),
    ("learn databases which", "Which databases should I learn?"),
    ("standup", "When is the stand-up?"),
    ("stand up", "When is the stand-up?"),
    ("how do i be", "How do I become a tester?"),
    ("how do i b", "How do I brew coffee?"),
    ("k8s", "Do I need to know Docker and Kubernetes?"),
    ("kuber", "Do I need to know Docker and Kubernetes?"),
    ("c#", "Is C# worth learning?"),
    ("learned", "Is C# worth learning?"),
    ("queue", "What is a queue?"),
    ("queue engines", "queue engines"),
    ("ｑｕｅｕｅ", "What is a queue?"),
    ("coffee salary in Germany", "How do I brew coffee?"),
    ("when and the", "When is the stand-up?"),
    ("zebra", OPENERS[0]),
]


@pytest.mark.parametrize(("typed", "first"), FOUND)
def test_what_is_typed_leads_to_the_question_meant(typed: str, first: str) -> None:
    assert OFFER.offer(typed)[0] == first


@pytest.mark.parametrize("typed", ["", "  ", "?!", "🎉", "\x00\x1b", "\u202e\u200f", "\ud83d"])
def test_nothing_typed_offers_what_can_be_asked(typed: str) -> None:
    assert OFFER.offer(typed) == list(OPENERS[:OFFERED])


@pytest.mark.parametrize(
    "typed", ["football", "salary in Germany", "x", "后端工程师", "ما هي الخوادم؟", "life"]
)
def test_nothing_near_offers_a_few_openers(typed: str) -> None:
    assert OFFER.offer(typed) == list(OPENERS[:FEW])


@pytest.mark.parametrize("limit", [-1, 0, 1, 3])
@pytest.mark.parametrize("typed", ["", "is", "football"])
def test_no_more_are_offered_than_wanted(typed: str, limit: int) -> None:
    assert OFFER.offer(typed, limit) == OFFER.offer(typed)[: max(0, limit)]


def test_questions_are_offered_before_keywords_and_short_ones_before_long_ones() -> None:
    offer = Suggestions(["queue sizes", "Is a queue of great length slow?", "Is a queue slow?"])
    assert offer.offer("queue") == ["Is a queue slow?", "Is a queue of great length slow?", "queue sizes"]


def test_a_question_that_begins_as_typed_comes_before_one_with_the_same_words() -> None:
    offer = Suggestions(["Is a cat what you own?", "What is a cat to those who own hippopotamuses?"])
    assert offer.offer("what is a cat")[0].startswith("What is a cat")


def test_the_rarer_word_decides() -> None:
    offer = Suggestions([*(f"Is engine {name} quick?" for name in "abcdef"), "Is steam dear?"])
    assert offer.offer("steam engine")[0] == "Is steam dear?"


def test_a_chat_spelling_is_not_written_out_while_it_may_become_something_else() -> None:
    offer = Suggestions(["Does that matter?", "Is data safe?"])
    assert offer.offer("dat") == ["Is data safe?"]


def test_without_questions_nothing_is_offered() -> None:
    assert [Suggestions(()).offer(typed) for typed in ("", "queue")] == [[], []]


@given(st.text(st.characters(), max_size=300))
def test_anything_typed_is_safe(typed: str) -> None:
    found = OFFER.offer(typed)
    assert len(found) == len(set(found)) <= OFFERED
    assert set(found) <= {*LISTED, *OPENERS}


@given(st.sampled_from(LISTED), st.data())
def test_a_question_is_offered_at_every_letter_of_its_last_words(text: str, data: st.DataObject) -> None:
    typed = text[: data.draw(st.integers(len(text) // 2, len(text)))]
    assert text in OFFER.offer(typed)


@pytest.fixture(scope="module")
def many() -> Suggestions:
    return Suggestions(f"Is queue number{n} like engine{n % 997}?" for n in range(20_000))


TWELVE_SLIPS = " ".join(f"nubmer{n}" for n in range(12))


@pytest.mark.parametrize("typed", ["queue number", "quezz numbre", "a" * 300, "xq " * 100, TWELVE_SLIPS])
def test_twenty_thousand_questions_are_searched_while_somebody_types(many: Suggestions, typed: str) -> None:
    many.offer(typed)
    started = thread_time()
    for _ in range(10):
        many.offer(typed)
    assert (thread_time() - started) / 10 < 0.05  # some 5 ms at most on an idle machine


# --- of a generation ---------------------------------------------------------------------------------------


def topics(**sections: Sequence[str]) -> dict[str, str]:
    """Documents named by letters, each of sections that list some questions."""
    files = {"sources.toml": ""}
    for name, questions in sections.items():
        document, section = name.split("_")
        files.setdefault(f"{document}.md", f"# The {document}\n")
        files[f"{document}.md"] += f"\n## Part {section}\n\nWhat part {section} of {document} says.\n"
        entry = f'"Part {section}" = {json.dumps(questions, ensure_ascii=False)}\n'
        if f'"{document}.md"' not in files["sources.toml"]:
            files["sources.toml"] += f'[[source]]\nfile = "{document}.md"\n[source.topics]\n'
        files["sources.toml"] += entry
    return files


def generation(folder: Path, files: dict[str, str]) -> Library:
    library = NumpyLibrary()
    reindex(library, write(folder, files))
    return library


def every(texts: Sequence[str]) -> list[bool]:
    return [True] * len(texts)


def test_openers_are_from_each_document_and_section_in_turn(tmp_path: Path) -> None:
    files = topics(
        a_1=["mango", "Where do mangoes grow?"],
        a_2=["Who eats papaya?"],
        a_3=["When are figs ripe?"],
        b_1=["Why prune plums?", "How old are plums?"],
        b_2=["Can quinces freeze?"],
    )
    made = suggestions(latest(generation(tmp_path, files)), every)
    assert made.openers == (
        "Where do mangoes grow?",
        "Why prune plums?",
        "When are figs ripe?",
        "Can quinces freeze?",
        "Who eats papaya?",
        "mango",
        "How old are plums?",
    )


def test_openers_are_unlike_each_other(tmp_path: Path) -> None:
    files = topics(a_1=["What is a mango tree?"], b_1=["What is the mango tree?", "Who eats figs?"])
    made = suggestions(latest(generation(tmp_path, files)), every)
    assert made.openers == ("What is the mango tree?", "Who eats figs?")
    assert len(made.questions) == 3


def test_what_is_declined_is_not_offered(tmp_path: Path) -> None:
    files = topics(a_1=["Where do mangoes grow?", "Who eats papaya?"], b_1=["When are figs ripe?"])
    made = suggestions(
        latest(generation(tmp_path, files)), lambda texts: ["figs" not in text for text in texts]
    )
    assert made.openers == ("Where do mangoes grow?", "Who eats papaya?")
    assert made.offer("figs") == list(made.openers)


def test_where_much_is_declined_not_everything_is_tried(tmp_path: Path) -> None:
    tried: list[str] = []

    def declined(texts: Sequence[str]) -> list[bool]:
        tried.extend(texts)
        return [False] * len(texts)

    numbered = [f"{chr(97 + n % 26) * 5}{chr(97 + n // 26) * 5}?" for n in range(300)]
    made = suggestions(latest(generation(tmp_path, topics(a_1=numbered))), declined)
    assert made.openers == ()
    assert len(tried) == 4 * OFFERED
    assert len(made.questions) == 200


@pytest.mark.parametrize("text", ["x" * LONGEST + "?", "🎉" * (LONGEST // 2) + " x", "?!"])
def test_what_cannot_be_chosen_is_not_offered(tmp_path: Path, text: str) -> None:
    files = topics(a_1=[text, "x" * LONGEST, "🎉" * (LONGEST // 2 - 1) + " x", "When are figs ripe?"])
    made = suggestions(latest(generation(tmp_path, files)), every)
    assert len(made.questions) == 3


def test_what_nobody_sees_is_not_offered_with_a_question(tmp_path: Path) -> None:
    made = suggestions(latest(generation(tmp_path, topics(a_1=["When are\u0007 figs ripe?"]))), every)
    assert made.questions == ("When are figs ripe?",)


def test_the_same_question_is_offered_once(tmp_path: Path) -> None:
    files = topics(a_1=["Where do figs grow?"], b_1=["where do FIGS grow", "When are figs ripe?"])
    made = suggestions(latest(generation(tmp_path, files)), every)
    assert made.questions == ("Where do figs grow?", "When are figs ripe?")


def test_an_advisor_offers_what_its_generation_answers(tmp_path: Path) -> None:
    library = generation(tmp_path, FILES)
    asked = advisor(library)
    assert set(asked.suggestions().openers) == {QUEUES, CACHES}
    assert asked.suggestions() is asked.suggestions()
    reindex(library, write(tmp_path, topics(a_1=["Where do mangoes grow?"])))
    assert asked.suggestions().openers == ("Where do mangoes grow?",)


def test_without_a_generation_there_is_nothing_to_offer() -> None:
    with pytest.raises(NothingIndexed):
        advisor(NumpyLibrary()).suggestions()


def test_warm_suggestions_embed_nothing_more_and_many_threads_share_them(tmp_path: Path) -> None:
    embedder = RoomyEmbedder()
    asked = Advisor(library=generation(tmp_path, FILES), embedder=embedder, cache=RoomyEmbedder())
    asked.warm()
    embedder.embedded.clear()
    barrier = threading.Barrier(8)

    def offered(_: int) -> Suggestions:
        barrier.wait()
        return asked.suggestions()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(map(id, pool.map(offered, range(8))))) == 1
    assert embedder.embedded == []
