"""What admins see of a proposed generation: pure, always within the platform's limits."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePath

import discord
from discord import ButtonStyle

from bot.controls import Action, Control, Pressed
from bot.errors import SENTENCES
from bot.render.buttons import LABEL, OPTION, add_button
from bot.render.pages import ANSWERED, DECLINED, OFFER, UNSURE, pages
from bot.render.text import fit, flat, line, plain, size
from index.library import Busy
from knowledge.entities import Answer, Complaint, Reply, Severity
from knowledge.gate.changes import Change, Group
from knowledge.journal.entries import Noted
from knowledge.proposals import Proposal

FIELD = 1024
PARTS = 4
"""Embeds of each of two replies that stand side by side; one message holds ten."""
OF_A_PAGE = 10
EXAMPLES = 3
LISTED = 12
OBJECTIONS = 6

TITLES: Mapping[Group, str] = {
    Group.NO_LONGER_ANSWERED: "no longer answered",
    Group.SOURCE_CHANGED: "answered with other quotes",
    Group.NOW_ANSWERED: "now answered",
    Group.UNCHANGED: "as before",
}
"""What becomes of a question, the worst first."""
ASKED_NOTHING = (
    "No question was asked of both, so nobody knows what would change in the answers: none is known, or what "
    "answers now was made by another model or version of me."
)
NOT_RECORDED = (
    "The recorded questions were not asked, since not all documents that they are about answer now; "
    "these are listed by documents, or were told to the admins."
)
_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
HELD = "My knowledge base is being changed by {who} since {since}. Please try again when that is done."
_HELD = re.compile(r"changed by (.{1,60}) since (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00)")
NOT_ASKED_FOR = (
    "None of these is answered from what would be added, so this tells nothing about that. Ask once it is "
    "published, or have the documents list the questions that they answer."
)
NOBODY = "I don't answer this."


def who_text(who: str) -> str:
    """Somebody as they are kept in the journal: the id of a person, or another word such as the terminal."""
    return f"<@{who}>" if who.isascii() and who.isdigit() else line(who, 60)


def when_text(iso: str, style: str = "f") -> str:
    """A moment as Discord shows it, in everybody's own time."""
    return f"<t:{int(datetime.fromisoformat(iso).timestamp())}:{style}>"


def busy_text(error: Busy) -> str:
    """Who else is writing and since when, as far as is known; nothing else of the error."""
    held = _HELD.search(str(error))
    if held is None:
        return SENTENCES[Busy]
    return HELD.format(who=who_text(held[1]), since=when_text(held[2], "t"))


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def report_embed(proposal: Proposal, *, private: bool, overtaken: int | None = None) -> discord.Embed:
    """What a proposal would change. Where others read along, nobody's own words are among the examples.

    `overtaken` is the generation that answers now, if it is not the one this was compared with.
    """
    blocked = overtaken is not None or any(not objection.overridable for objection in proposal.objections)
    color = DECLINED if blocked else UNSURE if proposal.objections else ANSWERED
    embed = discord.Embed(title=_title(proposal), color=color)
    report = proposal.report
    compared = f"compared with generation {proposal.base}" if proposal.base else "nothing answers yet"
    about = [count(report.passages, "passage"), f"{report.seconds:,.1f} s", compared]
    done = "Proposed" if proposal.staged else "Tried"
    said = f"{' · '.join(about)}\n{done} by {who_text(proposal.who)}, {when_text(proposal.at)}"
    embed.description = said
    embed.add_field(name="Documents", value=fit(_documents(proposal), FIELD, str), inline=False)
    if report.complaints:
        value = fit(_complaints(report.complaints), FIELD, str)
        embed.add_field(name="Complaints", value=value, inline=False)
    if proposal.changes:
        name = f"{count(len(proposal.changes), 'question')} asked before and after"
        embed.add_field(name=name, value=_groups(proposal, private), inline=False)
    elif proposal.base and not proposal.unchanged:
        embed.add_field(name="Answers", value=ASKED_NOTHING, inline=False)
    if proposal.objections:
        rows = [
            f"{'⚠️' if objection.overridable else '⛔'} {line(objection.sentence, 300)}"
            for objection in proposal.objections[:OBJECTIONS]
        ]
        embed.add_field(name="Objections", value=fit("\n".join(rows), FIELD, str), inline=False)
    if said := _footer(proposal, overtaken):
        embed.set_footer(text=said)
    return embed


def report_buttons(proposal: Proposal, *, overtaken: bool = False) -> discord.ui.View:
    """To open the questions of a group, and to decide; what was overtaken can only be discarded."""
    view = discord.ui.View(timeout=None)
    options = [
        discord.SelectOption(label=f"{TITLES[group]}: {len(found):,}", value=group.name)
        for group in TITLES
        if (found := proposal.group(group))
    ]
    if options:
        control = Control(Action.GROUP, proposal.key)
        view.add_item(_menu(control, "Open the questions of a group", options, row=0))
    if not proposal.staged:
        return view
    if overtaken:
        pass
    elif not proposal.objections:
        control = Control(Action.PUBLISH, proposal.key)
        add_button(view, control, "Publish", row=1, style=ButtonStyle.success)
    elif all(objection.overridable for objection in proposal.objections):
        control = Control(Action.OVERRIDE, proposal.key)
        add_button(view, control, "Publish all the same …", row=1, style=ButtonStyle.danger)
    add_button(view, Control(Action.DISCARD, proposal.key), "Discard", row=1)
    return view


def group_embed(found: Sequence[Change], group: Group, page: int) -> discord.Embed:
    """The questions of which the same became, a page of them."""
    first = page * OF_A_PAGE
    rows = [
        f"{number}. {_question(change, 200)}{_marks(change)}"
        for number, change in enumerate(found[first : first + OF_A_PAGE], first + 1)
    ]
    title = f"{count(len(found), 'question')} {TITLES[group]}"
    embed = discord.Embed(title=title, description=fit("\n".join(rows), 4000, str), color=ANSWERED)
    if (of := pages_of(found)) > 1:
        embed.set_footer(text=f"page {page + 1} of {of}")
    return embed


def pages_of(found: Sequence[Change]) -> int:
    """On how many pages so many questions are listed."""
    return max(1, -(-len(found) // OF_A_PAGE))


def group_buttons(key: str, found: Sequence[Change], group: Group, page: int) -> discord.ui.View:
    """To open one question, and to turn the pages."""
    view = discord.ui.View(timeout=None)
    first = page * OF_A_PAGE
    options = [
        discord.SelectOption(label=plain(f"{number + 1}. {_shown(change)}", OPTION), value=str(number))
        for number, change in enumerate(found[first : first + OF_A_PAGE], first)
        if change.before or change.after
    ]
    if options:
        control = Control(Action.CHANGE, key, group.name)
        view.add_item(_menu(control, "Before and after", options, row=0))
    if page > 0:
        add_button(view, Control(Action.GROUP, key, f"{group.name}.{page - 1}"), f"‹ Page {page}", row=1)
    if page + 1 < (of := pages_of(found)):
        control = Control(Action.GROUP, key, f"{group.name}.{page + 1}")
        add_button(view, control, f"Page {page + 2} of {of} ›", row=1)
    return view


def change_embeds(change: Change) -> list[discord.Embed]:
    """One question, and what a member would see before and after."""
    head = discord.Embed(title=TITLES[change.group].capitalize(), color=ANSWERED)
    head.description = _question(change, 600) + _marks(change)
    if change.lost_facts:
        rows = [f"- {line(fact, 120)}" for fact in change.lost_facts[:LISTED]]
        head.add_field(name="No longer said", value=fit("\n".join(rows), FIELD, str), inline=False)
    sides = [_side("Before", change.before), _side("After", change.after)]
    return [head, *(embed for embeds in sides for embed in embeds)]


def decided_text(decided: Noted | None, why: str = "") -> str:
    """Who was faster, and with what; where nobody was, why it cannot be decided."""
    if decided is None:
        said = line(why, 300) or "This was decided or replaced already."
        return f"{said} /knowledge status tells what waits."
    number = f" as generation {decided.generation}" if decided.deed == "published" else ""
    done = line(decided.deed, 40)
    return f"This was {done}{number} already, by {who_text(decided.who)}, {when_text(decided.at, 'R')}."


def _title(proposal: Proposal) -> str:
    if proposal.unchanged:
        return "Nothing changed"
    if not proposal.staged:
        return "What would change (tried only, nothing was kept)"
    return "What would change"


def _documents(proposal: Proposal) -> str:
    report = proposal.report
    kinds = {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unchanged": report.unchanged,
    }
    rows = [", ".join(f"{len(found):,} {kind}" for kind, found in kinds.items())]
    for kind, found in list(kinds.items())[:3]:
        if found:
            more = f" and {len(found) - LISTED} more" if len(found) > LISTED else ""
            rows.append(f"**{kind}** {', '.join(line(name, 60) for name in found[:LISTED])}{more}")
    return "\n".join(rows)


def _complaints(complaints: Sequence[Complaint]) -> str:
    counts = Counter(complaint.severity for complaint in complaints)
    rows = [", ".join(count(counts[kind], kind) for kind in _SEVERITIES if counts[kind])]
    gravest = sorted(complaints, key=lambda complaint: _SEVERITIES.index(complaint.severity))
    rows += [f"- {complaint_text(complaint)}" for complaint in gravest[:5] if complaint.severity != "note"]
    return "\n".join(rows)


def complaint_text(complaint: Complaint) -> str:
    """A complaint in a line; of its file only the name, for where it lies is nobody's business here."""
    place = PurePath(complaint.path).name
    at = f"{place}:{complaint.line}" if complaint.line else place
    return f"{complaint.severity}: {line(at, 80)} – {line(complaint.message, 200)}"


def _groups(proposal: Proposal, private: bool) -> str:
    """Every count whatever there is to say, with as many examples as there is room for."""
    rows, notes = [], []
    less = count(sum(bool(change.lost_facts) for change in proposal.changes), "says less", "say less")
    for group, title in TITLES.items():
        found = proposal.group(group)
        rows.append(f"**{len(found):,}** {title}")
        if group is Group.UNCHANGED:
            rows += [f"of all these, {less} than before"] if less[0] != "0" else []
            continue
        shown = [change for change in found if private or change.origin != "told"]
        rows += [f"-# {_question(change, 70)}{_marks(change)}" for change in shown[:EXAMPLES]]
    if not any(change.origin == "recorded" for change in proposal.changes):
        notes.append(f"-# {NOT_RECORDED}")
    if proposal.report.added and not _quoted(proposal) & set(proposal.report.added):
        notes.append(f"-# {NOT_ASKED_FOR}")
    while size("\n".join([*rows, *notes])) > FIELD:
        del rows[max(at for at, row in enumerate(rows) if row.startswith("-# "))]
    return "\n".join([*rows, *notes])


def _quoted(proposal: Proposal) -> set[str]:
    """The documents that are quoted where an answer changes."""
    replies = [change.after for change in proposal.changes if change.after]
    answers = [part for reply in replies for part in reply.parts if isinstance(part, Answer)]
    return {quote.source.document for answer in answers for quote in answer.quotes}


def _footer(proposal: Proposal, overtaken: int | None) -> str:
    if proposal.unchanged or not proposal.staged:
        return ""
    if overtaken is not None:
        return f"Outdated: generation {overtaken} answers now. Reindex again to see what would change."
    if any(not objection.overridable for objection in proposal.objections):
        return "This can't be published."
    return "Until somebody publishes it, everything is answered as before."


def _shown(change: Change) -> str:
    return flat(change.question) or "(deleted by who asked it)"


def _question(change: Change, room: int) -> str:
    return line(_shown(change), room)


def _marks(change: Change) -> str:
    marks = ["has to be answered"] if change.must and change.group is Group.NO_LONGER_ANSWERED else []
    marks += ["says less"] if change.lost_facts else []
    wrongly = change.declinable and change.group is Group.NOW_ANSWERED
    marks += ["recorded as one to decline"] if wrongly else []
    marks += ["somebody told the admins"] if change.origin == "told" else []
    return f" ({', '.join(marks)})" if marks else ""


def _side(name: str, reply: Reply | None) -> list[discord.Embed]:
    if reply is None:
        return [discord.Embed(description=NOBODY, color=DECLINED).set_author(name=name)]
    shown = pages(reply)
    first, *others = [_alone(embed) for embed in shown[0].embeds[:PARTS]]
    cut = len(shown) > 1 or len(shown[0].embeds) > PARTS
    more = " · the beginning" if cut else ""
    return [first.set_author(name=f"{name} · generation {reply.generation}{more}"), *others]


def _alone(embed: discord.Embed) -> discord.Embed:
    """A copy that announces no buttons, for there are none."""
    copied = embed.copy()
    return copied.remove_footer() if copied.footer.text == OFFER else copied


def _menu(control: Control, placeholder: str, options: list[discord.SelectOption], *, row: int) -> Pressed:
    menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=str(control), placeholder=plain(placeholder, LABEL), options=options, row=row
    )
    return Pressed(menu)
