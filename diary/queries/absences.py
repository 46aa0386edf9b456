"""Absences of a period: totals, a calendar and the list (G2.1c)."""

import calendar
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from common.prepared import array, of_year, prepared_rows
from diary.pages import AbsenceDay, AbsenceMonth, Absences, AbsenceView, ReportView
from diary.queries.periods import Frame, frame
from diary.queries.reports import OF_PUPIL, in_order
from people.models import Pupil

ABSENCES = f"""
SELECT 'absence' AS kind, json_build_array(a.lesson_id, a.code, a.reason, a.set_at, l.day, l.number, su.name)
  FROM journal_absence a
  JOIN school_lesson l ON l.id = a.lesson_id AND l.day BETWEEN %(starts)s AND %(ends)s
  JOIN school_course c ON c.id = l.course_id
  JOIN school_subject su ON su.id = c.subject_id
 WHERE a.year = %(year)s AND a.school_id = ANY (%(schools)s::uuid[]) AND a.pupil_id = %(pupil)s
UNION ALL
SELECT 'held', json_build_array(l.day, count(DISTINCT l.id))
  FROM school_membership p
  JOIN school_course c ON c.group_id = p.group_id
  JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN %(starts)s AND least(%(ends)s, %(today)s)
   AND l.day >= p.since AND (p.until IS NULL OR l.day <= p.until) AND l.status <> 'cancelled'
 WHERE p.pupil_id = %(pupil)s
 GROUP BY l.day
UNION ALL {OF_PUPIL}
"""  # noqa: S608 - our own words


def absences(
    pupil: Pupil,
    *,
    now: datetime,
    period: UUID | None = None,
    month: date | None = None,
    with_reports: bool = False,
) -> Absences:
    """Return the pupil's absences of a period: two statements.

    `with_reports`: what the family told ahead, for the family's own eyes.
    """
    shown = frame(pupil, now=now, period=period)
    facts: dict[str, list[Sequence[Any]]] = {"absence": [], "held": [], "report": []}
    values = shown.parameters | {
        "with_reports": with_reports, "schools": array([shown.head.school_id]),
    }  # fmt: skip
    for kind, fact in prepared_rows(of_year(ABSENCES, shown.year), values):
        facts[kind].append(fact)
    entries = tuple(
        sorted(_entries(facts["absence"], shown), key=lambda e: (e.day, e.number), reverse=True)
    )
    held = {date.fromisoformat(day): count for day, count in facts["held"]}
    missed = Counter(entry.day for entry in entries if entry.kind != "late")
    reports = in_order(facts["report"], shown.zone)
    return Absences(
        pupil=shown.head,
        now=shown.now,
        periods=shown.periods,
        period=shown.shown,
        entries=entries,
        full_days=sum(count >= held.get(day, count + 1) for day, count in missed.items()),
        lessons_held=sum(held.values()),
        month=_month(shown, month, entries, reports),
        reports=reports,
    )


def _entries(facts: Sequence[Sequence[Any]], shown: Frame) -> Iterator[AbsenceView]:
    for lesson_id, code, reason, set_at, day, number, subject in facts:
        yield AbsenceView(
            kind=code,
            reason=reason,
            lesson_id=UUID(lesson_id),
            day=date.fromisoformat(day),
            number=number,
            subject=subject,
            set_at=datetime.fromisoformat(set_at).astimezone(shown.zone),
        )


def _month(
    shown: Frame,
    asked: date | None,
    entries: Sequence[AbsenceView],
    reports: Sequence[ReportView],
) -> AbsenceMonth:
    """Return the asked month of the period: by default today's, in a past period the last one with an entry."""
    months = _months(shown)
    usual = entries[0].day if entries else months[-1] if months[-1] < shown.today else months[0]
    default = shown.today.replace(day=1)
    wanted = asked if asked in months else default if default in months else usual.replace(day=1)
    place = months.index(wanted)
    letters: dict[date, list[str]] = {}
    for entry in reversed(entries):
        letters.setdefault(entry.day, []).append(entry.letter)
    spans = [(one.since, one.until) for one in reports if one.state in {"sent", "accepted"}]
    return AbsenceMonth(
        first=wanted,
        weeks=tuple(_weeks(wanted, letters, spans, shown.today)),
        previous=months[place - 1] if place else None,
        following=months[place + 1] if place + 1 < len(months) else None,
    )


def _months(shown: Frame) -> list[date]:
    """Return the first days of the period's months; of today's month where there is no period."""
    period = shown.shown
    day, last = (period.starts, period.ends) if period else (shown.today, shown.today)
    months = []
    while day <= last:
        months.append(day.replace(day=1))
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return months


def _weeks(
    first: date,
    letters: Mapping[date, Sequence[str]],
    spans: Sequence[tuple[date, date]],
    today: date,
) -> Iterator[tuple[AbsenceDay, ...]]:
    for week in calendar.Calendar().monthdatescalendar(first.year, first.month):
        yield tuple(
            AbsenceDay(
                day=day,
                letters=tuple(dict.fromkeys(letters.get(day, ()))),
                is_today=day == today,
                is_told=any(since <= day <= until for since, until in spans),
            )
            if day.month == first.month
            else AbsenceDay(day, in_month=False)
            for day in week
        )
