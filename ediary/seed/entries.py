"""What teachers entered: works and marks, absences, homework."""

import itertools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from ediary.seed import terms, texts
from ediary.seed.lessons import moment_within
from ediary.seed.plan import FIRST_MARKED, SCALES, WORK_KINDS
from ediary.seed.world import CourseInfo, Kid, LessonInfo, Site
from journal.models import Absence, Homework, HomeworkPupil, Mark, Work, WorkKind

DENSITY = {1: 0.42, 2: 0.32, 3: 0.27}  # share of the present pupils who get a mark, by hours a week
HOMEWORK = 0.96  # share of the lessons with a task for home
LAB_SUBJECTS = {"physics", "chemistry", "biology"}
QUIET = {"talks", "orkse"}
WEIGHTS = {code: Decimal(weight) for code, _, _, weight, _ in WORK_KINDS}
SCORES = {value: Decimal(score) for value, score in SCALES["five"][1].items() if score is not None}
CHECKED_IN = 3  # days until a control work is marked


@dataclass(slots=True)
class Correction:
    """A mark that was first another: told by the history."""

    mark_id: UUID
    first: str
    at: datetime


def enter(site: Site) -> list[Correction]:
    """Fill in every recorded lesson; return the marks that were corrected after."""
    kinds = {
        row["code"]: row["id"] for row in site.heap.of(WorkKind) if row["school_id"] == site.id
    }
    pen = _Pen(site, kinds)
    for kid in site.kids:
        _fall_ill(site.rng, kid, site.now.today)
    for course in site.courses:
        for lesson in course.lessons:
            if lesson.is_recorded and not lesson.is_cancelled:
                pen.enter_lesson(lesson)
            elif lesson.controls and lesson.day > site.now.today - timedelta(days=7):
                pen.announce(lesson)
        _set_homework(site, course)
    return pen.corrections


class _Pen:
    def __init__(self, site: Site, kinds: dict[str, UUID]) -> None:
        self.site, self.kinds, self.rng = site, kinds, site.rng
        self.corrections: list[Correction] = []

    def enter_lesson(self, lesson: LessonInfo) -> None:
        present = self._attend(lesson)
        course = lesson.course
        if course.grade < FIRST_MARKED or course.scale == "none" or course.subject.code in QUIET:
            return
        if lesson.controls:
            self._control(lesson, present)
            return
        kind, share = self._kind_of(lesson)
        marked = [kid for kid in present if self.rng.random() < share] or present[:1]
        cells = self._mark(lesson, marked, kind, 1, {})
        if course.subject.marks_in_cell > 1 and self.rng.random() < 0.2:
            second = [kid for kid in present if self.rng.random() < 0.3]
            self._mark(lesson, second, "home", 2, cells)

    def announce(self, lesson: LessonInfo) -> None:
        """The schedule of tests: a control work stands before it is written."""
        if lesson.course.scale == "five" and lesson.course.grade >= FIRST_MARKED:
            self._work(lesson, "control", 1)

    def _attend(self, lesson: LessonInfo) -> list[Kid]:
        present = []
        for kid, since, until in lesson.course.group.members:
            if lesson.day < since or (until and lesson.day > until):
                continue
            code = kid.away.get(lesson.day) or self._by_chance()
            if code:
                self._absent(lesson, kid, code)
            if code in {None, "late"}:
                present.append(kid)
        return present

    def _by_chance(self) -> str | None:
        draw = self.rng.random()
        if draw < 0.004:
            return "absent"
        return "late" if draw < 0.009 else None

    def _absent(self, lesson: LessonInfo, kid: Kid, code: str) -> None:
        form = kid.form
        leader = form.teacher.user_id if form and code in {"ill", "excused"} else None
        self.site.add(
            Absence, year=terms.YEAR, lesson_id=lesson.id, pupil_id=kid.id, code=code,
            reason="семейные обстоятельства" if code == "excused" else "",
            set_by_id=leader or lesson.row["recorded_by_id"], set_at=moment_within(self.site, lesson),
        )  # fmt: skip

    def _kind_of(self, lesson: LessonInfo) -> tuple[str, float]:
        draw, subject = self.rng.random(), lesson.course.subject.code
        if subject in LAB_SUBJECTS and draw < 0.14:
            return "lab", 0.9
        if draw < 0.07:
            return "self", 0.85
        if draw < 0.11:
            return "test", 0.85
        share = DENSITY.get(lesson.course.hours, 0.22)
        if subject == "project":
            return "project", 0.05
        if draw < 0.55:
            return "answer", share * 0.7
        return ("class", share) if draw < 0.82 else ("home", share)

    def _control(self, lesson: LessonInfo, present: list[Kid]) -> None:
        due = lesson.day + timedelta(days=CHECKED_IN)
        if due > self.site.now.today:  # the teacher still checks the papers
            self._work(lesson, "control", 1)
            return
        self._mark(lesson, present, "control", 1, {}, at=terms.local(due, terms.clock(16, 30)))

    def _work(self, lesson: LessonInfo, kind: str, number: int) -> UUID:
        is_control = kind == "control"
        return self.site.add(
            Work, lesson_id=lesson.id, kind_id=self.kinds[kind], number=number, title=lesson.section[:200] if is_control else "",
            weight=WEIGHTS[kind], counts=True, minutes=40 if is_control else None,
        )  # fmt: skip

    def _mark(
        self, lesson: LessonInfo, kids: list[Kid], kind: str, number: int, cells: dict[UUID, int],
        at: datetime | None = None,
    ) -> dict[UUID, int]:  # fmt: skip
        """Write a work and its marks; `cells` counts the marks that already stand in each cell."""
        if not kids:
            return cells
        work = self._work(lesson, kind, number)
        for kid in kids:
            value = self._value(lesson.course, kid, kind)
            place = cells[kid.id] = cells.get(kid.id, 0) + 1
            moment = at or moment_within(self.site, lesson)
            if at:
                moment += timedelta(seconds=self.rng.randrange(1800))
            note = texts.comment(value, self.rng) if self.rng.random() < 0.03 else ""
            made = self.site.add(
                Mark, year=terms.YEAR, lesson_id=lesson.id, work_id=work, pupil_id=kid.id, position=place,
                value=value, score=SCORES.get(value), comment=note, rev=0,
                set_by_id=lesson.row["recorded_by_id"], set_at=moment,
            )  # fmt: skip
            if value in {"4", "5"} and self.rng.random() < 0.004:
                self.corrections.append(Correction(made, str(int(value) - 1), moment))
        return cells

    def _value(self, course: CourseInfo, kid: Kid, kind: str) -> str:
        if course.scale == "pass_fail":
            return "зач"
        strict = 0.2 if kind in {"control", "self", "test"} else -0.15
        taste = (hash_of(kid.id, course.id) - 0.5) * 0.8
        easy = 0.6 if course.subject.department in {"sport", "music", "craft"} else 0.0
        drawn = self.rng.gauss(kid.ability + taste + easy - strict, 0.62)
        return str(min(5, max(2, round(drawn))))


def hash_of(first: UUID, second: UUID) -> float:
    """How well a pupil takes to a course: the same number every time."""
    return ((first.int ^ second.int) >> 20) % 1009 / 1009


def _fall_ill(rng: Random, kid: Kid, today: date) -> None:
    """Two or three illnesses a year, a family trip now and then, never before school began."""
    spans = [
        (rng.randrange(2, 265), rng.randrange(2, 8), "ill") for _ in range(rng.randrange(1, 5))
    ]
    if rng.random() < 0.25:
        spans.append((rng.randrange(2, 265), rng.randrange(1, 4), "excused"))
    for start, length, code in spans:
        first = terms.STARTS + timedelta(days=start)
        for day in terms.days_between(first, first + timedelta(days=length - 1)):
            if day <= today:
                kid.away[day] = code


def _set_homework(site: Site, course: CourseInfo) -> None:
    if course.grade < FIRST_MARKED or course.subject.code in QUIET:
        return
    held = [lesson for lesson in course.lessons if not lesson.is_cancelled]
    for number, (lesson, following) in enumerate(itertools.pairwise(held)):
        if not lesson.is_recorded or site.rng.random() > HOMEWORK:
            continue
        text = texts.homework(course.subject.code, lesson.row["topic"], number, site.rng)
        if text is None:
            continue
        _give(site, lesson, following, text, for_all=True)
        if site.rng.random() < 0.01:
            made = _give(
                site, lesson, following, "Индивидуальное задание: карточка 2", for_all=False
            )
            kids = [
                kid
                for kid, since, until in course.group.members
                if since <= lesson.day and not until
            ]
            for kid in sorted(kids, key=lambda kid: kid.ability)[:2]:
                site.add(HomeworkPupil, homework_id=made, pupil_id=kid.id)


def _give(site: Site, lesson: LessonInfo, due: LessonInfo, text: str, *, for_all: bool) -> UUID:
    grade = lesson.course.grade
    return site.add(
        Homework, year=terms.YEAR, lesson_id=lesson.id, due_lesson_id=due.id, due_day=due.day, text=text,
        minutes=site.rng.randrange(2, 4 + grade // 3) * 5, form="in_class", for_all=for_all,
        set_by_id=lesson.row["recorded_by_id"], set_at=lesson.row["recorded_at"],
    )  # fmt: skip
