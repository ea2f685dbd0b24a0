"""A digest as plain text, and as JSON values."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from knowledge.digest import Digest
from knowledge.gaps import Gap
from knowledge.ratings import answered, compared, helpful

WORDINGS = 2
"""Wordings of a gap that are told, where any may be."""


def digest_text(digest: Digest) -> str:
    """The digest for a terminal, a fact a line."""
    return "\n".join(_lines(digest))


def digest_json(digest: Digest) -> dict[str, Any]:
    """The digest as JSON values."""
    return asdict(digest)


def gap_line(gap: Gap) -> str:
    """A gap in one line: how many, and their wordings where those may be shown, else what it is about."""
    said = " / ".join(f"“{visible(question)}”" for question in gap.questions[:WORDINGS])
    again = f"; {gap.again} since it was marked answered" if gap.again else ""
    around = f", {gap.around:,} with what is near" if gap.around > gap.people else ""
    return f"{people_text(gap.people)}{around}: {said or gap.subject}{again}"


def people_text(number: int) -> str:
    """So many people."""
    return "1 person" if number == 1 else f"{number:,} people"


def visible(question: str) -> str:
    """What somebody typed, on one line and with nothing in it that a terminal would obey."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in question).split())


def _lines(digest: Digest) -> Iterator[str]:
    period = digest.period
    yield f"From {period.since[:10]} up to {period.until[:10]} (UTC, that day not included)"
    yield (
        f"Asked {digest.asked}: {digest.answered} answered, {digest.partly} in part, "
        f"{digest.declined} declined, {digest.failed} failed."
    )
    if digest.disagreed:
        yield f"In {digest.disagreed} answers the documents quoted state different figures or demands."
    yield from _gap_lines(digest)
    yield from _document_lines(digest)
    yield from _rating_lines(digest)
    for noted in digest.changes:
        generation = f" generation {noted.generation}" if noted.generation is not None else ""
        yield f"{noted.at[:16].replace('T', ' ')} {noted.who} {noted.deed}{generation}"


def _gap_lines(digest: Digest) -> Iterator[str]:
    total = len(digest.gaps) + digest.more_gaps
    if not total:
        yield "Nothing waits to be answered."
        return
    yield f"Open gaps: {total}, of which {digest.new_gaps} new"
    yield from (f"  {gap_line(gap)}" for gap in digest.gaps)
    if digest.more_gaps:
        yield f"  … and {digest.more_gaps} more"


def _document_lines(digest: Digest) -> Iterator[str]:
    if digest.stale:
        yield f"Older than wanted: {len(digest.stale)}"
        yield from (f"  «{one.title}», {one.date}" for one in digest.stale)
    if digest.undated:
        yield f"Without a date: {digest.undated} document{'' if digest.undated == 1 else 's'}"


def _rating_lines(digest: Digest) -> Iterator[str]:
    for one in digest.ratings:
        yield f"Generation {one.generation}: answered {answered(one)}; helpful {helpful(one)}"
    if digest.comparable:
        before, after = digest.comparable
        yield f"Generation {after.generation} after {before.generation}. {compared(before, after)}"
