"""What admins see of documents, complaints, gaps and the digest: made up, in the very form the bot sends."""

from collections.abc import Iterator

from bot.render.complaints import file_buttons, file_embed, lint_buttons, lint_embed
from bot.render.digest import digest_embed
from bot.render.documents import (
    Standing,
    added_text,
    document_buttons,
    document_embed,
    reindex_button,
    remove_buttons,
    remove_embed,
    removed_text,
    sources_buttons,
    sources_embed,
    standing_of,
    upload_buttons,
    upload_embed,
)
from bot.render.gaps import gap_buttons, gap_embed, gaps_buttons, gaps_embed, settled_text
from knowledge.digest import Digest, Period, Stale
from knowledge.documents.entries import Held, Place, Removed, Upload
from knowledge.entities import Complaint, Document, Origin, Section
from knowledge.gaps import Gap
from knowledge.journal.entries import ByGeneration, Noted
from knowledge.linting.reports import report_on
from tests.preview.curation import ADA, AT, BOB, message_of
from tests.preview.drawing import Message

TEXT = """\
Every backend engineer of the team is on call for one week in six. A week on call is paid with 420 euros, \
and each incident at night with 60 euros more.

Handing over

The week is handed over on Wednesday at 10, with a written note of everything that is still open.

Escalation

1. Call whoever is on call second.
2. After fifteen minutes without an answer, call the team's lead."""
OWN = "documents/on-call~2/on-call.pdf"
COMPLAINTS = (
    Complaint("empty", "warning", OWN, 14, "Heading with nothing under it: “Who decides”.", "Write it."),
    Complaint("mojibake", "error", OWN, 22, "Garbled characters are dropped: “cafÃ©”.", "Save it as UTF-8."),
    Complaint("no-date", "note", OWN, None, "No date is stated.", "State it."),
)
GONE = "nothing about this in the knowledge base, near «On-call duty and pay»"


def document_messages() -> Iterator[tuple[str, Message]]:
    """Each scene as a message with a name."""
    yield from _adding()
    yield from _looking()
    yield from _lint()
    yield from _gaps()
    for public in (False, True):
        name = "admin-digest-posted" if public else "admin-digest"
        yield name, message_of(digest_embed(_digest(), public=public))


def _adding() -> Iterator[tuple[str, Message]]:
    upload = _upload(TEXT, COMPLAINTS, "on-call")
    yield "admin-upload", message_of(upload_embed(upload, 0), view=upload_buttons(upload, 0))
    plain = _upload(TEXT, (), None)
    yield "admin-upload-clean", message_of(upload_embed(plain, 0), view=upload_buttons(plain, 0))
    long = _upload("\n\n".join([TEXT] * 12), (), None)
    yield "admin-upload-long", message_of(upload_embed(long, 1), view=upload_buttons(long, 1))
    yield "admin-rejected", message_of(content="Not taken: It is called .pdf, but is no PDF.")
    yield "admin-added", message_of(content=added_text(upload), view=reindex_button())


def _upload(text: str, complaints: tuple[Complaint, ...], replaces: str | None) -> Upload:
    origin = Origin("Mara Lindqvist", "2026-03-01", None, "https://intranet.example/on-call")
    parts = tuple(
        Section((name,), text.index(name), text.index(name)) for name in ("Handing over", "Escalation")
    )
    title = "On-call duty and pay"
    found = Document("on-call", title, text, parts, origin, "0", OWN)
    words = len(text.split())
    return Upload("k3yk3y88", "on-call.pdf", (found,), 4, words, text, complaints, replaces, ADA, AT)


def _looking() -> Iterator[tuple[str, Message]]:
    held = [
        _held("guide", "Backend Engineer", "shipped", None),
        _held("on-call", "On-call duty and pay", "added", "2026-11-20", COMPLAINTS),
        _held("probation", "Probation and notice", "added", "2026-11-22", indexed=False),
        _held("old-faq", "Old questions and answers", "gone", None),
        *(_held(f"page-{at}", f"Page {at} of the handbook", "folder", "2026-10-02") for at in range(1, 21)),
    ]
    standings = {one.id: standing_of(one, ("guide", "on-call"), ("old-faq",)) for one in held}
    view = sources_buttons(held, standings, 0)
    yield "admin-sources", message_of(sources_embed(held, standings, 2, 0), view=view)
    for one in held[1:4]:
        view = document_buttons(one)
        yield f"admin-document-{one.id}", message_of(document_embed(one, standings[one.id]), view=view)
    asked = remove_embed(held[1], Standing.NOW)
    yield "admin-remove", message_of(asked, view=remove_buttons(held[1]))
    removed = Removed("on-call", held[1].title, "added", AT, "2026-12-22T00:00:00+00:00")
    yield "admin-removed", message_of(content=removed_text(removed, Standing.NOW), view=reindex_button())


def _held(
    name: str,
    title: str,
    place: Place,
    changed: str | None,
    complaints: tuple[Complaint, ...] = (),
    *,
    indexed: bool = True,
) -> Held:
    return Held(name, title, 4, 632, changed, complaints, place, indexed)


def _lint() -> Iterator[tuple[str, Message]]:
    others = (
        Complaint("near-duplicate", "warning", "documents/faq.md", 3, "Says almost the same as “On call”.",
                  "Keep one of them, or say in each what is different."),
        Complaint("no-author", "note", "documents/handbook.jsonl", None, "No author is stated.",
                  "State the author.", 40),
    )  # fmt: skip
    report = report_on((*COMPLAINTS, *others), documents=24)
    yield "admin-lint", message_of(lint_embed(report, 0), view=lint_buttons(report, "k3y", 0))
    found = report.by_document()[0]
    yield "admin-lint-file", message_of(file_embed(found, 0), view=file_buttons(found, "k3y", 0))
    clean = report_on((), documents=4)
    yield "admin-lint-clean", message_of(lint_embed(clean, 0), view=lint_buttons(clean, "k3y", 0))


def _gaps() -> Iterator[tuple[str, Message]]:
    found = _open_gaps()
    yield "admin-gaps", message_of(gaps_embed(found, 0, 12), view=gaps_buttons(found, 0))
    yield "admin-gaps-none", message_of(gaps_embed([], 0), view=gaps_buttons([], 0))
    yield "admin-gap-open", message_of(gap_embed(found[0]), view=gap_buttons(found[0]))
    yield "admin-gap-hidden", message_of(gap_embed(found[1]), view=gap_buttons(found[1]))
    said = "\n".join(settled_text(found[0], answered) for answered in (True, False))
    yield "admin-gap-settled", message_of(content=said)


def _open_gaps() -> list[Gap]:
    asked = ("How much is the signing bonus?", "Is there a signing bonus", "signing bonus how high?")
    nothing = "nothing about this in the knowledge base"
    return [
        Gap("a.b.c", 7, asked, False, f"{nothing}, near «What we pay»", {nothing: 6, "told to the admins": 1},
            AT, AT, "open", again=2),
        Gap("d", 2, (), True, GONE, {nothing: 2}, AT, AT, "open"),
        Gap("e", 1, (), False, "answers quoting «On-call duty and pay» did not help", {"did not help": 1},
            AT, AT, "open"),
    ]  # fmt: skip


def _digest() -> Digest:
    gaps = tuple(_open_gaps())
    ratings = (ByGeneration(7, 61, 9, 420, 371, 49, AT, AT), ByGeneration(6, 44, 38, 510, 402, 108, AT, AT))
    changes = (Noted(12, AT, ADA, "published", 7, "", ""), Noted(9, AT, BOB, "rolled back", 6, "from 7", ""))
    return Digest(
        period=Period("2026-11-16T00:00:00.000+00:00", "2026-11-23T00:00:00.000+00:00"),
        asked=523, answered=401, partly=12, declined=98, failed=12, disagreed=3,
        gaps=gaps, more_gaps=4, new_gaps=3,
        stale=(Stale("old", "How we hire", "2024-02-11", 640),), undated=4,
        ratings=ratings, changes=changes,
    )  # fmt: skip
