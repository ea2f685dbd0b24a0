"""What admins added, removed and set aside: all below the data folder, nothing lost at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from pathlib import Path

from index.library import Snapshot
from knowledge.corpus.folders import version_of
from knowledge.documents.bundles import Bundles, name_of
from knowledge.documents.entries import Held, Removed, Upload
from knowledge.documents.errors import Rejected, UnknownDocument
from knowledge.documents.limits import Limits
from knowledge.documents.naming import safe_name, split_name
from knowledge.documents.removals import Removals
from knowledge.documents.shelves import Shelved, Shelves, changed_on, twin_complaint
from knowledge.documents.stored import Lock, discard, kept, move
from knowledge.documents.uploads import Uploads
from knowledge.entities import Document
from knowledge.formats.conversion import Convert

_VERSIONS = 2
_GRAVEST = ("error", "warning", "note")


def _utc() -> datetime:
    return datetime.now(UTC)


class OwnDocuments:
    """The documents an admin runs: those added here, and those of all folders that are read.

    An added document lies in a folder of its own below `documents`; it is added, replaced and taken out by
    renaming that folder, so that a crash leaves either the old state or the new one. Nothing that is decided
    here answers, or stops answering, before the next reindex.
    """

    def __init__(
        self,
        *,
        data: Path,
        folders: Callable[[], Sequence[Traversable | Path]],
        limits: Limits,
        convert: Convert,
        count_passages: Callable[[Document], int],
        size_limit: int | None = None,
        now: Callable[[], datetime] = _utc,
    ) -> None:
        own = data / "documents"
        most = limits.upload if size_limit is None else size_limit
        # What is larger than the files that are read would be accepted, and then left out.
        limits = replace(limits, upload=min(limits.upload, most))
        self._count_passages = count_passages
        self._lock = Lock(data)
        self._bundles = Bundles(own)
        self._shelves = Shelves(folders=folders, own=own, size_limit=most, convert=convert)
        self._removals = Removals(folder=data / "removed", bundles=self._bundles, now=now)
        self._uploads = Uploads(
            folder=data / "uploads", limits=limits, convert=convert, count_passages=count_passages, now=now
        )

    # --- adding --------------------------------------------------------------------------------------------

    def offer(self, name: str, data: bytes, *, stated: Mapping[str, str] | None = None, who: str) -> Upload:
        """Check a file and keep it aside for a day; it does not count yet.

        `stated` may hold title, author, date, site, link, and topics, one question a line. Raises Rejected,
        NotKept.
        """
        said = dict(stated or {})
        suffix = self._uploads.recognized(name, data, said)
        with kept():
            # Which files would win over it is seen by the place of its folder among those read.
            self._bundles.folder.mkdir(parents=True, exist_ok=True)
            self._uploads.sweep()
        shelved = self._shelves.all()
        slug = self._free(safe_name(split_name(name)[0]), shelved)
        waiting = self._uploads.fresh(f"{slug}{suffix}", slug, name, who, self._newest(slug))
        with self._uploads.keeping(waiting, data, said) as upload:
            return self._compared(upload, self._counting(shelved))

    def _free(self, slug: str, shelved: Mapping[str, Sequence[Shelved]]) -> str:
        """The name, or the next one where a file of that name would win over the added one."""
        own = self._shelves.number_of_own()

        def wins(each: Shelved) -> bool:
            bare = each.place == "added" and self._bundles.newest(each.document.id) is None
            return bare or (each.place == "folder" and each.number > own)

        # Only names that begin alike can be in the way; to look at each takes long where there are many.
        near = {
            name: several for name, several in shelved.items() if name.casefold().startswith(slug.casefold())
        }
        taken = {name_of(name).casefold() for name, several in near.items() if any(map(wins, several))}
        names = (slug, *(f"{slug}-{number}" for number in range(2, 1_000)))
        return next(name for name in names if name.casefold() not in taken)

    def _compared(self, upload: Upload, here: Mapping[str, Shelved]) -> Upload:
        """The upload with what it replaces. Raises Rejected where it would add nothing."""
        texts = {each.document.text: each.document for each in here.values()}
        fresh = []
        for document in upload.documents:
            twin = texts.get(document.text)
            if twin is None or (twin.id == document.id and twin.digest != document.digest):
                fresh.append(document)
        if not fresh:
            twin = texts[upload.documents[0].text]
            raise Rejected(f"It says the same as “{twin.title}” ({twin.id}), which is here already.")
        replaces = next((document.id for document in upload.documents if document.id in here), None)
        return replace(upload, replaces=replaces)

    def upload(self, key: str) -> Upload:
        """What waits under a key. Raises UnknownUpload."""
        _, _, upload = self._uploads.get(key)
        here = self._counting(self._shelves.all())
        return replace(upload, replaces=next((d.id for d in upload.documents if d.id in here), None))

    def accept(self, key: str) -> tuple[str, ...]:
        """Have an upload count from the next reindex on; its ids.

        Raises UnknownUpload, NotKept, and Rejected where it would replace what nobody has seen it replace.
        """
        with self._lock():
            waiting, bundle, upload = self._uploads.get(key)
            if self._newest(waiting.slug) != waiting.over:
                raise Rejected(
                    f"Somebody else added or removed “{waiting.slug}” meanwhile; please add the file again."
                )
            # A newer version in a folder of its own: the old one stays until the new one is there.
            move(bundle, self._bundles.folder / self._next_version(waiting.slug))
            self._uploads.forget(key)
            for old in self._bundles.of(waiting.slug)[_VERSIONS:]:
                discard(old)
            self._removals.sweep()
        return tuple(document.id for document in upload.documents)

    def _newest(self, slug: str) -> str | None:
        """The folder of the document of this name that counts now."""
        found = self._bundles.of(slug)
        return found[0].name if found else None

    def _next_version(self, slug: str) -> str:
        names = [*(path.name for path in self._bundles.of(slug)), *self._removals.versions(slug)]
        versions = [version for name, version in map(version_of, names) if name == slug]
        return f"{slug}~{max(max(versions) + 1, 2)}" if versions else slug

    def drop(self, key: str) -> None:
        """Forget an upload. Raises UnknownUpload, NotKept."""
        with self._lock():
            self._uploads.get(key)
            self._uploads.forget(key)

    # --- removing ------------------------------------------------------------------------------------------

    def remove(self, document: str) -> Removed:
        """Take a document out from the next reindex on. Raises UnknownDocument, NotKept."""
        with self._lock():
            shelved = self._shelves.all()
            if document not in self._counting(shelved):
                raise UnknownDocument(f"There is no document “{document}”.")
            last = shelved[document][-1]
            title = last.document.title
            bundle = self._bundles.newest(document) if last.place == "added" else None
            if bundle is None:
                return self._removals.set_aside(document, title, last.place, None)
            beside = [name for name in self._counting(shelved) if name_of(name) == name_of(document)]
            if beside != [document]:
                return self._removals.set_aside(document, title, "added", bundle.name)
            if len(shelved[document]) > 1:
                # What it replaces would answer again; while the folder is there, this has no effect.
                first = shelved[document][0]
                self._removals.set_aside(document, first.document.title, first.place, None)
            (removed,) = self._removals.move_away(bundle, [(document, title)])
            return removed

    def restore(self, document: str) -> None:
        """Bring a removed document back, from the next reindex on.

        Raises UnknownDocument, NotKept, and Rejected where another has taken its place.
        """
        with self._lock():
            self._removals.restore(document)

    def removed(self) -> list[Removed]:
        """What can be restored, the last removed first. Raises NotKept."""
        return self._removals.removed()

    def left_out(self) -> frozenset[str]:
        """The ids that reading has to leave out. Raises NotKept."""
        return self._removals.left_out()

    # --- looking -------------------------------------------------------------------------------------------

    def sources(self, snapshot: Snapshot | None) -> list[Held]:
        """Every document that is read or still answers, by title. Raises NotKept."""
        here = self._counting(self._shelves.all())
        indexed = dict(snapshot.manifest.documents) if snapshot else {}
        firsts: dict[str, Shelved] = {}
        for each in here.values():
            firsts.setdefault(each.document.text, each)
        held = [self._held(each, firsts, indexed, snapshot) for each in here.values()]
        if snapshot is not None:
            held += [
                Held(
                    id=record.id,
                    title=str(record.attributes.get("title", record.id)),
                    passages=len(snapshot.passages_of(record.id)),
                    words=len(record.text.split()),
                    changed=None,
                    complaints=(),
                    place="gone",
                    indexed=True,
                )
                for record in snapshot.records()
                if record.id not in here
            ]
        return sorted(held, key=lambda each: (each.title.casefold(), each.id))

    def _held(
        self,
        shelved: Shelved,
        firsts: Mapping[str, Shelved],
        indexed: Mapping[str, str],
        snapshot: Snapshot | None,
    ) -> Held:
        document = shelved.document
        current = snapshot is not None and indexed.get(document.id) == document.digest
        first = firsts[document.text]
        twin = () if first is shelved else (twin_complaint(shelved, first.document),)
        complaints = sorted((*twin, *shelved.complaints), key=lambda each: _GRAVEST.index(each.severity))
        return Held(
            id=document.id,
            title=document.title,
            passages=len(snapshot.passages_of(document.id))
            if snapshot and current
            else self._count_passages(document),
            words=len(document.text.split()),
            changed=changed_on(shelved),
            complaints=tuple(complaints),
            place=shelved.place,
            indexed=current,
        )

    def text(self, document: str, snapshot: Snapshot | None) -> str:
        """The cleaned text as it is indexed, or as it would be. Raises UnknownDocument, NotKept."""
        if snapshot is not None and document in snapshot.manifest.documents:
            return next(record.text for record in snapshot.records() if record.id == document)
        here = self._counting(self._shelves.all())
        if document not in here:
            raise UnknownDocument(f"There is no document “{document}”.")
        return here[document].document.text

    def _counting(self, shelved: Mapping[str, Sequence[Shelved]]) -> dict[str, Shelved]:
        """Of several documents of one id the last, but none that is left out."""
        out = self._removals.left_out()
        return {name: several[-1] for name, several in shelved.items() if name not in out}
