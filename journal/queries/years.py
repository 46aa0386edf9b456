"""All years of a pupil on one page (T3)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from common.prepared import array, rows_of
from journal.queries.yearbook import (
    Entry,
    by_place,
    decision_words,
    entries,
    period_place,
    place_of,
)
from journal.yearbook import (
    EXAM,
    FINAL,
    NO_RESULT,
    STAGES,
    YEAR,
    AnnualRow,
    Cell,
    PupilYear,
    PupilYears,
    Stage,
    YearRow,
)
from people.models import Pupil

# The class of each year, the last one if she moved; with the council's decision.
_YEARS = """
SELECT DISTINCT ON (g.year) g.year, k.grade_level, k.letter, d.kind, d.minutes_number, d.minutes_day
  FROM school_membership m
  JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
  JOIN school_schoolclass k ON k.id = g.school_class_id
  LEFT JOIN journal_councildecision d ON d.pupil_id = m.pupil_id AND d.year = g.year
 WHERE m.pupil_id = %(pupil)s
 ORDER BY g.year, m.since DESC
"""
_NAMES = "SELECT id, name, sort_key FROM school_subject WHERE id = ANY (%(subjects)s::uuid[])"


def pupil_years(pupil: Pupil, *, today: date, seen_at: datetime | None = None) -> PupilYears:
    """Return every year of the pupil: three statements. `seen_at`: what the family sees then.

    `person` and `school` are read with the pupil. The caller asks whether the user may see them.
    """
    years = rows_of(_YEARS, {"pupil": pupil.pk})
    found = entries([pupil.pk], [row[0] for row in years], seen_at=seen_at)
    values = {"subjects": array({one.subject_id for one in found})}
    names = {pk: (name, key) for pk, name, key in rows_of(_NAMES, values)}
    made = [_year(row, [one for one in found if one.year == row[0]], names) for row in years]
    latest = next((one for one in reversed(made)), None)
    return PupilYears(
        pupil_id=pupil.pk,
        name=pupil.person.full_name,
        class_name=latest.class_name if latest else "",
        school_name=pupil.school.short_name,
        stages=tuple(
            _stage(name, [one for one in made if first <= one.grade_level <= last], found, names)
            for first, last, name in STAGES
            if any(first <= one.grade_level <= last for one in made)
        ),
    )


Names = dict[UUID, tuple[str, str]]


def _year(row: Sequence[Any], found: Sequence[Entry], names: Names) -> PupilYear:
    year, grade_level, letter, kind, number, day = row
    results = by_place(found)
    kinds = {one.place: one.kind for one in found if one.place.isdecimal()}
    used = {one.place for one in found}
    places = (
        *(period_place(kinds[key], int(key)) for key in sorted(kinds, key=int)),
        *(place_of(key) for key in (YEAR, EXAM, FINAL) if key in used),
    )
    return PupilYear(
        year=year,
        class_name=f"{grade_level}{letter}",
        grade_level=grade_level,
        places=places,
        rows=tuple(
            YearRow(
                subject=names[subject][0],
                cells=tuple((_at(results, subject, place.key), place) for place in places),
            )
            for subject in _in_order({one.subject_id for one in found}, names)
        ),
        decision=decision_words(kind, number, day),
    )


def _in_order(subjects: set[UUID], names: Names) -> list[UUID]:
    return sorted(subjects, key=lambda pk: (names[pk][1], pk))


def _at(results: dict[tuple[UUID, UUID, str], Cell], subject: UUID, place: str) -> Cell:
    return next(
        (cell for (_, pk, key), cell in results.items() if (pk, key) == (subject, place)), NO_RESULT
    )


def _stage(name: str, years: Sequence[PupilYear], found: Sequence[Entry], names: Names) -> Stage:
    """Lay the annual marks of a stage out by grade."""
    mine = [one for one in found if any(one.year == year.year for year in years)]
    annual = {(one.subject_id, one.year): one.cell for one in mine if one.place == YEAR}
    finals = {one.subject_id: one.cell for one in mine if one.place == FINAL}
    subjects = {subject for subject, _ in annual} | set(finals)
    return Stage(
        name=name,
        years=tuple(reversed(years)),
        annual=tuple(
            AnnualRow(
                subject=names[subject][0],
                cells=tuple((annual.get((subject, one.year), NO_RESULT), one) for one in years),
                final=finals.get(subject, NO_RESULT),
            )
            for subject in _in_order(subjects, names)
        ),
    )
