"""A period in numbers, for admins and for a channel: pure. In a channel nobody is named or quoted."""

import discord

from bot.render.gaps import title_of
from bot.render.knowledge import FIELD, count, when_text, who_text
from bot.render.pages import ANSWERED
from bot.render.text import fit, line
from knowledge.digest import Digest, Stale
from knowledge.gaps import Gap
from knowledge.journal.entries import ByGeneration, Noted
from knowledge.ratings import answered, compared, helpful
from knowledge.wordings import ENOUGH

STALE = 8
CHANGES = 8
GENERATIONS = 4
MORE_GAPS = "{number:,} more: /knowledge gaps lists them"


def digest_embed(digest: Digest, *, public: bool) -> discord.Embed:
    """What happened in a period and what is open at its end; `public` where others than admins read it."""
    embed = discord.Embed(title="What people asked", color=ANSWERED, description=_asked(digest))
    for name, rows in (
        (_gaps_name(digest), _gaps(digest, public)),
        ("Growing old", _stale(digest)),
        ("How it helped", _ratings(digest)),
        ("What was published", [_change(noted, public) for noted in digest.changes[:CHANGES]]),
    ):
        if rows:
            embed.add_field(name=name, value=fit("\n".join(rows), FIELD, str), inline=False)
    embed.set_footer(text=mark_of(digest))
    return embed


def mark_of(digest: Digest) -> str:
    """By what a digest is recognized, by people and by us."""
    return f"from {digest.period.since[:10]} up to {digest.period.until[:10]}, UTC, that day not included"


def _asked(digest: Digest) -> str:
    if not digest.asked:
        return "Nobody asked anything."
    parts = [f"{digest.answered:,} answered"]
    for number, name in (
        (digest.partly, "in part"),
        (digest.declined, "declined"),
        (digest.failed, "failed"),
    ):
        parts += [f"{number:,} {name}"] if number else []
    said = f"**{count(digest.asked, 'question')}**: {', '.join(parts)}."
    if digest.disagreed:
        answers = count(digest.disagreed, "answer")
        said += f"\nIn {answers} the documents quoted state different figures or demands."
    return said


def _gaps_name(digest: Digest) -> str:
    total = len(digest.gaps) + digest.more_gaps
    new = f", {digest.new_gaps:,} of them new" if digest.new_gaps else ""
    return f"Open gaps: {total:,}{new}"


def _gaps(digest: Digest, public: bool) -> list[str]:
    """The first ones; a channel reads of none that so few asked that it could tell who they are."""
    shown = [gap for gap in digest.gaps if not public or gap.people >= ENOUGH]
    rows = [_gap(gap, public) for gap in shown]
    if left := len(digest.gaps) + digest.more_gaps - len(shown):
        rows.append(f"-# {MORE_GAPS.format(number=left)}")
    return rows


def _gap(gap: Gap, public: bool) -> str:
    """Whoever told admins a question did not tell a channel: there only what it is near to is said."""
    said = gap.subject if public else title_of(gap)
    around = f", {gap.around:,} with what is near" if gap.around > gap.people else ""
    return f"- {count(gap.people, 'person', 'people')}{around}: {line(said, 140)}"


def _stale(digest: Digest) -> list[str]:
    rows = [_old(stale) for stale in digest.stale[:STALE]]
    if len(digest.stale) > STALE:
        rows.append(f"-# and {len(digest.stale) - STALE:,} more")
    if digest.undated:
        rows.append(f"-# {count(digest.undated, 'document')} without a date")
    return rows


def _old(stale: Stale) -> str:
    return f"- {line(stale.title, 80)}, of {line(stale.date, 20)}"


def _ratings(digest: Digest) -> list[str]:
    rows = [_rated(one) for one in digest.ratings[:GENERATIONS]]
    if digest.comparable:
        before, after = digest.comparable
        rows.append(f"-# {compared(before, after)}")
    return rows


def _rated(one: ByGeneration) -> str:
    return f"- generation {one.generation}: answered {answered(one)}; helpful {helpful(one)}"


def _change(noted: Noted, public: bool) -> str:
    number = f"generation {noted.generation}" if noted.generation is not None else "a generation"
    by = "" if public else f" by {who_text(noted.who)}"
    verb = "published" if noted.deed == "published" else "came back"
    return f"- {number} {verb} {when_text(noted.at, 'd')}{by}"


def posted_text(channel: int, last: str | None, trouble: str) -> str:
    """How things stand with the weekly post, for the status."""
    if trouble:
        return trouble
    when = f"last posted {when_text(last, 'R')}" if last else "nothing posted yet"
    return f"To <#{channel}>, {when}."
