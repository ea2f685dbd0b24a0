"""Skills by kind, as embeds: pure."""

from collections.abc import Sequence

import discord

from bot.render.pages import ANSWERED, DECLINED
from bot.render.text import fit, line
from knowledge.skills.entries import Kind
from knowledge.skills.kinds import PLURALS
from knowledge.skills.lookup import OfKind

OF_A_PAGE = 25
"""Skills on one page, as many as a menu holds."""
_EXAMPLES = 4
_ROOM = 4000


def kinds_embed(kinds: Sequence[OfKind]) -> discord.Embed:
    """How many skills of each kind the documents name."""
    if not kinds:
        return discord.Embed(description="The documents name no skills.", color=DECLINED)
    rows = []
    for found in kinds:
        names = [counted.skill.name for counted in found.skills]
        more = ", …" if len(names) > _EXAMPLES else ""
        examples = line(", ".join(names[:_EXAMPLES]), 200)
        rows.append(f"**{_title(found.kind)}** · {len(names)}\n-# {examples}{more}")
    embed = discord.Embed(title="Skills the documents name", color=ANSWERED)
    embed.description = fit("\n".join(rows), _ROOM, str)
    return embed


def kind_embed(found: OfKind, page: int, of: int) -> discord.Embed:
    """The skills of one kind, and how many documents name each."""
    if not found.skills:
        said = f"The documents name none of these: {PLURALS[found.kind]}."
        return discord.Embed(description=said, color=DECLINED)
    shown = found.skills[page * OF_A_PAGE : (page + 1) * OF_A_PAGE]
    rows = [
        f"- {line(counted.skill.name, 100)} · {counted.documents} "
        f"document{'' if counted.documents == 1 else 's'}"
        for counted in shown
    ]
    embed = discord.Embed(title=f"{_title(found.kind)} · {len(found.skills)}", color=ANSWERED)
    embed.description = fit("\n".join(rows), _ROOM, str)
    if of > 1:
        embed.set_footer(text=f"page {page + 1} of {of}")
    return embed


def _title(kind: Kind) -> str:
    return PLURALS[kind][0].upper() + PLURALS[kind][1:]
