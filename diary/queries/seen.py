"""Who saw which final result of a class: two statements. The class comes from a fetch through `visible_to`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from common.prepared import of_year, rows_of
from diary.pages.seen import (
    GuardianSeen,
    PersonalList,
    PupilSeen,
    ResultsPlace,
    ResultsSeen,
    SeenLine,
)
from diary.queries.acknowledgement import moment, short_name
from diary.queries.marks import RESULT_WORDS
from people.naming import told_apart
from school.models import Period, SchoolClass

# Results of the class's pupils of today that families see; with the text under which a look is recorded.
_RESULTS = """
members AS MATERIALIZED (
  SELECT DISTINCT m.pupil_id FROM school_membership m
    JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
   WHERE g.school_class_id = %(class)s AND m.since <= %(day)s AND (m.until IS NULL OR m.until >= %(day)s)
), results AS MATERIALIZED (
  SELECT r.id, r.pupil_id, r.place, r.subject_id, r.visible_at,
         coalesce(%(words)s::jsonb ->> r.status, r.value) AS value
    FROM (
      SELECT m.id, m.pupil_id, m.period_id::text AS place, c.subject_id, m.visible_at, m.status, m.value
        FROM journal_periodmark m JOIN school_course c ON c.id = m.course_id WHERE m.year = %(year)s
      UNION ALL
      SELECT m.id, m.pupil_id, 'year', c.subject_id, m.visible_at, m.status, m.value
        FROM journal_yearmark m JOIN school_course c ON c.id = m.course_id WHERE m.year = %(year)s
      UNION ALL
      SELECT m.id, m.pupil_id, 'exam', m.subject_id, m.visible_at, m.status, m.value
        FROM journal_examresult m WHERE m.year = %(year)s
      UNION ALL
      SELECT m.id, m.pupil_id, 'final', m.subject_id, m.visible_at, m.status, m.value
        FROM journal_finalmark m WHERE m.year = %(year)s) r
   WHERE r.pupil_id IN (SELECT pupil_id FROM members) AND r.visible_at <= %(now)s
), guardians AS MATERIALIZED (
  SELECT g.pupil_id, g.guardian_id, p.last_name, p.first_name, p.middle_name, p.sort_key,
         coalesce(g.open_from <= %(today)s AND (g.open_until IS NULL OR g.open_until >= %(today)s), false) AS is_open
    FROM people_guardianship g JOIN people_person p ON p.id = g.guardian_id
   WHERE g.pupil_id IN (SELECT pupil_id FROM members)
     AND g.since <= %(today)s AND (g.until IS NULL OR g.until >= %(today)s)
     AND NOT EXISTS (SELECT 1 FROM people_restriction r WHERE r.guardianship_id = g.id
                      AND r.since <= %(today)s AND (r.until IS NULL OR r.until >= %(today)s))
)
"""
# The places with results, the one with the latest of them first in time; periods in their order.
_PLACES = f"""
WITH {_RESULTS}
SELECT r.place, p.kind, p.number, max(r.visible_at) FROM results r LEFT JOIN school_period p ON p.id::text = r.place
 GROUP BY r.place, p.kind, p.number, p.starts
 ORDER BY p.starts, array_position(ARRAY['year', 'exam', 'final'], r.place)
"""  # noqa: S608 - our own text
_SEEN = f"""
WITH {_RESULTS}
SELECT p.id, p.last_name, p.first_name, p.middle_name,
       (SELECT count(*) FROM results r WHERE r.pupil_id = p.id AND r.place = %(place)s),
       g.guardian_id, g.last_name, g.first_name, g.middle_name, g.is_open, s.seen, s.last_at
  FROM members m JOIN people_person p ON p.id = m.pupil_id
  LEFT JOIN guardians g ON g.pupil_id = m.pupil_id
  LEFT JOIN LATERAL (
       SELECT count(*) AS seen, max(v.first_at) AS last_at
         FROM results r JOIN diary_resultview v ON v.pupil_id = r.pupil_id AND v.result = r.id AND v.value = r.value
        WHERE r.pupil_id = m.pupil_id AND r.place = %(place)s AND v.guardian_id = g.guardian_id) s ON true
 ORDER BY p.sort_key, p.id, g.sort_key, g.guardian_id
"""  # noqa: S608 - our own text
_PERSONAL = f"""
WITH {_RESULTS}
SELECT u.name, r.place, q.kind, q.number, r.value, r.visible_at,
       (SELECT json_object_agg(v.guardian_id, v.first_at) FROM diary_resultview v
         WHERE v.pupil_id = r.pupil_id AND v.result = r.id AND v.value = r.value),
       (SELECT json_agg(json_build_array(g.guardian_id, g.last_name, g.first_name, g.middle_name, g.is_open)
                        ORDER BY g.sort_key, g.guardian_id) FROM guardians g WHERE g.pupil_id = p.id),
       p.last_name, p.first_name, p.middle_name
  FROM members m JOIN people_person p ON p.id = m.pupil_id
  LEFT JOIN results r ON r.pupil_id = m.pupil_id
  LEFT JOIN school_subject u ON u.id = r.subject_id
  LEFT JOIN school_period q ON q.id::text = r.place
 WHERE m.pupil_id = %(pupil)s
 ORDER BY q.starts DESC NULLS FIRST, r.place DESC, u.sort_key, r.id
"""  # noqa: S608 - our own text
PLACES = {"year": "Год", "exam": "Экзамены", "final": "Итоговые оценки"}


def results_seen(school_class: SchoolClass, *, now: datetime, place: str = "") -> ResultsSeen:
    """Return who of the class's families saw the results of a place; by default of the latest."""
    values = _values(school_class, now)
    zone = ZoneInfo(school_class.school.time_zone)
    found = rows_of(of_year(_PLACES, school_class.year), values)
    latest = max(found, key=lambda row: row[3], default=None)
    known = {row[0] for row in found}
    shown = place if place in known else latest[0] if latest else ""
    rows = rows_of(of_year(_SEEN, school_class.year), values | {"place": shown})
    return ResultsSeen(
        class_id=school_class.pk,
        class_name=school_class.name,
        now=now.astimezone(zone),
        places=tuple(
            ResultsPlace(key, _name(key, kind, number), is_shown=key == shown)
            for key, kind, number, _ in found
        ),
        rows=_rows(rows, zone),
    )


def personal_list(
    school_class: SchoolClass, pupil_id: UUID, *, now: datetime
) -> PersonalList | None:
    """Return every result of a pupil with who saw it when; None if she is not in the class."""
    values = _values(school_class, now) | {"pupil": pupil_id}
    rows = rows_of(of_year(_PERSONAL, school_class.year), values)
    if not rows:
        return None
    zone = ZoneInfo(school_class.school.time_zone)
    guardians: list[list[Any]] = rows[0][7] or []
    return PersonalList(
        class_id=school_class.pk,
        class_name=school_class.name,
        pupil=" ".join(filter(None, rows[0][8:11])),
        guardians=tuple((short_name(*one[1:4]), one[4]) for one in guardians),
        lines=tuple(_line(row, guardians, zone) for row in rows if row[0]),
    )


def _values(school_class: SchoolClass, now: datetime) -> dict[str, Any]:
    today = school_class.school.local_date(now)
    return {
        "class": school_class.pk,
        "today": today,
        "day": min(today, date(school_class.year + 1, 8, 31)),
        "now": now,
        "words": _json(RESULT_WORDS),
    }


def _json(words: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'"{key}": "{word}"' for key, word in words.items()) + "}"


def _name(key: str, kind: str | None, number: int | None) -> str:
    return Period(kind=kind, number=number).name if kind and number else PLACES[key]


def _rows(rows: Sequence[Sequence[Any]], zone: ZoneInfo) -> tuple[PupilSeen, ...]:
    pupils: dict[UUID, list[Sequence[Any]]] = defaultdict(list)
    for row in rows:
        pupils[row[0]].append(row)
    names = told_apart([tuple(own[0][1:4]) for own in pupils.values()])
    return tuple(
        PupilSeen(
            pupil_id=pupil_id,
            name=full,
            total=own[0][4],
            guardians=tuple(_guardian(row, zone) for row in own if row[5]),
        )
        for (pupil_id, own), (full, _) in zip(pupils.items(), names, strict=True)
    )


def _guardian(row: Sequence[Any], zone: ZoneInfo) -> GuardianSeen:
    guardian, last, first, middle, is_open, seen, last_at = row[5:]
    return GuardianSeen(
        guardian_id=guardian,
        name=short_name(last, first, middle),
        is_open=is_open,
        seen=seen or 0,
        total=row[4],
        last_at=last_at.astimezone(zone) if last_at else None,
    )


def _line(row: Sequence[Any], guardians: Sequence[Sequence[Any]], zone: ZoneInfo) -> SeenLine:
    subject, place, kind, number, value, visible_at, seen, *_ = row
    return SeenLine(
        subject=subject,
        place=_name(place, kind, number),
        value=value,
        visible_at=visible_at.astimezone(zone),
        seen=tuple(
            moment((seen or {})[one[0]], zone) if one[0] in (seen or {}) else None
            for one in guardians
        ),
    )
