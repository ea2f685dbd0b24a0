"""A knowledge base in a folder with all that decides what is published; its embedder needs no model."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from index.embedding import EmbeddingCache
from index.folder.library import FolderLibrary
from index.library import Library
from knowledge.advisor import Advisor
from knowledge.corpus.reading import Corpus
from knowledge.curating import Curator
from knowledge.documents.limits import Limits
from knowledge.documents.own import OwnDocuments
from knowledge.entities import Answer, Complaint, Question, Reply
from knowledge.gaps import Gaps
from knowledge.gate.gate import Gate
from knowledge.gate.questions import Questions
from knowledge.journal.journal import Journal
from knowledge.linting.reports import Level
from knowledge.proposals import Proposal, Shelf
from knowledge.publishing import Publisher
from knowledge.reindexing import Reindexer
from knowledge.suite import Case
from knowledge.watching import Watch
from tests.knowledge.documents import RoomyEmbedder, write

WHO = "a test"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

TEA = "Tea is poured into the green cup at noon."
COFFEE = "Coffee is brewed by the oldest engineer."
ASKS_TEA, ASKS_COFFEE = "Which cup is tea poured into?", "Who brews the coffee?"


def page(title: str, text: str, *questions: str) -> str:
    """A document of one section, and the questions it lists."""
    listed = f"topics:\n  {title}: {json.dumps(questions)}\n" if questions else ""
    return f"---\ntitle: {title}\n{listed}---\n\n# {title}\n\n{text}\n"


PAGES = {"tea.md": page("Tea", TEA, ASKS_TEA), "coffee.md": page("Coffee", COFFEE, ASKS_COFFEE)}


def text_of(reply: Reply) -> str:
    """What a person reads of a reply."""
    return "\n".join(quote.text for part in reply.parts if isinstance(part, Answer) for quote in part.quotes)


def case(question: str, *facts: str, decline: bool = False) -> Case:
    """A recorded question; each fact is a word that a right answer says."""
    return Case(
        id=question,
        kind="fact",
        question=Question(question),
        facts=tuple((fact,) for fact in facts),
        decline=decline,
        kept_aside=False,
        reason="absent" if decline else None,
    )


@dataclass
class Base:
    """What it was made from can be changed until a part is asked for."""

    folder: Path
    cases: Sequence[Case] = ()
    shipped: frozenset[str] = frozenset()
    told: list[str] = field(default_factory=list)
    blocked_by: Level = "none"
    publish_alone: bool = False
    lint: Callable[[Corpus], tuple[Complaint, ...]] = lambda corpus: corpus.complaints
    embedder: RoomyEmbedder = field(default_factory=RoomyEmbedder)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def documents(self) -> Path:
        return self.folder / "documents"

    def write(self, pages: Mapping[str, str]) -> None:
        """Have the folder hold exactly these pages."""
        write(self.documents, pages)

    @cached_property
    def library(self) -> Library:
        return FolderLibrary(self.data)

    @cached_property
    def reindexer(self) -> Reindexer:
        cache = EmbeddingCache(self.data / "embeddings.db", self.embedder)
        return Reindexer(
            library=self.library,
            embedder=cache,
            size_limit=100_000,
            keep=3,
            leave_out=self.own.left_out,
        )

    @cached_property
    def advisor(self) -> Advisor:
        return Advisor(library=self.library, embedder=self.embedder)

    @cached_property
    def gate(self) -> Gate:
        questions = Questions(
            cases=lambda: self.cases, shipped=lambda: self.shipped, told=lambda: list(self.told)
        )
        return Gate(advisor=self.advisor, questions=questions, text_of=text_of, blocked_by=self.blocked_by)

    @cached_property
    def shelf(self) -> Shelf:
        return Shelf(self.data / "proposal.json", told=lambda: list(self.told))

    @cached_property
    def publisher(self) -> Publisher:
        return Publisher(
            library=self.library,
            reindexer=self.reindexer,
            gate=self.gate,
            shelf=self.shelf,
            lint=self._lint,
            now=lambda: NOW,
        )

    def _lint(self, corpus: Corpus, watch: Watch) -> tuple[Complaint, ...]:
        watch("checking", 0, 0)
        return self.lint(corpus)

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.data / "journal.db")

    @cached_property
    def own(self) -> OwnDocuments:
        def convert(data: bytes, form: str) -> str:
            raise AssertionError("Nothing is converted here.")

        return OwnDocuments(
            data=self.data,
            folders=self.folders,
            limits=Limits(),
            convert=convert,
            count_passages=lambda document: 1,
        )

    def folders(self) -> list[Path]:
        """The documents of the test, and those that are added."""
        added = self.data / "documents"
        return [self.documents, *([added] if added.is_dir() else [])]

    @cached_property
    def curator(self) -> Curator:
        return Curator(
            publisher=self.publisher,
            library=self.library,
            journal=self.journal,
            folders=self.folders,
            read=self.reindexer.read,
            documents=self.own,
            gaps=Gaps(self.journal, self.embedder, self.library),
            publish_alone=self.publish_alone,
        )

    def again(self) -> "Base":
        """The same folder as another process would see it."""
        return Base(
            self.folder,
            cases=self.cases,
            shipped=self.shipped,
            told=self.told,
            blocked_by=self.blocked_by,
            publish_alone=self.publish_alone,
            lint=self.lint,
        )

    def propose(self, pages: Mapping[str, str] | None = None, *, keep: bool = True) -> Proposal:
        """Propose what the folder holds, or what it is to hold."""
        if pages is not None:
            self.write(pages)
        return self.publisher.propose([self.documents], who=WHO, keep=keep)

    def publish(self, pages: Mapping[str, str]) -> int:
        """Propose and publish; the number of the generation."""
        return self.publisher.publish(self.propose(pages).key, who=WHO, reason="because").generation

    def answer(self, question: str) -> str:
        """What a person reads; "" for a refusal."""
        return text_of(self.advisor.answer(Question(question)))

    @property
    def generation(self) -> int | None:
        return self.advisor.generation()

    @property
    def left(self) -> list[str]:
        """What lies in the folder of generations that is no published one."""
        folder = self.data / "generations"
        return sorted(path.name for path in folder.iterdir() if not path.name.isdigit())
