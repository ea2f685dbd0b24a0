"""Measuring a reindex under load: what is asked of whom, and what counts as untrue."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.controls import Action, Control
from bot.render.pages import pages
from index.embedding import EmbeddingCache
from knowledge.corpus.reading import read_corpus
from knowledge.entities import Reply
from tests.bot.fakes import answer
from tests.fakes import HashingEmbedder
from tests.knowledge.documents import RoomyEmbedder
from tests.measure import handbooks
from tests.measure.load import Figure, person
from tests.measure.reindexing_load import broken, collection, fill_cache
from tests.measure.truth import Edition, answers, shown_quotes, untrue
from tests.wire.world import Asked

EDITIONS = [
    Edition(1, {"backend engineer": "Redis is old. Queues are *new*."}, 0.0),
    Edition(2, {"backend engineer": "Redis is young. Queues are *new*."}, 100.0),
]


def reply(*texts: str, generation: int = 1) -> Reply:
    made = replace(answer(*texts), generation=generation)
    return Reply((made,), generation)


def asked(shown: Reply, *, at: float = 50.0, key: str = "k") -> Asked:
    """Somebody who sees a reply; without a key nobody remembers it."""
    message: dict[str, Any] = {"embeds": [embed.to_dict() for embed in pages(shown)[0].embeds]}
    if key:
        button = {"type": 2, "label": "Helpful", "custom_id": str(Control(Action.HELPFUL, key))}
        message["components"] = [{"type": 1, "components": [button]}]
    return Asked("1", {}, person(1), at=at, shown=[message])


def problems(one: Asked, kept: Reply | None) -> list[str]:
    found, wrong = answers([one], lambda _: kept)
    return [text for _, text in wrong] + [text for seen in found for text in untrue(seen, EDITIONS)]


def test_answer_in_the_words_of_its_generation_is_true() -> None:
    true = reply("Redis is old.", "Queues are *new*.")
    assert problems(asked(true), true) == []


@pytest.mark.parametrize(
    ("shown", "kept", "at", "problem"),
    [
        (reply("Redis is young."), None, 50.0, "does not say in generation 1"),
        (reply("Redis is old."), None, 150.0, "when a newer one was published"),
        (reply("Redis is old.", generation=7), None, 50.0, "which nobody published"),
        (reply("Redis is old."), reply("Queues are *new*."), 50.0, "not the one remembered"),
        (replace(reply("Redis is old."), generation=2), None, 150.0, "has parts of several generations"),
    ],
)
def test_answer_that_is_stale_or_mixed_is_noticed(
    shown: Reply, kept: Reply | None, at: float, problem: str
) -> None:
    assert any(problem in text for text in problems(asked(shown, at=at), kept or shown))


def test_quote_that_the_bot_does_not_remember_is_noticed() -> None:
    shown = reply("Redis is old.")
    assert problems(asked(shown, key=""), None) == ["quotes something that nobody remembers"]
    assert problems(asked(shown), None) == ["quotes something that nobody remembers"]


def test_quotes_are_read_off_a_message_without_their_escapes() -> None:
    message = {"embeds": [embed.to_dict() for embed in pages(reply("One *two*.\nThree.", "Four."))[0].embeds]}
    assert [*shown_quotes(message)] == ["One *two*. Three.", "Four."]


def test_only_promises_count_as_broken_and_no_times() -> None:
    figures = [Figure("late", "ms", 200, 100), Figure("lost", "", 1, 1), Figure("kept", "", 0, 1)]
    assert [figure.what for figure in broken(figures)] == ["lost"]


# --- handbooks ---------------------------------------------------------------------------------------------


def test_collection_is_as_large_as_asked_and_the_same_every_time(tmp_path: Path) -> None:
    place = collection(tmp_path / "one", 130)
    again = collection(tmp_path / "other", 130)
    bulk = read_corpus([place.bulk]).documents
    assert [len(document.sections) for document in bulk] == [100, 30]
    assert [place.texts(state) for state in range(4)] == [again.texts(state) for state in range(4)]


def test_states_add_change_and_remove_handbooks(tmp_path: Path) -> None:
    place = collection(tmp_path, 10)
    first, second, third, _ = (place.texts(state) for state in range(4))
    assert {"living-6", "living-7"} == second.keys() - first.keys()
    assert {"living-2"} == second.keys() - third.keys()
    changed = {name for name in first.keys() & second.keys() if first[name] != second[name]}
    assert changed == {"living-0", "living-1"}
    assert not set(first["living-0"].split("\n\n")[1::2]) & set(second["living-0"].split("\n\n")[1::2])


def test_every_question_of_a_living_handbook_is_listed_for_it(tmp_path: Path) -> None:
    place = collection(tmp_path, 10)
    found = read_corpus([place.states[1]])
    assert found.complaints == ()
    listed = {
        topic for document in found.documents for section in document.sections for topic in section.topics
    }
    assert set(handbooks.asked(range(2, handbooks.LIVING))) <= listed


def test_filled_cache_knows_the_bulk_and_nothing_else(tmp_path: Path) -> None:
    place = collection(tmp_path, 10)
    embedder = RoomyEmbedder()
    fill_cache(tmp_path / "embeddings.db", place.bulk, embedder)
    cache = EmbeddingCache(tmp_path / "embeddings.db", embedder)
    [document] = read_corpus([place.bulk]).documents
    sentence = document.text.split(".\n")[0].split(". ")[-1] + "."
    heading = document.sections[0].headings[-1]
    rows = cache.embed([f"{heading}: {sentence}", "something else"])
    assert cache.last.hits == 1
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert not np.allclose(rows[0], HashingEmbedder.embed(embedder, [f"{heading}: {sentence}"])[0])
