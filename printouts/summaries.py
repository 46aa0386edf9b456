"""The summary sheet of a class as it stands on paper: subjects that fit beside one another, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from journal.queries.summary import attendance_sheet, summary_sheet
from journal.yearbook import (
    AttendanceSheet,
    Cell,
    Column,
    Member,
    SubjectColumns,
    SummarySheet,
)
from school.models import SchoolClass

MOST = 42  # columns of results on a page

Line = tuple[str, tuple[tuple[Decimal | None, Column], ...]]


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """Some subjects with their columns, for all pupils."""

    subjects: tuple[SubjectColumns, ...]
    rows: tuple[tuple[int, Member, bool, tuple[tuple[Cell, Column], ...]], ...]
    footer: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class SummaryPaper:
    title: str
    sheet: SummarySheet
    attendance: AttendanceSheet
    parts: tuple[SummaryPart, ...]
    printed_on: date


def summary_paper(school_class: SchoolClass, *, today: date) -> SummaryPaper:
    """Return the paper of a class that the user may see."""
    sheet = summary_sheet(school_class, today=today)
    return SummaryPaper(
        title=f"Сводная ведомость {sheet.head.name}, {sheet.head.year}-{sheet.head.year + 1}",
        sheet=sheet,
        attendance=attendance_sheet(school_class, today=today),
        parts=tuple(_parts(sheet)),
        printed_on=today,
    )


def _parts(sheet: SummarySheet) -> Iterator[SummaryPart]:
    first = 0
    for subjects in fitting(sheet.subjects):
        last = first + sum(len(one.places) for one in subjects)
        yield SummaryPart(
            subjects=subjects,
            rows=tuple(
                (row.number, row.member, row.left, row.cells[first:last]) for row in sheet.rows
            ),
            footer=tuple((words, values[first:last]) for words, values in sheet.footer),
        )
        first = last


def fitting(
    subjects: Sequence[SubjectColumns], most: int = MOST
) -> Iterator[tuple[SubjectColumns, ...]]:
    """Split the subjects so that each part has at most so many columns; a subject is never torn."""
    part: list[SubjectColumns] = []
    width = 0
    for one in subjects:
        if part and width + len(one.places) > most:
            yield tuple(part)
            part, width = [], 0
        part.append(one)
        width += len(one.places)
    if part:
        yield tuple(part)
