"""How an answer came about, for a person and for scripts."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.console import reply_json
from bot.conversation import REMEMBERED, converse
from bot.explanation import SHOWN, WIDTH, explanation_text, explanation_values
from bot.settings import Settings
from bot.wiring import Application
from knowledge.asking.languages import Foreign
from knowledge.entities import Question, Refusal, Reply
from knowledge.explaining import (
    DECLINED,
    QUOTED,
    Considered,
    Explained,
    Explanation,
    Feature,
    Looked,
    Near,
)
from tests.bot.fakes import answer, no_answer
from tests.bot.terminal import Terminal

WHY = "Why do engineers drink espresso?"
FOOTBALL = "Who won the football cup?"
ROLE = "What does a data engineer drink?"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    return Terminal(monkeypatch, tmp_path)


def considered(text: str = "Core Skills", **changes: Any) -> Considered:
    one = Considered(text, text, 0.7, 0.8, 0.4, 1, None, text, QUOTED)
    return replace(one, **changes)


def explanation(text: str = "which skills", candidates: int = 2) -> Explanation:
    looked = Looked(
        text=text,
        continues=text,
        role=text,
        unknown_words=(text,),
        skills=(text,),
        kind=None,
        by_name=True,
        lists_questions=True,
        features=(Feature("meaning", 0.8, 3.9), Feature("unknown", 0.0, -0.0)),
        bias=-0.6,
        odds=0.96,
        near_miss=Near(text, 0.5),
        empty=(Near(text, 0.61), Near(text, 0.2)),
        candidates=tuple(considered(text) for _ in range(candidates)),
        only=(text, "notes"),
    )
    return Explanation(text, None, "no rule objects", 3, 0.5, Foreign("de", text), looked)


def nothing_looked_for(refusal: Refusal, because: str) -> Explanation:
    return Explanation("hi", refusal, because, 3, 0.5, None, None)


def explained(*parts: Explanation) -> Explained:
    return Explained(Reply(tuple(answer("Many.") for _ in parts), 3), parts)


# --- text --------------------------------------------------------------------------------------------------


LAID_OUT = """\
How this came about (generation 3)

Question    which skills
Decision    answered: no rule objects
Language    de, led to “which skills”
Looked for  which skills
Continues   which skills
Only in     which skills, notes
About       which skills
Not known   which skills
Skills      which skills; answered by name

Odds 0.960, floor 0.500; weights for a best passage that lists questions it answers:
  feature       value    adds
  meaning       0.800   +3.90
  unknown       0.000   +0.00
  bias                  -0.60
  log-odds              +3.30

Near miss   0.500 which skills
Empty       0.610 which skills
            0.200 which skills

Candidates, best first
     score  meaning rank   words rank   fate                          passage
     section                                             nearest cue
  1  0.700    0.800    1   0.400    –   quoted                        Core Skills
     Core Skills                                         Core Skills
  2  0.250   -0.100    –   0.000    –   already shown                 Tools
     Tools                                               Tools"""


def test_text_tells_every_number_in_aligned_columns() -> None:
    part = explanation()
    assert part.looked is not None
    dropped = considered("Tools", score=0.25, meaning=-0.1, meaning_rank=None, words=0, fate="already shown")
    looked = replace(part.looked, candidates=(considered(), dropped))
    assert explanation_text(explained(replace(part, looked=looked))) == LAID_OUT


@pytest.mark.parametrize(
    ("part", "decision"),
    [
        (
            nothing_looked_for(Refusal.UNCLEAR, "it is code"),
            "declined (no question to look for): it is code",
        ),
        (
            nothing_looked_for(Refusal.COURTESY, "it is small talk"),
            "answered with a courtesy: it is small talk",
        ),
    ],
)
def test_nothing_looked_for_is_told_in_three_lines(part: Explanation, decision: str) -> None:
    assert explanation_text(explained(part)) == (
        f"How this came about (generation 3)\n\nQuestion    hi\nDecision    {decision}"
    )


def test_each_question_of_a_message_is_retold_under_its_number() -> None:
    text = explanation_text(explained(explanation(), explanation("which tools")))
    assert text.startswith("How question 1 of 2 came out (generation 3)\n")
    assert "\n\nHow question 2 of 2 came out (generation 3)\n\nQuestion    which tools\n" in text


def test_of_many_candidates_only_the_best_are_shown() -> None:
    text = explanation_text(explained(explanation(candidates=SHOWN + 4)))
    assert f"Candidates, best first, {SHOWN} of {SHOWN + 4}\n" in text
    assert f"\n{SHOWN:>3}  " in text
    assert f"\n{SHOWN + 1:>3}  " not in text


HOSTILE = [
    "一个后端工程师每天都做些什么" * 20,
    "word " * 400,
    "x" * 400,
    "one\ntwo\r\nthree\x0bfour\u2028five\u2029six\x85seven",
    "\x1b[31mred\x1b[0m \x07\x00",
    "\u202eright to left\u202c \u200b\ufeff",
    "👩‍💻🎉 " * 60,
    "f̸͓o̷o̶t̵b̴a̷l̸l̵ " * 30,
    "",
    "  ",
    "\ud83d half",
]


def assert_well_laid_out(text: str, rows: int) -> None:
    lines = text.split("\n")
    assert lines == text.splitlines()
    assert all(line.isprintable() and line == line.rstrip() for line in lines)
    assert max(map(cell_len, lines)) <= WIDTH
    assert len(lines[lines.index("Candidates, best first") :]) == 3 + rows


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_breaks_a_line_or_makes_one_too_wide(text: str) -> None:
    assert_well_laid_out(explanation_text(explained(explanation(text))), rows=4)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_any_text_is_laid_out_in_lines_of_the_same_form(text: str) -> None:
    assert_well_laid_out(explanation_text(explained(explanation(text))), rows=4)


def test_a_long_text_is_wrapped_beside_its_name_and_kept_whole() -> None:
    lines = explanation_text(explained(explanation("word " * 60))).splitlines()
    place = next(place for place, line in enumerate(lines) if line.startswith("Looked for"))
    told = lines[place : place + 4]
    assert " ".join(told).split() == ["Looked", "for", *["word"] * 60]
    assert told[1].startswith(" " * 12 + "word")


def test_of_a_long_path_the_innermost_heading_is_kept() -> None:
    part = explanation()
    assert part.looked is not None
    one = considered(label=f"{'A very long title ' * 5}› Steps")
    text = explanation_text(explained(replace(part, looked=replace(part.looked, candidates=(one,)))))
    assert "     …" in text
    assert "› Steps  Core Skills" in text


# --- JSON --------------------------------------------------------------------------------------------------

KEYS = {
    "question", "decision", "because", "generation", "floor", "language", "led_to", "looked_for", "continues",
    "about", "only", "unknown_words", "skills", "kind", "by_name", "odds", "log_odds", "bias",
    "lists_questions", "features", "near_miss", "empty_headings", "candidates",
}  # fmt: skip


def test_every_part_has_every_key_whether_anything_was_looked_for_or_not() -> None:
    parts = explained(explanation(), nothing_looked_for(Refusal.UNCLEAR, "it is code"))
    full, bare = explanation_values(parts)
    assert set(full) == set(bare) == KEYS
    assert full["decision"] == "answered"
    assert bare["decision"] == "no question to look for"
    assert [bare[key] for key in ("looked_for", "odds", "near_miss")] == [None] * 3
    assert [bare[key] for key in ("features", "candidates", "empty_headings")] == [[]] * 3


def test_json_tells_all_candidates_with_both_ranks() -> None:
    (part,) = explanation_values(explained(explanation(candidates=SHOWN + 4)))
    assert len(part["candidates"]) == SHOWN + 4
    assert part["candidates"][0] == {
        "passage": "which skills", "label": "which skills", "score": 0.7, "meaning": 0.8, "meaning_rank": 1,
        "words": 0.4, "words_rank": None, "cue": "which skills", "fate": "quoted",
    }  # fmt: skip
    assert part["near_miss"] == {"question": "which skills", "cosine": 0.5}
    assert part["empty_headings"][0] == {"heading": "which skills", "cosine": 0.61}


def test_a_language_that_was_not_recognized_is_no_english() -> None:
    unclear = replace(explanation(), foreign=Foreign(None, None))
    english = replace(explanation(), foreign=None)
    told = [(part["language"], part["led_to"]) for part in explanation_values(explained(unclear, english))]
    assert told == [("unknown", None), (None, None)]
    assert "Language    not English, no question known here is near" in explanation_text(explained(unclear))
    assert "Language" not in explanation_text(explained(english))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_json_is_one_line_whatever_was_asked_and_comes_back_unchanged(text: str) -> None:
    values = explanation_values(explained(explanation(text)))
    line = reply_json(Reply((no_answer(),), 1), 1, 0.0, values)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["explain"] == values


# --- the commands ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", [WHY, FOOTBALL, ROLE, "hi", f"{WHY} {FOOTBALL}"])
def test_other_keys_are_those_of_an_answer_without_explanation(terminal: Terminal, question: str) -> None:
    (plain,) = terminal.objects("ask", question, "--json")
    (told,) = terminal.objects("ask", question, "--json", "--explain")
    parts = told.pop("explain")
    assert "explain" not in plain
    assert list(told) == list(plain)
    del told["latency_ms"], plain["latency_ms"]
    assert told == plain
    assert [part["generation"] for part in parts] == [plain["generation"]] * len(parts)


def test_quoted_candidates_are_the_quotes_of_the_same_object(terminal: Terminal) -> None:
    (told,) = terminal.objects("ask", WHY, "--json", "--explain")
    (part,) = told["explain"]
    quoted = [one["passage"] for one in part["candidates"] if one["fate"] == QUOTED]
    assert quoted == [quote["passage"] for quote in told["quotes"]] != []
    total = part["bias"] + sum(one["contribution"] for one in part["features"])
    assert total == pytest.approx(part["log_odds"], abs=1e-4)


def test_every_line_of_many_is_explained_with_its_history(terminal: Terminal) -> None:
    history = [{"user": WHY, "bot": "It is short and strong."}]
    lines = [{"id": 1, "question": FOOTBALL}, {"id": 2, "question": "why so?", "history": history}]
    first, second = terminal.objects("ask", "--jsonl", "--explain", lines=lines)
    assert [found["id"] for found in (first, second)] == [1, 2]
    (declined,), (followed,) = first["explain"], second["explain"]
    assert declined["decision"] == first["reason"]
    assert {one["fate"] for one in declined["candidates"]} == {DECLINED}
    assert followed["continues"] == WHY


def test_text_follows_the_usual_answer(terminal: Terminal) -> None:
    terminal("reindex")
    plain, told = terminal("ask", WHY), terminal("ask", "--explain", WHY)
    answered, _, rest = told.stdout.partition("\n\nHow this came about (generation 1)\n\n")
    assert f"{answered}\n" == plain.stdout
    assert rest.startswith(f"Question    {WHY}\nDecision    answered: ")
    assert (told.exit_code, told.stderr) == (0, "")


# --- the conversation --------------------------------------------------------------------------------------


def conversation(terminal: Terminal, *lines: str) -> str:
    application = Application(
        Settings(data_dir=terminal.data, sources=(terminal.articles,), shipped_articles=False)
    )
    application.ready(who="a test")
    out = io.StringIO()
    converse(application, io.StringIO("\n".join(lines)), out)
    return out.getvalue()


def test_last_answer_is_explained_on_demand(terminal: Terminal) -> None:
    said = conversation(terminal, WHY, "why so?", "/explain", "/status")
    assert "How this came about (generation 1)\n\nQuestion    why so?\n" in said
    assert f"\nContinues   {WHY}\n" in said


def test_before_any_answer_there_is_nothing_to_explain(terminal: Terminal) -> None:
    assert conversation(terminal, "/explain", WHY, "/new", "/explain").count("Ask something first.") == 2


def test_explanation_has_all_turns_the_answer_had(terminal: Terminal) -> None:
    asked: list[Question] = []

    class Remembering:
        def answer(self, question: Question) -> Reply:
            asked.append(question)
            return Reply((answer("Yes."),), 1)

        def explain(self, question: Question) -> Explained:
            return Explained(self.answer(question), (explanation(),))

    terminal.answer_with(Remembering())
    conversation(terminal, *(f"question {place}" for place in range(REMEMBERED + 3)), "/explain", "more")
    *_, last, again, following = asked
    assert again == last
    assert len(following.history) == REMEMBERED
    assert following.history[-1].user == last.text
