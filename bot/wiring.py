"""Settings → objects: the only place that names FAISS's folder, the transformer and file paths."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.console import reply_text
from bot.settings import Settings
from index.embedding import EmbeddingCache, Progress
from index.folder.library import FolderLibrary
from index.multilingual import Multilingual, is_installed
from index.transformer import PACKAGED_WEIGHTS_SHA256, Transformer, find_model, packaged_model
from knowledge.advisor import Advisor
from knowledge.asking.languages import Languages, identifier
from knowledge.background import Backgrounds
from knowledge.corpus.reading import packaged_articles, read_corpus
from knowledge.curating import Curator
from knowledge.documents.converter import Converter
from knowledge.documents.limits import Limits
from knowledge.documents.own import OwnDocuments
from knowledge.entities import Document
from knowledge.gaps import Gaps
from knowledge.gate.gate import Gate
from knowledge.gate.questions import MOST_TOLD, Questions
from knowledge.journal.errors import JournalError
from knowledge.journal.journal import Journal
from knowledge.linting.linting import lint
from knowledge.proposals import Shelf
from knowledge.publishing import Publisher
from knowledge.recorded import askable
from knowledge.reindexing import Reindexer, ReindexReport
from knowledge.skills.catalogue import Catalogue, load_catalogue
from knowledge.skills.lookup import Lookup
from knowledge.splitting import Measure, split
from knowledge.suite import Case, load

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Application:
    """The parts of the program, made when first asked for."""

    settings: Settings

    @cached_property
    def library(self) -> FolderLibrary:
        """The generations below the data folder."""
        return FolderLibrary(self.settings.data_dir)

    @cached_property
    def transformer(self) -> Transformer:
        """The configured model, not loaded yet. Raises index.transformer.NotAModel."""
        settings = self.settings
        if settings.model is None:
            return Transformer(
                packaged_model(), weights_sha256=PACKAGED_WEIGHTS_SHA256, threads=settings.threads
            )
        return Transformer(find_model(settings.model, allow_hub=settings.allow_hub), threads=settings.threads)

    @cached_property
    def embedder(self) -> EmbeddingCache:
        """The model behind the cache of everything it embedded before."""
        return EmbeddingCache(self.settings.data_dir / "embeddings.db", self.transformer)

    @cached_property
    def advisor(self) -> Advisor:
        """The one answerer."""
        return Advisor(
            library=self.library,
            embedder=self.transformer,
            cache=self.embedder,
            languages=self.languages,
            backgrounds=self.backgrounds,
        )

    @cached_property
    def backgrounds(self) -> Backgrounds:
        """What answering needs to know of a generation, read when it is built."""
        return Backgrounds(self.embedder, self.catalogue)

    @cached_property
    def journal(self) -> Journal:
        """What people told the bot."""
        return Journal(self.settings.data_dir / "journal.db")

    @cached_property
    def languages(self) -> Languages | None:
        """Reads questions in other languages; None where the optional dependencies are not installed."""
        if not is_installed():
            return None
        embedder = Multilingual(threads=self.settings.threads)
        cache = EmbeddingCache(self.settings.data_dir / "embeddings.db", embedder)
        return Languages(embedder=embedder, identify=identifier(), cache=cache)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The skills people look up and ask for."""
        return load_catalogue()

    @cached_property
    def skills(self) -> Lookup:
        """Who names which skill."""
        return Lookup(catalogue=self.catalogue, library=self.library)

    @cached_property
    def reindexer(self) -> Reindexer:
        """Brings the library up to date."""
        return Reindexer(
            library=self.library,
            embedder=self.embedder,
            size_limit=self.settings.file_limit,
            keep=self.settings.keep_generations,
            catalogue=self.catalogue,
            prepare=self.languages.prepare if self.languages else None,
            backgrounds=self.backgrounds,
            convert=self.converter,
            leave_out=self.documents.left_out,
        )

    @cached_property
    def documents(self) -> OwnDocuments:
        """What admins add, remove and look at."""
        return OwnDocuments(
            data=self.settings.data_dir,
            folders=self.folders,
            limits=self.limits,
            convert=self.converter,
            count_passages=self._count_passages,
            size_limit=self.settings.file_limit,
        )

    def _count_passages(self, document: Document) -> int:
        return len(split(document, Measure(self.embedder.count_tokens, self.embedder.window)))

    @cached_property
    def gaps(self) -> Gaps:
        """What people asked in vain."""
        # Vectors of what people ask are kept beside their words alone, and go with them: not in the cache.
        return Gaps(self.journal, self.transformer, self.library, self.embedder)

    @cached_property
    def converter(self) -> Converter:
        """Makes pages of PDF and Word files."""
        return Converter(data=self.settings.data_dir, limits=self.limits)

    @property
    def limits(self) -> Limits:
        """How much of a file that somebody adds is looked at."""
        settings = self.settings
        return Limits(
            upload=settings.upload_limit,
            pages=settings.page_limit,
            seconds=settings.convert_seconds,
            memory=settings.convert_memory,
        )

    @cached_property
    def shelf(self) -> Shelf:
        """What waits for a decision."""
        return Shelf(self.settings.data_dir / "proposal.json", told=self.told)

    @cached_property
    def curator(self) -> Curator:
        """All that admins do."""
        library = self.library
        gate = Gate(
            advisor=self.advisor,
            questions=Questions(cases=self._cases, shipped=self._shipped, told=self.told),
            text_of=reply_text,
            blocked_by=self.settings.blocked_by,
        )
        publisher = Publisher(
            library=library,
            reindexer=self.reindexer,
            gate=gate,
            shelf=self.shelf,
            lint=lint,
        )
        return Curator(
            publisher=publisher,
            library=library,
            journal=self.journal,
            folders=self.folders,
            read=self.reindexer.read,
            documents=self.documents,
            gaps=self.gaps,
            publish_alone=self.settings.publish_alone,
        )

    def _cases(self) -> list[Case]:
        return askable(load(), languages=self.languages is not None)

    def _shipped(self) -> frozenset[str]:
        found = read_corpus([packaged_articles()], size_limit=self.settings.file_limit)
        return frozenset(document.id for document in found.documents)

    def told(self) -> list[str]:
        """Questions that people wanted admins to see; a comparison goes on without them."""
        try:
            return [told.question for told in self.journal.told(MOST_TOLD)]
        except JournalError as error:
            log.warning("The questions people told are left out: %s", error)
            return []

    def folders(self, extra: Sequence[Path] = (), *, only: bool = False) -> list[Traversable | Path]:
        """Folders to read: shipped articles, the writable one, those of the settings, those named now."""
        folders: list[Traversable | Path] = []
        if self.settings.shipped_articles and not only:
            folders.append(packaged_articles())
        own = self.settings.data_dir / "documents"
        if own.is_dir() and not only:
            folders.append(own)
        return [*folders, *([] if only else self.settings.sources), *extra]

    def ready(self, *, who: str, progress: Progress | None = None) -> ReindexReport | None:
        """Make sure a fitting generation answers: rebuild a missing or mismatched one, else do nothing."""
        snapshot = self.library.current()
        if snapshot is not None and self.reindexer.fits(snapshot):
            return None
        if snapshot is not None:
            log.warning("The index was made with another model or version and is built again.")
        return self.reindexer.run(self.folders(), who=who, wait=600.0, progress=progress)
