"""What people asked in vain as text for a terminal, and the beginning of a page that answers it."""

import json
from datetime import date

from bot.console import count_text
from bot.digest_text import gap_line
from knowledge.gaps import Gap


def gap_text(gap: Gap) -> str:
    """A gap with its reasons, when it was asked, and the key that marks it."""
    reasons = ", ".join(f"{reason} ({count_text(n, 'time')})" for reason, n in gap.reasons.items())
    asked = f"first {gap.first[:10]}, last {gap.last[:10]}"
    return "\n".join(
        [gap_line(gap), f"    {reasons}" if reasons else "", f"    {asked}; key {gap.key}"]
    ).replace("\n\n", "\n")


def page_template(gap: Gap, today: date) -> str:
    """A Markdown page with nothing under its heading; it lists the wordings that may be seen."""
    heading = _flat(gap.questions[0]) if gap.questions else "Title"
    title = heading.rstrip("?？ ") or heading
    listed = [f"topics:\n  {_quoted(heading)}: [{', '.join(_quoted(_flat(one)) for one in gap.questions)}]"]
    return "\n".join(
        [
            "---",
            f"title: {_quoted(title)}",
            f"date: {today.isoformat()}",
            *(listed if gap.questions else []),
            "---",
            "",
            f"## {heading}",
            "",
            "",
        ]
    )


def _flat(question: str) -> str:
    return " ".join(question.split())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
