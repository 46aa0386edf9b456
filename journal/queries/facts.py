"""A course as its journal needs it, in one statement: names, periods, scale, windows, teachers."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404

from common.prepared import array, prepared
from journal import policy
from journal.errors import CellRefusal
from journal.norms import DEFAULTS, Norms, norms_from
from people.models import Pupil, User
from people.roles import Permission, Role
from school.models import Period
from school.rules import teaching_persons

# One statement: the course, if the user may open it, and by index all that its journal begins with.
# The condition is that of Course.objects.visible_to, written out: the builder of queries takes
# longer for it than the page may. tests/journal/test_sheet.py holds the two together.
_FACTS = """
SELECT c.id, c.school_id, c.year, c.group_id, g.name, u.name, u.marks_in_cell, z.time_zone,
  EXISTS (SELECT 1 FROM school_schoolyear y WHERE y.school_id = c.school_id AND y.year = c.year
     AND y.closed_at IS NOT NULL),
  {given},
  (SELECT json_agg(json_build_array(p.id, p.kind, p.number, p.starts, p.ends, o.id IS NOT NULL)
                   ORDER BY p.starts, p.id)::text
     FROM school_period p
     LEFT JOIN journal_signoff o ON o.course_id = c.id AND o.period_id = p.id
    WHERE p.school_id = g.school_id AND p.year = g.year
      AND p.grade_from <= g.grade_level AND p.grade_to >= g.grade_level),
  (SELECT json_agg(json_build_array(s.since, s.until, s.values) ORDER BY s.since DESC)::text
     FROM journal_scale s WHERE s.school_id = c.school_id AND s.code = c.scale_code),
  (SELECT json_agg(json_build_array(v.since, v.until, v.value, v.key) ORDER BY v.since DESC)::text
     FROM people_setting v WHERE v.school_id = c.school_id AND v.key = ANY ('{{edit_window_days,
       homework_window,reason_after_days,debt_days,retake_rule,unusual_night_from,unusual_night_until,unusual_many}}')),
  (SELECT json_agg(json_build_array(t.person_id, t.since, t.until, n.last_name, n.first_name,
                                    n.middle_name) ORDER BY t.since, t.id)::text
     FROM school_courseteacher t JOIN people_person n ON n.id = t.person_id WHERE t.course_id = c.id),
  (SELECT json_agg(json_build_array(k.id, k.letter, k.name, k.weight, k.since, k.until)
                   ORDER BY k.is_control, k.weight, k.code)::text
     FROM journal_workkind k WHERE k.school_id = c.school_id),
  (SELECT json_object_agg(r.lesson_id, r.until)::text
     FROM (SELECT o.lesson_id, max(o.until) AS until FROM journal_reopening o
            WHERE o.person_id = ANY (%(persons)s::uuid[]) AND o.until >= %(today)s
              AND o.lesson_id IN (SELECT l.id FROM school_lesson l WHERE l.course_id = c.id)
            GROUP BY o.lesson_id) r)
  FROM school_course c
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN people_school z ON z.id = c.school_id
 WHERE c.id = %(course)s AND (
  c.school_id = ANY (%(schools)s::uuid[])
  OR EXISTS (SELECT 1 FROM school_courseteacher t WHERE t.course_id = c.id AND t.since <= %(today)s
      AND (t.until IS NULL OR t.until >= %(today)s) AND t.person_id = ANY (%(persons)s::uuid[]))
  OR {gives}
  {led})
"""
_GIVES = """EXISTS (SELECT 1 FROM school_lesson l JOIN school_sitting i ON i.id = l.sitting_id
      WHERE l.course_id = c.id AND i.teacher_id = ANY (%(persons)s::uuid[]))"""
_LED = """OR EXISTS (SELECT 1 FROM school_membership m
      JOIN school_membership cm ON cm.pupil_id = m.pupil_id AND cm.since <= %(today)s
       AND (cm.until IS NULL OR cm.until >= %(today)s)
      JOIN school_studygroup cg ON cg.id = cm.group_id AND cg.kind = 'class'
      JOIN school_classteacher ct ON ct.school_class_id = cg.school_class_id AND ct.since <= %(today)s
       AND (ct.until IS NULL OR ct.until >= %(today)s) AND ct.person_id = ANY (%(persons)s::uuid[])
     WHERE m.group_id = c.group_id AND m.since <= %(today)s AND (m.until IS NULL OR m.until >= %(today)s))"""
# The day on which the homework was given whose marks stand here: that of the latest such lesson.
GIVEN = """(SELECT max(gl.day) FROM journal_homework gh JOIN school_lesson gl ON gl.id = gh.lesson_id
   WHERE gh.due_lesson_id = l.id AND gh.for_all AND EXISTS (
         SELECT 1 FROM journal_work gw JOIN journal_workkind gk ON gk.id = gw.kind_id
          WHERE gw.lesson_id = l.id AND gk.code = 'home'))"""
ANSWER = "Р"  # the letter of the kind of work that a lesson has until its teacher chooses another


@dataclass(frozen=True, slots=True)
class Kind:
    """A version of a kind of work."""

    kind_id: str
    letter: str
    name: str
    weight: Decimal
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class ScaleVersion:
    since: date
    until: date | None
    values: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """What every page and action of a course's journal begins with."""

    course_id: UUID
    school_id: UUID
    year: int
    group_id: UUID
    group_name: str
    subject_name: str
    marks_in_cell: int
    teacher_name: str
    zone: tzinfo
    year_closed: bool
    periods: tuple[policy.Span, ...]
    windows: tuple[policy.Window, ...]
    homework_windows: tuple[policy.Window, ...]  # days above 0: counted from when it was given
    norms: Norms  # of today
    reopened: Mapping[str, datetime]  # lesson → until when it is open for the user
    scales: tuple[ScaleVersion, ...]
    kinds: tuple[Kind, ...]
    who: policy.Standing

    @property
    def title(self) -> str:
        return f"{self.subject_name}, {self.group_name}"

    def shut(
        self,
        lesson_id: str,
        *,
        day: date,
        status: str,
        today: date,
        given: date | None = None,
        now: datetime | None = None,
    ) -> CellRefusal | None:
        """Return what closes the lesson's cells. Without `now` a reopening lasts its whole last day."""
        until = self.reopened.get(lesson_id)
        return policy.closed(
            day=day,
            status=status,
            today=today,
            year_closed=self.year_closed,
            periods=self.periods,
            windows=self.windows,
            given=given,
            reopened=until is not None and (now is None or now < until),
        )

    def with_signed(self, signed: Collection[str]) -> "CourseFacts":
        """Return the facts with the periods that are signed by now.

        Whoever signs a period holds its lessons. What was read before the lessons were locked may be
        older than a signature that was waited for.
        """
        late = {span.period_id for span in self.periods if not span.signed}.intersection(signed)
        if not late:
            return self
        periods = tuple(
            replace(span, signed=span.signed or span.period_id in late) for span in self.periods
        )
        return replace(self, periods=periods)

    @property
    def given(self) -> str:
        """The column of a lesson `l` that says since when its window counts, if not since the lesson."""
        return GIVEN if any(window.days for window in self.homework_windows) else "NULL::date"

    def values_on(self, day: date) -> Mapping[str, float | None]:
        """Return the scale in force on a lesson's day; a course without one has no marks."""
        return next((s.values for s in self.scales if _in_force(s, day)), {})

    def kinds_on(self, day: date) -> tuple[Kind, ...]:
        return tuple(kind for kind in self.kinds if _in_force(kind, day))

    def default_kind(self, day: date) -> Kind | None:
        """Return the kind «Р» of that day, or else the lightest."""
        kinds = self.kinds_on(day) or self.kinds
        return next((kind for kind in kinds if kind.letter == ANSWER), kinds[0] if kinds else None)


def own_pupils(user: User, facts: CourseFacts) -> frozenset[UUID] | None:
    """Return the pupils whom the user may see here: those of her own class, or None for everybody."""
    if not facts.who.only_led:
        return None
    return frozenset(Pupil.objects.visible_to(user).values_list("pk", flat=True))


def _in_force(version: ScaleVersion | Kind, day: date) -> bool:
    return version.since <= day and (version.until is None or day <= version.until)


def course_facts(user: User, course_id: UUID, *, today: date) -> CourseFacts:
    """Read the course that the user may open. Raises Http404 for every other."""
    leads = user.has_role(Role.CLASS_TEACHER)
    values: dict[str, Any] = {
        "course": course_id,
        "schools": array(user.schools_with(Permission.JOURNAL_VIEW_SCHOOL)),
        "persons": array(teaching_persons(user)),
        "today": today,
    }
    with prepared() as cursor:
        cursor.execute(
            _FACTS.format(
                gives=_GIVES, led=_LED if leads else "", given=_GIVES if leads else "true"
            ),
            values,
        )
        row = cursor.fetchone()
    if row is None:
        raise Http404
    return _facts(user, row, today)


def _facts(user: User, row: Sequence[Any], today: date) -> CourseFacts:
    periods, scales, settings, every_teacher, kinds, reopened = (
        json.loads(part or "[]") for part in row[10:]
    )
    teachers = [t for t in every_teacher if t[1] <= today.isoformat() <= (t[2] or "9999")]
    return CourseFacts(
        course_id=row[0],
        school_id=row[1],
        year=row[2],
        group_id=row[3],
        group_name=row[4],
        subject_name=row[5],
        marks_in_cell=row[6],
        zone=ZoneInfo(row[7]),
        year_closed=row[8],
        teacher_name=", ".join(short_name(*t[3:]) for t in teachers),
        periods=tuple(_span(*values) for values in periods),
        windows=_windows(settings, "edit_window_days"),
        homework_windows=_windows(settings, "homework_window"),
        norms=_norms(settings, today.isoformat()),
        reopened={k: datetime.fromisoformat(v) for k, v in dict(reopened).items()},
        scales=tuple(ScaleVersion(*_dates(s), s[2]) for s in scales),
        kinds=tuple(Kind(k[0], k[1], k[2], Decimal(str(k[3])), *_dates(k[4:])) for k in kinds),
        who=policy.standing(user, row[1], {t[0] for t in teachers}, gives=row[9]),
    )


def _windows(settings: Sequence[Any], key: str) -> tuple[policy.Window, ...]:
    return tuple(policy.Window(*_dates(s), int(s[2])) for s in settings if s[3] == key)


def _norms(settings: Sequence[Any], today: str) -> Norms:
    """Return what the school has set of marking for today."""
    if not settings:
        return DEFAULTS
    stored = {s[3]: s[2] for s in reversed(settings) if s[0] <= today <= (s[1] or "9999")}
    return norms_from(stored)


def _span(
    period_id: str, kind: str, number: int, starts: str, ends: str, signed: bool
) -> policy.Span:
    name = _period_name(kind, number)
    return policy.Span(
        period_id, name, date.fromisoformat(starts), date.fromisoformat(ends), signed
    )


@cache
def _period_name(kind: str, number: int) -> str:
    return Period(kind=kind, number=number).name


def _dates(row: Sequence[Any]) -> tuple[date, date | None]:
    return date.fromisoformat(row[0]), date.fromisoformat(row[1]) if row[1] else None


def short_name(last: str, first: str, middle: str) -> str:
    """Return «Орлова Т. В.»."""
    return " ".join([last, *(f"{name[0]}." for name in (first, middle) if name)])
