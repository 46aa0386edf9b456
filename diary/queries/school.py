"""The page «Школа»: one statement for all of it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from common.prepared import rows_of
from common.templatetags.words import WEEKDAYS, WEEKDAYS_SHORT
from diary.pages.hours import Office
from diary.pages.school import (
    Bells,
    Helper,
    OddDay,
    PlannedTest,
    RegulationLink,
    SchoolPage,
    Span,
)
from diary.queries.periods import ORDINALS
from diary.queries.vacations import IS_THEIRS
from people.models import Person, Pupil
from people.roles import Role
from school.calendar import school_year
from school.models import PeriodKind, SpecialDayKind, StudyGroupKind

HEADS = (Role.HEAD, Role.DEPUTY_HEAD, Role.BRANCH_HEAD)
# A person in JSON, with her contact hours of the week.
_PERSON = """
  n.last_name, n.first_name, n.middle_name,
  (SELECT json_agg(json_build_array(h.id, h.weekday, h.starts, h.ends, h.place) ORDER BY h.weekday, h.starts)
     FROM school_contacthours h WHERE h.person_id = n.id)
"""
FACTS = f"""
WITH child AS (
  SELECT p.person_id, p.school_id, k.id AS class_id, k.grade_level, k.letter, k.shift
    FROM people_pupil p
    LEFT JOIN LATERAL (
         SELECT c.id, c.grade_level, c.letter, c.shift FROM school_membership m
           JOIN school_studygroup g ON g.id = m.group_id AND g.kind = 'class'
           JOIN school_schoolclass c ON c.id = g.school_class_id
          WHERE m.pupil_id = p.person_id AND m.since <= %(today)s AND (m.until IS NULL OR m.until >= %(today)s)
          LIMIT 1) k ON true
   WHERE p.person_id = %(pupil)s
), periods AS (
  SELECT p.kind, p.number, p.starts, p.ends FROM school_period p JOIN child ON child.school_id = p.school_id
     AND child.grade_level BETWEEN p.grade_from AND p.grade_to
   WHERE p.year = %(year)s
), shown AS (
  SELECT * FROM periods ORDER BY ends < %(today)s, CASE WHEN ends >= %(today)s THEN starts END, starts DESC LIMIT 1
), learnt AS (
  SELECT c.id AS course_id, u.name AS subject, u.sort_key, g.kind, g.name, m.since, m.until
    FROM school_membership m
    JOIN school_studygroup g ON g.id = m.group_id AND g.year = %(year)s
    JOIN school_course c ON c.group_id = g.id
    JOIN school_subject u ON u.id = c.subject_id
   WHERE m.pupil_id = %(pupil)s
)
SELECT 'child' AS kind, json_build_array(child.grade_level || child.letter, s.short_name, s.address, s.phone, s.email, s.site) AS fact,
       '' AS place
  FROM child JOIN people_school s ON s.id = child.school_id
UNION ALL
SELECT 'year', json_build_array(y.starts, y.ends, y.week_days), ''
  FROM school_schoolyear y JOIN child USING (school_id) WHERE y.year = %(year)s
UNION ALL
SELECT 'period', json_build_array(kind, number, starts, ends), starts::text FROM periods
UNION ALL
SELECT 'shown', json_build_array(kind, number, starts, ends), '' FROM shown
UNION ALL
SELECT 'vacation', json_build_array(v.name, v.starts, v.ends), v.starts::text
  FROM school_vacation v JOIN child USING (school_id)
 WHERE v.year = %(year)s AND {IS_THEIRS}
UNION ALL
SELECT 'odd', json_build_array(d.day, d.kind, d.name), d.day::text
  FROM school_specialday d JOIN child USING (school_id)
  JOIN school_schoolyear y ON y.school_id = d.school_id AND y.year = %(year)s AND d.day BETWEEN y.starts AND y.ends
 WHERE d.day >= %(today)s
UNION ALL
SELECT 'bells', json_build_array(b.name, b.weekdays,
         (SELECT json_agg(json_build_array(t.number, t.starts, t.ends) ORDER BY t.number)
            FROM school_bellslot t WHERE t.schedule_id = b.id)), b.name
  FROM school_bellschedule b JOIN child USING (school_id)
 WHERE b.year = %(year)s AND b.shift = child.shift
   AND (b.since IS NULL OR b.since <= %(today)s) AND (b.until IS NULL OR b.until >= %(today)s)
UNION ALL
SELECT 'test', json_build_array(l.day, l.number, k.subject, wk.name, w.title, w.minutes), l.day::text || l.number
  FROM shown
  JOIN learnt k ON true
  JOIN school_lesson l ON l.course_id = k.course_id AND l.day BETWEEN shown.starts AND shown.ends
   AND l.day >= k.since AND (k.until IS NULL OR l.day <= k.until) AND l.status <> 'cancelled'
  JOIN journal_work w ON w.lesson_id = l.id
  JOIN journal_workkind wk ON wk.id = w.kind_id AND wk.is_control
UNION ALL
SELECT 'leader', json_build_array(n.id, {_PERSON}), ''
  FROM child
  JOIN school_classteacher t ON t.school_class_id = child.class_id
   AND t.since <= %(today)s AND (t.until IS NULL OR t.until >= %(today)s)
  JOIN people_person n ON n.id = t.person_id
UNION ALL
SELECT 'teacher', json_build_array(n.id, {_PERSON}, k.subject, k.kind, k.name), k.sort_key || n.sort_key
  FROM learnt k
  JOIN school_courseteacher t ON t.course_id = k.course_id
   AND t.since <= %(today)s AND (t.until IS NULL OR t.until >= %(today)s)
  JOIN people_person n ON n.id = t.person_id
 WHERE k.since <= %(today)s AND (k.until IS NULL OR k.until >= %(today)s)
UNION ALL
SELECT 'head', json_build_array(n.id, {_PERSON}, r.role), r.role || n.sort_key
  FROM people_roleassignment r JOIN child USING (school_id)
  JOIN people_person n ON n.id = r.person_id
 WHERE r.role = ANY(%(heads)s) AND r.since <= %(today)s AND (r.until IS NULL OR r.until >= %(today)s)
UNION ALL
SELECT 'regulation', json_build_array(v.doc ->> 'title', v.doc ->> 'since', v.doc ->> 'order_number',
         (SELECT p.address FROM regulation_publication p WHERE p.version_id = (v.doc ->> 'version')::uuid
           ORDER BY p.published_on, p.id LIMIT 1)), ''
  FROM child CROSS JOIN LATERAL (SELECT app_regulation(child.school_id, %(today)s) AS doc) v
 WHERE v.doc IS NOT NULL
ORDER BY 3
"""  # noqa: S608 - our own text
GROUPS = {
    StudyGroupKind.CLASS: "",
    StudyGroupKind.SUBGROUP: "подгруппа",
    StudyGroupKind.STREAM: "поток",
    StudyGroupKind.INDIVIDUAL: "индивидуальный план",
}

Fact = list[Any]


def school(pupil: Pupil, *, now: datetime) -> SchoolPage:
    """Return what the family may want to know of the child's school today."""
    today = pupil.school.local_date(now)
    facts = _read(pupil.pk, today)
    name, school_name, *contacts = facts["child"][0]
    year = facts["year"][0] if facts["year"] else None
    shown = [_period(fact, today) for fact in facts["shown"]]
    return SchoolPage(
        class_name=name or "",
        school_name=school_name,
        contacts=_contacts(contacts),
        year=(_day(year[0]), _day(year[1])) if year else None,
        week_days=year[2] if year else 0,
        periods=[_period(fact, today) for fact in facts["period"]],
        vacations=[_span(*fact, today=today) for fact in facts["vacation"]],
        odd_days=[OddDay(_day(day), _odd(kind, name)) for day, kind, name in facts["odd"]],
        bells=[_bells(fact) for fact in facts["bells"]],
        period=shown[0] if shown else None,
        tests=[_test(fact, today) for fact in facts["test"]],
        leader=next((_helper(fact, ["классный руководитель"]) for fact in facts["leader"]), None),
        teachers=_teachers(facts["teacher"]),
        heads=[_helper(fact[:5], [Role(fact[5]).label.lower()]) for fact in facts["head"]],
        regulation=next((_regulation(fact) for fact in facts["regulation"]), None),
    )


def _read(pupil: UUID, today: date) -> dict[str, list[Fact]]:
    values = {"pupil": pupil, "today": today, "year": school_year(today), "heads": list(HEADS)}
    facts: dict[str, list[Fact]] = defaultdict(list)
    for kind, fact, _ in rows_of(FACTS, values):
        facts[kind].append(json.loads(fact) if isinstance(fact, str) else fact)
    return facts


def _contacts(said: Sequence[str]) -> list[tuple[str, str, str]]:
    address, phone, email, site = said
    offered = (
        ("Адрес", address, ""),
        ("Телефон", phone, f"tel:{''.join(sign for sign in phone if sign in '+0123456789')}"),
        ("Почта", email, f"mailto:{email}"),
        ("Сайт", site, site),
    )
    return [(what, words, link) for what, words, link in offered if words]


def _period(fact: Fact, today: date) -> Span:
    kind, number, starts, ends = fact
    return _span(f"{ORDINALS[number - 1]} {PeriodKind(kind).label}", starts, ends, today=today)


def _span(name: str, starts: str, ends: str, *, today: date) -> Span:
    first, last = _day(starts), _day(ends)
    return Span(name, first, last, is_now=first <= today <= last)


def _odd(kind: str, name: str) -> str:
    label = str(SpecialDayKind(kind).label)
    return f"{name}, {label}" if name else label


def _bells(fact: Fact) -> Bells:
    name, weekdays, slots = fact
    times = [(number, _time(starts), _time(ends)) for number, starts, ends in slots or ()]
    return Bells(name, _days(weekdays), times)


def _days(weekdays: Sequence[int]) -> str:
    """Return «Пн–Пт» for days in a row, «Пн, Ср» for others."""
    days = sorted(weekdays)
    names = [WEEKDAYS_SHORT[day - 1] for day in days]
    in_row = len(days) > 2 and days[-1] - days[0] == len(days) - 1
    return f"{names[0]}–{names[-1]}" if in_row else ", ".join(names)


def _test(fact: Fact, today: date) -> PlannedTest:
    day, number, subject, kind, title, minutes = fact
    return PlannedTest(
        _day(day), number, subject, kind, title, minutes=minutes, is_past=_day(day) < today
    )


def _teachers(facts: Iterable[Fact]) -> list[Helper]:
    """Return each teacher once, with everything that she teaches the child."""
    known: dict[str, tuple[Fact, list[str]]] = {}
    for fact in facts:
        subject, kind, group = fact[5:]
        where = GROUPS[StudyGroupKind(kind)]
        duty = f"{subject} ({where} {group})" if where else subject
        _, duties = known.setdefault(fact[0], (fact[:5], []))
        if duty not in duties:
            duties.append(duty)
    return [_helper(fact, duties) for fact, duties in known.values()]


def _helper(fact: Fact, duties: Sequence[str]) -> Helper:
    _, last, first, middle, hours = fact
    person = Person(last_name=last, first_name=first, middle_name=middle)
    return Helper(person.full_name, duties, [_office(one) for one in hours or ()])


def _office(fact: Fact) -> Office:
    key, weekday, starts, ends, place = fact
    return Office(
        UUID(key), WEEKDAYS[weekday - 1], starts=_time(starts), ends=_time(ends), place=place
    )


def _regulation(fact: Fact) -> RegulationLink:
    title, since, order, address = fact
    return RegulationLink(title, _day(since), order=order or "", address=address or "")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _time(text: str) -> time:
    return time.fromisoformat(text)
