"""What the year leaves in cells: retaken works, works still owed, a work judged by criteria, opened lessons."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from ediary.seed import terms
from ediary.seed.heap import Row
from ediary.seed.world import LessonInfo, Site
from journal.models import (
    Absence,
    Criterion,
    CriterionPoints,
    Mark,
    Reopening,
    Scale,
    UnusualEdit,
    Work,
)

WINDOW = timedelta(days=14)
OWED_SINCE = timedelta(days=30)
RETAKEN_IN = timedelta(days=5)
KUZNETSOVA, ORLOV = "Кузнецова", "Орлов"
BY_POINTS = {"5": 90, "4": 70, "3": 50, "2": 0}
CRITERIA = (("Ход решения", 5), ("Вычисления", 3), ("Оформление", 2))


def extend(site: Site) -> None:
    """Add to the marks that stand. With a chance of its own: no other row changes."""
    rng = Random(f"{site.spec.code}-marking")  # noqa: S311
    lessons = {lesson.id: lesson for course in site.courses for lesson in course.lessons}
    controls = {
        row["id"] for row in site.heap.of(Work) if row["minutes"] and row["lesson_id"] in lessons
    }
    cells: dict[tuple[UUID, UUID], list[Row]] = defaultdict(list)
    for row in site.heap.of(Mark):
        if row["lesson_id"] in lessons:
            cells[row["lesson_id"], row["pupil_id"]].append(row)
    _retake(site, rng, cells, controls)
    _owe(site, rng, cells, lessons)
    _judge(site, cells, lessons)
    _open(site)


def _retake(
    site: Site, rng: Random, cells: dict[tuple[UUID, UUID], list[Row]], controls: set[UUID]
) -> None:
    """A third of the twos for control works were retaken within a week."""
    for (lesson_id, pupil_id), rows in cells.items():
        row = rows[0]
        if len(rows) > 1 or row["value"] != "2" or row["work_id"] not in controls:
            continue
        moment = row["set_at"] + RETAKEN_IN
        if rng.random() > 0.35 or moment > site.now.at:
            continue
        value = rng.choice(("3", "3", "4"))
        row["score"] = None
        site.add(
            Mark, year=terms.YEAR, lesson_id=lesson_id, work_id=row["work_id"], pupil_id=pupil_id,
            position=2, value=value, score=Decimal(value), retake=True, comment="", rev=0,
            set_by_id=row["set_by_id"], set_at=moment,
        )  # fmt: skip


def _owe(
    site: Site,
    rng: Random,
    cells: dict[tuple[UUID, UUID], list[Row]],
    lessons: dict[UUID, LessonInfo],
) -> None:
    """Who missed a control work of the last month owes it."""
    first = {row["lesson_id"]: row["id"] for row in site.heap.of(Work) if row["minutes"]}
    for row in site.heap.of(Absence):
        lesson = lessons.get(row["lesson_id"])
        if lesson is None or lesson.id not in first or row["code"] == "late":
            continue
        is_recent = site.now.today - OWED_SINCE <= lesson.day < site.now.today
        if not is_recent or cells.get((lesson.id, row["pupil_id"])) or rng.random() > 0.6:
            continue
        site.add(
            Mark, year=terms.YEAR, lesson_id=lesson.id, work_id=first[lesson.id], pupil_id=row["pupil_id"],
            position=1, value=".", score=None, due_day=lesson.day + WINDOW, comment="", rev=0,
            set_by_id=lesson.row["recorded_by_id"], set_at=row["set_at"],
        )  # fmt: skip


def _judge(
    site: Site, cells: dict[tuple[UUID, UUID], list[Row]], lessons: dict[UUID, LessonInfo]
) -> None:
    """The last control work of the teacher of the demo, by three criteria."""
    for scale in site.heap.of(Scale):
        if scale["school_id"] == site.id and scale["code"] == "five":
            scale["by_points"] = BY_POINTS
    marked = {lesson for lesson, _ in cells}
    works = [
        (lessons[row["lesson_id"]], row["id"])
        for row in site.heap.of(Work)
        if row["minutes"] and row["lesson_id"] in marked and row["lesson_id"] in lessons
    ]
    own = [pair for pair in works if pair[0].course.teacher.name.last == KUZNETSOVA]
    if not own:
        return
    lesson, work = max(own, key=lambda pair: (pair[0].day, str(pair[1])))
    made = [
        (site.add(Criterion, work_id=work, number=number, name=name, maximum=most), most)
        for number, (name, most) in enumerate(CRITERIA, start=1)
    ]
    shares = {"5": 1.0, "4": 0.8, "3": 0.6, "2": 0.3}
    for (lesson_id, pupil_id), rows in cells.items():
        share = shares.get(rows[0]["value"])
        if lesson_id != lesson.id or share is None:
            continue
        for criterion, most in made:
            site.add(
                CriterionPoints, criterion_id=criterion, pupil_id=pupil_id, points=round(most * share),
                set_by_id=rows[0]["set_by_id"], set_at=rows[0]["set_at"],
            )  # fmt: skip


def _open(site: Site) -> None:
    """A lesson that is asked for, one that is open, and edits that were unusual."""
    deputy = site.office.get("deputy_head")
    if deputy is None:
        return
    locked = [
        lesson
        for course in site.courses
        for lesson in course.lessons
        if lesson.is_recorded
        and site.now.today - timedelta(days=20) <= lesson.day < site.now.today - WINDOW
    ]
    asked, opened = (_last(locked, name) for name in (KUZNETSOVA, ORLOV))
    yesterday = site.now.at - timedelta(days=1)
    if asked:
        site.add(
            Reopening, lesson_id=asked.id, person_id=asked.course.teacher.id, asked_at=yesterday,
            asked_reason="Двое писали контрольную позже, отметки не успела внести в срок.",
        )  # fmt: skip
        _note(site, asked, "night", terms.local(yesterday.date(), terms.clock(23, 41)), count=3)
    if opened:
        site.add(
            Reopening, lesson_id=opened.id, person_id=opened.course.teacher.id,
            asked_at=yesterday - timedelta(hours=3), asked_reason="Перепутал строки при переносе отметок.",
            decided_by_id=deputy.user_id, decided_at=yesterday, until=site.now.at + timedelta(days=3),
            reason="Объяснительная от учителя",
        )  # fmt: skip
        _note(site, opened, "new_device", yesterday - timedelta(days=2), count=1)


def _last(lessons: list[LessonInfo], teacher: str) -> LessonInfo | None:
    own = [lesson for lesson in lessons if lesson.course.teacher.name.last == teacher]
    return max(own, key=lambda lesson: (lesson.day, str(lesson.id)), default=None)


def _note(site: Site, lesson: LessonInfo, kind: str, at: datetime, *, count: int) -> None:
    site.add(
        UnusualEdit, year=terms.YEAR, course_id=lesson.course.id, user_id=lesson.course.teacher.user_id,
        kind=kind, at=at, count=count,
    )  # fmt: skip
