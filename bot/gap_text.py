"""What people asked in vain as text for a terminal, and the beginning of a page that answers it."""

import json
from datetime import date

from bot.digest_text import gap_line, people_text, visible
from knowledge.gaps import Gap


def gap_text(gap: Gap) -> str:
    """A gap with its reasons, when it was asked, and the key that marks it."""
    reasons = ", ".join(f"{reason} ({people_text(n)})" for reason, n in gap.reasons.items())
    asked = f"first {gap.first[:10]}, last {gap.last[:10]}"
    lines = [gap_line(gap), f"    {reasons}", f"    {asked}; key {gap.key}"]
    indent = "  " if gap.beside else ""
    return "\n".join(f"{indent}{line}" for line in lines)


def page_template(gap: Gap, today: date) -> str:
    """A Markdown page with nothing under its heading, which is the question where that may be seen."""
    heading = visible(gap.questions[0]) if gap.questions else "Title"
    title = heading.rstrip("?？ ") or heading
    return "\n".join(
        [
            "---",
            f"title: {_quoted(title)}",
            f"date: {today.isoformat()}",
            "---",
            "",
            f"## {heading}",
            "",
            "",
        ]
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
