"""What admins see of documents, complaints and gaps fits Discord and acts nowhere, whatever stands there."""

import re
from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.cogs.gaps import MORE, TOLD
from bot.controls import Action, Control
from bot.render.complaints import file_buttons, file_embed, lint_buttons, lint_embed
from bot.render.documents import (
    Standing,
    added_text,
    already_text,
    choices,
    document_buttons,
    document_embed,
    dropped_text,
    reindex_button,
    remove_buttons,
    remove_embed,
    removed_text,
    restored_text,
    sources_buttons,
    sources_embed,
    upload_buttons,
    upload_embed,
    upload_pages,
)
from bot.render.forms import page_form
from bot.render.gaps import (
    gap_buttons,
    gap_embed,
    gaps_buttons,
    gaps_embed,
    list_buttons,
    settled_text,
    template,
    what_text,
)
from bot.render.turning import cut_into, handle, sheets
from knowledge.documents.entries import Held, Removed, Upload
from knowledge.entities import Complaint, Document, Origin
from knowledge.gaps import Gap
from knowledge.linting.reports import report_on
from tests.limits import choice_violations, message_violations, modal_violations

AT = "2026-11-01T08:00:00+00:00"
WORST = "@everyone **Запрос** \U0001f9ea [x](https://example.org) <#1> `` " * 40
TEXTS = [
    "",
    "a",
    "word " * 3000,
    WORST,
    "x" * 30_000,
    "\n\n# a\n" * 4000,
    "\U0001f9ea" * 9000,
    "\u202eabc\u0000",
]
GAP_KEY = ".".join(["f" * 12] * 3)
LIVE = re.compile(r"(?<!\\)(?:@everyone|<#1>|\]\(https)")


def violations(*embeds: discord.Embed, view: discord.ui.View | None = None, content: str = "") -> list[str]:
    payload: dict[str, Any] = {
        "content": content or None,
        "embeds": [embed.to_dict() for embed in embeds],
        "components": view.to_components() if view else [],
        "allowed_mentions": {"parse": []},
    }
    shown = "\n".join(str(embed.title) + str(embed.description) + str(embed.fields) for embed in embeds)
    acting = [f"acts: {found}" for found in LIVE.findall(shown.replace("\\\\", "\\") + content)]
    return [*message_violations(payload), *acting]


def document(text: str, name: str = "d") -> Document:
    return Document(name, text, text, (), Origin(), "0", "d.md")


def complaints(text: str, number: int) -> tuple[Complaint, ...]:
    kinds = ("error", "warning", "note")
    rules = ("byline", "mojibake", "near-duplicate")
    return tuple(
        Complaint(rules[at % 3], kinds[at % 3], f"a/{at % 40}{text}", at, text, f"{at % 5}{text}", at % 4 + 1)
        for at in range(number)
    )


def upload(text: str, number: int) -> Upload:
    found = tuple(document(text, f"d{at}") for at in range(number))
    key = "0" * 16
    return Upload(key, text, found, number, number, text, complaints(text, number), text or None, "1", AT)


def held(text: str, number: int) -> list[Held]:
    of = complaints(text, number)
    return [
        Held(f"{text}{at}", text, at, at, None, of if at % 2 else (), "folder", bool(at % 2))
        for at in range(number)
    ]


def gap(text: str, *, hidden: bool = False) -> Gap:
    wordings = () if hidden else (text, *(f"{text} {at}" for at in range(4)))
    reasons = {f"{text}{at}": at for at in range(12)}
    return Gap(GAP_KEY, 3, wordings, hidden, text, reasons, AT, AT, "open", again=2)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("number", [1, 3, 300])
def test_upload_fits_on_every_page(text: str, number: int) -> None:
    found = upload(text, number)
    pages = upload_pages(found)
    for page in {0, 1, len(pages) - 1}:
        view = upload_buttons(found, page, GAP_KEY)
        assert violations(upload_embed(found, page), view=view) == []
    assert violations(content=added_text(found, GAP_KEY), view=reindex_button()) == []
    assert violations(content=dropped_text(text)) == []


def test_upload_tells_whom_it_is_credited_to_before_it_is_added() -> None:
    found = replace(upload("x", 0), documents=(document("x"),))
    origin = Origin("Ann *Other*", None)
    known = replace(found, documents=(replace(document("x"), origin=origin),))
    told = [{field.name: field.value for field in upload_embed(one, 0).fields} for one in (found, known)]
    assert [fields["Credited to"] for fields in told] == [
        "author not stated, date not stated",
        "Ann \\*Other\\*, date not stated",
    ]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("number", [0, 2, 24])
def test_lists_of_documents_fit(text: str, number: int) -> None:
    found = held(text, number)
    stand = {one.id: list(Standing)[at % 5] for at, one in enumerate(found)}
    for page in (0, 99):
        assert (
            violations(sources_embed(found, stand, 3, page), view=sources_buttons(found, stand, page)) == []
        )
    for one in found[:2]:
        assert violations(document_embed(one, stand[one.id]), view=document_buttons(one)) == []
        assert violations(remove_embed(one, stand[one.id]), view=remove_buttons(one)) == []
    removed = Removed(text, text, "added", AT, AT)
    for standing in Standing:
        assert violations(content=removed_text(removed, standing)) == []
        assert violations(content=restored_text(text, standing)) == []
    assert [violations(content=already_text(one, Standing.GONE)) for one in found[:1]] in ([], [[]])
    offered = [{"name": name, "value": value} for name, value in choices([(text, text or "d")] * 40, "")]
    assert choice_violations(offered) == []


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("number", [0, 1, 30])
def test_lint_fits_file_by_file(text: str, number: int) -> None:
    report = report_on(complaints(text, number), documents=number)
    for page in (0, 99):
        assert violations(lint_embed(report, page), view=lint_buttons(report, "k" * 8, page)) == []
    for found in report.by_document()[:3]:
        for page in (0, 1, 9):
            assert violations(file_embed(found, page), view=file_buttons(found, "k" * 8, page)) == []


def test_lint_lists_every_complaint_once_with_its_hint() -> None:
    report = report_on(complaints("wrong", 240), documents=40)
    shown = ""
    for found in report.by_document():
        for page in range(30):
            embed = file_embed(found, page)
            if page and embed.description in shown:
                break
            shown += embed.description or ""
    for complaint in report.complaints:
        assert f"line {complaint.line}" in shown or complaint.rule == "byline" or not complaint.line
    assert "-# → 1wrong" in shown


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("hidden", [True, False])
def test_gaps_fit(text: str, hidden: bool) -> None:
    found = gap(text, hidden=hidden)
    for page in (0, 1, 9):
        embed = gaps_embed([found] * 7, page, left_out=5_000_000)
        assert violations(embed, view=gaps_buttons([found], page)) == []
    assert violations(gap_embed(found), view=gap_buttons(found)) == []
    assert (
        violations(content="\n".join([settled_text(found, False)] * TOLD + [MORE.format(number=9999)])) == []
    )
    assert violations(content="\n".join(settled_text(found, one) for one in (True, None))) == []
    assert violations(content=what_text(found), view=list_buttons(found.key)) == []
    form = page_form(found.key, text=template(found))
    assert modal_violations(form.to_dict()) == []


def test_every_custom_id_fits_with_the_longest_keys() -> None:
    for action in (Action.ACCEPT, Action.TYPED, Action.DRAFT, Action.ANSWERED, Action.REOPEN):
        assert Control(action, GAP_KEY, GAP_KEY).fits
    assert Control(Action.UPLOAD, "0" * 16, f"{GAP_KEY}~9999").fits


@pytest.mark.parametrize("text", [text for text in TEXTS if text])
@pytest.mark.parametrize("limit", [4, 1000, 10_000_000])
def test_text_in_files_is_all_of_it_and_no_character_is_torn(text: str, limit: int) -> None:
    parts, whole = cut_into(text, limit, 10)
    assert all(len(part) <= limit for part in parts)
    for part in parts:
        part.decode("utf-8")
    assert whole == (b"".join(parts) == text.encode("utf-8"))
    assert text.encode("utf-8").startswith(b"".join(parts))


def test_sheets_hold_every_row_once_in_order() -> None:
    rows = ["x" * size for size in (1, 4000, 3, 3799, 3800, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)]
    found = sheets(rows)
    assert [at for sheet in found for at in sheet] == list(range(len(rows)))
    assert all(len(sheet) <= 10 for sheet in found)
    assert sheets([]) == [range(0)]


def test_document_whose_id_is_too_long_for_discord_is_found_by_what_stands_for_it() -> None:
    long = "日" * 200
    [(name, value)] = choices([("T", long)], "t")
    assert value == handle(long)
    assert len(name) <= 100


def test_hidden_gap_gives_a_form_with_nothing_in_it() -> None:
    assert template(gap("Zebediah", hidden=True)) == ""


def test_very_many_of_everything_fit_and_the_last_can_be_opened() -> None:
    text = WORST[:300]
    documents = held(text, 500)
    stand = {one.id: Standing.NOW for one in documents}
    for page in (0, 49):
        view = sources_buttons(documents, stand, page)
        assert violations(sources_embed(documents, stand, 3, page), view=view) == []
    assert opened_by(view)[-1] == handle(documents[-1].id)
    report = report_on(complaints(text, 2000), documents=500)
    files = report.by_document()
    assert sum(len(found.complaints) + len(found.left_out) for found in files) == 2000
    for page in (0, 9):
        view = lint_buttons(report, "k" * 8, page)
        assert violations(lint_embed(report, page), view=view) == []
    assert opened_by(view)[-1] == handle(files[-1].path)
    gaps = [replace(gap(text), key=f"{at}.{GAP_KEY}"[:38]) for at in range(300)]
    for page in (0, 59):
        view = gaps_buttons(gaps, page)
        assert violations(gaps_embed(gaps, page, 7), view=view) == []
    assert opened_by(view)[-1] == gaps[-1].key


def opened_by(view: discord.ui.View) -> list[str]:
    """What the menu of a list opens."""
    rows: Any = view.to_components()
    return [
        option["value"] for row in rows for part in row["components"] for option in part.get("options", ())
    ]
