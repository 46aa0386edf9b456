"""How printing answers for the clauses of the regulation."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse

from common.templatetags.words import count_ru, week_range
from common.weeks import monday_of
from diary.pages import iso_week
from people.models import School
from regulation.queries import parameter
from regulation.registry import Evidence, Finding, broken, clause, kept, not_yet_due
from school.calendar import school_year

FAMILIES = "семья,семьи,семей"

# By class: pupils none of whose representatives reads the diary on the screen, and how many of them
# were given an extract (or acknowledged otherwise) for a week since the given one.
ON_PAPER = """
WITH guardians AS MATERIALIZED (
  SELECT g.pupil_id,
         coalesce(g.open_from <= %(today)s AND (g.open_until IS NULL OR g.open_until >= %(today)s), false)
         AND coalesce((SELECT d.form FROM consent_deliverydeclaration d
                        WHERE d.pupil_id = g.pupil_id AND d.guardian_id = g.guardian_id
                        ORDER BY d.declared_on DESC, d.registered_at DESC, d.id DESC LIMIT 1), 'electronic')
             = 'electronic' AS on_screen
    FROM people_guardianship g
   WHERE g.school_id = %(school)s AND g.since <= %(today)s AND (g.until IS NULL OR g.until >= %(today)s)
     AND NOT EXISTS (SELECT 1 FROM people_restriction r WHERE r.guardianship_id = g.id
                      AND r.since <= %(today)s AND (r.until IS NULL OR r.until >= %(today)s))
), on_paper AS (
  SELECT k.id, k.grade_level, k.letter, k.sort_key, m.pupil_id
    FROM school_schoolclass k
    JOIN school_studygroup sg ON sg.school_class_id = k.id AND sg.kind = 'class'
    JOIN school_membership m ON m.group_id = sg.id
     AND m.since <= %(week)s + 6 AND (m.until IS NULL OR m.until >= %(today)s)
   WHERE k.school_id = %(school)s
     AND NOT EXISTS (SELECT 1 FROM guardians g WHERE g.pupil_id = m.pupil_id AND g.on_screen)
)
SELECT p.id, p.grade_level || p.letter, count(*),
       count(*) FILTER (
         WHERE EXISTS (SELECT 1 FROM printouts_extract e WHERE e.pupil_id = p.pupil_id AND e.week >= %(since)s)
            OR EXISTS (SELECT 1 FROM diary_acknowledgement a
                        WHERE a.pupil_id = p.pupil_id AND a.channel <> 'web' AND a.week >= %(since)s))
  FROM on_paper p GROUP BY p.id, p.grade_level, p.letter, p.sort_key ORDER BY p.grade_level, p.sort_key, p.id
"""
# The last week with lessons that ended so long ago that its extract is due; and the year's first.
WEEKS = """
SELECT date_trunc('week', max(day) FILTER (WHERE day < %(before)s))::date, date_trunc('week', min(day))::date
  FROM school_lesson
 WHERE school_id = %(school)s AND status <> 'cancelled' AND day BETWEEN %(year_began)s AND %(before)s
"""


def register() -> None:
    """Keep the import honest: importing this module registers the checks."""


@clause("K1", "G2.6", "S5")
def families_on_paper_are_told_in_time(school: School, *, now: datetime) -> Finding:
    """Every family on paper was given the last due week: by an extract, or by what stands in for it."""
    interval = parameter(school, "paper_interval_days", day=school.local_date(now)).number
    return _judge(school, now, wait=timedelta(days=interval), whole_year=False)


@clause("T2d")
def extracts_are_made_for_families_on_paper(school: School, *, now: datetime) -> Finding:
    """Every family on paper was given an extract this year."""
    return _judge(school, now, wait=timedelta(days=7), whole_year=True)


def _judge(school: School, now: datetime, *, wait: timedelta, whole_year: bool) -> Finding:
    today = school.local_date(now)
    year = school_year(today)
    monday = monday_of(today)
    given: dict[str, Any] = {
        "school": school.pk,
        "before": monday - wait,
        "year_began": date(year, 8, 1),
    }
    with connection.cursor() as cursor:
        cursor.execute(WEEKS, given)
        week, first = cursor.fetchone() or (None, None)
        if week is None:
            return not_yet_due("Недели, сведения за которую пора выдать, ещё не было.")
        since = first if whole_year else week
        cursor.execute(
            ON_PAPER, {"school": school.pk, "today": today, "week": week, "since": since}
        )
        rows = cursor.fetchall()
    total, served = sum(row[2] for row in rows), sum(row[3] for row in rows)
    facts = tuple(
        Evidence(
            name,
            f"{reverse('desk:class', args=[class_id])}?week={iso_week(week)}",
            f"{done} из {all_}",
        )
        for class_id, name, all_, done in rows
        if done < all_
    )
    words = "с начала года" if whole_year else f"за неделю {week_range(week)} или позже"
    if not total:
        return kept("На бумаге сведения не получает ни одна семья.")
    if served < total:
        return broken(
            f"Не получили выписку {words}: {count_ru(total - served, FAMILIES)} из {total}.", *facts
        )
    summary = f"Каждая из {total} семей на бумаге получила сведения {words}."
    return kept(summary, Evidence("Семей на бумаге с выписками", None, f"{served} из {total}"))
