"""Documents taken out: added ones as folders that can come back, all others by their ids."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from knowledge.corpus.folders import version_of
from knowledge.documents.bundles import Bundles, name_of
from knowledge.documents.entries import Place, Removed
from knowledge.documents.errors import NotKept, Rejected, UnknownDocument
from knowledge.documents.stored import discard, make_private, move, write_json

_LIST = "aside.json"
_NOTE = ".removed.json"
_KEPT = timedelta(days=30)


def _order(folder: str) -> tuple[str, int]:
    """When a folder was taken out, and which version of a document it holds."""
    name, _, stamp = folder.rpartition("@")
    return stamp, version_of(name)[1]


class Removals:
    """What was taken out, below the data folder. Whoever changes it holds the lock."""

    def __init__(self, *, folder: Path, bundles: Bundles, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._bundles = bundles
        self._now = now

    def left_out(self) -> frozenset[str]:
        """The ids set aside, but those that were added anew since. Raises NotKept."""
        return frozenset(entry["id"] for entry in self._listed() if self._counts(entry))

    def _counts(self, entry: dict[str, Any]) -> bool:
        newest = self._bundles.newest(entry["id"])
        return entry["bundle"] == (newest.name if newest else None) or newest is None

    def set_aside(self, name: str, title: str, place: Place, bundle: str | None) -> Removed:
        """Leave a document out from now on, as long as it lies in this bundle."""
        at = self._moment()
        entry = {"id": name, "title": title, "place": place, "at": at, "bundle": bundle}
        others = [other for other in self._listed() if other["id"] != name]
        make_private(self._folder)
        write_json(self._folder / _LIST, [*others, entry])
        return Removed(name, title, place, at, None)

    def move_away(self, bundle: Path, documents: Sequence[tuple[str, str]]) -> list[Removed]:
        """Take an added document out with its folder, older versions of it before."""
        name = name_of(documents[0][0])
        at = self._moment()
        note = {"at": at, "documents": [list(document) for document in documents]}
        write_json(bundle / _NOTE, note)
        stamp = self._now().astimezone(UTC).strftime("%Y%m%d%H%M%S%f")
        make_private(self._folder)
        for older in reversed(self._bundles.of(name)):
            move(older, self._folder / f"{older.name}@{stamp}")
        self.sweep()
        return [Removed(each, title, "added", at, self._until(at)) for each, title in documents]

    def restore(self, name: str) -> None:
        """Bring a document back. Raises UnknownDocument, Rejected."""
        found = next((each for each in self._moved() if any(name == each_id for each_id, _ in each[2])), None)
        if found is not None:
            folder, _, _ = found
            if self._bundles.of(name_of(name)):
                raise Rejected(f"Another “{name_of(name)}” was added since; remove that first.")
            target = self._bundles.folder / folder.name.rpartition("@")[0]
            move(folder, target)
            (target / _NOTE).unlink(missing_ok=True)
            return
        if name not in self.left_out():
            raise UnknownDocument(f"No document “{name}” was removed, or it was more than 30 days ago.")
        write_json(self._folder / _LIST, [entry for entry in self._listed() if entry["id"] != name])

    def removed(self) -> list[Removed]:
        """All that can be restored, the last removed first."""
        found: dict[str, Removed] = {}
        for _, at, documents in self._moved():
            for name, title in documents:
                found.setdefault(name, Removed(name, title, "added", at, self._until(at)))
        for entry in self._listed():
            if self._counts(entry):
                aside = Removed(entry["id"], entry["title"], entry["place"], entry["at"], None)
                found.setdefault(entry["id"], aside)
        return sorted(found.values(), key=lambda each: each.at, reverse=True)

    def versions(self, name: str) -> Iterator[str]:
        """Names of the folders this document ever lay in, as far as they are remembered."""
        if self._folder.is_dir():
            yield from (path.name.rpartition("@")[0] for path in self._folder.iterdir() if "@" in path.name)
        yield from (entry["bundle"] for entry in self._listed() if entry["bundle"])

    def sweep(self) -> None:
        """Remove for good what was taken out long ago."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            stamp = path.name.rpartition("@")[2]
            if "@" in path.name and stamp[:14].isdigit():
                at = datetime.strptime(stamp[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
                if self._now() - at > _KEPT:
                    discard(path)

    def _moved(self) -> list[tuple[Path, str, list[tuple[str, str]]]]:
        """The folders taken out with when that was and what is in them, the last first."""
        found = []
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            try:
                note = json.loads((path / _NOTE).read_bytes())
                documents = [(str(name), str(title)) for name, title in note["documents"]]
                found.append((path, str(note["at"]), documents))
            except (OSError, ValueError, TypeError, KeyError):
                continue
        return sorted(found, key=lambda each: _order(each[0].name), reverse=True)

    def _listed(self) -> list[dict[str, Any]]:
        try:
            listed: list[dict[str, Any]] = json.loads((self._folder / _LIST).read_bytes())
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            # To go on without it would bring back what somebody took out.
            raise NotKept("The list of removed documents cannot be read; restore or delete it.") from error
        return listed

    def _moment(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="seconds")

    def _until(self, at: str) -> str:
        return (datetime.fromisoformat(at) + _KEPT).date().isoformat()
