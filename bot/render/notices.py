"""What the bot says about itself, a person's data and a quote's surroundings: pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import discord

from bot.about import About
from bot.render.pages import ANSWERED, DECLINED
from bot.render.text import block, escape, fit, line, size
from knowledge.context import Context
from knowledge.journal.entries import Receipt

SHORT_HELP = (
    "Hello, I answer questions about backend engineering careers in the words of my sources. "
    "Write your question after my name, for example: what does a backend engineer do all day? "
    "With /ask you choose who sees the answer."
)

HELP = """\
I answer questions about backend engineering careers, only in the words of my documents and with the source \
under every quote. What they do not say, I do not know.

- **/ask** – *private* decides whether only you see the answer; *Share* shows it to the channel
- **Mention me** in a channel, or **write to me** privately
- **/skill**, **/skills**, **/compare** – who names which skill, by kind, side by side
- **Answer this** – hold or right-click a message, then *Apps*
- **Follow up** – the button under an answer; or reply to it and mention me, and in a private talk just ask on
- **/about** – which documents I read, and how well I do
- **/privacy** – what I keep of you, to see, take along or delete

For example:"""

PRIVACY = (
    "A question I could not answer is kept for 90 days with your id, so that what is missing can be added – "
    "unless whoever runs me has turned that off. I show its wording to nobody, admins included, before three "
    "different people asked the same or you press “Tell the admins”. Whether an answer helped I note only "
    "when you say so. What we talk about I remember for half an hour. "
    "/privacy show tells all of it; it can be exported and deleted."
)

KEPT = """\
**Without your doing** I remember what you asked and what I answered for half an hour, in memory only, so \
that you can follow up. Answers are kept for thirty days so that their buttons work – without your question \
and without your name. While an answer is on its way, I note where to send it; that goes when it arrives. \
{declined}
**When you press** Helpful or Not helpful, I store that with your id and the passages shown. When you press \
*Tell the admins*, I store the question with your id, and they can read it. Both stay until you delete them \
with /privacy delete. A page that admins write because of it stays; it does not say who asked.
**Where you change my documents** as an admin, or try to, that is logged with your id. The log stays, so \
that everybody can rely on it; who was refused is forgotten after 90 days."""

DECLINED_KEPT = """\
A question I could not answer is kept with your id, and as numbers that tell what it is about, until 90 days \
after you last asked it. Until three different people asked the same, admins see only how many did and what \
it was near to, not the words."""
DECLINED_NOT_KEPT = "Questions I could not answer are not kept here any more; older ones go after 90 days."

_MARKER = re.compile(r"(?:^|\n) *(?:-|\d+\.) ?$")

_CALLED = {
    "feedback": ("rating of an answer", "ratings of answers"),
    "told": ("question told to the admins", "questions told to the admins"),
    "declined": ("question I could not answer", "questions I could not answer"),
    "audit": ("entry in the admins' log, which stays", "entries in the admins' log, which stay"),
    "turns": ("turn of our talk", "turns of our talk"),
    "answers": ("answer", "answers"),
}
_CHECKED = re.compile(r"of (\d+) answerable, (\d+) right.*?; (\d+) of (\d+) due refusals")
FIELD = 1024
QUOTED = 1200
"""Units of a quote; what stands before and after it is short enough by itself."""
SIDE = 1350


def help_embed() -> discord.Embed:
    """What can be done, for somebody who is new."""
    return discord.Embed(title="Ask me about backend engineering careers", description=HELP, color=ANSWERED)


def about_embed(about: About | None, now: datetime) -> discord.Embed:
    """Which documents answer, since when, with which model, and how the last check went."""
    embed = discord.Embed(title="About me", color=ANSWERED)
    if about is None:
        embed.description = "My knowledge base is still empty."
        return embed
    sources = [f"- {line(source.credit, 200)}" for source in about.sources]
    embed.description = fit("I quote these documents:\n" + "\n".join(_at_most(sources, 3000)), 3900, str)
    made = int(datetime.fromisoformat(about.created).timestamp())
    embed.add_field(name="Version", value=f"{about.generation}, made <t:{made}:R>, {about.passages} passages")
    embed.add_field(name="Model", value=f"{line(about.model, 100)}, on this machine; nothing is generated")
    embed.add_field(name="Last check", value=_checked(about), inline=False)
    embed.add_field(name="Privacy", value=PRIVACY, inline=False)
    return embed


def _checked(about: About) -> str:
    checked = about.checked
    if checked is None:
        return "Not checked on this machine yet; an admin can run `check`."
    when = int(datetime.fromisoformat(checked.when).timestamp())
    older = "" if checked.generation == about.generation else f", on version {checked.generation}"
    word = "Passed" if checked.passed else "Failed"
    found = _CHECKED.search(checked.found)
    said = (
        f"Of {found[1]} recorded questions I answered {found[2]} fully, and refused {found[3]} of {found[4]} "
        "that the documents do not answer."
        if found
        else line(checked.found, 800)
    )
    return f"{word} <t:{when}:R>{older}. {said}"


def context_embed(context: Context, quote: int, of: int) -> discord.Embed:
    """A quote between what stands before and after it in its document."""
    # An item is quoted without its marker, which then stands alone at the end of what comes before.
    marker = _MARKER.search(context.before)
    start = marker.start() if marker else len(context.before)
    quoted = context.before[start:].lstrip("\n") + context.quoted.strip()
    before, after = (_around(text, context.headings) for text in (context.before[:start], context.after))
    before = f"…\n{before}" if context.before_cut and before else before
    after = f"{after}\n…" if context.after_cut and after else after
    embed = discord.Embed(
        title=line(context.source.label, 250),
        description="\n\n".join(filter(None, [before, fit(quoted, QUOTED, block), after])),
        color=ANSWERED,
    )
    embed.add_field(name="Source", value=line(context.source.credit, FIELD), inline=False)
    if of > 1:
        embed.set_footer(text=f"Quote {quote + 1} of {of}")
    return embed


def kept_embed(
    rows: Mapping[str, Sequence[Mapping[str, object]]], remembered: int, *, declined: bool
) -> discord.Embed:
    """What is kept of a person, in numbers and in their own words; `declined`: also what was not answered."""
    said = KEPT.format(declined=DECLINED_KEPT if declined else DECLINED_NOT_KEPT)
    embed = discord.Embed(title="What I keep of you", description=said, color=ANSWERED)
    counts = [f"- {_counted(table, len(found))}" for table, found in rows.items()]
    counts.append(f"- {_counted('turns', remembered)}, in memory")
    embed.add_field(name="Now", value=fit("\n".join(counts), FIELD, str), inline=False)
    for table, name in (("told", "Told to the admins"), ("declined", "Not answered")):
        # The latest, where there is no room for all: the export has them.
        questions = [f"- {line(str(row['question']), 150)}" for row in reversed(rows.get(table, ()))]
        if questions:
            embed.add_field(name=name, value="\n".join(_at_most(questions, FIELD)), inline=False)
    if deeds := [_deed(row) for row in reversed(rows.get("audit", ()))]:
        embed.add_field(name="In the admins' log", value="\n".join(_at_most(deeds, FIELD)), inline=False)
    return embed


def _deed(row: Mapping[str, object]) -> str:
    when = int(datetime.fromisoformat(str(row["at"])).timestamp())
    about = " – ".join(line(str(row[part]), 60) for part in ("about", "reason") if row[part])
    return f"- <t:{when}:d> {line(str(row['deed']), 20)}{': ' if about else ''}{about}"


def receipt_embed(receipt: Receipt, forgotten: int) -> discord.Embed:
    """What was deleted, and when."""
    lines = [f"- {_counted(table, count)}" for table, count in receipt.rows.items()]
    lines.append(f"- {_counted('answers', forgotten)} you could have followed up")
    when = int(datetime.fromisoformat(receipt.when).timestamp())
    erased = (
        "" if receipt.erased else "\nAnother program was reading just now; the last bytes go in a moment."
    )
    stays = "".join(
        f"\nThere stays: {_counted(table, count)}." for table, count in receipt.stays.items() if count
    )
    embed = discord.Embed(title="Deleted", color=DECLINED)
    said = "what I had of you" if stays else "everything I had of you"
    embed.description = f"On <t:{when}:F> I deleted {said}:\n" + "\n".join(lines) + stays + erased
    return embed


def _counted(what: str, count: int) -> str:
    one, many = _CALLED.get(what, (escape(what), escape(what)))
    return f"{count} {one if count == 1 else many}"


def _around(text: str, headings: frozenset[str]) -> str:
    """Lines beside a quote as the document has them, headings in bold."""
    # Where a sentence ends the text, the next line may have begun with no more than its marker.
    text = _MARKER.sub("", text.strip(" \n"))
    rows = (f"**{escape(row)}**" if row in headings else escape(row) for row in text.splitlines())
    return fit("\n".join(rows), SIDE, str)


def _at_most(lines: Sequence[str], room: int) -> list[str]:
    """As many of the lines as fit, escaped or not."""
    kept: list[str] = []
    for text in lines:
        room -= size(escape(text)) + 1
        if room < 0:
            break
        kept.append(text)
    return kept
