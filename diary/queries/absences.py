"""Absences of a period: totals, a calendar and the list (G2.1c)."""

import calendar
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from diary.pages import AbsenceDay, AbsenceMonth, Absences, AbsenceView
from diary.queries.periods import frame
from people.models import Pupil

ABSENCES = """
SELECT 'absence' AS kind, json_build_array(a.lesson_id, a.code, a.reason, a.set_at, l.day, l.number, su.name)
  FROM journal_absence a
  JOIN school_lesson l ON l.id = a.lesson_id AND l.day BETWEEN %(starts)s AND %(ends)s
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject su ON su.id = c.subject_id
 WHERE a.year = %(year)s AND a.school_id = %(school)s AND a.pupil_id = %(pupil)s
UNION ALL
SELECT 'held', json_build_array(l.day, count(DISTINCT l.id))
  FROM school_membership p
  JOIN school_course c ON c.group_id = p.group_id
  JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN %(starts)s AND least(%(ends)s, %(today)s)
   AND l.day >= p.since AND (p.until IS NULL OR l.day <= p.until) AND l.status <> 'cancelled'
 WHERE p.pupil_id = %(pupil)s
 GROUP BY l.day
"""


def absences(pupil: Pupil, *, now: datetime, period: UUID | None = None) -> Absences:
    """Return the pupil's absences of a period: two statements."""
    shown = frame(pupil, now=now, period=period)
    with connection.cursor() as cursor:
        cursor.execute(ABSENCES, shown.parameters)
        rows = cursor.fetchall()
    held = {date.fromisoformat(fact[0]): fact[1] for kind, fact in rows if kind == "held"}
    entries = sorted(
        (
            AbsenceView(
                kind=fact[1],
                reason=fact[2],
                lesson_id=UUID(fact[0]),
                day=date.fromisoformat(fact[4]),
                number=fact[5],
                subject=fact[6],
                set_at=datetime.fromisoformat(fact[3]).astimezone(shown.zone),
            )
            for kind, fact in rows
            if kind == "absence"
        ),
        key=lambda entry: (entry.day, entry.number),
        reverse=True,
    )
    missed = Counter(entry.day for entry in entries if entry.kind != "late")
    return Absences(
        pupil=shown.head,
        now=shown.now,
        periods=shown.periods,
        period=shown.shown,
        entries=tuple(entries),
        full_days=sum(count >= held.get(day, count + 1) for day, count in missed.items()),
        lessons_held=sum(held.values()),
        months=_months(entries, shown.today),
    )


def _months(entries: Sequence[AbsenceView], today: date) -> tuple[AbsenceMonth, ...]:
    """Return the months that have an absence, the latest first."""
    letters: dict[date, list[str]] = {}
    for entry in reversed(entries):
        letters.setdefault(entry.day, []).append(entry.letter)
    firsts = sorted({day.replace(day=1) for day in letters}, reverse=True)
    return tuple(_month(first, letters, today) for first in firsts)


def _month(first: date, letters: Mapping[date, Sequence[str]], today: date) -> AbsenceMonth:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return AbsenceMonth(
        first=first,
        weeks=tuple(
            tuple(
                AbsenceDay(
                    day=day,
                    letters="".join(dict.fromkeys(letters.get(day, ())))
                    if day.month == first.month
                    else "",
                    in_month=day.month == first.month,
                    is_today=day == today,
                )
                for day in week
            )
            for week in weeks
        ),
    )
