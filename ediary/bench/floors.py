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
SELECT c.id::text, s.name, g.name, c.group_id, p.id::text, p.starts, p.ends
  FROM school_course c JOIN school_subject s ON s.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN school_period p ON p.school_id = c.school_id AND p.year = c.year
   AND g.grade_level BETWEEN p.grade_from AND p.grade_to AND current_date BETWEEN p.starts AND p.ends
 WHERE c.id = %s
"""
LESSONS = """
SELECT l.id::text, l.day::text, l.number, l.status, l.topic, k.letter, k.name, w.weight::text
  FROM school_lesson l
  LEFT JOIN journal_work w ON w.lesson_id = l.id AND w.number = 1
  LEFT JOIN journal_workkind k ON k.id = w.kind_id
 WHERE l.course_id = %s AND l.day BETWEEN %s AND %s ORDER BY l.day, l.number
"""
PUPILS = """
SELECT m.pupil_id::text, p.last_name, p.first_name, m.since::text, m.until::text, r.value
  FROM school_membership m JOIN people_person p ON p.id = m.pupil_id
  LEFT JOIN journal_periodmark r ON r.pupil_id = m.pupil_id AND r.course_id = %s AND r.period_id = %s
 WHERE m.group_id = %s ORDER BY p.sort_key
"""
MARKS = """
SELECT lesson_id::text, pupil_id::text, value, rev, comment <> ''
  FROM journal_mark WHERE year = %(year)s AND lesson_id = ANY (%(lessons)s::uuid[])
 UNION ALL
SELECT lesson_id::text, pupil_id::text, code, rev, false
  FROM journal_absence WHERE year = %(year)s AND lesson_id = ANY (%(lessons)s::uuid[])
"""

PUPIL = """
SELECT p.last_name, p.first_name, s.name, g.name FROM people_person p
  JOIN people_school s ON s.id = p.school_id
  JOIN people_guardianship t ON t.pupil_id = p.id AND t.open_from <= current_date
  JOIN people_person q ON q.id = t.guardian_id AND q.user_id = %s
  JOIN school_membership m ON m.pupil_id = p.id JOIN school_studygroup g ON g.id = m.group_id
 WHERE p.id = %s
"""
WEEK = """
SELECT l.id::text, l.day::text, l.number, lower(i.during)::text, upper(i.during)::text, s.name,
       t.last_name, t.first_name, t.middle_name, r.name, l.status, l.topic
  FROM school_membership m
  JOIN school_course c ON c.group_id = m.group_id
  JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN %s AND %s
  JOIN school_sitting i ON i.id = l.sitting_id
  JOIN school_subject s ON s.id = c.subject_id
  JOIN people_person t ON t.id = i.teacher_id
  LEFT JOIN school_room r ON r.id = i.room_id
 WHERE m.pupil_id = %s ORDER BY l.day, l.number
"""
WEEK_MARKS = """
SELECT m.lesson_id::text, m.value, k.name, w.weight::text, m.comment, m.set_at::text
  FROM journal_mark m JOIN journal_work w ON w.id = m.work_id JOIN journal_workkind k ON k.id = w.kind_id
 WHERE m.year = %(year)s AND m.pupil_id = %(pupil)s AND m.lesson_id = ANY (%(lessons)s::uuid[])
 UNION ALL
SELECT a.lesson_id::text, a.code, '', '', a.reason, a.set_at::text
  FROM journal_absence a
 WHERE a.year = %(year)s AND a.pupil_id = %(pupil)s AND a.lesson_id = ANY (%(lessons)s::uuid[])
"""
HOMEWORK = """
SELECT h.due_lesson_id::text, h.text, h.minutes FROM journal_homework h
 WHERE h.due_lesson_id = ANY (%s::uuid[]) OR h.lesson_id = ANY (%s::uuid[])
"""
GUARDIANS = """
SELECT p.last_name, p.first_name, p.middle_name, g.kind,
       (SELECT json_build_array(a.at, a.version) FROM diary_acknowledgement a
         WHERE a.pupil_id = g.pupil_id AND a.guardian_id = g.guardian_id AND a.week = %s
         ORDER BY a.at DESC LIMIT 1)
  FROM people_guardianship g JOIN people_person p ON p.id = g.guardian_id WHERE g.pupil_id = %s
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
        facts = {"year": int(wanted["year"][0]), "lessons": [lesson[0] for lesson in lessons]}
        marks = cursor.execute(MARKS, facts).fetchall()
    columns = {lesson[0]: place for place, lesson in enumerate(lessons)}
    matrix: dict[str, list[Any]] = {pupil[0]: [None] * len(lessons) for pupil in pupils}
    for lesson, pupil, *cell in marks:
        matrix[pupil][columns[lesson]] = cell
    return dump({
        "course": course[:3],
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
        head = first(cursor, PUPIL, [user, pupil])
        lessons = cursor.execute(WEEK, [monday, sunday, pupil]).fetchall()
        ids = [lesson[0] for lesson in lessons]
        marks = cursor.execute(WEEK_MARKS, {"year": int(year), "pupil": pupil, "lessons": ids}).fetchall()  # fmt: skip
        homework = cursor.execute(HOMEWORK, [ids, ids]).fetchall()
        guardians = cursor.execute(GUARDIANS, [monday, pupil]).fetchall()
    return dump({
        "pupil": head, "lessons": lessons, "marks": marks, "homework": homework, "guardians": guardians,
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
