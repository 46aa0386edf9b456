"""The class teacher's report for a period: numbers, names, indicators, missed lessons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from journal.indicators import Level, Standing, level_of, standing_of
from journal.queries.summary import missed, summary_sheet
from journal.queries.yearbook import Span, class_head, place_of
from journal.yearbook import YEAR, ClassHead, Missed, Place, PlaceTotals, SummaryRow
from school.models import SchoolClass

Named = tuple[tuple[str, str], ...]  # a pupil and her subjects


@dataclass(frozen=True, slots=True)
class Heads:
    """How many pupils the class had."""

    start: int
    arrived: int
    left: int
    end: int


@dataclass(frozen=True, slots=True)
class ClassReport:
    """Отчёт классного руководителя за период."""

    head: ClassHead
    place: Place
    places: tuple[Place, ...]
    heads: Heads
    total: PlaceTotals | None
    excellent: Named
    good: Named
    one_four: Named
    one_three: Named
    failing: Named
    not_assessed: Named
    missed: Missed

    @property
    def lists(self) -> tuple[tuple[str, Named], ...]:
        return (
            ("Отличники", self.excellent),
            ("Хорошисты", self.good),
            ("С одной «4»", self.one_four),
            ("С одной «3»", self.one_three),
            ("Неуспевающие", self.failing),
            ("Не аттестованы", self.not_assessed),
        )


def class_report(school_class: SchoolClass, asked: str, *, today: date) -> ClassReport:
    """Return the report of a class that the user may see: seven statements."""
    head, spans = class_head(school_class, today=today)
    ended = [span for span in spans if span.ends < today]
    whole = Span(place_of(YEAR), head.starts, head.ends)
    begun = [*(span for span in spans if span.starts <= today), whole]
    shown = next((one for one in begun if one.place.key == asked), (ended or begun)[-1])
    sheet = summary_sheet(school_class, shown.place.key, today=today)
    there = [row for row in sheet.rows if not row.left]
    lacks = missed([row.member.pupil_id for row in there], school_class, spans)
    stands = {
        row.number: standing_of(level_of(cell.outcome) for cell, _ in row.cells) for row in there
    }

    def of(*wanted: Standing, level: Level | None = None) -> Named:
        rows = [row for row in there if stands[row.number] in wanted]
        return tuple((row.member.name, _subjects(row, level)) for row in rows)

    bad = [row for row in there if Level.NOT_ASSESSED in _levels(row)]
    return ClassReport(
        head=head,
        place=shown.place,
        places=tuple(span.place for span in begun),
        heads=_heads(sheet.rows, shown, today),
        total=next((one for one in sheet.totals if one.place.key == shown.place.key), None),
        excellent=of(Standing.EXCELLENT),
        good=of(Standing.GOOD, Standing.ONE_FOUR),
        one_four=of(Standing.ONE_FOUR, level=Level.FOUR),
        one_three=of(Standing.ONE_THREE, level=Level.THREE),
        failing=of(Standing.FAILING, level=Level.TWO),
        not_assessed=tuple((row.member.name, _subjects(row, Level.NOT_ASSESSED)) for row in bad),
        missed=sum(
            (lacks.get((row.member.pupil_id, shown.place.key), Missed()) for row in there), Missed()
        ),
    )


def _levels(row: SummaryRow) -> list[Level | None]:
    return [level_of(cell.outcome) for cell, _ in row.cells]


def _subjects(row: SummaryRow, level: Level | None) -> str:
    """Name the subjects in which the pupil has the level."""
    if level is None:
        return ""
    pairs = zip(_levels(row), row.cells, strict=True)
    return ", ".join(column.name.rpartition(",")[0] for own, (_, column) in pairs if own == level)


def _heads(rows: Sequence[SummaryRow], span: Span, today: date) -> Heads:
    members = [row.member for row in rows]
    end = min(span.ends, today)
    return Heads(
        start=_count(one.there_on(span.starts) for one in members),
        arrived=_count(span.starts < one.since <= end for one in members),
        left=_count(one.until is not None and span.starts <= one.until < end for one in members),
        end=_count(one.there_on(end) for one in members),
    )


def _count(found: Iterable[bool]) -> int:
    return sum(found)
