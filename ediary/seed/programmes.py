"""Plans (КТП) of the courses, and which hour of the plan every recorded lesson gave."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from ediary.seed import terms, texts
from ediary.seed.world import CourseInfo, LessonInfo, Site, Teacher
from journal.models import CourseProgramme, LessonTopic, Programme, Topic, Unit, WorkKind

Key = tuple[object, ...]
LONGEST = 3  # hours of a topic
WRITTEN = terms.local(terms.HIRED, terms.clock(12))


@dataclass(frozen=True, slots=True)
class Hour:
    """One lesson's worth of a plan: what its lesson is called, and which hour of which topic it is."""

    text: str
    kind: str
    topic: int  # index in Outline.topics
    number: int
    controls: bool = False


@dataclass(slots=True)
class Outline:
    """A plan of one teacher for a subject and grade, followed by all her parallel courses."""

    author: Teacher
    courses: list[CourseInfo] = field(default_factory=list)
    topics: list[tuple[str, str, str, bool]] = field(
        default_factory=list
    )  # section, title, kind, control
    hours: list[Hour] = field(default_factory=list)
    gave: dict[UUID, Hour] = field(default_factory=dict)


def outline(site: Site) -> list[Outline]:
    """Make the plans of the courses and call every lesson as the plan does; cancelled ones push the rest on."""
    plans: dict[Key, Outline] = {}
    for course in site.courses:
        plan = plans.setdefault(_key(course), Outline(course.teacher))
        plan.courses.append(course)
        if not plan.hours:
            _divide(plan, course)
        _name_lessons(plan, course)
    return list(plans.values())


def _key(course: CourseInfo) -> Key:
    """Talks are planned once for a grade, everything else by each teacher."""
    who = None if course.subject.code == "talks" else course.teacher.id
    return who, course.subject.code, course.grade, course.hours


def _divide(plan: Outline, course: CourseInfo) -> None:
    """Divide the lessons of the year into topics of up to three hours."""
    weeks = 33 if course.grade == 1 else 34
    for lesson in course.lessons[: course.hours * weeks]:
        text, kind = lesson.row["topic"], lesson.row["kind"]
        section = lesson.section or text.split(":")[0]
        before = plan.hours[-1] if plan.hours else None
        if (
            before
            and ":" in text
            and not lesson.controls
            and kind != "review"
            and _goes_on(before, section)
        ):
            plan.hours.append(Hour(text, kind, before.topic, before.number + 1))
            continue
        plan.topics.append((section, text, kind, lesson.controls))
        plan.hours.append(Hour(text, kind, len(plan.topics) - 1, 1, lesson.controls))


def _goes_on(before: Hour, section: str) -> bool:
    return not before.controls and before.number < LONGEST and before.text.startswith(section)


def _name_lessons(plan: Outline, course: CourseInfo) -> None:
    """A control work stands where the schedule of tests has put it; the others take their hours in order."""
    controls = iter([hour for hour in plan.hours if hour.controls])
    ordinary = iter([hour for hour in plan.hours if not hour.controls])
    for lesson in course.lessons:
        if lesson.is_cancelled:
            lesson.row["topic"] = ""
            continue
        hour = next(controls if lesson.controls else ordinary, None)
        if hour is None:
            continue
        plan.gave[lesson.id] = hour
        if not lesson.controls:
            lesson.row.update(topic=hour.text, kind=hour.kind)


def write(site: Site, plans: list[Outline]) -> None:
    """Write the plans; the cast's teacher has her last year's plan of algebra too."""
    kinds = {row["code"]: row["id"] for row in site.heap.of(WorkKind) if row["school_id"] == site.id}  # fmt: skip
    for plan in plans:
        first = plan.courses[0]
        if site.spec.with_cast and (plan.author.name.last, first.subject.code) == (
            "Кузнецова",
            "algebra",
        ):
            _write(site, plan, kinds["control"], year=terms.YEAR - 1)
        programme, topics = _write(site, plan, kinds["control"], year=terms.YEAR)
        for course in plan.courses:
            site.add(
                CourseProgramme, course_id=course.id, programme_id=programme, set_by_id=plan.author.user_id,
                set_at=WRITTEN,
            )  # fmt: skip
            for lesson in _recorded(course):
                hour = plan.gave.get(lesson.id)
                if hour is not None:
                    site.add(
                        LessonTopic,
                        lesson_id=lesson.id,
                        topic_id=topics[hour.topic],
                        hour=hour.number,
                    )


def _recorded(course: CourseInfo) -> Iterator[LessonInfo]:
    return (one for one in course.lessons if one.is_recorded and not one.is_cancelled)


def _write(site: Site, plan: Outline, control: UUID, *, year: int) -> tuple[UUID, list[UUID]]:
    course = plan.courses[0]
    subject, grade = course.subject, course.grade
    programme = site.add(
        Programme, year=year, subject_id=site.subjects[subject.code], grade_level=grade,
        name=f"{subject.name}, {grade} класс", made_by_id=plan.author.user_id, made_at=WRITTEN,
    )  # fmt: skip
    rng = Random(f"{site.spec.code}-{subject.code}-{grade}-plan")  # noqa: S311
    units: dict[str, UUID] = {}
    topics: list[UUID] = []
    for number, (section, title, kind, controls) in enumerate(plan.topics, start=1):
        if section not in units:
            units[section] = site.add(
                Unit, programme_id=programme, number=len(units) + 1, title=section
            )
        hours = sum(hour.topic == number - 1 for hour in plan.hours)
        homework = "" if controls else texts.homework(subject.code, title, number, rng) or ""
        topics.append(
            site.add(
                Topic, programme_id=programme, unit_id=units[section], number=number, title=title, hours=hours,
                lesson_kind=kind, work_kind_id=control if controls else None, homework=homework,
            )
        )  # fmt: skip
    return programme, topics
