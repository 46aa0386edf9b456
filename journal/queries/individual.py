"""How individual, differentiated and distance teaching goes, by class or by teacher (G3.1a)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from common.prepared import rows_of
from journal.homework import Individual, IndividualPage
from journal.queries.facts import short_name
from journal.sheet import Choice
from people.models import User
from people.roles import Permission
from school.calendar import school_year
from school.models import Period

_KEYS = {
    "class": (
        "coalesce(k.id, g.id)",
        "coalesce(k.grade_level || k.letter, g.name)",
        "g.grade_level",
    ),
    "teacher": ("p.id", "p.last_name || '|' || p.first_name || '|' || p.middle_name", "0"),
}
_FROM = """
  FROM school_lesson l
  JOIN school_course c ON c.id = l.course_id
  JOIN school_studygroup g ON g.id = c.group_id
  LEFT JOIN school_schoolclass k ON k.id = g.school_class_id
  JOIN school_sitting s ON s.id = l.sitting_id
  JOIN people_person p ON p.id = s.teacher_id
"""
_WHERE = """
 WHERE l.school_id = ANY (%(schools)s::uuid[]) AND l.day BETWEEN %(starts)s AND %(ends)s
   AND l.status <> 'cancelled'
"""
_LESSONS = f"""
SELECT {{key}}::text, {{name}}, min({{order}}), count(*), count(*) FILTER (WHERE l.form = 'distance')
{_FROM}
{_WHERE}
 GROUP BY 1, 2 ORDER BY 3, 2, 1
"""
_HOMEWORK = f"""
SELECT {{key}}::text, count(*) FILTER (WHERE n.many = 1), count(*) FILTER (WHERE n.many > 1),
       sum(n.many), count(*) FILTER (WHERE h.form = 'distance'), count(*) FILTER (WHERE h.answer_wanted),
       sum(a.sent), sum(a.late)
{_FROM}
  JOIN journal_homework h ON h.lesson_id = l.id
  LEFT JOIN school_lesson d ON d.id = h.due_lesson_id
  LEFT JOIN school_sitting ds ON ds.id = d.sitting_id
  CROSS JOIN LATERAL (SELECT count(*) AS many FROM journal_homeworkpupil x WHERE x.homework_id = h.id) n
  CROSS JOIN LATERAL (SELECT count(*) AS sent, count(*) FILTER (WHERE x.sent_at > lower(ds.during)) AS late
                        FROM journal_homeworkanswer x WHERE x.homework_id = h.id) a
{_WHERE}
   AND (NOT h.for_all OR h.form = 'distance' OR h.answer_wanted)
 GROUP BY 1
"""  # noqa: S608 - our own text


def individual(user: User, *, by: str, period_id: UUID | None, today: date) -> IndividualPage:
    """Read the report of the schools that the user oversees; three statements."""
    schools = user.schools_with(Permission.JOURNAL_CONTROL)
    year = school_year(today)
    periods = list(
        Period.objects.filter(school__in=schools[:1], year=year, starts__lte=today).order_by(
            "starts", "ends", "pk"
        )
    )
    asked = next((one for one in periods if one.pk == period_id), None)
    chosen = asked or (periods[-1] if periods else None)
    starts = chosen.starts if chosen else date(year, 8, 1)
    ends = min(chosen.ends, today) if chosen else today
    by = by if by in _KEYS else "class"
    return IndividualPage(
        by=by,
        rows=individual_rows(schools, by=by, starts=starts, ends=ends),
        starts=starts,
        ends=ends,
        periods=tuple(Choice(str(one.pk), one.name, one == chosen) for one in periods),
    )


def individual_rows(
    schools: Sequence[UUID], *, by: str, starts: date, ends: date
) -> tuple[Individual, ...]:
    """Count by class or by teacher; two statements."""
    key, name, order = _KEYS[by]
    values = {"schools": list(schools), "starts": starts, "ends": ends}
    lessons = rows_of(_LESSONS.format(key=key, name=name, order=order), values)
    homework = {row[0]: row[1:] for row in rows_of(_HOMEWORK.format(key=key), values)}
    found = []
    for row_key, row_name, _, count, distance in lessons:
        counts = (int(value or 0) for value in homework.get(row_key, (0,) * 7))
        shown = short_name(*row_name.split("|")) if by == "teacher" else row_name
        found.append(Individual(row_key, shown, count, distance, *counts))
    return tuple(found)
