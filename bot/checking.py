"""`check`: is the index sound, and does it still answer the recorded questions as well as it did?"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bot.about import Checked, last_check, remember_check
from bot.console import reply_text
from bot.wiring import Application
from knowledge.corpus.reading import packaged_articles, read_corpus
from knowledge.recorded import Counts, askable, count, count_kinds, digest, losses, missed, read_recorded
from knowledge.suite import Case, Outcome, load, score
from knowledge.watching import Watch

OTHER_QUESTIONS = (
    "The recorded values are about other questions; run python -m tests.measure.record to record anew."
)


class CheckFailed(Exception):
    """Something is wrong with what answers now; the message says what."""


@dataclass(frozen=True, slots=True)
class Checks:
    """How a check went, and how the last one before it did. `generation` is None where nothing answers."""

    generation: int | None
    index: str
    found: str
    passed: bool
    before: Checked | None


def check_all(application: Application, watch: Watch) -> Checks:
    """Check the index, replay the recorded questions, remember how it went. Raises what `watch` raises."""
    watch("reading", 0, 0)
    data = application.settings.data_dir
    before = last_check(data)
    snapshot = application.library.current()
    generation = snapshot.manifest.generation if snapshot else None
    index, found, passed = "", "", True
    try:
        index = check_index(application)
        found = check_questions(application, lambda done, total: watch("asking", done, total))
    except CheckFailed as error:
        found, passed = str(error), False
    if index and generation:
        remember_check(data, generation, found, passed=passed)
    return Checks(generation, index, found, passed, before)


def check_index(application: Application) -> str:
    """One line about the generation that answers, its files verified. Raises CheckFailed."""
    snapshot = application.library.current()
    if snapshot is None:
        raise CheckFailed("There is no sound index; the next start or a reindex builds one.")
    if not application.reindexer.fits(snapshot):
        raise CheckFailed("The index was made with another model or version; the next start rebuilds it.")
    manifest = snapshot.manifest
    # What answers was verified when it was opened, which may be long ago; listing verifies anew.
    if manifest.generation not in {kept.generation for kept in application.library.generations()}:
        raise CheckFailed(
            f"Files of generation {manifest.generation} were altered or removed since it began to answer. "
            "Go back to another generation, or restart and reindex."
        )
    return (
        f"Index: generation {manifest.generation} is sound "
        f"({len(manifest.documents)} documents, {manifest.passages} passages)."
    )


def check_questions(application: Application, progress: Callable[[int, int], None]) -> str:
    """Replay the recorded questions on what answers now. Raises CheckFailed where fewer go well than did."""
    snapshot = application.library.current()
    shipped = read_corpus([packaged_articles()], size_limit=application.settings.file_limit).documents
    if snapshot is None or not snapshot.manifest.documents.keys() >= {article.id for article in shipped}:
        return "Questions: none asked; the recorded ones are about the shipped articles, not in this index."
    cases, recorded = load(), read_recorded()
    languages = application.languages is not None
    asked, expected = askable(cases, languages=languages), recorded.of(languages=languages)
    if recorded.questions != digest(cases) or expected.demanded.asked != len(asked):
        raise CheckFailed(OTHER_QUESTIONS)
    outcomes = replay(application, asked, progress)
    counts = count(outcomes)
    line = _counts_text(counts, outcomes, left_out=len(cases) - len(asked))
    if worse := missed(counts, expected.demanded):
        lost = losses(count_kinds(outcomes), expected.kinds)
        others = snapshot.manifest.documents.keys() - {article.id for article in shipped}
        raise CheckFailed(
            f"{line} Worse than recorded: {'; '.join(worse)}.{_where(lost)}{_why(application, others)}"
        )
    return f"{line} Nothing is worse than recorded."


def replay(
    application: Application, cases: Sequence[Case], progress: Callable[[int, int], None]
) -> list[Outcome]:
    """Ask questions as a member would, and judge the text a member would see."""
    outcomes = []
    for number, case in enumerate(cases, 1):
        reply = application.advisor.answer(case.question)
        outcomes.append(score(case, reply_text(reply), reply.abstained))
        progress(number, len(cases))
    return outcomes


def _counts_text(counts: Counts, outcomes: Sequence[Outcome], *, left_out: int) -> str:
    due = sum(outcome.due for outcome in outcomes)
    others = f" ({left_out} in other languages left out)" if left_out else ""
    return (
        f"Questions: {counts.asked} asked{others}; of {counts.asked - due} answerable, "
        f"{counts.right_long} right within 2,000 characters, {counts.right_short} within 600, "
        f"{counts.wrongly_declined} declined; {counts.refusals_made} of {due} due refusals made; "
        f"{counts.forbidden} answers that say what they must not."
    )


def _where(lost: Sequence[tuple[str, int]]) -> str:
    return (
        f" Most was lost in: {', '.join(f'{kind} ({number})' for kind, number in lost[:3])}." if lost else ""
    )


def _why(application: Application, others: Collection[str]) -> str:
    """What differs from where the values were recorded, since it may explain the difference."""
    differences = []
    if others:
        differences.append(f"documents beside the shipped articles ({len(others)})")
    if application.settings.model is not None:
        differences.append("another model than the packaged one")
    return f" Recorded without: {', '.join(differences)}." if differences else ""
