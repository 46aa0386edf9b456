"""The least that the family's absences cost: see floors.py."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from ediary.bench import floors

LISTED = """
SELECT a.lesson_id::text, a.code, a.reason, a.set_at::text, l.day::text, l.number, s.name
  FROM journal_absence a JOIN school_lesson l ON l.id = a.lesson_id
  JOIN school_course c ON c.id = l.course_id JOIN school_subject s ON s.id = c.subject_id
  JOIN school_period p ON p.id = %(period)s AND l.day BETWEEN p.starts AND p.ends
 WHERE a.year = {year} AND a.pupil_id = %(pupil)s ORDER BY l.day DESC, l.number DESC
"""
HELD = """
SELECT l.day::text, count(DISTINCT l.id)
  FROM school_membership m JOIN school_course c ON c.group_id = m.group_id
  JOIN school_period p ON p.id = %(period)s
  JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN p.starts AND least(p.ends, current_date)
 WHERE m.pupil_id = %(pupil)s AND l.status <> 'cancelled' GROUP BY l.day
"""
TOLD = """
SELECT r.id::text, r.since::text, r.until::text, r.first_lesson, r.last_lesson, r.reason, r.comment, r.file_name, r.state,
       r.answer, r.reported_at::text, n.last_name, n.first_name, n.middle_name
  FROM diary_absencereport r LEFT JOIN people_person n ON n.user_id = r.reported_by_id AND n.school_id = r.school_id
 WHERE r.pupil_id = %(pupil)s ORDER BY r.since
"""
PERIODS = """
SELECT p.id::text, p.kind, p.number, p.starts::text, p.ends::text FROM school_period p
  JOIN people_pupil u ON u.school_id = p.school_id WHERE u.person_id = %(pupil)s
"""


def absences(environ: Mapping[str, Any]) -> bytes:
    """The rows of a pupil's absences in a period."""
    wanted = parse_qs(environ["QUERY_STRING"])
    facts = {"pupil": wanted["pupil"][0], "period": wanted["period"][0]}
    link = floors.connection()
    with link.transaction(), link.cursor() as cursor:
        user = floors.account(cursor, environ)
        head = cursor.execute(floors.PUPIL, [user]).fetchall()
        listed = cursor.execute(floors.of_year(LISTED, wanted["year"]), facts).fetchall()
        found = [cursor.execute(sql, facts).fetchall() for sql in (HELD, TOLD, PERIODS)]
    return floors.dump({"children": head, "absences": listed, "more": found})
