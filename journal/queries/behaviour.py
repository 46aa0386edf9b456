"""Marks of behaviour: a register that the school switches on; by default there is none."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.http import Http404

from journal.norms import BEHAVIOUR_SCALES
from journal.queries.class_day import leads_class
from journal.queries.facts import short_name
from journal.queries.norms import norms_on
from people.models import Setting, User
from people.naming import told_apart
from people.roles import Permission
from school.calendar import school_year
from school.models import Period, SchoolClass

_TEACHES = """
SELECT EXISTS (
  SELECT 1 FROM school_courseteacher t JOIN school_course c ON c.id = t.course_id
    JOIN school_membership m ON m.group_id = c.group_id AND %(day)s BETWEEN m.since AND coalesce(m.until, 'infinity')
    JOIN school_membership k ON k.pupil_id = m.pupil_id AND %(day)s BETWEEN k.since AND coalesce(k.until, 'infinity')
    JOIN school_studygroup h ON h.id = k.group_id AND h.kind = 'class'
   WHERE h.school_class_id = %(class)s AND t.person_id = ANY (%(persons)s::uuid[])
     AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity'))
"""
_ROWS = """
SELECT k.pupil_id, p.last_name, p.first_name, p.middle_name,
       (SELECT json_agg(json_build_array(b.id, b.day, b.value, b.comment, b.rev, b.set_by_id,
                                         a.last_name, a.first_name, a.middle_name) ORDER BY b.day, b.id)
          FROM journal_behaviourmark b
          LEFT JOIN people_person a ON a.user_id = b.set_by_id AND a.school_id = b.school_id
         WHERE b.pupil_id = k.pupil_id AND b.period_id = %(period)s
           AND (%(all)s OR b.set_by_id = %(user)s))
  FROM school_studygroup h
  JOIN school_membership k ON k.group_id = h.id AND %(day)s BETWEEN k.since AND coalesce(k.until, 'infinity')
  JOIN people_person p ON p.id = k.pupil_id
 WHERE h.school_class_id = %(class)s AND h.kind = 'class'
 GROUP BY k.pupil_id, p.last_name, p.first_name, p.middle_name, p.sort_key
 ORDER BY p.sort_key COLLATE "C", k.pupil_id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the user is to the register of a class."""

    leads: bool
    looks: bool  # a head reads everything
    teaches: bool

    @property
    def sees_all(self) -> bool:
        return self.leads or self.looks

    @property
    def notes(self) -> bool:
        return self.leads or self.teaches


@dataclass(frozen=True, slots=True)
class BehaviourNote:
    note_id: str
    day: date
    value: str
    comment: str
    author: str
    own: bool


@dataclass(frozen=True, slots=True)
class BehaviourRow:
    pupil_id: UUID
    number: int
    name: str
    value: str  # of the period
    rev: int
    comment: str
    notes: tuple[BehaviourNote, ...]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The register of a class in a period."""

    school_class: SchoolClass
    values: tuple[str, ...]
    period: Period
    periods: tuple[Period, ...]
    rows: tuple[BehaviourRow, ...]
    who: Standing


def scale_of(school_id: UUID, grade_level: int, day: date) -> tuple[str, ...]:
    """Return the words of the behaviour's scale; nothing while the register is off for the grade."""
    norms = norms_on(school_id, day)
    if not norms.behaviour_grade_from <= grade_level <= norms.behaviour_grade_to:
        return ()
    return BEHAVIOUR_SCALES[norms.behaviour_scale]


def standing(user: User, school_class: SchoolClass) -> Standing:
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "day": user.today, "class": school_class.pk, "persons": list(user.person_ids)
        }  # fmt: skip
        cursor.execute(_TEACHES, values)
        (teaches,) = cursor.fetchone() or (False,)
    return Standing(
        leads=leads_class(user, school_class),
        looks=user.may(Permission.JOURNAL_CONTROL, school_class.school_id),
        teaches=bool(teaches) and user.may(Permission.JOURNAL_KEEP, school_class.school_id),
    )


def behaviour(user: User, class_id: UUID, period_id: UUID | None) -> Behaviour:
    """Read the register of a class. Raises Http404 for strangers, and for all while it is off."""
    today = user.today
    found = SchoolClass.objects.filter(pk=class_id).select_related("school").first()
    if found is None:
        raise Http404
    values, who = scale_of(found.school_id, found.grade_level, today), standing(user, found)
    if not values or not (who.sees_all or who.notes):
        raise Http404
    periods = tuple(
        Period.objects.filter(school=found.school_id, year=found.year)
        .for_grade(found.grade_level)
        .order_by("starts", "pk")
    )
    begun = [one for one in periods if one.starts <= today]
    latest = (begun or list(periods))[-1] if periods else None
    period = next((one for one in periods if one.pk == period_id), latest)
    if period is None:
        raise Http404
    return Behaviour(found, values, period, periods, _rows(user, found, period, who), who)


def _rows(
    user: User, school_class: SchoolClass, period: Period, who: Standing
) -> tuple[BehaviourRow, ...]:
    values: dict[str, Any] = {
        "class": school_class.pk, "day": user.today, "period": period.pk, "all": who.sees_all, "user": user.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, values)
        found = cursor.fetchall()
    names = told_apart([row[1:4] for row in found])
    return tuple(
        _row(number, row[0], name, row[4] or [], user)
        for number, (row, (name, _)) in enumerate(zip(found, names, strict=True), start=1)
    )


def _row(number: int, pupil_id: UUID, name: str, marks: list[Any], user: User) -> BehaviourRow:
    of_period = next((mark for mark in marks if mark[1] is None), None)
    return BehaviourRow(
        pupil_id=pupil_id,
        number=number,
        name=name,
        value=of_period[2] if of_period else "",
        rev=of_period[4] if of_period else 0,
        comment=of_period[3] if of_period else "",
        notes=tuple(
            BehaviourNote(
                mark[0], date.fromisoformat(mark[1]), mark[2], mark[3],
                short_name(*mark[6:9]) if mark[6] else "", mark[5] == str(user.pk),
            )
            for mark in marks if mark[1] is not None
        ),
    )  # fmt: skip


_CLASSES = """
SELECT c.id, c.grade_level || c.letter, z.short_name, z.id, c.grade_level
  FROM school_schoolclass c JOIN people_school z ON z.id = c.school_id
 WHERE c.year = %(year)s AND (
       c.school_id = ANY (%(schools)s::uuid[])
    OR EXISTS (SELECT 1 FROM school_classteacher t WHERE t.school_class_id = c.id
                AND t.person_id = ANY (%(persons)s::uuid[]) AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity'))
    OR EXISTS (SELECT 1 FROM school_studygroup h
                 JOIN school_membership k ON k.group_id = h.id AND %(day)s BETWEEN k.since AND coalesce(k.until, 'infinity')
                 JOIN school_membership m ON m.pupil_id = k.pupil_id
                  AND %(day)s BETWEEN m.since AND coalesce(m.until, 'infinity')
                 JOIN school_course e ON e.group_id = m.group_id
                 JOIN school_courseteacher t ON t.course_id = e.id AND t.person_id = ANY (%(persons)s::uuid[])
                  AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity')
                WHERE h.school_class_id = c.id AND h.kind = 'class'))
 ORDER BY z.parent_id IS NOT NULL, z.short_name, c.grade_level, c.sort_key COLLATE "C", c.id
"""


def is_on(user: User) -> bool:
    """Say whether any school of the user's marks behaviour: only then are there links to it."""
    return (
        Setting.objects.filter(
            Q(until__isnull=True) | Q(until__gte=user.today),
            school__in={identity.school_id for identity in user.identities},
            key="behaviour_scale", since__lte=user.today,
        )
        .exclude(value="off")
        .exists()
    )  # fmt: skip


def registers(user: User) -> tuple[tuple[UUID, str, str], ...]:
    """Return the classes whose register the user opens: id, name, school."""
    today = user.today
    values: dict[str, Any] = {
        "year": school_year(today),
        "day": today,
        "persons": list(user.person_ids),
        "schools": list(user.schools_with(Permission.JOURNAL_CONTROL)),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLASSES, values)
        rows = cursor.fetchall()
    norms = {school: norms_on(school, today) for school in {row[3] for row in rows}}
    return tuple(
        (class_id, name, school)
        for class_id, name, school, school_id, grade in rows
        if norms[school_id].behaviour_scale != "off"
        and norms[school_id].behaviour_grade_from <= grade <= norms[school_id].behaviour_grade_to
    )
