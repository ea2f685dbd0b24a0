"""Sources → candidate generation → publish, one at a time, with a report of what changed."""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from index.embedding import Embedder, Progress
from index.garbage import kept_for_good
from index.library import Candidate, Contents, Library, LibraryError, Manifest, Snapshot
from index.passages import Passage, Record
from knowledge.background import Backgrounds
from knowledge.calibration import Calibration, calibrate, version
from knowledge.corpus.complaints import complain
from knowledge.corpus.reading import Corpus, read_corpus
from knowledge.entities import Complaint, Document, NearMisses
from knowledge.formats.conversion import Convert
from knowledge.skills import sightings
from knowledge.skills.catalogue import Catalogue, with_own
from knowledge.skills.own import as_facts as as_skill_facts
from knowledge.skills.own import merge
from knowledge.skills.sightings import with_sightings
from knowledge.splitting import VERSION, Measure, split
from knowledge.watching import Watch, unwatched

log = logging.getLogger(__name__)

Prepare = Callable[[Snapshot, Progress | None], None]
"""Work on a generation before it is published, so that no question has to wait for it."""


class NothingToIndex(Exception):
    """No readable document was found; what answers now stays."""


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a reindex found and did. `generation` answers now; `published` tells whether it is new."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    complaints: tuple[Complaint, ...]
    passages: int
    seconds: float
    generation: int | None
    published: bool
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read, and the generation built from it; no candidate where nothing changed since `before`."""

    corpus: Corpus
    before: Snapshot | None
    candidate: Candidate | None
    report: ReindexReport


class Reindexer:
    """Brings the library up to date with folders of documents."""

    def __init__(
        self,
        *,
        library: Library,
        embedder: Embedder,
        size_limit: int,
        keep: int,
        catalogue: Catalogue | None = None,
        prepare: Prepare | None = None,
        backgrounds: Backgrounds | None = None,
        convert: Convert | None = None,
        leave_out: Callable[[], Collection[str]] = frozenset,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._library = library
        self._embedder = embedder
        self._size_limit = size_limit
        self._keep = keep
        self._catalogue = catalogue
        self._prepare = prepare
        self._backgrounds = backgrounds or Backgrounds(embedder, catalogue)
        self._convert = convert
        self._leave_out = leave_out
        self._clock = clock

    def fits(self, snapshot: Snapshot) -> bool:
        """Whether a generation was made by this embedder, and read and calibrated as this program does."""
        manifest = snapshot.manifest
        return (
            manifest.fingerprint == self._embedder.fingerprint
            and manifest.dimension == self._embedder.dimension
            and manifest.facts.get("splitter") == VERSION
            and manifest.facts.get("weights") == version()
            and manifest.facts.get("sightings") == self._sightings()
        )

    def run(
        self,
        folders: Sequence[Traversable | Path],
        *,
        who: str,
        dry_run: bool = False,
        wait: float = 0.0,
        progress: Progress | None = None,
    ) -> ReindexReport:
        """Read, compare and, unless it is a dry run or nothing changed, build and publish.

        Raises NothingToIndex, index.library.Busy, index.library.LibraryError.
        """
        started = self._clock()
        if dry_run:
            corpus = self._read(folders)
            passages = len(self._split(corpus))
            return self._report(corpus, self._library.current(), started, passages=passages)
        watch = _telling(progress) if progress else unwatched
        with self._library.writing(who, wait):
            draft = self.draft(folders, watch=watch)
            if draft.candidate is None:
                return draft.report
            try:
                manifest = self.publish(draft.candidate)
            except BaseException:
                draft.candidate.discard()
                raise
            return replace(
                draft.report,
                generation=manifest.generation,
                published=True,
                seconds=round(self._clock() - started, 3),
            )

    def draft(self, folders: Sequence[Traversable | Path], *, watch: Watch = unwatched) -> Draft:
        """Read, compare and, unless nothing changed, build what can be asked. Call while writing.

        Raises NothingToIndex, index.library.LibraryError, and whatever `watch` raises.
        """
        started = self._clock()
        corpus = self._read(folders, watch)
        before = self._library.current()
        if before is not None and self.fits(before) and _same_documents(before, corpus):
            report = self._report(corpus, before, started, passages=before.manifest.passages)
            return Draft(corpus, before, None, report)
        candidate = self._build(corpus, watch)
        manifest = candidate.snapshot.manifest
        report = self._report(corpus, before, started, passages=manifest.passages)
        return Draft(corpus, before, candidate, replace(report, calibration=_calibration(manifest.facts)))

    def publish(self, candidate: Candidate, facts: Mapping[str, Any] | None = None) -> Manifest:
        """Have a candidate answer from now on, and remove what need not be kept. Call while writing."""
        manifest = candidate.publish(facts)
        try:
            self._library.prune(self._keep)
        except LibraryError as error:
            # What was asked for is done; an old generation too many harms nobody.
            log.warning("Older generations could not be removed: %s", error)
        return manifest

    def read(self, folders: Sequence[Traversable | Path], watch: Watch = unwatched) -> Corpus:
        """What the folders hold, without what was left out. Raises UnreadableFolder, what `watch` raises."""
        watch("reading", 0, 0)
        corpus = read_corpus(
            folders,
            size_limit=self._size_limit,
            convert=self._convert,
            leave_out=self._leave_out(),
            told=lambda: watch("reading", 0, 0),
        )
        if self._catalogue is None:
            return corpus
        flaws = merge(self._catalogue.entries, corpus.skills).flaws
        complaints = [complain("skill-value", skill.path, text, skill.line) for skill, text in flaws]
        return replace(corpus, complaints=(*corpus.complaints, *complaints))

    def _read(self, folders: Sequence[Traversable | Path], watch: Watch = unwatched) -> Corpus:
        corpus = self.read(folders, watch)
        if not corpus.documents:
            raise NothingToIndex("No readable document was found in the folders named; nothing was changed.")
        return corpus

    def _split(self, corpus: Corpus) -> list[Passage]:
        measure = Measure(self._embedder.count_tokens, self._embedder.window)
        catalogue = self._catalogue and with_own(self._catalogue, as_skill_facts(corpus.skills))
        passages = []
        with kept_for_good():
            for document in corpus.documents:
                own = split(document, measure)
                passages += with_sightings(document, own, catalogue) if catalogue else own
        if not passages:
            raise NothingToIndex("The documents hold headings but no text; nothing was changed.")
        return passages

    def _sightings(self) -> str:
        """What the skills found in a document depend on besides the document."""
        return f"{sightings.VERSION} {self._catalogue.digest if self._catalogue else ''}".strip()

    def _build(self, corpus: Corpus, watch: Watch) -> Candidate:
        candidate = self._written(corpus, watch)
        try:
            if self._prepare:
                self._prepare(candidate.snapshot, partial(watch, "embedding"))
            watch("calibrating", 0, 0)
            candidate.note({"calibration": asdict(self._calibrate(candidate.snapshot))})
        except BaseException:
            candidate.discard()
            raise
        return candidate

    def _written(self, corpus: Corpus, watch: Watch) -> Candidate:
        """The passages as files; what they took in memory is free again afterwards."""
        passages = self._split(corpus)
        texts = [cue.text for passage in passages for cue in passage.cues]
        return self._library.build(
            Contents(
                records=[as_record(document) for document in corpus.documents],
                passages=passages,
                vectors=self._embedder.embed(texts, partial(watch, "embedding")),
                fingerprint=self._embedder.fingerprint,
                facts={
                    "splitter": VERSION,
                    "weights": version(),
                    "sightings": self._sightings(),
                    "near_misses": as_facts(corpus.near_misses),
                    "skills": as_skill_facts(corpus.skills),
                },
            )
        )

    def _calibrate(self, snapshot: Snapshot) -> Calibration:
        return calibrate(snapshot, self._backgrounds.of(snapshot), self._embedder)

    def _report(
        self,
        corpus: Corpus,
        before: Snapshot | None,
        started: float,
        *,
        passages: int,
    ) -> ReindexReport:
        old = before.manifest.documents if before else {}
        new = {document.id: document.digest for document in corpus.documents}
        return ReindexReport(
            added=tuple(sorted(new.keys() - old.keys())),
            changed=tuple(sorted(name for name in new.keys() & old.keys() if new[name] != old[name])),
            removed=tuple(sorted(old.keys() - new.keys())),
            unchanged=tuple(sorted(name for name in new.keys() & old.keys() if new[name] == old[name])),
            complaints=corpus.complaints,
            passages=passages,
            seconds=round(self._clock() - started, 3),
            generation=before.manifest.generation if before else None,
            published=False,
        )


def _telling(progress: Progress) -> Watch:
    """Progress in numbers alone, of what has numbers."""

    def watch(_: str, done: int, total: int) -> None:
        if total:
            progress(done, total)

    return watch


def _calibration(facts: Mapping[str, Any]) -> Calibration | None:
    return Calibration(**facts["calibration"]) if "calibration" in facts else None


def _same_documents(snapshot: Snapshot, corpus: Corpus) -> bool:
    manifest = snapshot.manifest
    digests = {document.id: document.digest for document in corpus.documents}
    beside = {"near_misses": as_facts(corpus.near_misses), "skills": as_skill_facts(corpus.skills)}
    return dict(manifest.documents) == digests and all(
        manifest.facts.get(name) == facts for name, facts in beside.items()
    )


def as_facts(near_misses: Sequence[NearMisses]) -> list[dict[str, list[str]]]:
    """Near misses as JSON that a manifest keeps."""
    return [{"documents": [*found.documents], "questions": [*found.questions]} for found in near_misses]


def as_record(document: Document) -> Record:
    """What the index keeps of a document: its text, whose words they are, and which headings are empty."""
    origin = document.origin
    return Record(
        id=document.id,
        digest=document.digest,
        text=document.text,
        attributes={
            "title": document.title,
            "author": origin.author,
            "date": origin.date,
            "site": origin.site,
            "link": origin.link,
            "restates": origin.restates,
            "empty": [
                {
                    "headings": list(section.headings),
                    "placeholder": section.placeholder,
                    "topics": list(section.topics),
                }
                for section in document.sections
                if section.empty and section.headings
            ],
        },
    )
