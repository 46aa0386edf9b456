"""Pages of the schedule of tests: a class's or the school's, and a course's own."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from common.weeks import monday_of
from journal.models import WorkKind
from journal.queries.facts import CourseFacts
from journal.queries.testplan import Rules, candidate, places, rules_of, works, year_of
from journal.schedule import CoursePlan, LessonOption, Schedule, WorkRow, WorkWeek
from journal.sheet import Choice
from journal.testplan import Planned
from people.models import User
from people.roles import Permission
from school.calendar import school_year
from school.models import Lesson, Period, SchoolClass

NEAR_WORDS = "эта неделя и три следующие"
BESIDE = timedelta(days=61)  # how far ahead a course's page shows the other works of its pupils


def course_plan(course: CourseFacts, *, today: date) -> CoursePlan:
    """Read the course's page of tests; five statements."""
    starts, ends = year_of(course.year)
    coming = list(
        Lesson.objects.filter(course=course.course_id)
        .between(today, ends)
        .not_cancelled()
        .select_related("sitting")
        .in_order()
    )
    on = min(max(today, starts), ends)
    rules = rules_of(course, [lesson.pk for lesson in coming], on=on)
    whose = candidate(course, coming[0], minutes=None, work_id="", on=on) if coming else None
    classes = whose.classes if whose else frozenset()
    own = tuple(row for row in rules.rows if row.course_id == course.course_id)
    place = next(iter(rules.places.values()), None)
    return CoursePlan(
        course_id=course.course_id,
        title=course.title,
        rows=own,
        others=tuple(
            row
            for row in rules.rows
            if row not in own
            and today <= row.day <= today + BESIDE
            and row.planned.classes & classes
        ),
        lessons=tuple(_option(rules, whose, lesson) for lesson in coming) if whose else (),
        kinds=_kinds(course, today),
        may_plan=course.who.keeps and not course.year_closed,
        most=place.most if place else 0,
        hours=place.hours_of_year if place else 0,
    )


def _kinds(course: CourseFacts, day: date) -> tuple[Choice, ...]:
    """Read the kinds of control works in force."""
    kinds = WorkKind.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day),
        school=course.school_id,
        is_control=True,
        since__lte=day,
    )
    return tuple(Choice(str(kind.pk), kind.name) for kind in kinds.order_by("name", "pk"))


def _option(rules: Rules, whose: Planned, lesson: Lesson) -> LessonOption:
    work = replace(whose, day=lesson.day)
    found = rules.judge(work, lesson.pk)
    stops = [one for one in found if one.severity == "refuse"]
    notes = {"one_a_day": "у класса уже есть работа", "edge": "первый или последний урок"}
    return LessonOption(
        lesson.pk,
        lesson.day,
        lesson.number,
        note=", ".join(notes[one.code] for one in stops),
        is_refused=bool(stops),
    )


def schools_of(user: User) -> tuple[UUID, ...]:
    """Return the schools whose schedule of tests the user may see: the staff who keep or read journals."""
    keeps = user.schools_with(Permission.JOURNAL_KEEP)
    return tuple(sorted({*keeps, *user.schools_with(Permission.JOURNAL_VIEW_SCHOOL)}))


def tests_schedule(
    user: User, *, class_id: UUID | None, period_id: UUID | None, today: date
) -> Schedule:
    """Read the tests of a class, or of all classes, in a period; five statements."""
    schools = schools_of(user)
    year = school_year(today)
    classes = list(
        SchoolClass.objects.filter(school__in=schools, year=year)
        .select_related("school")
        .order_by("grade_level", "sort_key", "pk")
    )
    shown = next((one for one in classes if one.pk == class_id), None)
    periods = _periods(schools, year, shown)
    period = _chosen(periods, period_id, today, is_school=shown is None)
    starts, ends = (period.starts, period.ends) if period else _near(today)
    on = min(max(today, starts), ends)
    found = works(schools, starts, ends, on=on, class_id=shown.pk if shown else None)
    judged = _judged(schools, found, year=year, on=on)
    persons = {str(person) for person in user.person_ids}
    return Schedule(
        title=shown.name if shown else "все классы",
        starts=starts,
        ends=ends,
        weeks=_weeks(judged),
        classes=tuple(Choice(str(one.pk), one.name, one == shown) for one in classes),
        periods=(
            Choice("", NEAR_WORDS, period is None),
            *(Choice(str(one.pk), one.name, one == period) for one in periods),
        ),
        schools=", ".join(sorted({one.school.short_name for one in classes})),
        courses=_own_courses(persons, shown, today) if shown else (),
    )


def _periods(schools: Sequence[UUID], year: int, shown: SchoolClass | None) -> list[Period]:
    found = Period.objects.filter(school__in=schools, year=year).order_by("starts", "ends", "pk")
    if shown is not None:
        level = shown.grade_level
        found = found.filter(school=shown.school_id, grade_from__lte=level, grade_to__gte=level)
    else:
        found = found.filter(school=schools[0]) if schools else found.none()
    return list(found)


def _chosen(
    periods: Sequence[Period], period_id: UUID | None, today: date, *, is_school: bool
) -> Period | None:
    """Choose the asked period; of a class else today's; of the school else none: the weeks ahead."""
    asked = next((one for one in periods if one.pk == period_id), None)
    current = [one for one in periods if one.starts <= today <= one.ends]
    if asked or is_school or not current:
        return asked
    return min(current, key=lambda one: one.ends - one.starts)


def _near(today: date) -> tuple[date, date]:
    """Return this week and the three that follow."""
    monday = monday_of(today)
    return monday, monday + timedelta(days=27)


def _judged(
    schools: Sequence[UUID], found: Sequence[WorkRow], *, year: int, on: date
) -> list[WorkRow]:
    """Say of each coming or written work which rules it breaks, among the works of the year."""
    whole = works(schools, *year_of(year), on=on)
    where = places(
        schools, {r.course_id for r in found}, {r.lesson_id for r in found}, year=year, on=on
    )
    rules = Rules(whole, where)
    return [
        row if row.is_cancelled else replace(row, breaches=rules.judge(row.planned, row.lesson_id))
        for row in found
    ]


def _weeks(rows: Iterable[WorkRow]) -> tuple[WorkWeek, ...]:
    weeks: dict[date, list[WorkRow]] = {}
    for row in rows:
        weeks.setdefault(monday_of(row.day), []).append(row)
    return tuple(WorkWeek(monday, tuple(found)) for monday, found in sorted(weeks.items()))


def _own_courses(
    persons: set[str], shown: SchoolClass, today: date
) -> tuple[tuple[UUID, str], ...]:
    statement = """
        SELECT DISTINCT c.id, u.name, g.name FROM school_courseteacher t
          JOIN school_course c ON c.id = t.course_id AND c.kind = 'lesson'
          JOIN school_subject u ON u.id = c.subject_id
          JOIN school_studygroup g ON g.id = c.group_id
          JOIN school_membership m ON m.group_id = g.id AND m.since <= %(on)s
           AND (m.until IS NULL OR m.until >= %(on)s)
          JOIN school_membership k ON k.pupil_id = m.pupil_id AND k.since <= %(on)s
           AND (k.until IS NULL OR k.until >= %(on)s)
          JOIN school_studygroup h ON h.id = k.group_id AND h.school_class_id = %(class)s AND h.kind = 'class'
         WHERE t.person_id = ANY (%(persons)s::uuid[]) AND t.since <= %(on)s
           AND (t.until IS NULL OR t.until >= %(on)s)
         ORDER BY u.name, g.name, c.id
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, {"persons": sorted(persons), "class": shown.pk, "on": today})
        return tuple(
            (course_id, f"{subject}, {group}") for course_id, subject, group in cursor.fetchall()
        )
