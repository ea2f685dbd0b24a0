"""What admins see of documents that are added, held and removed."""

from dataclasses import dataclass
from typing import Literal

from knowledge.entities import Complaint, Document

Place = Literal["shipped", "added", "folder", "gone"]
"""Comes with the program, was added by an admin, lies in another folder; or is gone, but answers still."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits for a decision and does not count yet; `text` is all of it as cleaned.

    `replaces` is the id of the document that it would stand for, if there is one.
    """

    key: str
    name: str
    documents: tuple[Document, ...]
    passages: int
    words: int
    text: str
    complaints: tuple[Complaint, ...]
    replaces: str | None
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Held:
    """A document that is read, or that answers still; `changed` is a date, if its file has one."""

    id: str
    title: str
    passages: int
    words: int
    changed: str | None
    complaints: tuple[Complaint, ...]
    place: Place
    indexed: bool


@dataclass(frozen=True, slots=True)
class Removed:
    """A document taken out, when, and until when its file is kept (None: for ever)."""

    id: str
    title: str
    place: Place
    at: str
    until: str | None
