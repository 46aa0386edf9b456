"""What changed in an open journal since the browser looked last, and who else looks at it.

A revision that is given out early may be committed late, and a removed mark has no revision:
«everything above revision N» loses changes. So the browser keeps a digest of all that stands in
the period's cells; when the digest is another one it gets every cell anew and patches what differs.
A period has a few hundred filled cells; the answer to nothing new is a hundred bytes.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from common.ids import uuid7
from common.prepared import of_year, prepared
from common.templatetags.words import time_hm
from journal import policy
from journal.queries.cells import when
from journal.queries.facts import CourseFacts, course_facts, short_name
from journal.queries.sheets import sheet, shown_period
from journal.sheet import CellPatch, Changes, Sheet
from people.models import User

HERE = timedelta(
    seconds=60
)  # how long after a poll somebody counts as present: two polls and a bit
# Cells written by others since the last look name their author; a long commit may come late.
SLACK = timedelta(minutes=2)

_DIGEST = """
SELECT md5(coalesce(string_agg(e.state, ';' ORDER BY e.state COLLATE "C"), '')) FROM (
  SELECT concat_ws(',', l.id, l.day, l.number, l.status) AS state FROM school_lesson l
   WHERE l.course_id = %(course)s AND l.day BETWEEN %(starts)s AND %(ends)s
   UNION ALL
  SELECT concat_ws(',', k.lesson_id, k.pupil_id, k.position, k.value, k.rev, k.comment <> '')
    FROM school_lesson l JOIN journal_mark k ON k.lesson_id = l.id AND k.year = %(year)s
   WHERE l.course_id = %(course)s AND l.day BETWEEN %(starts)s AND %(ends)s
   UNION ALL
  SELECT concat_ws(',', a.lesson_id, a.pupil_id, a.code, a.rev)
    FROM school_lesson l JOIN journal_absence a ON a.lesson_id = l.id AND a.year = %(year)s
   WHERE l.course_id = %(course)s AND l.day BETWEEN %(starts)s AND %(ends)s
) e
"""
# Says that the user is here and reads who else is: one statement.
_PRESENT = """
WITH here AS (
  INSERT INTO journal_presence (id, school_id, course_id, user_id, seen_at)
  VALUES (%(id)s, %(school)s, %(course)s, %(user)s, %(now)s)
  ON CONFLICT (course_id, user_id) DO UPDATE SET seen_at = excluded.seen_at)
SELECT n.last_name, n.first_name, n.middle_name
  FROM journal_presence p JOIN people_person n ON n.user_id = p.user_id AND n.school_id = p.school_id
 WHERE p.course_id = %(course)s AND p.user_id <> %(user)s AND p.seen_at > %(since)s
 ORDER BY n.sort_key COLLATE "C", n.id
"""
_AUTHORS = """
SELECT e.lesson_id::text, e.pupil_id::text, e.set_at, n.last_name, n.first_name, n.middle_name FROM (
  SELECT k.lesson_id, k.pupil_id, k.set_at, k.set_by_id, k.school_id
    FROM school_lesson l JOIN journal_mark k ON k.lesson_id = l.id AND k.year = %(year)s
   WHERE l.course_id = %(course)s AND l.day BETWEEN %(starts)s AND %(ends)s AND k.set_at >= %(since)s
   UNION ALL
  SELECT a.lesson_id, a.pupil_id, a.set_at, a.set_by_id, a.school_id
    FROM school_lesson l JOIN journal_absence a ON a.lesson_id = l.id AND a.year = %(year)s
   WHERE l.course_id = %(course)s AND l.day BETWEEN %(starts)s AND %(ends)s AND a.set_at >= %(since)s
) e JOIN people_person n ON n.user_id = e.set_by_id AND n.school_id = e.school_id
 ORDER BY e.set_at
"""


def changes(
    user: User, course_id: UUID, period_id: UUID | None, *, since: str, now: datetime
) -> Changes:
    """Read what is new since the token `since`, and note that the user has the journal open.

    Raises Http404 for a course that the user may not open.
    """
    facts = course_facts(user, course_id, today=user.today)
    span = shown_period(facts.periods, period_id, user.today)
    digest = _digest(facts, span)
    present = _present(facts, user, now)
    told = Changes(
        token=f"{digest}.{int(now.timestamp())}",
        present=present,
        now=time_hm(now.astimezone(facts.zone).time()),
    )
    known, _, seen = since.partition(".")
    if known == digest:
        return told
    found = sheet(user, course_id, UUID(span.period_id), today=user.today)
    is_moment = seen.isascii() and seen.isdecimal() and len(seen) <= 10
    looked = datetime.fromtimestamp(int(seen), now.tzinfo) if is_moment else now
    authors = _authors(facts, span, max(looked - SLACK, now - timedelta(hours=1)))
    return _with_cells(told, found, authors, facts, user.today)


def _digest(facts: CourseFacts, span: policy.Span) -> str:
    with prepared() as cursor:
        cursor.execute(of_year(_DIGEST, facts.year), _period(facts, span))
        digest: str = cursor.fetchone()[0]
    return digest


def _period(facts: CourseFacts, span: policy.Span) -> dict[str, Any]:
    return {"course": facts.course_id, "starts": span.starts, "ends": span.ends}


def _present(facts: CourseFacts, user: User, now: datetime) -> tuple[str, ...]:
    values: dict[str, Any] = {
        "id": uuid7(), "school": facts.school_id, "course": facts.course_id, "user": user.pk,
        "now": now, "since": now - HERE,
    }  # fmt: skip
    with prepared() as cursor:
        cursor.execute(_PRESENT, values)
        return tuple(short_name(*row) for row in cursor.fetchall())


def _authors(
    facts: CourseFacts, span: policy.Span, since: datetime
) -> dict[tuple[str, str], tuple[str, datetime]]:
    """Return who wrote each cell lately, and when."""
    with prepared() as cursor:
        values = _period(facts, span) | {"since": since}
        cursor.execute(of_year(_AUTHORS, facts.year), values)
        return {(row[0], row[1]): (short_name(*row[3:]), row[2]) for row in cursor.fetchall()}


def _with_cells(
    told: Changes,
    found: Sheet,
    authors: dict[tuple[str, str], tuple[str, datetime]],
    facts: CourseFacts,
    today: date,
) -> Changes:
    """Add every cell that holds something, by the numbers of its pupil and lesson."""
    lessons = [str(column.lesson_id) for column in found.columns]

    def said(pupil: str, lesson: str) -> str:
        author = authors.get((lesson, pupil))
        return f"{author[0]}, {when(author[1], facts, today=today)}" if author else ""

    cells: list[CellPatch] = []
    for number, row in enumerate(found.rows):
        cells += [
            (place, number, text, rev, flags, said(str(row.pupil_id), lessons[place]))
            for place, (text, rev, flags) in enumerate(row.cells)
            if rev or text
        ]
    return replace(
        told,
        lessons=tuple(lessons),
        pupils=tuple(str(row.pupil_id) for row in found.rows),
        cells=tuple(cells),
        averages=tuple((row.average, row.weighted) for row in found.rows),
    )
