"""The week's rows: two statements for any number of pupils, lessons and marks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from common.prepared import array, of_year, prepared
from school.calendar import school_year

LESSONS = """
SELECT p.pupil_id, l.id, c.id, l.day, l.number,
       (lower(s.during) AT TIME ZONE z.time_zone)::time, (upper(s.during) AT TIME ZONE z.time_zone)::time,
       su.name, t.last_name, t.first_name, t.middle_name, coalesce(r.name, ''),
       CASE WHEN g.kind = 'class' THEN '' ELSE g.name END, c.kind,
       l.status = 'cancelled' OR s.cancelled, l.form = 'distance', l.topic,
       (SELECT json_agg(json_build_array(
                 ch.kind, a.last_name, a.first_name, a.middle_name, ch.from_day, ch.from_number) ORDER BY ch.id)
          FROM school_lessonchange ch LEFT JOIN people_person a ON a.id = ch.absent_teacher_id
         WHERE ch.lesson_id = l.id)
  FROM school_membership p
  JOIN school_studygroup g ON g.id = p.group_id
  JOIN school_course c ON c.group_id = g.id
  JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN %(monday)s AND %(sunday)s
   AND l.day >= p.since AND (p.until IS NULL OR l.day <= p.until)
  JOIN school_sitting s ON s.id = l.sitting_id
  JOIN school_subject su ON su.id = c.subject_id
  JOIN people_person t ON t.id = s.teacher_id
  JOIN people_school z ON z.id = l.school_id
  LEFT JOIN school_room r ON r.id = s.room_id
 WHERE p.pupil_id = ANY(%(pupils)s)
   AND p.since <= %(sunday)s AND (p.until IS NULL OR p.until >= %(monday)s)
 ORDER BY l.day, l.number, su.sort_key, l.id
"""

PUPILS = """
SELECT 'pupil' AS kind, pu.person_id AS pupil, json_build_array(
         pu.school_id, sc.short_name, sc.time_zone, pe.last_name, pe.first_name, pe.middle_name,
         k.id, k.grade_level, k.letter, k.shift) AS fact
  FROM people_pupil pu
  JOIN people_person pe ON pe.id = pu.person_id
  JOIN people_school sc ON sc.id = pu.school_id
  LEFT JOIN LATERAL (
       SELECT kc.id, kc.grade_level, kc.letter, kc.shift
         FROM school_membership m
         JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
         JOIN school_schoolclass kc ON kc.id = g.school_class_id
        WHERE m.pupil_id = pu.person_id AND m.since <= %(sunday)s AND (m.until IS NULL OR m.until >= %(monday)s)
        ORDER BY m.since DESC LIMIT 1) k ON true
 WHERE pu.person_id = ANY(%(pupils)s)
"""

# Who represents the pupil today, and how far each has acknowledged. Who is restricted is not told of.
GUARDIANS = """
SELECT 'guardian', q.pupil_id, q.fact
  FROM (SELECT gs.pupil_id, json_build_array(
                 gs.guardian_id, pe.last_name, pe.first_name, pe.middle_name, gs.kind,
                 coalesce(gs.open_from <= d.today AND (gs.open_until IS NULL OR gs.open_until >= d.today), false),
                 (SELECT json_build_array(dd.form, dd.substitute) FROM consent_deliverydeclaration dd
                   WHERE dd.pupil_id = gs.pupil_id AND dd.guardian_id = gs.guardian_id
                   ORDER BY dd.declared_on DESC, dd.registered_at DESC, dd.id DESC LIMIT 1),
                 (SELECT json_build_array(a.at, a.channel, a.version, a.seen) FROM diary_acknowledgement a
                   WHERE a.pupil_id = gs.pupil_id AND a.guardian_id = gs.guardian_id
                     AND a.section = %(section)s AND a.week = %(monday)s
                   ORDER BY a.at DESC, a.id DESC LIMIT 1)) AS fact
          FROM people_guardianship gs
          JOIN people_person pe ON pe.id = gs.guardian_id
          JOIN people_school sc ON sc.id = gs.school_id
          CROSS JOIN LATERAL (SELECT (%(now)s AT TIME ZONE sc.time_zone)::date AS today) d
         WHERE gs.pupil_id = ANY(%(pupils)s)
           AND gs.since <= d.today AND (gs.until IS NULL OR gs.until >= d.today)
           AND NOT EXISTS (SELECT 1 FROM people_restriction rs WHERE rs.guardianship_id = gs.id
                            AND rs.since <= d.today AND (rs.until IS NULL OR rs.until >= d.today))
         ORDER BY pe.sort_key, pe.id) q
"""

# When the reader was here before today: what came later is new to her.
VISITS = """
SELECT 'visit', v.pupil_id, json_build_array(max(v.last_at))
  FROM access_visit v JOIN people_school sc ON sc.id = v.school_id
 WHERE v.pupil_id = ANY(%(pupils)s) AND v.person_id = ANY(%(readers)s)
   AND v.day < (%(now)s AT TIME ZONE sc.time_zone)::date
 GROUP BY v.pupil_id
"""

CALENDAR = """
SELECT 'year', NULL::uuid, json_build_array(y.school_id, y.starts, y.ends, y.week_days)
  FROM school_schoolyear y WHERE y.year = %(year)s AND y.school_id = ANY(%(schools)s)
UNION ALL
SELECT 'vacation', NULL, json_build_array(
         v.school_id, v.name, v.starts, v.ends, v.grade_from, v.grade_to,
         (SELECT json_agg(vc.school_class_id) FROM school_vacationclass vc WHERE vc.vacation_id = v.id))
  FROM school_vacation v
 WHERE v.school_id = ANY(%(schools)s) AND v.starts <= %(sunday)s AND v.ends >= %(monday)s
UNION ALL
SELECT 'special', NULL, json_build_array(d.school_id, d.day, d.kind, d.name)
  FROM school_specialday d
 WHERE d.school_id = ANY(%(schools)s) AND d.day BETWEEN %(monday)s AND %(sunday)s
UNION ALL
SELECT 'status', NULL, json_build_array(d.school_id, d.day, d.school_class_id, d.shift, d.kind, d.note)
  FROM school_daystatus d
 WHERE d.school_id = ANY(%(schools)s) AND d.day BETWEEN %(monday)s AND %(sunday)s
"""

# What the school asks of a section, whether somebody acknowledged it, and whether the week has a lesson.
DUTY = """
SELECT 'duty', pu.person_id, json_build_array(
         s.asked -> 'acknowledgement_sections', s.asked -> 'acknowledgement_interval_days',
         EXISTS (SELECT 1 FROM diary_acknowledgement a
                  WHERE a.pupil_id = pu.person_id AND a.section = %(section)s
                    AND a.week BETWEEN %(monday)s::date
                        - greatest(coalesce((s.asked ->> 'acknowledgement_interval_days')::int, 7) - 7, 0)
                    AND %(monday)s))
  FROM people_pupil pu
  JOIN (SELECT sc.id, app_regulation(sc.id, (%(now)s AT TIME ZONE sc.time_zone)::date) -> 'parameters' AS asked
          FROM people_school sc
         WHERE sc.id IN (SELECT school_id FROM people_pupil WHERE person_id = ANY(%(pupils)s))
        OFFSET 0) s ON s.id = pu.school_id
 WHERE pu.person_id = ANY(%(pupils)s)
"""
# Whether the week has a lesson that is held: a page that reads no lessons asks so.
OWED = """
SELECT 'owed', pu.person_id, json_build_array(EXISTS (
         SELECT 1 FROM school_membership p
           JOIN school_course c ON c.group_id = p.group_id
           JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN %(monday)s AND %(sunday)s
            AND l.day >= p.since AND (p.until IS NULL OR l.day <= p.until) AND l.status <> 'cancelled'
          WHERE p.pupil_id = pu.person_id))
  FROM people_pupil pu
 WHERE pu.person_id = ANY(%(pupils)s)
"""

# Notes of the class teacher: to the class, or about one pupil; each stands at its first day.
NOTES = """
SELECT 'note', w.pupil_id, json_build_array(
         a.id, a.since, a.title, a.text, t.last_name, t.first_name, t.middle_name, a.pupil_id IS NOT NULL,
         a.published_at)
  FROM diary_announcement a
  JOIN people_person t ON t.id = a.author_id
  JOIN people_school z ON z.id = a.school_id
  CROSS JOIN LATERAL (
       SELECT a.pupil_id WHERE a.pupil_id = ANY(%(pupils)s)
        UNION ALL
       SELECT m.pupil_id FROM school_membership m JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
        WHERE a.pupil_id IS NULL AND g.school_class_id = a.school_class_id AND m.pupil_id = ANY(%(pupils)s)
          AND m.since <= a.since AND (m.until IS NULL OR m.until >= a.since)) w
 WHERE a.school_id = ANY(%(schools)s) AND a.since BETWEEN %(monday)s AND %(sunday)s AND a.withdrawn_at IS NULL
   AND a.since <= (%(now)s AT TIME ZONE z.time_zone)::date
   AND (a.pupil_id IS NOT NULL OR a.school_class_id IS NOT NULL)
"""

# The classes of the week: two for a child who moved in it.
CLASSES = """
SELECT 'class', m.pupil_id, json_build_array(k.grade_level || k.letter, m.since)
  FROM school_membership m
  JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
  JOIN school_schoolclass k ON k.id = g.school_class_id
 WHERE m.pupil_id = ANY(%(pupils)s)
   AND m.since BETWEEN %(monday)s AND %(sunday)s AND (m.until IS NULL OR m.until >= m.since)
"""

# For those without a lesson in the week: when the next one is, and since when and until when they learn.
NEXT = """
SELECT 'seat', m.pupil_id, json_build_array(min(m.since), CASE WHEN bool_and(m.until IS NOT NULL) THEN max(m.until) END)
  FROM school_membership m JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
 WHERE m.pupil_id = ANY(%(idle)s)
 GROUP BY m.pupil_id
UNION ALL
SELECT 'next', p.pupil_id, json_build_array(min(l.day))
  FROM school_membership p
  JOIN school_course c ON c.group_id = p.group_id
  JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN %(sunday)s AND %(horizon)s
   AND l.day >= p.since AND (p.until IS NULL OR l.day <= p.until) AND l.status <> 'cancelled'
 WHERE p.pupil_id = ANY(%(idle)s)
 GROUP BY p.pupil_id
"""

MARKS = """
SELECT 'mark', m.pupil_id, json_build_array(
         m.lesson_id, m.position, m.value, m.score::text, k.name, w.title, w.weight::text, w.counts,
         m.comment, m.set_at, m.rev, m.retake, m.due_day)
  FROM journal_mark m
  JOIN journal_work w ON w.id = m.work_id
  JOIN journal_workkind k ON k.id = w.kind_id
 WHERE m.year = %(year)s AND m.school_id = ANY(%(schools)s)
   AND m.pupil_id = ANY(%(pupils)s) AND m.lesson_id = ANY(%(lessons)s)
UNION ALL
SELECT 'absence', a.pupil_id, json_build_array(a.lesson_id, a.code, a.reason, a.set_at, a.rev)
  FROM journal_absence a
 WHERE a.year = %(year)s AND a.school_id = ANY(%(schools)s)
   AND a.pupil_id = ANY(%(pupils)s) AND a.lesson_id = ANY(%(lessons)s)
"""

# Marks that were corrected or taken back after they had stood long enough to be seen.
STOOD = "e.at > (e.before ->> 'set_at')::timestamptz + interval '15 minutes'"
CORRECTED = f"""
SELECT 'corrected', (e.before ->> 'pupil_id')::uuid, json_build_array(
         e.before ->> 'lesson_id', (e.before ->> 'position')::int, e.before ->> 'value', e.at)
  FROM app_corrected(%(year)s, 'journal_mark', %(pupils)s) e
 WHERE e.before ->> 'lesson_id' = ANY(%(lessons)s::text[])
   AND e.before ->> 'value' <> '.'
   AND e.before ->> 'value' IS DISTINCT FROM e.after ->> 'value' AND {STOOD}
 ORDER BY e.at
"""  # noqa: S608 - our own words

# Due at a lesson of the week, given at one, or due on a day of it without a lesson.
HOMEWORK = """
SELECT 'homework', NULL::uuid, json_build_array(
         h.id, h.lesson_id, gl.course_id, gl.day, h.due_lesson_id, h.due_day, h.text, h.minutes,
         h.form = 'distance', h.for_all,
         CASE WHEN NOT h.for_all THEN
           (SELECT json_agg(n.pupil_id) FROM journal_homeworkpupil n WHERE n.homework_id = h.id) END,
         (SELECT json_agg(json_build_array(f.id, f.name, f.size) ORDER BY f.name, f.id)
            FROM journal_homeworkfile f WHERE f.homework_id = h.id),
         (SELECT json_agg(json_build_array(f.url, f.title) ORDER BY f.id)
            FROM journal_homeworklink f WHERE f.homework_id = h.id),
         h.answer_wanted,
         CASE WHEN h.answer_wanted THEN
           (SELECT json_object_agg(a.pupil_id, a.sent) FROM (
             SELECT pupil_id, count(*) AS sent FROM journal_homeworkanswer
              WHERE homework_id = h.id AND pupil_id = ANY(%(pupils)s) GROUP BY pupil_id) a) END,
         (SELECT json_agg(d.pupil_id) FROM diary_donetask d
           WHERE d.homework_id = h.id AND d.pupil_id = ANY(%(pupils)s)))
  FROM journal_homework h
  JOIN school_lesson gl ON gl.id = h.lesson_id
 WHERE h.id IN (
       SELECT id FROM journal_homework WHERE due_lesson_id = ANY(%(lessons)s)
        UNION
       SELECT id FROM journal_homework WHERE lesson_id = ANY(%(lessons)s)
        UNION
       SELECT hw.id FROM school_lesson pl JOIN journal_homework hw ON hw.lesson_id = pl.id
        WHERE pl.course_id = ANY(%(courses)s) AND pl.day BETWEEN %(before)s AND %(sunday)s
          AND hw.due_lesson_id IS NULL AND hw.due_day BETWEEN %(monday)s AND %(sunday)s)
"""

FACTS = "\nUNION ALL\n".join(
    (PUPILS, GUARDIANS, DUTY, VISITS, CALENDAR, NOTES, CLASSES, MARKS, f"({CORRECTED})", HOMEWORK)
)
FACTS_AND_NEXT = FACTS + "\nUNION ALL" + NEXT

Fact = list[Any]


class LessonRow(NamedTuple):
    """A pupil's lesson as the first statement gives it."""

    pupil_id: UUID
    lesson_id: UUID
    course_id: UUID
    day: date
    number: int
    starts: time
    ends: time
    subject: str
    last_name: str
    first_name: str
    middle_name: str
    room: str
    group: str
    course_kind: str
    is_cancelled: bool
    is_distance: bool
    topic: str
    changes: list[Fact] | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything that the weeks of some pupils are made of."""

    lessons: dict[UUID, list[LessonRow]]
    facts: dict[tuple[str, UUID | None], list[Fact]] = field(default_factory=dict)

    def of(self, kind: str, pupil: UUID | None = None) -> list[Fact]:
        return self.facts.get((kind, pupil), [])


def read(
    pupils: Sequence[UUID],
    monday: date,
    *,
    schools: Sequence[UUID],
    section: str,
    readers: Sequence[UUID],
    now: datetime,
) -> Rows:
    """Read the week of `pupils` in two statements."""
    week: dict[str, Any] = {
        "pupils": array(pupils),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
    }
    lessons: dict[UUID, list[LessonRow]] = defaultdict(list)
    year = school_year(monday)
    with prepared() as cursor:
        cursor.execute(LESSONS, week)
        for row in cursor.fetchall():
            lessons[row[0]].append(LessonRow(*row))
        known = {lesson.lesson_id: lesson.course_id for own in lessons.values() for lesson in own}
        further: dict[str, Any] = {
            "schools": array(schools),
            "section": section,
            "readers": array(readers),
            "now": now,
            "lessons": array(known),
            "courses": array(set(known.values())),
            "idle": array(pupil for pupil in pupils if pupil not in lessons),
            "before": monday - timedelta(days=28),
            "horizon": monday + timedelta(days=150),
        }
        is_idle = any(pupil not in lessons for pupil in pupils)
        sql = FACTS_AND_NEXT if is_idle else FACTS
        cursor.execute(of_year(sql, year), week | further)
        facts: dict[tuple[str, UUID | None], list[Fact]] = defaultdict(list)
        for kind, pupil, fact in cursor.fetchall():
            facts[kind, pupil].append(fact)
    return Rows(lessons=lessons, facts=facts)
