"""Homework by the day it is due, with the tests ahead and the debts."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from common.prepared import array, of_year, prepared_rows
from diary.pages import ControlWork, Debt, FileLink, Task, TaskDay, Tasks, WebLink
from diary.queries.acknowledgement import pupil_head
from diary.queries.rows import PUPILS, Fact
from people.models import Pupil
from school.calendar import school_year

BACK, SOON, AHEAD = timedelta(days=14), timedelta(days=7), timedelta(days=60)
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
            FROM journal_homeworkanswer a WHERE a.homework_id = h.id AND a.pupil_id = %(pupil)s),
         %(family)s AND EXISTS (SELECT 1 FROM diary_donetask d
                                 WHERE d.homework_id = h.id AND d.pupil_id = %(pupil)s))
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
UNION ALL
SELECT 'hours', NULL, json_build_array((min(lower(s.during)) AT TIME ZONE z.time_zone)::time,
                                       (max(upper(s.during)) AT TIME ZONE z.time_zone)::time)
  FROM learnt k
  JOIN school_lesson l ON l.course_id = k.course_id AND l.day = %(today)s
   AND l.day >= k.since AND (k.until IS NULL OR l.day <= k.until) AND l.status <> 'cancelled'
  JOIN school_sitting s ON s.id = l.sitting_id
  JOIN people_school z ON z.id = l.school_id
 GROUP BY z.time_zone
UNION ALL
SELECT 'debt', NULL, json_build_array(l.id, l.day, su.name, wk.name, w.title, m.due_day)
  FROM journal_mark m
  JOIN school_lesson l ON l.id = m.lesson_id
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject su ON su.id = c.subject_id
  JOIN journal_work w ON w.id = m.work_id
  JOIN journal_workkind wk ON wk.id = w.kind_id
 WHERE m.year = %(year)s AND m.school_id = %(school)s AND m.pupil_id = %(pupil)s AND m.value = '.'
"""  # noqa: S608


def tasks(
    pupil: Pupil, *, now: datetime, subject: str = "", past: bool = False, is_family: bool = False
) -> Tasks:
    """Return the pupil's tasks: one statement. `subject` narrows to one subject's name.

    After the last lesson of today its tasks stand last. `past` asks for the last two weeks too. What is ticked as done is told to the family only.
    """
    today = pupil.school.local_date(now)
    facts = _read(pupil, today, back=today - BACK if past else today, is_family=is_family)
    head = pupil_head(pupil.pk, facts["pupil"][0])
    found = sorted(
        map(_task, facts["task"]),
        key=lambda task: (task.due_on, task.subject, task.given_on, str(task.homework_id)),
    )
    ahead = [_control(fact) for fact in facts["control"]]
    debts = sorted(
        (_debt(fact, today) for fact in facts["debt"]), key=lambda debt: (debt.due_on, debt.subject)
    )
    named = {task.subject for task in found}
    named |= {control.subject for control in ahead} | {debt.subject for debt in debts}
    wanted = [task for task in found if subject in {"", task.subject}]
    controls = [control for control in ahead if subject in {"", control.subject}]
    soon = [control for control in controls if control.day <= today + SOON]
    days = sorted({task.due_on for task in wanted} | {control.day for control in soon})
    coming = [_day(day, wanted, controls, today) for day in days if day >= today]
    if (
        coming
        and coming[0].day == today
        and _is_over(facts["hours"], now.astimezone(pupil.school.zone))
    ):
        coming = [*coming[1:2], coming[0], *coming[2:]]  # what is still to be done stands first
    return Tasks(
        pupil=head,
        now=now.astimezone(pupil.school.zone),
        days=tuple(coming),
        past=tuple(_day(day, wanted, (), today) for day in reversed(days) if day < today),
        subjects=tuple(sorted(named)),
        shown_subject=subject,
        controls=tuple(sorted(controls, key=lambda control: (control.day, control.number))),
        debts=tuple(debt for debt in debts if subject in {"", debt.subject}),
        may_tick=is_family,
        with_past=past,
    )


def _read(pupil: Pupil, today: date, *, back: date, is_family: bool) -> dict[str, list[Any]]:
    values = {
        "pupil": pupil.pk,
        "pupils": array([pupil.pk]),
        "school": pupil.school_id,
        "monday": today,
        "sunday": today,
        "today": today,
        "back": back,
        "given": today - 3 * BACK,
        "ahead": today + AHEAD,
        "family": is_family,
    }
    facts: dict[str, list[Any]] = defaultdict(list)
    for kind, _, fact in prepared_rows(of_year(TASKS, school_year(today)), values):
        facts[kind].append(fact)
    return facts


def _is_over(hours: Sequence[Fact], local: datetime) -> bool:
    """Say whether the last lesson has ended; `hours` has the first and the last minute of today's, if there are any."""
    return any(local.time() >= time.fromisoformat(ends) for _, ends in hours)


def _day(day: date, found: Sequence[Task], ahead: Sequence[ControlWork], today: date) -> TaskDay:
    labels = {today: "Сегодня", today + timedelta(days=1): "Завтра"}
    return TaskDay(
        day=day,
        label=labels.get(day, ""),
        tasks=tuple(task for task in found if task.due_on == day),
        controls=tuple(sorted((c for c in ahead if c.day == day), key=lambda c: c.number)),
    )


def _task(fact: Fact) -> Task:
    homework, course, subject, text, given, due, lesson, minutes, distance, for_all, files = fact[
        :11
    ]
    links, answer_wanted, (answers, answered_at, is_seen), is_done = fact[11:]
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
        is_done=is_done,
    )


def _control(fact: Fact) -> ControlWork:
    lesson, day, number, subject, work, title = fact
    return ControlWork(
        lesson_id=UUID(lesson),
        day=date.fromisoformat(day),
        number=number,
        subject=subject,
        work=work[:1].lower() + work[1:],
        title=title,
    )


def _debt(fact: Fact, today: date) -> Debt:
    lesson, day, subject, work, title, due = fact
    due_on = date.fromisoformat(due)
    return Debt(
        lesson_id=UUID(lesson),
        day=date.fromisoformat(day),
        subject=subject,
        work=work[:1].lower() + work[1:],
        title=title,
        due_on=due_on,
        is_overdue=due_on < today,
    )
