"""Courses: who teaches what to which group, and the week's timetable of them."""

from collections.abc import Iterable
from datetime import date
from random import Random

from ediary.seed import terms
from ediary.seed.forms import add_membership
from ediary.seed.plan import (
    CHAINS,
    GERMAN,
    JOINT_BASIC,
    JOINT_PRIMARY,
    JOINT_SUBJECTS,
    LONGEST_DAY,
    STREAMS,
    SUBJECTS,
    TALKS,
    Subject,
)
from ediary.seed.timetable import NoTimetable, Unit, day_lengths, solve
from ediary.seed.world import CourseInfo, Form, Group, Kid, Plan, Site, Teacher
from school.models import Course, CourseTeacher, Curriculum, StudyGroup, TimetableEntry

SECOND_MONTH = date(2026, 11, 2)  # the first grade gets its fourth lesson
Members = list[tuple[Kid, date, date | None]]


class Teaching:
    """Gives out lessons evenly; subjects of one chain in a form stay with one teacher."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._chosen: dict[tuple[int, str], Teacher] = {}

    def of(
        self, form: Form, subject: Subject, hours: int, *, apart: Teacher | None = None
    ) -> Teacher:
        """Return who teaches the subject in the form; `apart`: somebody else, at the same time."""
        department = subject.department
        if form.grade <= 4 and subject.primary == "form":
            found = form.teacher
        else:
            found = self._from(form, subject, department, apart)
        found.load += hours
        return found

    def _from(
        self, form: Form, subject: Subject, department: str, apart: Teacher | None
    ) -> Teacher:
        chain = next((chain[0] for chain in CHAINS if subject.code in chain), None)
        if chain and (form.number, chain) in self._chosen:
            return self._chosen[form.number, chain]
        able = [t for t in self.site.teachers if department in t.departments and t is not apart]
        if not able:
            raise NoTimetable(f"nobody teaches {subject.code}")
        best = min(
            able,
            key=lambda t: (t.load - 6 * (t is form.teacher) - 90 * _is_cast(form, t), t.number),
        )
        if chain:
            self._chosen[form.number, chain] = best
        return best


def _is_cast(form: Form, teacher: Teacher) -> bool:
    """Мария Петровна teaches mathematics in 7А, Иван Сергеевич physics."""
    return form.name == "7А" and teacher.name.last in {"Кузнецова", "Орлов"}


def plan_courses(site: Site) -> None:
    """Make every course and the units of the timetable."""
    teaching = Teaching(site)
    norm = min(25, sum(site.spec.sizes) // len(site.spec.sizes))
    pairs = _joint_pairs(site)
    by_form: dict[tuple[int, str], CourseInfo] = {}
    for form in site.forms:
        for subject in SUBJECTS:
            hours = subject.hours[form.grade - 1]
            if not hours:
                continue
            splits = subject.split and form.grade >= subject.split_from and not site.spec.is_village
            if splits and len(form.kids) >= norm:
                _split(site, teaching, form, subject, hours)
            elif (form.number, subject.code) not in pairs:
                teacher = teaching.of(form, subject, hours)
                course = add_course(site, class_group(form), subject, teacher, hours, form)
                by_form[form.number, subject.code] = course
                _plan(site, [form], [(teacher, [course])], hours, subject)
    for (number, code), partner in pairs.items():
        if number < partner:
            _join(site, teaching, site.forms[number], site.forms[partner], code)
    _streams(site)
    _individual(site)
    _talks(site)


def class_group(form: Form) -> Group:
    members: Members = [(kid, *kid.span) for kid in form.kids] + [*form.gone]
    return Group(form.group_id, form.name, form.grade, members, (form.name,))


def add_course(
    site: Site,
    group: Group,
    subject: Subject,
    teacher: Teacher,
    hours: int,
    form: Form,
    kind: str = "lesson",
) -> CourseInfo:
    scale = "none" if form.grade == 1 else subject.scale
    made = site.add(
        Course, year=terms.YEAR, group_id=group.id, subject_id=site.subjects[subject.code], kind=kind,
        hours_per_week=hours, in_averages=scale == "five" and kind == "lesson", scale_code=scale,
    )  # fmt: skip
    site.add(CourseTeacher, course_id=made, person_id=teacher.id, since=terms.STARTS)
    if kind == "lesson":
        weeks = 33 if form.grade == 1 else 34
        site.add(Curriculum, year=terms.YEAR, group_id=group.id, subject_id=site.subjects[subject.code],
                 hours_per_week=hours, hours_per_year=hours * weeks)  # fmt: skip
    course = CourseInfo(made, subject, group, form.grade, teacher, hours, scale)
    site.courses.append(course)
    return course


def _plan(
    site: Site, forms: Iterable[Form], sittings: list[tuple[Teacher, list[CourseInfo]]], hours: int,
    subject: Subject, *, last_only: bool = False,
) -> None:  # fmt: skip
    unit = Unit(
        forms=tuple(form.number for form in forms), teachers=tuple(teacher.number for teacher, _ in sittings),
        hours=hours, subject=subject.code, last_only=last_only,
    )  # fmt: skip
    site.plans.append(Plan(unit, sittings))


def _split(site: Site, teaching: Teaching, form: Form, subject: Subject, hours: int) -> None:
    """Two subgroups at the same time with two teachers."""
    first = teaching.of(form, subject, hours)
    second = teaching.of(form, subject, hours, apart=first)
    made = []
    for number, (kids, teacher) in enumerate(
        zip(_parts(form, subject), (first, second), strict=True), 1
    ):
        name = f"{form.name}, {subject.short.lower()}, {number}-я группа"
        group = add_group(site, "subgroup", name, form.grade, kids, form=form)
        made.append((teacher, [add_course(site, group, subject, teacher, hours, form)]))
    _plan(site, [form], made, hours, subject)


def _parts(form: Form, subject: Subject) -> tuple[list[Kid], list[Kid]]:
    if subject.split == "sexes":
        parts = ([k for k in form.kids if k.sex == "m"], [k for k in form.kids if k.sex == "f"])
        if min(map(len, parts)) >= 4:
            return parts
    middle = (len(form.kids) + 1) // 2
    return form.kids[:middle], form.kids[middle:]


def add_group(
    site: Site, kind: str, name: str, grade: int, kids: list[Kid], *, form: Form | None = None
) -> Group:
    forms = (form.name,) if form else tuple(sorted({kid.form.name for kid in kids if kid.form}))
    made = site.add(StudyGroup, year=terms.YEAR, kind=kind, name=name, school_class_id=form.id if form else None,
                    grade_level=grade)  # fmt: skip
    members: Members = [(kid, *kid.span) for kid in kids]
    for kid, since, until in members:
        add_membership(site, made, kid, since, until)
    return Group(made, name, grade, members, forms)


def _joint_pairs(site: Site) -> dict[tuple[int, str], int]:
    """Which (form, subject) is taught together with which other form (класс-комплект)."""
    if not site.spec.is_village:
        return {}
    at = {form.grade: form.number for form in site.forms}
    found: dict[tuple[int, str], int] = {}
    for pairs, is_primary in ((JOINT_PRIMARY, True), (JOINT_BASIC, False)):
        for low, high in pairs:
            if low not in at or high not in at:
                continue
            for subject in SUBJECTS:
                both = min(subject.hours[low - 1], subject.hours[high - 1])
                if both and (is_primary or subject.code in JOINT_SUBJECTS):
                    found[at[low], subject.code] = at[high]
                    found[at[high], subject.code] = at[low]
    return found


def _join(site: Site, teaching: Teaching, low: Form, high: Form, code: str) -> None:
    """One teacher, two grades in one room; hours beyond the shared ones are the grade's own."""
    subject = next(subject for subject in SUBJECTS if subject.code == code)
    hours = [subject.hours[form.grade - 1] for form in (low, high)]
    shared = min(hours)
    teacher = teaching.of(low, subject, max(hours))
    courses = [
        add_course(site, class_group(form), subject, teacher, own, form)
        for form, own in zip((low, high), hours, strict=True)
    ]
    _plan(site, [low, high], [(teacher, courses)], shared, subject)
    for form, course, own in zip((low, high), courses, hours, strict=True):
        if own > shared:
            _plan(site, [form], [(teacher, [course])], own - shared, subject)


def _streams(site: Site) -> None:
    """Both forms of the tenth (eleventh) grade choose one of two advanced courses."""
    for grade in (10, 11):
        forms = [form for form in site.forms if form.grade == grade]
        if not forms:
            continue
        kids = [kid for form in forms for kid in form.kids]
        teachers: list[Teacher] = []
        made = []
        for number, subject in enumerate(STREAMS):
            able = [
                t
                for t in site.teachers
                if subject.department in t.departments and t not in teachers
            ]
            teacher = min(able, key=lambda t: (t.load, t.number))
            teachers.append(teacher)
            teacher.load += 2
            group = add_group(
                site, "stream", f"{grade} поток: {subject.short}", grade, kids[number::2]
            )
            made.append((teacher, [add_course(site, group, subject, teacher, 2, forms[0])]))
        _plan(site, forms, made, 2, STREAMS[0])


def _individual(site: Site) -> None:
    """One pupil learns a second foreign language by an individual plan, after the form's lessons."""
    if site.spec.is_village:
        return
    wanted = [form for form in site.forms if form.grade in {8, 9}] or site.forms[-1:]
    form = wanted[-1]
    if form.grade < FIRST_INDIVIDUAL:
        return
    kid = form.kids[len(form.kids) // 2]
    able = [teacher for teacher in site.teachers if "english" in teacher.departments]
    teacher = min(able, key=lambda t: (t.load, t.number))
    teacher.load += 1
    group = add_group(
        site, "individual", f"{form.name}: {kid.name.last}", form.grade, [kid], form=form
    )
    course = add_course(site, group, GERMAN, teacher, 1, form)
    _plan(site, [form], [(teacher, [course])], 1, GERMAN, last_only=True)
    site.cast["individual"] = kid


FIRST_INDIVIDUAL = 5


def _talks(site: Site) -> None:
    """«Разговоры о важном»: Monday's first half hour, the form's teacher with the form."""
    seen: dict[int, Plan] = {}
    for form in site.forms:
        course = add_course(
            site, class_group(form), TALKS, form.teacher, 1, form, "extracurricular"
        )
        joint = seen.get(form.teacher.number)
        if joint:
            joint.sittings[0][1].append(course)
            continue
        unit = Unit((form.number,), (form.teacher.number,), 0, TALKS.code)
        seen[form.teacher.number] = Plan(unit, [(form.teacher, [course])], [(0, -1)])
    site.plans.extend(seen.values())


def draw_timetable(site: Site) -> None:
    """Find the week's timetable and write it."""
    wanted = [plan for plan in site.plans if plan.unit.hours]
    for attempt in range(5):
        rng = Random(f"{site.spec.code}-{attempt}")  # noqa: S311
        try:
            found = solve([plan.unit for plan in wanted], _lengths(site, wanted, rng), rng)
            break
        except NoTimetable:
            continue
    else:
        raise NoTimetable(site.spec.code)
    for plan, places in zip(wanted, found, strict=True):
        plan.places = places
    for plan in site.plans:
        _write(site, plan)


def _lengths(site: Site, plans: list[Plan], rng: Random) -> list[list[int]]:
    """How many lessons every form has on every day; joint forms differ as little as they can."""
    hours = [0] * len(site.forms)
    for plan in plans:
        for number in plan.unit.forms:
            hours[number] += plan.unit.hours
    seeds: dict[int, float] = {}
    made = []
    for form in site.forms:
        key = form.grade % 2 if site.spec.is_village and form.grade <= 4 else form.number + 10
        if site.spec.is_village and form.grade in {5, 6, 7, 8}:
            key = 4 + (form.grade + 1) // 2
        seed = seeds.setdefault(key, rng.random())
        made.append(day_lengths(hours[form.number], LONGEST_DAY[form.grade - 1] + 1, Random(seed)))  # noqa: S311
    return made


def _write(site: Site, plan: Plan) -> None:
    for day, position in plan.places:
        number = number_of(day, position)
        for teacher, courses in plan.sittings:
            for course in courses:
                late = course.grade == 1 and number - (day == 0) > 3
                site.add(
                    TimetableEntry, course_id=course.id, weekday=day + 1, number=number, room_id=teacher.room_id,
                    teacher_id=teacher.id, since=SECOND_MONTH if late else terms.STARTS,
                )  # fmt: skip


def number_of(day: int, position: int) -> int:
    """Return the lesson's number in the day: Monday's first is «Разговоры о важном»."""
    return position + (2 if day == 0 else 1)
