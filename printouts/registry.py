"""The documents that the program prints: how each is made of what the diary and the journal show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from printouts.models import PrintJob


class Sheet(Protocol):
    """One document of a job, bound with the others into one file."""

    @property
    def pupil_id(self) -> UUID: ...
    @property
    def code(self) -> str: ...
    @property
    def version(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Document:
    """A kind of document: what it is called, how it is read, its template and its style."""

    kind: str
    title: str
    read: Callable[[PrintJob, datetime], Sequence[Sheet]]
    template: str
    style: str
    paper: str = "A4"
    variant: str = "pdf/ua-1"
    name: str = "extract"  # under which the template knows one document
    count: str = "выписка,выписки,выписок"


_documents: dict[str, Document] = {}


def document(found: Document) -> Document:
    """Add a kind of document; a kind has one meaning for ever."""
    if found.kind in _documents:
        raise ValueError(f"Document {found.kind} is registered twice.")
    _documents[found.kind] = found
    return found


def document_of(kind: str) -> Document:
    return _documents[kind]


def counted_as(kind: str) -> str:
    """Return the forms of the word that counts the kind's documents, also of a kind of long ago."""
    found = _documents.get(kind)
    return found.count if found else "документ,документа,документов"
