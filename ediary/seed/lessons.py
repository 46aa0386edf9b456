"""Dated lessons of the whole year by the timetable, held in sittings."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from psycopg.types.range import TimestamptzRange

from ediary.seed import terms, texts
from ediary.seed.courses import number_of
from ediary.seed.heap import Row
from ediary.seed.world import CourseInfo, LessonInfo, Plan, Site, Teacher
from school.models import DayStatus, Lesson, Sitting

UNFILLED_DAYS = 4  # so many days back some lessons are not filled in yet


def hold_lessons(site: Site) -> None:
    """Write the sittings and lessons of the year with their topics."""
    places = [
        (day, number_of(day, position), plan)
        for plan in site.plans
        for day, position in plan.places
    ]
    places.sort(key=lambda place: place[:2])
    for day in terms.days_between(terms.STARTS, site.now.until):
        for weekday, number, plan in places:
            if weekday == day.weekday():
                _sit(site, plan, day, number)
    for course in site.courses:
        _name_topics(course)
    _keep_apart(site)
    _fill_in(site)


def _sit(site: Site, plan: Plan, day: date, number: int) -> None:
    for teacher, courses in plan.sittings:
        held = [
            course for course in courses
            if terms.is_teaching_day(day, course.grade)
            and number - (day.isoweekday() == 1) <= terms.lessons_in_day(day, course.grade)
        ]  # fmt: skip
        if held:
            sit(site, teacher, held, day, number)


def sit(site: Site, teacher: Teacher, courses: list[CourseInfo], day: date, number: int) -> Row:
    """Write one sitting with a lesson of each of the courses."""
    starts_at, ends_at = terms.bells_of(day)[number]
    starts, ends = terms.local(day, starts_at), terms.local(day, ends_at)
    if all(course.grade == 1 for course in courses):
        ends = min(ends, starts + timedelta(minutes=terms.minutes_of_lesson(day, 1)))
    made = site.add(
        Sitting, day=day, number=number, during=TimestamptzRange(starts, ends), teacher_id=teacher.id,
        room_id=teacher.room_id, cancelled=False,
    )  # fmt: skip
    row = site.heap.of(Sitting)[-1]
    site.sittings.append(row)
    for course in courses:
        lesson = site.add(
            Lesson, year=terms.YEAR, course_id=course.id, sitting_id=made, day=day, number=number,
            status="planned", form="in_class", kind="ordinary", topic="",
        )  # fmt: skip
        course.lessons.append(
            LessonInfo(lesson, course, site.heap.of(Lesson)[-1], row, day, number, starts, ends)
        )
    return row


def _name_topics(course: CourseInfo) -> None:
    """Topics for the year, and a control work about every fifth week."""
    topics = texts.topics(course.subject.code, course.grade, len(course.lessons) or 1)
    for lesson, topic in zip(course.lessons, topics, strict=False):
        lesson.row["topic"] = topic
        lesson.row["kind"] = _kind(topic)


def _kind(topic: str) -> str:
    if ":" not in topic:
        return "new"
    return "review" if topic.endswith("обобщение") else "practice"


def _keep_apart(site: Site) -> None:
    """Set control works: one a day in a form, neither first nor last, 17 days apart in a subject."""
    taken: set[tuple[str, date]] = set()
    for course in site.courses:
        if course.scale != "five" or course.subject.code in {
            "sport",
            "music",
            "art",
            "craft",
            "safety",
        }:
            continue
        last = terms.STARTS - timedelta(days=5)
        gap = timedelta(days=max(24, 70 // course.hours))
        for lesson in course.lessons:
            keys = [(form, lesson.day) for form in course.group.forms]
            is_edge = lesson.number in {1, 2} or lesson.number > 5
            if (
                lesson.day - last < gap
                or not taken.isdisjoint(keys)
                or (is_edge and course.hours > 1)
            ):
                continue
            lesson.controls = True
            lesson.row["kind"] = "control"
            lesson.section = lesson.row["topic"].split(":")[0]
            lesson.row["topic"] = texts.CONTROL.format(texts.inner(lesson.section))
            taken.update(keys)
            last = lesson.day


def _fill_in(site: Site) -> None:
    """Lessons up to the moment are held and recorded; a few of the last days still wait."""
    for course in site.courses:
        is_slow = site.rng.random() < 0.3
        for lesson in course.lessons:
            if lesson.ends > site.now.at:
                break
            recent = (site.now.today - lesson.day).days <= UNFILLED_DAYS
            if recent and is_slow and site.rng.random() < 0.45:
                continue
            record(site, lesson, course.teacher)


def record(site: Site, lesson: LessonInfo, teacher: Teacher) -> None:
    """Mark the lesson as held and recorded on its day by the teacher."""
    late = timedelta(minutes=site.rng.randrange(3, 110))
    lesson.is_recorded = True
    lesson.row.update(
        status="held",
        recorded_by_id=teacher.user_id,
        recorded_at=min(lesson.ends + late, site.now.at),
    )


def lessons_of(site: Site) -> Iterator[LessonInfo]:
    for course in site.courses:
        yield from course.lessons


def cancel(lesson: LessonInfo) -> None:
    """Cancel the lesson (and its sitting, the caller cancels the others in it)."""
    lesson.row.update(status="cancelled", recorded_by_id=None, recorded_at=None)
    lesson.sitting["cancelled"] = True
    lesson.is_recorded = False


def add_day_status(site: Site, day: date, kind: str, note: str, form_id: object = None) -> None:
    site.add(DayStatus, day=day, school_class_id=form_id, kind=kind, note=note)


def moment_within(site: Site, lesson: LessonInfo) -> datetime:
    """A moment of the lesson when the teacher put a mark."""
    return lesson.starts + timedelta(
        minutes=site.rng.randrange(4, 40), seconds=site.rng.randrange(60)
    )
