"""Pages of forecasts: a course, a class, a pupil of a class."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.http import Http404

from journal.forecast_words import Told, tell
from journal.queries.facts import course_facts, own_pupils
from journal.queries.forecast_facts import PupilForecast
from journal.queries.forecasts import CourseForecasts, forecasts
from people.models import Person, User
from people.naming import told_apart
from school.models import Membership, SchoolClass

NOT_HERS = Told()  # the pupil does not attend this course

# Lessons' courses that the pupils attend today: of the class itself, of subgroups and of streams.
_COURSES = """
SELECT DISTINCT c.id FROM school_membership m
  JOIN school_course c ON c.group_id = m.group_id AND c.year = %(year)s AND c.kind = 'lesson'
 WHERE m.pupil_id = ANY (%(pupils)s)
   AND m.since <= %(today)s AND coalesce(m.until, 'infinity') >= %(today)s
"""


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """A pupil in a course's page, a subject in a pupil's."""

    key: UUID
    name: str
    period: Told
    year: Told


@dataclass(frozen=True, slots=True)
class CourseForecastPage:
    course_id: UUID
    title: str  # «Алгебра, 7А»
    term_name: str
    rows: tuple[ForecastRow, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """A pupil whom the lowest mark threatens, with the subjects."""

    pupil_id: UUID
    name: str
    subjects: tuple[str, ...]  # «Химия: «2» — около 30 %»


@dataclass(frozen=True, slots=True)
class ClassRow:
    pupil_id: UUID
    name: str
    cells: tuple[Told, ...]  # by the page's subjects


@dataclass(frozen=True, slots=True)
class ClassForecastPage:
    """The matrix of a class: pupils by subjects."""

    class_id: UUID
    class_name: str
    term_name: str  # of most courses
    subjects: tuple[tuple[str, str], ...]  # short name, whole name
    rows: tuple[ClassRow, ...]
    warned: tuple[Warned, ...]


@dataclass(frozen=True, slots=True)
class PupilForecastPage:
    """All subjects of one pupil, with what the class teacher tells the family."""

    class_id: UUID
    class_name: str
    pupil_id: UUID
    name: str
    term_name: str
    rows: tuple[ForecastRow, ...]
    previous: UUID | None = None
    following: UUID | None = None


def course_forecast(user: User, course_id: UUID, *, today: date) -> CourseForecastPage:
    """Read the forecasts of a journal that the user may open. Raises Http404 for every other."""
    course = course_facts(user, course_id, today=today)
    found = forecasts([course.course_id], today=today)
    if not found:
        return CourseForecastPage(course.course_id, course.title, "", ())
    only = own_pupils(user, course)
    names = _names([pupil for pupil in found[0].pupils if only is None or pupil in only])
    return CourseForecastPage(
        course_id=course.course_id,
        title=course.title,
        term_name=found[0].term.name,
        rows=tuple(_row(pupil, name, found[0].pupils[pupil]) for pupil, name in names.items()),
    )


def class_forecast(user: User, class_id: UUID, *, today: date) -> ClassForecastPage:
    """Read the forecasts of a class that the user leads or oversees. Raises Http404 for every other."""
    led = _class(user, class_id)
    names, found = _of_class(led, today)
    subjects = dict.fromkeys((one.short_name, one.subject_name) for one in found)
    cells: dict[tuple[UUID, str], Told] = {}
    for one in found:
        for pupil, forecast in one.pupils.items():
            cells[pupil, one.subject_name] = _tell_period(forecast)
    rows = tuple(
        ClassRow(pupil, name, tuple(cells.get((pupil, whole), NOT_HERS) for _, whole in subjects))
        for pupil, name in names.items()
    )
    return ClassForecastPage(
        class_id=led.pk,
        class_name=led.name,
        term_name=_most(found),
        subjects=tuple(subjects),
        rows=rows,
        warned=tuple(_warned(rows, found)),
    )


def pupil_forecast(user: User, class_id: UUID, pupil_id: UUID, *, today: date) -> PupilForecastPage:
    """Read one pupil's forecasts in all subjects of a class. Raises Http404 as for the class."""
    led = _class(user, class_id)
    names = _names(_members(led, today))
    if pupil_id not in names:
        raise Http404
    found = forecasts(_courses([pupil_id], led.year, today), today=today, pupils=[pupil_id])
    order = list(names)
    place = order.index(pupil_id)
    return PupilForecastPage(
        class_id=led.pk,
        class_name=led.name,
        pupil_id=pupil_id,
        name=names[pupil_id],
        term_name=_most(found),
        rows=tuple(
            _row(one.course_id, one.subject_name, one.pupils[pupil_id])
            for one in found
            if pupil_id in one.pupils
        ),
        previous=order[place - 1] if place else None,
        following=order[place + 1] if place + 1 < len(order) else None,
    )


def _class(user: User, class_id: UUID) -> SchoolClass:
    found = SchoolClass.objects.visible_to(user).filter(pk=class_id).first()
    if found is None:
        raise Http404
    return found


def _of_class(led: SchoolClass, today: date) -> tuple[dict[UUID, str], tuple[CourseForecasts, ...]]:
    members = _members(led, today)
    courses = _courses(members, led.year, today)
    return _names(members), forecasts(courses, today=today, pupils=members)


def _members(led: SchoolClass, today: date) -> list[UUID]:
    there = Membership.objects.in_force(today).filter(group__school_class=led, group__kind="class")
    return list(there.values_list("pupil", flat=True))


def _courses(pupils: list[UUID], year: int, today: date) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_COURSES, {"pupils": pupils, "year": year, "today": today})
        return [row[0] for row in cursor.fetchall()]


def _names(pupils: Iterable[UUID]) -> dict[UUID, str]:
    """Return surname and first name, in the order of lists; namesakes with what tells them apart."""
    people = list(Person.objects.filter(pk__in=list(pupils)).order_by("sort_key", "pk"))
    names = told_apart([(one.last_name, one.first_name, one.middle_name) for one in people])
    return {one.pk: name for one, (name, _) in zip(people, names, strict=True)}


def _row(key: UUID, name: str, forecast: PupilForecast) -> ForecastRow:
    return ForecastRow(key, name, _tell_period(forecast), tell(forecast.year))


def _tell_period(forecast: PupilForecast) -> Told:
    return tell(forecast.period, settled=forecast.settled)


def _most(found: Iterable[CourseForecasts]) -> str:
    """Return the name of the period that most courses are in."""
    names = [one.term.name for one in found]
    return max(sorted(set(names)), key=names.count, default="")


def _warned(rows: Iterable[ClassRow], found: Iterable[CourseForecasts]) -> Iterable[Warned]:
    named: Mapping[UUID, str] = {row.pupil_id: row.name for row in rows}
    threats: dict[UUID, list[str]] = {pupil: [] for pupil in named}
    for one in found:
        for pupil, forecast in one.pupils.items():
            words = _threat(forecast)
            if words and pupil in threats:
                threats[pupil].append(f"{one.subject_name}: {words}")
    for pupil, subjects in threats.items():
        if subjects:
            yield Warned(pupil, named[pupil], tuple(subjects))


def _threat(forecast: PupilForecast) -> str:
    told = _tell_period(forecast)
    if told.risk or forecast.settled or forecast.period is None or not told.chance:
        return told.risk
    lowest = forecast.period.chances[-1].value
    return f"«{lowest}» — {told.chance}" if told.value == lowest else ""
