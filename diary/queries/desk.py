"""The class teacher's desk: who acknowledged the week, who came, who takes paper."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from diary.pages import Delivery, Desk, DeskGuardian, DeskRow
from diary.queries.acknowledgement import moment, short_name
from diary.queries.rule import rule_of
from people.models.persons import GuardianshipKind
from people.naming import told_apart
from regulation.parameters import SUBSTITUTES
from school.models import SchoolClass

_LAST = """(SELECT json_build_array(a.at, a.channel) FROM diary_acknowledgement a
             WHERE a.pupil_id = m.pupil_id AND a.guardian_id = g.guardian_id
               AND a.week = %(monday)s AND a.section = '{section}' ORDER BY a.at DESC, a.id DESC LIMIT 1)"""

# One row a guardian, or one with nulls for a pupil without. The last columns: the pupil had lessons,
# and the sections that somebody of the family acknowledged, then or so shortly before that it suffices.
DESK = f"""
SELECT m.pupil_id, pe.last_name, pe.first_name, pe.middle_name, g.fact,
       EXISTS (SELECT 1 FROM school_membership lm
                 JOIN school_course c ON c.group_id = lm.group_id
                 JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN %(monday)s AND %(sunday)s
                  AND l.status <> 'cancelled'
                  AND l.day >= lm.since AND (lm.until IS NULL OR l.day <= lm.until)
                WHERE lm.pupil_id = m.pupil_id),
       ARRAY(SELECT DISTINCT a.section::text FROM diary_acknowledgement a
              WHERE a.pupil_id = m.pupil_id AND a.week BETWEEN %(monday)s - %(grace)s AND %(monday)s)
  FROM (SELECT DISTINCT x.pupil_id FROM school_membership x
          JOIN school_studygroup sg ON sg.id = x.group_id AND sg.kind = 'class'
         WHERE sg.school_class_id = %(school_class)s
           AND x.since <= %(sunday)s AND (x.until IS NULL OR x.until >= %(monday)s)) m
  JOIN people_person pe ON pe.id = m.pupil_id
  LEFT JOIN LATERAL (
       SELECT gp.sort_key, json_build_array(
                g.guardian_id, gp.last_name, gp.first_name, gp.middle_name, g.kind,
                coalesce(g.open_from <= %(today)s AND (g.open_until IS NULL OR g.open_until >= %(today)s), false),
                (SELECT json_build_array(d.form, d.substitute) FROM consent_deliverydeclaration d
                  WHERE d.pupil_id = m.pupil_id AND d.guardian_id = g.guardian_id
                  ORDER BY d.declared_on DESC, d.registered_at DESC, d.id DESC LIMIT 1),
                {_LAST.format(section="timetable")}, {_LAST.format(section="finals")},
                (SELECT json_build_array(max(v.last_at), bool_or(v.day BETWEEN %(monday)s AND %(sunday)s))
                   FROM access_visit v WHERE v.pupil_id = m.pupil_id AND v.person_id = g.guardian_id)) AS fact
         FROM people_guardianship g JOIN people_person gp ON gp.id = g.guardian_id
        WHERE g.pupil_id = m.pupil_id
          AND g.since <= %(today)s AND (g.until IS NULL OR g.until >= %(today)s)
          AND NOT EXISTS (SELECT 1 FROM people_restriction r WHERE r.guardianship_id = g.id
                           AND r.since <= %(today)s AND (r.until IS NULL OR r.until >= %(today)s))
       ) g ON true
 ORDER BY pe.sort_key, pe.id, g.sort_key
"""  # noqa: S608


def desk(school_class: SchoolClass, monday: date, *, now: datetime) -> Desk:
    """Return the class's families in the week of `monday`: the regulation, and one statement."""
    zone = ZoneInfo(school_class.school.time_zone)
    today = school_class.school.local_date(now)
    rule = rule_of(school_class.school, day=today)
    given: dict[str, Any] = {
        "school_class": school_class.pk,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "today": today,
        "grace": rule.grace,
    }
    with connection.cursor() as cursor:
        cursor.execute(DESK, given)
        rows = cursor.fetchall()
    pupils: dict[UUID, list[tuple[Any, ...]]] = {}
    for row in rows:
        pupils.setdefault(row[0], []).append(row)
    names = told_apart([own[0][1:4] for own in pupils.values()])
    return Desk(
        class_id=school_class.pk,
        class_name=school_class.name,
        school_name=school_class.school.short_name,
        time_zone=school_class.school.time_zone,
        monday=monday,
        now=now.astimezone(zone),
        rows=tuple(
            DeskRow(
                pupil_id=pupil,
                number=number,
                name=name,
                guardians=tuple(_guardian(row[4], zone) for row in own if row[4]),
                is_kept=rule.sections <= set(own[0][6]),
                is_owed=own[0][5],
            )
            for number, ((pupil, own), (name, _)) in enumerate(
                zip(pupils.items(), names, strict=True), start=1
            )
        ),
        is_owed=any(row[5] for row in rows),
    )


def _guardian(fact: Sequence[Any], zone: ZoneInfo) -> DeskGuardian:
    person, last, first, middle, kind, is_open, declared, timetable, finals, visits = fact
    form: Delivery = declared[0] if declared else "electronic"
    substitute: str = declared[1] if declared else ""
    names: Mapping[str, str] = SUBSTITUTES
    return DeskGuardian(
        guardian_id=UUID(person),
        name=short_name(last, first, middle),
        kind=GuardianshipKind(kind).label,
        takes=form,
        substitute=names.get(substitute, substitute),
        is_open=is_open,
        timetable_at=_at(timetable, zone),
        timetable_channel=timetable[1] if timetable else "",
        finals_at=_at(finals, zone),
        finals_channel=finals[1] if finals else "",
        last_visit=_at(visits, zone),
        visited_this_week=bool(visits and visits[1]),
    )


def _at(fact: Sequence[Any] | None, zone: ZoneInfo) -> datetime | None:
    return moment(fact[0], zone) if fact and fact[0] else None
