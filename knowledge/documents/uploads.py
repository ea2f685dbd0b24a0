"""Files that were offered and wait for a decision: none of them counts yet."""

import json
import math
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from knowledge.corpus.complaints import complain
from knowledge.corpus.folders import UnreadableFolder
from knowledge.corpus.reading import Corpus
from knowledge.documents.bundles import (
    check_stated,
    count_words,
    heading_for_topics,
    read_bundle,
    write_bundle,
)
from knowledge.documents.entries import Upload
from knowledge.documents.errors import Rejected, UnknownUpload
from knowledge.documents.limits import Limits
from knowledge.documents.naming import shown_name, split_name
from knowledge.documents.recognizing import recognize
from knowledge.documents.stored import discard, kept, make_private, move, sync, write_json
from knowledge.entities import Document
from knowledge.formats.conversion import Convert

BUNDLE = "bundle"
_NOTE = "upload.json"
_KEPT = timedelta(days=1)
_MOST_WAITING = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is kept of an upload besides its file; `over` is the folder of what it would replace."""

    key: str
    name: str
    slug: str
    said: str
    who: str
    at: str
    over: str | None = None


class Uploads:
    """The uploads below the data folder."""

    def __init__(
        self,
        *,
        folder: Path,
        limits: Limits,
        convert: Convert,
        count_passages: Callable[[Document], int],
        now: Callable[[], datetime],
    ) -> None:
        self._folder = folder
        self._limits = limits
        self._convert = convert
        self._count_passages = count_passages
        self._now = now

    def recognized(self, name: str, data: bytes, stated: Mapping[str, str]) -> str:
        """The suffix of the format an offered file is in. Raises Rejected."""
        if len(data) > self._limits.upload:
            raise Rejected(f"It has {len(data):,} bytes; the limit is {self._limits.upload:,}.")
        if not data.strip():
            raise Rejected("It is empty.")
        check_stated(stated)
        return recognize(data, split_name(name)[1])

    @contextmanager
    def keeping(self, waiting: Waiting, data: bytes, stated: Mapping[str, str]) -> Iterator[Upload]:
        """An upload while it is checked; once that went well, it is kept. Raises Rejected, NotKept."""
        hidden = self._folder / f".{waiting.key}"
        try:
            with kept():
                make_private(self._folder)
                hidden.mkdir()
                upload = self._written(hidden, waiting, data, stated)
            yield upload
            with kept():
                write_json(
                    hidden / _NOTE,
                    {
                        "name": waiting.name,
                        "slug": waiting.slug,
                        "said": waiting.said,
                        "who": waiting.who,
                        "at": waiting.at,
                        "over": waiting.over,
                    },
                )
                move(hidden, self._folder / waiting.key)
        finally:
            discard(hidden)

    def _written(self, hidden: Path, waiting: Waiting, data: bytes, stated: Mapping[str, str]) -> Upload:
        bundle = hidden / BUNDLE
        write_bundle(bundle, waiting.name, data, {**stated, "topics": ""})
        upload = self._read(waiting, bundle)
        if not upload.documents:
            reason = next(
                (found.message for found in upload.complaints if found.severity == "error"), "Nothing in it."
            )
            raise Rejected(f"It cannot be read: {reason[0].lower()}{reason[1:]}")
        if not upload.passages:
            raise Rejected("It holds headings, and nothing under them that could be quoted.")
        if stated.get("topics", "").strip():
            discard(bundle)
            heading = heading_for_topics(upload.documents)
            write_bundle(bundle, waiting.name, data, {**stated, "heading": heading})
            upload = self._read(waiting, bundle)
        return upload

    def _read(self, waiting: Waiting, bundle: Path) -> Upload:
        corpus = self._corpus(bundle)
        complaints = corpus.complaints
        suffix = split_name(waiting.name)[1]
        if split_name(waiting.said)[1] not in (suffix, ""):
            message = f"Called “{waiting.said}”, but read as {suffix}, which it is."
            complaints = (complain("other-format", waiting.name, message), *complaints)
        return Upload(
            key=waiting.key,
            name=waiting.name,
            documents=corpus.documents,
            passages=sum(map(self._count_passages, corpus.documents)),
            words=count_words(corpus.documents),
            text="\n\n".join(document.text for document in corpus.documents),
            complaints=tuple(
                replace(found, path=found.path.removeprefix(f"{BUNDLE}/")) for found in complaints
            ),
            replaces=None,
            who=waiting.who,
            at=waiting.at,
        )

    def _corpus(self, bundle: Path) -> Corpus:
        return read_bundle(bundle, size_limit=self._limits.upload, convert=self._convert)

    def get(self, key: str) -> tuple[Waiting, Path, Upload]:
        """What waits under a key, and its folder. Raises UnknownUpload."""
        folder = self._folder / key
        waiting = self._waiting(folder) if key.isalnum() else None
        if waiting is None or self._expired(waiting):
            raise UnknownUpload(
                "This upload was added or dropped already, or has waited for more than a day."
            )
        try:
            return waiting, folder / BUNDLE, self._read(waiting, folder / BUNDLE)
        except UnreadableFolder as error:
            raise UnknownUpload("This upload was added already.") from error

    def forget(self, key: str) -> None:
        """Remove what is left of an upload; a crash in between leaves one that nobody finds."""
        folder = self._folder / key
        if folder.is_dir():
            (folder / _NOTE).unlink(missing_ok=True)
            sync(folder)
            discard(folder)

    def sweep(self) -> None:
        """Remove uploads that waited for too long, and what was left half written."""
        if not self._folder.is_dir():
            return
        found = []
        for folder in self._folder.iterdir():
            waiting = self._waiting(folder)
            if waiting is None:
                if self._now().timestamp() - _written_at(folder) > _KEPT.total_seconds():
                    discard(folder)
            elif self._expired(waiting):
                self.forget(folder.name)
            else:
                found.append(waiting)
        for waiting in sorted(found, key=lambda each: each.at)[:-_MOST_WAITING]:
            self.forget(waiting.key)

    def fresh(self, name: str, slug: str, said: str, who: str, over: str | None) -> Waiting:
        """A new upload under a key nobody can guess."""
        at = self._now().astimezone(UTC).isoformat(timespec="seconds")
        return Waiting(secrets.token_hex(8), name, slug, shown_name(said), who, at, over)

    def _waiting(self, folder: Path) -> Waiting | None:
        if folder.name.startswith("."):
            return None
        try:
            note: dict[str, Any] = json.loads((folder / _NOTE).read_bytes())
            return Waiting(key=folder.name, **note)
        except (OSError, ValueError, TypeError):
            return None

    def _expired(self, waiting: Waiting) -> bool:
        return self._now() - datetime.fromisoformat(waiting.at) > _KEPT


def _written_at(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:  # just accepted, or dropped
        return math.inf
