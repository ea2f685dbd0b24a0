"""A progress bar on standard error only where someone is looking."""

from collections.abc import Iterator
from contextlib import contextmanager

from index.embedding import Progress


@contextmanager
def progress_bar(doing: str) -> Iterator[Progress]:
    """Yields the callback; the bar appears with the first call and only in a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None, visible=False)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=True)

        yield show
