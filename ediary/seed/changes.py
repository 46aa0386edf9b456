"""What went otherwise than the timetable: substitutions, moves, cancelled and distance days."""

from datetime import date, timedelta
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from ediary.seed import terms
from ediary.seed.lessons import add_day_status, cancel, lessons_of, record
from ediary.seed.world import LessonInfo, Site, Teacher
from school.models import LessonChange

Place = tuple[date, int]

# First day, how many days, why: one teacher each.
ILLNESSES = (
    (date(2026, 9, 14), 3, "больничный лист"), (date(2026, 10, 6), 4, "больничный лист"),
    (date(2026, 10, 19), 2, "курсы повышения квалификации"), (date(2026, 11, 11), 3, "больничный лист"),
    (date(2026, 11, 19), 8, "больничный лист"), (date(2026, 12, 8), 3, "больничный лист"),
    (date(2027, 2, 2), 4, "больничный лист"), (date(2027, 4, 12), 3, "больничный лист"),
)  # fmt: skip
OF_CAST = 4  # this illness, at the demo's moment, is of a teacher of the cast's class
MOVES = (
    date(2026, 9, 24),
    date(2026, 10, 15),
    date(2026, 11, 18),
    date(2026, 11, 25),
    date(2027, 1, 21),
)
CAST_MOVES = date(2026, 11, 18)  # from here on a lesson of 7А is moved, if it can be
FROST = "Мороз ниже 25 градусов: 1-4 классы не учатся"
# Day, its status, why, from which lesson on, up to which grade.
CANCELLED = (
    (date(2026, 10, 12), "ordinary", "Авария водопровода: уроки с пятого отменены", 5, 11),
    (date(2027, 1, 20), "frost", FROST, 1, 4),
    (date(2027, 1, 21), "frost", FROST, 1, 4),
)
ANNOUNCED_AHEAD = timedelta(days=7)


def change_lessons(site: Site) -> None:
    """Write what is known by the moment: up to a week ahead."""
    known = site.now.today + ANNOUNCED_AHEAD
    busy = {(row["teacher_id"], row["day"], row["number"]) for row in site.sittings}
    by_teacher: dict[UUID, list[LessonInfo]] = {}
    for lesson in lessons_of(site):
        by_teacher.setdefault(lesson.sitting["teacher_id"], []).append(lesson)
    _cancel_days(site, known)
    _distance(site, known)
    candidates = [
        t for t in site.teachers if t is not site.office.get("admin") and t.name.last != "Кузнецова"
    ]
    for number, (first, days, reason) in enumerate(ILLNESSES):
        if first <= known:
            absent = candidates[(number * 5 + 3) % len(candidates)]
            if number == OF_CAST:
                absent = _teacher_of_cast(site) or absent
            last = min(first + timedelta(days=days - 1), known)
            _substitute(site, absent, by_teacher.get(absent.id, []), (first, last), reason, busy)
    for number, day in enumerate(MOVES):
        if day <= known:
            _move(site, day, number, busy)


def _teacher_of_cast(site: Site) -> Teacher | None:
    """Whoever teaches history in 7А: the family of the cast meets a substitution."""
    return next(
        (c.teacher for c in site.courses if c.group.name == "7А" and c.subject.code == "history"),
        None,
    )


def _made(site: Site, day: date) -> dict[str, object]:
    """Who entered the change and when: the deputy head, the evening before."""
    at = terms.local(day - timedelta(days=1), terms.clock(16, 10))
    return {"made_by_id": site.office_user("deputy_head"), "made_at": min(at, site.now.at)}


def _substitute(
    site: Site, absent: Teacher, lessons: list[LessonInfo], span: terms.Span, reason: str,
    busy: set[tuple[UUID, date, int]],
) -> None:  # fmt: skip
    done: dict[UUID, Teacher | None] = {}
    for lesson in sorted(lessons, key=lambda lesson: (lesson.day, lesson.number, lesson.id)):
        if not span[0] <= lesson.day <= span[1] or lesson.is_cancelled:
            continue
        sitting = lesson.sitting
        if sitting["id"] not in done:
            done[sitting["id"]] = _free(site, absent, lesson, busy)
        substitute = done[sitting["id"]]
        if substitute is None:
            cancel(lesson)
            site.add(LessonChange, lesson_id=lesson.id, kind="cancelled", absent_teacher_id=absent.id,
                     reason=reason, **_made(site, lesson.day))  # fmt: skip
            continue
        sitting["teacher_id"] = substitute.id
        if lesson.is_recorded:
            record(site, lesson, substitute)
        site.add(LessonChange, lesson_id=lesson.id, kind="substituted", absent_teacher_id=absent.id,
                 substitute_id=substitute.id, reason=reason, **_made(site, lesson.day))  # fmt: skip


def _free(
    site: Site, absent: Teacher, lesson: LessonInfo, busy: set[tuple[UUID, date, int]]
) -> Teacher | None:
    """Return a free colleague, of the same department if there is one."""
    free = [
        teacher for teacher in site.teachers
        if teacher is not absent and (teacher.id, lesson.day, lesson.number) not in busy
    ]  # fmt: skip
    if not free:
        return None
    chosen = max(
        free, key=lambda t: (bool(set(t.departments) & set(absent.departments)), -t.load, -t.number)
    )
    busy.add((chosen.id, lesson.day, lesson.number))
    return chosen


def _move(site: Site, day: date, number: int, busy: set[tuple[UUID, date, int]]) -> None:
    """Move a lesson to the end of another day of the same week, where form and teacher are free."""
    if site.spec.is_village:
        return
    target = day + timedelta(days=1 if day.isoweekday() < 5 else -1)
    ends = _ends_of(site, target)
    for lesson in _movable(site, day)[number * 7 * (day < CAST_MOVES) :]:
        place = ends.get(lesson.course.group.name, 0) + 1
        if not 3 <= place <= 8 or (lesson.sitting["teacher_id"], target, place) in busy:
            continue
        site.add(
            LessonChange, lesson_id=lesson.id, kind="moved", from_day=lesson.day, from_number=lesson.number,
            reason="участие в олимпиаде", **_made(site, day),
        )  # fmt: skip
        _put(lesson, target, place, busy)
        if lesson.ends <= site.now.at:
            record(site, lesson, lesson.course.teacher)
        else:
            lesson.is_recorded = False
            lesson.row.update(status="planned", recorded_by_id=None, recorded_at=None)
        lesson.course.lessons.sort(key=lambda other: (other.day, other.number))
        return


def _ends_of(site: Site, day: date) -> dict[str, int]:
    """The number of every form's last lesson of the day."""
    found: dict[str, int] = {}
    for lesson in lessons_of(site):
        if lesson.day == day:
            for form in lesson.course.group.forms:
                found[form] = max(found.get(form, 0), lesson.number)
    return found


def _movable(site: Site, day: date) -> list[LessonInfo]:
    """Lessons of whole forms on the day; later in the year those of the cast's class first."""
    found = [
        lesson for lesson in lessons_of(site)
        if lesson.day == day and lesson.course.group.is_whole and not lesson.is_cancelled
        and lesson.course.subject.code not in {"talks", "sport"}
    ]  # fmt: skip
    if day >= CAST_MOVES:
        found.sort(key=lambda lesson: lesson.course.group.name != "7А")
    return found


def _put(lesson: LessonInfo, day: date, number: int, busy: set[tuple[UUID, date, int]]) -> None:
    starts_at, ends_at = terms.bells_of(day)[number]
    lesson.starts, lesson.ends = terms.local(day, starts_at), terms.local(day, ends_at)
    lesson.day = lesson.row["day"] = lesson.sitting["day"] = day
    lesson.number = lesson.row["number"] = lesson.sitting["number"] = number
    lesson.sitting["during"] = TimestamptzRange(lesson.starts, lesson.ends)
    busy.add((lesson.sitting["teacher_id"], day, number))


def _cancel_days(site: Site, known: date) -> None:
    for day, kind, note, first_number, last_grade in CANCELLED:
        if day > known:
            continue
        for form in site.forms:
            if kind == "frost" and form.grade <= last_grade:
                add_day_status(site, day, kind, note, form.id)
        for lesson in lessons_of(site):
            if (
                lesson.day == day
                and lesson.number >= first_number
                and lesson.course.grade <= last_grade
            ):
                cancel(lesson)
                site.add(
                    LessonChange,
                    lesson_id=lesson.id,
                    kind="cancelled",
                    reason=note,
                    **_made(site, day),
                )


def _distance(site: Site, known: date) -> None:
    """A quarantine: one form learns at a distance for a week."""
    wanted = [form for form in site.forms if form.grade in {3, 6}]
    for form, first in zip(wanted[-1:], (date(2026, 11, 9),), strict=False):
        for day in terms.days_between(first, first + timedelta(days=4)):
            if day > known or site.spec.is_village:
                continue
            add_day_status(site, day, "distance", "Карантин: класс учится дистанционно", form.id)
            for lesson in lessons_of(site):
                if lesson.day == day and form.name in lesson.course.group.forms:
                    lesson.row["form"] = "distance"
