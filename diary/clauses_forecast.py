"""How the diary answers for the forecast of a period's result (T4, K2, G2.7, S6)."""

from datetime import datetime

from django.urls import reverse

from common.prepared import of_year, rows_of
from common.templatetags.words import count_ru
from journal.forecast import FEW
from people.models import School
from regulation.queries import parameter
from regulation.registry import Evidence, Finding, broken, clause, kept, not_yet_due
from school.calendar import school_year

# By class: pupils with a forecast in their running period (three marks in a subject name one), those whose
# diary nobody of the family may read, whose family looked at the marks of late, and who wait too long.
_FORECASTS = """
WITH courses AS MATERIALIZED (
  SELECT c.id, c.group_id, p.starts
    FROM school_course c JOIN school_studygroup g ON g.id = c.group_id
   CROSS JOIN LATERAL (
         SELECT max(p.starts) AS starts FROM school_period p
          WHERE p.school_id = c.school_id AND p.year = c.year AND p.starts <= %(today)s
            AND g.grade_level BETWEEN p.grade_from AND p.grade_to) p
   WHERE c.school_id = %(school)s AND c.year = %(year)s AND c.kind = 'lesson' AND p.starts IS NOT NULL
     AND c.scale_code NOT IN ('none', 'pass_fail')
), given AS MATERIALIZED (
  SELECT m.pupil_id, l.course_id, count(*) AS marks
    FROM courses c JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN c.starts AND %(today)s
    JOIN journal_mark m ON m.year = %(year)s AND m.lesson_id = l.id AND m.score IS NOT NULL
    JOIN journal_work w ON w.id = m.work_id AND w.counts
   GROUP BY m.pupil_id, l.course_id
), pupils AS MATERIALIZED (
  SELECT k.id AS class_id, k.grade_level, k.sort_key, k.grade_level || k.letter AS name, m.pupil_id,
         (SELECT count(*) FROM given n WHERE n.pupil_id = m.pupil_id AND n.marks >= %(few)s) AS named,
         EXISTS (SELECT 1 FROM people_guardianship g WHERE g.pupil_id = m.pupil_id
                    AND g.since <= %(today)s AND (g.until IS NULL OR g.until >= %(today)s)
                    AND g.open_from <= %(today)s AND (g.open_until IS NULL OR g.open_until >= %(today)s)) AS is_read,
         EXISTS (SELECT 1 FROM access_visit v WHERE v.pupil_id = m.pupil_id AND v.section = 'marks'
                    AND v.day > %(today)s - %(interval)s) AS looked,
         (SELECT min(c.starts) FROM school_membership a JOIN courses c ON c.group_id = a.group_id
           WHERE a.pupil_id = m.pupil_id AND a.since <= %(today)s
             AND (a.until IS NULL OR a.until >= %(today)s)) AS starts
    FROM school_schoolclass k
    JOIN school_studygroup s ON s.school_class_id = k.id AND s.kind = 'class'
    JOIN school_membership m ON m.group_id = s.id AND m.since <= %(today)s AND (m.until IS NULL OR m.until >= %(today)s)
   WHERE k.school_id = %(school)s
)
SELECT class_id, name, count(*), count(*) FILTER (WHERE named > 0), sum(named)::int,
       count(*) FILTER (WHERE NOT is_read), count(*) FILTER (WHERE looked),
       count(*) FILTER (WHERE named = 0 AND %(today)s - starts > %(interval)s)
  FROM pupils WHERE starts IS NOT NULL GROUP BY class_id, name, grade_level, sort_key ORDER BY grade_level, sort_key, class_id
"""


def register() -> None:
    """Keep the import honest: importing this module registers the check."""


@clause("T4", "K2", "G2.7", "S6")
def families_get_a_forecast(school: School, *, now: datetime) -> Finding:
    """Judge by what a family's page can say today: it is worked out anew each time it is opened.

    A forecast needs three marks in a subject; a pupil who has them in none is due once the period has run for
    the interval of the regulation. Where nobody of the family may read the diary the class teacher tells it,
    which the program does not see.
    """
    today = school.local_date(now)
    interval = parameter(school, "forecast_interval_days", day=today).number
    values = {"school": school.pk, "today": today, "few": FEW, "interval": interval}
    rows = rows_of(of_year(_FORECASTS, school_year(today)), values)
    pupils, told, named, unread, looked, late = (sum(row[n] for row in rows) for n in range(2, 8))
    if not pupils:
        return not_yet_due("Учеников с отметками в идущем отчётном периоде нет.")
    if not told:
        return not_yet_due("Отметок в идущем периоде мало: для прогноза нужно три по предмету.")
    of_all = count_ru(pupils, "ученика,учеников,учеников")
    facts = (
        f"Прогноз считается заново при каждом открытии «Отметок»: назван у {told} из {of_all} "
        f"(по предметам — {named}); за {count_ru(interval, 'день,дня,дней')} его открывали "
        f"{count_ru(looked, 'семья,семьи,семей')}."
    )
    evidence = [
        Evidence(name, _page(class_id), _lacks(without, closed))
        for class_id, name, *_, closed, _, without in rows
        if without or closed
    ]
    if not evidence:
        return kept(facts)
    lacking = f"Без прогноза дольше срока: {late}; дневник не читает никто из семьи: {unread}."
    return broken(f"{facts} {lacking}", *evidence)


def _page(class_id: object) -> str:
    return reverse("journal:class_forecast", args=[class_id])


def _lacks(without: int, closed: int) -> str:
    said = [f"мало отметок: {without}"] if without else []
    return ", ".join([*said, *([f"дневник не читает никто: {closed}"] if closed else [])])
