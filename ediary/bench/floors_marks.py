"""The least that a family's marks, one subject and the final results cost: see floors.py."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from ediary.bench import floors
from ediary.bench.floors_absences import PERIODS

COURSES = """
SELECT c.id::text, c.subject_id::text, s.name, c.in_averages, c.hours_per_week::text, g.name,
       (SELECT k.values::text FROM journal_scale k WHERE k.school_id = c.school_id AND k.code = c.scale_code LIMIT 1),
       (SELECT json_build_array(f.bounds, f.disputed, f.weighted, f.minimum)::text FROM journal_finalrule f
         WHERE f.school_id = c.school_id AND f.scale_code = c.scale_code LIMIT 1)
  FROM school_membership m JOIN school_course c ON c.group_id = m.group_id
  JOIN school_subject s ON s.id = c.subject_id JOIN school_studygroup g ON g.id = m.group_id
 WHERE m.pupil_id = %(pupil)s AND (%(subject)s::uuid IS NULL OR c.subject_id = %(subject)s)
"""
MARKS = """
SELECT m.lesson_id::text, m.position, m.value, m.score::text, m.comment, m.set_at::text, m.retake, m.due_day::text,
       k.name, w.title, w.weight::text, w.counts, l.day::text, l.number, l.topic, l.course_id::text
  FROM journal_mark m JOIN school_lesson l ON l.id = m.lesson_id
  JOIN school_period p ON p.id = %(period)s AND l.day BETWEEN p.starts AND p.ends
  JOIN school_course c ON c.id = l.course_id
  JOIN journal_work w ON w.id = m.work_id JOIN journal_workkind k ON k.id = w.kind_id
 WHERE m.year = {year} AND m.pupil_id = %(pupil)s AND m.school_id = %(school)s
   AND (%(subject)s::uuid IS NULL OR c.subject_id = %(subject)s)
"""
STANDS = """
SELECT r.course_id::text, r.period_id::text, r.status, r.value, r.visible_at::text
  FROM journal_periodmark r WHERE r.pupil_id = %(pupil)s
"""
CORRECTED = """
SELECT e.before ->> 'lesson_id', e.before ->> 'position', e.before ->> 'value', e.after ->> 'value', e.at::text
  FROM audit_event e
 WHERE e.year = {year} AND e.school_id = %(school)s AND e.table_name = 'journal_mark' AND e.action <> 'I'
   AND e.before ->> 'pupil_id' = %(pupil)s::text
"""
# What the forecast rests on: lessons left and given, works to come, her sums and those of her group.
LESSONS = """
SELECT l.course_id::text, count(*) FILTER (WHERE l.day > current_date), count(*)
  FROM school_membership m JOIN school_course c ON c.group_id = m.group_id
  JOIN school_period p ON p.id = %(period)s
  JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN p.starts AND p.ends AND l.status <> 'cancelled'
 WHERE m.pupil_id = %(pupil)s AND (%(subject)s::uuid IS NULL OR c.subject_id = %(subject)s)
 GROUP BY l.course_id
"""
SUMS = """
SELECT l.course_id::text, k.pupil_id = %(pupil)s, count(k.score), sum(k.score)::text, sum(k.score * w.weight)::text,
       sum(w.weight)::text, sum(w.weight * w.weight)::text
  FROM school_membership m JOIN school_course c ON c.group_id = m.group_id
  JOIN school_period p ON p.id = %(period)s
  JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN p.starts AND p.ends
  JOIN journal_mark k ON k.year = {year} AND k.lesson_id = l.id
  JOIN journal_work w ON w.id = k.work_id AND w.counts
 WHERE m.pupil_id = %(pupil)s AND (%(subject)s::uuid IS NULL OR c.subject_id = %(subject)s)
 GROUP BY l.course_id, k.pupil_id = %(pupil)s
"""
TOPICS = """
SELECT l.id::text, l.day::text, l.number, l.status, l.topic, l.recorded_at::text, o.topic_id::text, o.hour
  FROM school_membership m JOIN school_course c ON c.group_id = m.group_id AND c.subject_id = %(subject)s
  JOIN school_lesson l ON l.course_id = c.id LEFT JOIN journal_lessontopic o ON o.lesson_id = l.id
 WHERE m.pupil_id = %(pupil)s ORDER BY l.day, l.number
"""
RESULTS = """
SELECT 'period', m.id::text, c.subject_id::text, s.name, m.period_id::text, m.status, m.value, m.visible_at::text, m.set_at::text
  FROM journal_periodmark m JOIN school_course c ON c.id = m.course_id JOIN school_subject s ON s.id = c.subject_id
 WHERE m.pupil_id = %(pupil)s AND m.year = {year}
 UNION ALL
SELECT 'year', m.id::text, c.subject_id::text, s.name, '', m.status, m.value, m.visible_at::text, m.set_at::text
  FROM journal_yearmark m JOIN school_course c ON c.id = m.course_id JOIN school_subject s ON s.id = c.subject_id
 WHERE m.pupil_id = %(pupil)s AND m.year = {year}
 UNION ALL
SELECT 'exam', m.id::text, m.subject_id::text, s.name, m.held_on::text, m.status, m.value, m.visible_at::text, m.set_at::text
  FROM journal_examresult m JOIN school_subject s ON s.id = m.subject_id
 WHERE m.pupil_id = %(pupil)s AND m.year = {year}
 UNION ALL
SELECT 'final', m.id::text, m.subject_id::text, s.name, '', m.status, m.value, m.visible_at::text, m.set_at::text
  FROM journal_finalmark m JOIN school_subject s ON s.id = m.subject_id
 WHERE m.pupil_id = %(pupil)s AND m.year = {year}
 UNION ALL
SELECT 'subject', s.id::text, '', s.name, '', '', '', '', '' FROM school_membership m
  JOIN school_course c ON c.group_id = m.group_id JOIN school_subject s ON s.id = c.subject_id
 WHERE m.pupil_id = %(pupil)s
 UNION ALL
SELECT 'debt', d.id::text, s.name, d.due_day::text, d.settled_on::text, '', '', '', ''
  FROM journal_academicdebt d JOIN school_subject s ON s.id = d.subject_id WHERE d.pupil_id = %(pupil)s
 UNION ALL
SELECT 'seen', v.result::text, v.value, '', '', '', '', '', '' FROM diary_resultview v WHERE v.pupil_id = %(pupil)s
 UNION ALL
SELECT 'behaviour', b.period_id::text, b.value, b.comment, b.day::text, '', '', '', ''
  FROM journal_behaviourmark b WHERE b.pupil_id = %(pupil)s AND b.year = {year}
"""


def marks(environ: Mapping[str, Any]) -> bytes:
    """The rows of a period's marks with what their forecast rests on."""
    return _read(environ, (COURSES, MARKS, CORRECTED, LESSONS, SUMS, STANDS, PERIODS))


def subject(environ: Mapping[str, Any]) -> bytes:
    """The same of one subject, and its topics."""
    return _read(environ, (COURSES, MARKS, CORRECTED, LESSONS, SUMS, STANDS, PERIODS, TOPICS))


def finals(environ: Mapping[str, Any]) -> bytes:
    """The results of the year with the week's acknowledgement."""
    return _read(environ, (RESULTS, PERIODS), with_guardians=True)


def _read(
    environ: Mapping[str, Any], statements: tuple[str, ...], *, with_guardians: bool = False
) -> bytes:
    wanted = {name: found[0] for name, found in parse_qs(environ["QUERY_STRING"]).items()}
    link = floors.connection()
    with link.transaction(), link.cursor() as cursor:
        user = floors.account(cursor, environ)
        facts = {"subject": None, **wanted}
        found = [cursor.execute(floors.PUPIL, [user]).fetchall()]
        found += [
            cursor.execute(floors.of_year(sql, [wanted["year"]]), facts).fetchall()
            for sql in statements
        ]
        if with_guardians:
            keys = [wanted["monday"], wanted["pupil"]]
            found.append(cursor.execute(floors.GUARDIANS, keys).fetchall())
    return floors.dump({"found": found})
