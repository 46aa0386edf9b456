"""The school year, its lists, and the forms (classes) with their teachers and groups."""

from datetime import date

from common.sorting import sort_key
from ediary.seed import terms, texts
from ediary.seed.persons import add_role
from ediary.seed.plan import ALL_SUBJECTS, SCALES, WORK_KINDS
from ediary.seed.world import Form, Kid, Site, Teacher
from journal.models import Scale, WorkKind
from school.models import (
    BellSchedule,
    BellSlot,
    ClassTeacher,
    Membership,
    Period,
    SchoolClass,
    SchoolYear,
    SpecialDay,
    StudyGroup,
    Subject,
    Vacation,
)

PERIODS = {"quarter": terms.QUARTERS, "trimester": terms.TRIMESTERS}


def lay_out_year(site: Site) -> None:
    """Write the year, its periods, vacations, days off and bells."""
    site.add(SchoolYear, year=terms.YEAR, starts=terms.STARTS, ends=terms.ENDS, week_days=5)
    kind = site.spec.period_kind
    _periods(site, kind, PERIODS[kind], 1, 9)
    if max(grade for grade, _ in site.spec.forms) > 9:
        _periods(site, "half_year", terms.HALF_YEARS, 10, 11)
    for name, starts, ends, first, last in terms.VACATIONS:
        site.add(
            Vacation,
            year=terms.YEAR,
            name=name,
            starts=starts,
            ends=ends,
            grade_from=first,
            grade_to=last,
        )
    for day, day_kind, name in terms.SPECIAL_DAYS:
        site.add(SpecialDay, day=day, kind=day_kind, name=name)
    for name, weekdays, bells in (
        ("Понедельник", [1], terms.MONDAY_BELLS), ("Вторник — пятница", [2, 3, 4, 5], terms.BELLS),
    ):  # fmt: skip
        schedule = site.add(BellSchedule, year=terms.YEAR, name=name, weekdays=weekdays)
        for number, (starts_at, ends_at) in bells.items():
            site.add(BellSlot, schedule_id=schedule, number=number, starts=starts_at, ends=ends_at)


def _periods(site: Site, kind: str, spans: tuple[terms.Span, ...], first: int, last: int) -> None:
    for number, (starts, ends) in enumerate(spans, start=1):
        site.add(Period, year=terms.YEAR, kind=kind, number=number, starts=starts, ends=ends,
                 grade_from=first, grade_to=last)  # fmt: skip
        site.periods.append(site.heap.of(Period)[-1])


def lay_out_lists(site: Site) -> None:
    """Write subjects, scales and kinds of work."""
    for subject in ALL_SUBJECTS:
        site.subjects[subject.code] = site.add(
            Subject, name=subject.name, short_name=subject.short, sort_key=sort_key(subject.name),
            marks_in_cell=2 if subject.marks_in_cell > 1 else 1,
            sets_homework=texts.sets_homework(subject.code),
        )  # fmt: skip
    for code, (name, values) in SCALES.items():
        site.add(Scale, code=code, name=name, values=values, since=terms.STARTS)
    for code, name, letter, weight, is_control in WORK_KINDS:
        site.add(WorkKind, code=code, name=name, letter=letter, weight=weight, is_control=is_control,
                 since=terms.STARTS)  # fmt: skip


def open_forms(site: Site) -> None:
    """Make the forms: the first grades go to the primary teachers, the others to those who teach them."""
    primary = [teacher for teacher in site.teachers if "form" in teacher.departments]
    others = [teacher for teacher in site.teachers if "form" not in teacher.departments]
    leader = next((t for t in others if site.spec.with_cast and t.name.last == "Орлов"), None)
    named = next((t for t in others if site.spec.with_cast and t.name.last == "Кузнецова"), None)
    free = [teacher for teacher in others if teacher not in {leader, named}]
    site.rng.shuffle(free)
    young = 0
    for number, (grade, letter) in enumerate(site.spec.forms):
        if grade <= 4:
            teacher = primary[young % len(primary)]
            young += 1
        elif leader and (grade, letter) == (7, "А"):
            teacher = leader
        else:
            teacher = free[number % len(free)]
        _open_form(site, number, grade, letter, teacher)


def _open_form(site: Site, number: int, grade: int, letter: str, teacher: Teacher) -> None:
    form = Form(site.heap.ids.new(), number, grade, letter, site.heap.ids.new(), teacher)
    site.add(
        SchoolClass,
        id=form.id,
        year=terms.YEAR,
        grade_level=grade,
        letter=letter,
        sort_key=sort_key(letter),
    )
    site.add(StudyGroup, id=form.group_id, year=terms.YEAR, kind="class", name=form.name, school_class_id=form.id,
             grade_level=grade)  # fmt: skip
    site.add(ClassTeacher, school_class_id=form.id, person_id=teacher.id, since=terms.STARTS)
    if teacher.form is None:
        add_role(site, teacher, "class_teacher")
    teacher.form = form
    site.forms.append(form)


def seat(site: Site) -> None:
    """Write who is in which form, from when until when."""
    for form in site.forms:
        for kid in form.kids:
            add_membership(site, form.group_id, kid, *kid.span)
        for kid, since, until in form.gone:
            add_membership(site, form.group_id, kid, since, until)


def add_membership(
    site: Site, group: object, kid: Kid, since: date, until: date | None = None
) -> None:
    site.add(Membership, group_id=group, pupil_id=kid.id, since=since, until=until)
