"""The complaints about a corpus: those of reading it, and those that need all of its documents."""

from collections.abc import Sequence
from importlib.abc import Traversable
from pathlib import Path

from knowledge.corpus.reading import Corpus, read_corpus
from knowledge.entities import Complaint
from knowledge.linting.contradictions import contradictions
from knowledge.linting.near_duplicates import near_duplicates
from knowledge.linting.reports import LintReport, report_on
from knowledge.linting.routines import routines
from knowledge.linting.single import lint_one
from knowledge.watching import Watch, unwatched


def lint(corpus: Corpus, watch: Watch = unwatched) -> tuple[Complaint, ...]:
    """All complaints about a corpus, those of reading it first. Raises what `watch` raises."""
    total = len(corpus.documents)
    watch("checking", 0, total)
    found = [complaint for document in corpus.documents for complaint in lint_one(document)]
    found += near_duplicates(corpus.documents)
    found += contradictions(corpus.documents, lambda done: watch("checking", done, total))
    found += routines(corpus.documents)
    return (*corpus.complaints, *found)


def lint_report(corpus: Corpus, watch: Watch = unwatched) -> LintReport:
    """The complaints about a corpus in the order in which somebody would deal with them.

    Raises what `watch` raises.
    """
    return report_on(lint(corpus, watch), documents=len(corpus.documents))


def lint_folders(folders: Sequence[Traversable | Path], *, size_limit: int = 5_000_000) -> LintReport:
    """The report on the documents in these folders. Raises UnreadableFolder."""
    return lint_report(read_corpus(folders, size_limit=size_limit))
