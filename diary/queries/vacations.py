"""The vacations of one pupil: those of the classes they name, else of her grade level.

The rule stands twice, for a statement of one child and for rows of a whole class; one test holds both.
"""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from common.prepared import rows_of
from diary.pages import PupilHead

# `v` is the vacation; `child` has the columns class_id and grade_level.
IS_THEIRS = """
CASE WHEN EXISTS (SELECT 1 FROM school_vacationclass n WHERE n.vacation_id = v.id)
     THEN EXISTS (SELECT 1 FROM school_vacationclass n
                   WHERE n.vacation_id = v.id AND n.school_class_id = child.class_id)
     ELSE child.grade_level BETWEEN v.grade_from AND v.grade_to END
"""
_VACATIONS = f"""
SELECT v.name, v.starts, v.ends
  FROM school_vacation v,
       (SELECT %(class)s::uuid AS class_id, %(grade)s::smallint AS grade_level) AS child
 WHERE v.school_id = %(school)s AND v.starts <= %(last)s AND v.ends >= %(first)s AND {IS_THEIRS}
 ORDER BY v.starts, v.id
"""  # noqa: S608 - our own words


class VacationDays(NamedTuple):
    """A vacation, both days included."""

    name: str
    starts: date
    ends: date


def vacations(head: PupilHead, first: date, last: date) -> tuple[VacationDays, ...]:
    """Return the vacations that fall between two days, in order."""
    given = {
        "school": head.school_id,
        "class": head.class_id,
        "grade": head.grade_level,
        "first": first,
        "last": last,
    }
    return tuple(VacationDays(*row) for row in rows_of(_VACATIONS, given))


def is_theirs(head: PupilHead, classes: Collection[str] | None, grades: tuple[int, int]) -> bool:
    """Judge a vacation by the ids of the classes it names, and by its first and last grade level."""
    if classes:
        return str(head.class_id) in classes
    first, last = grades
    return head.grade_level is not None and first <= head.grade_level <= last
