"""The summary sheet of a class: results copied by construction (T5d), attendance, the council."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from common.prepared import array, rows_of
from journal.indicators import Standing, indicators, level_of, percent, standing_of
from journal.norms import Levels
from journal.queries.norms import norms_on
from journal.queries.yearbook import (
    Span,
    by_place,
    class_head,
    entries,
    members,
    place_of,
    subjects,
)
from journal.yearbook import (
    EXAM,
    FINAL,
    NO_RESULT,
    YEAR,
    AttendanceRow,
    AttendanceSheet,
    ClassHead,
    Column,
    Member,
    Missed,
    Place,
    PlaceTotals,
    Results,
    SubjectColumns,
    SummaryRow,
    SummarySheet,
    year_words,
)
from school.calendar import school_year
from school.models import SchoolClass

# A day counts as missed only if the pupil missed all lessons of his class and subgroups on it.
_MISSED = """
WITH gone AS (
  SELECT a.pupil_id, l.day,
         count(*) FILTER (WHERE a.code <> 'late') AS missed,
         count(*) FILTER (WHERE a.code = 'ill') AS ill,
         count(*) FILTER (WHERE a.code = 'excused') AS excused,
         count(*) FILTER (WHERE a.code = 'absent') AS plain,
         count(*) FILTER (WHERE a.code = 'late') AS late
    FROM journal_absence a JOIN school_lesson l ON l.id = a.lesson_id AND l.status <> 'cancelled'
   WHERE a.year = %(year)s AND a.school_id = %(school)s AND a.pupil_id = ANY (%(pupils)s::uuid[])
   GROUP BY a.pupil_id, l.day)
SELECT g.pupil_id, g.day, g.missed, g.ill, g.excused, g.plain, g.late,
       CASE WHEN g.missed = 0 THEN 1 ELSE
       (SELECT count(DISTINCT l.id) FROM school_membership m
          JOIN school_course c ON c.group_id = m.group_id AND c.year = %(year)s
          JOIN school_lesson l ON l.course_id = c.id AND l.day = g.day AND l.status <> 'cancelled'
         WHERE m.pupil_id = g.pupil_id AND m.since <= g.day AND (m.until IS NULL OR m.until >= g.day)) END
  FROM gone g
"""
ClassesByYear = tuple[tuple[str, tuple[tuple[str, tuple[SchoolClass, ...]], ...]], ...]
GOOD = (Standing.EXCELLENT, Standing.ONE_FOUR, Standing.GOOD)


def summary_sheet(school_class: SchoolClass, shown: str = "", *, today: date) -> SummarySheet:
    """Return the sheet of a class that the user may see: five statements whatever its size."""
    head, spans = class_head(school_class, today=today)
    people = members(school_class.pk)
    pupils = [one.pupil_id for one in people]
    found = entries(pupils, [head.year])
    results = by_place(found)
    taught = subjects(pupils, head.year, {one.subject_id for one in found})
    levels = norms_on(school_class.school_id, min(today, head.ends)).levels
    places = (*(span.place for span in spans), *map(place_of, (YEAR, EXAM, FINAL)))
    only = shown if any(place.key == shown for place in places) else ""
    laid = _columns(taught, places, results, only)
    columns = tuple(
        Column(one.subject_id, place.key, f"{one.name}, {place.name}", number == 0)
        for one in laid
        for number, place in enumerate(one.places)
    )
    there = _there(people, head)
    return SummarySheet(
        head=head,
        places=places,
        subjects=laid,
        rows=tuple(_row(n, one, columns, results, head) for n, one in enumerate(people, start=1)),
        columns=columns,
        found=tuple(
            indicators(
                (
                    results.get((p.pupil_id, c.subject_id, c.place), NO_RESULT).outcome
                    for p in there
                ),
                levels,
            )
            for c in columns
        ),
        totals=tuple(_totals(place, there, taught, results, levels) for place in places[:-2]),
        shown=only,
    )


def _there(people: Iterable[Member], head: ClassHead) -> list[Member]:
    """Those who have not left by the day of counting: only they count in the indicators."""
    day = min(max(head.today, head.starts), head.ends)
    return [one for one in people if one.until is None or one.until >= day]


def _columns(
    taught: Sequence[tuple[UUID, str, str]], places: Sequence[Place], results: Results, only: str
) -> tuple[SubjectColumns, ...]:
    """Exams and final marks have a column where somebody has one; periods and the year always."""
    used = {(subject, place) for _, subject, place in results}
    found = []
    for pk, name, short in taught:
        own = tuple(
            place
            for place in places
            if (place.key not in {EXAM, FINAL} or (pk, place.key) in used)
            and only in {"", place.key}
        )
        if own:
            found.append(SubjectColumns(pk, name, short, own))
    return tuple(found)


def _row(
    number: int, member: Member, columns: Iterable[Column], results: Results, head: ClassHead
) -> SummaryRow:
    return SummaryRow(
        number=number,
        member=member,
        cells=tuple(
            (results.get((member.pupil_id, column.subject_id, column.place), NO_RESULT), column)
            for column in columns
        ),
        left=member.until is not None and member.until < min(head.today, head.ends),
    )


def _totals(
    place: Place,
    there: Sequence[Member],
    taught: Sequence[tuple[UUID, str, str]],
    results: Results,
    levels: Levels,
) -> PlaceTotals:
    outcomes = {
        one.pupil_id: [
            results.get((one.pupil_id, subject, place.key), NO_RESULT).outcome
            for subject, *_ in taught
        ]
        for one in there
    }
    standings = Counter(standing_of(map(level_of, mine)) for mine in outcomes.values())
    size = standings.total() - standings[Standing.NONE]
    failing = standings[Standing.FAILING] + standings[Standing.NOT_ASSESSED]
    return PlaceTotals(
        place=place,
        found=indicators((one for mine in outcomes.values() for one in mine), levels),
        standings=standings,
        success=percent(size - failing, size),
        quality=percent(sum(standings[good] for good in GOOD), size),
    )


def attendance_sheet(school_class: SchoolClass, *, today: date) -> AttendanceSheet:
    """Return the attendance summary of a class that the user may see: three statements."""
    head, spans = class_head(school_class, today=today)
    people = members(school_class.pk)
    found = missed([one.pupil_id for one in people], school_class, spans)
    places = (*(span.place for span in spans), place_of(YEAR))
    rows = tuple(
        AttendanceRow(
            member=one,
            number=number,
            cells=tuple(
                (place, found.get((one.pupil_id, place.key), Missed())) for place in places
            ),
        )
        for number, one in enumerate(people, start=1)
    )
    totals = tuple(
        (place, sum((row.cells[at][1] for row in rows), Missed()))
        for at, place in enumerate(places)
    )
    return AttendanceSheet(head=head, places=places, rows=rows, totals=totals)


def missed(
    pupils: Iterable[UUID], school_class: SchoolClass, spans: Sequence[Span]
) -> dict[tuple[UUID, str], Missed]:
    """Read what the pupils missed by period and in the year: one statement."""
    values = {
        "year": school_class.year,
        "school": school_class.school_id,
        "pupils": array(pupils),
    }
    found: dict[tuple[UUID, str], Missed] = defaultdict(Missed)
    for row in rows_of(_MISSED, values):
        one = _day_missed(row)
        found[row[0], YEAR] += one
        place = next((span.place.key for span in spans if span.starts <= row[1] <= span.ends), "")
        if place:
            found[row[0], place] += one
    return found


def _day_missed(row: Sequence[Any]) -> Missed:
    _, _, lessons, ill, excused, plain, late, held = row
    whole = lessons >= held and lessons > 0
    return Missed(
        days=int(whole),
        ill_days=int(whole and ill == lessons),
        lessons=lessons,
        ill_lessons=ill,
        excused=excused,
        plain=plain,
        late=late,
    )


def classes_by_year(classes: QuerySet[SchoolClass], *, today: date) -> ClassesByYear:
    """Return school, then year (the latest first), then classes, of those that the user may see."""
    found: dict[str, dict[int, list[SchoolClass]]] = defaultdict(lambda: defaultdict(list))
    ordered = classes.order_by("-year", "grade_level", "sort_key", "pk")
    each = sorted(ordered, key=lambda one: one.school.parent_id is not None)
    for one in each:
        if one.year <= school_year(today):
            found[one.school.short_name][one.year].append(one)
    return tuple(
        (name, tuple((year_words(year), tuple(mine)) for year, mine in years.items()))
        for name, years in found.items()
    )


def years_of_class(
    visible: QuerySet[SchoolClass], school_class: SchoolClass
) -> tuple[SchoolClass, ...]:
    """Return the class in all its years: «6А» of last year is this year's «7А»."""
    first = school_class.year - school_class.grade_level
    return tuple(
        visible.filter(
            school=school_class.school_id,
            letter=school_class.letter,
            year=F("grade_level") + first,
        ).order_by("year", "pk")
    )


def members_today(school_class: SchoolClass, *, today: date) -> tuple[Member, ...]:
    """Return who has not left the class by the end of its year, or by today: two statements."""
    head, _ = class_head(school_class, today=today)
    return tuple(_there(members(school_class.pk), head))
