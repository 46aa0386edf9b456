"""Homework by the day it is due, with the tests ahead."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from diary.pages import ControlWork, FileLink, Task, TaskDay, Tasks, WebLink
from diary.queries.acknowledgement import pupil_head
from diary.queries.rows import PUPILS
from people.models import Pupil

BACK = timedelta(days=14)
TASKS = f"""
WITH learnt AS (
  SELECT c.id AS course_id, su.name AS subject, p.since, p.until
    FROM school_membership p
    JOIN school_course c ON c.group_id = p.group_id
    JOIN school_subject su ON su.id = c.subject_id
   WHERE p.pupil_id = %(pupil)s AND p.since <= %(ahead)s AND (p.until IS NULL OR p.until >= %(back)s)
)
{PUPILS}
UNION ALL
SELECT 'task', NULL, json_build_array(
         h.id, l.course_id, k.subject, h.text, l.day, h.due_day, h.due_lesson_id, h.minutes,
         h.form = 'distance', h.for_all,
         (SELECT json_agg(json_build_array(f.id, f.name, f.size) ORDER BY f.name, f.id)
            FROM journal_homeworkfile f WHERE f.homework_id = h.id),
         (SELECT json_agg(json_build_array(f.url, f.title) ORDER BY f.id)
            FROM journal_homeworklink f WHERE f.homework_id = h.id),
         h.answer_wanted,
         (SELECT json_build_array(count(*), max(a.sent_at), bool_and(a.seen_at IS NOT NULL))
            FROM journal_homeworkanswer a WHERE a.homework_id = h.id AND a.pupil_id = %(pupil)s))
  FROM learnt k
  JOIN school_lesson l ON l.course_id = k.course_id AND l.day BETWEEN %(given)s AND %(ahead)s
   AND l.day >= k.since AND (k.until IS NULL OR l.day <= k.until)
  JOIN journal_homework h ON h.lesson_id = l.id AND h.due_day >= %(back)s
 WHERE h.for_all OR EXISTS (
       SELECT 1 FROM journal_homeworkpupil n WHERE n.homework_id = h.id AND n.pupil_id = %(pupil)s)
UNION ALL
SELECT 'control', NULL, json_build_array(l.id, l.day, l.number, k.subject, wk.name, w.title)
  FROM learnt k
  JOIN school_lesson l ON l.course_id = k.course_id AND l.day BETWEEN %(today)s AND %(ahead)s
   AND l.day >= k.since AND (k.until IS NULL OR l.day <= k.until) AND l.status <> 'cancelled'
  JOIN journal_work w ON w.lesson_id = l.id
  JOIN journal_workkind wk ON wk.id = w.kind_id AND wk.is_control
"""  # noqa: S608


def tasks(pupil: Pupil, *, now: datetime, subject: str = "") -> Tasks:
    """Return the pupil's tasks: one statement. `subject` narrows to one subject's name."""
    today = pupil.school.local_date(now)
    with connection.cursor() as cursor:
        cursor.execute(
            TASKS,
            {
                "pupil": pupil.pk,
                "pupils": [pupil.pk],
                "monday": today,
                "sunday": today,
                "today": today,
                "back": today - BACK,
                "given": today - 3 * BACK,
                "ahead": today + timedelta(days=60),
            },
        )
        rows = cursor.fetchall()
    head = next(pupil_head(pk, fact) for kind, pk, fact in rows if kind == "pupil")
    found = sorted(
        (_task(fact) for kind, _, fact in rows if kind == "task"),
        key=lambda task: (task.due_on, task.subject, task.given_on, str(task.homework_id)),
    )
    ahead = [_control(fact) for kind, _, fact in rows if kind == "control"]
    wanted = [task for task in found if subject in {"", task.subject}]
    controls = [control for control in ahead if subject in {"", control.subject}]
    days = sorted({task.due_on for task in wanted} | {control.day for control in controls})
    return Tasks(
        pupil=head,
        now=now.astimezone(pupil.school.zone),
        days=tuple(_day(day, wanted, controls, today) for day in days if day >= today),
        past=tuple(_day(day, wanted, (), today) for day in reversed(days) if day < today),
        subjects=tuple(sorted({task.subject for task in found})),
        shown_subject=subject,
    )


def _day(day: date, found: Sequence[Task], ahead: Sequence[ControlWork], today: date) -> TaskDay:
    labels = {today: "Сегодня", today + timedelta(days=1): "Завтра"}
    return TaskDay(
        day=day,
        label=labels.get(day, ""),
        tasks=tuple(task for task in found if task.due_on == day),
        controls=tuple(sorted((c for c in ahead if c.day == day), key=lambda c: c.number)),
    )


def _task(fact: list[Any]) -> Task:
    homework, course, subject, text, given, due, lesson, minutes, distance, for_all, files = fact[
        :11
    ]
    links, answer_wanted, (answers, answered_at, is_seen) = fact[11:]
    return Task(
        homework_id=UUID(homework),
        course_id=UUID(course),
        subject=subject,
        text=text,
        given_on=date.fromisoformat(given),
        due_on=date.fromisoformat(due),
        due_lesson_id=UUID(lesson) if lesson else None,
        minutes=minutes,
        is_distance=distance,
        for_all=for_all,
        files=tuple(FileLink(UUID(f[0]), name=f[1], size=f[2]) for f in files or ()),
        links=tuple(WebLink(*link) for link in links or ()),
        answer_wanted=answer_wanted,
        answers=answers,
        answered_at=datetime.fromisoformat(answered_at) if answered_at else None,
        is_seen=bool(is_seen),
    )


def _control(fact: list[Any]) -> ControlWork:
    lesson, day, number, subject, work, title = fact
    return ControlWork(
        lesson_id=UUID(lesson),
        day=date.fromisoformat(day),
        number=number,
        subject=subject,
        work=work[:1].lower() + work[1:],
        title=title,
    )
