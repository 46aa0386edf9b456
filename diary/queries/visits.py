"""What the guardians of a class looked at: one statement (G2.10.3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from common.prepared import rows_of
from diary.pages.board import SectionVisits, VisitorRow, Visits
from diary.queries.acknowledgement import moment, short_name
from diary.queries.class_weeks import GUARDIANS
from people.naming import told_apart
from school.models import SchoolClass

SECTIONS = (
    ("timetable", "Расписание"),
    ("tasks", "Задания"),
    ("marks", "Отметки"),
    ("absences", "Пропуски"),
    ("finals", "Итоговые оценки"),
)
OTHER = ("other", "Прочее")
VISITS = f"""
WITH members AS MATERIALIZED (
  SELECT DISTINCT x.pupil_id
    FROM school_membership x JOIN school_studygroup sg ON sg.id = x.group_id AND sg.kind = 'class'
   WHERE sg.school_class_id = %(school_class)s
     AND x.since <= %(today)s AND (x.until IS NULL OR x.until >= %(today)s)
), guardians AS MATERIALIZED ({GUARDIANS})
SELECT m.pupil_id, pe.last_name, pe.first_name, pe.middle_name, gp.last_name, gp.first_name, gp.middle_name,
       coalesce(g.open_from <= %(today)s AND (g.open_until IS NULL OR g.open_until >= %(today)s), false),
       (SELECT max(v.last_at) FROM access_visit v WHERE v.pupil_id = m.pupil_id AND v.person_id = g.guardian_id),
       (SELECT count(DISTINCT v.day) FROM access_visit v
         WHERE v.pupil_id = m.pupil_id AND v.person_id = g.guardian_id AND v.day >= %(since)s),
       (SELECT json_object_agg(s.section, json_build_array(s.last_at, s.times)) FROM (
          SELECT v.section, max(v.last_at) AS last_at, sum(v.times) AS times FROM access_visit v
           WHERE v.pupil_id = m.pupil_id AND v.person_id = g.guardian_id AND v.day >= %(since)s
           GROUP BY v.section) s)
  FROM members m JOIN people_person pe ON pe.id = m.pupil_id
  JOIN guardians g ON g.pupil_id = m.pupil_id JOIN people_person gp ON gp.id = g.guardian_id
 ORDER BY pe.sort_key, pe.id, gp.sort_key, gp.id
"""  # noqa: S608 - our own text
DAYS = 28


def visits(school_class: SchoolClass, *, now: datetime) -> Visits:
    """Return who came in the last four weeks, to which section, when last and how often."""
    school = school_class.school
    zone, today = ZoneInfo(school.time_zone), school.local_date(now)
    since = today - timedelta(days=DAYS - 1)
    values = {"school_class": school_class.pk, "today": today, "since": since}
    rows = rows_of(VISITS, values)
    pupils = list({row[0]: row[1:4] for row in rows}.items())
    names = told_apart([name for _, name in pupils])
    known = {pupil: (n, names[n - 1][0]) for n, (pupil, _) in enumerate(pupils, start=1)}
    first = {row[0]: number for number, row in reversed(list(enumerate(rows)))}
    return Visits(
        class_id=school_class.pk,
        class_name=school_class.name,
        since=since,
        now=now.astimezone(zone),
        sections=(*SECTIONS, OTHER),
        rows=tuple(
            _row(row, known[row[0]], zone, is_first=first[row[0]] == number)
            for number, row in enumerate(rows)
        ),
    )


def _row(row: Any, pupil: tuple[int, str], zone: ZoneInfo, *, is_first: bool) -> VisitorRow:
    number, name = pupil
    return VisitorRow(
        pupil=name,
        number=number,
        is_first=is_first,
        guardian=short_name(*row[4:7]),
        note="" if row[7] else "доступ закрыт",
        last_at=row[8].astimezone(zone) if row[8] else None,
        days=row[9],
        sections=_sections(row[10] or {}, zone),
    )


def _sections(seen: Mapping[str, Sequence[Any]], zone: ZoneInfo) -> dict[str, SectionVisits]:
    """Return the visits by section; what is not a part of its own is «прочее»."""
    found: dict[str, SectionVisits] = {}
    for section, (at, times) in seen.items():
        code = section if section in dict(SECTIONS) else OTHER[0]
        before = found.get(code)
        last = moment(at, zone)
        found[code] = SectionVisits(
            last_at=max(last, before.last_at) if before else last,
            times=int(times) + (before.times if before else 0),
        )
    return found
