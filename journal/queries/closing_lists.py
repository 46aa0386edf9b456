"""Who is how far with closing, what was put off, and everything about one result."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from common.prepared import array, of_year, prepared
from common.templatetags.words import day_month, time_hm
from journal import grading
from journal.closing import WORDS, YEAR, Chosen, ClosingCourse, Place, Span, count
from journal.forecast_words import Told, tell
from journal.queries.closing import Head, PeriodChip, facts, fits, head, offer, options, values_of
from journal.queries.details import loaded
from journal.queries.facts import short_name
from journal.queries.forecasts import forecasts
from journal.queries.proposals import closing
from people.models import User
from people.roles import Permission, Role
from school.models import Period
from school.rules import teaching_persons

SOON = timedelta(days=3)
# Classes with their courses in a period: how many are signed and approved.
_CLASSES = """
WITH of_class AS MATERIALIZED (
  SELECT DISTINCT h.school_class_id, m.group_id
    FROM school_studygroup h
    JOIN school_membership k ON k.group_id = h.id AND k.since <= %(today)s AND (k.until IS NULL OR k.until >= %(today)s)
    JOIN school_membership m ON m.pupil_id = k.pupil_id AND m.since <= %(today)s AND (m.until IS NULL OR m.until >= %(today)s)
   WHERE h.kind = 'class' AND h.year = app_school_year(%(today)s)
), courses AS MATERIALIZED (
  SELECT c.id, c.group_id FROM school_course c
   WHERE c.year = app_school_year(%(today)s) AND c.kind = 'lesson' AND EXISTS (
         SELECT 1 FROM journal_scale s WHERE s.school_id = c.school_id AND s.code = c.scale_code AND s.values <> '{{}}'::jsonb)
)
SELECT sc.id, sc.grade_level || sc.letter, z.short_name, p.id::text, p.kind, p.number, n.courses, n.signed, n.approved
  FROM school_schoolclass sc
  JOIN people_school z ON z.id = sc.school_id
  JOIN LATERAL (SELECT q.id, q.kind, q.number FROM school_period q
                 WHERE q.school_id = sc.school_id AND q.year = sc.year
                   AND sc.grade_level BETWEEN q.grade_from AND q.grade_to AND {asked}
                 ORDER BY q.starts DESC LIMIT 1) p ON true
  JOIN LATERAL (SELECT count(c.id), count(o.id), count(o.approved_at)
                  FROM of_class w JOIN courses c ON c.group_id = w.group_id
                  LEFT JOIN journal_signoff o ON o.course_id = c.id AND o.period_id IS NOT DISTINCT FROM {period}
                 WHERE w.school_class_id = sc.id) n (courses, signed, approved) ON n.courses > 0
 WHERE sc.year = app_school_year(%(today)s) AND (sc.school_id = ANY (%(schools)s::uuid[]) OR {led})
 ORDER BY z.parent_id IS NOT NULL, z.short_name, sc.grade_level, sc.sort_key COLLATE "C", sc.id
"""
_LED = """EXISTS (SELECT 1 FROM school_classteacher ct WHERE ct.school_class_id = sc.id AND ct.since <= %(today)s
   AND (ct.until IS NULL OR ct.until >= %(today)s) AND ct.person_id = ANY (%(persons)s::uuid[]))"""
_PERIODS = """
SELECT DISTINCT p.kind, p.number FROM school_period p
 WHERE p.school_id = ANY (%(works)s::uuid[]) AND p.year = app_school_year(%(today)s)
   AND (p.school_id = ANY (%(schools)s::uuid[]) OR EXISTS (
     SELECT 1 FROM school_course c JOIN school_studygroup g ON g.id = c.group_id
       JOIN school_courseteacher t ON t.course_id = c.id AND t.since <= %(today)s
        AND (t.until IS NULL OR t.until >= %(today)s) AND t.person_id = ANY (%(persons)s::uuid[])
      WHERE c.school_id = p.school_id AND c.year = p.year AND g.grade_level BETWEEN p.grade_from AND p.grade_to)
   OR EXISTS (
     SELECT 1 FROM school_schoolclass sc JOIN school_classteacher ct ON ct.school_class_id = sc.id
        AND ct.since <= %(today)s AND (ct.until IS NULL OR ct.until >= %(today)s)
        AND ct.person_id = ANY (%(persons)s::uuid[])
      WHERE sc.school_id = p.school_id AND sc.year = p.year AND sc.grade_level BETWEEN p.grade_from AND p.grade_to))
 ORDER BY p.kind DESC, p.number
"""
# The heads see all of the school's, a teacher those of her courses, a class teacher those of her pupils.
_DEFERRALS = """
SELECT r.course_id::text, r.pupil_id::text, r.period_id::text, u.name, g.name, n.last_name, n.first_name, d.until
  FROM journal_deferral d
  JOIN journal_periodmark r ON r.id = d.period_mark_id AND r.status = 'deferred'
  JOIN school_course c ON c.id = r.course_id
  JOIN school_subject u ON u.id = c.subject_id
  JOIN school_studygroup g ON g.id = c.group_id
  JOIN people_person n ON n.id = r.pupil_id
 WHERE c.school_id = ANY (%(schools)s::uuid[])
    OR EXISTS (SELECT 1 FROM school_courseteacher t WHERE t.course_id = c.id AND t.since <= %(today)s
        AND (t.until IS NULL OR t.until >= %(today)s) AND t.person_id = ANY (%(persons)s::uuid[]))
    OR EXISTS (SELECT 1 FROM school_membership k
         JOIN school_studygroup h ON h.id = k.group_id AND h.kind = 'class'
         JOIN school_classteacher ct ON ct.school_class_id = h.school_class_id AND ct.since <= %(today)s
          AND (ct.until IS NULL OR ct.until >= %(today)s) AND ct.person_id = ANY (%(persons)s::uuid[])
        WHERE k.pupil_id = r.pupil_id AND k.since <= %(today)s AND (k.until IS NULL OR k.until >= %(today)s))
 ORDER BY d.until, n.sort_key COLLATE "C", d.id
"""
_SENT_BACK = """
SELECT DISTINCT ON (e.before ->> 'course_id') e.before ->> 'course_id', e.reason, e.at, n.last_name, n.first_name, n.middle_name
  FROM audit_event e LEFT JOIN people_person n ON n.user_id = e.actor AND n.school_id = e.school_id
 WHERE e.year = %(year)s AND e.school_id = ANY (%(schools)s::uuid[]) AND e.table_name = 'journal_signoff' AND e.action = 'D'
   AND (e.before ->> 'course_id', coalesce(e.before ->> 'period_id', 'year'))
       IN (SELECT * FROM unnest(%(courses)s::text[], %(periods)s::text[]))
 ORDER BY e.before ->> 'course_id', e.at DESC
"""
_MARKS = """
SELECT l.day, k.value, kd.name, w.title, w.weight, w.counts, k.score IS NOT NULL
  FROM school_lesson l
  JOIN journal_mark k ON k.year = %(year)s AND k.lesson_id = l.id AND k.pupil_id = %(pupil)s
  JOIN journal_work w ON w.id = k.work_id JOIN journal_workkind kd ON kd.id = w.kind_id
 WHERE l.course_id = %(course)s AND l.day BETWEEN %(starts)s AND %(ends)s
 ORDER BY l.day, l.number, k.position
"""
_PERIOD_RESULTS = """
SELECT p.kind, p.number, r.status, r.value
  FROM journal_periodmark r JOIN school_period p ON p.id = r.period_id
  JOIN school_course o ON o.id = r.course_id JOIN school_course c ON c.subject_id = o.subject_id AND c.year = o.year
   AND c.school_id = o.school_id AND c.kind = o.kind
 WHERE c.id = %(course)s AND r.pupil_id = %(pupil)s ORDER BY p.starts, r.id
"""
_HISTORY = """
SELECT e.at, e.before, e.after, e.reason, n.last_name, n.first_name, n.middle_name
  FROM app_changed_results(%(year)s, %(pupil)s) e
  LEFT JOIN people_person n ON n.user_id = e.actor AND n.school_id = e.school_id
 WHERE coalesce(e.after, e.before) ->> 'course_id' = %(course)s::text
   AND coalesce(coalesce(e.after, e.before) ->> 'period_id', 'year') = %(period)s
 ORDER BY e.at DESC, e.id DESC LIMIT 30
"""


@dataclass(frozen=True, slots=True)
class SentBack:
    word: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course in a teacher's list."""

    head: Head
    period: str
    class_name: str
    sent_back: SentBack | None


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class in the list of whoever leads or oversees it."""

    url: str
    name: str
    school: str
    period: str
    courses: int
    signed: int
    approved: int

    @property
    def waiting(self) -> int:
        return self.signed - self.approved


@dataclass(frozen=True, slots=True)
class DeferralLine:
    """A result that was put off."""

    pupil: str
    course: str
    until: date
    url: str
    is_due: bool
    is_near: bool


@dataclass(frozen=True, slots=True)
class ClosingIndex:
    periods: tuple[PeriodChip, ...]
    courses: tuple[CourseLine, ...]
    classes: tuple[ClassLine, ...]
    deferrals: tuple[DeferralLine, ...]


@dataclass(frozen=True, slots=True)
class MarkLine:
    day: date
    value: str
    work: str
    weight: str
    is_counted: bool


@dataclass(frozen=True, slots=True)
class PeriodLine:
    name: str
    word: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    when: str
    author: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClosingCell:
    """One result: the marks under it, what is proposed and why, what may be done, what happened."""

    course: ClosingCourse
    span: Span
    place: Place
    told: Told | None  # the forecast, while the period runs and nothing stands here
    pupil_id: str
    pupil: str
    offer: str
    facts: str
    fewest: int
    marks: tuple[MarkLine, ...]
    periods: tuple[PeriodLine, ...]
    history: tuple[ChangeLine, ...]
    options: Any
    fits: str | None
    can_set: bool
    can_defer: bool
    url: str
    back_url: str


def closing_index(user: User, period: str, *, today: date) -> ClosingIndex:
    """Read the user's own courses, the classes that she leads or oversees, and what was put off."""
    found = closing(user, Chosen(period=period), today=today)
    counted = [(course, head(course, count(found.of_course(course.course_id)))) for course in found.courses]  # fmt: skip
    back = _sent_back([course for course, _ in counted if not course.signed])
    schools = user.schools_with(Permission.JOURNAL_VIEW_SCHOOL)
    given: dict[str, Any] = {
        "today": today, "persons": array(teaching_persons(user)), "schools": array(schools), "asked": period or None,
    }  # fmt: skip
    return ClosingIndex(
        periods=tuple(_chips(user, given, period)),
        courses=tuple(
            CourseLine(line, course.span.name, course.class_name, back.get(course.course_id))
            for course, line in counted
        ),
        classes=tuple(_classes(given, period, leads=user.has_role(Role.CLASS_TEACHER)))
        if schools or user.has_role(Role.CLASS_TEACHER)
        else (),
        deferrals=deferrals(user, today=today),
    )


def _chips(user: User, given: dict[str, Any], asked: str) -> Iterator[PeriodChip]:
    """Offer the periods of what the user teaches, leads or oversees, and the year."""
    works = array({identity.school_id for identity in user.identities})
    yield PeriodChip("", "Сейчас", not asked)
    with prepared() as cursor:
        cursor.execute(_PERIODS, {**given, "works": works})
        rows = cursor.fetchall()
    for kind, number in rows:
        code = f"{kind}-{number}"
        yield PeriodChip(code, Period(kind=kind, number=number).name, code == asked)
    yield PeriodChip(YEAR, "Год", asked == YEAR)


def _classes(given: dict[str, Any], period: str, *, leads: bool) -> Iterator[ClassLine]:
    by_code = "%(asked)s IN (q.id::text, q.kind || '-' || q.number)"
    asked = by_code if period and period != YEAR else "q.starts <= %(today)s"
    sql = _CLASSES.format(
        asked=asked,
        period="NULL::uuid" if period == YEAR else "p.id",
        led=_LED if leads else "false",
    )
    with prepared() as cursor:
        cursor.execute(sql, {**given, "asked": None if period == YEAR else given["asked"]})
        rows = cursor.fetchall()
    for class_id, name, school, period_id, kind, number, courses, signed, approved in rows:
        shown = YEAR if period == YEAR else period_id
        yield ClassLine(
            url=f"{reverse('journal:closing_class', args=[class_id])}?period={shown}", name=name, school=school,
            period="Год" if period == YEAR else Period(kind=kind, number=number).name,
            courses=courses, signed=signed, approved=approved,
        )  # fmt: skip


def deferrals(user: User, *, today: date) -> tuple[DeferralLine, ...]:
    """Return what was put off in the courses and classes of the user, the nearest first."""
    given: dict[str, Any] = {
        "today": today, "persons": array(teaching_persons(user)),
        "schools": array(user.schools_with(Permission.JOURNAL_VIEW_SCHOOL)),
    }  # fmt: skip
    with prepared() as cursor:
        cursor.execute(_DEFERRALS, given)
        return tuple(
            DeferralLine(
                pupil=f"{last} {first}", course=f"{subject}, {group}", until=until,
                url=f"{reverse('journal:closing_cell', args=[course, pupil])}?period={period}",
                is_due=until <= today, is_near=today < until <= today + SOON,
            )
            for course, pupil, period, subject, group, last, first, until in cursor.fetchall()
        )  # fmt: skip


def due_deferrals(user: User, *, today: date) -> tuple[DeferralLine, ...]:
    """Return what the user is reminded of today: deferrals whose day is near, has come or is gone.

    Not for the heads, who read all of the school's on the page of closing.
    """
    if user.schools_with(Permission.JOURNAL_VIEW_SCHOOL):
        return ()
    return tuple(line for line in deferrals(user, today=today) if line.is_due or line.is_near)


def _sent_back(courses: Sequence[ClosingCourse]) -> dict[str, SentBack]:
    """Return the words with which sign-offs were taken back, of courses that are open again."""
    if not courses:
        return {}
    given: dict[str, Any] = {
        "year": courses[0].year, "schools": array({course.school_id for course in courses}),
        "courses": [course.course_id for course in courses],
        "periods": [course.span.period_id for course in courses],
    }  # fmt: skip
    with prepared() as cursor:
        cursor.execute(of_year(_SENT_BACK, courses[0].year), given)
        rows = cursor.fetchall()
    zones = {course.course_id: course.zone for course in courses}
    return {
        course: SentBack(reason, short_name(*name) if name[0] else "", at.astimezone(zones[course]).date())
        for course, reason, at, *name in rows
    }  # fmt: skip


def closing_cell(user: User, chosen: Chosen, pupil_id: UUID, *, today: date) -> ClosingCell:
    """Read one result with everything under it. Raises Http404 where the user may not see it."""
    found = closing(user, chosen, today=today)
    course = found.courses[0] if found.courses else None
    place = found.places.get((course.course_id, str(pupil_id))) if course else None
    if course is None or place is None:
        raise Http404
    pupil = next(one for one in found.pupils if one.pupil_id == str(pupil_id))
    settles = course.teaches and place.status == "deferred" and not course.year_closed
    can_set = (course.may_set or settles) and place.stays
    given: dict[str, Any] = {
        "year": course.year, "school": course.school_id, "course": course.course_id, "pupil": str(pupil_id),
        "period": course.span.period_id, "starts": course.span.starts, "ends": course.span.ends,
    }  # fmt: skip
    address = reverse("journal:closing_course", args=[course.course_id])
    return ClosingCell(
        course=course, span=course.span, place=place, pupil_id=str(pupil_id),
        pupil=f"{pupil.last} {pupil.first}", offer=offer(place), facts=facts(place),
        fewest=place.proposal.fewest,
        told=_forecast(course, place, today=today),
        marks=() if course.span.is_year else tuple(_marks(given)),
        periods=tuple(_period_results(given)), history=tuple(_history(given, course)),
        options=options(values_of(course), place.value), fits=fits(course, place), can_set=can_set,
        can_defer=can_set and not course.span.is_year,
        url=f"{address}{pupil_id}/?period={course.span.period_id}",
        back_url=f"{address}?period={course.span.period_id}",
    )  # fmt: skip


def _forecast(course: ClosingCourse, place: Place, *, today: date) -> Told | None:
    """Tell what is likely at the end of the period that runs now."""
    if place.status or course.span.is_year or not course.span.starts <= today < course.span.ends:
        return None
    pupil, asked = UUID(place.pupil_id), [UUID(course.course_id)]
    for found in forecasts(asked, today=today, pupils=[pupil]):
        one = found.pupils.get(pupil)
        if one and one.period and str(found.term.period_id) == course.span.period_id:
            return tell(one.period)
    return None


def _marks(given: dict[str, Any]) -> Iterable[MarkLine]:
    with prepared() as cursor:
        cursor.execute(of_year(_MARKS, given["year"]), given)
        rows = cursor.fetchall()
    for day, value, kind, title, weight, counts, has_score in rows:
        work = f"{kind}: {title}" if title else kind
        yield MarkLine(day, value, work, grading.shown_number(weight), counts and has_score)


def _period_results(given: dict[str, Any]) -> Iterator[PeriodLine]:
    with prepared() as cursor:
        cursor.execute(_PERIOD_RESULTS, given)
        rows = cursor.fetchall()
    for kind, number, status, value in rows:
        yield PeriodLine(Period(kind=kind, number=number).name, WORDS.get(status, value))


def _history(given: dict[str, Any], course: ClosingCourse) -> Iterator[ChangeLine]:
    with prepared() as cursor:
        cursor.execute(of_year(_HISTORY, given["year"]), given)
        rows = cursor.fetchall()
    for at, before, after, reason, *name in rows:
        local = at.astimezone(course.zone)
        when = f"{day_month(local.date())}, {time_hm(local.time())}"
        author = short_name(*name) if name[0] else "система"
        yield ChangeLine(when, author, _changed(_word(loaded(before)), _word(loaded(after))), reason)  # fmt: skip


def _word(row: dict[str, Any]) -> str:
    return WORDS.get(row["status"], row["value"]) if row else ""


def _changed(before: str, after: str) -> str:
    if not before:
        return f"поставлено «{after}»"
    if not after:
        return f"стёрто «{before}»"
    return f"было «{before}», стало «{after}»" if before != after else f"снова «{after}»"
