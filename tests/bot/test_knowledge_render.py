"""What admins are shown fits Discord, shows nothing of the machine, and lets nothing in documents act."""

from typing import Any

import discord
import pytest

from bot.about import About, Checked
from bot.checking import Checks
from bot.jobs import Job
from bot.render.forms import reason_form
from bot.render.knowledge import (
    NOBODY,
    change_embeds,
    decided_text,
    group_buttons,
    group_embed,
    pages_of,
    report_buttons,
    report_embed,
)
from bot.render.knowledge_versions import (
    OF_A_LOG,
    check_embed,
    generations_embed,
    log_buttons,
    log_embed,
    rated_text,
    rollback_buttons,
    rollback_embed,
    status_buttons,
    status_embed,
)
from index.library import Manifest
from knowledge.entities import Complaint, NoAnswer, Refusal, Reply
from knowledge.gate.changes import Change, Group, Objection
from knowledge.journal.entries import ByGeneration, Noted
from knowledge.proposals import Proposal
from knowledge.reindexing import ReindexReport
from tests.bot.fakes import answer, source
from tests.limits import message_violations, modal_violations

AT = "2026-11-01T08:00:00+00:00"
LONG = "@everyone **Запрос** \U0001f9ea [x](https://example.org) " * 40
KEY = "k" * 8


def violations(*embeds: discord.Embed, view: discord.ui.View | None = None) -> list[str]:
    payload: dict[str, Any] = {
        "embeds": [embed.to_dict() for embed in embeds],
        "components": view.to_components() if view else [],
        "allowed_mentions": {"parse": []},
    }
    return message_violations(payload)


def reply(text: str, number: int = 1) -> Reply:
    return Reply(tuple(answer(text, question=text) for _ in range(number)), 3)


def declined() -> Reply:
    return Reply((NoAnswer("q", Refusal.NOTHING, "My sources say nothing about this.", (), 3),), 3)


def changes(number: int, group: Group, text: str = LONG) -> list[Change]:
    return [
        Change(f"{text} {one}", "recorded", group, True, reply(text), reply(text), (text,) * 30)
        for one in range(number)
    ]


def proposal(*, many: int = 0, overridable: bool = True, objections: int = 0) -> Proposal:
    names = tuple(f"{LONG} {number}" for number in range(many)) or ("guide",)
    complaints = tuple(
        Complaint("empty", severity, f"/secret/{LONG}/guide.md", 7, LONG, LONG)
        for severity in ("error", "warning", "note")
        for _ in range(many or 1)
    )
    every = [change for group in Group for change in changes(many, group)]
    report = ReindexReport(names, names, names, names, complaints, 10**6, 12345.678, 3, published=False)
    against = tuple(Objection("must-answer-lost", LONG, overridable) for _ in range(objections))
    return Proposal(KEY, "123", AT, 3, report, tuple(every), against)


def manifest(number: int, documents: dict[str, str]) -> Manifest:
    return Manifest(number, AT, 1, "f", 8, documents, 97, 200, {}, {}, 1_234_567)


@pytest.mark.parametrize("many", [0, 3, 300])
@pytest.mark.parametrize("objections", [0, 1, 40])
def test_report_fits_whatever_is_in_it(many: int, objections: int) -> None:
    for overridable in (True, False):
        shown = proposal(many=many, objections=objections, overridable=overridable)
        for private in (True, False):
            assert violations(report_embed(shown, private=private), view=report_buttons(shown)) == []


@pytest.mark.parametrize("many", [1, 10, 11, 300])
def test_questions_fit_page_by_page(many: int) -> None:
    found = changes(many, Group.SOURCE_CHANGED)
    for page in range(pages_of(found)):
        view = group_buttons(KEY, found, Group.SOURCE_CHANGED, page)
        assert violations(group_embed(found, Group.SOURCE_CHANGED, page), view=view) == []


@pytest.mark.parametrize("parts", [1, 5, 12])
def test_before_and_after_fit_in_one_message(parts: int) -> None:
    before, after = reply(LONG * 9, parts), reply(f"short {LONG}", parts)
    embeds = change_embeds(Change(LONG, "recorded", Group.SOURCE_CHANGED, True, before, after, (LONG,) * 30))
    assert violations(*embeds) == []
    names = [embed.author.name or "" for embed in embeds]
    assert [name.partition(" ")[0] for name in names if name] == ["Before", "After"]


def test_reply_that_there_was_none_of_is_told() -> None:
    embeds = change_embeds(Change("q", "listed", Group.NOW_ANSWERED, False, declined(), None))
    assert embeds[1].author.name == "Before · generation 3"
    assert embeds[2].description == NOBODY


def test_nothing_in_a_report_acts_or_tells_where_files_lie() -> None:
    shown = str(report_embed(proposal(many=3, objections=2), private=True).to_dict())
    assert "/secret" not in shown
    assert "guide.md:7" in shown
    assert " @everyone" not in shown
    assert "[x](https://" not in shown


def test_question_whose_author_deleted_it_says_so() -> None:
    embed = group_embed([Change("", "told", Group.NOW_ANSWERED, False)], Group.NOW_ANSWERED, 0)
    assert "(deleted by who asked it) (told by a person)" in embed.description


def test_who_decided_is_told_without_pinging_words() -> None:
    noted = Noted(1, AT, "123", "discarded", 3, KEY, "")
    assert decided_text(noted).startswith("This was discarded already, by <@123>, <t:")
    assert "generation 4" in decided_text(Noted(1, AT, "terminal", "published", 4, KEY, ""))
    assert "already" in decided_text(None)


@pytest.mark.parametrize("many", [0, 1, 60])
def test_status_generations_and_log_fit(many: int) -> None:
    about = About(3, AT, 97, (source(LONG),) * many, LONG, Checked(3, AT, True, LONG))
    job = Job("The reindex", 7)
    waiting = proposal(many=many)
    view = status_buttons(waiting, job)
    assert violations(status_embed(about, waiting, job), view=view) == []
    assert violations(status_embed(None, None, None), view=status_buttons(None, None)) == []
    kept = [manifest(number, {}) for number in range(many)]
    ratings = {number: ByGeneration(number, 1, 2, 10, 7, 3, AT, AT) for number in range(many)}
    assert violations(generations_embed(kept, 3, ratings)) == []
    noted = [Noted(number, AT, LONG, LONG, number, LONG, LONG) for number in range(min(many, OF_A_LOG))]
    assert violations(log_embed(noted), view=log_buttons(noted)) == []


def test_rating_of_a_generation_is_told_in_numbers_and_shares() -> None:
    said = rated_text(ByGeneration(3, 12, 3, 200, 150, 50, AT, AT))
    assert said == "200 questions: 150 answered (75 %), 50 declined (25 %) · 👍 12 👎 3"
    assert rated_text(ByGeneration(3, 1, 0, 0, 0, 0, AT, AT)).startswith("0 questions: 0 answered, ")


def test_rollback_names_what_comes_and_goes() -> None:
    then = manifest(2, {"a": "1", "b": "1", **{f"{LONG}{number}": "1" for number in range(50)}})
    now = manifest(4, {"b": "2", "c": "1"})
    embed = rollback_embed(then, now, [Noted(1, AT, "1", "published", 4, LONG, LONG)] * 30)
    assert violations(embed, view=rollback_buttons(2, 4)) == []
    told = {field.name: field.value for field in embed.fields}
    assert told["Go"] == "c"
    assert told["As they were then"] == "b"
    same = rollback_embed(manifest(2, {"b": "1"}), manifest(4, {"b": "1"}), [])
    assert same.fields[0].value == "The same as now, word for word."


FIGURES = (
    "Questions: 100 asked; of 90 answerable, {right} right within 2,000 characters, 70 within 600, "
    "2 declined; 9 of 10 due refusals made; 0 answers that say what they must not. Nothing is worse."
)


def test_check_stands_beside_the_one_before() -> None:
    before = Checked(2, AT, True, FIGURES.format(right=80))
    checks = Checks(3, "Index: sound.", FIGURES.format(right=85), True, before)
    [field] = check_embed(checks).fields
    assert "generation 2" in field.name
    rows = field.value.split("\n")
    assert rows[0] == "right within 2,000 characters: **85** of 90 (was 80 of 90)"
    assert rows[3] == "due refusals made: **9** of 10 (was 9 of 10)"
    assert violations(check_embed(checks)) == []
    assert check_embed(Checks(3, "", LONG, False, None)).fields == []


def test_form_for_a_reason_fits() -> None:
    assert modal_violations(reason_form(KEY).to_dict()) == []
