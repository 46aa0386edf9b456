"""All journals of the school, class by class: what heads and deputies open journals from."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from common.templatetags.words import count_ru
from journal.queries.facts import short_name
from journal.sheet import ClassLink, SchoolCourse, SchoolJournals
from people.models import User
from people.roles import Permission
from school.calendar import school_year
from school.models import SchoolClass

_COURSES = """
SELECT c.id, u.name, g.name,
       (SELECT array_agg(ARRAY[p.last_name, p.first_name, p.middle_name] ORDER BY p.sort_key COLLATE "C")
          FROM school_courseteacher t JOIN people_person p ON p.id = t.person_id
         WHERE t.course_id = c.id AND t.since <= %(day)s AND (t.until IS NULL OR t.until >= %(day)s)),
       (SELECT count(*) FROM school_lesson l
         WHERE l.course_id = c.id AND l.day < %(day)s AND l.status <> 'cancelled' AND l.topic = '')
  FROM school_course c
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
 WHERE c.year = %(year)s AND c.school_id = ANY (%(schools)s::uuid[])
   AND EXISTS (SELECT 1 FROM school_membership m
                 JOIN school_membership k ON k.pupil_id = m.pupil_id
                 JOIN school_studygroup h ON h.id = k.group_id AND h.kind = 'class'
                WHERE m.group_id = c.group_id AND h.school_class_id = %(class)s
                  AND %(day)s BETWEEN m.since AND coalesce(m.until, 'infinity')
                  AND %(day)s BETWEEN k.since AND coalesce(k.until, 'infinity'))
 ORDER BY u.name, g.name, c.id
"""


def school_journals(user: User, class_id: UUID | None, *, today: date) -> SchoolJournals:
    """Read the classes that the user oversees and the journals of one of them, the first by default."""
    year = school_year(today)
    schools = user.schools_with(Permission.JOURNAL_VIEW_SCHOOL)
    classes = list(
        SchoolClass.objects.visible_to(user)
        .filter(school__in=schools, year=year)
        .select_related("school")
        .in_order()
    )
    classes.sort(key=lambda one: (one.school.parent_id is not None, one.school.short_name))
    chosen = next((one for one in classes if one.pk == class_id), classes[0] if classes else None)
    return SchoolJournals(
        classes=tuple(
            ClassLink(one.pk, one.name, one.school.short_name, chosen=one == chosen)
            for one in classes
        ),
        class_id=chosen.pk if chosen else None,
        class_name=chosen.name if chosen else "",
        school_name=chosen.school.short_name if chosen else "",
        courses=_courses(chosen, schools, year=year, today=today) if chosen else (),
    )


def _courses(
    chosen: SchoolClass, schools: tuple[UUID, ...], *, year: int, today: date
) -> tuple[SchoolCourse, ...]:
    values: dict[str, Any] = {
        "class": chosen.pk,
        "schools": list(schools),
        "year": year,
        "day": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COURSES, values)
        rows = cursor.fetchall()
    return tuple(
        SchoolCourse(
            course_id=course_id,
            subject_name=subject,
            group_name=group,
            teachers=", ".join(short_name(*name) for name in teachers or ()),
            unfilled=count_ru(empty, "урок,урока,уроков") if empty else "",
        )
        for course_id, subject, group, teachers, empty in rows
    )
