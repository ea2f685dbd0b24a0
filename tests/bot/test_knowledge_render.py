"""What admins are shown fits Discord, shows nothing of the machine, and lets nothing in documents act."""

import re
from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.about import About, Checked
from bot.checking import Checks
from bot.jobs import Job
from bot.render.forms import reason_form
from bot.render.knowledge import (
    ASKED_NOTHING,
    NOBODY,
    NOT_ASKED_FOR,
    NOT_RECORDED,
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
    noted_text,
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


def test_no_count_of_a_report_is_left_out_however_long_its_examples() -> None:
    every = [change for group in Group for change in changes(4, group)]
    shown = report_embed(replace(proposal(), changes=tuple(every)), private=True)
    [said] = [field.value for field in shown.fields if field.name.startswith("16 questions")]
    counts = [row for row in said.split("\n") if row.startswith("**4**")]
    assert [row.partition("** ")[2] for row in counts] == [
        "no longer answered",
        "answered with other quotes",
        "now answered",
        "as before",
    ]
    assert "of all these, 16 say less than before" in said


def test_report_says_where_nothing_or_nothing_recorded_was_asked() -> None:
    nothing = report_embed(proposal(), private=True)
    assert {field.name: field.value for field in nothing.fields}["Answers"] == ASKED_NOTHING
    listed = Change("q", "listed", Group.NOW_ANSWERED, True, declined(), reply("a"))
    assert NOT_RECORDED in str(report_embed(replace(proposal(), changes=(listed,)), private=True).to_dict())
    both = (listed, replace(listed, origin="recorded"))
    shown = str(report_embed(replace(proposal(), changes=both), private=True).to_dict())
    assert NOT_RECORDED not in shown
    assert ASKED_NOTHING not in shown
    first = report_embed(replace(proposal(), base=None), private=True)
    assert "Answers" not in {field.name for field in first.fields}


def test_report_says_where_nothing_asks_for_what_was_added() -> None:
    def said(changed: Change, *added: str) -> str:
        report = replace(proposal().report, added=added)
        shown = replace(proposal(), report=report, changes=(changed,))
        return str(report_embed(shown, private=True).to_dict())

    [quote] = reply("a").parts[0].quotes
    change = Change("q", "recorded", Group.NOW_ANSWERED, True, declined(), reply("a"))
    assert NOT_ASKED_FOR in said(change, "another")
    assert NOT_ASKED_FOR not in said(change, "another", quote.source.document)
    assert NOT_ASKED_FOR not in said(change)


def test_answer_to_what_is_recorded_as_one_to_decline_is_marked() -> None:
    change = Change("How much?", "recorded", Group.NOW_ANSWERED, False, declined(), reply("a"))
    assert "(recorded as one to decline)" in group_embed([change], change.group, 0).description
    assert "decline)" not in group_embed([replace(change, must=True)], change.group, 0).description
    refused = replace(change, group=Group.UNCHANGED)
    assert "decline)" not in group_embed([refused], refused.group, 0).description


def test_what_was_overtaken_says_so_and_cannot_be_published() -> None:
    shown = proposal()
    assert "Outdated: generation 5 answers now" in report_embed(shown, private=True, overtaken=5).footer.text
    view = report_buttons(shown, overtaken=True)
    assert [item.item.label for item in view.children] == ["Discard"]


def test_reply_that_there_was_none_of_is_told() -> None:
    offering = replace(declined(), parts=(replace(declined().parts[0], related=("What is it?",)),))
    embeds = change_embeds(Change("q", "listed", Group.NOW_ANSWERED, False, offering, None))
    assert embeds[1].footer.text is None  # what it offers are buttons, and here are none
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
    assert "(deleted by who asked it) (somebody told the admins)" in embed.description


def test_who_decided_is_told_without_pinging_words() -> None:
    noted = Noted(1, AT, "123", "discarded", 3, KEY, "")
    assert decided_text(noted).startswith("This was discarded already, by <@123>, <t:")
    assert "generation 4" in decided_text(Noted(1, AT, "terminal", "published", 4, KEY, ""))
    assert "already" in decided_text(None)
    assert decided_text(None, "It is damaged; please reindex again.").startswith("It is damaged; please rei")


@pytest.mark.parametrize(
    ("deed", "generation", "about", "reason", "said"),
    [
        ("proposed", 6, KEY, "", "proposed what would follow generation 6"),
        ("proposed", None, KEY, "", "proposed what would follow nothing"),
        ("published", 7, KEY, "", "**published** generation 7"),
        ("overrode", 6, KEY, "It is wrong.", "**overrode the objections**, because: “It is wrong.”"),
        ("discarded", 6, KEY, "", "**discarded** what was proposed"),
        ("rolled back", 6, "from 7", "", "**went back** to generation 6, from 7"),
        ("refused", None, "knowledge status", "", "was **refused** /knowledge status"),
        ("refused", None, "knowledge: publish", "", "was **refused** a press or form: publish"),
        ("marked", None, "3f2a", "", "marked a gap as answered"),
        ("dismissed", None, "3f2a", "", "dismissed a gap"),
        ("drafted", None, "faq", "for gap 3f2a", "wrote **faq** for a gap"),
        ("drafted", 7, "faq", "for gap 3f2a", "saw that **faq**, written for a gap, answers: generation 7"),
        ("added", None, "*faq*", "", "added **\\*faq\\***"),
    ],
)
def test_log_tells_deeds_in_words_and_without_keys(
    deed: str, generation: int | None, about: str, reason: str, said: str
) -> None:
    told = noted_text(Noted(1, AT, "123", deed, generation, about, reason))
    assert told.partition(">")[2] == f" <@123> {said}"


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
    assert said == "answered 150 of 200 (75%, likely 69–80%) · helpful 12 of 15; too few to tell"
    assert rated_text(ByGeneration(3, 1, 0, 0, 0, 0, AT, AT)).startswith(
        "answered none yet · helpful 1 of 1;"
    )


def test_what_answers_is_compared_with_what_answered_before_it() -> None:
    def rated(number: int, helpful: int, unhelpful: int, last: str) -> ByGeneration:
        return ByGeneration(number, helpful, unhelpful, 400, 300, 100, AT, last)

    kept = [manifest(number, {}) for number in (7, 6)]
    # Generation 5 is no longer kept, and 7 was left for 6.
    early, late = "2026-11-02", "2026-11-09"
    ratings = {5: rated(5, 9, 9, early), 6: rated(6, 90, 10, late), 7: rated(7, 40, 60, late)}
    [field] = generations_embed(kept, 6, ratings).fields
    assert field.name == "Generation 6 beside 7, which answered before"
    assert "no difference that these counts could tell" in field.value
    assert field.value.endswith("more than before. Other people may have asked other things.")
    [field] = generations_embed(kept, 6, {5: ratings[5], 6: ratings[6]}).fields
    assert field.value.endswith("too few to compare.")
    assert generations_embed(kept, 6, {6: ratings[6]}).fields == []


def test_rollback_names_what_comes_and_goes() -> None:
    then = manifest(2, {"a": "1", "b": "1", **{f"{LONG}{number}": "1" for number in range(50)}})
    now = manifest(4, {"b": "2", "c": "1"})
    embed = rollback_embed(then, now, [Noted(1, AT, "1", "published", 4, LONG, LONG)] * 30)
    assert violations(embed, view=rollback_buttons(2, 4)) == []
    told = {field.name: field.value for field in embed.fields}
    assert told["Would go: 1 document"] == "c"
    assert told["Would be as they were then: 1 document"] == "b"
    [names] = (value for name, value in told.items() if name == "Would come back: 51 documents")
    shown, _, more = names.rpartition(" and ")
    assert int(more.removesuffix(" more")) + shown.count(", ") + 1 == 51
    same = rollback_embed(manifest(2, {"b": "1"}), manifest(4, {"b": "1"}), [])
    assert same.fields[0].value == "The same as now, word for word."


FIGURES = (
    "Questions: 100 asked; of 90 answerable, {right} right within 2,000 characters, 70 within 600, "
    "2 declined; 9 of 10 due refusals made; 0 answers that say what they must not. Nothing is worse."
)


def test_check_stands_beside_the_one_before() -> None:
    before = Checked(2, AT, True, FIGURES.format(right=80))
    checks = Checks(3, "Index: sound.", FIGURES.format(right=85), True, before)
    embed = check_embed(checks)
    [field] = embed.fields
    rows = field.value.split("\n")
    assert rows[0] == "right within 2,000 characters: **85 of 90** – was 80 of 90"
    assert rows[3:5] == [
        "due refusals made: **9 of 10** – as before",
        "say what they must not: **0** – as before",
    ]
    assert re.fullmatch("-# before: <t:[0-9]+:f>, generation 2", rows[5])
    assert embed.description == "Index: sound.\nQuestions: 100 asked. Nothing is worse."
    assert embed.title == "All is well"
    assert violations(embed) == []
    [field] = check_embed(replace(checks, before=None)).fields
    assert "first check here" in field.value
    assert "before" not in field.value.partition("-#")[0]
    worse = check_embed(replace(checks, passed=False))
    assert worse.title == "Something is worse than recorded"
    broken = check_embed(Checks(3, "", LONG, False, None))
    assert (broken.title, broken.fields) == ("The index is not sound", [])


def test_form_for_a_reason_fits() -> None:
    assert modal_violations(reason_form(KEY).to_dict()) == []
