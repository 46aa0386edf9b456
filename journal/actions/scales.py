"""Scales of the school, and which course is marked by which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import Jsonb

from common.errors import require
from journal.actions.versions import place, require_date
from journal.errors import BadSetting, SettingChanged
from journal.models import Scale
from people.models import User
from people.roles import Permission
from school.calendar import school_year
from school.models import Course, Lesson

# Marks and results that stand where the new version would hold, and that it does not have.
_OUTSIDE = """
SELECT value, count(*) FROM (
  SELECT m.value FROM journal_mark m
    JOIN school_lesson l ON l.id = m.lesson_id AND l.year = m.year
    JOIN school_course c ON c.id = l.course_id AND c.scale_code = %(code)s
   WHERE m.school_id = %(school)s AND l.day BETWEEN %(since)s AND coalesce(%(until)s::date, 'infinity')
     AND m.value <> '.'
   UNION ALL
  SELECT r.value FROM journal_periodmark r
    JOIN school_period p ON p.id = r.period_id
    JOIN school_course c ON c.id = r.course_id AND c.scale_code = %(code)s
   WHERE r.school_id = %(school)s AND p.ends BETWEEN %(since)s AND coalesce(%(until)s::date, 'infinity')
     AND r.value <> ''
) stands WHERE NOT (%(values)s::jsonb ? value) GROUP BY value ORDER BY value
"""
_MARKED = """
SELECT c.id FROM school_course c WHERE c.id = ANY (%(courses)s)
   AND (EXISTS (SELECT 1 FROM school_lesson l JOIN journal_mark m ON m.year = l.year AND m.lesson_id = l.id
                 WHERE l.course_id = c.id)
        OR EXISTS (SELECT 1 FROM journal_periodmark r WHERE r.course_id = c.id AND r.value <> '')
        OR EXISTS (SELECT 1 FROM journal_yearmark r WHERE r.course_id = c.id AND r.value <> ''))
"""


@dataclass(frozen=True, slots=True)
class ScaleFields:
    name: str
    values: Mapping[str, float | None]
    by_points: Mapping[str, float]


@transaction.atomic
def set_scale(
    *,
    by: User,
    school_id: UUID,
    code: str,
    wanted: ScaleFields,
    since: date,
    today: date,
    seen: UUID | None = None,
) -> Scale:
    """Open a new version of a scale; an empty `code` adds a scale.

    Marks keep the number that they were given with. Raises Forbidden, SettingChanged, and BadSetting
    where marks stand that the new version does not have.
    """
    require(by.may(Permission.JOURNAL_CONTROL, school_id))
    require_date(school_id, since, today=today)
    others = Scale.objects.filter(school=school_id, name__iexact=wanted.name).exclude(code=code)
    if others.exists():
        raise BadSetting("Шкала с таким названием уже есть.", field="name")
    code = code or uuid4().hex[:10]
    known = list(
        Scale.objects.select_for_update().filter(school=school_id, code=code).order_by("since")
    )
    if known and seen != known[-1].pk:
        raise SettingChanged
    new = place(
        known,
        Scale(
            school_id=school_id, code=code, since=since, name=wanted.name, values=dict(wanted.values),
            by_points=dict(wanted.by_points),
        ),
    )  # fmt: skip
    _require_marks_fit(new.new)
    return new.write()


def _require_marks_fit(scale: Scale) -> None:
    with connection.cursor() as cursor:
        values = {
            "code": scale.code, "school": scale.school_id, "since": scale.since, "until": scale.until,
            "values": Jsonb(scale.values),
        }  # fmt: skip
        cursor.execute(_OUTSIDE, values)
        found = cursor.fetchall()
    if found:
        listed = ", ".join(f"«{value}» — {count}" for value, count in found)
        raise BadSetting(
            f"С этой даты в журналах уже стоят отметки, которых в новой шкале нет: {listed}. "
            "Оставьте их в шкале или выберите более позднюю дату.",
            field="values",
        )


@dataclass(frozen=True, slots=True)
class ScaleChoice:
    """What became of the courses: those that took the scale, and those where marks stand already."""

    changed: tuple[str, ...]
    refused: tuple[str, ...]


@transaction.atomic
def choose_scale(
    *,
    by: User,
    school_id: UUID,
    code: str,
    subject_id: UUID | None,
    grade_from: int,
    grade_to: int,
    today: date,
) -> ScaleChoice:
    """Mark the subject in these grades by the scale: this year's courses without marks, and coming ones.

    Raises Forbidden; BadSetting if there is nothing to change, with the reason.
    """
    require(by.may(Permission.JOURNAL_CONTROL, school_id))
    year = school_year(today)
    courses = Course.objects.filter(
        school=school_id, year__gte=year, group__grade_level__range=(grade_from, grade_to)
    )
    if subject_id is not None:
        courses = courses.filter(subject=subject_id)
    matching = list(courses.with_names().order_by("subject__sort_key", "group__name", "pk"))
    other = [course for course in matching if course.scale_code != code]
    if not matching:
        raise BadSetting("В этих классах такого предмета нет.", field="subject")
    if not other:
        raise BadSetting("В этих журналах шкала уже такая.", field="scale")
    marked = _marked([course.pk for course in other], today=today)
    changed = [course for course in other if course.pk not in marked]
    refused = tuple(str(course) for course in other if course.pk in marked)
    if not changed:
        raise BadSetting(
            f"Шкала не изменена: в журналах уже стоят отметки ({_listed(refused)}). "
            "Сменить шкалу можно до первой отметки.",
            field="scale",
        )
    for course in changed:
        course.scale_code = code
    Course.objects.bulk_update(changed, ["scale_code"])
    return ScaleChoice(tuple(str(course) for course in changed), refused)


def _marked(courses: list[UUID], *, today: date) -> set[UUID]:
    """Return the courses with marks; their lessons are locked, so none comes in between."""
    lessons = Lesson.objects.filter(course__in=courses, day__lte=today)
    list(lessons.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    with connection.cursor() as cursor:
        cursor.execute(_MARKED, {"courses": courses})
        return {row[0] for row in cursor.fetchall()}


def _listed(names: tuple[str, ...]) -> str:
    shown = "; ".join(names[:5])
    return f"{shown} и ещё {len(names) - 5}" if len(names) > 5 else shown
