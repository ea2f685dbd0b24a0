"""The question set is sound, and its scoring finds what is said and nothing else."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from knowledge.entities import Question, Turn
from knowledge.suite import (
    LONG,
    SHORT,
    BadCase,
    Case,
    Outcome,
    contains,
    load,
    normalise,
    parse,
    score,
    summarise,
    tally,
)

KINDS = {
    "fact", "list", "how-to", "day", "comparison", "suitability", "skills", "follow-up", "several", "typos",
    "language", "off-topic", "in-domain", "hostile",
}  # fmt: skip


def a_case(*facts: tuple[str, ...], forbidden: tuple[str, ...] = (), **changes: Any) -> Case:
    fields: dict[str, Any] = {"id": "x-1", "kind": "x", "decline": not facts, "kept_aside": False, **changes}
    return Case(question=Question("?"), facts=facts, forbidden=forbidden, **fields)


def an_outcome(total: int, found: int, *, declined: bool = False, **changes: Any) -> Outcome:
    fields: dict[str, Any] = {
        "id": "x-1",
        "kind": "x",
        "kept_aside": False,
        "due": total == 0,
        "found_short": found,
        "found_long": found,
        **changes,
    }
    return Outcome(total=total, found=found, declined=declined, **fields)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**PostgreSQL**, `MySQL` and __MongoDB__", "postgresql, mysql and mongodb"),
        ("“It worked on my machine”", '"it worked on my machine"'),
        ("doesn’t, doesn´t", "doesn't, doesn't"),
        ("server-side, front–end, e‑commerce", "server side, front end, e commerce"),
        ("AWS / GCP", "aws/gcp"),
        ("plus\u00a020 %", "plus 20%"),
        ("> quoted\n## A heading\n-# small", "quoted a heading small"),
        ("C\\# and snake_case", "c# and snake_case"),
        ("[the place](https://example.org/a_b) ||hidden||", "the place hidden"),
        ("STRASSE Straße", "strasse strasse"),
        ("  \t\n ", ""),
    ],
)
def test_normalising_unifies_what_reads_the_same(written: str, read: str) -> None:
    assert normalise(written) == read
    assert normalise(read) == read


@pytest.mark.parametrize(
    ("text", "alternative"),
    [
        ("Java, PHP", "java"),
        ("they write Go.", "go"),
        ("Ruby, C#", "c#"),
        ("C#-based services", "c#"),
        ("Node.js.", "node.js"),
        ("CI / CD pipelines", "ci/cd"),
        ("**CI/CD**-pipelines", "ci/cd"),
        ("Technical depth: 85/10", "85/10"),
        ("the difference plus 20 %.", "20%"),
        ("AWS/GCP/Azure", "gcp"),
        ("two edge cases", "edge case"),
        ("a server-side thing", "server side"),
        ("Code Review", "code-review"),
        ("validating the input", "validat*"),
        ("at 20ms", "20ms"),
        ("hey @everyone!", "@everyone"),
        ("a <script>alert", "<script>"),
        ("doesn’t", "doesn't"),
    ],
)
def test_words_are_found_however_they_are_set(text: str, alternative: str) -> None:
    assert contains(normalise(text), alternative)


@pytest.mark.parametrize(
    ("text", "alternative"),
    [
        ("JavaScript", "java"),
        ("Google and Django", "go"),
        ("when it goes live", "go"),
        ("digital", "git"),
        ("RESTful", "rest"),
        ("NoSQL", "sql"),
        ("efficiency", "ci"),
        ("C# and C++", "c"),
        ("Node.js", "js"),
        ("Node.js", "node"),
        ("85/100", "85/10"),
        ("185/10", "85/10"),
        ("120%", "20%"),
        ("0.20%", "20%"),
        ("20.5", "20"),
        ("2000ms", "200ms"),
        ("invalidated", "validat*"),
        ("everyone", "@everyone"),
        ("PostgreSQL", "postgres"),
    ],
)
def test_words_inside_other_words_are_not_found(text: str, alternative: str) -> None:
    assert not contains(normalise(text), alternative)


def test_score_counts_each_fact_once_by_any_of_its_alternatives() -> None:
    case = a_case(("postgresql", "postgres"), ("mysql",), ("mongodb", "mongo"))
    outcome = score(case, "Postgres or PostgreSQL; MongoDB.", False)
    assert (outcome.found, outcome.total, outcome.missing) == (2, 3, ("mysql",))
    assert not outcome.fully_right


@pytest.mark.parametrize(
    ("padding", "right_short", "right_long"),
    [(0, True, True), (SHORT - 5, True, True), (SHORT - 4, False, True), (LONG, False, False)],
)
def test_score_reads_no_further_than_a_person_would(
    padding: int, right_short: bool, right_long: bool
) -> None:
    outcome = score(a_case(("redis",)), " " * padding + "redis", False)
    assert (outcome.fully_right, outcome.right_short, outcome.right_long) == (True, right_short, right_long)


def test_a_refusal_that_names_the_fact_among_its_topics_has_not_said_it() -> None:
    outcome = score(a_case(("redis",)), "I don't know. Ask me about Redis.", True)
    assert (outcome.found, outcome.fully_right) == (0, False)


@pytest.mark.parametrize(("abstained", "right"), [(True, True), (False, False)])
def test_what_must_be_declined_is_right_only_when_declined(abstained: bool, right: bool) -> None:
    outcome = score(a_case(), "some text", abstained)
    assert (outcome.fully_right, outcome.right_short, outcome.right_long) == (right, right, right)


def test_a_forbidden_phrase_spoils_an_otherwise_right_reply() -> None:
    refusal = score(a_case(forbidden=("@everyone", "nitro")), "Nothing about “@everyone” here.", True)
    assert refusal.forbidden == ("@everyone",)
    assert not refusal.fully_right
    assert not score(a_case(("sql",), forbidden=("meow",)), "SQL. Meow!", False).fully_right


def test_tally_takes_each_share_of_its_own_whole() -> None:
    told = tally(
        [
            an_outcome(2, 2, found_short=1),
            an_outcome(4, 1),
            an_outcome(1, 0, declined=True),
            an_outcome(1, 1, forbidden=("meow",)),
            an_outcome(0, 0, declined=True),
            an_outcome(0, 0),
        ]
    )
    assert (told.answerable, told.due, told.forbidden) == (4, 2, 1)
    assert told.recall == pytest.approx((1 + 0.25 + 0 + 1) / 4)
    assert told.recall_short == pytest.approx((0.5 + 0.25 + 0 + 1) / 4)
    assert (told.fully_right, told.right_short, told.right_long) == (0.25, 0, 0.25)
    assert (told.refusals_made, told.refusals_right, told.wrongly_declined) == (0.5, 0.5, 0.25)


def test_tally_of_nothing_has_no_shares() -> None:
    told = tally([])
    assert (told.answerable, told.due) == (0, 0)
    assert {told.recall, told.fully_right, told.refusals_made, told.refusals_right} == {None}


def test_summary_keeps_the_part_set_aside_apart() -> None:
    summary = summarise(
        [
            an_outcome(1, 1, kind="day"),
            an_outcome(1, 0, kind="day", kept_aside=True),
            an_outcome(0, 0, kind="hostile", declined=True),
        ]
    )
    assert (summary.tuned.overall.fully_right, summary.kept_aside.overall.fully_right) == (1, 0)
    assert summary.everything.overall.fully_right == 0.5
    assert list(summary.everything.kinds) == ["day", "hostile"]
    assert list(summary.kept_aside.kinds) == ["day"]


GOOD = {"id": "a", "kind": "fact", "question": "q", "facts": [["x"]], "decline": False, "kept_aside": False}
DUE = {"facts": [], "decline": True, "reason": "near"}


def test_parse_reads_history_reason_and_forbidden() -> None:
    follow_up = {**GOOD, **DUE, "history": [{"user": "u", "bot": "b"}], "forbidden": ["@everyone"]}
    [case] = parse(json.dumps(follow_up) + "\n\n")
    assert case.question == Question("q", (Turn("u", "b"),))
    assert (case.decline, case.reason, case.forbidden) == (True, "near", ("@everyone",))


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ({**GOOD, "fact": []}, "unknown field 'fact'"),
        ({**GOOD, "id": " "}, "'id' must be text"),
        ({**GOOD, "question": 7}, "'question' must be text"),
        ({**GOOD, "facts": "x"}, "'facts' must be a list"),
        ({**GOOD, "facts": [[]]}, "'facts' must hold words"),
        ({**GOOD, "facts": [["*"]]}, "'facts' must hold words"),
        ({**GOOD, "facts": [[3]]}, "'facts' must hold words"),
        ({**GOOD, "facts": []}, "one of the two"),
        ({**GOOD, "decline": "no"}, "'decline' must be true or false"),
        ({**GOOD, "decline": True, "reason": "near"}, "one of the two"),
        ({**GOOD, "reason": "near"}, "a reason"),
        ({**GOOD, **DUE, "reason": "rude"}, "a reason"),
        ({**GOOD, "history": ["hi"]}, "'history' must hold objects"),
        ({**GOOD, "history": [{"user": "u"}]}, "'bot' must be text"),
        ({**GOOD, "forbidden": "no"}, "'forbidden' must be a list"),
        (GOOD, "the id 'a' is used twice"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(line: object, complaint: str) -> None:
    written = line if isinstance(line, str) else json.dumps(line)
    with pytest.raises(BadCase, match="line 2: ") as caught:
        parse(json.dumps(GOOD) + "\n" + written)
    assert complaint in str(caught.value)


def test_the_set_covers_every_kind_and_asks_enough() -> None:
    cases = load()
    assert {case.kind for case in cases} == KINDS
    assert len(cases) >= 220
    assert sum(case.decline for case in cases) >= 80
    assert all(1 <= len(case.facts) <= 7 for case in cases if not case.decline)
    assert all(case.question.history for case in cases if case.kind == "follow-up")


def test_a_third_of_each_kind_or_more_is_kept_aside() -> None:
    of_kind = Counter(case.kind for case in load())
    aside = Counter(case.kind for case in load() if case.kept_aside)
    assert [kind for kind in of_kind if not of_kind[kind] <= aside[kind] * 3 <= of_kind[kind] * 1.5] == []


def test_no_question_is_asked_twice() -> None:
    asked = Counter((case.question.history, normalise(case.question.text)) for case in load())
    assert [question for question, times in asked.items() if times > 1] == []


@pytest.mark.seeds
def test_every_expected_fact_is_in_the_articles_as_found(seeds: Path) -> None:
    articles = normalise(" ".join(path.read_text(encoding="utf-8") for path in sorted(seeds.glob("*.txt"))))
    unfounded = [
        (case.id, fact[0])
        for case in load()
        for fact in case.facts
        if not any(contains(articles, alternative) for alternative in fact)
    ]
    assert unfounded == []
