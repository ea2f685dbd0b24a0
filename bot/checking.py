"""`check`: is the index sound, and does it still answer the recorded questions?"""

from collections.abc import Callable

from bot.console import reply_text
from bot.wiring import Application
from knowledge.corpus.reading import packaged_articles, read_corpus
from knowledge.suite import Case, Outcome, Tally, load, score, tally


class CheckFailed(Exception):
    """Something is wrong with what answers now; the message says what."""


FEWEST_RIGHT = 0.80
FEWEST_REFUSED = 0.80
"""Shares of the recorded questions below which something is broken, not merely different."""


def check_index(application: Application) -> str:
    """One line about the generation that answers; its files are verified on opening. Raises CheckFailed."""
    snapshot = application.library.current()
    if snapshot is None:
        raise CheckFailed("There is no sound index; the next start or a reindex builds one.")
    if not application.reindexer.fits(snapshot):
        raise CheckFailed("The index was made with another model or version; the next start rebuilds it.")
    manifest = snapshot.manifest
    return (
        f"Index: generation {manifest.generation} is sound "
        f"({len(manifest.documents)} documents, {manifest.passages} passages)."
    )


def check_questions(application: Application, progress: Callable[[int, int], None]) -> str:
    """Replay the recorded questions on what answers now. Raises CheckFailed where too many go wrong."""
    snapshot = application.library.current()
    shipped = read_corpus([packaged_articles()], size_limit=application.settings.file_limit).documents
    if snapshot is None or not snapshot.manifest.documents.keys() >= {article.id for article in shipped}:
        return "Questions: none asked; the recorded ones are about the shipped articles, not in this index."
    cases = load()
    outcomes = []
    for number, case in enumerate(cases, 1):
        outcomes.append(_outcome(application, case))
        progress(number, len(cases))
    figures = tally(outcomes)
    line = _figures_text(figures, len(cases))
    if (
        figures.forbidden
        or (figures.right_long or 0.0) < FEWEST_RIGHT
        or (figures.refusals_made or 0.0) < FEWEST_REFUSED
    ):
        raise CheckFailed(f"{line} That is worse than it should be.")
    return line


def _outcome(application: Application, case: Case) -> Outcome:
    reply = application.advisor.answer(case.question)
    return score(case, reply_text(reply), reply.abstained)


def _figures_text(figures: Tally, total: int) -> str:
    return (
        f"Questions: {total} asked; {_percent(figures.right_long)} of the answerable fully right, "
        f"{_percent(figures.refusals_made)} of due refusals made, "
        f"{figures.forbidden} answers that say what they must not."
    )


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{share:.0%}"
