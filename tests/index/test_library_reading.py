"""What every Snapshot does, whatever engine is behind it."""

import threading
from pathlib import Path

import numpy as np
import pytest

from index.library import BadVector, Library, LibraryError
from index.passages import Record
from tests.index.engines import ENGINES, ask_everything, names, stored
from tests.index.samples import (
    build,
    contents,
    embed,
    passage,
)


@pytest.fixture(params=ENGINES)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    return ENGINES[request.param](tmp_path)


# --- asking -------------------------------------------------------------------------------------------------


def test_nearest_finds_the_passage_whose_words_were_asked(library: Library) -> None:
    best, second, *_ = stored(library).nearest(embed("caches and databases answer"), 4)
    assert (best.passage, second.passage) == ("guide#2", "guide#0")
    assert best.score > second.score
    assert best.cue == 0


def test_nearest_asked_for_more_than_exists_returns_what_there_is(library: Library) -> None:
    hits = stored(library).nearest(embed("databases"), 1000)
    assert sorted(names(hits)) == [f"guide#{number}" for number in range(4)]


@pytest.mark.parametrize("limit", [0, -1])
def test_nothing_asked_for_returns_nothing(library: Library, limit: int) -> None:
    snapshot = stored(library)
    assert snapshot.nearest(embed("databases"), limit) == []
    assert snapshot.matching("databases", limit) == []


def test_nearest_finds_a_passage_once_by_the_best_of_its_cues(library: Library) -> None:
    many = [f"tables and more tables {number}" for number in range(30)]
    snapshot = stored(
        library, contents(passages=[passage(0, "All", cues=[*many, "tables"]), passage(1, "Queues")])
    )
    hits = snapshot.nearest(embed("tables"), 2)
    assert names(hits) == ["guide#0", "guide#1"]
    assert (hits[0].cue, hits[0].score) == (30, pytest.approx(1.0))


def test_nearest_breaks_ties_by_passage_order(library: Library) -> None:
    texts = ["other words", *["same words here"] * 12, "more words"]
    snapshot = stored(library, contents(texts))
    for limit in (1, 3, 12):
        expected = [f"guide#{number}" for number in range(1, limit + 1)]
        assert names(snapshot.nearest(embed("same words here"), limit)) == expected


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_vector_that_is_not_numbers_is_refused(library: Library, value: float) -> None:
    snapshot = stored(library)
    vector = np.full(64, value, dtype=np.float32)
    with pytest.raises(BadVector, match="not a number"):
        snapshot.nearest(vector, 3)
    with pytest.raises(BadVector, match="not a number"):
        snapshot.similarities(vector, ["guide#0"])


@pytest.mark.parametrize("shape", [(63,), (65,), (0,), (1, 64), ()])
def test_a_vector_of_another_shape_is_refused(library: Library, shape: tuple[int, ...]) -> None:
    snapshot = stored(library)
    with pytest.raises(BadVector, match="shape"):
        snapshot.nearest(np.ones(shape, dtype=np.float32), 3)
    with pytest.raises(BadVector, match="shape"):
        snapshot.similarities(np.ones(shape, dtype=np.float32), ["guide#0"])


def test_similarities_compares_every_cue_of_the_named_passages_in_order(library: Library) -> None:
    snapshot = stored(
        library,
        contents(
            passages=[
                passage(0, "A", cues=["tables", "queues"]),
                passage(1, "B", cues=()),
                passage(2, "C", cues=["caches", "tables", "tables caches"]),
            ]
        ),
    )
    vector = embed("tables")
    third, first, none = snapshot.similarities(vector, ["guide#2", "guide#0", "guide#1"])
    assert first == pytest.approx((1.0, 0.0))
    assert third == pytest.approx((0.0, 1.0, 0.5**0.5))
    assert none == ()
    assert snapshot.similarities(vector, []) == []


def test_a_passage_without_cues_is_found_by_its_words_alone(library: Library) -> None:
    snapshot = stored(
        library, contents(passages=[passage(0, "A", cues=()), passage(1, "B"), passage(2, "C", cues=())])
    )
    assert names(snapshot.nearest(embed("a b c"), 9)) == ["guide#1"]
    assert names(snapshot.matching("c", 9)) == ["guide#2"]


def test_matching_ranks_by_shared_words_and_scores_higher_for_better(library: Library) -> None:
    hits = stored(library).matching("which databases keep tables?", 10)
    assert names(hits) == ["guide#0", "guide#2"]
    assert hits[0].score > hits[1].score > 0
    assert {hit.cue for hit in hits} == {None}


def test_matching_returns_at_most_the_limit(library: Library) -> None:
    assert names(stored(library).matching("databases services", 1)) in (["guide#0"], ["guide#1"])


def test_matching_breaks_ties_by_passage_order(library: Library) -> None:
    snapshot = stored(library, contents(["same words here"] * 12))
    assert names(snapshot.matching("words", 5)) == [f"guide#{number}" for number in range(5)]


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "?!…", "_ __", "zebra", "\x00", "\ud800", '"', "***"])
def test_matching_without_a_common_word_returns_nothing(library: Library, text: str) -> None:
    assert stored(library).matching(text, 5) == []


@pytest.mark.parametrize(
    "text",
    [
        'databases" OR "',
        "databases AND NOT queues",
        "words:databases",
        "NEAR(databases queues, 2)",
        "(databases",
        "databases*",
        "^databases",
        "-databases +queues",
        "{databases} : queues",
        "databases\x00rows",
        "\ud800 databases",
        "'; DROP TABLE passages; -- databases",
        "数据库 databases база",
        "databases " + " ".join(f"w{number}" for number in range(3000)),
    ],
)
def test_matching_treats_any_characters_as_words(library: Library, text: str) -> None:
    assert "guide#0" in names(stored(library).matching(text, 5))


def test_matching_finds_accents_and_other_scripts(library: Library) -> None:
    snapshot = stored(library, contents(["Über Größe", "база данных", "数据库"]))
    assert [names(snapshot.matching(word, 5)) for word in ("über", "БАЗА", "数据库")] == [
        ["guide#0"],
        ["guide#1"],
        ["guide#2"],
    ]


def test_the_same_question_gets_the_same_ranking(library: Library) -> None:
    snapshot = stored(library, contents([f"word{number % 5} text" for number in range(50)]))
    asked = [(snapshot.nearest(embed("word1 text"), 20), snapshot.matching("word1", 20)) for _ in range(3)]
    assert asked[0] == asked[1] == asked[2]


def test_an_empty_store_answers_nothing(library: Library) -> None:
    snapshot = stored(library, contents([]))
    assert snapshot.nearest(embed("databases"), 5) == []
    assert snapshot.matching("databases", 5) == []
    assert snapshot.similarities(embed("databases"), []) == []
    assert snapshot.passages([]) == []
    assert snapshot.records() == []
    assert (snapshot.manifest.passages, snapshot.manifest.cues, snapshot.manifest.dimension) == (0, 0, 64)


# --- reading ------------------------------------------------------------------------------------------------


def test_passages_come_back_whole_and_in_the_order_named(library: Library) -> None:
    what = contents()
    wanted = [what.passages[2], what.passages[0], what.passages[2]]
    snapshot = stored(library, what)
    for _ in range(2):
        assert snapshot.passages([item.id for item in wanted]) == wanted


def test_unknown_passages_raise_key_error(library: Library) -> None:
    snapshot = stored(library)
    with pytest.raises(KeyError):
        snapshot.passages(["guide#0", "guide#99"])
    with pytest.raises(KeyError):
        snapshot.similarities(embed("databases"), ["guide#99"])


def test_passages_of_a_document_come_in_reading_order(library: Library) -> None:
    mixed = [
        passage(1, "b"),
        passage(0, "x", document="other"),
        passage(0, "a"),
        passage(2, "c"),
    ]
    snapshot = stored(library, contents(passages=mixed))
    assert [item.text for item in snapshot.passages_of("guide")] == ["a", "b", "c"]
    assert snapshot.passages_of("missing") == []


def test_records_come_back_whole_and_by_id(library: Library) -> None:
    records = [Record(name, name * 2, f"text of {name} ü\x00", {"n": [1, None]}) for name in ("b", "a", "c")]
    snapshot = stored(library, contents([], records=records))
    for _ in range(2):
        assert snapshot.records() == sorted(records, key=lambda record: record.id)


def test_the_manifest_says_what_the_generation_was_made_from(library: Library) -> None:
    manifest = stored(library, contents(facts={"splitter": 3, "floors": {"near": 0.4}})).manifest
    assert manifest.generation == 1
    assert manifest.fingerprint == "hashing-64"
    assert manifest.documents == {"guide": "digest of guide"}
    assert (manifest.passages, manifest.cues, manifest.dimension) == (4, 4, 64)
    assert manifest.facts == {"splitter": 3, "floors": {"near": 0.4}}
    assert manifest.size > 0


def test_a_closed_snapshot_answers_no_more(library: Library) -> None:
    candidate = build(library)
    candidate.snapshot.close()
    candidate.snapshot.close()
    with pytest.raises(LibraryError, match="closed"):
        candidate.snapshot.matching("databases", 3)


def test_many_threads_may_ask_one_snapshot(library: Library) -> None:
    snapshot = stored(library, contents([f"text number {number}" for number in range(200)]))
    expected = ask_everything(snapshot, 7)
    failures: list[object] = []

    def ask() -> None:
        for _ in range(20):
            if ask_everything(snapshot, 7) != expected:
                failures.append("another answer")  # noqa: PERF401 - the loop is the test

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
