"""How the journal answers for the clause of statistics: lessons held against the curriculum (T5b)."""

from datetime import datetime

from django.urls import reverse

from common.prepared import rows_of
from common.templatetags.words import count_ru
from people.models import School
from regulation.registry import Evidence, Finding, broken, clause, kept, listed, not_yet_due

# Courses that lessons were held in, each with what the statistics need: hours of the curriculum, a plan,
# and records that tell which hour of the plan was given.
_COURSES = """
SELECT c.id, u.name, g.name, q.hours_per_year IS NOT NULL, cp.id IS NOT NULL,
       count(*), count(*) FILTER (WHERE l.recorded_at IS NOT NULL AND l.topic <> '')
  FROM school_lesson l
  JOIN school_course c ON c.id = l.course_id AND c.kind = 'lesson'
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN school_schoolyear y ON y.school_id = l.school_id AND y.year = l.year AND %(today)s BETWEEN y.starts AND y.ends
  LEFT JOIN school_curriculum q ON q.group_id = c.group_id AND q.subject_id = c.subject_id
  LEFT JOIN journal_courseprogramme cp ON cp.course_id = c.id
 WHERE l.school_id = %(school)s AND l.day < %(today)s AND l.status <> 'cancelled'
 GROUP BY c.id, u.name, g.name, q.hours_per_year, cp.id ORDER BY u.name, g.name, c.id
"""


def register() -> None:
    """Register the check: importing this module does it; the call keeps the import honest."""


@clause("T5b")
def lessons_are_counted(school: School, *, now: datetime) -> Finding:
    """Judge by what can be counted: every course with lessons has curriculum hours and a plan."""
    courses = rows_of(_COURSES, {"school": school.pk, "today": school.local_date(now)})
    if not courses:
        return not_yet_due("Уроков в этом учебном году ещё не было.")
    lessons, recorded = (sum(row[place] for row in courses) for place in (5, 6))
    counted = Evidence(
        "Статистика проведённых уроков",
        reverse("journal:statistics"),
        f"записано {recorded} из {count_ru(lessons, 'урока,уроков,уроков')}",
    )
    lacking = [row for row in courses if not (row[3] and row[4])]
    if not lacking:
        words = count_ru(len(courses), "курса,курсов,курсов")
        return kept(f"Уроки {words} сравниваются с учебным планом и КТП.", counted)
    rows = (
        Evidence(
            f"{subject}, {group}",
            reverse("journal:course_programme", args=[course]),
            " и ".join(
                what
                for what, has in (
                    ("нет часов учебного плана", hours),
                    ("не выбран план (КТП)", plan),
                )
                if not has
            ),
        )
        for course, subject, group, hours, plan, *_ in lacking
    )
    return broken(
        f"Без учебного плана или КТП: {len(lacking)} из {len(courses)}.", counted, *listed(rows)
    )
