"""A progress bar on standard error only where someone is looking."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from index.embedding import Progress
from knowledge.watching import Phase, Watch

DOING: Mapping[Phase, str] = {
    "reading": "Reading the documents",
    "embedding": "Embedding what is new",
    "calibrating": "Finding when to decline",
    "checking": "Checking the documents",
    "asking": "Asking the known questions",
}


@contextmanager
def progress_bar(doing: str) -> Iterator[Progress]:
    """Yields the callback; the bar appears with the first call and only in a terminal."""
    with _bar() as show:
        yield lambda done, total: show(doing, done, total)


@contextmanager
def watch_bar() -> Iterator[Watch]:
    """The same for a work of several phases."""
    with _bar() as show:
        yield lambda phase, done, total: show(DOING[phase], done, total)


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None, visible=False)

        def show(doing: str, done: int, total: int) -> None:
            bar.update(task, description=doing, completed=done, total=total or None, visible=True)

        yield show
