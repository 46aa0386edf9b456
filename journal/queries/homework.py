"""Homework of a lesson with its links and named pupils; answers; what came too late."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q
from django.urls import reverse

from common.prepared import array, prepared, prepared_rows
from common.templatetags.words import day_month, file_size
from journal import policy
from journal.homework import (
    AFTER_LESSONS,
    Answering,
    Answers,
    AnswerView,
    Card,
    LateHomework,
    Link,
    Load,
    heaviest,
    is_late,
)
from journal.models import Homework, HomeworkFile, HomeworkLink
from journal.norms import homework_norm
from journal.queries.facts import CourseFacts, short_name
from journal.queries.lessons import LessonFacts
from journal.queries.norms import norms_on
from journal.sheet import FileLink, LessonSheet
from school.models import Lesson, LessonForm

# What each pupil of a group has to do by a day: homework of all her groups, and what names her.
_LOAD = """
WITH roster AS (
  SELECT DISTINCT m.pupil_id FROM school_membership m
   WHERE m.group_id = %(group)s AND m.since <= %(day)s AND (m.until IS NULL OR m.until >= %(day)s)
), learnt AS (
  SELECT m.pupil_id, m.group_id, m.since, m.until
    FROM roster r JOIN school_membership m ON m.pupil_id = r.pupil_id
   WHERE m.since <= %(due)s AND (m.until IS NULL OR m.until >= %(due)s)
), given AS (
  SELECT h.id, h.minutes, h.for_all, c.group_id, u.name, l.day
    FROM school_course c
    JOIN school_subject u ON u.id = c.subject_id
    JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN %(due)s::date - 45 AND %(due)s
    JOIN journal_homework h ON h.lesson_id = l.id AND h.due_day = %(due)s
   WHERE c.group_id IN (SELECT group_id FROM learnt) AND h.id <> %(skip)s
)
SELECT k.pupil_id::text, g.name, g.minutes
  FROM given g JOIN learnt k ON k.group_id = g.group_id AND g.day >= k.since
 WHERE g.for_all OR EXISTS (SELECT 1 FROM journal_homeworkpupil n
                             WHERE n.homework_id = g.id AND n.pupil_id = k.pupil_id)
UNION ALL
SELECT '', max(upper(s.during))::text, (SELECT grade_level FROM school_studygroup WHERE id = %(group)s)
  FROM learnt k
  JOIN school_course c ON c.group_id = k.group_id
  JOIN school_lesson l ON l.course_id = c.id AND l.day = %(day)s AND l.status <> 'cancelled'
  JOIN school_sitting s ON s.id = l.sitting_id
"""
NO_HOMEWORK = UUID(int=0)
# The last lesson of a class's pupils on each day; a group has the classes of its pupils.
_LATE = """
WITH class_of AS (
  SELECT DISTINCT m.group_id, k.group_id AS class_id
    FROM school_membership k
    JOIN school_studygroup g ON g.id = k.group_id AND g.kind = 'class'
    JOIN school_membership m ON m.pupil_id = k.pupil_id
   WHERE k.school_id = ANY (%(schools)s::uuid[]) AND k.since <= %(ends)s AND (k.until IS NULL OR k.until >= %(starts)s)
     AND m.since <= %(ends)s AND (m.until IS NULL OR m.until >= %(starts)s)
), over AS (
  SELECT k.class_id, l.day, max(upper(s.during)) AS at
    FROM class_of k
    JOIN school_course c ON c.group_id = k.group_id
    JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN %(starts)s AND %(ends)s
     AND l.status <> 'cancelled'
    JOIN school_sitting s ON s.id = l.sitting_id
   GROUP BY k.class_id, l.day
)
SELECT h.id, c.id, l.id, l.day, u.name, g.name, p.last_name, p.first_name, p.middle_name, h.set_at,
       max(o.at) + %(after)s
  FROM school_lesson l
  JOIN journal_homework h ON h.lesson_id = l.id
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN school_sitting s ON s.id = l.sitting_id
  JOIN people_person p ON p.id = s.teacher_id
  JOIN class_of k ON k.group_id = c.group_id
  JOIN over o ON o.class_id = k.class_id AND o.day = l.day
 WHERE l.school_id = ANY (%(schools)s::uuid[]) AND l.day BETWEEN %(starts)s AND %(ends)s
 GROUP BY h.id, c.id, l.id, u.name, g.name, p.id
HAVING h.set_at > max(o.at) + %(after)s
 ORDER BY l.day, p.sort_key COLLATE "C", u.name, h.id
"""


def homework_load(
    course: CourseFacts,
    lesson: LessonFacts,
    *,
    due_id: str,
    own: int,
    now: datetime,
    skip: UUID | None = None,
) -> Load | None:
    """Read what the pupils have to do by a coming lesson of the course beside the homework `skip`.

    Two statements; None if the lesson is not one of the coming ones.
    """
    days = (date.fromisoformat(row[1]) for row in lesson.coming if row[0] == due_id)
    due = next(days, None)
    if due is None:
        return None
    values: dict[str, Any] = {
        "group": course.group_id,
        "day": lesson.day,
        "due": due,
        "skip": skip or NO_HOMEWORK,
    }
    with prepared() as cursor:
        cursor.execute(_LOAD, values)
        rows: list[Any] = cursor.fetchall()
    over, grade_level = next((row[1:] for row in rows if row[0] == ""), (None, 0))
    deadline = datetime.fromisoformat(over) + AFTER_LESSONS if over else None
    tasks = [row for row in rows if row[0]]
    return Load(
        day=due,
        norm=homework_norm(norms_on(course.school_id, due), grade_level),
        grade_level=grade_level,
        subjects=heaviest([(pupil, subject, minutes or 0) for pupil, subject, minutes in tasks]),
        untimed=len({subject for _, subject, minutes in tasks if minutes is None}),
        own=own,
        deadline=deadline,
        is_late=deadline is not None and now > deadline,
    )


def lesson_form(lesson: LessonSheet) -> str:
    """Read whether the lesson is held in class or at a distance."""
    return str(Lesson.objects.values_list("form", flat=True).get(pk=lesson.lesson_id))


def homeworks(lesson: LessonSheet) -> tuple[Card, ...]:
    """Read the homeworks of a lesson, that of the whole group first; four statements."""
    found = (
        Homework.objects.filter(lesson=lesson.lesson_id)
        .select_related("due_lesson")
        .prefetch_related(
            Prefetch("pupils"),
            Prefetch("links", HomeworkLink.objects.order_by("pk")),
            Prefetch("files", HomeworkFile.objects.order_by("name", "pk")),
        )
        .annotate(
            sent=Count("answers"), unseen=Count("answers", filter=Q(answers__seen_at__isnull=True))
        )
        .order_by("-for_all", "pk")
    )
    names = {row.pupil_id: row.name for row in lesson.rows}
    return tuple(_card(homework, names) for homework in found)


def _card(homework: Homework, names: Mapping[UUID, str]) -> Card:
    named = [(one.pupil_id, names.get(one.pupil_id, "")) for one in homework.pupils.all()]
    return Card(
        homework_id=homework.pk,
        text=homework.text,
        due=_due(homework),
        due_id=str(homework.due_lesson_id or ""),
        minutes=homework.minutes,
        form=homework.form,
        form_words=str(LessonForm(homework.form).label),
        for_all=homework.for_all,
        answer_wanted=homework.answer_wanted,
        set_at=homework.set_at,
        pupils=tuple(sorted((one for one in named if one[1]), key=lambda one: one[1])),
        links=tuple(Link(one.url, one.title) for one in homework.links.all()),
        files=tuple(
            FileLink(
                one.name,
                file_size(one.size),
                reverse("journal:homework_file", args=[one.pk]),
                str(one.pk),
            )
            for one in homework.files.all()
        ),
        answers=getattr(homework, "sent", 0),
        unseen=getattr(homework, "unseen", 0),
    )


def _due(homework: Homework) -> str:
    lesson = homework.due_lesson
    if lesson is None:
        return f"к {day_month(homework.due_day)}"
    return f"к {day_month(lesson.day)}, {lesson.number}-й урок"


def homework_answers(course: CourseFacts, homework: Homework, lesson: LessonSheet) -> Answers:
    """Read who was asked and what came; `homework` with its lesson and due lesson."""
    named = set(homework.pupils.values_list("pupil_id", flat=True))
    due = homework.due_lesson
    starts = due.sitting.during.lower if due is not None else None
    sent: dict[UUID, list[AnswerView]] = {}
    for one in homework.answers.order_by("sent_at", "pk"):
        sent.setdefault(one.pupil_id, []).append(
            AnswerView(
                one.pk, one.text, one.sent_at, is_late(one.sent_at, starts=starts), one.name, one.size, one.seen_at
            )
        )  # fmt: skip
    asked = [row for row in lesson.rows if homework.for_all or row.pupil_id in named]
    return Answers(
        homework_id=homework.pk,
        course_id=course.course_id,
        lesson_id=homework.lesson_id,
        title=course.title,
        text=homework.text,
        given_on=homework.lesson.day,
        due=_due(homework),
        rows=tuple(
            Answering(row.pupil_id, row.name, tuple(sent.get(row.pupil_id, ()))) for row in asked
        ),
        may_mark=policy.may_hold(course.who, str(homework.lesson.sitting.teacher_id)),
    )


def homework_late(schools: Iterable[UUID], *, starts: date, ends: date) -> tuple[LateHomework, ...]:
    """List homework of the days' lessons entered or changed later than allowed; one statement."""
    values: dict[str, Any] = {
        "schools": array(schools),
        "starts": starts,
        "ends": ends,
        "after": AFTER_LESSONS,
    }
    return tuple(
        LateHomework(
            homework_id=row[0],
            course_id=row[1],
            lesson_id=row[2],
            day=row[3],
            subject=row[4],
            group=row[5],
            teacher=short_name(*row[6:9]),
            set_at=row[9],
            deadline=row[10],
        )
        for row in prepared_rows(_LATE, values)
    )
