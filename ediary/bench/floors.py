"""The least that an honest answer costs: the same rows by hand, through one open connection.

A page's floor looks the session and the account up, opens the school's scope and fetches the rows
that the page shows. A write's floor stores mark, history (its trigger) and operation.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.conf import settings
from django.core import signing
from psycopg.types.json import Jsonb

from common.ids import uuid7

_open: list[psycopg.Connection[tuple[Any, ...]]] = []

SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > now()"
# The account, and its schools as the scope of the transaction.
ACCOUNT = """
SELECT u.id, u.login, set_config('app.schools', '{' || p.schools || '}', true)
  FROM people_user u,
       LATERAL (SELECT string_agg(DISTINCT i->>'school', ',') AS schools
                  FROM jsonb_array_elements(app_identities(u.id, now())) i) p
 WHERE u.id = %s AND u.is_active
"""

COURSE = """
SELECT c.id::text, s.name, g.name, c.group_id, p.id::text, p.starts, p.ends, s.marks_in_cell,
  (SELECT json_agg(json_build_array(q.id, q.kind, q.number, q.starts, q.ends, o.id IS NOT NULL) ORDER BY q.starts)
     FROM school_period q LEFT JOIN journal_signoff o ON o.course_id = c.id AND o.period_id = q.id
    WHERE q.school_id = c.school_id AND q.year = c.year AND g.grade_level BETWEEN q.grade_from AND q.grade_to),
  (SELECT json_agg(json_build_array(k.since, k.until, k.values)) FROM journal_scale k
    WHERE k.school_id = c.school_id AND k.code = c.scale_code),
  (SELECT json_agg(json_build_array(v.since, v.until, v.value)) FROM people_setting v
    WHERE v.school_id = c.school_id AND v.key = 'edit_window_days'),
  (SELECT json_agg(json_build_array(n.last_name, n.first_name, n.middle_name, t.since, t.until))
     FROM school_courseteacher t JOIN people_person n ON n.id = t.person_id WHERE t.course_id = c.id)
  FROM school_course c JOIN school_subject s ON s.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN school_period p ON p.school_id = c.school_id AND p.year = c.year
   AND g.grade_level BETWEEN p.grade_from AND p.grade_to AND current_date BETWEEN p.starts AND p.ends
 WHERE c.id = %s
"""
LESSONS = """
SELECT l.id::text, l.day::text, l.number, l.status, l.topic, k.letter, k.name, w.weight::text, i.teacher_id::text,
       (SELECT string_agg(h.text, ' ') FROM journal_homework h WHERE h.lesson_id = l.id)
  FROM school_lesson l JOIN school_sitting i ON i.id = l.sitting_id
  LEFT JOIN journal_work w ON w.lesson_id = l.id AND w.number = 1
  LEFT JOIN journal_workkind k ON k.id = w.kind_id
 WHERE l.course_id = %s AND l.day BETWEEN %s AND %s ORDER BY l.day, l.number
"""
PUPILS = """
SELECT m.pupil_id::text, p.last_name, p.first_name, p.sex, m.since::text, m.until::text, r.status, r.value
  FROM school_membership m JOIN people_person p ON p.id = m.pupil_id
  LEFT JOIN journal_periodmark r ON r.pupil_id = m.pupil_id AND r.course_id = %s AND r.period_id = %s
 WHERE m.group_id = %s ORDER BY p.sort_key
"""
MARKS = """
SELECT lesson_id::text, pupil_id::text, value, rev, comment <> ''
  FROM journal_mark WHERE year = {year} AND lesson_id = ANY (%(lessons)s::uuid[])
 UNION ALL
SELECT lesson_id::text, pupil_id::text, code, rev, false
  FROM journal_absence WHERE year = {year} AND lesson_id = ANY (%(lessons)s::uuid[])
"""

# The pupil, and the other children of the account.
PUPIL = """
SELECT p.id::text, p.last_name, p.first_name, s.name, s.short_name, s.time_zone, g.name, g.grade_level
  FROM people_person q
  JOIN people_guardianship t ON t.guardian_id = q.id AND t.open_from <= current_date
   AND (t.until IS NULL OR t.until >= current_date)
   AND NOT EXISTS (SELECT 1 FROM people_restriction r WHERE r.guardianship_id = t.id AND r.since <= current_date)
  JOIN people_person p ON p.id = t.pupil_id JOIN people_school s ON s.id = p.school_id
  JOIN school_membership m ON m.pupil_id = p.id
  JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
 WHERE q.user_id = %s
"""
WEEK = """
SELECT l.id::text, l.day::text, l.number, lower(i.during)::text, upper(i.during)::text, s.name,
       t.last_name, t.first_name, t.middle_name, r.name, l.status, l.form, i.cancelled, l.topic, g.kind, g.name, c.kind,
       (SELECT json_agg(json_build_array(h.kind, a.last_name, a.first_name, a.middle_name, h.from_day, h.from_number))
          FROM school_lessonchange h LEFT JOIN people_person a ON a.id = h.absent_teacher_id
         WHERE h.lesson_id = l.id)
  FROM school_membership m
  JOIN school_studygroup g ON g.id = m.group_id
  JOIN school_course c ON c.group_id = m.group_id
  JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN %s AND %s
   AND l.day >= m.since AND (m.until IS NULL OR l.day <= m.until)
  JOIN school_sitting i ON i.id = l.sitting_id
  JOIN school_subject s ON s.id = c.subject_id
  JOIN people_person t ON t.id = i.teacher_id
  LEFT JOIN school_room r ON r.id = i.room_id
 WHERE m.pupil_id = %s ORDER BY l.day, l.number
"""
WEEK_MARKS = """
SELECT m.lesson_id::text, m.position, m.value, k.name, w.title, w.weight::text, m.comment, m.set_at::text, m.rev
  FROM journal_mark m JOIN journal_work w ON w.id = m.work_id JOIN journal_workkind k ON k.id = w.kind_id
 WHERE m.year = {year} AND m.pupil_id = %(pupil)s AND m.lesson_id = ANY (%(lessons)s::uuid[])
 UNION ALL
SELECT a.lesson_id::text, 0, a.code, '', '', '', a.reason, a.set_at::text, a.rev
  FROM journal_absence a
 WHERE a.year = {year} AND a.pupil_id = %(pupil)s AND a.lesson_id = ANY (%(lessons)s::uuid[])
"""
HOMEWORK = """
SELECT h.id::text, h.lesson_id::text, h.due_lesson_id::text, h.due_day::text, h.text, h.minutes, h.form, h.for_all,
       (SELECT json_agg(n.pupil_id) FROM journal_homeworkpupil n WHERE n.homework_id = h.id),
       (SELECT json_agg(json_build_array(f.id, f.name, f.size)) FROM journal_homeworkfile f WHERE f.homework_id = h.id)
  FROM journal_homework h
 WHERE h.due_lesson_id = ANY (%s::uuid[]) OR h.lesson_id = ANY (%s::uuid[])
"""
GUARDIANS = """
SELECT p.last_name, p.first_name, p.middle_name, g.kind, g.open_from::text, g.open_until::text,
       (SELECT json_build_array(a.at, a.channel, a.version, a.seen) FROM diary_acknowledgement a
         WHERE a.pupil_id = g.pupil_id AND a.guardian_id = g.guardian_id AND a.section = 'timetable' AND a.week = %s
         ORDER BY a.at DESC LIMIT 1),
       (SELECT json_build_array(d.form, d.substitute) FROM consent_deliverydeclaration d
         WHERE d.pupil_id = g.pupil_id AND d.guardian_id = g.guardian_id ORDER BY d.declared_on DESC LIMIT 1)
  FROM people_guardianship g JOIN people_person p ON p.id = g.guardian_id
 WHERE g.pupil_id = %s AND (g.until IS NULL OR g.until >= current_date)
"""
# Year, vacations, days off and days of another kind; notes of the class teacher, what the school's
# regulation asks; when the reader was here before.
CALENDAR = """
SELECT 'year', y.starts::text, y.ends::text, y.week_days::text FROM school_schoolyear y WHERE y.year = %(year)s
 UNION ALL
SELECT v.name, v.starts::text, v.ends::text, v.grade_from::text FROM school_vacation v
 WHERE v.starts <= %(sunday)s AND v.ends >= %(monday)s
 UNION ALL
SELECT d.name, d.day::text, d.kind, '' FROM school_specialday d WHERE d.day BETWEEN %(monday)s AND %(sunday)s
 UNION ALL
SELECT d.note, d.day::text, d.kind, '' FROM school_daystatus d WHERE d.day BETWEEN %(monday)s AND %(sunday)s
 UNION ALL
SELECT a.title, a.since::text, a.text, t.last_name FROM diary_announcement a
  JOIN people_person t ON t.id = a.author_id
  LEFT JOIN school_studygroup g ON g.school_class_id = a.school_class_id
  LEFT JOIN school_membership m ON m.group_id = g.id AND m.pupil_id = %(pupil)s
 WHERE a.since BETWEEN %(monday)s AND %(sunday)s AND (a.pupil_id = %(pupil)s OR m.id IS NOT NULL)
 UNION ALL
SELECT 'regulation', (app_regulation(u.school_id, current_date) -> 'parameters')::text, '', ''
  FROM people_pupil u WHERE u.person_id = %(pupil)s
 UNION ALL
SELECT 'visit', max(v.last_at)::text, '', '' FROM access_visit v JOIN people_person q ON q.id = v.person_id
 WHERE v.pupil_id = %(pupil)s AND q.user_id = %(user)s AND v.day < current_date
"""

SCOPE = "SELECT set_config('app.schools', %s, true), set_config('app.actor', %s, true)"
MARK = """
INSERT INTO journal_mark (id, year, school_id, lesson_id, work_id, pupil_id, position, value, score,
                          comment, rev, set_by_id, set_at)
VALUES (%(id)s, %(year)s, %(school)s, %(lesson)s, %(work)s, %(pupil)s, 1, %(value)s, %(score)s, '', 0,
        %(user)s, now()) RETURNING rev
"""
OPERATION = """
INSERT INTO journal_operation (id, year, school_id, user_id, request, answer, made_at)
VALUES (%s, %s, %s, %s, %s, %s, now())
"""


def connection() -> psycopg.Connection[tuple[Any, ...]]:
    """Return this worker's open connection, as the web role."""
    if not _open:
        database: Mapping[str, Any] = settings.DATABASES["default"]
        _open.append(
            psycopg.connect(
                host=database["HOST"],
                port=database["PORT"],
                user=database["USER"],
                password=database["PASSWORD"],
                dbname=database["NAME"],
                prepare_threshold=1,
                options=database["OPTIONS"].get("options", ""),
            )
        )
    return _open[0]


def account(cursor: psycopg.Cursor[tuple[Any, ...]], environ: Mapping[str, Any]) -> str:
    """Look the session and the account up and open the scope; return the account's id."""
    key = SimpleCookie(environ["HTTP_COOKIE"])["sessionid"].value
    stored = cursor.execute(SESSION, [key]).fetchone()
    if stored is None:
        raise LookupError("no session")
    session = signing.loads(
        stored[0],
        salt="django.contrib.sessions.SessionStore",
        serializer=signing.JSONSerializer,
    )
    found = cursor.execute(ACCOUNT, [session["_auth_user_id"]]).fetchone()
    if found is None:
        raise LookupError("no account")
    return str(found[0])


def grid(environ: Mapping[str, Any]) -> bytes:
    """The grid's rows: ids once, marks as a matrix."""
    wanted = parse_qs(environ["QUERY_STRING"])
    link = connection()
    with link.transaction(), link.cursor() as cursor:
        account(cursor, environ)
        course = first(cursor, COURSE, wanted["course"])
        lessons = cursor.execute(LESSONS, [course[0], course[5], course[6]]).fetchall()
        pupils = cursor.execute(PUPILS, [course[0], course[4], course[3]]).fetchall()
        facts = {"lessons": [lesson[0] for lesson in lessons]}
        marks = cursor.execute(of_year(MARKS, wanted["year"]), facts).fetchall()
    columns = {lesson[0]: place for place, lesson in enumerate(lessons)}
    matrix: dict[str, list[Any]] = {pupil[0]: [None] * len(lessons) for pupil in pupils}
    for lesson, pupil, *cell in marks:
        matrix[pupil][columns[lesson]] = cell
    return dump({
        "course": [*course[:3], *course[7:]],
        "lessons": lessons,
        "pupils": pupils,
        "marks": list(matrix.values()),
    })  # fmt: skip


def week(environ: Mapping[str, Any]) -> bytes:
    """The rows of a pupil's week."""
    wanted = parse_qs(environ["QUERY_STRING"])
    pupil, year, monday, sunday = (wanted[name][0] for name in ("pupil", "year", "from", "to"))
    link = connection()
    with link.transaction(), link.cursor() as cursor:
        user = account(cursor, environ)
        head = cursor.execute(PUPIL, [user]).fetchall()
        lessons = cursor.execute(WEEK, [monday, sunday, pupil]).fetchall()
        ids = [lesson[0] for lesson in lessons]
        facts = {"pupil": pupil, "lessons": ids}
        marks = cursor.execute(of_year(WEEK_MARKS, wanted["year"]), facts).fetchall()
        homework = cursor.execute(HOMEWORK, [ids, ids]).fetchall()
        guardians = cursor.execute(GUARDIANS, [monday, pupil]).fetchall()
        days = {"year": year, "monday": monday, "sunday": sunday, "pupil": pupil, "user": user}
        calendar = cursor.execute(CALENDAR, days).fetchall()
    if pupil not in {child[0] for child in head}:
        raise LookupError("not her child")
    return dump({
        "children": head, "lessons": lessons, "marks": marks, "homework": homework,
        "guardians": guardians, "calendar": calendar,
    })  # fmt: skip


def save(environ: Mapping[str, Any]) -> bytes:
    """Mark, history and operation in one transaction; who asks is taken as known."""
    sent = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    link = connection()
    with link.transaction(), link.cursor() as cursor:
        cursor.execute(SCOPE, ["{" + sent["school"] + "}", sent["user"]])
        rev = first(cursor, MARK, {**sent, "id": uuid7()})[0]
        answer = {"rev": rev, "saved_at": datetime.now(tz=UTC).isoformat()}
        operation = [sent["op"], sent["year"], sent["school"], sent["user"], "", Jsonb(answer)]
        cursor.execute(OPERATION, operation)
    return dump(answer)


def of_year(statement: str, year: Sequence[str]) -> bytes:
    """Name the year's partition in the statement itself, as the application does."""
    return statement.replace("{year}", str(int(year[0]))).encode()


def first(
    cursor: psycopg.Cursor[tuple[Any, ...]],
    statement: str,
    values: Sequence[Any] | Mapping[str, Any],
) -> tuple[Any, ...]:
    row = cursor.execute(statement.encode(), values).fetchone()
    if row is None:
        raise LookupError("no row")
    return row


def dump(answer: Mapping[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"), default=str).encode()
