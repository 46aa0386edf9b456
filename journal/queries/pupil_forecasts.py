"""All forecasts of one pupil in one statement: what her family's page needs.

The same facts as `journal.queries.forecasts` reads for whole courses, the same arithmetic; a test holds the
two together. The caller has asked whether the user may read the pupil's diary.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from common.prepared import of_year, prepared_rows
from journal.queries.forecast_facts import (
    CHECKED_WITHIN,
    COURSE,
    CourseInTerm,
    Facts,
    PupilForecast,
    Rules,
    forecast_pupil,
    read_course,
)
from school.calendar import school_year

# The courses of today, each with the terms that have begun; the last of them is the running one.
_FACTS = f"""
WITH mine AS MATERIALIZED (
  SELECT c.id, c.subject_id, c.school_id, c.year, g.grade_level
    FROM school_membership m
    JOIN school_studygroup g ON g.id = m.group_id
    JOIN school_course c ON c.group_id = g.id AND c.year = %(year)s AND c.kind = 'lesson' AND c.scale_code <> 'none'
   WHERE m.pupil_id = %(pupil)s AND m.since <= %(today)s AND coalesce(m.until, 'infinity') >= %(today)s
     AND (%(subject)s::uuid IS NULL OR c.subject_id = %(subject)s)
), spans AS MATERIALIZED (
  SELECT k.id AS course_id, p.starts, p.ends,
         (row_number() OVER (PARTITION BY k.id ORDER BY p.starts, p.id) - 1)::int AS place,
         row_number() OVER (PARTITION BY k.id ORDER BY p.starts DESC, p.id DESC) = 1 AS runs
    FROM mine k
    JOIN school_period p ON p.school_id = k.school_id AND p.year = k.year
     AND k.grade_level BETWEEN p.grade_from AND p.grade_to AND p.starts <= %(today)s
), lessons AS MATERIALIZED (
  SELECT s.course_id, s.place, s.runs, l.id, l.day,
         l.day > %(today)s OR (l.day = %(today)s AND l.recorded_at IS NULL) AS coming, l.status = 'cancelled' AS off
    FROM spans s JOIN school_lesson l ON l.course_id = s.course_id AND l.day BETWEEN s.starts AND s.ends
)
SELECT 'course' AS kind, json_build_array({COURSE}, c.subject_id) AS fact
  FROM mine k JOIN school_course c ON c.id = k.id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
UNION ALL
SELECT 'lessons', json_build_array(l.course_id, count(*) FILTER (WHERE l.coming), count(*) FILTER (WHERE NOT l.coming))
  FROM lessons l WHERE l.runs AND NOT l.off GROUP BY l.course_id
UNION ALL
(SELECT 'work', json_build_array(l.course_id, w.weight::text, l.day > %(today)s)
  FROM lessons l
  JOIN journal_work w ON w.lesson_id = l.id AND w.counts
  JOIN journal_workkind d ON d.id = w.kind_id AND d.is_control
 WHERE l.runs AND NOT l.off
   AND (l.day > %(today)s OR (l.day >= %(today)s - {CHECKED_WITHIN} AND NOT EXISTS (
     SELECT 1 FROM journal_mark m WHERE m.year = %(year)s AND m.lesson_id = l.id AND m.work_id = w.id)))
 ORDER BY l.day, w.id)
UNION ALL
SELECT 'programmed', json_build_array(t.course_id, t.weight::text, t.until) FROM (
  SELECT k.id AS course_id, d.weight, d.is_control,
         sum(t.hours - g.hours) OVER (PARTITION BY k.id ORDER BY t.number) AS until
    FROM mine k
    JOIN journal_courseprogramme p ON p.course_id = k.id
    JOIN journal_topic t ON t.programme_id = p.programme_id
    LEFT JOIN journal_workkind d ON d.id = t.work_kind_id
   CROSS JOIN LATERAL
     (SELECT least(count(*), t.hours) AS hours FROM journal_lessontopic o
        JOIN school_lesson l ON l.id = o.lesson_id
       WHERE o.topic_id = t.id AND l.course_id = k.id) g
   WHERE g.hours < t.hours) t
 WHERE t.is_control
UNION ALL
SELECT 'marks', json_build_array(l.course_id, m.pupil_id = %(pupil)s, l.place, count(m.score), sum(n.score),
         sum(n.score * n.weight), sum(n.weight) FILTER (WHERE m.score IS NOT NULL),
         sum(n.weight * n.weight) FILTER (WHERE m.score IS NOT NULL),
         array_agg(w.weight::text) FILTER (WHERE m.value = '.'))
  FROM lessons l
  JOIN journal_mark m ON m.year = %(year)s AND m.lesson_id = l.id
  JOIN journal_work w ON w.id = m.work_id AND w.counts
  CROSS JOIN LATERAL (SELECT (m.score * 100)::bigint AS score, (w.weight * 100)::bigint AS weight) n
 WHERE l.day <= %(today)s
 GROUP BY l.course_id, l.place, m.pupil_id = %(pupil)s
UNION ALL
SELECT 'result', json_build_array(r.course_id, r.period_id, r.status, r.value, r.score::text)
  FROM journal_periodmark r JOIN mine k ON k.id = r.course_id
 WHERE r.pupil_id = %(pupil)s AND r.visible_at <= %(now)s
"""  # noqa: S608 - our own text

Rows = Mapping[str, Sequence[Sequence[Any]]]


def pupil_forecasts(
    pupil: UUID, *, today: date, now: datetime, subject: UUID | None = None, with_year: bool = True
) -> Mapping[UUID, PupilForecast]:
    """Forecast the running period and the year of a pupil in her courses of today, by subject.

    Results that families do not see yet count as not set.
    """
    values = {"pupil": pupil, "today": today, "now": now, "subject": subject}
    rows: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for kind, fact in prepared_rows(of_year(_FACTS, school_year(today)), values):
        rows[kind].append(fact)
    rules: Rules = {}
    found = {}
    for *row, subject_id in rows["course"]:
        course = read_course(
            [UUID(row[0]), row[1], UUID(row[2]), *row[3:6], Decimal(str(row[6])), *row[7:]],
            rules,
            today,
        )
        if course:
            found[UUID(subject_id)] = course
    facts = _facts({course.course_id: course for course in found.values()}, rows, pupil)
    return {
        key: forecast_pupil(course, facts, pupil, with_year=with_year)
        for key, course in found.items()
    }


def _facts(courses: Mapping[UUID, CourseInTerm], rows: Rows, pupil: UUID) -> Facts:
    facts = Facts()
    facts.lessons = {UUID(row[0]): (row[1], row[2]) for row in rows["lessons"]}
    works = [(UUID(row[0]), Decimal(row[1]), row[2]) for row in rows["work"]]
    scheduled = facts.add_works(one for one in works if one[0] in courses)
    fitting = [
        (UUID(row[0]), Decimal(row[1]))
        for row in rows["programmed"]
        if row[2] <= facts.lessons.get(UUID(row[0]), (0, 0))[0]
    ]
    facts.add_programmed(fitting, scheduled)
    for course_id, is_own, *sums, owed in rows["marks"]:
        course = courses.get(UUID(course_id))
        if course is None:
            continue
        if is_own:
            facts.add_marks(course, pupil, [*sums, [Decimal(one) for one in owed or ()]])
        else:
            facts.add_peers(course, sums[1:])
    for course_id, period, status, value, score in rows["result"]:
        result = (status, value, Decimal(score) if score is not None else None)
        facts.results[UUID(course_id), pupil][UUID(period)] = result
    return facts
