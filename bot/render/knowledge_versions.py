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
from bot.render.knowledge import FIELD, count, when_text, who_text
from bot.render.pages import ANSWERED, DECLINED, UNSURE
from bot.render.text import fit, line, size
from index.library import Manifest
from knowledge.entities import Source
from knowledge.journal.entries import ByGeneration, Noted
from knowledge.proposals import Proposal
from knowledge.ratings import answered, compared, helpful

SOURCES = 15
REFUSED = "refused"
"""Marks the pages of the log that tell who was refused."""
OF_A_LOG = 12

_FIGURES = re.compile(
    r"; of (\d+) answerable, (\d+) right within 2,000 characters, (\d+) within 600, (\d+) declined; "
    r"(\d+) of (\d+) due refusals made; (\d+) answers that say what they must not\. ?"
)
_NAMED = (
    ("right within 2,000 characters", 1, 0),
    ("right within 600 characters", 2, 0),
    ("wrongly declined", 3, 0),
    ("due refusals made", 4, 5),
    ("say what they must not", 6, None),
)
_FIRST = "This is the first check here; the next one is shown beside it."
_STAYS = "The documents themselves stay as they are now: the next reindex reads those again."


def status_embed(
    about: About | None, waiting: Proposal | None, running: Job | None, *, overtaken: bool = False
) -> discord.Embed:
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
        titles = [f"- {_titled(source, about.sources)}" for source in about.sources[:SOURCES]]
        titles += [f"- and {len(about.sources) - SOURCES} more"] if len(about.sources) > SOURCES else []
        name = count(len(about.sources), "document")
        embed.add_field(name=name, value=fit("\n".join(titles), FIELD, str) or "–", inline=False)
        if about.checked:
            embed.add_field(name="Last check", value=_checked(about.checked), inline=False)
    if waiting:
        against = count(len(waiting.objections), "objection") if waiting.objections else "no objections"
        said = f"Proposed by {who_text(waiting.who)}, {when_text(waiting.at)}, {against}"
        said += "\nOutdated: another generation answers by now." if overtaken else ""
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
    rows = [_generation(one, current, ratings.get(one.generation)) for one in kept[:25]]
    embed = discord.Embed(title="Kept generations", color=ANSWERED)
    embed.description = fit("\n".join(rows) or "None yet.", 4000, str)
    now = ratings.get(current or 0)
    if now and (before := _before(now, ratings)):
        name = f"Generation {now.generation} beside {before.generation}, which answered before"
        embed.add_field(name=name, value=compared(before, now), inline=False)
    embed.set_footer(text="→ answers now. /knowledge rollback goes back to another.")
    return embed


def _generation(manifest: Manifest, current: int | None, rated: ByGeneration | None) -> str:
    mark = "→ " if manifest.generation == current else ""
    about = [
        f"{mark}**{manifest.generation}** · {when_text(manifest.created)}",
        count(len(manifest.documents), "document"),
        count(manifest.passages, "passage"),
        size_text(manifest.size),
    ]
    by = manifest.facts.get("published")
    who = f"published by {who_text(str(by['who']))}; " if isinstance(by, Mapping) and by.get("who") else ""
    return f"{' · '.join(about)}\n-# {who}{rated_text(rated)}"


def _before(now: ByGeneration, ratings: Mapping[int, ByGeneration]) -> ByGeneration | None:
    """The generation that people asked or rated last, but for the one that answers now."""
    others = [one for one in ratings.values() if one.generation != now.generation]
    return max(others, key=lambda one: (one.last, one.generation), default=None)


def rated_text(found: ByGeneration | None) -> str:
    """How many of its questions a generation answered, and how people rated the answers, as far as known."""
    if found is None:
        return "nobody asked or rated yet"
    return f"answered {answered(found)} · helpful {helpful(found)}"


def rollback_embed(target: Manifest, current: Manifest, between: Sequence[Noted]) -> discord.Embed:
    """What comes back and what goes, before somebody says yes."""
    now, then = current.documents, target.documents
    embed = discord.Embed(title=f"Go back to generation {target.generation}?", color=UNSURE)
    embed.description = (
        f"It was made {when_text(target.created)} ({when_text(target.created, 'R')}), with "
        f"{count(len(then), 'document')} and {count(target.passages, 'passage')}. "
        f"Now generation {current.generation} answers; it is kept, so that you can return. {_STAYS}"
    )
    changed = [name for name in then.keys() & now.keys() if then[name] != now[name]]
    for name, found in (
        ("Would come back", then.keys() - now.keys()),
        ("Would go", now.keys() - then.keys()),
        ("Would be as they were then", changed),
    ):
        if found:
            title = f"{name}: {count(len(found), 'document')}"
            embed.add_field(name=title, value=_names(sorted(found)), inline=False)
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
    color = ANSWERED if checks.passed else UNSURE if checks.index else DECLINED
    embed = discord.Embed(title=_went(checks), color=color)
    rows = _compared(checks)
    # The figures stand below, one a line.
    found = _FIGURES.sub(". ", checks.found) if rows else checks.found
    embed.description = fit("\n".join(filter(None, (line(checks.index, 300), line(found, 1500)))), 3000, str)
    if rows:
        embed.add_field(name="Recorded questions", value="\n".join(rows), inline=False)
    return embed


def _went(checks: Checks) -> str:
    if not checks.index:
        return "The index is not sound"
    if not checks.passed:
        return "Something is worse than recorded"
    return "All is well" if _FIGURES.search(checks.found) else "The index is sound"


def log_embed(noted: Sequence[Noted], *, refused: bool = False) -> discord.Embed:
    """What was done to the knowledge base, or who was not allowed to do it, newest first."""
    rows = [f"- {noted_text(one)}" for one in noted]
    embed = discord.Embed(title="Who was refused" if refused else "What was done", color=ANSWERED)
    embed.description = fit("\n".join(rows) or ("Nobody." if refused else "Nothing yet."), 4000, str)
    return embed


def log_buttons(noted: Sequence[Noted], *, refused: bool = False) -> discord.ui.View:
    """To what was done before."""
    view = discord.ui.View(timeout=None)
    if len(noted) == OF_A_LOG:
        control = Control(Action.LOG, REFUSED if refused else "", str(noted[-1].id))
        add_button(view, control, "Older", row=0)
    return view


def noted_text(noted: Noted) -> str:
    """One deed as a sentence."""
    return f"{when_text(noted.at)} {who_text(noted.who)} {_deed(noted)}"


def _deed(noted: Noted) -> str:
    number, about = noted.generation, line(noted.about, 80)
    match noted.deed:
        case "proposed":
            return f"proposed what would follow {_numbered(number)}"
        case "published":
            why = f" ({line(noted.reason, 80)})" if noted.reason else ""
            return f"**published** {_numbered(number)}{why}"
        case "overrode":
            return f"**overrode the objections**, because: “{line(noted.reason, 300)}”"
        case "discarded":
            return "**discarded** what was proposed"
        case "rolled back":
            return f"**went back** to {_numbered(number)}{f', {about}' if about else ''}"
        case "refused":
            command, _, pressed = about.partition(": ")
            return f"was **refused** {f'a press or form: {pressed}' if pressed else f'/{command}'}"
        case "marked" | "dismissed":
            return "marked a gap as answered" if noted.deed == "marked" else "dismissed a gap"
        case "drafted" if number is None:
            return f"wrote **{about}** for a gap"
        case "drafted":
            return f"saw that **{about}**, written for a gap, answers: {_numbered(number)}"
    why = f" – “{line(noted.reason, 150)}”" if noted.reason else ""
    at = f" ({_numbered(number)})" if number is not None else ""
    return f"{line(noted.deed, 40)} **{about}**{at}{why}"


def _numbered(number: int | None) -> str:
    return f"generation {number}" if number is not None else "nothing"


def _titled(source: Source, sources: Sequence[Source]) -> str:
    """A title; where several documents have the same one, with what tells them apart."""
    same = sum(source.title == other.title for other in sources) > 1
    return f"{line(source.title, 100)}{f' ({line(source.document, 60)})' if same else ''}"


def _checked(checked: Checked) -> str:
    went = "went well" if checked.passed else "found something worse"
    return f"{when_text(checked.when)}, generation {checked.generation}: {went}"


def _compared(checks: Checks) -> list[str]:
    """Each figure, and what it was the last time."""
    now = _FIGURES.search(checks.found)
    if now is None:
        return []
    last = checks.before
    before = _FIGURES.search(last.found) if last else None
    rows = []
    for name, at, of in _NAMED:
        figure, was = (_figure(found, at, of) if found else "" for found in (now, before))
        beside = "" if not was else " – as before" if was == figure else f" – was {was}"
        rows.append(f"{name}: **{figure}**{beside}")
    said = f"before: {when_text(last.when)}, generation {last.generation}" if last and before else _FIRST
    return [*rows, f"-# {said}"]


def _figure(found: re.Match[str], at: int, of: int | None) -> str:
    return found[at + 1] if of is None else f"{found[at + 1]} of {found[of + 1]}"


def _names(names: Sequence[str]) -> str:
    """As many as there is room for, and how many more there are."""
    shown = [line(name, 70) for name in names]
    for kept in range(len(shown), 0, -1):
        more = f" and {len(shown) - kept:,} more" if kept < len(shown) else ""
        if size(said := f"{', '.join(shown[:kept])}{more}") <= FIELD:
            return said
    return count(len(shown), "document")
