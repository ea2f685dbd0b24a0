"""Replies and reports as plain text: what a terminal, a pipe and the JSON contract show."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

from knowledge.calibration import Calibration
from knowledge.entities import Answer, Complaint, NoAnswer, Quote, Reply, Source
from knowledge.reindexing import ReindexReport

# Characters that are ends of lines to some readers, or half characters that no stream takes.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def json_line(value: object) -> str:
    """JSON on exactly one line, readable, and safe to write to any UTF-8 stream."""
    text = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def reply_text(reply: Reply) -> str:
    """All the text a person sees: quotes marked ">", the source under each, the bot's own words unmarked."""
    sources = _numbered(reply)
    if len(reply.parts) == 1:
        return "\n\n".join([*_body(reply.parts[0], sources), *_ending(reply.parts[0], sources)])
    blocks = [
        block
        for number, part in enumerate(reply.parts, 1)
        for block in (f"{number}. {part.heading}".strip(), *_body(part, sources))
    ]
    return "\n\n".join([*blocks, *_credits(sources)])


def reply_json(
    reply: Reply, identifier: object, latency_ms: float, explain: Sequence[Mapping[str, Any]] | None = None
) -> str:
    """One line of the terminal contract; how each part came about is in it only where that is given."""
    answers = [part for part in reply.parts if isinstance(part, Answer)]
    refusals = [part for part in reply.parts if isinstance(part, NoAnswer)]
    quotes = [quote for answer in answers for quote in answer.quotes]
    return json_line(
        {
            "id": identifier,
            "answer": reply_text(reply),
            "abstained": reply.abstained,
            "reason": refusals[0].refusal.value if refusals else None,
            "confidence": answers[0].confidence.word if answers else None,
            "sources": list(dict.fromkeys(quote.source.label for quote in quotes)),
            "quotes": [
                {
                    "text": quote.text,
                    "document": quote.source.document,
                    "section": " › ".join(quote.source.headings),
                    "passage": quote.passage,
                }
                for quote in quotes
            ],
            "related": list(dict.fromkeys(topic for part in reply.parts for topic in part.related)),
            "generation": reply.generation,
            "latency_ms": round(latency_ms, 1),
            **({} if explain is None else {"explain": list(explain)}),
        }
    )


def _numbered(reply: Reply) -> list[Source]:
    """One source of each document a reply quotes, in the order they appear."""
    quotes = (quote for part in reply.parts if isinstance(part, Answer) for quote in part.quotes)
    return list({quote.source.document: quote.source for quote in quotes}.values())


def _body(part: Answer | NoAnswer, sources: Sequence[Source]) -> list[str]:
    if isinstance(part, NoAnswer):
        return [part.sentence]
    quotes = []
    for quote, following in zip_longest(part.quotes, part.quotes[1:]):
        goes_on = following is not None and following.source == quote.source
        quotes.append(_quoted(quote) if goes_on else f"{_quoted(quote)}\n{_place(quote, sources)}")
    return [*part.leads, *quotes, *part.notes]


def _ending(part: Answer | NoAnswer, sources: Sequence[Source]) -> list[str]:
    if isinstance(part, NoAnswer):
        return _related("You could ask:", part.related)
    confidence = f"Confidence: {part.confidence.word} – {part.confidence.reason}."
    return [confidence, *_credits(sources), *_related("Related:", part.related)]


def _credits(sources: Sequence[Source]) -> list[str]:
    credited = Counter(source.credit for source in sources)
    lines = [
        # Two documents may say the same of themselves; their names differ.
        f"[{number}] {source.credit}{f' ({source.document})' if credited[source.credit] > 1 else ''}"
        for number, source in enumerate(sources, 1)
    ]
    return ["\n".join(lines)] if lines else []


def _quoted(quote: Quote) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in quote.text.splitlines())


def _place(quote: Quote, sources: Sequence[Source]) -> str:
    """Title and innermost heading; the credit with its number stands below, once."""
    section = f" › {quote.source.headings[-1]}" if quote.source.headings else ""
    number = [source.document for source in sources].index(quote.source.document) + 1
    return f"— {quote.source.title}{section} [{number}]"


def quote_text(quote: Quote) -> str:
    """A quote that stands by itself, with its source and section under it."""
    section = f" › {' › '.join(quote.source.headings)}" if quote.source.headings else ""
    return f"{_quoted(quote)}\n— {quote.source.credit}{section}"


def _related(title: str, topics: Sequence[str]) -> list[str]:
    return ["\n".join([title, *(f"  · {topic}" for topic in topics)])] if topics else []


def report_text(report: ReindexReport, *, dry_run: bool) -> str:
    """A reindex report for a person: what changed, what is wrong, which generation answers now."""
    return "\n".join([*documents_text(report), *outcome_text(report, dry_run=dry_run)])


def documents_text(report: ReindexReport) -> list[str]:
    """Lines that tell what became of which document, and what is wrong with them."""
    lines = []
    for verb, names in (("added", report.added), ("changed", report.changed), ("removed", report.removed)):
        lines += [f"  {verb:8} {name}" for name in names]
    lines.append(
        f"{count_text(len(report.added), 'document')} added, {len(report.changed)} changed, "
        f"{len(report.removed)} removed, {len(report.unchanged)} unchanged."
    )
    lines += [complaint_text(complaint) for complaint in report.complaints if complaint.severity != "note"]
    notes = sum(complaint.severity == "note" for complaint in report.complaints)
    if notes:
        lines.append(f"{count_text(notes, 'note')} about cleaned text; --json lists them.")
    return lines


def outcome_text(report: ReindexReport, *, dry_run: bool) -> list[str]:
    """Lines that tell which generation answers now."""
    if dry_run:
        return ["Dry run: nothing was changed."]
    if not report.published:
        return [f"Nothing changed; generation {report.generation} answers ({report.seconds:.2f} s)."]
    lines = [
        f"Generation {report.generation} answers now: {count_text(report.passages, 'passage')}, "
        f"{report.seconds:.1f} s."
    ]
    if report.calibration and report.calibration.near_misses:
        lines.append(calibration_text(report.calibration))
    return lines


def calibration_text(calibration: Calibration) -> str:
    """How well a generation tells what it answers from what it does not."""
    return (
        f"Declines below {calibration.floor}: tried as if new, {calibration.wrongly_declined:.1%} of "
        f"{calibration.listed:,} listed questions would be declined, {calibration.wrongly_answered:.1%} of "
        f"{calibration.near_misses:,} near misses answered."
    )


def complaint_text(complaint: Complaint) -> str:
    """One complaint on one line, with its hint."""
    place = f"{complaint.path}:{complaint.line}" if complaint.line else complaint.path
    return f"  {complaint.severity} {place}: {complaint.message} [{complaint.rule}] {complaint.hint}"


def size_text(size: int) -> str:
    """Bytes as a person reads them."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1_000:.0f} kB"


def age_text(created: str, now: datetime) -> str:
    """How long ago an ISO 8601 moment was, in its largest unit."""
    seconds = max(0, int((now - datetime.fromisoformat(created)).total_seconds()))
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return count_text(seconds // length, unit)
    return count_text(seconds, "second")


def moment_text(moment: str) -> str:
    """An ISO 8601 moment as a person reads it, to the minute."""
    return f"{moment[:16].replace('T', ' ')} UTC"


def count_text(number: int, noun: str) -> str:
    """A number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
