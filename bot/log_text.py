"""What was done to the knowledge base, as text."""

from bot.console import moment_text
from knowledge.journal.entries import Noted


def deed_text(noted: Noted) -> str:
    """Who did what, when and why, on one line."""
    number = f"generation {noted.generation}" if noted.generation else ""
    parts = (moment_text(noted.at), noted.who, noted.deed, number, noted.about)
    why = f"  ({noted.reason})" if noted.reason else ""
    return "  ".join(part for part in parts if part) + why
