"""Own documents below a data folder, for tests."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from knowledge.corpus.reading import Corpus, read_corpus
from knowledge.documents.converter import Converter
from knowledge.documents.errors import DocumentsError
from knowledge.documents.limits import Limits
from knowledge.documents.own import OwnDocuments
from knowledge.splitting import split
from tests.knowledge.documents import measure

LIMITS = Limits(upload=200_000, pages=20, seconds=20)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Desk:
    """Own documents, the folders they are read with, and a clock that can be set forward."""

    def __init__(
        self, data: Path, *others: Path, before: Sequence[Path] = (), limits: Limits = LIMITS
    ) -> None:
        self.data = data
        self.now = START
        self.others = others
        self.before = before
        self.convert = Converter(data=data, limits=limits)
        self.own = OwnDocuments(
            data=data,
            folders=self.folders,
            limits=limits,
            convert=self.convert,
            count_passages=lambda document: len(split(document, measure())),
            now=lambda: self.now,
        )

    def folders(self) -> list[Path]:
        own = self.data / "documents"
        return [*self.before, *([own] if own.is_dir() else []), *self.others]

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def read(self) -> Corpus:
        return read_corpus(self.folders(), convert=self.convert, leave_out=self.own.left_out())

    def texts(self) -> dict[str, str]:
        return {document.id: document.text for document in self.read().documents}

    def add(self, name: str, text: str | bytes, **stated: str) -> tuple[str, ...]:
        data = text if isinstance(text, bytes) else text.encode()
        return self.own.accept(self.own.offer(name, data, stated=stated, who="ann").key)


def said(call: Callable[[], object]) -> str:
    """The sentence that a call ends with."""
    try:
        call()
    except DocumentsError as error:
        return f"{type(error).__name__}: {error}"
    return "nothing"
