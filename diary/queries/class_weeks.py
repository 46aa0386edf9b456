"""The class teacher's table of guardians × weeks: the regulation, and one statement."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from common.prepared import of_year, prepared_rows
from diary.pages import Change
from diary.pages.class_weeks import (
    CellKind,
    ClassWeeks,
    FamilyWeeks,
    GuardianWeeks,
    WeekCell,
    WeekHead,
)
from diary.queries.acknowledgement import moment, short_name
from diary.queries.rule import Rule, rule_of
from journal import grading
from people.naming import told_apart
from school.calendar import school_year
from school.models import SchoolClass

WEEKS = 12
_ON_PAPER = {"paper": "на бумаге", "substitute": "сообщением"}

# Guardians in force whom no court restricts: others are not told of.
GUARDIANS = """
SELECT g.id, g.pupil_id, g.guardian_id, g.open_from, g.open_until
  FROM people_guardianship g
 WHERE g.pupil_id IN (SELECT pupil_id FROM members)
   AND g.since <= %(today)s AND (g.until IS NULL OR g.until >= %(today)s)
   AND NOT EXISTS (SELECT 1 FROM people_restriction r WHERE r.guardianship_id = g.id
                    AND r.since <= %(today)s AND (r.until IS NULL OR r.until >= %(today)s))
"""

# `members`: the class's pupils of the weeks; `taught`: when each group learned in a week; `pressed`: the last
# acknowledgement of each guardian, section and week; `told`: what was seen then of a mark or an absence corrected later.
TABLE = f"""
WITH members AS MATERIALIZED (
  SELECT x.pupil_id, min(x.since) AS since, max(coalesce(x.until, 'infinity'::date)) AS until
    FROM school_membership x JOIN school_studygroup sg ON sg.id = x.group_id AND sg.kind = 'class'
   WHERE sg.school_class_id = %(school_class)s
     AND x.since <= %(sunday)s AND (x.until IS NULL OR x.until >= %(first)s)
   GROUP BY x.pupil_id
), seats AS MATERIALIZED (
  SELECT x.pupil_id, x.group_id, x.since, coalesce(x.until, 'infinity'::date) AS until
    FROM school_membership x JOIN members m ON m.pupil_id = x.pupil_id
   WHERE x.since <= %(sunday)s AND (x.until IS NULL OR x.until >= %(first)s)
), taught AS MATERIALIZED (
  SELECT c.group_id, date_trunc('week', l.day)::date AS monday, min(l.day) AS first, max(l.day) AS last
    FROM school_course c
    JOIN school_lesson l ON l.course_id = c.id AND l.day BETWEEN %(first)s AND %(sunday)s AND l.status <> 'cancelled'
   WHERE c.group_id IN (SELECT group_id FROM seats)
   GROUP BY 1, 2
), guardians AS MATERIALIZED ({GUARDIANS}
), pressed AS MATERIALIZED (
  SELECT DISTINCT ON (a.pupil_id, a.guardian_id, a.section, a.week)
         a.pupil_id, a.guardian_id, a.section, a.week, a.channel, a.seen
    FROM diary_acknowledgement a
   WHERE a.pupil_id IN (SELECT pupil_id FROM members)
     AND a.week BETWEEN %(first)s - %(grace)s AND %(sunday)s AND a.section = ANY(%(sections)s)
   ORDER BY a.pupil_id, a.guardian_id, a.section, a.week, a.at DESC, a.id DESC
), corrected AS MATERIALIZED (
  SELECT DISTINCT e.pupil_id, date_trunc('week', l.day)::date AS week, l.id AS lesson_id, e.place
    FROM (SELECT (e.before ->> 'pupil_id')::uuid AS pupil_id, e.before ->> 'lesson_id' AS lesson,
                 e.before ->> 'position' AS place
            FROM app_corrected(%(year)s, 'journal_mark', ARRAY(SELECT pupil_id FROM members)) e
           UNION ALL
          SELECT (e.before ->> 'pupil_id')::uuid, e.before ->> 'lesson_id', 'a'
            FROM app_corrected(%(year)s, 'journal_absence', ARRAY(SELECT pupil_id FROM members)) e) e
   CROSS JOIN LATERAL (
         SELECT l.id, l.day FROM school_lesson l WHERE l.id = e.lesson::uuid OFFSET 0) l
   WHERE l.day BETWEEN %(first)s AND %(sunday)s
), told AS MATERIALIZED (
  SELECT p.pupil_id, p.guardian_id, p.week, s.fact ->> 0 AS subject, s.fact ->> 1 AS was, c.lesson_id, c.place
    FROM corrected c
    JOIN pressed p ON p.pupil_id = c.pupil_id AND p.week = c.week AND p.section = 'timetable'
   CROSS JOIN LATERAL (SELECT p.seen -> (c.lesson_id || ':' || c.place) AS fact) s
   WHERE s.fact IS NOT NULL
)
SELECT 'pupil', m.pupil_id, json_build_array(pe.last_name, pe.first_name, pe.middle_name, m.since,
         nullif(m.until, 'infinity'), pe.sort_key,
         (SELECT json_agg(DISTINCT t.monday) FROM seats s JOIN taught t ON t.group_id = s.group_id
           WHERE s.pupil_id = m.pupil_id AND s.since <= t.last AND s.until >= t.first))
  FROM members m JOIN people_person pe ON pe.id = m.pupil_id
UNION ALL
SELECT 'guardian', g.pupil_id, json_build_array(
         g.guardian_id, gp.last_name, gp.first_name, gp.middle_name, gp.sort_key,
         coalesce(g.open_from <= %(today)s AND (g.open_until IS NULL OR g.open_until >= %(today)s), false),
         (SELECT d.form FROM consent_deliverydeclaration d
           WHERE d.pupil_id = g.pupil_id AND d.guardian_id = g.guardian_id
           ORDER BY d.declared_on DESC, d.registered_at DESC, d.id DESC LIMIT 1),
         (SELECT max(v.last_at) FROM access_visit v WHERE v.pupil_id = g.pupil_id AND v.person_id = g.guardian_id))
  FROM guardians g JOIN people_person gp ON gp.id = g.guardian_id
UNION ALL
SELECT 'pressed', p.pupil_id, json_agg(json_build_array(p.guardian_id, p.section, p.week, p.channel))
  FROM pressed p GROUP BY p.pupil_id
UNION ALL
SELECT 'stale', t.pupil_id, json_build_array(t.guardian_id, t.week, t.subject, t.was, t.value)
  FROM (SELECT told.*, coalesce(
                 (SELECT CASE k.value WHEN '.' THEN %(owed_mark)s ELSE k.value END FROM journal_mark k
                   WHERE k.year = %(year)s AND k.school_id = %(school)s AND k.pupil_id = told.pupil_id
                     AND k.lesson_id = told.lesson_id AND k.position::text = told.place),
                 (SELECT CASE k.code WHEN 'ill' THEN 'б' WHEN 'excused' THEN 'у' WHEN 'late' THEN 'о' ELSE 'н' END
                    FROM journal_absence k
                   WHERE k.year = %(year)s AND k.school_id = %(school)s AND k.pupil_id = told.pupil_id
                     AND k.lesson_id = told.lesson_id AND told.place = 'a'), '') AS value
          FROM told) t
 WHERE t.was <> t.value
"""  # noqa: S608 - our own text

Fact = list[Any]
Key = tuple[str, str]  # guardian and week, as the statement writes them
Pressed = Mapping[Key, Mapping[str, str]]  # channel by section


def class_weeks(
    school_class: SchoolClass, last: date, *, now: datetime, weeks: int = WEEKS
) -> ClassWeeks:
    """Return the weeks of the year that end with the one of Monday `last`, of every guardian of the class."""
    school = school_class.school
    zone, today = ZoneInfo(school.time_zone), school.local_date(now)
    rule = rule_of(school, day=today)
    back = (last - timedelta(weeks=number) for number in reversed(range(weeks)))
    begins = date(school_class.year, 8, 25)  # no earlier week belongs to the class
    mondays = tuple(monday for monday in back if monday >= begins) or (last,)
    table = _Table(
        weeks=tuple(_Week.of(monday, rule, today) for monday in mondays),
        sections=rule.sections,
        zone=zone,
        facts=_read(school_class, mondays, rule, today=today),
    )
    rows = list(table.rows())
    return ClassWeeks(
        class_id=school_class.pk,
        class_name=school_class.name,
        school_name=school.short_name,
        weeks=tuple(table.heads([states for _, states in rows])),
        rows=tuple(row for row, _ in rows),
        now=now.astimezone(zone),
    )


def _read(
    school_class: SchoolClass, mondays: tuple[date, ...], rule: Rule, *, today: date
) -> Mapping[tuple[str, UUID], list[Fact]]:
    sections = ",".join(sorted(rule.sections))
    values = {
        "school_class": school_class.pk,
        "school": school_class.school_id,
        "first": mondays[0],
        "sunday": mondays[-1] + timedelta(days=6),
        "today": today,
        "grace": rule.grace,
        "sections": f"{{{sections}}}",
        "owed_mark": grading.DOT,
    }
    sql = of_year(TABLE, school_year(mondays[-1]))
    found: dict[tuple[str, UUID], list[Fact]] = defaultdict(list)
    for kind, pupil, fact in prepared_rows(sql, values):
        found[kind, pupil].append(fact)
    return found


@dataclass(frozen=True, slots=True)
class _Week:
    """A column, and the weeks whose acknowledgement covers it."""

    monday: date
    iso: str
    sunday: str
    covering: tuple[str, ...]
    is_over: bool

    @classmethod
    def of(cls, monday: date, rule: Rule, today: date) -> "_Week":
        sunday = monday + timedelta(days=6)
        back = range(rule.grace // 7 + 1)
        return cls(
            monday=monday,
            iso=monday.isoformat(),
            sunday=sunday.isoformat(),
            covering=tuple((monday - timedelta(weeks=number)).isoformat() for number in back),
            is_over=sunday < today,
        )


@dataclass(frozen=True, slots=True)
class _Table:
    weeks: tuple[_Week, ...]
    sections: frozenset[str]
    zone: ZoneInfo
    facts: Mapping[tuple[str, UUID], list[Fact]]

    def rows(self) -> Iterator[tuple[FamilyWeeks, list[CellKind]]]:
        """Return each family with its states, in the order of the class's list."""
        found = [
            (pupil, facts[0]) for (kind, pupil), facts in self.facts.items() if kind == "pupil"
        ]
        pupils = sorted(found, key=lambda one: (one[1][5], one[0]))
        names = told_apart([(f[0], f[1], f[2]) for _, f in pupils])
        for number, ((pupil, fact), (name, _)) in enumerate(zip(pupils, names, strict=True), 1):
            pressed = self.pressed(pupil)
            states = self.states(fact, pressed)
            yield self.family(pupil, number, name, states, pressed), states

    def family(
        self, pupil: UUID, number: int, name: str, states: list[CellKind], pressed: Pressed
    ) -> FamilyWeeks:
        changes = self.changes(pupil)
        guardians = sorted(self.facts.get(("guardian", pupil), ()), key=lambda one: str(one[4]))
        shown = [self.guardian(one, states, pressed, changes) for one in guardians]
        if not shown:
            cells = tuple(WeekCell(state) for state in states)
            shown = [GuardianWeeks(None, "", "представители не записаны", None, cells)]
        latest: dict[date, dict[str, Change]] = defaultdict(dict)
        for (_, week), what in changes.items():
            for one in what:
                latest[date.fromisoformat(week)][f"{one.subject} {one.before}"] = one
        return FamilyWeeks(
            pupil_id=pupil, number=number, name=name, guardians=tuple(shown), kept=states.count("other"),
            owed=sum(state not in {"free", "away"} for state in states),
            changes={week: tuple(one.values()) for week, one in latest.items()},
        )  # fmt: skip

    def pressed(self, pupil: UUID) -> Pressed:
        found: dict[Key, dict[str, str]] = defaultdict(dict)
        for given in self.facts.get(("pressed", pupil), ()):
            for guardian, section, week, channel in given:
                found[guardian, week][section] = channel
        return found

    def changes(self, pupil: UUID) -> Mapping[Key, list[Change]]:
        found: dict[Key, list[Change]] = defaultdict(list)
        for guardian, week, subject, before, after in self.facts.get(("stale", pupil), ()):
            found[guardian, week].append(Change(subject=subject, before=before, after=after))
        return found

    def states(self, fact: Fact, pressed: Pressed) -> list[CellKind]:
        """Return the family's weeks: one guardian suffices, in every section that the regulation names."""
        since, until, owed = fact[3], fact[4], set(fact[6] or ())
        done: dict[str, set[str]] = defaultdict(set)
        for (_, week), sections in pressed.items():
            done[week].update(sections)
        return [self.state(week, since, until, owed, done) for week in self.weeks]

    def state(
        self,
        week: _Week,
        since: str,
        until: str | None,
        owed: Collection[str],
        done: Mapping[str, set[str]],
    ) -> CellKind:
        if since > week.sunday or (until and until < week.iso):
            return "away"
        if week.iso not in owed:
            return "free"
        sections = {section for iso in week.covering for section in done.get(iso, ())}
        if self.sections <= sections:
            return "other"
        return "late" if week.is_over else "open"

    def guardian(
        self,
        fact: Fact,
        states: list[CellKind],
        pressed: Pressed,
        changes: Mapping[Key, list[Change]],
    ) -> GuardianWeeks:
        person, last, first, middle, _, is_open, form, visited = fact
        cells = (
            WeekCell(self.own(state, pressed.get((person, week.iso), {})), (person, week.iso) in changes)
            for state, week in zip(states, self.weeks, strict=True)
        )  # fmt: skip
        return GuardianWeeks(
            guardian_id=UUID(person),
            name=short_name(last, first, middle),
            note=_ON_PAPER.get(form or "", "" if is_open else "доступ закрыт"),
            last_visit=moment(visited, self.zone) if visited else None,
            cells=tuple(cells),
        )

    def own(self, family: CellKind, done: Mapping[str, str]) -> CellKind:
        """Return the guardian's own week within the family's."""
        if not done or family == "away":
            return family
        if self.sections <= done.keys():
            channels = set(done.values())
            return "paper" if "paper" in channels else "message" if "message" in channels else "web"
        return family if family == "other" else "half"

    def heads(self, families: Sequence[list[CellKind]]) -> Iterator[WeekHead]:
        for place, week in enumerate(self.weeks):
            own = [states[place] for states in families]
            owed = sum(state not in {"free", "away"} for state in own)
            yield WeekHead(week.monday, kept=own.count("other"), owed=owed)
