import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.asking.vocabulary import (
    Vocabulary,
    build_vocabulary,
    carries_topic,
    plain_english,
    stem,
    stems,
    words,
)

TEXTS = (
    "Backend engineers keep PostgreSQL databases, write C# or Node.js and run CI/CD.",
    "They earn the trust of others in a daily stand-up; problem-solving matters.",
    "Environments, microservices and developer's tools.",
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return build_vocabulary(TEXTS)


def english(word: str) -> bool:
    """What an encoder's tokenizer keeps whole."""
    return word in {"rust", "truss", "docker", "kafka", "should", "cooking", "trusted"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C#, Node.js and CI/CD!", ["c#", "node.js", "and", "ci/cd"]),
        ("What's a stand-up?", ["what's", "a", "stand-up"]),
        ("the developer’s C++.", ["the", "developer's", "c++"]),
        ("Ends here. Then so-called...", ["ends", "here", "then", "so-called"]),
        ("_snake_case_ ‐ — 🎉 ?!", ["snake_case_"]),
        ("größe 数据库", ["größe", "数据库"]),
        ("", []),
    ],
)
def test_words_are_lower_case_and_names_with_marks_stay_whole(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "pair", [("engineers", "engineer"), ("databases", "database"), ("learning", "learn"), ("skills", "skill")]
)
def test_inflected_words_share_a_stem(pair: tuple[str, str]) -> None:
    assert stem(pair[0]) == stem(pair[1])


def test_stems_hold_a_compound_and_its_parts() -> None:
    assert {stem("problem-solving"), stem("problem"), stem("solving")} <= stems("Problem-solving")


@pytest.mark.parametrize("word", ["what", "the", "should", "what's", "x"])
def test_words_that_hold_a_question_together_carry_no_topic(word: str) -> None:
    assert not carries_topic(word)


@pytest.mark.parametrize("word", ["database", "c#", "salary", "devops"])
def test_words_a_question_is_about_carry_a_topic(word: str) -> None:
    assert carries_topic(word)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("databse", "databases"),
        ("databaes", "databases"),
        ("enviroment", "environments"),
        ("microservises", "microservices"),
        ("postgressql", "postgresql"),
        ("shuold", "should"),
    ],
)
def test_a_slip_becomes_the_word_the_documents_use(vocabulary: Vocabulary, typed: str, meant: str) -> None:
    assert plain_english(f"about {typed}?", vocabulary, english) == f"about {meant}?"


@pytest.mark.parametrize(
    "word",
    [
        "rust",  # a word of its own, though one letter from "trust"
        "trust",
        "truss",
        "Kafka",
        "docker",
        "database",  # the documents say "databases"
        "xyzzy",
        "c#",
        "C#",
        "node.js",
        "Node.js",
        "ci/cd",
        "CI/CD",
        "stand-up",
        "sql",
        "数据库",
        "don't",
        "R",  # a programming language, unlike "r"
        "U",
    ],
)
def test_a_word_that_is_no_slip_stays_as_typed(vocabulary: Vocabulary, word: str) -> None:
    assert plain_english(word, vocabulary, english) == word


@pytest.mark.parametrize(("typed", "written"), [("standup", "stand-up"), ("cicd", "ci/cd")])
def test_a_compound_run_together_is_written_as_the_documents_write_it(
    vocabulary: Vocabulary, typed: str, written: str
) -> None:
    assert plain_english(typed, vocabulary, lambda _: True) == written


@pytest.mark.parametrize(
    ("texts", "typed", "written"),
    [
        (["Soft skills matter.", "They need soft skills."], "softskills", "soft skills"),
        (["Soft skills. Soft skills."], "SoftSkills?", "soft skills?"),
        (["Soft skills matter."], "softskills", "softskills"),  # once may be chance
        (["Soft skills, soft skill"], "softskills", "softskills"),
        (["Soft skills. Soft skills."], "softskill", "soft skills"),  # one letter short
        (["Their data. Their data."], "theirdata", "theirdata"),  # a word that holds sentences together
        (["ci tests. ci tests."], "citests", "citests"),  # too short to be sure
        (["C++ tests, C++ tests"], "c++tests", "c++tests"),
        (["A soft-skill. Soft skill, soft skill."], "softskill", "soft-skill"),
        (["Softskills. Soft skills. Soft skills."], "softskills", "softskills"),
        (["Soft skills soft skills"], "skillssoft", "skillssoft"),
    ],
)
def test_two_words_that_often_stand_together_are_known_run_together(
    texts: list[str], typed: str, written: str
) -> None:
    assert plain_english(typed, build_vocabulary(texts), lambda _: False) == written


def test_two_words_are_not_joined_across_passages() -> None:
    apart = build_vocabulary(["They are soft", "skills matter and are soft", "skills"])
    assert plain_english("softskills", apart, lambda _: False) == "softskills"


def test_a_slip_in_a_compound_run_together_finds_the_compound(vocabulary: Vocabulary) -> None:
    assert vocabulary.correct("standpu", english) == "stand-up"


def test_a_word_written_both_ways_stays_as_typed() -> None:
    both = build_vocabulary(["A stand-up, a standup."])
    assert plain_english("standup stand-up", both, english) == "standup stand-up"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("wat do u need", "what do you need"), ("y r they", "why are they"), ("WUT", "what")],
)
def test_chat_spellings_are_written_out(vocabulary: Vocabulary, typed: str, plain: str) -> None:
    assert plain_english(typed, vocabulary, english) == plain


def test_a_slip_far_from_everything_stays() -> None:
    assert build_vocabulary([]).correct("qwertz", english) == "qwertz"


@pytest.mark.parametrize("word", ["databases", "database", "c#", "problem-solving", "engineers/databases"])
def test_the_documents_words_their_stems_and_compounds_are_known(vocabulary: Vocabulary, word: str) -> None:
    assert vocabulary.knows(word)


@pytest.mark.parametrize("word", ["kafka", "problem-kafka", "java"])
def test_other_words_are_unknown(vocabulary: Vocabulary, word: str) -> None:
    assert not vocabulary.knows(word)


def test_a_rarer_word_is_more_telling_and_one_everywhere_tells_nothing() -> None:
    counted = build_vocabulary(["api server cache", "api server", "api", "api", "api"])
    told = [counted.telling(word) for word in ("kafka", "cache", "server", "api")]
    assert told == sorted(told, reverse=True)
    assert told[0] > told[1] > told[2] > told[3] == 0


def test_no_documents_know_nothing_and_raise_nothing() -> None:
    empty = build_vocabulary([])
    assert not empty.knows("api")
    assert empty.telling("api") >= 0


@given(st.text(), st.lists(st.text(), max_size=5), st.booleans())
def test_any_text_can_be_made_plain(text: str, documents: list[str], known: bool) -> None:
    result = plain_english(text, build_vocabulary(documents), lambda _: known)
    assert bool(words(result)) == bool(words(text))


known_words = st.text(st.sampled_from("abcdefgstABCé-/'.#+"), min_size=1, max_size=12)


@given(st.lists(known_words, min_size=1, max_size=30), st.data())
def test_a_text_of_known_words_only_is_never_changed(said: list[str], data: st.DataObject) -> None:
    vocabulary = build_vocabulary([" ".join(said)])
    slang_free = [word for word in said if plain_english(word, build_vocabulary([word]), english) == word]
    asked = " ".join(data.draw(st.lists(st.sampled_from(slang_free), max_size=8))) if slang_free else ""
    assert plain_english(asked, vocabulary, lambda _: False) == asked
