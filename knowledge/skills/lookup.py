"""Looking a skill up: what it is, who names it and in which words, all from one generation."""

from dataclasses import dataclass

from index.library import Library, Snapshot
from index.passages import Passage
from knowledge.background import source_of
from knowledge.entities import Quote
from knowledge.skills.catalogue import Catalogue
from knowledge.skills.entries import Skill
from knowledge.skills.names import Ambiguous, Known, Resolution


@dataclass(frozen=True, slots=True)
class SkillReply:
    """What a query was taken for, and one quote from each document that names the skill."""

    query: str
    resolution: Resolution
    quotes: tuple[Quote, ...]

    @property
    def skill(self) -> Skill | None:
        """The skill, where it is clear which one was meant."""
        return self.resolution.skill if isinstance(self.resolution, Known) else None

    @property
    def suggestions(self) -> tuple[str, ...]:
        """Names of skills that may have been meant instead."""
        resolution = self.resolution
        if isinstance(resolution, Known):
            return ()
        skills = resolution.choices if isinstance(resolution, Ambiguous) else resolution.nearest
        return tuple(skill.name for skill in skills)


class Lookup:
    """Looks skills up in whatever generation is current."""

    def __init__(self, *, catalogue: Catalogue, library: Library) -> None:
        self._catalogue = catalogue
        self._library = library

    def look_up(self, query: str) -> SkillReply:
        """Who names the skill that somebody typed."""
        resolution = self._catalogue.resolve(query)
        snapshot = self._library.current()
        if snapshot is None or not isinstance(resolution, Known):
            return SkillReply(query, resolution, ())
        return SkillReply(query, resolution, self._quotes(resolution.skill, snapshot))

    def _quotes(self, skill: Skill, snapshot: Snapshot) -> tuple[Quote, ...]:
        records = {record.id: record for record in snapshot.records()}
        passages = [passage for document in records for passage in snapshot.passages_of(document)]
        by_id: dict[str, Passage] = {passage.id: passage for passage in passages}
        return tuple(
            Quote(
                text=records[naming.document].text[naming.start : naming.end],
                passage=naming.passage,
                start=naming.start,
                end=naming.end,
                source=source_of(records[naming.document], by_id[naming.passage].headings),
            )
            for naming in self._catalogue.who_names(skill, passages)
        )
