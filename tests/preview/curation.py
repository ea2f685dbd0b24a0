"""What admins see: proposals, generations and the log, with made-up deeds around real answers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import discord
from discord.http import handle_message_parameters

from bot.about import Checked, read_about
from bot.checking import Checks
from bot.jobs import Job
from bot.render.knowledge import change_embeds, group_buttons, group_embed, report_buttons, report_embed
from bot.render.knowledge_versions import (
    check_embed,
    generations_embed,
    log_buttons,
    log_embed,
    rollback_buttons,
    rollback_embed,
    status_buttons,
    status_embed,
)
from bot.wiring import Application
from index.library import Manifest
from knowledge.entities import Answer, Complaint, Question, Reply
from knowledge.gate.changes import Change, Group, Objection
from knowledge.journal.entries import ByGeneration, Noted
from knowledge.proposals import Proposal
from knowledge.reindexing import ReindexReport
from tests.preview.drawing import Message

PRIVATE = discord.MessageFlags(ephemeral=True)
BOT = {"username": "Career advisor", "bot": True}
ADA, BOB = "1311110000000000001", "1311110000000000002"
AT = "2026-11-22T09:05:00+00:00"
ASKED = (
    "Which databases are common?",
    "Do I need a degree?",
    "What does a backend engineer do all day?",
    "How much does a backend engineer earn in Berlin?",
)
FIGURES = (
    "Questions: 812 asked; of 640 answerable, {long} right within 2,000 characters, {short} within 600, "
    "{declined} declined; 165 of 172 due refusals made; "
    "{forbidden} answers that say what they must not. {said}"
)


def admin_messages(application: Application) -> Iterator[tuple[str, Message]]:
    """Each admin scene as a message with a name."""
    replies = [application.advisor.answer(Question(text)) for text in ASKED]
    proposal = proposed(replies)
    yield "admin-report", message_of(report_embed(proposal, private=True), view=report_buttons(proposal))
    tried = replace(proposal, staged=False)
    yield "admin-report-dry-run", message_of(report_embed(tried, private=True), view=report_buttons(tried))
    objected = replace(proposal, objections=_against(overridable=True))
    yield "admin-objections", message_of(report_embed(objected, private=True), view=report_buttons(objected))
    never = replace(proposal, objections=(*_against(overridable=True), *_against(overridable=False)))
    yield "admin-never", message_of(report_embed(never, private=True), view=report_buttons(never))
    found = proposal.group(Group.SOURCE_CHANGED)
    group = group_embed(found, Group.SOURCE_CHANGED, 0)
    view = group_buttons(proposal.key, found, Group.SOURCE_CHANGED, 0)
    yield "admin-group", message_of(group, view=view)
    yield "admin-before-and-after", message_of(*change_embeds(found[0]))
    [lost] = proposal.group(Group.NO_LONGER_ANSWERED)
    yield "admin-lost", message_of(*change_embeds(lost))
    yield from _versions(application, proposal)


def proposed(replies: Sequence[Reply]) -> Proposal:
    """Two pages added, one changed, one removed."""
    databases, degree, day, salary = replies
    changes = (
        *(Change(f"Question {number}?", "recorded", Group.UNCHANGED, must=True) for number in range(417)),
        Change(ASKED[0], "recorded", Group.SOURCE_CHANGED, True, databases, day, ("PostgreSQL", "Redis")),
        Change("Is there on-call duty?", "told", Group.SOURCE_CHANGED, False, degree, day),
        Change("Who is on call at night?", "listed", Group.NOW_ANSWERED, False, salary, day),
        Change(ASKED[3], "recorded", Group.NOW_ANSWERED, False, salary, degree),
        Change(ASKED[1], "recorded", Group.NO_LONGER_ANSWERED, True, degree, salary),
    )
    complaints = (
        Complaint(
            "empty", "warning", "data/documents/on-call.md", 14, "“Escalation” has no text.", "Write it."
        ),
        Complaint("no-date", "note", "data/documents/on-call.md", None, "No date is stated.", "State it."),
    )
    parts = (part for part in day.parts if isinstance(part, Answer))
    quoted = sorted({quote.source.document for part in parts for quote in part.quotes})[:1]
    report = ReindexReport(
        ("on-call", *quoted), ("day-in-the-life",), ("old-faq",), ("guide", "skills", "steps"),
        complaints, 412, 96.4, 7, published=False,
    )  # fmt: skip
    return Proposal("k3yk3y88", ADA, AT, 7, report, changes, suite={"asked": 420})


def _against(*, overridable: bool) -> tuple[Objection, ...]:
    if overridable:
        lost = f"1 question that has to be answered would be lost: “{ASKED[1]}”."
        return (Objection("must-answer-lost", lost),)
    return (Objection("removed-answers", "Removed, and still in the new index: old-faq.", overridable=False),)


def _versions(application: Application, proposal: Proposal) -> Iterator[tuple[str, Message]]:
    job = Job("The reindex", int(BOB))
    job.watch("asking", 312, 1064)
    about = read_about(application)
    status = status_embed(about, proposal, job)
    yield "admin-status", message_of(status, view=status_buttons(proposal, job))
    yield "admin-progress", message_of(content=job.progress())
    kept = [_manifest(number) for number in (7, 6, 5, 4)]
    ratings = {
        7: ByGeneration(7, 61, 9, 420, 371, 49, AT, AT),
        6: ByGeneration(6, 44, 38, 510, 402, 108, AT, AT),
        5: ByGeneration(5, 3, 1, 12, 9, 3, AT, AT),
    }
    yield "admin-generations", message_of(generations_embed(kept, 7, ratings))
    rollback = rollback_embed(_manifest(5), _manifest(7), _log()[:4])
    yield "admin-rollback", message_of(rollback, view=rollback_buttons(5, 7))
    before = Checked(6, AT, True, _figures(590, 555, 12, 0))
    better = Checks(7, "Index: generation 7 is sound (6 documents, 412 passages).", _figures(584, 556, 12, 1),
                    False, before)  # fmt: skip
    yield "admin-check", message_of(check_embed(better))
    yield "admin-log", message_of(log_embed(_log()), view=log_buttons(_log()))


def _figures(long: int, short: int, declined: int, forbidden: int) -> str:
    worse = "Worse than recorded: right within 2,000 characters 584 of 588. Most was lost in: salary (4)."
    said = "Nothing is worse than recorded." if long > 585 else worse
    return FIGURES.format(long=long, short=short, declined=declined, forbidden=forbidden, said=said)


def _manifest(number: int) -> Manifest:
    own = {6: ("old-faq",), 7: ("on-call", "what-we-pay")}.get(number, ("old-faq", "interview-tips"))
    documents = dict.fromkeys((*own, "guide", "skills", "steps"), "1") | {"day-in-the-life": str(number)}
    facts = {"published": {"who": ADA if number % 2 else BOB, "at": AT, "reason": ""}}
    created = f"2026-11-{number:02}T09:00:00+00:00"
    return Manifest(number, created, 1, "f", 384, documents, 380 + number, 800, facts, {}, 3_400_000)


def _log() -> list[Noted]:
    return [
        Noted(12, AT, ADA, "published", 7, "k3yk3y88", ""),
        Noted(11, AT, ADA, "overrode", 6, "k3yk3y88", "The degree page is wrong since the reform."),
        Noted(10, AT, ADA, "proposed", 6, "k3yk3y88", ""),
        Noted(9, AT, BOB, "added", None, "on-call", ""),
        Noted(8, AT, BOB, "removed", None, "old-faq", ""),
        Noted(7, AT, "1311110000000000003", "refused", None, "knowledge: publish", ""),
        Noted(6, AT, BOB, "discarded", 6, "aaaabbbb", ""),
        Noted(5, AT, "terminal", "rolled back", 6, "from 5", ""),
        Noted(4, AT, BOB, "drafted", None, "on-call", "for gap 3f2a"),
        Noted(3, AT, BOB, "marked", None, "3f2a", ""),
        Noted(2, AT, BOB, "dismissed", None, "77aa", ""),
        Noted(1, AT, "1311110000000000003", "refused", None, "knowledge status", ""),
    ]


def message_of(*embeds: discord.Embed, content: str = "", view: discord.ui.View | None = None) -> Message:
    with handle_message_parameters(content=content, embeds=embeds, view=view, flags=PRIVATE) as sent:
        return {
            "author": BOT,
            "interaction": {"user": "Ada", "command": "/knowledge"},
            **(sent.payload or {}),
        }
