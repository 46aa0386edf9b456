"""What the deputy head remarked, and what the weekly check found in the night to Monday."""

from datetime import timedelta

from common.weeks import monday_of
from ediary.seed import terms
from ediary.seed.world import LessonInfo, Site
from journal.models import Remark

TERM = timedelta(days=5)
FOUND = 12  # open remarks of the last check
IN_WORDS = (
    ("no_homework", "За неделю ни одного задания на дом. Если не задаёте — пишите «Не задано».", "Задаю устно, внесу сегодня."),
    ("other", "Даты контрольных не совпадают с графиком, сверьте.", ""),
    ("marks_overdue", "Нет отметок за контрольную, родители спрашивают.", "Работы проверены, отметки внесу завтра."),
)  # fmt: skip


def remark(site: Site) -> None:
    """Write remarks of the last weeks: found ones, the deputy's own, answered and closed."""
    deputy = site.office.get("deputy_head")
    past = [
        lesson
        for course in site.courses
        for lesson in course.lessons
        if not lesson.is_cancelled and lesson.day < site.now.today
    ]
    monday = monday_of(site.now.today - timedelta(days=3))
    checked = terms.local(monday, terms.clock(4, 30))
    empty = [lesson for lesson in past if not lesson.is_recorded and lesson.day < monday]
    for lesson in empty[:FOUND]:
        _add(site, lesson, kind="not_recorded", raised_at=checked, due_day=monday + TERM)
    recorded = [lesson for lesson in past if lesson.is_recorded]
    if deputy is None or len(recorded) < len(IN_WORDS):
        return
    own = [one for one in recorded if one.course.teacher.name.last == "Кузнецова"] or recorded
    for lesson, (kind, text, answer) in zip(own[-3:], IN_WORDS, strict=False):
        raised_at = terms.local(lesson.day, terms.clock(16))
        teacher = lesson.course.teacher
        said = {
            "answer": answer,
            "answered_by_id": teacher.user_id,
            "answered_at": raised_at + timedelta(hours=2),
        }
        _add(
            site, lesson, kind=kind, text=text, raised_at=raised_at, raised_by_id=deputy.user_id,
            due_day=lesson.day + TERM, **(said if answer else {}),
        )  # fmt: skip
    for lesson in recorded[:: max(1, len(recorded) // 8)][:8]:
        raised_at = terms.local(lesson.day + timedelta(days=3), terms.clock(4, 30))
        closed_at = raised_at + timedelta(hours=6)
        if closed_at < site.now.at:
            _add(
                site,
                lesson,
                kind="not_recorded",
                raised_at=raised_at,
                due_day=lesson.day + TERM,
                closed_at=closed_at,
            )


def _add(site: Site, lesson: LessonInfo, **values: object) -> None:
    site.add(
        Remark, year=terms.YEAR, course_id=lesson.course.id, lesson_id=lesson.id,
        teacher_id=lesson.course.teacher.id, **values,
    )  # fmt: skip
