"""A teacher's day: its lessons, what is not filled in, all journals; four statements."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from common.prepared import prepared_rows
from common.templatetags.words import day_month, weekday_title
from journal.queries.facts import short_name
from journal.queries.lacks import LACKS
from journal.sheet import CourseLink, DayLesson, TeacherDay
from people.models import User
from school.calendar import school_year
from school.models import CourseKind, LessonChangeKind, LessonStatus

UNFILLED = 15  # how many lessons the list shows; the rest are counted

_LESSON = """
{first}
SELECT l.id, l.course_id, l.day, l.number, l.status, l.topic, lower(s.during), upper(s.during), z.time_zone,
       u.name, g.name, coalesce(r.name, ''), s.teacher_id = ANY (%(persons)s::uuid[]),
       c.kind = 'lesson' AND g.grade_level > 1 AND u.sets_homework, l.recorded_at IS NOT NULL,
       (SELECT string_agg(h.text, E'\\n' ORDER BY h.id) FROM journal_homework h WHERE h.lesson_id = l.id),
       (SELECT count(*) FROM journal_mark k WHERE k.year = %(year)s AND k.lesson_id = l.id),
       (SELECT count(*) FROM journal_absence a WHERE a.year = %(year)s AND a.lesson_id = l.id),
       EXISTS (SELECT 1 FROM journal_work w JOIN journal_workkind wk ON wk.id = w.kind_id AND wk.is_control
                WHERE w.lesson_id = l.id),
       EXISTS (SELECT 1 FROM journal_scale v WHERE v.school_id = l.school_id AND v.code = c.scale_code
                AND v.values <> '{{}}'::jsonb),
       (SELECT json_agg(json_build_array(x.kind, x.from_day, t.last_name, t.first_name, t.middle_name,
                                         o.last_name, o.first_name, o.middle_name) ORDER BY x.id)::text
          FROM school_lessonchange x LEFT JOIN people_person t ON t.id = x.absent_teacher_id
          LEFT JOIN people_person o ON o.id = x.substitute_id WHERE x.lesson_id = l.id)
       {more}
  FROM school_lesson l
  JOIN school_sitting s ON s.id = l.sitting_id
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN people_school z ON z.id = l.school_id
  LEFT JOIN school_room r ON r.id = s.room_id
 {where}
"""
# Own sittings, and lessons of own courses that somebody else gives.
_DAY = _LESSON.format(
    first="",
    more="",
    where="""
 WHERE l.school_id = ANY (%(schools)s::uuid[]) AND l.day = %(day)s
   AND (s.teacher_id = ANY (%(persons)s::uuid[])
        OR EXISTS (SELECT 1 FROM school_courseteacher t WHERE t.course_id = l.course_id AND t.since <= l.day
                    AND (t.until IS NULL OR t.until >= l.day) AND t.person_id = ANY (%(persons)s::uuid[])))
 ORDER BY lower(s.during), l.number, l.id
""",
)
_UNFILLED = _LESSON.format(
    first="""WITH span AS MATERIALIZED (SELECT p.school_id, p.grade_from, p.grade_to, max(p.starts) AS starts
   FROM school_period p WHERE p.school_id = ANY (%(schools)s::uuid[]) AND p.starts <= %(day)s
  GROUP BY p.school_id, p.grade_from, p.grade_to)""",
    more=", count(*) OVER ()",
    where=f"""
 WHERE s.teacher_id = ANY (%(persons)s::uuid[]) AND s.day < %(day)s AND s.day >= (SELECT min(starts) FROM span)
   AND l.status <> 'cancelled'
   AND EXISTS (SELECT 1 FROM span WHERE span.school_id = l.school_id AND span.starts <= l.day
                AND g.grade_level BETWEEN span.grade_from AND span.grade_to)
   AND {LACKS}
 ORDER BY l.day DESC, l.number DESC, l.id LIMIT %(limit)s
""",  # noqa: S608
)
# Own journals, those where lessons were given lately or will be, and those of the class that the user leads.
_COURSES = """
WITH own AS (
  SELECT t.course_id FROM school_courseteacher t WHERE t.person_id = ANY (%(persons)s::uuid[])
     AND t.since <= %(day)s AND (t.until IS NULL OR t.until >= %(day)s)
), given AS (
  SELECT l.course_id, max(l.day) AS day FROM school_sitting s JOIN school_lesson l ON l.sitting_id = s.id
   WHERE s.teacher_id = ANY (%(persons)s::uuid[]) AND s.day BETWEEN %(day)s::date - 14 AND %(day)s::date + 30
   GROUP BY l.course_id
), led AS (
  SELECT c.id AS course_id FROM school_classteacher ct
    JOIN school_studygroup g ON g.school_class_id = ct.school_class_id
    JOIN school_course c ON c.group_id = g.id
   WHERE ct.person_id = ANY (%(persons)s::uuid[]) AND ct.since <= %(day)s
     AND (ct.until IS NULL OR ct.until >= %(day)s)
), mine AS (
  SELECT course_id, min(place) AS place, max(day) AS day
    FROM (SELECT course_id, 0 AS place, NULL::date AS day FROM own
           UNION ALL SELECT course_id, 1, day FROM given
           UNION ALL SELECT course_id, 2, NULL FROM led) found
   GROUP BY course_id
)
SELECT c.id, u.name, g.name, c.kind, mine.place, mine.day
  FROM mine
  JOIN school_course c ON c.id = mine.course_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
 WHERE c.year = (SELECT max(y.year) FROM school_schoolyear y WHERE y.school_id = c.school_id AND y.starts <= %(day)s)
 ORDER BY mine.place, u.name, g.grade_level, g.name, c.id
"""
_AROUND = """
SELECT (SELECT max(s.day) FROM school_sitting s WHERE s.school_id = ANY (%(schools)s::uuid[])
          AND s.teacher_id = ANY (%(persons)s::uuid[]) AND s.day < %(day)s),
       (SELECT min(s.day) FROM school_sitting s WHERE s.school_id = ANY (%(schools)s::uuid[])
          AND s.teacher_id = ANY (%(persons)s::uuid[]) AND s.day > %(day)s),
       (SELECT max(v.ends) FROM school_vacation v WHERE v.school_id = ANY (%(schools)s::uuid[])
          AND %(day)s BETWEEN v.starts AND v.ends
          AND NOT EXISTS (SELECT 1 FROM school_vacationclass n WHERE n.vacation_id = v.id))
"""


def teacher_day(user: User, day: date, *, now: datetime) -> TeacherDay:
    """Read the user's lessons of a day, the earlier ones that lack something, and the journals."""
    values: dict[str, Any] = {
        "persons": list(user.person_ids),
        "schools": sorted({i.school_id for i in user.identities}),
        "day": day,
        "limit": UNFILLED,
        # The year in which marks are looked for: its partition alone is planned and read.
        "year": school_year(day),
    }
    lessons = prepared_rows(_DAY, values)
    unfilled = prepared_rows(_UNFILLED, values)
    ((previous, following, holidays_end),) = prepared_rows(_AROUND, values)
    empty = "Сегодня уроков нет" if day == user.today else "Уроков нет"
    return TeacherDay(
        date=day,
        heading=f"{weekday_title(day)}, {day_month(day)}",
        is_today=day == user.today,
        lessons=tuple(_lesson(row, now) for row in lessons),
        unfilled=tuple(_lesson(row[:-1], now) for row in unfilled),
        unfilled_total=unfilled[0][-1] if unfilled else 0,
        courses=tuple(_courses(prepared_rows(_COURSES, values), day)),
        empty_note=f"Каникулы до {day_month(holidays_end)}" if holidays_end else empty,
        previous=previous,
        following=following,
    )


def _lesson(row: Sequence[Any], now: datetime) -> DayLesson:
    (
        lesson_id, course_id, day, number, status, topic, starts, ends, zone, subject, group, room, mine,
        has_homework, recorded, homework, marks, absences, control, has_marks, changes,
    ) = row  # fmt: skip
    cancelled = status == LessonStatus.CANCELLED
    clock = "–".join(
        f"{moment.astimezone(ZoneInfo(zone)):%H:%M}".removeprefix("0") for moment in (starts, ends)
    )
    over = ends <= now
    owed = {
        "урок не записан": topic and not recorded,
        "нет темы": not topic,
        "нет домашнего задания": has_homework and not homework,
        "нет отметок": has_marks and not marks and (control or not absences),
    }
    return DayLesson(
        course_id=course_id,
        lesson_id=lesson_id,
        date=day,
        number=number,
        time=clock,
        subject_name=subject,
        group_name=group,
        room=room,
        topic=topic,
        homework=homework or "",
        marks=marks,
        absences=absences,
        missing=tuple(word for word, is_owed in owed.items() if is_owed and over and mine)
        if not cancelled
        else (),
        note=_note(json.loads(changes or "[]"), mine=mine, cancelled=cancelled),
        is_cancelled=cancelled,
        is_over=over,
        is_now=starts <= now < ends and not cancelled,
    )


def _note(changes: Sequence[Any], *, mine: bool, cancelled: bool) -> str:
    """Say how the lesson differs from the timetable: «замена: Орлова Т. В.»."""
    if cancelled:
        return "отменён"
    for kind, from_day, *names in changes:
        if kind == LessonChangeKind.SUBSTITUTED:
            other = names[:3] if mine else names[3:]
            name = short_name(*other) if other[0] else ""
            return f"{'замена' if mine else 'ведёт'}: {name}" if name else "замена"
        if kind == LessonChangeKind.MOVED and from_day:
            return f"перенесён с {day_month(date.fromisoformat(from_day))}"
    return ""


def _courses(rows: Sequence[Any], day: date) -> Iterator[CourseLink]:
    for course_id, subject, group, kind, place, given in rows:
        note = (
            "мой класс"
            if place == 2
            else ""
            if kind == CourseKind.LESSON
            else CourseKind(kind).label
        )
        if place == 1:
            note = (
                f"замещаю до {day_month(given)}" if given >= day else f"замена {day_month(given)}"
            )
        yield CourseLink(course_id, subject, group, note=str(note))
