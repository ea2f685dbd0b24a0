"""What admins see of the generations: what answers, what is kept, what was done: pure."""

import re
from collections.abc import Mapping, Sequence

import discord
from discord import ButtonStyle

from bot.about import About, Checked
from bot.checking import Checks
from bot.console import size_text
from bot.controls import Action, Control
from bot.jobs import Job
from bot.render.buttons import add_button
from bot.render.knowledge import FIELD, LISTED, count, when_text, who_text
from bot.render.pages import ANSWERED, DECLINED, UNSURE
from bot.render.text import fit, line
from index.library import Manifest
from knowledge.journal.entries import ByGeneration, Noted
from knowledge.proposals import Proposal

SOURCES = 15
OF_A_LOG = 12

_FIGURES = re.compile(
    r"of (\d+) answerable, (\d+) right within 2,000 characters, (\d+) within 600, (\d+) declined; "
    r"(\d+) of (\d+) due refusals made; (\d+) answers that say what they must not"
)
_NAMED = (
    ("right within 2,000 characters", 1, 0),
    ("right within 600 characters", 2, 0),
    ("wrongly declined", 3, 0),
    ("due refusals made", 4, 5),
)


def status_embed(about: About | None, waiting: Proposal | None, running: Job | None) -> discord.Embed:
    """What answers, what waits for a decision, what is under way."""
    if about is None:
        embed = discord.Embed(title="Nothing answers yet", color=DECLINED)
        embed.description = "There is no index; /knowledge reindex builds one."
    else:
        embed = discord.Embed(title=f"Generation {about.generation} answers", color=ANSWERED)
        embed.description = (
            f"Made {when_text(about.created)} · {count(about.passages, 'passage')} · "
            f"model {line(about.model, 80)}"
        )
        titles = [f"- {line(source.title, 100)}" for source in about.sources[:SOURCES]]
        titles += [f"- and {len(about.sources) - SOURCES} more"] if len(about.sources) > SOURCES else []
        name = count(len(about.sources), "document")
        embed.add_field(name=name, value=fit("\n".join(titles), FIELD, str) or "–", inline=False)
        if about.checked:
            embed.add_field(name="Last check", value=_checked(about.checked), inline=False)
    if waiting:
        objections = count(len(waiting.objections), "objection")
        said = f"By {who_text(waiting.who)}, {when_text(waiting.at)}, {objections}"
        embed.add_field(name="Waits for a decision", value=said, inline=False)
    if running:
        embed.add_field(name="Under way", value=running.progress(), inline=False)
    return embed


def status_buttons(waiting: Proposal | None, running: Job | None) -> discord.ui.View:
    """To open what waits, and to stop what runs."""
    view = discord.ui.View(timeout=None)
    if waiting:
        add_button(view, Control(Action.PROPOSAL, waiting.key), "Open what waits", row=0)
    if running:
        add_button(view, Control(Action.STOP, running.key), "Cancel what runs", row=0)
    return view


def generations_embed(
    kept: Sequence[Manifest], current: int | None, ratings: Mapping[int, ByGeneration]
) -> discord.Embed:
    """The kept generations, newest first, and how people rated the answers of each."""
    rows = []
    for manifest in kept[:25]:
        mark = "**→**" if manifest.generation == current else "-"
        about = [
            f"{mark} **{manifest.generation}** · {when_text(manifest.created)}",
            count(len(manifest.documents), "document"),
            count(manifest.passages, "passage"),
            size_text(manifest.size),
        ]
        rows.append(f"{' · '.join(about)}\n-# {rated_text(ratings.get(manifest.generation))}")
    embed = discord.Embed(title="Kept generations", color=ANSWERED)
    embed.description = fit("\n".join(rows) or "None yet.", 4000, str)
    embed.set_footer(text="→ answers now. /knowledge rollback goes back to another.")
    return embed


def rated_text(found: ByGeneration | None) -> str:
    """How people rated the answers of a generation, and how their questions ended."""
    if found is None:
        return "nobody asked or rated yet"
    shares = [
        f"{done:,} {name} ({100 * done // found.asked} %)" if found.asked else f"{done:,} {name}"
        for name, done in (("answered", found.answered), ("declined", found.declined))
    ]
    return (
        f"{count(found.asked, 'question')}: {', '.join(shares)} · 👍 {found.helpful:,} 👎 {found.unhelpful:,}"
    )


def rollback_embed(target: Manifest, current: Manifest, between: Sequence[Noted]) -> discord.Embed:
    """What comes back and what goes, before somebody says yes."""
    now, then = current.documents, target.documents
    embed = discord.Embed(title=f"Go back to generation {target.generation}?", color=UNSURE)
    embed.description = (
        f"It was made {when_text(target.created)} ({when_text(target.created, 'R')}), with "
        f"{count(len(then), 'document')} and {count(target.passages, 'passage')}. "
        f"Now generation {current.generation} answers; it stays, so that you can return."
    )
    changed = [name for name in then.keys() & now.keys() if then[name] != now[name]]
    for name, found in (
        ("Come back", then.keys() - now.keys()),
        ("Go", now.keys() - then.keys()),
        ("As they were then", changed),
    ):
        if found:
            embed.add_field(name=name, value=_names(sorted(found)), inline=False)
    if not embed.fields:
        embed.add_field(name="Documents", value="The same as now, word for word.", inline=False)
    if between:
        rows = [f"- {noted_text(noted)}" for noted in between[:8]]
        embed.add_field(name="Done since", value=fit("\n".join(rows), FIELD, str), inline=False)
    return embed


def rollback_buttons(target: int, current: int) -> discord.ui.View:
    """Yes or no."""
    view = discord.ui.View(timeout=None)
    control = Control(Action.ROLLBACK, str(current), str(target))
    add_button(view, control, f"Go back to {target}", row=0, style=ButtonStyle.danger)
    add_button(view, Control(Action.LEAVE), "Leave it", row=0)
    return view


def check_embed(checks: Checks) -> discord.Embed:
    """How the check went, beside the last one."""
    embed = discord.Embed(title="All is well" if checks.passed else "Something is worse", color=ANSWERED)
    embed.color = ANSWERED if checks.passed else UNSURE
    embed.description = fit(
        "\n".join(filter(None, (line(checks.index, 300), line(checks.found, 1500)))), 3000, str
    )
    if rows := _compared(checks):
        before = checks.before
        name = f"Against {when_text(before.when)}, generation {before.generation}" if before else "Figures"
        embed.add_field(name=name, value="\n".join(rows), inline=False)
    return embed


def log_embed(noted: Sequence[Noted]) -> discord.Embed:
    """What was done to the knowledge base, newest first."""
    rows = [f"- {noted_text(one)}" for one in noted]
    embed = discord.Embed(title="What was done", color=ANSWERED)
    embed.description = fit("\n".join(rows) or "Nothing yet.", 4000, str)
    return embed


def log_buttons(noted: Sequence[Noted]) -> discord.ui.View:
    """To what was done before."""
    view = discord.ui.View(timeout=None)
    if len(noted) == OF_A_LOG:
        add_button(view, Control(Action.LOG, "", str(noted[-1].id)), "Older", row=0)
    return view


def noted_text(noted: Noted) -> str:
    """One deed in a line."""
    number = f" (generation {noted.generation})" if noted.generation is not None else ""
    about = f": {line(noted.about, 80)}" if noted.about else ""
    reason = f" – “{line(noted.reason, 150)}”" if noted.reason else ""
    return f"{when_text(noted.at)} {who_text(noted.who)} **{line(noted.deed, 40)}**{about}{number}{reason}"


def _checked(checked: Checked) -> str:
    went = "went well" if checked.passed else "found something worse"
    return f"{when_text(checked.when)}, generation {checked.generation}: {went}"


def _compared(checks: Checks) -> list[str]:
    """Each figure, and what it was."""
    now = _FIGURES.search(checks.found)
    before = _FIGURES.search(checks.before.found) if checks.before else None
    if now is None:
        return []
    rows = []
    for name, at, of in _NAMED:
        was = f" (was {before[at + 1]} of {before[of + 1]})" if before else ""
        rows.append(f"{name}: **{now[at + 1]}** of {now[of + 1]}{was}")
    return rows


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return fit(", ".join(line(name, 70) for name in names[:LISTED]) + more, FIELD, str)
