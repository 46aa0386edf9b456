"""Plans of a school: the library, one plan, and the plan of a course laid on its lessons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.shortcuts import get_object_or_404

from common.templatetags.words import count_ru
from journal import plan, policy
from journal.models import Programme, WorkKind
from journal.queries.facts import CourseFacts, course_facts
from journal.queries.plans import CoursePlan, course_plan
from people.models import User
from people.roles import Permission
from school.calendar import school_year
from school.models import Course, LessonKind, Subject

LESSON_KINDS: Mapping[str, str] = dict(LessonKind.choices)
HOURS = "час,часа,часов"
LESSONS = "урок,урока,уроков"

_LIBRARY = """
SELECT p.id, p.name, u.name, p.grade_level, p.year, p.school_id, p.made_by_id,
       (SELECT n.last_name || ' ' || left(n.first_name, 1) || '.' || coalesce(' ' || nullif(left(n.middle_name, 1), '') || '.', '')
          FROM people_person n WHERE n.user_id = p.made_by_id AND n.school_id = p.school_id ORDER BY n.id LIMIT 1),
       coalesce(t.topics, 0), coalesce(t.hours, 0), f.groups
  FROM journal_programme p
  JOIN school_subject u ON u.id = p.subject_id
  LEFT JOIN (SELECT programme_id, count(*) AS topics, sum(hours) AS hours FROM journal_topic GROUP BY 1) t
    ON t.programme_id = p.id
  LEFT JOIN (SELECT cp.programme_id, string_agg(g.name, ', ' ORDER BY g.name) AS groups
               FROM journal_courseprogramme cp JOIN school_course c ON c.id = cp.course_id
               JOIN school_studygroup g ON g.id = c.group_id GROUP BY 1) f ON f.programme_id = p.id
 WHERE p.school_id = ANY (%(schools)s) AND p.year BETWEEN %(year)s - 1 AND %(year)s
   AND (%(subject)s::uuid IS NULL OR p.subject_id = %(subject)s)
 ORDER BY p.year DESC, u.sort_key, p.grade_level, p.name, p.id
"""


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    programme_id: UUID
    name: str
    subject: str
    grade_level: int
    year: int
    school_id: UUID
    author_id: UUID
    author: str
    topics: int
    hours: int
    groups: str  # «7А, 7Б»: the parallel courses that follow it

    @property
    def year_name(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02d}"


@dataclass(frozen=True, slots=True)
class Library:
    own: tuple[ProgrammeRow, ...]
    others: tuple[ProgrammeRow, ...]
    may_make: bool


@dataclass(frozen=True, slots=True)
class TopicRow:
    topic_id: UUID
    number: int
    title: str
    hours: int
    kind: str
    work: str
    homework: str
    given: int = 0  # lessons of any course that gave it


@dataclass(frozen=True, slots=True)
class UnitRow:
    unit_id: UUID
    title: str
    hours: int
    topics: tuple[TopicRow, ...]


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    programme: Programme
    units: tuple[UnitRow, ...]
    courses: tuple[tuple[UUID, str], ...]
    can_edit: bool
    hours: int
    topics: int
    controls: int
    needed: str  # «по учебному плану 102 часа»


@dataclass(frozen=True, slots=True)
class PlacedDay:
    """One lesson of a topic: given, or laid on."""

    lesson_id: str
    day: date
    given: bool


@dataclass(frozen=True, slots=True)
class PlacedTopic:
    number: int
    title: str
    hours: int
    kind: str
    work: str
    days: tuple[PlacedDay, ...]
    given: int
    lost: int  # hours for which no lesson is left

    @property
    def state(self) -> str:
        if self.given >= self.hours:
            return "given"
        return "part" if self.given else "coming"


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    title: str
    hours: int
    topics: tuple[PlacedTopic, ...]


@dataclass(frozen=True, slots=True)
class LaidPlan:
    """The plan of a course: `lag` in words, why, and what does not fit."""

    programme_id: UUID
    name: str
    units: tuple[PlacedUnit, ...]
    hours: int
    given: int
    lag: int
    words: str  # «Отстаём на 2 часа»
    reasons: str  # «отменён 1 урок (мороз), не записан 1 урок»
    left: tuple[str, ...]  # «Квадратные корни, 2 часа»
    left_hours: int
    reserve: int
    fillable: int  # past lessons whose topic may be taken from the plan at once
    tests: int  # planned control works that are not in the schedule of tests yet


@dataclass(frozen=True, slots=True)
class CourseProgrammePage:
    course: CourseFacts
    plan: LaidPlan | None
    shared: str  # «7Б»: other courses that follow the same plan
    offered: tuple[ProgrammeRow, ...]
    can_plan: bool
    can_edit: bool
    hours_per_year: int | None
    subject: Subject
    grade_level: int


def library(user: User, *, today: date, subject: UUID | None = None) -> Library:
    """Read the plans of the user's schools for this year and the last."""
    rows = _rows(_schools(user), today=today, subject=subject)
    own = tuple(row for row in rows if row.author_id == user.pk)
    others = tuple(row for row in rows if row.author_id != user.pk)
    return Library(own, others, may_make=policy.may_make_programmes(user))


def _schools(user: User) -> list[UUID]:
    return [*user.schools_with(Permission.JOURNAL_KEEP), *user.schools_with(Permission.JOURNAL_VIEW_SCHOOL)]  # fmt: skip


def _rows(schools: Sequence[UUID], *, today: date, subject: UUID | None) -> list[ProgrammeRow]:
    values: dict[str, Any] = {
        "schools": list(schools),
        "year": school_year(today),
        "subject": subject,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LIBRARY, values)
        rows: list[Any] = cursor.fetchall()
    filled = ([*row[:7], row[7] or "", *row[8:10], row[10] or ""] for row in rows)
    return [ProgrammeRow(*row) for row in filled]


def programme_page(user: User, programme_id: UUID) -> ProgrammePage:
    """Read a plan. Raises Http404 for one of another school."""
    found = Programme.objects.visible_to(user).select_related("subject")
    row = get_object_or_404(found, pk=programme_id)
    topics = _topics(row)
    units = tuple(
        UnitRow(unit.pk, unit.title, sum(t.hours for t in topics.get(unit.pk, ())), tuple(topics.get(unit.pk, ())))
        for unit in row.units.order_by("number")
    )  # fmt: skip
    followed = list(Course.objects.filter(programme__programme=row).select_related("group").order_by("group__name"))  # fmt: skip
    every = [topic for unit in units for topic in unit.topics]
    return ProgrammePage(
        programme=row,
        units=units,
        courses=tuple((course.pk, course.group.name) for course in followed),
        can_edit=policy.may_edit_programme(user, row.school_id, row.made_by_id),
        hours=sum(topic.hours for topic in every),
        topics=len(every),
        controls=sum(bool(topic.work) for topic in every),
        needed=_needed(row),
    )


def _needed(row: Programme) -> str:
    hours = _curriculum(row.school_id, row.subject_id, row.grade_level, row.year)
    return f"по учебному плану {count_ru(hours, HOURS)}" if hours else ""


def _curriculum(school_id: UUID, subject_id: UUID, grade_level: int, year: int) -> int | None:
    sql = """SELECT max(c.hours_per_year) FROM school_curriculum c JOIN school_studygroup g ON g.id = c.group_id
              WHERE c.school_id = %s AND c.subject_id = %s AND g.grade_level = %s AND c.year = %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [school_id, subject_id, grade_level, year])
        row = cursor.fetchone()
    return row[0] if row else None


def _topics(programme: Programme) -> dict[UUID, list[TopicRow]]:
    sql = """SELECT t.unit_id, t.id, t.number, t.title, t.hours, t.lesson_kind, coalesce(k.name, ''), t.homework,
                    (SELECT count(*) FROM journal_lessontopic l WHERE l.topic_id = t.id)
               FROM journal_topic t LEFT JOIN journal_workkind k ON k.id = t.work_kind_id
              WHERE t.programme_id = %s ORDER BY t.number"""
    found: dict[UUID, list[TopicRow]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [programme.pk])
        for unit_id, topic_id, number, title, hours, kind, work, homework, given in cursor:
            row = TopicRow(topic_id, number, title, hours, LESSON_KINDS[kind], work, homework, given)  # fmt: skip
            found.setdefault(unit_id, []).append(row)
    return found


def course_programme(user: User, course_id: UUID, *, today: date) -> CourseProgrammePage:
    """Read the plan of a course laid on its lessons. Raises Http404 for what the user may not open."""
    course = course_facts(user, course_id, today=today)
    row = Course.objects.visible_to(user).select_related("group", "subject").get(pk=course_id)
    found = course_plan(course_id)
    programme = Programme.objects.filter(pk=found.programme_id).first() if found else None
    shared = Course.objects.filter(programme__programme=programme).exclude(pk=course_id).order_by("group__name")  # fmt: skip
    rows = _rows([course.school_id], today=today, subject=row.subject_id) if found is None else []
    grade = row.group.grade_level
    return CourseProgrammePage(
        course=course,
        plan=_laid(course, found, today=today) if found else None,
        shared=", ".join(shared.values_list("group__name", flat=True)) if programme else "",
        offered=tuple(sorted(rows, key=lambda one: (one.grade_level != grade, -one.year))),
        can_plan=policy.may_plan(user, course.who, course.school_id),
        can_edit=programme is not None and policy.may_edit_programme(user, course.school_id, programme.made_by_id),
        hours_per_year=_curriculum_of(row),
        subject=row.subject,
        grade_level=grade,
    )  # fmt: skip


def _curriculum_of(course: Course) -> int | None:
    rows = course.group.curriculum.filter(subject=course.subject_id)
    return rows.values_list("hours_per_year", flat=True).first()


def _laid(course: CourseFacts, found: CoursePlan, *, today: date) -> LaidPlan:
    kinds = {str(kind.pk): kind for kind in WorkKind.objects.filter(school=course.school_id)}
    done = plan.progress(found.wanted, found.lessons, until=today - timedelta(days=1))
    placed = _placed(found, kinds)
    hours = sum(topic.hours for topic in found.topics)
    left = tuple(
        f"{topic.title}, {count_ru(topic.lost, HOURS)}"
        for unit in placed
        for topic in unit.topics
        if topic.lost
    )
    return LaidPlan(
        programme_id=found.programme_id,
        name=found.name,
        units=placed,
        hours=hours,
        given=len(set(found.laid.given.values()) & set(plan.hours_of(found.wanted))),
        lag=done.lag,
        words=lag_words(done.lag),
        reasons=reason_words(done, cancelled=_cancelled(course.course_id, until=today)),
        left=left,
        left_hours=len(found.laid.left),
        reserve=len(found.laid.free),
        fillable=len(fillable(course, found, today=today)),
        tests=len(unplanned_tests(course, found, kinds, today=today)),
    )


def _placed(found: CoursePlan, kinds: Mapping[str, WorkKind]) -> tuple[PlacedUnit, ...]:
    days: dict[str, list[PlacedDay]] = {}
    for lesson in found.lessons:
        hour = found.laid.at(lesson.lesson_id)
        if hour is not None:
            is_given = lesson.lesson_id in found.laid.given
            days.setdefault(hour.topic_id, []).append(
                PlacedDay(lesson.lesson_id, lesson.day, is_given)
            )
    lost: dict[str, int] = {}
    for hour in found.laid.left:
        lost[hour.topic_id] = lost.get(hour.topic_id, 0) + 1
    units: dict[str, list[PlacedTopic]] = {}
    for topic in found.topics:
        on = tuple(days.get(topic.topic_id, ()))
        work = kinds[topic.work_kind_id].name if topic.work_kind_id else ""
        given = sum(day.given for day in on)
        units.setdefault(topic.unit_id, []).append(
            PlacedTopic(topic.number, topic.title, topic.hours, LESSON_KINDS[topic.lesson_kind], work, on, given, lost.get(topic.topic_id, 0))
        )  # fmt: skip
    return tuple(
        PlacedUnit(found.units[unit], sum(topic.hours for topic in topics), tuple(topics))
        for unit, topics in units.items()
    )


def lag_words(lag: int) -> str:
    if lag == 0:
        return "Идём по плану"
    return (
        f"Отстаём на {count_ru(lag, HOURS)}" if lag > 0 else f"Опережаем на {count_ru(-lag, HOURS)}"
    )


def reason_words(done: plan.Progress, *, cancelled: Iterable[str] = ()) -> str:
    """Return why the plan is behind: «отменён 1 урок (мороз), не записано 2 урока»."""
    why = "; ".join(dict.fromkeys(cancelled))
    parts = (
        (done.cancelled, "отменено", f" ({why})" if why else ""),
        (done.unrecorded, "не записано", ""),
        (done.outside, "вне плана", ""),
        (done.repeated, "сверх плана на тему", ""),
        (done.moved, "перенесено на потом", ""),
    )
    said = [f"{words}: {count_ru(n, LESSONS)}{more}" for n, words, more in parts if n > 0]
    return ", ".join(said)


def _cancelled(course_id: UUID, *, until: date) -> list[str]:
    """Return why lessons were cancelled; a colleague's illness is not told."""
    sql = """SELECT DISTINCT CASE WHEN h.absent_teacher_id IS NULL THEN h.reason ELSE 'нет замены' END
               FROM school_lesson l JOIN school_lessonchange h ON h.lesson_id = l.id AND h.kind = 'cancelled'
              WHERE l.course_id = %s AND l.status = 'cancelled' AND l.day < %s ORDER BY 1"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [course_id, until])
        return [reason for (reason,) in cursor.fetchall() if reason]


def fillable(course: CourseFacts, found: CoursePlan, *, today: date) -> tuple[str, ...]:
    """Return the past lessons whose topic may be taken from the plan: laid on, not recorded, not closed."""
    closed = [span for span in course.periods if span.signed]
    return tuple(
        lesson.lesson_id
        for lesson in found.lessons
        if lesson.lesson_id in found.laid.coming
        and lesson.day < today
        and not course.year_closed
        and not any(span.starts <= lesson.day <= span.ends for span in closed)
    )


@dataclass(frozen=True, slots=True)
class WantedTest:
    """A control work of the plan and the coming lesson that it falls on."""

    lesson_id: str
    kind_id: str
    title: str


def unplanned_tests(
    course: CourseFacts, found: CoursePlan, kinds: Mapping[str, Any], *, today: date
) -> tuple[WantedTest, ...]:
    """Return control works of the plan's coming lessons that the schedule of tests lacks."""
    control = {key for key, kind in kinds.items() if kind.is_control}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.lesson_id::text FROM journal_work w JOIN journal_workkind k ON k.id = w.kind_id AND k.is_control"
            " JOIN school_lesson l ON l.id = w.lesson_id WHERE l.course_id = %s AND l.day > %s",
            [course.course_id, today],
        )
        stand = {lesson for (lesson,) in cursor.fetchall()}
    wanted = []
    for lesson in found.lessons:
        hour = found.laid.coming.get(lesson.lesson_id)
        topic = found.topic(hour.topic_id) if hour else None
        if hour is None or topic is None or topic.work_kind_id not in control:
            continue
        if lesson.day > today and hour.number == topic.hours and lesson.lesson_id not in stand:
            wanted.append(WantedTest(lesson.lesson_id, str(topic.work_kind_id), topic.title[:200]))
    return tuple(wanted)


def offered_subjects(user: User) -> list[tuple[str, str]]:
    """Return the subjects that the user may make a plan of."""
    rows = Subject.objects.filter(school__in=_schools(user)).order_by("sort_key", "pk")
    return [(str(row.pk), row.name) for row in rows]


def offered_works(school_id: UUID, *, today: date) -> list[tuple[str, str]]:
    """Return the kinds of work in force on the day."""
    rows = WorkKind.objects.filter(school=school_id, since__lte=today).order_by("-is_control", "name")  # fmt: skip
    return [(str(row.pk), row.name) for row in rows if row.until is None or row.until >= today]
