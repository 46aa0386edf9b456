"""The least that the family's other pages cost: see floors.py."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs

from ediary.bench import floors

TASKS = """
SELECT h.id::text, s.name, h.text, l.day::text, h.due_day::text, h.due_lesson_id::text, h.minutes, h.form, h.for_all,
       (SELECT json_agg(json_build_array(f.id, f.name, f.size)) FROM journal_homeworkfile f WHERE f.homework_id = h.id),
       (SELECT json_agg(json_build_array(k.url, k.title)) FROM journal_homeworklink k WHERE k.homework_id = h.id),
       h.answer_wanted,
       (SELECT count(*) FROM journal_homeworkanswer a WHERE a.homework_id = h.id AND a.pupil_id = m.pupil_id),
       EXISTS (SELECT 1 FROM diary_donetask d WHERE d.homework_id = h.id AND d.pupil_id = m.pupil_id)
  FROM school_membership m
  JOIN school_course c ON c.group_id = m.group_id
  JOIN school_subject s ON s.id = c.subject_id
  JOIN school_lesson l ON l.course_id = c.id AND l.day >= %(given)s
  JOIN journal_homework h ON h.lesson_id = l.id AND h.due_day >= %(today)s
 WHERE m.pupil_id = %(pupil)s ORDER BY h.due_day, s.sort_key
"""
AHEAD = """
SELECT l.day::text, l.number, s.name, k.name, w.title
  FROM school_membership m
  JOIN school_course c ON c.group_id = m.group_id
  JOIN school_subject s ON s.id = c.subject_id
  JOIN school_lesson l ON l.course_id = c.id AND l.day >= %(today)s
  JOIN journal_work w ON w.lesson_id = l.id
  JOIN journal_workkind k ON k.id = w.kind_id AND k.is_control
 WHERE m.pupil_id = %(pupil)s
"""
DEBTS = """
SELECT l.day::text, s.name, k.name, w.title, m.due_day::text
  FROM journal_mark m JOIN school_lesson l ON l.id = m.lesson_id JOIN school_course c ON c.id = l.course_id
  JOIN school_subject s ON s.id = c.subject_id JOIN journal_work w ON w.id = m.work_id
  JOIN journal_workkind k ON k.id = w.kind_id
 WHERE m.year = {year} AND m.pupil_id = %(pupil)s AND m.value = '.'
"""


def tasks(environ: Mapping[str, Any]) -> bytes:
    """The rows of a pupil's tasks."""
    wanted = parse_qs(environ["QUERY_STRING"])
    today = date.fromisoformat(wanted["today"][0])
    facts = {"pupil": wanted["pupil"][0], "today": today, "given": today - timedelta(days=42)}
    link = floors.connection()
    with link.transaction(), link.cursor() as cursor:
        user = floors.account(cursor, environ)
        head = cursor.execute(floors.PUPIL, [user]).fetchall()
        homework = cursor.execute(TASKS, facts).fetchall()
        ahead = cursor.execute(AHEAD, facts).fetchall()
        debts = cursor.execute(floors.of_year(DEBTS, wanted["year"]), facts).fetchall()
    return floors.dump({"children": head, "tasks": homework, "ahead": ahead, "debts": debts})
